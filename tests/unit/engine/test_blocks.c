#include "check.h"

#include "engine/blocks.h"

#include <string.h>

enum { ROWS_MAX = 5000, BLOCK = ALLOSTAT_BLOCK_ROWS };

typedef struct {
    int32_t touched[ROWS_MAX];
} marks;

static void mark(void *context, size_t block, size_t first, size_t count)
{
    marks *self = context;

    for (size_t row = first; row < first + count; row++) {
        self->touched[row]++;
        if (row / BLOCK != block) self->touched[row] += 100;
    }
}

static void every_row_is_done_once_in_its_block_by_any_number_of_threads(void **state)
{
    (void)state;
    static const size_t rows[] = {0, 1, 1023, 1024, 1025, 4096, ROWS_MAX};
    static const int32_t threads[] = {1, 2, 7};
    static marks found;

    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (size_t t = 0; t < 3; t++) {
            memset(&found, 0, sizeof found);
            allostat_blocks_run((allostat_share_cut){rows[r], BLOCK, BLOCK}, threads[t],
                                mark, &found);
            for (size_t row = 0; row < ROWS_MAX; row++) {
                assert_int_equal(found.touched[row], row < rows[r]);
            }
        }
    }
}

static void mark_task(void *context, int32_t task) { ((int32_t *)context)[task]++; }

static void every_task_is_done_once(void **state)
{
    (void)state;
    for (int32_t threads = 1; threads <= 5; threads += 2) {
        int32_t done[12] = {0};

        allostat_tasks_run(11, threads, mark_task, done);
        for (int32_t task = 0; task < 11; task++) assert_int_equal(done[task], 1);
        assert_int_equal(done[11], 0);
    }
}

static void blocks_are_counted_with_the_last_part(void **state)
{
    static const size_t rows[] = {0, 1, BLOCK, BLOCK + 1};
    static const size_t blocks[] = {0, 1, 1, 2};

    (void)state;
    for (int i = 0; i < 4; i++) {
        const allostat_share_cut cut = {rows[i], BLOCK, BLOCK};
        assert_int_equal(allostat_share_block_count(cut), blocks[i]);
    }
    assert_true(allostat_threads_available() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_done_once_in_its_block_by_any_number_of_threads),
        cmocka_unit_test(every_task_is_done_once),
        cmocka_unit_test(blocks_are_counted_with_the_last_part),
    };
    return cmocka_run_group_tests_name("blocks", tests, NULL, NULL);
}
