/* Memory for tables kept as columns (struct of arrays). */
#ifndef ALLOSTAT_BASE_COLUMNS_H
#define ALLOSTAT_BASE_COLUMNS_H

#include "base/error.h"
#include "base/marks.h"
#include "base/share.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Every column starts on this boundary and ends on it: bytes after the last row are
 * there, so a vector loop may read up to the boundary. */
enum { ALLOSTAT_COLUMN_ALIGNMENT = 64 };

/* In all of these `column` is the address of the pointer to the first row, whatever the
 * row's type: `(void **)&self->stress`. A column is freed with allostat_column_free. */

/* A new column of zeroed rows; also of 0 rows. On failure (NO_MEMORY) *column is NULL.
 */
ALLOSTAT_MUST_CHECK allostat_status allostat_column_allocate(void **column, size_t rows,
                                                             size_t row_size,
                                                             allostat_error *error);

/* Makes a column of old_rows (NULL when 0) into one of new_rows: the rows they share
 * keep their bytes, new rows are zero. On failure (NO_MEMORY) the old column stays. */
ALLOSTAT_MUST_CHECK allostat_status allostat_column_grow(void **column, size_t old_rows,
                                                         size_t new_rows,
                                                         size_t row_size,
                                                         allostat_error *error);

/* Room for `needed` rows of a list that grows: by half at least when it is too short,
 * so that it seldom does. Error: NO_MEMORY; then the list and *capacity stay. */
ALLOSTAT_MUST_CHECK allostat_status allostat_column_reserve(void **column,
                                                            size_t *capacity,
                                                            size_t needed,
                                                            size_t row_size,
                                                            allostat_error *error);

/* Columns of a table that are made together stand in one room, so that they lie on huge
 * pages though most are smaller, and the last page of each is not left half empty: who
 * looks at a row of many columns finds their pages. The room lasts as long as one of
 * its columns. One thread at a time. */
typedef struct allostat_column_room allostat_column_room;

/* Room for that many columns with `row_size` bytes a row in all; NULL when that is too
 * little to be worth it, or without memory: then each column has memory of its own.
 * Where work is shared, so is the wait for the room's pages. */
allostat_column_room *allostat_column_room_make(size_t rows, size_t row_size,
                                                size_t column_count,
                                                allostat_share share);

/* The same as allostat_column_grow, with new_rows in the room when there is room. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_column_grow_in(allostat_column_room *room, void **column, size_t old_rows,
                        size_t new_rows, size_t row_size, allostat_error *error);

/* No more columns will come; NULL is fine. */
void allostat_column_room_close(allostat_column_room *self);

/* Rows of a column that go from one place to another, in this order. */
typedef struct {
    const uint32_t *to, *from;
    size_t count;
} allostat_row_moves;

/* Copies each row to its new place; the row it came from stays as it is. */
void allostat_column_copy_rows(void *column, size_t row_size, allostat_row_moves moves);

/* The two rows of each move change places. Rows have ALLOSTAT_ROW_SIZE_MAX bytes at
 * most. */
enum { ALLOSTAT_ROW_SIZE_MAX = 256 };
void allostat_column_exchange_rows(void *column, size_t row_size,
                                   allostat_row_moves moves);

/* Releases a column and sets its pointer to NULL; a NULL column is fine. */
void allostat_column_free(void **column);

/* Which of eight flags that were read together, not all 0, is the first not to be. */
static inline size_t allostat_first_of_eight(uint64_t eight)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return allostat_lowest_bit(eight) / CHAR_BIT;
#else
    uint8_t flag[sizeof eight];
    size_t first = 0;

    memcpy(flag, &eight, sizeof eight);
    while (flag[first] == 0) first++;
    return first;
#endif
}

/* The first row from `row` on whose flag is not 0, else `count`. Rows without a flag
 * are passed over eight at a time: for flags that are rare. */
static inline size_t allostat_next_flag(const uint8_t *flag, size_t row, size_t count)
{
    uint64_t eight;

    while (row + sizeof eight <= count) {
        memcpy(&eight, flag + row, sizeof eight);
        if (eight != 0) return row + allostat_first_of_eight(eight);
        row += sizeof eight;
    }
    while (row < count && flag[row] == 0) row++;
    return row;
}

/* The rows whose flags are not 0, in order, into row[], which has room for `count`;
 * returns how many they are. For rows whose other columns are read ahead. */
static inline size_t allostat_list_flags(const uint8_t *flag, size_t count,
                                         uint16_t *row)
{
    size_t found = 0;

    for (size_t i = allostat_next_flag(flag, 0, count); i < count;
         i = allostat_next_flag(flag, i + 1, count))
        row[found++] = (uint16_t)i;
    return found;
}

/* As allostat_next_flag for a column of words that are rarely not 0. gcc makes vectors
 * of a loop over 32; one over 16 it takes apart before. */
static inline size_t allostat_next_word(const int32_t *word, size_t row, size_t count)
{
    enum { TOGETHER = 32 };

    while (row + TOGETHER <= count) {
        int32_t any = 0;
        for (size_t i = 0; i < TOGETHER; i++) any |= word[row + i];
        if (any != 0) break;
        row += TOGETHER;
    }
    while (row < count && word[row] == 0) row++;
    return row;
}

/* The first row from `row` on whose word is 0, else `count`: for columns in which few
 * are. */
static inline size_t allostat_next_zero(const int32_t *word, size_t row, size_t count)
{
    enum { TOGETHER = 32 };

    while (row + TOGETHER <= count) {
        int32_t zeros = 0;
        for (size_t i = 0; i < TOGETHER; i++) zeros |= word[row + i] == 0;
        if (zeros != 0) break;
        row += TOGETHER;
    }
    while (row < count && word[row] != 0) row++;
    return row;
}

#endif
