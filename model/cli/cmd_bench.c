/* allostat bench [CONFIG]: how fast this machine runs a city, and what holds it back.
 */
#include "base/version.h"
#include "cli/bench_report.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "engine/blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: allostat bench [CONFIG] [OPTION]...\n"
    "\n"
    "Run one replicate of CONFIG (configs/vancouver.yaml) with clocks, on one core and "
    "on all, and\n"
    "measure beside it what the machine can do at most. Takes about half a minute; "
    "nothing is written.\n"
    "\n"
    "  --full            three rounds of runs for threads, not one, and the city of "
    "1,000 % beside those\n"
    "                    of 10 % and 100 %, all three over three years: one to three "
    "minutes\n"
    "  --set PATH=VALUE  change a parameter, as in 'allostat run'; may be repeated\n"
    "  --threads N       threads to compare with one; all that there are when not "
    "given\n"
    "  --json            the same as one JSON object; keys in docs/performance.md\n"
    "  --help            show this\n"
    "\n"
    "example: allostat bench configs/vancouver.yaml --set run.end=2015-12-31\n";

enum { SETS_MAX = 64, OWN_SETS = 4, SET_SIZE = 64 };

/* Cities of all sizes run over the same few years, so that they can be compared within
 * minutes. */
enum { GROWTH_YEARS = 3, GROWTH_ROUNDS = 3, GROWTH_RUNS_SMALL = 5 };

/* Against the city as configured, and how often in a round: a run of a tenth of a
 * second tells little by itself. */
static const struct {
    double scale;
    int32_t runs;
} growth_sizes[BENCH_GROWTH_MAX] = {{0.1, GROWTH_RUNS_SMALL}, {1.0, 3}, {10.0, 1}};

typedef struct {
    const char *config;
    const char *sets[SETS_MAX];
    int32_t set_count;
    int32_t threads;
    bool full, json;
} bench_options;

static int add_set(bench_options *options, const char *set)
{
    if (options->set_count == SETS_MAX)
        return allostat_cli_usage_error("bench", "at most %d sets", SETS_MAX);
    options->sets[options->set_count++] = set;
    return 0;
}

static int read_threads(bench_options *options, const char *text)
{
    char rest;

    if (sscanf(text, "%d%c", &options->threads, &rest) == 1 && options->threads > 0)
        return 0;
    return allostat_cli_usage_error("bench", "'%s' is no number of threads", text);
}

static int take_option(void *context, int letter)
{
    bench_options *options = context;

    switch (letter) {
    case 'f':
        options->full = true;
        return 0;
    case 'j':
        options->json = true;
        return 0;
    case 's':
        return add_set(options, optarg);
    default: /* 't' */
        return read_threads(options, optarg);
    }
}

/* 0 to go on, 64 after a message, -1 after --help. */
static int read_options(bench_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"full", no_argument, NULL, 'f'},
        {"set", required_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {"threads", required_argument, NULL, 't'},
        {NULL, 0, NULL, 0},
    };
    const int failed = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, take_option, options, NULL});

    if (failed != 0) return failed;
    if (optind + 1 < argc)
        return allostat_cli_usage_error(
            "bench", "one configuration at a time: '%s' is too many", argv[optind + 1]);
    if (optind < argc) options->config = argv[optind];
    return 0;
}

/* The city with some sets of our own behind those given. Returns 0 or an exit code with
 * nothing to free. */
static int load(const bench_options *options, const char *const *own, int32_t own_count,
                allostat_scenario *scenario)
{
    const char *sets[SETS_MAX + OWN_SETS];
    int32_t count = options->set_count;

    memcpy(sets, options->sets, sizeof options->sets);
    for (int32_t i = 0; i < own_count; i++) sets[count++] = own[i];
    return allostat_cli_load(scenario, options->config, sets, count);
}

