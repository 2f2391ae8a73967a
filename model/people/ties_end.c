#include "base/columns.h"
#include "base/hot.h"
#include "people/ties_parts.h"

#include <string.h>

/* People whose ties are looked at together, so that their pairs stay in cache. */
enum {
    SUPPORT_TURNS = 3,
    FATE_PEOPLE = 256,
    FATE_PAIRS = (int)FATE_PEOPLE * (int)ALLOSTAT_USING_SLOTS
};

/* The pairs of a few people, with the random bits that decide about them. */
typedef struct {
    uint32_t low[FATE_PAIRS], high[FATE_PAIRS]; /* rows */
    uint32_t low_number[FATE_PAIRS], high_number[FATE_PAIRS];
    uint32_t bits[ALLOSTAT_DRAW_LANES * FATE_PAIRS];
    uint8_t slot[FATE_PAIRS];
    size_t count;
} fates;

/* Pairs of which this person is the lower number; no branch, for most ties stay. */
static inline size_t collect(const uint32_t *slot, int32_t slot_count, uint32_t person,
                             fates *pairs, size_t count)
{
    for (int32_t i = 0; i < slot_count; i++) {
        pairs->low[count] = person;
        pairs->high[count] = slot[i] - 1;
        pairs->slot[count] = (uint8_t)i;
        count += slot[i] > person + 1;
    }
    return count;
}

static void collect_support(const allostat_residents *residents, size_t first,
                            size_t last, fates *pairs)
{
    size_t count = 0;

    for (size_t person = first; person < last; person++) {
        const int32_t ties = residents->support_count[person];
        const int32_t half = ALLOSTAT_SUPPORT_SLOTS / 2;

        if (ties == 0) continue;
        count = collect(residents->support_ties[person].slot,
                        ties > half ? (int32_t)ALLOSTAT_SUPPORT_SLOTS : half,
                        (uint32_t)person, pairs, count);
    }
    pairs->count = count;
}

static void collect_using(const allostat_residents *residents,
                          const allostat_users *users, size_t first, size_t last,
                          fates *pairs)
{
    uint8_t is_user[FATE_PEOPLE];
    const size_t people = last - first;
    size_t count = 0;

    allostat_find_users(residents->user_row + first, people, is_user);
    for (size_t i = allostat_next_flag(is_user, 0, people); i < people;
         i = allostat_next_flag(is_user, i + 1, people)) {
        const int32_t row = residents->user_row[first + i];
        count = collect(users->using_ties[row].slot, ALLOSTAT_USING_SLOTS,
                        (uint32_t)(first + i), pairs, count);
    }
    pairs->count = count;
}

ALLOSTAT_HOT
static void find_numbers(const uint32_t *restrict number, fates *restrict pairs)
{
    const size_t count = pairs->count;

    for (size_t i = 0; i < count; i++) {
        pairs->low_number[i] = number[pairs->low[i]];
        pairs->high_number[i] = number[pairs->high[i]];
    }
}

/* Chances that a tie ends, by the number of its ends that use. */
typedef struct {
    const allostat_ties_people *people;
    const allostat_draw_info *draw;
    allostat_day day;
    int32_t turns; /* a tie is looked at once in so many months */
    double chance[3];
    uint32_t most;  /* bits from here on keep every tie */
    uint32_t least; /* bits below end every tie */
} end_terms;

static end_terms end_terms_make(const allostat_ties_people *people,
                                allostat_tie_kind kind)
{
    const allostat_params *params = people->params;
    const bool support = kind == ALLOSTAT_TIE_support;
    const double life = support ? params->ties_support_life : params->ties_using_life;
    const double ratio = support ? params->ties_use_end_ratio : 1.0;
    const allostat_draw draw =
        support ? ALLOSTAT_DRAW_support_end : ALLOSTAT_DRAW_using_end;
    end_terms self = {.people = people,
                      .draw = &allostat_draw_table[draw],
                      .day = allostat_month_first_day(people->month),
                      .turns = support ? SUPPORT_TURNS : 1};
    double most = 0.0, least = 1.0;

    for (int32_t n = 0; n <= 2; n++) {
        self.chance[n] = allostat_tie_end_chance(life, ratio, n, self.turns);
        if (self.chance[n] > most) most = self.chance[n];
        if (self.chance[n] < least) least = self.chance[n];
    }
    self.most = (uint32_t)(most * 0x1p32) + 1;
    self.least = least * 0x1p32 > 1.0 ? (uint32_t)(least * 0x1p32) - 1 : 0;
    return self;
}

/* Each tie's fate is drawn with the key of the pair. */
static const uint32_t *draw_fates(const end_terms *terms, fates *pairs)
{
    find_numbers(terms->people->residents->number, pairs);
    allostat_draws_fill_rows(terms->people->key, terms->draw->call, terms->day,
                             &(allostat_draw_rows){pairs->low_number,
                                                   pairs->high_number, pairs->count,
                                                   pairs->bits, FATE_PAIRS});
    return pairs->bits + terms->draw->lane * FATE_PAIRS;
}

