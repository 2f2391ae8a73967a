#include "check.h"

#include "engine/blocks.h"
#include "study/handover.h"

#include <stdlib.h>

/* Light alone takes a fraction of a nanosecond across a chip; a thread that does not
 * run is no hand-over. */
static void a_line_takes_some_time_or_is_not_told(void **state)
{
    const double found = allostat_handover_measure();

    (void)state;
    assert_true(found == 0.0 || (found > 1.0 && found < 1e6));
    if (allostat_threads_available() < 2) assert_true(found == 0.0);
}

static void one_processor_hands_nothing_over(void **state)
{
    (void)state;
    assert_int_equal(unsetenv("OMP_NUM_THREADS"), 0);
    assert_int_equal(setenv("SLURM_CPUS_PER_TASK", "1", 1), 0);
    assert_true(allostat_handover_measure() == 0.0);
    assert_int_equal(unsetenv("SLURM_CPUS_PER_TASK"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_takes_some_time_or_is_not_told),
        cmocka_unit_test(one_processor_hands_nothing_over),
    };
    return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
