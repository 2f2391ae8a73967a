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

#include <stdbool.h>

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
 * the users' table has them, else the state at its end. */
typedef struct {
    float use;       /* share of days in active use of unregulated opioids */
    int32_t patient; /* 0 or 1, as the flags below: has had a prescription and never
                        anything else */
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

/* Loss of control K + w_u u + w_Q Q: craving, proneness to act on it, and what the body
 * has come to need. */
static inline float allostat_dsm5_loss(const allostat_params *params,
                                       const allostat_dsm5_year *year)
{
    return year->craving + (float)params->dsm5_frailty_weight * year->frailty +
           (float)params->dsm5_dependence_weight * year->dependence;
}

static inline int32_t allostat_dsm5_bit(allostat_dsm5_symptom symptom, int32_t found)
{
    return found << symptom;
}

/* Symptoms that a patient can have as well as a user of the street. */
static inline int32_t allostat_dsm5_common_symptoms(const allostat_params *p,
                                                    const allostat_dsm5_year *year,
                                                    float loss, int32_t impaired)
{
    const int32_t fails = ((double)year->lapses > p->dsm5_cutdown_lapses) |
                          ((double)loss > p->dsm5_cutdown_loss) |
                          ((year->use > 0.0f) & year->wants_treatment);

#define BIT(name, found) allostat_dsm5_bit(ALLOSTAT_DSM5_##name, (found))
    return BIT(larger_amounts, (double)loss > p->dsm5_larger_loss) |
           BIT(failed_cutdown, fails) |
           BIT(craving, (double)year->craving > p->dsm5_craving) |
           BIT(social_problems,
               impaired & ((double)year->connection < p->dsm5_social_connection)) |
           BIT(activities_given_up,
               impaired & ((double)year->tone < p->dsm5_activities_tone));
}

/* Symptoms of unregulated use. */
static inline int32_t allostat_dsm5_street_symptoms(const allostat_params *p,
                                                    const allostat_dsm5_year *year)
{
    const double half = 0.5;
    const double roles = p->dsm5_roles_doses * (year->stable_home ? 1.0 : half);
    const int32_t harm = year->injured | ((double)year->stress > p->dsm5_harm_stress) |
                         ((double)year->hyperalgesia > p->dsm5_harm_pain);

    return BIT(time, (double)year->doses > p->dsm5_time_doses) |
           BIT(roles, (double)year->doses > roles) |
           BIT(hazard, year->injects | year->stimulants) | BIT(despite_harm, harm) |
           BIT(tolerance, (double)year->tolerance > p->dsm5_tolerance) |
           BIT(withdrawal, (double)year->withdrawal > p->dsm5_withdrawal);
#undef BIT
}

/* The symptoms as bits. None without use or prescription. Of a patient impairments
 * count only with loss of control, tolerance and withdrawal never. Without branches:
 * vectors judge many people at once. */
static inline int32_t allostat_dsm5_flags(const allostat_params *params,
                                          const allostat_dsm5_year *year)
{
    const int32_t uses = (double)year->use >= params->dsm5_use_least;
    const float loss = allostat_dsm5_loss(params, year);
    const int32_t impaired = uses | ((double)loss > params->dsm5_impaired_loss);
    const int32_t common = allostat_dsm5_common_symptoms(params, year, loss, impaired);
    const int32_t street = allostat_dsm5_street_symptoms(params, year);

    return (uses | year->patient ? common : 0) | (uses ? street : 0);
}

static inline int32_t allostat_dsm5_count(int32_t flags)
{
    int32_t count = 0;

    for (int32_t symptom = 0; symptom < ALLOSTAT_DSM5_SYMPTOM_COUNT; symptom++)
        count += (flags >> symptom) & 1;
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
                         const allostat_residents *residents, allostat_users *users,
                         size_t first, size_t count);

#endif
