/* The state of the mind stands in two tables: residents' by the month, users' by the
 * day. These copies keep them equal where the clocks meet. */
#ifndef ALLOSTAT_MIND_MIRROR_H
#define ALLOSTAT_MIND_MIRROR_H

#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"

/* Users' rows first .. row_count - 1 into their residents' rows: ptsd_severity, stress,
 * allostatic_load, oxytocin, connection, pain, defence_state. */
void allostat_mirror_to_residents(const allostat_users *users, size_t first,
                                  allostat_residents *residents);

/* And back; with them what the day needs of traits and homes: insecurity, adversity,
 * fearful, unstable, stress_keep. */
void allostat_mirror_to_users(const allostat_params *params,
                              const allostat_residents *residents,
                              allostat_users *users, size_t first);

/* The same for rows first .. first + count - 1. */
void allostat_mirror_rows_to_residents(const allostat_users *users, size_t first,
                                       size_t count, allostat_residents *residents);
void allostat_mirror_rows_to_users(const allostat_params *params,
                                   const allostat_residents *residents,
                                   allostat_users *users, size_t first, size_t count);

#endif
