#include "care/custody.h"

#include "base/dmath.h"
#include "base/hot.h"
#include "care/drawing.h"
#include "care/institutions.h"
#include "care/oat.h"
#include "care/therapy.h"

int32_t allostat_custody_days(const allostat_params *params, double u)
{
    const double half = 0.5;
    const double days =
        params->custody_stay_median *
            allostat_exp(params->custody_stay_log_sd * allostat_normal_quantile(u)) +
        half;
    const double most = (double)params->custody_stay_most;
    const double inside = days < most ? days : most;

    return inside < 1.0 ? 1 : (int32_t)inside;
}

static double uniform(const allostat_care_month *care, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(allostat_draw_key_of_numbers(care->key), draw,
                                 care->users->number[row],
                                 allostat_month_first_day(care->month), 0);
}

/* Chance of a month by sex, use and homelessness: one exponential for each kind of
 * person, not for each person. */
typedef struct {
    double of[2][2][2]; /* female, active, homeless */
    double most;
} custody_chances;

static void make_chances(custody_chances *self, const allostat_params *params)
{
    for (int female = 0; female < 2; female++) {
        for (int active = 0; active < 2; active++) {
            for (int homeless = 0; homeless < 2; homeless++) {
                const double rate =
                    allostat_custody_rate(params, female, active, homeless);
                const double chance = -allostat_expm1(-rate / ALLOSTAT_MONTHS_A_YEAR);

                self->of[female][active][homeless] = chance;
                if (chance > self->most) self->most = chance;
            }
        }
    }
}

static double chance_of(const custody_chances *chances, const allostat_users *users,
                        const allostat_residents *residents, size_t row)
{
    const uint32_t person = users->person[row];

    return chances
        ->of[residents->sex[person] == ALLOSTAT_SEX_female][users->active[row] != 0]
            [residents->housing[person] == ALLOSTAT_HOUSING_homeless];
}

/* Treatment goes on for a share of those who have it, and begins for a share of those
 * who use and do not. */
static bool treated_inside(const allostat_care_month *care, size_t row,
                           allostat_day start)
{
    allostat_users *users = care->users;
    const double u = uniform(care, ALLOSTAT_DRAW_custody_oat, row);

    if (users->treatment[row] || users->treatment_next[row]) {
        return u < care->params->custody_oat_kept;
    }
    if (!users->active[row] || u >= care->params->custody_oat_started) return false;
    allostat_oat_grant(care, row, start);
    return true;
}

static void take_in(const allostat_care_month *care, size_t row)
{
    allostat_users *users = care->users;
    const int32_t days = allostat_month_day_count(care->month);
    const allostat_day start =
        allostat_month_first_day(care->month) +
        (int32_t)(uniform(care, ALLOSTAT_DRAW_custody_day, row) * days);
    const int32_t stay = allostat_custody_days(
        care->params, uniform(care, ALLOSTAT_DRAW_custody_stay, row));

    users->institution_oat[row] = treated_inside(care, row, start);
    users->taken_in_using[row] = users->active[row];
    users->detox_waiting_since[row] = 0;
    allostat_therapy_break_off(users, row);
    allostat_stay_grant(users, row, ALLOSTAT_INSTITUTION_custody, start, stay);
}

typedef struct {
    const allostat_care_month *care;
    const allostat_residents *residents;
    custody_chances chances;
} custody_context;

/* Who could be taken in: at liberty, and no patient of a prescription. */
ALLOSTAT_HOT
static void find_at_liberty(const allostat_users *users, size_t first, size_t count,
                            uint8_t *restrict found)
{
    const int32_t *restrict present = users->present + first;
    const int32_t *restrict institution = users->institution + first;
    const int32_t *restrict next = users->institution_next + first;
    const int32_t *restrict rx_only = users->rx_only + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        found[i] = (uint8_t)((present[i] != 0) &
                             ((institution[i] | next[i] | rx_only[i]) == 0));
    }
}

static void custody_block(void *context, size_t block, size_t first, size_t count)
{
    const custody_context *self = context;
    const allostat_users *users = self->care->users;
    uint8_t found[ALLOSTAT_DRAWING_ROWS];
    allostat_drawing people;

    (void)block;
    find_at_liberty(users, first, count, found);
    allostat_drawing_pick(&people, users, first, count, found);
    allostat_drawing_make(&people, self->care, ALLOSTAT_DRAW_custody_entry);
    for (size_t i = 0; i < people.count; i++) {
        const size_t row = people.row[i];
        const double u = allostat_drawing_uniform(&people, i);

        if (u < self->chances.most &&
            u < chance_of(&self->chances, users, self->residents, row))
            take_in(self->care, row);
    }
}

void allostat_custody_month(const allostat_care_month *care,
                            const allostat_residents *residents)
{
    custody_context context = {.care = care, .residents = residents};

    if (!care->params->mechanisms_custody) return;
    make_chances(&context.chances, care->params);
    if (context.chances.most <= 0.0) return;
    allostat_share_rows_evenly(care->users->share, care->users->row_count,
                               custody_block, &context);
}
