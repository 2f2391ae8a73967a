#include "engine/patients.h"

#include "base/columns.h"
#include "base/hot.h"
#include "care/institutions.h"
#include "engine/blocks.h"
#include "engine/refresh.h"
#include "engine/tally_share.h"
#include "mind/mirror.h"
#include "opioid/daily.h"
#include "opioid/pain.h"
#include "opioid/prescribing.h"
#include "people/life_course.h"

static const allostat_params *params_of(const allostat_city *city, allostat_month month)
{
    return allostat_scenario_params(city->scenario, allostat_month_first_day(month));
}

/* They follow from the parameters, which change seldom. */
static void make_terms(allostat_city *city, allostat_month month)
{
    const allostat_params *params = params_of(city, month);
    const int32_t turn_months = city->turn.months;
    const bool known = city->pain_params == params && city->pain_months == turn_months;

    for (allostat_pace pace = 0; pace < ALLOSTAT_PACE_COUNT; pace++) {
        const int32_t months = allostat_turn_months(&city->turn, pace);

        if (!known) {
            allostat_pain_month_terms_make(&city->pain_terms[pace], params, city->key,
                                           month, months);
            allostat_prescribing_terms_make(&city->rx_terms[pace], params, city->key,
                                            month, months, city->rx_mean_ratio);
        }
        allostat_pain_month_terms_turn_to(&city->pain_terms[pace], month);
        allostat_prescribing_terms_turn_to(&city->rx_terms[pace], month,
                                           city->rx_mean_ratio);
    }
    city->pain_params = params;
    city->pain_months = turn_months;
}

typedef uint32_t pain_bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_BLOCK_ROWS];

#define LANE(draw) bits[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane]

/* All purposes that are drawn with `draw`. */
static void fill(const allostat_city *city, allostat_draw draw, allostat_day day,
                 size_t first, size_t count, pain_bits bits)
{
    allostat_draws_fill(
        allostat_draw_key_of_numbers(city->key), allostat_draw_table[draw].call, day, 0,
        city->residents.number + first, count, ALLOSTAT_BLOCK_ROWS, bits[0]);
}

/* The rows of people who enter, who have lived no months at once. */
typedef struct {
    allostat_city *city;
    size_t first;
} entering;

static void enter_block(void *context, size_t block, size_t first, size_t count)
{
    const entering *self = context;
    allostat_residents *residents = &self->city->residents;
    pain_bits bits;

    (void)block;
    first += self->first;
    fill(self->city, ALLOSTAT_DRAW_entry_pain, 0, first, count, bits);
    allostat_pain_enter(&self->city->pain_terms[ALLOSTAT_PACE_month], residents, first,
                        count, LANE(entry_pain), LANE(entry_pain_severity));
    allostat_prescribing_enter(
        &self->city->rx_terms[ALLOSTAT_PACE_month], residents, first, count,
        (allostat_rx_entry_bits){LANE(entry_rx), LANE(entry_rx_dose)});
}

/* Everybody's ratio is told against the mean. */
static void divide_block(void *context, size_t block, size_t first, size_t count)
{
    const allostat_city *city = context;
    float *ratio = city->residents.rx_first_use_ratio + first;

    (void)block;
    for (size_t i = 0; i < count; i++) ratio[i] /= (float)city->rx_mean_ratio;
}

void allostat_city_enter_pain(allostat_city *city, size_t first, allostat_month month)
{
    allostat_residents *residents = &city->residents;
    const bool first_day = city->rx_mean_ratio == 0.0;
    entering rows = {.city = city, .first = first};

    if (first_day) city->rx_mean_ratio = 1.0;
    make_terms(city, month);
    allostat_share_rows(city->share, residents->row_count - first, enter_block, &rows);
    if (!first_day) return;
    city->rx_mean_ratio = allostat_prescribing_mean_ratio(
        &city->rx_terms[ALLOSTAT_PACE_month], params_of(city, month), residents);
    allostat_share_rows(city->share, residents->row_count, divide_block, city);
}

/* A patient who has no row. */
static bool wants_row(const allostat_residents *residents, size_t person)
{
    return (residents->rx_event[person] & ALLOSTAT_RX_EVENT_long_term) != 0 &&
           residents->user_row[person] < 0;
}

static void take_in_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    allostat_city *city = context;
    const allostat_found *found = &city->found.part[part];
    size_t row = city->users.row_count;

    (void)unused_first, (void)unused;
    for (size_t p = 0; p < part; p++) row += city->found.part[p].count;
    for (size_t i = 0; i < found->count; i++)
        allostat_become_patient(&city->becoming, &city->residents, &city->users,
                                found->row[i], row + i);
}

