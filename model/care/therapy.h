/* Behavioural care: asking, waiting, a course, what it changes (model page 6.2).
 *
 * One mechanism for all rows of tables/therapies.def, by the month. A therapy acts on
 * state that is there: PTSD when a course is completed; craving, doses, lapses, ties
 * and requests for treatment while a person is in it. Nothing acts on deaths. */
#ifndef ALLOSTAT_CARE_THERAPY_H
#define ALLOSTAT_CARE_THERAPY_H

#include "base/dmath.h"
#include "care/requests.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"

#include <math.h>

/* Hedges g as a share of severity: g standard deviations of the chronic severity of
 * people with PTSD, uniform from low to high, over its mean:
 * g (high - low)/sqrt(12) / ((high + low)/2). */
static inline double allostat_therapy_ptsd_share(double g, double low, double high)
{
    return g * (high - low) / (sqrt(3.0) * (high + low));
}

/* What is left of a severity after a completed course, within 0 to 1. */
static inline float allostat_therapy_severityf(float severity, float share)
{
    const float left = severity * (1.0f - share);

    return left > 1.0f ? 1.0f : left;
}

/* A sample is without opioids when nothing was used in the w days before it. Uses that
 * come at a rate r make that chance exp(-r w), its odds 1/(exp(r w) - 1); odds that are
 * e^L times as high are those of the rate ln(1 + (exp(r w) - 1) e^-L)/w. It holds for
 * doses of a person who uses and for lapses of one who does not: frequent use falls by
 * L/w a day, rare use by the factor e^-L. */
static inline double allostat_abstinence_rate(double rate, double log_odds, double days)
{
    return allostat_log1p(allostat_expm1(rate * days) * allostat_exp(-log_odds)) / days;
}

/* The share that this takes from the rate. */
static inline double allostat_abstinence_share(double rate, double log_odds,
                                               double days)
{
    return rate > 0.0 ? 1.0 - allostat_abstinence_rate(rate, log_odds, days) / rate
                      : -allostat_expm1(-log_odds);
}

/* Whole months of a course. */
static inline int32_t allostat_therapy_months(double days)
{
    const double days_a_year = 365.25, half = 0.5;
    const int32_t months =
        (int32_t)(days * ALLOSTAT_MONTHS_A_YEAR / days_a_year + half);

    return months > 1 ? months : 1;
}

/* Chance of leaving in a month, so that the share `drop_out` leaves within `months`. */
static inline double allostat_therapy_leave_chance(double drop_out, int32_t months)
{
    return -allostat_expm1(allostat_log1p(-drop_out) / months);
}

/* People who may be in a therapy at a time in the city simulated. */
int32_t allostat_therapy_places(const allostat_params *params,
                                allostat_therapy therapy);

/* What a month of therapies looked like. */
typedef struct {
    int32_t days[ALLOSTAT_THERAPY_COUNT]; /* person-days of places taken */
    int32_t wait_days;                    /* of those who began */
} allostat_therapy_result;

/* What need not be done again: therapies that were closed when the last month began,
 * so that nobody waits for them or is in them. Zeroed: nothing is known. */
typedef struct {
    bool closed[ALLOSTAT_THERAPY_COUNT];
    bool without_effects; /* all of them, and nobody feels any */
    bool at_rest;         /* as last month: nothing has changed */
} allostat_therapy_idle;

/* First day of a month, for each therapy: courses go on, end or are left; people ask,
 * wait or give up; free places go to those who wait, the longest first. Then what the
 * month's therapies do to each user. A person in detox keeps the place: the month does
 * not count and has no effect. A completed course changes the resident's severity.
 * `idle` is kept from month to month for the same users. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_therapy_month(const allostat_care_month *care, allostat_residents *residents,
                       allostat_therapy_idle *idle, allostat_therapy_result *result,
                       allostat_error *error);

/* Custody ends every course and every wait, and what they do. */
void allostat_therapy_break_off(allostat_users *users, size_t row);

#endif
