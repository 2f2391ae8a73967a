#include "opioid/pain.h"

#include "base/hot.h"

#include "opioid/kinetics.h"

void allostat_pain_month_terms_make(allostat_pain_month_terms *self,
                                    const allostat_params *params,
                                    allostat_draw_key key, allostat_month month,
                                    int32_t months)
{
    const double part = 1.0 / ALLOSTAT_MONTHS_A_YEAR, half = 0.5;
    const double rate = params->pain_recovery_rate;
    const double recovery = -allostat_expm1(-rate * part);

    self->felt = params->mechanisms_pain;
    self->key = key;
    self->month = month;
    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        const double prevalence = allostat_pain_prevalence(
            params->pain_prevalence, params->pain_age_log_odds, age + half);
        const double onset =
            -allostat_expm1(-part * allostat_pain_onset_rate(
                                        prevalence, params->pain_age_log_odds, rate));
        self->prevalence[age] = (float)prevalence;
        self->change[0][age] = (float)allostat_chain_over(onset, recovery, months);
        self->change[1][age] = (float)allostat_chain_over(recovery, onset, months);
    }
    self->severity_low = (float)params->pain_severity_low;
    self->severity_width =
        (float)(params->pain_severity_high - params->pain_severity_low);
}

void allostat_pain_month_terms_turn_to(allostat_pain_month_terms *self,
                                       allostat_month month)
{
    self->month = month;
}

void allostat_pain_enter(const allostat_pain_month_terms *terms,
                         allostat_residents *residents, size_t first, size_t count,
                         const uint32_t *pain, const uint32_t *severity)
{
    for (size_t i = 0; i < count; i++) {
        const size_t row = first + i;
        const int32_t age =
            allostat_age_in_month(residents->birth_month[row], terms->month);
        const bool has =
            allostat_double_uniform_from_bits(pain[i]) < (double)terms->prevalence[age];
        const float u = (float)allostat_double_uniform_from_bits(severity[i]);

        residents->chronic_pain[row] =
            has ? terms->severity_low + u * terms->severity_width : 0.0f;
        residents->pain[row] = terms->felt ? residents->chronic_pain[row] : 0.0f;
    }
}

ALLOSTAT_HOT
void allostat_pain_month(const allostat_pain_month_terms *terms,
                         allostat_residents *residents, size_t first, size_t count,
                         const uint32_t *change, const uint32_t *severity)
{
    const int felt = terms->felt;
    const allostat_month month = terms->month;
    const float low = terms->severity_low, width = terms->severity_width;
    const float *restrict chance = terms->change[0];
    const uint8_t *restrict status = residents->status + first;
    const int16_t *restrict birth = residents->birth_month + first;
    const int32_t *restrict user_row = residents->user_row + first;
    float *restrict chronic = residents->chronic_pain + first;
    float *restrict pain = residents->pain + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float u = allostat_uniform_from_bits(change[i]);
        const int32_t age = allostat_age_in_month(birth[i], month);
        const int here = status[i] == ALLOSTAT_RESIDENT_present;
        const int had = chronic[i] > 0.0f;
        const float begun = low + allostat_uniform_from_bits(severity[i]) * width;
        const float changed = allostat_selectf(had, 0.0f, begun);
        const int changes = here & (u < chance[had * ALLOSTAT_AGE_COUNT + age]);
        const float now = allostat_selectf(changes, changed, chronic[i]);

        chronic[i] = now;
        /* A user's pain is that of the daily clock. */
        pain[i] = allostat_selectf(here & (user_row[i] < 0),
                                   allostat_selectf(felt, now, 0.0f), pain[i]);
    }
}

void allostat_pain_terms_make(allostat_pain_terms *self, const allostat_params *params)
{
    self->felt = params->mechanisms_pain ? 1.0f : 0.0f;
    self->hyperalgesia = (float)params->pain_hyperalgesia;
    self->hyperalgesia_keep = (float)allostat_exp(-1.0 / params->pain_tau_hyperalgesia);
    self->analgesia = (float)params->pain_analgesia;
}

ALLOSTAT_HOT
void allostat_pain_step(const allostat_pain_terms *terms, allostat_users *users,
                        size_t first, size_t count)
{
    const allostat_pain_terms t = *terms;
    const float *restrict tolerance = users->tolerance + first;
    const float *restrict effect = users->effect + first;
    const float *restrict chronic = users->chronic_pain + first;
    float *restrict hyperalgesia = users->hyperalgesia + first;
    float *restrict pain = users->pain + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float made = allostat_relaxf(
            hyperalgesia[i], t.hyperalgesia * tolerance[i], t.hyperalgesia_keep);

        hyperalgesia[i] = made;
        pain[i] = t.felt * allostat_painf(chronic[i], made, t.analgesia, effect[i]);
    }
}