/* Rows for those who were found to want one, in their order. */
static allostat_status take_in(allostat_city *city, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    size_t count = 0;

    ALLOSTAT_TRY(allostat_found_check(&city->found, error));
    for (size_t p = 0; p < city->found.part_count; p++)
        count += city->found.part[p].count;
    ALLOSTAT_TRY(
        allostat_users_reserve(&city->users, city->users.row_count + count, error));
    allostat_share_parts(city->share, take_in_part, city);
    city->users.row_count += count;
cleanup:
    return status;
}

static void find_patient(allostat_found *found, const allostat_residents *residents,
                         size_t person)
{
    if (wants_row(residents, person) && allostat_found_reserve(found, 1))
        found->row[found->count++] = (uint32_t)person;
}

/* Rows of newcomers in which a part looks for patients. */
typedef struct {
    allostat_city *city;
    size_t first, parts;
} entering_patients;

static void find_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    const entering_patients *self = context;
    const allostat_residents *residents = &self->city->residents;
    const size_t count = residents->row_count - self->first;
    const size_t end = self->first + count * (part + 1) / self->parts;

    (void)unused_first, (void)unused;
    for (size_t row = self->first + count * part / self->parts; row < end; row++)
        find_patient(&self->city->found.part[part], residents, row);
}

/* New rows of users. */
typedef struct {
    allostat_city *city;
    size_t first;
    allostat_patient_terms terms;
} patients_of;

static void refresh_patients(void *context, size_t block, size_t first, size_t count)
{
    const patients_of *self = context;
    allostat_city *city = self->city;

    (void)block;
    for (size_t i = 0; i < count; i++)
        allostat_patient_refresh(&self->terms, &city->residents, &city->users,
                                 self->first + first + i);
}

allostat_status allostat_city_enter_patients(allostat_city *city, size_t first,
                                             allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_month month = city->becoming.month;
    entering_patients coming = {city, first, allostat_share_part_count(city->share)};
    patients_of patients = {.city = city, .first = city->users.row_count};

    ALLOSTAT_TRY(allostat_found_begin(&city->found, coming.parts, error));
    allostat_share_parts(city->share, find_part, &coming);
    ALLOSTAT_TRY(take_in(city, error));
    allostat_patient_terms_make(&patients.terms, params_of(city, month), city->key,
                                month);
    allostat_share_rows(city->share, city->users.row_count - patients.first,
                        refresh_patients, &patients);
cleanup:
    return status;
}

typedef struct {
    allostat_city *city;
    const allostat_params *params;
    allostat_month month;
} retiring;

static void retire_rows(const retiring *self, size_t first, size_t end)
{
    allostat_city *city = self->city;
    allostat_users *users = &city->users;

    allostat_patients_retire(users, &city->residents, self->params, self->month, first,
                             end - first);
    /* they live on as residents: with the state that they had as patients */
    for (size_t row = first; row < end; row++) {
        if (!users->present[row])
            allostat_mirror_rows_to_residents(users, row, 1, &city->residents);
    }
}

static void retire_block(void *context, size_t block, size_t first, size_t count)
{
    const retiring *self = context;
    allostat_users *users = &self->city->users;

    (void)block;
    if (first + count > users->street_count)
        retire_rows(self, first > users->street_count ? first : users->street_count,
                    first + count);
    allostat_users_note_present(users, first, count);
}

void allostat_city_retire_patients(allostat_city *city, allostat_month month)
{
    retiring self = {city, params_of(city, month), month};

    allostat_share_rows_evenly(city->share, city->users.row_count, retire_block, &self);
}

/* The draws of a block that is due; what is read of the next is asked for. */
static void fill_due(const allostat_city *city, const allostat_prescribing_terms *terms,
                     size_t first, size_t count, pain_bits bits)
{
    const allostat_residents *residents = &city->residents;
    const size_t next = first + allostat_turn_stride(terms->months);
#define COLUMN(name) ALLOSTAT_HINT_COLUMN(residents->name, next)
    const allostat_hint_column column[] = {
        COLUMN(number),      COLUMN(chronic_pain),   COLUMN(pain),
        COLUMN(birth_month), COLUMN(status),         COLUMN(user_row),
        COLUMN(rx_dose),     COLUMN(rx_ended),       COLUMN(rx_first_use_ratio),
        COLUMN(rx_event),    COLUMN(rx_felt_months),
    };
#undef COLUMN
    const allostat_hint_columns columns = {column, sizeof column / sizeof *column};
    const allostat_draw_rows rows = {residents->number + first, NULL, count, bits[0],
                                     ALLOSTAT_BLOCK_ROWS};

    allostat_draws_fill_and_hint(city->key, ALLOSTAT_DRAW_pain_change, terms->first_day,
                                 &rows, &columns);
}

