/* Overdoses that a block of rows has settled by itself while it lived a span of days:
 * they change nothing but the rows of those who overdosed, whatever others do. What
 * others are counted by is done later, in order. */
#ifndef ALLOSTAT_ENGINE_SETTLED_H
#define ALLOSTAT_ENGINE_SETTLED_H

#include "engine/tally.h"

typedef struct {
    uint32_t row, person; /* of the users' table */
    int32_t day;          /* of the span; of no day: nothing */
    bool tie_open;        /* is the witness a tie? */
    size_t evening; /* in reserve, if the person's own kit was used: then others must
                       have left one */
    allostat_overdosed before;
    allostat_overdose overdose;
} allostat_settled;

typedef struct {
    size_t capacity;          /* of the next two columns */
    allostat_settled *record; /* in bunches, each of one block */
    uint32_t *order;          /* those of day d: from[d] .. from[d + 1] - 1 */
    size_t bunch_count, most_bunches;
    size_t from[ALLOSTAT_SPAN_DAYS_MAX + 1];
} allostat_settled_list;

void allostat_settled_free(allostat_settled_list *self);

/* Begin a span of some rows; nothing is settled. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_settled_begin(allostat_settled_list *self,
                                                           size_t rows,
                                                           allostat_error *error);

/* A place for one more of a block, of those that it has not filled yet, or NULL when
 * there is none left; it is of no day. */
allostat_settled *allostat_settled_next(allostat_settled_list *self,
                                        allostat_share_bunch *places);

/* All blocks have lived: put all in order of days, those of a day in order of person.
 */
void allostat_settled_sort(allostat_settled_list *self);

size_t allostat_settled_bytes(const allostat_settled_list *self);

#endif
