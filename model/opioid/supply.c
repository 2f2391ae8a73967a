#include "opioid/supply.h"

void allostat_supply_make(allostat_supply *self, const allostat_params *params,
                          allostat_day day)
{
    const double fentanyl = allostat_series_value(&params->supply_fentanyl_share, day);
    const double deviation =
        allostat_series_value(&params->supply_potency_deviation, day);
    const double share[ALLOSTAT_DRUG_TYPE_COUNT] = {1.0 - fentanyl, fentanyl};
    double mean = 0.0;

    for (int i = 0; i < ALLOSTAT_DRUG_TYPE_COUNT; i++) {
        const double type_mean = params->supply_potency_log_mean[i];
        mean += share[i] * type_mean;
        self->share[i] = (float)share[i];
        self->log_mean[i] = (float)(type_mean + deviation);
        self->log_sd[i] = (float)params->supply_potency_log_sd[i];
    }
    self->mean_potency = (float)(mean + deviation);
    self->learnable_potency =
        (float)(mean + params->supply_potency_learned * deviation);
    self->benzodiazepine_share =
        (float)allostat_series_value(&params->supply_benzodiazepine_share, day);
}
