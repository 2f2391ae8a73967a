#include "params/value.h"

#include "params/word.h"

#include <stdio.h>
#include <string.h>

static void *member_of(allostat_params *params, const allostat_param_info *info)
{
    return (char *)params + info->offset;
}

const void *allostat_value_member(const allostat_params *params, int32_t id)
{
    return (const char *)params + allostat_param_table[id].offset;
}

/* The value within {value: …, source: …}, or the node itself; NULL with a mistake. */
static const allostat_node *unwrap(allostat_binder *binder, const allostat_node *node,
                                   const char **source)
{
    const allostat_node *value = allostat_node_find(node, "value");
    const allostat_node *note = allostat_node_find(node, "source");

    if (value == NULL && (note == NULL || node->count > 1)) return node;
    for (const allostat_node *child = node->first; child != NULL; child = child->next) {
        if (child == value || child == note) continue;
        allostat_report_add(binder->report, child->key->place,
                            "only 'source' stands beside 'value', not %s",
                            allostat_report_quote(binder->report, child->key->text));
    }
    if (value == NULL) {
        allostat_report_add(binder->report, note->place,
                            "'source' stands here without 'value'");
    } else if (note != NULL && note->kind != ALLOSTAT_NODE_word) {
        allostat_report_add(binder->report, note->place, "'source' must be a text");
    } else if (note != NULL && strlen(note->text) >= ALLOSTAT_MESSAGE_SIZE) {
        allostat_report_add(binder->report, note->place,
                            "'source' has %zu bytes; at most %d are allowed",
                            strlen(note->text), ALLOSTAT_MESSAGE_SIZE - 1);
    } else if (note != NULL) {
        *source = note->text;
    }
    return value;
}

static void note_origin(allostat_origin *origin, const allostat_node *node,
                        const char *source)
{
    const allostat_source *from = node->place.source;

    snprintf(origin->file, sizeof origin->file, "%s",
             from->is_set ? "--set" : from->name);
    snprintf(origin->source, sizeof origin->source, "%s", source);
    origin->line = from->is_set ? 0 : node->place.line;
}

static bool has_label(const allostat_labels *labels, const char *label)
{
    for (int32_t i = 0; i < labels->count; i++) {
        if (strcmp(labels->label[i], label) == 0) return true;
    }
    return false;
}

static bool read_label(allostat_binder *binder, const char *what,
                       const allostat_node *node, allostat_labels *labels)
{
    allostat_report *report = binder->report;
    char *text = labels->label[labels->count];

    if (!allostat_word_text(node, what, report, text)) return false;
    if (text[0] == '\0' || has_label(labels, text)) {
        allostat_report_add(report, node->place,
                            "%s must not be empty and no two the same, not %s", what,
                            allostat_report_quote(report, node->text));
        memset(text, 0, ALLOSTAT_TEXT_SIZE);
        return false;
    }
    labels->count++;
    return true;
}

static bool read_labels(allostat_binder *binder, const char *what,
                        const allostat_node *node, allostat_labels *labels)
{
    bool good = true;

    if (node->kind != ALLOSTAT_NODE_list || node->count == 0 ||
        node->count > ALLOSTAT_AREAS_MAX) {
        if (node->kind != ALLOSTAT_NODE_refused) {
            allostat_report_add(
                binder->report, node->place,
                "%s must be a list of 1 to %d names, such as [North, South]", what,
                ALLOSTAT_AREAS_MAX);
        }
        return false;
    }
    *labels = (allostat_labels){0};
    for (const allostat_node *at = node->first; at != NULL; at = at->next) {
        good = read_label(binder, what, at, labels) && good;
    }
    return good;
}

/* The index of a label of the parameter's axis; -1 with a mistake. */
static int32_t find_label(allostat_binder *binder, const allostat_param_info *info,
                          const allostat_params *params, const allostat_node *key)
{
    const char *names[ALLOSTAT_AXIS_MAX];
    const int32_t count = allostat_axis_count(params, info->axis);

    for (int32_t i = 0; i < count; i++) {
        names[i] = allostat_axis_label(params, info->axis, i);
        if (key->kind == ALLOSTAT_NODE_word && strcmp(names[i], key->text) == 0)
            return i;
    }
    if (binder->areas_unknown && info->axis == ALLOSTAT_AXIS_area) return -1;
    if (key->kind != ALLOSTAT_NODE_word) return -1;
    allostat_report_add(binder->report, key->place, "'%s' has no part called %s%s",
                        info->path, allostat_report_quote(binder->report, key->text),
                        allostat_names_hint(binder->report, key->text, names, count));
    return -1;
}

