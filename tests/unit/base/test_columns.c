#include "backwards.h"
#include "check.h"

#include "base/columns.h"

static void new_column_is_aligned_and_zero_up_to_the_boundary(void **state)
{
    (void)state;
    for (size_t rows = 0; rows < 70; rows++) {
        const size_t padded = (rows * sizeof(float) + 63) / 64 * 64 / sizeof(float);
        float *column = NULL;

        assert_int_equal(
            allostat_column_allocate((void **)&column, rows, sizeof *column, NULL),
            ALLOSTAT_OK);
        assert_non_null(column);
        assert_int_equal((uintptr_t)column % ALLOSTAT_COLUMN_ALIGNMENT, 0);
        for (size_t i = 0; i < padded; i++) assert_true(column[i] == 0.0f);
        allostat_column_free((void **)&column);
        assert_null(column);
    }
}

static void a_list_grows_by_half_and_keeps_what_it_has(void **state)
{
    uint32_t *list = NULL;
    size_t capacity = 0;
    allostat_error error = {0};

    (void)state;
#define RESERVE(rows, wanted) \
    allostat_column_reserve((void **)&list, &capacity, rows, sizeof *list, wanted)
    assert_int_equal(RESERVE(10, NULL), ALLOSTAT_OK);
    assert_int_equal(capacity, 10);
    list[9] = 7;
    assert_int_equal(RESERVE(10, NULL), ALLOSTAT_OK);
    assert_int_equal(capacity, 10);
    assert_int_equal(RESERVE(11, NULL), ALLOSTAT_OK);
    assert_int_equal(capacity, 15);
    assert_int_equal(RESERVE(100, NULL), ALLOSTAT_OK);
    assert_int_equal(capacity, 100);
    assert_int_equal(RESERVE(SIZE_MAX / 4, &error), ALLOSTAT_ERROR_NO_MEMORY);
    assert_int_equal(capacity, 100);
    assert_int_equal(list[9], 7);
#undef RESERVE
    allostat_column_free((void **)&list);
}

static void growing_keeps_rows_and_zeroes_the_new_ones(void **state)
{
    (void)state;
    int32_t *column = NULL;

    assert_int_equal(allostat_column_grow((void **)&column, 0, 5, sizeof *column, NULL),
                     ALLOSTAT_OK);
    for (int32_t i = 0; i < 5; i++) column[i] = i + 1;
    assert_int_equal(
        allostat_column_grow((void **)&column, 5, 1000, sizeof *column, NULL),
        ALLOSTAT_OK);
    assert_int_equal((uintptr_t)column % ALLOSTAT_COLUMN_ALIGNMENT, 0);
    for (int32_t i = 0; i < 1000; i++) assert_int_equal(column[i], i < 5 ? i + 1 : 0);
    allostat_column_free((void **)&column);
}

static void shrinking_keeps_the_first_rows(void **state)
{
    (void)state;
    uint8_t *column = NULL;

    assert_int_equal(allostat_column_allocate((void **)&column, 100, 1, NULL),
                     ALLOSTAT_OK);
    for (size_t i = 0; i < 100; i++) column[i] = (uint8_t)i;
    assert_int_equal(allostat_column_grow((void **)&column, 100, 3, 1, NULL),
                     ALLOSTAT_OK);
    for (size_t i = 0; i < 64; i++) assert_int_equal(column[i], i < 3 ? i : 0);
    allostat_column_free((void **)&column);
}

static void size_that_overflows_is_refused_and_keeps_the_old_column(void **state)
{
    (void)state;
    allostat_error error = {0};
    double *column = NULL;
    double *before;

    assert_int_equal(allostat_column_allocate((void **)&column, 1, 8, &error),
                     ALLOSTAT_OK);
    column[0] = 2.5;
    before = column;
    assert_int_equal(
        allostat_column_grow((void **)&column, 1, SIZE_MAX / 8 + 1, 8, &error),
        ALLOSTAT_ERROR_NO_MEMORY);
    assert_ptr_equal(column, before);
    assert_true(column[0] == 2.5);
    allostat_column_free((void **)&column);

    assert_int_equal(allostat_column_allocate((void **)&column, SIZE_MAX, 1, &error),
                     ALLOSTAT_ERROR_NO_MEMORY);
    assert_null(column);
    assert_int_equal(error.status, ALLOSTAT_ERROR_NO_MEMORY);
}

