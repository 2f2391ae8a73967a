#include "params/past.h"

#include "params/value.h"

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

static bool same_value(int32_t id, const allostat_params *a, const allostat_params *b,
                       allostat_day first, allostat_day end)
{
    const allostat_param_info *info = &allostat_param_table[id];

    if (info->kind != ALLOSTAT_KIND_series) return allostat_value_equal(id, a, b);
    return same_series(info, allostat_value_member(a, id), allostat_value_member(b, id),
                       first, end);
}

static void describe(int32_t id, const allostat_params *params,
                     char text[VALUE_TEXT_SIZE])
{
    const allostat_param_info *info = &allostat_param_table[id];
    const void *value = allostat_value_member(params, id);

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

static allostat_status fail(int32_t id, const allostat_params *a,
                            const allostat_params *b, allostat_day day,
                            allostat_error *error)
{
    char was[VALUE_TEXT_SIZE], is[VALUE_TEXT_SIZE], date[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(day, date);
    describe(id, a, was);
    describe(id, b, is);
    return ALLOSTAT_FAIL(error, DATA,
                         "%s was %s on %s when the city was saved and is "
                         "%s now: only what happens from the saved day on may differ",
                         allostat_param_table[id].path, was, date, is);
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
            if (!has_no_say(&allostat_param_table[i]) && !same_value(i, a, b, day, end))
                return fail(i, a, b, day, error);
        }
        day = end;
    }
    return ALLOSTAT_OK;
}
