#include "care/safer_supply.h"

#include "base/columns.h"
#include "base/dmath.h"
#include "care/institutions.h"
#include "care/waiting.h"

bool allostat_safer_supply_is_eligible(const allostat_care_month *care, size_t row)
{
    const allostat_users *users = care->users;
    const allostat_params *p = care->params;

    return users->active[row] && allostat_may_enter(users, row) &&
           !users->safer_supply[row] && !users->rx_only[row] &&
           users->treatment[row] != ALLOSTAT_TREATMENT_naltrexone &&
           users->oud_severity[row] >= p->safer_supply_severity_least &&
           (users->injects[row] || !p->safer_supply_injects_only);
}

static int32_t stop(const allostat_care_month *care)
{
    allostat_users *users = care->users;
    const double chance = -allostat_expm1(-care->params->safer_supply_stop_rate);
    const allostat_day day = allostat_month_first_day(care->month);
    const size_t rows = users->row_count;
    int32_t stops = 0;

    if (allostat_care_rests(care, ALLOSTAT_RESTS_safer_supply)) return 0;
    for (size_t row = allostat_next_word(users->safer_supply, 0, rows); row < rows;
         row = allostat_next_word(users->safer_supply, row + 1, rows)) {
        const bool tired = allostat_draw_uniform(care->key, ALLOSTAT_DRAW_safer_stop,
                                                 users->person[row], day, 0) < chance;
        if (!tired && users->active[row] && !users->institution[row]) continue;
        users->safer_supply[row] = 0;
        stops++;
    }
    return stops;
}

static bool has_nobody(const allostat_care_month *care)
{
    const allostat_users *users = care->users;

    return allostat_care_rests(care, ALLOSTAT_RESTS_safer_supply) ||
           allostat_next_word(users->safer_supply, 0, users->row_count) ==
               users->row_count;
}

static int32_t count_clients(const allostat_users *users)
{
    int32_t clients = 0;

    for (size_t row = 0; row < users->row_count; row++)
        clients += users->safer_supply[row];
    return clients;
}

allostat_status allostat_safer_supply_month(const allostat_care_month *care,
                                            allostat_safer_supply_moves *moves,
                                            allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *p = care->params;
    const int32_t places = allostat_places(p, p->safer_supply_places);
    const allostat_waiting_list list = {
        care->users->safer_waiting_since, allostat_safer_supply_is_eligible,
        p->safer_supply_request_rate,     p->safer_supply_give_up_rate,
        ALLOSTAT_DRAW_safer_request,      ALLOSTAT_DRAW_safer_give_up,
        ALLOSTAT_DRAW_safer_rank,         ALLOSTAT_RESTS_safer_waiting};

    *moves = (allostat_safer_supply_moves){.stops = stop(care)};
    allostat_care_note_rest(care, ALLOSTAT_RESTS_safer_supply,
                            places == 0 && has_nobody(care));
    if (places == 0) {
        allostat_waiting_close(care, &list);
        return ALLOSTAT_OK;
    }
    ALLOSTAT_TRY(allostat_waiting_month(care, &list,
                                        places - count_clients(care->users), error));
    for (size_t i = 0; i < care->requests->count; i++) {
        const size_t row = care->requests->request[i].row;

        if (!care->requests->request[i].granted) continue;
        care->users->safer_supply[row] = 1;
        list.since[row] = 0;
        moves->starts++;
    }
cleanup:
    return status;
}
