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

allostat_status allostat_replicate_run(const allostat_replicate *replicate,
                                       const allostat_observer *observer,
                                       allostat_records *records, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &replicate->scenario->epochs[0].params;
    const allostat_month first = allostat_month_of_day(params->run_start);
    const allostat_month last = allostat_month_of_day(params->run_end);
    allostat_city city;

    memset(&city, 0, sizeof city);
    ALLOSTAT_TRY(allostat_records_init(records, replicate->scenario, error));
    ALLOSTAT_TRY(allostat_city_init(&city, replicate->scenario, replicate->number,
                                    replicate->thread_count, error));
    for (allostat_month month = first; month <= last; month++) {
        ALLOSTAT_TRY(allostat_replicate_month(&city, observer, month, records, error));
    }
cleanup:
    allostat_city_free(&city);
    return status;
}
