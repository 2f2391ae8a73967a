#include "engine/dormancy.h"

#include "base/columns.h"
#include "base/hot.h"
#include "base/relax.h"
#include "care/drawing.h"
#include "engine/refresh.h"
#include "opioid/craving.h"
#include "opioid/use.h"
#include "people/person_days.h"

typedef struct {
    allostat_care_month care;
    allostat_use_terms use;
    const allostat_residents *residents;
    allostat_craving_terms craving;
    float memory_kept; /* share of cue memory, until the middle of the month */
} resting;

/* From now on the steps of the row are days again. */
static void wake(const resting *self, size_t row)
{
    self->care.users->dormant[row] = 0;
    allostat_refresh_rows(self->care.params, self->residents, self->care.users, row, 1);
}

/* Rows first .. first + count - 1: quiet_months, and flags of who lives by the month
 * now and of who has done so but does no longer. */
ALLOSTAT_HOT
static void find_dormant(const resting *self, size_t first, size_t count,
                         uint8_t *restrict rests, uint8_t *restrict wakes)
{
    const allostat_users *users = self->care.users;
    const int32_t months = (int32_t)self->care.params->use_dormant_months;
    const allostat_day yesterday = allostat_month_first_day(self->care.month) - 1;
    const int32_t *restrict present = users->present + first;
    const int32_t *restrict rx_only = users->rx_only + first;
    const int32_t *restrict active = users->active + first;
    const int32_t *restrict treatment = users->treatment + first;
    const int32_t *restrict treatment_next = users->treatment_next + first;
    const int32_t *restrict safer_supply = users->safer_supply + first;
    const int32_t *restrict institution = users->institution + first;
    const int32_t *restrict institution_next = users->institution_next + first;
    const int32_t *restrict released_on = users->released_on + first;
    int32_t *restrict quiet_months = users->quiet_months + first;
    int32_t *restrict dormant = users->dormant + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t care = treatment[i] | treatment_next[i] | safer_supply[i];
        const int32_t stay = institution[i] | institution_next[i] |
                             allostat_days_since(released_on[i], yesterday);
        const int32_t quiet =
            (present[i] != 0) & ((rx_only[i] | active[i] | care | stay) == 0);
        const int32_t now = (quiet_months[i] + 1) & -quiet;
        const int32_t long_enough = now > months;

        wakes[i] = (uint8_t)((dormant[i] != 0) & (long_enough ^ 1));
        rests[i] = (uint8_t)long_enough;
        quiet_months[i] = now;
        dormant[i] |= long_enough;
    }
}

/* Cues are forgotten as the month goes on: craving of its middle. */
static float craving_of(const resting *self, size_t row)
{
    const allostat_users *users = self->care.users;

    return allostat_craving_forgottenf(&self->craving, users->craving[row],
                                       users->cue_memory[row], users->cue[row],
                                       users->stress[row], self->memory_kept);
}

/* A lapse of this month is drawn from the waiting time, so that its day has the
 * distribution of the daily draws. */
static void draw_lapses(const resting *self, allostat_drawing *people)
{
    const allostat_care_month *care = &self->care;
    allostat_users *users = care->users;
    const double days = allostat_month_day_count(care->month);

    allostat_drawing_make(people, care, ALLOSTAT_DRAW_month_lapse);
    for (size_t i = 0; i < people->count; i++) {
        const size_t row = people->row[i];
        const double u = allostat_double_uniform_from_bits(people->bits[i]);
        const double wait = allostat_days_to_lapse(&self->use, users, row,
                                                   craving_of(self, row), u, days);

        if (wait >= days) continue;
        wake(self, row);
        users->quiet_months[row] = 0;
        users->lapse_day[row] = allostat_month_first_day(care->month) + (int32_t)wait;
    }
}

static void rest_rows(const resting *self, size_t first, size_t count)
{
    const allostat_users *users = self->care.users;
    uint8_t rests[ALLOSTAT_DRAWING_ROWS], wakes[ALLOSTAT_DRAWING_ROWS];
    allostat_drawing people;

    find_dormant(self, first, count, rests, wakes);
    for (size_t i = allostat_next_flag(wakes, 0, count); i < count;
         i = allostat_next_flag(wakes, i + 1, count))
        wake(self, first + i);
    allostat_drawing_pick(&people, users, first, count, rests);
    draw_lapses(self, &people);
}

static void rest_block(void *context, size_t block, size_t first, size_t count)
{
    const resting *self = context;

    (void)block;
    if (self->care.params->use_dormant_months > 0) rest_rows(self, first, count);
    allostat_users_note_sides(self->care.users, first, count);
}

void allostat_city_part_users(allostat_city *city, const allostat_params *params,
                              allostat_month month)
{
    const double half_month = (double)allostat_month_day_count(month) / 2.0;
    resting self = {.care = {&city->users, params, city->key, month, &city->requests,
                             &city->care_rest},
                    .residents = &city->residents};

    allostat_use_terms_make(&self.use, params, allostat_month_first_day(month));
    allostat_craving_terms_make(&self.craving, params);
    self.memory_kept = (float)allostat_keep(half_month, params->craving_tau_forget);
    allostat_share_rows_evenly(city->users.share, city->users.row_count, rest_block,
                               &self);
    allostat_users_part(&city->users, &city->residents);
}
