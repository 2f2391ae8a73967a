/* Injectable opioid agonist treatment: places of its own, for those whom treatment by
 * mouth has not kept from using (model page 6.1). */
#ifndef ALLOSTAT_CARE_IOAT_H
#define ALLOSTAT_CARE_IOAT_H

#include "care/requests.h"

#include <stdbool.h>

/* At liberty, with opioid use disorder as severe, a route and a history of treatment as
 * ioat.* asks, using or in other agonist treatment, with nothing else granted. */
bool allostat_ioat_is_eligible(const allostat_care_month *care, size_t row);

/* First day of a month: eligible people ask, some who wait give up, and free places go
 * to those who wait, the longest first; treatment begins today and ends any other. When
 * places are taken away nobody is sent home: none starts until there is room. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_ioat_month(const allostat_care_month *care,
                                                        allostat_error *error);

#endif
