/* What one run had over the window of a contrast, replicate by replicate; for the files
 * of contrasts only. Counted once, it can be held against many runs. */
#ifndef ALLOSTAT_STUDY_CONTRAST_RUN_H
#define ALLOSTAT_STUDY_CONTRAST_RUN_H

#include "study/contrast.h"
#include "study/contrast_parts.h"

struct allostat_contrast_run {
    allostat_month first, last;
    int32_t replicate_count, part_count;
    double *outcome; /* [part_count + 1][ALLOSTAT_OUTCOME_COUNT][replicate_count]:
                        everybody, then the parts of allostat_people_parts */
    double *deaths;  /* [last - first + 1][replicate_count], by overdose */
    allostat_value_run *value;
};

/* Valued at the utilities and prices of `base`. Error: NO_MEMORY; *run can be freed
 * whatever happens. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_contrast_run_make(allostat_contrast_run **run, const allostat_results *results,
                           const allostat_params *base, allostat_month first,
                           allostat_month last, allostat_error *error);
void allostat_contrast_run_free(allostat_contrast_run *run);

/* An outcome, [replicate_count]; part -1 is everybody. */
const double *allostat_contrast_run_outcome(const allostat_contrast_run *run,
                                            int32_t part, allostat_outcome outcome);

#endif
