/* Means and quantiles of the state of active users, for the records. */
#ifndef ALLOSTAT_ENGINE_STATE_SUMMARY_H
#define ALLOSTAT_ENGINE_STATE_SUMMARY_H

#include "engine/records.h"
#include "people/users.h"

/* Fill row m of every averaged series. Sums run in row order and quantiles come from a
 * histogram, so the bits do not depend on threads. */
void allostat_state_summary(const allostat_users *users, allostat_records *records,
                            int32_t m);

#endif
