#include "base/columns.h"
#include "base/hint.h"
#include "base/hot.h"
#include "people/meeting_parts.h"

#include <string.h>

/* Behind the places of a step are two of those who wait. Numbers of places are rounded
 * up to whole lines, for each part writes its own. */
enum { WAITING = 2, PARTS_MAX = 64, PIECES_MAX = 128, LINE = 16 };

static size_t whole_lines(size_t places) { return (places + LINE - 1) / LINE * LINE; }

/* What pairing needs beside the list. */
static allostat_status reserve_scratch(allostat_meeting *self, size_t parts,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t places = self->first_place[ALLOSTAT_MEETING_CELLS] + WAITING;
    const size_t starts = whole_lines(places) * parts, steps = PIECES_MAX + WAITING;
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

/* Who is left over by some pieces, and how many ties they made. */
typedef struct {
    allostat_seekers left;
    int32_t made;
} outcome;

/* A pairing under way: each part sorts its share of the list by places, by itself: who
 * is in a place stands in a run of each part. Then the places are paired in pieces.
 * Nobody is in two places, so pieces touch different people. */
typedef struct {
    allostat_meeting *meeting;
    const allostat_pairing *pairing;
    size_t most_parts, most_pieces, parts, pieces;
    /* who looks in this step: who was left over by each piece of the step before, and
       those whose turn it is; the others wait in their places */
    allostat_seekers *list, waiting;
    size_t stretches, count;
    /* of this step, then those who wait for the next one and for the one after it; from
       which place on people wait for that */
    uint32_t first_place, last_place, places, later_place;
    outcome of_piece[PIECES_MAX]; /* under the first of those that are done at once */
} step;

/* Who waits need not be sorted yet: that would be places all over the list. No branch:
 * who waits cannot be foretold. */
static uint32_t place_now(const step *self, const allostat_seeker *seeker)
{
    const uint32_t place = allostat_place_of(self->meeting, seeker);
    const uint32_t waits = 0u - (place >= self->last_place);

    return (place & ~waits) |
           ((self->last_place + (place >= self->later_place)) & waits);
}

/* What a part sorts of the list, and where it stands when it is sorted. */
static allostat_seeker_range range_of(const step *self, size_t part)
{
    return allostat_part_of_seekers(self->count, part, self->parts);
}

/* For each place: how many seekers a part has there, then where its next one goes, and
 * at last where its run ends. */
static uint32_t *start_of(const step *self, size_t part)
{
    return self->meeting->start + part * whole_lines(self->places);
}

/* ---- sorting ---- */

static void count_places(const step *self, allostat_seeker_range own, uint32_t *count)
{
    memset(count + self->first_place, 0,
           (size_t)(self->places - self->first_place) * sizeof *count);
    for (size_t s = 0, before = 0; s < self->stretches;
         before += self->list[s++].count) {
        const allostat_seekers some =
            allostat_own_of_stretch(own, self->list[s], before);

        for (size_t i = 0; i < some.count; i++)
            count[place_now(self, &some.seeker[i])]++;
    }
}

static void make_starts(const step *self, size_t first, uint32_t *start)
{
    uint32_t next = (uint32_t)first;

    for (uint32_t place = self->first_place; place < self->places; place++) {
        const uint32_t count = start[place];

        start[place] = next;
        next += count;
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

/* Counting sort by place, of what the part has. No part waits for what others count,
 * and none writes to a line of another's but at its ends. */
static void sort_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    const step *self = context;
    const allostat_seeker_range own = range_of(self, part);
    uint32_t *start = start_of(self, part);

    (void)unused_first, (void)unused;
    count_places(self, own, start);
    make_starts(self, own.first, start);
    for (size_t s = 0, before = 0; s < self->stretches;
         before += self->list[s++].count) {
        const allostat_seekers some =
            allostat_own_of_stretch(own, self->list[s], before);

        sort_stretch(self, some.seeker, some.count, start);
    }
}

/* ---- places, once the list is sorted ---- */

/* Who of a part is in a place. */
static allostat_seekers run_of(const step *self, size_t part, uint32_t place)
{
    const uint32_t *end = start_of(self, part);
    const size_t begin =
        place > self->first_place ? end[place - 1] : range_of(self, part).first;

    return (allostat_seekers){self->meeting->sorted + begin, end[place] - begin};
}

/* How many seekers are in the places before. */
static size_t count_before(const step *self, uint32_t place)
{
    size_t count = 0;

    for (size_t part = 0; part < self->parts; part++)
        count += (size_t)(run_of(self, part, place).seeker - self->meeting->sorted) -
                 range_of(self, part).first;
    return count;
}

/* Their order in a place: by rank, then by person. */
enum { FEW = 64, LANES = 16, RANK_BITS = 32 };

static uint64_t key_of(const allostat_seeker *seeker)
{
    return (uint64_t)seeker->rank << RANK_BITS | seeker->person;
}

/* The keys of those in a place; of more than a few, how many they are. */
typedef struct {
    uint64_t key[FEW];
    size_t count;
} meeting_place;

static void find_people(const step *self, uint32_t place, meeting_place *here)
{
    here->count = 0;
    for (size_t part = 0; part < self->parts; part++) {
        const allostat_seekers run = run_of(self, part, place);

        if (here->count + run.count <= FEW)
            for (size_t i = 0; i < run.count; i++)
                here->key[here->count + i] = key_of(&run.seeker[i]);
        here->count += run.count;
    }
}

static void order_many(allostat_seeker *seeker, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const allostat_seeker moved = seeker[i];
        size_t at = i;

        for (; at > 0 && key_of(&moved) < key_of(&seeker[at - 1]); at--)
            seeker[at] = seeker[at - 1];
        seeker[at] = moved;
    }
}

/* More than a few, in the place `to`. */
static void bring_together(const step *self, uint32_t place, allostat_seeker *to)
{
    size_t count = 0;

    for (size_t part = 0; part < self->parts; part++) {
        const allostat_seekers run = run_of(self, part, place);

        memcpy(to + count, run.seeker, run.count * sizeof *to);
        count += run.count;
    }
    order_many(to, count);
}

/* How many keys come before each: all are compared, which vectors do at once, for no
 * branch could foretell the outcome. Behind the keys stand some that come before none,
 * up to whole vectors. */
ALLOSTAT_HOT
static void find_order(const uint64_t *restrict key, size_t count,
                       uint32_t *restrict order)
{
    const size_t groups = (count + LANES - 1) / LANES;

    for (size_t i = 0; i < count; i++) {
        const uint64_t own = key[i];
        uint64_t before = 0;

        for (size_t k = 0; k < groups * LANES; k++) before += key[k] < own;
        order[i] = (uint32_t)before;
    }
}

/* The people of a place in their order: a dozen or three. */
static void order_few(const step *self, uint32_t place, meeting_place *here,
                      allostat_seeker *ordered)
{
    uint32_t order[FEW];
    size_t count = 0;

    for (size_t i = here->count; i % LANES != 0; i++) here->key[i] = UINT64_MAX;
    find_order(here->key, here->count, order);
    for (size_t part = 0; part < self->parts; part++) {
        const allostat_seekers run = run_of(self, part, place);

        for (size_t i = 0; i < run.count; i++) ordered[order[count++]] = run.seeker[i];
    }
}

/* ---- pairing ---- */

/* Those of the next place are expected meanwhile, two at each step: all at once are
 * more than memory answers. Of more than a few nobody is. */
static void expect_some(const step *self, const meeting_place *next, size_t *expected,
                        size_t some)
{
    const allostat_pairing *pairing = self->pairing;
    const size_t all = next->count <= FEW ? next->count : 0;

    if (pairing->expect == NULL) return;
    for (; some > 0 && *expected < all; some--)
        pairing->expect(pairing->context, (uint32_t)next->key[(*expected)++]);
}

/* Neighbours in their order tie if they may; who is left over goes back into the list,
 * to where `left` counts. Returns how many ties were made. */
static int32_t pair_people(const step *self, allostat_seekers people,
                           const meeting_place *next, size_t *left)
{
    const allostat_pairing *pairing = self->pairing;
    const allostat_seeker *seeker = people.seeker;
    const size_t pair = 2;
    size_t i = 0, expected = 0;
    int32_t made = 0;

    while (i < people.count) {
        expect_some(self, next, &expected, pair);
        if (i + 1 < people.count && pairing->try_tie(pairing->context, seeker[i].person,
                                                     seeker[i + 1].person)) {
            made++;
            i += 2;
        } else {
            self->meeting->seeker[(*left)++] = seeker[i++];
        }
    }
    expect_some(self, next, &expected, FEW);
    return made;
}

/* More than a few are ordered in the list, where not more than have been before them
 * are left over. */
static int32_t pair_place(const step *self, uint32_t place, meeting_place *here,
                          const meeting_place *next, size_t *left)
{
    allostat_seeker few[FEW];
    allostat_seeker *many = self->meeting->seeker;

    if (here->count <= FEW) {
        order_few(self, place, here, few);
        return pair_people(self, (allostat_seekers){few, here->count}, next, left);
    }
    many += count_before(self, place);
    bring_together(self, place, many);
    return pair_people(self, (allostat_seekers){many, here->count}, next, left);
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

/* Those of later places go back into the list, behind those of this step: a share of
 * them by some pieces. */
static void put_back(const step *self, size_t first, size_t pieces)
{
    allostat_seeker *seeker =
        self->meeting->seeker + count_before(self, self->last_place);

    for (uint32_t place = self->last_place; place < self->places; place++) {
        for (size_t part = 0; part < self->parts; part++) {
            const allostat_seekers run = run_of(self, part, place);
            const size_t from = run.count * first / self->pieces;
            const size_t end = run.count * (first + pieces) / self->pieces;

            memcpy(seeker + from, run.seeker + from, (end - from) * sizeof *seeker);
            seeker += run.count;
        }
    }
}

/* Some pieces at once. Not more are left than there were: they stand in the list where
 * the first begins. Those of its first place are expected at once, for nobody has done
 * so before. */
static void pair_pieces(void *context, size_t unused, size_t first, size_t pieces)
{
    step *self = context;
    const uint32_t end = first_place_of(self, first + pieces);
    uint32_t place = first_place_of(self, first);
    const size_t begin = count_before(self, place);
    meeting_place two[2];
    size_t left = begin, expected = 0;
    int32_t made = 0;

    (void)unused;
    two[place % 2].count = 0;
    if (place < end) find_people(self, place, &two[place % 2]);
    expect_some(self, &two[place % 2], &expected, FEW);
    for (; place < end; place++) {
        meeting_place *here = &two[place % 2], *next = &two[(place + 1) % 2];

        next->count = 0;
        if (place + 1 < end) find_people(self, place + 1, next);
        made += pair_place(self, place, here, next, &left);
    }
    widen(self->meeting->seeker + begin, left - begin);
    self->of_piece[first] =
        (outcome){{self->meeting->seeker + begin, left - begin}, made};
    put_back(self, first, pieces);
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
    for (size_t p = 0; p < self->pieces; p++) add_stretch(self, self->of_piece[p].left);
    add_stretch(self, (allostat_seekers){seeker + next, later - next});
    if (later == sorted) add_stretch(self, self->waiting);
    self->waiting = (allostat_seekers){seeker + later, sorted - later};
}

/* Few are not worth to call other threads. */
static void cut_step(step *self)
{
    enum { A_PIECE = 128, FEW_SEEKERS = 1024 };
    const size_t wanted = self->count / A_PIECE + 1;

    self->parts = self->count < FEW_SEEKERS ? 1 : self->most_parts;
    self->pieces = wanted < self->most_pieces ? wanted : self->most_pieces;
    memset(self->of_piece, 0, self->pieces * sizeof *self->of_piece);
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
    cut_step(self);
    allostat_share_pieces(self->pairing->share, self->parts, sort_part, self);
    allostat_share_cut_rows(self->pairing->share,
                            (allostat_share_cut){self->pieces, self->pieces, 1},
                            pair_pieces, self);
    for (size_t p = 0; p < self->pieces; p++) made += self->of_piece[p].made;
    list_next(self, count_before(self, self->last_place),
              count_before(self, self->last_place + 1));
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
    const size_t parts = allostat_share_part_count(pairing.share);
    const size_t pieces = allostat_share_piece_count(pairing.share);
    step all = {.meeting = self, .pairing = &pairing};

    *made = 0;
    self->alone_count = 0;
    if (!self->places_chosen) allostat_meeting_choose_places(self, pairing.share);
    if (self->count == 0) goto cleanup;
    all.most_parts = parts < PARTS_MAX ? parts : PARTS_MAX;
    all.most_pieces = pieces < PIECES_MAX ? pieces : PIECES_MAX;
    ALLOSTAT_TRY(reserve_scratch(self, all.most_parts, error));
    all.list = self->together;
    for (size_t s = 0; s < allostat_stretch_count(self); s++)
        add_stretch(&all, allostat_stretch_of(self, s));
    self->from = NULL;
    for (size_t i = 0; i + 2 < sizeof first_cell / sizeof first_cell[0]; i++)
        *made += pair_cells(&all, first_cell + i);
    self->count = 0;
    self->alone_count = bring_forward(self, all.list, all.stretches);
cleanup:
    return status;
}
