#include "care/witnesses.h"

#include "base/columns.h"

#include <string.h>

static allostat_status reserve(allostat_witnesses *self, size_t rows,
                               allostat_error *error)
{
    if (rows <= self->capacity) return ALLOSTAT_OK;
    allostat_column_free((void **)&self->row);
    self->capacity = 0;
    const allostat_status status =
        allostat_column_allocate((void **)&self->row, rows, sizeof *self->row, error);
    if (status == ALLOSTAT_OK) self->capacity = rows;
    return status;
}

/* Marks the active users and counts those of each area, from `first` on. Whether one of
 * the street is active cannot be guessed: no branch; rows behind are passed over. */
static void mark_active(allostat_witnesses *self, const allostat_users *users)
{
    size_t count[ALLOSTAT_AREAS_MAX] = {0};
    const size_t rows = users->row_count, together = 256;

    for (size_t row = allostat_next_word(users->active, 0, rows); row < rows;
         row = allostat_next_word(users->active, row, rows)) {
        const size_t end = row + together < rows ? row + together : rows;

        for (; row < end; row++) {
            const bool active = users->active[row] != 0;

            allostat_marks_add_if(&self->active, users->person[row], active);
            count[allostat_who_area(users->who[row])] += active;
        }
    }
    self->first[0] = 0;
    for (int area = 0; area < ALLOSTAT_AREAS_MAX; area++)
        self->first[area + 1] = self->first[area] + count[area];
}

/* In order of person, so that the order of the users' table does not matter. */
allostat_status allostat_witnesses_list(allostat_witnesses *self,
                                        const allostat_users *users,
                                        const allostat_residents *residents,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t people = residents->row_count;
    size_t next[ALLOSTAT_AREAS_MAX];

    ALLOSTAT_TRY(reserve(self, users->row_count, error));
    ALLOSTAT_TRY(allostat_marks_clear(&self->active, people, error));
    mark_active(self, users);
    memcpy(next, self->first, sizeof next);
    for (size_t person = allostat_marks_next(&self->active, 0, people); person < people;
         person = allostat_marks_next(&self->active, person + 1, people))
        self->row[next[residents->area[person]]++] =
            (uint32_t)residents->user_row[person];
cleanup:
    return status;
}

void allostat_witnesses_free(allostat_witnesses *self)
{
    allostat_column_free((void **)&self->row);
    allostat_marks_free(&self->active);
    memset(self, 0, sizeof *self);
}

int32_t allostat_witness_pick(const allostat_witnesses *self,
                              const allostat_users *users, int32_t area,
                              int32_t self_row, double u)
{
    const size_t first = self->first[area], count = self->first[area + 1] - first;

    if (count == 0) return -1;
    const size_t index = (size_t)(u * (double)count);
    const int32_t row = (int32_t)self->row[first + (index < count ? index : count - 1)];
    return row != self_row && users->present[row] && !users->institution[row] ? row
                                                                              : -1;
}
