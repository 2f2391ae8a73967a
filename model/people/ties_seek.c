#include "base/columns.h"
#include "base/hot.h"
#include "people/ties_parts.h"

/* People who are looked at together, so that their pairs stay in cache; free places and
 * steps of avoidance that have bounds. */
enum {
    SEARCHERS = 1024,
    SEARCHER_BITS = 10, /* of a row within a block */
    STEPS = ALLOSTAT_SEARCH_STEPS,
    BOUNDS = ((int)ALLOSTAT_SUPPORT_SLOTS + 1) * (int)STEPS
};

/* Bounds on the number of meetings that a free place lets expect, by step of avoidance.
 */
typedef struct {
    float most[STEPS], least[STEPS]; /* of somebody at home who does not use */
    double largest_ratio;            /* of others to them */
} meeting_bounds;

/* What all parts of a search share; bounds on the chance of meeting somebody, by free
 * places and step of avoidance. */
typedef struct {
    allostat_ties *ties;
    const allostat_ties_people *people;
    allostat_tie_kind kind;
    float limit[BOUNDS]; /* not below anybody's chance */
    float sure[BOUNDS];  /* not above that of somebody at home who does not use */
    meeting_bounds meetings;
    allostat_seeker_terms seekers;
} search;

/* Expected number of meetings of a person this month: free places x ratio / (12
 * search); 0 without a free place. Those who have just turned 15 have grown up among
 * family and friends: they meet somebody every month. */
static double support_meetings(const search *self, uint32_t person)
{
    const allostat_residents *residents = self->people->residents;
    const allostat_params *params = self->people->params;
    const int32_t free_places =
        residents->support_wanted[person] - residents->support_count[person];
    const int32_t age =
        allostat_age_in_month(residents->birth_month[person], self->people->month);
    const double certain = 1e3;

    if (age == ALLOSTAT_AGE_OF_ENTRY) return certain;
    return free_places *
           allostat_support_search_ratio(
               params, residents, person,
               allostat_marks_hold(&self->ties->active, person)) /
           (ALLOSTAT_MONTHS_A_YEAR * params->ties_support_search);
}

/* The same of who wants a tie of using together. */
static double using_meetings(const search *self, uint32_t person)
{
    const allostat_params *params = self->people->params;
    const allostat_users *users = self->people->users;
    const int32_t row = self->people->residents->user_row[person];
    const int32_t free_places = users->using_wanted[row] - users->using_count[row];

    return free_places *
           allostat_avoidance_search_ratio(params, (double)users->avoidance[row]) /
           (ALLOSTAT_MONTHS_A_YEAR * params->ties_using_search);
}

ALLOSTAT_HOT
static void bound_meetings(const allostat_params *params, meeting_bounds *bounds)
{
    const double margin = 0x1p-10; /* for rounding */
    const double rate = 1.0 / (ALLOSTAT_MONTHS_A_YEAR * params->ties_support_search);
    const double use = params->ties_use_search_ratio;
    const double homeless = params->ties_homeless_search_ratio;
    const double slope = params->ties_avoidance_search;
    double ratio[STEPS + 1]; /* at the beginning of each step */

    bounds->largest_ratio = (use > 1.0 ? use : 1.0) * (homeless > 1.0 ? homeless : 1.0);
#pragma omp simd
    for (int32_t step = 0; step <= STEPS; step++)
        ratio[step] = allostat_exp(-slope * allostat_search_step_begin(step));
    for (int32_t step = 0; step < STEPS; step++) {
        const double low = ratio[step], high = ratio[step + 1];

        bounds->most[step] = (float)(rate * (1.0 + margin) * (low > high ? low : high));
        bounds->least[step] =
            (float)(rate * (1.0 - margin) * (low < high ? low : high));
    }
}

/* 1 - e^-m lies between m - m^2/2 + m^3/6 - m^4/24 and the same without the last term:
 * few people need an exponential. */
ALLOSTAT_HOT
static void make_bounds(search *self)
{
    const float *restrict most = self->meetings.most;
    const float *restrict least = self->meetings.least;

    bound_meetings(self->people->params, &self->meetings);
    for (int32_t free = 0; free <= (int32_t)ALLOSTAT_SUPPORT_SLOTS; free++) {
        const float places = (float)free;
        const float most_places = places * (float)self->meetings.largest_ratio;
        float *restrict limit = self->limit + free * STEPS;
        float *restrict sure = self->sure + free * STEPS;

#pragma omp simd
        for (int32_t step = 0; step < STEPS; step++) {
            const float m = most_places * most[step], n = places * least[step];

            limit[step] = m * (1.0f - m * (1.0f / 2 - m * (1.0f / 6)));
            sure[step] = n * (1.0f - n * (1.0f / 2 - n * (1.0f / 6 - n * (1.0f / 24))));
        }
    }
}

/* Where nothing is known no draw is as large as the limit. */
static void leave_unbounded(search *self)
{
    for (int32_t free = 1; free <= (int32_t)ALLOSTAT_SUPPORT_SLOTS; free++) {
        const int32_t at = free * STEPS + ALLOSTAT_SEARCH_STEP_unknown;

        self->limit[at] = 2.0f;
        self->sure[at] = 0.0f;
    }
}

