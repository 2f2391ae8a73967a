/* The opioid floor as a whole: what a year of days does to people, and that the way in
 * which rows are cut into blocks does nothing. */
#include "defaults.h"

#include "base/draws.h"
#include "opioid/daily.h"
#include "people/becoming.h"

#include <string.h>

static const allostat_day DAY = 17000; /* 18 July 2016, no payment day */

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_opioid_terms terms;
} crowd;

/* People of average traits, unlike in frailty, pace and way of living. */
static void crowd_init(crowd *self, void **state, size_t people)
{
    self->params = defaults_copy(state);
    tables_of_users(&self->residents, &self->users, people);
    allostat_opioid_terms_make(&self->terms, &self->params, DAY);
    for (size_t i = 0; i < people; i++) {
        allostat_users *users = &self->users;
        users->recovery_pace[i] = 0.5f + (float)(i % 5) * 0.3f;
        allostat_user_refresh_pace(users, i, self->params.opioid_tau_fast,
                                   self->params.opioid_tau_slow);
        users->frailty[i] = (float)(i % 7) - 3.0f;
        users->use_years[i] = (float)(i % 20);
        users->cue[i] = 0.9f;
        users->stress[i] = 0.4f;
        users->connection[i] = users->oxytocin[i] = 0.5f;
        users->avoidance[i] = (float)(i % 3) - 1.0f;
        users->overdose_ratio[i] = 1.4f;
        users->site_share[i] = (float)(i % 4) * 0.2f;
        users->active[i] = i % 3 != 0;
        users->treatment[i] = (int32_t)(i % 4 == 1) + 2 * (int32_t)(i % 8 == 3);
    }
}

static void crowd_free(crowd *self) { tables_free(&self->residents, &self->users); }

/* A day of rows first .. first + count - 1, as the engine does it; who overdosed is
 * flagged. */
static void live(crowd *self, allostat_day day, size_t first, size_t count,
                 uint8_t *overdosed)
{
    allostat_users *users = &self->users;
    uint32_t *bits = calloc(ALLOSTAT_DRAW_LANES * count, sizeof *bits);
    uint32_t *row = calloc(count, sizeof *row);

    assert_non_null(bits);
    assert_non_null(row);
    allostat_draws_fill(allostat_draw_key_make(2, 0),
                        allostat_draw_table[ALLOSTAT_DRAW_day_use].call, day, 0,
                        users->person + first, count, count, bits);
#define LANE(draw) (bits + allostat_draw_table[ALLOSTAT_DRAW_##draw].lane * count)
    allostat_use_step(&self->terms.use, users, first, count, LANE(day_use),
                      LANE(day_cessation));
    allostat_visit_step(users, first, count, LANE(day_site_visits));
    const size_t found = allostat_overdose_step(&self->terms.overdose, users, first,
                                                count, LANE(day_overdose), row);
#undef LANE
    memset(overdosed + first, 0, count);
    for (size_t i = 0; i < found; i++) overdosed[row[i]] = 1;
    allostat_opioid_adapt(&self->terms, users, first, count);
    free(bits);
    free(row);
}

static void assert_equal_rows(const allostat_users *a, const allostat_users *b,
                              size_t first, size_t count)
{
#define COLUMN(name, type, unit, about) \
    assert_memory_equal(a->name + first, b->name + first, count * sizeof(type));
#include "tables/users.def"
#undef COLUMN
}

enum { ROWS = 1061 };

static void days_give_the_same_bits_for_any_split_into_blocks(void **state)
{
    static const size_t splits[] = {1, 3, 8, 16, 100, 1024};
    static crowd whole, cut;
    static uint8_t a[ROWS], b[ROWS];

    for (size_t s = 0; s < sizeof splits / sizeof splits[0]; s++) {
        crowd_init(&whole, state, ROWS);
        crowd_init(&cut, state, ROWS);
        for (allostat_day day = DAY; day < DAY + 20; day++) {
            live(&whole, day, 0, ROWS, a);
            for (size_t first = 0; first < ROWS; first += splits[s]) {
                const size_t left = ROWS - first;
                live(&cut, day, first, left < splits[s] ? left : splits[s], b);
            }
            assert_memory_equal(a, b, sizeof a);
        }
        assert_equal_rows(&whole.users, &cut.users, 0, ROWS);
        crowd_free(&whole);
        crowd_free(&cut);
    }
}

static void plain_terms_give_the_same_bits_to_plain_rows(void **state)
{
    enum { PEOPLE = 700, DAYS = 40 };
    uint8_t overdosed[PEOPLE];
    crowd full, plain;

    crowd_init(&full, state, PEOPLE);
    crowd_init(&plain, state, PEOPLE);
    allostat_opioid_terms_plain(&plain.terms);
    for (allostat_day day = DAY; day < DAY + DAYS; day++) {
        assert_true(allostat_is_plain(&plain.users, 0, PEOPLE));
        live(&full, day, 0, PEOPLE, overdosed);
        live(&plain, day, 0, PEOPLE, overdosed);
    }
    assert_equal_rows(&full.users, &plain.users, 0, PEOPLE);
    crowd_free(&full);
    crowd_free(&plain);
}

