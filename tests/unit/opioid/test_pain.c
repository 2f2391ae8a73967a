/* Chronic pain of residents and pain of users. */
#include "check.h"

#include "opioid/pain.h"
#include "params/scenario.h"

enum { PEOPLE = 200000, STREET_DAYS = 730, FIVE_MONTHS = 150 };

static void load(allostat_scenario *scenario)
{
    allostat_error error = {0};

    assert_int_equal(allostat_scenario_defaults(scenario, &error), ALLOSTAT_OK);
}

static void prevalence_at_50_is_the_parameter_and_rises_with_age(void **state)
{
    (void)state;
    check_close(allostat_pain_prevalence(0.2, 0.3, 50.0), 0.2, 1e-12);
    /* logit 0.2 = -1.386294, +0.9 at 80: 1 / (1 + e^0.486294) */
    check_close(allostat_pain_prevalence(0.2, 0.3, 80.0), 0.380767, 1e-6);
    check_close(allostat_pain_prevalence(0.2, 0.3, 20.0), 0.092264, 1e-6);
}

static void onset_balances_recovery_where_age_does_not_matter(void **state)
{
    (void)state;
    /* r P / (1 - P) = 0.1 x 0.25 */
    check_close(allostat_pain_onset_rate(0.2, 0.0, 0.1), 0.025, 1e-12);
}

static void pain_of_a_user_by_hand(void **state)
{
    (void)state;
    check_close((double)allostat_painf(0.5f, 0.0f, 0.5f, 0.0f), 0.5, 1e-6);
    check_close((double)allostat_painf(0.5f, 0.4f, 0.5f, 0.0f), 0.7, 1e-6);
    check_close((double)allostat_painf(0.5f, 0.4f, 0.5f, 0.6f), 0.49, 1e-6);
}

static void grow_old(allostat_residents *residents, const allostat_params *params,
                     allostat_month first, int32_t months, int32_t step)
{
    static uint32_t change[PEOPLE], severity[PEOPLE], person[PEOPLE];
    static uint32_t bits[ALLOSTAT_DRAW_LANES * PEOPLE];
    const allostat_draw_key key = allostat_draw_key_make(7, 0);
    allostat_pain_month_terms terms;

    for (uint32_t i = 0; i < PEOPLE; i++) person[i] = i;
    for (allostat_month month = first; month < first + months; month += step) {
        allostat_pain_month_terms_make(&terms, params, key, month, step);
        allostat_draws_fill(key, allostat_draw_table[ALLOSTAT_DRAW_pain_change].call,
                            allostat_month_first_day(month), 0, person, PEOPLE, PEOPLE,
                            bits);
        for (size_t i = 0; i < PEOPLE; i++) {
            change[i] = bits[i];
            severity[i] = bits[PEOPLE + i];
        }
        allostat_pain_month(&terms, residents, 0, PEOPLE, change, severity);
    }
}

static void enter_all(const allostat_pain_month_terms *terms,
                      allostat_residents *residents)
{
    static uint32_t person[PEOPLE], bits[ALLOSTAT_DRAW_LANES * PEOPLE];
    const allostat_draw_info *pain = &allostat_draw_table[ALLOSTAT_DRAW_entry_pain];
    const allostat_draw_info *severity =
        &allostat_draw_table[ALLOSTAT_DRAW_entry_pain_severity];

    for (uint32_t i = 0; i < PEOPLE; i++) person[i] = i;
    allostat_draws_fill(terms->key, pain->call, 0, 0, person, PEOPLE, PEOPLE, bits);
    allostat_pain_enter(terms, residents, 0, PEOPLE, bits + pain->lane * PEOPLE,
                        bits + severity->lane * PEOPLE);
}

static double share_in_pain(const allostat_residents *residents)
{
    int32_t count = 0;

    for (size_t i = 0; i < PEOPLE; i++) count += residents->chronic_pain[i] > 0.0f;
    return (double)count / PEOPLE;
}

static void check_cohort(int32_t step)
{
    allostat_scenario scenario = {0};
    allostat_residents residents = {0};
    allostat_error error = {0};
    allostat_pain_month_terms terms;
    const allostat_month start = 2000 * 12, years = 15;

    load(&scenario);
    const allostat_params *params = &scenario.epochs[0].params;
    assert_int_equal(allostat_residents_init(&residents, PEOPLE, &error), ALLOSTAT_OK);
    residents.row_count = PEOPLE;
    for (size_t i = 0; i < PEOPLE; i++) {
        residents.birth_month[i] = (int16_t)(start - 40 * 12 - (int32_t)(i % 12));
        residents.status[i] = ALLOSTAT_RESIDENT_present;
        residents.user_row[i] = -1;
    }
    allostat_pain_month_terms_make(&terms, params, allostat_draw_key_make(7, 0), start,
                                   1);
    enter_all(&terms, &residents);
    check_close(share_in_pain(&residents),
                allostat_pain_prevalence(params->pain_prevalence,
                                         params->pain_age_log_odds, 40.5),
                0.004);
    grow_old(&residents, params, start, years * 12, step);
    check_close(share_in_pain(&residents),
                allostat_pain_prevalence(params->pain_prevalence,
                                         params->pain_age_log_odds, 55.5),
                0.004);
    allostat_residents_free(&residents);
    allostat_scenario_free(&scenario);
}

