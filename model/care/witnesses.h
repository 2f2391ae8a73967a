/* Which users could happen to be there when somebody overdoses: the active users of
 * each area, listed once a month. */
#ifndef ALLOSTAT_CARE_WITNESSES_H
#define ALLOSTAT_CARE_WITNESSES_H

#include "base/error.h"
#include "base/marks.h"
#include "params/params.h"
#include "people/apart.h"

typedef struct {
    size_t capacity;
    uint32_t *row; /* rows of users, by area */
    size_t first[ALLOSTAT_AREAS_MAX + 1];
    allostat_marks active; /* people who use */
} allostat_witnesses;

/* List the active users of each area of residence. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_witnesses_list(allostat_witnesses *self, const allostat_users *users,
                        const allostat_residents *residents, allostat_error *error);
void allostat_witnesses_free(allostat_witnesses *self);

/* The entry of the list that the draw u points at, NULL when nobody lives there. */
const uint32_t *allostat_witness_entry(const allostat_witnesses *self, int32_t area,
                                       double u);

/* The user of an area whom the draw u points at, or -1 when that is `self_row`,
 * somebody who has left or gone inside since, or nobody: then the witness is a
 * bystander without a kit. */
int32_t allostat_witness_pick(const allostat_witnesses *self,
                              const allostat_whereabouts *whereabouts, int32_t area,
                              int32_t self_row, double u);

#endif
