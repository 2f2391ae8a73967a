/* PTSD at entry and from what happens. */
#include "people.h"

#include "mind/ptsd.h"
#include "people/entry.h"
#include "people/traits.h"

enum { PEOPLE = 200000, COHORT_OF_WOMEN_OF_40 = 40 };

static const allostat_month JANUARY_2015 = 12 * 2015;

/* Adults as they enter, with PTSD as ptsd_enter gives it. */
static void make_city(const allostat_params *params, allostat_residents *residents)
{
    const allostat_draw_key key = allostat_draw_key_make(5, 0);
    allostat_ptsd_entry entry;
    allostat_entry people;

    make_residents(residents, PEOPLE);
    residents->row_count = 0;
    allostat_entry_make(&people, params, key);
    allostat_entry_admit(&people, residents, COHORT_OF_WOMEN_OF_40, PEOPLE,
                         JANUARY_2015);
    allostat_ptsd_entry_make(&entry, params, key);
    allostat_ptsd_enter(&entry, residents, 0, PEOPLE);
}

static double share_with_ptsd(const allostat_residents *residents,
                              const allostat_params *params, int ace)
{
    double people = 0.0, ill = 0.0;

    for (size_t i = 0; i < residents->row_count; i++) {
        if (ace >= 0 && residents->ace_score[i] != ace) continue;
        people++;
        ill += residents->ptsd_severity[i] >= (float)params->ptsd_threshold;
    }
    return ill / people;
}

/* Binomial SD at n = 200,000: 0.0006; five of them. */
static void prevalence_at_entry_is_the_parameter(void **state)
{
    const allostat_params params = default_params(state);
    allostat_residents residents;

    make_city(&params, &residents);
    check_close(share_with_ptsd(&residents, &params, -1), params.ptsd_prevalence,
                0.003);
    allostat_residents_free(&residents);
}

static void prevalence_holds_for_areas_of_unlike_adversity(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;

    params.geography_areas.count = 2;
    params.geography_population_share[0] = 0.2;
    params.geography_population_share[1] = 0.8;
    params.traits_ace_area_ratio[0] = 2.5;
    params.traits_ace_area_ratio[1] = 0.7;
    params.users_area_share[1] = 1.0;
    make_city(&params, &residents);
    check_close(share_with_ptsd(&residents, &params, -1), params.ptsd_prevalence,
                0.003);
    allostat_residents_free(&residents);
}

/* Insecurity rises with adversity and adds 0.3 q / sd of ACE, about 0.04, to 0.30; less
 * for averaging over insecurity. About 1,900 ill people on each side: SD of the slope
 * 0.012 for the ends taken. */
static void log_odds_rise_with_adversity_as_the_slope_says(void **state)
{
    const allostat_params params = default_params(state);
    allostat_residents residents;

    make_city(&params, &residents);
    const double at_0 = share_with_ptsd(&residents, &params, 0);
    const double at_4 = share_with_ptsd(&residents, &params, 4);
    const double slope = (log(at_4 / (1.0 - at_4)) - log(at_0 / (1.0 - at_0))) / 4.0;
    check_close(slope, 0.335, 0.04);
    allostat_residents_free(&residents);
}

static void chance_at_entry_by_hand(void **state)
{
    const allostat_params params = default_params(state);
    const allostat_ptsd_entry entry = {.params = &params, .intercept = -3.2};

    /* -3.2 + 0.3 x 4 + 0.3 x 1 = -1.7 */
    check_close(allostat_ptsd_chance(&entry, 4.0, 1.0), 1.0 / (1.0 + exp(1.7)), 1e-12);
}

static void mean_severity_of_residents_is_the_neutral_value(void **state)
{
    const allostat_params params = default_params(state);
    allostat_residents residents;
    double sum = 0.0;

    make_city(&params, &residents);
    for (size_t i = 0; i < PEOPLE; i++) sum += (double)residents.ptsd_severity[i];
    check_close(sum / PEOPLE, params.ptsd_neutral, 0.005);
    allostat_residents_free(&residents);
}

static void traumas_add_up_short_of_full_severity(void **state)
{
    (void)state;
    check_close((double)allostat_trauma_risef(0.2f, 0.25f), 0.4, 1e-6);
    check_close((double)allostat_trauma_risef(1.0f, 0.25f), 1.0, 1e-6);
    assert_true(allostat_trauma_risef(0.2f, 0.0f) == 0.2f);
}

static void hazard_that_a_trauma_stays_by_hand(void **state)
{
    (void)state;
    check_close((double)allostat_trauma_hazardf(logf(0.05f), 0.3f, 2.0f, 0.3f, 1.0f),
                0.05 * exp(0.9), 1e-5);
}

