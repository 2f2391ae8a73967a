/* Measuring a run: where its time goes, person by person and process by process. */
#ifndef ALLOSTAT_STUDY_BENCH_H
#define ALLOSTAT_STUDY_BENCH_H

#include "engine/day.h"
#include "engine/month.h"
#include "params/scenario.h"

#include <stdbool.h>

/* Seconds of one replicate from its first day to its last, and what was done in them.
 * A user-day is a day of a user's row; a resident-month a month of somebody present. */
typedef struct {
    double start_seconds;       /* everybody made and the first users' history lived */
    double month_begin_seconds; /* life course, entries, programmes */
    double month_end_seconds;   /* series, checks of invariants */
    double day_seconds;
    double
        process_seconds[ALLOSTAT_DAY_PROCESS_COUNT]; /* within days; 0 unless asked */
    double month_process_seconds[ALLOSTAT_MONTH_PROCESS_COUNT]; /* within month_begin */
    double seconds;                     /* start, months and days: the whole run */
    double own_seconds, system_seconds; /* of processors, see base/clock.h */
    int64_t user_days, resident_days, resident_months;
    int64_t residents;        /* present at the end */
    int64_t users;            /* of the street, at the end */
    size_t bytes;             /* of all tables */
    size_t users_table_bytes; /* of their rows at the end */
} allostat_bench;

/* Run replicate 0 of a scenario. With `by_process` (one thread) every daily process is
 * timed, at some cost of clocks; the times of the rest are always taken. Errors:
 * NO_MEMORY, INVARIANT. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_bench_run(const allostat_scenario *scenario, int32_t thread_count,
                   bool by_process, allostat_bench *result, allostat_error *error);

/* Seconds that the replicates of a scenario take, one on each thread. Errors:
 * NO_MEMORY, INVARIANT. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_bench_replicates(const allostat_scenario *scenario, int32_t thread_count,
                          double *seconds, allostat_error *error);

#endif
