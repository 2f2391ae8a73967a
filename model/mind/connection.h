/* Social connection from support ties (model page 3.3). */
#ifndef ALLOSTAT_MIND_CONNECTION_H
#define ALLOSTAT_MIND_CONNECTION_H

#include "base/dmath.h"
#include "base/share.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/turn.h"
#include "people/users.h"

/* C = 1 - exp(-strength / scale), strength = sum of the weights of the support ties. */
static inline float allostat_connectionf(float strength, float scale)
{
    return -allostat_expm1f(-strength / scale);
}

/* Weight of a tie at one of its ends; the tie's weight is the product of both. */
static inline double allostat_tie_weight(const allostat_params *params, bool uses,
                                         bool homeless)
{
    return (uses ? params->ties_use_weight : 1.0) *
           (homeless ? params->ties_homeless_weight : 1.0);
}

/* connection of the residents who are due, and of all users, from the ties and peers of
 * now and what programmes stand for; without ties that of the parameters. */
void allostat_connection_turn(const allostat_params *params, const allostat_turn *turn,
                              allostat_residents *residents, allostat_users *users,
                              allostat_share share);

/* The same of everybody. */
void allostat_connection_settle(const allostat_params *params,
                                allostat_residents *residents, allostat_users *users);

#endif
