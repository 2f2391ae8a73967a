/* allostat run CONFIG: load, simulate, write, show. */
#include "base/text.h"
#include "base/version.h"
#include "cli/branch.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "cli/present.h"
#include "cli/progress.h"
#include "io/run_facts.h"
#include "io/store.h"
#include "io/whole_file.h"
#include "study/ensemble.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const char help[] =
    "usage: allostat run CONFIG [OPTION]...\n"
    "\n"
    "Simulate a configuration, write the result file and show a summary.\n"
    "\n"
    "  --set PATH=VALUE   change a parameter; may be given again\n"
    "  --seed N           same as --set run.seed=N\n"
    "  --replicates N     same as --set run.replicates=N\n"
    "  --threads N        threads to use; the result does not depend on it. 0, the "
    "default, takes\n"
    "                     OMP_NUM_THREADS, else SLURM_CPUS_PER_TASK, else all "
    "processors\n"
    "  --output FILE      result file; default out/<name of CONFIG>.h5\n"
    "  --force            replace the result file if it exists\n"
    "  --save-city DATE   save the city before DATE, the first of a month, into the "
    "folder\n"
    "                     FILE.DATE.city, FILE without its .h5; DATE=FOLDER chooses "
    "another\n"
    "  --from-city FOLDER go on from a saved city: what is before its day must be the "
    "same in\n"
    "                     CONFIG, and the result is that of a run from the start\n"
    "  --quiet            no progress on stderr\n"
    "  --json             show the summary as JSON\n"
    "  --help             show this\n"
    "\n"
    "SIGINT, SIGTERM and SIGUSR1 stop the run at the end of a day with exit code 75; "
    "no file is\n"
    "then written. Facts of the run (time, machine, threads) go to FILE.run.json.\n"
    "\n"
    "example: allostat run configs/vancouver.yaml --replicates 10 --output "
    "out/ten.h5\n";

typedef struct {
    const char *config;
    char output[ALLOSTAT_PATH_SIZE]; /* "" for the default */
    const char **set; /* [set_count]: those of --seed and --replicates are ours */
    int32_t set_count;
    char (*own)[ALLOSTAT_TEXT_SIZE]; /* texts behind --seed and --replicates */
    int32_t own_count;
    int32_t threads;
    bool force, quiet, json;
    allostat_cli_branch branch;
} run_options;

/* All that a run holds; freed together. */
typedef struct {
    run_options options;
    allostat_scenario scenario;
    allostat_results results;
    allostat_records *replicate;
    allostat_progress_bar bar;
    allostat_run_facts facts;
    char digest[ALLOSTAT_DIGEST_SIZE];
} run_state;

/* ---- options
 * -------------------------------------------------------------------------------- */

/* 0, or 64 after a message. */
static int add_number(run_options *options, const char *option, const char *path,
                      const char *value)
{
    char *text = options->own[options->own_count];

    if (!allostat_cli_is_whole_number(value)) {
        return allostat_cli_usage_error("run", "%s needs a whole number, not '%s'",
                                        option, value);
    }
    snprintf(text, ALLOSTAT_TEXT_SIZE, "%s=%s", path, value);
    options->own_count++;
    options->set[options->set_count++] = text;
    return 0;
}

static int set_output(run_options *options, const char *value)
{
    if (value[0] == '\0' || strlen(value) >= sizeof options->output) {
        return allostat_cli_usage_error("run", "--output needs the name of a file");
    }
    snprintf(options->output, sizeof options->output, "%s", value);
    return 0;
}

/* One option; 0, or 64 after a message. */
static int take_option(void *context, int letter)
{
    run_options *options = context;

    switch (letter) {
    case 's':
        options->set[options->set_count++] = optarg;
        return 0;
    case 'e':
        return add_number(options, "--seed", "run.seed", optarg);
    case 'r':
        return add_number(options, "--replicates", "run.replicates", optarg);
    case 't':
        return allostat_cli_read_threads("run", optarg, &options->threads);
    case 'o':
        return set_output(options, optarg);
    case 'c':
        options->branch.save_text = optarg;
        return 0;
    case 'g':
        options->branch.load_text = optarg;
        return 0;
    case 'f':
        options->force = true;
        return 0;
    case 'q':
        options->quiet = true;
        return 0;
    default: /* 'j' */
        options->json = true;
        return 0;
    }
}

