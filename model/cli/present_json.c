#include "cli/json.h"
#include "cli/present.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *date(allostat_day day)
{
    char written[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(day, written);
    return json_string(written);
}

static json_t *estimate(const allostat_estimate *value)
{
    json_t *object = json_object();

    allostat_json_set(object, "mean", allostat_json_number(value->mean));
    allostat_json_set(object, "low", allostat_json_number(value->low));
    allostat_json_set(object, "high", allostat_json_number(value->high));
    allostat_json_set(object, "replicates", json_integer(value->replicate_count));
    return object;
}

static json_t *years(const allostat_summary *summary)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < summary->year_count; i++) {
        const allostat_year_summary *year = &summary->year[i];
        json_t *object = json_object();
        allostat_json_set(object, "year", json_integer(year->year));
        allostat_json_set(object, "months", json_integer(year->month_count));
        for (int c = 0; c < ALLOSTAT_COLUMN_COUNT; c++) {
            json_t *column = estimate(&year->simulated[c]);
            if (allostat_summary_columns[c].observed) {
                allostat_json_set(column, "observed",
                                  allostat_json_number(year->observed[c]));
            }
            allostat_json_set(object, allostat_summary_columns[c].name, column);
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
        allostat_json_set(object, "first_month", allostat_json_month(window->first));
        allostat_json_set(object, "last_month", allostat_json_month(window->last));
        for (int32_t area = 0; area < run->areas->count; area++) {
            allostat_json_set(areas, run->areas->label[area],
                              estimate(&window->deaths_in_area[area]));
        }
        allostat_json_set(object, "deaths_in_area", areas);
        for (int f = 0; f < ALLOSTAT_FACT_COUNT; f++) {
            allostat_json_set(object, allostat_facts[f].name,
                              estimate(&window->fact[f]));
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
        allostat_json_set(object, "name", allostat_json_text(run->series[i].name));
        allostat_json_set(object, "dimensions",
                          allostat_json_text(run->series[i].dimensions));
        allostat_json_set(object, "unit", allostat_json_text(run->series[i].unit));
        allostat_json_set(object, "about", allostat_json_text(run->series[i].about));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *whole(const allostat_presented *run)
{
    static const char *const intervals[] = {"none", "lowest to highest",
                                            "2.5th to 97.5th percentile"};
    json_t *object = json_object();

    allostat_json_set(object, "name", allostat_json_text(run->name));
    allostat_json_set(object, "description", allostat_json_text(run->description));
    allostat_json_set(object, "version", allostat_json_text(run->version));
    allostat_json_set(object, "start", date(run->start));
    allostat_json_set(object, "output_start", date(run->output_start));
    allostat_json_set(object, "end", date(run->end));
    allostat_json_set(object, "seed", json_integer(run->seed));
    allostat_json_set(object, "replicates",
                      json_integer(run->summary->replicate_count));
    allostat_json_set(object, "scale", allostat_json_number(run->scale));
    allostat_json_set(object, "interval",
                      json_string(intervals[run->summary->interval]));
    allostat_json_set(object, "years", years(run->summary));
    allostat_json_set(object, "windows", windows(run));
    if (run->series != NULL) allostat_json_set(object, "series", series(run));
    allostat_json_set(object, "file", allostat_json_text(run->path));
    allostat_json_set(object, "sha256", allostat_json_text(run->digest));
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
