/* A city as bytes, between two months, and a city out of such bytes.
 *
 * The bytes hold all state and nothing that follows from the configuration; they are
 * read on a machine of the same byte order by a program with the same tables. */
#ifndef ALLOSTAT_ENGINE_CHECKPOINT_H
#define ALLOSTAT_ENGINE_CHECKPOINT_H

#include "engine/city.h"

/* Bytes that grow. Zeroed it is empty; freed with allostat_bytes_free. */
typedef struct {
    unsigned char *data; /* [capacity] */
    size_t size, capacity;
} allostat_bytes;

void allostat_bytes_free(allostat_bytes *self);

/* Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_bytes_append(allostat_bytes *self,
                                                          const void *data, size_t size,
                                                          allostat_error *error);

/* A number that changes when a table gets another column or a column another type. */
uint64_t allostat_checkpoint_layout(void);

/* Append the state of a city and of what it has left so far: the months of `records`
 * before `month`, which is about to begin. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_checkpoint_write(
    const allostat_city *city, const allostat_records *records, allostat_month month,
    allostat_bytes *bytes, allostat_error *error);

/* Fill a city of allostat_city_init_empty and the months that `records` shares with
 * those saved. Errors: DATA when the bytes are not of these tables, are too few or too
 * many, or when `records` wants months that were not kept; NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_checkpoint_read(
    allostat_city *city, allostat_records *records, allostat_month month,
    const void *data, size_t size, allostat_error *error);

#endif
