#include "backwards.h"
#include "defaults.h"

#include "people/becoming.h"
#include "people/entry.h"

static const allostat_month MONTH = 12 * 2012;
enum {
    PER_COHORT = 2000,
    FROM_AGE = 15,
    TO_AGE = 74,
    PEOPLE = 2 * PER_COHORT * (TO_AGE - FROM_AGE + 1),
    WANTED = 5000
};

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_becoming becoming;
    uint8_t enters[PEOPLE];
} town;

/* In a row after the last, if the person has none. */
static void become(town *self, uint32_t person, bool with_history)
{
    allostat_users *users = &self->users;
    const size_t row = users->row_count;
    allostat_error error;

    assert_int_equal(allostat_users_reserve(users, row + 1, &error), ALLOSTAT_OK);
    allostat_become_user(&self->becoming, &self->residents, users, person, row,
                         with_history);
    users->row_count = row + 1;
}

static void town_settle(town *self, void **state)
{
    allostat_entry entry;
    allostat_error error = {0};

    self->params = defaults_copy(state);
    self->params.geography_areas.count = 2;
    for (int i = 0; i < 2; i++) {
        self->params.geography_population_share[i] = i == 0 ? 0.1 : 0.9;
        self->params.users_area_share[i] = i == 0 ? 0.3 : 0.7;
        self->params.users_inject_share[i] = self->params.users_inject_share[0];
        self->params.traits_ace_area_ratio[i] = 1.0;
    }
    self->params.users_sex_share[ALLOSTAT_SEX_female] = 0.342;
    self->params.users_sex_share[ALLOSTAT_SEX_male] = 0.658;
    self->params.users_initial_count = WANTED;
    const allostat_draw_key key = allostat_draw_key_make(11, 0);
    allostat_entry_make(&entry, &self->params, key);
    entry.founding = true;
    assert_int_equal(allostat_residents_init(&self->residents, PEOPLE, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&self->users, WANTED, &error), ALLOSTAT_OK);
    for (int sex = 0; sex < ALLOSTAT_SEX_COUNT; sex++) {
        for (int32_t age = FROM_AGE; age <= TO_AGE; age++) {
            allostat_entry_admit(&entry, &self->residents,
                                 allostat_cohort((allostat_sex)sex, age), PER_COHORT,
                                 MONTH);
        }
    }
    allostat_becoming_make(&self->becoming, &self->params, key, &self->residents,
                           MONTH);
    allostat_enter_using(&self->becoming, &self->residents, 0, 1.0, self->enters);
    for (uint32_t person = 0; person < self->residents.row_count; person++) {
        if (!self->enters[person]) continue;
        become(self, person, true);
    }
}

static void town_free(town *self) { tables_free(&self->residents, &self->users); }

/* Mean age of the wanted users: normal, cut at the ages of the town. */
static double wanted_mean_age(const allostat_params *params)
{
    double sum = 0.0, weights = 0.0;

    for (int32_t age = FROM_AGE; age <= TO_AGE; age++) {
        const double z = (age + 0.5 - params->users_age_mean) / params->users_age_sd;
        sum += age * exp(-0.5 * z * z);
        weights += exp(-0.5 * z * z);
    }
    return sum / weights;
}

/* Standard errors: 71 people, 0.007 of a share, 0.15 years; five of them each. */
static void the_town_begins_with_the_wanted_users(void **state)
{
    static town self;
    int32_t men = 0, downtown = 0;
    double ages = 0.0;

    town_settle(&self, state);
    const double count = (double)self.users.row_count;
    for (size_t i = 0; i < self.users.row_count; i++) {
        const uint32_t person = self.users.person[i];
        men += self.residents.sex[person] == ALLOSTAT_SEX_male;
        downtown += self.residents.area[person] == 0;
        ages += allostat_age_in_month(self.residents.birth_month[person], MONTH);
    }
    check_close(count, WANTED, 360.0);
    check_close(men / count, 0.658, 0.035);
    check_close(downtown / count, 0.3, 0.035);
    check_close(ages / count, wanted_mean_age(&self.params), 0.8);
    town_free(&self);
}

static void traits_of_use_have_their_shares(void **state)
{
    static town self;
    double injects = 0, stimulants = 0, stopped = 0, frailty = 0, squares = 0, pace = 0;

    town_settle(&self, state);
    const double count = (double)self.users.row_count;
    for (size_t i = 0; i < self.users.row_count; i++) {
        injects += self.users.injects[i];
        stimulants += self.users.uses_stimulants[i];
        stopped += self.users.in_remission[i];
        assert_int_equal(self.users.active[i], !self.users.in_remission[i]);
        frailty += (double)self.users.frailty[i];
        squares += (double)self.users.frailty[i] * (double)self.users.frailty[i];
        pace += log((double)self.users.recovery_pace[i]);
    }
    check_close(injects / count, self.params.users_inject_share[0], 0.035);
    check_close(stimulants / count, self.params.users_stimulant_share, 0.035);
    check_close(stopped / count, self.params.users_initial_abstinent_share, 0.026);
    check_close(frailty / count, 0.0, 0.11);
    check_relative(sqrt(squares / count), self.params.traits_frailty_sd, 0.05);
    check_close(pace / count, 0.0, 0.036);
    town_free(&self);
}

