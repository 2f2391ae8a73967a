#include "engine/found.h"

#include "base/columns.h"

#include <string.h>

allostat_status allostat_found_begin(allostat_found_parts *self, size_t parts,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (parts > self->part_count) {
        ALLOSTAT_TRY(allostat_column_grow((void **)&self->part, self->part_count, parts,
                                          sizeof *self->part, error));
        self->part_count = parts;
    }
    for (size_t p = 0; p < self->part_count; p++) {
        self->part[p].count = 0;
        self->part[p].partings.count = 0;
        self->part[p].status = ALLOSTAT_OK;
    }
cleanup:
    return status;
}

void allostat_found_free(allostat_found_parts *self)
{
    for (size_t p = 0; p < self->part_count; p++) {
        allostat_column_free((void **)&self->part[p].row);
        allostat_column_free((void **)&self->part[p].partings.parting);
    }
    allostat_column_free((void **)&self->part);
    memset(self, 0, sizeof *self);
}

static allostat_status reserve(allostat_found *self, size_t rows, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_column_reserve((void **)&self->row, &self->capacity,
                                         self->count + rows, sizeof *self->row, error));
    ALLOSTAT_TRY(allostat_partings_reserve(&self->partings, rows, error));
cleanup:
    return status;
}

bool allostat_found_reserve(allostat_found *self, size_t rows)
{
    self->status = reserve(self, rows, &self->error);
    return self->status == ALLOSTAT_OK;
}

allostat_status allostat_found_check(const allostat_found_parts *self,
                                     allostat_error *error)
{
    for (size_t p = 0; p < self->part_count; p++) {
        if (self->part[p].status == ALLOSTAT_OK) continue;
        if (error != NULL) *error = self->part[p].error;
        return self->part[p].status;
    }
    return ALLOSTAT_OK;
}

size_t allostat_found_bytes(const allostat_found_parts *self)
{
    size_t bytes = 0;

    for (size_t p = 0; p < self->part_count; p++) {
        const allostat_found *part = &self->part[p];

        bytes += part->capacity * sizeof *part->row +
                 part->partings.capacity * sizeof *part->partings.parting;
    }
    return bytes;
}
