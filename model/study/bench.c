#include "study/bench.h"

#include "base/clock.h"
#include "engine/blocks.h"
#include "engine/month.h"
#include "engine/newcomers.h"
#include "engine/span.h"
#include "study/ensemble.h"

#include <stdlib.h>
#include <string.h>

static int64_t count_present(const allostat_residents *residents)
{
    int64_t present = 0;

    for (size_t row = 0; row < residents->row_count; row++)
        present += residents->status[row] == ALLOSTAT_RESIDENT_present;
    return present;
}

static allostat_status run_days(allostat_city *city, allostat_month month,
                                double *process_seconds, allostat_bench *result,
                                allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_day first = allostat_month_first_day(month);
    const int32_t days = allostat_month_day_count(month);
    const double begun = allostat_seconds_now();

    ALLOSTAT_TRY(
        allostat_days_measure(city, first, first + days, process_seconds, error));
    result->day_seconds += allostat_seconds_now() - begun;
    result->user_days += (int64_t)city->users.street_count * days;
cleanup:
    return status;
}

static allostat_status run_month(allostat_city *city, allostat_month month,
                                 allostat_records *records, bool by_process,
                                 allostat_bench *result, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const double begun = allostat_seconds_now();

    ALLOSTAT_TRY(allostat_month_measure(
        city, month, by_process ? result->month_process_seconds : NULL, error));
    result->month_begin_seconds += allostat_seconds_now() - begun;
    ALLOSTAT_TRY(run_days(city, month, by_process ? result->process_seconds : NULL,
                          result, error));
    const double ended = allostat_seconds_now();
    ALLOSTAT_TRY(allostat_month_end(city, records, error));
    result->month_end_seconds += allostat_seconds_now() - ended;
    /* Outside the clock: */
    result->residents = count_present(&city->residents);
    result->resident_months += result->residents;
    result->resident_days += result->residents * allostat_month_day_count(month);
cleanup:
    return status;
}

/* A replicate that is measured. */
typedef struct {
    const allostat_scenario *scenario;
    bool by_process;
    allostat_bench *result;
    allostat_error *error;
    allostat_status status;
} bench_life;

static allostat_status live(const bench_life *self, allostat_share share)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &self->scenario->epochs[0].params;
    const allostat_month first = allostat_month_of_day(params->run_start);
    const allostat_month last = allostat_month_of_day(params->run_end);
    const allostat_draw_key key = allostat_draw_key_make((uint64_t)params->run_seed, 0);
    allostat_bench *result = self->result;
    allostat_error *error = self->error;
    allostat_records records;
    allostat_city city;
    const double begun = allostat_seconds_now();

    memset(&city, 0, sizeof city);
    ALLOSTAT_TRY(allostat_records_init(&records, self->scenario, error));
    ALLOSTAT_TRY(allostat_city_init_empty(&city, self->scenario, key, share, error));
    ALLOSTAT_TRY(allostat_city_settle(&city, error));
    result->start_seconds = allostat_seconds_now() - begun;
    for (allostat_month month = first; month <= last; month++) {
        ALLOSTAT_TRY(
            run_month(&city, month, &records, self->by_process, result, error));
    }
    result->seconds = result->start_seconds + result->month_begin_seconds +
                      result->month_end_seconds + result->day_seconds;
    result->users = (int64_t)city.users.street_count;
    result->bytes = allostat_city_bytes(&city);
    result->users_table_bytes = city.users.street_count * allostat_users_row_bytes();
cleanup:
    allostat_city_free(&city);
    allostat_records_free(&records);
    return status;
}

static void live_with_team(void *context, allostat_share share)
{
    bench_life *self = context;

    self->status = live(self, share);
}

allostat_status allostat_bench_run(const allostat_scenario *scenario,
                                   int32_t thread_count, bool by_process,
                                   allostat_bench *result, allostat_error *error)
{
    bench_life self = {scenario, by_process, result, error, ALLOSTAT_OK};
    const allostat_processor_seconds before = allostat_processor_seconds_now();

    memset(result, 0, sizeof *result);
    allostat_blocks_with_team(thread_count, live_with_team, &self);
    const allostat_processor_seconds after = allostat_processor_seconds_now();
    result->own_seconds = after.own - before.own;
    result->system_seconds = after.system - before.system;
    return self.status;
}

allostat_status allostat_bench_replicates(const allostat_scenario *scenario,
                                          int32_t thread_count, double *seconds,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t count = (size_t)scenario->epochs[0].params.run_replicates;
    const allostat_ensemble all = {.scenario = scenario, .thread_count = thread_count};
    allostat_records *records = calloc(count, sizeof *records);
    const double begun = allostat_seconds_now();

    if (records == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "the records of %zu replicates", count);
    status = allostat_ensemble_run(&all, records, error);
    *seconds = allostat_seconds_now() - begun;
    for (size_t r = 0; r < count; r++) allostat_records_free(&records[r]);
    free(records);
    return status;
}
