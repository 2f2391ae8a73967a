#include "base/columns.h"
#include "base/hot.h"
#include "people/ties_parts.h"

#include <string.h>

/* People whose ties are looked at together, so that their pairs stay in cache. */
enum {
    SUPPORT_MONTHS = 3, /* of people close to opioids: support ties live for years */
    AHEAD = 24,         /* ties */
    USERS_AHEAD = 16,
    FATE_USERS = 2 * ALLOSTAT_MARKS_WORD,
    OWNERS = ALLOSTAT_SHARE_ROWS,
    /* no power of two: columns that far apart would crowd into the same cache lines */
    FATE_PAIRS =
        (int)FATE_USERS * (int)ALLOSTAT_USING_SLOTS + 2 * (int)ALLOSTAT_USING_SLOTS
};

/* The pairs of a few people, with the random bits that decide about them. */
typedef struct {
    uint32_t low[FATE_PAIRS], high[FATE_PAIRS]; /* rows */
    uint32_t low_number[FATE_PAIRS], high_number[FATE_PAIRS];
    uint32_t bits[ALLOSTAT_DRAW_LANES * FATE_PAIRS];
    size_t count;
} fates;

/* Pairs of which this person is the lower row; no branch within a few slots, for who
 * has ties cannot be foretold, and few people have more than a few. */
static inline size_t collect(const uint32_t *slot, int32_t slot_count, uint32_t person,
                             fates *pairs, size_t count)
{
    const int32_t few = 4;

    int32_t first = 0;

    do {
        for (int32_t i = first; i < first + few; i++) {
            pairs->low[count] = person;
            pairs->high[count] = slot[i] - 1;
            count += slot[i] > person + 1;
        }
        first += few;
    } while (first < slot_count && slot[first] != 0);
    return count;
}

ALLOSTAT_HOT
static void find_numbers(const uint32_t *restrict number, fates *restrict pairs)
{
    const size_t count = pairs->count;

    for (size_t i = 0; i < count; i++) {
        const uint32_t a = number[pairs->low[i]], b = number[pairs->high[i]];

        pairs->low_number[i] = a < b ? a : b;
        pairs->high_number[i] = a < b ? b : a;
    }
}

/* When a tie ends, by the number of its ends that use. */
typedef struct {
    const allostat_ties_people *people;
    const allostat_marks *active; /* people who use */
    allostat_day day;
    int32_t months;    /* a tie is looked at once in so many months */
    uint64_t below[3]; /* the tie ends when its bits are below */
    uint64_t most;     /* the largest of them */
} end_terms;

/* How many random bits have a uniform draw below this chance. */
static uint64_t bits_below(double chance)
{
    const double limit = chance * 0x1p32 - 0.5;
    const uint64_t whole = limit > 0.0 ? (uint64_t)limit : 0;

    return whole + (limit > (double)whole);
}

static end_terms end_terms_make(const allostat_ties *ties,
                                const allostat_ties_people *people,
                                allostat_tie_kind kind, int32_t months)
{
    const allostat_params *params = people->params;
    const bool support = kind == ALLOSTAT_TIE_support;
    const double life = support ? params->ties_support_life : params->ties_using_life;
    const double ratio = support ? params->ties_use_end_ratio : 1.0;
    end_terms self = {.people = people,
                      .active = &ties->active,
                      .day = allostat_month_first_day(people->month),
                      .months = months};

    for (int32_t n = 0; n <= 2; n++) {
        self.below[n] = bits_below(allostat_tie_end_chance(life, ratio, n, months));
        if (self.below[n] > self.most) self.most = self.below[n];
    }
    return self;
}

/* The fate of a tie of using together is drawn with the key of the pair: of its
 * numbers, wherever their rows stand. */
static const uint32_t *draw_fates(const end_terms *terms, fates *pairs)
{
    const allostat_draw_info *draw = &allostat_draw_table[ALLOSTAT_DRAW_using_end];

    find_numbers(terms->people->residents->number, pairs);
    allostat_draws_fill_rows(terms->people->key, draw->call, terms->day,
                             &(allostat_draw_rows){pairs->low_number,
                                                   pairs->high_number, pairs->count,
                                                   pairs->bits, FATE_PAIRS});
    return pairs->bits + draw->lane * FATE_PAIRS;
}

