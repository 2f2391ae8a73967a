/* Shared by the first day of ties and their months: how fast people find each other,
 * and how a person who looks enters the pairing. */
#ifndef ALLOSTAT_PEOPLE_TIES_PARTS_H
#define ALLOSTAT_PEOPLE_TIES_PARTS_H

#include "people/ties_month.h"

/* Ratio of the rate of finding ties at this avoidance (in SD): exp(-b a). */
static inline double allostat_avoidance_search_ratio(const allostat_params *params,
                                                     double avoidance)
{
    return allostat_exp(-params->ties_avoidance_search * avoidance);
}

/* Ratio of the rate of finding support ties, by avoidance, use and housing. */
static inline double allostat_support_search_ratio(const allostat_params *params,
                                                   const allostat_residents *residents,
                                                   const allostat_users *users,
                                                   uint32_t person)
{
    const bool uses = allostat_person_uses(residents, users, person);
    const bool homeless = residents->housing[person] == ALLOSTAT_HOUSING_homeless;

    return allostat_avoidance_search_ratio(
               params, (double)residents->attachment_avoidance[person]) *
           (uses ? params->ties_use_search_ratio : 1.0) *
           (homeless ? params->ties_homeless_search_ratio : 1.0);
}

/* Random bits of somebody who looks: the draws tie_pool, tie_meeting, tie_rank. */
typedef struct {
    uint32_t pool, meeting, rank;
} allostat_search_bits;

/* Put a person into the pairing; there must be room. */
void allostat_ties_add_seeker(allostat_ties *self, const allostat_ties_people *people,
                              allostat_tie_kind kind, uint32_t person,
                              allostat_search_bits bits);

/* Context of allostat_ties_try. */
typedef struct {
    const allostat_ties_people *people;
    allostat_tie_kind kind;
} allostat_ties_trial;

/* Tie two people if they can be tied. */
bool allostat_ties_try(void *context, uint32_t a, uint32_t b);

#endif
