/* The step that serves both clocks: a value relaxes towards a target.
 *
 * Exact for a target that stands still, whatever the length of the step. */
#ifndef ALLOSTAT_BASE_RELAX_H
#define ALLOSTAT_BASE_RELAX_H

#include "base/dmath.h"

/* relax(x, target) = target + (x - target) keep, with keep = exp(-dt/tau). */
static inline float allostat_relaxf(float x, float target, float keep)
{
    return target + (x - target) * keep;
}

/* What is left of a quantity that has fallen for long: below 1e-36 nothing. It would
 * end as a subnormal number, with which processors are slow. */
static inline float allostat_leftf(float x)
{
    return allostat_selectf(x > 1e-36f, x, 0.0f);
}

/* keep = exp(-dt/tau), dt and tau in the same unit. */
static inline double allostat_keep(double dt, double tau)
{
    return allostat_exp(-dt / tau);
}

#endif
