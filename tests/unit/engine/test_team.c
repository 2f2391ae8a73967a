#include "check.h"

#include "base/clock.h"
#include "engine/blocks.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS_MAX = 40, CALLS = 3000 };

typedef struct {
    int32_t done[BLOCKS_MAX];
    size_t rows;
} marks;

static void mark(void *context, size_t block, size_t first, size_t count)
{
    marks *self = context;

    self->done[block]++;
    if (first != block * ALLOSTAT_BLOCK_ROWS || first + count > self->rows)
        self->done[block] += 100;
}

/* Many short calls, each about something else: who comes late touches nothing of a call
 * that is over. */
static void call_often(void *context, allostat_share share)
{
    int32_t *bad = context;
    static marks found[2];

    for (size_t call = 0; call < CALLS; call++) {
        marks *now = &found[call % 2];
        const size_t rows = (call * 1000) % (BLOCKS_MAX * ALLOSTAT_BLOCK_ROWS);
        const size_t blocks = allostat_share_block_count(
            (allostat_share_cut){rows, ALLOSTAT_BLOCK_ROWS, ALLOSTAT_BLOCK_ROWS});

        memset(now, 0, sizeof *now);
        now->rows = rows;
        allostat_share_rows(share, rows, mark, now);
        for (size_t block = 0; block < BLOCKS_MAX; block++)
            *bad += now->done[block] != (block < blocks);
    }
    *bad += share.thread_count < 1;
}

static void every_block_is_done_once_by_a_team_that_sleeps_or_looks_out(void **state)
{
    static const char *const microseconds[] = {"0", "20", "2000000"};

    (void)state;
    for (size_t m = 0; m < 3; m++) {
        assert_int_equal(setenv("ALLOSTAT_LOOK_OUT", microseconds[m], 1), 0);
        for (int32_t threads = 1; threads <= 3; threads++) {
            int32_t bad = 0;

            allostat_blocks_with_team(threads, call_often, &bad);
            assert_int_equal(bad, 0);
        }
    }
    assert_int_equal(unsetenv("ALLOSTAT_LOOK_OUT"), 0);
}

enum { ROWS = 5000, A_BLOCK = 512, A_PART = 128 };

typedef struct {
    int32_t touched[ROWS], bad, in_parts;
} parts_of_blocks;

static void mark_rows(void *context, size_t block, size_t first, size_t count)
{
    parts_of_blocks *self = context;
    int32_t bad = first % A_PART != 0 || (count % A_PART != 0 && first + count != ROWS);

    for (size_t row = first; row < first + count; row++) {
        self->touched[row]++;
        bad += row / A_BLOCK != block;
    }
    (void)__atomic_fetch_add(&self->bad, bad, __ATOMIC_RELAXED);
    (void)__atomic_fetch_add(&self->in_parts, count < A_BLOCK && first + count != ROWS,
                             __ATOMIC_RELAXED);
}

static void share_out_parts(void *context, allostat_share share)
{
    const allostat_share_cut cut = {ROWS, A_BLOCK, A_PART};
    parts_of_blocks *self = context;

    for (int32_t call = 1; call <= CALLS; call++) {
        allostat_share_cut_rows(share, cut, mark_rows, self);
        for (size_t row = 0; row < ROWS; row++) self->bad += self->touched[row] != call;
    }
}

static void only_the_last_blocks_are_done_in_parts_and_every_row_once(void **state)
{
    (void)state;
    for (int32_t threads = 1; threads <= 3; threads++) {
        static parts_of_blocks all;

        memset(&all, 0, sizeof all);
        allostat_blocks_with_team(threads, share_out_parts, &all);
        assert_int_equal(all.bad, 0);
        if (threads == 1)
            assert_int_equal(all.in_parts, 0);
        else
            assert_in_range(all.in_parts, CALLS, CALLS * (ROWS / A_PART) / 2);
    }
}

