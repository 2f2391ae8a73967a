/* Once a year the rows of residents are put in order: those who have left are
 * forgotten, so that months and memory are for those who live here, and people close to
 * opioids stand in front, who live by the month when others live by the turn
 * (people/turn.h).
 *
 * A person's number stays; the row changes. Whoever keeps rows of residents from one
 * year to the next must be renewed here: the ties and the users' table are. */
#ifndef ALLOSTAT_PEOPLE_FORGETTING_H
#define ALLOSTAT_PEOPLE_FORGETTING_H

#include "people/residents.h"
#include "people/users.h"

/* Close up the rows of all who are not present; they must have no row in the users'
 * table. With near_in_front the present with a row there come first, near_count of
 * them: those who must, change places with others, so that rows stand in the order of
 * numbers no more. Without, everybody stays in the order that there was. Error:
 * NO_MEMORY; then nothing has changed. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_forget_departed(allostat_residents *residents, allostat_users *users,
                         bool near_in_front, allostat_error *error);

#endif
