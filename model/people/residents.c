#include "people/residents.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

enum {
    ROW_BYTES = 0
#define COLUMN(name, type, unit, about) +(int)sizeof(type)
#include "tables/residents.def"
#undef COLUMN
    ,
    COLUMNS = 0
#define COLUMN(name, type, unit, about) +1
#include "tables/residents.def"
#undef COLUMN
};

/* A column that has grown before another failed is longer than the capacity says:
 * harmless. */
static allostat_status grow(allostat_residents *self, size_t more,
                            allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t old = self->row_capacity;
    allostat_column_room *room =
        allostat_column_room_make(more, ROW_BYTES, COLUMNS, self->share);

#define COLUMN(name, type, unit, about)                                         \
    ALLOSTAT_TRY(allostat_column_grow_in(room, (void **)&self->name, old, more, \
                                         sizeof(type), error));
#include "tables/residents.def"
#undef COLUMN
    self->row_capacity = more;
    allostat_residents_number(self, old);
cleanup:
    allostat_column_room_close(room);
    return status;
}

allostat_status allostat_residents_init_shared(allostat_residents *self,
                                               size_t row_capacity,
                                               allostat_share share,
                                               allostat_error *error)
{
    memset(self, 0, sizeof *self);
    self->share = share;
    return grow(self, row_capacity, error);
}

allostat_status allostat_residents_init(allostat_residents *self, size_t row_capacity,
                                        allostat_error *error)
{
    return allostat_residents_init_shared(self, row_capacity, (allostat_share){0},
                                          error);
}

allostat_status allostat_residents_reserve(allostat_residents *self, size_t rows,
                                           allostat_error *error)
{
    const size_t share = 16; /* a sixteenth more */
    const size_t old = self->row_capacity, little = old + old / share;

    if (rows <= old) return ALLOSTAT_OK;
    return grow(self, rows > little ? rows : little, error);
}

void allostat_residents_number(allostat_residents *self, size_t first)
{
    const size_t forgotten = (size_t)allostat_residents_forgotten(self);

    for (size_t row = first; row < self->row_capacity; row++)
        self->number[row] = (uint32_t)(row + forgotten);
}

/* The row of a number; the row count when nobody has it. */
ALLOSTAT_HOT
static size_t look_through(const uint32_t *restrict number, size_t count,
                           uint32_t wanted)
{
    enum { ROWS = 1024 }; /* at a time */
    size_t first = 0;

    for (; count - first >= ROWS; first += ROWS) {
        uint32_t found = 0;

        for (size_t i = 0; i < ROWS; i++) found |= number[first + i] == wanted;
        if (found) break;
    }
    while (first < count && number[first] != wanted) first++;
    return first;
}

size_t allostat_residents_find(const allostat_residents *self, uint32_t number,
                               size_t guess)
{
    if (guess < self->row_count && self->number[guess] == number) return guess;
    if ((int64_t)number >=
        (int64_t)self->row_count + allostat_residents_forgotten(self))
        return self->row_count;
    return look_through(self->number, self->row_count, number);
}

void allostat_residents_free(allostat_residents *self)
{
#define COLUMN(name, type, unit, about) allostat_column_free((void **)&self->name);
#include "tables/residents.def"
#undef COLUMN
    memset(self, 0, sizeof *self);
}

size_t allostat_residents_row_bytes(void)
{
    return 0
#define COLUMN(name, type, unit, about) +sizeof(type)
#include "tables/residents.def"
#undef COLUMN
        ;
}
