#include "study/biography.h"

#include <math.h> /* isnan */

static allostat_status write_header(allostat_text *text, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_text_append(text, error, "date,age"));
    for (int c = 0; c < ALLOSTAT_TRACE_COUNT; c++) {
        ALLOSTAT_TRY(allostat_text_append(
            text, error, ",%s",
            allostat_trace_column_describe((allostat_trace_column)c).name));
    }
    ALLOSTAT_TRY(allostat_text_append(text, error, ",events\n"));
cleanup:
    return status;
}

/* The events of a day, which stand in `self` from *next on. */
static allostat_status write_events(const allostat_biography *self, allostat_day day,
                                    int32_t *next, allostat_text *text,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const char *divider = ",";

    while (*next < self->happening_count && self->happening[*next].day <= day) {
        ALLOSTAT_TRY(allostat_text_append(
            text, error, "%s%s", divider,
            allostat_life_event_names[self->happening[*next].kind]));
        divider = "; ";
        (*next)++;
    }
    ALLOSTAT_TRY(allostat_text_append(text, error, divider[0] == ',' ? ",\n" : "\n"));
cleanup:
    return status;
}

static allostat_status write_day(const allostat_biography *self,
                                 const allostat_trace_day *day, allostat_text *text,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char date[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(day->day, date);
    ALLOSTAT_TRY(
        allostat_text_append(text, error, "%s,%d", date,
                             (int)allostat_age_in_month(
                                 self->birth_month, allostat_month_of_day(day->day))));
    for (int c = 0; c < ALLOSTAT_TRACE_COUNT; c++) {
        if (isnan(day->value[c])) {
            ALLOSTAT_TRY(allostat_text_append(text, error, ","));
        } else {
            ALLOSTAT_TRY(
                allostat_text_append(text, error, ",%.6g", (double)day->value[c]));
        }
    }
cleanup:
    return status;
}

allostat_status allostat_biography_csv(const allostat_biography *self,
                                       allostat_text *text, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    int32_t next = 0;

    ALLOSTAT_TRY(write_header(text, error));
    for (int32_t i = 0; i < self->day_count; i++) {
        const allostat_trace_day *day = &self->day[i];
        const bool last = i == self->day_count - 1;
        /* What happens after the last day, such as moving out, is told on it. */
        const allostat_day until = last ? INT32_MAX : day->day;

        ALLOSTAT_TRY(write_day(self, day, text, error));
        ALLOSTAT_TRY(write_events(self, until, &next, text, error));
    }
cleanup:
    return status;
}

allostat_status allostat_biography_columns(allostat_text *text, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_text_append(text, error,
                                      "column,unit,meaning\n"
                                      "date,,\"day, YYYY-MM-DD\"\n"
                                      "age,y,age in whole years\n"));
    for (int c = 0; c < ALLOSTAT_TRACE_COUNT; c++) {
        const allostat_trace_column_info info =
            allostat_trace_column_describe((allostat_trace_column)c);
        ALLOSTAT_TRY(allostat_text_append(text, error, "%s,%s,\"%s\"\n", info.name,
                                          info.unit, info.about));
    }
    ALLOSTAT_TRY(allostat_text_append(
        text, error, "events,,\"what happened on the day, divided by semicolons\"\n"));
cleanup:
    return status;
}
