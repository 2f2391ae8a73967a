#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "params/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: allostat validate CONFIG... [--set PATH=VALUE]...\n"
    "\n"
    "Check configurations with all that they extend and read. Shows every mistake with "
    "its place,\n"
    "and exits with 65 when there is one.\n"
    "\n"
    "  --set PATH=VALUE  check with this parameter changed; may be given again\n"
    "  --help            show this\n"
    "\n"
    "example: allostat validate configs/vancouver.yaml --set run.replicates=20\n";

static allostat_status append_areas(allostat_text *out, const allostat_labels *areas,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_text_append(out, error, "  areas   %d: ", areas->count));
    for (int32_t i = 0; i < areas->count; i++) {
        ALLOSTAT_TRY(allostat_text_append(out, error, "%s", i > 0 ? ", " : ""));
        ALLOSTAT_TRY(allostat_report_append_shown(out, areas->label[i],
                                                  strlen(areas->label[i]), error));
    }
    ALLOSTAT_TRY(allostat_text_append(out, error, "\n"));
cleanup:
    return status;
}

static int32_t values_set(const allostat_scenario *scenario)
{
    int32_t count = 0;

    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        count += scenario->origins[i].file[0] != '\0';
    }
    return count;
}

static allostat_status append_summary(allostat_text *out, const char *path,
                                      const allostat_scenario *scenario,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &scenario->epochs[0].params;
    char start[ALLOSTAT_DATE_TEXT_SIZE], end[ALLOSTAT_DATE_TEXT_SIZE];
    char output[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(params->run_start, start);
    allostat_day_format(params->run_end, end);
    allostat_day_format(params->run_output_start, output);
    ALLOSTAT_TRY(allostat_text_append(out, error, "%s: valid\n  name    ", path));
    ALLOSTAT_TRY(allostat_report_append_shown(out, params->run_name,
                                              strlen(params->run_name), error));
    ALLOSTAT_TRY(allostat_text_append(
        out, error, "\n  run     %s to %s, output from %s\n", start, end, output));
    ALLOSTAT_TRY(append_areas(out, &params->geography_areas, error));
    ALLOSTAT_TRY(allostat_text_append(
        out, error, "  values  %d of %d set, the others at their defaults\n",
        values_set(scenario), (int)ALLOSTAT_PARAM_COUNT));
    ALLOSTAT_TRY(allostat_text_append(out, error, "  events  on %d dates\n",
                                      scenario->epoch_count - 1));
cleanup:
    return status;
}

static int validate(allostat_scenario *scenario, const char *path,
                    const char *const *sets, int32_t set_count)
{
    allostat_error error = {0};
    allostat_text out = {0};
    const int exit_code = allostat_cli_load(scenario, path, sets, set_count);

    if (exit_code != 0) return exit_code;
    const allostat_status status = append_summary(&out, path, scenario, &error);
    if (status == ALLOSTAT_OK) {
        fputs(out.data, stdout);
    } else {
        allostat_cli_print_error(&error);
    }
    allostat_text_free(&out);
    allostat_scenario_free(scenario);
    return allostat_status_exit_code(status);
}

typedef struct {
    const char **set; /* [count] */
    int32_t count;
} set_list;

static int take_option(void *context, int letter)
{
    set_list *sets = context;

    (void)letter; /* only --set takes part */
    sets->set[sets->count++] = optarg;
    return 0;
}

/* Reads the options; returns the exit code of a usage error, 0 after --help, or -1 to
 * go on. */
static int read_options(int argc, char **argv, set_list *sets)
{
    static const struct option known[] = {
        {"set", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const int result = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, take_option, sets, NULL});

    if (result != 0) return allostat_cli_finish(result == -1 ? 0 : result);
    if (optind < argc) return -1;
    return allostat_cli_usage_error(argv[0], "which configuration?");
}

int allostat_cmd_validate(int argc, char **argv)
{
    set_list sets = {.set = calloc((size_t)argc, sizeof(const char *))};
    allostat_scenario *scenario = calloc(1, sizeof *scenario);
    int worst = 0;

    if (sets.set == NULL || scenario == NULL) {
        worst = allostat_status_exit_code(ALLOSTAT_ERROR_NO_MEMORY);
        fprintf(stderr, "allostat: error: %s\n",
                allostat_status_text(ALLOSTAT_ERROR_NO_MEMORY));
    } else {
        worst = read_options(argc, argv, &sets);
    }
    if (worst == -1) {
        worst = 0;
        for (int i = optind; i < argc; i++) {
            const int exit_code = validate(scenario, argv[i], sets.set, sets.count);
            worst = exit_code > worst ? exit_code : worst;
        }
        worst = allostat_cli_finish(worst);
    }
    free(scenario);
    free(sets.set);
    return worst;
}
