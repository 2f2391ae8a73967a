#include "base/columns.h"
#include "base/hot.h"
#include "people/ties_parts.h"

/* People who are looked at together, so that their pairs stay in cache. */
enum {
    SEARCHERS = 1024,
    STEPS_A_SD = 8,
    AVOIDANCE_STEPS = 96 /* from six standard deviations below the mean to six above */
};

/* What all parts of a search share; bounds on the number of meetings that somebody at
 * home who does not use may expect for a free place, at the ends of a narrow range of
 * avoidance. The last range is of whom the table does not hold. */
typedef struct {
    allostat_ties *ties;
    const allostat_ties_people *people;
    allostat_tie_kind kind;
    float most[AVOIDANCE_STEPS + 1], least[AVOIDANCE_STEPS + 1];
    double largest_ratio; /* of use and housing */
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

static void make_bounds(search *self)
{
    const allostat_params *params = self->people->params;
    const double margin = 0x1p-10; /* for rounding */
    const double rate = 1.0 / (ALLOSTAT_MONTHS_A_YEAR * params->ties_support_search);
    const double use = params->ties_use_search_ratio;
    const double homeless = params->ties_homeless_search_ratio;

    self->largest_ratio = (use > 1.0 ? use : 1.0) * (homeless > 1.0 ? homeless : 1.0);
    for (int32_t step = 0; step < AVOIDANCE_STEPS; step++) {
        const double low = (double)(step - AVOIDANCE_STEPS / 2) / STEPS_A_SD;
        const double at_low = allostat_avoidance_search_ratio(params, low);
        const double at_high =
            allostat_avoidance_search_ratio(params, low + 1.0 / STEPS_A_SD);

        self->most[step] = (float)(rate * (1.0 + margin) * self->largest_ratio *
                                   (at_low > at_high ? at_low : at_high));
        self->least[step] =
            (float)(rate * (1.0 - margin) * (at_low < at_high ? at_low : at_high));
    }
    self->most[AVOIDANCE_STEPS] = 2.0f; /* no draw is as large as its chance */
    self->least[AVOIDANCE_STEPS] = 0.0f;
}

/* The searchers of a block with their draws. */
typedef struct {
    uint32_t person[SEARCHERS + 1], bits[ALLOSTAT_DRAW_LANES][SEARCHERS];
    float limit[SEARCHERS]; /* not below the chance of meeting somebody */
    float sure[SEARCHERS];  /* not above it, but for users and people without a home */
    uint8_t may_meet[SEARCHERS]; /* 0 no; 1 perhaps; 2 yes, with these exceptions */
    size_t count;
} searchers;

/* Flags the people of a block with a free place. */
ALLOSTAT_HOT
static void find_free(const allostat_residents *residents, size_t first, size_t count,
                      uint8_t *restrict is_free)
{
    const uint8_t *restrict wanted = residents->support_wanted + first;
    const uint8_t *restrict have = residents->support_count + first;
    const uint8_t *restrict status = residents->status + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        is_free[i] =
            (uint8_t)((wanted[i] > have[i]) & (status[i] == ALLOSTAT_RESIDENT_present));
}

/* What a limit is made of, side by side for the searchers of a block. */
typedef struct {
    float free_places[SEARCHERS], avoidance[SEARCHERS];
    int32_t is_held[SEARCHERS];
} search_state;

static void gather_state(const search *self, const searchers *block,
                         search_state *state)
{
    const allostat_residents *residents = self->people->residents;
    const int32_t last_birth = /* of people of 16 and more */
        self->people->month -
        ((int32_t)ALLOSTAT_AGE_OF_ENTRY + 1) * (int32_t)ALLOSTAT_MONTHS_A_YEAR;

    for (size_t i = 0; i < block->count; i++) {
        const uint32_t person = block->person[i];

        state->free_places[i] = (float)(residents->support_wanted[person] -
                                        residents->support_count[person]);
        state->avoidance[i] = residents->attachment_avoidance[person];
        state->is_held[i] = residents->birth_month[person] <= last_birth;
    }
}

/* 1 - e^-m lies between m - m^2/2 + m^3/6 - m^4/24 and the same without the last term:
 * few people need an exponential. */
ALLOSTAT_HOT
static void find_limits(const search *self, const search_state *state, size_t count,
                        float *restrict limit, float *restrict sure)
{
    const float *restrict avoidance = state->avoidance;
    const float *restrict free_places = state->free_places;
    const int32_t *restrict is_held = state->is_held;
    const float *restrict most = self->most, *restrict least = self->least;
    const float middle = (float)AVOIDANCE_STEPS / 2;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float at = avoidance[i] * STEPS_A_SD + middle;
        const int held =
            (at >= 1.0f) & (at < (float)(AVOIDANCE_STEPS - 1)) & is_held[i];
        const int32_t step = (int32_t)allostat_selectf(held, at, AVOIDANCE_STEPS);
        const float m = free_places[i] * most[step], n = free_places[i] * least[step];

        limit[i] = m * (1.0f - m * (1.0f / 2 - m * (1.0f / 6)));
        sure[i] = n * (1.0f - n * (1.0f / 2 - n * (1.0f / 6 - n * (1.0f / 24))));
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
    HINT(support_count);
    HINT(status);
    HINT(birth_month);
    HINT(attachment_avoidance);
    HINT(number);
#undef HINT
}

/* People of a block with a free place. To list them waits for no memory: meanwhile the
 * next block's is asked for. */
static void collect_searchers(const search *self, size_t first, size_t all,
                              searchers *block)
{
    const allostat_ties_people *people = self->people;
    uint8_t is_free[SEARCHERS];
    search_state state;
    size_t count = 0;

    find_free(people->residents, first, all, is_free);
    for (size_t i = 0; i < all;) {
        const size_t end =
            all - i < ALLOSTAT_HINTED_ROWS ? all : i + ALLOSTAT_HINTED_ROWS;

        hint_rows(people->residents, first + SEARCHERS + i);
        for (; i < end; i++) { /* no branch: free places are many */
            block->person[count] = (uint32_t)(first + i);
            count += is_free[i];
        }
    }
    block->count = count;
    gather_state(self, block, &state);
    find_limits(self, &state, count, block->limit, block->sure);
}

ALLOSTAT_HOT
static void find_candidates(const uint32_t *restrict bits, searchers *restrict block,
                            size_t count)
{
    const float *restrict limit = block->limit, *restrict sure = block->sure;
    uint8_t *restrict may_meet = block->may_meet;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float u = allostat_uniform_from_bits(bits[i]);

        may_meet[i] = (uint8_t)((u < limit[i]) + (u < sure[i]));
    }
}

