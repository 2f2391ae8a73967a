#include "care/kits.h"

#include "base/dmath.h"
#include "base/hot.h"
#include "care/drawing.h"
#include "care/response.h"

#include <string.h>

typedef struct {
    const allostat_care_month *care;
    double chance;
} losses;

/* Each of the kits is lost, or not. */
static void lose_some(const losses *self, allostat_drawing *kits)
{
    allostat_users *users = self->care->users;

    allostat_drawing_make(kits, self->care, ALLOSTAT_DRAW_kit_loss);
    for (size_t i = 0; i < kits->count; i++) {
        const int32_t lost =
            allostat_double_uniform_from_bits(kits->bits[i]) < self->chance;
        users->kits[kits->row[i]] -= lost;
        users->kits_lost_month[kits->row[i]] += lost;
    }
    kits->count = 0;
}

static void lose_block(void *context, size_t block, size_t first, size_t count)
{
    const losses *self = context;
    const allostat_users *users = self->care->users;
    allostat_drawing holders, kits;

    (void)block;
    kits.count = 0; /* its rows need not be cleared */
    allostat_drawing_pick_set(&holders, users, first, count, users->kits);
    for (size_t i = 0; i < holders.count; i++) {
        const uint32_t row = holders.row[i];
        const int32_t held = users->kits[row];

        for (int32_t kit = 0; kit < held; kit++) {
            if (allostat_drawing_is_full(&kits)) lose_some(self, &kits);
            allostat_drawing_add(&kits, users, row, (uint32_t)kit);
        }
    }
    lose_some(self, &kits);
}

static void lose_kits(const allostat_care_month *care)
{
    losses all = {care, -allostat_expm1(-1.0 / care->params->naloxone_kit_life)};

    allostat_share_rows_evenly(care->users->share, care->users->row_count, lose_block,
                               &all);
}

/* Hand-outs of a month, one after the other. */
typedef enum { TO_WHOM_IT_IS_DUE, TO_WHO_USES_ALONE, TO_ANYBODY } turn;

/* Marks in kit_due. */
enum { DUE = 1, HANDED = 2 };

typedef struct {
    const allostat_care_month *care;
    const allostat_residents *residents;
    turn now;
} hand_out_context;

/* Flags of who would take one: those to whom one is due, or whoever is in touch. */
ALLOSTAT_HOT
static void find_wishes(const hand_out_context *self, size_t first, size_t count,
                        uint8_t *restrict wishes)
{
    const allostat_users *users = self->care->users;
    const int32_t most = (int32_t)self->care->params->naloxone_kits_carried_max;
    const int32_t only_due = self->now == TO_WHOM_IT_IS_DUE;
    const int32_t *restrict present = users->present + first;
    const int32_t *restrict active = users->active + first;
    const int32_t *restrict treatment = users->treatment + first;
    const int32_t *restrict kits = users->kits + first;
    const int32_t *restrict kit_due = users->kit_due + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t may =
            (present[i] != 0) & (kit_due[i] != HANDED) & (kits[i] < most);
        const int32_t in_touch = (active[i] | treatment[i]) != 0;
        const int32_t due = kit_due[i] == DUE;

        wishes[i] = (uint8_t)(may & ((only_due & due) | ((only_due ^ 1) & in_touch)));
    }
}

/* By keyed draws alone; among those who use alone most, by that first. */
static uint64_t order_of(const allostat_care_month *care,
                         const allostat_residents *residents, size_t row, uint32_t rank,
                         turn now)
{
    const double steps = 1 << 20;

    if (now != TO_WHO_USES_ALONE) return rank;
    const double company =
        1.0 - allostat_alone_at_home(care->params, residents, care->users, row);
    return allostat_request_order((int32_t)(company * steps), rank);
}

static void request(const hand_out_context *self, allostat_requests *list,
                    allostat_drawing *people)
{
    allostat_drawing_make(people, self->care,
                          self->now == TO_ANYBODY ? ALLOSTAT_DRAW_kit_rank
                                                  : ALLOSTAT_DRAW_kit_first_rank);
    for (size_t i = 0; i < people->count; i++) {
        const uint32_t row = people->row[i];
        allostat_requests_add(
            list,
            order_of(self->care, self->residents, row, people->bits[i], self->now),
            row);
    }
}

static int32_t wish_rows(void *context, allostat_requests *list, size_t first,
                         size_t count)
{
    const hand_out_context *self = context;
    uint8_t wishes[ALLOSTAT_DRAWING_ROWS];
    allostat_drawing people;
    size_t now;

    for (size_t row = first; row < first + count; row += now) {
        now = allostat_drawing_rows(row, first + count);
        find_wishes(self, row, now, wishes);
        allostat_drawing_pick(&people, self->care->users, row, now, wishes);
        request(self, list, &people);
    }
    return 0;
}

static void take_one(const void *context, size_t row)
{
    const allostat_users *users = context;

    users->kits[row]++;
    users->kits_handed_month[row]++;
    users->kit_due[row] = HANDED;
}

/* At most one kit to a person; returns how many were taken. */
static int32_t hand_out(const allostat_care_month *care,
                        const allostat_residents *residents, turn now, int32_t kits)
{
    const allostat_users *users = care->users;
    allostat_requests *requests = care->requests;
    hand_out_context context = {care, residents, now};

    if (kits <= 0) return 0;
    (void)allostat_requests_collect(requests, users, wish_rows, &context);
    const size_t granted = allostat_requests_grant(requests, (size_t)kits);
    allostat_requests_serve(requests, users, take_one, users);
    return (int32_t)granted;
}

/* Whole kits of this month out of `kits` and what was left over. */
static int32_t whole_kits(double kits, double *rest)
{
    const double sum = kits + *rest;
    const int32_t whole = (int32_t)sum;

    *rest = sum - whole;
    return whole;
}

/* A promise that no kit was there for lapses. */
static void end_promises(void *context, size_t block, size_t first, size_t count)
{
    const allostat_users *users = context;

    (void)block;
    memset(users->kit_due + first, 0, count * sizeof *users->kit_due);
}

allostat_status allostat_kits_month(const allostat_care_month *care,
                                    const allostat_residents *residents,
                                    allostat_kit_stock *stock,
                                    allostat_kit_month *result, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_users *users = care->users;
    const allostat_params *params = care->params;
    const double shipped =
        allostat_series_value(&params->naloxone_kits_shipped,
                              allostat_month_first_day(care->month)) *
        params->naloxone_kits_ratio * params->population_scale;

    lose_kits(care);
    ALLOSTAT_TRY(allostat_requests_reserve(care->requests, users->row_count, error));
    result->shipped = whole_kits(shipped, &stock->shipped_rest);
    int32_t left =
        whole_kits(shipped * params->naloxone_handed_out_share, &stock->for_users_rest);
    result->handed_due = hand_out(care, residents, TO_WHOM_IT_IS_DUE, left);
    left -= result->handed_due;
    const int32_t first = (int32_t)(left * params->naloxone_alone_priority);
    result->handed_alone = hand_out(care, residents, TO_WHO_USES_ALONE, first);
    left -= result->handed_alone;
    result->not_taken = left - hand_out(care, residents, TO_ANYBODY, left);
    allostat_share_rows(users->share, users->row_count, end_promises, users);
cleanup:
    return status;
}
