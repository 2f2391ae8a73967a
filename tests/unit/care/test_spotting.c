#include "programme.h"

#include "care/spotting.h"

enum { PEOPLE = 20000 };

static int32_t run(programme *self, allostat_month month)
{
    const allostat_care_month care = programme_care(self, month);

    return allostat_spotting_month(&care);
}

static void a_share_of_those_who_got_a_kit_join(void **state)
{
    static programme self;

    programme_init(&self, state, PEOPLE);
    self.params.spotting_share = 0.3;
    for (size_t i = 0; i < PEOPLE; i += 2) self.users.kits_handed_month[i] = 1;
    const int32_t spotted = run(&self, PROGRAMME_MONTH);
    check_close(spotted / (PEOPLE / 2.0), 0.3, 0.023); /* five standard errors */
    assert_int_equal(programme_count(&self, self.users.spotted), spotted);
    for (size_t i = 1; i < PEOPLE; i += 2) assert_int_equal(self.users.spotted[i], 0);
    programme_free(&self);
}

static void people_give_it_up_at_the_pace_of_its_life(void **state)
{
    static programme self;

    programme_init(&self, state, PEOPLE);
    self.params.spotting_life = 6.0;
    for (size_t i = 0; i < PEOPLE; i++) self.users.spotted[i] = 1;
    int32_t left = PEOPLE;
    for (int32_t m = 0; m < 6; m++) left = run(&self, PROGRAMME_MONTH + m);
    check_close(left / (double)PEOPLE, exp(-1.0), 0.018);
    programme_free(&self);
}

static void without_a_share_nobody_joins(void **state)
{
    static programme self;

    programme_init(&self, state, 100);
    for (size_t i = 0; i < 100; i++) self.users.kits_handed_month[i] = 1;
    assert_int_equal(run(&self, PROGRAMME_MONTH), 0);
    programme_free(&self);
}

static void a_programme_that_rests_can_be_opened(void **state)
{
    static programme self;
    const bool *rests = &self.rest.known[ALLOSTAT_RESTS_spotted];

    programme_init(&self, state, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) self.users.kits_handed_month[i] = 1;
    self.users.spotted[7] = 1; /* one who is left, and stays for years */
    self.params.spotting_life = 1e6;
    assert_int_equal(run(&self, PROGRAMME_MONTH), 1);
    assert_false(*rests);
    self.users.spotted[7] = 0;
    assert_int_equal(run(&self, PROGRAMME_MONTH + 1), 0);
    assert_true(*rests);
    self.params.spotting_share = 1.0;
    assert_int_equal(run(&self, PROGRAMME_MONTH + 2), PEOPLE);
    assert_false(*rests);
    programme_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_of_those_who_got_a_kit_join),
        cmocka_unit_test(people_give_it_up_at_the_pace_of_its_life),
        cmocka_unit_test(without_a_share_nobody_joins),
        cmocka_unit_test(a_programme_that_rests_can_be_opened),
    };
    return RUN_WITH_DEFAULTS("spotting", tests);
}
