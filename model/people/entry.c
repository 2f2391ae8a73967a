#include "people/entry.h"

#include "base/hot.h"
#include "people/ties.h"

#include <math.h>

/* Mean of exp(slope ACE) over the beta-binomial of the city. */
static double mean_exp_ace(const allostat_params *params, double slope)
{
    const double a = params->traits_ace_alpha, b = params->traits_ace_beta;
    double p = allostat_beta_binomial_zero(ALLOSTAT_ACE_MAX, a, b), sum = p;

    for (int32_t k = 0; k < ALLOSTAT_ACE_MAX; k++) {
        p *= allostat_beta_binomial_step(k, ALLOSTAT_ACE_MAX, a, b);
        sum += p * allostat_exp(slope * (k + 1));
    }
    return sum;
}

/* Log of the mean of exp(a ACE + b INS). Insecurity is q z + sqrt(1 - q^2) e, z the
 * standardised ACE and e a standard normal, so the two do not average apart. */
static double mean_log_ratio(const allostat_params *params, double mean, double sd)
{
    const double b = params->first_use_insecurity_log_ratio;
    const double q = params->traits_ace_insecurity_correlation;
    const double by_ace = b * q / sd, half = 0.5;

    return allostat_log(
               mean_exp_ace(params, params->first_use_ace_log_ratio + by_ace)) -
           by_ace * mean + half * b * b * (1.0 - q * q);
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
    const double *residents = params->geography_population_share;
    double cumulated = 0.0;

    self->params = params;
    self->key = key;
    self->prevention = allostat_prevention_make(params);
    self->founding = false;
    self->area_count = params->geography_areas.count;
    const double all_residents = sum(residents, self->area_count);
    const double all_users = sum(params->users_area_share, self->area_count);
    for (int32_t i = 0; i < self->area_count; i++) {
        const double share = residents[i] / all_residents;
        cumulated += share;
        self->area_cumulated[i] = cumulated;
        allostat_beta_binomial_cumulate(ALLOSTAT_ACE_MAX,
                                        a * params->traits_ace_area_ratio[i], b,
                                        self->ace_cumulated[i]);
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
    self->mean_log_ratio = mean_log_ratio(params, self->ace_mean, self->ace_sd);
}

allostat_prevention allostat_prevention_make(const allostat_params *params)
{
    return (allostat_prevention){
        (int32_t)params->prevention_born_from * ALLOSTAT_MONTHS_A_YEAR,
        params->prevention_newcomers, params->prevention_ace_ratio,
        params->prevention_attachment_shift};
}

static uint8_t draw_area(const allostat_entry *self, double u)
{
    return (uint8_t)allostat_cumulated_quantile(u, self->area_count - 1,
                                                self->area_cumulated);
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

/* The draws of people who enter together, and what is worked out for all of them. */
enum { TOGETHER = 256, A_BLOCK = 4 * TOGETHER };
typedef struct {
    uint32_t traits[ALLOSTAT_DRAW_LANES][TOGETHER]; /* call of trait_ace */
    uint32_t entry[ALLOSTAT_DRAW_LANES][TOGETHER];  /* call of entry_age */
    uint32_t support_wanted[TOGETHER];
    double u[TOGETHER], anxiety[TOGETHER], avoidance[TOGETHER]; /* normal */
    double ace_score[TOGETHER];                                 /* standard */
    double shift[TOGETHER];      /* of attachment, by prevention */
    double ratio_here[TOGETHER]; /* of first use, by area and sex */
} entry_block;

#define LANE(call_bits, draw) \
    ((call_bits)[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane])

/* u of row `i` of the draws; `draw` must be of the call. */
#define UNIFORM(call_bits, draw, i) \
    allostat_double_uniform_from_bits(LANE(call_bits, draw)[i])

ALLOSTAT_HOT
static void uniforms(const uint32_t *restrict bits, size_t count, double *restrict u)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        u[i] = allostat_double_uniform_from_bits(bits[i]);
}

static void draw_entries(const allostat_entry *self, const uint32_t *number,
                         size_t count, entry_block *block)
{
    const allostat_draw_key key = allostat_draw_key_of_numbers(self->key);
    const allostat_draw_rows wanted = {number, NULL, count, block->support_wanted,
                                       TOGETHER};

    allostat_draws_fill(key, allostat_draw_table[ALLOSTAT_DRAW_trait_ace].call, 0, 0,
                        number, count, TOGETHER, block->traits[0]);
    allostat_draws_fill(key, allostat_draw_table[ALLOSTAT_DRAW_entry_age].call, 0, 0,
                        number, count, TOGETHER, block->entry[0]);
    allostat_draws_of(key, ALLOSTAT_DRAW_support_wanted, 0, &wanted);
    uniforms(LANE(block->traits, trait_anxiety), count, block->u);
    allostat_normal_quantiles(block->u, count, block->anxiety);
    uniforms(LANE(block->traits, trait_avoidance), count, block->u);
    allostat_normal_quantiles(block->u, count, block->avoidance);
}

/* Each adverse experience has a draw of its own, so nobody gains one, and a stronger
 * programme spares whoever a weaker one has spared. */
static int32_t ace_left(const allostat_entry *self, size_t row, int32_t ace)
{
    int32_t left = 0;

    if (self->prevention.ace_ratio >= 1.0) return ace;
    for (int32_t k = 0; k < ace; k++) {
        left += allostat_draw_uniform(self->key, ALLOSTAT_DRAW_prevention_ace,
                                      (uint32_t)row, 0,
                                      (uint32_t)k) < self->prevention.ace_ratio;
    }
    return left;
}

static void set_adversity(const allostat_entry *self, allostat_residents *residents,
                          size_t row, entry_block *block, size_t i, bool reached)
{
    const uint8_t area = residents->area[row];
    const int32_t drawn =
        allostat_cumulated_quantile(UNIFORM(block->traits, trait_ace, i),
                                    ALLOSTAT_ACE_MAX, self->ace_cumulated[area]);
    const int32_t ace = reached ? ace_left(self, row, drawn) : drawn;

    residents->ace_score[row] = (uint8_t)ace;
    block->ace_score[i] = (ace - self->ace_mean) / self->ace_sd;
    block->shift[i] = reached ? self->prevention.attachment_shift : 0.0;
    block->ratio_here[i] =
        self->area_ratio[area] * self->sex_ratio[residents->sex[row]];
}

/* What is the same for all who enter. */
typedef struct {
    double correlation, loading, mean_log_ratio;
    double ace_log_ratio, insecurity_log_ratio;
} trait_terms;

/* Attachment, and what it and adversity make of the risk of first use. */
ALLOSTAT_HOT
static void set_attachment(const trait_terms *terms, const entry_block *restrict block,
                           const allostat_residents *residents, size_t first,
                           size_t count)
{
    const trait_terms t = *terms;
    const uint8_t *restrict ace = residents->ace_score + first;
    float *restrict anxiety = residents->attachment_anxiety + first;
    float *restrict avoidance = residents->attachment_avoidance + first;
    float *restrict ratio = residents->first_use_ratio + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        allostat_attachment_dimensions attachment =
            allostat_attachment(block->ace_score[i], block->anxiety[i],
                                block->avoidance[i], t.correlation, t.loading);

        attachment.anxiety -= block->shift[i];
        attachment.avoidance -= block->shift[i];
        anxiety[i] = (float)attachment.anxiety;
        avoidance[i] = (float)attachment.avoidance;
        const double log_ratio = allostat_first_use_log_ratio(
            ace[i],
            allostat_insecurity(attachment.anxiety, attachment.avoidance,
                                t.correlation),
            t.ace_log_ratio, t.insecurity_log_ratio);
        ratio[i] =
            (float)(block->ratio_here[i] * allostat_exp(log_ratio - t.mean_log_ratio));
    }
}

