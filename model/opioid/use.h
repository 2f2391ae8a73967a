/* Daily step: lapse, doses, remission (model page 4.5). */
#ifndef ALLOSTAT_OPIOID_USE_H
#define ALLOSTAT_OPIOID_USE_H

#include "base/dmath.h"
#include "mind/regulation.h"
#include "params/params.h"
#include "people/person_days.h"
#include "people/users.h"

#include <stdbool.h>

typedef struct {
    bool plain;       /* see allostat_opioid_terms_plain */
    bool opens_month; /* the day is the first of a month */
    allostat_day day;
    float doses_per_day;   /* at craving 0, without the payment's effect */
    float payment_ratio;   /* of doses today, of people on income assistance */
    float mobilised_ratio; /* of doses in fight or flight */
    float replaced;        /* share of doses that safer supply replaces */
    float dose_slope;      /* per SD of craving */
    float log_lapse_base;  /* log hazard at craving 0, median frailty */
    float lapse_slope;
    float remission_lapse_ratio;
    float remission; /* probability a day */
    allostat_month_days lived;
} allostat_use_terms;

/* The largest mean number of doses a day; keeps the Poisson sum short and real people
 * alive. */
#define ALLOSTAT_DOSES_MEAN_MAX 10.0f

void allostat_use_terms_make(allostat_use_terms *self, const allostat_params *params,
                             allostat_day day);

/* Is it payment day or one of the use.payment_days - 1 days after? A month without a
 * fifth Wednesday has no payment day when that is the one. */
bool allostat_is_payment_day(const allostat_params *params, allostat_day day);

/* Hazard of lapse h0 exp(g K + u), 1/d, times a ratio in remission; the first of the
 * two from h0 exp(g K + u). */
static inline float allostat_lapse_hazard_fromf(const allostat_use_terms *terms,
                                                float hazard, int32_t in_remission)
{
    return in_remission ? hazard * terms->remission_lapse_ratio : hazard;
}

static inline float allostat_lapse_hazardf(const allostat_use_terms *terms,
                                           float craving, float frailty,
                                           int32_t in_remission)
{
    return allostat_lapse_hazard_fromf(
        terms,
        allostat_expf(terms->log_lapse_base + terms->lapse_slope * craving + frailty),
        in_remission);
}

/* Mean doses a day of an active user: m r exp(b K), at most ALLOSTAT_DOSES_MEAN_MAX,
 * with r the payment's ratio, 1 without; the first of the two from exp(b K). */
static inline float allostat_mean_doses_fromf(const allostat_use_terms *terms,
                                              float growth, float payment)
{
    const float mean = terms->doses_per_day * payment * growth;

    return mean < ALLOSTAT_DOSES_MEAN_MAX ? mean : ALLOSTAT_DOSES_MEAN_MAX;
}

static inline float allostat_mean_dosesf(const allostat_use_terms *terms, float craving,
                                         float payment)
{
    return allostat_mean_doses_fromf(terms, allostat_expf(terms->dose_slope * craving),
                                     payment);
}

/* Safer supply takes its share of the mean: a Poisson number that loses a share is one
 * of a smaller mean.
 *
 * Rows first .. first + count - 1: active, in_remission, doses of the street and
 * of safer supply, and their counts. Nobody
 * inside an institution lapses, nor a patient who never used on the street, nor anybody
 * before a lapse_day to come; on it they lapse. Who uses on the first of a month, or
 * lapses on another day, is active_year. `use` and `stop` are the random bits of
 * the rows (draws day_use, day_cessation). */
void allostat_use_step(const allostat_use_terms *terms, allostat_users *users,
                       size_t first, size_t count, const uint32_t *use,
                       const uint32_t *stop);

/* Days, whole and part, until a row that does not use lapses, while its craving is that
 * one; `most` or more when not within that many. u is uniform on (0, 1). The whole days
 * have the distribution of those of the daily draws. */
double allostat_days_to_lapse(const allostat_use_terms *terms,
                              const allostat_users *users, size_t row, float craving,
                              double u, double most);

/* Rows first .. first + count - 1: visits_month from doses and site_share; a fraction
 * of a visit becomes a whole one with that probability, so the mean is right. */
void allostat_visit_step(allostat_users *users, size_t first, size_t count,
                         const uint32_t *visit);

#endif
