#include "people/ties_month.h"

#include "people/ties_parts.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

/* People whose ties are looked at together, so that their pairs stay in cache. */
enum {
    SEARCHERS = 1024,
    SUPPORT_TURNS = 3,
    STEPS_A_SD = 8,
    AVOIDANCE_STEPS = 96, /* from six standard deviations below the mean to six above */
    FATE_PEOPLE = 256,
    FATE_PAIRS = (int)FATE_PEOPLE * (int)ALLOSTAT_USING_SLOTS
};

/* The pairs of a few people, with the random bits that decide about them. */
typedef struct {
    uint32_t low[FATE_PAIRS], high[FATE_PAIRS]; /* rows */
    uint32_t low_number[FATE_PAIRS], high_number[FATE_PAIRS];
    uint32_t bits[ALLOSTAT_DRAW_LANES * FATE_PAIRS];
    size_t count;
} fates;

void allostat_ties_free(allostat_ties *self)
{
    for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++)
        allostat_meeting_free(&self->meeting[kind]);
    allostat_column_free((void **)&self->target);
    memset(self, 0, sizeof *self);
}

size_t allostat_ties_bytes(const allostat_ties *self)
{
    size_t bytes = 0;

    for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++) {
        const allostat_meeting *meeting = &self->meeting[kind];
        bytes +=
            (meeting->capacity + meeting->sorted_capacity) * sizeof *meeting->seeker +
            meeting->start_capacity * sizeof *meeting->start;
    }
    return bytes;
}

/* The people whose numbers share all but the last digits: a third of such groups is
 * looked at each month. */
typedef struct {
    size_t first, last; /* rows */
    size_t turn;
} people_group;

static people_group group_from(const allostat_residents *residents, size_t first)
{
    const uint32_t turn = residents->number[first] / FATE_PEOPLE;
    people_group group = {first, residents->row_count, turn};

    if (group.last - first > FATE_PEOPLE) group.last = first + FATE_PEOPLE;
    while (residents->number[group.last - 1] / FATE_PEOPLE != turn) group.last--;
    return group;
}

/* Pairs of which this person is the lower number; no branch, for most ties stay. */
static inline size_t collect(const uint32_t *slot, int32_t slot_count, uint32_t person,
                             fates *pairs, size_t count)
{
    for (int32_t i = 0; i < slot_count; i++) {
        pairs->low[count] = person;
        pairs->high[count] = slot[i] - 1;
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

/* Flags the people of a block who have a user's row: about one in twenty. */
ALLOSTAT_HOT
static void find_users(const int32_t *restrict user_row, size_t count,
                       uint8_t *restrict is_user)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) is_user[i] = user_row[i] >= 0;
}

static void collect_using(const allostat_residents *residents,
                          const allostat_users *users, size_t first, size_t last,
                          fates *pairs)
{
    uint8_t is_user[FATE_PEOPLE];
    const size_t people = last - first;
    size_t count = 0;

    find_users(residents->user_row + first, people, is_user);
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
    for (size_t i = 0; i < pairs->count; i++) {
        pairs->low_number[i] = number[pairs->low[i]];
        pairs->high_number[i] = number[pairs->high[i]];
    }
}

/* Chances that a tie ends, by the number of its ends that use. */
typedef struct {
    allostat_tie_kind kind;
    allostat_draw draw;
    int32_t turns; /* a tie is looked at once in so many months */
    double chance[3];
    uint32_t most; /* bits from here on keep every tie */
} end_terms;

static end_terms end_terms_make(const allostat_params *params, allostat_tie_kind kind)
{
    const bool support = kind == ALLOSTAT_TIE_support;
    const double life = support ? params->ties_support_life : params->ties_using_life;
    const double ratio = support ? params->ties_use_end_ratio : 1.0;
    end_terms self = {.kind = kind,
                      .draw =
                          support ? ALLOSTAT_DRAW_support_end : ALLOSTAT_DRAW_using_end,
                      .turns = support ? SUPPORT_TURNS : 1};

    for (int32_t n = 0; n <= 2; n++)
        self.chance[n] = allostat_tie_end_chance(life, ratio, n, self.turns);
    self.most = (uint32_t)(self.chance[2] * 0x1p32) + 1;
    return self;
}

static void end_if_due(const allostat_ties_people *people, const end_terms *terms,
                       uint32_t low, uint32_t high, uint32_t bits)
{
    const int32_t using_ends =
        allostat_person_uses(people->residents, people->users, low) +
        allostat_person_uses(people->residents, people->users, high);

    if (((double)bits + 0.5) * 0x1p-32 < terms->chance[using_ends])
        allostat_tie_end(people->residents, people->users, terms->kind, low, high);
}

/* Each tie's fate is drawn with the key of the pair and carried out at both ends.
 * Support ties live for years: a third of the city is looked at in turn, for three
 * months at once. */
