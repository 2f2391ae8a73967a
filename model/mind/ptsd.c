#include "mind/ptsd.h"

#include "base/hot.h"
#include "people/traits.h"

#include <string.h>

enum { QUANTILES = 32, BISECTIONS = 60 };

/* Mean chance over insecurity, which is normal with mean q z and variance 1 - q^2 given
 * the standard score z of adversity. */
static double mean_chance_at(const allostat_ptsd_entry *self, double ace, double z)
{
    const double half = 0.5;
    const double q = self->params->traits_ace_insecurity_correlation;
    const double sd = sqrt(1.0 - q * q);
    double sum = 0.0;

    for (int i = 0; i < QUANTILES; i++) {
        const double e = allostat_normal_quantile((i + half) / QUANTILES);
        sum += allostat_ptsd_chance(self, ace, q * z + sd * e);
    }
    return sum / QUANTILES;
}

/* Share of each score of adversity in the city, over its areas. */
static void ace_shares(const allostat_params *params,
                       double share[ALLOSTAT_ACE_MAX + 1])
{
    double residents = 0.0;

    for (int32_t k = 0; k <= ALLOSTAT_ACE_MAX; k++) share[k] = 0.0;
    for (int32_t area = 0; area < params->geography_areas.count; area++) {
        const double a = params->traits_ace_alpha * params->traits_ace_area_ratio[area];
        const double b = params->traits_ace_beta;
        double p = allostat_beta_binomial_zero(ALLOSTAT_ACE_MAX, a, b);

        residents += params->geography_population_share[area];
        for (int32_t k = 0; k <= ALLOSTAT_ACE_MAX; k++) {
            share[k] += p * params->geography_population_share[area];
            p *= allostat_beta_binomial_step(k, ALLOSTAT_ACE_MAX, a, b);
        }
    }
    for (int32_t k = 0; k <= ALLOSTAT_ACE_MAX; k++) share[k] /= residents;
}

static double prevalence(const allostat_ptsd_entry *self, const double *share,
                         double ace_sd)
{
    double sum = 0.0;

    for (int32_t k = 0; k <= ALLOSTAT_ACE_MAX; k++) {
        sum += share[k] * mean_chance_at(self, k, (k - self->ace_mean) / ace_sd);
    }
    return sum;
}

void allostat_ptsd_entry_make(allostat_ptsd_entry *self, const allostat_params *params,
                              allostat_draw_key key)
{
    const double a = params->traits_ace_alpha, b = params->traits_ace_beta;
    const double sd = sqrt(allostat_beta_binomial_variance(ALLOSTAT_ACE_MAX, a, b));
    double share[ALLOSTAT_ACE_MAX + 1], low = -20.0, high = 20.0;

    self->params = params;
    self->key = key;
    self->ace_mean = allostat_beta_binomial_mean(ALLOSTAT_ACE_MAX, a, b);
    ace_shares(params, share);
    for (int i = 0; i < BISECTIONS; i++) {
        self->intercept = 0.5 * (low + high);
        if (prevalence(self, share, sd) < params->ptsd_prevalence) {
            low = self->intercept;
        } else {
            high = self->intercept;
        }
    }
}

static double insecurity_of(const allostat_params *params,
                            const allostat_residents *residents, size_t person)
{
    return allostat_insecurity((double)residents->attachment_anxiety[person],
                               (double)residents->attachment_avoidance[person],
                               params->traits_attachment_correlation);
}

static double chronic_level(const allostat_params *params, double u)
{
    return params->ptsd_chronic_low +
           (params->ptsd_chronic_high - params->ptsd_chronic_low) * u;
}

static double draw(const allostat_ptsd_entry *self, allostat_draw what, size_t person)
{
    return allostat_draw_uniform(self->key, what, (uint32_t)person, 0, 0);
}

enum { TOGETHER = 256 };

