#include "mind/regulation.h"

#include "base/columns.h"
#include "base/hot.h"

#include "people/traits.h"

static void stress_terms(allostat_regulation_terms *self, const allostat_params *p,
                         double days)
{
    self->stress_on = p->mechanisms_stress;
    self->stress_base = (float)p->stress_base;
    self->stress_load = (float)p->stress_load;
    self->stress_ptsd = (float)p->stress_ptsd;
    self->stress_unstable = (float)p->stress_unstable;
    self->stress_withdrawal = (float)p->stress_withdrawal;
    self->stress_pain = (float)p->stress_pain;
    self->stress_insecurity = (float)p->stress_insecurity;
    self->stress_buffer = (float)p->stress_oxytocin_connection;
    self->stress_neutral = (float)p->stress_neutral;
    self->days_per_tau = (float)(days / p->stress_tau);
    self->pace = (float)p->stress_tau_insecurity;
}

static void defence_terms(allostat_regulation_terms *self, const allostat_params *p)
{
    self->defence_on = p->mechanisms_defence_states;
    self->mobilised_above = (float)p->stress_mobilised_above;
    self->mobilised_until = (float)p->stress_mobilised_until;
    self->immobilised_above = (float)p->stress_immobilised_above;
    self->immobilised_until = (float)p->stress_immobilised_until;
    self->shutdown_ptsd = (float)p->stress_shutdown_ptsd;
    self->shutdown_fearful = (float)p->stress_shutdown_fearful;
}

void allostat_regulation_terms_make(allostat_regulation_terms *self,
                                    const allostat_params *params, double days)
{
    stress_terms(self, params, days);
    defence_terms(self, params);
    self->load_on = params->mechanisms_allostatic_load;
    self->load_above = (float)params->load_above;
    self->load_scale = (float)(params->load_gain * params->load_tau);
    self->load_keep = (float)allostat_keep(days, params->load_tau);
    self->oxytocin_on = params->mechanisms_oxytocin;
    self->oxytocin_base = (float)params->oxytocin_base;
    self->oxytocin_connection = (float)params->oxytocin_connection;
    self->oxytocin_adversity = (float)params->oxytocin_adversity;
    self->oxytocin_load = (float)params->oxytocin_load;
    self->oxytocin_opioid = (float)params->oxytocin_opioid;
    self->oxytocin_neutral = (float)params->oxytocin_neutral;
    self->oxytocin_keep = (float)allostat_keep(days, params->oxytocin_tau);
}

/* The columns that a step reads and writes, wherever they live. */
typedef struct {
    float *stress, *load, *oxytocin;
    int32_t *defence;
    const float *ptsd, *connection, *pain, *withdrawal, *opioid_effect;
    const float *insecurity, *adversity, *fearful, *unstable, *stress_keep;
} regulated;

ALLOSTAT_HOT
static void oxytocin_step(const allostat_regulation_terms *terms, const regulated *c,
                          size_t count)
{
    const allostat_regulation_terms t = *terms;
    const float *restrict connection = c->connection;
    const float *restrict adversity = c->adversity;
    const float *restrict load = c->load;
    const float *restrict opioid_effect = c->opioid_effect;
    float *restrict oxytocin = c->oxytocin;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float target = allostat_oxytocin_targetf(&t, connection[i], adversity[i],
                                                       load[i], opioid_effect[i]);
        const float next = allostat_relaxf(oxytocin[i], target, t.oxytocin_keep);

        oxytocin[i] = allostat_selectf(t.oxytocin_on, next, t.oxytocin_neutral);
    }
}

ALLOSTAT_HOT
static void stress_step(const allostat_regulation_terms *terms, const regulated *c,
                        size_t count)
{
    const allostat_regulation_terms t = *terms;
    const float *restrict load = c->load;
    const float *restrict ptsd = c->ptsd;
    const float *restrict unstable = c->unstable;
    const float *restrict withdrawal = c->withdrawal;
    const float *restrict pain = c->pain;
    const float *restrict insecurity = c->insecurity;
    const float *restrict oxytocin = c->oxytocin;
    const float *restrict connection = c->connection;
    const float *restrict keep = c->stress_keep;
    float *restrict stress = c->stress;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const allostat_pressure pressure = {load[i],       ptsd[i],      unstable[i],
                                            withdrawal[i], pain[i],      insecurity[i],
                                            oxytocin[i],   connection[i]};
        const float target = allostat_stress_targetf(&t, pressure);
        const float next = allostat_relaxf(stress[i], target, keep[i]);

        stress[i] = allostat_selectf(t.stress_on, next, t.stress_neutral);
    }
}

