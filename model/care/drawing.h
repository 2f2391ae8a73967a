/* Users who draw for one purpose on the first day of a month, gathered so that their
 * draws are made together: a tenth of the time of draws one by one. */
#ifndef ALLOSTAT_CARE_DRAWING_H
#define ALLOSTAT_CARE_DRAWING_H

#include "care/requests.h"

enum { ALLOSTAT_DRAWING_ROWS = ALLOSTAT_SHARE_ROWS };

typedef struct {
    size_t count;
    uint32_t row[ALLOSTAT_DRAWING_ROWS]; /* of users */
    uint32_t number[ALLOSTAT_DRAWING_ROWS], index[ALLOSTAT_DRAWING_ROWS];
    uint32_t bits[ALLOSTAT_DRAWING_ROWS];
} allostat_drawing;

/* How many rows from `first` on to take at a time, so that all of them could be added.
 */
static inline size_t allostat_drawing_rows(size_t first, size_t end)
{
    const size_t left = end - first;

    return left < ALLOSTAT_DRAWING_ROWS ? left : ALLOSTAT_DRAWING_ROWS;
}

static inline bool allostat_drawing_is_full(const allostat_drawing *self)
{
    return self->count == ALLOSTAT_DRAWING_ROWS;
}

/* Not when it is full. */
static inline void allostat_drawing_add(allostat_drawing *self,
                                        const allostat_users *users, size_t row,
                                        uint32_t index)
{
    self->row[self->count] = (uint32_t)row;
    self->number[self->count] = users->number[row];
    self->index[self->count++] = index;
}

/* In place of all that were added before: those of at most ALLOSTAT_DRAWING_ROWS rows
 * whose flag is 1, flag[i] of row first + i; with index 0. */
void allostat_drawing_pick(allostat_drawing *self, const allostat_users *users,
                           size_t first, size_t count, const uint8_t *flag);

/* The same for those for whom a column is not 0. */
void allostat_drawing_pick_set(allostat_drawing *self, const allostat_users *users,
                               size_t first, size_t count, const int32_t *column);

/* Bits for all that were added. */
void allostat_drawing_make(allostat_drawing *self, const allostat_care_month *care,
                           allostat_draw draw);

/* The uniform of the i-th that was added. */
static inline double allostat_drawing_uniform(const allostat_drawing *self, size_t i)
{
    return allostat_double_uniform_from_bits(self->bits[i]);
}

#endif
