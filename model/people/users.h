/* The users: residents who take or have taken opioids; the rows of the daily clock. */
#ifndef ALLOSTAT_PEOPLE_USERS_H
#define ALLOSTAT_PEOPLE_USERS_H

#include "base/dmath.h"
#include "base/error.h"
#include "base/share.h"
#include "people/courses.h"
#include "people/residents.h"
#include "people/traits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    ALLOSTAT_TREATMENT_none,
    ALLOSTAT_TREATMENT_methadone,
    ALLOSTAT_TREATMENT_buprenorphine,
    ALLOSTAT_TREATMENT_srom,       /* slow-release oral morphine */
    ALLOSTAT_TREATMENT_ioat,       /* injectable: diacetylmorphine or hydromorphone */
    ALLOSTAT_TREATMENT_naltrexone, /* extended-release: an antagonist */
    ALLOSTAT_TREATMENT_COUNT
} allostat_treatment;

/* Opioid agonist treatment: 1 for every treatment but naltrexone. */
static inline int32_t allostat_is_agonist(int32_t treatment)
{
    return (treatment != ALLOSTAT_TREATMENT_none) &
           (treatment != ALLOSTAT_TREATMENT_naltrexone);
}

/* Counters of a month packed into one word, one for each treatment from the lowest bits
 * on: days in treatment, at most 31; starts, at most 7, and behind all of them stops.
 * Days of safer supply stand behind the days in treatment. */
enum {
    ALLOSTAT_PACKED_DAYS_BITS = 5,
    ALLOSTAT_PACKED_MOVES_BITS = 3,
    ALLOSTAT_PACKED_SAFER_AT = 25,
    ALLOSTAT_PACKED_STOPS_AT = 15
};

/* 1 in the place of a treatment, and 0 for none: a power of two made as a float, which
 * vectors do without a look-up; 2^-bits becomes 0. */
static inline int32_t allostat_packed_one(int32_t treatment, int32_t bits)
{
    const int32_t bias = 127, exponent_at = 23;

    return (int32_t)allostat_float_from_bits((uint32_t)(bias + bits * (treatment - 1))
                                             << exponent_at);
}

/* The count that stands in the place of a treatment, 1 or more. */
static inline int32_t allostat_packed_count(int32_t packed, int32_t treatment,
                                            int32_t bits)
{
    return (packed >> bits * (treatment - 1)) & ((1 << bits) - 1);
}

/* What a person is for good, packed into one word of a user's row, so that many users
 * are counted without a look at their residents' rows, which lie apart. */
enum {
    ALLOSTAT_WHO_BIRTH_BITS = 16,
    ALLOSTAT_WHO_AREA_AT = ALLOSTAT_WHO_BIRTH_BITS,
    ALLOSTAT_WHO_AREA_MASK = 255,
    ALLOSTAT_WHO_SEX_AT = 24,
    ALLOSTAT_WHO_STYLE_AT = 25,
    ALLOSTAT_WHO_STYLE_MASK = 3,
    ALLOSTAT_WHO_ACE_AT = 27
};

static inline int32_t allostat_who_of(const allostat_residents *residents,
                                      uint32_t person)
{
    const int32_t style = (int32_t)allostat_style(
        residents->attachment_anxiety[person], residents->attachment_avoidance[person]);

    return (uint16_t)residents->birth_month[person] |
           residents->area[person] << ALLOSTAT_WHO_AREA_AT |
           residents->sex[person] << ALLOSTAT_WHO_SEX_AT |
           style << ALLOSTAT_WHO_STYLE_AT |
           residents->ace_score[person] << ALLOSTAT_WHO_ACE_AT;
}

static inline int32_t allostat_who_birth_month(int32_t who) { return (int16_t)who; }

static inline int32_t allostat_who_area(int32_t who)
{
    return who >> ALLOSTAT_WHO_AREA_AT & ALLOSTAT_WHO_AREA_MASK;
}

static inline int32_t allostat_who_sex(int32_t who)
{
    return who >> ALLOSTAT_WHO_SEX_AT & 1;
}

static inline int32_t allostat_who_style(int32_t who)
{
    return who >> ALLOSTAT_WHO_STYLE_AT & ALLOSTAT_WHO_STYLE_MASK;
}

static inline int32_t allostat_who_ace_score(int32_t who)
{
    return who >> ALLOSTAT_WHO_ACE_AT;
}