ALLOSTAT_HOT
static void load_and_defence_step(const allostat_regulation_terms *terms,
                                  const regulated *c, size_t count)
{
    const allostat_regulation_terms t = *terms;
    const float *restrict stress = c->stress;
    const float *restrict ptsd = c->ptsd;
    const float *restrict fearful = c->fearful;
    float *restrict load = c->load;
    int32_t *restrict defence = c->defence;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float next = allostat_loadf(&t, load[i], stress[i]);
        const int32_t state =
            allostat_defence_nextf(&t, defence[i], stress[i], ptsd[i], fearful[i]);

        load[i] = allostat_selectf(t.load_on, next, 0.0f);
        defence[i] = state * t.defence_on;
    }
}

static void regulate(const allostat_regulation_terms *terms, const regulated *c,
                     size_t count)
{
    oxytocin_step(terms, c, count);
    stress_step(terms, c, count);
    load_and_defence_step(terms, c, count);
}

void allostat_regulate_users(const allostat_regulation_terms *terms,
                             allostat_users *users, size_t first, size_t count)
{
    const regulated columns = {
        .stress = users->stress + first,
        .load = users->allostatic_load + first,
        .oxytocin = users->oxytocin + first,
        .defence = users->defence_state + first,
        .ptsd = users->ptsd_severity + first,
        .connection = users->connection + first,
        .pain = users->pain + first,
        .withdrawal = users->withdrawal + first,
        .opioid_effect = users->effect + first,
        .insecurity = users->insecurity + first,
        .adversity = users->adversity + first,
        .fearful = users->fearful + first,
        .unstable = users->unstable + first,
        .stress_keep = users->stress_keep + first,
    };

    regulate(terms, &columns, count);
}

allostat_trait_scores allostat_trait_scores_make(const allostat_params *params)
{
    const double a = params->traits_ace_alpha, b = params->traits_ace_beta;
    const double one_sd = 1.0, none = 0.0;

    return (allostat_trait_scores){
        (float)allostat_beta_binomial_mean(ALLOSTAT_ACE_MAX, a, b),
        (float)(1.0 / sqrt(allostat_beta_binomial_variance(ALLOSTAT_ACE_MAX, a, b))),
        (float)allostat_insecurity(one_sd, none, params->traits_attachment_correlation),
    };
}

enum { BLOCK = ALLOSTAT_REGULATION_BLOCK };

/* Where the rows of residents stand: in the table, or packed. */
typedef struct {
    const float *anxiety, *avoidance, *ptsd, *connection, *pain;
    const float *stress, *load, *oxytocin;
    const uint8_t *ace, *housing, *defence;
} resident_rows;

/* What their traits and homes give to the equations, and their state. */
typedef struct {
    float insecurity[BLOCK], adversity[BLOCK], fearful[BLOCK], unstable[BLOCK];
    float stress_keep[BLOCK], none[BLOCK];
    float stress[BLOCK], load[BLOCK], oxytocin[BLOCK];
    int32_t defence[BLOCK];
} resident_block;

ALLOSTAT_HOT
static void gather_traits(const allostat_regulation_terms *terms,
                          const allostat_trait_scores *scores,
                          const resident_rows *rows, size_t count,
                          resident_block *block)
{
    const allostat_regulation_terms t = *terms;
    const allostat_trait_scores z = *scores;
    const float *restrict anxiety = rows->anxiety;
    const float *restrict avoidance = rows->avoidance;
    const uint8_t *restrict ace = rows->ace;
    const uint8_t *restrict housing = rows->housing;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float insecurity = (anxiety[i] + avoidance[i]) * z.insecurity_scale;

        block->insecurity[i] = insecurity;
        block->adversity[i] = ((float)ace[i] - z.ace_mean) * z.ace_scale;
        block->fearful[i] =
            (float)(allostat_style(anxiety[i], avoidance[i]) == ALLOSTAT_STYLE_fearful);
        block->unstable[i] = (float)(housing[i] != ALLOSTAT_HOUSING_stable);
        block->stress_keep[i] = allostat_stress_keepf(&t, insecurity);
        block->none[i] = 0.0f;
    }
}

