/* Programmes of a month that scenarios change, each with the series that show its dose.
 * The timetable (month.c) calls them; what they do is in care. */
#ifndef ALLOSTAT_ENGINE_LEVERS_H
#define ALLOSTAT_ENGINE_LEVERS_H

#include "engine/city.h"

/* Each on the first day of a month, under its parameters. Errors: NO_MEMORY. */
#define LEVER(name)                                                               \
    ALLOSTAT_MUST_CHECK allostat_status allostat_city_##name(                     \
        allostat_city *city, const allostat_params *params, allostat_month month, \
        allostat_error *error);
LEVER(housing_first)
LEVER(outreach)
LEVER(releases)
LEVER(kits)
LEVER(spotting)
LEVER(drug_checking)
#undef LEVER

#endif
