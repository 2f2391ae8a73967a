#include "engine/day.h"

#include "base/clock.h"
#include "base/columns.h"
#include "care/institutions.h"
#include "engine/blocks.h"
#include "engine/patients.h"
#include "opioid/daily.h"

#include <assert.h>

/* What all blocks of a day share. */
typedef struct {
    allostat_city *city;
    allostat_day day;
    allostat_opioid_terms opioid;
    allostat_oat_terms oat;
    allostat_institution_terms institutions;
    double *seconds; /* [ALLOSTAT_DAY_PROCESS_COUNT], or NULL when nobody measures */
    size_t block_rows;
    bool lists_rows; /* the first day of the month that is lived */
} day_context;

/* Rare things leave the loop as a list of rows. */
static void list_events(allostat_event_list *list, size_t block, size_t first,
                        size_t count, const uint8_t *happened)
{
    uint32_t *row = list->row + first;
    uint32_t found = 0;

    for (size_t i = allostat_next_flag(happened, 0, count); i < count;
         i = allostat_next_flag(happened, i + 1, count))
        row[found++] = (uint32_t)(first + i);
    list->count[block] = found;
}

/* One block on its way through the processes of a day. */
typedef struct {
    const day_context *day;
    size_t block, first, count;
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_DAY_ROWS_MAX];
    uint8_t overdosed[ALLOSTAT_DAY_ROWS_MAX];
} day_block;

#define LANE(draw) block->bits[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane]

static void do_draws(day_block *block)
{
    const allostat_city *city = block->day->city;

    allostat_draws_fill(allostat_draw_key_of_numbers(city->key),
                        allostat_draw_table[ALLOSTAT_DRAW_day_use].call,
                        block->day->day, 0, city->users.number + block->first,
                        block->count, ALLOSTAT_DAY_ROWS_MAX, block->bits[0]);
}

static allostat_some_rows rows_of(const allostat_event_list *list,
                                  const day_block *block)
{
    return (allostat_some_rows){list->row + block->first, list->count[block->block]};
}

static void do_treatment(day_block *block)
{
    allostat_city *city = block->day->city;

    allostat_oat_step(&block->day->oat, &city->users, rows_of(&city->treated, block));
}

static void do_institutions(day_block *block)
{
    allostat_city *city = block->day->city;

    allostat_institutions_step(&block->day->institutions, &city->users,
                               rows_of(&city->inside, block));
}

static void do_use(day_block *block)
{
    allostat_use_step(&block->day->opioid.use, &block->day->city->users, block->first,
                      block->count, LANE(day_use), LANE(day_cessation));
}

static void do_site_visits(day_block *block)
{
    allostat_visit_step(&block->day->city->users, block->first, block->count,
                        LANE(day_site_visits));
}

static void do_overdose(day_block *block)
{
    allostat_overdose_step(&block->day->opioid.overdose, &block->day->city->users,
                           block->first, block->count, LANE(day_overdose),
                           block->overdosed);
}

#undef LANE

/* The day of a block, in this order; the adaptations follow. */
static const struct {
    const char *name;
    void (*run)(day_block *block);
} processes[] = {
    {"draws", do_draws},
    {"treatment", do_treatment},
    {"institutions", do_institutions},
    {"use", do_use},
    {"site_visits", do_site_visits},
    {"overdose", do_overdose},
};

enum {
    BEFORE_ADAPTATION = sizeof processes / sizeof processes[0],
    PATIENTS = (int)BEFORE_ADAPTATION + (int)ALLOSTAT_ADAPTATION_COUNT /* monthly */
};

_Static_assert((int)PATIENTS + 1 == (int)ALLOSTAT_DAY_PROCESS_COUNT,
               "as many processes as the header says");

const char *allostat_day_process_name(int32_t process)
{
    if (process < BEFORE_ADAPTATION) return processes[process].name;
    return process == PATIENTS ? "patients"
                               : allostat_adaptations[process - BEFORE_ADAPTATION].name;
}

static void run_process(day_block *block, int32_t process)
{
    if (process < BEFORE_ADAPTATION) {
        processes[process].run(block);
    } else {
        allostat_adaptations[process - BEFORE_ADAPTATION].run(
            &block->day->opioid, &block->day->city->users, block->first, block->count);
    }
}

/* Treatment and stays are granted on first days of months. */
static void list_rows(allostat_city *city, size_t block, size_t first, size_t count)
{
    city->treated.count[block] = (uint32_t)allostat_oat_rows(&city->users, first, count,
                                                             city->treated.row + first);
    city->inside.count[block] = (uint32_t)allostat_institution_rows(
        &city->users, first, count, city->inside.row + first);
}

/* All processes of one block, while its rows are in cache. */
static void run_block(void *context, size_t block, size_t unused_first, size_t unused)
{
    const day_context *day = context;
    const size_t first = block * day->block_rows;
    const size_t left = day->city->users.street_count - first;
    const size_t count = left < day->block_rows ? left : day->block_rows;
    day_block rows;

    (void)unused_first, (void)unused;
    assert(!day->city->is_plain || allostat_is_plain(&day->city->users, first, count));
    if (day->lists_rows) list_rows(day->city, block, first, count);
    rows.day = day;
    rows.block = block;
    rows.first = first;
    rows.count = count;
    for (int32_t p = 0; p < PATIENTS; p++) {
        const double begun = day->seconds != NULL ? allostat_seconds_now() : 0.0;

        run_process(&rows, p);
        if (day->seconds != NULL) day->seconds[p] += allostat_seconds_now() - begun;
    }
    list_events(&day->city->overdoses, block, first, count, rows.overdosed);
}

