#include "engine/tally_sums.h"

#include "base/hot.h"
#include "base/marks.h"

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
enum { TOGETHER = 16, GROUPS = 64 };
_Static_assert((int)TOGETHER *(int)GROUPS >= (int)ALLOSTAT_SUMS_ROWS,
               "the groups of a block are bits of a word");

/* The groups that hold any: the whole column is read before anything is done with it,
 * so that no read waits for a branch that was guessed wrong. */
ALLOSTAT_HOT
static uint64_t find_groups(const int32_t *restrict column, size_t count)
{
    const size_t whole = count / TOGETHER;
    uint64_t groups = 0;
    int32_t rest = 0;

    for (size_t g = 0; g < whole; g++) {
        int32_t all = 0;

        for (size_t i = 0; i < TOGETHER; i++) all |= column[g * TOGETHER + i];
        groups |= (uint64_t)(all != 0) << g;
    }
    for (size_t i = whole * TOGETHER; i < count; i++) rest |= column[i];
    return rest != 0 ? groups | (uint64_t)1 << whole : groups;
}

/* The rows of the first of some groups, which is taken away. */
typedef struct {
    size_t first, end;
} row_range;

static row_range next_group(uint64_t *groups, size_t count)
{
    const size_t first = allostat_lowest_bit(*groups) * TOGETHER;

    *groups &= *groups - 1;
    return (row_range){first, count - first < TOGETHER ? count : first + TOGETHER};
}

void allostat_column_add(const allostat_sum_rows *rows, const int32_t *column,
                         int32_t *restrict sums)
{
    for (uint64_t groups = find_groups(column, rows->count); groups != 0;) {
        const row_range group = next_group(&groups, rows->count);

        for (size_t i = group.first; i < group.end; i++)
            sums[rows->cell[i]] += column[i];
    }
}

int64_t allostat_column_take(const allostat_sum_rows *rows, int32_t *restrict column,
                             int32_t *restrict sums)
{
    int64_t sum = 0;

    for (uint64_t groups = find_groups(column, rows->count); groups != 0;) {
        const row_range group = next_group(&groups, rows->count);

        for (size_t i = group.first; i < group.end; i++) {
            sums[rows->cell[i]] += column[i];
            sum += column[i];
            column[i] = 0;
        }
    }
    return sum;
}
