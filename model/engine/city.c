#include "engine/city.h"

#include "base/columns.h"
#include "base/hot.h"
#include "engine/blocks.h"
#include "engine/newcomers.h"

#include <string.h>

/* Twice the users of the start: the table grows by itself when that is not enough. */
static size_t first_user_capacity(const allostat_params *params)
{
    return (size_t)(2.0 * params->users_initial_count * params->population_scale);
}

static allostat_status allocate(allostat_city *self, const allostat_params *params,
                                allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_projection_init(&self->projection, self->scenario, error));
    ALLOSTAT_TRY(allostat_residents_init(&self->residents,
                                         self->projection.initial_total, error));
    ALLOSTAT_TRY(allostat_users_init(&self->users, first_user_capacity(params), error));
    ALLOSTAT_TRY(
        allostat_tally_init(&self->tally, params->geography_areas.count, error));
    self->tally.thread_count = self->thread_count;
    self->residents.share = (allostat_share){self->thread_count, allostat_blocks_run};
    self->users.share = self->residents.share;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->oat_hazards, 1,
                                          sizeof *self->oat_hazards, error));
cleanup:
    return status;
}

allostat_status allostat_city_init_empty(allostat_city *self,
                                         const allostat_scenario *scenario,
                                         allostat_draw_key key, int32_t thread_count,
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &scenario->epochs[0].params;

    memset(self, 0, sizeof *self);
    self->scenario = scenario;
    self->thread_count = thread_count;
    self->key = key;
    self->key.number = &self->residents.number;
    ALLOSTAT_TRY(allocate(self, params, error));
    allostat_entry_make(&self->entry, params, self->key);
    allostat_ptsd_entry_make(&self->ptsd_entry, params, self->key);
cleanup:
    return status;
}

allostat_status allostat_city_init_with_key(allostat_city *self,
                                            const allostat_scenario *scenario,
                                            allostat_draw_key key, int32_t thread_count,
                                            allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_city_init_empty(self, scenario, key, thread_count, error));
    ALLOSTAT_TRY(allostat_city_settle(self, error));
cleanup:
    return status;
}

allostat_status allostat_city_init(allostat_city *self,
                                   const allostat_scenario *scenario, int32_t replicate,
                                   int32_t thread_count, allostat_error *error)
{
    const uint64_t seed = (uint64_t)scenario->epochs[0].params.run_seed;

    return allostat_city_init_with_key(
        self, scenario, allostat_draw_key_make(seed, (uint32_t)replicate), thread_count,
        error);
}

void allostat_city_free(allostat_city *self)
{
    allostat_projection_free(&self->projection);
    allostat_residents_free(&self->residents);
    allostat_users_free(&self->users);
    allostat_witnesses_free(&self->witnesses);
    allostat_requests_free(&self->requests);
    allostat_ties_free(&self->ties);
    allostat_tally_free(&self->tally);
    allostat_column_free((void **)&self->oat_hazards);
    allostat_column_free((void **)&self->overdoses.row);
    allostat_column_free((void **)&self->overdoses.count);
    memset(self, 0, sizeof *self);
}

/* One status at a time, in whole numbers as narrow as the column: vectors do 64 at
 * once.
 */
ALLOSTAT_HOT
static void count_statuses(const allostat_residents *residents,
                           int64_t count[ALLOSTAT_RESIDENT_STATUS_COUNT])
{
    enum { ROWS = 128 }; /* at a time, so that a byte is enough to count in */

    for (size_t first = 0; first < residents->row_count; first += ROWS) {
        const size_t left = residents->row_count - first,
                     rows = left < ROWS ? left : ROWS;
        const uint8_t *status = residents->status + first;

        for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++) {
            uint8_t found = 0;

            for (size_t i = 0; i < rows; i++)
                found = (uint8_t)(found + (status[i] == s));
            count[s] += found;
        }
    }
}

static allostat_status verify_people(const allostat_city *self, allostat_error *error)
{
    const allostat_residents *residents = &self->residents;
    const allostat_tally *tally = &self->tally;
    int64_t count[ALLOSTAT_RESIDENT_STATUS_COUNT] = {0};

    count_statuses(residents, count);
    for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++)
        count[s] += residents->forgotten[s];
    const int64_t left = tally->dead_overdose + tally->dead_other + tally->moved_out;
    if (count[ALLOSTAT_RESIDENT_expected] != 0 ||
        tally->entered !=
            (int64_t)residents->row_count + allostat_residents_forgotten(residents) ||
        count[ALLOSTAT_RESIDENT_present] + left != tally->entered) {
        return ALLOSTAT_FAIL(error, INVARIANT, "alive %lld + left %lld != entered %lld",
                             (long long)count[ALLOSTAT_RESIDENT_present],
                             (long long)left, (long long)tally->entered);
    }
    if (count[ALLOSTAT_RESIDENT_dead_overdose] != tally->dead_overdose ||
        count[ALLOSTAT_RESIDENT_dead_other] != tally->dead_other ||
        count[ALLOSTAT_RESIDENT_moved_out] != tally->moved_out) {
        return ALLOSTAT_FAIL(
            error, INVARIANT,
            "the residents' table does not hold the deaths and departures counted");
    }
    return ALLOSTAT_OK;
}

