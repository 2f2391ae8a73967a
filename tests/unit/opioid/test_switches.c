/* Mechanisms of the opioid floor that are off give their neutral value, exactly. */
#include "check.h"

#include "opioid/craving.h"
#include "opioid/tolerance.h"
#include "opioid/use.h"
#include "params/scenario.h"

enum { DAYS = 400 };

static void load(allostat_scenario *scenario)
{
    allostat_error error = {0};

    assert_int_equal(allostat_scenario_defaults(scenario, &error), ALLOSTAT_OK);
}

/* One user, in the middle of everything. */
static void make_user(allostat_users *users)
{
    allostat_error error = {0};

    assert_int_equal(allostat_users_init(users, 1, &error), ALLOSTAT_OK);
    users->row_count = 1;
    users->active[0] = 1;
    users->doses[0] = 3.0f;
    users->effect[0] = 0.7f;
    users->connection[0] = 0.4f;
    users->allostatic_load[0] = 0.6f;
    users->fast_keep[0] = 0.9f;
    users->slow_keep[0] = 0.99f;
}

static void live(const allostat_params *params, allostat_users *users)
{
    allostat_tolerance_terms tolerance;
    allostat_craving_terms craving;

    allostat_tolerance_terms_make(&tolerance, params);
    allostat_craving_terms_make(&craving, params);
    for (int day = 0; day < DAYS; day++) {
        users->effect[0] = day < DAYS / 2 ? 0.7f : 0.0f;
        users->doses[0] = day < DAYS / 2 ? 3.0f : 0.0f;
        allostat_tolerance_step(&tolerance, users, 0, 1);
        allostat_craving_step(&craving, users, 0, 1);
    }
}

static void everything_is_on_unless_it_is_switched_off(void **state)
{
    (void)state;
    allostat_scenario scenario;
    allostat_users users;

    load(&scenario);
    make_user(&users);
    live(&scenario.epochs[0].params, &users);
    assert_true(users.cue_memory[0] > 0.3f);
    assert_true(users.endogenous_tone[0] != 1.0f);
    assert_true(users.believed_tolerance[0] > users.tolerance[0]);
    assert_true(users.tolerance_fast[0] < 1e-4f);
    allostat_users_free(&users);
    allostat_scenario_free(&scenario);
}

static void cues_are_never_learned_without_cue_memory(void **state)
{
    (void)state;
    allostat_scenario scenario;
    allostat_users users;

    load(&scenario);
    allostat_params params = scenario.epochs[0].params;
    params.mechanisms_cue_memory = false;
    make_user(&users);
    live(&params, &users);
    assert_true(users.cue_memory[0] == 0.0f);
    allostat_users_free(&users);
    allostat_scenario_free(&scenario);
}

static void tone_stays_at_one_without_endogenous_tone(void **state)
{
    (void)state;
    allostat_scenario scenario;
    allostat_users users;

    load(&scenario);
    allostat_params params = scenario.epochs[0].params;
    params.mechanisms_endogenous_tone = false;
    make_user(&users);
    users.endogenous_tone[0] = 1.0f;
    live(&params, &users);
    assert_true(users.endogenous_tone[0] == 1.0f);
    allostat_users_free(&users);
    allostat_scenario_free(&scenario);
}

static void the_dose_follows_true_tolerance_without_believed_tolerance(void **state)
{
    (void)state;
    allostat_scenario scenario;
    allostat_users users;

    load(&scenario);
    allostat_params params = scenario.epochs[0].params;
    params.mechanisms_believed_tolerance = false;
    make_user(&users);
    live(&params, &users);
    assert_true(users.believed_tolerance[0] == users.tolerance[0]);
    allostat_users_free(&users);
    allostat_scenario_free(&scenario);
}

static void tolerance_goes_wholly_without_residual_tolerance(void **state)
{
    (void)state;
    allostat_scenario scenario;
    allostat_users with, without;

    load(&scenario);
    allostat_params params = scenario.epochs[0].params;
    make_user(&with);
    make_user(&without);
    with.use_years[0] = without.use_years[0] = 30.0f;
    live(&params, &with);
    params.mechanisms_residual_tolerance = false;
    live(&params, &without);
    const float mixed =
        (float)params.opioid_fast_share * without.tolerance_fast[0] +
        (1.0f - (float)params.opioid_fast_share) * without.tolerance_slow[0];
    assert_true(without.tolerance[0] == mixed);
    assert_true(with.tolerance[0] > without.tolerance[0]);
    allostat_users_free(&with);
    allostat_users_free(&without);
    allostat_scenario_free(&scenario);
}

static int32_t doses_in_state(const allostat_params *params, int32_t defence)
{
    enum { USERS = 4096 };
    allostat_error error = {0};
    allostat_users users;
    allostat_use_terms terms;
    static uint32_t use[USERS], stop[USERS];
    int32_t sum = 0;

    assert_int_equal(allostat_users_init(&users, USERS, &error), ALLOSTAT_OK);
    for (uint32_t i = 0; i < USERS; i++) {
        use[i] = i << 20;
        stop[i] = UINT32_MAX;
        users.present[i] = users.active[i] = 1;
        users.defence_state[i] = defence;
    }
    allostat_use_terms_make(&terms, params, 0);
    allostat_use_step(&terms, &users, 0, USERS, use, stop);
    for (size_t i = 0; i < USERS; i++) sum += users.doses_month[i];
    allostat_users_free(&users);
    return sum;
}

static void mobilised_people_take_more_doses_by_the_ratio(void **state)
{
    (void)state;
    allostat_scenario scenario;

    load(&scenario);
    const allostat_params *params = &scenario.epochs[0].params;
    const int32_t engaged = doses_in_state(params, ALLOSTAT_DEFENCE_engaged);
    const int32_t mobilised = doses_in_state(params, ALLOSTAT_DEFENCE_mobilised);
    const int32_t shut_down = doses_in_state(params, ALLOSTAT_DEFENCE_immobilised);

    check_relative((double)mobilised / engaged, params->stress_mobilised_doses, 0.01);
    assert_int_equal(shut_down, engaged);
    allostat_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_on_unless_it_is_switched_off),
        cmocka_unit_test(cues_are_never_learned_without_cue_memory),
        cmocka_unit_test(tone_stays_at_one_without_endogenous_tone),
        cmocka_unit_test(the_dose_follows_true_tolerance_without_believed_tolerance),
        cmocka_unit_test(tolerance_goes_wholly_without_residual_tolerance),
        cmocka_unit_test(mobilised_people_take_more_doses_by_the_ratio),
    };

    return cmocka_run_group_tests_name("switches", tests, NULL, NULL);
}
