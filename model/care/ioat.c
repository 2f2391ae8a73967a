#include "care/ioat.h"

#include "base/dmath.h"
#include "care/institutions.h"
#include "care/waiting.h"

bool allostat_ioat_is_eligible(const allostat_care_month *care, size_t row)
{
    const allostat_users *users = care->users;
    const allostat_params *p = care->params;
    const int32_t treatment = users->treatment[row];
    const bool elsewhere =
        allostat_is_agonist(treatment) && treatment != ALLOSTAT_TREATMENT_ioat;
    const bool in_need = elsewhere || (!treatment && users->active[row]);

    return in_need && allostat_may_enter(users, row) && !users->treatment_next[row] &&
           !users->rx_only[row] && users->oud_severity[row] >= p->ioat_severity_least &&
           (users->injects[row] || !p->ioat_injects_only) &&
           (users->treatment_last[row] || !p->ioat_after_treatment);
}

static void start(const allostat_care_month *care, size_t row)
{
    allostat_users *users = care->users;
    const allostat_day day = allostat_month_first_day(care->month);
    const double length = allostat_draw_uniform(care->key, ALLOSTAT_DRAW_ioat_episode,
                                                users->person[row], day, 0);

    users->treatment_next[row] = ALLOSTAT_TREATMENT_ioat;
    users->treatment_start[row] = day;
    users->episode_left[row] = (float)-allostat_log(length);
    users->waiting_since[row] = 0;
    users->detox_waiting_since[row] = 0;
    users->ioat_waiting_since[row] = 0;
}

static int32_t count_clients(const allostat_users *users)
{
    int32_t clients = 0;

    for (size_t row = 0; row < users->row_count; row++)
        clients += users->treatment[row] == ALLOSTAT_TREATMENT_ioat;
    return clients;
}

allostat_status allostat_ioat_month(const allostat_care_month *care,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *p = care->params;
    const int32_t places = allostat_places(p, p->ioat_places);
    const allostat_waiting_list list = {care->users->ioat_waiting_since,
                                        allostat_ioat_is_eligible,
                                        p->ioat_request_rate,
                                        p->ioat_give_up_rate,
                                        ALLOSTAT_DRAW_ioat_request,
                                        ALLOSTAT_DRAW_ioat_give_up,
                                        ALLOSTAT_DRAW_ioat_rank,
                                        ALLOSTAT_RESTS_ioat_waiting};

    if (places == 0) {
        allostat_waiting_close(care, &list);
        return ALLOSTAT_OK;
    }
    ALLOSTAT_TRY(allostat_waiting_month(care, &list,
                                        places - count_clients(care->users), error));
    for (size_t i = 0; i < care->requests->count; i++) {
        if (care->requests->request[i].granted)
            start(care, care->requests->request[i].row);
    }
cleanup:
    return status;
}
