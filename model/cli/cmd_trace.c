/* allostat trace CONFIG: the lives of chosen people, as tables and as pictures. */
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "io/whole_file.h"
#include "study/biography.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PEOPLE_MAX = 1000, THREADS_MAX = 4096, REPLICATES_MAX = 100000 };

static const char help[] =
    "usage: allostat trace CONFIG (--person N[,N]... | --choose K) --output DIR "
    "[OPTION]...\n"
    "\n"
    "Simulate one replicate and write down the lives of chosen people: "
    "person_N.csv, one row a\n"
    "day, person_N.svg, a picture of the life, and columns.csv, which says what the "
    "columns mean.\n"
    "\n"
    "  --person N[,N]...  people by their number; may be given again\n"
    "  --choose K         K users with eventful lives, in turn of each attachment "
    "style; the run\n"
    "                     is then simulated twice\n"
    "  --replicate R      which replicate, from 0, the default, as in the result file\n"
    "  --output DIR       folder for the files; made when it is not there\n"
    "  --set PATH=VALUE   change a parameter; may be given again\n"
    "  --threads N        threads to use; the result does not depend on it\n"
    "  --force            replace files that exist\n"
    "  --help             show this\n"
    "\n"
    "example: allostat trace configs/vancouver.yaml --choose 6 --output out/lives\n";

typedef struct {
    const char *config, *output;
    uint32_t person[PEOPLE_MAX];
    int32_t person_count;
    long choose, replicate, threads;
    bool force;
    const char **set;
    int32_t set_count;
} trace_options;

/* ---- options -------------------------------------------------------------------- */

/* A whole number from least to most, or -1. */
static long whole_number(const char *text, long least, long most)
{
    char *end = NULL;

    if (text[0] < '0' || text[0] > '9') return -1;
    errno = 0;
    const long value = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' && value >= least && value <= most ? value : -1;
}

/* 0, or 64 after a message. */
static int add_people(trace_options *options, char *list)
{
    for (char *rest = NULL, *word = strtok_r(list, ",", &rest); word != NULL;
         word = strtok_r(NULL, ",", &rest)) {
        const long person = whole_number(word, 0, INT32_MAX);

        if (person < 0) {
            return allostat_cli_usage_error(
                "trace", "--person needs whole numbers, not '%s'", word);
        }
        if (options->person_count == PEOPLE_MAX) {
            return allostat_cli_usage_error("trace", "at most %d people at a time",
                                            (int)PEOPLE_MAX);
        }
        options->person[options->person_count++] = (uint32_t)person;
    }
    return 0;
}

/* 0, or 64 after a message. */
static int set_number(const char *option, const char *text, long least, long most,
                      long *value)
{
    *value = whole_number(text, least, most);
    if (*value >= 0) return 0;
    return allostat_cli_usage_error("trace",
                                    "%s needs a number from %ld to %ld, not '%s'",
                                    option, least, most, text);
}

/* One option; 0, or 64 after a message. */
static int take_option(void *context, int letter)
{
    trace_options *options = context;

    switch (letter) {
    case 'p':
        return add_people(options, optarg);
    case 'c':
        return set_number("--choose", optarg, 1, PEOPLE_MAX, &options->choose);
    case 'r':
        return set_number("--replicate", optarg, 0, REPLICATES_MAX,
                          &options->replicate);
    case 't':
        return set_number("--threads", optarg, 1, THREADS_MAX, &options->threads);
    case 'o':
        options->output = optarg;
        return 0;
    case 's':
        options->set[options->set_count++] = optarg;
        return 0;
    default: /* 'f' */
        options->force = true;
        return 0;
    }
}

static int check_options(trace_options *options, int argc, char **argv)
{
    const int failed =
        allostat_cli_one_operand("configuration", argc, argv, &options->config);
    if (failed != 0) return failed;
    if ((options->person_count > 0) == (options->choose > 0)) {
        return allostat_cli_usage_error("trace",
                                        "whose lives? --person N or --choose K");
    }
    if (options->output == NULL || options->output[0] == '\0') {
        return allostat_cli_usage_error("trace", "where to? --output DIR");
    }
    return 0;
}

/* 0 to go on, 64 after a message, -1 after --help. */
static int read_options(trace_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"person", required_argument, NULL, 'p'},
        {"choose", required_argument, NULL, 'c'},
        {"replicate", required_argument, NULL, 'r'},
        {"threads", required_argument, NULL, 't'},
        {"output", required_argument, NULL, 'o'},
        {"set", required_argument, NULL, 's'},
        {"force", no_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    options->threads = 1;
    const int result = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, take_option, options, NULL});

    return result != 0 ? result : check_options(options, argc, argv);
}

/* ---- files ---------------------------------------------------------------------- */

