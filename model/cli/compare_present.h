/* Shows a comparison: as sentences and tables for people, as JSON for programs; the
 * same numbers. */
#ifndef ALLOSTAT_CLI_COMPARE_PRESENT_H
#define ALLOSTAT_CLI_COMPARE_PRESENT_H

#include "cli/compare_runs.h"

enum { ALLOSTAT_DIMENSION_COUNT = 6 };

extern const char *const
    allostat_dimension_names[ALLOSTAT_DIMENSION_COUNT]; /* area, sex, age, attachment,
                                                           ptsd, ace */

typedef struct {
    const allostat_comparison_runs *runs;
    bool by[ALLOSTAT_DIMENSION_COUNT]; /* tables of parts in the text */
    double width;        /* half of the interval that is wanted of deaths averted */
    bool width_is_share; /* `width` is a share of the difference, else persons */
} allostat_compare_shown;

/* Replicates for the half-width that is wanted; see allostat_replicates_needed. */
int32_t allostat_compare_replicates(const allostat_compare_shown *shown,
                                    const allostat_contrast *contrast,
                                    double *half_width);

/* On stdout. Errors: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_compare_text(const allostat_compare_shown *shown, allostat_error *error);
ALLOSTAT_MUST_CHECK allostat_status
allostat_compare_json(const allostat_compare_shown *shown, allostat_error *error);

#endif
