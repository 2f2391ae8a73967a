/* allostat compare BASE POLICY...: what policies do against a base, person by person.
 */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/compare_present.h"
#include "cli/options.h"
#include "io/store_contrasts.h"
#include "io/whole_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: allostat compare BASE POLICY... [OPTION]...\n"
    "\n"
    "Run a base and policies on the same draws and tell what each policy changes: "
    "deaths, overdoses,\n"
    "years lived, QALYs and costs, paired by replicate and person, with 95 % "
    "intervals; who is saved,\n"
    "delayed, hastened or harmed; and how many replicates an answer needs. BASE and "
    "POLICY are\n"
    "configurations, which are run here, or result files (.h5), which are read.\n"
    "\n"
    "  --set PATH=VALUE   change a parameter of all configurations; may be given "
    "again\n"
    "  --seed N           same as --set run.seed=N\n"
    "  --replicates N     same as --set run.replicates=N\n"
    "  --threads N        threads to use; the result does not depend on it\n"
    "  --from YYYY-MM     first month to count; default: all of the output\n"
    "  --to YYYY-MM       last month to count\n"
    "  --by DIMENSION     tables by area (the default), sex, age, attachment, ptsd, "
    "ace, all or\n"
    "                     none; may be given again\n"
    "  --width W          half of the interval that is wanted of deaths averted: "
    "persons, or\n"
    "                     with %% a share of the difference; default 10%%\n"
    "  --combine          policies are parts, 2 to 4 of them, that are laid upon BASE "
    "in all\n"
    "                     combinations: each alone, together, and its fair share "
    "(Shapley)\n"
    "  --output FILE      write all tables as HDF5, a group for each policy\n"
    "  --force            replace FILE if it exists\n"
    "  --quiet            no progress on stderr\n"
    "  --json             the same as one JSON object, with all parts and months\n"
    "  --help             show this\n"
    "\n"
    "Counts are differences of the policy against the base, below 0 where the policy "
    "has fewer. A\n"
    "person who moved away counts as alive.\n"
    "\n"
    "example: allostat compare configs/vancouver.yaml "
    "configs/scenarios/no_naloxone.yaml --by sex\n";

enum { MONTHS_A_YEAR = 12 };
static const double default_width = 0.1;

typedef struct {
    allostat_compare_wanted wanted;
    allostat_compare_shown shown;
    const char **set;                /* [wanted.set_count] */
    char (*own)[ALLOSTAT_TEXT_SIZE]; /* texts behind --seed and --replicates */
    int32_t own_count;
    const char *output; /* NULL for none */
    bool force, json, by_given;
} compare_options;

/* ---- options
 * --------------------------------------------------------------------------------------
 */

static int add_number(compare_options *options, const char *option, const char *path)
{
    char *text = options->own[options->own_count++];

    if (!allostat_cli_is_whole_number(optarg)) {
        return allostat_cli_usage_error("compare", "%s needs a whole number, not '%s'",
                                        option, optarg);
    }
    snprintf(text, ALLOSTAT_TEXT_SIZE, "%s=%s", path, optarg);
    options->set[options->wanted.set_count++] = text;
    return 0;
}

static int read_month(const char *option, allostat_month *month)
{
    allostat_day day = 0;

    if (!allostat_day_parse(optarg, &day)) {
        return allostat_cli_usage_error(
            "compare", "%s needs a month such as 2016-01, not '%s'", option, optarg);
    }
    *month = allostat_month_of_day(day);
    /* a year alone is all of it */
    if (strcmp(option, "--to") == 0 && strchr(optarg, '-') == NULL)
        *month += MONTHS_A_YEAR - 1;
    return 0;
}

static int add_dimension(compare_options *options)
{
    allostat_compare_shown *shown = &options->shown;
    const bool all = strcmp(optarg, "all") == 0;
    bool found = all || strcmp(optarg, "none") == 0;

    if (!options->by_given) memset(shown->by, 0, sizeof shown->by);
    options->by_given = true;
    for (int d = 0; d < ALLOSTAT_DIMENSION_COUNT; d++) {
        const bool here = all || strcmp(optarg, allostat_dimension_names[d]) == 0;
        found = found || here;
        shown->by[d] = shown->by[d] || here;
    }
    if (found) return 0;
    return allostat_cli_usage_error("compare",
                                    "--by takes area, sex, age, attachment, ptsd, ace, "
                                    "all or none, not '%s'",
                                    optarg);
}

static int read_width(compare_options *options)
{
    char *end = NULL;
    const double width = strtod(optarg, &end);
    const bool share = end != optarg && strcmp(end, "%") == 0;

    if (end == optarg || (!share && *end != '\0') || !(width > 0.0) || width > 1e9) {
        return allostat_cli_usage_error(
            "compare",
            "--width needs a number of persons or a share such as 10%%, above 0, not "
            "'%s'",
            optarg);
    }
    options->shown.width = share ? width / 100.0 : width;
    options->shown.width_is_share = share;
    return 0;
}

static int take_option(void *context, int letter)
{
    compare_options *options = context;

    switch (letter) {
    case 's':
        options->set[options->wanted.set_count++] = optarg;
        return 0;
    case 'e':
        return add_number(options, "--seed", "run.seed");
    case 'r':
        return add_number(options, "--replicates", "run.replicates");
    case 't':
        return allostat_cli_read_threads("compare", optarg, &options->wanted.threads);
    case 'a':
        return read_month("--from", &options->wanted.first);
    case 'z':
        return read_month("--to", &options->wanted.last);
    case 'b':
        return add_dimension(options);
    case 'w':
        return read_width(options);
    case 'c':
        options->wanted.combine = true;
        return 0;
    case 'o':
        options->output = optarg;
        return 0;
    case 'f':
        options->force = true;
        return 0;
    case 'q':
        options->wanted.quiet = true;
        return 0;
    default: /* 'j' */
        options->json = true;
        return 0;
    }
}

