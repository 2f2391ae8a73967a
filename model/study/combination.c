#include "study/combination.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 2 * ALLOSTAT_PARTS_MAX + 2 }; /* alone, share, together, interaction */

/* The numbers of one replicate go to column r of the rows. */
static void fill_replicate(int32_t part_count, const double *value, int32_t r,
                           int32_t count, double *row)
{
    double share[ALLOSTAT_PARTS_MAX];
    const int32_t all = (1 << part_count) - 1;

    allostat_shapley(part_count, value, share);
    for (int32_t p = 0; p < part_count; p++) {
        row[(2 * p) * count + r] = value[1 << p];
        row[(2 * p + 1) * count + r] = share[p];
    }
    row[2 * part_count * count + r] = value[all];
    row[(2 * part_count + 1) * count + r] = allostat_interaction(part_count, value);
}

static void fill_outcome(allostat_combined *combined, int32_t part_count, int32_t count,
                         const double *row)
{
    for (int32_t p = 0; p < part_count; p++) {
        combined->alone[p] = allostat_paired_of(&row[(2 * p) * count], count);
        combined->share[p] = allostat_paired_of(&row[(2 * p + 1) * count], count);
    }
    combined->together = allostat_paired_of(&row[2 * part_count * count], count);
    combined->interaction =
        allostat_paired_of(&row[(2 * part_count + 1) * count], count);
}

allostat_status allostat_combination_make(allostat_combination *self,
                                          int32_t part_count,
                                          const allostat_contrast *subset,
                                          allostat_error *error)
{
    const int32_t count = subset[1].replicate_count, subsets = 1 << part_count;
    double value[ALLOSTAT_SUBSETS_MAX] = {0.0};
    double *row = calloc((size_t)ROWS * (size_t)count, sizeof *row);

    memset(self, 0, sizeof *self);
    if (row == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "a combination");
    self->part_count = part_count;
    self->replicate_count = count;
    for (int32_t o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        for (int32_t r = 0; r < count; r++) {
            for (int32_t s = 1; s < subsets; s++)
                value[s] = subset[s].difference[o * count + r];
            fill_replicate(part_count, value, r, count, row);
        }
        fill_outcome(&self->outcome[o], part_count, count, row);
    }
    free(row);
    return ALLOSTAT_OK;
}