static void one_person_with_more_care_makes_rows_unplain(void **state)
{
    enum { PEOPLE = 40 };
    crowd self;
    allostat_users *u = &self.users;

    crowd_init(&self, state, PEOPLE);
    float *const shares[] = {u->antagonist, u->supplied, u->doses_less, u->lapse_less,
                             u->craving_relief};
    int32_t *const drugs[] = {u->treatment, u->treatment_next};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        shares[i][33] = 1e-36f;
        assert_false(allostat_is_plain(u, 3, PEOPLE - 3));
        assert_true(allostat_is_plain(u, 0, 33));
        shares[i][33] = 0.0f;
    }
    for (size_t i = 0; i < sizeof drugs / sizeof drugs[0]; i++) {
        drugs[i][33] = ALLOSTAT_TREATMENT_naltrexone;
        assert_false(allostat_is_plain(u, 0, PEOPLE));
        drugs[i][33] = ALLOSTAT_TREATMENT_none;
    }
    u->safer_supply[33] = 1;
    assert_false(allostat_is_plain(u, 33, 1));
    crowd_free(&self);
}

static void rows_outside_of_a_block_stay_untouched(void **state)
{
    static crowd before, after;
    static uint8_t overdosed[ROWS];

    crowd_init(&before, state, ROWS);
    crowd_init(&after, state, ROWS);
    for (size_t i = 0; i < ROWS; i++) overdosed[i] = 7;
    live(&after, DAY, 101, 333, overdosed);
    assert_equal_rows(&before.users, &after.users, 0, 101);
    assert_equal_rows(&before.users, &after.users, 434, ROWS - 434);
    assert_int_equal(overdosed[100], 7);
    assert_int_equal(overdosed[434], 7);
    assert_int_not_equal(overdosed[101], 7);
    assert_int_not_equal(overdosed[433], 7);
    crowd_free(&before);
    crowd_free(&after);
}

static void take(crowd *self, int32_t days, float doses)
{
    for (int32_t day = 0; day < days; day++) {
        self->users.doses[0] = doses;
        allostat_opioid_adapt(&self->terms, &self->users, 0, 1);
    }
}

/* Chance of an overdose of the next dose. */
static double next_dose(const crowd *self)
{
    const allostat_overdose_terms *t = &self->terms.overdose;
    const allostat_users *users = &self->users;
    const float belief =
        logf(allostat_ec50f(users->believed_tolerance[0], t->ec50_naive, t->ec50_gain) /
             allostat_ec50f(users->tolerance[0], t->ec50_naive, t->ec50_gain));

    return (double)allostat_dose_riskf(t, belief - users->met_potency[0]);
}

static void one_person(crowd *self, void **state)
{
    crowd_init(self, state, 1);
    self->users.recovery_pace[0] = 1.0f;
    self->users.treatment[0] = ALLOSTAT_TREATMENT_none;
    allostat_user_refresh_pace(&self->users, 0, self->params.opioid_tau_fast,
                               self->params.opioid_tau_slow);
}

static void use_settles_and_more_use_gives_more_of_everything(void **state)
{
    static crowd self;
    float tolerance = -1.0f, dependence = -1.0f, tone = 9.0f;

    for (int doses = 0; doses <= 6; doses++) {
        one_person(&self, state);
        take(&self, 2000, (float)doses);
        const float settled = self.users.tolerance[0];
        take(&self, 200, (float)doses);
        check_close((double)self.users.tolerance[0], (double)settled, 1e-4);
        assert_true(self.users.tolerance[0] > tolerance);
        assert_true(self.users.dependence[0] > dependence);
        assert_true(self.users.endogenous_tone[0] < tone);
        tolerance = self.users.tolerance[0];
        dependence = self.users.dependence[0];
        tone = self.users.endogenous_tone[0];
        assert_true(tolerance >= 0.0f && tolerance < 1.0f);
        crowd_free(&self);
    }
}

static void the_first_dose_after_two_weeks_off_is_many_times_as_dangerous(void **state)
{
    static crowd self;

    one_person(&self, state);
    take(&self, 1000, 3.0f);
    const double steady = next_dose(&self);
    take(&self, 14, 0.0f);
    const double after = next_dose(&self);
    print_message("first dose after 14 days off: %.1f times the risk\n",
                  after / steady);
    /* By the dose: nobody takes many in the first days, so by the day, which the
     * evidence counts (2 to 8), it is far less: tests/statistical/test_release.c. */
    assert_true(after / steady > 5.0 && after / steady < 50.0);
    take(&self, 60, 3.0f);
    assert_true(next_dose(&self) < after); /* using has corrected belief */
    crowd_free(&self);
}

