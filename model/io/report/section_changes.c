/* What was changed: every parameter that differs between base and policy, its values,
 * where they were written and how they are known. */
#include "io/report/sections.h"
#include "params/value.h"

#include <stdio.h>
#include <string.h>

/* ---- values as text -------------------------------------------------------------- */

static void put_number(allostat_pen *pen, double value)
{
    char text[ALLOSTAT_DOUBLE_TEXT_SIZE];

    allostat_double_format(value, text);
    allostat_pen_put(pen, "%s", text);
}

static void put_day(allostat_pen *pen, allostat_day day)
{
    char text[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(day, text);
    allostat_pen_put(pen, "%s", text);
}

static void put_vector(allostat_pen *pen, const allostat_params *params, int32_t id)
{
    const allostat_axis axis = allostat_param_table[id].axis;
    const double *value = allostat_value_member(params, id);

    for (int32_t i = 0; i < allostat_axis_count(params, axis); i++) {
        allostat_pen_put(pen, "%s", i > 0 ? "; " : "");
        allostat_pen_name(pen, allostat_axis_label(params, axis, i));
        allostat_pen_put(pen, " ");
        put_number(pen, value[i]);
    }
}

/* A long series is told by its ends. */
static void put_series(allostat_pen *pen, const allostat_series *series)
{
    enum { WHOLE = 6 };

    for (int32_t i = 0; i < series->count; i++) {
        if (series->count > WHOLE && i > 0 && i < series->count - 1) {
            if (i == 1) {
                allostat_pen_put(pen, "; … %d dates …", (int)series->count - 2);
            }
            continue;
        }
        if (i > 0) allostat_pen_put(pen, "; ");
        if (series->count > 1) {
            put_day(pen, series->day[i]);
            allostat_pen_put(pen, " ");
        }
        put_number(pen, series->value[i]);
    }
}

static void put_labels(allostat_pen *pen, const allostat_labels *labels)
{
    for (int32_t i = 0; i < labels->count; i++) {
        allostat_pen_put(pen, "%s", i > 0 ? "; " : "");
        allostat_pen_name(pen, labels->label[i]);
    }
}

static void put_value(allostat_pen *pen, const allostat_params *params, int32_t id)
{
    const void *value = allostat_value_member(params, id);

    switch (allostat_param_table[id].kind) {
    case ALLOSTAT_KIND_number:
        put_number(pen, *(const double *)value);
        return;
    case ALLOSTAT_KIND_count:
        allostat_pen_put(pen, "%lld", (long long)*(const int64_t *)value);
        return;
    case ALLOSTAT_KIND_switch:
        allostat_pen_put(pen, "%s", *(const bool *)value ? "on" : "off");
        return;
    case ALLOSTAT_KIND_date:
        put_day(pen, *(const allostat_day *)value);
        return;
    case ALLOSTAT_KIND_text:
        allostat_pen_name(pen, value);
        return;
    case ALLOSTAT_KIND_labels:
        put_labels(pen, value);
        return;
    case ALLOSTAT_KIND_vector:
        put_vector(pen, params, id);
        return;
    case ALLOSTAT_KIND_series:
        put_series(pen, value);
        return;
    case ALLOSTAT_KIND_schedule:
        allostat_pen_put(pen, "a table of %d rows",
                         (int)((const allostat_schedule *)value)->count);
        return;
    }
}

/* Is a parameter the same on every day of both runs? */
static bool same_always(const allostat_scenario *a, const allostat_scenario *b,
                        int32_t id)
{
    for (int32_t i = 0; i < a->epoch_count; i++) {
        const allostat_params *other =
            allostat_scenario_params(b, a->epochs[i].first_day);
        if (!allostat_value_equal(id, &a->epochs[i].params, other)) return false;
    }
    for (int32_t i = 0; i < b->epoch_count; i++) {
        const allostat_params *other =
            allostat_scenario_params(a, b->epochs[i].first_day);
        if (!allostat_value_equal(id, &b->epochs[i].params, other)) return false;
    }
    return true;
}

/* ---- the table ------------------------------------------------------------------- */

/* The value at the start, then every change with its day. */
static void put_history(allostat_pen *pen, const allostat_scenario *scenario,
                        int32_t id)
{
    for (int32_t i = 0; i < scenario->epoch_count; i++) {
        const allostat_epoch *epoch = &scenario->epochs[i];
        if (i > 0 && allostat_value_equal(id, &epoch[-1].params, &epoch->params))
            continue;
        if (i > 0) {
            allostat_pen_put(pen, "<br>from ");
            put_day(pen, epoch->first_day);
            allostat_pen_put(pen, " (");
            allostat_pen_name(pen, allostat_scenario_why(scenario, i));
            allostat_pen_put(pen, "): ");
        }
        put_value(pen, &epoch->params, id);
    }
}

/* Names of the run itself are no levers. */
static bool is_name(int32_t id)
{
    return id == ALLOSTAT_PARAM_run_name || id == ALLOSTAT_PARAM_run_description;
}

static void put_row(allostat_pen *page, const allostat_scenario *base,
                    const allostat_scenario *policy, int32_t id)
{
    const allostat_param_info *info = &allostat_param_table[id];
    const allostat_origin *origin = &policy->origins[id];

    allostat_pen_put(page, "<tr><th scope=\"row\"><code>");
    allostat_pen_text(page, info->path);
    allostat_pen_put(page, "</code><br><small>");
    allostat_pen_text(page, info->about);
    if (info->unit[0] != '\0' && strcmp(info->unit, "1") != 0) {
        allostat_pen_put(page, " (");
        allostat_pen_text(page, info->unit);
        allostat_pen_put(page, ")");
    }
    allostat_pen_put(page, "</small></th><td>");
    put_history(page, base, id);
    allostat_pen_put(page, "</td><td>");
    put_history(page, policy, id);
    allostat_pen_put(page, "</td><td>");
    allostat_pen_name(page, origin->file[0] == '\0' ? "default" : origin->file);
    if (origin->line > 0) allostat_pen_put(page, ":%d", origin->line);
    allostat_pen_put(page,
                     "</td><td><b>%s</b>: ", allostat_evidence_name(info->evidence));
    allostat_pen_name(page, origin->source[0] != '\0' ? origin->source : info->source);
    allostat_pen_put(page, "</td></tr>\n");
}

void allostat_section_changes(const allostat_view *view)
{
    const allostat_scenario *base = view->base->scenario;
    const allostat_scenario *policy = view->policy->scenario;
    allostat_pen *page = &view->canvas->page;
    int32_t count = 0;

    allostat_pen_put(page, "<h3>What was changed</h3>\n");
    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        if (is_name(id) || same_always(base, policy, id)) continue;
        if (count++ == 0) {
            allostat_pen_put(page,
                             "<div class=\"scroll\"><table class=\"words\"><tr><th "
                             "scope=\"col\">parameter</th><th scope=\"col\">base</th>"
                             "<th scope=\"col\">policy</th><th scope=\"col\">written "
                             "in</th><th scope=\"col\">how it is known</th></tr>\n");
        }
        put_row(page, base, policy, id);
    }
    if (count == 0) {
        allostat_pen_put(page, "<p>Nothing: base and policy have the same "
                               "parameters.</p>\n");
        return;
    }
    allostat_pen_put(page, "</table></div>\n<p>All else is as in the base.</p>\n");
}