/* Write a text to DIR/name and empty it. */
static allostat_status write_text(const trace_options *options, const char *name,
                                  allostat_text *text, allostat_error *error)
{
    char path[ALLOSTAT_PATH_SIZE];
    const int written = snprintf(path, sizeof path, "%s/%s", options->output, name);

    if (written >= (int)sizeof path) {
        return ALLOSTAT_FAIL(error, CANNOT_CREATE, "%s/%s: the name is too long",
                             options->output, name);
    }
    const allostat_status status = allostat_whole_file_write(
        path, options->force, text->data, text->length, error);
    allostat_text_free(text);
    return status;
}

static allostat_status write_life(const trace_options *options,
                                  const allostat_scenario *scenario,
                                  const allostat_biography *life, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_labels *areas = &scenario->epochs[0].params.geography_areas;
    allostat_text text = {0};
    char name[64];

    snprintf(name, sizeof name, "person_%u.csv", (unsigned)life->person);
    ALLOSTAT_TRY(allostat_biography_csv(life, &text, error));
    ALLOSTAT_TRY(write_text(options, name, &text, error));
    snprintf(name, sizeof name, "person_%u.svg", (unsigned)life->person);
    ALLOSTAT_TRY(allostat_biography_svg(life, areas->label[life->area], &text, error));
    ALLOSTAT_TRY(write_text(options, name, &text, error));
    printf("person %-9u %5d days  %4d events  %s/%s\n", (unsigned)life->person,
           (int)life->day_count, (int)life->happening_count, options->output, name);
cleanup:
    allostat_text_free(&text);
    return status;
}

static allostat_status write_lives(const trace_options *options,
                                   const allostat_scenario *scenario,
                                   const allostat_biography *life,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_text text = {0};

    for (int32_t i = 0; i < options->person_count; i++) {
        if (!life[i].met) {
            status = ALLOSTAT_FAIL(error, USAGE, "person %u never comes to the city",
                                   (unsigned)life[i].person);
            goto cleanup;
        }
        ALLOSTAT_TRY(write_life(options, scenario, &life[i], error));
    }
    ALLOSTAT_TRY(allostat_biography_columns(&text, error));
    ALLOSTAT_TRY(write_text(options, "columns.csv", &text, error));
cleanup:
    allostat_text_free(&text);
    return status;
}

/* ---- the command ---------------------------------------------------------------- */

static allostat_status make_folder(const char *path, allostat_error *error)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, CANNOT_CREATE, "the folder %s: %s", path,
                         strerror(errno));
}

static allostat_status choose(trace_options *options,
                              const allostat_replicate *replicate,
                              allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (options->choose == 0) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_trace_choose(replicate, (int32_t)options->choose,
                                       options->person, &options->person_count, error));
cleanup:
    return status;
}

static allostat_status trace(trace_options *options, const allostat_scenario *scenario,
                             allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_replicate replicate = {scenario, (int32_t)options->replicate,
                                          (int32_t)options->threads, NULL};
    allostat_biography *life = calloc(PEOPLE_MAX, sizeof *life);
    allostat_records records = {0};

    if (life == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "%d lives", (int)PEOPLE_MAX);
    ALLOSTAT_TRY(make_folder(options->output, error));
    ALLOSTAT_TRY(choose(options, &replicate, error));
    for (int32_t i = 0; i < options->person_count; i++) {
        life[i].person = options->person[i];
    }
    ALLOSTAT_TRY(
        allostat_trace_run(&replicate, life, options->person_count, &records, error));
    ALLOSTAT_TRY(write_lives(options, scenario, life, error));
cleanup:
    for (int32_t i = 0; i < PEOPLE_MAX; i++) allostat_biography_free(&life[i]);
    free(life);
    allostat_records_free(&records);
    return status;
}

static int trace_loaded(trace_options *options)
{
    allostat_scenario scenario = {0};
    allostat_error error = {0};
    const int exit_code =
        allostat_cli_load(&scenario, options->config, options->set, options->set_count);

    if (exit_code != 0) return exit_code;
    const allostat_status status = trace(options, &scenario, &error);
    if (status != ALLOSTAT_OK) allostat_cli_print_error(&error);
    allostat_scenario_free(&scenario);
    return allostat_status_exit_code(status);
}

int allostat_cmd_trace(int argc, char **argv)
{
    trace_options *options = calloc(1, sizeof *options);
    const char **set = calloc((size_t)argc, sizeof *set);

    if (options == NULL || set == NULL) {
        allostat_error error = {.status = ALLOSTAT_ERROR_NO_MEMORY,
                                .message = "options"};
        allostat_cli_print_error(&error);
        free(options);
        free(set);
        return allostat_status_exit_code(error.status);
    }
    options->set = set;
    int exit_code = read_options(options, argc, argv);
    if (exit_code == 0) exit_code = trace_loaded(options);
    free(options);
    free(set);
    return allostat_cli_finish(exit_code == -1 ? 0 : exit_code);
}
