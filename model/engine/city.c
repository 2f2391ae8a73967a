#include "engine/city.h"

#include "base/columns.h"
#include "base/hot.h"
#include "care/institutions.h"
#include "care/oat.h"
#include "engine/blocks.h"
#include "engine/newcomers.h"

#include <string.h>

/* Three times the users of the start, since patients have rows, too: to grow means to
 * copy a hundred columns, and rows that nobody takes cost nothing. */
static size_t first_user_capacity(const allostat_params *params)
{
    return (size_t)(3.0 * params->users_initial_count * params->population_scale);
}

static allostat_status allocate(allostat_city *self, const allostat_params *params,
                                allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_projection_init(&self->projection, self->scenario, error));
    ALLOSTAT_TRY(allostat_residents_init_shared(
        &self->residents, self->projection.most_rows, self->share, error));
    ALLOSTAT_TRY(allostat_users_init_shared(&self->users, first_user_capacity(params),
                                            self->share, error));
    ALLOSTAT_TRY(
        allostat_tally_init(&self->tally, params->geography_areas.count, error));
    self->tally.share = self->share;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->oat_hazards, 1,
                                          sizeof *self->oat_hazards, error));
cleanup:
    return status;
}

allostat_status allostat_city_init_empty(allostat_city *self,
                                         const allostat_scenario *scenario,
                                         allostat_draw_key key, allostat_share share,
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &scenario->epochs[0].params;

    memset(self, 0, sizeof *self);
    self->scenario = scenario;
    self->share = share;
    self->rows_that_stay = ALLOSTAT_ROWS_THAT_STAY;
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

    ALLOSTAT_TRY(allostat_city_init_empty(self, scenario, key,
                                          allostat_blocks_share(thread_count), error));
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

static void free_list(allostat_row_list *list)
{
    allostat_column_free((void **)&list->row);
    allostat_column_free((void **)&list->count);
}

void allostat_city_free(allostat_city *self)
{
    allostat_projection_free(&self->projection);
    allostat_residents_free(&self->residents);
    allostat_users_free(&self->users);
    allostat_witnesses_free(&self->witnesses);
    allostat_requests_free(&self->requests);
    allostat_found_free(&self->found);
    allostat_ties_free(&self->ties);
    allostat_tally_free(&self->tally);
    allostat_column_free((void **)&self->oat_hazards);
    free_list(&self->treated);
    free_list(&self->inside);
    free_list(&self->overdoses);
    allostat_apart_free(&self->apart);
    allostat_settled_free(&self->settled);
    memset(self, 0, sizeof *self);
}

/* Rows side by side, each with a byte of its own to count in, and how often one of them
 * can count before it is full. */
enum { LANES = 64, ROUNDS = 255 };

ALLOSTAT_HOT
static int32_t count_status(const uint8_t *restrict status, size_t rounds,
                            uint8_t wanted)
{
    uint8_t lane[LANES] = {0};
    int32_t found = 0;

    for (size_t r = 0; r < rounds; r++) {
        for (size_t l = 0; l < LANES; l++)
            lane[l] = (uint8_t)(lane[l] + (status[r * LANES + l] == wanted));
    }
    for (size_t l = 0; l < LANES; l++) found += lane[l];
    return found;
}

/* People of one status each. */
typedef struct {
    int64_t of[ALLOSTAT_RESIDENT_STATUS_COUNT];
} status_counts;

static status_counts count_statuses(const uint8_t *status, size_t count)
{
    const size_t all = count / LANES;
    status_counts found = {{0}};

    for (size_t done = 0; done < all; done += ROUNDS) {
        const size_t rounds = all - done < ROUNDS ? all - done : ROUNDS;

        for (uint8_t s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++)
            found.of[s] += count_status(status + done * LANES, rounds, s);
    }
    for (size_t row = all * LANES; row < count; row++) found.of[status[row]]++;
    return found;
}

/* Rows of all residents and of all users are checked by pieces, for that takes longer
 * than the other checks. */
enum { PIECES = 16 };

/* What a piece has found. */
typedef struct {
    status_counts people;
    int32_t pointing; /* residents who have a user's row, where that is asked for */
    size_t wrong_who; /* the first user's row that has traits of somebody else */
    bool has_wrong_who;
} piece_found;

static allostat_status verify_people(const allostat_city *self,
                                     const piece_found piece[PIECES],
                                     allostat_error *error)
{
    const allostat_residents *residents = &self->residents;
    const allostat_tally *tally = &self->tally;
    int64_t count[ALLOSTAT_RESIDENT_STATUS_COUNT];

    for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++) {
        count[s] = residents->forgotten[s];
        for (size_t p = 0; p < PIECES; p++) count[s] += piece[p].people.of[s];
    }
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
static int32_t count_pointing(const int32_t *restrict user_row, size_t count)
{
    int32_t pointing = 0;

    for (size_t row = 0; row < count; row++) pointing += user_row[row] >= 0;
    return pointing;
}

/* Does the person of a row know of it and live here, if the row says so, or not? */
static bool agrees(const allostat_residents *residents, const allostat_users *users,
                   size_t row)
{
    const uint32_t person = users->person[row];
    const int32_t lives_here = residents->status[person] == ALLOSTAT_RESIDENT_present;

    return (residents->user_row[person] == (int32_t)row) &
           (users->present[row] == lives_here) &
           ((users->active[row] == 0) | lives_here);
}

/* As many residents point at rows as there are rows. */
static allostat_status verify_pointing(const allostat_city *self,
                                       const piece_found piece[PIECES],
                                       allostat_error *error)
{
    int32_t pointing = 0;

    for (size_t p = 0; p < PIECES; p++) pointing += piece[p].pointing;
    if (pointing == (int32_t)self->users.row_count) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, INVARIANT,
                         "%d residents have one of the %zu rows of users",
                         (int)pointing, self->users.row_count);
}

