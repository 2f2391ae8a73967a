#include "base/columns.h"
#include "base/hot.h"
#include "people/ties_parts.h"

#include <assert.h>
#include <string.h>

/* Everybody below target looks once a round; some rounds more than slots, for those who
 * find nobody at first. Indices of the draws lie above those of the months. */
enum { ROUNDS = 24, FIRST_INDEX = 16 };

/* Half of the bits of a pool below this limit are a share of them. */
static uint32_t limit_of_share(double share)
{
    const double limit = share * 0x1p16;
    const uint32_t whole = (uint32_t)limit;

    return whole + (limit > (double)whole);
}

static void set_bands(const allostat_params *params,
                      uint8_t band_of_age[ALLOSTAT_BANDED_AGES])
{
    for (int32_t age = ALLOSTAT_AGE_OF_ENTRY; age < ALLOSTAT_BANDED_AGES; age++)
        band_of_age[age] = allostat_age_band(age, (int32_t)params->ties_age_band);
}

allostat_seeker_terms allostat_seeker_terms_make(const allostat_ties *self,
                                                 const allostat_ties_people *people,
                                                 allostat_tie_kind kind)
{
    allostat_seeker_terms terms = {.residents = people->residents,
                                   .month = people->month,
                                   .in_area = limit_of_share(self->among_area[kind]),
                                   .in_age = limit_of_share(self->among_age[kind])};

    set_bands(people->params, terms.band_of_age);
    return terms;
}

/* Everybody in the list looks once and has been counted as if he had found somebody, so
 * there is a free place: only the slots are read. */
static bool tie_slots(const allostat_residents *residents, uint32_t a, uint32_t b)
{
    uint32_t *own = residents->support_ties[a].slot;
    uint32_t *others = residents->support_ties[b].slot;
    const int32_t slots = ALLOSTAT_SUPPORT_SLOTS;
    const int32_t have = allostat_slots_filled(own, slots);
    const int32_t other_has = allostat_slots_filled(others, slots);

    assert(a != b && have < residents->support_wanted[a] &&
           other_has < residents->support_wanted[b]);
    if (allostat_slots_hold(own, slots, b)) return false;
    allostat_slots_add(own, have, b);
    allostat_slots_add(others, other_has, a);
    return true;
}

static bool try_support(void *context, uint32_t a, uint32_t b)
{
    const allostat_ties_trial *trial = context;

    return tie_slots(trial->people->residents, a, b);
}

static void expect_slots(void *context, uint32_t person)
{
    const allostat_ties_trial *trial = context;

    allostat_hint_write(&trial->people->residents->support_ties[person]);
}

static void expect_user(void *context, uint32_t person)
{
    const allostat_ties_trial *trial = context;
    const allostat_users *users = trial->people->users;
    const int32_t row = trial->people->residents->user_row[person];

    if (row < 0) return;
    allostat_hint_write(&users->using_ties[row]);
    allostat_hint_write(&users->using_count[row]);
    allostat_hint(&users->using_wanted[row]);
}

static bool try_using(void *context, uint32_t a, uint32_t b)
{
    const allostat_ties_trial *trial = context;
    const allostat_ties_people *people = trial->people;

    if (!allostat_tie_possible(people->residents, people->users, trial->kind, a, b))
        return false;
    allostat_tie_make(people->residents, people->users, trial->kind, a, b);
    return true;
}

allostat_pairing allostat_ties_pairing(allostat_ties_trial *trial)
{
    if (trial->kind == ALLOSTAT_TIE_using)
        return (allostat_pairing){try_using, expect_user, trial, trial->people->share};
    return (allostat_pairing){try_support, expect_slots, trial, trial->people->share};
}

void allostat_ties_take_back(const allostat_ties *self, allostat_residents *residents,
                             allostat_tie_kind kind)
{
    const allostat_meeting *meeting = &self->meeting[kind];

    if (kind != ALLOSTAT_TIE_support) return;
    for (size_t i = 0; i < meeting->alone_count; i++)
        residents->support_count[meeting->seeker[i].person]--;
}

static bool takes_part(const allostat_ties_people *people, allostat_tie_kind kind,
                       uint32_t person)
{
    return people->residents->status[person] == ALLOSTAT_RESIDENT_present &&
           (kind == ALLOSTAT_TIE_support ||
            allostat_person_uses(people->residents, people->users, person));
}

/* Chance that two of `count` groups' people are of the same group. */
static double chance_alike(const int64_t *people, int32_t count)
{
    double all = 0.0, alike = 0.0;

    for (int32_t i = 0; i < count; i++) all += (double)people[i];
    for (int32_t i = 0; i < count; i++)
        alike += all > 0.0 ? (double)people[i] / all * ((double)people[i] / all) : 0.0;
    return alike;
}

