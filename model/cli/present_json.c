#include "cli/present.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MONTH_SIZE = 16 };

/* Jansson's setters fail when they are handed NULL, and the whole then fails to appear:
 * only the last step needs a look. */
static void set(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

/* A text that is no UTF-8 cannot stand in JSON. */
static json_t *text(const char *value)
{
    json_t *string = json_string(value);

    return string != NULL ? string : json_null();
}

static json_t *date(allostat_day day)
{
    char written[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(day, written);
    return json_string(written);
}

static json_t *month(allostat_month value)
{
    char written[MONTH_SIZE];

    snprintf(written, sizeof written, "%04d-%02d", (int)(value / 12),
             (int)(value % 12 + 1));
    return json_string(written);
}

static json_t *estimate(const allostat_estimate *value)
{
    json_t *object = json_object();

    set(object, "mean", number(value->mean));
    set(object, "low", number(value->low));
    set(object, "high", number(value->high));
    set(object, "replicates", json_integer(value->replicate_count));
    return object;
}

static json_t *years(const allostat_summary *summary)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < summary->year_count; i++) {
        const allostat_year_summary *year = &summary->year[i];
        json_t *object = json_object();
        set(object, "year", json_integer(year->year));
        set(object, "months", json_integer(year->month_count));
        for (int c = 0; c < ALLOSTAT_COLUMN_COUNT; c++) {
            json_t *column = estimate(&year->simulated[c]);
            if (allostat_summary_columns[c].observed) {
                set(column, "observed", number(year->observed[c]));
            }
            set(object, allostat_summary_columns[c].name, column);
        }
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *windows(const allostat_presented *run)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < run->summary->window_count; i++) {
        const allostat_window_summary *window = &run->summary->window[i];
        json_t *object = json_object(), *areas = json_object();
        set(object, "first_month", month(window->first));
        set(object, "last_month", month(window->last));
        for (int32_t area = 0; area < run->areas->count; area++) {
            set(areas, run->areas->label[area],
                estimate(&window->deaths_in_area[area]));
        }
        set(object, "deaths_in_area", areas);
        for (int f = 0; f < ALLOSTAT_FACT_COUNT; f++) {
            set(object, allostat_facts[f].name, estimate(&window->fact[f]));
        }
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *series(const allostat_presented *run)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < run->series_count; i++) {
        json_t *object = json_object();
        set(object, "name", text(run->series[i].name));
        set(object, "dimensions", text(run->series[i].dimensions));
        set(object, "unit", text(run->series[i].unit));
        set(object, "about", text(run->series[i].about));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *whole(const allostat_presented *run)
{
    static const char *const intervals[] = {"none", "lowest to highest",
                                            "2.5th to 97.5th percentile"};
    json_t *object = json_object();

    set(object, "name", text(run->name));
    set(object, "description", text(run->description));
    set(object, "version", text(run->version));
    set(object, "start", date(run->start));
    set(object, "output_start", date(run->output_start));
    set(object, "end", date(run->end));
    set(object, "seed", json_integer(run->seed));
    set(object, "replicates", json_integer(run->summary->replicate_count));
    set(object, "scale", number(run->scale));
    set(object, "interval", json_string(intervals[run->summary->interval]));
    set(object, "years", years(run->summary));
    set(object, "windows", windows(run));
    if (run->series != NULL) set(object, "series", series(run));
    set(object, "file", text(run->path));
    set(object, "sha256", text(run->digest));
    return object;
}

allostat_status allostat_present_json(const allostat_presented *run,
                                      allostat_error *error)
{
    json_t *object = whole(run);
    char *written = object == NULL ? NULL : json_dumps(object, JSON_INDENT(2));

    json_decref(object);
    if (written == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "the summary as JSON");
    puts(written);
    free(written);
    return ALLOSTAT_OK;
}
