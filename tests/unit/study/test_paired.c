#include "check.h"

#include "study/paired.h"

/* To twelve decimals, from the incomplete beta function in 30 digits. */
static void student_quantiles_are_those_of_the_tables(void **state)
{
    static const struct {
        int32_t freedom;
        double quantile;
    } table[] = {{3, 3.182446305284}, {4, 2.776445105198},  {5, 2.570581835636},
                 {9, 2.262157162798}, {10, 2.228138851986}, {30, 2.042272456301},
                 {99, 1.984216951586}};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_close(allostat_student_quantile(0.975, table[i].freedom),
                    table[i].quantile, 1e-10);
    }
}

static void student_with_one_degree_is_cauchy(void **state)
{
    (void)state;
    check_relative(allostat_student_quantile(0.975, 1), 12.7062047361747, 1e-12);
    check_relative(allostat_student_quantile(0.75, 1), 1.0, 1e-12);
}

static void student_with_two_degrees_has_a_closed_form(void **state)
{
    const double p = 0.975, twice = 2.0 * p - 1.0;

    (void)state;
    check_relative(allostat_student_quantile(p, 2),
                   twice * sqrt(2.0 / (1.0 - twice * twice)), 1e-12);
}

static void the_expansion_joins_the_sums_without_a_step(void **state)
{
    const double below = allostat_student_quantile(0.975, 199);
    const double at = allostat_student_quantile(0.975, 200);
    const double above = allostat_student_quantile(0.975, 201);

    (void)state;
    /* second difference of z + c / n is 2 c / n^3 */
    check_close(below - 2.0 * at + above, 6.0e-7, 2.0e-7);
    check_close(at, 1.971896223634, 1e-10);
}

static void student_becomes_normal(void **state)
{
    (void)state;
    check_close(allostat_student_quantile(0.975, 1000000000), 1.959963984540054, 1e-8);
}

static void the_interval_of_three_differences_is_that_of_the_book(void **state)
{
    const double difference[] = {1.0, 2.0, 6.0}; /* mean 3, variance 7 */
    const allostat_paired paired = allostat_paired_of(difference, 3);
    const double error = sqrt(7.0 / 3.0);

    (void)state;
    check_close(paired.mean, 3.0, 1e-15);
    check_close(paired.standard_error, error, 1e-12);
    check_close(paired.high - paired.mean, 4.302652729749 * error, 1e-10);
    check_close(paired.mean - paired.low, 4.302652729749 * error, 1e-10);
}

static void one_replicate_has_no_interval(void **state)
{
    const double difference[] = {5.0};
    const allostat_paired paired = allostat_paired_of(difference, 1);

    (void)state;
    check_close(paired.mean, 5.0, 0.0);
    assert_true(isnan(paired.low) && isnan(paired.high));
    assert_true(isnan(paired.standard_error));
    assert_int_equal(allostat_replicates_needed(&paired, 1, 1.0), 0);
}

static void differences_that_do_not_vary_have_no_width(void **state)
{
    const double difference[] = {5.0, 5.0, 5.0, 5.0};
    const allostat_paired paired = allostat_paired_of(difference, 4);

    (void)state;
    check_close(paired.low, 5.0, 0.0);
    check_close(paired.high, 5.0, 0.0);
    assert_int_equal(allostat_replicates_needed(&paired, 4, 0.001), 2);
}

static void pairing_gain_is_the_ratio_of_variances(void **state)
{
    const double base[] = {1.0, 2.0, 3.0};      /* variance 1 */
    const double policy[] = {11.0, 13.0, 12.0}; /* variance 1; differences 10 11 9: 1 */
    const double shifted[] = {3.0, 4.0, 5.0};

    (void)state;
    check_close(allostat_pairing_gain(base, policy, 3), 2.0, 1e-12);
    assert_true(isnan(allostat_pairing_gain(base, shifted, 3)));
    assert_true(isnan(allostat_pairing_gain(base, policy, 1)));
}

static void the_replicates_needed_are_the_fewest(void **state)
{
    const double difference[] = {8.0, 10.0, 12.0, 10.0}; /* variance 8 / 3 */
    const allostat_paired paired = allostat_paired_of(difference, 4);
    const double deviation = sqrt(8.0 / 3.0);

    (void)state;
    for (double width = 0.2; width < 8.0; width *= 1.7) {
        const int32_t n = allostat_replicates_needed(&paired, 4, width);
        assert_true(n >= 2);
        assert_true(deviation * allostat_student_quantile(0.975, n - 1) /
                        sqrt((double)n) <=
                    width);
        if (n > 2) {
            assert_true(deviation * allostat_student_quantile(0.975, n - 2) /
                            sqrt((double)(n - 1)) >
                        width);
        }
    }
}

static void a_width_that_no_number_reaches_is_unknown(void **state)
{
    const double difference[] = {-1.0, 1.0};
    const allostat_paired paired = allostat_paired_of(difference, 2);

    (void)state;
    assert_int_equal(allostat_replicates_needed(&paired, 2, 1e-9), 0);
    assert_int_equal(allostat_replicates_needed(&paired, 2, 0.0), 0);
    assert_int_equal(allostat_replicates_needed(&paired, 2, (double)NAN), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(student_quantiles_are_those_of_the_tables),
        cmocka_unit_test(student_with_one_degree_is_cauchy),
        cmocka_unit_test(student_with_two_degrees_has_a_closed_form),
        cmocka_unit_test(the_expansion_joins_the_sums_without_a_step),
        cmocka_unit_test(student_becomes_normal),
        cmocka_unit_test(the_interval_of_three_differences_is_that_of_the_book),
        cmocka_unit_test(one_replicate_has_no_interval),
        cmocka_unit_test(differences_that_do_not_vary_have_no_width),
        cmocka_unit_test(pairing_gain_is_the_ratio_of_variances),
        cmocka_unit_test(the_replicates_needed_are_the_fewest),
        cmocka_unit_test(a_width_that_no_number_reaches_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