static int check_options(const compare_options *options)
{
    const allostat_compare_wanted *wanted = &options->wanted;
    const int32_t policies = wanted->operand_count - 1;

    if (wanted->operand_count == 0)
        return allostat_cli_usage_error("compare", "which base, and which policies?");
    if (policies == 0) {
        return allostat_cli_usage_error("compare", "which policies, against '%s'?",
                                        wanted->operand[0]);
    }
    if (wanted->first != 0 && wanted->last != 0 && wanted->first > wanted->last)
        return allostat_cli_usage_error("compare", "--from is after --to");
    if (wanted->combine && (policies < 2 || policies > ALLOSTAT_PARTS_MAX)) {
        return allostat_cli_usage_error("compare",
                                        "--combine takes 2 to %d policies, not %d",
                                        (int)ALLOSTAT_PARTS_MAX, (int)policies);
    }
    for (int32_t i = 0; wanted->combine && i <= policies; i++) {
        if (!allostat_compare_is_file(wanted->operand[i])) continue;
        return allostat_cli_usage_error(
            "compare", "--combine runs configurations: '%s' is a result file",
            wanted->operand[i]);
    }
    if (options->output != NULL && options->output[0] == '\0')
        return allostat_cli_usage_error("compare", "--output needs the name of a file");
    return 0;
}

/* 0 to go on, 64 after a message, -1 after --help. */
static int read_options(compare_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"set", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 'e'},
        {"replicates", required_argument, NULL, 'r'},
        {"threads", required_argument, NULL, 't'},
        {"from", required_argument, NULL, 'a'},
        {"to", required_argument, NULL, 'z'},
        {"by", required_argument, NULL, 'b'},
        {"width", required_argument, NULL, 'w'},
        {"combine", no_argument, NULL, 'c'},
        {"output", required_argument, NULL, 'o'},
        {"force", no_argument, NULL, 'f'},
        {"quiet", no_argument, NULL, 'q'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const allostat_cli_options all = {known, help, take_option, options, NULL};
    const int result = allostat_cli_read_options(argc, argv, &all);

    if (result != 0) return result;
    options->wanted.operand = (const char *const *)argv + optind;
    options->wanted.operand_count = argc - optind;
    options->wanted.set = options->set;
    options->wanted.threads = allostat_cli_choose_threads(options->wanted.threads);
    return check_options(options);
}

/* ---- the comparison
 * --------------------------------------------------------------------------------- */

static allostat_status write_file(const compare_options *options,
                                  const allostat_comparison_runs *runs,
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char digest[ALLOSTAT_DIGEST_SIZE];
    allostat_stored_contrast *item = calloc((size_t)runs->side_count, sizeof *item);
    const allostat_stored_contrasts all = {
        .base_version = runs->side[0].version,
        .count = runs->side_count - 1,
        .item = item,
        .combination = runs->wanted.combine ? &runs->combination : NULL,
    };

    if (item == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "the tables");
    for (int32_t i = 1; i < runs->side_count; i++) {
        item[i - 1] = (allostat_stored_contrast){
            .contrast = &runs->contrast[i],
            .path = runs->side[i].path,
            .version = runs->side[i].version,
            .parts = runs->side[i].parts,
        };
    }
    ALLOSTAT_TRY(
        allostat_store_contrasts(options->output, options->force, &all, digest, error));
    if (!options->json) printf("file    %s\nsha256  %s\n", options->output, digest);
cleanup:
    free(item);
    return status;
}

static allostat_status compare(compare_options *options, allostat_comparison_runs *runs,
                               allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    options->shown.runs = runs;
    for (int32_t i = 0; options->output != NULL && i < runs->wanted.operand_count; i++)
        ALLOSTAT_TRY(
            allostat_whole_file_spare(options->output, runs->wanted.operand[i], error));
    if (options->output != NULL)
        ALLOSTAT_TRY(allostat_store_check(options->output, options->force, error));
    ALLOSTAT_TRY(allostat_compare_run(runs, error));
    if (options->json) {
        ALLOSTAT_TRY(allostat_compare_json(&options->shown, error));
    } else {
        ALLOSTAT_TRY(allostat_compare_text(&options->shown, error));
    }
    if (options->output != NULL) ALLOSTAT_TRY(write_file(options, runs, error));
cleanup:
    return status;
}

static int run(compare_options *options)
{
    allostat_error error = {0};
    allostat_comparison_runs runs;
    int code = allostat_compare_load(&runs, &options->wanted);

    if (code == 0) {
        const allostat_status status = compare(options, &runs, &error);
        if (status != ALLOSTAT_OK) allostat_cli_print_error(&error);
        code = allostat_status_exit_code(status);
    }
    allostat_compare_free(&runs);
    return code;
}

int allostat_cmd_compare(int argc, char **argv)
{
    compare_options options = {
        .shown = {.by = {true}, .width = default_width, .width_is_share = true}};
    int code = 0;

    options.set = calloc((size_t)argc, sizeof *options.set);
    options.own = calloc((size_t)argc, sizeof *options.own);
    if (options.set == NULL || options.own == NULL) {
        allostat_cli_print_error(&(allostat_error){.status = ALLOSTAT_ERROR_NO_MEMORY,
                                                   .message = "options"});
        code = allostat_status_exit_code(ALLOSTAT_ERROR_NO_MEMORY);
    }
    if (code == 0) code = read_options(&options, argc, argv);
    if (code == 0) code = run(&options);
    free(options.own);
    free(options.set);
    return allostat_cli_finish(code == -1 ? 0 : code);
}