static bool ends(const end_terms *terms, allostat_ending tie, uint32_t bits)
{
    const int32_t using_ends = allostat_marks_hold(terms->active, tie.person) +
                               allostat_marks_hold(terms->active, tie.partner);

    return bits < terms->below[using_ends];
}

/* What all pieces and parts share. */
typedef struct {
    allostat_ties *ties;
    const allostat_ties_people *people;
    allostat_tie_kind kind;
    allostat_turn turn; /* of those whose ties are looked at */
    end_terms terms[ALLOSTAT_PACE_COUNT];
    size_t pieces;
    uint64_t cost[ALLOSTAT_CUT_PARTS_MAX]; /* of the parts that take ends away */
} endings;

static allostat_status reserve(allostat_ending_list *list, size_t more,
                               allostat_error *error)
{
    return allostat_column_reserve((void **)&list->ending, &list->capacity,
                                   list->count + more, sizeof *list->ending, error);
}

static void decide_pairs(const end_terms *terms, fates *pairs,
                         allostat_endings_found *piece)
{
    allostat_ending_list *list = &piece->found;

    piece->status = reserve(list, pairs->count, &piece->error);
    if (piece->status != ALLOSTAT_OK) return;
    const uint32_t *bits = draw_fates(terms, pairs);
    for (size_t i = 0; i < pairs->count; i++) {
        const allostat_ending tie = {pairs->low[i], pairs->high[i]};

        if (bits[i] < terms->most && ends(terms, tie, bits[i]))
            list->ending[list->count++] = tie;
    }
    pairs->count = 0;
}

/* Some of the people who have ties of using together. */
typedef struct {
    uint32_t person[FATE_USERS], row[FATE_USERS];
    size_t count;
} some_users;

static size_t collect_users(const endings *self, size_t person, size_t end,
                            some_users *some)
{
    const allostat_ties_people *people = self->people;
    size_t wanting, found = 0;

    person = allostat_marks_list(&self->ties->using_wanted, person, end, some->person,
                                 FATE_USERS, &wanting);
    for (size_t i = 0; i < wanting; i++) { /* no branch: one in two has some */
        const uint32_t row = (uint32_t)people->residents->user_row[some->person[i]];

        some->person[found] = some->person[i];
        some->row[found] = row;
        found += people->users->using_count[row] > 0;
    }
    some->count = found;
    return person;
}

static void decide_using(const endings *self, size_t first, size_t end,
                         allostat_endings_found *piece)
{
    const allostat_using_ties *ties = self->people->users->using_ties;
    some_users some;
    fates pairs;

    pairs.count = 0;
    while (first < end && piece->status == ALLOSTAT_OK) {
        first = collect_users(self, first, end, &some);
        for (size_t i = 0; i < some.count; i++) {
            if (i + USERS_AHEAD < some.count)
                allostat_hint(&ties[some.row[i + USERS_AHEAD]]);
            pairs.count = collect(ties[some.row[i]].slot, ALLOSTAT_USING_SLOTS,
                                  some.person[i], &pairs, pairs.count);
        }
        decide_pairs(&self->terms[ALLOSTAT_PACE_month], &pairs, piece);
    }
}

/* People of a block who have ties, with random bits for four of their slots. Most ties
 * are those of people in later rows: no row but the person's own is read. */
typedef struct {
    uint32_t person[OWNERS + 1], bits[ALLOSTAT_DRAW_LANES][OWNERS];
    uint8_t filled[OWNERS + 1]; /* of the four slots, or more */
    uint8_t may_end[OWNERS];    /* a bit for each of the four slots */
    uint16_t candidate[OWNERS + 1];
    uint32_t low_bits[OWNERS * ALLOSTAT_DRAW_LANES + 1]; /* of ties that may end */
    size_t count, ending_count;
    allostat_ending ending[OWNERS * ALLOSTAT_SUPPORT_SLOTS + 1];
} owners;

static void collect_owners(const allostat_residents *residents, size_t first,
                           size_t count, owners *block)
{
    const uint8_t *ties = residents->support_count + first;
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        block->person[found] = (uint32_t)(first + i);
        block->filled[found] = ties[i];
        found += ties[i] > 0;
    }
    block->count = found;
}

