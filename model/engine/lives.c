#include "engine/lives.h"

#include "base/columns.h"
#include "base/hint.h"
#include "engine/newcomers.h"
#include "engine/patients.h"
#include "engine/tally_share.h"
#include "people/ties_leave.h"

/* They follow from the parameters, which change seldom. */
static void make_life_terms(allostat_city *city, const allostat_params *params,
                            allostat_month month)
{
    const bool known = city->life_params == params;

    for (int pace = 0; pace < ALLOSTAT_PACE_COUNT; pace++) {
        allostat_life_terms *terms = &city->life_terms[pace];

        if (!known)
            allostat_life_terms_make(
                terms, params, city->key,
                allostat_turn_months(&city->turn, (allostat_pace)pace));
        allostat_life_terms_turn_to(terms, month);
    }
    city->life_params = params;
}

static bool leaves(uint8_t event)
{
    return event == ALLOSTAT_LIFE_death || event == ALLOSTAT_LIFE_departure;
}

/* Those who leave have their status at once: by it others know who has left before
 * them.
 */
static void draw_block(void *context, size_t block, size_t first, size_t count)
{
    allostat_city *city = context;
    uint8_t *event = city->residents.life_event + first;

    (void)block;
    allostat_life_draw(&city->life_terms[allostat_turn_pace(&city->turn, first)],
                       &city->residents, &city->users, first, count, event);
    for (size_t i = allostat_next_flag(event, 0, count); i < count;
         i = allostat_next_flag(event, i + 1, count)) {
        if (leaves(event[i]))
            city->residents.status[first + i] = event[i] == ALLOSTAT_LIFE_death
                                                    ? ALLOSTAT_RESIDENT_dead_other
                                                    : ALLOSTAT_RESIDENT_moved_out;
    }
}

/* Some of those to whom something happens, in row order. */
enum { TOGETHER = 32 };

typedef struct {
    uint32_t person[TOGETHER];
    size_t count;
} affected;

/* The next from `*row` on. */
static affected find_some(const allostat_turn *turn, const uint8_t *event, size_t *row)
{
    affected some = {.count = 0};

    while (some.count < TOGETHER &&
           (*row = allostat_turn_next_flag(turn, event, *row)) < turn->row_count)
        some.person[some.count++] = (uint32_t)(*row)++;
    return some;
}

/* Their rows lie anywhere: what the books want to know of who leaves is fetched
 * together, and where the ties are. */
static void expect_leavers(const allostat_residents *residents, const affected *some)
{
    for (size_t i = 0; i < some->count; i++) {
        const uint32_t person = some->person[i];

        allostat_fetch(&residents->status[person]);
        allostat_fetch(&residents->user_row[person]);
        allostat_fetch(&residents->support_ties[person]);
        allostat_fetch(&residents->support_count[person]);
        allostat_fetch(&residents->area[person]);
        allostat_fetch(&residents->sex[person]);
        allostat_fetch(&residents->birth_month[person]);
        allostat_fetch(&residents->ace_score[person]);
        allostat_fetch(&residents->rx_event[person]);
        if (residents->life_event[person] != ALLOSTAT_LIFE_death) continue;
        allostat_fetch(&residents->number[person]);
        allostat_fetch(&residents->attachment_anxiety[person]);
        allostat_fetch(&residents->attachment_avoidance[person]);
        allostat_fetch(&residents->ptsd_severity[person]);
    }
}

/* By now their rows are there: their place in the census and, of the dead, the rows of
 * their partners are fetched. */
static void expect_partners(const allostat_city *city, const affected *some)
{
    const allostat_residents *residents = &city->residents;

    for (size_t i = 0; i < some->count; i++) {
        const uint32_t person = some->person[i];
        const uint8_t event = residents->life_event[person];

        if (!leaves(event)) continue;
        allostat_hint_write(
            allostat_census_place(&city->tally.census, residents, person));
        if (event == ALLOSTAT_LIFE_death) allostat_ties_expect(residents, person);
    }
}

/* Writes only the person's rows, the books and what was found. */
static void leave(allostat_city *city, allostat_tally *books, uint32_t person,
                  allostat_found *found)
{
    allostat_residents *residents = &city->residents;
    allostat_users *users = &city->users;
    const allostat_resident_status how =
        (allostat_resident_status)residents->status[person];

    allostat_city_cancel_prescriptions(city, books, person);
    allostat_tally_exit(books, residents, users, person, how);
    allostat_tally_bereavements(books, residents, users, person, how);
    allostat_partings_add(&found->partings, residents, users, person, how);
    allostat_life_leave_row(users, residents->user_row[person]);
}

/* Finds whom they leave behind, and who begins to use. */
static void leave_part(void *context, allostat_tally *books, size_t part, size_t parts)
{
    allostat_city *city = context;
    allostat_found *found = &city->found.part[part];
    const uint8_t *event = city->residents.life_event;
    affected some, next;
    size_t row;
    const allostat_turn rows = allostat_turn_part(&city->turn, part, parts, &row);

    some = find_some(&rows, event, &row);
    for (; some.count > 0 && allostat_found_reserve(found, TOGETHER); some = next) {
        next = find_some(&rows, event, &row);
        expect_leavers(&city->residents, &next);
        expect_partners(city, &some);
        for (size_t i = 0; i < some.count; i++) {
            if (leaves(event[some.person[i]]))
                leave(city, books, some.person[i], found);
            else if (event[some.person[i]] == ALLOSTAT_LIFE_first_use)
                found->row[found->count++] = some.person[i];
        }
    }
}

/* Those left behind in a part of all rows. */
static void end_ties_part(void *context, size_t part, size_t unused_first,
                          size_t unused)
{
    allostat_city *city = context;
    const size_t rows = city->residents.row_count;
    const size_t parts = allostat_share_part_count(city->share);

    (void)unused_first, (void)unused;
    for (size_t p = 0; p < parts; p++)
        allostat_partings_apply(&city->found.part[p].partings, &city->residents,
                                &city->users,
                                allostat_share_first_row(rows, part, parts),
                                allostat_share_first_row(rows, part + 1, parts));
}

/* Who leaves touches nobody who begins to use but as a partner, so that they may come
 * after all who leave; among themselves they keep their order, for they get rows. */
allostat_status allostat_city_live(allostat_city *city, const allostat_params *params,
                                   allostat_month month, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t parts = allostat_share_part_count(city->share);

    make_life_terms(city, params, month);
    allostat_turn_share(&city->turn, city->share, draw_block, city);
    ALLOSTAT_TRY(allostat_found_begin(&city->found, parts, error));
    ALLOSTAT_TRY(allostat_tally_share(&city->tally, leave_part, city, error));
    ALLOSTAT_TRY(allostat_found_check(&city->found, error));
    allostat_share_parts(city->share, end_ties_part, city);
    for (size_t p = 0; p < parts; p++) {
        const allostat_found *found = &city->found.part[p];

        ALLOSTAT_TRY(allostat_city_first_uses(city, found->row, found->count, error));
    }
cleanup:
    return status;
}
