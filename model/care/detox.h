/* Withdrawal management: asking, waiting, a bed, leaving without opioids (model
 * page 6.1). */
#ifndef ALLOSTAT_CARE_DETOX_H
#define ALLOSTAT_CARE_DETOX_H

#include "base/dmath.h"
#include "care/requests.h"
#include "params/params.h"

/* Beds for people who use opioids, whole, in the city simulated. */
int32_t allostat_detox_beds(const allostat_params *params);

/* Days in detox for a draw u: 1 + a geometric number with mean stay_mean - 1, at most
 * stay_most; planned stays are longer, and many leave within days. */
int32_t allostat_detox_days(const allostat_params *params, double u);

/* First day of a month: active users ask, some who wait give up, and each bed goes to
 * those who wait, the longest first, on the day on which it is free. Beds are never
 * exceeded. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_detox_month(const allostat_care_month *care, allostat_error *error);

#endif
