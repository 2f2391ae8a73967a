/* Residents who have left are forgotten once a year: their rows are closed up, so that
 * months and memory are for those who live here.
 *
 * A person's number stays, and so does the order of rows; the row changes. Whoever
 * keeps rows of residents from one year to the next must be renewed here: the ties and
 * the users' table are. */
#ifndef ALLOSTAT_PEOPLE_FORGETTING_H
#define ALLOSTAT_PEOPLE_FORGETTING_H

#include "people/residents.h"
#include "people/users.h"

/* Close up the rows of all who are not present. They must have no row in the users'
 * table. Error: NO_MEMORY; then nothing has changed. */
ALLOSTAT_MUST_CHECK allostat_status allostat_forget_departed(
    allostat_residents *residents, allostat_users *users, allostat_error *error);

#endif
