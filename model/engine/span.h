/* Days of a city, many at once. */
#ifndef ALLOSTAT_ENGINE_SPAN_H
#define ALLOSTAT_ENGINE_SPAN_H

#include "engine/day.h"

/* Simulate days first .. end - 1, within a month, for all users; patients live their
 * month on its last day. One thread lives the days of few users one by one; those of
 * many, or where there are more threads, are lived at once, a block after the other,
 * see people/apart.h: the same bits, and however a month is cut into spans. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_days_run(allostat_city *city,
                                                      allostat_day first,
                                                      allostat_day end,
                                                      allostat_error *error);

/* The same, and add the seconds that every process took to
 * seconds[ALLOSTAT_DAY_PROCESS_COUNT]: of a city with one thread. Days lived again
 * count for none. */
ALLOSTAT_MUST_CHECK allostat_status allostat_days_measure(allostat_city *city,
                                                          allostat_day first,
                                                          allostat_day end,
                                                          double *seconds,
                                                          allostat_error *error);

#endif