/* Those who have ties in the next four slots, too. */
static void keep_owners_of_more(owners *block)
{
    size_t kept = 0;

    for (size_t i = 0; i < block->count; i++) {
        const int32_t more = block->filled[i] - (int32_t)ALLOSTAT_DRAW_LANES;

        block->person[kept] = block->person[i];
        block->filled[kept] = (uint8_t)more;
        kept += more > 0;
    }
    block->count = kept;
}

/* Whose ties might end, and which of them. */
ALLOSTAT_HOT
static void find_may_end(owners *restrict block, uint64_t most)
{
    const uint32_t *restrict a = block->bits[0], *restrict b = block->bits[1];
    const uint32_t *restrict c = block->bits[2], *restrict d = block->bits[3];
    const uint8_t *restrict filled = block->filled;
    const uint32_t last = most > 0 ? (uint32_t)(most - 1) : 0;
    uint8_t *restrict may_end = block->may_end;
    const size_t count = block->count;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        may_end[i] = (uint8_t)((a[i] <= last) + 2 * ((b[i] <= last) & (filled[i] > 1)) +
                               4 * ((c[i] <= last) & (filled[i] > 2)) +
                               8 * ((d[i] <= last) & (filled[i] > 3)));
}

static size_t list_may_end(owners *block)
{
    size_t found = 0;

    for (size_t i = 0; i < block->count; i++) { /* no branch: one in a few */
        block->candidate[found] = (uint16_t)i;
        found += block->may_end[i] != 0;
    }
    return found;
}

/* Ties in four slots whose bits are low enough for some tie, with partners in later
 * rows, go into `ending`: returns how many. No branch on partners, for half are such;
 * seldom has somebody two ties that may end. Slots are asked for of these people only:
 * those of others are not read. */
static size_t list_low(const end_terms *terms, int32_t slots, owners *block,
                       size_t found, allostat_ending *ending)
{
    const allostat_support_ties *ties = terms->people->residents->support_ties;
    size_t count = 0;

    for (size_t c = 0; c < found; c++) {
        const size_t ahead = c + AHEAD < found ? c + AHEAD : c;
        const size_t i = block->candidate[c];
        const uint32_t low = block->person[i], *slot = ties[low].slot + slots;

        allostat_hint(&ties[block->person[block->candidate[ahead]]]);
        for (uint32_t left = block->may_end[i]; left != 0; left &= left - 1) {
            const size_t lane = allostat_lowest_bit(left);

            ending[count] = (allostat_ending){low, slot[lane] - 1};
            block->low_bits[count] = block->bits[lane][i];
            count += slot[lane] > low + 1;
        }
    }
    return count;
}

/* Ties of a block's people in the four slots from `slots` on. */
static void decide_slots(const endings *self, const end_terms *terms, int32_t slots,
                         owners *block)
{
    const uint32_t call = allostat_draw_table[ALLOSTAT_DRAW_support_end_0].call;
    const int32_t lanes = ALLOSTAT_DRAW_LANES;

    allostat_draws_fill(self->people->key, call, terms->day, (uint32_t)(slots / lanes),
                        block->person, block->count, OWNERS, block->bits[0]);
    find_may_end(block, terms->most);
    allostat_ending *ending = block->ending + block->ending_count;
    const size_t low = list_low(terms, slots, block, list_may_end(block), ending);
    size_t count = 0;

    for (size_t i = 0; i < low; i++) { /* no branch: some end, some do not */
        const bool over = ends(terms, ending[i], block->low_bits[i]);

        ending[count] = ending[i];
        count += over;
    }
    block->ending_count += count;
}

/* Puts an end into the list of the part that takes it away. */
static inline void give(const allostat_cut *cut, allostat_endings_found *piece,
                        allostat_ending end)
{
    allostat_ending_list *own = &piece->own[allostat_cut_part(cut, end.person)];

    own->ending[own->count++] = end;
}

/* Gives both ends of what ends, in the order in which they are taken away: from the
 * last person to the first, of each person's in the order of the list. */
static void give_all(const allostat_cut *cut, const owners *block,
                     allostat_endings_found *piece)
{
    const allostat_ending *ending = block->ending;

    for (size_t part = 0; part < cut->parts; part++) {
        piece->status =
            reserve(&piece->own[part], 2 * block->ending_count, &piece->error);
        if (piece->status != ALLOSTAT_OK) return;
    }
    for (size_t end = block->ending_count; end > 0;) {
        size_t first = end - 1; /* of the person's */

        while (first > 0 && ending[first - 1].person == ending[first].person) first--;
        for (size_t i = first; i < end; i++) {
            const allostat_ending low = ending[i];

            give(cut, piece, low);
            give(cut, piece, (allostat_ending){low.partner, low.person});
        }
        end = first;
    }
}

