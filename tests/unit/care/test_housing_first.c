#include "programme.h"

#include "care/housing_first.h"

enum { PEOPLE = 1000 };

/* A third has a home, a third a room, a third nothing. */
static void town_init(programme *self, void **state, double homes)
{
    programme_init(self, state, PEOPLE);
    self->params.housing_first_homes = homes;
    self->params.housing_first_leaving_rate = 0.0;
    for (size_t i = 0; i < PEOPLE; i++) self->residents.housing[i] = (uint8_t)(i % 3);
}

static allostat_housing_first_result run(programme *self, allostat_month month)
{
    const allostat_care_month care = programme_care(self, month);
    allostat_housing_first_result result;
    allostat_error error = {0};

    assert_int_equal(
        allostat_housing_first_month(&care, &self->residents, &result, &error),
        ALLOSTAT_OK);
    assert_int_equal(programme_count(self, self->users.housing_first), result.housed);
    return result;
}

static void homes_go_to_those_without_one_and_never_more_than_there_are(void **state)
{
    static programme self;

    town_init(&self, state, 100.0);
    for (int32_t m = 0; m < 3; m++) {
        const allostat_housing_first_result now = run(&self, PROGRAMME_MONTH + m);
        assert_int_equal(now.housed, 100);
        assert_int_equal(now.waiting, 333 - 100);
    }
    for (size_t i = 0; i < PEOPLE; i++) {
        if (!self.users.housing_first[i]) continue;
        assert_int_equal(self.users.housing_first[i], ALLOSTAT_HOUSING_homeless);
        assert_int_equal(self.residents.housing[i], ALLOSTAT_HOUSING_stable);
        check_close((double)self.users.unstable[i], 0.0, 0.0);
    }
    programme_free(&self);
}

static void rooms_count_where_they_may(void **state)
{
    static programme self;

    town_init(&self, state, 1e5);
    self.params.housing_first_unstable_eligible = true;
    assert_int_equal(run(&self, PROGRAMME_MONTH).housed, 666);
    programme_free(&self);
}

static void the_longest_wait_comes_first(void **state)
{
    static programme self;

    town_init(&self, state, 1.0);
    self.users.home_waiting_since[500] = 17; /* 500 % 3 is homeless */
    run(&self, PROGRAMME_MONTH);
    assert_int_equal(self.users.housing_first[500], ALLOSTAT_HOUSING_homeless);
    programme_free(&self);
}

static void a_home_is_kept_whatever_befalls(void **state)
{
    static programme self;

    town_init(&self, state, 100.0);
    run(&self, PROGRAMME_MONTH);
    for (size_t i = 0; i < PEOPLE; i++) { /* all lose their homes */
        self.residents.housing[i] = ALLOSTAT_HOUSING_homeless;
        self.residents.became_homeless[i] = 1;
    }
    run(&self, PROGRAMME_MONTH + 1);
    for (size_t i = 0; i < PEOPLE; i++) {
        const int has = self.users.housing_first[i] != 0;
        assert_int_equal(self.residents.housing[i] == ALLOSTAT_HOUSING_stable, has);
        assert_int_equal(self.residents.became_homeless[i], !has);
    }
    programme_free(&self);
}

/* With no new homes, a rate of 0.22 a year leaves exp(-0.22) after twelve months, and
 * those who left are where they were. */
static void homes_are_left_at_their_rate_for_what_was_before(void **state)
{
    static programme self;
    allostat_housing_first_result now = {0};

    programme_init(&self, state, 10000);
    for (size_t i = 0; i < 10000; i++)
        self.users.housing_first[i] = ALLOSTAT_HOUSING_homeless;
    self.params.housing_first_leaving_rate = 0.22;
    for (int32_t m = 0; m < 12; m++) now = run(&self, PROGRAMME_MONTH + m);
    check_close(now.housed / 10000.0, exp(-0.22), 0.02);
    for (size_t i = 0; i < 10000; i++)
        assert_int_equal(self.residents.housing[i] == ALLOSTAT_HOUSING_homeless,
                         self.users.housing_first[i] == 0);
    programme_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(homes_go_to_those_without_one_and_never_more_than_there_are),
        cmocka_unit_test(rooms_count_where_they_may),
        cmocka_unit_test(the_longest_wait_comes_first),
        cmocka_unit_test(a_home_is_kept_whatever_befalls),
        cmocka_unit_test(homes_are_left_at_their_rate_for_what_was_before),
    };
    return RUN_WITH_DEFAULTS("housing first", tests);
}
