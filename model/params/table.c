#include "params/table.h"

#include "params/csv.h"
#include "params/source.h"
#include "params/word.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char series_header[] = "date,value";
static const char schedule_header[] = "sex,age_from,age_to,value";

/* The file that `{csv: path}` names; NULL with a mistake. */
static allostat_source *open_csv(allostat_binder *binder, const allostat_node *path)
{
    allostat_report *report = binder->report;
    const allostat_source *from = path->place.source;
    const char *shown = allostat_node_show(path, report);

    if (path->kind != ALLOSTAT_NODE_word || path->text[0] == '\0') {
        allostat_report_add(report, path->place,
                            "'csv' must be the path of a file, not %s", shown);
        return NULL;
    }
    const char *name =
        allostat_source_join(report->pool, from->is_set ? "" : from->name, path->text);
    if (name == NULL) return NULL;
    if (!from->is_set && !allostat_source_inside(report->pool, binder->root, name)) {
        allostat_report_add(
            report, path->place,
            "%s is outside the configuration's folder: copy the file into it", shown);
        return NULL;
    }
    allostat_source *source = allostat_source_read(report, name, true);
    if (source == NULL && !report->pool->failed) {
        allostat_report_add(
            report, path->place,
            "%s cannot be read (%s): paths start from the folder of this file", shown,
            strerror(errno));
    }
    return source;
}

/* The rows of the CSV in `{csv: path}`; NULL with a mistake. */
static const allostat_node *read_csv(allostat_binder *binder, const allostat_node *map,
                                     const char *header, const char **note)
{
    const allostat_node *path = allostat_node_find(map, "csv");

    for (const allostat_node *child = map->first; child != NULL; child = child->next) {
        if (child == path) continue;
        allostat_report_add(
            binder->report, child->key->place,
            "only the path stands beside 'csv'; the file names its own source");
    }
    allostat_source *source = open_csv(binder, path);
    if (source == NULL) return NULL;
    source->is_data = true;
    if (!allostat_source_check(source, binder->report)) return NULL;
    return allostat_csv_read(source, header, binder->report, note);
}

static bool series_alloc(allostat_binder *binder, const allostat_param_info *info,
                         int32_t count, allostat_series *series, allostat_day **day,
                         double **value)
{
    *day = allostat_pool_alloc(binder->keep, (size_t)count, sizeof **day);
    *value = allostat_pool_alloc(binder->keep, (size_t)count, sizeof **value);
    *series = (allostat_series){count, *day, *value, info->interpolation};
    return *day != NULL && *value != NULL;
}

/* One point; false when a mistake was reported. */
static bool read_point(allostat_binder *binder, const allostat_param_info *info,
                       const allostat_node *const pair[2], allostat_day *day,
                       double *value)
{
    const char *what =
        allostat_pool_format(binder->report->pool, "a date of '%s'", info->path);
    const char *what_value =
        allostat_pool_format(binder->report->pool, "a value of '%s'", info->path);

    if (what == NULL || what_value == NULL) return false;
    const bool has_day = allostat_word_day(pair[0], what, binder->report, day);
    return allostat_word_number(pair[1], what_value, info, binder->report, value) &&
           has_day;
}

/* `points` is a map of date: value or a list of [date, value]. */
static bool read_points(allostat_binder *binder, const allostat_param_info *info,
                        const allostat_node *points, allostat_series *series)
{
    allostat_day *day = NULL, before = INT32_MIN;
    double *value = NULL;
    int32_t i = 0;
    bool good = series_alloc(binder, info, points->count, series, &day, &value);

    for (const allostat_node *at = points->first; at != NULL && day && value;
         at = at->next, i++) {
        const bool is_row = at->kind == ALLOSTAT_NODE_list && at->key == NULL;
        const allostat_node *const pair[] = {is_row ? at->first : at->key,
                                             is_row ? at->first->next : at};
        if (!read_point(binder, info, pair, &day[i], &value[i])) {
            good = false;
            continue;
        }
        if (day[i] <= before) {
            good = false;
            allostat_report_add(
                binder->report, pair[0]->place,
                "%s is not after the date before it: dates of '%s' must rise",
                allostat_node_show(pair[0], binder->report), info->path);
        }
        before = day[i];
    }
    return good;
}

