#include "opioid/tolerance.h"

#include "base/hot.h"

#include "base/dmath.h"
#include "opioid/kinetics.h"

static float keep_a_day(double tau_days)
{
    return (float)allostat_exp(-1.0 / tau_days);
}

void allostat_tolerance_terms_make(allostat_tolerance_terms *self,
                                   const allostat_params *params)
{
    const double days_a_year = 365.25, precipitated_days = 1.0;

    self->plain = false;
    self->fast_share = (float)params->opioid_fast_share;
    self->residual_max = params->mechanisms_residual_tolerance
                             ? (float)params->opioid_residual_max
                             : 0.0f;
    self->inverse_residual_years = (float)(1.0 / params->opioid_residual_years);
    /* Nothing kept: belief is at its target, true tolerance, every day. */
    self->idle_keep = params->mechanisms_believed_tolerance ? 1.0f : 0.0f;
    self->believed_keep = params->mechanisms_believed_tolerance
                              ? keep_a_day(params->opioid_tau_believed)
                              : 0.0f;
    self->antagonist_gain =
        (float)allostat_expm1(params->oat_blockade[ALLOSTAT_TREATMENT_naltrexone - 1]);
    self->day_years = (float)(1.0 / days_a_year);
    self->dependence_up_keep = keep_a_day(params->opioid_tau_dependence_up);
    self->dependence_down_keep = keep_a_day(params->opioid_tau_dependence_down);
    self->dependence_down_oat_keep = keep_a_day(params->opioid_tau_dependence_down_oat);
    self->precipitated_keep = keep_a_day(precipitated_days);
}

/* A row's day, with what today's doses leave of the distance of belief. */
static inline void tolerate(const allostat_tolerance_terms *t,
                            const allostat_users *users, size_t row, float taught)
{
    const float effect = users->effect[row];
    const float years =
        users->use_years[row] + (float)users->active[row] * t->day_years;
    const float fast = allostat_leftf(
        allostat_relaxf(users->tolerance_fast[row], effect, users->fast_keep[row]));
    const float slow =
        allostat_relaxf(users->tolerance_slow[row], effect, users->slow_keep[row]);
    const float residual =
        allostat_residual_tolerancef(years, t->residual_max, t->inverse_residual_years);
    const float tolerance = allostat_tolerancef(fast, slow, residual, t->fast_share);

    users->use_years[row] = years;
    users->tolerance_fast[row] = fast;
    users->tolerance_slow[row] = slow;
    users->tolerance[row] = tolerance;
    /* Nobody feels tolerance go: belief is corrected by using. */
    users->believed_tolerance[row] =
        allostat_relaxf(users->believed_tolerance[row], tolerance,
                        users->doses[row] > 0.0f ? taught : t->idle_keep);
}

ALLOSTAT_HOT
static void tolerate_all(const allostat_tolerance_terms *terms, allostat_users *users,
                         size_t first, size_t count)
{
    const allostat_tolerance_terms t = *terms;
    const allostat_users rows = *users; /* the stores below cannot change a local */

#pragma omp simd
    for (size_t i = first; i < first + count; i++) {
        /* A dose that naltrexone blocks is not felt, and teaches nothing. */
        const float shift = t.antagonist_gain * rows.antagonist[i];
        const float blocked = shift / (1.0f + shift);

        tolerate(&t, &rows, i, allostat_relaxf(t.idle_keep, t.believed_keep, blocked));
    }
}

/* The same without an antagonist. */
ALLOSTAT_HOT
static void tolerate_plain(const allostat_tolerance_terms *terms, allostat_users *users,
                           size_t first, size_t count)
{
    const allostat_tolerance_terms t = *terms;
    const allostat_users rows = *users;

#pragma omp simd
    for (size_t i = first; i < first + count; i++)
        tolerate(&t, &rows, i, t.believed_keep);
}

void allostat_tolerance_step(const allostat_tolerance_terms *terms,
                             allostat_users *users, size_t first, size_t count)
{
    (terms->plain ? tolerate_plain : tolerate_all)(terms, users, first, count);
}

ALLOSTAT_HOT
void allostat_withdrawal_step(const allostat_tolerance_terms *terms,
                              allostat_users *users, size_t first, size_t count)
{
    const allostat_tolerance_terms t = *terms;
    const float *restrict effect = users->effect + first;
    const float *restrict oat = users->oat_occupancy + first;
    float *restrict dependence = users->dependence + first;
    float *restrict precipitated = users->precipitated + first;
    float *restrict withdrawal = users->withdrawal + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        /* Long-acting drugs leave slowly: the pace of losing dependence goes from the
         * one to the other as treatment takes its share of the effect. */
        const float treated = effect[i] > 0.0f ? oat[i] / effect[i] : 0.0f;
        const float down =
            allostat_relaxf(t.dependence_down_oat_keep, t.dependence_down_keep,
                            treated < 1.0f ? treated : 1.0f);
        const float keep = effect[i] > dependence[i] ? t.dependence_up_keep : down;

        dependence[i] = allostat_leftf(allostat_relaxf(dependence[i], effect[i], keep));
        precipitated[i] = allostat_leftf(precipitated[i] * t.precipitated_keep);
        withdrawal[i] = allostat_withdrawalf(dependence[i], effect[i], precipitated[i]);
    }
}
