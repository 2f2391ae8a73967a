#include "engine/levers.h"

#include "care/checking.h"
#include "care/housing_first.h"
#include "care/outreach.h"
#include "care/release.h"
#include "care/spotting.h"

static allostat_care_month care_of(allostat_city *city, const allostat_params *params,
                                   allostat_month month)
{
    return (allostat_care_month){&city->users, params,          city->key,
                                 month,        &city->requests, &city->care_rest};
}

allostat_status allostat_city_housing_first(allostat_city *city,
                                            const allostat_params *params,
                                            allostat_month month, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_care_month care = care_of(city, params, month);
    int32_t *series = city->tally.city;
    allostat_housing_first_result homes;

    ALLOSTAT_TRY(allostat_housing_first_month(&care, &city->residents, &homes, error));
    series[ALLOSTAT_CITY_people_in_housing_first] = homes.housed;
    series[ALLOSTAT_CITY_housing_first_waiting] = homes.waiting;
cleanup:
    return status;
}

allostat_status allostat_city_outreach(allostat_city *city,
                                       const allostat_params *params,
                                       allostat_month month, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_care_month care = care_of(city, params, month);
    int32_t *series = city->tally.city;
    allostat_outreach_month_result outreach;

    ALLOSTAT_TRY(allostat_outreach_month(&care, &outreach, error));
    series[ALLOSTAT_CITY_outreach_due] = outreach.due;
    series[ALLOSTAT_CITY_outreach_contacts] = outreach.contacts;
    series[ALLOSTAT_CITY_outreach_requests] = outreach.requests;
cleanup:
    return status;
}

allostat_status allostat_city_releases(allostat_city *city,
                                       const allostat_params *params,
                                       allostat_month month, allostat_error *error)
{
    const allostat_care_month care = care_of(city, params, month);

    (void)error;
    city->tally.city[ALLOSTAT_CITY_release_oat_starts] = allostat_release_month(&care);
    return ALLOSTAT_OK;
}

allostat_status allostat_city_kits(allostat_city *city, const allostat_params *params,
                                   allostat_month month, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_care_month care = care_of(city, params, month);
    int32_t *series = city->tally.city;
    allostat_kit_month kits;

    ALLOSTAT_TRY(
        allostat_kits_month(&care, &city->residents, &city->kit_stock, &kits, error));
    series[ALLOSTAT_CITY_kits_shipped] = kits.shipped;
    series[ALLOSTAT_CITY_kits_due_handed] = kits.handed_due;
    series[ALLOSTAT_CITY_kits_alone_handed] = kits.handed_alone;
    series[ALLOSTAT_CITY_kits_not_taken] = kits.not_taken;
cleanup:
    return status;
}

allostat_status allostat_city_spotting(allostat_city *city,
                                       const allostat_params *params,
                                       allostat_month month, allostat_error *error)
{
    const allostat_care_month care = care_of(city, params, month);

    (void)error;
    city->tally.city[ALLOSTAT_CITY_people_spotted] = allostat_spotting_month(&care);
    return ALLOSTAT_OK;
}

allostat_status allostat_city_drug_checking(allostat_city *city,
                                            const allostat_params *params,
                                            allostat_month month, allostat_error *error)
{
    const allostat_care_month care = care_of(city, params, month);

    (void)error;
    city->tally.city[ALLOSTAT_CITY_samples_checked] = allostat_checking_month(&care);
    return ALLOSTAT_OK;
}
