/* Ties: mutual relations between residents (support) and between users (using
 * together), model page 3.3. What a tie is; how many are wanted; who is felt to be
 * gone. */
#ifndef ALLOSTAT_PEOPLE_TIES_H
#define ALLOSTAT_PEOPLE_TIES_H

#include "base/dmath.h"
#include "params/params.h"
#include "people/apart.h"
#include "people/residents.h"
#include "people/turn.h"
#include "people/users.h"

#include <stdbool.h>

typedef enum {
    ALLOSTAT_TIE_support,
    ALLOSTAT_TIE_using,
    ALLOSTAT_TIE_KIND_COUNT
} allostat_tie_kind;

/* The least k with CDF(k) >= u, at most `most`, of a negative binomial of this mean and
 * size: P(0) = (s / (s + m))^s, P(k + 1) / P(k) = (k + s) / (k + 1) m / (s + m). */
static inline int32_t allostat_negative_binomial_quantile(double u, double mean,
                                                          double size, int32_t most)
{
    const double ratio = mean / (size + mean);
    double p = allostat_pow(size / (size + mean), size), cumulated = p;
    int32_t k = 0;

    while (k < most && cumulated < u) {
        p *= (k + size) / (k + 1.0) * ratio;
        cumulated += p;
        k++;
    }
    return k;
}

/* The least k with CDF(k) >= u of a binomial of n trials; 0 <= p < 1. */
static inline int32_t allostat_binomial_quantile(double u, int32_t n, double p)
{
    const double odds = p / (1.0 - p);
    double mass = 1.0;
    int32_t k = 0;

    for (int32_t i = 0; i < n; i++) mass *= 1.0 - p;
    for (double cumulated = mass; k < n && cumulated < u; k++) {
        mass *= (n - k) / (k + 1.0) * odds;
        cumulated += mass;
    }
    return k;
}

/* The same of at most ALLOSTAT_SUPPORT_SLOTS trials, for loops. */
static inline int32_t allostat_binomial_quantile_of_few(double u, int32_t n, double p)
{
    const double odds = p / (1.0 - p), none = 1.0 - p;
    double mass = 1.0, cumulated = 0.0;
    int32_t quantile = 0;

    for (int32_t i = 0; i < (int32_t)ALLOSTAT_SUPPORT_SLOTS; i++)
        mass = i < n ? mass * none : mass;
    for (int32_t k = 0; k < (int32_t)ALLOSTAT_SUPPORT_SLOTS; k++) {
        cumulated += mass;
        quantile += (k < n) & (cumulated < u);
        mass *= (n - k) / (k + 1.0) * odds;
    }
    return quantile;
}

/* Share of wanted ties that are there when each lives for `life` and a free place waits
 * for `search`: the stationary state of a place that is filled and freed. A negative
 * binomial thinned by it keeps its size, so wanting 1 / share more gives the mean. */
static inline double allostat_ties_filled_share(double life, double search)
{
    return life / (life + search);
}

/* Wanted number of support ties of rows first .. first + count - 1, fewer with
 * avoidance (in SD): negative binomial of mean m exp(-b a - b^2/2), whose average over
 * a ~ N(0, 1) is m. `bits` are the rows' draws support_wanted. Vectorised. */
void allostat_support_wanted(const allostat_params *params,
                             allostat_residents *residents, size_t first, size_t count,
                             const uint32_t *bits);

/* Attachment avoidance in steps, 32 a standard deviation, from four below the mean to
 * four above: enough for bounds on how fast somebody finds support ties. The first is
 * of those of whom it bounds nothing: avoidance beyond, and people of 15 years, who
 * find ties by another rule. */
enum {
    ALLOSTAT_SEARCH_STEPS_A_SD = 32,
    ALLOSTAT_SEARCH_STEPS = 256,
    ALLOSTAT_SEARCH_STEP_unknown = 0
};

/* Where a step begins, in standard deviations. */
static inline double allostat_search_step_begin(int32_t step)
{
    return (double)(step - ALLOSTAT_SEARCH_STEPS / 2) / ALLOSTAT_SEARCH_STEPS_A_SD;
}