/* So many replicates of the city. */
static int load_replicates(const bench_options *options, int32_t replicates,
                           allostat_scenario *scenario)
{
    char set[SET_SIZE];
    const char *const own[] = {set};

    snprintf(set, sizeof set, "run.replicates=%d", (int)replicates);
    return load(options, own, 1, scenario);
}

/* The city at `scale` times its own size over the years of growth, all recorded. */
static int load_for_growth(const bench_options *options, const bench_found *found,
                           double scale, allostat_scenario *scenario)
{
    char size[SET_SIZE], output[SET_SIZE], end[SET_SIZE];
    char first_day[ALLOSTAT_DATE_TEXT_SIZE], last_day[ALLOSTAT_DATE_TEXT_SIZE];
    const char *const own[] = {size, output, end, "run.replicates=1"};

    allostat_day_format(found->start, first_day);
    allostat_day_format(found->growth_end, last_day);
    snprintf(size, sizeof size, "population.scale=%.17g", found->scale * scale);
    snprintf(output, sizeof output, "run.output_start=%s", first_day);
    snprintf(end, sizeof end, "run.end=%s", last_day);
    return load(options, own, (int32_t)(sizeof own / sizeof *own), scenario);
}

/* One thread, a city over all threads, and a city on each, in turn, so that a change of
 * the machine's speed meets all of them. */
static allostat_status measure_threads(const allostat_scenario *one,
                                       const allostat_scenario *abreast,
                                       bench_found *found, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_bench run;

    for (int32_t pair = 0; pair < found->pair_count; pair++) {
        ALLOSTAT_TRY(allostat_bench_run(one, 1, false, &run, error));
        found->one_core[pair] = run.seconds;
        ALLOSTAT_TRY(allostat_bench_run(one, found->threads, false, &run, error));
        found->all_cores[pair] = run.seconds;
        ALLOSTAT_TRY(allostat_bench_replicates(abreast, found->threads,
                                               &found->abreast[pair], error));
    }
cleanup:
    return status;
}

static int compare_seconds(const void *a, const void *b)
{
    const allostat_bench *x = a, *y = b;

    return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

static int compare_own_seconds(const void *a, const void *b)
{
    const allostat_bench *x = a, *y = b;

    return (x->own_seconds > y->own_seconds) - (x->own_seconds < y->own_seconds);
}

/* What is told of all runs of a size. */
static void sum_up_size(allostat_bench *run, int32_t size, bench_found *found)
{
    const int32_t runs = found->growth_runs[size];

    for (int32_t i = 0; i < runs; i++)
        found->growth_system[size] += run[i].system_seconds / runs;
    qsort(run, (size_t)runs, sizeof *run, compare_own_seconds);
    found->growth_own[size] = run[runs / 2].own_seconds;
    qsort(run, (size_t)runs, sizeof *run, compare_seconds);
    found->growth[size] = run[runs / 2];
}

/* A run of a size. Its memory is asked for before: a virtual machine's host may have to
 * find it, which takes a second a gigabyte and tells nothing of the program. */
static allostat_status run_size(const allostat_scenario *city, int32_t size,
                                bench_found *found, allostat_bench *run,
                                allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const double bytes = (double)found->city.bytes * growth_sizes[size].scale;
    double seconds;

    ALLOSTAT_TRY(allostat_memory_find((size_t)bytes, &seconds, error));
    if (seconds > found->growth_memory[size]) found->growth_memory[size] = seconds;
    ALLOSTAT_TRY(allostat_bench_run(city, 1, false, run, error));
cleanup:
    return status;
}

/* Each size in each round, so that a change of the machine's speed meets all of them;
 * of each the middle run counts. */
static allostat_status grow(const allostat_scenario *city, bench_found *found,
                            allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_bench run[BENCH_GROWTH_MAX][GROWTH_ROUNDS * GROWTH_RUNS_SMALL];

    for (int32_t round = 0; round < GROWTH_ROUNDS; round++) {
        for (int32_t size = 0; size < found->growth_count; size++) {
            for (int32_t i = 0; i < growth_sizes[size].runs; i++)
                ALLOSTAT_TRY(run_size(&city[size], size, found,
                                      &run[size][found->growth_runs[size]++], error));
        }
    }
    for (int32_t size = 0; size < found->growth_count; size++)
        sum_up_size(run[size], size, found);
cleanup:
    return status;
}

static int measure_growth(const bench_options *options, bench_found *found,
                          allostat_error *error)
{
    const int32_t count = options->full ? BENCH_GROWTH_MAX : BENCH_GROWTH_MAX - 1;
    allostat_scenario city[BENCH_GROWTH_MAX] = {{0}};
    int exit_code = 0;

    for (int32_t size = 0; size < count && exit_code == 0; size++) {
        found->growth_scale[size] = growth_sizes[size].scale;
        exit_code =
            load_for_growth(options, found, growth_sizes[size].scale, &city[size]);
        if (exit_code == 0) found->growth_count++;
    }
    if (exit_code == 0) exit_code = allostat_status_exit_code(grow(city, found, error));
    for (int32_t size = 0; size < found->growth_count; size++)
        allostat_scenario_free(&city[size]);
    return exit_code;
}

static allostat_status measure(const allostat_scenario *one,
                               const allostat_scenario *abreast, bench_found *found,
                               allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_bench_run(one, 1, true, &found->city, error));
    ALLOSTAT_TRY(
        allostat_limits_measure(&found->limits, found->city.users_table_bytes, error));
    ALLOSTAT_TRY(measure_threads(one, abreast, found, error));
cleanup:
    return status;
}

