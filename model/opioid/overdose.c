#include "opioid/overdose.h"

#include "base/hot.h"

#include "base/columns.h"
#include "base/draws.h"

void allostat_overdose_terms_make(allostat_overdose_terms *self,
                                  const allostat_params *params,
                                  const allostat_supply *supply)
{
    self->ec50_naive = (float)params->opioid_ec50_naive;
    self->ec50_gain = (float)params->opioid_ec50_gain;
    self->threshold_log = (float)params->overdose_threshold_log;
    for (int i = 0; i < ALLOSTAT_DRUG_TYPE_COUNT; i++) {
        self->share[i] = supply->share[i];
        self->log_mean[i] = supply->log_mean[i];
        self->inverse_sd[i] = 1.0f / supply->log_sd[i];
    }
    self->benzodiazepine =
        1.0f + supply->benzodiazepine_share *
                   (float)(params->overdose_benzodiazepine_ratio - 1.0);
    self->blockade[ALLOSTAT_TREATMENT_none] = 0.0f;
    for (int t = ALLOSTAT_TREATMENT_methadone; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        self->blockade[t] = (float)params->oat_blockade[t - 1];
    }
}

/* Chance that a day's doses of a row are an overdose. */
static float risk_of(const allostat_overdose_terms *t, const allostat_users *users,
                     size_t row)
{
    const int32_t drug = users->treatment[row];
    const float blockade = t->blockade[drug == ALLOSTAT_TREATMENT_buprenorphine
                                           ? ALLOSTAT_TREATMENT_buprenorphine
                                           : ALLOSTAT_TREATMENT_methadone];
    const float belief = allostat_logf(
        allostat_ec50f(users->believed_tolerance[row], t->ec50_naive, t->ec50_gain) /
        allostat_ec50f(users->tolerance[row], t->ec50_naive, t->ec50_gain));
    const float surprise =
        belief - users->met_potency[row] - blockade * users->oat_occupancy[row];

    return allostat_day_riskf(allostat_dose_riskf(t, surprise) *
                                  users->overdose_ratio[row] * t->benzodiazepine,
                              users->doses[row]);
}

/* Flags the rows whose draw is below a bound of their risk: the logarithm bounded by
 * its tangent, both normal distributions by one exponential. A few in a hundred. */
ALLOSTAT_HOT
static void find_candidates(const allostat_overdose_terms *terms,
                            const allostat_users *users, size_t first, size_t count,
                            const uint32_t *restrict bits, uint8_t *restrict candidate)
{
    const allostat_overdose_terms t = *terms;
    const float *restrict doses = users->doses + first;
    const float *restrict tolerance = users->tolerance + first;
    const float *restrict believed = users->believed_tolerance + first;
    const float *restrict met = users->met_potency + first;
    const float *restrict occupancy = users->oat_occupancy + first;
    const float *restrict ratio = users->overdose_ratio + first;
    const int32_t *restrict treatment = users->treatment + first;
    const float bup = t.blockade[ALLOSTAT_TREATMENT_buprenorphine];
    const float methadone = t.blockade[ALLOSTAT_TREATMENT_methadone];

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float blockade = allostat_selectf(
            treatment[i] == ALLOSTAT_TREATMENT_buprenorphine, bup, methadone);
        const float belief =
            allostat_ec50f(believed[i], t.ec50_naive, t.ec50_gain) /
                allostat_ec50f(tolerance[i], t.ec50_naive, t.ec50_gain) -
            1.0f;
        const float surprise = belief - met[i] - blockade * occupancy[i];
        const float most =
            allostat_dose_risk_boundf(&t, surprise) * ratio[i] * t.benzodiazepine;

        candidate[i] = (uint8_t)(allostat_uniform_from_bits(bits[i]) <
                                 allostat_day_risk_boundf(most, doses[i]));
    }
}

void allostat_overdose_step(const allostat_overdose_terms *terms,
                            const allostat_users *users, size_t first, size_t count,
                            const uint32_t *bits, uint8_t *overdosed)
{
    find_candidates(terms, users, first, count, bits, overdosed);
    for (size_t i = allostat_next_flag(overdosed, 0, count); i < count;
         i = allostat_next_flag(overdosed, i + 1, count)) {
        overdosed[i] =
            allostat_uniform_from_bits(bits[i]) < risk_of(terms, users, first + i);
    }
}
