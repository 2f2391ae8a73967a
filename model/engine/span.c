#include "engine/span.h"

#include "base/clock.h"
#include "engine/overdoses.h"
#include "engine/patients.h"
#include "people/person_days.h"

#include <assert.h>

/* Rows that live their days at once: what they read and write, and what is kept of it,
 * stays in the second cache. */
enum { BLOCK_ROWS = 512 };

/* All days of one block, as if nobody overdosed. */
static void live_block(void *context, size_t block, size_t unused_first, size_t unused)
{
    const allostat_span *span = context;
    allostat_city *city = span->city;
    const size_t first = block * BLOCK_ROWS, left = city->users.street_count - first;
    allostat_day_block rows = {.users = &city->users,
                               .first = first,
                               .count = left < BLOCK_ROWS ? left : BLOCK_ROWS,
                               .key = allostat_draw_key_of_numbers(city->key),
                               .seconds = span->seconds};

    (void)unused_first, (void)unused;
    allostat_apart_keep(&city->apart, rows.users, first, rows.count);
    allostat_day_block_open(&rows);
    for (int32_t day = 0; day < span->day_count; day++) {
        allostat_day_block_live(&rows, &span->terms[day]);
        const allostat_day_note note = {first, rows.count, day, rows.overdosed,
                                        rows.inside};
        allostat_apart_note(&city->apart, rows.users, &note);
    }
    allostat_apart_take(&city->apart, rows.users, first, rows.count);
}

static allostat_status live(allostat_span *span, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = span->city;
    const allostat_day first = span->terms[0].day;
    const bool opens_month =
        first == allostat_month_first_day(allostat_month_of_day(first));

    ALLOSTAT_TRY(allostat_apart_begin(&city->apart, &city->users, opens_month, error));
    allostat_share_pieces(city->share,
                          (city->users.street_count + BLOCK_ROWS - 1) / BLOCK_ROWS,
                          live_block, span);
    ALLOSTAT_TRY(allostat_apart_gather(&city->apart, &city->users, error));
    for (int32_t day = 0; day < span->day_count; day++)
        ALLOSTAT_TRY(allostat_overdoses_live(span, day, error));
    allostat_apart_return(&city->apart, &city->users);
cleanup:
    return status;
}

static void count_block(void *context, size_t block, size_t first, size_t count)
{
    const allostat_span *span = context;
    const allostat_day last = span->terms[span->day_count - 1].day;

    (void)block;
    allostat_days_close(&span->city->users, first, count, allostat_days_through(last));
}

/* The last day of a month is over. */
static void close_month(allostat_span *span)
{
    enum { PATIENTS = (int)ALLOSTAT_DAY_PROCESS_COUNT - 1 };
    const double begun = span->seconds != NULL ? allostat_seconds_now() : 0.0;
    allostat_city *city = span->city;

    allostat_share_rows(city->share, city->users.street_count, count_block, span);
    allostat_city_live_patients(city, span->terms[span->day_count - 1].day);
    if (span->seconds != NULL)
        span->seconds[PATIENTS] += allostat_seconds_now() - begun;
}

/* What is looked up once a month. */
static void prepare(allostat_city *city, const allostat_params *params,
                    allostat_day first)
{
    const allostat_month month = allostat_month_of_day(first);

    if (month != city->prepared_month || first == allostat_month_first_day(month)) {
        city->is_plain = allostat_is_plain(&city->users, 0, city->users.row_count);
        city->prepared_month = month;
    }
    if (city->hazards_params == params) return;
    allostat_oat_hazards_make(city->oat_hazards, params);
    city->hazards_params = params;
}

/* Days under the same parameters, from `first` on. */
static int32_t days_alike(const allostat_city *city, allostat_day first,
                          allostat_day end)
{
    const allostat_params *params = allostat_scenario_params(city->scenario, first);
    allostat_day day = first + 1;

    while (day < end && allostat_scenario_params(city->scenario, day) == params) day++;
    return day - first;
}

allostat_status allostat_days_measure(allostat_city *city, allostat_day first,
                                      allostat_day end, double *seconds,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_day next_month =
        allostat_month_first_day(allostat_month_of_day(first) + 1);
    allostat_day_terms terms[ALLOSTAT_SPAN_DAYS_MAX];
    allostat_span span = {.city = city, .terms = terms, .seconds = seconds};

    assert(end <= next_month);
    for (allostat_day day = first; day < end; day += span.day_count) {
        span.params = allostat_scenario_params(city->scenario, day);
        span.day_count = days_alike(city, day, end);
        prepare(city, span.params, day);
        for (int32_t d = 0; d < span.day_count; d++)
            allostat_day_terms_make(&terms[d], city, span.params, day + d);
        ALLOSTAT_TRY(live(&span, error));
    }
    if (end == next_month) close_month(&span);
cleanup:
    return status;
}

allostat_status allostat_days_run(allostat_city *city, allostat_day first,
                                  allostat_day end, allostat_error *error)
{
    return allostat_days_measure(city, first, end, NULL, error);
}