static void nobody_has_used_since_before_the_age_of_entry(void **state)
{
    static town self;
    double years = 0.0;

    town_settle(&self, state);
    for (size_t i = 0; i < self.users.row_count; i++) {
        const int32_t age = allostat_age_in_month(
            self.residents.birth_month[self.users.person[i]], MONTH);
        assert_true(self.users.use_years[i] >= 0.0f);
        assert_true(self.users.use_years[i] <= (float)(age - ALLOSTAT_AGE_OF_ENTRY));
        years += (double)self.users.use_years[i];
    }
    years /= (double)self.users.row_count;
    assert_true(years > 6.0 && years < self.params.users_career_years_mean);
    town_free(&self);
}

static void a_first_use_has_no_history_and_moves_housing_only_down(void **state)
{
    static town self;

    town_settle(&self, state);
    for (uint32_t person = 0; person < 3000; person++) {
        const uint8_t before = self.residents.housing[person];
        if (self.residents.user_row[person] >= 0) continue;
        become(&self, person, false);
        const size_t row = (size_t)self.residents.user_row[person];
        assert_int_equal(self.users.active[row], 1);
        assert_int_equal(self.users.in_remission[row], 0);
        assert_true(self.users.use_years[row] == 0.0f);
        assert_true(self.residents.housing[person] >= before);
    }
    town_free(&self);
}

static void more_people_use_when_arrivals_are_drawn_to_the_city(void **state)
{
    static town self;
    static uint8_t more[PEOPLE];
    int32_t plain = 0, drawn = 0;

    town_settle(&self, state);
    allostat_enter_using(&self.becoming, &self.residents, 0, 1.7, more);
    for (uint32_t person = 0; person < self.residents.row_count; person++) {
        assert_true(more[person] || !self.enters[person]);
        plain += self.enters[person];
        drawn += more[person];
    }
    check_relative((double)drawn, 1.7 * plain, 0.05);
    town_free(&self);
}

static void pace_and_risk_follow_by_hand(void **state)
{
    allostat_params params = defaults_copy(state);
    allostat_residents residents;
    allostat_users users;

    params.overdose_injecting_ratio = 1.4;
    params.overdose_stimulant_ratio = 2.0;
    tables_of_users(&residents, &users, 4);
    for (size_t i = 0; i < 4; i++) {
        const double risks[] = {1.0, 1.4, 2.0, 2.8};
        users.injects[i] = i % 2;
        users.uses_stimulants[i] = i >= 2;
        users.recovery_pace[i] = 2.0f;
        allostat_user_refresh_risk(&users, i, &params);
        allostat_user_refresh_pace(&users, i, 10.0, 120.0);
        check_relative((double)users.overdose_ratio[i], risks[i], 1e-6);
        check_relative((double)users.fast_keep[i], exp(-1.0 / 20.0), 1e-6);
        check_relative((double)users.slow_keep[i], exp(-1.0 / 240.0), 1e-6);
    }
    tables_free(&residents, &users);
}

static void chances_are_the_same_bits_for_any_number_of_threads(void **state)
{
    static town self;
    allostat_becoming again;

    town_settle(&self, state);
    for (int32_t threads = 2; threads <= 5; threads++) {
        self.residents.share =
            (allostat_share){.thread_count = threads, .run = run_backwards};
        allostat_becoming_make(&again, &self.params, self.becoming.key, &self.residents,
                               MONTH);
        assert_memory_equal(again.chance, self.becoming.chance, sizeof again.chance);
    }
    town_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_town_begins_with_the_wanted_users),
        cmocka_unit_test(traits_of_use_have_their_shares),
        cmocka_unit_test(nobody_has_used_since_before_the_age_of_entry),
        cmocka_unit_test(a_first_use_has_no_history_and_moves_housing_only_down),
        cmocka_unit_test(more_people_use_when_arrivals_are_drawn_to_the_city),
        cmocka_unit_test(pace_and_risk_follow_by_hand),
        cmocka_unit_test(chances_are_the_same_bits_for_any_number_of_threads),
    };
    return RUN_WITH_DEFAULTS("becoming", tests);
}
