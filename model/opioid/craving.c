#include "opioid/craving.h"

#include "base/hot.h"

#include "base/dmath.h"
#include "opioid/kinetics.h"

void allostat_craving_terms_make(allostat_craving_terms *self,
                                 const allostat_params *params)
{
    self->plain = false;
    self->base = (float)params->craving_base;
    self->withdrawal = (float)params->craving_withdrawal;
    self->cue = (float)params->craving_cue;
    self->stress = (float)params->craving_stress;
    self->stress_cue = (float)params->craving_stress_cue;
    self->pain = (float)params->craving_pain;
    self->tone = (float)params->craving_tone;
    self->oxytocin = (float)params->craving_oxytocin;
    self->occupancy = (float)params->craving_occupancy;
    self->blockade = (float)params->naltrexone_craving;
    self->learn_keep = (float)allostat_exp(-1.0 / params->craving_tau_learn);
    self->forget_keep = (float)allostat_exp(-1.0 / params->craving_tau_forget);
    self->tone_keep = (float)allostat_exp(-1.0 / params->craving_tau_tone);
    self->tone_connection = (float)params->craving_tone_connection;
    self->tone_avoidance = (float)params->craving_tone_avoidance;
    self->tone_load = (float)params->craving_tone_load;
    self->memory_most = params->mechanisms_cue_memory ? 1.0f : 0.0f;
    self->tone_on = params->mechanisms_endogenous_tone;
}

/* Cues are learned on days of use and forgotten on the others. */
ALLOSTAT_HOT
static void memory_step(const allostat_craving_terms *terms, allostat_users *users,
                        size_t first, size_t count)
{
    const float learn_keep = terms->learn_keep, forget_keep = terms->forget_keep;
    const float most = terms->memory_most;
    const float *restrict doses = users->doses + first;
    float *restrict memory = users->cue_memory + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float target = doses[i] > 0.0f ? most : 0.0f;
        const float keep = doses[i] > 0.0f ? learn_keep : forget_keep;

        memory[i] = allostat_relaxf(memory[i], target, keep);
    }
}

ALLOSTAT_HOT
static void tone_step(const allostat_craving_terms *terms, allostat_users *users,
                      size_t first, size_t count)
{
    const allostat_craving_terms t = *terms;
    const float *restrict connection = users->connection + first;
    const float *restrict avoidance = users->avoidance + first;
    const float *restrict tolerance = users->tolerance + first;
    const float *restrict load = users->allostatic_load + first;
    float *restrict tone = users->endogenous_tone + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float target = allostat_tone_targetf(&t, connection[i], avoidance[i],
                                                   tolerance[i], load[i]);

        tone[i] = allostat_relaxf(tone[i], target, t.tone_keep);
    }
}

static inline float craving_of(const allostat_craving_terms *t,
                               const allostat_users *users, size_t row)
{
    const allostat_craving_state state = {
        users->withdrawal[row], users->cue_memory[row], users->cue[row],
        users->stress[row],     users->pain[row],       users->endogenous_tone[row],
        users->oxytocin[row],   users->connection[row], users->oat_occupancy[row]};

    return allostat_cravingf(t, state);
}

ALLOSTAT_HOT
static void crave_all(const allostat_craving_terms *terms, allostat_users *users,
                      size_t first, size_t count)
{
    const allostat_craving_terms t = *terms;

#pragma omp simd
    for (size_t i = first; i < first + count; i++) {
        users->craving[i] = craving_of(&t, users, i) - users->craving_relief[i] -
                            t.blockade * users->antagonist[i];
    }
}

/* The same without an antagonist and therapies. */
ALLOSTAT_HOT
static void crave_plain(const allostat_craving_terms *terms, allostat_users *users,
                        size_t first, size_t count)
{
    const allostat_craving_terms t = *terms;

#pragma omp simd
    for (size_t i = first; i < first + count; i++)
        users->craving[i] = craving_of(&t, users, i);
}

void allostat_craving_step(const allostat_craving_terms *terms, allostat_users *users,
                           size_t first, size_t count)
{
    memory_step(terms, users, first, count);
    tone_step(terms, users, first, count);
    (terms->plain ? crave_plain : crave_all)(terms, users, first, count);
}
