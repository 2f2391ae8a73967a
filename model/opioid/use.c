#include "opioid/use.h"

#include "base/hot.h"

#include "base/draws.h"

enum { WEDNESDAY = 2, DAYS_A_WEEK = 7 };

static bool is_paid_in(const allostat_params *params, allostat_month month,
                       allostat_day day)
{
    const allostat_day first = allostat_month_first_day(month);
    const int32_t to_wednesday =
        (WEDNESDAY - allostat_weekday(first) + DAYS_A_WEEK) % DAYS_A_WEEK;
    const allostat_day payment =
        first + to_wednesday +
        DAYS_A_WEEK * ((allostat_day)params->use_payment_wednesday - 1);

    return allostat_month_of_day(payment) == month && day >= payment &&
           day < payment + (allostat_day)params->use_payment_days;
}

/* The days after a payment late in a month reach into the next. */
bool allostat_is_payment_day(const allostat_params *params, allostat_day day)
{
    const allostat_month month = allostat_month_of_day(day);

    return is_paid_in(params, month, day) || is_paid_in(params, month - 1, day);
}

void allostat_use_terms_make(allostat_use_terms *self, const allostat_params *params,
                             allostat_day day)
{
    const double days_a_year = 365.25;

    self->doses_per_day = (float)params->use_doses_per_day;
    self->payment_ratio =
        allostat_is_payment_day(params, day) ? (float)params->use_payment_ratio : 1.0f;
    self->mobilised_ratio = (float)params->stress_mobilised_doses;
    self->replaced = (float)params->safer_supply_replaced_share;
    self->dose_slope = (float)params->use_dose_craving_slope;
    self->log_lapse_base = (float)allostat_log(params->use_lapse_base);
    self->lapse_slope = (float)params->use_lapse_craving_slope;
    self->remission_lapse_ratio = (float)params->use_remission_lapse_ratio;
    self->remission = (float)-allostat_expm1(-params->use_remission_rate / days_a_year);
}

/* Of doses today: payment days, fight or flight, and what a therapy takes away. */
static inline float dose_ratio(const allostat_use_terms *t, int32_t assistance,
                               int32_t defence, float less)
{
    const float payment = assistance ? t->payment_ratio : 1.0f;
    const float mobilised =
        defence == ALLOSTAT_DEFENCE_mobilised ? t->mobilised_ratio : 1.0f;

    return payment * mobilised * (1.0f - less);
}

ALLOSTAT_HOT
void allostat_use_step(const allostat_use_terms *terms, allostat_users *users,
                       size_t first, size_t count, const uint32_t *use,
                       const uint32_t *stop)
{
    const allostat_use_terms t = *terms;
    const int32_t *restrict present = users->present + first;
    const float *restrict craving = users->craving + first;
    const float *restrict frailty = users->frailty + first;
    const int32_t *restrict rx_only = users->rx_only + first;
    const int32_t *restrict institution = users->institution + first;
    const int32_t *restrict assistance = users->assistance + first;
    const int32_t *restrict defence = users->defence_state + first;
    const float *restrict doses_less = users->doses_less + first;
    const float *restrict lapse_less = users->lapse_less + first;
    int32_t *restrict active = users->active + first;
    int32_t *restrict in_remission = users->in_remission + first;
    int32_t *restrict lapses = users->lapses_month + first;
    int32_t *restrict cessations = users->cessations_month + first;
    int32_t *restrict active_year = users->active_year + first;
    int32_t *restrict doses_month = users->doses_month + first;
    const int32_t *restrict safer = users->safer_supply + first;
    float *restrict supplied = users->supplied + first;
    float *restrict supplied_month = users->supplied_month + first;
    float *restrict doses = users->doses + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float u = allostat_uniform_from_bits(use[i]);
        const float lapse_chance = allostat_probability_from_hazardf(
            allostat_lapse_hazardf(&t, craving[i], frailty[i], in_remission[i]) *
            (1.0f - lapse_less[i]));
        const int32_t may_lapse =
            present[i] & (active[i] ^ 1) & (rx_only[i] ^ 1) & (institution[i] == 0);
        const int32_t lapses_now = may_lapse & (u < lapse_chance);
        const int32_t stops_now =
            active[i] & (allostat_uniform_from_bits(stop[i]) < t.remission);
        const int32_t uses_now = (active[i] | lapses_now) & (stops_now ^ 1);
        /* A draw below the chance of lapse is uniform there: it serves both. */
        const float rest = lapses_now ? u / lapse_chance : u;
        const float ratio = dose_ratio(&t, assistance[i], defence[i], doses_less[i]);
        const float mean = allostat_mean_dosesf(&t, craving[i], ratio);
        const float replaced = safer[i] ? t.replaced : 0.0f;
        const int32_t drawn = allostat_poisson_from_uniformf(rest < 1.0f ? rest : 1.0f,
                                                             mean * (1.0f - replaced));
        /* a lapse is a dose */
        const int32_t least = drawn > lapses_now ? drawn : lapses_now;
        const int32_t taken = uses_now ? least : 0;

        active[i] = uses_now;
        in_remission[i] = (in_remission[i] & (lapses_now ^ 1)) | stops_now;
        lapses[i] += lapses_now;
        cessations[i] += stops_now;
        active_year[i] |= uses_now;
        doses_month[i] += taken;
        doses[i] = (float)taken;
        supplied[i] = uses_now ? mean * replaced : 0.0f;
        supplied_month[i] += supplied[i];
    }
}

ALLOSTAT_HOT
void allostat_visit_step(allostat_users *users, size_t first, size_t count,
                         const uint32_t *visit)
{
    const float *restrict doses = users->doses + first;
    const float *restrict share = users->site_share + first;
    int32_t *restrict visits = users->visits_month + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float wanted = doses[i] * share[i];
        const int32_t whole = (int32_t)(wanted + allostat_uniform_from_bits(visit[i]));

        visits[i] += wanted > 0.0f ? whole : 0;
    }
}
