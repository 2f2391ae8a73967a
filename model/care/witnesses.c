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

/* The first person from `person` on, before `end`, who has a user's row, else `end`;
 * the rows of others are -1, whose bits are all set. */
static size_t next_user(const allostat_residents *residents, size_t person, size_t end)
{
    const int32_t *row = residents->user_row;

    while (person + 4 <= end &&
           (row[person] & row[person + 1] & row[person + 2] & row[person + 3]) < 0)
        person += 4;
    while (person < end && row[person] < 0) person++;
    return person;
}

/* Each part lists its own people: in order of person, so that the order of the users'
 * table does not matter. */
enum { PARTS_MAX = 64 };

typedef struct {
    allostat_witnesses *witnesses;
    const allostat_users *users;
    const allostat_residents *residents;
    size_t parts;
    size_t next[PARTS_MAX][ALLOSTAT_AREAS_MAX]; /* a count at first, then a place */
} listing;

static void visit_part(listing *self, size_t part, bool list)
{
    const allostat_residents *residents = self->residents;
    const uint8_t *area = residents->area;
    const size_t rows = residents->row_count;
    const size_t end = allostat_share_first_row(rows, part + 1, self->parts);
    size_t person = allostat_share_first_row(rows, part, self->parts);
    size_t *next = self->next[part];

    for (person = next_user(residents, person, end); person < end;
         person = next_user(residents, person + 1, end)) {
        const int32_t row = residents->user_row[person];

        if (!self->users->active[row]) continue;
        if (list) self->witnesses->row[next[area[person]]] = (uint32_t)row;
        next[area[person]]++;
    }
}

static void count_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    (void)unused_first, (void)unused;
    visit_part(context, part, false);
}

static void list_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    (void)unused_first, (void)unused;
    visit_part(context, part, true);
}

allostat_status allostat_witnesses_list(allostat_witnesses *self,
                                        const allostat_users *users,
                                        const allostat_residents *residents,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t parts = allostat_share_part_count(users->share);
    size_t before = 0;
    listing all = {.witnesses = self,
                   .users = users,
                   .residents = residents,
                   .parts = parts < PARTS_MAX ? parts : PARTS_MAX};

    ALLOSTAT_TRY(reserve(self, users->row_count, error));
    allostat_share_pieces(users->share, all.parts, count_part, &all);
    for (int area = 0; area < ALLOSTAT_AREAS_MAX; area++) {
        self->first[area] = before;
        for (size_t part = 0; part < all.parts; part++) {
            const size_t found = all.next[part][area];

            all.next[part][area] = before;
            before += found;
        }
    }
    self->first[ALLOSTAT_AREAS_MAX] = before;
    allostat_share_pieces(users->share, all.parts, list_part, &all);
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
