#include "mind/ptsd.h"

#include "base/columns.h"
#include "base/hot.h"

#include "people/traits.h"

#include <string.h>

enum { DAYS_A_YEAR_TIMES_4 = 1461, QUANTILES = 32, BISECTIONS = 60 };

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

static double violence_rate(const allostat_params *params, uint8_t housing, bool active)
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
        violence_rate(params, residents->housing[person], true) * hazard;
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

void allostat_trauma_strike(const allostat_params *params, allostat_users *users,
                            size_t row, double rise)
{
    if (!params->mechanisms_ptsd) return;
    users->ptsd_severity[row] =
        allostat_trauma_risef(users->ptsd_severity[row], (float)rise);
    users->traumas_month[row]++;
}

void allostat_ptsd_terms_make(allostat_ptsd_terms *self, const allostat_params *params,
                              allostat_draw_key key, allostat_month month)
{
    const double days = allostat_month_day_count(month);
    const double years = 4.0 * days / DAYS_A_YEAR_TIMES_4;

    self->on = params->mechanisms_ptsd;
    self->key = key;
    self->first_day = allostat_month_first_day(month);
    self->scores = allostat_trait_scores_make(params);
    self->keep = (float)allostat_keep(days, params->ptsd_tau);
    self->log_left_violence = (float)allostat_log1p(-params->ptsd_rise_violence);
    self->log_left_bereavement = (float)allostat_log1p(-params->ptsd_rise_bereavement);
    self->log_left_homelessness =
        (float)allostat_log1p(-params->ptsd_rise_homelessness);
    for (uint8_t housing = 0; housing < ALLOSTAT_HOUSING_KINDS; housing++) {
        for (int active = 0; active < 2; active++) {
            self->violence[active][housing] =
                (float)-allostat_expm1(-years * violence_rate(params, housing, active));
        }
    }
    self->log_hazard = (float)allostat_log(params->ptsd_chronic_hazard);
    self->ace_slope = (float)params->ptsd_ace_slope;
    self->insecurity_slope = (float)params->ptsd_insecurity_slope;
    self->chronic_low = (float)params->ptsd_chronic_low;
    self->chronic_range = (float)(params->ptsd_chronic_high - params->ptsd_chronic_low);
    self->recovery = (float)-allostat_expm1(
        -years * (params->ptsd_recovery_rate + params->prevention_ptsd_healing_rate));
    self->threshold = (float)params->ptsd_threshold;
}

/* What the people of a block bring to the month. */
typedef struct {
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_PTSD_BLOCK];
    float present[ALLOSTAT_PTSD_BLOCK];  /* 1 for those who live here */
    float violence[ALLOSTAT_PTSD_BLOCK]; /* chance */
    float known[ALLOSTAT_PTSD_BLOCK];    /* traumas of users, already felt */
    int32_t met[ALLOSTAT_PTSD_BLOCK];    /* violence */
    int32_t stayed[ALLOSTAT_PTSD_BLOCK];
    uint8_t is_user[ALLOSTAT_PTSD_BLOCK];
} trauma_block;

ALLOSTAT_HOT
static void gather_residents(const allostat_ptsd_terms *terms,
                             const allostat_residents *residents, size_t first,
                             size_t count, trauma_block *block)
{
    const float *restrict violence = terms->violence[0];
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict housing = residents->housing + first;
    const int32_t *restrict user_row = residents->user_row + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        block->present[i] = (float)(status[i] == ALLOSTAT_RESIDENT_present);
        block->violence[i] = violence[housing[i]];
        block->known[i] = 0.0f;
        block->is_user[i] = user_row[i] >= 0;
    }
}

static void gather_users(const allostat_ptsd_terms *terms,
                         const allostat_residents *residents, allostat_users *users,
                         size_t first, size_t count, trauma_block *block)
{
    for (size_t i = allostat_next_flag(block->is_user, 0, count); i < count;
         i = allostat_next_flag(block->is_user, i + 1, count)) {
        const int32_t user = residents->user_row[first + i];
        const int active = users->active[user] != 0;

        block->violence[i] = terms->violence[active][residents->housing[first + i]];
        block->known[i] = (float)users->traumas_month[user];
        users->traumas_month[user] = 0;
    }
}

