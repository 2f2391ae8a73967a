/* Shared by the list of those who meet and their pairing: where they stand before they
 * are paired, and where they go. */
#ifndef ALLOSTAT_PEOPLE_MEETING_PARTS_H
#define ALLOSTAT_PEOPLE_MEETING_PARTS_H

#include "people/meeting.h"

/* The stretches in which the seekers of a meeting stand. */
static inline size_t allostat_stretch_count(const allostat_meeting *self)
{
    return self->from != NULL ? self->from_count : 1;
}

static inline allostat_seekers allostat_stretch_of(const allostat_meeting *self,
                                                   size_t i)
{
    if (self->from == NULL) return (allostat_seekers){self->seeker, self->count};
    return (allostat_seekers){self->from[i].seeker, self->from[i].count};
}

/* Some of all seekers: from `first` on, before `end`. */
typedef struct {
    size_t first, end;
} allostat_seeker_range;

/* One of some parts of `all` seekers. */
static inline allostat_seeker_range allostat_part_of_seekers(size_t all, size_t part,
                                                             size_t parts)
{
    return (allostat_seeker_range){all * part / parts, all * (part + 1) / parts};
}

/* What a part has of a stretch before which stand `before` of all. */
static inline allostat_seekers allostat_own_of_stretch(allostat_seeker_range own,
                                                       allostat_seekers stretch,
                                                       size_t before)
{
    const size_t from = own.first > before ? own.first - before : 0;
    const size_t to =
        own.end < before + stretch.count ? own.end : before + stretch.count;

    if (from + before >= to) return (allostat_seekers){stretch.seeker, 0};
    return (allostat_seekers){stretch.seeker + from, to - before - from};
}

/* Cells stand in the order of pools, of which the first two are one; there, band by
 * band: people stand by age, so those who meet one after the other stand not all over
 * the city. No branch: who looks where cannot be foretold. */
static inline size_t allostat_cell_of(const allostat_seeker *seeker)
{
    enum { BANDS = ALLOSTAT_AGE_BANDS_MAX, AREAS = ALLOSTAT_AREAS_MAX };
    static const struct {
        uint16_t first, an_area, a_band;
    } cells[ALLOSTAT_POOL_COUNT] = {
        [ALLOSTAT_POOL_area_and_age] = {0, 1, AREAS + 1},
        [ALLOSTAT_POOL_age] = {AREAS, 0, AREAS + 1},
        [ALLOSTAT_POOL_area] = {(AREAS + 1) * BANDS, 1, 0},
        [ALLOSTAT_POOL_city] = {(AREAS + 1) * BANDS + AREAS, 0, 0},
    };

    return (size_t)cells[seeker->pool].first +
           (size_t)(seeker->area * cells[seeker->pool].an_area) +
           (size_t)(seeker->band * cells[seeker->pool].a_band);
}

/* Who goes where within a cell is a draw of each. */
static inline uint32_t allostat_place_of(const allostat_meeting *self,
                                         const allostat_seeker *seeker)
{
    enum { HASH_BITS = 32 };
    const size_t cell = allostat_cell_of(seeker);

    return self->first_place[cell] +
           (uint32_t)((uint64_t)seeker->meeting << self->place_bits[cell] >> HASH_BITS);
}

#endif
