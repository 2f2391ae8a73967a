#include "engine/overdoses.h"

#include "base/columns.h"
#include "care/response.h"

/* Rows of those who live apart; those of all blocks were drawn for before: an audit has
 * been told. */
static allostat_draw_key silent(allostat_draw_key key)
{
    key.listener = NULL;
    return allostat_draw_key_of_numbers(key);
}

/* The rows lived a day; who overdosed is put at the end of the list, in order of
 * person: they are few, and nearly in order. */
static size_t list_by_person(const allostat_day_block *block, size_t listed,
                             uint32_t *list)
{
    const uint32_t *person = block->users->person;

    for (size_t i = allostat_next_flag(block->overdosed, 0, block->count);
         i < block->count;
         i = allostat_next_flag(block->overdosed, i + 1, block->count)) {
        const uint32_t row = (uint32_t)(block->first + i);
        size_t at = listed++;

        for (; at > 0 && person[list[at - 1]] > person[row]; at--)
            list[at] = list[at - 1];
        list[at] = row;
    }
    return listed;
}

/* Returns how many overdosed. */
static size_t live_apart(const allostat_span *span, int32_t day)
{
    allostat_apart *apart = &span->city->apart;
    const size_t most = ALLOSTAT_DAY_ROWS_MAX, end = apart->rows.row_count;
    allostat_day_block block = {.users = &apart->rows, .key = silent(span->city->key)};
    size_t listed = 0;

    for (size_t first = 0; first < end; first += most) {
        block.first = first;
        block.count = end - first < most ? end - first : most;
        allostat_day_block_open(&block);
        allostat_day_block_live(&block, &span->terms[day]);
        listed = list_by_person(&block, listed, apart->today);
    }
    return listed;
}

/* Who sees somebody die lives apart from now on. The days until now were lived without
 * an overdose, and are again. */
static allostat_status bring_witness(const allostat_span *span, uint32_t row,
                                     int32_t day, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = span->city;
    allostat_day_block block = {.users = &city->apart.rows,
                                .first = city->apart.rows.row_count,
                                .count = 1,
                                .key = silent(city->key)};

    ALLOSTAT_TRY(allostat_apart_bring(&city->apart, &city->users, row, error));
    allostat_day_block_open(&block);
    for (int32_t d = 0; d <= day; d++) allostat_day_block_live(&block, &span->terms[d]);
cleanup:
    return status;
}

/* Where the row of a witness of a death is today. */
static allostat_status find_witness(const allostat_span *span, int32_t row, int32_t day,
                                    allostat_aftermath *after, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_apart *apart = &span->city->apart;

    after->seen = &span->city->users;
    after->seen_row = (size_t)row;
    if (row < 0 || (size_t)row >= apart->street_count) return ALLOSTAT_OK;
    if (apart->place[row] == 0)
        ALLOSTAT_TRY(bring_witness(span, (uint32_t)row, day, error));
    after->seen = &apart->rows;
    after->seen_row = (size_t)apart->place[row] - 1;
cleanup:
    return status;
}

static allostat_status settle(const allostat_span *span, int32_t day,
                              const allostat_scene *scene, int32_t row,
                              allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = span->city;
    allostat_aftermath after = {.params = span->params,
                                .day = scene->day,
                                .residents = &city->residents,
                                .users = &city->users,
                                .own = &city->apart.rows};
    const allostat_overdose overdose = allostat_overdose_resolve(scene, row);

    allostat_tally_overdose(&city->tally, &overdose, scene, row);
    if (overdose.fatal) {
        allostat_tally_after_treatment(&city->tally, scene, row, overdose.area);
        ALLOSTAT_TRY(find_witness(span, overdose.witness_row, day, &after, error));
    }
    allostat_overdose_apply(&overdose, &after, row);
cleanup:
    return status;
}

allostat_status allostat_overdoses_live(const allostat_span *span, int32_t day,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = span->city;
    const size_t count = live_apart(span, day), together = ALLOSTAT_RESPONSE_TOGETHER;
    const allostat_whereabouts whereabouts = {&city->users, &city->apart, day};
    allostat_response_draws drawn;
    allostat_scene scene = {.params = span->params,
                            .key = city->key,
                            .day = span->terms[day].day,
                            .residents = &city->residents,
                            .users = &city->apart.rows,
                            .whereabouts = &whereabouts,
                            .sites = &city->sites,
                            .witnesses = &city->witnesses,
                            .drawn = &drawn};

    city->tally.day = scene.day;
    for (size_t i = 0; i < count; i++) {
        scene.which = i % together;
        if (scene.which == 0)
            allostat_response_draw(&drawn, &scene, city->apart.today + i,
                                   count - i < together ? count - i : together);
        ALLOSTAT_TRY(settle(span, day, &scene, (int32_t)city->apart.today[i], error));
    }
cleanup:
    return status;
}
