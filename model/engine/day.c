#include "engine/day.h"

#include "base/columns.h"
#include "care/institutions.h"
#include "engine/blocks.h"
#include "opioid/daily.h"

/* What all blocks of a day share. */
typedef struct {
    allostat_city *city;
    allostat_day day;
    allostat_opioid_terms opioid;
    allostat_oat_terms oat;
    allostat_institution_terms institutions;
} day_context;

/* Rare things leave the loop as a list of rows. */
static void list_events(allostat_event_list *list, size_t block, size_t first,
                        size_t count, const int32_t *happened)
{
    uint32_t *row = list->row + block * ALLOSTAT_BLOCK_ROWS;
    uint32_t found = 0;

    for (size_t i = 0; i < count; i++) {
        row[found] = (uint32_t)(first + i);
        found += (uint32_t)happened[i];
    }
    list->count[block] = found;
}

/* The day of one block, while its rows are in cache. */
static void run_block(void *context, size_t block, size_t first, size_t count)
{
    const day_context *day = context;
    allostat_users *users = &day->city->users;
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_BLOCK_ROWS];
    int32_t overdosed[ALLOSTAT_BLOCK_ROWS];

    allostat_draws_fill(day->city->key, allostat_draw_table[ALLOSTAT_DRAW_day_use].call,
                        day->day, 0, users->person + first, count, ALLOSTAT_BLOCK_ROWS,
                        bits[0]);
#define LANE(draw) bits[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane]
    allostat_oat_step(&day->oat, users, first, count);
    allostat_institutions_step(&day->institutions, users, first, count);
    allostat_use_step(&day->opioid.use, users, first, count, LANE(day_use),
                      LANE(day_cessation));
    allostat_visit_step(users, first, count, LANE(day_site_visits));
    allostat_overdose_step(&day->opioid.overdose, users, first, count,
                           LANE(day_overdose), overdosed);
    allostat_opioid_adapt(&day->opioid, users, first, count);
#undef LANE
    list_events(&day->city->overdoses, block, first, count, overdosed);
}

static allostat_status reserve_events(allostat_event_list *list, size_t rows,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t blocks = allostat_block_count(rows);

    if (rows <= list->capacity) return ALLOSTAT_OK;
    allostat_column_free((void **)&list->row);
    allostat_column_free((void **)&list->count);
    list->capacity = 0;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&list->row,
                                          blocks * ALLOSTAT_BLOCK_ROWS + 1,
                                          sizeof *list->row, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&list->count, blocks,
                                          sizeof *list->count, error));
    list->capacity = blocks * ALLOSTAT_BLOCK_ROWS;
cleanup:
    return status;
}

/* Put the rows of all blocks at the front of the list, in order of person, whatever the
 * order of the table. They are few a day, and nearly in order: rows stand in the order
 * of becoming a user. Returns their number. */
static size_t order_by_person(allostat_event_list *list, const allostat_users *users)
{
    const size_t blocks = allostat_block_count(users->row_count);
    size_t count = 0;

    for (size_t block = 0; block < blocks; block++) {
        for (uint32_t i = 0; i < list->count[block]; i++) {
            const uint32_t row = list->row[block * ALLOSTAT_BLOCK_ROWS + i];
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
    const size_t count = order_by_person(&city->overdoses, &city->users);
    const uint32_t *row = city->overdoses.row;
    const allostat_scene scene = {params,           city->key,    day,
                                  &city->residents, &city->users, &city->sites,
                                  &city->witnesses};

    for (size_t i = 0; i < count; i++) {
        const allostat_overdose overdose =
            allostat_overdose_resolve(&scene, (int32_t)row[i]);
        allostat_tally_overdose(&city->tally, &overdose, &city->residents, &city->users,
                                (int32_t)row[i]);
        allostat_overdose_apply(&overdose, params, day, &city->residents, &city->users,
                                (int32_t)row[i]);
    }
}

allostat_status allostat_day_run(allostat_city *city, allostat_day day,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = allostat_scenario_params(city->scenario, day);
    day_context context = {.city = city, .day = day};

    ALLOSTAT_TRY(reserve_events(&city->overdoses, city->users.row_count, error));
    if (city->hazards_params != params) {
        allostat_oat_hazards_make(city->oat_hazards, params);
        city->hazards_params = params;
    }
    allostat_opioid_terms_make(&context.opioid, params, day);
    allostat_oat_terms_make(&context.oat, params, city->oat_hazards,
                            allostat_series_value(&params->supply_fentanyl_share, day),
                            day);
    allostat_institution_terms_make(&context.institutions, params, day);
    allostat_blocks_run(city->users.row_count, city->thread_count, run_block, &context);
    resolve_overdoses(city, params, day);
cleanup:
    return status;
}
