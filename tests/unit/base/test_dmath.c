#include "check.h"

#include "base/dmath.h"

#include <float.h>

/* Error in units in the last place of the exact value, subnormal spacing included. */
static double ulp_error(double actual, long double exact)
{
    int exponent;

    (void)frexpl(exact, &exponent);
    if (exponent < DBL_MIN_EXP) exponent = DBL_MIN_EXP;
    return (double)(fabsl((long double)actual - exact) / ldexpl(1.0L, exponent - 53));
}

static double ulp_errorf(float actual, double exact)
{
    int exponent;

    (void)frexp(exact, &exponent);
    if (exponent < FLT_MIN_EXP) exponent = FLT_MIN_EXP;
    return fabs((double)actual - exact) / ldexp(1.0, exponent - 24);
}

static long double exact_normal_cdf(double z)
{
    return 0.5L * erfcl(-(long double)z / sqrtl(2.0L));
}

static void exp_is_within_two_ulp_over_its_range(void **state)
{
    (void)state;
    for (double x = -745.0; x < 709.78; x += 0.00731)
        assert_true(ulp_error(allostat_exp(x), expl(x)) <= 2.0);
    for (double x = -1.0; x < 1.0; x += 0.0000171)
        assert_true(ulp_error(allostat_exp(x), expl(x)) <= 2.0);
    assert_true(allostat_exp(0.0) == 1.0);
}

static void exp_ends_in_zero_and_infinity(void **state)
{
    (void)state;
    assert_true(allostat_exp(-745.14) == 0.0);
    assert_true(allostat_exp(-1e300) == 0.0);
    assert_true(allostat_exp((double)-INFINITY) == 0.0);
    assert_true(allostat_exp(709.782712893) < (double)INFINITY);
    assert_true(allostat_exp(709.79) == (double)INFINITY);
    assert_true(allostat_exp((double)INFINITY) == (double)INFINITY);
    assert_true(isnan(allostat_exp((double)NAN)));
}

static void log_is_within_two_ulp_over_all_magnitudes(void **state)
{
    (void)state;
    for (double x = DBL_MIN; x < 1e308; x *= 1.00237)
        assert_true(ulp_error(allostat_log(x), logl(x)) <= 2.0);
    for (double x = 0.25; x < 4.0; x += 0.0000173)
        assert_true(ulp_error(allostat_log(x), logl(x)) <= 2.0);
    assert_true(allostat_log(1.0) == 0.0);
}

static void log_takes_subnormals_and_the_ends(void **state)
{
    (void)state;
    check_relative(allostat_log(5e-324), log(5e-324), 1e-15);
    check_relative(allostat_log(1e-310), log(1e-310), 1e-15);
    assert_true(allostat_log(0.0) == -(double)INFINITY);
    assert_true(allostat_log((double)INFINITY) == (double)INFINITY);
    assert_true(isnan(allostat_log(-1.0)));
    assert_true(isnan(allostat_log((double)NAN)));
}

static void expm1_and_log1p_lose_nothing_near_zero(void **state)
{
    (void)state;
    for (double size = 1e-20; size < 0.9; size *= 1.0131) {
        assert_true(ulp_error(allostat_expm1(size), expm1l(size)) <= 4.0);
        assert_true(ulp_error(allostat_expm1(-size), expm1l(-size)) <= 4.0);
        assert_true(ulp_error(allostat_log1p(size), log1pl(size)) <= 4.0);
        assert_true(ulp_error(allostat_log1p(-size), log1pl(-size)) <= 4.0);
    }
    for (double x = 0.9; x < 600.0; x *= 1.0131) {
        assert_true(ulp_error(allostat_expm1(x), expm1l(x)) <= 4.0);
        assert_true(ulp_error(allostat_expm1(-x), expm1l(-x)) <= 4.0);
        assert_true(ulp_error(allostat_log1p(x), log1pl(x)) <= 4.0);
    }
    assert_true(allostat_expm1(-1e9) == -1.0);
    assert_true(allostat_log1p(-1.0) == -(double)INFINITY);
}

