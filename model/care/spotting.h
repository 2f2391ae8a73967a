/* Not using alone: a spotter on a line, or a buddy (model page 6.3). What a spotter
 * does at an overdose: response.h. */
#ifndef ALLOSTAT_CARE_SPOTTING_H
#define ALLOSTAT_CARE_SPOTTING_H

#include "care/requests.h"

/* First day of a month, after kits were handed out: some of those who got one join,
 * some of those who had joined give it up. Returns how many use with a spotter. */
int32_t allostat_spotting_month(const allostat_care_month *care);

#endif
