/* The timetable of a day. */
#ifndef ALLOSTAT_ENGINE_DAY_H
#define ALLOSTAT_ENGINE_DAY_H

#include "engine/city.h"

/* The daily processes of users of the street, in the order in which a block of rows
 * goes through them; the last is the month of patients. */
enum { ALLOSTAT_DAY_PROCESS_COUNT = 14 };
const char *allostat_day_process_name(int32_t process);

/* Simulate one day for all users; patients live their month on its last day. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_day_run(allostat_city *city,
                                                     allostat_day day,
                                                     allostat_error *error);

/* The same, and add the seconds that every process took to
 * seconds[ALLOSTAT_DAY_PROCESS_COUNT]: of a city with one thread. */
ALLOSTAT_MUST_CHECK allostat_status allostat_day_measure(allostat_city *city,
                                                         allostat_day day,
                                                         double *seconds,
                                                         allostat_error *error);

#endif
