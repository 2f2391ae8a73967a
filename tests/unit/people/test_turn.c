/* Whose month it is. */
#include "check.h"

#include "people/turn.h"

#include <math.h>
#include <string.h>

enum { ROWS = 23 * (int)ALLOSTAT_SHARE_ROWS + 100, MONTHS = 12 };

static const int32_t steps[] = {1, 2, 3, 4, 6, 12};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* Fronts that end within a block, with one, and with the table. */
static const size_t fronts[] = {0, 1, ALLOSTAT_SHARE_ROWS, 3500, ROWS};
enum { FRONTS = sizeof fronts / sizeof fronts[0] };

static allostat_turn turn_of(size_t front, int32_t step, allostat_month month)
{
    const allostat_residents residents = {.row_count = ROWS, .near_count = front};

    return allostat_turn_make(&residents, step, month);
}

/* All turns of a calendar year in turn. */
static const allostat_turn *next_turn(size_t *i)
{
    static allostat_turn turn;
    const size_t s = *i / (FRONTS * MONTHS), f = *i / MONTHS % FRONTS, m = *i % MONTHS;

    if (s == STEPS) return NULL;
    turn = turn_of(fronts[f], steps[s], (allostat_month)(12 * 2012 + m));
    (*i)++;
    return &turn;
}

static void everybody_lives_twelve_months_a_year(void **state)
{
    (void)state;
    for (size_t s = 0; s < STEPS; s++) {
        for (size_t f = 0; f < FRONTS; f++) {
            for (size_t row = 0; row < ROWS; row += ALLOSTAT_SHARE_ROWS) {
                int32_t lived = 0, times = 0;
                for (allostat_month m = 12 * 2015; m < 12 * 2016; m++) {
                    const allostat_turn turn = turn_of(fronts[f], steps[s], m);
                    const allostat_pace pace = allostat_turn_pace(&turn, row);

                    if (!allostat_turn_is_due(&turn, row)) continue;
                    lived += allostat_turn_months(&turn, pace);
                    times++;
                }
                assert_int_equal(lived, MONTHS);
                assert_int_equal(times, row < fronts[f] ? MONTHS : MONTHS / steps[s]);
            }
        }
    }
}

static void a_turn_is_due_when_its_age_is_nought_and_ages_by_the_month(void **state)
{
    const int32_t step = 4;

    (void)state;
    for (size_t row = 0; row < ROWS; row += 300) {
        for (allostat_month month = 24000; month < 24020; month++) {
            const allostat_turn now = turn_of(0, step, month);
            const allostat_turn next = turn_of(0, step, month + 1);

            assert_int_equal(allostat_turn_age(&next, row),
                             (allostat_turn_age(&now, row) + 1) % step);
            assert_int_equal(allostat_turn_is_due(&now, row),
                             allostat_turn_age(&now, row) == 0);
        }
    }
}

static void blocks_that_are_due_are_counted_and_named_in_order(void **state)
{
    const allostat_turn *turn;

    (void)state;
    for (size_t i = 0; (turn = next_turn(&i)) != NULL;) {
        size_t count = 0;
        for (size_t row = 0; row < ROWS; row += ALLOSTAT_SHARE_ROWS) {
            if (!allostat_turn_is_due(turn, row)) continue;
            assert_int_equal(allostat_turn_first_row(turn, count), row);
            count++;
        }
        assert_int_equal(allostat_turn_block_count(turn), count);
    }
}

static void the_next_block_of_a_pace_is_one_stride_further(void **state)
{
    const allostat_turn *turn;

    (void)state;
    for (size_t i = 0; (turn = next_turn(&i)) != NULL;) {
        for (size_t b = 1; b < allostat_turn_block_count(turn); b++) {
            const size_t row = allostat_turn_first_row(turn, b - 1);
            const size_t next = allostat_turn_first_row(turn, b);
            const allostat_pace pace = allostat_turn_pace(turn, row);

            if (pace != allostat_turn_pace(turn, next)) continue;
            assert_int_equal(
                row + allostat_turn_stride(allostat_turn_months(turn, pace)), next);
        }
    }
}

static void mark_rows(void *context, size_t block, size_t first, size_t count)
{
    uint8_t *worked = context;

    assert_int_equal(block, first / ALLOSTAT_SHARE_ROWS);
    for (size_t row = first; row < first + count; row++) worked[row]++;
}

/* As a helper who comes alone: from the last piece to the first. */
static void from_the_end(const allostat_share *share, allostat_share_cut cut,
                         allostat_share_work work, void *context)
{
    (void)share;
    for (size_t block = allostat_share_block_count(cut); block > 0; block--)
        allostat_share_do_block(cut, block - 1, work, context);
}

static const allostat_share shares[] = {{0}, {.thread_count = 2, .run = from_the_end}};

