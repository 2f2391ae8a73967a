#include "opioid/overdose.h"

#include "base/hot.h"

#include "base/draws.h"

#include <math.h> /* sqrt is exact in IEEE arithmetic */

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
    self->checked_benzodiazepine =
        1.0f + supply->benzodiazepine_share *
                   (float)((1.0 - params->drug_checking_benzodiazepine_avoided) *
                           (params->overdose_benzodiazepine_ratio - 1.0));
    self->checked_narrowing = (float)(1.0 / sqrt(1.0 - params->drug_checking_revealed));
    self->blockade[ALLOSTAT_TREATMENT_none] = 0.0f;
    for (int t = ALLOSTAT_TREATMENT_methadone; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        self->blockade[t] = (float)params->oat_blockade[t - 1];
    }
    self->antagonist_gain =
        (float)allostat_expm1(params->oat_blockade[ALLOSTAT_TREATMENT_naltrexone - 1]);
}

ALLOSTAT_HOT
void allostat_overdose_step(const allostat_overdose_terms *terms,
                            const allostat_users *users, size_t first, size_t count,
                            const uint32_t *bits, int32_t *overdosed)
{
    const allostat_overdose_terms t = *terms;
    const float *restrict doses = users->doses + first;
    const float *restrict tolerance = users->tolerance + first;
    const float *restrict believed = users->believed_tolerance + first;
    const float *restrict met = users->met_potency + first;
    const float *restrict occupancy = users->oat_occupancy + first;
    const float *restrict ratio = users->overdose_ratio + first;
    const int32_t *restrict treatment = users->treatment + first;
    const float *restrict antagonist = users->antagonist + first;
    const int32_t *restrict known = users->strength_known + first;
    const float bup = t.blockade[ALLOSTAT_TREATMENT_buprenorphine];
    const float methadone = t.blockade[ALLOSTAT_TREATMENT_methadone];
    const float srom = t.blockade[ALLOSTAT_TREATMENT_srom];
    const float ioat = t.blockade[ALLOSTAT_TREATMENT_ioat];

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float injected =
            treatment[i] == ALLOSTAT_TREATMENT_ioat ? ioat : methadone;
        const float morphine =
            treatment[i] == ALLOSTAT_TREATMENT_srom ? srom : injected;
        const float block =
            treatment[i] == ALLOSTAT_TREATMENT_buprenorphine ? bup : morphine;
        const float ec50 = allostat_ec50f(tolerance[i], t.ec50_naive, t.ec50_gain) *
                           (1.0f + t.antagonist_gain * antagonist[i]);
        const float belief = allostat_logf(
            allostat_ec50f(believed[i], t.ec50_naive, t.ec50_gain) / ec50);
        const float narrowing = known[i] ? t.checked_narrowing : 1.0f;
        const float benzodiazepine =
            known[i] ? t.checked_benzodiazepine : t.benzodiazepine;
        const float risk = allostat_narrowed_dose_riskf(
                               &t, belief - met[i] - block * occupancy[i], narrowing) *
                           ratio[i] * benzodiazepine;

        overdosed[i] =
            allostat_uniform_from_bits(bits[i]) < allostat_day_riskf(risk, doses[i]);
    }
}
