/* The life course of the city's residents on the first day of a month: who dies of
 * other causes, moves out, or begins to use. */
#ifndef ALLOSTAT_ENGINE_LIVES_H
#define ALLOSTAT_ENGINE_LIVES_H

#include "engine/city.h"

/* Residents who are due live. Everything is as if one had left or begun after the
 * other, in order of rows. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_live(allostat_city *city,
                                                       const allostat_params *params,
                                                       allostat_month month,
                                                       allostat_error *error);

#endif
