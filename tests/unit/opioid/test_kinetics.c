#include "check.h"

#include "opioid/kinetics.h"

static double at(float value) { return (double)value; }

static void ec50_is_that_of_the_naive_and_of_chronic_users(void **state)
{
    (void)state;
    check_close(at(allostat_ec50f(0.0f, 0.42f, 3.33f)), 0.42, 1e-6);
    check_close(at(allostat_ec50f(1.0f, 0.42f, 3.33f)), 1.82, 0.002);
}

static void relaxing_halves_the_distance_after_ln_two_time_constants(void **state)
{
    (void)state;
    float x = 1.0f;
    const float keep = (float)exp(-1.0 / (7.0 / log(2.0))); /* half-life of 7 days */

    for (int day = 0; day < 7; day++) x = allostat_relaxf(x, 0.2f, keep);
    check_close(at(x), 0.2 + 0.4, 1e-6);
    check_close(at(allostat_relaxf(0.75f, 0.75f, keep)), 0.75, 0.0);
}

static void effect_is_half_at_ec50_and_stays_between_zero_and_one(void **state)
{
    (void)state;
    check_close(at(allostat_effectf(0.42f, 0.42f)), 0.5, 1e-7);
    check_close(at(allostat_effectf(1.82f, 1.82f)), 0.5, 1e-7);
    check_close(at(allostat_effectf(0.0f, 0.42f)), 0.0, 0.0);
    for (float level = 0.0f; level < 1000.0f; level = level * 2.0f + 0.1f) {
        const float effect = allostat_effectf(level, 0.42f);
        assert_true(effect >= 0.0f && effect < 1.0f);
        assert_true(allostat_effectf(level + 0.1f, 0.42f) > effect);
        assert_true(allostat_effectf(level + 0.1f, 0.84f) <
                    allostat_effectf(level + 0.1f, 0.42f));
    }
}

static void
residual_tolerance_is_63_percent_after_its_time_and_never_more_than_most(void **state)
{
    (void)state;
    check_close(at(allostat_residual_tolerancef(0.0f, 0.1f, 0.2f)), 0.0, 0.0);
    check_close(at(allostat_residual_tolerancef(5.0f, 0.1f, 0.2f)),
                0.1 * (1.0 - exp(-1.0)), 1e-7);
    check_close(at(allostat_residual_tolerancef(80.0f, 0.1f, 0.2f)), 0.1, 1e-6);
}

static void tolerance_mixes_fast_and_slow_and_rests_on_the_residual(void **state)
{
    (void)state;
    check_close(at(allostat_tolerancef(0.6f, 0.2f, 0.1f, 0.7f)), 0.48, 1e-6);
    check_close(at(allostat_tolerancef(0.0f, 0.2f, 0.1f, 0.7f)), 0.1, 1e-7);
    check_close(at(allostat_tolerancef(0.0f, 0.0f, 0.0f, 0.7f)), 0.0, 0.0);
}

static void a_dose_follows_belief_and_the_potency_that_surprises(void **state)
{
    (void)state;
    check_close(at(allostat_dose_levelf(0.42f, 2.0f, 0.3f, 0.3f)), 0.84, 1e-6);
    check_relative(at(allostat_dose_levelf(1.82f, 2.0f, 0.7f, 0.2f)), 3.64 * exp(0.5),
                   1e-6);
}

static void withdrawal_lies_between_zero_and_one(void **state)
{
    (void)state;
    check_close(at(allostat_withdrawalf(0.8f, 0.25f, 0.0f)), 0.6, 1e-6);
    check_close(at(allostat_withdrawalf(0.8f, 1.0f, 0.0f)), 0.0, 1e-7);
    check_close(at(allostat_withdrawalf(0.8f, 0.0f, 0.5f)), 1.0, 0.0);
    check_close(at(allostat_withdrawalf(0.0f, 0.0f, 0.5f)), 0.5, 0.0);
    for (int i = 0; i <= 1000; i++) {
        const float q = (float)(i % 11) / 10.0f, e = (float)(i % 13) / 12.0f;
        const float w = allostat_withdrawalf(q, e, (float)(i % 7) / 6.0f);
        assert_true(w >= 0.0f && w <= 1.0f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ec50_is_that_of_the_naive_and_of_chronic_users),
        cmocka_unit_test(relaxing_halves_the_distance_after_ln_two_time_constants),
        cmocka_unit_test(effect_is_half_at_ec50_and_stays_between_zero_and_one),
        cmocka_unit_test(
            residual_tolerance_is_63_percent_after_its_time_and_never_more_than_most),
        cmocka_unit_test(tolerance_mixes_fast_and_slow_and_rests_on_the_residual),
        cmocka_unit_test(a_dose_follows_belief_and_the_potency_that_surprises),
        cmocka_unit_test(withdrawal_lies_between_zero_and_one),
    };
    return cmocka_run_group_tests_name("kinetics", tests, NULL, NULL);
}