ALLOSTAT_HOT
static size_t count_pointing(const allostat_residents *residents)
{
    const int32_t *user_row = residents->user_row;
    size_t pointing = 0;

    for (size_t row = 0; row < residents->row_count; row++)
        pointing += user_row[row] >= 0;
    return pointing;
}

/* A user's row is present exactly while its resident is, and both know each other: as
 * many residents point at rows as there are rows. */
static allostat_status verify_users(const allostat_city *self, allostat_error *error)
{
    const allostat_users *users = &self->users;
    const allostat_residents *residents = &self->residents;
    const size_t pointing = count_pointing(residents);

    if (pointing != users->row_count) {
        return ALLOSTAT_FAIL(error, INVARIANT,
                             "%zu residents have one of the %zu rows of users",
                             pointing, users->row_count);
    }
    for (size_t row = 0; row < users->row_count; row++) {
        const uint32_t person = users->person[row];
        const int lives_here = residents->status[person] == ALLOSTAT_RESIDENT_present;

        if (residents->user_row[person] != (int32_t)row ||
            users->present[row] != lives_here || (users->active[row] && !lives_here)) {
            return ALLOSTAT_FAIL(error, INVARIANT,
                                 "row %zu of the users' table and person %u disagree",
                                 row, (unsigned)person);
        }
    }
    return ALLOSTAT_OK;
}

/* Inside nobody uses. */
static allostat_status verify_institutions(const allostat_city *self,
                                           allostat_error *error)
{
    const allostat_users *users = &self->users;

    for (size_t row = 0; row < users->row_count; row++) {
        if (!users->institution[row]) continue;
        if (!users->present[row] || users->active[row] || users->doses[row] > 0.0f) {
            return ALLOSTAT_FAIL(
                error, INVARIANT,
                "person %u is in detox or custody and uses or has left",
                (unsigned)users->person[row]);
        }
    }
    return ALLOSTAT_OK;
}

static allostat_status verify_kits(const allostat_city *self, allostat_error *error)
{
    const allostat_users *users = &self->users;
    const allostat_tally *tally = &self->tally;
    int64_t handed = tally->kits_handed;
    int64_t accounted = tally->kits_lost + tally->kits_used + tally->kits_gone;

    for (size_t row = 0; row < users->row_count; row++) {
        if (users->kits[row] < 0) {
            return ALLOSTAT_FAIL(error, INVARIANT,
                                 "more kits of person %u were used or lost than held",
                                 (unsigned)users->person[row]);
        }
        handed += users->kits_handed_month[row];
        accounted += users->kits[row] + users->kits_lost_month[row] +
                     users->kits_used_month[row] + users->kits_gone_month[row];
    }
    if (handed == accounted) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, INVARIANT,
                         "%lld kits handed out, %lld held, lost, used or gone",
                         (long long)handed, (long long)accounted);
}

static allostat_status (*const checks[])(const allostat_city *self,
                                         allostat_error *error) = {
    verify_people, verify_users, verify_institutions, verify_kits};

enum { CHECKS = sizeof checks / sizeof checks[0] };

/* What each check has found. */
typedef struct {
    const allostat_city *city;
    allostat_status status[CHECKS];
    allostat_error error[CHECKS];
} checking;

static void check(void *context, size_t which, size_t unused_first, size_t unused)
{
    checking *self = context;

    (void)unused_first, (void)unused;
    self->status[which] = checks[which](self->city, &self->error[which]);
}

/* Checks only read: they are shared out over the threads. */
static allostat_status verify_month(const allostat_city *self, allostat_error *error)
{
    checking all = {.city = self};

    allostat_share_pieces(self->users.share, CHECKS, check, &all);
    for (size_t i = 0; i < CHECKS; i++) {
        if (all.status[i] == ALLOSTAT_OK) continue;
        *error = all.error[i];
        return all.status[i];
    }
    return ALLOSTAT_OK;
}

allostat_status allostat_city_verify(const allostat_city *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(verify_month(self, error));
    /* What reads a person's every tie or counts people again is for once a year. */
    if (self->tally.month % ALLOSTAT_MONTHS_A_YEAR == ALLOSTAT_MONTHS_A_YEAR - 1) {
        ALLOSTAT_TRY(allostat_ties_verify(&self->residents, &self->users, error));
        ALLOSTAT_TRY(
            allostat_census_verify(&self->tally.census, &self->residents, error));
    }
cleanup:
    return status;
}

size_t allostat_city_bytes(const allostat_city *self)
{
    const size_t event_rows = self->overdoses.capacity;

    return self->residents.row_capacity * allostat_residents_row_bytes() +
           self->users.row_capacity * allostat_users_row_bytes() +
           event_rows * sizeof *self->overdoses.row +
           allostat_block_count(event_rows) * sizeof *self->overdoses.count +
           self->witnesses.capacity * sizeof *self->witnesses.row +
           2 * self->requests.capacity * sizeof *self->requests.request +
           (size_t)self->projection.month_count * ALLOSTAT_COHORT_COUNT *
               sizeof *self->projection.arrivals +
           allostat_ties_bytes(&self->ties) +
           allostat_census_bytes(&self->tally.census) + sizeof *self->oat_hazards +
           sizeof *self;
}
