#include "care/outreach.h"

#include "base/columns.h"

static double uniform(const allostat_care_month *care, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(care->key, draw, care->users->person[row],
                                 allostat_month_first_day(care->month), 0);
}

/* The day is over once this month's team has gone out, seen or not. Returns to how many
 * a visit is due. */
static int32_t find_rows(void *context, allostat_requests *list, size_t first,
                         size_t count)
{
    const allostat_care_month *care = context;
    allostat_users *users = care->users;
    const double reach = care->params->outreach_reach;
    const size_t rows = first + count;
    int32_t due = 0;

    for (size_t i = allostat_next_word(users->attended_on, first, rows); i < rows;
         i = allostat_next_word(users->attended_on, i + 1, rows)) {
        const int32_t since = users->attended_on[i];

        users->attended_on[i] = 0;
        if (reach <= 0.0 || !users->present[i] || users->institution[i]) continue;
        due++;
        if (uniform(care, ALLOSTAT_DRAW_outreach_found, i) >= reach) continue;
        const uint32_t rank =
            allostat_draw_bits(care->key, ALLOSTAT_DRAW_outreach_rank, users->person[i],
                               allostat_month_first_day(care->month), 0);
        allostat_requests_add(list, allostat_request_order(since, rank), (uint32_t)i);
    }
    return due;
}

/* Returns whether the person asks for treatment because of the visit. */
static bool visit(const allostat_care_month *care, size_t row)
{
    allostat_users *users = care->users;
    const allostat_params *params = care->params;
    const bool may_ask = users->active[row] && users->waiting_since[row] == 0 &&
                         !users->treatment[row] && !users->treatment_next[row];

    if (params->outreach_kits) users->kit_due[row] = 1;
    if (!may_ask || uniform(care, ALLOSTAT_DRAW_outreach_request, row) >=
                        params->outreach_oat_request)
        return false;
    users->waiting_since[row] = allostat_month_first_day(care->month);
    return true;
}

allostat_status allostat_outreach_month(const allostat_care_month *care,
                                        allostat_outreach_month_result *result,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = care->params;
    const double most = params->outreach_capacity * params->population_scale;

    *result = (allostat_outreach_month_result){0};
    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    allostat_care_month teams = *care;
    result->due =
        allostat_requests_collect(care->requests, care->users, find_rows, &teams);
    result->contacts = (int32_t)allostat_requests_grant(care->requests, (size_t)most);
    for (size_t i = 0; i < care->requests->count; i++) {
        const allostat_request *request = &care->requests->request[i];

        if (request->granted) result->requests += visit(care, request->row);
    }
cleanup:
    return status;
}