/* Where people live who take part, and in which band of age they are. */
typedef struct {
    int64_t in_area[ALLOSTAT_AREAS_MAX], in_band[ALLOSTAT_AGE_BANDS_MAX];
} takers;

/* Parts count for themselves. */
typedef struct {
    const allostat_ties_people *people;
    allostat_tie_kind kind;
    uint8_t band_of_age[ALLOSTAT_BANDED_AGES];
    size_t parts;
    takers *of_part;
} counting;

static void count_person(const counting *self, uint32_t person, takers *sum)
{
    const allostat_residents *residents = self->people->residents;
    const int32_t age =
        allostat_age_in_month(residents->birth_month[person], self->people->month);

    if (!takes_part(self->people, self->kind, person)) return;
    sum->in_area[residents->area[person]]++;
    sum->in_band[self->band_of_age[age]]++;
}

/* Only those with a user's row use. */
static void count_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    const counting *self = context;
    const bool support = self->kind == ALLOSTAT_TIE_support;
    const uint32_t *user = support ? NULL : self->people->users->person;
    const size_t rows =
        support ? self->people->residents->row_count : self->people->users->row_count;
    const size_t end = allostat_share_first_row(rows, part + 1, self->parts);
    takers sum = {{0}, {0}};

    (void)unused_first, (void)unused;
    for (size_t row = allostat_share_first_row(rows, part, self->parts); row < end;
         row++)
        count_person(self, user == NULL ? (uint32_t)row : user[row], &sum);
    self->of_part[part] = sum;
}

static void add_takers(takers *self, const takers *more)
{
    for (size_t i = 0; i < ALLOSTAT_AREAS_MAX; i++)
        self->in_area[i] += more->in_area[i];
    for (size_t i = 0; i < ALLOSTAT_AGE_BANDS_MAX; i++)
        self->in_band[i] += more->in_band[i];
}

static allostat_status count_takers(const allostat_ties_people *people,
                                    allostat_tie_kind kind, takers *all,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    counting self = {
        .people = people,
        .kind = kind,
        .parts = allostat_share_part_count(people->share),
    };

    set_bands(people->params, self.band_of_age);
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self.of_part, self.parts,
                                          sizeof *self.of_part, error));
    allostat_share_parts(people->share, count_part, &self);
    for (size_t part = 0; part < self.parts; part++)
        add_takers(all, &self.of_part[part]);
cleanup:
    allostat_column_free((void **)&self.of_part);
    return status;
}

/* Homophily is what the evidence says beyond what chance gives in this city. */
static allostat_status set_homophily(allostat_ties *self,
                                     const allostat_ties_people *people,
                                     allostat_tie_kind kind, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = people->params;
    const bool support = kind == ALLOSTAT_TIE_support;
    takers all = {{0}, {0}};

    ALLOSTAT_TRY(count_takers(people, kind, &all, error));
    self->among_area[kind] = allostat_homophily(
        support ? params->ties_support_same_area : params->ties_using_same_area,
        chance_alike(all.in_area, ALLOSTAT_AREAS_MAX));
    self->among_age[kind] = allostat_homophily(
        support ? params->ties_support_same_age : params->ties_using_same_age,
        chance_alike(all.in_band, ALLOSTAT_AGE_BANDS_MAX));
cleanup:
    return status;
}

/* Stationary number of ties: each wanted one is there with the share of the time that a
 * place is filled. */
static double support_share(const allostat_ties_people *people, uint32_t person)
{
    const allostat_params *p = people->params;
    const allostat_residents *residents = people->residents;
    const bool uses = allostat_person_uses(residents, people->users, person);
    const double life = p->ties_support_life / (uses ? p->ties_use_end_ratio : 1.0);
    const double search = p->ties_support_search /
                          allostat_support_search_ratio(p, residents, person, uses);

    return allostat_ties_filled_share(life, search);
}

static double using_share(const allostat_ties_people *people, int32_t user)
{
    const allostat_params *p = people->params;

    return allostat_ties_filled_share(
        p->ties_using_life,
        p->ties_using_search /
            allostat_avoidance_search_ratio(p, (double)people->users->avoidance[user]));
}

/* What the parts of a round share. */
typedef struct {
    allostat_ties *ties;
    const allostat_ties_people *people;
    allostat_tie_kind kind;
    uint32_t index; /* of the draws */
    uint8_t *quiet; /* [rows / TOGETHER]: nobody looks any more */
    allostat_seeker_terms seekers;
} settling;

/* Some of a block. */
enum { TOGETHER = 256 };

/* Targets of support ties as of people who do not use. `bits` are draws
 * support_settled. */
