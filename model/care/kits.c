#include "care/kits.h"

#include "base/dmath.h"

static void lose_kits(const allostat_care_month *care)
{
    allostat_users *users = care->users;
    const allostat_day day = allostat_month_first_day(care->month);
    const double chance = -allostat_expm1(-1.0 / care->params->naloxone_kit_life);

    for (size_t i = 0; i < users->row_count; i++) {
        const int32_t held = users->kits[i];

        for (int32_t kit = 0; kit < held; kit++) {
            const double u = allostat_draw_uniform(
                allostat_draw_key_of_numbers(care->key), ALLOSTAT_DRAW_kit_loss,
                users->number[i], day, (uint32_t)kit);
            const int32_t lost = u < chance;
            users->kits[i] -= lost;
            users->kits_lost_month[i] += lost;
        }
    }
}

static void collect_wishes(const allostat_care_month *care)
{
    const allostat_users *users = care->users;
    const allostat_day day = allostat_month_first_day(care->month);

    for (size_t i = 0; i < users->row_count; i++) {
        const bool in_touch =
            users->present[i] && (users->active[i] || users->treatment[i]);

        if (!in_touch || users->kits[i] >= care->params->naloxone_kits_carried_max)
            continue;
        allostat_requests_add(
            care->requests,
            allostat_draw_bits(allostat_draw_key_of_numbers(care->key),
                               ALLOSTAT_DRAW_kit_rank, users->number[i], day, 0),
            (uint32_t)i);
    }
}

/* Whole kits of this month out of `kits` and what was left over. */
static int32_t whole_kits(double kits, double *rest)
{
    const double sum = kits + *rest;
    const int32_t whole = (int32_t)sum;

    *rest = sum - whole;
    return whole;
}

allostat_status allostat_kits_month(const allostat_care_month *care,
                                    allostat_kit_stock *stock,
                                    allostat_kit_month *result, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_users *users = care->users;
    const allostat_params *params = care->params;
    const double shipped =
        allostat_series_value(&params->naloxone_kits_shipped,
                              allostat_month_first_day(care->month)) *
        params->population_scale;

    lose_kits(care);
    ALLOSTAT_TRY(allostat_requests_reserve(care->requests, users->row_count, error));
    collect_wishes(care);
    result->shipped = whole_kits(shipped, &stock->shipped_rest);
    const int32_t for_users =
        whole_kits(shipped * params->naloxone_handed_out_share, &stock->for_users_rest);
    const size_t granted = allostat_requests_grant(care->requests, (size_t)for_users);
    for (size_t i = 0; i < care->requests->count; i++) {
        const allostat_request *request = &care->requests->request[i];
        users->kits[request->row] += request->granted;
        users->kits_handed_month[request->row] += request->granted;
    }
    result->not_taken = for_users - (int32_t)granted;
cleanup:
    return status;
}
