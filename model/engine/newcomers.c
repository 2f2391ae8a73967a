#include "engine/newcomers.h"

#include "base/columns.h"
#include "engine/blocks.h"
#include "engine/minds.h"
#include "engine/patients.h"
#include "engine/refresh.h"
#include "engine/tally_share.h"
#include "mind/connection.h"
#include "mind/mirror.h"
#include "opioid/daily.h"
#include "people/forgetting.h"
#include "people/income.h"

static void admit_cohorts(allostat_city *city, const int32_t *count,
                          allostat_month month)
{
    const size_t first = city->residents.row_count;

    allostat_entry_admit_all(&city->entry, &city->residents, count, month);
    allostat_city_enter_pain(city, first, month);
    allostat_city_enter_minds(city, first);
}

/* People who become users, each with the row: the own, or the next that is free. */
typedef struct {
    allostat_city *city;
    size_t count;
    struct {
        uint32_t person, row;
    } * user;         /* [count] */
    size_t first_row; /* of those who had none */
    bool with_history;
} becoming_users;

enum { USERS_A_PIECE = 32 };

static void become_piece(void *context, size_t piece, size_t unused_first,
                         size_t unused)
{
    const becoming_users *self = context;
    allostat_city *city = self->city;
    const allostat_becoming *becoming = &city->becoming;
    const size_t first = piece * USERS_A_PIECE, left = self->count - first;

    (void)unused_first, (void)unused;
    for (size_t i = first; i < first + (left < USERS_A_PIECE ? left : USERS_A_PIECE);
         i++) {
        const size_t row = self->user[i].row;

        allostat_become_user(becoming, &city->residents, &city->users,
                             self->user[i].person, row, self->with_history);
        if (row < self->first_row) /* from now on a patient lives by the day */
            allostat_refresh_rows(
                allostat_scenario_params(city->scenario,
                                         allostat_month_first_day(becoming->month)),
                &city->residents, &city->users, row, 1);
    }
}

/* Rows in the order of `person`; what is drawn for them, by all threads. */
static allostat_status become_users(allostat_city *city, const uint32_t *person,
                                    size_t count, bool with_history,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_users *users = &city->users;
    becoming_users all = {.city = city,
                          .count = count,
                          .first_row = users->row_count,
                          .with_history = with_history};
    size_t next = all.first_row;

    ALLOSTAT_TRY(
        allostat_column_allocate((void **)&all.user, count, sizeof *all.user, error));
    for (size_t i = 0; i < count; i++) {
        const int32_t row = city->residents.user_row[person[i]];

        all.user[i].person = person[i];
        all.user[i].row = row < 0 ? (uint32_t)next++ : (uint32_t)row;
    }
    ALLOSTAT_TRY(allostat_users_reserve(users, next, error));
    allostat_share_pieces(city->share, (count + USERS_A_PIECE - 1) / USERS_A_PIECE,
                          become_piece, &all);
    users->row_count = next;
cleanup:
    allostat_column_free((void **)&all.user);
    return status;
}

static size_t count_flags(const uint8_t *flag, size_t count)
{
    size_t sum = 0;

    for (size_t i = 0; i < count; i++) sum += flag[i] != 0;
    return sum;
}

/* Residents from `first` on who enter using get a row, with their history. */
static allostat_status make_users(allostat_city *city, size_t first, double ratio,
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t count = city->residents.row_count - first;
    uint8_t *enters = NULL;
    uint32_t *person = NULL;
    size_t found = 0;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&enters, count, 1, error));
    allostat_enter_using(&city->becoming, &city->residents, first, ratio, enters);
    ALLOSTAT_TRY(allostat_column_allocate((void **)&person, count_flags(enters, count),
                                          sizeof *person, error));
    for (size_t i = allostat_next_flag(enters, 0, count); i < count;
         i = allostat_next_flag(enters, i + 1, count))
        person[found++] = (uint32_t)(first + i);
    ALLOSTAT_TRY(become_users(city, person, found, true, error));
cleanup:
    allostat_column_free((void **)&person);
    allostat_column_free((void **)&enters);
    return status;
}