static void end_ties(const allostat_ties_people *people, allostat_tie_kind kind)
{
    const end_terms terms = end_terms_make(people->params, kind);
    const allostat_draw_info *info = &allostat_draw_table[terms.draw];
    const allostat_day day = allostat_month_first_day(people->month);
    const size_t all = people->residents->row_count;
    fates pairs;
    const uint32_t *bits = pairs.bits + info->lane * FATE_PAIRS;

    people_group group;

    for (size_t first = 0; first < all; first = group.last) {
        group = group_from(people->residents, first);
        if ((group.turn + (size_t)people->month) % (size_t)terms.turns != 0) continue;
        if (kind == ALLOSTAT_TIE_support)
            collect_support(people->residents, first, group.last, &pairs);
        else
            collect_using(people->residents, people->users, first, group.last, &pairs);
        find_numbers(people->residents->number, &pairs);
        allostat_draws_fill_rows(people->key, info->call, day,
                                 &(allostat_draw_rows){pairs.low_number,
                                                       pairs.high_number, pairs.count,
                                                       pairs.bits, FATE_PAIRS});
        for (size_t i = 0; i < pairs.count; i++) {
            if (bits[i] < terms.most)
                end_if_due(people, &terms, pairs.low[i], pairs.high[i], bits[i]);
        }
    }
}

/* Expected number of meetings of a person this month: free places x ratio / (12
 * search); 0 without a free place. Those who have just turned 15 have grown up among
 * family and friends: they meet somebody every month. */
static double support_meetings(const allostat_ties_people *people, size_t person)
{
    const allostat_residents *residents = people->residents;
    const allostat_params *params = people->params;
    const int32_t free_places =
        residents->support_wanted[person] - residents->support_count[person];
    const int32_t age =
        allostat_age_in_month(residents->birth_month[person], people->month);
    const double certain = 1e3;

    if (age == ALLOSTAT_AGE_OF_ENTRY) return certain;
    return free_places *
           allostat_support_search_ratio(params, residents, people->users,
                                         (uint32_t)person) /
           (ALLOSTAT_MONTHS_A_YEAR * params->ties_support_search);
}

/* At least support_meetings, without an exponential: the ratio of search at the ends of
 * a narrow range of avoidance, and the largest ratios of use and housing. */
typedef struct {
    double most[AVOIDANCE_STEPS]; /* meetings for one free place */
} search_bounds;

static search_bounds search_bounds_make(const allostat_params *params)
{
    const double use = params->ties_use_search_ratio;
    const double homeless = params->ties_homeless_search_ratio;
    const double margin = 1.0 + 0x1p-10; /* for rounding */
    const double other = (use > 1.0 ? use : 1.0) * (homeless > 1.0 ? homeless : 1.0) *
                         margin /
                         (ALLOSTAT_MONTHS_A_YEAR * params->ties_support_search);
    search_bounds self;

    for (int32_t step = 0; step < AVOIDANCE_STEPS; step++) {
        const double low = (double)(step - AVOIDANCE_STEPS / 2) / STEPS_A_SD;
        const double at_low = allostat_avoidance_search_ratio(params, low);
        const double at_high =
            allostat_avoidance_search_ratio(params, low + 1.0 / STEPS_A_SD);

        self.most[step] = other * (at_low > at_high ? at_low : at_high);
    }
    return self;
}

/* Can somebody whose draw is u be left out at once? */
static bool surely_stays(const search_bounds *bounds,
                         const allostat_ties_people *people, uint32_t person, double u)
{
    const allostat_residents *residents = people->residents;
    const int32_t free_places =
        residents->support_wanted[person] - residents->support_count[person];
    const int32_t age =
        allostat_age_in_month(residents->birth_month[person], people->month);
    const float half = (float)AVOIDANCE_STEPS / 2;
    const float at = residents->attachment_avoidance[person] * STEPS_A_SD + half;

    if (age == ALLOSTAT_AGE_OF_ENTRY || at < 1.0f || at >= AVOIDANCE_STEPS - 1)
        return false;
    return u >= free_places * bounds->most[(int32_t)at];
}

static double using_meetings(const allostat_ties_people *people, size_t person)
{
    const allostat_params *params = people->params;
    const allostat_users *users = people->users;
    const int32_t row = people->residents->user_row[person];
    const int32_t free_places =
        users->using_wanted[row] -
        allostat_slots_filled(users->using_ties[row].slot, ALLOSTAT_USING_SLOTS);

    if (free_places <= 0) return 0.0;
    return free_places *
           allostat_avoidance_search_ratio(params, (double)users->avoidance[row]) /
           (ALLOSTAT_MONTHS_A_YEAR * params->ties_using_search);
}

ALLOSTAT_HOT
static void find_free_places(const allostat_residents *residents, size_t first,
                             size_t count, uint8_t *restrict found)
{
    const uint8_t *restrict wanted = residents->support_wanted + first;
    const uint8_t *restrict have = residents->support_count + first;
    const uint8_t *restrict status = residents->status + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        found[i] = (have[i] < wanted[i]) & (status[i] == ALLOSTAT_RESIDENT_present);
}

