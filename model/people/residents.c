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
cleanup:
    return status;
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
