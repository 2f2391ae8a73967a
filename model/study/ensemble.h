/* An ensemble: the replicates of one scenario, run over the threads of the machine. */
#ifndef ALLOSTAT_STUDY_ENSEMBLE_H
#define ALLOSTAT_STUDY_ENSEMBLE_H

#include "engine/records.h"
#include "params/scenario.h"
#include "study/replicate.h"

#include <stdbool.h>

/* Called now and then from one thread with the days simulated so far, over all
 * replicates, and their total. Returning false stops the run at the end of the month.
 */
typedef bool (*allostat_progress)(void *context, int64_t days_done, int64_t days_total);

/* What to run, and how. */
typedef struct {
    const allostat_scenario *scenario;
    int32_t thread_count; /* 0: all that OpenMP offers; results do not depend on it */
    allostat_progress progress; /* may be NULL */
    void *progress_context;
    const allostat_branching *branching; /* may be NULL */
} allostat_ensemble;

/* Run every replicate of the scenario and fill records[0 .. run_replicates - 1], which
 * this function initialises and the caller frees. Errors: NO_MEMORY, INVARIANT,
 * STOPPED, and those of branching. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_ensemble_run(const allostat_ensemble *ensemble, allostat_records *records,
                      allostat_error *error);

#endif
