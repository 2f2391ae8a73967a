#include "people/meeting.h"

#include "base/columns.h"
#include "base/hint.h"
#include "base/hot.h"

#include <assert.h>
#include <string.h>

/* Seekers in a place on average, at least; at most twice as many. Large enough to leave
 * few people over, small enough to keep what happens in one place there. */
enum { PEOPLE_A_PLACE = 12, HASH_BITS = 32, RANK_BITS = 32, FEW = 64, LANES = 16 };

void allostat_meeting_free(allostat_meeting *self)
{
    allostat_column_free((void **)&self->seeker);
    allostat_column_free((void **)&self->sorted);
    allostat_column_free((void **)&self->start);
    allostat_column_free((void **)&self->together);
    memset(self, 0, sizeof *self);
}

allostat_status allostat_seekers_reserve(allostat_seeker_list *self, size_t more,
                                         allostat_error *error)
{
    return allostat_column_reserve((void **)&self->seeker, &self->capacity,
                                   self->count + more, sizeof *self->seeker, error);
}

allostat_status allostat_meeting_reserve(allostat_meeting *self, size_t more,
                                         allostat_error *error)
{
    return allostat_column_reserve((void **)&self->seeker, &self->capacity,
                                   self->count + more, sizeof *self->seeker, error);
}

void allostat_meeting_take(allostat_meeting *self, allostat_seeker_list *list)
{
    allostat_seeker *const seeker = self->seeker;
    const size_t capacity = self->capacity;

    assert(self->count == 0);
    self->seeker = list->seeker;
    self->capacity = list->capacity;
    self->count = list->count;
    self->from = NULL;
    list->seeker = seeker;
    list->capacity = capacity;
    list->count = 0;
}

allostat_status allostat_meeting_join(allostat_meeting *self,
                                      const allostat_seeker_list *list,
                                      size_t list_count, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    size_t found = 0;

    assert(self->count == 0);
    for (size_t i = 0; i < list_count; i++) found += list[i].count;
    ALLOSTAT_TRY(allostat_meeting_reserve(self, found, error));
    self->count = found;
    self->from = list;
    self->from_count = list_count;
cleanup:
    return status;
}

/* Where the seekers of a meeting stand before they are paired. */
static size_t stretch_count(const allostat_meeting *self)
{
    return self->from != NULL ? self->from_count : 1;
}

static allostat_seekers stretch_of(const allostat_meeting *self, size_t i)
{
    if (self->from == NULL) return (allostat_seekers){self->seeker, self->count};
    return (allostat_seekers){self->from[i].seeker, self->from[i].count};
}

/* What one of some parts of `all` seekers has of a stretch before which stand `before`
 * of them. */
static allostat_seekers own_of(allostat_seekers some, size_t before, size_t all,
                               size_t part, size_t parts)
{
    const size_t first = all * part / parts, end = all * (part + 1) / parts;
    const size_t from = first > before ? first - before : 0;
    const size_t to = end < before + some.count ? end : before + some.count;

    if (from + before >= to) return (allostat_seekers){some.seeker, 0};
    return (allostat_seekers){some.seeker + from, to - before - from};
}

/* Cells stand in the order of pools, of which the first two are one; there, band by
 * band: people stand by age, so those who meet one after the other stand not all over
 * the city. No branch: who looks where cannot be foretold. */
static size_t cell_of(const allostat_seeker *seeker)
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

static uint32_t place_of(const allostat_meeting *self, const allostat_seeker *seeker)
{
    const size_t cell = cell_of(seeker);

    return self->first_place[cell] +
           (uint32_t)((uint64_t)seeker->meeting << self->place_bits[cell] >> HASH_BITS);
}

/* Seekers of each cell, counted by parts. */
typedef struct {
    const allostat_meeting *meeting;
    size_t parts;
    int32_t seekers[ALLOSTAT_MEETING_CELLS];
} cell_counts;