enum {
    TOGETHER = 512, /* rows whose past is lived at once */
    VECTOR = ALLOSTAT_KEPT_USERS_MAX + 1,
    PIECES_MAX = 64
};

/* The rows of users whose past is lived, cut into pieces that take as long. */
typedef struct {
    allostat_city *city;
    const allostat_params *params;
    allostat_opioid_terms terms, long_terms; /* of a day, of a longer step */
    double step_days;
    size_t piece_count, cut[PIECES_MAX + 1];
} starting;

/* Where people without years of use do not live by the day, they have not before: what
 * takes nothing changes slowly. */
static bool lived_by_day(const starting *self, size_t row)
{
    return self->step_days == 1.0 || self->city->users.use_years[row] > 0.0f;
}

/* Rows of one kind, and where the piece ends in which they are. */
typedef struct {
    size_t first, count, piece_end;
} rows_at_once;

/* Vectors live sixteen rows in the time of one that is left over, so the rows of the
 * first and the last line live all, and those that should not are put back: others of
 * the piece; in front of the newcomers, who live no past; behind the last, empty ones.
 * Rows of other pieces may be another thread's. */
static void live_steps(const starting *self, rows_at_once rows,
                       const allostat_opioid_terms *terms, int32_t steps)
{
    allostat_users *users = &self->city->users;
    const size_t end = rows.first + rows.count, before = rows.first % VECTOR;
    const size_t room =
        rows.piece_end < users->row_count ? rows.piece_end : users->row_capacity;
    const size_t wanted = (VECTOR - end % VECTOR) % VECTOR;
    const size_t more = end + wanted <= room ? wanted : 0;
    allostat_kept_users kept_before, kept_behind;

    allostat_users_keep_rows(users, rows.first - before, before, &kept_before);
    allostat_users_keep_rows(users, end, more, &kept_behind);
    allostat_opioid_start(terms, users, rows.first - before, before + rows.count + more,
                          steps);
    allostat_users_put_back(users, &kept_before);
    allostat_users_put_back(users, &kept_behind);
}

static void live_past(const starting *self, rows_at_once rows)
{
    const size_t first = rows.first, count = rows.count;
    const allostat_params *params = self->params;
    const allostat_residents *residents = &self->city->residents;
    allostat_users *users = &self->city->users;
    const bool by_day = lived_by_day(self, first);

    allostat_refresh_rows(params, residents, users, first, count);
    for (size_t row = first; row < first + count; row++)
        allostat_user_refresh_pace(users, row, params->opioid_tau_fast,
                                   params->opioid_tau_slow); /* patients', too */
    if (by_day) {
        live_steps(self, rows, &self->terms, ALLOSTAT_DAYS_OF_HISTORY);
        return;
    }
    allostat_stretch_paces(params, self->step_days, users, first, count);
    live_steps(self, rows, &self->long_terms, ALLOSTAT_STEPS_OF_HISTORY);
    allostat_refresh_rows(params, residents, users, first, count);
}

/* Where rows of the kind of `row` end. */
static size_t kind_end(const starting *self, size_t row, size_t end)
{
    const bool by_day = lived_by_day(self, row);

    while (row < end && lived_by_day(self, row) == by_day) row++;
    return row;
}

/* Some rows of one kind, from `row` on; returns where to go on. Half a year of days
 * takes as long for few rows as for some more, so a few of the other kind that stand
 * between others who live it live it, too, are put back, and live their own. */
static size_t live_some(const starting *self, size_t row, size_t piece_end)
{
    const size_t most = ALLOSTAT_KEPT_USERS_MAX, end = row + TOGETHER;
    const size_t last = end < piece_end ? end : piece_end;
    const size_t gap = kind_end(self, row, last);
    const bool ends = gap == last || !lived_by_day(self, row);
    const size_t gap_end = ends ? last : kind_end(self, gap, last);
    allostat_kept_users kept;

    if (gap_end == last || gap_end - gap > most) {
        live_past(self, (rows_at_once){row, gap - row, piece_end});
        return gap;
    }
    const size_t next = kind_end(self, gap_end, last);
    allostat_users_keep_rows(&self->city->users, gap, gap_end - gap, &kept);
    live_past(self, (rows_at_once){row, next - row, piece_end});
    allostat_users_put_back(&self->city->users, &kept);
    live_past(self, (rows_at_once){gap, gap_end - gap, piece_end});
    return next;
}

