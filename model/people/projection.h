/* A cohort-component projection of the city without overdoses: who must come, month by
 * month, so that the city grows as the statistical office says.
 *
 * It is made before the run from the configuration alone. So the same people arrive
 * whatever the scenario does about overdoses, and person n is the same person in two
 * scenarios. */
#ifndef ALLOSTAT_PEOPLE_PROJECTION_H
#define ALLOSTAT_PEOPLE_PROJECTION_H

#include "params/scenario.h"

/* Sexes x single years of age. */
enum { ALLOSTAT_COHORT_COUNT = (int)ALLOSTAT_SEX_COUNT * (int)ALLOSTAT_AGE_COUNT };

static inline int32_t allostat_cohort(allostat_sex sex, int32_t age)
{
    return (int32_t)sex * ALLOSTAT_AGE_COUNT + age;
}

typedef struct {
    allostat_month first_month;
    int32_t month_count;
    int32_t *initial;  /* [ALLOSTAT_COHORT_COUNT]: residents on the first day */
    int32_t *arrivals; /* [month_count][ALLOSTAT_COHORT_COUNT] */
    size_t initial_total;
    size_t total;     /* initial residents and all arrivals */
    size_t most_rows; /* that they may need at once: who leaves keeps a row until
                         January */
} allostat_projection;

/* Errors: NO_MEMORY; DATA when the age structure holds nobody of 15 or more. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_projection_init(allostat_projection *self, const allostat_scenario *scenario,
                         allostat_error *error);
void allostat_projection_free(allostat_projection *self);

/* Yearly hazard of death from causes other than overdose: -ln(1 - q) less the overdose
 * deaths that the life table contains, at least 0. 1/y. */
double allostat_other_death_hazard(const allostat_params *params, allostat_sex sex,
                                   int32_t age);

#endif