static void columns_of_a_table_stand_at_many_places_of_a_page(void **state)
{
    enum { COLUMNS = 32, ROWS = 65536, LINES = 64, FEWEST = 16 };
    int32_t *column[COLUMNS] = {NULL};
    uint8_t found[LINES] = {0};
    int32_t places = 0;

    (void)state;
    for (size_t c = 0; c < COLUMNS; c++) {
        assert_int_equal(allostat_column_allocate((void **)&column[c], ROWS,
                                                  sizeof *column[c], NULL),
                         ALLOSTAT_OK);
        found[(uintptr_t)column[c] / ALLOSTAT_COLUMN_ALIGNMENT % LINES] = 1;
    }
    for (size_t line = 0; line < LINES; line++) places += found[line];
    assert_true(places >= FEWEST);
    for (size_t c = 0; c < COLUMNS; c++) allostat_column_free((void **)&column[c]);
}

static void columns_of_a_room_are_apart_zero_and_outlive_each_other(void **state)
{
    enum { COLUMNS = 12, ROWS = 70001 };
    const size_t size = sizeof(int32_t);
    allostat_column_room *room =
        allostat_column_room_make(ROWS, COLUMNS * size, COLUMNS, (allostat_share){0});
    int32_t *column[COLUMNS] = {NULL};

    (void)state;
    assert_non_null(room);
    for (int32_t c = 0; c < COLUMNS; c++) {
        assert_int_equal(
            allostat_column_grow_in(room, (void **)&column[c], 0, ROWS, size, NULL),
            ALLOSTAT_OK);
        assert_int_equal((uintptr_t)column[c] % ALLOSTAT_COLUMN_ALIGNMENT, 0);
        for (size_t i = 0; i < ROWS; i++) assert_int_equal(column[c][i], 0);
        for (size_t i = 0; i < ROWS; i++) column[c][i] = c;
    }
    allostat_column_room_close(room);
    for (int32_t c = 0; c < COLUMNS; c++) {
        for (size_t i = 0; i < ROWS; i++) assert_int_equal(column[c][i], c);
        allostat_column_free((void **)&column[c]);
    }
}

static void room_whose_pages_others_get_holds_zeroed_columns(void **state)
{
    enum { ROWS = 1 << 20, COLUMNS = 5 };
    const allostat_share share = {.thread_count = 2, .run = run_backwards};
    allostat_column_room *room =
        allostat_column_room_make(ROWS, COLUMNS, COLUMNS, share);
    uint8_t *column[COLUMNS] = {NULL};

    (void)state;
    assert_non_null(room);
    for (size_t c = 0; c < COLUMNS; c++) {
        assert_int_equal(
            allostat_column_grow_in(room, (void **)&column[c], 0, ROWS, 1, NULL),
            ALLOSTAT_OK);
        assert_int_equal(allostat_next_flag(column[c], 0, ROWS), ROWS);
        memset(column[c], 1, ROWS);
    }
    allostat_column_room_close(room);
    for (size_t c = 0; c < COLUMNS; c++) allostat_column_free((void **)&column[c]);
}

static void full_room_leaves_a_column_to_itself(void **state)
{
    enum { ROWS = 1 << 18, COLUMNS = 3 };
    allostat_column_room *room =
        allostat_column_room_make(1 << 21, 1, 1, (allostat_share){0});
    uint8_t *column[COLUMNS] = {NULL};

    (void)state;
    assert_non_null(room);
    for (size_t c = 0; c < COLUMNS; c++)
        assert_int_equal(allostat_column_grow_in(room, (void **)&column[c], 0,
                                                 (c + 1) * 4 * ROWS - 64, 1, NULL),
                         ALLOSTAT_OK);
    allostat_column_room_close(room);
    for (size_t c = 0; c < COLUMNS; c++) {
        memset(column[c], 1, (c + 1) * 4 * ROWS - 64);
        allostat_column_free((void **)&column[c]);
    }
}

static void column_grows_from_its_own_memory_into_a_room_and_out_of_it(void **state)
{
    enum { FEW = 50000, ROWS = 100000, MORE = 150000 };
    allostat_column_room *room =
        allostat_column_room_make(ROWS, 40, 10, (allostat_share){0});
    int32_t *column = NULL;

    (void)state;
    assert_int_equal(
        allostat_column_allocate((void **)&column, FEW, sizeof *column, NULL),
        ALLOSTAT_OK);
    for (int32_t i = 0; i < FEW; i++) column[i] = i;
    assert_int_equal(allostat_column_grow_in(room, (void **)&column, FEW, ROWS,
                                             sizeof *column, NULL),
                     ALLOSTAT_OK);
    allostat_column_room_close(room);
    assert_int_equal(
        allostat_column_grow((void **)&column, ROWS, MORE, sizeof *column, NULL),
        ALLOSTAT_OK);
    for (int32_t i = 0; i < MORE; i++) assert_int_equal(column[i], i < FEW ? i : 0);
    allostat_column_free((void **)&column);
}