static bool is_csv(const allostat_node *node)
{
    return allostat_node_find(node, "csv") != NULL;
}

static bool refuse_table(allostat_binder *binder, const allostat_param_info *info,
                         const allostat_node *node, const char *wanted)
{
    if (node->kind != ALLOSTAT_NODE_refused) {
        allostat_report_add(binder->report, node->place, "'%s' must be %s, not %s",
                            info->path, wanted,
                            node->count == 0 && node->kind == ALLOSTAT_NODE_map
                                ? "an empty map"
                                : allostat_node_show(node, binder->report));
    }
    return false;
}

static bool constant_series(allostat_binder *binder, const allostat_param_info *info,
                            const allostat_node *node, allostat_series *series)
{
    allostat_day *day = NULL;
    double *value = NULL;
    const char *what = allostat_pool_format(binder->report->pool, "'%s'", info->path);

    if (what == NULL || !series_alloc(binder, info, 1, series, &day, &value))
        return false;
    day[0] = ALLOSTAT_SERIES_CONSTANT_DAY;
    return allostat_word_number(node, what, info, binder->report, &value[0]);
}

bool allostat_table_series(allostat_binder *binder, const allostat_param_info *info,
                           const allostat_node *node, allostat_series *series,
                           const char **note)
{
    if (node->kind == ALLOSTAT_NODE_word)
        return constant_series(binder, info, node, series);
    const allostat_node *points =
        is_csv(node) ? read_csv(binder, node, series_header, note) : node;
    if (points == NULL) return false;
    if (node->kind != ALLOSTAT_NODE_map || points->count == 0) {
        return refuse_table(binder, info, node,
                            "a number, a map of date: value, or {csv: path}");
    }
    return read_points(binder, info, points, series);
}

/* A row with the place where it was written. */
typedef struct {
    allostat_schedule_row row;
    allostat_source_place place;
} placed_row;

static int compare_rows(const void *a, const void *b)
{
    const allostat_schedule_row *left = &((const placed_row *)a)->row;
    const allostat_schedule_row *right = &((const placed_row *)b)->row;

    if (left->sex != right->sex) return left->sex < right->sex ? -1 : 1;
    return (left->age_from > right->age_from) - (left->age_from < right->age_from);
}

static bool read_sex(allostat_binder *binder, const allostat_param_info *info,
                     const allostat_node *node, allostat_sex *sex)
{
    static const char *const names[ALLOSTAT_SEX_COUNT] = {"female", "male"};

    for (int i = 0; i < ALLOSTAT_SEX_COUNT; i++) {
        if (strcmp(node->text, names[i]) == 0) {
            *sex = (allostat_sex)i;
            return true;
        }
    }
    allostat_report_add(binder->report, node->place,
                        "a sex of '%s' must be female or male, not %s", info->path,
                        allostat_node_show(node, binder->report));
    return false;
}

static bool read_age(allostat_binder *binder, const allostat_param_info *info,
                     const allostat_node *node, int32_t *age)
{
    const char *what =
        allostat_pool_format(binder->report->pool, "an age of '%s'", info->path);
    const allostat_whole_range range = {0, ALLOSTAT_AGE_COUNT - 1, "years"};
    int64_t years = 0;

    if (what == NULL ||
        !allostat_word_whole(node, what, range, binder->report, &years)) {
        return false;
    }
    *age = (int32_t)years;
    return true;
}

