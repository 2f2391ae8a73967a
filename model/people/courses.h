/* Courses of behavioural care: where a user stands in each therapy. */
#ifndef ALLOSTAT_PEOPLE_COURSES_H
#define ALLOSTAT_PEOPLE_COURSES_H

#include "tables/therapies.h"

#include <stdint.h>

/* Indexed by allostat_therapy. The therapies know nothing of each other: a person may
 * wait for one and be in another. */
typedef struct {
    int32_t waiting_since[ALLOSTAT_THERAPY_COUNT]; /* day number; 0 not waiting */
    int32_t month[ALLOSTAT_THERAPY_COUNT];         /* of the course; 0 not in it */
    int32_t rest_until[ALLOSTAT_THERAPY_COUNT]; /* day of the next possible request */
} allostat_therapy_courses;

#endif
