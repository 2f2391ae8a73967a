#include "people/meeting.h"

#include "base/columns.h"

#include <string.h>

/* Seekers in a place on average, at least; at most twice as many. Large enough to leave
 * few people over, small enough to keep what happens in one place there. */
enum { PEOPLE_A_PLACE = 12, HASH_BITS = 32 };

void allostat_meeting_free(allostat_meeting *self)
{
    allostat_column_free((void **)&self->seeker);
    allostat_column_free((void **)&self->sorted);
    allostat_column_free((void **)&self->start);
    memset(self, 0, sizeof *self);
}

static allostat_status reserve(allostat_seeker **seeker, size_t *capacity,
                               size_t needed, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t half_more = *capacity + *capacity / 2;
    const size_t wanted = needed > half_more ? needed : half_more;

    if (needed <= *capacity) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_column_grow((void **)seeker, *capacity, wanted,
                                      sizeof **seeker, error));
    *capacity = wanted;
cleanup:
    return status;
}

allostat_status allostat_seekers_reserve(allostat_seeker_list *self, size_t more,
                                         allostat_error *error)
{
    return reserve(&self->seeker, &self->capacity, self->count + more, error);
}

allostat_status allostat_meeting_reserve(allostat_meeting *self, size_t more,
                                         allostat_error *error)
{
    return reserve(&self->seeker, &self->capacity, self->count + more, error);
}

/* Cells stand in the order of pools: area x band, band, area, city. */
static size_t cell_of(const allostat_seeker *seeker)
{
    const size_t bands = ALLOSTAT_AGE_BANDS_MAX, areas = ALLOSTAT_AREAS_MAX;

    switch ((allostat_pool)seeker->pool) {
    case ALLOSTAT_POOL_area_and_age:
        return seeker->area * bands + seeker->band;
    case ALLOSTAT_POOL_age:
        return areas * bands + seeker->band;
    case ALLOSTAT_POOL_area:
        return (areas + 1) * bands + seeker->area;
    default:
        return (areas + 1) * bands + areas;
    }
}

static uint32_t place_of(const allostat_meeting *self, const allostat_seeker *seeker)
{
    const size_t cell = cell_of(seeker);
    const uint8_t bits = self->place_bits[cell];

    return self->first_place[cell] +
           (bits > 0 ? seeker->meeting >> (HASH_BITS - bits) : 0);
}

void allostat_meeting_choose_places(allostat_meeting *self)
{
    size_t seekers[ALLOSTAT_MEETING_CELLS] = {0};

    for (size_t i = 0; i < self->count; i++) seekers[cell_of(&self->seeker[i])]++;
    self->first_place[0] = 0;
    for (size_t cell = 0; cell < ALLOSTAT_MEETING_CELLS; cell++) {
        uint8_t bits = 0;

        while (seekers[cell] >> (bits + 1) >= PEOPLE_A_PLACE) bits++;
        self->place_bits[cell] = bits;
        self->first_place[cell + 1] = self->first_place[cell] + (1u << bits);
    }
    self->places_chosen = true;
}

/* What pairing needs beside the list. */
static allostat_status reserve_scratch(allostat_meeting *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t starts = (size_t)self->first_place[ALLOSTAT_MEETING_CELLS] + 1;

    if (self->sorted_capacity < self->capacity) {
        allostat_column_free((void **)&self->sorted);
        self->sorted_capacity = 0;
        ALLOSTAT_TRY(allostat_column_allocate((void **)&self->sorted, self->capacity,
                                              sizeof *self->sorted, error));
        self->sorted_capacity = self->capacity;
    }
    if (self->start_capacity < starts) {
        allostat_column_free((void **)&self->start);
        self->start_capacity = 0;
        ALLOSTAT_TRY(allostat_column_allocate((void **)&self->start, starts,
                                              sizeof *self->start, error));
        self->start_capacity = starts;
    }
cleanup:
    return status;
}

/* Counting sort by place; afterwards start[p] is one past the last seeker of place p.
 */
