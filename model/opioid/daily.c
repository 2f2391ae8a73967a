#include "opioid/daily.h"

#include "base/hot.h"

void allostat_opioid_terms_make(allostat_opioid_terms *self,
                                const allostat_params *params, allostat_day day)
{
    const double one_day = 1.0;

    allostat_supply_make(&self->supply, params, day);
    allostat_use_terms_make(&self->use, params, day);
    allostat_overdose_terms_make(&self->overdose, params, &self->supply);
    allostat_exposure_terms_make(&self->exposure, params, &self->supply);
    allostat_tolerance_terms_make(&self->tolerance, params);
    allostat_pain_terms_make(&self->pain, params);
    allostat_regulation_terms_make(&self->regulation, params, one_day);
    allostat_craving_terms_make(&self->craving, params);
    allostat_dsm5_terms_make(&self->dsm5, params);
}

void allostat_opioid_terms_turn_to(allostat_opioid_terms *self,
                                   const allostat_params *params, allostat_day day)
{
    const bool plain = self->use.plain;

    allostat_supply_make(&self->supply, params, day);
    allostat_use_terms_make(&self->use, params, day);
    allostat_overdose_terms_make(&self->overdose, params, &self->supply);
    allostat_exposure_terms_sell(&self->exposure, &self->supply);
    self->use.plain = plain;
}

ALLOSTAT_HOT
static bool is_zero(const float *restrict column, size_t count)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < count; i++) bits |= allostat_bits_from_float(column[i]);
    return bits == 0;
}

ALLOSTAT_HOT
static bool has_any(const int32_t *restrict safer_supply,
                    const int32_t *restrict treatment, const int32_t *restrict next,
                    size_t count)
{
    int32_t any = 0;

    for (size_t i = 0; i < count; i++)
        any |= safer_supply[i] | (treatment[i] == ALLOSTAT_TREATMENT_naltrexone) |
               (next[i] == ALLOSTAT_TREATMENT_naltrexone);
    return any != 0;
}

bool allostat_is_plain(const allostat_users *users, size_t first, size_t count)
{
    return is_zero(users->antagonist + first, count) &&
           is_zero(users->supplied + first, count) &&
           is_zero(users->doses_less + first, count) &&
           is_zero(users->lapse_less + first, count) &&
           is_zero(users->craving_relief + first, count) &&
           !has_any(users->safer_supply + first, users->treatment + first,
                    users->treatment_next + first, count);
}

void allostat_opioid_terms_plain(allostat_opioid_terms *self)
{
    self->use.plain = self->exposure.plain = true;
    self->tolerance.plain = self->craving.plain = true;
}

static void stretch(float *keep, double days)
{
    *keep = (float)allostat_pow((double)*keep, days);
}

void allostat_opioid_terms_stretch(allostat_opioid_terms *self,
                                   const allostat_params *params, double days)
{
    float *const keeps[] = {
        &self->exposure.street_keep,
        &self->exposure.rx_keep,
        &self->exposure.met_keep,
        &self->exposure.antagonist_keep,
        &self->exposure.antagonist_off_keep,
        &self->tolerance.believed_keep,
        &self->tolerance.dependence_up_keep,
        &self->tolerance.dependence_down_keep,
        &self->tolerance.dependence_down_oat_keep,
        &self->tolerance.precipitated_keep,
        &self->pain.hyperalgesia_keep,
        &self->craving.learn_keep,
        &self->craving.forget_keep,
        &self->craving.tone_keep,
        &self->dsm5.keep,
    };

    for (size_t i = 0; i < sizeof keeps / sizeof keeps[0]; i++) stretch(keeps[i], days);
    for (int t = 0; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        stretch(&self->exposure.oat_keep[t], days);
        stretch(&self->exposure.off_keep[t], days);
    }
    self->tolerance.day_years *= (float)days;
    allostat_regulation_terms_make(&self->regulation, params, days);
}

#define ADAPTATION(name, terms_of, step)                                        \
    static void adapt_##name(const allostat_opioid_terms *terms,                \
                             allostat_users *users, size_t first, size_t count) \
    {                                                                           \
        step(&terms->terms_of, users, first, count);                            \
    }
ADAPTATION(exposure, exposure, allostat_exposure_step)
ADAPTATION(tolerance, tolerance, allostat_tolerance_step)
ADAPTATION(withdrawal, tolerance, allostat_withdrawal_step)
ADAPTATION(pain, pain, allostat_pain_step)
ADAPTATION(regulation, regulation, allostat_regulate_users)
ADAPTATION(craving, craving, allostat_craving_step)
ADAPTATION(dsm5, dsm5, allostat_dsm5_step)
#undef ADAPTATION

const allostat_adaptation allostat_adaptations[ALLOSTAT_ADAPTATION_COUNT] = {
    {"exposure", adapt_exposure},
    {"tolerance", adapt_tolerance},
    {"withdrawal", adapt_withdrawal},
    {"pain", adapt_pain},
    {"regulation", adapt_regulation},
    {"craving", adapt_craving},
    {"dsm5", adapt_dsm5},
};

void allostat_opioid_adapt(const allostat_opioid_terms *terms, allostat_users *users,
                           size_t first, size_t count)
{
    for (int32_t i = 0; i < ALLOSTAT_ADAPTATION_COUNT; i++)
        allostat_adaptations[i].run(terms, users, first, count);
}

/* A day of history, or a longer step: the mean of the doses, for those who lived it. */
ALLOSTAT_HOT
static void take_mean_doses(const allostat_use_terms *terms, allostat_users *users,
                            size_t first, size_t count)
{
    const allostat_use_terms t = *terms;
    const float *restrict craving = users->craving + first;
    const int32_t *restrict active = users->active + first;
    float *restrict doses = users->doses + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float mean = allostat_mean_dosesf(&t, craving[i], 1.0f);

        doses[i] = allostat_selectf(active[i], mean, 0.0f);
    }
}

void allostat_opioid_start(const allostat_opioid_terms *terms, allostat_users *users,
                           size_t first, size_t count, int32_t steps)
{
    int32_t active_now[ALLOSTAT_START_ROWS_MAX] = {0};

    for (size_t i = 0; i < count; i++) {
        const size_t row = first + i;

        users->met_potency[row] = terms->supply.learnable_potency;
        users->endogenous_tone[row] = allostat_tone_targetf(
            &terms->craving, users->connection[row], users->avoidance[row],
            users->tolerance[row], users->allostatic_load[row]);
        /* A first use has no history: the person was not active until today. */
        active_now[i] = users->active[row];
        users->active[row] = active_now[i] && users->use_years[row] > 0.0f;
    }
    for (int32_t step = 0; step < steps; step++) {
        take_mean_doses(&terms->use, users, first, count);
        allostat_opioid_adapt(terms, users, first, count);
    }
    for (size_t i = 0; i < count; i++) users->active[first + i] = active_now[i];
}