static void pain_block(void *context, size_t block, size_t first, size_t count)
{
    allostat_city *city = context;
    const allostat_pace pace = allostat_turn_pace(&city->turn, first);
    const allostat_prescribing_terms *terms = &city->rx_terms[pace];
    pain_bits bits;

    (void)block;
    fill_due(city, terms, first, count, bits);
    allostat_pain_month(&city->pain_terms[pace], &city->residents, first, count,
                        LANE(pain_change), LANE(pain_severity));
    allostat_prescribing_month(terms, &city->residents, &city->users, first, count,
                               (allostat_rx_bits){LANE(rx_start), LANE(rx_stop)});
}

static void count(const allostat_residents *residents, allostat_tally *books,
                  uint32_t person, allostat_counted series, int32_t amount)
{
    if (amount == 0) return;
    allostat_tally_add(books, series, residents, person, residents->area[person],
                       amount);
}

static void count_events(const allostat_residents *residents, allostat_tally *books,
                         uint32_t person)
{
    const uint8_t event = residents->rx_event[person];

    count(residents, books, person, ALLOSTAT_COUNTED_prescriptions,
          allostat_rx_starts(event));
    count(residents, books, person, ALLOSTAT_COUNTED_prescriptions_ended,
          allostat_rx_ends(event));
}

static void lose_patient(allostat_city *city, size_t row)
{
    const uint32_t person = city->users.person[row];

    count(&city->residents, &city->tally, person,
          ALLOSTAT_COUNTED_prescribed_overdose_deaths, 1);
    allostat_tally_exit(&city->tally, &city->residents, &city->users, person,
                        ALLOSTAT_RESIDENT_dead_other);
    allostat_tally_bereavements(&city->tally, &city->residents, &city->users, person,
                                ALLOSTAT_RESIDENT_dead_other);
    allostat_life_leave(&city->residents, &city->users, person,
                        ALLOSTAT_RESIDENT_dead_other);
}

typedef struct {
    allostat_city *city;
    allostat_patient_terms terms;
} following;

/* Lists the rows of those who die. */
static int32_t follow_rows(void *context, allostat_requests *list, size_t first,
                           size_t count)
{
    const following *self = context;
    allostat_city *city = self->city;
    const size_t most = ALLOSTAT_BLOCK_ROWS;
    uint8_t dies[ALLOSTAT_BLOCK_ROWS];

    for (size_t done = 0; done < count; done += most) {
        const size_t begin = first + done;
        const size_t rows = count - done < most ? count - done : most;

        allostat_patients_follow(&self->terms, &city->residents, &city->users, begin,
                                 rows, dies);
        for (size_t i = allostat_next_flag(dies, 0, rows); i < rows;
             i = allostat_next_flag(dies, i + 1, rows)) {
            allostat_requests_add(list, 0, (uint32_t)(begin + i));
        }
    }
    return 0;
}

/* Deaths by prescribed opioids alone are no overdose deaths of the coroner's count of
 * unregulated drugs: they are counted among the other causes, and by themselves. */
static allostat_status follow(allostat_city *city, allostat_month month,
                              allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_requests *deaths = &city->requests; /* a list of rows */
    following self = {.city = city};

    allostat_patient_terms_make(&self.terms, params_of(city, month), city->key, month);
    ALLOSTAT_TRY(allostat_requests_reserve(deaths, city->users.row_count, error));
    (void)allostat_requests_collect(deaths, &city->users, follow_rows, &self);
    for (size_t i = 0; i < deaths->count; i++)
        lose_patient(city, deaths->request[i].row);
cleanup:
    return status;
}

/* Counts what happened to prescriptions, and finds patients without a row. */
static void count_part(void *context, allostat_tally *books, size_t part, size_t parts)
{
    allostat_city *city = context;
    const allostat_residents *residents = &city->residents;
    const uint8_t *event = residents->rx_event;
    size_t first;
    const allostat_turn turn = allostat_turn_part(&city->turn, part, parts, &first);

    for (size_t row = allostat_turn_next_flag(&turn, event, first);
         row < turn.row_count; row = allostat_turn_next_flag(&turn, event, row + 1)) {
        if (residents->status[row] != ALLOSTAT_RESIDENT_present) continue;
        count_events(residents, books, (uint32_t)row);
        find_patient(&city->found.part[part], residents, row);
    }
}

