#include "check.h"

#include "study/contrast_words.h"
#include "study/contrasts.h"

#include <string.h>

/* Deaths of the three replicates under the policy; 100 each in the base. */
static void check_sentence(int a, int b, int c, int replicates, const char *wanted)
{
    const int deaths[CONTRASTS_REPLICATES] = {a, b, c};
    contrasts *self = contrasts_new();
    char text[ALLOSTAT_SENTENCE_SIZE];

    for (int r = 0; r < CONTRASTS_REPLICATES; r++) {
        contrasts_kill(&self->base, r, 0, 100);
        contrasts_kill(&self->policy, r, 0, deaths[r]);
    }
    self->policy.replicate_count = replicates;
    contrasts_make(self);
    allostat_contrast_sentence(text, sizeof text, &self->contrast);
    assert_string_equal(text, wanted);
    contrasts_free(self);
}

static void fewer_deaths_are_told_with_their_interval(void **state)
{
    (void)state;
    check_sentence(50, 48, 52, 3,
                   "Under \"City with kits\" 50 fewer people die by overdose than "
                   "under \"City\" from 2015 to 2016 (95 % interval 45 to 55, 3 paired "
                   "replicates).");
}

static void more_deaths_are_told_with_thousands(void **state)
{
    (void)state;
    check_sentence(1334, 1334, 1334, 3,
                   "Under \"City with kits\" 1,234 more people die by overdose than "
                   "under \"City\" from 2015 to 2016 (95 % interval 1,234 to 1,234, 3 "
                   "paired replicates).");
}

static void one_person_is_singular(void **state)
{
    (void)state;
    check_sentence(99, 99, 99, 3,
                   "Under \"City with kits\" 1 fewer person dies by overdose than "
                   "under \"City\" from 2015 to 2016 (95 % interval 1 to 1, 3 paired "
                   "replicates).");
}

static void an_interval_that_holds_zero_is_no_difference_told(void **state)
{
    (void)state;
    check_sentence(80, 130, 60, 3,
                   "No difference in deaths by overdose between \"City with kits\" and "
                   "\"City\" can be told from 2015 to 2016: the estimate is 10 fewer "
                   "under the policy (95 % interval 100 fewer to 80 more, 3 paired "
                   "replicates).");
}

static void equal_runs_have_no_difference(void **state)
{
    (void)state;
    check_sentence(100, 100, 100, 3,
                   "There is no difference in deaths by overdose between \"City with "
                   "kits\" and \"City\" from 2015 to 2016: 100 in both (3 paired "
                   "replicates).");
}

static void differences_that_cancel_are_an_estimate_of_none(void **state)
{
    (void)state;
    check_sentence(99, 101, 100, 3,
                   "No difference in deaths by overdose between \"City with kits\" and "
                   "\"City\" can be told from 2015 to 2016: the estimate is 0.0 under "
                   "the policy (95 % interval 2.5 fewer to 2.5 more, 3 paired "
                   "replicates).");
}

static void one_replicate_has_no_interval_to_tell(void **state)
{
    (void)state;
    check_sentence(93, 0, 0, 1,
                   "Under \"City with kits\" 7 fewer people die by overdose than under "
                   "\"City\" from 2015 to 2016 in the one replicate that was run; "
                   "chance alone may be behind it.");
}

static void runs_of_the_same_name_are_policy_and_base(void **state)
{
    contrasts *self = contrasts_new();
    char text[ALLOSTAT_SENTENCE_SIZE];

    (void)state;
    snprintf(self->scenario[1].epochs[0].params.run_name, ALLOSTAT_TEXT_SIZE, "City");
    contrasts_kill(&self->base, 0, 0, 7);
    self->policy.replicate_count = 1;
    contrasts_make(self);
    allostat_contrast_sentence(text, sizeof text, &self->contrast);
    assert_non_null(strstr(text, "Under the policy 7 fewer people"));
    assert_non_null(strstr(text, "than under the base"));
    contrasts_free(self);
}

static void a_smaller_city_is_told(void **state)
{
    contrasts *self = contrasts_new();
    char text[ALLOSTAT_SENTENCE_SIZE];

    (void)state;
    for (int i = 0; i < 2; i++)
        self->scenario[i].epochs[0].params.population_scale = 0.05;
    contrasts_make(self);
    allostat_contrast_sentence(text, sizeof text, &self->contrast);
    assert_non_null(strstr(text, "is 0.05 of the real one"));
    contrasts_free(self);
}

