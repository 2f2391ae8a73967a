#include "programme.h"

#include "care/outreach.h"

enum { PEOPLE = 1000 };

/* Everybody survived an attended overdose, the later rows earlier in the month. */
static void outreach_init(programme *self, void **state)
{
    const allostat_day day = allostat_month_first_day(PROGRAMME_MONTH - 1);

    programme_init(self, state, PEOPLE);
    self->params.outreach_reach = 1.0;
    self->params.outreach_capacity = 1e6;
    self->params.outreach_oat_request = 1.0;
    for (size_t i = 0; i < PEOPLE; i++)
        self->users.attended_on[i] = day + (i < PEOPLE / 2 ? 20 : 10);
}

static allostat_outreach_month_result run(programme *self)
{
    const allostat_care_month care = programme_care(self, PROGRAMME_MONTH);
    allostat_outreach_month_result result;
    allostat_error error = {0};

    assert_int_equal(allostat_outreach_month(&care, &result, &error), ALLOSTAT_OK);
    return result;
}

static void a_team_that_is_full_sees_the_earliest_overdoses(void **state)
{
    static programme self;

    outreach_init(&self, state);
    self.params.outreach_capacity = 3000.0;
    self.params.population_scale = 0.1;
    const allostat_outreach_month_result seen = run(&self);
    assert_int_equal(seen.due, PEOPLE);
    assert_int_equal(seen.contacts, 300);
    assert_int_equal(programme_count(&self, self.users.kit_due), 300);
    for (size_t i = 0; i < PEOPLE / 2; i++) assert_int_equal(self.users.kit_due[i], 0);
    programme_free(&self);
}

static void reach_and_request_are_shares_of_survivors(void **state)
{
    static programme self;

    outreach_init(&self, state);
    self.params.outreach_reach = 0.5;
    self.params.outreach_oat_request = 0.4;
    const allostat_outreach_month_result seen = run(&self);
    check_close(seen.contacts / (double)PEOPLE, 0.5, 0.08);
    check_close(seen.requests / (double)seen.contacts, 0.4, 0.11);
    assert_int_equal(programme_count(&self, self.users.waiting_since), seen.requests);
    programme_free(&self);
}

static void whoever_is_treated_waits_or_has_stopped_does_not_ask(void **state)
{
    static programme self;

    outreach_init(&self, state);
    for (size_t i = 0; i < PEOPLE; i++) {
        self.users.treatment[i] = i % 4 == 0 ? ALLOSTAT_TREATMENT_methadone : 0;
        self.users.active[i] = i % 4 != 1;
        self.users.waiting_since[i] = i % 4 == 2 ? 5 : 0;
    }
    assert_int_equal(run(&self).requests, PEOPLE / 4);
    for (size_t i = 2; i < PEOPLE; i += 4)
        assert_int_equal(self.users.waiting_since[i], 5);
    programme_free(&self);
}

static void an_overdose_is_followed_up_once(void **state)
{
    static programme self;

    outreach_init(&self, state);
    assert_int_equal(run(&self).contacts, PEOPLE);
    assert_int_equal(run(&self).due, 0);
    programme_free(&self);
}

static void kits_may_be_left_at_home(void **state)
{
    static programme self;

    outreach_init(&self, state);
    self.params.outreach_kits = false;
    assert_int_equal(run(&self).contacts, PEOPLE);
    assert_int_equal(programme_count(&self, self.users.kit_due), 0);
    programme_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_team_that_is_full_sees_the_earliest_overdoses),
        cmocka_unit_test(reach_and_request_are_shares_of_survivors),
        cmocka_unit_test(whoever_is_treated_waits_or_has_stopped_does_not_ask),
        cmocka_unit_test(an_overdose_is_followed_up_once),
        cmocka_unit_test(kits_may_be_left_at_home),
    };
    return RUN_WITH_DEFAULTS("outreach", tests);
}
