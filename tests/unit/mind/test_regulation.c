/* Stress, defence states, load and oxytocin, by hand. */
#include "people.h"

#include "mind/mirror.h"
#include "mind/regulation.h"

#include <string.h>

static const double DAY = 1.0;

static allostat_regulation_terms terms_of(void **state, double days)
{
    const allostat_params params = default_params(state);
    allostat_regulation_terms terms;

    allostat_regulation_terms_make(&terms, &params, days);
    return terms;
}

static void a_step_keeps_exp_of_minus_time_over_tau(void **state)
{
    (void)state;
    check_close(allostat_keep(30.0, 180.0), exp(-1.0 / 6.0), 1e-15);
    check_close((double)allostat_relaxf(0.2f, 0.8f, 0.5f), 0.5, 1e-6);
}

static void stress_target_by_hand(void **state)
{
    const allostat_regulation_terms t = terms_of(state, DAY);
    const allostat_pressure calm = {.oxytocin = 0.5f, .connection = 0.5f};
    const allostat_pressure pressed = {1.0f, 0.7f, 1.0f, 0.4f, 0.5f, 1.0f, 0.2f, 0.5f};

    /* -0.4 - 1.0 x 0.25 */
    check_close((double)allostat_stress_targetf(&t, calm), 1.0 / (1.0 + exp(0.65)),
                1e-6);
    /* -0.4 + 0.5 + 0.42 + 0.5 + 0.32 + 0.2 + 0.3 - 0.1 = 1.74 */
    check_close((double)allostat_stress_targetf(&t, pressed), 1.0 / (1.0 + exp(-1.74)),
                1e-6);
}

static void oxytocin_buffers_stress_only_where_there_is_connection(void **state)
{
    const allostat_regulation_terms t = terms_of(state, DAY);
    allostat_pressure much = {.oxytocin = 1.0f}, none = {.oxytocin = 0.0f};

    assert_true(allostat_stress_targetf(&t, much) == allostat_stress_targetf(&t, none));
    much.connection = none.connection = 0.8f;
    assert_true(allostat_stress_targetf(&t, much) < allostat_stress_targetf(&t, none));
}

static void the_insecure_recover_more_slowly(void **state)
{
    const allostat_regulation_terms t = terms_of(state, DAY);

    check_close((double)allostat_stress_keepf(&t, 0.0f), exp(-1.0 / 3.0), 1e-6);
    check_close((double)allostat_stress_keepf(&t, 1.0f), exp(-exp(-0.3) / 3.0), 1e-6);
    assert_true(allostat_stress_keepf(&t, -1.0f) < allostat_stress_keepf(&t, 0.0f));
}

static void oxytocin_target_by_hand(void **state)
{
    allostat_regulation_terms t = terms_of(state, DAY);

    /* -0.5 + 0.6 - 0.3 x 1 - 0.5 x 0.4 = -0.4 */
    check_close((double)allostat_oxytocin_targetf(&t, 0.6f, 1.0f, 0.4f, 0.9f),
                1.0 / (1.0 + exp(0.4)), 1e-6);
    t.oxytocin_opioid = 0.5f;
    check_close((double)allostat_oxytocin_targetf(&t, 0.6f, 1.0f, 0.4f, 0.8f), 0.5,
                1e-6);
}

static void load_grows_above_half_and_falls_below(void **state)
{
    const allostat_regulation_terms t = terms_of(state, DAY);
    const double keep = exp(-1.0 / 365.0);

    /* rest at 0.75: 0.011 x 365 x 0.25 = 1.00375 */
    check_close((double)allostat_loadf(&t, 0.0f, 0.75f), 1.00375 * (1.0 - keep), 1e-6);
    check_close((double)allostat_loadf(&t, 0.8f, 0.5f), 0.8 * keep, 1e-6);
    check_close((double)allostat_loadf(&t, 0.8f, 0.2f), 0.8 * keep, 1e-6);
}

static void thirty_days_are_one_month_for_load(void **state)
{
    const allostat_regulation_terms day = terms_of(state, DAY);
    const allostat_regulation_terms month = terms_of(state, 30.0);
    float load = 0.3f;

    for (int i = 0; i < 30; i++) load = allostat_loadf(&day, load, 0.7f);
    check_close((double)load, (double)allostat_loadf(&month, 0.3f, 0.7f), 1e-5);
}