static void a_stop_brings_withdrawal_that_goes_within_two_weeks(void **state)
{
    static crowd self;

    one_person(&self, state);
    take(&self, 1000, 3.0f);
    const float steady = self.users.withdrawal[0];
    take(&self, 1, 0.0f);
    assert_true(self.users.withdrawal[0] > 1.5f * steady);
    take(&self, 13, 0.0f);
    assert_true(self.users.withdrawal[0] < 0.05f);
    crowd_free(&self);
}

static void history_makes_users_and_leaves_a_first_use_naive(void **state)
{
    static crowd self;

    crowd_init(&self, state, 3);
    for (size_t i = 0; i < 3; i++) self.users.treatment[i] = ALLOSTAT_TREATMENT_none;
    self.users.active[0] = 1, self.users.use_years[0] = 10.0f; /* a user */
    self.users.active[1] = 1, self.users.use_years[1] = 0.0f;  /* a first use */
    self.users.active[2] = 0, self.users.use_years[2] = 10.0f; /* in remission */
    allostat_opioid_start(&self.terms, &self.users, 0, 3, ALLOSTAT_DAYS_OF_HISTORY);
    assert_int_equal(self.users.active[0], 1);
    assert_int_equal(self.users.active[1], 1);
    assert_int_equal(self.users.active[2], 0);
    assert_true(self.users.tolerance[0] > 0.3f);
    assert_true(self.users.dependence[0] > 0.3f && self.users.cue_memory[0] > 0.5f);
    check_close((double)self.users.tolerance[1], 0.0, 1e-6);
    check_close((double)self.users.cue_memory[1], 0.0, 1e-6);
    check_close((double)self.users.use_years[1], 0.0, 0.0);
    check_close((double)self.users.tolerance[2], 0.1 * (1.0 - exp(-2.0)), 1e-4);
    for (size_t i = 0; i < 3; i++) {
        check_close((double)self.users.met_potency[i],
                    (double)self.terms.supply.learnable_potency, 1e-6);
    }
    crowd_free(&self);
}

/* A month of a patient at a level, by the day or in four steps. */
static void live_month(crowd *self, float level, int32_t steps)
{
    allostat_users *users = &self->users;
    const allostat_params *params = &self->params;
    const double days = 30.0 / steps;
    allostat_opioid_terms terms = self->terms;

    allostat_opioid_terms_stretch(&terms, params, days);
    allostat_user_refresh_pace(users, 0, params->opioid_tau_fast / days,
                               params->opioid_tau_slow / days);
    users->stress_keep[0] =
        allostat_stress_keepf(&terms.regulation, users->insecurity[0]);
    users->rx_target[0] = level;
    for (int32_t step = 0; step < steps; step++)
        allostat_opioid_adapt(&terms, users, 0, 1);
}

/* The half year before a first use, or of a patient, in so many steps. */
static void live_history(crowd *self, int32_t steps)
{
    allostat_users *users = &self->users;
    const allostat_params *params = &self->params;
    const double days = (double)ALLOSTAT_DAYS_OF_HISTORY / steps;
    allostat_opioid_terms terms = self->terms;

    allostat_opioid_terms_stretch(&terms, params, days);
    for (size_t i = 0; i < 2; i++) {
        allostat_user_refresh_pace(users, i, params->opioid_tau_fast / days,
                                   params->opioid_tau_slow / days);
        users->stress_keep[i] =
            allostat_stress_keepf(&terms.regulation, users->insecurity[i]);
        users->use_years[i] = 0.0f;
        users->active[i] = i == 0; /* a first use */
        users->rx_target[i] = i == 0 ? 0.0f : 1.0f;
        users->treatment[i] = ALLOSTAT_TREATMENT_none;
        users->stress[i] = 0.9f;
        users->oxytocin[i] = 0.1f;
    }
    allostat_opioid_start(&terms, users, 0, 2, steps);
}