/* Severity: the way back, then the traumas of the month. */
ALLOSTAT_HOT
static void feel(const allostat_ptsd_terms *terms, allostat_residents *residents,
                 size_t first, size_t count, trauma_block *block)
{
    const allostat_ptsd_terms t = *terms;
    const uint32_t *restrict bits =
        block->bits[allostat_draw_table[ALLOSTAT_DRAW_month_violence].lane];
    const uint8_t *restrict bereaved = residents->bereaved_month + first;
    const uint8_t *restrict homeless = residents->became_homeless + first;
    const float *restrict chronic = residents->ptsd_chronic + first;
    float *restrict severity = residents->ptsd_severity + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float here = block->present[i];
        const int32_t met =
            allostat_uniform_from_bits(bits[i]) < block->violence[i] * here;
        const float deaths = (float)bereaved[i] * here;
        const float home_lost = (float)homeless[i] * here;
        const float left = allostat_expf((float)met * t.log_left_violence +
                                         deaths * t.log_left_bereavement +
                                         home_lost * t.log_left_homelessness);
        const float rested = allostat_relaxf(severity[i], chronic[i], t.keep);

        severity[i] = allostat_trauma_risef(rested, 1.0f - left);
        block->met[i] = met;
        block->known[i] += (float)met + deaths + home_lost;
    }
}

/* The chronic level: does one of the month's traumas stay, does an old one heal? */
ALLOSTAT_HOT
static void weigh(const allostat_ptsd_terms *terms, allostat_residents *residents,
                  size_t first, size_t count, trauma_block *block)
{
    const allostat_ptsd_terms t = *terms;
    const uint32_t *restrict stays =
        block->bits[allostat_draw_table[ALLOSTAT_DRAW_month_trauma_stays].lane];
    const uint32_t *restrict level =
        block->bits[allostat_draw_table[ALLOSTAT_DRAW_month_trauma_level].lane];
    const uint32_t *restrict heals =
        block->bits[allostat_draw_table[ALLOSTAT_DRAW_month_ptsd_recovery].lane];
    const float *restrict anxiety = residents->attachment_anxiety + first;
    const float *restrict avoidance = residents->attachment_avoidance + first;
    const uint8_t *restrict ace = residents->ace_score + first;
    float *restrict chronic = residents->ptsd_chronic + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float insecurity =
            (anxiety[i] + avoidance[i]) * t.scores.insecurity_scale;
        const float hazard = allostat_trauma_hazardf(t.log_hazard, t.ace_slope,
                                                     (float)ace[i] - t.scores.ace_mean,
                                                     t.insecurity_slope, insecurity);
        const float chance =
            allostat_probability_from_hazardf(hazard * block->known[i]);
        const int32_t stayed = allostat_uniform_from_bits(stays[i]) < chance;
        const int32_t ill = chronic[i] >= t.threshold;
        const int32_t healed =
            ill & (allostat_uniform_from_bits(heals[i]) < t.recovery);
        const float rest = allostat_selectf(healed, 0.0f, chronic[i]);
        const float drawn =
            t.chronic_low + t.chronic_range * allostat_uniform_from_bits(level[i]);
        const float worse = allostat_selectf(drawn > rest, drawn, rest);

        chronic[i] = allostat_selectf(stayed, worse, rest);
        block->stayed[i] = stayed & (ill ^ 1);
    }
}

void allostat_ptsd_month(const allostat_ptsd_terms *terms,
                         allostat_residents *residents, allostat_users *users,
                         size_t first, size_t count)
{
    trauma_block block;

    if (!terms->on) return;
    gather_residents(terms, residents, first, count, &block);
    gather_users(terms, residents, users, first, count, &block);
    allostat_draws_fill(allostat_draw_key_of_numbers(terms->key),
                        allostat_draw_table[ALLOSTAT_DRAW_month_violence].call,
                        terms->first_day, 0, residents->number + first, count,
                        ALLOSTAT_PTSD_BLOCK, block.bits[0]);
    feel(terms, residents, first, count, &block);
    weigh(terms, residents, first, count, &block);
    for (size_t i = 0; i < count; i++) {
        residents->trauma_month[first + i] =
            (uint8_t)(block.met[i] * ALLOSTAT_TRAUMA_violence +
                      block.stayed[i] * ALLOSTAT_TRAUMA_stayed);
    }
}
