/* Opioids on prescription: begun for pain or after surgery, kept for a month or for
 * years, ended at once or step by step (model page 4.7).
 *
 * A prescription acts through the level that it brings, and on the hazard of first
 * unregulated use. Patients of more than three months stand in the users' table. */
#ifndef ALLOSTAT_OPIOID_PRESCRIBING_H
#define ALLOSTAT_OPIOID_PRESCRIBING_H

#include "base/calendar.h"
#include "base/dmath.h"
#include "base/draws.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"

#include <stdbool.h>

typedef enum {
    ALLOSTAT_RX_none,
    ALLOSTAT_RX_low,
    ALLOSTAT_RX_medium,
    ALLOSTAT_RX_high,
    ALLOSTAT_RX_DOSE_COUNT
} allostat_rx_dose;

/* What happens to prescriptions in a turn adds up in rx_event: of twelve months at most
 * six starts. */
typedef enum {
    ALLOSTAT_RX_EVENT_none,
    ALLOSTAT_RX_EVENT_start,
    ALLOSTAT_RX_EVENT_long_term = 8, /* a bit: a fourth month begins */
    ALLOSTAT_RX_EVENT_end = 16       /* of a long-term prescription */
} allostat_rx_event;

static inline int32_t allostat_rx_starts(uint8_t event)
{
    return event % ALLOSTAT_RX_EVENT_long_term;
}

static inline int32_t allostat_rx_ends(uint8_t event)
{
    return event / ALLOSTAT_RX_EVENT_end;
}

enum {
    ALLOSTAT_RX_OPEN = 255,    /* rx_left of a prescription whose end is open */
    ALLOSTAT_RX_LONG_TERM = 3, /* months after which a prescription is long-term */
    ALLOSTAT_RX_LONG_AGO = 255 /* rx_months of somebody who entered with one */
};

/* Probability within a month, from a rate a year. */
static inline double allostat_rx_chance_of_month(double rate)
{
    return -allostat_expm1(-rate / ALLOSTAT_MONTHS_A_YEAR);
}

/* What a prescription does to the hazard of first unregulated use, before the mean is
 * taken out. Source: Edlund 2014; after the end assumed. */
typedef struct {
    float of_dose[ALLOSTAT_RX_DOSE_COUNT]; /* long-term; 1 for none */
    float acute, ended;
    int32_t ended_months;
} allostat_rx_ratios;

/* Is the prescription that ended in `ended`, 0 for none, still felt? It may have ended
 * in a month of the turn that is yet to come. */
static inline bool allostat_rx_is_felt(int32_t ended, allostat_month month,
                                       int32_t ended_months)
{
    return (ended > 0) & (month - ended < ended_months);
}

/* The larger one of the ratio now and, while a prescription that has ended is felt, of
 * what is left of its own. */
static inline float allostat_rx_largerf(float now, int felt, float left)
{
    const float before = allostat_selectf(felt, left, 1.0f);

    return allostat_selectf(now > before, now, before);
}

/* 1 without a prescription, `acute` in its first three months, then by dose; for
 * ended_months after a long-term one at least that of its last dose, times `ended`.
 * `months_since_end` is negative when none has ended. */
static inline float allostat_rx_ratio(const allostat_rx_ratios *ratios, int32_t dose,
                                      int32_t months, int32_t last_dose,
                                      int32_t months_since_end)
{
    const bool since = months_since_end >= 0 && months_since_end < ratios->ended_months;
    const bool acute = dose != ALLOSTAT_RX_none && months < ALLOSTAT_RX_LONG_TERM;

    return allostat_rx_largerf(acute ? ratios->acute : ratios->of_dose[dose], since,
                               ratios->of_dose[last_dose] * ratios->ended);
}

/* Share of the hazard of first use of a turn that comes in its `felt` months with a
 * prescription or not long after one, when `ratio` is the mean of its months: that of
 * the others is 1. */
static inline double allostat_rx_share_of_first_use(double ratio, int32_t felt,
                                                    int32_t months)
{
    if (felt == months) return 1.0;
    return felt == 0 ? 0.0 : 1.0 - (months - felt) / (ratio * months);
}

/* Share of what happens in a turn that happens up to the month, any of the turn's
 * alike, in which the person leaves the city: (n + 1) / 2 n. */
static inline double allostat_rx_share_before_leaving(int32_t months)
{
    return (months + 1) / (2.0 * months);
}

/* Does it happen this month, which has the chance `chance`, when `u` is uniform? What
 * is left of u when it does not is uniform again, for the next month: one draw tells
 * the month in which it happens. */
static inline bool allostat_happens_nowf(float *u, float chance)
{
    if (*u < chance) return true;
    *u = (*u - chance) / (1.0f - chance);
    return false;
}