static bool is_due(const end_terms *terms, const fates *pairs, size_t i, uint32_t bits)
{
    const allostat_ties_people *people = terms->people;

    if (bits < terms->least) return true;
    const int32_t using_ends =
        allostat_person_uses(people->residents, people->users, pairs->low[i]) +
        allostat_person_uses(people->residents, people->users, pairs->high[i]);

    return ((double)bits + 0.5) * 0x1p-32 < terms->chance[using_ends];
}

/* Rows whose numbers share all but the last digits, up to `end`. Support ties live for
 * years: a third of such groups is looked at each month, for three months at once. */
static size_t end_of_group(const allostat_residents *residents, size_t first,
                           size_t end)
{
    const uint32_t group = residents->number[first] / FATE_PEOPLE;
    size_t last = end - first < FATE_PEOPLE ? end : first + FATE_PEOPLE;

    while (residents->number[last - 1] / FATE_PEOPLE != group) last--;
    return last;
}

static void decide_group(const end_terms *terms, size_t first, size_t last)
{
    allostat_residents *residents = terms->people->residents;
    fates pairs;

    collect_support(residents, first, last, &pairs);
    const uint32_t *bits = draw_fates(terms, &pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        if (bits[i] >= terms->most || !is_due(terms, &pairs, i, bits[i])) continue;
        residents->support_ends[pairs.low[i]] |= (uint8_t)(1u << pairs.slot[i]);
    }
}

/* A block notes which ties end; they end later, one after the other, for a tie has an
 * end in another block. */
static void decide_block(void *context, size_t block, size_t first, size_t count)
{
    const end_terms *terms = context;
    const allostat_residents *residents = terms->people->residents;
    const size_t end = first + count;
    size_t last;

    (void)block;
    memset(residents->support_ends + first, 0, count);
    for (; first < end; first = last) {
        const size_t turn =
            residents->number[first] / FATE_PEOPLE + (size_t)terms->people->month;

        last = end_of_group(residents, first, end);
        if (turn % (size_t)terms->turns == 0) decide_group(terms, first, last);
    }
}

/* Partners first: ending a tie moves others to other slots. */
static void end_noted(const allostat_ties_people *people, uint32_t low)
{
    const uint8_t ends = people->residents->support_ends[low];
    const allostat_support_ties ties = people->residents->support_ties[low];

    for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS; i++) {
        if (ends >> i & 1)
            allostat_tie_end(people->residents, people->users, ALLOSTAT_TIE_support,
                             low, ties.slot[i] - 1);
    }
}

static void hint_noted(const allostat_residents *residents, uint32_t low)
{
    const uint8_t ends = residents->support_ends[low];

    for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS; i++) {
        if (ends >> i & 1)
            allostat_ties_hint(residents, residents->support_ties[low].slot[i] - 1);
    }
}

/* From the last person to the first: who is looked at has lost only ties to people
 * before, whose slots are still as they were when bits were noted for them. */
void allostat_ties_end_support(const allostat_ties_people *people)
{
    end_terms terms = end_terms_make(people, ALLOSTAT_TIE_support);
    const allostat_residents *residents = people->residents;

    allostat_share_rows(people->share, residents->row_count, decide_block, &terms);
    for (size_t first = residents->row_count; first > 0;) {
        const size_t rest = first % FATE_PEOPLE, count = rest > 0 ? rest : FATE_PEOPLE;
        const uint8_t *ends = residents->support_ends + first - count;
        uint32_t low[FATE_PEOPLE];
        size_t found = 0;

        first -= count;
        for (size_t i = allostat_next_flag(ends, 0, count); i < count;
             i = allostat_next_flag(ends, i + 1, count)) {
            hint_noted(residents, (uint32_t)(first + i));
            low[found++] = (uint32_t)(first + i);
        }
        while (found > 0) end_noted(people, low[--found]);
    }
}

/* Few people use: their ties are decided and ended in turn, which keeps the order of
 * slots, from which a witness is picked. */
void allostat_ties_end_using(const allostat_ties_people *people)
{
    const end_terms terms = end_terms_make(people, ALLOSTAT_TIE_using);
    const size_t all = people->residents->row_count;
    fates pairs;

    for (size_t first = 0; first < all; first += FATE_PEOPLE) {
        const size_t last = all - first < FATE_PEOPLE ? all : first + FATE_PEOPLE;

        collect_using(people->residents, people->users, first, last, &pairs);
        const uint32_t *bits = draw_fates(&terms, &pairs);
        for (size_t i = 0; i < pairs.count; i++) {
            if (bits[i] < terms.most && is_due(&terms, &pairs, i, bits[i]))
                allostat_tie_end(people->residents, people->users, ALLOSTAT_TIE_using,
                                 pairs.low[i], pairs.high[i]);
        }
    }
}
