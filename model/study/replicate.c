#include "study/replicate.h"

#include "engine/blocks.h"
#include "engine/month.h"
#include "engine/newcomers.h"
#include "engine/span.h"

#include <string.h>

/* As many days at once as nobody wants to look at. */
static allostat_status live_days(allostat_city *city, const allostat_observer *observer,
                                 allostat_day first, allostat_day end,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t days = observer != NULL && observer->each_day ? 1 : end - first;

    for (allostat_day day = first; day < end; day += days) {
        const allostat_day last = day + days - 1;

        ALLOSTAT_TRY(allostat_days_run(city, day, last + 1, error));
        if (observer != NULL)
            ALLOSTAT_TRY(observer->look(observer->context, city, last, error));
    }
cleanup:
    return status;
}

allostat_status allostat_replicate_month(allostat_city *city,
                                         const allostat_observer *observer,
                                         allostat_month month,
                                         allostat_records *records,
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_day first = allostat_month_first_day(month);
    const int32_t days = allostat_month_day_count(month);

    ALLOSTAT_TRY(allostat_month_begin(city, month, error));
    ALLOSTAT_TRY(live_days(city, observer, first, first + days, error));
    ALLOSTAT_TRY(allostat_month_end(city, records, error));
cleanup:
    return status;
}

/* A replicate that is lived by a team. */
typedef struct {
    const allostat_replicate *replicate;
    const allostat_observer *observer;
    allostat_records *records;
    allostat_error *error;
    allostat_status status;
} replicate_life;

/* The city with which the run begins, and the month. */
static allostat_status begin(const replicate_life *self, allostat_share share,
                             allostat_city *city, allostat_month *month)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_replicate *replicate = self->replicate;
    allostat_error *error = self->error;
    const allostat_params *params = &replicate->scenario->epochs[0].params;
    const allostat_branching *branching = replicate->branching;
    const allostat_draw_key key =
        allostat_draw_key_make((uint64_t)params->run_seed, (uint32_t)replicate->number);

    ALLOSTAT_TRY(
        allostat_city_init_empty(city, replicate->scenario, key, share, error));
    if (branching == NULL || branching->load == NULL) {
        *month = allostat_month_of_day(params->run_start);
        ALLOSTAT_TRY(allostat_city_settle(city, error));
    } else {
        *month = branching->load_month;
        ALLOSTAT_TRY(branching->load(branching->load_context, replicate->number, city,
                                     self->records, error));
    }
cleanup:
    return status;
}

static allostat_status save(const allostat_replicate *replicate,
                            const allostat_city *city, const allostat_records *records,
                            allostat_month month, allostat_error *error)
{
    const allostat_branching *branching = replicate->branching;

    if (branching == NULL || branching->save == NULL || branching->save_month != month)
        return ALLOSTAT_OK;
    return branching->save(branching->save_context, replicate->number, city, records,
                           error);
}

static allostat_status live(const replicate_life *self, allostat_share share)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_replicate *replicate = self->replicate;
    const allostat_month last =
        allostat_month_of_day(replicate->scenario->epochs[0].params.run_end);
    allostat_month month = 0;
    allostat_city city;

    memset(&city, 0, sizeof city);
    ALLOSTAT_TRY(begin(self, share, &city, &month));
    for (; month <= last; month++) {
        ALLOSTAT_TRY(save(replicate, &city, self->records, month, self->error));
        ALLOSTAT_TRY(allostat_replicate_month(&city, self->observer, month,
                                              self->records, self->error));
    }
cleanup:
    allostat_city_free(&city);
    return status;
}

static void live_with_team(void *context, allostat_share share)
{
    replicate_life *self = context;

    self->status = live(self, share);
}

allostat_status allostat_replicate_run(const allostat_replicate *replicate,
                                       const allostat_observer *observer,
                                       allostat_records *records, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    replicate_life self = {replicate, observer, records, error, ALLOSTAT_OK};

    ALLOSTAT_TRY(allostat_records_init(records, replicate->scenario, error));
    allostat_blocks_with_team(replicate->thread_count, live_with_team, &self);
    status = self.status;
cleanup:
    return status;
}