static void count_cells(void *context, size_t part, size_t unused_first, size_t unused)
{
    cell_counts *self = context;
    const allostat_meeting *meeting = self->meeting;
    int32_t seekers[ALLOSTAT_MEETING_CELLS] = {0};

    (void)unused_first, (void)unused;
    for (size_t s = 0, before = 0; s < stretch_count(meeting);
         before += stretch_of(meeting, s++).count) {
        const allostat_seekers own =
            own_of(stretch_of(meeting, s), before, meeting->count, part, self->parts);

        for (size_t i = 0; i < own.count; i++) seekers[cell_of(&own.seeker[i])]++;
    }
    for (size_t cell = 0; cell < ALLOSTAT_MEETING_CELLS; cell++)
        allostat_share_count(&self->seekers[cell], seekers[cell]);
}

void allostat_meeting_choose_places(allostat_meeting *self, allostat_share share)
{
    cell_counts all = {self, allostat_share_part_count(share), {0}};

    allostat_share_parts(share, count_cells, &all);
    self->first_place[0] = 0;
    for (size_t cell = 0; cell < ALLOSTAT_MEETING_CELLS; cell++) {
        uint8_t bits = 0;

        while (all.seekers[cell] >> (bits + 1) >= PEOPLE_A_PLACE) bits++;
        self->place_bits[cell] = bits;
        self->first_place[cell + 1] = self->first_place[cell] + (1u << bits);
    }
    self->places_chosen = true;
}

/* Behind the places of a step are two of those who wait. */
enum { WAITING = 2, PARTS_MAX = 64, PIECES_MAX = 64, FEW_SEEKERS = 512 };

/* What pairing needs beside the list. */
static allostat_status reserve_scratch(allostat_meeting *self, size_t parts,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t places = self->first_place[ALLOSTAT_MEETING_CELLS] + WAITING;
    const size_t starts = places * 2 * parts, steps = PIECES_MAX + WAITING;
    const size_t stretches = self->from_count > steps ? self->from_count : steps;

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
    ALLOSTAT_TRY(allostat_column_reserve((void **)&self->together,
                                         &self->together_capacity, stretches,
                                         sizeof *self->together, error));
cleanup:
    return status;
}

/* A pairing under way: each part sorts its share of the list, then each piece pairs its
 * share of the places. Nobody is in two places, so pieces touch different people. Few
 * are not worth to call other threads. */

typedef struct {
    allostat_meeting *meeting;
    const allostat_pairing *pairing;
    size_t parts, most_pieces, pieces;
    /* who looks in this step: who was left over by each piece of the step before, and
       those whose turn it is; the others wait in their places */
    allostat_seekers *list, waiting;
    size_t stretches, count;
    /* of this step, then those who wait for the next one and for the one after it; from
       which place on people wait for that */
    uint32_t first_place, last_place, places, later_place;
    allostat_seekers left[PIECES_MAX];
    int32_t made[PIECES_MAX];
} step;

/* Who waits need not be sorted yet: that would be places all over the list. No branch:
 * who waits cannot be foretold. */
static uint32_t place_now(const step *self, const allostat_seeker *seeker)
{
    const uint32_t place = place_of(self->meeting, seeker);
    const uint32_t waits = 0u - (place >= self->last_place);

    return (place & ~waits) |
           ((self->last_place + (place >= self->later_place)) & waits);
}

/* How many seekers a part has in each place, and where its next one goes. */
static uint32_t *count_of(const step *self, size_t part)
{
    return self->meeting->start + (self->parts + part) * self->places;
}

static uint32_t *start_of(const step *self, size_t part)
{
    return self->meeting->start + part * self->places;
}

/* One past the last seeker of a place, once the list is sorted. */
static size_t end_of_place(const step *self, uint32_t place)
{
    return start_of(self, self->parts - 1)[place];
}

/* In places before those of this step is nobody. */
static size_t begin_of_place(const step *self, uint32_t place)
{
    return place > self->first_place ? end_of_place(self, place - 1) : 0;
}

/* What a part has of a stretch of this step. */
static allostat_seekers own_stretch(const step *self, size_t part, size_t s,
                                    size_t before)
{
    return own_of(self->list[s], before, self->count, part, self->parts);
}

