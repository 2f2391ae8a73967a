#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"

#include <csv.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: allostat params [--format text|markdown|csv] [--group NAME] [NAME...]\n"
    "\n"
    "Show the parameters of the model: meaning, kind, unit, default, range, evidence "
    "and source.\n"
    "\n"
    "  --format FORMAT  text (default), markdown or csv\n"
    "  NAME             a parameter, or a group for all of its parameters\n"
    "  --group NAME     only the parameters of this group\n"
    "  --help           show this\n"
    "\n"
    "example: allostat params naloxone opioid.tau_fast\n";

enum { WIDTH = 98, INDENT = 4, FIELD_SIZE = 512 };

typedef enum { FORMAT_text, FORMAT_markdown, FORMAT_csv } page_format;

typedef struct {
    page_format format;
    const char *group;        /* NULL for all */
    const char *const *names; /* paths or groups; all when there are none */
    int name_count;
} request;

static bool is_wanted(const request *wanted, const allostat_param_info *info)
{
    if (wanted->group != NULL && strcmp(wanted->group, info->group) != 0) return false;
    for (int i = 0; i < wanted->name_count; i++) {
        if (strcmp(wanted->names[i], info->path) == 0) return true;
        if (strcmp(wanted->names[i], info->group) == 0) return true;
    }
    return wanted->name_count == 0;
}

static bool has_range(const allostat_param_info *info)
{
    return info->kind != ALLOSTAT_KIND_switch && info->kind != ALLOSTAT_KIND_date &&
           info->kind != ALLOSTAT_KIND_text && info->kind != ALLOSTAT_KIND_labels;
}

/* "number", "vector by area", "linear series", … */
static void kind_text(const allostat_param_info *info, char text[FIELD_SIZE])
{
    const char *name = allostat_kind_name(info->kind);

    if (info->kind == ALLOSTAT_KIND_vector) {
        snprintf(text, FIELD_SIZE, "%s by %s", name, allostat_axis_name(info->axis));
    } else if (info->kind == ALLOSTAT_KIND_series) {
        snprintf(text, FIELD_SIZE, "%s series",
                 allostat_interpolation_name(info->interpolation));
    } else if (info->kind == ALLOSTAT_KIND_schedule) {
        snprintf(text, FIELD_SIZE, "%s by sex and age", name);
    } else {
        snprintf(text, FIELD_SIZE, "%s", name);
    }
}

static void bound_text(const allostat_param_info *info, double bound,
                       char text[ALLOSTAT_DOUBLE_TEXT_SIZE])
{
    if (info->kind == ALLOSTAT_KIND_count) {
        snprintf(text, ALLOSTAT_DOUBLE_TEXT_SIZE, "%" PRId64, (int64_t)bound);
    } else {
        allostat_double_format(bound, text);
    }
}

static void default_text(const allostat_param_info *info, char text[FIELD_SIZE])
{
    const bool is_words =
        info->kind == ALLOSTAT_KIND_text || info->kind == ALLOSTAT_KIND_labels;
    snprintf(text, FIELD_SIZE, is_words ? "\"%s\"" : "%s", info->default_text);
}

/* Words wrapped at WIDTH behind an indent. */
static void print_wrapped(const char *text)
{
    size_t column = 0;

    while (*text != '\0') {
        const size_t length = strcspn(text, " ");
        if (column > 0 && column + 1 + length > WIDTH) {
            putchar('\n');
            column = 0;
        }
        const int before = column == 0 ? INDENT : 1;
        printf("%*s%.*s", before, "", (int)length, text);
        column += (size_t)before + length;
        text += length + strspn(text + length, " ");
    }
    putchar('\n');
}

static void print_text(const allostat_param_info *info)
{
    char kind[FIELD_SIZE], value[FIELD_SIZE], facts[4 * FIELD_SIZE];
    char low[ALLOSTAT_DOUBLE_TEXT_SIZE], high[ALLOSTAT_DOUBLE_TEXT_SIZE];
    const bool has_unit = info->unit[0] != '\0' && strcmp(info->unit, "1") != 0;

    kind_text(info, kind);
    default_text(info, value);
    bound_text(info, info->low, low);
    bound_text(info, info->high, high);
    snprintf(facts, sizeof facts, "%s%s%s; default %s%s%s%s%s%s", kind,
             has_unit ? " in " : "", has_unit ? info->unit : "", value,
             has_range(info) ? "; from " : "", has_range(info) ? low : "",
             has_range(info) ? " to " : "", has_range(info) ? high : "",
             info->change == ALLOSTAT_DATED ? "; an event may change it" : "");
    printf("%s\n", info->path);
    print_wrapped(info->about);
    print_wrapped(facts);
    snprintf(facts, sizeof facts, "%s%s%s", allostat_evidence_name(info->evidence),
             info->source[0] != '\0' ? ": " : "", info->source);
    print_wrapped(facts);
}

/* A cell of a table: what would be markup is escaped. An underscore within a word is
 * not. */
static void print_cell(const char *text)
{
    bool in_word = false;

    fputs(" ", stdout);
    for (; *text != '\0'; text++) {
        const bool underscore_within =
            *text == '_' && in_word && isalnum((unsigned char)text[1]);
        if (strchr("|<>[]*_`\\", *text) != NULL && !underscore_within) putchar('\\');
        putchar(*text);
        in_word = isalnum((unsigned char)*text) || underscore_within;
    }
    fputs(" |", stdout);
}

static void print_markdown_head(const char *group)
{
    printf("\n## %s\n\n"
           "| name | kind | unit | default | from | to | evidence | change | meaning | "
           "source |\n"
           "|---|---|---|---|---|---|---|---|---|---|\n",
           group);
}

