/* Do two scenarios share a past? For going on from a saved city: what differs may only
 * differ from a date on. */
#ifndef ALLOSTAT_PARAMS_PAST_H
#define ALLOSTAT_PARAMS_PAST_H

#include "params/scenario.h"

/* Compare every parameter that has a say before `date`: fixed ones but for names, the
 * last day and what is only shown or valued; dated ones and series on the days from the
 * start on. Error: DATA, naming the first parameter that differs and both values. */
ALLOSTAT_MUST_CHECK allostat_status allostat_scenario_same_past(
    const allostat_scenario *saved, const allostat_scenario *now, allostat_day date,
    allostat_error *error);

#endif
