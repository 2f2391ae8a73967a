/* An ensemble: the replicates of one scenario, run over the threads of the machine. */
#ifndef ALLOSTAT_STUDY_ENSEMBLE_H
#define ALLOSTAT_STUDY_ENSEMBLE_H

#include "engine/records.h"
#include "params/scenario.h"

#include <stdbool.h>

/* Called now and then from one thread with the days simulated so far, over all
 * replicates, and their total. Returning false stops the run at the end of the day. */
typedef bool (*allostat_progress)(void *context, int64_t days_done, int64_t days_total);

/* Run every replicate of `scenario` and fill records[0 .. run_replicates - 1], which
 * this function initialises and the caller frees. `thread_count` 0 means all that
 * OpenMP offers. Results do not depend on it. `progress` may be NULL. Errors:
 * NO_MEMORY, INVARIANT, STOPPED. */
ALLOSTAT_MUST_CHECK allostat_status allostat_ensemble_run(
    const allostat_scenario *scenario, int32_t thread_count, allostat_progress progress,
    void *context, allostat_records *records, allostat_error *error);

#endif