static void a_past_without_use_is_the_same_by_the_day_and_in_longer_steps(void **state)
{
    static crowd daily, longer;

    crowd_init(&daily, state, 2);
    crowd_init(&longer, state, 2);
    live_history(&daily, ALLOSTAT_DAYS_OF_HISTORY);
    live_history(&longer, ALLOSTAT_STEPS_OF_HISTORY);
    for (size_t i = 0; i < 2; i++) {
#define CLOSE(column, by) \
    check_close((double)longer.users.column[i], (double)daily.users.column[i], (by))
        CLOSE(rx_level, 1e-4);
        CLOSE(effect, 0.01);
        CLOSE(tolerance, 0.01);
        CLOSE(dependence, 0.01);
        CLOSE(withdrawal, 0.01);
        CLOSE(hyperalgesia, 0.01);
        CLOSE(pain, 0.01);
        CLOSE(stress, 0.01);
        CLOSE(oxytocin, 0.01);
        CLOSE(allostatic_load, 0.01);
        CLOSE(endogenous_tone, 0.01);
        CLOSE(craving, 0.05);
        CLOSE(craving_mean, 0.05);
        CLOSE(withdrawal_mean, 0.01);
        CLOSE(use_years, 0.0);
        CLOSE(doses, 0.0);
#undef CLOSE
    }
    assert_true(daily.users.tolerance[1] > 0.3f);
    assert_true(daily.users.stress[0] < 0.8f);
    crowd_free(&daily);
    crowd_free(&longer);
}

static void a_patient_is_the_same_by_the_day_and_in_four_steps_a_month(void **state)
{
    static crowd daily, quarterly;

    crowd_init(&daily, state, 1);
    crowd_init(&quarterly, state, 1);
    daily.users.active[0] = quarterly.users.active[0] = 0;
    /* half a year on a dose, then a month in which it is gone */
    for (int month = 0; month < 7; month++) {
        live_month(&daily, month < 6 ? 1.0f : 0.0f, 30);
        live_month(&quarterly, month < 6 ? 1.0f : 0.0f, 4);
#define CLOSE(column, by) \
    check_close((double)quarterly.users.column[0], (double)daily.users.column[0], (by))
        CLOSE(rx_level, 1e-4);
        CLOSE(effect, 0.02);
        CLOSE(tolerance, 0.03);
        CLOSE(dependence, 0.03);
        CLOSE(hyperalgesia, 0.02);
        CLOSE(pain, 0.03);
        CLOSE(stress, 0.03);
        CLOSE(craving, 0.1);
        CLOSE(craving_mean, 0.1);
        CLOSE(withdrawal_mean, 0.03);
#undef CLOSE
        if (month == 5) assert_true(daily.users.tolerance[0] > 0.3f);
    }
    assert_true(daily.users.dependence[0] < 0.05f);
    crowd_free(&daily);
    crowd_free(&quarterly);
}

static void a_step_of_one_day_is_a_day(void **state)
{
    static crowd self;

    crowd_init(&self, state, 1);
    const allostat_opioid_terms before = self.terms;
    allostat_opioid_terms_stretch(&self.terms, &self.params, 1.0);
    check_relative((double)self.terms.exposure.rx_keep, (double)before.exposure.rx_keep,
                   1e-6);
    check_relative((double)self.terms.dsm5.keep, (double)before.dsm5.keep, 1e-6);
    check_relative((double)self.terms.regulation.load_keep,
                   (double)before.regulation.load_keep, 1e-6);
    crowd_free(&self);
}

static void terms_turned_to_a_day_are_those_made_for_it(void **state)
{
    const allostat_params params = defaults_copy(state);
    static allostat_opioid_terms made, turned; /* zeroed between members, too */

    for (allostat_day day = DAY; day < DAY + 40; day++) {
        allostat_opioid_terms_make(&turned, &params, DAY - 400);
        allostat_opioid_terms_turn_to(&turned, &params, day);
        allostat_opioid_terms_make(&made, &params, day);
        assert_memory_equal(&turned, &made, sizeof made);
        allostat_opioid_terms_make(&turned, &params, DAY - 400);
        allostat_opioid_terms_plain(&turned);
        allostat_opioid_terms_turn_to(&turned, &params, day);
        allostat_opioid_terms_plain(&made);
        assert_memory_equal(&turned, &made, sizeof made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_give_the_same_bits_for_any_split_into_blocks),
        cmocka_unit_test(plain_terms_give_the_same_bits_to_plain_rows),
        cmocka_unit_test(one_person_with_more_care_makes_rows_unplain),
        cmocka_unit_test(rows_outside_of_a_block_stay_untouched),
        cmocka_unit_test(use_settles_and_more_use_gives_more_of_everything),
        cmocka_unit_test(the_first_dose_after_two_weeks_off_is_many_times_as_dangerous),
        cmocka_unit_test(a_stop_brings_withdrawal_that_goes_within_two_weeks),
        cmocka_unit_test(history_makes_users_and_leaves_a_first_use_naive),
        cmocka_unit_test(a_patient_is_the_same_by_the_day_and_in_four_steps_a_month),
        cmocka_unit_test(a_past_without_use_is_the_same_by_the_day_and_in_longer_steps),
        cmocka_unit_test(a_step_of_one_day_is_a_day),
        cmocka_unit_test(terms_turned_to_a_day_are_those_made_for_it),
    };
    return RUN_WITH_DEFAULTS("daily", tests);
}
