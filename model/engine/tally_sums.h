/* Sums by cell of what the rows of a block hold: four to a word, so that a row is one
 * addition for all four. */
#ifndef ALLOSTAT_ENGINE_TALLY_SUMS_H
#define ALLOSTAT_ENGINE_TALLY_SUMS_H

#include "engine/records.h"
#include "params/params.h"

#include <stddef.h>
#include <stdint.h>

enum {
    ALLOSTAT_SUMS_ROWS = 1024, /* at most, of a block */
    ALLOSTAT_SUMS_CELLS = (int)ALLOSTAT_AREAS_MAX * (int)ALLOSTAT_SEX_COUNT *
                          (int)ALLOSTAT_AGE_GROUP_COUNT
};

/* Rows of a block; those whose `here` is 1 count, others (0) do not. */
typedef struct {
    const int32_t *here, *cell; /* [count] */
    size_t count;
    int32_t cell_count;
} allostat_sum_rows;

/* What is added to sums[cell] for every row: the number in some bits of the column,
 * where counters are packed into a word. */
typedef struct {
    int32_t *sums;
    const int32_t *column;
    int32_t at, bits; /* at most 5 */
} allostat_bits;

void allostat_bits_add(const allostat_sum_rows *rows, const allostat_bits *numbers,
                       size_t number_count);

/* Add a column of any numbers, most of which are 0, of all rows, here or not. `take`
 * leaves zeros in it and returns the sum. */
void allostat_column_add(const allostat_sum_rows *rows, const int32_t *column,
                         int32_t *sums);
int64_t allostat_column_take(const allostat_sum_rows *rows, int32_t *column,
                             int32_t *sums);

#endif