static void sort_by_place(allostat_meeting *self)
{
    const uint32_t places = self->first_place[ALLOSTAT_MEETING_CELLS];
    uint32_t *start = self->start;

    memset(start, 0, ((size_t)places + 1) * sizeof *start);
    for (size_t i = 0; i < self->count; i++)
        start[place_of(self, &self->seeker[i]) + 1]++;
    for (uint32_t place = 0; place < places; place++) start[place + 1] += start[place];
    for (size_t i = 0; i < self->count; i++)
        self->sorted[start[place_of(self, &self->seeker[i])]++] = self->seeker[i];
}

static bool comes_before(const allostat_seeker *a, const allostat_seeker *b)
{
    return a->rank < b->rank || (a->rank == b->rank && a->person < b->person);
}

/* A dozen people: insertion is the quickest way to put them into order. */
static void order_place(allostat_seeker *seeker, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const allostat_seeker moved = seeker[i];
        size_t at = i;

        for (; at > 0 && comes_before(&moved, &seeker[at - 1]); at--)
            seeker[at] = seeker[at - 1];
        seeker[at] = moved;
    }
}

static void expect_place(const allostat_meeting *self, size_t first, size_t last,
                         const allostat_pairing *pairing)
{
    if (pairing->expect == NULL) return;
    for (size_t i = first; i < last; i++)
        pairing->expect(pairing->context, self->sorted[i].person);
}

/* Neighbours in rank tie if they may; who is left over goes back into the list. */
static int32_t pair_place(allostat_meeting *self, size_t first, size_t last,
                          const allostat_pairing *pairing)
{
    allostat_seeker *seeker = self->sorted;
    size_t i = first;
    int32_t made = 0;

    order_place(seeker + first, last - first);
    while (i < last) {
        if (i + 1 < last && pairing->try_tie(pairing->context, seeker[i].person,
                                             seeker[i + 1].person)) {
            made++;
            i += 2;
        } else {
            self->seeker[self->count++] = seeker[i++];
        }
    }
    return made;
}

/* Who found nobody in a pool looks in the area, at last in the city. */
static void widen(allostat_meeting *self, uint8_t pool)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->seeker[i].pool == pool)
            self->seeker[i].pool = pool == ALLOSTAT_POOL_area_and_age
                                       ? (uint8_t)ALLOSTAT_POOL_area
                                       : (uint8_t)ALLOSTAT_POOL_city;
    }
}

/* Pair the places of one pool: returns how many ties were made. */
static int32_t pair_pool(allostat_meeting *self, size_t first_cell, size_t last_cell,
                         const allostat_pairing *pairing)
{
    const uint32_t first_place = self->first_place[first_cell];
    const uint32_t last_place = self->first_place[last_cell];
    size_t first;
    int32_t made = 0;

    sort_by_place(self);
    first = first_place > 0 ? self->start[first_place - 1] : 0;
    const size_t after = last_place > 0 ? self->start[last_place - 1] : 0;
    const size_t all = self->count;

    memcpy(self->seeker, self->sorted, first * sizeof *self->seeker);
    self->count = first;
    for (uint32_t place = first_place; place < last_place; place++) {
        if (place + 1 < last_place)
            expect_place(self, self->start[place], self->start[place + 1], pairing);
        made += pair_place(self, first, self->start[place], pairing);
        first = self->start[place];
    }
    memcpy(self->seeker + self->count, self->sorted + after,
           (all - after) * sizeof *self->seeker);
    self->count += all - after;
    return made;
}

allostat_status allostat_meeting_pair(allostat_meeting *self, allostat_pairing pairing,
                                      int32_t *made, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t bands = ALLOSTAT_AGE_BANDS_MAX, areas = ALLOSTAT_AREAS_MAX;
    const size_t first_cell[ALLOSTAT_POOL_COUNT + 1] = {
        0, areas * bands, (areas + 1) * bands, (areas + 1) * bands + areas,
        ALLOSTAT_MEETING_CELLS};

    *made = 0;
    if (!self->places_chosen) allostat_meeting_choose_places(self);
    if (self->count == 0) goto cleanup;
    ALLOSTAT_TRY(reserve_scratch(self, error));
    for (int pool = 0; pool < ALLOSTAT_POOL_COUNT; pool++) {
        *made += pair_pool(self, first_cell[pool], first_cell[pool + 1], &pairing);
        widen(self, (uint8_t)pool);
    }
    self->count = 0;
cleanup:
    return status;
}
