#include "check.h"

#include "study/shapley.h"

/* A game without pattern for any number of parts; nothing is worth something, too. */
static void make_game(double value[ALLOSTAT_SUBSETS_MAX])
{
    for (int i = 0; i < ALLOSTAT_SUBSETS_MAX; i++)
        value[i] = (double)((i * i * 7 + i * 3) % 23) + 2.0;
}

static void shares_add_up_to_the_whole(void **state)
{
    double value[ALLOSTAT_SUBSETS_MAX], share[ALLOSTAT_PARTS_MAX];

    (void)state;
    make_game(value);
    for (int32_t n = 1; n <= ALLOSTAT_PARTS_MAX; n++) {
        double sum = 0.0;
        allostat_shapley(n, value, share);
        for (int32_t i = 0; i < n; i++) sum += share[i];
        check_close(sum, value[(1 << n) - 1] - value[0], 1e-12);
    }
}

static void parts_that_do_the_same_have_the_same_share(void **state)
{
    /* bits 0 and 2 can be swapped: value depends on how many of them, and on bit 1 */
    double value[8], share[3];

    (void)state;
    for (int i = 0; i < 8; i++) {
        const double both = (i & 1) + (i >> 2);
        value[i] = both * both * 3.0 + (i >> 1 & 1) * (5.0 - both);
    }
    allostat_shapley(3, value, share);
    check_close(share[0], share[2], 1e-12);
    assert_true(fabs(share[0] - share[1]) > 0.5);
}

static void a_part_that_does_nothing_has_no_share(void **state)
{
    double value[8], share[3];

    (void)state;
    for (int i = 0; i < 8; i++) value[i] = (double)((i & 1) * 4 + (i >> 2) * 9);
    allostat_shapley(3, value, share);
    check_close(share[1], 0.0, 1e-12);
    check_close(share[0], 4.0, 1e-12);
    check_close(share[2], 9.0, 1e-12);
}

static void shares_of_a_sum_of_games_are_the_sums_of_shares(void **state)
{
    double a[16], b[16], both[16], share_a[4], share_b[4], share[4];

    (void)state;
    make_game(a);
    for (int i = 0; i < 16; i++) {
        b[i] = (double)((i * 5) % 7);
        both[i] = a[i] + b[i];
    }
    allostat_shapley(4, a, share_a);
    allostat_shapley(4, b, share_b);
    allostat_shapley(4, both, share);
    for (int i = 0; i < 4; i++) check_close(share[i], share_a[i] + share_b[i], 1e-12);
}

static void two_parts_share_their_interaction_in_halves(void **state)
{
    const double value[] = {0.0, 10.0, 20.0, 24.0};
    double share[2];

    (void)state;
    allostat_shapley(2, value, share);
    check_close(allostat_interaction(2, value), -6.0, 0.0);
    check_close(share[0], 7.0, 1e-12);
    check_close(share[1], 17.0, 1e-12);
}

static void one_part_alone_is_the_whole(void **state)
{
    const double value[] = {3.0, 8.0};
    double share[1];

    (void)state;
    allostat_shapley(1, value, share);
    check_close(share[0], 5.0, 0.0);
    check_close(allostat_interaction(1, value), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_add_up_to_the_whole),
        cmocka_unit_test(parts_that_do_the_same_have_the_same_share),
        cmocka_unit_test(a_part_that_does_nothing_has_no_share),
        cmocka_unit_test(shares_of_a_sum_of_games_are_the_sums_of_shares),
        cmocka_unit_test(two_parts_share_their_interaction_in_halves),
        cmocka_unit_test(one_part_alone_is_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