static void pow_is_accurate_to_its_stated_bound(void **state)
{
    (void)state;
    for (double x = 1e-6; x < 1e6; x *= 1.371)
        for (double y = -20.0; y <= 20.0; y += 0.173)
            check_relative(allostat_pow(x, y), pow(x, y),
                           0x1p-52 * (2.0 + fabs(y * log(x))));
    assert_true(allostat_pow(0.0, 1.5) == 0.0);
    assert_true(allostat_pow(7.0, 0.0) == 1.0);
}

static void expit_is_accurate_in_both_tails_and_symmetric(void **state)
{
    (void)state;
    for (double x = -740.0; x < 740.0; x += 0.0371)
        assert_true(
            ulp_error(allostat_expit(x), 1.0L / (1.0L + expl(-(long double)x))) <= 4.0);
    assert_true(allostat_expit(0.0) == 0.5);
    assert_true(allostat_expit(1e9) == 1.0);
    assert_true(allostat_expit(-1e9) == 0.0);
}

static void logit_undoes_expit(void **state)
{
    (void)state;
    for (double p = 1e-300; p < 0.9; p *= 1.0173) {
        check_close(allostat_logit(p), (double)(logl(p) - log1pl(-(long double)p)),
                    4e-16 * (1.0 + fabs(log(p))));
        check_relative(allostat_expit(allostat_logit(p)), p,
                       2e-16 * (4.0 + fabs(log(p))));
    }
    assert_true(allostat_logit(0.5) == 0.0);
    assert_true(allostat_logit(0.0) == -(double)INFINITY);
    assert_true(allostat_logit(1.0) == (double)INFINITY);
}

static void normal_cdf_is_accurate_in_both_tails(void **state)
{
    (void)state;
    for (double z = -37.0; z < 10.0; z += 0.000531)
        check_relative(allostat_normal_cdf(z), (double)exact_normal_cdf(z), 1e-12);
    assert_true(allostat_normal_cdf(0.0) == 0.5);
    assert_true(allostat_normal_cdf(-1e9) == 0.0);
    assert_true(allostat_normal_cdf(1e9) == 1.0);
    assert_true(isnan(allostat_normal_cdf((double)NAN)));
}

/* The error of z is that of the probability it stands for, over the density there. */
static void check_quantile(double p)
{
    const double z = allostat_normal_quantile(p);
    const long double density =
        0.398942280401432677939946L * expl(-0.5L * z * (long double)z);
    const long double miss = (exact_normal_cdf(z) - (long double)p) / density;

    check_close((double)miss, 0.0, 1e-14 * (fabs(z) > 1.0 ? fabs(z) : 1.0));
}

static void normal_quantiles_are_those_of_one_to_the_bit(void **state)
{
    enum { COUNT = 1000 };
    double p[COUNT], z[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++) p[i] = (i + 0.5) / COUNT;
    allostat_normal_quantiles(p, COUNT, z);
    for (int i = 0; i < COUNT; i++) assert_true(z[i] == allostat_normal_quantile(p[i]));
}

static void normal_quantile_inverts_the_exact_distribution(void **state)
{
    (void)state;
    for (double p = 1e-300; p < 0.5; p *= 1.0093) check_quantile(p);
    for (double p = 0.0001; p < 1.0; p += 0.0000371) check_quantile(p);
    for (double q = 1e-15; q < 0.01; q *= 1.05) check_quantile(1.0 - q);
    assert_true(allostat_normal_quantile(0.5) == 0.0);
    check_relative(allostat_normal_quantile(0.975), 1.959963984540054235524595, 1e-15);
    assert_true(allostat_normal_quantile(0.25) == -allostat_normal_quantile(0.75));
}