static void nothing_has_room_when_it_is_small_or_overflows(void **state)
{
    (void)state;
    assert_null(allostat_column_room_make(1000, 600, 130, (allostat_share){0}));
    assert_null(allostat_column_room_make(SIZE_MAX / 2, 600, 130, (allostat_share){0}));
    allostat_column_room_close(NULL);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    float *column = NULL;

    allostat_column_free((void **)&column);
    assert_null(column);
}

static void next_flag_is_found_from_every_row_on(void **state)
{
    uint8_t flag[41] = {0};

    (void)state;
    flag[0] = flag[7] = flag[8] = flag[30] = flag[40] = 1;
    for (size_t row = 0; row <= 41; row++) {
        size_t next = row;
        while (next < 41 && flag[next] == 0) next++;
        assert_int_equal(allostat_next_flag(flag, row, 41), next);
    }
    assert_int_equal(allostat_next_flag(flag, 9, 30), 30);
}

static void next_word_is_found_from_every_row_on(void **state)
{
    int32_t word[70] = {0};

    (void)state;
    word[5] = 1;
    word[6] = -1;
    word[48] = 1 << 30;
    for (size_t row = 0; row < 70; row++) {
        size_t next = row;
        while (next < 70 && word[next] == 0) next++;
        assert_int_equal(allostat_next_word(word, row, 70), next);
    }
    assert_int_equal(allostat_next_word(word, 9, 40), 40);
}

static void next_zero_is_found_from_every_row_on(void **state)
{
    int32_t word[70];

    (void)state;
    for (size_t row = 0; row < 70; row++) word[row] = row % 2 ? -1 : 1 << 30;
    word[5] = word[6] = word[48] = 0;
    for (size_t row = 0; row < 70; row++) {
        size_t next = row;
        while (next < 70 && word[next] != 0) next++;
        assert_int_equal(allostat_next_zero(word, row, 70), next);
    }
    assert_int_equal(allostat_next_zero(word, 9, 40), 40);
}

typedef struct {
    uint32_t slot[5];
} wide;

/* Row 7 goes to 1 and row 6 to 2; 1 and 2 come to 7 and 6 when places are changed. */
static void rows_of_every_size_move_and_change_places(void **state)
{
    static const uint32_t to[] = {1, 2}, from[] = {7, 6};
    static const uint8_t copied[] = {0, 7, 6, 3, 4, 5, 6, 7};
    static const uint8_t exchanged[] = {0, 7, 6, 3, 4, 5, 2, 1};
    const allostat_row_moves moves = {to, from, 2};

    (void)state;
    for (int changes = 0; changes < 2; changes++) {
        const uint8_t *wanted = changes ? exchanged : copied;
        uint8_t narrow[8];
        uint32_t word[8];
        wide row[8];

        for (uint32_t i = 0; i < 8; i++) {
            narrow[i] = (uint8_t)i;
            word[i] = i;
            row[i] = (wide){{i, i, i, i, i}};
        }
        void (*move)(void *, size_t, allostat_row_moves) =
            changes ? allostat_column_exchange_rows : allostat_column_copy_rows;
        move(narrow, sizeof narrow[0], moves);
        move(word, sizeof word[0], moves);
        move(row, sizeof row[0], moves);
        for (size_t i = 0; i < 8; i++) {
            assert_int_equal(narrow[i], wanted[i]);
            assert_int_equal(word[i], wanted[i]);
            assert_int_equal(row[i].slot[0], wanted[i]);
            assert_int_equal(row[i].slot[4], wanted[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_column_is_aligned_and_zero_up_to_the_boundary),
        cmocka_unit_test(a_list_grows_by_half_and_keeps_what_it_has),
        cmocka_unit_test(growing_keeps_rows_and_zeroes_the_new_ones),
        cmocka_unit_test(shrinking_keeps_the_first_rows),
        cmocka_unit_test(size_that_overflows_is_refused_and_keeps_the_old_column),
        cmocka_unit_test(columns_of_a_table_stand_at_many_places_of_a_page),
        cmocka_unit_test(columns_of_a_room_are_apart_zero_and_outlive_each_other),
        cmocka_unit_test(room_whose_pages_others_get_holds_zeroed_columns),
        cmocka_unit_test(full_room_leaves_a_column_to_itself),
        cmocka_unit_test(column_grows_from_its_own_memory_into_a_room_and_out_of_it),
        cmocka_unit_test(nothing_has_room_when_it_is_small_or_overflows),
        cmocka_unit_test(freeing_nothing_is_fine),
        cmocka_unit_test(next_flag_is_found_from_every_row_on),
        cmocka_unit_test(next_word_is_found_from_every_row_on),
        cmocka_unit_test(next_zero_is_found_from_every_row_on),
        cmocka_unit_test(rows_of_every_size_move_and_change_places),
    };
    return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