/* The searchers of a block with their draws. */
typedef struct {
    uint32_t person[SEARCHERS], bits[ALLOSTAT_DRAW_LANES][SEARCHERS];
    int32_t bound[SEARCHERS]; /* where their bounds stand */
    uint8_t may_meet[SEARCHERS];
    size_t count;
} searchers;

/* A word for each person of a block: the row within it, before that where the bounds
 * stand, which is behind STEPS for those with a free place. */
ALLOSTAT_HOT
static void find_bounds(const allostat_residents *residents, size_t first, size_t count,
                        uint32_t *restrict word)
{
    const uint8_t *restrict wanted = residents->support_wanted + first;
    const uint8_t *restrict have = residents->support_count + first;
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict step = residents->search_step + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int is_free =
            (wanted[i] > have[i]) & (status[i] == ALLOSTAT_RESIDENT_present);
        const uint8_t places = (uint8_t)(is_free ? wanted[i] - have[i] : 0);

        word[i] = (uint32_t)(places * STEPS + step[i]) << SEARCHER_BITS | (uint32_t)i;
    }
}

ALLOSTAT_HOT
static void take_apart(const uint32_t *restrict word, size_t first,
                       searchers *restrict block)
{
    const uint32_t row_mask = SEARCHERS - 1, begin = (uint32_t)first;
    const size_t count = block->count;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        block->person[i] = begin + (word[i] & row_mask);
        block->bound[i] = (int32_t)(word[i] >> SEARCHER_BITS);
    }
}

/* Is u below the chance of one meeting or more? 1 - e^-m lies between m - m^2/2 and m.
 */
static bool meets(double meetings, double u)
{
    const double half = 0.5, below_one = 1.0 - 0x1p-20; /* for rounding */

    if (u >= meetings) return false;
    return u < meetings * (1.0 - half * meetings) * below_one ||
           u < allostat_tie_search_chance(meetings);
}

/* Lines of the columns that are read of the rows from `row` on. */
static void hint_rows(const allostat_residents *residents, size_t row)
{
#define HINT(column) ALLOSTAT_HINT_ROWS(residents->column, row)

    HINT(support_wanted);
    HINT(status);
    HINT(search_step);
    HINT(number);
    HINT(birth_month);
    HINT(area);
    HINT(housing);
#undef HINT
    allostat_hint_write(residents->support_count + row);
}

/* People of a block with a free place. To list them waits for no memory: meanwhile the
 * next block's is asked for. */
static void collect_searchers(const search *self, size_t first, size_t all,
                              searchers *block)
{
    const allostat_residents *residents = self->people->residents;
    const uint32_t least = (uint32_t)STEPS << SEARCHER_BITS;
    uint32_t word[SEARCHERS];
    size_t count = 0;

    find_bounds(residents, first, all, word);
    for (size_t i = 0; i < all;) {
        const size_t end =
            all - i < ALLOSTAT_HINTED_ROWS ? all : i + ALLOSTAT_HINTED_ROWS;

        hint_rows(residents, first + SEARCHERS + i);
        for (; i < end; i++) { /* no branch: free places are many */
            const uint32_t own = word[i];

            word[count] = own;
            count += own >= least;
        }
    }
    block->count = count;
    take_apart(word, first, block);
}

ALLOSTAT_HOT
static void find_candidates(const search *self, const uint32_t *restrict bits,
                            searchers *restrict block, size_t count)
{
    const float *restrict limit = self->limit;
    const int32_t *restrict bound = block->bound;
    uint8_t *restrict may_meet = block->may_meet;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        may_meet[i] = allostat_uniform_from_bits(bits[i]) < limit[bound[i]];
}

/* Of those who have turned 16 since their step was left open. */
static void learn_step(const search *self, uint32_t person)
{
    allostat_residents *residents = self->people->residents;
    const int32_t birth_month = residents->birth_month[person];

    if (allostat_age_in_month(birth_month, self->people->month) ==
        ALLOSTAT_AGE_OF_ENTRY)
        return;
    residents->search_step[person] = allostat_search_step(
        residents->attachment_avoidance[person], birth_month, self->people->month);
}

/* Most answers follow from bounds: the exact chance waits for a line of memory. */
static bool looks_for_support(const search *self, uint32_t person, int32_t bound,
                              double u)
{
    const int32_t step = bound % STEPS, free_places = bound / STEPS;
    const double ratio =
        allostat_search_ratio_of_use(self->people->params,
                                     allostat_marks_hold(&self->ties->active, person)) *
        allostat_search_ratio_of_home(self->people->params, self->people->residents,
                                      person);

    if (step == ALLOSTAT_SEARCH_STEP_unknown)
        learn_step(self, person);
    else if (u >= free_places * (double)self->meetings.most[step] * ratio)
        return false;
    return (u < (double)self->sure[bound] && ratio >= 1.0) ||
           meets(support_meetings(self, person), u);
}