static bool read_row(allostat_binder *binder, const allostat_param_info *info,
                     const allostat_node *node, placed_row *out)
{
    const char *what =
        allostat_pool_format(binder->report->pool, "a value of '%s'", info->path);

    if (what == NULL || node->kind == ALLOSTAT_NODE_refused) return false;
    if (node->kind != ALLOSTAT_NODE_list || node->count != 4) {
        allostat_report_add(binder->report, node->place,
                            "a row of '%s' must be [sex, age_from, age_to, value]",
                            info->path);
        return false;
    }
    const allostat_node *sex = node->first, *from = sex->next, *to = from->next;
    out->place = node->place;
    bool good = read_sex(binder, info, sex, &out->row.sex);
    good = read_age(binder, info, from, &out->row.age_from) && good;
    good = read_age(binder, info, to, &out->row.age_to) && good;
    good =
        allostat_word_number(to->next, what, info, binder->report, &out->row.value) &&
        good;
    if (good && out->row.age_from > out->row.age_to) {
        allostat_report_add(binder->report, to->place, "age_to %d is below age_from %d",
                            out->row.age_to, out->row.age_from);
        good = false;
    }
    return good;
}

static bool check_overlap(allostat_binder *binder, const placed_row *rows,
                          int32_t count)
{
    bool good = true;

    for (int32_t i = 1; i < count; i++) {
        const allostat_schedule_row *before = &rows[i - 1].row, *row = &rows[i].row;
        if (row->sex != before->sex || row->age_from > before->age_to) continue;
        allostat_report_add(binder->report, rows[i].place,
                            "ages %d to %d overlap another row's %d to %d",
                            row->age_from, row->age_to, before->age_from,
                            before->age_to);
        good = false;
    }
    return good;
}

static bool read_rows(allostat_binder *binder, const allostat_param_info *info,
                      const allostat_node *list, allostat_schedule *schedule)
{
    const size_t count = (size_t)list->count;
    placed_row *read = allostat_pool_alloc(binder->report->pool, count, sizeof *read);
    allostat_schedule_row *row = allostat_pool_alloc(binder->keep, count, sizeof *row);
    int32_t good_count = 0;

    if (read == NULL || row == NULL) return false;
    for (const allostat_node *at = list->first; at != NULL; at = at->next) {
        good_count += read_row(binder, info, at, &read[good_count]);
    }
    qsort(read, (size_t)good_count, sizeof read[0], compare_rows);
    for (int32_t i = 0; i < good_count; i++) row[i] = read[i].row;
    *schedule = (allostat_schedule){good_count, row};
    return check_overlap(binder, read, good_count) && good_count == list->count;
}

static bool constant_schedule(allostat_binder *binder, const allostat_param_info *info,
                              const allostat_node *node, allostat_schedule *schedule)
{
    allostat_schedule_row *row =
        allostat_pool_alloc(binder->keep, ALLOSTAT_SEX_COUNT, sizeof *row);
    const char *what = allostat_pool_format(binder->report->pool, "'%s'", info->path);
    double value = 0.0;

    if (row == NULL || what == NULL) return false;
    if (!allostat_word_number(node, what, info, binder->report, &value)) return false;
    for (int i = 0; i < ALLOSTAT_SEX_COUNT; i++) {
        row[i] =
            (allostat_schedule_row){(allostat_sex)i, 0, ALLOSTAT_AGE_COUNT - 1, value};
    }
    *schedule = (allostat_schedule){ALLOSTAT_SEX_COUNT, row};
    return true;
}

bool allostat_table_schedule(allostat_binder *binder, const allostat_param_info *info,
                             const allostat_node *node, allostat_schedule *schedule,
                             const char **note)
{
    if (node->kind == ALLOSTAT_NODE_word)
        return constant_schedule(binder, info, node, schedule);
    const allostat_node *rows =
        is_csv(node) ? read_csv(binder, node, schedule_header, note) : node;
    if (rows == NULL) return false;
    if (rows->kind != ALLOSTAT_NODE_list || rows->count == 0) {
        return refuse_table(
            binder, info, node,
            "a number, a list of [sex, age_from, age_to, value], or {csv: path}");
    }
    return read_rows(binder, info, rows, schedule);
}