typedef struct {
    bool on; /* mechanisms.prescribing */
    allostat_draw_key key;
    allostat_month month;
    int32_t months; /* that rows live at once */
    allostat_day first_day;
    float surgery[ALLOSTAT_AGE_COUNT]; /* hazard of going home with opioids, 1/month */
    float surgery_slope;               /* its logarithm's, 1/y */
    float chronic;                     /* hazard of a trial for chronic pain, 1/month */
    float start[2][ALLOSTAT_AGE_COUNT]; /* probability of either in a month, without and
                                           with chronic pain */
    double entry[2][ALLOSTAT_AGE_COUNT]; /* of entering with a prescription */
    double surgery_persist, chronic_persist;
    double medium_share, high_share; /* of prescriptions that begin */
    float stop;                      /* of long-term ones: probability of a month */
    double abrupt_share;
    double rise, fall; /* of a long-term dose: probabilities of a month */
    allostat_rx_ratios ratios;
    float inverse_mean_ratio; /* see allostat_prescribing_mean_ratio */
} allostat_prescribing_terms;

/* Of rows that live `months` months at once. `mean_ratio` is 1 until the people of the
 * first day are there. */
void allostat_prescribing_terms_make(allostat_prescribing_terms *self,
                                     const allostat_params *params,
                                     allostat_draw_key key, allostat_month month,
                                     int32_t months, double mean_ratio);

/* For this month, whose first day must be under the same parameters. */
void allostat_prescribing_terms_turn_to(allostat_prescribing_terms *self,
                                        allostat_month month, double mean_ratio);

/* The bits of the draws entry_rx and entry_rx_dose, and rx_start and rx_stop, of a
 * block of rows. */
typedef struct {
    const uint32_t *has, *dose;
} allostat_rx_entry_bits;

typedef struct {
    const uint32_t *start, *stop;
} allostat_rx_bits;

/* Rows that have just entered, chronic pain drawn: some bring a long-term prescription,
 * as many as the rates of their month of entry would keep. */
void allostat_prescribing_enter(const allostat_prescribing_terms *terms,
                                allostat_residents *residents, size_t first,
                                size_t count, allostat_rx_entry_bits bits);

/* Prescriptions of present residents in their turn, month by month for those who have
 * any: rx_event and the other columns of prescriptions as of the turn's last month, and
 * the ratio of first use as the mean of its months. People known to use unregulated
 * opioids are not begun on a prescription. */
void allostat_prescribing_month(const allostat_prescribing_terms *terms,
                                allostat_residents *residents,
                                const allostat_users *users, size_t first, size_t count,
                                allostat_rx_bits bits);

/* Mean of the ratio over the people of the first day, each with the weight of the
 * hazard of first use at the age and with the traits of the person: the hazard of first
 * use is divided by it, so that first_use.scale keeps its meaning. */
double allostat_prescribing_mean_ratio(const allostat_prescribing_terms *terms,
                                       const allostat_params *params,
                                       const allostat_residents *residents);

/* Has the person a prescription of more than three months? */
static inline bool allostat_rx_is_long(const allostat_residents *residents,
                                       uint32_t person)
{
    return residents->rx_dose[person] != ALLOSTAT_RX_none &&
           residents->rx_months[person] >= ALLOSTAT_RX_LONG_TERM;
}

/* ---- users' rows, monthly ---- */

typedef struct {
    const allostat_params *params;
    allostat_draw_key key;
    allostat_month month;
    float level[ALLOSTAT_RX_DOSE_COUNT];   /* ng/mL */
    double deaths[ALLOSTAT_RX_DOSE_COUNT]; /* probability of a month, by prescribed
                                              opioids alone */
    double deaths_most;                    /* the largest of them */
    double rotation;                       /* probability of a month */
    float cross_tolerance;
} allostat_patient_terms;

void allostat_patient_terms_make(allostat_patient_terms *self,
                                 const allostat_params *params, allostat_draw_key key,
                                 allostat_month month);

/* A user's row gets the prescription and the chronic pain of its resident: rx_target,
 * chronic_pain. The resident's pain becomes that of the daily clock. */
void allostat_patient_refresh(const allostat_patient_terms *terms,
                              allostat_residents *residents, allostat_users *users,
                              size_t row);

/* Once a month, `count` rows from `first` on: they are refreshed, patients who are
 * rotated to another opioid keep a part of the tolerance, and dies[i] tells whether the
 * patient of row first + i dies this month by prescribed opioids alone. Only patients
 * who use nothing else do; the others are overdosed by the daily clock. */
void allostat_patients_follow(const allostat_patient_terms *terms,
                              allostat_residents *residents, allostat_users *users,
                              size_t first, size_t count, uint8_t *dies);

/* Patients of some rows whose prescription ended more than prescribing.ended_months ago
 * leave the users' table at the next compaction: their rows are marked not present,
 * their residents stay. */
void allostat_patients_retire(allostat_users *users,
                              const allostat_residents *residents,
                              const allostat_params *params, allostat_month month,
                              size_t first, size_t count);

#endif
