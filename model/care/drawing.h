/* Users who draw for one purpose on the first day of a month, gathered so that their
 * draws are made together: a tenth of the time of draws one by one. */
#ifndef ALLOSTAT_CARE_DRAWING_H
#define ALLOSTAT_CARE_DRAWING_H

#include "care/requests.h"

enum { ALLOSTAT_DRAWING_ROWS = 512 };

typedef struct {
    size_t count;
    uint32_t row[ALLOSTAT_DRAWING_ROWS]; /* of users */
    uint32_t number[ALLOSTAT_DRAWING_ROWS], index[ALLOSTAT_DRAWING_ROWS];
    uint32_t bits[ALLOSTAT_DRAWING_ROWS];
} allostat_drawing;

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

/* Bits for all that were added. */
static inline void allostat_drawing_make(allostat_drawing *self,
                                         const allostat_care_month *care,
                                         allostat_draw draw)
{
    allostat_draws_of(
        care->key, draw, allostat_month_first_day(care->month),
        &(allostat_draw_rows){self->number, self->index, self->count, self->bits, 0});
}

#endif
