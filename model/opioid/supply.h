/* The unregulated supply of a day (model page 5.1). */
#ifndef ALLOSTAT_OPIOID_SUPPLY_H
#define ALLOSTAT_OPIOID_SUPPLY_H

#include "params/params.h"

typedef enum {
    ALLOSTAT_DRUG_TYPE_heroin,
    ALLOSTAT_DRUG_TYPE_fentanyl,
    ALLOSTAT_DRUG_TYPE_COUNT
} allostat_drug_type;

/* What the market sells on a day. */
typedef struct {
    float share[ALLOSTAT_DRUG_TYPE_COUNT];    /* of doses, by type; they add up to 1 */
    float log_mean[ALLOSTAT_DRUG_TYPE_COUNT]; /* log potency, the latent deviation
                                                 included */
    float log_sd[ALLOSTAT_DRUG_TYPE_COUNT];
    float mean_potency;      /* mean log potency over types, the deviation included */
    float learnable_potency; /* what users come to allow for */
    float benzodiazepine_share; /* of doses */
} allostat_supply;

void allostat_supply_make(allostat_supply *self, const allostat_params *params,
                          allostat_day day);

#endif
