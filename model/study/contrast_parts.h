/* What an outcome of a part of the people was in one run; for the files of contrasts
 * only. */
#ifndef ALLOSTAT_STUDY_CONTRAST_PARTS_H
#define ALLOSTAT_STUDY_CONTRAST_PARTS_H

#include "study/contrast.h"

#include <stdbool.h>

/* A run, the months that count, and how it is valued. */
typedef struct {
    const allostat_records *records;
    const allostat_value_terms *terms;
    allostat_month first, last;
} allostat_outcome_view;

/* All outcomes of a part; NaN for what is not counted by it. */
void allostat_outcomes_of(const allostat_outcome_view *view, allostat_people_part part,
                          double outcome[ALLOSTAT_OUTCOME_COUNT]);

/* Deaths by overdose of everybody in one month. */
double allostat_overdose_deaths_in(const allostat_records *records,
                                   allostat_month month);

/* One part with the words for it. */
typedef struct {
    allostat_people_part people;
    const char *dimension, *label;
} allostat_part_info;

enum {
    ALLOSTAT_PEOPLE_PARTS_MAX = (int)ALLOSTAT_AREAS_MAX + (int)ALLOSTAT_SEX_COUNT +
                                (int)ALLOSTAT_AGE_GROUP_COUNT +
                                (int)ALLOSTAT_GROUP_COUNT
};

/* Every part that people are told apart by, and how many; labels live as long as the
 * areas. */
int32_t allostat_people_parts(const allostat_labels *areas,
                              allostat_part_info part[ALLOSTAT_PEOPLE_PARTS_MAX]);

#endif
