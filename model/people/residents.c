#include "people/residents.h"

#include "base/columns.h"

#include <string.h>

allostat_status allostat_residents_init(allostat_residents *self, size_t row_capacity,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    memset(self, 0, sizeof *self);
#define COLUMN(name, type, unit, about)                                       \
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->name, row_capacity, \
                                          sizeof(type), error));
#include "tables/residents.def"
#undef COLUMN
    self->row_capacity = row_capacity;
    allostat_residents_number(self, 0);
cleanup:
    return status;
}

/* A column that has grown before another failed is longer than the capacity says:
 * harmless. */
allostat_status allostat_residents_reserve(allostat_residents *self, size_t rows,
                                           allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t share = 16; /* a sixteenth more */
    const size_t old = self->row_capacity, little = old + old / share,
                 more = rows > little ? rows : little;

    if (rows <= old) return ALLOSTAT_OK;
#define COLUMN(name, type, unit, about) \
    ALLOSTAT_TRY(                       \
        allostat_column_grow((void **)&self->name, old, more, sizeof(type), error));
#include "tables/residents.def"
#undef COLUMN
    self->row_capacity = more;
    allostat_residents_number(self, old);
cleanup:
    return status;
}

void allostat_residents_number(allostat_residents *self, size_t first)
{
    const size_t forgotten = (size_t)allostat_residents_forgotten(self);

    for (size_t row = first; row < self->row_capacity; row++)
        self->number[row] = (uint32_t)(row + forgotten);
}

size_t allostat_residents_find(const allostat_residents *self, uint32_t number)
{
    size_t low = 0, high = self->row_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (self->number[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < self->row_count && self->number[low] == number ? low : self->row_count;
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
