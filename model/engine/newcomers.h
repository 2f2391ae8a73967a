/* People who come into the city and people who begin to use: rows of both tables, made
 * together. */
#ifndef ALLOSTAT_ENGINE_NEWCOMERS_H
#define ALLOSTAT_ENGINE_NEWCOMERS_H

#include "engine/city.h"

/* The people of the first day, and the users among them. Errors: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_settle(allostat_city *city,
                                                         allostat_error *error);

/* The arrivals of a month, and the users among them. Errors: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_receive(allostat_city *city,
                                                          allostat_month month,
                                                          allostat_error *error);

/* Residents use for the first time; allostat_city_start_users completes their rows, the
 * new ones of which are in this order. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_first_uses(allostat_city *city,
                                                             const uint32_t *person,
                                                             size_t count,
                                                             allostat_error *error);

/* Give the rows from `first` on, which have just been made, the state of people who
 * use. */
void allostat_city_start_users(allostat_city *city, size_t first, allostat_month month);

#endif
