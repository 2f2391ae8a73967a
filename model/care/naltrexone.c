#include "care/naltrexone.h"

#include "base/dmath.h"
#include "care/institutions.h"
#include "care/waiting.h"

static bool is_untreated(const allostat_users *users, size_t row)
{
    return users->present[row] && !users->treatment[row] && !users->treatment_next[row];
}

bool allostat_naltrexone_leaver(const allostat_care_month *care, size_t row)
{
    const allostat_users *users = care->users;
    const allostat_day end = users->institution_end[row];

    return is_untreated(users, row) &&
           (users->institution[row] || users->institution_next[row]) &&
           allostat_month_of_day(end) == care->month &&
           end - users->institution_start[row] >= care->params->naltrexone_free_days;
}

bool allostat_naltrexone_abstinent(const allostat_care_month *care, size_t row)
{
    const allostat_users *users = care->users;
    const allostat_params *p = care->params;

    return is_untreated(users, row) && allostat_may_enter(users, row) &&
           !users->active[row] && !users->rx_only[row] &&
           users->rx_target[row] <= 0.0f &&
           users->oud_severity[row] >= p->naltrexone_severity_least &&
           (double)users->dependence[row] <= p->naltrexone_dependence_most;
}

static void collect(const allostat_care_month *care)
{
    const allostat_users *users = care->users;
    const allostat_params *p = care->params;
    const allostat_day day = allostat_month_first_day(care->month);
    const double leaving = p->detox_to_naltrexone * p->naltrexone_started;
    const double asking =
        -allostat_expm1(-p->naltrexone_request_rate) * p->naltrexone_started;

    for (size_t row = 0; row < users->row_count; row++) {
        const bool leaver = allostat_naltrexone_leaver(care, row);
        const uint32_t person = users->person[row];

        if (!leaver && !allostat_naltrexone_abstinent(care, row)) continue;
        if (allostat_draw_uniform(care->key, ALLOSTAT_DRAW_naltrexone_accept, person,
                                  day, 0) >= (leaver ? leaving : asking))
            continue;
        allostat_requests_add(care->requests,
                              allostat_draw_bits(care->key,
                                                 ALLOSTAT_DRAW_naltrexone_rank, person,
                                                 day, 0),
                              (uint32_t)row);
    }
}

static void start(const allostat_care_month *care, size_t row)
{
    allostat_users *users = care->users;
    const allostat_day day = allostat_month_first_day(care->month);
    const bool leaver = allostat_naltrexone_leaver(care, row);
    const double length = allostat_draw_uniform(
        care->key, ALLOSTAT_DRAW_naltrexone_episode, users->person[row], day, 0);

    users->treatment_next[row] = ALLOSTAT_TREATMENT_naltrexone;
    users->treatment_start[row] = leaver ? users->institution_end[row] : day;
    users->episode_left[row] = (float)-allostat_log(length);
    users->waiting_since[row] = 0;
    /* What is granted for the day of leaving stays through a stay to come. */
    users->institution_oat[row] |= leaver;
}

static int32_t count_taken(const allostat_users *users)
{
    int32_t taken = 0;

    for (size_t row = 0; row < users->row_count; row++) {
        taken += users->treatment[row] == ALLOSTAT_TREATMENT_naltrexone ||
                 users->treatment_next[row] == ALLOSTAT_TREATMENT_naltrexone;
    }
    return taken;
}

allostat_status allostat_naltrexone_month(const allostat_care_month *care,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t places =
        allostat_places(care->params, care->params->naltrexone_places);

    if (places == 0) return ALLOSTAT_OK;
    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    collect(care);
    const int32_t open = places - count_taken(care->users);
    allostat_requests_grant(care->requests, open > 0 ? (size_t)open : 0);
    for (size_t i = 0; i < care->requests->count; i++) {
        if (care->requests->request[i].granted)
            start(care, care->requests->request[i].row);
    }
cleanup:
    return status;
}
