/* The timetable of a day. */
#ifndef ALLOSTAT_ENGINE_DAY_H
#define ALLOSTAT_ENGINE_DAY_H

#include "engine/city.h"

/* Simulate one day for all users. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_day_run(allostat_city *city,
                                                     allostat_day day,
                                                     allostat_error *error);

#endif