/* Sum of exact Poisson probabilities up to n; 0 when n < 0. */
static long double exact_poisson_cdf(int32_t n, double mean)
{
    const long double m = mean;
    long double sum = 0.0L;

    if (mean == 0.0) return n < 0 ? 0.0L : 1.0L;
    for (int32_t k = n; k >= 0; k--) {
        const long double term =
            expl((long double)k * logl(m) - m - lgammal((long double)k + 1.0L));
        sum += term;
        if ((double)k < mean && term < sum * 1e-19L) break;
    }
    return sum;
}

static void poisson_quantile_is_the_smallest_count_that_reaches_u(void **state)
{
    (void)state;
    static const double means[] = {0.0,  1e-9, 0.01,  0.5,    1.0, 2.7,
                                   10.0, 99.5, 745.2, 4000.0, 1e5};

    for (size_t i = 0; i < sizeof means / sizeof means[0]; i++) {
        for (double z = -7.0; z<7.0; z += means[i]> 5000.0 ? 1.37 : 0.173) {
            const double u = (double)exact_normal_cdf(z);
            const int32_t n = allostat_poisson_quantile(u, means[i]);

            assert_true(n >= 0);
            assert_true(exact_poisson_cdf(n, means[i]) >= u * (1.0 - 1e-10));
            assert_true(exact_poisson_cdf(n - 1, means[i]) < u * (1.0 + 1e-10));
        }
    }
}

static void poisson_quantile_meets_its_table(void **state)
{
    (void)state;
    assert_int_equal(allostat_poisson_quantile(0.3678, 1.0), 0);
    assert_int_equal(allostat_poisson_quantile(0.3679, 1.0), 1);
    assert_int_equal(allostat_poisson_quantile(0.7357, 1.0), 1);
    assert_int_equal(allostat_poisson_quantile(0.7358, 1.0), 2);
    assert_int_equal(allostat_poisson_quantile(0.5, 0.0), 0);
}

static void weibull_quantile_has_the_cumulative_hazard_of_its_probability(void **state)
{
    (void)state;
    static const double shapes[] = {0.5, 1.0, 1.7, 4.0};

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        for (double u = 1e-12; u < 0.999999;
             u = u * 1.17 < 0.1 ? u * 1.17 : u + 0.0137) {
            const double t = allostat_weibull_quantile(u, shapes[i], 30.0);

            check_relative(t, 30.0 * pow(-log1p(-u), 1.0 / shapes[i]), 1e-13);
            check_relative(allostat_weibull_cumulative_hazard(t, shapes[i], 30.0),
                           -log1p(-u), 1e-13);
        }
    }
    assert_true(allostat_weibull_quantile(0.0, 1.7, 30.0) == 0.0);
    assert_true(allostat_weibull_cumulative_hazard(0.0, 1.7, 30.0) == 0.0);
}

static void expf_is_within_four_ulp_and_keeps_its_ends(void **state)
{
    (void)state;
    for (float x = -87.0f; x <= 88.0f; x += 0.000231f)
        assert_true(ulp_errorf(allostat_expf(x), exp((double)x)) <= 4.0);
    assert_true(allostat_expf(0.0f) == 1.0f);
    assert_true(allostat_expf(-1000.0f) == allostat_expf(-87.0f));
    assert_true(allostat_expf(1000.0f) == allostat_expf(88.0f));
    assert_true(allostat_expf(88.0f) < INFINITY);
    assert_true(allostat_expf(-87.0f) >= FLT_MIN);
}

static void expm1f_is_within_four_ulp_also_near_zero(void **state)
{
    (void)state;
    for (float x = -87.0f; x <= 88.0f; x += 0.000231f)
        assert_true(ulp_errorf(allostat_expm1f(x), expm1((double)x)) <= 4.0);
    for (float size = 1e-30f; size < 1.0f; size *= 1.0017f) {
        assert_true(ulp_errorf(allostat_expm1f(size), expm1((double)size)) <= 4.0);
        assert_true(ulp_errorf(allostat_expm1f(-size), expm1(-(double)size)) <= 4.0);
    }
    assert_true(allostat_expm1f(0.0f) == 0.0f);
}

