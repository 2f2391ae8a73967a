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

/* The first person from `person` on who has a user's row, else the number of people;
 * the rows of others are -1, whose bits are all set. */
static size_t next_user(const allostat_residents *residents, size_t person)
{
    const int32_t *row = residents->user_row;
    const size_t count = residents->row_count;

    while (person + 4 <= count &&
           (row[person] & row[person + 1] & row[person + 2] & row[person + 3]) < 0)
        person += 4;
    while (person < count && row[person] < 0) person++;
    return person;
}

allostat_status allostat_witnesses_list(allostat_witnesses *self,
                                        const allostat_users *users,
                                        const allostat_residents *residents,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    size_t next[ALLOSTAT_AREAS_MAX];

    ALLOSTAT_TRY(reserve(self, users->row_count, error));
    memset(self->first, 0, sizeof self->first);
    for (size_t i = 0; i < users->row_count; i++) {
        self->first[residents->area[users->person[i]] + 1] += (size_t)users->active[i];
    }
    for (int area = 0; area < ALLOSTAT_AREAS_MAX; area++) {
        self->first[area + 1] += self->first[area];
        next[area] = self->first[area];
    }
    /* In order of person, so that the order of the users' table does not matter. */
    for (size_t person = next_user(residents, 0); person < residents->row_count;
         person = next_user(residents, person + 1)) {
        const int32_t row = residents->user_row[person];
        if (users->active[row])
            self->row[next[residents->area[person]]++] = (uint32_t)row;
    }
cleanup:
    return status;
}

void allostat_witnesses_free(allostat_witnesses *self)
{
    allostat_column_free((void **)&self->row);
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