static void count_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    const step *self = context;
    uint32_t *count = count_of(self, part);

    (void)unused_first, (void)unused;
    memset(count + self->first_place, 0,
           (size_t)(self->places - self->first_place) * sizeof *count);
    for (size_t s = 0, before = 0; s < self->stretches;
         before += self->list[s++].count) {
        const allostat_seekers own = own_stretch(self, part, s, before);

        for (size_t i = 0; i < own.count; i++) count[place_now(self, &own.seeker[i])]++;
    }
}

/* Each part finds its own places, so that nobody waits until one has found them for
 * all. */
static void make_starts(const step *self, size_t own)
{
    const size_t places = self->places;
    const uint32_t *count = count_of(self, 0);
    uint32_t *start = start_of(self, own);
    uint32_t before = 0;

    for (uint32_t place = self->first_place; place < self->places; place++) {
        for (size_t part = 0; part < own; part++)
            before += count[part * places + place];
        start[place] = before;
        for (size_t part = own; part < self->parts; part++)
            before += count[part * places + place];
    }
}

/* Each has a line of its own to go to, which is asked for some seekers before. */
static void sort_stretch(const step *self, const allostat_seeker *seeker, size_t count,
                         uint32_t *start)
{
    enum { AHEAD = 32 };
    allostat_seeker *sorted = self->meeting->sorted;
    const size_t ahead = count < AHEAD ? count : AHEAD;
    uint32_t to[AHEAD];

    for (size_t i = 0; i < ahead; i++) to[i] = start[place_now(self, &seeker[i])]++;
    for (size_t i = ahead; i < count; i++) {
        uint32_t *own = &to[i % AHEAD];

        sorted[*own] = seeker[i - AHEAD];
        *own = start[place_now(self, &seeker[i])]++;
        allostat_hint_write(&sorted[*own]);
    }
    for (size_t i = count - ahead; i < count; i++) sorted[to[i % AHEAD]] = seeker[i];
}

static void sort_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    const step *self = context;
    uint32_t *start = start_of(self, part);

    (void)unused_first, (void)unused;
    make_starts(self, part);
    for (size_t s = 0, before = 0; s < self->stretches;
         before += self->list[s++].count) {
        const allostat_seekers own = own_stretch(self, part, s, before);

        sort_stretch(self, own.seeker, own.count, start);
    }
}

/* Counting sort by place. */
static void sort_by_place(step *self)
{
    allostat_share_pieces(self->pairing->share, self->parts, count_part, self);
    allostat_share_pieces(self->pairing->share, self->parts, sort_part, self);
}

static bool comes_before(const allostat_seeker *a, const allostat_seeker *b)
{
    return a->rank < b->rank || (a->rank == b->rank && a->person < b->person);
}

static void order_many(allostat_seeker *seeker, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const allostat_seeker moved = seeker[i];
        size_t at = i;

        for (; at > 0 && comes_before(&moved, &seeker[at - 1]); at--)
            seeker[at] = seeker[at - 1];
        seeker[at] = moved;
    }
}

/* How many ranks come before each: all are compared, which vectors do at once, for no
 * branch could foretell the outcome. Behind the ranks stand some that come before none,
 * up to whole vectors. */
ALLOSTAT_HOT
static void find_places(const uint64_t *restrict rank, size_t count,
                        uint32_t *restrict place)
{
    const size_t groups = (count + LANES - 1) / LANES;

    for (size_t i = 0; i < count; i++) {
        const uint64_t own = rank[i];
        uint64_t before = 0;

        for (size_t k = 0; k < groups * LANES; k++) before += rank[k] < own;
        place[i] = (uint32_t)before;
    }
}

/* The people of a place in order of rank, then of person: a dozen or three. Returns
 * `ordered`, or `seeker` when there is no room for them in it. */
static const allostat_seeker *order_place(allostat_seeker *seeker, size_t count,
                                          allostat_seeker *ordered)
{
    uint64_t rank[FEW];
    uint32_t place[FEW];

    if (count < 2) return seeker;
    if (count > FEW) {
        order_many(seeker, count);
        return seeker;
    }
    for (size_t i = 0; i < count; i++)
        rank[i] = (uint64_t)seeker[i].rank << RANK_BITS | seeker[i].person;
    for (size_t i = count; i % LANES != 0; i++) rank[i] = UINT64_MAX;
    find_places(rank, count, place);
    for (size_t i = 0; i < count; i++) ordered[place[i]] = seeker[i];
    return ordered;
}

