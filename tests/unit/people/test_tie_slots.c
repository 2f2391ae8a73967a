#include "check.h"

#include "people/tie_slots.h"

static void filled_slots_stand_before_empty_ones_after_a_removal(void **state)
{
    allostat_support_ties ties = {{0}};

    (void)state;
    for (uint32_t partner = 0; partner < 4; partner++)
        allostat_slots_add(ties.slot, (int32_t)partner, 10 * partner);
    assert_true(allostat_slots_remove(ties.slot, ALLOSTAT_SUPPORT_SLOTS, 10));
    assert_int_equal(allostat_slots_filled(ties.slot, ALLOSTAT_SUPPORT_SLOTS), 3);
    for (int32_t i = 0; i < 3; i++) assert_int_not_equal(ties.slot[i], 0);
    assert_int_equal(ties.slot[3], 0);
}

static void a_slot_holds_person_0_too(void **state)
{
    allostat_support_ties ties = {{0}};

    (void)state;
    assert_false(allostat_slots_hold(ties.slot, ALLOSTAT_SUPPORT_SLOTS, 0));
    allostat_slots_add(ties.slot, 0, 0);
    assert_true(allostat_slots_hold(ties.slot, ALLOSTAT_SUPPORT_SLOTS, 0));
    assert_false(allostat_slots_hold(ties.slot, ALLOSTAT_SUPPORT_SLOTS, 1));
}

static void removing_a_stranger_changes_nothing(void **state)
{
    allostat_using_ties ties = {{0}};

    (void)state;
    allostat_slots_add(ties.slot, 0, 7);
    assert_false(allostat_slots_remove(ties.slot, ALLOSTAT_USING_SLOTS, 8));
    assert_true(allostat_slots_hold(ties.slot, ALLOSTAT_USING_SLOTS, 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filled_slots_stand_before_empty_ones_after_a_removal),
        cmocka_unit_test(a_slot_holds_person_0_too),
        cmocka_unit_test(removing_a_stranger_changes_nothing),
    };
    return cmocka_run_group_tests_name("tie slots", tests, NULL, NULL);
}
