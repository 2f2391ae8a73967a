/* Outreach after attended overdoses: found, offered treatment and a kit (model page
 * 6.3). */
#ifndef ALLOSTAT_CARE_OUTREACH_H
#define ALLOSTAT_CARE_OUTREACH_H

#include "care/requests.h"

typedef struct {
    int32_t due;      /* survivors of an attended overdose since last month */
    int32_t contacts; /* found, at most outreach.capacity */
    int32_t requests; /* for treatment */
} allostat_outreach_month_result;

/* First day of a month, before treatment places are given: the team looks for those who
 * survived an attended overdose since it last went out, the earliest first, and sees as
 * many of those it finds as it can. They wait for treatment like all others. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_outreach_month(const allostat_care_month *care,
                        allostat_outreach_month_result *result, allostat_error *error);

#endif
