/* People by kind: every combination of a few facts about a person is a kind, so that a
 * row is one addition for all of them, and a series is the sum of some kinds. */
#ifndef ALLOSTAT_ENGINE_TALLY_KINDS_H
#define ALLOSTAT_ENGINE_TALLY_KINDS_H

#include "engine/tally.h"
#include "engine/tally_sums.h"

enum {
    ALLOSTAT_KIND_BITS = 6,
    ALLOSTAT_KINDS = 1 << ALLOSTAT_KIND_BITS,
    ALLOSTAT_KIND_GONE = ALLOSTAT_KINDS - 1 /* who is not here: nobody else's kind */
};

_Static_assert((int)ALLOSTAT_KINDS *(int)ALLOSTAT_SUMS_CELLS <= UINT16_MAX + 1,
               "a kind and a cell fit a key");
_Static_assert((int)ALLOSTAT_GROUP_COUNT <= (int)ALLOSTAT_SUMS_CELLS, "or a group");

/* How many are of each kind in each cell, or group. */
typedef struct {
    int32_t people[ALLOSTAT_KINDS][ALLOSTAT_SUMS_CELLS];
} allostat_kinds;

/* A row's place among the people, for whom `here` is not 0. */
static inline uint16_t allostat_kind_key(int32_t here, int32_t kind, int32_t cell)
{
    return (uint16_t)((here ? kind : (int32_t)ALLOSTAT_KIND_GONE) *
                          (int32_t)ALLOSTAT_SUMS_CELLS +
                      cell);
}

/* A fact of a kind. */
static inline int32_t allostat_kind_fact(int32_t kind, int32_t at, int32_t mask)
{
    return kind >> at & mask;
}

/* A series of people in whose kind a fact is from .. to, each of whom counts `each`. */
typedef struct {
    allostat_counted series;
    int32_t at, mask, from, to, each;
} allostat_kind_stock;

/* Nobody is in any of the first `cells` cells, or groups. */
void allostat_kinds_clear(allostat_kinds *self, size_t cells);

/* Are people of this kind in any of so many cells? */
bool allostat_kind_is_empty(const allostat_kinds *self, int32_t kind, size_t cells);

/* Add the people of a kind, times `each`, to a series. */
void allostat_kind_add(const allostat_kinds *self, int32_t kind, int32_t each,
                       allostat_tally *tally, allostat_counted series);

/* Add all kinds but the gone to the series of some stocks. */
void allostat_kinds_add(const allostat_kinds *self, const allostat_kind_stock *stocks,
                        size_t stock_count, allostat_tally *tally);

#endif
