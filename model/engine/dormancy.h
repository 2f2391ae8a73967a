/* Who lives by the day this month, and who by the month.
 *
 * Users who have stopped for long and are in nobody's care live by the month, as
 * patients do: nothing happens to them on most days but the chance of a lapse, and what
 * is left of use fades slowly. */
#ifndef ALLOSTAT_ENGINE_DORMANCY_H
#define ALLOSTAT_ENGINE_DORMANCY_H

#include "engine/city.h"

/* First day of a month, after everything that is granted on it: who has been quiet for
 * use.dormant_months is dormant until a lapse, or until something is granted. The
 * lapses of the month are drawn at once, by the hazard that the daily draws have in
 * its middle; who is to lapse lives by the day from today on and lapses on the day
 * drawn. Rows are parted anew: rows of users that others kept no longer hold. */
void allostat_city_part_users(allostat_city *city, const allostat_params *params,
                              allostat_month month);

#endif
