/* Opioid use disorder by the eleven symptoms of DSM-5 (model page 4.8), each read from
 * the state that means it over the last year.
 *
 * Nothing in the model depends on the diagnosis: it is a way of looking. */
#ifndef ALLOSTAT_OPIOID_DSM5_H
#define ALLOSTAT_OPIOID_DSM5_H

#include "base/draws.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"

/* Bits of users->dsm5_flags. */
typedef enum {
    ALLOSTAT_DSM5_larger_amounts,
    ALLOSTAT_DSM5_failed_cutdown,
    ALLOSTAT_DSM5_time,
    ALLOSTAT_DSM5_craving,
    ALLOSTAT_DSM5_roles,
    ALLOSTAT_DSM5_social_problems,
    ALLOSTAT_DSM5_activities_given_up,
    ALLOSTAT_DSM5_hazard,
    ALLOSTAT_DSM5_despite_harm,
    ALLOSTAT_DSM5_tolerance,
    ALLOSTAT_DSM5_withdrawal,
    ALLOSTAT_DSM5_SYMPTOM_COUNT
} allostat_dsm5_symptom;

typedef enum {
    ALLOSTAT_OUD_none,
    ALLOSTAT_OUD_mild,
    ALLOSTAT_OUD_moderate,
    ALLOSTAT_OUD_severe,
    ALLOSTAT_OUD_SEVERITY_COUNT
} allostat_oud_severity;

/* 2 or 3 symptoms mild, 4 or 5 moderate, 6 or more severe [dsm_cut]. */
static inline allostat_oud_severity allostat_dsm5_severity(int32_t symptoms)
{
    return (allostat_oud_severity)((symptoms >= 2) + (symptoms >= 4) + (symptoms >= 6));
}

/* The last year of a person, as far as symptoms show in it. Means over the year where
 * the users' table has them, else the state at its end. Whole numbers are 0 or 1. */
typedef struct {
    float use;       /* share of days in active use of unregulated opioids */
    int32_t patient; /* has had a prescription and never anything else */
    float doses;     /* a day, over the whole year */
    float craving, withdrawal;
    float lapses;  /* a year */
    float frailty; /* log frailty for lapse */
    float dependence;
    float tolerance, hyperalgesia, tone, connection, stress;
    int32_t wants_treatment; /* waits for it, or is in it */
    int32_t stable_home;
    int32_t injects, stimulants, injured;
} allostat_dsm5_year;

/* Thresholds and weights of the symptoms. */
typedef struct {
    float use_least, frailty_weight, dependence_weight, larger_loss, impaired_loss;
    float cutdown_lapses, cutdown_loss, craving, social_connection, activities_tone;
    float time_doses, roles_doses, roles_doses_no_home;
    float harm_stress, harm_pain, tolerance, withdrawal;
} allostat_dsm5_limits;

allostat_dsm5_limits allostat_dsm5_limits_make(const allostat_params *params);

/* Loss of control K + w_u u + w_Q Q: craving, proneness to act on it, and what the body
 * has come to need. */
static inline float allostat_dsm5_loss(const allostat_dsm5_limits *limits,
                                       const allostat_dsm5_year *year)
{
    return year->craving + limits->frailty_weight * year->frailty +
           limits->dependence_weight * year->dependence;
}

static inline int32_t allostat_dsm5_bit(allostat_dsm5_symptom symptom, int32_t found)
{
    return found << symptom;
}

/* Symptoms that a patient can have as well as a user of the street. */
static inline int32_t allostat_dsm5_common(const allostat_dsm5_limits *limits,
                                           const allostat_dsm5_year *year, float loss,
                                           int32_t impaired)
{
    const int32_t fails = (year->lapses > limits->cutdown_lapses) |
                          (loss > limits->cutdown_loss) |
                          ((year->use > 0.0f) & year->wants_treatment);

    return allostat_dsm5_bit(ALLOSTAT_DSM5_larger_amounts, loss > limits->larger_loss) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_failed_cutdown, fails) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_craving, year->craving > limits->craving) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_social_problems,
                             impaired &
                                 (year->connection < limits->social_connection)) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_activities_given_up,
                             impaired & (year->tone < limits->activities_tone));
}

/* Symptoms of unregulated use. */
static inline int32_t allostat_dsm5_street(const allostat_dsm5_limits *limits,
                                           const allostat_dsm5_year *year)
{
    const int32_t roles =
        (year->stable_home & (year->doses > limits->roles_doses)) |
        ((year->stable_home ^ 1) & (year->doses > limits->roles_doses_no_home));
    const int32_t harm = year->injured | (year->stress > limits->harm_stress) |
                         (year->hyperalgesia > limits->harm_pain);

    return allostat_dsm5_bit(ALLOSTAT_DSM5_time, year->doses > limits->time_doses) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_roles, roles) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_hazard, year->injects | year->stimulants) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_despite_harm, harm) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_tolerance,
                             year->tolerance > limits->tolerance) |
           allostat_dsm5_bit(ALLOSTAT_DSM5_withdrawal,
                             year->withdrawal > limits->withdrawal);
}

/* The symptoms as bits. None without use or prescription. Of a patient impairments
 * count only with loss of control, tolerance and withdrawal never. */
static inline int32_t allostat_dsm5_flags(const allostat_dsm5_limits *limits,
                                          const allostat_dsm5_year *year)
{
    const int32_t uses = year->use >= limits->use_least;
    const float loss = allostat_dsm5_loss(limits, year);
    const int32_t impaired = uses | (loss > limits->impaired_loss);
    const int32_t common = allostat_dsm5_common(limits, year, loss, impaired);
    const int32_t street = allostat_dsm5_street(limits, year);

    return (common & -(uses | year->patient)) | (street & -uses);
}

static inline int32_t allostat_dsm5_count(int32_t flags)
{
    int32_t count = 0;

    for (int symptom = 0; symptom < ALLOSTAT_DSM5_SYMPTOM_COUNT; symptom++) {
        count += (flags >> symptom) & 1;
    }
    return count;
}

/* ---- the year's means, daily ---- */

typedef struct {
    float keep; /* of a mean over one day */
} allostat_dsm5_terms;

void allostat_dsm5_terms_make(allostat_dsm5_terms *self, const allostat_params *params);

/* Rows first .. first + count - 1: use_mean, dose_mean, craving_mean, withdrawal_mean.
 */
void allostat_dsm5_step(const allostat_dsm5_terms *terms, allostat_users *users,
                        size_t first, size_t count);

/* Last day of a month, before lapses_month is recorded: lapse_mean, dsm5_flags,
 * oud_severity and hypogonadism of rows first .. first + count - 1. */
void allostat_dsm5_month(const allostat_params *params, allostat_draw_key key,
                         allostat_users *users, size_t first, size_t count);

#endif