static void probability_of_a_small_hazard_keeps_its_digits(void **state)
{
    (void)state;
    check_relative((double)allostat_probability_from_hazardf(1e-7f),
                   -expm1(-(double)1e-7f), 5e-7);
    check_relative((double)allostat_probability_from_hazardf(0.7f),
                   -expm1(-(double)0.7f), 5e-7);
    assert_true(allostat_probability_from_hazardf(0.0f) == 0.0f);
    assert_true(allostat_probability_from_hazardf(1e9f) == 1.0f);
}

static void logf_is_within_four_ulp_over_all_magnitudes(void **state)
{
    (void)state;
    for (float x = FLT_MIN; x < 1e38f; x *= 1.00031f)
        assert_true(ulp_errorf(allostat_logf(x), log((double)x)) <= 4.0);
    for (float x = 0.25f; x < 4.0f; x += 0.0000113f)
        assert_true(ulp_errorf(allostat_logf(x), log((double)x)) <= 4.0);
    assert_true(allostat_logf(1.0f) == 0.0f);
}

static void powf_is_accurate_to_its_stated_bound(void **state)
{
    (void)state;
    for (float x = 1e-4f; x < 1e4f; x *= 1.171f)
        for (float y = -8.0f; y <= 8.0f; y += 0.0731f)
            check_relative((double)allostat_powf(x, y), pow((double)x, (double)y),
                           0x1p-23 * (2.0 + fabs((double)y * log((double)x))));
}

static void expitf_is_within_six_ulp_and_keeps_its_ends(void **state)
{
    (void)state;
    for (float x = -87.0f; x < 90.0f; x += 0.000331f)
        assert_true(ulp_errorf(allostat_expitf(x), 1.0 / (1.0 + exp(-(double)x))) <=
                    6.0);
    assert_true(allostat_expitf(0.0f) == 0.5f);
    assert_true(allostat_expitf(-1e9f) == allostat_expitf(-87.0f));
    assert_true(allostat_expitf(-1e9f) >= FLT_MIN);
    assert_true(allostat_expitf(1e9f) == 1.0f);
}

static void normal_cdff_keeps_five_digits_in_both_tails(void **state)
{
    (void)state;
    for (float z = -10.0f; z < 10.0f; z += 0.0000373f)
        check_relative((double)allostat_normal_cdff(z),
                       0.5 * erfc(-(double)z / sqrt(2.0)), 1e-5);
    check_close((double)allostat_normal_cdff(0.0f), 0.5, 1e-6);
    assert_true(allostat_normal_cdff(-1e9f) == allostat_normal_cdff(-12.5f));
    assert_true(allostat_normal_cdff(-1e9f) >= FLT_MIN);
    assert_true(allostat_normal_cdff(1e9f) == 1.0f);
}

/* A float sum of 24 terms is within 2^-20 of the exact one. */
static void float_poisson_counts_follow_the_exact_distribution(void **state)
{
    (void)state;
    for (double mean = 0.0; mean <= 10.0; mean += 0.0913) {
        for (double u = 1e-7; u < 1.0; u += 0.000913) {
            const int32_t n = allostat_poisson_from_uniformf((float)u, (float)mean);

            assert_true(n >= 0 && n <= ALLOSTAT_POISSON_TERMS);
            assert_true(n == ALLOSTAT_POISSON_TERMS ||
                        exact_poisson_cdf(n, mean) >= u - 0x1p-20);
            assert_true(exact_poisson_cdf(n - 1, mean) < u + 0x1p-20);
        }
    }
}

