#include "check.h"

#include "base/draws.h"
#include "people/traits.h"

/* Swedo 2023, as in the parameters. */
static const double A = 0.760, B = 3.658;

/* C(n, k) B(k + a, n - k + b) / B(a, b) by logarithms of the gamma function. */
static double exact_probability(int n, int k, double a, double b)
{
    const double choose = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
    const double above = lgamma(k + a) + lgamma(n - k + b) - lgamma(n + a + b);

    return exp(choose + above - lgamma(a) - lgamma(b) + lgamma(a + b));
}

static void beta_binomial_steps_give_the_exact_probabilities(void **state)
{
    (void)state;
    double p = allostat_beta_binomial_zero(ALLOSTAT_ACE_MAX, A, B), sum = p;

    for (int k = 0; k <= ALLOSTAT_ACE_MAX; k++) {
        check_relative(p, exact_probability(ALLOSTAT_ACE_MAX, k, A, B), 1e-12);
        if (k == ALLOSTAT_ACE_MAX) break;
        p *= allostat_beta_binomial_step(k, ALLOSTAT_ACE_MAX, A, B);
        sum += p;
    }
    check_close(sum, 1.0, 1e-12);
}

static void quantile_is_the_least_count_whose_sum_reaches_u(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        const double u = (i + 0.5) / 1000.0;
        double sum = 0.0;
        int expected = -1;

        while (expected < ALLOSTAT_ACE_MAX && sum < u) {
            sum += exact_probability(ALLOSTAT_ACE_MAX, ++expected, A, B);
        }
        assert_int_equal(allostat_beta_binomial_quantile(u, ALLOSTAT_ACE_MAX, A, B),
                         expected);
    }
}

static void moments_match_the_exact_sums(void **state)
{
    (void)state;
    double mean = 0.0, square = 0.0;

    for (int k = 0; k <= ALLOSTAT_ACE_MAX; k++) {
        const double p = exact_probability(ALLOSTAT_ACE_MAX, k, A, B);
        mean += k * p;
        square += (double)k * k * p;
    }
    check_relative(allostat_beta_binomial_mean(ALLOSTAT_ACE_MAX, A, B), mean, 1e-10);
    check_relative(allostat_beta_binomial_variance(ALLOSTAT_ACE_MAX, A, B),
                   square - mean * mean, 1e-10);
}

/* 36.1 % none and 17.3 % four or more (Swedo 2023); two shapes cannot hit both. */
static void adversity_is_spread_as_in_the_survey(void **state)
{
    (void)state;
    double four_or_more = 0.0;

    for (int k = 4; k <= ALLOSTAT_ACE_MAX; k++) {
        four_or_more += exact_probability(ALLOSTAT_ACE_MAX, k, A, B);
    }
    check_close(exact_probability(ALLOSTAT_ACE_MAX, 0, A, B), 0.361, 0.01);
    check_close(four_or_more, 0.173, 0.01);
}

enum { PEOPLE = 200000 };
static const double R = 0.20, Q = 0.25;

typedef struct {
    double z, anxiety, avoidance;
} person;

static person draw_person(uint32_t number)
{
    const allostat_draw_key key = allostat_draw_key_make(7, 0);
    const double mean = allostat_beta_binomial_mean(ALLOSTAT_ACE_MAX, A, B);
    const double sd = sqrt(allostat_beta_binomial_variance(ALLOSTAT_ACE_MAX, A, B));
    const int32_t ace = allostat_beta_binomial_quantile(
        allostat_draw_uniform(key, ALLOSTAT_DRAW_trait_ace, number, 0, 0),
        ALLOSTAT_ACE_MAX, A, B);
    const double z = (ace - mean) / sd;
    const allostat_attachment_dimensions found = allostat_attachment(
        z,
        allostat_normal_quantile(
            allostat_draw_uniform(key, ALLOSTAT_DRAW_trait_anxiety, number, 0, 0)),
        allostat_normal_quantile(
            allostat_draw_uniform(key, ALLOSTAT_DRAW_trait_avoidance, number, 0, 0)),
        R, allostat_attachment_loading(R, Q));

    return (person){z, found.anxiety, found.avoidance};
}

/* Sums over 200,000 people have a standard error of 0.0022; 0.011 fails by chance in 5
 * of 10 million runs with another key. */
static void attachment_has_unit_variance_and_the_wanted_correlations(void **state)
{
    (void)state;
    double anx = 0, avo = 0, both = 0, anx_z = 0, avo_z = 0, ins_z = 0, ins = 0;

    for (uint32_t i = 0; i < PEOPLE; i++) {
        const person p = draw_person(i);
        const double insecurity = allostat_insecurity(p.anxiety, p.avoidance, R);
        anx += p.anxiety * p.anxiety;
        avo += p.avoidance * p.avoidance;
        both += p.anxiety * p.avoidance;
        anx_z += p.anxiety * p.z;
        avo_z += p.avoidance * p.z;
        ins_z += insecurity * p.z;
        ins += insecurity * insecurity;
    }
    check_close(anx / PEOPLE, 1.0, 0.016);
    check_close(avo / PEOPLE, 1.0, 0.016);
    check_close(ins / PEOPLE, 1.0, 0.016);
    check_close(both / PEOPLE, R, 0.011);
    check_close(ins_z / PEOPLE, Q, 0.011);
    check_close(anx_z / PEOPLE, allostat_attachment_loading(R, Q), 0.011);
    check_close(avo_z / PEOPLE, allostat_attachment_loading(R, Q), 0.011);
}

/* Model page 3.1: 57/12/23/8 %. */
static void attachment_styles_have_their_shares(void **state)
{
    (void)state;
    int32_t secure = 0, anxious = 0, avoidant = 0, fearful = 0;

    for (uint32_t i = 0; i < PEOPLE; i++) {
        const person p = draw_person(i);
        const int anx = p.anxiety > 0.84, avo = p.avoidance > 0.50;
        secure += !anx && !avo;
        anxious += anx && !avo;
        avoidant += !anx && avo;
        fearful += anx && avo;
    }
    check_close((double)secure / PEOPLE, 0.57, 0.015);
    check_close((double)anxious / PEOPLE, 0.12, 0.015);
    check_close((double)avoidant / PEOPLE, 0.23, 0.015);
    check_close((double)fearful / PEOPLE, 0.08, 0.015);
}

static void log_ratio_of_first_use_adds_up_by_hand(void **state)
{
    (void)state;
    check_close(allostat_first_use_log_ratio(4.0, -1.5, 0.17, 0.20), 0.38, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beta_binomial_steps_give_the_exact_probabilities),
        cmocka_unit_test(quantile_is_the_least_count_whose_sum_reaches_u),
        cmocka_unit_test(moments_match_the_exact_sums),
        cmocka_unit_test(adversity_is_spread_as_in_the_survey),
        cmocka_unit_test(attachment_has_unit_variance_and_the_wanted_correlations),
        cmocka_unit_test(attachment_styles_have_their_shares),
        cmocka_unit_test(log_ratio_of_first_use_adds_up_by_hand),
    };
    return cmocka_run_group_tests_name("traits", tests, NULL, NULL);
}