/* 0 to go on, 64 after a message, -1 after --help. */
static int read_options(run_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"set", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 'e'},
        {"replicates", required_argument, NULL, 'r'},
        {"threads", required_argument, NULL, 't'},
        {"output", required_argument, NULL, 'o'},
        {"save-city", required_argument, NULL, 'c'},
        {"from-city", required_argument, NULL, 'g'},
        {"force", no_argument, NULL, 'f'},
        {"quiet", no_argument, NULL, 'q'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const int result = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, take_option, options, NULL});

    if (result != 0) return result;
    return allostat_cli_one_operand("configuration", argc, argv, &options->config);
}

/* out/<name of the configuration>.h5, and the folder out. */
static allostat_status choose_output(run_options *options, allostat_error *error)
{
    const char *slash = strrchr(options->config, '/');
    const char *name = slash == NULL ? options->config : slash + 1;
    const char *dot = strrchr(name, '.');
    const size_t length =
        dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name);

    if (options->output[0] != '\0') return ALLOSTAT_OK;
    const int written = snprintf(options->output, sizeof options->output, "out/%.*s.h5",
                                 (int)length, name);
    if (written >= (int)sizeof options->output) {
        return ALLOSTAT_FAIL(error, CANNOT_CREATE, "out/%s.h5: the name is too long",
                             name);
    }
    if (mkdir("out", 0777) != 0 && errno != EEXIST) {
        return ALLOSTAT_FAIL(error, CANNOT_CREATE, "the folder out: %s",
                             strerror(errno));
    }
    return ALLOSTAT_OK;
}

/* ---- running
 * -------------------------------------------------------------------------------- */

static const char *signal_name(int number)
{
    if (number == SIGINT) return "SIGINT";
    return number == SIGTERM ? "SIGTERM" : "SIGUSR1";
}

static allostat_status simulate(run_state *run, allostat_error *error)
{
    const allostat_params *params = &run->scenario.epochs[0].params;
    const int32_t count = (int32_t)params->run_replicates;

    run->replicate = calloc((size_t)count, sizeof *run->replicate);
    if (run->replicate == NULL) {
        return ALLOSTAT_FAIL(error, NO_MEMORY, "records of %d replicates", (int)count);
    }
    run->results =
        (allostat_results){&run->scenario, run->options.config, run->replicate, count};
    const allostat_status status = allostat_ensemble_run(
        &(allostat_ensemble){&run->scenario, run->facts.threads, allostat_progress_show,
                             &run->bar, &run->options.branch.branching},
        run->replicate, error);
    allostat_progress_end(&run->bar);
    if (status == ALLOSTAT_ERROR_STOPPED && run->bar.stop_signal != 0) {
        return ALLOSTAT_FAIL(error, STOPPED, "%s came; no file was written",
                             signal_name(run->bar.stop_signal));
    }
    return status;
}

/* What can be done with the file, and the Debian packages that it takes. */
static void print_next(const char *output)
{
    printf("next    allostat info %s\n"
           "        ncdump -h %s  # netcdf-bin\n"
           "        python3 -c \"import xarray; print(xarray.open_dataset('%s', "
           "engine='h5netcdf'))\"  # python3-xarray python3-h5netcdf\n",
           output, output, output);
}

static allostat_status show(const run_state *run, const allostat_summary *summary,
                            allostat_error *error)
{
    const allostat_params *params = &run->scenario.epochs[0].params;
    const allostat_presented presented = {
        .path = run->options.output,
        .digest = run->digest,
        .version = allostat_version(),
        .name = params->run_name,
        .description = params->run_description,
        .start = params->run_start,
        .output_start = params->run_output_start,
        .end = params->run_end,
        .seed = params->run_seed,
        .scale = params->population_scale,
        .areas = &params->geography_areas,
        .summary = summary,
    };

    if (run->options.json) return allostat_present_json(&presented, error);
    allostat_present_text(&presented);
    if (run->options.branch.save_text != NULL)
        printf("city    %s\n", run->options.branch.save.folder);
    print_next(run->options.output);
    return ALLOSTAT_OK;
}