static void history_follows_the_two_state_chain(void **state)
{
    (void)state;
    check_close(allostat_ptsd_history_chance(0.05, 0.05, 10.0), 0.5 * (1.0 - exp(-1.0)),
                1e-12);
    check_close(allostat_ptsd_history_chance(0.05, 0.05, 0.0), 0.0, 1e-15);
    check_close(allostat_ptsd_history_chance(0.0, 0.0, 10.0), 0.0, 1e-15);
}

/* A table whose months nothing but the given events fill. */
static void make_quiet(const allostat_params *params, allostat_params *quiet,
                       allostat_residents *residents, size_t count)
{
    *quiet = *params;
    quiet->ptsd_violence_rate = 0.0;
    quiet->ptsd_recovery_rate = 0.0;
    make_residents(residents, count);
}

static void month_of(const allostat_params *params, allostat_residents *residents,
                     allostat_users *users)
{
    allostat_ptsd_terms terms;

    allostat_ptsd_terms_make(&terms, params, allostat_draw_key_make(5, 0),
                             JANUARY_2015);
    for (size_t first = 0; first < residents->row_count; first += ALLOSTAT_PTSD_BLOCK) {
        const size_t left = residents->row_count - first;
        allostat_ptsd_month(&terms, residents, users, first,
                            left < ALLOSTAT_PTSD_BLOCK ? left : ALLOSTAT_PTSD_BLOCK);
    }
}

static void severity_returns_to_its_chronic_level(void **state)
{
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};

    make_quiet(&params, &quiet, &residents, 1);
    residents.ptsd_chronic[0] = 0.5f;
    residents.ptsd_severity[0] = 0.9f;
    month_of(&quiet, &residents, &users);
    check_close((double)residents.ptsd_severity[0], 0.5 + 0.4 * exp(-31.0 / 180.0),
                1e-6);
    allostat_residents_free(&residents);
}

static void deaths_of_ties_and_a_lost_home_raise_severity(void **state)
{
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};

    make_quiet(&params, &quiet, &residents, 4);
    residents.bereaved_month[1] = 1;
    residents.bereaved_month[2] = 2;
    residents.became_homeless[3] = 1;
    month_of(&quiet, &residents, &users);
    assert_true(residents.ptsd_severity[0] == 0.0f);
    check_close((double)residents.ptsd_severity[1], 0.15, 1e-6);
    check_close((double)residents.ptsd_severity[2], 1.0 - 0.85 * 0.85, 1e-6);
    check_close((double)residents.ptsd_severity[3], 0.2, 1e-6);
    allostat_residents_free(&residents);
}

/* 20,000 people: SD of the share at most 0.002. */
static void violence_and_what_stays_come_at_their_rates(void **state)
{
    enum { MANY = 20000 };
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users = {0};
    int met = 0, stayed = 0;

    make_residents(&residents, MANY);
    params.ptsd_violence_rate = 6.0;
    params.ptsd_chronic_hazard = 0.2;
    params.ptsd_ace_slope = params.ptsd_insecurity_slope = 0.0;
    for (size_t i = 0; i < MANY; i++) residents.ace_score[i] = 2;
    month_of(&params, &residents, &users);
    for (size_t i = 0; i < MANY; i++) {
        const int here = residents.trauma_month[i] & ALLOSTAT_TRAUMA_violence;
        const int ill = (residents.trauma_month[i] & ALLOSTAT_TRAUMA_stayed) != 0;

        met += here;
        stayed += ill;
        assert_true(!ill || (here && residents.ptsd_chronic[i] >= 0.45f &&
                             residents.ptsd_chronic[i] <= 0.95f));
    }
    const double chance = 1.0 - exp(-6.0 * 31.0 / 365.25);
    check_close((double)met / MANY, chance, 0.018);
    check_close((double)stayed / met, 1.0 - exp(-0.2), 0.02);
    allostat_residents_free(&residents);
}

static void chronic_ptsd_heals_at_its_rate(void **state)
{
    enum { MANY = 20000 };
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};
    int healed = 0;

    make_quiet(&params, &quiet, &residents, MANY);
    quiet.ptsd_recovery_rate = 2.0;
    for (size_t i = 0; i < MANY; i++) residents.ptsd_chronic[i] = 0.7f;
    month_of(&quiet, &residents, &users);
    for (size_t i = 0; i < MANY; i++) healed += residents.ptsd_chronic[i] == 0.0f;
    check_close((double)healed / MANY, 1.0 - exp(-2.0 * 31.0 / 365.25), 0.013);
    allostat_residents_free(&residents);
}

