/* Safer supply: prescribed opioids of known strength in place of some street doses
 * (model page 6.1). It is not a treatment: people in treatment may have it too.
 *
 * Replaced doses build exposure and tolerance as street doses do; only the doses of the
 * street that remain can become overdoses. */
#ifndef ALLOSTAT_CARE_SAFER_SUPPLY_H
#define ALLOSTAT_CARE_SAFER_SUPPLY_H

#include "care/requests.h"

#include <stdbool.h>

typedef struct {
    int32_t starts, stops;
} allostat_safer_supply_moves;

/* At liberty and using, with the severity and route that safer_supply.* asks for,
 * and not prescribed it yet. */
bool allostat_safer_supply_is_eligible(const allostat_care_month *care, size_t row);

/* First day of a month: some stop, and so does who no longer uses or is inside; others
 * ask and wait, and free places go to those who wait, the longest first. When places
 * are taken away nobody is cut off: none starts until there is room. Error: NO_MEMORY.
 */
ALLOSTAT_MUST_CHECK allostat_status
allostat_safer_supply_month(const allostat_care_month *care,
                            allostat_safer_supply_moves *moves, allostat_error *error);

#endif