static inline uint8_t allostat_search_step(float avoidance, int32_t birth_month,
                                           allostat_month month)
{
    const int32_t last_birth = /* of people of 16 and more */
        month - ((int32_t)ALLOSTAT_AGE_OF_ENTRY + 1) * (int32_t)ALLOSTAT_MONTHS_A_YEAR;
    const float at =
        avoidance * ALLOSTAT_SEARCH_STEPS_A_SD + (float)ALLOSTAT_SEARCH_STEPS / 2;
    const int known = (at >= 1.0f) & (at < (float)ALLOSTAT_SEARCH_STEPS) &
                      (birth_month <= last_birth);

    return (uint8_t)(int32_t)allostat_selectf(known, at, ALLOSTAT_SEARCH_STEP_unknown);
}

/* Steps of rows first .. first + count - 1 for the search from a month on. Vectorised.
 */
void allostat_search_steps(allostat_residents *residents, allostat_month month,
                           size_t first, size_t count);

/* Wanted number of ties of using together for a uniform draw; 0 without ties. */
int32_t allostat_using_wanted(const allostat_params *params, double u);

/* Is a present resident an active user? */
static inline bool allostat_person_uses(const allostat_residents *residents,
                                        const allostat_users *users, uint32_t person)
{
    const int32_t row = residents->user_row[person];

    return row >= 0 && users->active[row] != 0;
}

/* The slots of a person; NULL for ties of using together of somebody without a user's
 * row. */
uint32_t *allostat_tie_slots(const allostat_residents *residents,
                             const allostat_users *users, allostat_tie_kind kind,
                             uint32_t person);
int32_t allostat_tie_slot_count(allostat_tie_kind kind);

/* Make and end a tie at both its ends. Two people can tie when both have a free place
 * that they want filled, are different and not yet tied in this way. */
bool allostat_tie_possible(const allostat_residents *residents,
                           const allostat_users *users, allostat_tie_kind kind,
                           uint32_t a, uint32_t b);
void allostat_tie_make(allostat_residents *residents, allostat_users *users,
                       allostat_tie_kind kind, uint32_t a, uint32_t b);
void allostat_tie_end(allostat_residents *residents, allostat_users *users,
                      allostat_tie_kind kind, uint32_t a, uint32_t b);

/* The end of a person alone; the partner's must follow. */
void allostat_tie_end_one(allostat_residents *residents, allostat_users *users,
                          allostat_tie_kind kind, uint32_t person, uint32_t partner);

/* Everybody tied to a person in one way or the other, each once: returns how many are
 * in partner[ALLOSTAT_PARTNERS_MAX]. */
enum {
    ALLOSTAT_PARTNERS_MAX = (int)ALLOSTAT_SUPPORT_SLOTS + (int)ALLOSTAT_USING_SLOTS
};
int32_t allostat_ties_partners(const allostat_residents *residents,
                               const allostat_users *users, uint32_t person,
                               uint32_t *partner);

/* Forget the bereavements counted so far: they must not be felt. */
void allostat_bereavements_clear(allostat_residents *residents);

/* Forget those that have been felt: of the rows that are due, and of all users. */
void allostat_bereavements_felt(allostat_residents *residents,
                                const allostat_users *users, const allostat_turn *turn);

/* Count residents' support ties with active users into `peers`. */
void allostat_peers_count(allostat_residents *residents, const allostat_users *users);

/* A tie of this user who could be there: active, picked by u among those;
 * its row, or -1 when there is none. Rows are those of the users' table. */
int32_t allostat_using_tie_pick(const allostat_residents *residents,
                                const allostat_whereabouts *whereabouts, int32_t row,
                                double u);

/* Ties are mutual, never with oneself, never double; those who left have none; counts
 * are right. Error: INVARIANT, saying whose. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_ties_verify(const allostat_residents *residents, const allostat_users *users,
                     allostat_error *error);

#endif
