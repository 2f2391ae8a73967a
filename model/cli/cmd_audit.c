/* allostat audit [CONFIG]: are the random draws what they should be? */
#include "base/version.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "study/audit.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>

static const char help[] =
    "usage: allostat audit [CONFIG] [--seed N] [--json]\n"
    "\n"
    "Run six years of a city of 2 % of CONFIG (configs/everything_open.yaml) with "
    "every "
    "random "
    "draw written down, and\n"
    "show that none is drawn twice, that each purpose of the model is used, and that "
    "draws are uniform and\n"
    "unrelated between dates, people and purposes. A good generator fails one audit in "
    "a "
    "thousand; the seed\n"
    "decides which.\n"
    "\n"
    "  --seed N  key of the draws; that of CONFIG when not given\n"
    "  --json    the same as one JSON object\n"
    "  --help    show this\n"
    "\n"
    "exit codes: 0 all is well, 1 something was found.\n"
    "\n"
    "example: allostat audit --seed 7\n";

enum { FOUND = 1, MONTHS = 72, SETS_MAX = 4, SET_SIZE = 64 };

static const char *const check_names[ALLOSTAT_AUDIT_CHECK_COUNT] = {
    "uniform", "days", "people", "purposes"};

typedef struct {
    const char *config;
    const char *seed; /* NULL for that of the configuration */
    bool json;
} audit_options;

static int take_option(void *context, int letter)
{
    audit_options *options = context;

    if (letter == 'j') options->json = true;
    if (letter == 's') options->seed = optarg;
    return 0;
}

/* 0 to go on, 64 after a message, -1 after --help. */
static int read_options(audit_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"seed", required_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const int result = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, take_option, options, NULL});

    if (result != 0) return result;
    if (optind + 1 < argc) {
        return allostat_cli_usage_error(
            "audit", "one configuration at a time: '%s' is too many", argv[optind + 1]);
    }
    if (optind < argc) options->config = argv[optind];
    return 0;
}

static int load(const audit_options *options, allostat_scenario *scenario)
{
    char seed[SET_SIZE];
    /* 2 % of a city's beds can be none: here there are some, to be drawn for. */
    const char *sets[SETS_MAX] = {"population.scale=0.02", "run.replicates=1",
                                  "detox.beds=100", seed};

    if (options->seed != NULL)
        snprintf(seed, sizeof seed, "run.seed=%s", options->seed);
    return allostat_cli_load(scenario, options->config, sets,
                             options->seed != NULL ? SETS_MAX : SETS_MAX - 1);
}

static bool is_well(const allostat_audit *found)
{
    return found->repeated == 0 && found->unused == 0 && found->failed_count == 0;
}

static void print_findings(const allostat_audit *found)
{
    printf("\n%lld different draws; %lld drawn twice", (long long)found->draws,
           (long long)found->repeated);
    if (found->repeated > 0) {
        printf(" (first: %s of person %u on day %d, index %u)",
               allostat_draw_table[found->repeat.draw].name,
               (unsigned)found->repeat.person, (int)found->repeat.date,
               (unsigned)found->repeat.index);
    }
    printf("\n%d of %d purposes never drawn\n", (int)found->unused,
           (int)ALLOSTAT_DRAW_COUNT);
    printf("%d of %d checks fail (p under %.2g; all of them together err once in %.0f "
           "audits)\n",
           (int)found->failed_count, (int)found->check_count, found->limit,
           1.0 / found->error_rate);
    printf("%s\n", is_well(found) ? "all is well" : "SOMETHING IS WRONG");
}

static void print_text(const allostat_audit *found)
{
    printf("%-24s %10s", "purpose", "draws");
    for (int c = 0; c < ALLOSTAT_AUDIT_CHECK_COUNT; c++) printf(" %9s", check_names[c]);
    putchar('\n');
    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
        const allostat_audit_purpose *purpose = &found->purpose[draw];

        printf("%-24s %10lld", allostat_draw_table[draw].name,
               (long long)purpose->draws);
        for (int c = 0; c < ALLOSTAT_AUDIT_CHECK_COUNT; c++) {
            if (isnan(purpose->p[c])) {
                printf(" %9s", "few");
            } else {
                printf(" %8.4f%s", purpose->p[c],
                       purpose->p[c] < found->limit ? "!" : " ");
            }
        }
        putchar('\n');
    }
    print_findings(found);
}

/* Jansson's setters fail when they are handed NULL, and the whole then fails to appear:
 * only the last step needs a look. */
static void set(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

static json_t *purposes(const allostat_audit *found)
{
    json_t *all = json_object();

    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
        const allostat_audit_purpose *purpose = &found->purpose[draw];
        json_t *one = json_object();

        set(one, "draws", json_integer(purpose->draws));
        set(one, "drawn_twice", json_integer(purpose->repeated));
        for (int c = 0; c < ALLOSTAT_AUDIT_CHECK_COUNT; c++) {
            set(one, check_names[c],
                isnan(purpose->p[c]) ? json_null() : json_real(purpose->p[c]));
        }
        set(all, allostat_draw_table[draw].name, one);
    }
    return all;
}

static void print_json(const allostat_audit *found)
{
    json_t *object = json_object();

    set(object, "version", json_string(allostat_version()));
    set(object, "well", json_boolean(is_well(found)));
    set(object, "draws", json_integer(found->draws));
    set(object, "drawn_twice", json_integer(found->repeated));
    set(object, "purposes_never_drawn", json_integer(found->unused));
    set(object, "checks", json_integer(found->check_count));
    set(object, "checks_failed", json_integer(found->failed_count));
    set(object, "error_rate", json_real(found->error_rate));
    set(object, "purposes", purposes(found));
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(object);
}

int allostat_cmd_audit(int argc, char **argv)
{
    audit_options options = {.config = "configs/everything_open.yaml"};
    allostat_scenario scenario = {0};
    allostat_audit found = {0};
    allostat_error error = {0};
    int exit_code = read_options(&options, argc, argv);

    if (exit_code != 0) return allostat_cli_finish(exit_code == -1 ? 0 : exit_code);
    exit_code = load(&options, &scenario);
    if (exit_code != 0) return allostat_cli_finish(exit_code);
    const allostat_status status =
        allostat_audit_run(&scenario, MONTHS, &found, &error);
    allostat_scenario_free(&scenario);
    if (status != ALLOSTAT_OK) {
        allostat_cli_print_error(&error);
        return allostat_cli_finish(allostat_status_exit_code(status));
    }
    if (options.json) {
        print_json(&found);
    } else {
        print_text(&found);
    }
    return allostat_cli_finish(is_well(&found) ? 0 : FOUND);
}
