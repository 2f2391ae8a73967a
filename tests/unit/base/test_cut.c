#include "check.h"

#include "base/cut.h"
#include "base/share.h"

enum { BLOCK = ALLOSTAT_SHARE_ROWS, ROWS = 200 * BLOCK };

/* The first row of a part, or ROWS. */
static uint32_t first_row(const allostat_cut *cut, size_t part)
{
    uint32_t row = 0;

    while (row < ROWS && allostat_cut_part(cut, row) < part) row++;
    return row;
}

static void parts_have_as_many_rows_before_anything_is_learned(void **state)
{
    allostat_cut cut = {0};

    (void)state;
    allostat_cut_rows(&cut, 4, ROWS);
    assert_int_equal(cut.parts, 4);
    for (size_t part = 0; part <= 4; part++)
        assert_int_equal(first_row(&cut, part), part * ROWS / 4);
}

/* A row of the first fifth costs 9, the others 1: 2.6 on average, half of which
 * is that of the first 1.3 / 9 of the rows. */
static void parts_come_to_cost_the_same(void **state)
{
    enum { FRONT = ROWS / 5, DEAR = 9, MONTHS = 20 };
    allostat_cut cut = {0};

    (void)state;
    for (int month = 0; month < MONTHS; month++) {
        uint64_t cost[2] = {0, 0};

        allostat_cut_rows(&cut, 2, ROWS);
        for (uint32_t row = 0; row < ROWS; row++)
            cost[allostat_cut_part(&cut, row)] += row < FRONT ? DEAR : 1;
        allostat_cut_learn(&cut, cost);
    }
    allostat_cut_rows(&cut, 2, ROWS);
    assert_in_range(first_row(&cut, 1), ROWS * 13 / 90 - 2 * BLOCK,
                    ROWS * 13 / 90 + 2 * BLOCK);
}

static void two_parts_have_no_block_of_rows_together(void **state)
{
    allostat_cut cut = {0};

    (void)state;
    allostat_cut_rows(&cut, 3, ROWS);
    for (uint32_t row = 0; row < ROWS; row++)
        assert_int_equal(allostat_cut_part(&cut, row),
                         allostat_cut_part(&cut, row / BLOCK * BLOCK));
}

static void all_rows_have_a_part_however_many_there_are(void **state)
{
    const size_t rows[] = {1, BLOCK, 3 * BLOCK + 1, 100000000, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t parts = 1; parts <= 2 * (size_t)ALLOSTAT_CUT_PARTS_MAX; parts++) {
            allostat_cut cut = {0};

            allostat_cut_rows(&cut, parts, rows[i]);
            assert_true((rows[i] - 1) >> cut.shift < ALLOSTAT_CUT_BINS);
            assert_true(allostat_cut_part(&cut, (uint32_t)(rows[i] - 1)) < cut.parts);
        }
    }
}

static void nothing_is_learned_from_no_cost(void **state)
{
    const uint64_t none[2] = {0, 0}, front[2] = {1, 0};
    allostat_cut cut = {0};

    (void)state;
    allostat_cut_rows(&cut, 2, ROWS);
    allostat_cut_learn(&cut, none);
    assert_true(cut.first[1] == 0.5);
    allostat_cut_learn(&cut, front);
    assert_true(cut.first[1] == 0.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_have_as_many_rows_before_anything_is_learned),
        cmocka_unit_test(parts_come_to_cost_the_same),
        cmocka_unit_test(two_parts_have_no_block_of_rows_together),
        cmocka_unit_test(all_rows_have_a_part_however_many_there_are),
        cmocka_unit_test(nothing_is_learned_from_no_cost),
    };
    return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}
