#include "engine/span.h"

#include "base/clock.h"
#include "base/columns.h"
#include "care/waiting.h"
#include "engine/overdoses.h"
#include "engine/patients.h"
#include "people/person_days.h"

#include <assert.h>
#include <string.h>

/* A block of everybody's table, at most `most` rows from `first` on. */
static void take_block(allostat_day_block *self, const allostat_span *span,
                       size_t first, size_t most)
{
    allostat_city *city = span->city;
    const size_t left = city->users.street_count - first;

    self->users = &city->users;
    self->first = first;
    self->count = left < most ? left : most;
    self->key = allostat_draw_key_of_numbers(city->key);
    self->seconds = span->seconds;
}

static size_t block_count(const allostat_span *span, size_t block_rows)
{
    return (span->city->users.street_count + block_rows - 1) / block_rows;
}

static allostat_day last_day(const allostat_span *span)
{
    return span->terms[span->day_count - 1].day;
}

/* ---- day by day ---- */

/* One day of a span, for all blocks. */
typedef struct {
    const allostat_span *span;
    int32_t day;
} day_of_all;

static void note_list(allostat_row_list *list, const allostat_day_block *block,
                      allostat_some_rows rows)
{
    list->count[block->first] = (uint32_t)rows.count;
}

static allostat_some_rows noted_list(const allostat_row_list *list,
                                     const allostat_day_block *block)
{
    return (allostat_some_rows){list->row + block->first, list->count[block->first]};
}

/* Whom treatment and stays concern is listed on the first day. */
static void live_today(void *context, size_t block, size_t unused_first, size_t unused)
{
    const day_of_all *self = context;
    const allostat_span *span = self->span;
    allostat_city *city = span->city;
    allostat_day_block rows;

    (void)unused_first, (void)unused;
    take_block(&rows, span, block * ALLOSTAT_DAY_ROWS_MAX, ALLOSTAT_DAY_ROWS_MAX);
    if (self->day == 0) {
        allostat_day_block_open(&rows, city->treated.row + rows.first,
                                city->inside.row + rows.first);
        note_list(&city->treated, &rows, rows.treated);
        note_list(&city->inside, &rows, rows.inside);
    }
    rows.treated = noted_list(&city->treated, &rows);
    rows.inside = noted_list(&city->inside, &rows);
    allostat_day_block_live(&rows, &span->terms[self->day]);
    allostat_overdoses_list(&city->overdoses, &rows);
}

static allostat_status reserve_list(allostat_row_list *list, size_t rows,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (rows <= list->capacity) return ALLOSTAT_OK;
    allostat_column_free((void **)&list->row);
    allostat_column_free((void **)&list->count);
    list->capacity = 0;
    ALLOSTAT_TRY(
        allostat_column_allocate((void **)&list->row, rows, sizeof *list->row, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&list->count, rows,
                                          sizeof *list->count, error));
    list->capacity = rows;
cleanup:
    return status;
}

static allostat_status live_day_by_day(allostat_span *span, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = span->city;
    const size_t rows = city->users.row_capacity;
    day_of_all all = {.span = span};

    ALLOSTAT_TRY(reserve_list(&city->treated, rows, error));
    ALLOSTAT_TRY(reserve_list(&city->inside, rows, error));
    ALLOSTAT_TRY(reserve_list(&city->overdoses, rows, error));
    for (; all.day < span->day_count; all.day++) {
        allostat_share_pieces(city->share, block_count(span, ALLOSTAT_DAY_ROWS_MAX),
                              live_today, &all);
        allostat_overdoses_settle(span, all.day);
    }
cleanup:
    return status;
}

/* ---- all days at once ---- */

/* What the rows of a block read and write stays in the second cache. All its days take
 * a fifth of a millisecond: the last blocks are lived in parts. */
enum { BLOCK_ROWS = 512, PART_ROWS = 128 };

/* All days of a block or of a part of it, as if nobody overdosed. */
static void live_block(void *context, size_t unused_block, size_t first, size_t count)
{
    const allostat_span *span = context;
    allostat_apart *apart = &span->city->apart;
    uint32_t treated[BLOCK_ROWS], inside[BLOCK_ROWS];
    allostat_block_places places = {0};
    allostat_day_block rows;

    (void)unused_block;
    take_block(&rows, span, first, count);
    allostat_apart_open(apart, rows.first, rows.count);
    allostat_day_block_open(&rows, treated, inside);
    for (int32_t day = 0; day < span->day_count; day++) {
        allostat_day_block_live(&rows, &span->terms[day]);
        const allostat_day_note note = {rows.first, rows.count, day, rows.inside};
        allostat_apart_note(apart, rows.users, &note);
        allostat_apart_keep(apart, rows.users,
                            allostat_overdoses_settle_own(span, day, &rows, &places),
                            day, &places.evenings);
    }
}

/* Several threads live days at once also where all rows stay in the cache: they need
 * not wait for each other every day. */
