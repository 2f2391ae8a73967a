/* The timetable of a month: what is done on its first day, its days, what is done on
 * its last. */
#ifndef ALLOSTAT_ENGINE_MONTH_H
#define ALLOSTAT_ENGINE_MONTH_H

#include "engine/city.h"

/* Before the first day of a month: who left is taken from the users' table, sites plan,
 * residents live a month, people arrive, programmes open. Errors: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_month_begin(allostat_city *city,
                                                         allostat_month month,
                                                         allostat_error *error);

/* The monthly processes, in the order of the timetable. */
enum { ALLOSTAT_MONTH_PROCESS_COUNT = 20 };
const char *allostat_month_process_name(int32_t process);

/* As allostat_month_begin, and add the seconds that every process took to
 * seconds[ALLOSTAT_MONTH_PROCESS_COUNT] unless that is NULL. */
ALLOSTAT_MUST_CHECK allostat_status allostat_month_measure(allostat_city *city,
                                                           allostat_month month,
                                                           double *seconds,
                                                           allostat_error *error);

/* After the last day of a month: the month is recorded and the books are checked.
 * Errors: INVARIANT. */
ALLOSTAT_MUST_CHECK allostat_status allostat_month_end(allostat_city *city,
                                                       allostat_records *records,
                                                       allostat_error *error);

#endif