static void a_users_trauma_is_felt_at_once_and_weighed_once(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;

    make_residents(&residents, 1);
    make_users(&residents, &users, 1);
    params.ptsd_chronic_hazard = 1000.0; /* it stays */
    params.ptsd_violence_rate = 0.0;
    allostat_trauma_strike(&params, &users, 0, params.ptsd_rise_overdose);
    check_close((double)users.ptsd_severity[0], 0.15, 1e-6);
    assert_int_equal(users.traumas_month[0], 1);
    month_of(&params, &residents, &users);
    assert_int_equal(users.traumas_month[0], 0);
    assert_true(residents.ptsd_chronic[0] >= 0.45f);
    assert_int_equal(residents.trauma_month[0], ALLOSTAT_TRAUMA_stayed);
    month_of(&params, &residents, &users);
    assert_int_equal(residents.trauma_month[0], 0);
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void years_of_use_leave_ptsd_behind(void **state)
{
    enum { MANY = 20000 };
    const allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;
    allostat_ptsd_entry entry;
    int ill = 0;

    make_residents(&residents, MANY);
    make_users(&residents, &users, MANY);
    allostat_ptsd_entry_make(&entry, &params, allostat_draw_key_make(5, 0));
    for (size_t i = 0; i < MANY; i++) {
        residents.ace_score[i] = 4;
        users.use_years[i] = 12.0f;
    }
    allostat_ptsd_add_history(&entry, &users, 0, users.row_count, &residents);
    for (size_t i = 0; i < MANY; i++) ill += residents.ptsd_severity[i] >= 0.45f;
    const double onset = 0.03 * 5.0 * 0.05 * exp(0.3 * (4.0 - entry.ace_mean));
    const double both = onset + 0.05;
    check_close((double)ill / MANY, onset / both * (1.0 - exp(-both * 12.0)), 0.012);
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void off_means_the_neutral_bits_and_no_trauma(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;

    params.mechanisms_ptsd = false;
    params.ptsd_violence_rate = 1000.0;
    make_city(&params, &residents);
    make_users(&residents, &users, 1);
    users.ptsd_severity[0] = (float)params.ptsd_neutral;
    allostat_trauma_strike(&params, &users, 0, 0.5);
    assert_true(users.ptsd_severity[0] == (float)params.ptsd_neutral);
    month_of(&params, &residents, &users);
    for (size_t i = 0; i < residents.row_count; i++) {
        assert_true(residents.ptsd_severity[i] == (float)params.ptsd_neutral);
    }
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void a_person_is_drawn_by_number_not_by_block(void **state)
{
    allostat_params params = default_params(state);
    const allostat_draw_key key = allostat_draw_key_make(5, 0);
    allostat_residents one, two;
    allostat_users users = {0};
    allostat_ptsd_terms terms;

    params.ptsd_violence_rate = 6.0;
    make_residents(&one, 600);
    make_residents(&two, 600);
    allostat_ptsd_terms_make(&terms, &params, key, JANUARY_2015);
    allostat_ptsd_month(&terms, &one, &users, 0, 600);
    allostat_ptsd_month(&terms, &two, &users, 250, 350);
    allostat_ptsd_month(&terms, &two, &users, 0, 250);
    for (size_t i = 0; i < 600; i++) {
        assert_true(one.ptsd_severity[i] == two.ptsd_severity[i]);
        assert_true(one.ptsd_chronic[i] == two.ptsd_chronic[i]);
    }
    allostat_residents_free(&one);
    allostat_residents_free(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prevalence_at_entry_is_the_parameter),
        cmocka_unit_test(prevalence_holds_for_areas_of_unlike_adversity),
        cmocka_unit_test(log_odds_rise_with_adversity_as_the_slope_says),
        cmocka_unit_test(chance_at_entry_by_hand),
        cmocka_unit_test(mean_severity_of_residents_is_the_neutral_value),
        cmocka_unit_test(traumas_add_up_short_of_full_severity),
        cmocka_unit_test(hazard_that_a_trauma_stays_by_hand),
        cmocka_unit_test(history_follows_the_two_state_chain),
        cmocka_unit_test(severity_returns_to_its_chronic_level),
        cmocka_unit_test(deaths_of_ties_and_a_lost_home_raise_severity),
        cmocka_unit_test(violence_and_what_stays_come_at_their_rates),
        cmocka_unit_test(chronic_ptsd_heals_at_its_rate),
        cmocka_unit_test(a_users_trauma_is_felt_at_once_and_weighed_once),
        cmocka_unit_test(years_of_use_leave_ptsd_behind),
        cmocka_unit_test(off_means_the_neutral_bits_and_no_trauma),
        cmocka_unit_test(a_person_is_drawn_by_number_not_by_block),
    };

    return RUN_WITH_DEFAULTS("ptsd", tests);
}
