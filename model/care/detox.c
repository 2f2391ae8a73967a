#include "care/detox.h"

#include "care/drawing.h"
#include "care/institutions.h"
#include "care/oat.h"

enum { DAYS_A_MONTH_MOST = 31 };

int32_t allostat_detox_beds(const allostat_params *params)
{
    const double half = 0.5;

    return (int32_t)(params->detox_beds * params->detox_opioid_share *
                         params->population_scale +
                     half);
}

int32_t allostat_detox_days(const allostat_params *params, double u)
{
    /* A geometric number with mean m is the whole part of an exponential one with rate
     * ln(1 + 1/m). */
    const double mean_more = params->detox_stay_mean - 1.0;
    const double more = -allostat_log(u) / allostat_log(1.0 + 1.0 / mean_more);
    const double most = (double)params->detox_stay_most - 1.0;

    return 1 + (int32_t)(more < most ? more : most);
}

static double uniform(const allostat_care_month *care, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(allostat_draw_key_of_numbers(care->key), draw,
                                 care->users->number[row],
                                 allostat_month_first_day(care->month), 0);
}

static bool may_want(const allostat_users *users, size_t row)
{
    return allostat_may_enter(users, row) && users->active[row] &&
           !users->treatment[row] && !users->treatment_next[row];
}

typedef struct {
    const allostat_care_month *care;
    double request, give_up; /* chances */
} detox_context;

static void ask_some(const detox_context *self, allostat_drawing *people)
{
    const allostat_care_month *care = self->care;
    const allostat_day day = allostat_month_first_day(care->month);

    allostat_drawing_make(people, care, ALLOSTAT_DRAW_detox_request);
    for (size_t i = 0; i < people->count; i++) {
        if (allostat_double_uniform_from_bits(people->bits[i]) < self->request)
            care->users->detox_waiting_since[people->row[i]] = day;
    }
    people->count = 0;
}

static void ask(const detox_context *self, size_t first, size_t count)
{
    const allostat_care_month *care = self->care;
    allostat_users *users = care->users;
    allostat_drawing people = {.count = 0};

    for (size_t row = first; row < first + count; row++) {
        if (users->detox_waiting_since[row] != 0) {
            const bool tired =
                uniform(care, ALLOSTAT_DRAW_detox_give_up, row) < self->give_up;
            if (tired || !may_want(users, row)) users->detox_waiting_since[row] = 0;
        } else if (may_want(users, row)) {
            if (allostat_drawing_is_full(&people)) ask_some(self, &people);
            allostat_drawing_add(&people, users, row, 0);
        }
    }
    ask_some(self, &people);
}

static int32_t ask_rows(void *context, allostat_requests *list, size_t first,
                        size_t count)
{
    const detox_context *self = context;
    const allostat_users *users = self->care->users;
    const allostat_day day = allostat_month_first_day(self->care->month);

    ask(self, first, count);
    for (size_t row = first; row < first + count; row++) {
        if (users->detox_waiting_since[row] == 0) continue;
        const uint32_t rank =
            allostat_draw_bits(allostat_draw_key_of_numbers(self->care->key),
                               ALLOSTAT_DRAW_detox_rank, users->number[row], day, 0);
        allostat_requests_add(
            list, allostat_request_order(users->detox_waiting_since[row], rank),
            (uint32_t)row);
    }
    return 0;
}

/* Beds that become free on each day of the month, by the stays there are; on the first
 * day all that are free. Fewer beds than people leave a debt that stays repay. A stay
 * whose end has passed, when days were not run, ends on the first. */
static void count_free_beds(const allostat_care_month *care,
                            int32_t freed[DAYS_A_MONTH_MOST])
{
    const allostat_users *users = care->users;
    const allostat_day first = allostat_month_first_day(care->month);
    const int32_t days = allostat_month_day_count(care->month);

    for (int32_t day = 0; day < DAYS_A_MONTH_MOST; day++) freed[day] = 0;
    freed[0] = allostat_detox_beds(care->params);
    for (size_t row = 0; row < users->row_count; row++) {
        if (users->institution[row] != ALLOSTAT_INSTITUTION_detox) continue;
        const int32_t left = users->institution_end[row] - first;
        freed[0]--;
        if (left < days) freed[left > 0 ? left : 0]++;
    }
}

/* A bed from a day on; returns the days for which it is taken. */
static int32_t place(const allostat_care_month *care, size_t row, allostat_day start)
{
    allostat_users *users = care->users;
    const int32_t stay =
        allostat_detox_days(care->params, uniform(care, ALLOSTAT_DRAW_detox_stay, row));

    users->institution_oat[row] =
        uniform(care, ALLOSTAT_DRAW_detox_oat, row) < care->params->detox_to_oat;
    if (users->institution_oat[row]) allostat_oat_grant(care, row, start + stay);
    allostat_stay_grant(users, row, ALLOSTAT_INSTITUTION_detox, start, stay);
    users->detox_waiting_since[row] = 0;
    return stay;
}

static void fill_beds(const allostat_care_month *care)
{
    int32_t freed[DAYS_A_MONTH_MOST], free_beds = 0;
    const int32_t days = allostat_month_day_count(care->month);
    size_t next = 0;

    count_free_beds(care, freed);
    for (int32_t day = 0; day < days; day++) {
        free_beds += freed[day];
        for (; free_beds > 0 && next < care->requests->count; free_beds--) {
            const allostat_day start = allostat_month_first_day(care->month) + day;
            const int32_t end =
                day + place(care, care->requests->request[next++].row, start);
            if (end < days) freed[end]++;
        }
    }
}

allostat_status allostat_detox_month(const allostat_care_month *care,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    detox_context context = {care, -allostat_expm1(-care->params->detox_request_rate),
                             -allostat_expm1(-care->params->detox_give_up_rate)};

    if (!care->params->mechanisms_detox) return ALLOSTAT_OK;
    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    (void)allostat_requests_collect(care->requests, care->users, ask_rows, &context);
    allostat_requests_sort(care->requests);
    fill_beds(care);
cleanup:
    return status;
}