static void a_sentence_never_leaves_its_room(void **state)
{
    contrasts *self = contrasts_new();
    char text[64];

    (void)state;
    for (int i = 0; i < 2; i++)
        self->scenario[i].epochs[0].params.population_scale = 0.05;
    contrasts_kill(&self->base, 0, 0, 7);
    contrasts_make(self);
    for (size_t size = 1; size < sizeof text - 1; size++) {
        memset(text, '#', sizeof text);
        allostat_contrast_sentence(text, size, &self->contrast);
        assert_int_equal(text[size], '#');
        assert_true(strlen(text) < size);
    }
    contrasts_free(self);
}

/* The value part of a sentence, from made-up sums. */
static void check_value(double qalys, double cost, double icer, const char *wanted)
{
    contrasts *self = contrasts_new();
    char text[ALLOSTAT_SENTENCE_SIZE];

    contrasts_make(self);
    allostat_value_contrast *value = &self->contrast.value;
    value->qalys.mean = qalys;
    value->cost_payer.mean = cost;
    value->icer_payer = icer;
    value->verdict = allostat_value_verdict(qalys, cost);
    allostat_value_sentence(text, sizeof text, &self->contrast);
    if (strstr(text, wanted) == NULL) fail_msg("no '%s' in: %s", wanted, text);
    contrasts_free(self);
}

static void value_is_told_by_what_it_gains_and_costs(void **state)
{
    const double none = (double)NAN;

    (void)state;
    check_value(120.0, 2.5e6, 20833.0, "gains 120 QALYs and costs");
    check_value(120.0, 2.5e6, 20833.0, "payer 2.5 million CAD");
    check_value(120.0, 2.5e6, 20833.0, ": 20,833 CAD a QALY gained.");
    check_value(-120.0, -2.5e6, 20833.0, ": 20,833 CAD saved for each QALY lost.");
    check_value(120.0, -4e5, none, "saves the public payer 400,000 CAD");
    check_value(120.0, -4e5, none, "better and cheaper than the base");
    check_value(-5.0, 4e5, none, "worse and dearer than the base");
    check_value(0.0, 0.0, none, "No difference in QALYs");
}

static void check_period(allostat_month first, allostat_month last, const char *wanted)
{
    char text[64];

    allostat_period_words(text, sizeof text, first, last);
    assert_string_equal(text, wanted);
}

static void periods_are_told_in_years_where_they_are_whole(void **state)
{
    const allostat_month start = CONTRASTS_FIRST;

    (void)state;
    check_period(start, start + 11, "in 2015");
    check_period(start, start + 35, "from 2015 to 2017");
    check_period(start + 2, start + 17, "from March 2015 to June 2016");
    check_period(start + 4, start + 4, "in May 2015");
}

static void check_number(double value, int decimals, const char *wanted)
{
    char text[ALLOSTAT_NUMBER_TEXT_SIZE];

    allostat_number_words(text, value, decimals);
    assert_string_equal(text, wanted);
}

static void numbers_have_commas_and_no_minus_zero(void **state)
{
    (void)state;
    check_number(0.0, 0, "0");
    check_number(-0.3, 0, "0");
    check_number(999.0, 0, "999");
    check_number(-1000.0, 0, "-1,000");
    check_number(1234567.25, 1, "1,234,567.2");
    check_number((double)NAN, 0, "-");
    check_number(1e30, 0, "1e+30");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fewer_deaths_are_told_with_their_interval),
        cmocka_unit_test(more_deaths_are_told_with_thousands),
        cmocka_unit_test(one_person_is_singular),
        cmocka_unit_test(an_interval_that_holds_zero_is_no_difference_told),
        cmocka_unit_test(equal_runs_have_no_difference),
        cmocka_unit_test(differences_that_cancel_are_an_estimate_of_none),
        cmocka_unit_test(one_replicate_has_no_interval_to_tell),
        cmocka_unit_test(runs_of_the_same_name_are_policy_and_base),
        cmocka_unit_test(a_smaller_city_is_told),
        cmocka_unit_test(a_sentence_never_leaves_its_room),
        cmocka_unit_test(value_is_told_by_what_it_gains_and_costs),
        cmocka_unit_test(periods_are_told_in_years_where_they_are_whole),
        cmocka_unit_test(numbers_have_commas_and_no_minus_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