ALLOSTAT_HOT
static void set_targets_of_others(const allostat_ties_people *people, size_t first,
                                  size_t count, const uint32_t *restrict bits,
                                  uint8_t *restrict target)
{
    const allostat_params *p = people->params;
    const allostat_residents *residents = people->residents;
    const double slope = p->ties_avoidance_search, life = p->ties_support_life;
    const double search = p->ties_support_search;
    const double homeless_ratio = p->ties_homeless_search_ratio;
    const float *restrict avoidance = residents->attachment_avoidance + first;
    const uint8_t *restrict housing = residents->housing + first;
    const uint8_t *restrict wanted = residents->support_wanted + first;
    const uint8_t *restrict status = residents->status + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double at_home = allostat_exp(-slope * (double)avoidance[i]);
        const double ratio = housing[i] == ALLOSTAT_HOUSING_homeless
                                 ? at_home * homeless_ratio
                                 : at_home;
        const int32_t k = allostat_binomial_quantile_of_few(
            allostat_double_uniform_from_bits(bits[i]), wanted[i],
            allostat_ties_filled_share(life, search / ratio));

        target[i] = (uint8_t)(status[i] == ALLOSTAT_RESIDENT_present ? k : 0);
    }
}

/* Flags those who have a user's row: about one in twenty. */
ALLOSTAT_HOT
static void find_users(const int32_t *restrict user_row, size_t count,
                       uint8_t *restrict is_user)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) is_user[i] = user_row[i] >= 0;
}

static void set_support_targets(const settling *self, size_t first, size_t count)
{
    const allostat_ties_people *people = self->people;
    const allostat_residents *residents = people->residents;
    uint8_t *target = self->ties->target, is_user[TOGETHER];
    uint32_t bits[TOGETHER];
    const allostat_draw_rows rows = {residents->number + first, NULL, count, bits,
                                     TOGETHER};

    allostat_draws_of(people->key, ALLOSTAT_DRAW_support_settled, 0, &rows);
    set_targets_of_others(people, first, count, bits, target + first);
    find_users(residents->user_row + first, count, is_user);
    for (size_t i = allostat_next_flag(is_user, 0, count); i < count;
         i = allostat_next_flag(is_user, i + 1, count)) {
        const uint32_t person = (uint32_t)(first + i);

        if (!allostat_person_uses(residents, people->users, person)) continue;
        target[person] = (uint8_t)allostat_binomial_quantile(
            allostat_double_uniform_from_bits(bits[i]),
            residents->support_wanted[person], support_share(people, person));
    }
}

static void set_using_targets(const settling *self, size_t first, size_t count)
{
    const allostat_ties_people *people = self->people;
    uint8_t *target = self->ties->target + first, is_user[TOGETHER];

    memset(target, 0, count);
    find_users(people->residents->user_row + first, count, is_user);
    for (size_t i = allostat_next_flag(is_user, 0, count); i < count;
         i = allostat_next_flag(is_user, i + 1, count)) {
        const uint32_t person = (uint32_t)(first + i);
        const int32_t user = people->residents->user_row[person];

        if (!takes_part(people, ALLOSTAT_TIE_using, person)) continue;
        target[i] = (uint8_t)allostat_binomial_quantile(
            allostat_draw_uniform(people->key, ALLOSTAT_DRAW_using_settled, person, 0,
                                  0),
            people->users->using_wanted[user], using_share(people, user));
    }
}

static void set_targets(void *context, size_t block, size_t first, size_t count)
{
    const settling *self = context;
    const size_t end = first + count, together = TOGETHER;

    (void)block;
    for (size_t row = first; row < end; row += together) {
        const size_t rows = end - row < together ? end - row : together;

        if (self->kind == ALLOSTAT_TIE_support)
            set_support_targets(self, row, rows);
        else
            set_using_targets(self, row, rows);
    }
}

/* Those who look, and their draws. */
typedef struct {
    uint32_t person[TOGETHER], bits[ALLOSTAT_DRAW_LANES][TOGETHER];
    size_t count;
} looking;

static void add_with_draws(const settling *self, looking *some,
                           allostat_seeker_list *list)
{
    const allostat_draw_info *info = allostat_draw_table;

    allostat_draws_fill(self->people->key, info[ALLOSTAT_DRAW_tie_search].call,
                        allostat_month_first_day(self->people->month), self->index,
                        some->person, some->count, TOGETHER, some->bits[0]);
    for (size_t i = 0; i < some->count; i++)
        list->seeker[list->count++] = allostat_ties_seeker(
            &self->seekers, some->person[i],
            (allostat_search_bits){some->bits[info[ALLOSTAT_DRAW_tie_pool].lane][i],
                                   some->bits[info[ALLOSTAT_DRAW_tie_meeting].lane][i],
                                   some->bits[info[ALLOSTAT_DRAW_tie_rank].lane][i]});
    some->count = 0;
}

