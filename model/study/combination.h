/* Policies together: what each of them gives alone, what they give together, and the
 * fair share of each. */
#ifndef ALLOSTAT_STUDY_COMBINATION_H
#define ALLOSTAT_STUDY_COMBINATION_H

#include "study/contrast.h"
#include "study/shapley.h"

/* One outcome; all are differences against the base, policy minus base. */
typedef struct {
    allostat_paired alone[ALLOSTAT_PARTS_MAX];
    allostat_paired share[ALLOSTAT_PARTS_MAX]; /* adds up to `together` */
    allostat_paired together;
    allostat_paired interaction; /* together minus the sum of every part alone */
} allostat_combined;

typedef struct {
    int32_t part_count, replicate_count;
    allostat_combined outcome[ALLOSTAT_OUTCOME_COUNT];
} allostat_combination;

/* `subset[s]`, 1 to 2^part_count - 1, is the contrast of the parts whose bits are set
 * in s against the base; all of the same base, window and replicates. Errors:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_combination_make(allostat_combination *self, int32_t part_count,
                          const allostat_contrast *subset, allostat_error *error);

#endif
