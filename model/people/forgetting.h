/* Once a year the rows of residents are put in order: those who have left are
 * forgotten, so that months and memory are for those who live here.
 *
 * A person's number stays; the row changes. Whoever keeps rows of residents from one
 * year to the next must be renewed here: the ties and the users' table are. */
#ifndef ALLOSTAT_PEOPLE_FORGETTING_H
#define ALLOSTAT_PEOPLE_FORGETTING_H

#include "people/residents.h"
#include "people/users.h"

/* Close up the rows of all who are not present, and leave the others in their order.
 * Nobody who has left may have a row in the users' table. Error: NO_MEMORY; then
 * nothing has changed. */
ALLOSTAT_MUST_CHECK allostat_status allostat_forget_departed(
    allostat_residents *residents, allostat_users *users, allostat_error *error);

/* For turns of several months (people/turn.h): also bring people close to opioids
 * forward. They, near_count of them, come to stand in the order of the users' table, in
 * the same rows; who was there, and the last, go where there is room. So few rows move,
 * but they stand in no order of numbers. */
ALLOSTAT_MUST_CHECK allostat_status allostat_order_near(allostat_residents *residents,
                                                        allostat_users *users,
                                                        allostat_error *error);

#endif