static size_t collect_active(const allostat_ties_people *people, size_t first,
                             size_t last, uint32_t *found)
{
    const size_t all = last - first;
    uint8_t is_user[SEARCHERS];
    size_t count = 0;

    find_users(people->residents->user_row + first, all, is_user);
    for (size_t i = allostat_next_flag(is_user, 0, all); i < all;
         i = allostat_next_flag(is_user, i + 1, all)) {
        found[count] = (uint32_t)(first + i);
        count += allostat_person_uses(people->residents, people->users, found[count]);
    }
    return count;
}

/* People of a block with a free place; for ties of using together all active users. */
static size_t collect_searchers(const allostat_ties_people *people,
                                allostat_tie_kind kind, size_t first, size_t last,
                                uint32_t *found)
{
    const allostat_residents *residents = people->residents;
    const size_t all = last - first;
    uint8_t flag[SEARCHERS];
    size_t count = 0;

    if (kind == ALLOSTAT_TIE_using) return collect_active(people, first, last, found);
    find_free_places(residents, first, all, flag);
    for (size_t i = 0; i < all; i++) { /* no branch: free places are many */
        found[count] = (uint32_t)(first + i);
        count += flag[i];
    }
    return count;
}

/* 1 - e^-m lies between m - m^2/2 and m: few people need an exponential. */
static bool meets(double meetings, double u)
{
    const double half = 0.5, margin = 1.0 - 0x1p-20; /* for rounding */

    if (u >= meetings) return false;
    return u < meetings * (1.0 - half * meetings) * margin ||
           u < allostat_tie_search_chance(meetings);
}

/* The people of a block who look for a tie this month. */
static void seek_in_block(allostat_ties *self, const allostat_ties_people *people,
                          const search_bounds *bounds, allostat_tie_kind kind,
                          size_t first, size_t last)
{
    const allostat_draw_info *info = allostat_draw_table;
    uint32_t person[SEARCHERS + 1], bits[ALLOSTAT_DRAW_LANES][SEARCHERS];
    const uint32_t *search = bits[info[ALLOSTAT_DRAW_tie_search].lane];
    const size_t count = collect_searchers(people, kind, first, last, person);

    allostat_draws_fill(people->key, info[ALLOSTAT_DRAW_tie_search].call,
                        allostat_month_first_day(people->month), (uint32_t)kind, person,
                        count, SEARCHERS, bits[0]);
    for (size_t i = 0; i < count; i++) {
        const double u = ((double)search[i] + 0.5) * 0x1p-32;

        if (kind == ALLOSTAT_TIE_support && surely_stays(bounds, people, person[i], u))
            continue;
        const double meetings = kind == ALLOSTAT_TIE_support
                                    ? support_meetings(people, person[i])
                                    : using_meetings(people, person[i]);

        if (!meets(meetings, u)) continue;
        allostat_ties_add_seeker(
            self, people, kind, person[i],
            (allostat_search_bits){bits[info[ALLOSTAT_DRAW_tie_pool].lane][i],
                                   bits[info[ALLOSTAT_DRAW_tie_meeting].lane][i],
                                   bits[info[ALLOSTAT_DRAW_tie_rank].lane][i]});
    }
}

/* Everybody who looks for a tie of a kind this month, in order of person. */
static allostat_status seek(allostat_ties *self, const allostat_ties_people *people,
                            allostat_tie_kind kind, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t all = people->residents->row_count;
    const search_bounds bounds = search_bounds_make(people->params);

    for (size_t first = 0; first < all; first += SEARCHERS) {
        ALLOSTAT_TRY(allostat_meeting_reserve(&self->meeting[kind], SEARCHERS, error));
        seek_in_block(self, people, &bounds, kind, first,
                      all - first < SEARCHERS ? all : first + SEARCHERS);
    }
cleanup:
    return status;
}

allostat_status allostat_ties_month(allostat_ties *self,
                                    const allostat_ties_people *people,
                                    int32_t formed[ALLOSTAT_TIE_KIND_COUNT],
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++) formed[kind] = 0;
    if (!people->params->mechanisms_ties) return ALLOSTAT_OK;
    for (int k = 0; k < ALLOSTAT_TIE_KIND_COUNT; k++) {
        const allostat_tie_kind kind = (allostat_tie_kind)k;
        allostat_ties_trial trial = {people, kind};

        end_ties(people, kind);
        ALLOSTAT_TRY(seek(self, people, kind, error));
        ALLOSTAT_TRY(allostat_meeting_pair(&self->meeting[kind], allostat_ties_try,
                                           &trial, &formed[kind], error));
    }
    allostat_peers_count(people->residents, people->users);
    if (!people->params->mechanisms_bereavement)
        allostat_bereavements_clear(people->residents);
cleanup:
    return status;
}