ALLOSTAT_HOT
static void gather_state(const resident_rows *rows, size_t count, resident_block *block)
{
    const float *restrict stress = rows->stress;
    const float *restrict load = rows->load;
    const float *restrict oxytocin = rows->oxytocin;
    const uint8_t *restrict defence = rows->defence;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        block->stress[i] = stress[i];
        block->load[i] = load[i];
        block->oxytocin[i] = oxytocin[i];
        block->defence[i] = defence[i];
    }
}

static void regulate_rows(const allostat_regulation_terms *terms,
                          const allostat_trait_scores *scores,
                          const resident_rows *rows, size_t count,
                          resident_block *block)
{
    const regulated columns = {
        .stress = block->stress,
        .load = block->load,
        .oxytocin = block->oxytocin,
        .defence = block->defence,
        .ptsd = rows->ptsd,
        .connection = rows->connection,
        .pain = rows->pain,
        .withdrawal = block->none,
        .opioid_effect = block->none,
        .insecurity = block->insecurity,
        .adversity = block->adversity,
        .fearful = block->fearful,
        .unstable = block->unstable,
        .stress_keep = block->stress_keep,
    };

    gather_traits(terms, scores, rows, count, block);
    gather_state(rows, count, block);
    regulate(terms, &columns, count);
}

/* Users live by the day; who is not in the city does not live here. */
ALLOSTAT_HOT
static void find_living(const allostat_residents *residents, size_t first, size_t count,
                        uint8_t *restrict lives)
{
    const uint8_t *restrict status = residents->status + first;
    const int32_t *restrict user_row = residents->user_row + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        lives[i] =
            (uint8_t)((status[i] == ALLOSTAT_RESIDENT_present) & (user_row[i] < 0));
    }
}

ALLOSTAT_HOT
static void scatter_state(const resident_block *block, const uint8_t *restrict lives,
                          allostat_residents *residents, size_t first, size_t count)
{
    float *restrict stress = residents->stress + first;
    float *restrict load = residents->allostatic_load + first;
    float *restrict oxytocin = residents->oxytocin + first;
    uint8_t *restrict defence = residents->defence_state + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        stress[i] = allostat_selectf(lives[i], block->stress[i], stress[i]);
        load[i] = allostat_selectf(lives[i], block->load[i], load[i]);
        oxytocin[i] = allostat_selectf(lives[i], block->oxytocin[i], oxytocin[i]);
        defence[i] = (uint8_t)(lives[i] ? block->defence[i] : defence[i]);
    }
}

static void regulate_all(const allostat_regulation_terms *terms,
                         const allostat_trait_scores *scores,
                         allostat_residents *residents, size_t first, size_t count,
                         const uint8_t *lives)
{
    const resident_rows rows = {
        .anxiety = residents->attachment_anxiety + first,
        .avoidance = residents->attachment_avoidance + first,
        .ptsd = residents->ptsd_severity + first,
        .connection = residents->connection + first,
        .pain = residents->pain + first,
        .stress = residents->stress + first,
        .load = residents->allostatic_load + first,
        .oxytocin = residents->oxytocin + first,
        .ace = residents->ace_score + first,
        .housing = residents->housing + first,
        .defence = residents->defence_state + first,
    };
    resident_block block;

    regulate_rows(terms, scores, &rows, count, &block);
    scatter_state(&block, lives, residents, first, count);
}

/* As many rows as are worth packing. */
enum { FEW = ALLOSTAT_REGULATION_BLOCK / 4 };

typedef struct {
    size_t row[FEW];
    float anxiety[FEW], avoidance[FEW], ptsd[FEW], connection[FEW], pain[FEW];
    float stress[FEW], load[FEW], oxytocin[FEW];
    uint8_t ace[FEW], housing[FEW], defence[FEW];
} packed_rows;

