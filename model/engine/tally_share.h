/* Counting shared out over threads: each has books of its own, which are added up. All
 * sums are of whole numbers, so the number of threads does not matter. */
#ifndef ALLOSTAT_ENGINE_TALLY_SHARE_H
#define ALLOSTAT_ENGINE_TALLY_SHARE_H

#include "engine/tally.h"

/* Count part number `part` of `parts` into these books: all but `placed`. */
typedef void (*allostat_tally_work)(void *context, allostat_tally *books, size_t part,
                                    size_t parts);

/* Do all parts, as many as self->share has threads. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_tally_share(allostat_tally *self,
                                                         allostat_tally_work work,
                                                         void *context,
                                                         allostat_error *error);

void allostat_tally_share_free(allostat_tally *self);

#endif
