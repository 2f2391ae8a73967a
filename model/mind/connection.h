/* Social connection from support ties (model page 3.3). */
#ifndef ALLOSTAT_MIND_CONNECTION_H
#define ALLOSTAT_MIND_CONNECTION_H

#include "base/dmath.h"
#include "base/share.h"
#include "params/params.h"
#include "people/residents.h"
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

/* connection of all residents, and of the users among them, from the ties of now and
 * what programmes stand for; without ties that of the parameters. */
void allostat_connection_month(const allostat_params *params,
                               allostat_residents *residents, allostat_users *users);

/* The same, shared out. */
void allostat_connection_share(const allostat_params *params,
                               allostat_residents *residents, allostat_users *users,
                               allostat_share share);

#endif