static void print_markdown(const allostat_param_info *info)
{
    char kind[FIELD_SIZE], value[FIELD_SIZE];
    char low[ALLOSTAT_DOUBLE_TEXT_SIZE], high[ALLOSTAT_DOUBLE_TEXT_SIZE];

    kind_text(info, kind);
    default_text(info, value);
    bound_text(info, info->low, low);
    bound_text(info, info->high, high);
    printf("| `%s` |", info->path);
    print_cell(kind);
    print_cell(info->unit);
    print_cell(value);
    print_cell(has_range(info) ? low : "");
    print_cell(has_range(info) ? high : "");
    print_cell(allostat_evidence_name(info->evidence));
    print_cell(allostat_change_name(info->change));
    print_cell(info->about);
    print_cell(info->source);
    putchar('\n');
}

static void print_csv_cell(const char *text, const char *after)
{
    csv_fwrite(stdout, text, strlen(text));
    fputs(after, stdout);
}

static void print_csv(const allostat_param_info *info)
{
    char kind[FIELD_SIZE];
    char low[ALLOSTAT_DOUBLE_TEXT_SIZE], high[ALLOSTAT_DOUBLE_TEXT_SIZE];

    kind_text(info, kind);
    bound_text(info, info->low, low);
    bound_text(info, info->high, high);
    print_csv_cell(info->path, ",");
    print_csv_cell(kind, ",");
    print_csv_cell(info->unit, ",");
    print_csv_cell(info->default_text, ",");
    print_csv_cell(has_range(info) ? low : "", ",");
    print_csv_cell(has_range(info) ? high : "", ",");
    print_csv_cell(allostat_evidence_name(info->evidence), ",");
    print_csv_cell(allostat_change_name(info->change), ",");
    print_csv_cell(info->about, ",");
    print_csv_cell(info->source, "\n");
}

static void print_head(page_format format)
{
    if (format == FORMAT_csv) {
        puts("path,kind,unit,default,from,to,evidence,change,meaning,source");
    } else if (format == FORMAT_markdown) {
        puts("# Parameters\n\n"
             "Made by `allostat params --format markdown` from "
             "`model/tables/parameters.def`.\n\n"
             "Evidence: *measured*, read in the source; *calibrated*, fitted to "
             "targets; *assumed*,\n"
             "chosen, with its range; *choice*, set by whoever runs the model. Change: "
             "*fixed* for a\n"
             "run, or *dated*, when an event may change it. The unit `1` is a pure "
             "number.");
    }
}

static void print_all(const request *wanted)
{
    const char *group = "";
    bool first = true;

    print_head(wanted->format);
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (!is_wanted(wanted, info)) continue;
        if (wanted->format == FORMAT_csv) {
            print_csv(info);
        } else if (wanted->format == FORMAT_markdown) {
            if (strcmp(group, info->group) != 0) print_markdown_head(info->group);
            print_markdown(info);
        } else {
            if (!first) putchar('\n');
            print_text(info);
        }
        group = info->group;
        first = false;
    }
}

/* Does any row have this path, or this group? */
static bool is_known(const char *text, bool as_group)
{
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (strcmp(text, as_group ? info->group : info->path) == 0) return true;
    }
    return false;
}

static const char *nearest(const char *wrong, bool as_group)
{
    size_t best = ALLOSTAT_TEXT_DISTANCE_LENGTH;
    const char *name = "";

    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        const char *candidate = as_group ? info->group : info->path;
        const size_t distance = allostat_text_distance(wrong, candidate);
        if (distance < best) {
            best = distance;
            name = candidate;
        }
    }
    return name;
}

static int check_request(const request *wanted, const char *command)
{
    if (wanted->group != NULL && !is_known(wanted->group, true)) {
        return allostat_cli_usage_error(command,
                                        "no group is called '%s'; did you mean '%s'?",
                                        wanted->group, nearest(wanted->group, true));
    }
    for (int i = 0; i < wanted->name_count; i++) {
        if (is_known(wanted->names[i], false)) continue;
        if (is_known(wanted->names[i], true)) continue;
        const bool is_path = strchr(wanted->names[i], '.') != NULL;
        return allostat_cli_usage_error(
            command, "no %s is called '%s'; did you mean '%s'?",
            is_path ? "parameter" : "group", wanted->names[i],
            nearest(wanted->names[i], !is_path));
    }
    return -1;
}

static bool read_format(const char *text, page_format *out)
{
    static const char *const names[] = {"text", "markdown", "csv"};

    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *out = (page_format)i;
        return true;
    }
    return false;
}

static int take_option(void *context, int letter)
{
    request *wanted = context;

    if (letter == 'g') wanted->group = optarg;
    if (letter != 'f' || read_format(optarg, &wanted->format)) return 0;
    return allostat_cli_usage_error(
        "params", "the format is text, markdown or csv, not '%s'", optarg);
}

/* Reads the options; returns the exit code of a usage error, 0 after --help, or -1 to
 * go on. */
static int read_options(int argc, char **argv, request *wanted)
{
    static const struct option known[] = {
        {"format", required_argument, NULL, 'f'},
        {"group", required_argument, NULL, 'g'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const int result = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, take_option, wanted, NULL});

    if (result != 0) return allostat_cli_finish(result == -1 ? 0 : result);
    wanted->names = (const char *const *)(argv + optind);
    wanted->name_count = argc - optind;
    return check_request(wanted, argv[0]);
}

int allostat_cmd_params(int argc, char **argv)
{
    request wanted = {0};
    const int exit_code = read_options(argc, argv, &wanted);

    if (exit_code != -1) return exit_code;
    print_all(&wanted);
    return allostat_cli_finish(0);
}
