#include "engine/dormancy.h"

#include "base/relax.h"
#include "care/drawing.h"
#include "engine/refresh.h"
#include "opioid/craving.h"
#include "opioid/use.h"

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

static bool is_quiet(const allostat_users *users, size_t row)
{
    const int32_t care =
        users->treatment[row] | users->treatment_next[row] | users->safer_supply[row];
    const int32_t stay = users->institution[row] | users->institution_next[row] |
                         users->days_since_release[row];

    return users->present[row] && !users->rx_only[row] && !users->active[row] &&
           (care | stay) == 0;
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
        const double wait =
            allostat_days_to_lapse(&self->use, users, row, craving_of(self, row), u);

        if (wait >= days) continue;
        wake(self, row);
        users->quiet_months[row] = 0;
        users->lapse_day[row] = allostat_month_first_day(care->month) + (int32_t)wait;
    }
    people->count = 0;
}

static void rest_block(void *context, size_t block, size_t first, size_t count)
{
    const resting *self = context;
    allostat_users *users = self->care.users;
    const int32_t months = (int32_t)self->care.params->use_dormant_months;
    allostat_drawing people;

    (void)block;
    people.count = 0; /* its rows need not be cleared */
    for (size_t row = first; row < first + count; row++) {
        const bool quiet = is_quiet(users, row);

        users->quiet_months[row] = quiet ? users->quiet_months[row] + 1 : 0;
        if (users->quiet_months[row] <= months) {
            if (users->dormant[row]) wake(self, row);
            continue;
        }
        users->dormant[row] = 1;
        if (allostat_drawing_is_full(&people)) draw_lapses(self, &people);
        allostat_drawing_add(&people, users, row, 0);
    }
    draw_lapses(self, &people);
}

void allostat_city_part_users(allostat_city *city, const allostat_params *params,
                              allostat_month month)
{
    const double half_month = (double)allostat_month_day_count(month) / 2.0;
    resting self = {.care = {&city->users, params, city->key, month, &city->requests},
                    .residents = &city->residents};

    allostat_use_terms_make(&self.use, params, allostat_month_first_day(month));
    allostat_craving_terms_make(&self.craving, params);
    self.memory_kept = (float)allostat_keep(half_month, params->craving_tau_forget);
    if (params->use_dormant_months > 0)
        allostat_share_rows(city->users.share, city->users.row_count, rest_block,
                            &self);
    allostat_users_part(&city->users, &city->residents);
}
