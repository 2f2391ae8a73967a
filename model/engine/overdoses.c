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

void allostat_overdoses_list(allostat_row_list *self, const allostat_day_block *block)
{
    uint32_t *row = self->row + block->first;
    uint32_t found = 0;

    for (size_t i = allostat_next_flag(block->overdosed, 0, block->count);
         i < block->count;
         i = allostat_next_flag(block->overdosed, i + 1, block->count))
        row[found++] = (uint32_t)(block->first + i);
    self->count[block->first] = found;
}

/* Put the rows of all blocks at the front of the list, in order of person. They are few
 * a day, and nearly in order: rows stand in the order of becoming a user. Returns their
 * number. */
static size_t order_by_person(allostat_row_list *self, const allostat_users *users,
                              size_t rows)
{
    const uint32_t *person = users->person;
    size_t count = 0;

    for (size_t first = 0; first < rows; first += ALLOSTAT_DAY_ROWS_MAX) {
        const uint32_t listed = self->count[first];

        for (uint32_t i = 0; i < listed; i++) {
            const uint32_t row = self->row[first + i];
            size_t at = count++;

            for (; at > 0 && person[self->row[at - 1]] > person[row]; at--)
                self->row[at] = self->row[at - 1];
            self->row[at] = row;
        }
    }
    return count;
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
    uint32_t treated, inside;

    ALLOSTAT_TRY(allostat_apart_bring(&city->apart, &city->users, row, error));
    allostat_day_block_open(&block, &treated, &inside);
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
    if (row < 0 || after->own == after->users || (size_t)row >= apart->street_count)
        return ALLOSTAT_OK;
    if (apart->place[row] == 0)
        ALLOSTAT_TRY(bring_witness(span, (uint32_t)row, day, error));
    after->seen = &apart->rows;
    after->seen_row = (size_t)apart->place[row] - 1;
cleanup:
    return status;
}

static allostat_status settle_one(const allostat_span *span, int32_t day,
                                  const allostat_scene *scene, allostat_users *own,
                                  int32_t row, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = span->city;
    allostat_aftermath after = {.params = span->params,
                                .day = scene->day,
                                .residents = &city->residents,
                                .users = &city->users,
                                .own = own};
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

/* The first `count` rows of the list are of `own`: everybody's table, or those apart.
 */
static allostat_status settle(const allostat_span *span, int32_t day,
                              allostat_users *own, size_t count, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = span->city;
    const size_t together = ALLOSTAT_RESPONSE_TOGETHER;
    const uint32_t *row = city->overdoses.row;
    const bool apart = own != &city->users;
    const allostat_whereabouts whereabouts = {&city->users, apart ? &city->apart : NULL,
                                              day};
    allostat_response_draws drawn;
    allostat_scene scene = {.params = span->params,
                            .key = city->key,
                            .day = span->terms[day].day,
                            .residents = &city->residents,
                            .users = own,
                            .whereabouts = &whereabouts,
                            .sites = &city->sites,
                            .witnesses = &city->witnesses,
                            .drawn = &drawn};

    city->tally.day = scene.day;
    for (size_t i = 0; i < count; i++) {
        scene.which = i % together;
        if (scene.which == 0)
            allostat_response_draw(&drawn, &scene, row + i,
                                   count - i < together ? count - i : together);
        ALLOSTAT_TRY(settle_one(span, day, &scene, own, (int32_t)row[i], error));
    }
cleanup:
    return status;
}

allostat_status allostat_overdoses_settle(const allostat_span *span, int32_t day,
                                          allostat_error *error)
{
    allostat_city *city = span->city;
    const size_t count =
        order_by_person(&city->overdoses, &city->users, city->users.street_count);

    return settle(span, day, &city->users, count, error);
}

allostat_status allostat_overdoses_live(const allostat_span *span, int32_t day,
                                        allostat_error *error)
{
    allostat_city *city = span->city;
    allostat_users *apart = &city->apart.rows;
    const size_t most = ALLOSTAT_DAY_ROWS_MAX, end = apart->row_count;
    uint32_t treated[ALLOSTAT_DAY_ROWS_MAX], inside[ALLOSTAT_DAY_ROWS_MAX];
    allostat_day_block block = {.users = apart, .key = silent(city->key)};

    for (block.first = 0; block.first < end; block.first += most) {
        const size_t left = end - block.first;

        block.count = left < most ? left : most;
        allostat_day_block_open(&block, treated, inside);
        allostat_day_block_live(&block, &span->terms[day]);
        allostat_overdoses_list(&city->overdoses, &block);
    }
    return settle(span, day, apart, order_by_person(&city->overdoses, apart, end),
                  error);
}
