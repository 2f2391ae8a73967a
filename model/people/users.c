#include "people/users.h"

#include "base/columns.h"

#include <string.h>

enum { LEAST_CAPACITY = 1024 };

allostat_status allostat_users_init(allostat_users *self, size_t row_capacity,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    memset(self, 0, sizeof *self);
    if (row_capacity < LEAST_CAPACITY) row_capacity = LEAST_CAPACITY;
#define COLUMN(name, type, unit, about)                                       \
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->name, row_capacity, \
                                          sizeof(type), error));
#include "tables/users.def"
#undef COLUMN
    self->row_capacity = row_capacity;
cleanup:
    return status;
}

void allostat_users_free(allostat_users *self)
{
#define COLUMN(name, type, unit, about) allostat_column_free((void **)&self->name);
#include "tables/users.def"
#undef COLUMN
    memset(self, 0, sizeof *self);
}

/* A column that has grown before another failed is longer than the capacity says:
 * harmless. */
static allostat_status grow(allostat_users *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t more = self->row_capacity + self->row_capacity / 2;

#define COLUMN(name, type, unit, about)                                               \
    ALLOSTAT_TRY(allostat_column_grow((void **)&self->name, self->row_capacity, more, \
                                      sizeof(type), error));
#include "tables/users.def"
#undef COLUMN
    self->row_capacity = more;
cleanup:
    return status;
}

allostat_status allostat_users_append(allostat_users *self,
                                      allostat_residents *residents, uint32_t person,
                                      size_t *row, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (self->row_count == self->row_capacity) ALLOSTAT_TRY(grow(self, error));
    const size_t i = self->row_count++;
#define COLUMN(name, type, unit, about) memset(&self->name[i], 0, sizeof(type));
#include "tables/users.def"
#undef COLUMN
    self->person[i] = person;
    self->present[i] = 1;
    self->avoidance[i] = residents->attachment_avoidance[person];
    self->stress[i] = residents->stress[person];
    self->allostatic_load[i] = residents->allostatic_load[person];
    self->oxytocin[i] = residents->oxytocin[person];
    self->connection[i] = residents->connection[person];
    self->pain[i] = residents->pain[person];
    self->assistance[i] = residents->assistance[person];
    residents->user_row[person] = (int32_t)i;
    *row = i;
cleanup:
    return status;
}

void allostat_users_compact(allostat_users *self, allostat_residents *residents)
{
    size_t kept = 0;

    for (size_t i = 0; i < self->row_count; i++) {
        const uint32_t person = self->person[i];

        if (!self->present[i]) {
            residents->user_row[person] = -1;
            continue;
        }
        if (kept != i) {
#define COLUMN(name, type, unit, about) self->name[kept] = self->name[i];
#include "tables/users.def"
#undef COLUMN
            residents->user_row[person] = (int32_t)kept;
        }
        kept++;
    }
    self->row_count = kept;
}

size_t allostat_users_row_bytes(void)
{
    return 0
#define COLUMN(name, type, unit, about) +sizeof(type)
#include "tables/users.def"
#undef COLUMN
        ;
}
