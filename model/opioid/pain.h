/* Chronic pain of residents, and the pain of users (model page 4.7).
 *
 * Chronic pain comes and goes monthly, so that its share at each age stays as the
 * surveys say. Opioids take pain away while they act and make pain of their own
 * (hyperalgesia), which outlives them by months: pain rises on use, more after
 * stopping, and falls back. */
#ifndef ALLOSTAT_OPIOID_PAIN_H
#define ALLOSTAT_OPIOID_PAIN_H

#include "base/calendar.h"
#include "base/dmath.h"
#include "base/draws.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"

/* Share of people of an age with chronic pain: expit(logit(p50) + b (age - 50) / 10).
 */
static inline double allostat_pain_prevalence(double at_50, double log_odds, double age)
{
    return allostat_expit(allostat_logit(at_50) + log_odds * (age - 50.0) / 10.0);
}

/* Onset hazard of people without pain that keeps their cohort at the prevalence P of
 * its age while people recover at rate r: h = (dP/da + r P) / (1 - P), with dP/da =
 * b/10 P (1 - P). 1/y. */
static inline double allostat_pain_onset_rate(double prevalence, double log_odds,
                                              double recovery)
{
    return log_odds / 10.0 * prevalence + recovery * prevalence / (1.0 - prevalence);
}

/* A state that is entered with the chance `to` a month and left with `back`: the chance
 * to be in the other state some months later, (1 - (1 - to - back)^n) to / (to + back).
 * So the share in the state is the same whatever the step. */
static inline double allostat_chain_over(double to, double back, int32_t months)
{
    const double keep = 1.0 - to - back;
    double kept = 1.0, sum = 0.0;

    for (int32_t month = 0; month < months; month++) {
        sum += kept;
        kept *= keep;
    }
    return to * sum;
}

/* N = (c + h - c h)(1 - a E): chronic pain c and pain made by opioids h are had by
 * whoever has either; the effect E of opioids takes a share a of both away. */
static inline float allostat_painf(float chronic, float hyperalgesia, float analgesia,
                                   float effect)
{
    return (chronic + hyperalgesia - chronic * hyperalgesia) *
           (1.0f - analgesia * effect);
}

/* ---- residents, by the turn ---- */

typedef struct {
    bool felt; /* mechanisms.pain */
    allostat_draw_key key;
    allostat_month month;
    /* Probability of a turn, by age: of onset, and of recovery. */
    float change[2][ALLOSTAT_AGE_COUNT];
    float prevalence[ALLOSTAT_AGE_COUNT]; /* by age */
    float severity_low, severity_width;
} allostat_pain_month_terms;

/* Of rows that live `months` months at once. */
void allostat_pain_month_terms_make(allostat_pain_month_terms *self,
                                    const allostat_params *params,
                                    allostat_draw_key key, allostat_month month,
                                    int32_t months);

/* For this month, whose first day must be under the same parameters. */
void allostat_pain_month_terms_turn_to(allostat_pain_month_terms *self,
                                       allostat_month month);

/* Chronic pain of rows first .. first + count - 1 who have just entered; `pain` and
 * `severity` are the bits of the draws entry_pain and entry_pain_severity of the rows.
 */
void allostat_pain_enter(const allostat_pain_month_terms *terms,
                         allostat_residents *residents, size_t first, size_t count,
                         const uint32_t *pain, const uint32_t *severity);

/* Onset and recovery of present residents in their turn; `change` and `severity` are
 * the bits of the draws pain_change and pain_severity of the rows. */
void allostat_pain_month(const allostat_pain_month_terms *terms,
                         allostat_residents *residents, size_t first, size_t count,
                         const uint32_t *change, const uint32_t *severity);

/* ---- users, daily ---- */

typedef struct {
    float felt; /* 1, or 0 when mechanisms.pain is off */
    float hyperalgesia, hyperalgesia_keep, analgesia;
} allostat_pain_terms;

void allostat_pain_terms_make(allostat_pain_terms *self, const allostat_params *params);

/* Rows first .. first + count - 1: hyperalgesia and pain from tolerance, effect and
 * chronic pain. */
void allostat_pain_step(const allostat_pain_terms *terms, allostat_users *users,
                        size_t first, size_t count);

#endif
