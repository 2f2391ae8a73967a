/* Means and quantiles of the state of active users, for the records. */
#ifndef ALLOSTAT_ENGINE_STATE_SUMMARY_H
#define ALLOSTAT_ENGINE_STATE_SUMMARY_H

#include "engine/records.h"
#include "people/users.h"

/* Fill row m of averaged series number s. Sums are in fixed point and quantiles come
 * from a histogram, so the bits depend neither on threads nor on the order of rows. */
void allostat_state_record(const allostat_users *users, allostat_records *records,
                           int32_t m, int32_t s);

#endif