static allostat_status reserve_events(allostat_event_list *list, size_t rows,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t most = ALLOSTAT_DAY_ROWS_MAX, least = ALLOSTAT_DAY_ROWS_SHARED;
    const size_t capacity = (rows + most - 1) / most * most;

    if (rows <= list->capacity) return ALLOSTAT_OK;
    allostat_column_free((void **)&list->row);
    allostat_column_free((void **)&list->count);
    list->capacity = 0;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&list->row, capacity + 1,
                                          sizeof *list->row, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&list->count, capacity / least,
                                          sizeof *list->count, error));
    list->capacity = capacity;
cleanup:
    return status;
}

/* Put the rows of all blocks at the front of the list, in order of person, whatever the
 * order of the table. They are few a day, and nearly in order: rows stand in the order
 * of becoming a user. Returns their number. */
static size_t order_by_person(allostat_event_list *list, const allostat_users *users,
                              size_t block_rows)
{
    size_t count = 0;

    for (size_t first = 0; first < users->street_count; first += block_rows) {
        for (uint32_t i = 0; i < list->count[first / block_rows]; i++) {
            const uint32_t row = list->row[first + i];
            size_t at = count++;

            for (; at > 0 && users->person[list->row[at - 1]] > users->person[row];
                 at--)
                list->row[at] = list->row[at - 1];
            list->row[at] = row;
        }
    }
    return count;
}

static void resolve_overdoses(allostat_city *city, const allostat_params *params,
                              allostat_day day)
{
    const size_t count =
        order_by_person(&city->overdoses, &city->users, allostat_day_rows(city->share));
    const uint32_t *row = city->overdoses.row;
    const size_t together = ALLOSTAT_RESPONSE_TOGETHER;
    allostat_response_draws drawn;
    allostat_scene scene = {params,           city->key,    day,
                            &city->residents, &city->users, &city->sites,
                            &city->witnesses, &drawn,       0};

    city->tally.day = day;
    for (size_t i = 0; i < count; i++) {
        scene.which = i % together;
        if (scene.which == 0)
            allostat_response_draw(&drawn, &scene, row + i,
                                   count - i < together ? count - i : together);
        const allostat_overdose overdose =
            allostat_overdose_resolve(&scene, (int32_t)row[i]);
        allostat_tally_overdose(&city->tally, &overdose, &city->residents, &city->users,
                                (int32_t)row[i]);
        if (overdose.fatal)
            allostat_tally_after_treatment(&city->tally, &scene, (int32_t)row[i],
                                           overdose.area);
        allostat_overdose_apply(&overdose, params, day, &city->residents, &city->users,
                                (int32_t)row[i]);
    }
}

static void count_block(void *context, size_t block, size_t first, size_t count)
{
    const day_context *day = context;

    (void)block;
    allostat_days_close(&day->city->users, first, count,
                        allostat_days_through(day->day));
}

/* What is looked up once a month. */
static allostat_status prepare(allostat_city *city, allostat_day day, bool *lists_rows,
                               allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_month month = allostat_month_of_day(day);
    const size_t rows = city->users.row_count;

    *lists_rows =
        month != city->prepared_month || day == allostat_month_first_day(month);
    if (!*lists_rows) return ALLOSTAT_OK;
    ALLOSTAT_TRY(reserve_events(&city->treated, rows, error));
    ALLOSTAT_TRY(reserve_events(&city->inside, rows, error));
    ALLOSTAT_TRY(reserve_events(&city->overdoses, rows, error));
    city->is_plain = allostat_is_plain(&city->users, 0, rows);
    city->prepared_month = month;
cleanup:
    return status;
}

allostat_status allostat_day_measure(allostat_city *city, allostat_day day,
                                     double *seconds, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = allostat_scenario_params(city->scenario, day);
    day_context context = {.city = city,
                           .day = day,
                           .seconds = seconds,
                           .block_rows = allostat_day_rows(city->share)};

    ALLOSTAT_TRY(prepare(city, day, &context.lists_rows, error));
    if (city->hazards_params != params) {
        allostat_oat_hazards_make(city->oat_hazards, params);
        city->hazards_params = params;
    }
    allostat_opioid_terms_make(&context.opioid, params, day);
    if (city->is_plain) allostat_opioid_terms_plain(&context.opioid);
    allostat_oat_terms_make(&context.oat, params, city->oat_hazards,
                            allostat_series_value(&params->supply_fentanyl_share, day),
                            day);
    allostat_institution_terms_make(&context.institutions, params, day);
    allostat_share_pieces(city->share,
                          (city->users.street_count + context.block_rows - 1) /
                              context.block_rows,
                          run_block, &context);
    resolve_overdoses(city, params, day);
    if (allostat_month_of_day(day + 1) != allostat_month_of_day(day)) {
        const double begun = seconds != NULL ? allostat_seconds_now() : 0.0;

        allostat_share_rows(city->share, city->users.street_count, count_block,
                            &context);
        allostat_city_live_patients(city, day);
        if (seconds != NULL) seconds[PATIENTS] += allostat_seconds_now() - begun;
    }
cleanup:
    return status;
}

allostat_status allostat_day_run(allostat_city *city, allostat_day day,
                                 allostat_error *error)
{
    return allostat_day_measure(city, day, NULL, error);
}