/* Support ties of the blocks that are due, from the last to the first. */
static void decide_blocks(const endings *self, size_t first, size_t end,
                          allostat_endings_found *piece)
{
    const allostat_residents *residents = self->people->residents;
    const size_t rows = ALLOSTAT_SHARE_ROWS;
    owners block;

    while (end > first && piece->status == ALLOSTAT_OK) {
        const size_t begin = (end - 1) / rows * rows, count = end - begin;
        const end_terms *terms = &self->terms[allostat_turn_pace(&self->turn, begin)];

        end = begin;
        if ((terms->people->month + (int32_t)(begin / rows)) % terms->months != 0)
            continue;
        collect_owners(residents, begin, count, &block);
        block.ending_count = 0;
        for (int32_t slots = 0; slots < ALLOSTAT_SUPPORT_SLOTS && block.count > 0;
             slots += ALLOSTAT_DRAW_LANES) {
            decide_slots(self, terms, slots, &block);
            keep_owners_of_more(&block);
        }
        give_all(&self->ties->cut, &block, piece);
    }
}

/* A piece notes which ties of its people end; they end later, for a tie has an end in
 * another piece. The first people are the lower end of most. */
static void decide_piece(void *context, size_t piece, size_t unused_first,
                         size_t unused)
{
    const endings *self = context;
    const size_t first = allostat_ties_first_row(&self->turn, piece, self->pieces);
    const size_t end = allostat_ties_first_row(&self->turn, piece + 1, self->pieces);
    allostat_endings_found *found = &self->ties->ends[piece];

    (void)unused_first, (void)unused;
    found->status = ALLOSTAT_OK;
    if (self->kind == ALLOSTAT_TIE_using) {
        found->found.count = 0;
        decide_using(self, first, end, found);
    } else {
        for (size_t p = 0; p < self->ties->cut.parts; p++) found->own[p].count = 0;
        decide_blocks(self, first, end, found);
    }
}

/* Ends that a part takes away one after the other. */
enum { SOME_ENDS = 2048 };
typedef struct {
    size_t count;
    allostat_ending end[SOME_ENDS];
} some_ends;

/* Ties end in the order of the lower end; the higher end lies anywhere and takes 2.6
 * times as long. */
ALLOSTAT_HOT
static uint64_t cost_of(const some_ends *some)
{
    const uint32_t low = 5, high = 13;
    uint32_t sum = 0;

    for (size_t i = 0; i < some->count; i++)
        sum += some->end[i].person < some->end[i].partner ? low : high;
    return sum;
}

static void hint_slots(const allostat_residents *residents, uint32_t person)
{
    allostat_hint_write(&residents->support_ties[person]);
    allostat_hint_write(&residents->support_count[person]);
}

/* Returns what it has cost. */
static uint64_t end_some(const allostat_ties_people *people, some_ends *some)
{
    const size_t count = some->count;

    for (size_t i = 0; i < AHEAD && i < count; i++)
        hint_slots(people->residents, some->end[i].person);
    for (size_t i = 0; i < count; i++) {
        const size_t ahead = i + AHEAD < count ? i + AHEAD : i;

        hint_slots(people->residents, some->end[ahead].person);
        allostat_tie_end_one(people->residents, people->users, ALLOSTAT_TIE_support,
                             some->end[i].person, some->end[i].partner);
    }
    return cost_of(some);
}

/* Each part takes away the ends of its own people, in the same order whatever the
 * parts: from the last piece to the first. */
static void end_support_part(void *context, size_t part, size_t unused_first,
                             size_t unused)
{
    endings *self = context;
    some_ends some;
    uint64_t cost = 0;

    (void)unused_first, (void)unused;
    some.count = 0;
    for (size_t p = self->pieces; p > 0; p--) {
        const allostat_ending_list *own = &self->ties->ends[p - 1].own[part];

        if (p > 1) allostat_hint(self->ties->ends[p - 2].own[part].ending);
        for (size_t from = 0; from < own->count;) {
            const size_t room = SOME_ENDS - some.count, left = own->count - from;
            const size_t more = left < room ? left : room;

            memcpy(some.end + some.count, own->ending + from, more * sizeof *some.end);
            some.count += more;
            from += more;
            if (some.count < SOME_ENDS) break;
            cost += end_some(self->people, &some);
            some.count = 0;
        }
    }
    self->cost[part] = cost + end_some(self->people, &some);
}

