#include "opioid/dsm5.h"

#include "base/hot.h"

#include "opioid/kinetics.h"

#include <string.h>

allostat_dsm5_limits allostat_dsm5_limits_make(const allostat_params *p)
{
    const double half = 0.5;

    return (allostat_dsm5_limits){
        .use_least = (float)p->dsm5_use_least,
        .frailty_weight = (float)p->dsm5_frailty_weight,
        .dependence_weight = (float)p->dsm5_dependence_weight,
        .larger_loss = (float)p->dsm5_larger_loss,
        .impaired_loss = (float)p->dsm5_impaired_loss,
        .cutdown_lapses = (float)p->dsm5_cutdown_lapses,
        .cutdown_loss = (float)p->dsm5_cutdown_loss,
        .craving = (float)p->dsm5_craving,
        .social_connection = (float)p->dsm5_social_connection,
        .activities_tone = (float)p->dsm5_activities_tone,
        .time_doses = (float)p->dsm5_time_doses,
        .roles_doses = (float)p->dsm5_roles_doses,
        .roles_doses_no_home = (float)(p->dsm5_roles_doses * half),
        .harm_stress = (float)p->dsm5_harm_stress,
        .harm_pain = (float)p->dsm5_harm_pain,
        .tolerance = (float)p->dsm5_tolerance,
        .withdrawal = (float)p->dsm5_withdrawal,
    };
}

void allostat_dsm5_terms_make(allostat_dsm5_terms *self, const allostat_params *params)
{
    self->keep = (float)allostat_exp(-1.0 / params->dsm5_tau_year);
}

ALLOSTAT_HOT
void allostat_dsm5_step(const allostat_dsm5_terms *terms, allostat_users *users,
                        size_t first, size_t count)
{
    const float keep = terms->keep;
    const int32_t *restrict active = users->active + first;
    const float *restrict doses = users->doses + first;
    const float *restrict craving = users->craving + first;
    const float *restrict withdrawal = users->withdrawal + first;
    float *restrict use_mean = users->use_mean + first;
    float *restrict dose_mean = users->dose_mean + first;
    float *restrict craving_mean = users->craving_mean + first;
    float *restrict withdrawal_mean = users->withdrawal_mean + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        use_mean[i] = allostat_relaxf(use_mean[i], (float)active[i], keep);
        dose_mean[i] = allostat_relaxf(dose_mean[i], doses[i], keep);
        craving_mean[i] = allostat_relaxf(craving_mean[i], craving[i], keep);
        withdrawal_mean[i] = allostat_relaxf(withdrawal_mean[i], withdrawal[i], keep);
    }
}

enum { TOGETHER = 1024 }; /* rows judged at once */

/* Once a month: lapses count as a rate a year. */
ALLOSTAT_HOT
static void mean_lapses(float keep, allostat_users *users, size_t first, size_t count)
{
    const int32_t *restrict lapses = users->lapses_month + first;
    float *restrict mean = users->lapse_mean + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float a_year = (float)(lapses[i] * ALLOSTAT_MONTHS_A_YEAR);

        mean[i] = allostat_relaxf(mean[i], a_year, keep);
    }
}

ALLOSTAT_HOT
static void judge(const allostat_dsm5_limits *limits, allostat_users *users,
                  size_t first, size_t count)
{
    const allostat_dsm5_limits local = *limits;
#define READ(type, name) const type *restrict name = users->name + first
    READ(float, use_mean);
    READ(float, dose_mean);
    READ(float, craving_mean);
    READ(float, withdrawal_mean);
    READ(float, lapse_mean);
    READ(float, frailty);
    READ(float, dependence);
    READ(float, tolerance);
    READ(float, hyperalgesia);
    READ(float, endogenous_tone);
    READ(float, connection);
    READ(float, stress);
    READ(float, unstable);
    READ(int32_t, rx_only);
    READ(int32_t, treatment);
    READ(int32_t, waiting_since);
    READ(int32_t, injects);
    READ(int32_t, uses_stimulants);
    READ(int32_t, brain_injury);
    READ(int32_t, overdoses_year);
#undef READ
    int32_t *restrict flags = users->dsm5_flags + first;
    int32_t *restrict severity = users->oud_severity + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const allostat_dsm5_year year = {
            .use = use_mean[i],
            .patient = rx_only[i],
            .doses = dose_mean[i],
            .craving = craving_mean[i],
            .withdrawal = withdrawal_mean[i],
            .lapses = lapse_mean[i],
            .frailty = frailty[i],
            .dependence = dependence[i],
            .tolerance = tolerance[i],
            .hyperalgesia = hyperalgesia[i],
            .tone = endogenous_tone[i],
            .connection = connection[i],
            .stress = stress[i],
            .wants_treatment =
                (treatment[i] != ALLOSTAT_TREATMENT_none) | (waiting_since[i] != 0),
            .stable_home = unstable[i] == 0.0f,
            .injects = injects[i],
            .stimulants = uses_stimulants[i],
            .injured = (brain_injury[i] != 0) | (overdoses_year[i] > 0),
        };
        const int32_t found = allostat_dsm5_flags(&local, &year);

        flags[i] = found;
        severity[i] = (int32_t)allostat_dsm5_severity(allostat_dsm5_count(found));
    }
}

/* Men whose slow tolerance says that opioids have been there for months. Without a
 * branch, for half of the rows are theirs and half are not, and none follows from the
 * last. */
static size_t find_men(double least, const allostat_users *users, size_t first,
                       size_t count, uint32_t *row)
{
    size_t found = 0;

    for (size_t i = first; i < first + count; i++) {
        row[found] = (uint32_t)i;
        found +=
            (size_t)((allostat_who_sex(users->who[i]) == (int32_t)ALLOSTAT_SEX_male) &
                     ((double)users->tolerance_slow[i] > least));
    }
    return found;
}

/* Suppressed for as long as they are on opioids; a few rows together, so that draws are
 * made together. */
static void find_hypogonadism(const allostat_params *params, allostat_draw_key key,
                              allostat_users *users, size_t first, size_t count)
{
    uint32_t row[TOGETHER], number[TOGETHER], bits[TOGETHER];
    const size_t found =
        find_men(params->prescribing_hypogonadism_tolerance, users, first, count, row);

    for (size_t i = 0; i < found; i++) number[i] = users->number[row[i]];
    memset(users->hypogonadism + first, 0, count * sizeof *users->hypogonadism);
    allostat_draws_of(key, ALLOSTAT_DRAW_user_hypogonadism, 0,
                      &(allostat_draw_rows){number, NULL, found, bits, 0});
    for (size_t i = 0; i < found; i++) {
        users->hypogonadism[row[i]] = allostat_double_uniform_from_bits(bits[i]) <
                                      params->prescribing_hypogonadism;
    }
}

void allostat_dsm5_month(const allostat_params *params, allostat_draw_key key,
                         allostat_users *users, size_t first, size_t count)
{
    const double days_a_month = 365.25 / ALLOSTAT_MONTHS_A_YEAR;
    const float keep = (float)allostat_exp(-days_a_month / params->dsm5_tau_year);
    const allostat_dsm5_limits limits = allostat_dsm5_limits_make(params);

    mean_lapses(keep, users, first, count);
    for (size_t done = 0; done < count; done += TOGETHER) {
        const size_t rows = count - done < TOGETHER ? count - done : TOGETHER;

        judge(&limits, users, first + done, rows);
        find_hypogonadism(params, key, users, first + done, rows);
    }
}
