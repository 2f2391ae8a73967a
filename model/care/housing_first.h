/* Housing first: a home for users without one, with no condition of stopping (model
 * page 6.3). It acts through housing alone: stress, ties, where and with whom people
 * use. */
#ifndef ALLOSTAT_CARE_HOUSING_FIRST_H
#define ALLOSTAT_CARE_HOUSING_FIRST_H

#include "care/requests.h"
#include "people/residents.h"

typedef struct {
    int32_t housed, waiting;
} allostat_housing_first_result;

/* First day of a month, after people have moved: some leave and are housed as before;
 * the others keep their homes; free homes go to those who could have one, the longest
 * first. Homes are never exceeded but when they become fewer. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_housing_first_month(
    const allostat_care_month *care, allostat_residents *residents,
    allostat_housing_first_result *result, allostat_error *error);

#endif
