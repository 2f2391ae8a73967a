#include "params/past.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_TEXT_SIZE = 128 };

/* What a past does not depend on: names, the window, what is only shown or valued. */
static bool has_no_say(const allostat_param_info *info)
{
    static const char *const paths[] = {"run.name", "run.description", "run.end",
                                        "run.output_start", "run.replicates"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (strcmp(info->path, paths[i]) == 0) return true;
    }
    return strcmp(info->group, "observed") == 0 || strcmp(info->group, "value") == 0;
}

static const void *member(const allostat_params *params,
                          const allostat_param_info *info)
{
    return (const char *)params + info->offset;
}

/* Bytes that hold a parameter's value, those of what it points to left out. */
static size_t value_size(const allostat_param_info *info)
{
    switch (info->kind) {
    case ALLOSTAT_KIND_number:
        return sizeof(double);
    case ALLOSTAT_KIND_count:
        return sizeof(int64_t);
    case ALLOSTAT_KIND_switch:
        return sizeof(bool);
    case ALLOSTAT_KIND_date:
        return sizeof(allostat_day);
    default:
        return sizeof(double) * ALLOSTAT_AXIS_MAX;
    }
}

static bool same_labels(const allostat_labels *a, const allostat_labels *b)
{
    bool same = a->count == b->count;

    for (int32_t i = 0; same && i < a->count; i++)
        same = strcmp(a->label[i], b->label[i]) == 0;
    return same;
}

static bool same_schedule(const allostat_schedule *a, const allostat_schedule *b)
{
    bool same = a->count == b->count;

    for (int32_t i = 0; same && i < a->count; i++) {
        const allostat_schedule_row *x = &a->row[i], *y = &b->row[i];
        same = x->sex == y->sex && x->age_from == y->age_from &&
               x->age_to == y->age_to && !(x->value < y->value) &&
               !(x->value > y->value);
    }
    return same;
}

/* A fixed series is known whole at the start; of a dated one only the days lived
 * count. */
static bool same_series(const allostat_param_info *info, const allostat_series *a,
                        const allostat_series *b, allostat_day first, allostat_day end)
{
    const int32_t last_a = a->day[a->count - 1], last_b = b->day[b->count - 1];
    const allostat_day latest = last_a > last_b ? last_a : last_b;
    const allostat_day until =
        info->change == ALLOSTAT_FIXED && latest >= end ? latest + 1 : end;

    for (allostat_day day = first; day < until; day++) {
        const double x = allostat_series_value(a, day),
                     y = allostat_series_value(b, day);
        if (x < y || x > y) return false;
    }
    return true;
}

static bool same_value(const allostat_param_info *info, const allostat_params *a,
                       const allostat_params *b, allostat_day first, allostat_day end)
{
    const void *x = member(a, info), *y = member(b, info);

    switch (info->kind) {
    case ALLOSTAT_KIND_text:
        return strcmp(x, y) == 0;
    case ALLOSTAT_KIND_labels:
        return same_labels(x, y);
    case ALLOSTAT_KIND_series:
        return same_series(info, x, y, first, end);
    case ALLOSTAT_KIND_schedule:
        return same_schedule(x, y);
    default:
        return memcmp(x, y, value_size(info)) == 0;
    }
}

static void describe(const allostat_param_info *info, const allostat_params *params,
                     char text[VALUE_TEXT_SIZE])
{
    const void *value = member(params, info);

    switch (info->kind) {
    case ALLOSTAT_KIND_number:
        snprintf(text, VALUE_TEXT_SIZE, "%g", *(const double *)value);
        break;
    case ALLOSTAT_KIND_count:
        snprintf(text, VALUE_TEXT_SIZE, "%lld", (long long)*(const int64_t *)value);
        break;
    case ALLOSTAT_KIND_switch:
        snprintf(text, VALUE_TEXT_SIZE, "%s", *(const bool *)value ? "true" : "false");
        break;
    default:
        snprintf(text, VALUE_TEXT_SIZE, "another %s", allostat_kind_name(info->kind));
        break;
    }
}

static allostat_status fail(const allostat_param_info *info, const allostat_params *a,
                            const allostat_params *b, allostat_day day,
                            allostat_error *error)
{
    char was[VALUE_TEXT_SIZE], is[VALUE_TEXT_SIZE], date[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(day, date);
    describe(info, a, was);
    describe(info, b, is);
    return ALLOSTAT_FAIL(error, DATA,
                         "%s was %s on %s when the city was saved and is "
                         "%s now: only what happens from the saved day on may differ",
                         info->path, was, date, is);
}

/* The next day after `day` on which either scenario's parameters change. */
static allostat_day next_change(const allostat_scenario *a, const allostat_scenario *b,
                                allostat_day day, allostat_day end)
{
    const allostat_scenario *both[] = {a, b};
    allostat_day next = end;

    for (int s = 0; s < 2; s++) {
        for (int32_t i = 0; i < both[s]->epoch_count; i++) {
            const allostat_day first = both[s]->epochs[i].first_day;
            if (first > day && first < next) next = first;
        }
    }
    return next;
}

allostat_status allostat_scenario_same_past(const allostat_scenario *saved,
                                            const allostat_scenario *now,
                                            allostat_day date, allostat_error *error)
{
    allostat_day day = saved->epochs[0].params.run_start;

    while (day < date) {
        const allostat_params *a = allostat_scenario_params(saved, day);
        const allostat_params *b = allostat_scenario_params(now, day);
        const allostat_day end = next_change(saved, now, day, date);

        for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
            const allostat_param_info *info = &allostat_param_table[i];
            if (!has_no_say(info) && !same_value(info, a, b, day, end))
                return fail(info, a, b, day, error);
        }
        day = end;
    }
    return ALLOSTAT_OK;
}
