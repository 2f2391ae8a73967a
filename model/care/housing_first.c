#include "care/housing_first.h"

#include "base/columns.h"
#include "base/dmath.h"
#include "care/waiting.h"
#include "people/homes.h"

static void house(const allostat_care_month *care, allostat_residents *residents,
                  size_t row, uint8_t housing)
{
    const uint32_t person = care->users->person[row];
    const bool to_the_street = housing == ALLOSTAT_HOUSING_homeless;

    residents->housing[person] = housing;
    residents->became_homeless[person] = to_the_street;
    allostat_user_refresh_housing(care->users, row, residents);
}

/* Whatever else befell a person's housing this month, the home is theirs or it is not.
 * Returns the homes that are taken. */
static int32_t keep_homes(const allostat_care_month *care,
                          allostat_residents *residents)
{
    allostat_users *users = care->users;
    const double leaves = -allostat_expm1(-care->params->housing_first_leaving_rate /
                                          ALLOSTAT_MONTHS_A_YEAR);
    const size_t rows = users->row_count;
    int32_t taken = 0;

    for (size_t row = allostat_next_word(users->housing_first, 0, rows); row < rows;
         row = allostat_next_word(users->housing_first, row + 1, rows)) {
        if (!users->present[row]) continue;
        if (allostat_draw_uniform(care->key, ALLOSTAT_DRAW_housing_first_leaves,
                                  users->person[row],
                                  allostat_month_first_day(care->month), 0) < leaves) {
            house(care, residents, row, (uint8_t)users->housing_first[row]);
            users->housing_first[row] = 0;
            continue;
        }
        house(care, residents, row, ALLOSTAT_HOUSING_stable);
        taken++;
    }
    return taken;
}

static bool has_nobody(const allostat_users *users)
{
    return allostat_next_word(users->housing_first, 0, users->row_count) ==
           users->row_count;
}

static bool may_have_one(const allostat_care_month *care,
                         const allostat_residents *residents, size_t row)
{
    const allostat_users *users = care->users;
    const uint8_t housing = residents->housing[users->person[row]];

    if (!users->present[row] || users->rx_only[row]) return false;
    return housing == ALLOSTAT_HOUSING_homeless ||
           (housing == ALLOSTAT_HOUSING_unstable &&
            care->params->housing_first_unstable_eligible);
}

/* Returns how many wait. */
static int32_t collect_waiting(const allostat_care_month *care,
                               const allostat_residents *residents)
{
    allostat_users *users = care->users;
    const allostat_day day = allostat_month_first_day(care->month);

    for (size_t row = 0; row < users->row_count; row++) {
        int32_t *since = &users->home_waiting_since[row];

        if (!may_have_one(care, residents, row))
            *since = 0;
        else if (*since == 0)
            *since = day;
    }
    allostat_waiting_queue(care, users->home_waiting_since,
                           ALLOSTAT_DRAW_housing_first_rank, care->requests, 0,
                           users->row_count);
    return (int32_t)care->requests->count;
}

static void move_in(const allostat_care_month *care, allostat_residents *residents,
                    size_t row)
{
    allostat_users *users = care->users;

    users->housing_first[row] = residents->housing[users->person[row]];
    users->home_waiting_since[row] = 0;
    house(care, residents, row, ALLOSTAT_HOUSING_stable);
}

allostat_status allostat_housing_first_month(const allostat_care_month *care,
                                             allostat_residents *residents,
                                             allostat_housing_first_result *result,
                                             allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const double homes =
        care->params->housing_first_homes * care->params->population_scale;

    *result = (allostat_housing_first_result){0};
    if (homes <= 0.0 && allostat_care_rests(care, ALLOSTAT_RESTS_housing_first))
        return ALLOSTAT_OK;
    result->housed = keep_homes(care, residents);
    allostat_care_note_rest(care, ALLOSTAT_RESTS_housing_first,
                            homes <= 0.0 && has_nobody(care->users));
    if (homes <= 0.0) return ALLOSTAT_OK;
    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    const int32_t asking = collect_waiting(care, residents);
    const int32_t open = (int32_t)homes - result->housed;
    const int32_t granted =
        (int32_t)allostat_requests_grant(care->requests, open > 0 ? (size_t)open : 0);
    for (size_t i = 0; i < care->requests->count; i++) {
        const allostat_request *request = &care->requests->request[i];

        if (request->granted) move_in(care, residents, request->row);
    }
    result->housed += granted;
    result->waiting = asking - granted;
cleanup:
    return status;
}
