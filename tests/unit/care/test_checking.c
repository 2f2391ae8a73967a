#include "programme.h"

#include "care/checking.h"

enum { PEOPLE = 20000 };

static int32_t run(programme *self, allostat_month month)
{
    const allostat_care_month care = programme_care(self, month);

    return allostat_checking_month(&care);
}

static void regulars_and_others_together_are_the_reach(void **state)
{
    (void)state;
    check_close(allostat_checking_chance(0.3, 0.0), 0.3, 1e-15);
    check_close(0.2 + (1.0 - 0.2) * allostat_checking_chance(0.3, 0.2), 0.3, 1e-15);
    check_close(allostat_checking_chance(1.0, 1.0), 0.0, 0.0);
}

static void reach_of_the_active_users_check_and_a_share_act_on_it(void **state)
{
    static programme self;

    programme_init(&self, state, PEOPLE);
    self.params.drug_checking_reach = 0.4;
    self.params.drug_checking_acted_on = 0.5;
    for (size_t i = 0; i < PEOPLE; i += 4) self.users.active[i] = 0;
    const double active = 0.75 * PEOPLE;
    check_close(run(&self, PROGRAMME_MONTH) / active, 0.4, 0.02);
    check_close((double)programme_count(&self, self.users.strength_known) / active, 0.2,
                0.017);
    for (size_t i = 0; i < PEOPLE; i += 4)
        assert_int_equal(self.users.strength_known[i], 0);
    programme_free(&self);
}

/* Of two months with a reach of 0.4: 0.4 check in both when all are regulars, 0.16 when
 * none is. */
static void regulars_are_the_same_people_each_month(void **state)
{
    static programme self;
    static int32_t first[PEOPLE];

    for (int regular = 0; regular < 2; regular++) {
        size_t both = 0;

        programme_init(&self, state, PEOPLE);
        self.params.drug_checking_reach = 0.4;
        self.params.drug_checking_acted_on = 1.0;
        self.params.drug_checking_regular_share = regular;
        run(&self, PROGRAMME_MONTH);
        for (size_t i = 0; i < PEOPLE; i++) first[i] = self.users.strength_known[i];
        run(&self, PROGRAMME_MONTH + 1);
        for (size_t i = 0; i < PEOPLE; i++)
            both += first[i] && self.users.strength_known[i];
        check_close((double)both / PEOPLE, regular ? 0.4 : 0.16, 0.018);
        programme_free(&self);
    }
}

static void without_reach_nobody_knows_and_what_was_known_is_over(void **state)
{
    static programme self;

    programme_init(&self, state, 100);
    for (size_t i = 0; i < 100; i++) self.users.strength_known[i] = 1;
    assert_int_equal(run(&self, PROGRAMME_MONTH), 0);
    assert_int_equal(programme_count(&self, self.users.strength_known), 0);
    programme_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regulars_and_others_together_are_the_reach),
        cmocka_unit_test(reach_of_the_active_users_check_and_a_share_act_on_it),
        cmocka_unit_test(regulars_are_the_same_people_each_month),
        cmocka_unit_test(without_reach_nobody_knows_and_what_was_known_is_over),
    };
    return RUN_WITH_DEFAULTS("checking", tests);
}
