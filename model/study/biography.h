/* A biography as text: a table of days, and a picture. */
#ifndef ALLOSTAT_STUDY_BIOGRAPHY_H
#define ALLOSTAT_STUDY_BIOGRAPHY_H

#include "base/text.h"
#include "study/trace.h"

/* CSV with a header: date, age in years, the columns of tables/trace.def, and the
 * events of the day, divided by "; ". One row a day lived; cells
 * are empty while the person has no row in the users' table. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_biography_csv(
    const allostat_biography *self, allostat_text *text, allostat_error *error);

/* CSV that tells unit and meaning of each column of a biography. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_biography_columns(allostat_text *text,
                                                               allostat_error *error);

/* The life as one SVG picture: lanes over a common axis of years. `area` is the name of
 * the person's area. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_biography_svg(const allostat_biography *self, const char *area,
                       allostat_text *text, allostat_error *error);

#endif
