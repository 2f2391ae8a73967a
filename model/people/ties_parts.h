/* Shared by the first day of ties and their months: how fast people find each other,
 * and how a person who looks enters the pairing. */
#ifndef ALLOSTAT_PEOPLE_TIES_PARTS_H
#define ALLOSTAT_PEOPLE_TIES_PARTS_H

#include "base/hint.h"
#include "people/ties_month.h"

/* Ratio of the rate of finding ties at this avoidance (in SD): exp(-b a). */
static inline double allostat_avoidance_search_ratio(const allostat_params *params,
                                                     double avoidance)
{
    return allostat_exp(-params->ties_avoidance_search * avoidance);
}

/* Ratios of the rate of finding support ties, by use, by housing and in all. */
static inline double allostat_search_ratio_of_use(const allostat_params *params,
                                                  bool uses)
{
    return uses ? params->ties_use_search_ratio : 1.0;
}

static inline double allostat_search_ratio_of_home(const allostat_params *params,
                                                   const allostat_residents *residents,
                                                   uint32_t person)
{
    const bool homeless = residents->housing[person] == ALLOSTAT_HOUSING_homeless;

    return homeless ? params->ties_homeless_search_ratio : 1.0;
}

static inline double allostat_support_search_ratio(const allostat_params *params,
                                                   const allostat_residents *residents,
                                                   uint32_t person, bool uses)
{
    return allostat_avoidance_search_ratio(
               params, (double)residents->attachment_avoidance[person]) *
           allostat_search_ratio_of_use(params, uses) *
           allostat_search_ratio_of_home(params, residents, person);
}

/* The first row of a piece of all rows; of the piece after the last: all rows. People
 * close to opioids have most ties that are due and nearly all ties of using together:
 * a quarter of the pieces is for the rows in front, where they stand. */
size_t allostat_ties_first_row(const allostat_turn *turn, size_t piece, size_t pieces);

/* Lists for so many parts. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_ties_reserve_parts(allostat_ties *self,
                                                                size_t parts,
                                                                allostat_error *error);
void allostat_ties_free_parts(allostat_ties *self);

/* Whom the parts have found are those who meet, part by part: nobody else does yet.
 * Error: that of a part, NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_ties_gather(allostat_ties *self,
                                                         allostat_tie_kind kind,
                                                         allostat_share share,
                                                         allostat_error *error);

/* When all have met: where one list has become that of those who meet, it has its room
 * again for those who look next, for memory that was never touched takes long to come.
 */
void allostat_ties_give_back(allostat_ties *self, allostat_tie_kind kind,
                             allostat_share share);

/* Everybody who looks for a tie of a kind this month, in order of person: by the month
 * whatever the turn, so that a place that is freed waits as long with every length of a
 * turn. Those who look for a support tie are counted as if they had found it. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_ties_seek(allostat_ties *self, const allostat_ties_people *people,
                   allostat_tie_kind kind, allostat_error *error);

/* Ties of the month or turn that end; there must be a list for each piece. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_ties_end(allostat_ties *self, const allostat_ties_people *people,
                  allostat_tie_kind kind, allostat_error *error);

/* Random bits of somebody who looks: the draws tie_pool, tie_meeting, tie_rank. */
typedef struct {
    uint32_t pool, meeting, rank;
} allostat_search_bits;

/* How people of this month enter the pairing for ties of a kind. */
enum { ALLOSTAT_BANDED_AGES = 128 };
typedef struct {
    const allostat_residents *residents;
    allostat_month month;
    uint32_t in_area, in_age; /* bits of a pool below look among those alike */
    uint8_t band_of_age[ALLOSTAT_BANDED_AGES];
} allostat_seeker_terms;

allostat_seeker_terms allostat_seeker_terms_make(const allostat_ties *self,
                                                 const allostat_ties_people *people,
                                                 allostat_tie_kind kind);

/* A person as the pairing sees them: one half of the bits of the pool is for the area,
 * the other for the age. */
static inline allostat_seeker allostat_ties_seeker(const allostat_seeker_terms *terms,
                                                   uint32_t person,
                                                   allostat_search_bits bits)
{
    const allostat_residents *residents = terms->residents;
    const int32_t age =
        allostat_age_in_month(residents->birth_month[person], terms->month);
    const uint32_t half_bits = 16;
    const int in_area = bits.pool >> half_bits < terms->in_area;
    const int in_age = (bits.pool & ((1u << half_bits) - 1)) < terms->in_age;

    return (allostat_seeker){.person = person,
                             .meeting = bits.meeting,
                             .rank = bits.rank,
                             .area = residents->area[person],
                             .band = terms->band_of_age[age],
                             .pool = allostat_pool_of(in_area, in_age)};
}

/* Whose ties are tried, of which kind. */
typedef struct {
    const allostat_ties_people *people;
    allostat_tie_kind kind;
} allostat_ties_trial;

/* Pairing that ties two people if they can be tied. Who looks for a support tie has
 * been counted as if he had found one, when his count was at hand: nearly all do.
 * Pairing neither reads nor writes counts, whose lines all threads would want. */
allostat_pairing allostat_ties_pairing(allostat_ties_trial *trial);

/* Those who found nobody all the same are no longer counted so. */
void allostat_ties_take_back(const allostat_ties *self, allostat_residents *residents,
                             allostat_tie_kind kind);

#endif
