/* What of a user's row follows from the person and from parameters, and is made again
 * only when one of the two is new: paces, risk, cues. */
#ifndef ALLOSTAT_ENGINE_REFRESH_H
#define ALLOSTAT_ENGINE_REFRESH_H

#include "engine/city.h"

/* Rows first .. first + count - 1, whose traits have been mirrored; patients' paces are
 * those of their own clock and stay. */
void allostat_refresh_rows(const allostat_params *params,
                           const allostat_residents *residents, allostat_users *users,
                           size_t first, size_t count);

/* Paces of the body and of stress for steps of so many days. */
void allostat_stretch_paces(const allostat_params *params, double days,
                            allostat_users *users, size_t first, size_t count);

/* The first day of a month for all users: residents' PTSD is theirs, doses are counted
 * anew, and when parameters have changed all of the above. */
void allostat_city_refresh_users(allostat_city *city, const allostat_params *params);

#endif
