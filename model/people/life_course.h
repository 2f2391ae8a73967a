/* Life course of residents, by the month or by the turn (people/turn.h): death from
 * other causes, moving out, first use. */
#ifndef ALLOSTAT_PEOPLE_LIFE_COURSE_H
#define ALLOSTAT_PEOPLE_LIFE_COURSE_H

#include "base/dmath.h"
#include "base/draws.h"
#include "params/params.h"
#include "people/projection.h"
#include "people/residents.h"
#include "people/turn.h"
#include "people/users.h"

/* What can happen to a resident: what comes first of the months lived, in a month at
 * most one thing, death first. */
typedef enum {
    ALLOSTAT_LIFE_nothing,
    ALLOSTAT_LIFE_death,
    ALLOSTAT_LIFE_departure,
    ALLOSTAT_LIFE_first_use
} allostat_life_event;

/* How the present state of mind acts on first use. */
typedef struct {
    float ptsd, stress, ptsd_neutral, stress_neutral;
} allostat_mind_slopes;

allostat_mind_slopes allostat_mind_slopes_make(const allostat_params *params);

/* Hazard ratio of first use exp(b_p (p - p0) + b_S (S - S0)); p0 and S0 are the means
 * of residents, so that first_use.scale keeps its meaning. Source: model page 4.5. */
static inline float allostat_first_use_mind_ratiof(const allostat_mind_slopes *b,
                                                   float ptsd, float stress)
{
    return allostat_expf(b->ptsd * (ptsd - b->ptsd_neutral) +
                         b->stress * (stress - b->stress_neutral));
}

/* Probabilities of a month, by cohort or age, under some parameters. */
typedef struct {
    allostat_month month;
    allostat_day first_day;
    int32_t months; /* lived at once, all with the age of the first */
    allostat_draw_key key;
    float death_hazard[ALLOSTAT_COHORT_COUNT]; /* 1/month */
    float departure[ALLOSTAT_COHORT_COUNT];    /* probability */
    float first_use[ALLOSTAT_AGE_COUNT];       /* hazard at ratio 1, 1/month */
    float mortality_active, mortality_treated, mortality_abstinent;
    allostat_mind_slopes mind;
    float peer_slope;                             /* b_peer */
    float peer_ratio[ALLOSTAT_SUPPORT_SLOTS + 1]; /* of first use, by residents' peers:
                                                     exp(b_peer peers) */
    /* At least the probability of any resident within the months lived, three shares in
     * a word: of death without a user's row, of departure, and of first use at ratio 1
     * as a share of that at the worst age. */
    uint32_t most[ALLOSTAT_COHORT_COUNT];
    float death_ratio_most; /* of users */
    float mind_ratio_most;  /* of first use, times the months */
    float first_use_most;   /* at the worst age */
} allostat_life_terms;

/* For any month. */
void allostat_life_terms_make(allostat_life_terms *self, const allostat_params *params,
                              allostat_draw_key key, int32_t months);

/* For this month, whose first day must be under the same parameters. */
void allostat_life_terms_turn_to(allostat_life_terms *self, allostat_month month);

/* Relative hazard of first use by age, so that the ages of first use are log-normal
 * with the mean and SD of the parameters (Stein 2017): the density over its mean from
 * 15 to 110. */
double allostat_first_use_age_ratio(const allostat_params *params, int32_t age);

/* Draw the events of rows first .. first + count - 1 (count at most
 * ALLOSTAT_LIFE_BLOCK) into event[count]. Reads the tables, changes nothing. */
enum { ALLOSTAT_LIFE_BLOCK = 1024 };
void allostat_life_draw(const allostat_life_terms *terms,
                        const allostat_residents *residents,
                        const allostat_users *users, size_t first, size_t count,
                        uint8_t *event);

/* A resident leaves, alive or dead; a user's row is no longer present and its kits
 * leave too. */
void allostat_life_leave(allostat_residents *residents, allostat_users *users,
                         uint32_t person, allostat_resident_status status);

/* The row of a user who leaves: the last line of the above. -1 is nobody's. */
void allostat_life_leave_row(allostat_users *users, int32_t row);

#endif