static bool looks(const search *self, uint32_t person, int32_t may_meet, double u)
{
    if (self->kind == ALLOSTAT_TIE_using) return meets(using_meetings(self, person), u);
    return (may_meet == 2 && !allostat_marks_hold(&self->ties->active, person) &&
            self->people->residents->housing[person] != ALLOSTAT_HOUSING_homeless) ||
           meets(support_meetings(self, person), u);
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
    uint16_t candidate[SEARCHERS + 1];

    list->status = allostat_seekers_reserve(list, count, &list->error);
    if (list->status != ALLOSTAT_OK) return;
    block->count = 0;
    allostat_draws_fill(self->people->key, info[ALLOSTAT_DRAW_tie_search].call,
                        allostat_month_first_day(self->people->month),
                        (uint32_t)self->kind, block->person, count, SEARCHERS,
                        block->bits[0]);
    find_candidates(bits, block, count);
    const size_t found = list_candidates(block, count, candidate);

    for (size_t c = 0; c < found; c++) {
        const size_t i = candidate[c];
        const uint32_t person = block->person[i];

        if (!looks(self, person, block->may_meet[i],
                   allostat_double_uniform_from_bits(bits[i])))
            continue;
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
    block->limit[block->count] = 2.0f;
    block->sure[block->count] = 0.0f;
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
    allostat_share_pieces(people->share, allostat_share_piece_count(people->share),
                          seek_piece, &all);
    return allostat_ties_gather(self, kind, people->share, error);
}
