/* The overdoses of a day of a span, one by one. */
#ifndef ALLOSTAT_ENGINE_OVERDOSES_H
#define ALLOSTAT_ENGINE_OVERDOSES_H

#include "engine/day.h"

/* The days that are lived at once. */
typedef struct {
    allostat_city *city;
    const allostat_params *params;   /* of all of them */
    const allostat_day_terms *terms; /* [day_count] */
    int32_t day_count;
    double *seconds; /* [ALLOSTAT_DAY_PROCESS_COUNT], or NULL when nobody measures */
} allostat_span;

/* Who lives apart lives day `day` of the span, then what befalls those who overdose is
 * settled in order of person, whatever the order of the tables. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_overdoses_live(const allostat_span *span,
                                                            int32_t day,
                                                            allostat_error *error);

#endif