static bool looks(const search *self, uint32_t person, int32_t bound, double u)
{
    if (self->kind == ALLOSTAT_TIE_using) return meets(using_meetings(self, person), u);
    return looks_for_support(self, person, bound, u);
}

/* Searchers of a block who may meet somebody; no branch, for it cannot be foretold. */
static size_t list_candidates(const searchers *block, size_t count, uint16_t *candidate)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        candidate[found] = (uint16_t)i;
        found += block->may_meet[i] != 0;
    }
    return found;
}

/* The people of a block who look for a tie this month. */
static void seek_in_block(const search *self, searchers *block,
                          allostat_seeker_list *list)
{
    const allostat_draw_info *info = allostat_draw_table;
    const uint32_t *bits = block->bits[info[ALLOSTAT_DRAW_tie_search].lane];
    const size_t count = block->count;
    const bool is_support = self->kind == ALLOSTAT_TIE_support;
    uint8_t *have = self->people->residents->support_count;
    uint16_t candidate[SEARCHERS + 1];

    list->status = allostat_seekers_reserve(list, count, &list->error);
    if (list->status != ALLOSTAT_OK) return;
    block->count = 0;
    allostat_draws_fill(self->people->key, info[ALLOSTAT_DRAW_tie_search].call,
                        allostat_month_first_day(self->people->month),
                        (uint32_t)self->kind, block->person, count, SEARCHERS,
                        block->bits[0]);
    find_candidates(self, bits, block, count);
    const size_t found = list_candidates(block, count, candidate);

    for (size_t c = 0; c < found; c++) {
        const size_t i = candidate[c];
        const uint32_t person = block->person[i];

        if (!looks(self, person, block->bound[i],
                   allostat_double_uniform_from_bits(bits[i])))
            continue;
        have[person] = (uint8_t)(have[person] + is_support);
        list->seeker[list->count++] = allostat_ties_seeker(
            &self->seekers, person,
            (allostat_search_bits){block->bits[info[ALLOSTAT_DRAW_tie_pool].lane][i],
                                   block->bits[info[ALLOSTAT_DRAW_tie_meeting].lane][i],
                                   block->bits[info[ALLOSTAT_DRAW_tie_rank].lane][i]});
    }
}

static void seek_support(const search *self, size_t first, size_t end,
                         allostat_seeker_list *list)
{
    searchers block;

    for (; first < end && list->status == ALLOSTAT_OK; first += SEARCHERS) {
        collect_searchers(self, first,
                          end - first < SEARCHERS ? end - first : SEARCHERS, &block);
        seek_in_block(self, &block, list);
    }
}

static bool wants_using_tie(const search *self, size_t person)
{
    const allostat_users *users = self->people->users;
    const int32_t row = self->people->residents->user_row[person];

    return (users->active[row] != 0) &
           (users->using_count[row] < users->using_wanted[row]);
}

/* Of users everybody is looked at: they are few. */
static void collect_user(uint32_t person, searchers *block)
{
    block->bound[block->count] = STEPS + ALLOSTAT_SEARCH_STEP_unknown;
    block->person[block->count++] = person;
}

static void seek_using(const search *self, size_t first, size_t end,
                       allostat_seeker_list *list)
{
    const allostat_marks *wanted = &self->ties->using_wanted;
    searchers block;

    block.count = 0;
    for (size_t person = allostat_marks_next(wanted, first, end);
         person < end && list->status == ALLOSTAT_OK;
         person = allostat_marks_next(wanted, person + 1, end)) {
        if (!wants_using_tie(self, person)) continue;
        collect_user((uint32_t)person, &block);
        if (block.count == SEARCHERS) seek_in_block(self, &block, list);
    }
    if (list->status == ALLOSTAT_OK) seek_in_block(self, &block, list);
}

/* Each piece has a list of its own; together they are in order of person. */
static void seek_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const search *self = context;
    const size_t pieces = allostat_share_piece_count(self->people->share);
    const allostat_turn all =
        allostat_turn_make(self->people->residents, 1, self->people->month);
    allostat_seeker_list *list = &self->ties->part[piece];

    (void)unused_first, (void)unused;
    list->count = 0;
    list->status = ALLOSTAT_OK;
    if (self->kind == ALLOSTAT_TIE_support)
        seek_support(self, allostat_share_first_row(all.row_count, piece, pieces),
                     allostat_share_first_row(all.row_count, piece + 1, pieces), list);
    else
        seek_using(self, allostat_ties_first_row(&all, piece, pieces),
                   allostat_ties_first_row(&all, piece + 1, pieces), list);
}

allostat_status allostat_ties_seek(allostat_ties *self,
                                   const allostat_ties_people *people,
                                   allostat_tie_kind kind, allostat_error *error)
{
    search all = {.ties = self,
                  .people = people,
                  .kind = kind,
                  .seekers = allostat_seeker_terms_make(self, people, kind)};

    if (kind == ALLOSTAT_TIE_support) make_bounds(&all);
    leave_unbounded(&all);
    allostat_share_pieces(people->share, allostat_share_piece_count(people->share),
                          seek_piece, &all);
    return allostat_ties_gather(self, kind, people->share, error);
}
