/* Daily step: does a dose of today become an overdose (model page 5.2). */
#ifndef ALLOSTAT_OPIOID_OVERDOSE_H
#define ALLOSTAT_OPIOID_OVERDOSE_H

#include "base/dmath.h"
#include "opioid/kinetics.h"
#include "opioid/supply.h"
#include "params/params.h"
#include "people/users.h"

typedef struct {
    float ec50_naive, ec50_gain;
    float threshold_log;
    float share[ALLOSTAT_DRUG_TYPE_COUNT];
    float log_mean[ALLOSTAT_DRUG_TYPE_COUNT];
    float inverse_sd[ALLOSTAT_DRUG_TYPE_COUNT];
    float benzodiazepine;         /* mean risk ratio over doses with and without */
    float checked_benzodiazepine; /* the same where a check is acted on */
    float checked_narrowing;      /* 1 / share of the log-SD that it leaves */
    float blockade[ALLOSTAT_TREATMENT_COUNT];
    float antagonist_gain; /* as in exposure */
} allostat_overdose_terms;

void allostat_overdose_terms_make(allostat_overdose_terms *self,
                                  const allostat_params *params,
                                  const allostat_supply *supply);

/* Chance that one dose is an overdose:
 *   p = sum over types f Phi(k (surprise + mean_type - ln m) / sd_type),
 *   surprise = ln(EC50(T_b) / EC50(T)) - met - blockade occupancy.
 * with EC50(T) raised by an antagonist. The dose follows believed tolerance and the
 * potency met; the body has its true tolerance. k is `narrowing`, 1 but where a check
 * is acted on: a log potency that is known but for a part e independent of it, and
 * allowed for, leaves the spread of e, whose variance is (1 - revealed) sd^2, so k = 1
 * / sqrt(1 - revealed). */
static inline float allostat_narrowed_dose_riskf(const allostat_overdose_terms *t,
                                                 float surprise, float narrowing)
{
    const float distance = surprise - t->threshold_log;
    const float heroin =
        allostat_normal_cdff((distance + t->log_mean[ALLOSTAT_DRUG_TYPE_heroin]) *
                             t->inverse_sd[ALLOSTAT_DRUG_TYPE_heroin] * narrowing);
    const float fentanyl =
        allostat_normal_cdff((distance + t->log_mean[ALLOSTAT_DRUG_TYPE_fentanyl]) *
                             t->inverse_sd[ALLOSTAT_DRUG_TYPE_fentanyl] * narrowing);

    return t->share[ALLOSTAT_DRUG_TYPE_heroin] * heroin +
           t->share[ALLOSTAT_DRUG_TYPE_fentanyl] * fentanyl;
}

/* Of drugs that nobody checked. */
static inline float allostat_dose_riskf(const allostat_overdose_terms *t,
                                        float surprise)
{
    return allostat_narrowed_dose_riskf(t, surprise, 1.0f);
}

/* Chance of an overdose in n doses, 1 - (1 - p)^n; -ln(1 - p) is taken as p + p^2/2. */
static inline float allostat_day_riskf(float p, float doses)
{
    const float capped = p < 1.0f ? p : 1.0f;

    return allostat_probability_from_hazardf(doses * (capped + 0.5f * capped * capped));
}

/* At least Phi(-z) for z up to 12, and cheap: e^(-z^2/2) / 2 times the chord, from 0 to
 * 4, of the convex logarithm of the ratio of the two; 1 for z < 0. Beyond 12 both are
 * far below the least draw, 2^-33, and may stand in any order. */
static inline float allostat_tail_boundf(float z)
{
    const float chord = 0.4166f, end = 4.0f;
    const float part = allostat_at_mostf(z, end);

    return allostat_selectf(z < 0.0f, 1.0f,
                            0.5f * allostat_exp_boundf(-(0.5f * z * z + chord * part)));
}

/* At least allostat_narrowed_dose_riskf for any narrowing, which is 1 or more. */
static inline float allostat_dose_risk_boundf(const allostat_overdose_terms *t,
                                              float surprise)
{
    const float distance = t->threshold_log - surprise;
    const float heroin = (distance - t->log_mean[ALLOSTAT_DRUG_TYPE_heroin]) *
                         t->inverse_sd[ALLOSTAT_DRUG_TYPE_heroin];
    const float fentanyl = (distance - t->log_mean[ALLOSTAT_DRUG_TYPE_fentanyl]) *
                           t->inverse_sd[ALLOSTAT_DRUG_TYPE_fentanyl];

    return t->share[ALLOSTAT_DRUG_TYPE_heroin] * allostat_tail_boundf(heroin) +
           t->share[ALLOSTAT_DRUG_TYPE_fentanyl] * allostat_tail_boundf(fentanyl);
}

/* At least allostat_day_riskf: 1 - e^-x <= x, p + p^2/2 without the cap, and a margin
 * for rounding. */
static inline float allostat_day_risk_boundf(float p, float doses)
{
    return (1.0f + 0x1p-7f) * doses * (p + 0.5f * p * p);
}

/* Lists in overdosed[count], in order, which of rows first .. first + count - 1
 * overdose by the draw day_overdose in bits[count], and returns their number. Uses
 * tolerance before today's adaptation. */
size_t allostat_overdose_step(const allostat_overdose_terms *terms,
                              const allostat_users *users, size_t first, size_t count,
                              const uint32_t *bits, uint32_t *overdosed);

#endif