static bool lives_at_once(const allostat_span *span)
{
    const allostat_city *city = span->city;

    return span->day_count > 1 && (allostat_is_shared(city->share) ||
                                   city->users.street_count > city->rows_that_stay);
}

/* Do those who live by the month live it beside the overdoses of its last days? One
 * thread does one thing after the other. */
static bool patients_live_beside(const allostat_span *span)
{
    const allostat_day last = last_day(span);

    return lives_at_once(span) && allostat_is_shared(span->city->share) &&
           last + 1 == allostat_month_first_day(allostat_month_of_day(last) + 1);
}

/* Those apart, day by day: one thread does all of it. */
static void settle_days(void *context)
{
    const allostat_span *span = context;

    allostat_settled_sort(&span->city->settled);
    for (int32_t day = 0; day < span->day_count; day++)
        allostat_overdoses_live(span, day);
}

static void settle_all(allostat_span *span)
{
    const allostat_share_own own = {settle_days, span};

    if (patients_live_beside(span))
        allostat_city_live_patients(span->city, last_day(span), &own);
    else
        settle_days(span);
}

static allostat_status live_at_once(allostat_span *span, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = span->city;

    ALLOSTAT_TRY(reserve_list(&city->overdoses, city->users.row_capacity, error));
    ALLOSTAT_TRY(allostat_apart_begin(&city->apart, &city->users, error));
    ALLOSTAT_TRY(
        allostat_settled_begin(&city->settled, city->users.street_count, error));
    allostat_share_cut_rows(
        city->share,
        (allostat_share_cut){city->users.street_count, BLOCK_ROWS, PART_ROWS},
        live_block, span);
    ALLOSTAT_TRY(allostat_apart_gather(&city->apart, &city->users, error));
    settle_all(span);
    allostat_apart_return(&city->apart, &city->users);
cleanup:
    return status;
}

static allostat_status live(allostat_span *span, allostat_error *error)
{
    return lives_at_once(span) ? live_at_once(span, error)
                               : live_day_by_day(span, error);
}

/* ---- a month ---- */

static void count_block(void *context, size_t block, size_t first, size_t count)
{
    const allostat_span *span = context;

    (void)block;
    allostat_days_close(&span->city->users, first, count,
                        allostat_days_through(last_day(span)));
}

/* The last day of a month is over. */
static void close_month(allostat_span *span)
{
    enum { PATIENTS = (int)ALLOSTAT_DAY_PROCESS_COUNT - 1 };
    const double begun = span->seconds != NULL ? allostat_seconds_now() : 0.0;
    allostat_city *city = span->city;

    allostat_share_rows(city->share, city->users.street_count, count_block, span);
    if (!patients_live_beside(span))
        allostat_city_live_patients(city, last_day(span), NULL);
    if (span->seconds != NULL)
        span->seconds[PATIENTS] += allostat_seconds_now() - begun;
}

/* Since last month nobody can have come to what makes people not plain: the therapies,
 * safer supply and naltrexone are closed. */
static bool stays_plain(const allostat_city *city, const allostat_params *params,
                        allostat_day first)
{
    const allostat_month month = allostat_month_of_day(first);

    return city->is_plain && city->prepared_month + 1 == month &&
           first == allostat_month_first_day(month) && city->therapy_idle.at_rest &&
           city->care_rest.known[ALLOSTAT_RESTS_safer_supply] &&
           allostat_places(params, params->naltrexone_places) == 0;
}

/* Four thousand powers, of parameters that hardly ever change with the others. */
static bool hazards_are_known(const allostat_city *city, const allostat_params *params)
{
    const allostat_params *last = city->hazards_params;

    if (last == NULL || last == params) return last != NULL;
    return memcmp(last->oat_stop_shape, params->oat_stop_shape,
                  sizeof params->oat_stop_shape) == 0 &&
           memcmp(last->oat_stop_scale, params->oat_stop_scale,
                  sizeof params->oat_stop_scale) == 0;
}

/* What is looked up once a month. */
static void prepare(allostat_city *city, const allostat_params *params,
                    allostat_day first)
{
    const allostat_month month = allostat_month_of_day(first);

    if (month != city->prepared_month || first == allostat_month_first_day(month)) {
        city->is_plain = stays_plain(city, params, first) ||
                         allostat_is_plain(&city->users, 0, city->users.row_count);
        city->prepared_month = month;
    }
    if (!hazards_are_known(city, params))
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

/* Of all days of a span, the first of which is `day`. */
static void make_terms(const allostat_span *span, allostat_day_terms *terms,
                       allostat_day day)
{
    allostat_day_terms_make(&terms[0], span->city, span->params, day);
    for (int32_t d = 1; d < span->day_count; d++) {
        terms[d] = terms[d - 1];
        allostat_day_terms_turn_to(&terms[d], span->city, span->params, day + d);
    }
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
        make_terms(&span, terms, day);
        allostat_response_chances_make(&span.chances, span.params);
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
