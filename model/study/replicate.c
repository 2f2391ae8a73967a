#include "study/replicate.h"

#include "engine/day.h"
#include "engine/month.h"

#include <string.h>

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
    for (allostat_day day = first; day < first + days; day++) {
        ALLOSTAT_TRY(allostat_day_run(city, day, error));
        if (observer != NULL) {
            ALLOSTAT_TRY(observer->after_day(observer->context, city, day, error));
        }
    }
    ALLOSTAT_TRY(allostat_month_end(city, records, error));
cleanup:
    return status;
}

/* The city with which the run begins, and the month. */
static allostat_status begin(const allostat_replicate *replicate, allostat_city *city,
                             allostat_records *records, allostat_month *month,
                             allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &replicate->scenario->epochs[0].params;
    const allostat_branching *branching = replicate->branching;
    const allostat_draw_key key =
        allostat_draw_key_make((uint64_t)params->run_seed, (uint32_t)replicate->number);

    *month = allostat_month_of_day(params->run_start);
    if (branching == NULL || branching->load == NULL) {
        return allostat_city_init(city, replicate->scenario, replicate->number,
                                  replicate->thread_count, error);
    }
    *month = branching->load_month;
    ALLOSTAT_TRY(allostat_city_init_empty(city, replicate->scenario, key,
                                          replicate->thread_count, error));
    ALLOSTAT_TRY(branching->load(branching->load_context, replicate->number, city,
                                 records, error));
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

allostat_status allostat_replicate_run(const allostat_replicate *replicate,
                                       const allostat_observer *observer,
                                       allostat_records *records, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_month last =
        allostat_month_of_day(replicate->scenario->epochs[0].params.run_end);
    allostat_month month = 0;
    allostat_city city;

    memset(&city, 0, sizeof city);
    ALLOSTAT_TRY(allostat_records_init(records, replicate->scenario, error));
    ALLOSTAT_TRY(begin(replicate, &city, records, &month, error));
    for (; month <= last; month++) {
        ALLOSTAT_TRY(save(replicate, &city, records, month, error));
        ALLOSTAT_TRY(allostat_replicate_month(&city, observer, month, records, error));
    }
cleanup:
    allostat_city_free(&city);
    return status;
}