static bool read_parts(allostat_binder *binder, const allostat_param_info *info,
                       const allostat_node *map, allostat_params *params,
                       allostat_labels_given *given)
{
    double *value = member_of(params, info);
    bool good = true;

    for (const allostat_node *at = map->first; at != NULL; at = at->next) {
        const int32_t i = find_label(binder, info, params, at->key);
        const char *what = allostat_pool_format(binder->report->pool, "'%s' of '%s'",
                                                info->path, at->key->text);
        if (i < 0 || what == NULL) {
            good = false;
            continue;
        }
        good = allostat_word_number(at, what, info, binder->report, &value[i]) && good;
        *given |= (allostat_labels_given)1 << i;
    }
    return good;
}

static bool read_vector(allostat_binder *binder, const allostat_param_info *info,
                        const allostat_node *node, allostat_params *params,
                        allostat_labels_given *given)
{
    const int32_t count = allostat_axis_count(params, info->axis);
    const char *what = allostat_pool_format(binder->report->pool, "'%s'", info->path);
    double *value = member_of(params, info), all = 0.0;

    if (node->kind == ALLOSTAT_NODE_map)
        return read_parts(binder, info, node, params, given);
    if (what == NULL) return false;
    if (node->kind == ALLOSTAT_NODE_list) {
        allostat_report_add(
            binder->report, node->place,
            "%s must be one number for all or a map of name: number, not a list", what);
        return false;
    }
    if (!allostat_word_number(node, what, info, binder->report, &all)) return false;
    for (int32_t i = 0; i < count; i++) {
        value[i] = all;
        *given |= (allostat_labels_given)1 << i;
    }
    return true;
}

static bool read_count(allostat_binder *binder, const allostat_param_info *info,
                       const char *what, const allostat_node *node, int64_t *value)
{
    const allostat_whole_range range = {(int64_t)info->low, (int64_t)info->high,
                                        info->unit};
    return allostat_word_whole(node, what, range, binder->report, value);
}

/* Kinds that are one word or a list of words. */
static bool read_simple(allostat_binder *binder, const allostat_param_info *info,
                        const allostat_node *node, void *member)
{
    allostat_report *report = binder->report;
    const char *what = allostat_pool_format(report->pool, "'%s'", info->path);

    if (what == NULL) return false;
    switch (info->kind) {
    case ALLOSTAT_KIND_number:
        return allostat_word_number(node, what, info, report, member);
    case ALLOSTAT_KIND_count:
        return read_count(binder, info, what, node, member);
    case ALLOSTAT_KIND_switch:
        return allostat_word_switch(node, what, report, member);
    case ALLOSTAT_KIND_date:
        return allostat_word_day(node, what, report, member);
    case ALLOSTAT_KIND_text:
        return allostat_word_text(node, what, report, member);
    case ALLOSTAT_KIND_labels:
        return read_labels(binder, what, node, member);
    case ALLOSTAT_KIND_vector:
    case ALLOSTAT_KIND_series:
    case ALLOSTAT_KIND_schedule:
        break;
    }
    return false;
}

bool allostat_value_bind(allostat_binder *binder, int32_t id, const allostat_node *node,
                         allostat_params *params, allostat_origin *origin,
                         allostat_labels_given *given)
{
    const allostat_param_info *info = &allostat_param_table[id];
    const int32_t before = binder->report->count;
    const char *source = "";
    void *member = member_of(params, info);
    const allostat_node *value = unwrap(binder, node, &source);
    bool good = value != NULL;

    if (good && info->kind == ALLOSTAT_KIND_vector) {
        good = read_vector(binder, info, value, params, given);
    } else if (good && info->kind == ALLOSTAT_KIND_series) {
        good = allostat_table_series(binder, info, value, member, &source);
    } else if (good && info->kind == ALLOSTAT_KIND_schedule) {
        good = allostat_table_schedule(binder, info, value, member, &source);
    } else if (good) {
        good = read_simple(binder, info, value, member);
    }
    if (origin != NULL) note_origin(origin, node, source != NULL ? source : "");
    return good && binder->report->count == before && !binder->report->pool->failed;
}

static void default_labels(const char *text, allostat_labels *labels)
{
    *labels = (allostat_labels){0};
    while (*text != '\0' && labels->count < ALLOSTAT_AREAS_MAX) {
        const int length = (int)strcspn(text, ",");
        snprintf(labels->label[labels->count++], ALLOSTAT_TEXT_SIZE, "%.*s", length,
                 text);
        text += length;
        text += strspn(text, ", ");
    }
}

static bool default_series(allostat_pool *keep, const allostat_param_info *info,
                           allostat_series *series)
{
    allostat_day *day = allostat_pool_alloc(keep, 1, sizeof *day);
    double *value = allostat_pool_alloc(keep, 1, sizeof *value);

    if (day == NULL || value == NULL) return false;
    *day = ALLOSTAT_SERIES_CONSTANT_DAY;
    *value = info->default_value;
    *series = (allostat_series){1, day, value, info->interpolation};
    return true;
}

