/* One replicate of a scenario from its first day to its last, watched or not. */
#ifndef ALLOSTAT_STUDY_REPLICATE_H
#define ALLOSTAT_STUDY_REPLICATE_H

#include "engine/city.h"
#include "engine/records.h"
#include "params/scenario.h"

/* Called when the last day of a month has been lived, before the month is recorded, or
 * after each day: then days are lived one by one, which takes longer. It may look at
 * everything and change nothing; another status than ALLOSTAT_OK stops the run and is
 * passed on. */
typedef struct {
    allostat_status (*look)(void *context, const allostat_city *city, allostat_day day,
                            allostat_error *error);
    void *context;
    bool each_day;
} allostat_observer;

/* Where a run leaves its city behind, and where it goes on from. Called from the
 * replicate's thread. */
typedef struct {
    allostat_month save_month; /* before its first day the city is given to `save` */
    /* NULL: nothing is saved. */
    allostat_status (*save)(void *context, int32_t replicate, const allostat_city *city,
                            const allostat_records *records, allostat_error *error);
    allostat_month load_month; /* with which a run that was loaded goes on */
    /* NULL: the run begins with its first day. `city` is of allostat_city_init_empty.
     */
    allostat_status (*load)(void *context, int32_t replicate, allostat_city *city,
                            allostat_records *records, allostat_error *error);
    void *save_context, *load_context;
} allostat_branching;

typedef struct {
    const allostat_scenario *scenario;
    int32_t number;                      /* of the replicate, from 0 */
    int32_t thread_count;                /* at least 1 */
    const allostat_branching *branching; /* may be NULL */
} allostat_replicate;

/* One month of a city, from its timetable's first day to its last. `observer` may be
 * NULL. Errors: NO_MEMORY, INVARIANT, and those of the observer. */
ALLOSTAT_MUST_CHECK allostat_status allostat_replicate_month(
    allostat_city *city, const allostat_observer *observer, allostat_month month,
    allostat_records *records, allostat_error *error);

/* Fill `records`, which this function initialises and the caller frees, also on
 * failure. `observer` may be NULL. Errors: NO_MEMORY, DATA, INVARIANT, and those of the
 * observer and of branching. */
ALLOSTAT_MUST_CHECK allostat_status allostat_replicate_run(
    const allostat_replicate *replicate, const allostat_observer *observer,
    allostat_records *records, allostat_error *error);

#endif
