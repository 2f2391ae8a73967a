/* Ties of one person: a few slots that each hold a partner. Pure functions on slots.
 *
 * A slot holds the partner's row in the residents' table plus 1, or 0 when it is empty.
 * Filled slots stand before empty ones. */
#ifndef ALLOSTAT_PEOPLE_TIE_SLOTS_H
#define ALLOSTAT_PEOPLE_TIE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

enum { ALLOSTAT_SUPPORT_SLOTS = 8, ALLOSTAT_USING_SLOTS = 16 };

typedef struct {
    uint32_t slot[ALLOSTAT_SUPPORT_SLOTS];
} allostat_support_ties;

typedef struct {
    uint32_t slot[ALLOSTAT_USING_SLOTS];
} allostat_using_ties;

/* Number of filled slots. */
static inline int32_t allostat_slots_filled(const uint32_t *slot, int32_t slot_count)
{
    int32_t filled = 0;

    for (int32_t i = 0; i < slot_count; i++) filled += slot[i] != 0;
    return filled;
}

static inline bool allostat_slots_hold(const uint32_t *slot, int32_t slot_count,
                                       uint32_t partner)
{
    int32_t found = 0;

    for (int32_t i = 0; i < slot_count; i++) found |= slot[i] == partner + 1;
    return found != 0;
}

/* Take a partner in, behind the filled slots; there must be an empty one, and the
 * partner in none. */
static inline void allostat_slots_add(uint32_t *slot, int32_t filled, uint32_t partner)
{
    slot[filled] = partner + 1;
}

/* The slot of a partner, or slot_count; no branch, for it cannot be foretold. */
static inline int32_t allostat_slots_find(const uint32_t *slot, int32_t slot_count,
                                          uint32_t partner)
{
    int32_t found = slot_count;

    for (int32_t i = 0; i < slot_count; i++) found = slot[i] == partner + 1 ? i : found;
    return found;
}

/* Take a partner out; the last filled slot moves into the gap. False when there was no
 * such partner. */
static inline bool allostat_slots_remove(uint32_t *slot, int32_t slot_count,
                                         uint32_t partner)
{
    const int32_t i = allostat_slots_find(slot, slot_count, partner);
    const int32_t last = allostat_slots_filled(slot, slot_count) - 1;

    if (i == slot_count) return false;
    slot[i] = slot[last];
    slot[last] = 0;
    return true;
}

#endif
