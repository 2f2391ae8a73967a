/* DSM-5: each symptom from its state, the count and the severity. */
#include "check.h"

#include "opioid/dsm5.h"
#include "params/scenario.h"

#define BIT(name) (1 << ALLOSTAT_DSM5_##name)

static allostat_params params;

static int load(void **state)
{
    allostat_scenario scenario = {0};
    allostat_error error = {0};

    (void)state;
    if (allostat_scenario_defaults(&scenario, &error) != ALLOSTAT_OK) return 1;
    params = scenario.epochs[0].params; /* numbers only are read below */
    allostat_scenario_free(&scenario);
    return 0;
}

/* Somebody who uses now and then, and is well. */
static allostat_dsm5_year well(void)
{
    return (allostat_dsm5_year){.use = 1.0f,
                                .craving = -4.0f,
                                .tone = 2.0f,
                                .connection = 1.0f,
                                .stable_home = true};
}

static int32_t flags_of(const allostat_dsm5_year *year)
{
    const allostat_dsm5_limits limits = allostat_dsm5_limits_make(&params);

    return allostat_dsm5_flags(&limits, year);
}

static float above(double threshold) { return (float)threshold + 0.01f; }
static float below(double threshold) { return (float)threshold - 0.01f; }

static void each_symptom_comes_from_its_own_state(void **state)
{
    allostat_dsm5_year year[14];
    const int32_t expected[14] = {
        0,
        BIT(larger_amounts),
        BIT(failed_cutdown),
        BIT(failed_cutdown),
        BIT(time),
        BIT(craving),
        BIT(roles),
        BIT(social_problems),
        BIT(activities_given_up),
        BIT(hazard),
        BIT(despite_harm),
        BIT(despite_harm),
        BIT(tolerance),
        BIT(withdrawal),
    };

    (void)state;
    for (int i = 0; i < 14; i++) year[i] = well();
    params.dsm5_cutdown_loss = params.dsm5_larger_loss + 1.0;
    params.dsm5_roles_doses = params.dsm5_time_doses; /* tell them apart by the home */
    year[1].frailty =
        (float)((params.dsm5_larger_loss + 4.01) / params.dsm5_frailty_weight);
    year[2].lapses = above(params.dsm5_cutdown_lapses);
    year[3].wants_treatment = true;
    year[4].doses = above(params.dsm5_time_doses);
    year[5].craving = above(params.dsm5_craving);
    year[5].frailty = -100.0f;
    year[6].doses = above(params.dsm5_roles_doses / 2.0);
    year[6].stable_home = false;
    year[7].connection = below(params.dsm5_social_connection);
    year[8].tone = below(params.dsm5_activities_tone);
    year[9].injects = true;
    year[10].stress = above(params.dsm5_harm_stress);
    year[11].hyperalgesia = above(params.dsm5_harm_pain);
    year[12].tolerance = above(params.dsm5_tolerance);
    year[13].withdrawal = above(params.dsm5_withdrawal);
    for (int i = 0; i < 14; i++) {
        const int32_t both = i == 4 ? BIT(roles) : 0;
        assert_int_equal(flags_of(&year[i]), expected[i] | both);
    }
}

/* Everything wrong that there is. */
static allostat_dsm5_year ill(void)
{
    return (allostat_dsm5_year){.use = 1.0f,
                                .doses = 10.0f,
                                .craving = 10.0f,
                                .withdrawal = 1.0f,
                                .lapses = 100.0f,
                                .frailty = 3.0f,
                                .tolerance = 1.0f,
                                .hyperalgesia = 1.0f,
                                .stress = 1.0f,
                                .wants_treatment = true,
                                .injects = true,
                                .stimulants = true,
                                .injured = true};
}

static void everything_wrong_makes_eleven_symptoms(void **state)
{
    const allostat_dsm5_year year = ill();

    (void)state;
    assert_int_equal(allostat_dsm5_count(flags_of(&year)), 11);
}

static void tolerance_and_withdrawal_do_not_count_in_a_patient(void **state)
{
    allostat_dsm5_year year = ill();

    (void)state;
    year.use = 0.0f;
    year.patient = true;
    const int32_t flags = flags_of(&year);
    assert_int_equal(flags & (BIT(tolerance) | BIT(withdrawal)), 0);
    assert_int_equal(flags, BIT(larger_amounts) | BIT(failed_cutdown) | BIT(craving) |
                                BIT(social_problems) | BIT(activities_given_up));
}

static void a_content_patient_has_no_symptom_from_a_hard_life(void **state)
{
    allostat_dsm5_year year = well();

    (void)state;
    year.use = 0.0f;
    year.patient = true;
    year.connection = 0.0f;
    year.tone = 0.0f;
    year.stress = 1.0f;
    assert_int_equal(flags_of(&year), 0);
}

static void nobody_is_ill_without_use_or_prescription(void **state)
{
    allostat_dsm5_year year = ill();

    (void)state;
    year.use = (float)params.dsm5_use_least / 2.0f;
    assert_int_equal(flags_of(&year), 0);
}

static void severity_has_the_cuts_of_the_manual(void **state)
{
    const int32_t expected[12] = {0, 0, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3};

    (void)state;
    for (int32_t n = 0; n < 12; n++) {
        assert_int_equal(allostat_dsm5_severity(n), expected[n]);
    }
}

/* After half a year of one dose a day: 1 - 1/e of it. */
static void means_of_the_year_follow_the_days(void **state)
{
    allostat_users users = {0};
    allostat_error error = {0};
    allostat_dsm5_terms terms;

    (void)state;
    assert_int_equal(allostat_users_init(&users, 1, &error), ALLOSTAT_OK);
    users.active[0] = 1;
    users.doses[0] = 1.0f;
    users.craving[0] = 2.0f;
    users.withdrawal[0] = 0.5f;
    allostat_dsm5_terms_make(&terms, &params);
    for (int day = 0; day < (int)params.dsm5_tau_year; day++) {
        allostat_dsm5_step(&terms, &users, 0, 1);
    }
    check_close((double)users.use_mean[0], 0.632121, 1e-4);
    check_close((double)users.dose_mean[0], 0.632121, 1e-4);
    check_close((double)users.craving_mean[0], 1.264241, 1e-4);
    check_close((double)users.withdrawal_mean[0], 0.316060, 1e-4);
    allostat_users_free(&users);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_symptom_comes_from_its_own_state),
        cmocka_unit_test(everything_wrong_makes_eleven_symptoms),
        cmocka_unit_test(tolerance_and_withdrawal_do_not_count_in_a_patient),
        cmocka_unit_test(a_content_patient_has_no_symptom_from_a_hard_life),
        cmocka_unit_test(nobody_is_ill_without_use_or_prescription),
        cmocka_unit_test(severity_has_the_cuts_of_the_manual),
        cmocka_unit_test(means_of_the_year_follow_the_days),
    };
    return cmocka_run_group_tests_name("dsm5", tests, load, NULL);
}
