/* What each part of a combination gives: alone, beside the others, and as a fair share
 * of the whole. Pure arithmetic. */
#ifndef ALLOSTAT_STUDY_SHAPLEY_H
#define ALLOSTAT_STUDY_SHAPLEY_H

#include <stdint.h>

enum { ALLOSTAT_PARTS_MAX = 4, ALLOSTAT_SUBSETS_MAX = 1 << ALLOSTAT_PARTS_MAX };

/* Shapley's shares: what a part adds, on average over all orders in which the parts can
 * be taken up. value[subset] is the worth of the parts whose bits are set in `subset`,
 * [2^part_count]; share[part_count] adds up to value[all] - value[0]. */
void allostat_shapley(int32_t part_count, const double *value, double *share);

/* value[all] minus the sum of every part alone, each against value[0]: above 0 when the
 * parts help each other, below 0 when they do the same work twice. */
double allostat_interaction(int32_t part_count, const double *value);

#endif