static void start_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const starting *self = context;
    const allostat_params *params = self->params;
    allostat_residents *residents = &self->city->residents;
    allostat_users *users = &self->city->users;
    const size_t first = self->cut[piece], end = self->cut[piece + 1];
    const size_t count = end - first;

    (void)unused_first, (void)unused;
    allostat_ptsd_add_history(&self->city->ptsd_entry, users, first, count, residents);
    allostat_mirror_rows_to_users(params, residents, users, first, count);
    for (size_t row = first; row < end;) row = live_some(self, row, end);
    allostat_mirror_rows_to_residents(users, first, count, residents);
}

/* Where the line of columns ends in which a row stands, or the rows do. */
static size_t line_end(size_t row, size_t end)
{
    const size_t next = (row / VECTOR + 1) * VECTOR;

    return next < end ? next : end;
}

/* How long rows of one line take, in steps: vectors live all of them at once, those of
 * either kind, and what else is done for a row takes about a step. */
static int64_t steps_of(const starting *self, size_t row, size_t end)
{
    int64_t steps = (int64_t)(end - row);
    bool by_day = false, by_step = false;

    for (; row < end; row++) {
        const bool day = lived_by_day(self, row);

        by_day |= day;
        by_step |= !day;
    }
    if (by_day) steps += ALLOSTAT_DAYS_OF_HISTORY;
    if (by_step) steps += ALLOSTAT_STEPS_OF_HISTORY;
    return steps;
}

/* A piece for each thread, or more where there are many rows. They are cut between
 * lines of columns: of one that two threads write, each waits for the other, step by
 * step. A line goes to the piece in which most of it would be. */
static void cut_rows(starting *self, size_t first)
{
    const size_t threads = allostat_share_part_count(self->city->share);
    const size_t end = self->city->users.row_count;
    const int64_t a_piece = TOGETHER / VECTOR * ALLOSTAT_DAYS_OF_HISTORY;
    size_t row = first;
    int64_t all = 0, before = 0;

    for (; row < end; row = line_end(row, end))
        all += steps_of(self, row, line_end(row, end));
    const size_t wanted = (size_t)(all / a_piece) + 1;
    const size_t pieces = wanted > threads ? wanted : threads;

    self->piece_count = pieces < PIECES_MAX ? pieces : PIECES_MAX;
    row = first;
    self->cut[0] = first;
    for (size_t piece = 1; piece < self->piece_count; piece++) {
        const int64_t share = all * (int64_t)piece / (int64_t)self->piece_count;

        for (size_t next; row < end; row = next) {
            next = line_end(row, end);
            const int64_t line = steps_of(self, row, next);

            if (before + line / 2 >= share) break;
            before += line;
        }
        self->cut[piece] = row;
    }
    self->cut[self->piece_count] = end;
}

void allostat_city_start_users(allostat_city *city, size_t first, allostat_month month)
{
    const allostat_day day = allostat_month_first_day(month);
    starting self = {.city = city,
                     .params = allostat_scenario_params(city->scenario, day),
                     .step_days = 1.0};

    allostat_opioid_terms_make(&self.terms, self.params, day);
    /* the past is lived at mean doses, also when this day is after a payment */
    self.terms.use.doses_per_day = (float)self.params->use_doses_per_day;
    if (allostat_city_turn_months(city) > 1) {
        self.step_days =
            (double)ALLOSTAT_DAYS_OF_HISTORY / (double)ALLOSTAT_STEPS_OF_HISTORY;
        self.long_terms = self.terms;
        allostat_opioid_terms_stretch(&self.long_terms, self.params, self.step_days);
    }
    cut_rows(&self, first);
    allostat_share_pieces(city->users.share, self.piece_count, start_piece, &self);
}

/* Once it is known who uses. */
static void start_income(allostat_city *city, size_t first, allostat_month month)
{
    const allostat_params *params =
        allostat_scenario_params(city->scenario, allostat_month_first_day(month));
    allostat_income_terms terms;

    allostat_income_terms_make(&terms, params, city->key, month, 1);
    allostat_income_enter(&terms, params, &city->residents, &city->users, first);
}

