#include "care/drawing.h"

#include "base/hot.h"

#include <string.h>

enum { TOGETHER = 8 };

/* Written whether wanted or not, and kept when it is: no branch to guess. */
static void pick_one(allostat_drawing *self, const allostat_users *users, size_t row,
                     uint8_t flag)
{
    self->row[self->count] = (uint32_t)row;
    self->number[self->count] = users->number[row];
    self->index[self->count] = 0;
    self->count += flag;
}

void allostat_drawing_pick(allostat_drawing *self, const allostat_users *users,
                           size_t first, size_t count, const uint8_t *flag)
{
    size_t i = 0;

    self->count = 0;
    for (; i + TOGETHER <= count; i += TOGETHER) {
        uint64_t eight;

        memcpy(&eight, flag + i, sizeof eight);
        if (eight == 0) continue;
        for (size_t j = i; j < i + TOGETHER; j++)
            pick_one(self, users, first + j, flag[j]);
    }
    for (; i < count; i++) pick_one(self, users, first + i, flag[i]);
}

ALLOSTAT_HOT
static void find_set(const int32_t *restrict column, size_t count,
                     uint8_t *restrict flag)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) flag[i] = column[i] != 0;
}

void allostat_drawing_pick_set(allostat_drawing *self, const allostat_users *users,
                               size_t first, size_t count, const int32_t *column)
{
    uint8_t flag[ALLOSTAT_DRAWING_ROWS];

    find_set(column + first, count, flag);
    allostat_drawing_pick(self, users, first, count, flag);
}

void allostat_drawing_make(allostat_drawing *self, const allostat_care_month *care,
                           allostat_draw draw)
{
    allostat_draws_of(
        care->key, draw, allostat_month_first_day(care->month),
        &(allostat_draw_rows){self->number, self->index, self->count, self->bits, 0});
}
