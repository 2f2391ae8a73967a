/* The users: residents who take or have taken opioids; the rows of the daily clock. */
#ifndef ALLOSTAT_PEOPLE_USERS_H
#define ALLOSTAT_PEOPLE_USERS_H

#include "base/error.h"
#include "people/courses.h"
#include "people/residents.h"

#include <stddef.h>
#include <stdint.h>

typedef enum {
    ALLOSTAT_TREATMENT_none,
    ALLOSTAT_TREATMENT_methadone,
    ALLOSTAT_TREATMENT_buprenorphine,
    ALLOSTAT_TREATMENT_COUNT
} allostat_treatment;

typedef struct {
    size_t row_count;
    size_t row_capacity;
#define COLUMN(name, type, unit, about) type *name; /* [row_capacity] */
#include "tables/users.def"
#undef COLUMN
} allostat_users;

ALLOSTAT_MUST_CHECK allostat_status allostat_users_init(allostat_users *self,
                                                        size_t row_capacity,
                                                        allostat_error *error);
void allostat_users_free(allostat_users *self);

/* A zeroed row for a resident, present, with the resident's traits copied and users'
 * and residents' rows pointing at each other. Grows the table by half when it is full:
 * call it between days only. Error: NO_MEMORY; nothing has changed then. */
ALLOSTAT_MUST_CHECK allostat_status allostat_users_append(allostat_users *self,
                                                          allostat_residents *residents,
                                                          uint32_t person, size_t *row,
                                                          allostat_error *error);

/* Take away the rows of those who are not present, keeping the order of the others.
 * Their residents keep user_row -1. */
void allostat_users_compact(allostat_users *self, allostat_residents *residents);

/* Put users of the street, then patients (rx_only), each in the order of residents'
 * rows, so that looks from one table into the other go in one direction. Error:
 * NO_MEMORY; then nothing has changed. */
ALLOSTAT_MUST_CHECK allostat_status allostat_users_sort(allostat_users *self,
                                                        allostat_residents *residents,
                                                        allostat_error *error);

size_t allostat_users_row_bytes(void);

#endif
