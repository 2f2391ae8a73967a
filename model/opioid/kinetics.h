/* Equations of exposure, tolerance, dependence and withdrawal (model page 4.1 to 4.3).
 *
 * Pure functions in single precision, without branches, so that the daily loops
 * vectorise. */
#ifndef ALLOSTAT_OPIOID_KINETICS_H
#define ALLOSTAT_OPIOID_KINETICS_H

#include "base/dmath.h"
#include "base/relax.h"

/* EC50(T) = c50_naive (1 + gain T), ng/mL. Algera 2020: 0.42 naive, 1.82 in chronic
 * use. */
static inline float allostat_ec50f(float tolerance, float ec50_naive, float ec50_gain)
{
    return ec50_naive * (1.0f + ec50_gain * tolerance);
}

/* Exposure effect E = D / (D + EC50(T)), from 0 to 1. */
static inline float allostat_effectf(float level, float ec50)
{
    return level / (level + ec50);
}

/* Residual tolerance R = r_max (1 - exp(-years / tau)). */
static inline float allostat_residual_tolerancef(float years, float residual_max,
                                                 float inverse_tau_years)
{
    return residual_max * (1.0f - allostat_expf(-years * inverse_tau_years));
}

/* T = max(w T_fast + (1 - w) T_slow, R). */
static inline float allostat_tolerancef(float fast, float slow, float residual,
                                        float fast_share)
{
    const float mixed = fast_share * fast + (1.0f - fast_share) * slow;

    return mixed > residual ? mixed : residual;
}

/* Intended peak level of a dose follows believed tolerance (model page 4.6); what it
 * really gives follows the potency sold against the potency the person allows for: a
 * EC50(T_b) exp(sold - met), ng/mL. */
static inline float allostat_dose_levelf(float ec50_believed, float dose_multiple,
                                         float sold, float met)
{
    return dose_multiple * ec50_believed * allostat_expf(sold - met);
}

/* W = Q (1 - E) + what naloxone precipitated, at most 1. */
static inline float allostat_withdrawalf(float dependence, float effect,
                                         float precipitated)
{
    const float withdrawal = dependence * (1.0f - effect) + precipitated;

    return withdrawal < 1.0f ? withdrawal : 1.0f;
}

#endif