static void float_poisson_stays_sound_at_the_last_uniform(void **state)
{
    (void)state;
    assert_int_equal(allostat_poisson_from_uniformf(1.0f, 0.0f), 0);
    for (float mean = 0.01f; mean < 6.0f; mean += 0.0137f) {
        const int32_t n = allostat_poisson_from_uniformf(1.0f, mean);
        assert_in_range(n, allostat_poisson_quantile(1.0 - 0x1p-19, (double)mean),
                        allostat_poisson_quantile(1.0 - 0x1p-21, (double)mean));
    }
    assert_int_equal(allostat_poisson_from_uniformf(0.999f, 40.0f),
                     ALLOSTAT_POISSON_TERMS);
}

static void exp_boundf_is_above_e_to_the_x_and_near_it(void **state)
{
    (void)state;
    for (float x = -87.0f; x <= 10.0f; x += 0.0037f) {
        const double exact = exp((double)x), bound = (double)allostat_exp_boundf(x);

        assert_true(bound >= exact);
        assert_true(bound <= 1.07 * exact);
    }
    assert_true((double)allostat_exp_boundf(-500.0f) >= exp(-87.0));
}

static void
the_start_of_a_poisson_sum_counts_right_or_says_that_it_is_open(void **state)
{
    (void)state;
    int32_t open = 0, closed = 0;

    for (float mean = 0.0f; mean <= 10.0f; mean += 0.25f) {
        for (float u = 0.0005f; u <= 1.0f; u += 0.0005f) {
            const allostat_poisson_start start = allostat_poisson_startf(u, mean);
            const int32_t whole = allostat_poisson_from_uniformf(u, mean);

            if (start.open) {
                assert_true(whole > start.count ||
                            whole == ALLOSTAT_POISSON_START_TERMS);
            } else {
                assert_int_equal(start.count, whole);
            }
            open += start.open;
            closed += !start.open;
        }
    }
    assert_true(open > 0 && closed > 10 * open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_two_ulp_over_its_range),
        cmocka_unit_test(exp_ends_in_zero_and_infinity),
        cmocka_unit_test(log_is_within_two_ulp_over_all_magnitudes),
        cmocka_unit_test(log_takes_subnormals_and_the_ends),
        cmocka_unit_test(expm1_and_log1p_lose_nothing_near_zero),
        cmocka_unit_test(pow_is_accurate_to_its_stated_bound),
        cmocka_unit_test(expit_is_accurate_in_both_tails_and_symmetric),
        cmocka_unit_test(logit_undoes_expit),
        cmocka_unit_test(normal_cdf_is_accurate_in_both_tails),
        cmocka_unit_test(normal_quantile_inverts_the_exact_distribution),
        cmocka_unit_test(normal_quantiles_are_those_of_one_to_the_bit),
        cmocka_unit_test(poisson_quantile_is_the_smallest_count_that_reaches_u),
        cmocka_unit_test(poisson_quantile_meets_its_table),
        cmocka_unit_test(weibull_quantile_has_the_cumulative_hazard_of_its_probability),
        cmocka_unit_test(expf_is_within_four_ulp_and_keeps_its_ends),
        cmocka_unit_test(expm1f_is_within_four_ulp_also_near_zero),
        cmocka_unit_test(probability_of_a_small_hazard_keeps_its_digits),
        cmocka_unit_test(logf_is_within_four_ulp_over_all_magnitudes),
        cmocka_unit_test(powf_is_accurate_to_its_stated_bound),
        cmocka_unit_test(expitf_is_within_six_ulp_and_keeps_its_ends),
        cmocka_unit_test(normal_cdff_keeps_five_digits_in_both_tails),
        cmocka_unit_test(float_poisson_counts_follow_the_exact_distribution),
        cmocka_unit_test(float_poisson_stays_sound_at_the_last_uniform),
        cmocka_unit_test(exp_boundf_is_above_e_to_the_x_and_near_it),
        cmocka_unit_test(
            the_start_of_a_poisson_sum_counts_right_or_says_that_it_is_open),
    };
    return cmocka_run_group_tests_name("dmath", tests, NULL, NULL);
}