static allostat_status settle_ties(allostat_city *city, allostat_month month,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_ties_people people = {city->entry.params, city->key,    month,
                                         &city->residents,   &city->users, city->share,
                                         city->turn};

    ALLOSTAT_TRY(allostat_ties_settle(&city->ties, &people, error));
    allostat_connection_settle(people.params, &city->residents, &city->users);
cleanup:
    return status;
}

allostat_status allostat_city_settle(allostat_city *city, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_month month = city->projection.first_month;
    const double everybody = 1.0;

    city->tally.month = month;
    city->entry.founding = true;
    admit_cohorts(city, city->projection.initial, month);
    allostat_tally_found(&city->tally, &city->residents);
    city->entry.founding = false;
    allostat_becoming_make(&city->becoming, city->entry.params, city->key,
                           &city->residents, month);
    ALLOSTAT_TRY(make_users(city, 0, everybody, error));
    ALLOSTAT_TRY(allostat_city_enter_patients(city, 0, error));
    if (allostat_city_turn_months(city) > 1)
        ALLOSTAT_TRY(allostat_order_near(&city->residents, &city->users, error));
    start_income(city, 0, month);
    ALLOSTAT_TRY(settle_ties(city, month, error));
    allostat_city_start_users(city, 0, month);
    allostat_users_note_sides(&city->users, 0, city->users.row_count);
    allostat_users_part(&city->users, &city->residents);
cleanup:
    return status;
}

static size_t sum_of(const int32_t count[ALLOSTAT_COHORT_COUNT])
{
    size_t sum = 0;

    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) sum += (size_t)count[c];
    return sum;
}

/* People who come this month. */
typedef struct {
    const allostat_city *city;
    size_t first; /* row */
    allostat_month month;
    bool prevents;
} arrivals_of;

static void count_part(void *context, allostat_tally *books, size_t part, size_t parts)
{
    const arrivals_of *self = context;
    const allostat_residents *residents = &self->city->residents;
    const size_t count = residents->row_count - self->first;
    const size_t end = self->first + count * (part + 1) / parts;

    for (size_t row = self->first + count * part / parts; row < end; row++) {
        allostat_tally_entry(books, residents, (uint32_t)row);
        books->city[ALLOSTAT_CITY_reached_by_prevention] +=
            self->prevents &&
            allostat_prevention_reached(&self->city->entry.prevention,
                                        residents->birth_month[row], self->month);
    }
}

allostat_status allostat_city_receive(allostat_city *city, allostat_month month,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t first = city->residents.row_count;
    const int32_t m = month - city->projection.first_month;
    const int32_t *arrivals =
        city->projection.arrivals + (size_t)m * ALLOSTAT_COHORT_COUNT;
    const allostat_params *params =
        allostat_scenario_params(city->scenario, allostat_month_first_day(month));
    arrivals_of coming = {
        .city = city,
        .first = first,
        .month = month,
        .prevents = params->prevention_ace_ratio < 1.0 ||
                    params->prevention_attachment_shift > 0.0,
    };

    city->becoming.month = month;
    ALLOSTAT_TRY(
        allostat_residents_reserve(&city->residents, first + sum_of(arrivals), error));
    city->entry.prevention = allostat_prevention_make(params);
    admit_cohorts(city, arrivals, month);
    ALLOSTAT_TRY(allostat_tally_share(&city->tally, count_part, &coming, error));
    ALLOSTAT_TRY(make_users(city, first, params->users_arrival_ratio, error));
    ALLOSTAT_TRY(allostat_city_enter_patients(city, first, error));
    start_income(city, first, month);
cleanup:
    return status;
}

allostat_status allostat_city_first_uses(allostat_city *city, const uint32_t *person,
                                         size_t count, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(become_users(city, person, count, false, error));
    for (size_t i = 0; i < count; i++) {
        allostat_tally_add(&city->tally, ALLOSTAT_COUNTED_first_uses, &city->residents,
                           person[i], city->residents.area[person[i]], 1);
        allostat_city_count_after_prescription(city, person[i]);
    }
cleanup:
    return status;
}
