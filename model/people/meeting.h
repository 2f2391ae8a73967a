/* Who meets whom: people who look for a tie are paired within meeting places, by area
 * and band of age as homophily says.
 *
 * A place holds a few people only, and who goes where is a keyed draw of each. So one
 * person more or less changes the pairs of one place, not of the city. */
#ifndef ALLOSTAT_PEOPLE_MEETING_H
#define ALLOSTAT_PEOPLE_MEETING_H

#include "base/error.h"
#include "base/share.h"
#include "params/params.h"
#include "people/residents.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where somebody looks first; who is left over there looks in a wider pool. */
typedef enum {
    ALLOSTAT_POOL_area_and_age,
    ALLOSTAT_POOL_age,
    ALLOSTAT_POOL_area,
    ALLOSTAT_POOL_city,
    ALLOSTAT_POOL_COUNT
} allostat_pool;

enum {
    ALLOSTAT_AGE_BANDS_MAX = 8,
    ALLOSTAT_MEETING_CELLS = ((int)ALLOSTAT_AREAS_MAX + 1) * ALLOSTAT_AGE_BANDS_MAX +
                             (int)ALLOSTAT_AREAS_MAX + 1
};

typedef struct {
    uint32_t person;
    uint32_t meeting; /* random bits that choose the place */
    uint32_t rank;    /* random bits that order the people of a place */
    uint8_t area, band, pool;
} allostat_seeker;

/* A list that grows; zeroed it is empty. */
typedef struct {
    size_t count, capacity;
    allostat_seeker *seeker; /* [capacity] */
    allostat_status status;  /* of the thread that fills it */
    allostat_error error;
} allostat_seeker_list;

/* Room for `more` seekers beside those who are there. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_seekers_reserve(allostat_seeker_list *self,
                                                             size_t more,
                                                             allostat_error *error);

/* Seekers who stand together. */
typedef struct {
    const allostat_seeker *seeker;
    size_t count;
} allostat_seekers;

/* Scratch of the pairing, and the number of places, which stays once it is chosen. */
typedef struct {
    size_t count, capacity, sorted_capacity;
    size_t alone_count; /* who found nobody in the last pairing: the first seekers */
    allostat_seeker *seeker;          /* [capacity] */
    allostat_seeker *sorted;          /* [sorted_capacity] */
    const allostat_seeker_list *from; /* [from_count]: who stands in lists of threads,
                                         for `seeker` has only room for them */
    size_t from_count;
    allostat_seekers *together; /* [together_capacity]: of a step of the pairing */
    size_t together_capacity;
    uint32_t
        *start; /* [start_capacity]: for each part, where its run in each place ends */
    size_t start_capacity;
    uint8_t place_bits[ALLOSTAT_MEETING_CELLS]; /* a cell has 2^bits places */
    uint32_t first_place[ALLOSTAT_MEETING_CELLS + 1];
    bool places_chosen;
} allostat_meeting;

void allostat_meeting_free(allostat_meeting *self);

/* Room for `more` seekers beside those who are there; rows of people who were added
 * stay. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_meeting_reserve(allostat_meeting *self,
                                                             size_t more,
                                                             allostat_error *error);

/* The whole list becomes that of a meeting which has none, without a copy; the list is
 * empty then, and has the room that was the meeting's. */
void allostat_meeting_take(allostat_meeting *self, allostat_seeker_list *list);

/* The seekers of some lists become those of a meeting which has none: they stay where
 * they are, and must until they are paired. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_meeting_join(allostat_meeting *self, const allostat_seeker_list *list,
                      size_t list_count, allostat_error *error);

/* Room must have been reserved. */
static inline void allostat_meeting_add(allostat_meeting *self, allostat_seeker seeker)
{
    self->seeker[self->count++] = seeker;
}

/* The pool of who looks in the area, or among people of the same band of age. */
static inline uint8_t allostat_pool_of(int in_area, int in_age)
{
    return (uint8_t)((int)ALLOSTAT_POOL_city - in_area - 2 * in_age);
}

/* The band of an age. */
static inline uint8_t allostat_age_band(int32_t age, int32_t band_years)
{
    const int32_t band = (age - (int32_t)ALLOSTAT_AGE_OF_ENTRY) / band_years;

    return (uint8_t)(band < ALLOSTAT_AGE_BANDS_MAX ? band : ALLOSTAT_AGE_BANDS_MAX - 1);
}

/* How often a seeker must look among those like him, so that a share `wanted` of ties
 * is between people who are alike, when a share `by_chance` would be: the rest are
 * alike by chance. */
static inline double allostat_homophily(double wanted, double by_chance)
{
    const double more = (wanted - by_chance) / (1.0 - by_chance);

    return by_chance < wanted ? more : 0.0;
}

/* May these two tie, and tie them: returns whether they did. Pairs of other people may
 * be tried at the same time. */
typedef bool (*allostat_tie_try)(void *context, uint32_t a, uint32_t b);

/* A person will be tried soon. */
typedef void (*allostat_tie_expect)(void *context, uint32_t person);

typedef struct {
    allostat_tie_try try_tie;
    allostat_tie_expect expect; /* or NULL */
    void *context;
    allostat_share share; /* zeroed: all in this thread */
} allostat_pairing;

/* Choose the number of places of each cell for as many seekers as there are now. */
void allostat_meeting_choose_places(allostat_meeting *self, allostat_share share);

/* Pair the seekers, from the closest pools to the widest; nobody is left in the list,
 * and alone_count are told, until somebody is added.
 * Takes time in proportion to the seekers. Returns the number of ties made. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_meeting_pair(allostat_meeting *self,
                                                          allostat_pairing pairing,
                                                          int32_t *made,
                                                          allostat_error *error);

#endif
