/* Provincial custody of people who use: taken in, kept, released (model page 6.3). */
#ifndef ALLOSTAT_CARE_CUSTODY_H
#define ALLOSTAT_CARE_CUSTODY_H

#include "care/requests.h"
#include "params/params.h"
#include "people/residents.h"

#include <stdbool.h>

/* Rate of being taken into custody, 1/y: sex ratio x (use + homelessness); what use
 * adds falls when possession is no crime. */
static inline double allostat_custody_rate(const allostat_params *p, bool female,
                                           bool active, bool homeless)
{
    return (female ? p->custody_female_ratio : 1.0) *
           ((active ? p->custody_rate_active * p->decriminalisation_custody_ratio
                    : 0.0) +
            (homeless ? p->custody_rate_homeless : 0.0));
}

/* Days in custody for a draw u: log-normal, whole days, from 1 to custody.stay_most. */
int32_t allostat_custody_days(const allostat_params *params, double u);

/* First day of a month: who of those who have used on the street is taken into custody
 * on a day of it, for how long, and who is treated inside. */
void allostat_custody_month(const allostat_care_month *care,
                            const allostat_residents *residents);

#endif
