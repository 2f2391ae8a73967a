/* Rows cut into parts that cost about the same, for threads that each change the rows
 * of their own part. Where to cut is learned from what the parts cost the last time, so
 * that whoever lists what is to be done can put it into the list of its part. No result
 * depends on it. */
#ifndef ALLOSTAT_BASE_CUT_H
#define ALLOSTAT_BASE_CUT_H

#include <stddef.h>
#include <stdint.h>

enum { ALLOSTAT_CUT_PARTS_MAX = 64, ALLOSTAT_CUT_BINS = 1024 };

/* Zeroed it has learned nothing: parts have as many rows. */
typedef struct {
    size_t parts;
    uint32_t shift; /* bins of 2^shift rows, whole blocks of ALLOSTAT_SHARE_ROWS */
    double first[ALLOSTAT_CUT_PARTS_MAX + 1]; /* where parts begin, as shares of rows */
    uint8_t part[ALLOSTAT_CUT_BINS];
} allostat_cut;

/* Parts of so many rows, less than 2^32, for the next time: `parts` of them, but at
 * most ALLOSTAT_CUT_PARTS_MAX. */
void allostat_cut_rows(allostat_cut *self, size_t parts, size_t rows);

/* The part of a row. */
static inline size_t allostat_cut_part(const allostat_cut *self, uint32_t row)
{
    return self->part[row >> self->shift];
}

/* What each part has cost, cost[parts]: within a part all rows the same. */
void allostat_cut_learn(allostat_cut *self, const uint64_t *cost);

#endif