/* People who enter together: those of a cohort stand one after the other. */
typedef struct {
    const allostat_entry *entry;
    allostat_residents *residents;
    allostat_month month;
    size_t first[ALLOSTAT_COHORT_COUNT + 1]; /* row of each cohort */
} entering;

static void admit_one(const entering *all, entry_block *block, size_t i, size_t row,
                      int32_t cohort)
{
    const allostat_entry *self = all->entry;
    const allostat_params *params = self->params;
    const allostat_month month = all->month;
    allostat_residents *residents = all->residents;
    const int32_t age = cohort % ALLOSTAT_AGE_COUNT;
    const bool turns_15 = age == ALLOSTAT_AGE_OF_ENTRY && !self->founding;
    const double within =
        turns_15 ? 0.0 : UNIFORM(block->entry, entry_age, i) * ALLOSTAT_MONTHS_A_YEAR;
    const uint8_t area = draw_area(self, UNIFORM(block->entry, entry_area, i));

    residents->birth_month[row] =
        (int16_t)(month - age * ALLOSTAT_MONTHS_A_YEAR - (int32_t)within);
    residents->sex[row] = (uint8_t)(cohort / ALLOSTAT_AGE_COUNT);
    residents->area[row] = area;
    residents->status[row] = ALLOSTAT_RESIDENT_present;
    residents->housing[row] = draw_housing(UNIFORM(block->traits, trait_housing, i),
                                           params->housing_unstable_share[area],
                                           params->housing_homeless_share[area]);
    residents->user_row[row] = -1;
    set_adversity(self, residents, row, block, i,
                  allostat_prevention_reached(&self->prevention,
                                              residents->birth_month[row], month));
    set_neutral_mind(params, residents, row);
}