static size_t pack(const allostat_residents *residents, size_t first, size_t count,
                   const uint8_t *lives, packed_rows *few)
{
    size_t n = 0;

    for (size_t i = allostat_next_flag(lives, 0, count); i < count;
         i = allostat_next_flag(lives, i + 1, count)) {
        const size_t row = first + i;

        few->row[n] = row;
        few->anxiety[n] = residents->attachment_anxiety[row];
        few->avoidance[n] = residents->attachment_avoidance[row];
        few->ptsd[n] = residents->ptsd_severity[row];
        few->connection[n] = residents->connection[row];
        few->pain[n] = residents->pain[row];
        few->stress[n] = residents->stress[row];
        few->load[n] = residents->allostatic_load[row];
        few->oxytocin[n] = residents->oxytocin[row];
        few->ace[n] = residents->ace_score[row];
        few->housing[n] = residents->housing[row];
        few->defence[n++] = residents->defence_state[row];
    }
    return n;
}

/* Among users, few live by the month. */
static void regulate_few(const allostat_regulation_terms *terms,
                         const allostat_trait_scores *scores,
                         allostat_residents *residents, size_t first, size_t count,
                         const uint8_t *lives)
{
    packed_rows few;
    const resident_rows rows = {
        .anxiety = few.anxiety,
        .avoidance = few.avoidance,
        .ptsd = few.ptsd,
        .connection = few.connection,
        .pain = few.pain,
        .stress = few.stress,
        .load = few.load,
        .oxytocin = few.oxytocin,
        .ace = few.ace,
        .housing = few.housing,
        .defence = few.defence,
    };
    const size_t n = pack(residents, first, count, lives, &few);
    resident_block block;

    regulate_rows(terms, scores, &rows, n, &block);
    for (size_t i = 0; i < n; i++) {
        residents->stress[few.row[i]] = block.stress[i];
        residents->allostatic_load[few.row[i]] = block.load[i];
        residents->oxytocin[few.row[i]] = block.oxytocin[i];
        residents->defence_state[few.row[i]] = (uint8_t)block.defence[i];
    }
}

void allostat_regulate_residents(const allostat_regulation_terms *terms,
                                 const allostat_trait_scores *scores,
                                 allostat_residents *residents, size_t first,
                                 size_t count)
{
    uint8_t lives[BLOCK];
    size_t living = 0;

    find_living(residents, first, count, lives);
    for (size_t i = 0; i < count; i++) living += lives[i];
    if (living <= FEW)
        regulate_few(terms, scores, residents, first, count, lives);
    else
        regulate_all(terms, scores, residents, first, count, lives);
}

void allostat_regulation_settle(const allostat_params *params,
                                allostat_residents *residents, size_t first,
                                size_t count)
{
    enum { STEPS = 6 };
    const double half_year = 182.625;
    const allostat_trait_scores scores = allostat_trait_scores_make(params);
    allostat_regulation_terms terms;

    allostat_regulation_terms_make(&terms, params, half_year);
    for (size_t row = first; row < first + count; row += ALLOSTAT_REGULATION_BLOCK) {
        const size_t left = first + count - row;
        const size_t rows =
            left < ALLOSTAT_REGULATION_BLOCK ? left : ALLOSTAT_REGULATION_BLOCK;

        for (int step = 0; step < STEPS; step++)
            allostat_regulate_residents(&terms, &scores, residents, row, rows);
    }
}

typedef struct {
    const allostat_params *params;
    allostat_users *users;
    float blunted_from; /* adversity in standard deviations */
} cortisol_context;

ALLOSTAT_HOT
static void read_rows(const cortisol_context *self, size_t first, size_t count)
{
    const double slope = self->params->stress_cortisol_slope;
    const double neutral = self->params->stress_neutral;
    const double blunting = self->params->stress_cortisol_adversity, none = 0.0;
    const float from = self->blunted_from;
    const float *restrict stress = self->users->stress + first;
    const float *restrict adversity = self->users->adversity + first;
    float *restrict cortisol = self->users->cortisol + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        cortisol[i] = allostat_cortisolf(slope, (double)stress[i] - neutral,
                                         adversity[i] >= from ? blunting : none);
    }
}

static void read_block(void *context, size_t block, size_t first, size_t count)
{
    (void)block;
    read_rows(context, first, count);
}

void allostat_cortisol_read(const allostat_params *params, allostat_users *users)
{
    const allostat_trait_scores z = allostat_trait_scores_make(params);
    cortisol_context context = {
        params, users, ((float)params->stress_cortisol_ace - z.ace_mean) * z.ace_scale};

    allostat_share_rows(users->share, users->row_count, read_block, &context);
}
