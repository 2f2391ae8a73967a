#include "check.h"

#include "io/report/sections.h"

#include <string.h>

enum { DEATHS = ALLOSTAT_OUTCOME_overdose_deaths };

/* A contrast of which only the words ask: deaths over the city and two areas. */
typedef struct {
    allostat_contrast contrast;
    allostat_contrast_part part[2];
    allostat_pen pen;
} fixture;

static void set_cell(allostat_contrast_cell *cell, double mean, double half)
{
    cell->base.mean = 100.0;
    cell->relative = mean / 100.0;
    cell->difference = (allostat_paired){mean, mean - half, mean + half, half / 2.0};
}

static void set_up(fixture *self, double mean, double half)
{
    memset(self, 0, sizeof *self);
    self->contrast.replicate_count = 8;
    self->contrast.part_count = 2;
    self->contrast.part = self->part;
    set_cell(&self->contrast.whole[DEATHS], mean, half);
    for (int i = 0; i < 2; i++) {
        (void)snprintf(self->part[i].dimension, sizeof self->part[i].dimension, "area");
        (void)snprintf(self->part[i].label, sizeof self->part[i].label,
                       i == 0 ? "North" : "<South>");
    }
    set_cell(&self->part[0].outcome[DEATHS], 0.25 * mean, 0.25 * half);
    set_cell(&self->part[1].outcome[DEATHS], 0.75 * mean, 0.75 * half);
}

static void check_sure(double mean, double half, const char *wanted)
{
    fixture self;

    set_up(&self, mean, half);
    allostat_words_sure(&self.pen, &self.contrast);
    assert_non_null(strstr(self.pen.text.data, wanted));
    allostat_pen_free(&self.pen);
}

static void certainty_is_told_as_it_is(void **state)
{
    (void)state;
    check_sure(-20.0, 5.0, "leaves out no change");
    check_sure(20.0, 5.0, "leaves out no change");
    check_sure(-20.0, 25.0,
               "Not sure: the 95 % interval over 8 pairs of replicates "
               "includes no change");
    check_sure(0.0, 5.0, "Not sure");
    check_sure(0.0, 0.0, "In all 8 pairs of replicates the deaths are the same.");
    check_sure(20.0, (double)NAN, "With one pair of replicates");
}

static void more_replicates_are_advised_when_they_help(void **state)
{
    fixture self;

    (void)state;
    set_up(&self, -20.0, 5.0);
    self.contrast.whole[DEATHS].replicates_needed = 51;
    allostat_words_sure(&self.pen, &self.contrast);
    assert_non_null(strstr(self.pen.text.data, "About 51 pairs"));
    allostat_pen_free(&self.pen);
}

static void check_whom(double mean, double half, const char *wanted)
{
    fixture self;

    set_up(&self, mean, half);
    allostat_words_whom(&self.pen, &self.contrast);
    if (strstr(self.pen.text.data, wanted) == NULL) {
        fail_msg("no '%s' in: %s", wanted, self.pen.text.data);
    }
    allostat_pen_free(&self.pen);
}

static void the_part_with_most_of_the_change_is_named(void **state)
{
    (void)state;
    check_whom(-20.0, 4.0,
               "<bdi>&lt;South&gt;</bdi></b> 15 fewer (12 to 18), "
               "\xE2\x88\x92"
               "15 %</li>");
    check_whom(20.0, 4.0, "<bdi>&lt;South&gt;</bdi></b> 15 more (12 to 18), +15 %");
}

static void parts_of_an_unsure_whole_are_hints(void **state)
{
    (void)state;
    check_whom(-4.0, 8.0, "these are hints only");
    check_whom(-4.0, 8.0,
               "3.0 fewer (\xE2\x88\x92"
               "3.0 to 9.0)");
    check_whom(-4.0, 8.0, "not told from chance");
}

static void nobody_is_named_where_nothing_changed(void **state)
{
    (void)state;
    check_whom(0.0, 0.0, "Nobody's risk of dying by overdose changed.");
}

static void one_pair_has_no_interval_in_words(void **state)
{
    (void)state;
    check_whom(-20.0, (double)NAN,
               "</b> 15 fewer, \xE2\x88\x92"
               "15 %</li>");
}

/* Three policies: fewer, unclear, more. */
static void the_best_of_many_is_named_and_harm_is_told(void **state)
{
    allostat_page_policy policy[3];
    allostat_page page = {.policy = policy, .policy_count = 3};
    allostat_pen pen = {0};

    (void)state;
    memset(policy, 0, sizeof policy);
    set_cell(&policy[0].whole[DEATHS], -12.0, 3.0);
    set_cell(&policy[1].whole[DEATHS], -30.0, 40.0);
    set_cell(&policy[2].whole[DEATHS], 9.0, 3.0);
    (void)snprintf(policy[0].name, sizeof policy[0].name, "Best & first");
    allostat_words_many(&pen, &page);
    assert_non_null(strstr(pen.text.data, "Best &amp; first"));
    assert_non_null(strstr(pen.text.data, "12 fewer (9 to 15)"));
    assert_non_null(strstr(pen.text.data, "1 has more deaths than the base."));
    assert_non_null(strstr(pen.text.data, "1 cannot be told from no change."));
    allostat_pen_free(&pen);
}

static void none_of_many_is_told_as_none(void **state)
{
    allostat_page_policy policy[2];
    allostat_page page = {.policy = policy, .policy_count = 2};
    allostat_pen pen = {0};

    (void)state;
    memset(policy, 0, sizeof policy);
    set_cell(&policy[0].whole[DEATHS], 12.0, 3.0);
    set_cell(&policy[1].whole[DEATHS], 12.0, 3.0);
    allostat_words_many(&pen, &page);
    assert_non_null(strstr(pen.text.data, "None of 2 policies is shown to avert"));
    assert_non_null(strstr(pen.text.data, "2 have more deaths than the base."));
    allostat_pen_free(&pen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certainty_is_told_as_it_is),
        cmocka_unit_test(more_replicates_are_advised_when_they_help),
        cmocka_unit_test(the_part_with_most_of_the_change_is_named),
        cmocka_unit_test(parts_of_an_unsure_whole_are_hints),
        cmocka_unit_test(nobody_is_named_where_nothing_changed),
        cmocka_unit_test(one_pair_has_no_interval_in_words),
        cmocka_unit_test(the_best_of_many_is_named_and_harm_is_told),
        cmocka_unit_test(none_of_many_is_told_as_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