static void admit_together(const entering *self, size_t first, size_t count,
                           int32_t *cohort)
{
    const allostat_params *params = self->entry->params;
    allostat_residents *residents = self->residents;
    const trait_terms terms = {params->traits_attachment_correlation,
                               self->entry->loading, self->entry->mean_log_ratio,
                               params->first_use_ace_log_ratio,
                               params->first_use_insecurity_log_ratio};
    entry_block block;

    draw_entries(self->entry, residents->number + first, count, &block);
    for (size_t i = 0; i < count; i++) {
        while (self->first[*cohort + 1] <= first + i) ++*cohort;
        admit_one(self, &block, i, first + i, *cohort);
    }
    set_attachment(&terms, &block, residents, first, count);
    allostat_support_wanted(params, residents, first, count, block.support_wanted);
    allostat_search_steps(residents, self->month, first, count);
}

static void admit_block(void *context, size_t block, size_t first, size_t count)
{
    const entering *self = context;
    const size_t begin = self->first[0] + first, together = TOGETHER;
    int32_t cohort = 0;

    (void)block;
    for (size_t i = 0; i < count; i += together)
        admit_together(self, begin + i, count - i < together ? count - i : together,
                       &cohort);
}

void allostat_entry_admit_all(const allostat_entry *self, allostat_residents *residents,
                              const int32_t count[ALLOSTAT_COHORT_COUNT],
                              allostat_month month)
{
    entering all = {self, residents, month, {residents->row_count}};

    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++)
        all.first[c + 1] = all.first[c] + (size_t)(count[c] > 0 ? count[c] : 0);
    residents->row_count = all.first[ALLOSTAT_COHORT_COUNT];
    allostat_share_cut_rows(
        residents->share,
        (allostat_share_cut){residents->row_count - all.first[0], A_BLOCK, TOGETHER},
        admit_block, &all);
}

void allostat_entry_admit(const allostat_entry *self, allostat_residents *residents,
                          int32_t cohort, int32_t count, allostat_month month)
{
    int32_t counts[ALLOSTAT_COHORT_COUNT] = {0};

    counts[cohort] = count;
    allostat_entry_admit_all(self, residents, counts, month);
}
