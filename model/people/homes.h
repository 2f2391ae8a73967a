/* By the month or by the turn (people/turn.h): moves between stable homes, single rooms
 * or shelters, and no home (model page 3.3).
 *
 * Homes are a chain of three states in each area, one for users and one for the others,
 * with rates in balance at the shares of the housing group. People of higher risk move
 * down more and up less; risk is taken against the average of those in the same state,
 * measured while the city settles and held from then on. */
#ifndef ALLOSTAT_PEOPLE_HOMES_H
#define ALLOSTAT_PEOPLE_HOMES_H

#include "base/dmath.h"
#include "base/draws.h"
#include "params/params.h"
#include "people/life_course.h"
#include "people/residents.h"
#include "people/turn.h"
#include "people/users.h"

enum { ALLOSTAT_HOUSING_COUNT = 3, ALLOSTAT_HOME_GROUPS = 2 }; /* never used; users */

/* Average risk of people by group and housing, and its inverse: what rates are taken
 * against. */
typedef struct {
    int32_t month_count; /* months measured so far */
    double risk[ALLOSTAT_HOME_GROUPS][ALLOSTAT_HOUSING_COUNT];
    double inverse_risk[ALLOSTAT_HOME_GROUPS][ALLOSTAT_HOUSING_COUNT];
} allostat_homes;

/* Shares in balance and mean lengths of stay: what fixes a chain. */
typedef struct {
    double unstable, homeless; /* shares */
    double homeless_months;
    double homeless_to_unstable; /* share of the ways off the street */
    double unstable_months;      /* until a stable home */
} allostat_home_balance;

/* Probability a month of a move from one housing to another at average risk. */
typedef struct {
    double move[ALLOSTAT_HOUSING_COUNT][ALLOSTAT_HOUSING_COUNT];
} allostat_home_chain;

/* In detailed balance: share_i move_ij = share_j move_ji, so the shares stay. The flow
 * off the street into single rooms is at most half of the people there a month. */
static inline allostat_home_chain allostat_home_chain_of(allostat_home_balance b)
{
    const double half = 0.5, stable = 1.0 - b.unstable - b.homeless;
    const double off_street = b.homeless / b.homeless_months;
    const double wanted = off_street * b.homeless_to_unstable;
    const double street_rooms = wanted < half * b.unstable ? wanted : half * b.unstable;
    const double street_homes = stable > 0.0 ? off_street - wanted : 0.0;
    const double rooms_homes = stable > 0.0 ? b.unstable / b.unstable_months : 0.0;
    allostat_home_chain chain = {{{0}}};

    if (stable > 0.0) {
        chain.move[ALLOSTAT_HOUSING_stable][ALLOSTAT_HOUSING_unstable] =
            rooms_homes / stable;
        chain.move[ALLOSTAT_HOUSING_stable][ALLOSTAT_HOUSING_homeless] =
            street_homes / stable;
    }
    if (b.unstable > 0.0) {
        chain.move[ALLOSTAT_HOUSING_unstable][ALLOSTAT_HOUSING_stable] =
            rooms_homes / b.unstable;
        chain.move[ALLOSTAT_HOUSING_unstable][ALLOSTAT_HOUSING_homeless] =
            street_rooms / b.unstable;
    }
    if (b.homeless > 0.0) {
        chain.move[ALLOSTAT_HOUSING_homeless][ALLOSTAT_HOUSING_stable] =
            street_homes / b.homeless;
        chain.move[ALLOSTAT_HOUSING_homeless][ALLOSTAT_HOUSING_unstable] =
            street_rooms / b.homeless;
    }
    return chain;
}

/* Do the rates and shares of users hold for a person? Not for patients who have taken
 * prescribed opioids only. */
static inline int allostat_lives_as_user(const allostat_residents *residents,
                                         const allostat_users *users, size_t person)
{
    const int32_t row = residents->user_row[person];

    return row >= 0 && !users->rx_only[row];
}

/* What raises a person's risk. */
typedef struct {
    float active, treated, ptsd, stress, assistance;
} allostat_home_state;

typedef struct {
    float active, treated, ptsd, stress, assistance; /* log ratios */
    float move[ALLOSTAT_HOME_GROUPS][ALLOSTAT_AREAS_MAX][ALLOSTAT_HOUSING_COUNT]
              [ALLOSTAT_HOUSING_COUNT];
    int32_t months; /* lived at once */
    /* At least the chance that somebody without and with a user's row moves in them. */
    float most[2][ALLOSTAT_AREAS_MAX * ALLOSTAT_HOUSING_COUNT];
} allostat_home_terms;

/* Risk of losing a home against a person with every term at zero; finding one goes with
 * its inverse. */
static inline float allostat_home_riskf(const allostat_home_terms *t,
                                        allostat_home_state s)
{
    return allostat_expf(t->active * s.active + t->treated * s.treated +
                         t->ptsd * s.ptsd + t->stress * s.stress +
                         t->assistance * s.assistance);
}

/* What holds for the housing, for loops: two choices, where compilers make a look at a
 * table for each row by itself. */
static inline float allostat_of_homef(int32_t housing, float stable, float unstable,
                                      float homeless)
{
    const float one_of_two =
        allostat_selectf(housing == ALLOSTAT_HOUSING_unstable, unstable, stable);

    return allostat_selectf(housing == ALLOSTAT_HOUSING_homeless, homeless, one_of_two);
}

/* Housing after a month: the draw u falls into the probability of one move, of the
 * other, or of none. Where in it u has fallen is uniform again: the draw of a month
 * that follows. */
static inline uint8_t allostat_home_afterf(uint8_t housing,
                                           const float move[ALLOSTAT_HOUSING_COUNT],
                                           float *u)
{
    float before = 0.0f, reached = 0.0f;

    for (int to = 0; to < ALLOSTAT_HOUSING_COUNT; to++) {
        reached += to == (int)housing ? 0.0f : move[to];
        if (*u < reached) {
            *u = (*u - before) / (reached - before);
            return (uint8_t)to;
        }
        before = reached;
    }
    *u = (*u - reached) / (1.0f - reached);
    return housing;
}

/* First day of a month: measure the average risk of those who are due if the city still
 * settles; who lives several months counts as often. Sums are of whole numbers, so the
 * order of people does not matter. */
void allostat_homes_measure(allostat_homes *self, const allostat_residents *residents,
                            const allostat_users *users, const allostat_turn *turn,
                            const allostat_params *params);

/* Rates of a month, taken against the average risk measured, and how many months are
 * lived at once. */
void allostat_home_terms_make(allostat_home_terms *self, const allostat_homes *homes,
                              const allostat_params *params, int32_t months);

/* Rows first .. first + count - 1 of residents with a month's draws for home and
 * income: one call gives both. */
typedef struct {
    size_t first, count;
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_LIFE_BLOCK];
} allostat_living_block;

/* At most ALLOSTAT_LIFE_BLOCK rows; those of the next block that is due are asked for.
 */
void allostat_living_draw(allostat_living_block *self, allostat_draw_key key,
                          const allostat_turn *turn,
                          const allostat_residents *residents, size_t first,
                          size_t count);

/* Housing of the block's residents, also in users' rows, and became_homeless: in any of
 * the months lived. */
void allostat_homes_step(const allostat_home_terms *terms,
                         allostat_residents *residents, allostat_users *users,
                         const allostat_living_block *block);

/* Copy a resident's housing into the user's row. */
void allostat_user_refresh_housing(allostat_users *users, size_t row,
                                   const allostat_residents *residents);

#endif
