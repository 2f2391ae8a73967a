#include "check.h"

#include "study/combination.h"

/* Three subsets of two parts, two replicates; only the differences count. */
static void parts_together_and_shares_are_paired_by_replicate(void **state)
{
    enum { REPLICATES = 2, SUBSETS = 4 };
    static const double deaths[SUBSETS][REPLICATES] = {
        {0.0, 0.0}, {-10.0, -12.0}, {-4.0, -6.0}, {-12.0, -14.0}};
    double difference[SUBSETS][(int)ALLOSTAT_OUTCOME_COUNT * REPLICATES] = {{0.0}};
    allostat_contrast subset[SUBSETS] = {0};
    allostat_combination combination;

    (void)state;
    for (int s = 0; s < SUBSETS; s++) {
        subset[s].replicate_count = REPLICATES;
        subset[s].difference = difference[s];
        for (int r = 0; r < REPLICATES; r++) difference[s][r] = deaths[s][r];
    }
    assert_int_equal(allostat_combination_make(&combination, 2, subset, NULL),
                     ALLOSTAT_OK);
    const allostat_combined *found =
        &combination.outcome[ALLOSTAT_OUTCOME_overdose_deaths];
    check_close(found->alone[0].mean, -11.0, 1e-12);
    check_close(found->together.mean, -13.0, 1e-12);
    check_close(found->interaction.mean, 3.0, 1e-12);
    /* 2 and 4 in the replicates: an error of 1 */
    check_close(found->interaction.standard_error, 1.0, 1e-12);
    check_close(found->share[0].mean, -9.5, 1e-12);
    check_close(found->share[1].mean, -3.5, 1e-12);
    check_close(combination.outcome[ALLOSTAT_OUTCOME_qalys].together.mean, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_together_and_shares_are_paired_by_replicate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
