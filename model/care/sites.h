/* Overdose prevention sites: how much of the use in an area they can take (model
 * page 6.3). */
#ifndef ALLOSTAT_CARE_SITES_H
#define ALLOSTAT_CARE_SITES_H

#include "params/params.h"
#include "people/users.h"

typedef struct {
    float share[ALLOSTAT_AREAS_MAX]; /* of the doses that could be taken at a site of
                                        the area */
} allostat_sites;

/* Chance that a dose is taken downtown: 1 - away from home when at home downtown, else
 * the share of use that goes there. */
double allostat_downtown_chance(const allostat_params *params, int32_t home_area);

/* Places for a person's way of using: 1 when injecting, sites.inhalation_share when
 * smoking. */
static inline float allostat_site_access(int32_t injects, float inhalation_share)
{
    return injects ? 1.0f : inhalation_share;
}

/* First day of a month, while doses_month still holds last month's doses: the share of
 * use that the month's visits cover, by area. */
void allostat_sites_month(allostat_sites *self, const allostat_users *users,
                          const allostat_residents *residents,
                          const allostat_params *params, allostat_month month);

/* Each user's site_share from home, way of using and the shares of the month. */
void allostat_sites_assign(const allostat_sites *self, allostat_users *users,
                           const allostat_residents *residents,
                           const allostat_params *params);

#endif