static bool default_schedule(allostat_pool *keep, const allostat_param_info *info,
                             allostat_schedule *schedule)
{
    allostat_schedule_row *row =
        allostat_pool_alloc(keep, ALLOSTAT_SEX_COUNT, sizeof *row);

    if (row == NULL) return false;
    for (int i = 0; i < ALLOSTAT_SEX_COUNT; i++) {
        row[i] = (allostat_schedule_row){(allostat_sex)i, 0, ALLOSTAT_AGE_COUNT - 1,
                                         info->default_value};
    }
    *schedule = (allostat_schedule){ALLOSTAT_SEX_COUNT, row};
    return true;
}

/* Values behind the last label are zero, so that equal scenarios have equal records. */
static void default_vector(const allostat_param_info *info,
                           const allostat_params *params, double *value)
{
    const int32_t count = allostat_axis_count(params, info->axis);

    for (int32_t i = 0; i < ALLOSTAT_AXIS_MAX; i++)
        value[i] = i < count ? info->default_value : 0.0;
}

bool allostat_value_default(allostat_pool *keep, int32_t id, allostat_params *params)
{
    const allostat_param_info *info = &allostat_param_table[id];
    void *member = member_of(params, info);

    switch (info->kind) {
    case ALLOSTAT_KIND_number:
        *(double *)member = info->default_value;
        return true;
    case ALLOSTAT_KIND_count:
        *(int64_t *)member = (int64_t)info->default_value;
        return true;
    case ALLOSTAT_KIND_switch:
        *(bool *)member = info->default_value > 0.0;
        return true;
    case ALLOSTAT_KIND_date:
        return allostat_day_parse(info->default_text, member);
    case ALLOSTAT_KIND_text:
        snprintf(member, ALLOSTAT_TEXT_SIZE, "%s", info->default_text);
        return true;
    case ALLOSTAT_KIND_labels:
        default_labels(info->default_text, member);
        return true;
    case ALLOSTAT_KIND_vector:
        default_vector(info, params, member);
        return true;
    case ALLOSTAT_KIND_series:
        return default_series(keep, info, member);
    case ALLOSTAT_KIND_schedule:
        return default_schedule(keep, info, member);
    }
    return false;
}

static bool same_series(const allostat_series *a, const allostat_series *b)
{
    const size_t count = (size_t)a->count;

    return a->count == b->count && a->interpolation == b->interpolation &&
           memcmp(a->day, b->day, count * sizeof a->day[0]) == 0 &&
           memcmp(a->value, b->value, count * sizeof a->value[0]) == 0;
}

static bool same_schedule(const allostat_schedule *a, const allostat_schedule *b)
{
    if (a->count != b->count) return false;
    for (int32_t i = 0; i < a->count; i++) {
        const allostat_schedule_row *left = &a->row[i], *right = &b->row[i];
        if (left->sex != right->sex || left->age_from != right->age_from ||
            left->age_to != right->age_to ||
            memcmp(&left->value, &right->value, sizeof left->value) != 0) {
            return false;
        }
    }
    return true;
}

/* What stands behind the end of a text does not count. */
static bool same_labels(const allostat_labels *a, const allostat_labels *b)
{
    if (a->count != b->count) return false;
    for (int32_t i = 0; i < a->count; i++) {
        if (strcmp(a->label[i], b->label[i]) != 0) return false;
    }
    return true;
}

bool allostat_value_equal(int32_t id, const allostat_params *a,
                          const allostat_params *b)
{
    static const size_t sizes[] = {
        [ALLOSTAT_KIND_number] = sizeof(double),
        [ALLOSTAT_KIND_count] = sizeof(int64_t),
        [ALLOSTAT_KIND_switch] = sizeof(bool),
        [ALLOSTAT_KIND_date] = sizeof(allostat_day),
        [ALLOSTAT_KIND_vector] = ALLOSTAT_AXIS_MAX * sizeof(double),
    };
    const allostat_param_kind kind = allostat_param_table[id].kind;
    const void *left = allostat_value_member(a, id),
               *right = allostat_value_member(b, id);

    if (kind == ALLOSTAT_KIND_series) return same_series(left, right);
    if (kind == ALLOSTAT_KIND_schedule) return same_schedule(left, right);
    if (kind == ALLOSTAT_KIND_labels) return same_labels(left, right);
    if (kind == ALLOSTAT_KIND_text) return strcmp(left, right) == 0;
    return memcmp(left, right, sizes[kind]) == 0;
}
