/* Daily step: what today's doses and treatment leave at the effect site, and how the
 * body adapts. */
#ifndef ALLOSTAT_OPIOID_EXPOSURE_H
#define ALLOSTAT_OPIOID_EXPOSURE_H

#include "opioid/supply.h"
#include "params/params.h"
#include "people/users.h"

#include <stdbool.h>

typedef struct {
    bool plain; /* see allostat_opioid_terms_plain */
    float ec50_naive, ec50_gain, dose_multiple;
    float day_share_of_dose; /* of a day that a dose's level lasts */
    float street_keep;       /* of yesterday's street level */
    float rx_keep;           /* of the distance to the prescribed level */
    float sold;              /* mean log potency sold today */
    float learnable;         /* log potency that users come to allow for */
    float met_keep;
    float oat_level[ALLOSTAT_TREATMENT_COUNT]; /* at maintenance; 0 for none */
    float oat_keep[ALLOSTAT_TREATMENT_COUNT];  /* towards that level */
    float off_keep[ALLOSTAT_TREATMENT_COUNT];  /* after stopping that drug */
    float antagonist_level, antagonist_keep, antagonist_off_keep;
    float antagonist_gain; /* EC50 is 1 + gain times level times as high */
} allostat_exposure_terms;

void allostat_exposure_terms_make(allostat_exposure_terms *self,
                                  const allostat_params *params,
                                  const allostat_supply *supply);

/* What is sold on a day; the rest is the same on all days under the same parameters. */
void allostat_exposure_terms_sell(allostat_exposure_terms *self,
                                  const allostat_supply *supply);

/* Rows first .. first + count - 1: street_level, oat_level, antagonist, effect,
 * oat_occupancy, met_potency from doses of the street and of safer supply, treatment
 * and yesterday's tolerance. */
void allostat_exposure_step(const allostat_exposure_terms *terms, allostat_users *users,
                            size_t first, size_t count);

#endif