typedef struct {
    size_t row_count;
    size_t row_capacity;
    size_t street_count;  /* rows in front that live by the day, see
                             allostat_users_part */
    allostat_share share; /* who shares out work on many rows; nobody to begin with */
    /* a bit for each row, noted before rows are put in order */
    uint64_t *present_bits, *behind_bits, *patient_bits;
#define COLUMN(name, type, unit, about) type *name; /* [row_capacity] */
#include "tables/users.def"
#undef COLUMN
} allostat_users;

ALLOSTAT_MUST_CHECK allostat_status allostat_users_init(allostat_users *self,
                                                        size_t row_capacity,
                                                        allostat_error *error);
/* The same with who shares out work, which begins with getting the memory. */
ALLOSTAT_MUST_CHECK allostat_status allostat_users_init_shared(allostat_users *self,
                                                               size_t row_capacity,
                                                               allostat_share share,
                                                               allostat_error *error);
void allostat_users_free(allostat_users *self);

/* Room for so many rows: grows the table by half at least when it is full, so call it
 * between days only. Error: NO_MEMORY; nothing has changed then. */
ALLOSTAT_MUST_CHECK allostat_status allostat_users_reserve(allostat_users *self,
                                                           size_t rows,
                                                           allostat_error *error);

/* An empty row for which there is room becomes that of a resident, present, with the
 * resident's traits copied and users' and residents' rows pointing at each other.
 * Writes these two rows only; who counts the rows is the caller. */
void allostat_users_seat(allostat_users *self, allostat_residents *residents,
                         uint32_t person, size_t row);

/* The same for the row after the last, which is counted. Errors as above. */
ALLOSTAT_MUST_CHECK allostat_status allostat_users_append(allostat_users *self,
                                                          allostat_residents *residents,
                                                          uint32_t person, size_t *row,
                                                          allostat_error *error);

/* Note of rows first .. first + count - 1 what the next two go by, so that blocks can
 * do it, each when its rows are at hand: who is present, and who belongs where. `first`
 * is a multiple of 64. */
void allostat_users_note_present(const allostat_users *self, size_t first,
                                 size_t count);
void allostat_users_note_sides(const allostat_users *self, size_t first, size_t count);

/* Take away the rows of those who are noted not to be present: the last of those who
 * live by the day and of those who live by the month go to their places, and the last
 * rows are empty. Their residents lose them: user_row is -1. Rows must stand as
 * allostat_users_part leaves them. */
void allostat_users_compact(allostat_users *self, allostat_residents *residents);

/* As sides are noted: users of the street in front; after them those who live by the
 * month, the dormant before patients: street_count is the number of the first until
 * rows come or go. Rows on the wrong side change places, so the order within a part
 * depends on the order before. */
void allostat_users_part(allostat_users *self, allostat_residents *residents);

/* Put users of the street, the dormant, then patients, each in the order of residents'
 * rows, so that looks from one table into the other go in one direction.
 * Error: NO_MEMORY; then nothing has changed. */
ALLOSTAT_MUST_CHECK allostat_status allostat_users_sort(allostat_users *self,
                                                        allostat_residents *residents,
                                                        allostat_error *error);

size_t allostat_users_row_bytes(void);

/* Some rows as they are, to be put back as they were. */
enum {
    ALLOSTAT_KEPT_USERS_MAX = 15,
    ALLOSTAT_USERS_ROW_BYTES = 0
#define COLUMN(name, type, unit, about) +(int)sizeof(type)
#include "tables/users.def"
#undef COLUMN
};

typedef struct {
    size_t first, count;
    unsigned char bytes[ALLOSTAT_KEPT_USERS_MAX * ALLOSTAT_USERS_ROW_BYTES];
} allostat_kept_users;

/* At most ALLOSTAT_KEPT_USERS_MAX rows, below row_capacity. */
void allostat_users_keep_rows(const allostat_users *self, size_t first, size_t count,
                              allostat_kept_users *kept);
void allostat_users_put_back(allostat_users *self, const allostat_kept_users *kept);

/* Some rows, in order. */
typedef struct {
    const uint32_t *row; /* [count] */
    size_t count;
} allostat_some_rows;

/* Lists in row[count] the rows first .. first + count - 1 where either of two columns
 * is not 0, and returns their number. */
size_t allostat_rows_with(const int32_t *one, const int32_t *other, size_t first,
                          size_t count, uint32_t *row);

#endif