static void expect_some(const allostat_seeker *seeker, size_t count,
                        const allostat_pairing *pairing)
{
    if (pairing->expect == NULL) return;
    for (size_t i = 0; i < count; i++)
        pairing->expect(pairing->context, seeker[i].person);
}

/* The seekers of a place, and how many there are in the next. */
typedef struct {
    allostat_seeker *seeker;
    size_t count, next_count;
} meeting_place;

/* Neighbours in rank tie if they may; who is left over goes back into the list, to
 * where `left` counts. Returns how many ties were made. Meanwhile those of the next
 * place are expected, two at each step: all at once are more than memory answers. */
static int32_t pair_place(const allostat_meeting *self, const meeting_place *place,
                          const allostat_pairing *pairing, size_t *left)
{
    const size_t count = place->count, pair = 2;
    const allostat_seeker *next = place->seeker + count;
    allostat_seeker few[FEW];
    const allostat_seeker *seeker = order_place(place->seeker, count, few);
    size_t i = 0, expected = 0;
    int32_t made = 0;

    while (i < count) {
        if (expected + pair <= place->next_count) {
            expect_some(next + expected, pair, pairing);
            expected += pair;
        }
        if (i + 1 < count && pairing->try_tie(pairing->context, seeker[i].person,
                                              seeker[i + 1].person)) {
            made++;
            i += 2;
        } else {
            self->seeker[(*left)++] = seeker[i++];
        }
    }
    expect_some(next + expected, place->next_count - expected, pairing);
    return made;
}

static uint32_t first_place_of(const step *self, size_t piece)
{
    const size_t places = self->last_place - self->first_place;

    return self->first_place + (uint32_t)(places * piece / self->pieces);
}

/* Who found nobody looks in the area, or at last in the city. */
static void widen(allostat_seeker *seeker, size_t count)
{
    for (size_t i = 0; i < count; i++)
        seeker[i].pool = seeker[i].pool == ALLOSTAT_POOL_area_and_age
                             ? (uint8_t)ALLOSTAT_POOL_area
                             : (uint8_t)ALLOSTAT_POOL_city;
}

/* Those of later places go back into the list, to where they stand when sorted: a share
 * of them by each piece. */
static void put_back(const step *self, size_t piece)
{
    const size_t later = begin_of_place(self, self->last_place);
    const size_t count = self->count - later;
    const size_t first = later + count * piece / self->pieces;
    const size_t end = later + count * (piece + 1) / self->pieces;

    memcpy(self->meeting->seeker + first, self->meeting->sorted + first,
           (end - first) * sizeof *self->meeting->seeker);
}

/* Not more are left than there were: they stand in the list where the piece begins.
 * Those of its first place are expected at once, for nobody has done so before. */
static void pair_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    step *self = context;
    const uint32_t begin_place = first_place_of(self, piece);
    const uint32_t last_place = first_place_of(self, piece + 1);
    const size_t begin = begin_of_place(self, begin_place);
    size_t first = begin, left = begin;
    int32_t made = 0;

    (void)unused_first, (void)unused;
    if (begin_place < last_place)
        expect_some(self->meeting->sorted + begin,
                    end_of_place(self, begin_place) - begin, self->pairing);
    for (uint32_t place = begin_place; place < last_place; place++) {
        const size_t end = end_of_place(self, place);
        const size_t next_end =
            place + 1 < last_place ? end_of_place(self, place + 1) : end;
        const meeting_place here = {self->meeting->sorted + first, end - first,
                                    next_end - end};

        made += pair_place(self->meeting, &here, self->pairing, &left);
        first = end;
    }
    widen(self->meeting->seeker + begin, left - begin);
    self->left[piece] = (allostat_seekers){self->meeting->seeker + begin, left - begin};
    self->made[piece] = made;
    put_back(self, piece);
}