static void describe(const allostat_params *params, bench_found *found)
{
    const int32_t years = GROWTH_YEARS;
    const allostat_month first = allostat_month_of_day(params->run_start);
    const allostat_day end =
        allostat_month_first_day(first + years * ALLOSTAT_MONTHS_A_YEAR) - 1;

    found->start = params->run_start;
    found->end = params->run_end;
    found->growth_end = end < params->run_end ? end : params->run_end;
    found->scale = params->population_scale;
    found->resident_step = (int32_t)params->population_resident_step;
}

/* What is told of the city itself; as measure_all. */
static int measure_city(const bench_options *options, bench_found *found,
                        allostat_error *error)
{
    allostat_scenario one = {0}, abreast = {0};
    int exit_code = load_replicates(options, 1, &one);

    if (exit_code != 0) return exit_code;
    exit_code = load_replicates(options, found->threads, &abreast);
    if (exit_code == 0) {
        describe(&one.epochs[0].params, found);
        exit_code = allostat_status_exit_code(measure(&one, &abreast, found, error));
        allostat_scenario_free(&abreast);
    }
    allostat_scenario_free(&one);
    return exit_code;
}

/* All measurements; 0 or an exit code, with the error filled when there was no message
 * yet. */
static int measure_all(const bench_options *options, bench_found *found,
                       allostat_error *error)
{
    const int exit_code = measure_city(options, found, error);

    return exit_code != 0 ? exit_code : measure_growth(options, found, error);
}

int allostat_cmd_bench(int argc, char **argv)
{
    bench_options options = {.config = "configs/vancouver.yaml",
                             .threads = allostat_threads_available()};
    bench_found found = {0};
    allostat_error error = {0};
    int exit_code = read_options(&options, argc, argv);

    if (exit_code != 0) return allostat_cli_finish(exit_code == -1 ? 0 : exit_code);
    found.config = options.config;
    found.threads = options.threads;
    found.pair_count = options.full ? BENCH_PAIRS_MAX : 1;
    exit_code = measure_all(&options, &found, &error);
    if (error.status != ALLOSTAT_OK) allostat_cli_print_error(&error);
    if (exit_code != 0) return allostat_cli_finish(exit_code);
    if (options.json) {
        allostat_bench_print_json(&found);
    } else {
        allostat_bench_print_text(&found);
    }
    return allostat_cli_finish(0);
}
