#include "care/waiting.h"

#include "base/dmath.h"

static double uniform(const allostat_care_month *care, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(care->key, draw, care->users->person[row],
                                 allostat_month_first_day(care->month), 0);
}

static void ask(const allostat_care_month *care, const allostat_waiting_list *list)
{
    const double request = -allostat_expm1(-list->request_rate);
    const double give_up = -allostat_expm1(-list->give_up_rate);
    const allostat_day day = allostat_month_first_day(care->month);

    for (size_t row = 0; row < care->users->row_count; row++) {
        if (!list->may_wait(care, row)) {
            list->since[row] = 0;
        } else if (list->since[row] != 0) {
            if (uniform(care, list->give_up, row) < give_up) list->since[row] = 0;
        } else if (uniform(care, list->request, row) < request) {
            list->since[row] = day;
        }
    }
}

static void collect(const allostat_care_month *care, const allostat_waiting_list *list)
{
    const allostat_users *users = care->users;
    const allostat_day day = allostat_month_first_day(care->month);

    for (size_t row = 0; row < users->row_count; row++) {
        if (list->since[row] == 0) continue;
        const uint32_t rank =
            allostat_draw_bits(care->key, list->rank, users->person[row], day, 0);
        allostat_requests_add(care->requests,
                              allostat_request_order(list->since[row], rank),
                              (uint32_t)row);
    }
}

allostat_status allostat_waiting_month(const allostat_care_month *care,
                                       const allostat_waiting_list *list, int32_t open,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ask(care, list);
    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    collect(care, list);
    allostat_requests_grant(care->requests, open > 0 ? (size_t)open : 0);
cleanup:
    return status;
}

void allostat_waiting_close(const allostat_care_month *care,
                            const allostat_waiting_list *list)
{
    for (size_t row = 0; row < care->users->row_count; row++) list->since[row] = 0;
}