static allostat_status summarise(const run_state *run, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_summary_input input = {.replicate = run->replicate,
                                    .replicate_count = run->results.replicate_count};
    allostat_summary summary = {0};

    allostat_summary_observed(&run->scenario.epochs[0].params, input.observed);
    ALLOSTAT_TRY(allostat_summary_init(&summary, &input, error));
    ALLOSTAT_TRY(show(run, &summary, error));
cleanup:
    allostat_summary_free(&summary);
    return status;
}

/* The result is whole once it is written: a side file that fails does not take the
 * summary away. */
static allostat_status run_and_show(run_state *run, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK, side_status = ALLOSTAT_OK;
    allostat_error side_error = {0};

    ALLOSTAT_TRY(choose_output(&run->options, error));
    ALLOSTAT_TRY(
        allostat_whole_file_spare(run->options.output, run->options.config, error));
    ALLOSTAT_TRY(allostat_store_check(run->options.output, run->options.force, error));
    ALLOSTAT_TRY(allostat_cli_branch_open(&run->options.branch, &run->scenario,
                                          run->options.output, run->options.force,
                                          error));
    allostat_progress_begin(&run->bar, run->options.quiet);
    run->facts.started = time(NULL);
    ALLOSTAT_TRY(simulate(run, error));
    ALLOSTAT_TRY(allostat_store_write(run->options.output, run->options.force,
                                      &run->results, run->digest, error));
    run->facts.finished = time(NULL);
    run->facts.wall_seconds = allostat_progress_clock() - run->bar.started;
    run->facts.days = run->bar.days;
    run->facts.digest = run->digest;
    side_status =
        allostat_run_facts_write(run->options.output, &run->facts, &side_error);
    ALLOSTAT_TRY(summarise(run, error));
    if (side_status != ALLOSTAT_OK) {
        *error = side_error;
        status = side_status;
    }
cleanup:
    return status;
}

static void run_free(run_state *run)
{
    for (int32_t i = 0; run->replicate != NULL && i < run->results.replicate_count;
         i++) {
        allostat_records_free(&run->replicate[i]);
    }
    free(run->replicate);
    free(run->options.own);
    free(run->options.set);
    free(run);
}

static int run_loaded(run_state *run)
{
    allostat_error error = {0};
    const run_options *options = &run->options;
    const int exit_code = allostat_cli_load(&run->scenario, options->config,
                                            options->set, options->set_count);

    if (exit_code != 0) return exit_code;
    const allostat_status status = run_and_show(run, &error);
    if (status != ALLOSTAT_OK) allostat_cli_print_error(&error);
    allostat_scenario_free(&run->scenario);
    return allostat_status_exit_code(status);
}

/* NULL when there is no memory. */
static run_state *run_new(int argc, const char *const *command)
{
    run_state *run = calloc(1, sizeof *run);

    if (run == NULL) return NULL;
    run->options.set = calloc((size_t)argc, sizeof *run->options.set);
    run->options.own = calloc((size_t)argc, sizeof *run->options.own);
    run->facts.command = command;
    run->facts.command_count = argc;
    if (run->options.set != NULL && run->options.own != NULL) return run;
    run_free(run);
    return NULL;
}

int allostat_cmd_run(int argc, char **argv)
{
    run_state *run = run_new(argc, (const char *const *)argv);

    if (run == NULL) {
        allostat_error error = {.status = ALLOSTAT_ERROR_NO_MEMORY,
                                .message = "options"};
        allostat_cli_print_error(&error);
        return allostat_status_exit_code(error.status);
    }
    int exit_code = read_options(&run->options, argc, argv);
    run->facts.threads = allostat_cli_choose_threads(run->options.threads);
    if (exit_code == 0) exit_code = run_loaded(run);
    run_free(run);
    return allostat_cli_finish(exit_code == -1 ? 0 : exit_code);
}
