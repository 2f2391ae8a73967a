#include "check.h"

#include "base/clock.h"

static void seconds_of_the_processor_grow_with_work(void **state)
{
    const double some = 0.02, long_enough = 10.0;
    const double begun = allostat_seconds_now();
    const allostat_processor_seconds before = allostat_processor_seconds_now();
    allostat_processor_seconds now = before;

    (void)state;
    while (now.own + now.system < before.own + before.system + some &&
           allostat_seconds_now() < begun + long_enough)
        now = allostat_processor_seconds_now();
    assert_true(now.own >= before.own && now.system >= before.system);
    assert_true(now.own + now.system >= before.own + before.system + some);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_of_the_processor_grow_with_work),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