allostat_status allostat_city_pain_month(allostat_city *city, allostat_month month,
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    make_terms(city, month);
    city->becoming.month = month;
    allostat_turn_share(&city->turn, city->users.share, pain_block, city);
    ALLOSTAT_TRY(allostat_found_begin(&city->found,
                                      allostat_share_part_count(city->share), error));
    ALLOSTAT_TRY(allostat_tally_share(&city->tally, count_part, city, error));
    ALLOSTAT_TRY(take_in(city, error));
    ALLOSTAT_TRY(follow(city, month, error));
cleanup:
    return status;
}

static int32_t months_of(const allostat_city *city, uint32_t person)
{
    return allostat_turn_months(&city->turn, allostat_turn_pace(&city->turn, person));
}

static double when(const allostat_city *city, uint32_t person, uint32_t index)
{
    return allostat_draw_uniform(city->key, ALLOSTAT_DRAW_rx_month, person,
                                 allostat_month_first_day(city->tally.month), index);
}

void allostat_city_count_after_prescription(allostat_city *city, uint32_t person)
{
    const allostat_residents *residents = &city->residents;
    const double ratio =
        (double)residents->rx_first_use_ratio[person] * city->rx_mean_ratio;
    const double share = allostat_rx_share_of_first_use(
        ratio, residents->rx_felt_months[person], months_of(city, person));

    count(residents, &city->tally, person,
          ALLOSTAT_COUNTED_first_uses_after_prescription,
          when(city, person, 0) < share);
}

void allostat_city_cancel_prescriptions(const allostat_city *city,
                                        allostat_tally *books, uint32_t person)
{
    const uint8_t event = city->residents.rx_event[person];
    const int32_t starts = allostat_rx_starts(event);
    const int32_t all = starts + allostat_rx_ends(event);
    const double share = allostat_rx_share_before_leaving(months_of(city, person));

    for (int32_t i = 0; share < 1.0 && i < all; i++) {
        if (when(city, person, (uint32_t)i + 1) < share) continue;
        count(&city->residents, books, person,
              i < starts ? ALLOSTAT_COUNTED_prescriptions
                         : ALLOSTAT_COUNTED_prescriptions_ended,
              -1);
    }
}

/* ---- the month's clock ----------------------------------------------------------- */

/* The prescription of a patient stands still for a month, and what follows it moves in
 * days to months; for the dormant, in weeks to years. */
enum { STEPS_A_MONTH = 4, LINE_ROWS = 16 };

/* Blocks begin with a line of columns: so does the one in which the patients begin. */
static size_t first_line(const allostat_users *users)
{
    return users->street_count / LINE_ROWS * LINE_ROWS;
}

typedef struct {
    allostat_users *users;
    const allostat_params *params;
    int32_t days;
    double step_days;
    allostat_opioid_terms terms;
} patient_days;

static void live_block(void *context, size_t block, size_t first, size_t count)
{
    const patient_days *self = context;
    allostat_users *users = self->users;

    (void)block;
    first += first_line(users);
    if (first < users->street_count) {
        count -= users->street_count - first;
        first = users->street_count;
    }
    allostat_stretch_paces(self->params, self->step_days, users, first, count);
    for (int step = 0; step < STEPS_A_MONTH; step++)
        allostat_opioid_adapt(&self->terms, users, first, count);
    allostat_count_days_off_oat(users, first, count, self->days);
}

void allostat_city_live_patients(allostat_city *city, allostat_day last_day,
                                 const allostat_share_own *beside)
{
    const allostat_params *params = allostat_scenario_params(city->scenario, last_day);
    const int32_t days = allostat_month_day_count(allostat_month_of_day(last_day));
    patient_days context = {.users = &city->users,
                            .params = params,
                            .days = days,
                            .step_days = (double)days / STEPS_A_MONTH};

    allostat_opioid_terms_make(&context.terms, params, last_day);
    if (city->is_plain) allostat_opioid_terms_plain(&context.terms);
    allostat_opioid_terms_stretch(&context.terms, params, context.step_days);
    allostat_share_rows_beside(city->share,
                               city->users.row_count - first_line(&city->users),
                               live_block, &context, beside);
}