typedef struct {
    size_t first, end;
} row_range;

static bool is_last_month(const allostat_city *self)
{
    const allostat_day end = self->scenario->epochs[0].params.run_end;

    return self->tally.month == allostat_month_of_day(end);
}

/* Users' rows that are looked at one by one this month: all in December, before it one
 * eleventh after the other. */
static row_range rows_due(const allostat_city *self)
{
    const size_t rows = self->users.row_count, parts = ALLOSTAT_MONTHS_A_YEAR - 1;
    const size_t part = (size_t)(self->tally.month % ALLOSTAT_MONTHS_A_YEAR);

    if (part == parts || is_last_month(self)) return (row_range){0, rows};
    return (row_range){allostat_share_first_row(rows, part, parts),
                       allostat_share_first_row(rows, part + 1, parts)};
}

/* A user's row is present exactly while its resident is, and both know each other. */
static allostat_status verify_users(const allostat_city *self, allostat_error *error)
{
    const row_range due = rows_due(self);

    for (size_t row = due.first; row < due.end; row++) {
        if (agrees(&self->residents, &self->users, row)) continue;
        return ALLOSTAT_FAIL(error, INVARIANT,
                             "row %zu of the users' table and person %u disagree", row,
                             (unsigned)self->users.person[row]);
    }
    return ALLOSTAT_OK;
}

static inline int32_t is_wrong_inside(int32_t institution, int32_t present,
                                      int32_t active, float doses)
{
    return (institution != 0) & ((present == 0) | (active != 0) | (doses > 0.0f));
}

/* How many rows break the rule, so that only then somebody looks for the first. */
ALLOSTAT_HOT
static int32_t count_wrong_inside(const allostat_users *users, row_range rows)
{
    const int32_t *restrict institution = users->institution;
    const int32_t *restrict present = users->present;
    const int32_t *restrict active = users->active;
    const float *restrict doses = users->doses;
    int32_t wrong = 0;

    for (size_t row = rows.first; row < rows.end; row++) {
        wrong +=
            is_wrong_inside(institution[row], present[row], active[row], doses[row]);
    }
    return wrong;
}

