#include "care/custody.h"

#include "base/dmath.h"
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

static bool taken(const allostat_care_month *care, const allostat_residents *residents,
                  size_t row)
{
    const uint32_t person = care->users->person[row];
    const double rate = allostat_custody_rate(
        care->params, residents->sex[person] == ALLOSTAT_SEX_female,
        care->users->active[row] != 0,
        residents->housing[person] == ALLOSTAT_HOUSING_homeless);

    return uniform(care, ALLOSTAT_DRAW_custody_entry, row) <
           -allostat_expm1(-rate / ALLOSTAT_MONTHS_A_YEAR);
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
} custody_context;

static void custody_block(void *context, size_t block, size_t first, size_t count)
{
    const custody_context *c = context;
    const allostat_users *users = c->care->users;

    (void)block;
    for (size_t row = first; row < first + count; row++) {
        if (allostat_may_enter(users, row) && !users->rx_only[row] &&
            taken(c->care, c->residents, row))
            take_in(c->care, row);
    }
}

void allostat_custody_month(const allostat_care_month *care,
                            const allostat_residents *residents)
{
    custody_context context = {care, residents};

    if (!care->params->mechanisms_custody) return;
    allostat_share_rows(care->users->share, care->users->row_count, custody_block,
                        &context);
}