static void shared_work_is_done_once_on_every_row_that_is_due(void **state)
{
    static uint8_t worked[ROWS];
    const allostat_turn *turn;

    (void)state;
    for (size_t i = 0; (turn = next_turn(&i)) != NULL;) {
        for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
            memset(worked, 0, sizeof worked);
            allostat_turn_share(turn, shares[s], mark_rows, worked);
            for (size_t row = 0; row < ROWS; row++)
                if (worked[row] != allostat_turn_is_due(turn, row)) fail();
        }
    }
}

static void count_once(void *context) { ++*(int *)context; }

static void what_is_done_beside_is_done_once(void **state)
{
    static uint8_t worked[ROWS];
    const allostat_turn *turn;

    (void)state;
    for (size_t i = 0; (turn = next_turn(&i)) != NULL;) {
        int done = 0;
        const allostat_share_own own = {count_once, &done};

        memset(worked, 0, sizeof worked);
        allostat_turn_share_beside(turn, shares[0], mark_rows, worked, &own);
        assert_int_equal(done, 1);
        for (size_t row = 0; row < ROWS; row++)
            if (worked[row] != allostat_turn_is_due(turn, row)) fail();
    }
}

/* The rows of the blocks that are done, one after the other. */
typedef struct {
    size_t count, first[ROWS / ALLOSTAT_SHARE_ROWS + 1];
} rows_done;

static void note_rows(void *context, size_t block, size_t first, size_t count)
{
    rows_done *self = context;

    (void)block, (void)count;
    self->first[self->count++] = first;
}

static void who_takes_from_the_end_goes_forwards_until_all_is_taken(void **state)
{
    const allostat_turn *turn;

    (void)state;
    for (size_t i = 0; (turn = next_turn(&i)) != NULL;) {
        const size_t own = allostat_turn_block_count(turn) / 2;
        rows_done done = {0};

        allostat_turn_share(turn, shares[1], note_rows, &done);
        for (size_t b = 1; b < own; b++) assert_true(done.first[b] > done.first[b - 1]);
    }
}

static void the_next_flag_is_of_a_row_that_is_due(void **state)
{
    static const size_t flagged[] = {0,    1,    1023, 1024,  2047,
                                     3499, 3600, 9000, 20000, ROWS - 1};
    static uint8_t flag[ROWS];
    const allostat_turn *turn;

    (void)state;
    for (size_t i = 0; i < sizeof flagged / sizeof flagged[0]; i++)
        flag[flagged[i]] = (uint8_t)(1 + i);
    for (size_t i = 0; (turn = next_turn(&i)) != NULL;) {
        size_t found = allostat_turn_next_flag(turn, flag, 0);
        for (size_t row = 0; row < ROWS; row++) {
            if (!flag[row] || !allostat_turn_is_due(turn, row)) continue;
            assert_int_equal(found, row);
            found = allostat_turn_next_flag(turn, flag, found + 1);
        }
        assert_int_equal(found, ROWS);
    }
}

static void parts_have_the_rows_that_are_due_in_their_order(void **state)
{
    static uint8_t flag[ROWS];
    const size_t parts = 3;
    const allostat_turn *turn;

    (void)state;
    memset(flag, 1, sizeof flag);
    for (size_t i = 0; (turn = next_turn(&i)) != NULL;) {
        size_t expected = allostat_turn_next_flag(turn, flag, 0);

        for (size_t p = 0; p < parts; p++) {
            size_t row;
            const allostat_turn part = allostat_turn_part(turn, p, parts, &row);

            while ((row = allostat_turn_next_flag(&part, flag, row)) < part.row_count) {
                assert_int_equal(row, expected);
                expected = allostat_turn_next_flag(turn, flag, expected + 1);
                row++;
            }
        }
        assert_int_equal(expected, turn->row_count);
    }
}

static void a_chance_over_months_is_that_of_as_many_tries(void **state)
{
    const double chances[] = {0.0, 1e-12, 0.01, 0.5, 0.999};

    (void)state;
    for (size_t i = 0; i < sizeof chances / sizeof chances[0]; i++) {
        const double p = chances[i], over = allostat_chance_over(p, 6);
        const double wanted = p < 1e-9 ? 6.0 * p : 1.0 - pow(1.0 - p, 6.0);

        assert_true(allostat_chance_over(p, 1) == p);
        assert_true(fabs(over - wanted) <= 1e-10 * wanted);
    }
    assert_true(allostat_chance_over(1.0, 3) == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_lives_twelve_months_a_year),
        cmocka_unit_test(a_turn_is_due_when_its_age_is_nought_and_ages_by_the_month),
        cmocka_unit_test(blocks_that_are_due_are_counted_and_named_in_order),
        cmocka_unit_test(the_next_block_of_a_pace_is_one_stride_further),
        cmocka_unit_test(shared_work_is_done_once_on_every_row_that_is_due),
        cmocka_unit_test(what_is_done_beside_is_done_once),
        cmocka_unit_test(who_takes_from_the_end_goes_forwards_until_all_is_taken),
        cmocka_unit_test(the_next_flag_is_of_a_row_that_is_due),
        cmocka_unit_test(parts_have_the_rows_that_are_due_in_their_order),
        cmocka_unit_test(a_chance_over_months_is_that_of_as_many_tries),
    };
    return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