/* Inside nobody uses. */
static allostat_status verify_institutions(const allostat_city *self,
                                           allostat_error *error)
{
    const allostat_users *users = &self->users;
    const row_range due = rows_due(self);
    size_t row = due.first;

    if (count_wrong_inside(users, due) == 0) return ALLOSTAT_OK;
    while (!is_wrong_inside(users->institution[row], users->present[row],
                            users->active[row], users->doses[row]))
        row++;
    return ALLOSTAT_FAIL(error, INVARIANT,
                         "person %u is in detox or custody and uses or has left",
                         (unsigned)users->person[row]);
}

ALLOSTAT_HOT
static int64_t sum_of(const int32_t *restrict column, size_t count)
{
    int64_t sum = 0;

    for (size_t row = 0; row < count; row++) sum += column[row];
    return sum;
}

ALLOSTAT_HOT
static int32_t least_of(const int32_t *restrict column, size_t count)
{
    int32_t least = 0;

    for (size_t row = 0; row < count; row++)
        least = column[row] < least ? column[row] : least;
    return least;
}

static allostat_status verify_kits(const allostat_city *self, allostat_error *error)
{
    const allostat_users *users = &self->users;
    const allostat_tally *tally = &self->tally;
    const size_t rows = users->row_count;
    const int64_t handed = tally->kits_handed + sum_of(users->kits_handed_month, rows);
    const int64_t accounted =
        tally->kits_lost + tally->kits_used + tally->kits_gone +
        sum_of(users->kits, rows) + sum_of(users->kits_lost_month, rows) +
        sum_of(users->kits_used_month, rows) + sum_of(users->kits_gone_month, rows);

    if (least_of(users->kits, rows) < 0) {
        size_t row = 0;

        while (users->kits[row] >= 0) row++;
        return ALLOSTAT_FAIL(error, INVARIANT,
                             "more kits of person %u were used or lost than held",
                             (unsigned)users->person[row]);
    }
    if (handed == accounted) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, INVARIANT,
                         "%lld kits handed out, %lld held, lost, used or gone",
                         (long long)handed, (long long)accounted);
}

/* A user's row and the resident's tell the same of the person. */
static allostat_status verify_who(const piece_found piece[PIECES],
                                  allostat_error *error)
{
    for (size_t p = 0; p < PIECES; p++) {
        if (!piece[p].has_wrong_who) continue;
        return ALLOSTAT_FAIL(error, INVARIANT,
                             "row %zu of the users' table has traits of somebody else",
                             piece[p].wrong_who);
    }
    return ALLOSTAT_OK;
}

/* The first row from `first` on that has traits of somebody else; `end` when none has.
 */
static size_t find_wrong_who(const allostat_city *self, size_t first, size_t end)
{
    const allostat_users *users = &self->users;
    size_t row = first;

    while (row < end &&
           users->who[row] == allostat_who_of(&self->residents, users->person[row]))
        row++;
    return row;
}

static allostat_status verify_patients(const allostat_city *self, allostat_error *error)
{
    if (!allostat_tally_patient_uses(&self->users)) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, INVARIANT,
                         "a patient has what only users of the street have");
}

static allostat_status verify_ties(const allostat_city *self, allostat_error *error)
{
    return allostat_ties_verify(&self->residents, &self->users, error);
}

static allostat_status verify_census(const allostat_city *self, allostat_error *error)
{
    return allostat_census_verify(&self->tally.census, &self->residents, error);
}

enum { MONTHS_A_QUARTER = 3 };

/* One after the other each December, for they read all of a person. */
typedef enum { CENSUS_TURN, WHO_TURN, TIES_TURN, TURNS } yearly_turn;

static bool has_turn(const allostat_city *self, yearly_turn which)
{
    const allostat_month month = self->tally.month;

    if (is_last_month(self)) return true;
    return month % ALLOSTAT_MONTHS_A_YEAR == ALLOSTAT_MONTHS_A_YEAR - 1 &&
           which == (yearly_turn)(month / ALLOSTAT_MONTHS_A_YEAR % TURNS);
}

static bool is_quarters_last(const allostat_city *self)
{
    return self->tally.month % MONTHS_A_QUARTER == MONTHS_A_QUARTER - 1 ||
           is_last_month(self);
}

typedef allostat_status (*check)(const allostat_city *self, allostat_error *error);

