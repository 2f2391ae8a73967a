#include "opioid/exposure.h"

#include "base/hot.h"

#include "base/dmath.h"
#include "opioid/kinetics.h"

static const double HOURS_A_DAY = 24.0;

static double keep_from_halflife_hours(double halflife)
{
    const double log_two = 0.6931471805599453;

    return allostat_exp(-HOURS_A_DAY * log_two / halflife);
}

void allostat_exposure_terms_make(allostat_exposure_terms *self,
                                  const allostat_params *params,
                                  const allostat_supply *supply)
{
    double slowest = 0.0;

    self->ec50_naive = (float)params->opioid_ec50_naive;
    self->ec50_gain = (float)params->opioid_ec50_gain;
    self->dose_multiple = (float)params->opioid_dose_multiple;
    self->day_share_of_dose = (float)(params->opioid_hours_per_dose / HOURS_A_DAY);
    self->street_keep = (float)keep_from_halflife_hours(params->opioid_street_halflife);
    self->rx_keep = (float)allostat_exp(-1.0 / params->prescribing_tau_level);
    self->sold = supply->mean_potency;
    self->learnable = supply->learnable_potency;
    self->met_keep = (float)allostat_exp(-1.0 / params->supply_tau_learn);
    for (int t = ALLOSTAT_TREATMENT_methadone; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        const double halflife = params->oat_halflife[t - 1];
        self->oat_level[t] = (float)params->oat_level[t - 1];
        self->oat_keep[t] = (float)allostat_exp(-1.0 / params->oat_tau_level[t - 1]);
        slowest = halflife > slowest ? halflife : slowest;
    }
    /* After stopping, which drug it was is not kept: the two half-lives are 28 and 32
     * h. */
    self->oat_level[ALLOSTAT_TREATMENT_none] = 0.0f;
    self->oat_keep[ALLOSTAT_TREATMENT_none] = (float)keep_from_halflife_hours(slowest);
}

/* Selects instead of a table look-up, so that the loop stays in registers. */
static inline float by_treatment(const float value[ALLOSTAT_TREATMENT_COUNT],
                                 int32_t treatment)
{
    const float treated = treatment == ALLOSTAT_TREATMENT_buprenorphine
                              ? value[ALLOSTAT_TREATMENT_buprenorphine]
                              : value[ALLOSTAT_TREATMENT_methadone];

    return treatment == ALLOSTAT_TREATMENT_none ? value[ALLOSTAT_TREATMENT_none]
                                                : treated;
}

ALLOSTAT_HOT
void allostat_exposure_step(const allostat_exposure_terms *terms, allostat_users *users,
                            size_t first, size_t count)
{
    const allostat_exposure_terms t = *terms;
    const float *restrict doses = users->doses + first;
    const float *restrict tolerance = users->tolerance + first;
    const float *restrict believed = users->believed_tolerance + first;
    const int32_t *restrict treatment = users->treatment + first;
    float *restrict street_level = users->street_level + first;
    const float *restrict rx_target = users->rx_target + first;
    float *restrict oat_level = users->oat_level + first;
    float *restrict rx_level = users->rx_level + first;
    float *restrict effect = users->effect + first;
    float *restrict oat_occupancy = users->oat_occupancy + first;
    float *restrict met = users->met_potency + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float ec50 = allostat_ec50f(tolerance[i], t.ec50_naive, t.ec50_gain);
        const float ec50_believed =
            allostat_ec50f(believed[i], t.ec50_naive, t.ec50_gain);
        const float dose =
            allostat_dose_levelf(ec50_believed, t.dose_multiple, t.sold, met[i]);
        const float street = allostat_leftf(street_level[i] * t.street_keep +
                                            doses[i] * dose * t.day_share_of_dose);
        const float oat = allostat_leftf(
            allostat_relaxf(oat_level[i], by_treatment(t.oat_level, treatment[i]),
                            by_treatment(t.oat_keep, treatment[i])));
        const float rx =
            allostat_leftf(allostat_relaxf(rx_level[i], rx_target[i], t.rx_keep));
        const float learning = doses[i] > 0.0f ? t.met_keep : 1.0f;

        street_level[i] = street;
        oat_level[i] = oat;
        rx_level[i] = rx;
        effect[i] = allostat_effectf(street + oat + rx, ec50);
        oat_occupancy[i] = allostat_effectf(oat, ec50);
        met[i] = allostat_relaxf(met[i], t.learnable, learning);
    }
}
