#include "care/detox.h"

#include "base/columns.h"
#include "base/hot.h"
#include "care/drawing.h"
#include "care/institutions.h"
#include "care/oat.h"
#include "care/waiting.h"

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

typedef struct {
    const allostat_care_month *care;
    double request, give_up; /* chances */
    int32_t freed[DAYS_A_MONTH_MOST];
} detox_context;

/* Flags for rows first .. first + count - 1. */
typedef struct {
    uint8_t waits[ALLOSTAT_DRAWING_ROWS], may_ask[ALLOSTAT_DRAWING_ROWS];
    uint8_t inside[ALLOSTAT_DRAWING_ROWS]; /* in detox */
} detox_flags;

/* Who could enter, uses and is not in treatment, waits or may ask; others who wait give
 * up. */
ALLOSTAT_HOT
static void look(const allostat_users *users, size_t first, size_t count,
                 detox_flags *restrict flags)
{
    const int32_t *restrict present = users->present + first;
    const int32_t *restrict institution = users->institution + first;
    const int32_t *restrict institution_next = users->institution_next + first;
    const int32_t *restrict active = users->active + first;
    const int32_t *restrict treatment = users->treatment + first;
    const int32_t *restrict treatment_next = users->treatment_next + first;
    int32_t *restrict since = users->detox_waiting_since + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t may_want = (present[i] != 0) & (active[i] != 0) &
                                 ((institution[i] | institution_next[i] | treatment[i] |
                                   treatment_next[i]) == 0);
        const int32_t waiting = since[i] != 0;

        since[i] *= may_want;
        flags->waits[i] = (uint8_t)(may_want & waiting);
        flags->may_ask[i] = (uint8_t)(may_want & (waiting ^ 1));
        flags->inside[i] = institution[i] == ALLOSTAT_INSTITUTION_detox;
    }
}

static void ask_some(const detox_context *self, allostat_drawing *people)
{
    int32_t *since = self->care->users->detox_waiting_since;

    allostat_drawing_make(people, self->care, ALLOSTAT_DRAW_detox_request);
    for (size_t i = 0; i < people->count; i++) {
        if (allostat_drawing_uniform(people, i) < self->request)
            since[people->row[i]] = allostat_month_first_day(self->care->month);
    }
}

static void give_up_some(const detox_context *self, allostat_drawing *people)
{
    int32_t *since = self->care->users->detox_waiting_since;

    allostat_drawing_make(people, self->care, ALLOSTAT_DRAW_detox_give_up);
    for (size_t i = 0; i < people->count; i++) {
        if (allostat_drawing_uniform(people, i) < self->give_up)
            since[people->row[i]] = 0;
    }
}

/* Beds that become free on each day of the month, by the stays there are. A stay whose
 * end has passed, when days were not run, ends on the first. */
static void count_freed(detox_context *self, const uint8_t *inside, size_t first,
                        size_t count)
{
    const allostat_care_month *care = self->care;
    const allostat_day today = allostat_month_first_day(care->month);
    const int32_t days = allostat_month_day_count(care->month);

    for (size_t i = allostat_next_flag(inside, 0, count); i < count;
         i = allostat_next_flag(inside, i + 1, count)) {
        const int32_t left = care->users->institution_end[first + i] - today;

        allostat_share_count(&self->freed[0], -1);
        if (left < days) allostat_share_count(&self->freed[left > 0 ? left : 0], 1);
    }
}

static int32_t ask_rows(void *context, allostat_requests *list, size_t first,
                        size_t count)
{
    detox_context *self = context;
    const allostat_users *users = self->care->users;
    detox_flags flags;
    allostat_drawing people;
    size_t now;

    for (size_t row = first; row < first + count; row += now) {
        now = allostat_drawing_rows(row, first + count);
        look(users, row, now, &flags);
        count_freed(self, flags.inside, row, now);
        allostat_drawing_pick(&people, users, row, now, flags.waits);
        give_up_some(self, &people);
        allostat_drawing_pick(&people, users, row, now, flags.may_ask);
        ask_some(self, &people);
        allostat_waiting_queue(self->care, users->detox_waiting_since,
                               ALLOSTAT_DRAW_detox_rank, list, row, now);
    }
    return 0;
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

/* Fewer beds than people leave a debt that stays repay. */
static void fill_beds(const allostat_care_month *care, int32_t *freed)
{
    int32_t free_beds = allostat_detox_beds(care->params);
    const int32_t days = allostat_month_day_count(care->month);
    size_t next = 0;

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
    detox_context context = {
        .care = care,
        .request = -allostat_expm1(-care->params->detox_request_rate),
        .give_up = -allostat_expm1(-care->params->detox_give_up_rate)};

    if (!care->params->mechanisms_detox) return ALLOSTAT_OK;
    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    (void)allostat_requests_collect(care->requests, care->users, ask_rows, &context);
    allostat_requests_sort(care->requests);
    fill_beds(care, context.freed);
cleanup:
    return status;
}