enum { TOGETHER_MOST = 4 };

/* Checks only read: the threads share them out. */
typedef struct {
    const allostat_city *city;
    bool asks_who, asks_pointing;
    size_t count;
    check check[TOGETHER_MOST];
    allostat_status status[TOGETHER_MOST];
    allostat_error error[TOGETHER_MOST];
    piece_found found[PIECES];
} checking;

static void check_rows(checking *self, size_t piece)
{
    const allostat_residents *residents = &self->city->residents;
    piece_found *found = &self->found[piece];
    const size_t rows = residents->row_count, users = self->city->users.row_count;
    const size_t first = allostat_share_first_row(rows, piece, PIECES);
    const size_t count = allostat_share_first_row(rows, piece + 1, PIECES) - first;
    const size_t user_end = allostat_share_first_row(users, piece + 1, PIECES);

    found->people = count_statuses(residents->status + first, count);
    if (self->asks_pointing)
        found->pointing = count_pointing(residents->user_row + first, count);
    if (!self->asks_who) return;
    found->wrong_who = find_wrong_who(
        self->city, allostat_share_first_row(users, piece, PIECES), user_end);
    found->has_wrong_who = found->wrong_who < user_end;
}

static void check_one(void *context, size_t piece, size_t unused_first, size_t unused)
{
    checking *self = context;

    (void)unused_first, (void)unused;
    if (piece < self->count)
        self->status[piece] = self->check[piece](self->city, &self->error[piece]);
    else
        check_rows(self, piece - self->count);
}

/* The longest first. */
static void list_checks(checking *self)
{
    if (is_quarters_last(self->city)) self->check[self->count++] = verify_kits;
    self->check[self->count++] = verify_users;
    if (self->asks_who) self->check[self->count++] = verify_patients;
    self->check[self->count++] = verify_institutions;
}

static allostat_status check_together(checking *self, allostat_error *error)
{
    list_checks(self);
    allostat_share_pieces(self->city->users.share, self->count + PIECES, check_one,
                          self);
    for (size_t i = 0; i < self->count; i++) {
        if (self->status[i] == ALLOSTAT_OK) continue;
        *error = self->error[i];
        return self->status[i];
    }
    return ALLOSTAT_OK;
}

allostat_status allostat_city_verify(const allostat_city *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    checking all = {.city = self,
                    .asks_who = has_turn(self, WHO_TURN),
                    .asks_pointing = is_quarters_last(self)};

    ALLOSTAT_TRY(check_together(&all, error));
    ALLOSTAT_TRY(verify_people(self, all.found, error));
    if (all.asks_who) ALLOSTAT_TRY(verify_who(all.found, error));
    if (all.asks_pointing) ALLOSTAT_TRY(verify_pointing(self, all.found, error));
    if (has_turn(self, CENSUS_TURN)) ALLOSTAT_TRY(verify_census(self, error));
    if (has_turn(self, TIES_TURN)) ALLOSTAT_TRY(verify_ties(self, error));
cleanup:
    return status;
}

static size_t list_bytes(const allostat_row_list *list)
{
    return list->capacity * (sizeof *list->row + sizeof *list->count);
}

size_t allostat_city_bytes(const allostat_city *self)
{
    return self->residents.row_capacity * allostat_residents_row_bytes() +
           self->users.row_capacity * allostat_users_row_bytes() +
           list_bytes(&self->treated) + list_bytes(&self->inside) +
           list_bytes(&self->overdoses) + allostat_apart_bytes(&self->apart) +
           allostat_settled_bytes(&self->settled) +
           self->witnesses.capacity * sizeof *self->witnesses.row +
           self->witnesses.active.capacity * sizeof *self->witnesses.active.word +
           2 * self->requests.capacity * sizeof *self->requests.request +
           (size_t)self->projection.month_count * ALLOSTAT_COHORT_COUNT *
               sizeof *self->projection.arrivals +
           allostat_found_bytes(&self->found) + allostat_ties_bytes(&self->ties) +
           allostat_census_bytes(&self->tally.census) + sizeof *self->oat_hazards +
           sizeof *self;
}