/* Flags those of some rows who are below target. Nearly all of them will find somebody:
 * they are counted now, when their counts are at hand. */
ALLOSTAT_HOT
static void find_below(const uint8_t *restrict target, uint8_t *restrict have,
                       size_t count, uint8_t *restrict below)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        below[i] = have[i] < target[i];
        have[i] = (uint8_t)(have[i] + below[i]);
    }
}

static void find_lookers(const settling *self, size_t first, size_t count,
                         uint8_t *below)
{
    const allostat_ties_people *people = self->people;
    const uint8_t *target = self->ties->target + first;

    if (self->kind == ALLOSTAT_TIE_support) {
        find_below(target, people->residents->support_count + first, count, below);
        return;
    }
    memset(below, 0, count);
    for (size_t i = allostat_next_flag(target, 0, count); i < count;
         i = allostat_next_flag(target, i + 1, count)) {
        const int32_t user = people->residents->user_row[first + i];

        below[i] = people->users->using_count[user] < target[i];
    }
}

/* Everybody below target looks. The list has room for all at once: what is not filled
 * costs no memory, and a list that grows is copied. */
static void look_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const settling *self = context;
    const allostat_ties_people *people = self->people;
    const size_t rows = people->residents->row_count, together = TOGETHER;
    const size_t pieces = allostat_share_piece_count(people->share);
    const size_t begin = allostat_share_first_row(rows, piece, pieces);
    const size_t end = allostat_share_first_row(rows, piece + 1, pieces);
    const size_t users = people->users->row_count;
    const size_t most =
        self->kind == ALLOSTAT_TIE_support || end - begin < users ? end - begin : users;
    allostat_seeker_list *list = &self->ties->part[piece];
    looking some;

    (void)unused_first, (void)unused;
    list->count = 0;
    list->status = allostat_seekers_reserve(list, most, &list->error);
    if (list->status != ALLOSTAT_OK) return;
    for (size_t first = begin; first < end; first += together) {
        const size_t count = end - first < together ? end - first : together;
        uint8_t below[TOGETHER];

        if (self->quiet[first / together]) continue;
        find_lookers(self, first, count, below);
        some.count = 0;
        for (size_t i = allostat_next_flag(below, 0, count); i < count;
             i = allostat_next_flag(below, i + 1, count))
            some.person[some.count++] = (uint32_t)(first + i);
        self->quiet[first / together] = some.count == 0;
        if (some.count > 0) add_with_draws(self, &some, list);
    }
}

static allostat_status settle_kind(allostat_ties *self,
                                   const allostat_ties_people *people,
                                   allostat_tie_kind kind, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_meeting *meeting = &self->meeting[kind];
    allostat_ties_trial trial = {people, kind};
    settling all = {.ties = self, .people = people, .kind = kind};
    int32_t made;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&all.quiet,
                                          people->residents->row_count / TOGETHER + 1,
                                          sizeof *all.quiet, error));
    ALLOSTAT_TRY(set_homophily(self, people, kind, error));
    all.seekers = allostat_seeker_terms_make(self, people, kind);
    allostat_share_rows(people->share, people->residents->row_count, set_targets, &all);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        all.index = FIRST_INDEX + round * ALLOSTAT_TIE_KIND_COUNT + (uint32_t)kind;
        allostat_share_pieces(people->share, allostat_share_piece_count(people->share),
                              look_piece, &all);
        ALLOSTAT_TRY(allostat_ties_gather(self, kind, people->share, error));
        allostat_meeting_choose_places(meeting, people->share);
        ALLOSTAT_TRY(allostat_meeting_pair(meeting, allostat_ties_pairing(&trial),
                                           &made, error));
        allostat_ties_take_back(self, people->residents, kind);
        allostat_ties_give_back(self, kind, people->share);
    }
    allostat_meeting_free(meeting); /* the months need far less room */
cleanup:
    allostat_column_free((void **)&all.quiet);
    return status;
}

allostat_status allostat_ties_settle(allostat_ties *self,
                                     const allostat_ties_people *people,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (!people->params->mechanisms_ties) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->target,
                                          people->residents->row_count,
                                          sizeof *self->target, error));
    ALLOSTAT_TRY(allostat_ties_reserve_parts(
        self, allostat_share_piece_count(people->share), error));
    for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++)
        ALLOSTAT_TRY(settle_kind(self, people, (allostat_tie_kind)kind, error));
    allostat_peers_count(people->residents, people->users);
    allostat_ties_free_parts(self);
    allostat_column_free((void **)&self->target);
cleanup:
    return status;
}
