/* PTSD: at entry, from childhood; afterwards from what happens (model page 3.2).
 *
 * Severity relaxes to a person's chronic level. A trauma raises severity, and may stay
 * by raising the chronic level; a chronic level may heal. */
#ifndef ALLOSTAT_MIND_PTSD_H
#define ALLOSTAT_MIND_PTSD_H

#include "base/draws.h"
#include "base/relax.h"
#include "mind/regulation.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/turn.h"
#include "people/users.h"

/* Severity after a trauma that goes the part `rise` of the way to full severity:
 * p + rise (1 - p). */
static inline float allostat_trauma_risef(float severity, float rise)
{
    return severity + rise * (1.0f - severity);
}

/* Hazard that a trauma stays: h exp(a (ACE - mean) + i INS), the slopes of entry. */
static inline float allostat_trauma_hazardf(float log_hazard, float ace_slope,
                                            float ace_from_mean, float insecurity_slope,
                                            float insecurity)
{
    return allostat_expf(log_hazard + ace_slope * ace_from_mean +
                         insecurity_slope * insecurity);
}

/* Chance of having PTSD after years of life with `onset` onsets a year and `recovery`
 * recoveries a year, from none: the two-state chain o/(o + r) (1 - exp(-(o + r) y)). */
static inline double allostat_ptsd_history_chance(double onset, double recovery,
                                                  double years)
{
    const double both = onset + recovery;

    return both > 0.0 ? -onset / both * allostat_expm1(-both * years) : 0.0;
}

/* How people enter. */
typedef struct {
    const allostat_params *params;
    allostat_draw_key key;
    double intercept; /* b0 */
    double ace_mean;
} allostat_ptsd_entry;

/* Probability of PTSD at entry: expit(b0 + a ACE + i INS). Source: ptsd_ace_slope. */
static inline double allostat_ptsd_chance(const allostat_ptsd_entry *entry, double ace,
                                          double insecurity)
{
    return allostat_expit(entry->intercept + entry->params->ptsd_ace_slope * ace +
                          entry->params->ptsd_insecurity_slope * insecurity);
}

/* Solves b0 so that the city, with its areas' adversity, has ptsd.prevalence. */
void allostat_ptsd_entry_make(allostat_ptsd_entry *self, const allostat_params *params,
                              allostat_draw_key key);

/* Chronic level and severity of residents' rows first .. first + count - 1, who enter.
 */
void allostat_ptsd_enter(const allostat_ptsd_entry *entry,
                         allostat_residents *residents, size_t first, size_t count);

/* Users' rows from `first` on have use_years behind them, in which violence may have
 * left PTSD; changes their residents' rows. */
void allostat_ptsd_add_history(const allostat_ptsd_entry *entry,
                               const allostat_users *users, size_t first, size_t count,
                               allostat_residents *residents);

/* A user's own overdose: severity rises at once, and the month weighs whether it stays.
 * Nothing happens with mechanisms.ptsd off. */
void allostat_trauma_of_overdose(const allostat_params *params, allostat_users *users,
                                 size_t row);

/* A user saw somebody die of an overdose: felt and weighed with the month's other
 * traumas. Nothing happens with mechanisms.ptsd off. */
void allostat_trauma_of_witness(const allostat_params *params, allostat_users *users,
                                size_t row);

/* Has a user overdosed, or seen such a death, since the month's traumas were weighed?
 */
static inline bool allostat_was_struck(const allostat_users *users, size_t row)
{
    return (users->traumas_month[row] | users->deaths_seen_month[row]) > 0;
}

/* Traumatic violence a year of a person with this housing. */
enum { ALLOSTAT_HOUSING_KINDS = 3 };
double allostat_violence_rate(const allostat_params *params, uint8_t housing,
                              bool active);

enum { ALLOSTAT_PTSD_BLOCK = 1024 };

/* Coefficients of the months that a pace lives at once. */
typedef struct {
    bool on;
    bool of_users; /* rows of users are meant, too: at the pace of a month */
    allostat_draw_key key;
    allostat_day first_day;
    int32_t months;
    allostat_trait_scores scores;
    float kept_first[ALLOSTAT_MONTHS_A_YEAR + 1];  /* of the distance to the chronic
                                                      level over the first n months */
    float kept_last[ALLOSTAT_MONTHS_A_YEAR + 1];   /* over the last n */
    float log_left_violence, log_left_bereavement; /* ln(1 - r) */
    float log_left_homelessness, log_left_witness;
    float violence[2][ALLOSTAT_HOUSING_KINDS]; /* chance, by active use and housing */
    float log_hazard, ace_slope, insecurity_slope;
    float chronic_low, chronic_range, recovery, threshold;
} allostat_ptsd_terms;

void allostat_ptsd_terms_make(allostat_ptsd_terms *self, const allostat_params *params,
                              allostat_draw_key key, const allostat_turn *turn,
                              allostat_pace pace);

/* How many met violence, and in how many who had none a trauma has become PTSD. */
typedef struct {
    int32_t violence, stayed;
} allostat_traumas;

/* A turn of residents' rows first .. first + count - 1 (count at most
 * ALLOSTAT_PTSD_BLOCK): severity relaxes, the traumas since the last turn raise it
 * (bereaved_month, became_homeless, violence drawn here), traumas stay, chronic levels
 * heal. What happens in several months happens in one of them, drawn, and severity has
 * moved on since. At the pace of a month users are residents too: their overdoses
 * (traumas_month) are weighed, deaths that they saw (deaths_seen_month) are felt and
 * weighed; at that of a turn their rows are left alone. */
allostat_traumas allostat_ptsd_month(const allostat_ptsd_terms *terms,
                                     allostat_residents *residents,
                                     const allostat_users *users, size_t first,
                                     size_t count);

/* The same month (terms: ALLOSTAT_PACE_month) of those who stand behind the rows that
 * are due every month, for users' rows first .. first + count - 1 (count at most
 * ALLOSTAT_PTSD_BLOCK). All of these begin to count traumas_month and deaths_seen_month
 * again: call it after allostat_ptsd_month. */
allostat_traumas allostat_ptsd_users_month(const allostat_ptsd_terms *terms,
                                           const allostat_turn *turn,
                                           allostat_residents *residents,
                                           allostat_users *users, size_t first,
                                           size_t count);

#endif
