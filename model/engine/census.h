/* The residents present, counted by area, sex and month of birth, and kept up to date
 * as people come and leave: a month's stock of residents by age comes out of it without
 * a look at the residents. */
#ifndef ALLOSTAT_ENGINE_CENSUS_H
#define ALLOSTAT_ENGINE_CENSUS_H

#include "params/params.h"
#include "people/residents.h"

#include <stdbool.h>

/* Months of birth are kept modulo this: 341 years, longer than any life and the age of
 * entry together. */
enum { ALLOSTAT_CENSUS_MONTHS = 4096 };

typedef struct {
    int32_t area_count;
    int32_t *people;   /* [area][sex][ALLOSTAT_CENSUS_MONTHS] */
    int64_t adversity; /* adverse childhood experiences of all of them together */
    bool shared;       /* other threads change `people`, too, each with an adversity of
                          its own */
} allostat_census;

/* Nobody. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_census_init(allostat_census *self,
                                                         int32_t area_count,
                                                         allostat_error *error);
void allostat_census_free(allostat_census *self);

/* Where people of somebody's area, sex and month of birth are counted. */
static inline int32_t *allostat_census_place(const allostat_census *self,
                                             const allostat_residents *residents,
                                             uint32_t person)
{
    const size_t group =
        (size_t)residents->area[person] * ALLOSTAT_SEX_COUNT + residents->sex[person];
    const uint32_t born = (uint32_t)residents->birth_month[person];

    return &self->people[group * ALLOSTAT_CENSUS_MONTHS +
                         born % ALLOSTAT_CENSUS_MONTHS];
}

/* A person comes (change 1) or leaves (-1): to be called at every change of status and,
 * once for each side, of area. */
void allostat_census_change(allostat_census *self, const allostat_residents *residents,
                            uint32_t person, int32_t change);

/* All residents come: the people of the first day. */
void allostat_census_found(allostat_census *self, const allostat_residents *residents);

/* Add the residents to count[area][sex][age group] by their age in a month. */
void allostat_census_count(const allostat_census *self, allostat_month month,
                           int32_t *count);

/* Count the residents' table again. Error: INVARIANT when it holds others. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_census_verify(const allostat_census *self, const allostat_residents *residents,
                       allostat_error *error);

/* Entries of `people`. */
size_t allostat_census_cells(const allostat_census *self);

size_t allostat_census_bytes(const allostat_census *self);

#endif
