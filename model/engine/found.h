/* Rows that threads find, each in its part of the table, for one thread to go on with
 * in row order. */
#ifndef ALLOSTAT_ENGINE_FOUND_H
#define ALLOSTAT_ENGINE_FOUND_H

#include "people/ties_leave.h"

/* Of one part, in row order. */
typedef struct {
    size_t count, capacity;
    uint32_t *row;              /* [capacity] */
    allostat_partings partings; /* of those who leave */
    allostat_status status;     /* of the thread that fills it */
    allostat_error error;
} allostat_found;

/* Kept from month to month; zeroed there are none. */
typedef struct {
    size_t part_count;
    allostat_found *part; /* [part_count] */
} allostat_found_parts;

/* That many parts at least, all empty. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_found_begin(allostat_found_parts *self,
                                                         size_t parts,
                                                         allostat_error *error);
void allostat_found_free(allostat_found_parts *self);

/* Room for that many rows more, and for as many who leave. False without memory, which
 * allostat_found_check tells. */
bool allostat_found_reserve(allostat_found *self, size_t rows);

/* Error: that of a part, NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_found_check(const allostat_found_parts *self, allostat_error *error);

size_t allostat_found_bytes(const allostat_found_parts *self);

#endif