static int32_t slot_of(const allostat_ties_people *people, allostat_ending ending)
{
    const uint32_t *slot = allostat_tie_slots(people->residents, people->users,
                                              ALLOSTAT_TIE_using, ending.person);
    int32_t i = 0;

    while (i < ALLOSTAT_USING_SLOTS && slot[i] != ending.partner + 1) i++;
    return i;
}

/* Each person's endings in the order of slots as they are now; a few at most. */
static void order_by_slot(const allostat_ties_people *people, allostat_ending *ending,
                          size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const allostat_ending moved = ending[i];
        size_t at = i;

        for (; at > 0 && ending[at - 1].person == moved.person &&
               slot_of(people, ending[at - 1]) > slot_of(people, moved);
             at--)
            ending[at] = ending[at - 1];
        ending[at] = moved;
    }
}

static void hint_using(const allostat_ties_people *people, uint32_t person)
{
    const int32_t row = people->residents->user_row[person];

    if (row < 0) return;
    allostat_hint_write(&people->users->using_ties[row]);
    allostat_hint_write(&people->users->using_count[row]);
}

/* Few people use: their ties end one by one, in the order of slots, from which a
 * witness is picked. */
static void end_using(const endings *self)
{
    const allostat_ties_people *people = self->people;
    size_t last;

    for (size_t p = 0; p < self->pieces; p++) {
        const allostat_ending_list *list = &self->ties->ends[p].found;
        allostat_ending *ending = list->ending;

        for (size_t first = 0; first < list->count; first = last) {
            const uint32_t person = ending[first].person;

            if (first + USERS_AHEAD < list->count) {
                hint_using(people, ending[first + USERS_AHEAD].person);
                hint_using(people, ending[first + USERS_AHEAD].partner);
            }
            for (last = first; last < list->count && ending[last].person == person;)
                last++;
            order_by_slot(people, ending + first, last - first);
            for (size_t i = first; i < last; i++)
                allostat_tie_end(people->residents, people->users, ALLOSTAT_TIE_using,
                                 ending[i].person, ending[i].partner);
        }
    }
}

/* Support ties that are looked at by the month have their turn once in some months. */
static endings endings_of(allostat_ties *self, const allostat_ties_people *people,
                          allostat_tie_kind kind)
{
    const bool support = kind == ALLOSTAT_TIE_support;
    endings all = {
        .ties = self,
        .people = people,
        .kind = kind,
        .turn = support ? people->turn
                        : allostat_turn_make(people->residents, 1, people->month),
        .pieces = allostat_share_piece_count(people->share)};
    const int32_t months = all.turn.months;

    all.terms[ALLOSTAT_PACE_month] =
        end_terms_make(self, people, kind, support ? SUPPORT_MONTHS : 1);
    all.terms[ALLOSTAT_PACE_turn] = end_terms_make(self, people, kind, months);
    return all;
}

static allostat_status check(const endings *self, allostat_error *error)
{
    for (size_t p = 0; p < self->pieces; p++) {
        const allostat_endings_found *piece = &self->ties->ends[p];

        if (piece->status == ALLOSTAT_OK) continue;
        *error = piece->error;
        return piece->status;
    }
    return ALLOSTAT_OK;
}

allostat_status allostat_ties_end(allostat_ties *self,
                                  const allostat_ties_people *people,
                                  allostat_tie_kind kind, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    endings all = endings_of(self, people, kind);

    if (kind == ALLOSTAT_TIE_support)
        allostat_cut_rows(&self->cut, allostat_share_part_count(people->share),
                          people->residents->row_count);
    allostat_share_pieces(people->share, all.pieces, decide_piece, &all);
    ALLOSTAT_TRY(check(&all, error));
    if (kind == ALLOSTAT_TIE_support) {
        allostat_share_pieces(people->share, self->cut.parts, end_support_part, &all);
        allostat_cut_learn(&self->cut, all.cost);
    } else {
        end_using(&all);
    }
cleanup:
    return status;
}
