/* Drug checking: who has the drugs of the month checked (model page 6.3). What a check
 * reveals: overdose.h. */
#ifndef ALLOSTAT_CARE_CHECKING_H
#define ALLOSTAT_CARE_CHECKING_H

#include "care/requests.h"

/* Chance that somebody who is no regular checks this month: regulars are a share of
 * reach, and all together are reach. */
static inline double allostat_checking_chance(double reach, double regulars)
{
    return regulars < 1.0 ? (reach - regulars) / (1.0 - regulars) : 0.0;
}

/* First day of a month: who checks, and of whom strength is known. Returns how many
 * check. */
int32_t allostat_checking_month(const allostat_care_month *care);

#endif