/* Own work that shares out more, and waits until others have begun with the blocks. */
typedef struct {
    allostat_share share;
    marks beside, nested;
    int32_t done; /* times */
    bool waits, found_others;
} own_work;

static void do_own(void *context)
{
    own_work *self = context;
    const double begun = allostat_seconds_now(), long_enough = 20.0;

    self->done++;
    allostat_share_rows(self->share, self->nested.rows, mark, &self->nested);
    while (self->waits && !self->found_others &&
           allostat_seconds_now() < begun + long_enough)
        self->found_others =
            __atomic_load_n(&self->beside.done[BLOCKS_MAX - 1], __ATOMIC_RELAXED) > 0;
}

static void call_beside(void *context, allostat_share share)
{
    own_work *self = context;
    const allostat_share_own own = {do_own, self};

    self->share = share;
    self->beside.rows = self->nested.rows = BLOCKS_MAX * ALLOSTAT_BLOCK_ROWS;
    allostat_share_rows_beside(share, self->beside.rows, mark, &self->beside, &own);
}

static void check_beside(const own_work *self)
{
    assert_int_equal(self->done, 1);
    for (size_t block = 0; block < BLOCKS_MAX; block++) {
        assert_int_equal(self->beside.done[block], 1);
        assert_int_equal(self->nested.done[block], 1);
    }
    assert_true(self->found_others == self->waits);
}

static void own_work_is_done_once_while_others_do_blocks(void **state)
{
    (void)state;
    for (int32_t threads = 1; threads <= 3; threads++) {
        own_work together = {.waits = threads > 1}, anew = {.waits = false};

        allostat_blocks_with_team(threads, call_beside, &together);
        check_beside(&together);
        call_beside(&anew, allostat_blocks_share(threads));
        check_beside(&anew);
    }
}

static void without_own_work_blocks_are_shared_out_as_ever(void **state)
{
    marks found = {.rows = BLOCKS_MAX * ALLOSTAT_BLOCK_ROWS};

    (void)state;
    allostat_share_rows_beside(allostat_blocks_share(2), found.rows, mark, &found,
                               NULL);
    allostat_share_rows_beside((allostat_share){0}, found.rows, mark, &found, NULL);
    for (size_t block = 0; block < BLOCKS_MAX; block++)
        assert_int_equal(found.done[block], 2);
}

static void note_threads(void *context, allostat_share share)
{
    *(int32_t *)context = share.thread_count;
}

static void a_life_with_one_thread_has_no_team(void **state)
{
    int32_t threads = 0;

    (void)state;
    allostat_blocks_with_team(1, note_threads, &threads);
    assert_int_equal(threads, 1);
    allostat_blocks_with_team(0, note_threads, &threads);
    assert_int_equal(threads, 1);
}

static double look_out_with(const char *policy)
{
    allostat_team team;

    if (policy != NULL)
        assert_int_equal(setenv("OMP_WAIT_POLICY", policy, 1), 0);
    else
        assert_int_equal(unsetenv("OMP_WAIT_POLICY"), 0);
    allostat_team_init(&team);
    allostat_team_free(&team);
    return team.look_out;
}

static void the_environment_says_how_long_threads_look_out(void **state)
{
    (void)state;
    assert_true(look_out_with("passive") <= 0.0);
    assert_true(look_out_with("ACTIVE") > 3600.0);
    assert_true(look_out_with(NULL) > 0.0 && look_out_with(NULL) < 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_is_done_once_by_a_team_that_sleeps_or_looks_out),
        cmocka_unit_test(only_the_last_blocks_are_done_in_parts_and_every_row_once),
        cmocka_unit_test(own_work_is_done_once_while_others_do_blocks),
        cmocka_unit_test(without_own_work_blocks_are_shared_out_as_ever),
        cmocka_unit_test(a_life_with_one_thread_has_no_team),
        cmocka_unit_test(the_environment_says_how_long_threads_look_out),
    };
    return cmocka_run_group_tests_name("team", tests, NULL, NULL);
}