static void a_calm_person_stays_engaged(void **state)
{
    const allostat_regulation_terms t = terms_of(state, DAY);

    for (float stress = 0.0f; stress <= 0.5f; stress += 0.05f) {
        for (int32_t from = 0; from <= ALLOSTAT_DEFENCE_immobilised; from++) {
            assert_int_equal(allostat_defence_nextf(&t, from, stress, 1.0f, 1.0f),
                             ALLOSTAT_DEFENCE_engaged);
        }
    }
}

static void defence_goes_up_later_than_it_comes_down(void **state)
{
    const allostat_regulation_terms t = terms_of(state, DAY);
    const struct {
        float stress;
        int32_t rising, falling;
    } expected[] = {
        {0.45f, ALLOSTAT_DEFENCE_engaged, ALLOSTAT_DEFENCE_engaged},
        {0.55f, ALLOSTAT_DEFENCE_engaged, ALLOSTAT_DEFENCE_mobilised},
        {0.65f, ALLOSTAT_DEFENCE_mobilised, ALLOSTAT_DEFENCE_mobilised},
        {0.80f, ALLOSTAT_DEFENCE_mobilised, ALLOSTAT_DEFENCE_immobilised},
        {0.90f, ALLOSTAT_DEFENCE_immobilised, ALLOSTAT_DEFENCE_immobilised},
    };
    const int last = (int)(sizeof expected / sizeof expected[0]) - 1;
    int32_t now = ALLOSTAT_DEFENCE_engaged;

    for (int i = 0; i <= last; i++) {
        now = allostat_defence_nextf(&t, now, expected[i].stress, 0.0f, 0.0f);
        assert_int_equal(now, expected[i].rising);
    }
    for (int i = last; i >= 0; i--) {
        now = allostat_defence_nextf(&t, now, expected[i].stress, 0.0f, 0.0f);
        assert_int_equal(now, expected[i].falling);
    }
}

static void shutdown_comes_sooner_with_ptsd_and_fearful_attachment(void **state)
{
    const allostat_regulation_terms t = terms_of(state, DAY);
    const int32_t mobilised = ALLOSTAT_DEFENCE_mobilised;

    assert_int_equal(allostat_defence_nextf(&t, mobilised, 0.8f, 0.0f, 0.0f),
                     mobilised);
    assert_int_equal(allostat_defence_nextf(&t, mobilised, 0.8f, 0.6f, 0.0f),
                     ALLOSTAT_DEFENCE_immobilised);
    assert_int_equal(allostat_defence_nextf(&t, mobilised, 0.81f, 0.0f, 1.0f),
                     ALLOSTAT_DEFENCE_immobilised);
}

