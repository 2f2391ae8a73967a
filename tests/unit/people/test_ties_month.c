#include "check.h"

#include "people/ties_parts.h"

enum { A_BLOCK = ALLOSTAT_SHARE_ROWS };

static void pieces_hold_every_row_once_in_whole_blocks(void **state)
{
    static const size_t rows[] = {0, 700, 5000, 100 * A_BLOCK};
    static const size_t near_blocks[] = {0, 1, 7, 200}, pieces[] = {1, 3, 4, 64};

    (void)state;
    for (size_t i = 0; i < 64; i++) {
        const allostat_turn turn = {.months = 1,
                                    .near_rows = near_blocks[i / 4 % 4] * A_BLOCK,
                                    .row_count = rows[i % 4]};
        const size_t count = pieces[i / 16];
        size_t before = 0;

        for (size_t piece = 0; piece <= count; piece++) {
            const size_t first = allostat_ties_first_row(&turn, piece, count);

            assert_true(first >= before && first <= turn.row_count);
            assert_true(first % A_BLOCK == 0 || first == turn.row_count);
            before = first;
        }
        assert_int_equal(allostat_ties_first_row(&turn, 0, count), 0);
        assert_int_equal(before, turn.row_count);
    }
}

static void a_quarter_of_the_pieces_is_for_the_rows_in_front(void **state)
{
    const allostat_turn turn = {
        .months = 12, .near_rows = 8 * A_BLOCK, .row_count = 500 * A_BLOCK};

    (void)state;
    assert_int_equal(allostat_ties_first_row(&turn, 1, 32), A_BLOCK);
    assert_int_equal(allostat_ties_first_row(&turn, 8, 32), 8 * A_BLOCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_hold_every_row_once_in_whole_blocks),
        cmocka_unit_test(a_quarter_of_the_pieces_is_for_the_rows_in_front),
    };
    return cmocka_run_group_tests_name("ties_month", tests, NULL, NULL);
}