/* Chronic levels from two draws of each. */
ALLOSTAT_HOT
static void levels_at_entry(const allostat_ptsd_entry *entry,
                            const allostat_residents *residents, size_t first,
                            size_t count, uint32_t bits[2][TOGETHER])
{
    const allostat_ptsd_entry self = *entry;
    const allostat_params *params = self.params;
    const double correlation = params->traits_attachment_correlation;
    const double ace_slope = params->ptsd_ace_slope;
    const double insecurity_slope = params->ptsd_insecurity_slope;
    const double low = params->ptsd_chronic_low;
    const double width = params->ptsd_chronic_high - low;
    const double subthreshold = params->ptsd_subthreshold;
    const float *restrict anxiety = residents->attachment_anxiety + first;
    const float *restrict avoidance = residents->attachment_avoidance + first;
    const uint8_t *restrict ace = residents->ace_score + first;
    float *restrict chronic = residents->ptsd_chronic + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double u = allostat_double_uniform_from_bits(bits[0][i]);
        const double level = allostat_double_uniform_from_bits(bits[1][i]);
        const double insecurity =
            allostat_insecurity((double)anxiety[i], (double)avoidance[i], correlation);
        const double chance = allostat_expit(self.intercept + ace_slope * ace[i] +
                                             insecurity_slope * insecurity);
        const double has = low + width * level, has_not = subthreshold * level;

        chronic[i] = (float)(u < chance ? has : has_not);
    }
}

static void enter_together(const allostat_ptsd_entry *entry,
                           allostat_residents *residents, size_t first, size_t count)
{
    const allostat_draw purpose[] = {ALLOSTAT_DRAW_entry_ptsd,
                                     ALLOSTAT_DRAW_entry_ptsd_level};
    uint32_t bits[2][TOGETHER];

    for (int i = 0; i < 2; i++) {
        const allostat_draw_rows rows = {residents->number + first, NULL, count,
                                         bits[i], TOGETHER};
        allostat_draws_of(entry->key, purpose[i], 0, &rows);
    }
    levels_at_entry(entry, residents, first, count, bits);
}

void allostat_ptsd_enter(const allostat_ptsd_entry *entry,
                         allostat_residents *residents, size_t first, size_t count)
{
    const allostat_params *params = entry->params;
    const size_t together = TOGETHER;

    if (params->mechanisms_ptsd) {
        for (size_t i = 0; i < count; i += together)
            enter_together(entry, residents, first + i,
                           count - i < together ? count - i : together);
    } else {
        for (size_t row = first; row < first + count; row++)
            residents->ptsd_chronic[row] = (float)params->ptsd_neutral;
    }
    memcpy(residents->ptsd_severity + first, residents->ptsd_chronic + first,
           count * sizeof *residents->ptsd_severity);
}

double allostat_violence_rate(const allostat_params *params, uint8_t housing,
                              bool active)
{
    const double by_housing[ALLOSTAT_HOUSING_KINDS] = {
        1.0, params->ptsd_violence_unstable_ratio,
        params->ptsd_violence_homeless_ratio};

    return params->ptsd_violence_rate * by_housing[housing] *
           (active ? params->ptsd_violence_users_ratio : 1.0);
}

static void add_history_of(const allostat_ptsd_entry *self,
                           allostat_residents *residents, size_t person, double years)
{
    const allostat_params *params = self->params;
    const double slope = params->ptsd_insecurity_slope;
    const double hazard =
        params->ptsd_chronic_hazard *
        allostat_exp(params->ptsd_ace_slope *
                         (residents->ace_score[person] - self->ace_mean) +
                     slope * insecurity_of(params, residents, person));
    const double onset =
        allostat_violence_rate(params, residents->housing[person], true) * hazard;
    const float level = (float)chronic_level(
        params, draw(self, ALLOSTAT_DRAW_entry_trauma_level, person));
    const double chance =
        allostat_ptsd_history_chance(onset, params->ptsd_recovery_rate, years);

    if (draw(self, ALLOSTAT_DRAW_entry_trauma, person) >= chance) return;
    if (level > residents->ptsd_chronic[person])
        residents->ptsd_chronic[person] = level;
    if (level > residents->ptsd_severity[person])
        residents->ptsd_severity[person] = level;
}

void allostat_ptsd_add_history(const allostat_ptsd_entry *entry,
                               const allostat_users *users, size_t first, size_t count,
                               allostat_residents *residents)
{
    if (!entry->params->mechanisms_ptsd) return;
    for (size_t row = first; row < first + count; row++) {
        if (users->use_years[row] <= 0.0f) continue; /* nothing has happened yet */
        add_history_of(entry, residents, users->person[row],
                       (double)users->use_years[row]);
    }
}