static void cortisol_is_blunted_after_adversity_and_stress_is_not(void **state)
{
    const allostat_params params = default_params(state);
    const float neutral = (float)params.stress_neutral;
    allostat_residents residents;
    allostat_users users;

    make_residents(&residents, 3);
    residents.ace_score[0] = 3;
    residents.ace_score[1] = 4;
    make_users(&residents, &users, 3);
    allostat_mirror_rows_to_users(&params, &residents, &users, 0, 3);
    users.stress[0] = users.stress[1] = neutral;
    users.stress[2] = neutral + 0.1f;
    allostat_cortisol_read(&params, &users);
    check_close((double)users.cortisol[0], 0.0, 1e-6);
    check_close((double)users.cortisol[1], -0.39, 1e-6);
    check_close((double)users.cortisol[2], 0.6, 1e-6);
    assert_true(users.stress[1] == neutral);
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

/* One user by the day and one resident by a month of the same length agree. */
static void both_clocks_use_the_same_equations(void **state)
{
    const allostat_params params = default_params(state);
    const allostat_regulation_terms terms = terms_of(state, 30.0);
    const allostat_trait_scores scores = allostat_trait_scores_make(&params);
    allostat_residents residents;
    allostat_users users;

    make_residents(&residents, 2);
    for (size_t i = 0; i < 2; i++) {
        residents.stress[i] = 0.7f;
        residents.allostatic_load[i] = 0.2f;
        residents.oxytocin[i] = 0.3f;
        residents.connection[i] = 0.4f;
    }
    make_users(&residents, &users, 1);
    users.adversity[0] = -scores.ace_mean * scores.ace_scale;
    users.stress_keep[0] = allostat_stress_keepf(&terms, 0.0f);
    allostat_regulate_users(&terms, &users, 0, 1);
    allostat_regulate_residents(&terms, &scores, &residents, 0, 2);
    assert_true(users.stress[0] == residents.stress[1]);
    assert_true(users.allostatic_load[0] == residents.allostatic_load[1]);
    assert_true(users.oxytocin[0] == residents.oxytocin[1]);
    assert_true(residents.stress[0] == 0.7f); /* a user's row is left to the day */
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void nobody_who_left_is_regulated(void **state)
{
    const allostat_params params = default_params(state);
    const allostat_regulation_terms terms = terms_of(state, 30.0);
    const allostat_trait_scores scores = allostat_trait_scores_make(&params);
    allostat_residents residents;

    make_residents(&residents, 1);
    residents.stress[0] = 0.9f;
    residents.status[0] = ALLOSTAT_RESIDENT_moved_out;
    allostat_regulate_residents(&terms, &scores, &residents, 0, 1);
    assert_true(residents.stress[0] == 0.9f);
    allostat_residents_free(&residents);
}

static void a_mechanism_that_is_off_gives_the_neutral_bits(void **state)
{
    allostat_params params = default_params(state);
    allostat_regulation_terms terms;
    allostat_residents residents;
    allostat_users users;

    params.mechanisms_stress = params.mechanisms_oxytocin = false;
    params.mechanisms_allostatic_load = params.mechanisms_defence_states = false;
    allostat_regulation_terms_make(&terms, &params, DAY);
    make_residents(&residents, 1);
    make_users(&residents, &users, 1);
    users.stress[0] = 0.95f;
    users.allostatic_load[0] = 1.5f;
    users.oxytocin[0] = 0.1f;
    users.defence_state[0] = ALLOSTAT_DEFENCE_immobilised;
    users.ptsd_severity[0] = users.withdrawal[0] = 1.0f;
    allostat_regulate_users(&terms, &users, 0, 1);
    assert_true(users.stress[0] == (float)params.stress_neutral);
    assert_true(users.oxytocin[0] == (float)params.oxytocin_neutral);
    assert_true(users.allostatic_load[0] == 0.0f);
    assert_int_equal(users.defence_state[0], ALLOSTAT_DEFENCE_engaged);
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void a_life_before_settles_as_many_months_do(void **state)
{
    const allostat_params params = default_params(state);
    const allostat_regulation_terms month = terms_of(state, 30.4375);
    const allostat_trait_scores scores = allostat_trait_scores_make(&params);
    allostat_residents residents;

    make_residents(&residents, 2);
    for (size_t i = 0; i < 2; i++) {
        residents.ptsd_severity[i] = 0.9f;
        residents.ace_score[i] = 8;
        residents.attachment_anxiety[i] = 2.0f;
        residents.housing[i] = ALLOSTAT_HOUSING_homeless;
    }
    allostat_regulation_settle(&params, &residents, 0, 1);
    for (int m = 0; m < 36; m++)
        allostat_regulate_residents(&month, &scores, &residents, 1, 1);
    check_close((double)residents.stress[0], (double)residents.stress[1], 0.01);
    check_close((double)residents.allostatic_load[0],
                (double)residents.allostatic_load[1], 0.05);
    assert_int_equal(residents.defence_state[0], residents.defence_state[1]);
    assert_true(residents.allostatic_load[0] > 0.3f);
    allostat_residents_free(&residents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_keeps_exp_of_minus_time_over_tau),
        cmocka_unit_test(stress_target_by_hand),
        cmocka_unit_test(oxytocin_buffers_stress_only_where_there_is_connection),
        cmocka_unit_test(the_insecure_recover_more_slowly),
        cmocka_unit_test(oxytocin_target_by_hand),
        cmocka_unit_test(load_grows_above_half_and_falls_below),
        cmocka_unit_test(thirty_days_are_one_month_for_load),
        cmocka_unit_test(a_calm_person_stays_engaged),
        cmocka_unit_test(defence_goes_up_later_than_it_comes_down),
        cmocka_unit_test(shutdown_comes_sooner_with_ptsd_and_fearful_attachment),
        cmocka_unit_test(cortisol_is_blunted_after_adversity_and_stress_is_not),
        cmocka_unit_test(both_clocks_use_the_same_equations),
        cmocka_unit_test(nobody_who_left_is_regulated),
        cmocka_unit_test(a_mechanism_that_is_off_gives_the_neutral_bits),
        cmocka_unit_test(a_life_before_settles_as_many_months_do),
    };

    return RUN_WITH_DEFAULTS("regulation", tests);
}
