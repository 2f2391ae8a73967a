/* The state of the mind stands in two tables: residents' by the month, users' by the
 * day. These copies keep equal what the other table reads. */
#ifndef ALLOSTAT_MIND_MIRROR_H
#define ALLOSTAT_MIND_MIRROR_H

#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"

/* Users' rows first .. first + count - 1 into their residents' rows: ptsd_severity,
 * stress, allostatic_load, oxytocin, connection, pain, defence_state. For rows that
 * begin, and for people who go on without a row. */
void allostat_mirror_rows_to_residents(const allostat_users *users, size_t first,
                                       size_t count, allostat_residents *residents);

/* And back; with them what the day needs of traits and homes: insecurity, adversity,
 * fearful, unstable. For rows that begin. */
void allostat_mirror_rows_to_users(const allostat_params *params,
                                   const allostat_residents *residents,
                                   allostat_users *users, size_t first, size_t count);

/* The share of stress's distance kept a day, at the personal pace: stress_keep. */
void allostat_stress_paces(const allostat_params *params, allostat_users *users,
                           size_t first, size_t count);

/* What months read of residents who use, on the last day of one: ptsd_severity, stress.
 */
void allostat_mirror_month_to_residents(const allostat_users *users, size_t first,
                                        size_t count, allostat_residents *residents);

/* What months change of them, on the first day of one: ptsd_severity. */
void allostat_mirror_severity_to_users(const allostat_residents *residents,
                                       allostat_users *users, size_t first,
                                       size_t count);

#endif
