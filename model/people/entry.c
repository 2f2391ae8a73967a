#include "people/entry.h"

#include "people/ties.h"
#include "people/traits.h"

#include <math.h>

/* Mean of exp(b ACE) over the beta-binomial of the city. */
static double mean_exp_ace(const allostat_params *params)
{
    const double a = params->traits_ace_alpha, b = params->traits_ace_beta;
    double p = allostat_beta_binomial_zero(ALLOSTAT_ACE_MAX, a, b), sum = p;

    for (int32_t k = 0; k < ALLOSTAT_ACE_MAX; k++) {
        p *= allostat_beta_binomial_step(k, ALLOSTAT_ACE_MAX, a, b);
        sum += p * allostat_exp(params->first_use_ace_log_ratio * (k + 1));
    }
    return sum;
}

static double sum(const double *value, int32_t count)
{
    double total = 0.0;

    for (int32_t i = 0; i < count; i++) total += value[i];
    return total;
}

void allostat_entry_make(allostat_entry *self, const allostat_params *params,
                         allostat_draw_key key)
{
    const double a = params->traits_ace_alpha, b = params->traits_ace_beta;
    const double slope = params->first_use_insecurity_log_ratio;
    const double *residents = params->geography_population_share;
    double cumulated = 0.0;

    self->params = params;
    self->key = key;
    self->area_count = params->geography_areas.count;
    const double all_residents = sum(residents, self->area_count);
    const double all_users = sum(params->users_area_share, self->area_count);
    for (int32_t i = 0; i < self->area_count; i++) {
        const double share = residents[i] / all_residents;
        cumulated += share;
        self->area_cumulated[i] = cumulated;
        self->area_ratio[i] =
            share > 0.0 ? params->users_area_share[i] / all_users / share : 0.0;
    }
    const double both_sexes = sum(params->users_sex_share, ALLOSTAT_SEX_COUNT);
    for (int i = 0; i < ALLOSTAT_SEX_COUNT; i++) {
        self->sex_ratio[i] =
            params->users_sex_share[i] / both_sexes * ALLOSTAT_SEX_COUNT;
    }
    self->ace_mean = allostat_beta_binomial_mean(ALLOSTAT_ACE_MAX, a, b);
    self->ace_sd = sqrt(allostat_beta_binomial_variance(ALLOSTAT_ACE_MAX, a, b));
    self->loading =
        allostat_attachment_loading(params->traits_attachment_correlation,
                                    params->traits_ace_insecurity_correlation);
    self->mean_log_ratio = allostat_log(mean_exp_ace(params)) +
                           0.5 * slope * slope; /* INS is standard normal */
}

static uint8_t draw_area(const allostat_entry *self, double u)
{
    int32_t area = 0;

    while (area < self->area_count - 1 && self->area_cumulated[area] < u) area++;
    return (uint8_t)area;
}

static uint8_t draw_housing(double u, double unstable, double homeless)
{
    if (u < homeless) return ALLOSTAT_HOUSING_homeless;
    return u < homeless + unstable ? ALLOSTAT_HOUSING_unstable
                                   : ALLOSTAT_HOUSING_stable;
}

/* Trauma and stress are given by the floor of the mind once all who enter are there. */
static void set_neutral_mind(const allostat_params *params,
                             allostat_residents *residents, size_t row)
{
    residents->ptsd_severity[row] = (float)params->ptsd_neutral;
    residents->stress[row] = (float)params->stress_neutral;
    residents->allostatic_load[row] = 0.0f;
    residents->oxytocin[row] = (float)params->oxytocin_neutral;
    residents->connection[row] = (float)params->connection_reference;
}

static double uniform(const allostat_entry *self, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(self->key, draw, (uint32_t)row, 0, 0);
}

static void set_traits(const allostat_entry *self, allostat_residents *residents,
                       size_t row)
{
    const allostat_params *params = self->params;
    const uint8_t area = residents->area[row];
    const double r = params->traits_attachment_correlation;
    const int32_t ace = allostat_beta_binomial_quantile(
        uniform(self, ALLOSTAT_DRAW_trait_ace, row), ALLOSTAT_ACE_MAX,
        params->traits_ace_alpha * params->traits_ace_area_ratio[area],
        params->traits_ace_beta);
    const double z = (ace - self->ace_mean) / self->ace_sd;
    const allostat_attachment_dimensions attachment = allostat_attachment(
        z, allostat_normal_quantile(uniform(self, ALLOSTAT_DRAW_trait_anxiety, row)),
        allostat_normal_quantile(uniform(self, ALLOSTAT_DRAW_trait_avoidance, row)), r,
        self->loading);

    residents->ace_score[row] = (uint8_t)ace;
    residents->attachment_anxiety[row] = (float)attachment.anxiety;
    residents->attachment_avoidance[row] = (float)attachment.avoidance;
    const double log_ratio = allostat_first_use_log_ratio(
        ace, allostat_insecurity(attachment.anxiety, attachment.avoidance, r),
        params->first_use_ace_log_ratio, params->first_use_insecurity_log_ratio);
    residents->first_use_ratio[row] =
        (float)(self->area_ratio[area] * self->sex_ratio[residents->sex[row]] *
                allostat_exp(log_ratio - self->mean_log_ratio));
}

static void admit_one(const allostat_entry *self, allostat_residents *residents,
                      int32_t cohort, allostat_month month)
{
    const allostat_params *params = self->params;
    const size_t row = residents->row_count++;
    const int32_t age = cohort % ALLOSTAT_AGE_COUNT;
    const bool turns_15 = age == ALLOSTAT_AGE_OF_ENTRY && !self->founding;
    const double within =
        turns_15 ? 0.0
                 : uniform(self, ALLOSTAT_DRAW_entry_age, row) * ALLOSTAT_MONTHS_A_YEAR;
    const uint8_t area = draw_area(self, uniform(self, ALLOSTAT_DRAW_entry_area, row));

    residents->birth_month[row] =
        (int16_t)(month - age * ALLOSTAT_MONTHS_A_YEAR - (int32_t)within);
    residents->sex[row] = (uint8_t)(cohort / ALLOSTAT_AGE_COUNT);
    residents->area[row] = area;
    residents->status[row] = ALLOSTAT_RESIDENT_present;
    residents->housing[row] = draw_housing(
        uniform(self, ALLOSTAT_DRAW_trait_housing, row),
        params->housing_unstable_share[area], params->housing_homeless_share[area]);
    residents->user_row[row] = -1;
    set_traits(self, residents, row);
    residents->support_wanted[row] =
        allostat_support_wanted(params, (double)residents->attachment_avoidance[row],
                                uniform(self, ALLOSTAT_DRAW_support_wanted, row));
    set_neutral_mind(params, residents, row);
}

void allostat_entry_admit(const allostat_entry *self, allostat_residents *residents,
                          int32_t cohort, int32_t count, allostat_month month)
{
    for (int32_t i = 0; i < count; i++) admit_one(self, residents, cohort, month);
}
