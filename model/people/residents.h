/* The residents: everybody of 15 years and over who lives, or has lived, in the city.
 */
#ifndef ALLOSTAT_PEOPLE_RESIDENTS_H
#define ALLOSTAT_PEOPLE_RESIDENTS_H

#include "base/calendar.h"
#include "base/error.h"
#include "base/share.h"
#include "people/tie_slots.h"

#include <stddef.h>
#include <stdint.h>

typedef enum {
    ALLOSTAT_RESIDENT_expected, /* a row kept for somebody who has not come yet */
    ALLOSTAT_RESIDENT_present,
    ALLOSTAT_RESIDENT_dead_overdose,
    ALLOSTAT_RESIDENT_dead_other,
    ALLOSTAT_RESIDENT_moved_out,
    ALLOSTAT_RESIDENT_STATUS_COUNT
} allostat_resident_status;

typedef enum {
    ALLOSTAT_HOUSING_stable,
    ALLOSTAT_HOUSING_unstable, /* single room, shelter, supportive housing */
    ALLOSTAT_HOUSING_homeless
} allostat_housing;

enum { ALLOSTAT_AGE_OF_ENTRY = 15, ALLOSTAT_MONTHS_A_YEAR = 12 };

/* Row r of every column is one person. Rows move only when they are put in order, once
 * a year: see forgetting.h. Those who come stand behind, in the order of numbers. */
typedef struct {
    size_t row_count;    /* rows in use: people who have entered, less the forgotten */
    size_t row_capacity; /* rows there are */
    size_t near_count;   /* rows in front, of people close to opioids, who live by the
                            month; see turn.h. Zero when everybody does */
    int64_t forgotten[ALLOSTAT_RESIDENT_STATUS_COUNT]; /* people without a row any more,
                                                          by how they left */
    allostat_share share; /* who shares out work on many rows; nobody to begin with */
#define COLUMN(name, type, unit, about) type *name; /* [row_capacity] */
#include "tables/residents.def"
#undef COLUMN
} allostat_residents;

/* Zeroed columns, but for the numbers of the people who will stand in the rows. Error:
 * NO_MEMORY; the table can be freed then. */
ALLOSTAT_MUST_CHECK allostat_status allostat_residents_init(allostat_residents *self,
                                                            size_t row_capacity,
                                                            allostat_error *error);
/* The same with who shares out work, which begins with getting the memory. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_residents_init_shared(allostat_residents *self, size_t row_capacity,
                               allostat_share share, allostat_error *error);
void allostat_residents_free(allostat_residents *self);

/* Room for `rows` rows: columns may move. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_residents_reserve(allostat_residents *self,
                                                               size_t rows,
                                                               allostat_error *error);

/* People without a row any more. */
static inline int64_t allostat_residents_forgotten(const allostat_residents *self)
{
    int64_t sum = 0;

    for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++) sum += self->forgotten[s];
    return sum;
}

/* Number the rows from `first` on, for those who will come. */
void allostat_residents_number(allostat_residents *self, size_t first);

/* The row of the person with a number; row_count when not yet there or forgotten. Quick
 * when `guess` is that row, such as that of yesterday. */
size_t allostat_residents_find(const allostat_residents *self, uint32_t number,
                               size_t guess);

/* Bytes of all columns for one row. */
size_t allostat_residents_row_bytes(void);

/* Age in whole years in a calendar month that is not before birth, at most 110. The
 * product is the quotient by 12 below 2^15 months, and much less work for vectors than
 * any quotient. */
static inline int32_t allostat_age_in_month(int32_t birth_month, allostat_month month)
{
    const uint32_t months = (uint32_t)(month - birth_month);
    const int32_t age = (int32_t)(months * 43691u >> 19);

    return age < 110 ? age : 110;
}

#endif
