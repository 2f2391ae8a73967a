#include "study/ensemble.h"

#include "engine/blocks.h"
#include "study/replicate.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* What the replicates of a run share. Only the counters are written by several threads,
 * and no result depends on them. */
typedef struct {
    const allostat_ensemble *plan;
    allostat_records *records;
    allostat_status *status; /* [replicates] */
    allostat_error *error;   /* [replicates] */
    int32_t threads_each;
    int64_t days_total;
    atomic_llong days_done;
    atomic_bool stopped;
    atomic_bool reporting; /* one thread at a time calls progress */
} ensemble_state;

static int32_t day_count(const allostat_ensemble *plan)
{
    const allostat_params *params = &plan->scenario->epochs[0].params;
    const bool loaded = plan->branching != NULL && plan->branching->load != NULL;
    const allostat_day first =
        loaded ? allostat_month_first_day(plan->branching->load_month)
               : params->run_start;

    return params->run_end - first + 1;
}

/* Tell how far the run is when a month of so many days is over; false when it shall
 * stop. */
static bool report(ensemble_state *self, int32_t days)
{
    const int64_t done = (int64_t)atomic_fetch_add(&self->days_done, days) + days;
    bool expected = false;

    if (self->plan->progress != NULL &&
        atomic_compare_exchange_strong(&self->reporting, &expected, true)) {
        if (!self->plan->progress(self->plan->progress_context, done,
                                  self->days_total)) {
            atomic_store(&self->stopped, true);
        }
        atomic_store(&self->reporting, false);
    }
    return !atomic_load(&self->stopped);
}

static allostat_status after_month(void *context, const allostat_city *city,
                                   allostat_day day, allostat_error *error)
{
    (void)city;
    if (report(context, allostat_month_day_count(allostat_month_of_day(day))))
        return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, STOPPED, "stopped before the end; nothing was written");
}

static void run_one(ensemble_state *self, int32_t replicate)
{
    if (atomic_load(&self->stopped)) {
        self->status[replicate] =
            ALLOSTAT_FAIL(&self->error[replicate], STOPPED, "stopped before the end");
        return;
    }
    const allostat_replicate which = {self->plan->scenario, replicate,
                                      self->threads_each, self->plan->branching};
    const allostat_observer observer = {after_month, self, false};
    self->status[replicate] = allostat_replicate_run(
        &which, &observer, &self->records[replicate], &self->error[replicate]);
    if (self->status[replicate] != ALLOSTAT_OK) atomic_store(&self->stopped, true);
}

static void run_task(void *context, int32_t replicate) { run_one(context, replicate); }

/* One replicate a thread as long as there are enough; the rest in turn, every one over
 * all threads, so that none of them waits. */
static void run_all(ensemble_state *self, int32_t count, int32_t threads)
{
    const int32_t abreast = count / threads * threads;

    self->threads_each = 1;
    if (abreast > 0) allostat_tasks_run(abreast, threads, run_task, self);
    self->threads_each = threads;
    for (int32_t replicate = abreast; replicate < count; replicate++)
        run_one(self, replicate);
}

/* The failure of the lowest replicate that failed by itself; stops only follow from it.
 */
static allostat_status first_failure(const ensemble_state *self, int32_t count,
                                     allostat_error *error)
{
    int32_t found = -1;

    for (int32_t r = count - 1; r >= 0; r--) {
        const bool own =
            self->status[r] != ALLOSTAT_OK && self->status[r] != ALLOSTAT_ERROR_STOPPED;
        if (own || (found < 0 && self->status[r] != ALLOSTAT_OK)) found = r;
    }
    if (found < 0) return ALLOSTAT_OK;
    if (error != NULL) *error = self->error[found];
    return self->status[found];
}

allostat_status allostat_ensemble_run(const allostat_ensemble *ensemble,
                                      allostat_records *records, allostat_error *error)
{
    const int32_t count = (int32_t)ensemble->scenario->epochs[0].params.run_replicates;
    const int32_t threads = ensemble->thread_count > 0 ? ensemble->thread_count
                                                       : allostat_threads_available();
    ensemble_state self = {.plan = ensemble, .records = records};
    allostat_status status = ALLOSTAT_OK;

    memset(records, 0, (size_t)count * sizeof *records);
    self.status = calloc((size_t)count, sizeof *self.status);
    self.error = calloc((size_t)count, sizeof *self.error);
    if (self.status == NULL || self.error == NULL) {
        status = ALLOSTAT_FAIL(error, NO_MEMORY, "no memory for %d replicates", count);
        goto cleanup;
    }
    self.days_total = (int64_t)count * day_count(ensemble);
    run_all(&self, count, threads);
    status = first_failure(&self, count, error);
cleanup:
    free(self.status);
    free(self.error);
    return status;
}
