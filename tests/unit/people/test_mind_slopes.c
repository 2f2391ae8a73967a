/* How the state of mind acts on first use; attachment style as a read-out. */
#include "check.h"

#include "base/draws.h"
#include "params/scenario.h"
#include "people/life_course.h"
#include "people/traits.h"

static void first_use_is_as_usual_at_the_means_of_residents(void **state)
{
    (void)state;
    allostat_scenario scenario;
    allostat_error error = {0};

    assert_int_equal(allostat_scenario_defaults(&scenario, &error), ALLOSTAT_OK);
    const allostat_params *p = &scenario.epochs[0].params;
    const allostat_mind_slopes slopes = allostat_mind_slopes_make(p);
    assert_true(allostat_first_use_mind_ratiof(&slopes, (float)p->ptsd_neutral,
                                               (float)p->stress_neutral) == 1.0f);
    allostat_scenario_free(&scenario);
}

static void first_use_rises_with_ptsd_and_stress_by_hand(void **state)
{
    (void)state;
    const allostat_mind_slopes slopes = {0.69f, 1.5f, 0.1f, 0.4f};

    /* 0.69 x 0.9 + 1.5 x 0.2 */
    check_relative((double)allostat_first_use_mind_ratiof(&slopes, 1.0f, 0.6f),
                   exp(0.921), 1e-6);
}

static void style_reads_the_two_dimensions(void **state)
{
    (void)state;
    assert_int_equal(allostat_style(0.8f, 0.4f), ALLOSTAT_STYLE_secure);
    assert_int_equal(allostat_style(0.9f, 0.4f), ALLOSTAT_STYLE_anxious);
    assert_int_equal(allostat_style(0.8f, 0.6f), ALLOSTAT_STYLE_avoidant);
    assert_int_equal(allostat_style(0.9f, 0.6f), ALLOSTAT_STYLE_fearful);
}

/* 200,000 people: SD of a share at most 0.0011. */
static void styles_have_the_shares_of_the_evidence(void **state)
{
    (void)state;
    enum { PEOPLE = 200000 };
    const double expected[ALLOSTAT_STYLE_COUNT] = {0.574, 0.118, 0.226, 0.082};
    const allostat_draw_key key = allostat_draw_key_make(11, 0);
    int count[ALLOSTAT_STYLE_COUNT] = {0};

    for (uint32_t i = 0; i < PEOPLE; i++) {
        const double e1 = allostat_normal_quantile(
            allostat_draw_uniform(key, ALLOSTAT_DRAW_trait_anxiety, i, 0, 0));
        const double e2 = allostat_normal_quantile(
            allostat_draw_uniform(key, ALLOSTAT_DRAW_trait_avoidance, i, 0, 0));
        const allostat_attachment_dimensions a =
            allostat_attachment(0.0, e1, e2, 0.2, 0.0);
        count[allostat_style((float)a.anxiety, (float)a.avoidance)]++;
    }
    for (int s = 0; s < ALLOSTAT_STYLE_COUNT; s++)
        check_close((double)count[s] / PEOPLE, expected[s], 0.005);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_use_is_as_usual_at_the_means_of_residents),
        cmocka_unit_test(first_use_rises_with_ptsd_and_stress_by_hand),
        cmocka_unit_test(style_reads_the_two_dimensions),
        cmocka_unit_test(styles_have_the_shares_of_the_evidence),
    };

    return cmocka_run_group_tests_name("mind slopes", tests, NULL, NULL);
}
