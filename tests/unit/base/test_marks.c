#include "check.h"

#include "base/marks.h"

enum { ROWS = 1000 };

static bool is_marked(size_t row) { return row % 7 == 3 || (row >= 300 && row < 430); }

static allostat_marks some_marks(void)
{
    allostat_marks marks = {0};

    assert_int_equal(allostat_marks_clear(&marks, ROWS, NULL), ALLOSTAT_OK);
    for (size_t row = ROWS; row-- > 0;) /* in any order */
        if (is_marked(row)) allostat_marks_add(&marks, row);
    return marks;
}

static void what_was_marked_is_held_and_nothing_else(void **state)
{
    allostat_marks marks = some_marks();

    (void)state;
    for (size_t row = 0; row < ROWS; row++)
        assert_int_equal(allostat_marks_hold(&marks, row), is_marked(row));
    assert_int_equal(allostat_marks_clear(&marks, ROWS, NULL), ALLOSTAT_OK);
    assert_int_equal(allostat_marks_next(&marks, 0, ROWS), ROWS);
    allostat_marks_free(&marks);
}

static void room_is_reserved_without_clearing_and_new_room_is_unmarked(void **state)
{
    allostat_marks marks = some_marks();

    (void)state;
    assert_int_equal(allostat_marks_reserve(&marks, ROWS, NULL), ALLOSTAT_OK);
    assert_true(allostat_marks_hold(&marks, 3));
    assert_int_equal(allostat_marks_reserve(&marks, 3 * ROWS, NULL), ALLOSTAT_OK);
    assert_int_equal(allostat_marks_next(&marks, 0, 3 * ROWS), 3 * ROWS);
    allostat_marks_free(&marks);
}

static void the_next_mark_is_the_first_from_there_on_and_before_the_end(void **state)
{
    allostat_marks marks = some_marks();
    const size_t ends[] = {0, 1, 4, 63, 64, 65, 256, 431, ROWS};

    (void)state;
    for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
        for (size_t row = 0; row <= ends[e]; row++) {
            size_t want = row;

            while (want < ends[e] && !is_marked(want)) want++;
            assert_int_equal(allostat_marks_next(&marks, row, ends[e]), want);
        }
    }
    allostat_marks_free(&marks);
}

static void there_is_room_for_more_rows_later(void **state)
{
    allostat_marks marks = some_marks();

    (void)state;
    assert_int_equal(allostat_marks_clear(&marks, 50 * ROWS, NULL), ALLOSTAT_OK);
    assert_int_equal(allostat_marks_next(&marks, 0, 50 * ROWS), 50 * ROWS);
    allostat_marks_add(&marks, 50 * ROWS - 1);
    assert_int_equal(allostat_marks_next(&marks, 0, 50 * ROWS), 50 * ROWS - 1);
    allostat_marks_free(&marks);
}

static void bits_are_counted(void **state)
{
    (void)state;
    assert_int_equal(allostat_count_bits(0), 0);
    assert_int_equal(allostat_count_bits(UINT32_MAX), 32);
    for (uint32_t bit = 0; bit < 32; bit++) {
        assert_int_equal(allostat_count_bits(1u << bit), 1);
        assert_int_equal(allostat_count_bits(~(1u << bit)), 31);
        assert_int_equal(allostat_count_bits((1u << bit) - 1), bit);
    }
}

static void the_lowest_and_the_highest_bit_are_found(void **state)
{
    (void)state;
    for (size_t low = 0; low < 64; low++) {
        for (size_t high = low; high < 64; high++) {
            const uint64_t word = (uint64_t)1 << low | (uint64_t)1 << high;

            assert_int_equal(allostat_lowest_bit(word), low);
            assert_int_equal(allostat_highest_bit(word), high);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_marked_is_held_and_nothing_else),
        cmocka_unit_test(room_is_reserved_without_clearing_and_new_room_is_unmarked),
        cmocka_unit_test(the_next_mark_is_the_first_from_there_on_and_before_the_end),
        cmocka_unit_test(there_is_room_for_more_rows_later),
        cmocka_unit_test(bits_are_counted),
        cmocka_unit_test(the_lowest_and_the_highest_bit_are_found),
    };
    return cmocka_run_group_tests_name("marks", tests, NULL, NULL);
}