static void add_stretch(step *self, allostat_seekers some)
{
    if (some.count == 0) return;
    self->list[self->stretches++] = some;
    self->count += some.count;
}

/* The list of the next step: who is left over, and of the sorted those from `next` to
 * `later`. The others wait behind them, for none of them need be sorted before the last
 * step, and no step has more than stand before them. */
static void list_next(step *self, size_t next, size_t later)
{
    const size_t sorted = self->count;
    const allostat_seeker *seeker = self->meeting->seeker;

    self->stretches = self->count = 0;
    for (size_t p = 0; p < self->pieces; p++) add_stretch(self, self->left[p]);
    add_stretch(self, (allostat_seekers){seeker + next, later - next});
    if (later == sorted) add_stretch(self, self->waiting);
    self->waiting = (allostat_seekers){seeker + later, sorted - later};
}

/* Each piece begins with people whom nobody has expected: it has some to pair. */
static size_t pieces_for(size_t seekers, size_t most)
{
    enum { A_PIECE = 256 };
    const size_t wanted = seekers / A_PIECE + 1;

    return wanted < most ? wanted : most;
}

/* Pair the places from cell[0] to cell[1], the first in which anybody is; the next step
 * has those to cell[2]. Returns how many ties were made. */
static int32_t pair_cells(step *self, const size_t *cell)
{
    const uint32_t *first_place = self->meeting->first_place;
    int32_t made = 0;

    self->first_place = first_place[cell[0]];
    self->last_place = first_place[cell[1]];
    self->later_place = first_place[cell[2]];
    self->places = self->last_place + WAITING;
    self->pieces = pieces_for(self->count, self->most_pieces);
    sort_by_place(self);
    allostat_share_pieces(self->pairing->share, self->pieces, pair_piece, self);
    list_next(self, begin_of_place(self, self->last_place),
              begin_of_place(self, self->last_place + 1));
    for (size_t p = 0; p < self->pieces; p++) made += self->made[p];
    return made;
}

/* Those of some stretches, in order of rows, stand in front. Returns their number. */
static size_t bring_forward(const allostat_meeting *self, const allostat_seekers *list,
                            size_t stretches)
{
    size_t count = 0;

    for (size_t s = 0; s < stretches; s++) {
        memmove(self->seeker + count, list[s].seeker,
                list[s].count * sizeof *self->seeker);
        count += list[s].count;
    }
    return count;
}

/* Pools one after the other; the first two together, for nobody goes from one of them
 * to the other. The order of the list does not matter: people of a place are ordered.
 */
allostat_status allostat_meeting_pair(allostat_meeting *self, allostat_pairing pairing,
                                      int32_t *made, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t bands = ALLOSTAT_AGE_BANDS_MAX, areas = ALLOSTAT_AREAS_MAX;
    const size_t first_cell[] = {0, (areas + 1) * bands, (areas + 1) * bands + areas,
                                 ALLOSTAT_MEETING_CELLS, ALLOSTAT_MEETING_CELLS};
    const bool shares = self->count >= FEW_SEEKERS;
    const size_t parts = shares ? allostat_share_part_count(pairing.share) : 1;
    const size_t pieces = shares ? allostat_share_piece_count(pairing.share) : 1;
    step all = {.meeting = self, .pairing = &pairing};

    *made = 0;
    self->alone_count = 0;
    if (!self->places_chosen) allostat_meeting_choose_places(self, pairing.share);
    if (self->count == 0) goto cleanup;
    all.parts = parts < PARTS_MAX ? parts : PARTS_MAX;
    all.most_pieces = pieces < PIECES_MAX ? pieces : PIECES_MAX;
    ALLOSTAT_TRY(reserve_scratch(self, all.parts, error));
    all.list = self->together;
    for (size_t s = 0; s < stretch_count(self); s++)
        add_stretch(&all, stretch_of(self, s));
    self->from = NULL;
    for (size_t i = 0; i + 2 < sizeof first_cell / sizeof first_cell[0]; i++)
        *made += pair_cells(&all, first_cell + i);
    self->count = 0;
    self->alone_count = bring_forward(self, all.list, all.stretches);
cleanup:
    return status;
}
