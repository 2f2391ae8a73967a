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

/* Largest share of a person's doses that a site can take: those that fall into its
 * opening hours, doses being spread evenly over sites.dose_hours of the day. */
static inline double allostat_site_share_most(const allostat_params *p)
{
    const double in_hours = p->sites_open_hours / p->sites_dose_hours;

    return p->sites_share_max * (in_hours < 1.0 ? in_hours : 1.0);
}

/* Chance that an overdose of somebody who takes the share s of doses at a site happens
 * there, when a dose there is r times as likely to be one: r s / (r s + 1 - s). */
static inline double allostat_site_overdose_share(double s, double r)
{
    return r * s / (1.0 + (r - 1.0) * s);
}

/* Places for a person's way of using: 1 when injecting, sites.inhalation_share when
 * smoking. */
static inline float allostat_site_access(int32_t injects, float inhalation_share)
{
    return injects ? 1.0f : inhalation_share;
}

/* First day of a month, while doses_month still holds last month's doses: the share of
 * use that the month's places cover, by area. Places are what binds: smoking at sites
 * or sites in other areas without more places move places from one to the other. */
void allostat_sites_month(allostat_sites *self, const allostat_users *users,
                          const allostat_params *params, allostat_month month);

/* Each user's site_share from home, way of using and the shares of the month. */
void allostat_sites_assign(const allostat_sites *self, allostat_users *users,
                           const allostat_params *params);

#endif
