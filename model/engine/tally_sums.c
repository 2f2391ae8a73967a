#include "engine/tally_sums.h"

#include "base/hot.h"

#include <stdbool.h>
#include <string.h>

enum { PART_BITS = 16, PARTS = 4 /* of a word */, LONGEST_BITS = 5 };

_Static_assert((int)ALLOSTAT_SUMS_ROWS << (int)LONGEST_BITS < 1 << (int)PART_BITS,
               "the sum of a block fits its part");

/* Words of rows, and their sums. */
typedef struct {
    uint64_t adds[ALLOSTAT_SUMS_ROWS];
    uint64_t sums[ALLOSTAT_SUMS_CELLS];
} words;

ALLOSTAT_HOT
static void pack_bits(const int32_t *restrict here, const allostat_bits *number,
                      int32_t shift, size_t count, uint64_t *restrict adds)
{
    const int32_t *restrict column = number->column;
    const int32_t at = number->at;
    const uint32_t mask = (1u << number->bits) - 1;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const uint32_t held =
            ((uint32_t)column[i] >> at) & mask & (0u - (uint32_t)here[i]);

        adds[i] |= (uint64_t)held << shift;
    }
}

/* Words that are zero in every row need no look at the cells. */
ALLOSTAT_HOT
static bool any(const uint64_t *adds, size_t count)
{
    uint64_t all = 0;

    for (size_t i = 0; i < count; i++) all |= adds[i];
    return all != 0;
}

static bool add_words(words *self, const allostat_sum_rows *rows)
{
    if (!any(self->adds, rows->count)) return false;
    memset(self->sums, 0, (size_t)rows->cell_count * sizeof *self->sums);
    for (size_t i = 0; i < rows->count; i++) self->sums[rows->cell[i]] += self->adds[i];
    return true;
}

static void take_part(const words *self, const allostat_sum_rows *rows, int32_t shift,
                      int32_t *restrict sums)
{
    const uint64_t mask = (1u << PART_BITS) - 1;

    for (int32_t cell = 0; cell < rows->cell_count; cell++)
        sums[cell] += (int32_t)(self->sums[cell] >> shift & mask);
}

void allostat_bits_add(const allostat_sum_rows *rows, const allostat_bits *numbers,
                       size_t number_count)
{
    words self;

    for (size_t first = 0; first < number_count; first += PARTS) {
        const size_t left = number_count - first, count = left < PARTS ? left : PARTS;

        memset(self.adds, 0, rows->count * sizeof *self.adds);
        for (size_t p = 0; p < count; p++) {
            pack_bits(rows->here, &numbers[first + p], (int32_t)p * PART_BITS,
                      rows->count, self.adds);
        }
        if (!add_words(&self, rows)) continue;
        for (size_t p = 0; p < count; p++)
            take_part(&self, rows, (int32_t)p * PART_BITS, numbers[first + p].sums);
    }
}

/* Rows that are passed over together where a column is zero. */
enum { TOGETHER = 16 };

static size_t end_of(size_t first, size_t count)
{
    return count - first < TOGETHER ? count : first + TOGETHER;
}

static bool holds_any(const int32_t *column, size_t first, size_t end)
{
    int32_t all = 0;

    for (size_t i = first; i < end; i++) all |= column[i];
    return all != 0;
}

void allostat_column_add(const allostat_sum_rows *rows, const int32_t *column,
                         int32_t *restrict sums)
{
    for (size_t first = 0; first < rows->count; first += TOGETHER) {
        const size_t end = end_of(first, rows->count);

        if (!holds_any(column, first, end)) continue;
        for (size_t i = first; i < end; i++) sums[rows->cell[i]] += column[i];
    }
}

int64_t allostat_column_take(const allostat_sum_rows *rows, int32_t *restrict column,
                             int32_t *restrict sums)
{
    int64_t sum = 0;

    for (size_t first = 0; first < rows->count; first += TOGETHER) {
        const size_t end = end_of(first, rows->count);

        if (!holds_any(column, first, end)) continue;
        for (size_t i = first; i < end; i++) {
            sums[rows->cell[i]] += column[i];
            sum += column[i];
            column[i] = 0;
        }
    }
    return sum;
}
