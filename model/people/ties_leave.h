/* People who die or move out leave their ties: alone, or many at once, found by several
 * threads.
 *
 * Many are listed in order of rows, with the status that they will have already set.
 * Then those left behind lose them in that order: who they are by the range of their
 * rows, so that threads can share them out. */
#ifndef ALLOSTAT_PEOPLE_TIES_LEAVE_H
#define ALLOSTAT_PEOPLE_TIES_LEAVE_H

#include "people/ties.h"

/* A person leaves somebody. */
typedef struct {
    uint32_t person, left;
    uint8_t how;  /* allostat_resident_status of the person */
    bool has_row; /* the person has one in the users' table */
} allostat_parting;

/* In order of the rows of those who leave; zeroed it is empty. */
typedef struct {
    size_t count, capacity;
    allostat_parting *parting; /* [capacity] */
} allostat_partings;

/* Has a partner of somebody who leaves left before, when rows leave in their order? Of
 * people who leave together the status must be set. */
static inline bool allostat_left_before(const allostat_residents *residents,
                                        uint32_t partner, uint32_t person)
{
    return partner < person && residents->status[partner] > ALLOSTAT_RESIDENT_present;
}

/* A person is about to die: the rows of the partners are wanted. */
void allostat_ties_expect(const allostat_residents *residents, uint32_t person);

/* A person dies or moves out: all ties end; a death bereaves those left behind (columns
 * bereaved_month, bereaved_overdose_month). */
void allostat_ties_leave(allostat_residents *residents, allostat_users *users,
                         uint32_t person, allostat_resident_status how);

/* Room for that many people who leave. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_partings_reserve(allostat_partings *self,
                                                              size_t leavers,
                                                              allostat_error *error);

/* The same as allostat_ties_leave but for those left behind, who are listed; there must
 * be room. Writes the person's rows only. */
void allostat_partings_add(allostat_partings *self, allostat_residents *residents,
                           allostat_users *users, uint32_t person,
                           allostat_resident_status how);

/* Those of rows first .. end - 1 who are left lose those who left them. Writes their
 * rows only. */
void allostat_partings_apply(const allostat_partings *self,
                             allostat_residents *residents, allostat_users *users,
                             size_t first, size_t end);

#endif
