/* Daily step: cue memory, endogenous tone and craving (model page 4.1, 4.4). */
#ifndef ALLOSTAT_OPIOID_CRAVING_H
#define ALLOSTAT_OPIOID_CRAVING_H

#include "base/dmath.h"
#include "params/params.h"
#include "people/users.h"

#include <stdbool.h>

typedef struct {
    bool plain; /* see allostat_opioid_terms_plain */
    float base, withdrawal, cue, stress, stress_cue, pain, tone, oxytocin, occupancy;
    float blockade; /* per level of an antagonist */
    float learn_keep, forget_keep, tone_keep;
    float tone_connection, tone_avoidance, tone_load;
    float memory_most; /* 1; 0 when cues are never learned */
    int32_t tone_on;
} allostat_craving_terms;

void allostat_craving_terms_make(allostat_craving_terms *self,
                                 const allostat_params *params);

/* What a person brings to craving today. */
typedef struct {
    float withdrawal, cue_memory, cue, stress, pain, tone, oxytocin, connection,
        occupancy;
} allostat_craving_state;

/* K = k0 + kW W + kM M cue + kS S + kSM S M cue + kN N + kB (1 - B) - kO O C - k_occ
 * occupancy, in standard deviations. Stress times cue is the automated response
 * (Saraiya 2021); oxytocin acts only where there is connection. */
static inline float allostat_cravingf(const allostat_craving_terms *k,
                                      allostat_craving_state s)
{
    const float cued = s.cue_memory * s.cue;

    return k->base + k->withdrawal * s.withdrawal + k->cue * cued +
           k->stress * s.stress + k->stress_cue * s.stress * cued + k->pain * s.pain +
           k->tone * (1.0f - s.tone) - k->oxytocin * s.oxytocin * s.connection -
           k->occupancy * s.occupancy;
}

/* Craving when a share `keep` of cue memory is left, everything else standing still. */
static inline float allostat_craving_forgottenf(const allostat_craving_terms *k,
                                                float craving, float cue_memory,
                                                float cue, float stress, float keep)
{
    const float lost = (1.0f - keep) * cue_memory * cue;

    return craving - (k->cue + k->stress_cue * stress) * lost;
}

/* Endogenous tone settles at (1 + c C) (1 - a avo) / (1 + T) - l L. Source: model
 * page 4.1; avoidance after Nummenmaa 2015. Without the mechanism it is 1. */
static inline float allostat_tone_targetf(const allostat_craving_terms *k,
                                          float connection, float avoidance,
                                          float tolerance, float load)
{
    const float tone = (1.0f + k->tone_connection * connection) *
                           (1.0f - k->tone_avoidance * avoidance) / (1.0f + tolerance) -
                       k->tone_load * load;

    return allostat_selectf(k->tone_on, tone, 1.0f);
}

/* Rows first .. first + count - 1: cue_memory, endogenous_tone, craving less what
 * therapies take away. */
void allostat_craving_step(const allostat_craving_terms *terms, allostat_users *users,
                           size_t first, size_t count);

#endif