/* Standard error 0.001: four of them. */
static void a_cohort_keeps_the_prevalence_of_its_age_under_any_step(void **state)
{
    (void)state;
    check_cohort(1);
    check_cohort(12);
}

static void a_chain_of_two_states_over_months_by_hand(void **state)
{
    (void)state;
    check_close(allostat_chain_over(0.1, 0.2, 1), 0.1, 0.0);
    /* there in the second month, and not back at once: 0.9 x 0.1 + 0.1 x 0.8 */
    check_close(allostat_chain_over(0.1, 0.2, 2), 0.17, 1e-12);
    /* for ever: the share of the state */
    check_close(allostat_chain_over(0.1, 0.2, 200), 1.0 / 3.0, 1e-9);
}

static void pain_rises_when_use_stops_and_is_back_after_five_months(void **state)
{
    allostat_scenario scenario = {0};
    allostat_users users = {0};
    allostat_error error = {0};
    allostat_pain_terms terms;

    (void)state;
    load(&scenario);
    assert_int_equal(allostat_users_init(&users, 1, &error), ALLOSTAT_OK);
    allostat_pain_terms_make(&terms, &scenario.epochs[0].params);
    users.row_count = 1;
    users.chronic_pain[0] = 0.2f;
    users.tolerance[0] = 0.6f;
    users.effect[0] = 0.6f;
    for (int day = 0; day < STREET_DAYS; day++)
        allostat_pain_step(&terms, &users, 0, 1);
    const float using = users.pain[0];
    users.effect[0] = 0.0f;
    users.tolerance[0] = 0.0f;
    allostat_pain_step(&terms, &users, 0, 1);
    const float stopped = users.pain[0];
    for (int day = 0; day < FIVE_MONTHS; day++)
        allostat_pain_step(&terms, &users, 0, 1);
    assert_true(using > 0.2f);
    assert_true(stopped > 1.2f * using);
    check_close((double)users.pain[0], 0.2, 0.03);
    allostat_users_free(&users);
    allostat_scenario_free(&scenario);
}

static void nobody_feels_pain_when_the_mechanism_is_off(void **state)
{
    allostat_scenario scenario = {0};
    allostat_users users = {0};
    allostat_error error = {0};
    allostat_pain_terms terms;

    (void)state;
    load(&scenario);
    assert_int_equal(allostat_users_init(&users, 1, &error), ALLOSTAT_OK);
    scenario.epochs[0].params.mechanisms_pain = false;
    allostat_pain_terms_make(&terms, &scenario.epochs[0].params);
    users.chronic_pain[0] = 0.5f;
    users.tolerance[0] = 0.6f;
    allostat_pain_step(&terms, &users, 0, 1);
    assert_true(users.pain[0] == 0.0f);
    allostat_users_free(&users);
    allostat_scenario_free(&scenario);
}

static void terms_turned_to_a_month_are_those_made_for_it(void **state)
{
    allostat_scenario scenario = {0};
    static allostat_pain_month_terms made, turned; /* zeroed between members, too */
    const allostat_draw_key key = allostat_draw_key_make(7, 0);

    (void)state;
    load(&scenario);
    const allostat_params *params = &scenario.epochs[0].params;
    allostat_pain_month_terms_make(&turned, params, key, 24000, 6);
    allostat_pain_month_terms_turn_to(&turned, 24190);
    allostat_pain_month_terms_make(&made, params, key, 24190, 6);
    assert_memory_equal(&turned, &made, sizeof made);
    allostat_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prevalence_at_50_is_the_parameter_and_rises_with_age),
        cmocka_unit_test(onset_balances_recovery_where_age_does_not_matter),
        cmocka_unit_test(pain_of_a_user_by_hand),
        cmocka_unit_test(a_cohort_keeps_the_prevalence_of_its_age_under_any_step),
        cmocka_unit_test(a_chain_of_two_states_over_months_by_hand),
        cmocka_unit_test(pain_rises_when_use_stops_and_is_back_after_five_months),
        cmocka_unit_test(nobody_feels_pain_when_the_mechanism_is_off),
        cmocka_unit_test(terms_turned_to_a_month_are_those_made_for_it),
    };
    return cmocka_run_group_tests_name("pain", tests, NULL, NULL);
}
