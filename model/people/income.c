#include "people/income.h"

#include "base/columns.h"
#include "base/dmath.h"
#include "base/hot.h"

#include <string.h>

static float with_log_odds(double share, double log_odds)
{
    if (share <= 0.0 || share >= 1.0) return (float)share;
    return (float)allostat_expit(allostat_logit(share) + log_odds);
}

void allostat_income_terms_make(allostat_income_terms *self,
                                const allostat_params *params, allostat_draw_key key,
                                allostat_month month, int32_t months)
{
    const double share[2][ALLOSTAT_HOUSING_COUNT] = {
        {params->income_assistance_stable, params->income_assistance_unstable,
         params->income_assistance_homeless},
        {params->income_assistance_users_stable,
         params->income_assistance_users_unstable,
         params->income_assistance_users_homeless}};

    self->key = key;
    self->month = month + (months - 1) / 2;
    self->pension_age = (int32_t)params->income_pension_age;
    self->review = (float)-allostat_expm1(-params->income_review_rate * months);
    self->share_is_zero = 0;
    for (int user = 0; user < 2; user++) {
        for (int housing = 0; housing < ALLOSTAT_HOUSING_COUNT; housing++) {
            const double base = share[user][housing];
            self->share_is_zero |= base <= 0.0;
            self->share[user][0][housing] = (float)base;
            self->share[user][1][housing] =
                with_log_odds(base, params->income_downtown_log_odds);
        }
    }
}

float allostat_assistance_chance(const allostat_income_terms *terms,
                                 const allostat_params *params,
                                 const allostat_residents *residents,
                                 const allostat_users *users, size_t person)
{
    const int user = allostat_lives_as_user(residents, users, person);
    const int downtown = residents->area[person] + 1 == params->geography_downtown;
    const int32_t age =
        allostat_age_in_month(residents->birth_month[person], terms->month);

    if (age >= terms->pension_age) return 0.0f;
    return terms->share[user][downtown][residents->housing[person]];
}

static void set(allostat_residents *residents, allostat_users *users, size_t person,
                bool assistance)
{
    const int32_t row = residents->user_row[person];

    residents->assistance[person] = assistance;
    if (row >= 0) users->assistance[row] = assistance;
}

typedef struct {
    const allostat_income_terms *terms;
    const allostat_params *params;
    allostat_residents *residents;
    allostat_users *users;
    size_t first; /* row */
} entering;

static void enter_block(void *context, size_t block, size_t first, size_t count)
{
    const entering *self = context;
    const size_t begin = self->first + first;
    uint32_t bits[ALLOSTAT_SHARE_ROWS];
    const allostat_draw_rows rows = {self->residents->number + begin, NULL, count, bits,
                                     ALLOSTAT_SHARE_ROWS};

    (void)block;
    allostat_draws_of(self->terms->key, ALLOSTAT_DRAW_income_outcome, 0, &rows);
    for (size_t person = begin; person < begin + count; person++) {
        const float chance = allostat_assistance_chance(
            self->terms, self->params, self->residents, self->users, person);
        set(self->residents, self->users, person,
            allostat_uniform_from_bits(bits[person - begin]) < chance);
    }
}

void allostat_income_enter(const allostat_income_terms *terms,
                           const allostat_params *params, allostat_residents *residents,
                           allostat_users *users, size_t first)
{
    entering all = {terms, params, residents, users, first};

    allostat_share_rows(residents->share, residents->row_count - first, enter_block,
                        &all);
}

/* What holds for a block. */
typedef struct {
    allostat_income_terms terms;
    uint8_t downtown; /* area */
    /* of people who never used, by [at the street market][housing] */
    float share[2][ALLOSTAT_HOUSING_COUNT];
    const uint32_t *review, *outcome; /* bits of the draws */
} reviewing;

static inline float of_share(const float share[ALLOSTAT_HOUSING_COUNT], int32_t housing)
{
    return allostat_of_homef(housing, share[ALLOSTAT_HOUSING_stable],
                             share[ALLOSTAT_HOUSING_unstable],
                             share[ALLOSTAT_HOUSING_homeless]);
}

/* Decides about residents without a user's row, and flags those with one who are
 * reviewed or may no longer have assistance. */
ALLOSTAT_HOT
static void review_others(const reviewing *reviewing_all, allostat_residents *residents,
                          size_t first, size_t count, uint8_t *restrict candidate)
{
    const reviewing all = *reviewing_all;
    const allostat_income_terms t = all.terms;
    const uint32_t *restrict review = all.review;
    const uint32_t *restrict outcome = all.outcome;
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict area = residents->area + first;
    const uint8_t *restrict housing = residents->housing + first;
    const int16_t *restrict birth = residents->birth_month + first;
    const int32_t *restrict user_row = residents->user_row + first;
    uint8_t *restrict assistance = residents->assistance + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t age = allostat_age_in_month(birth[i], t.month);
        const int here = status[i] == ALLOSTAT_RESIDENT_present;
        const int user = user_row[i] >= 0, old = age >= t.pension_age;
        const float elsewhere = of_share(all.share[0], housing[i]);
        const float downtown = of_share(all.share[1], housing[i]);
        const float share =
            allostat_selectf(area[i] == all.downtown, downtown, elsewhere);
        const float chance = allostat_selectf(old, 0.0f, share);
        const int reviewed = allostat_uniform_from_bits(review[i]) < t.review;
        const int gets = allostat_uniform_from_bits(outcome[i]) < chance;
        const int may_lose = assistance[i] & (old | t.share_is_zero);
        const int decided =
            (chance > 0.0f) & ((reviewed & gets) | ((1 - reviewed) & assistance[i]));

        candidate[i] = (uint8_t)(here & user & (reviewed | may_lose));
        assistance[i] = (uint8_t)(here & (1 - user) ? decided : assistance[i]);
    }
}

static void review_user(const reviewing *all, const allostat_params *params,
                        allostat_residents *residents, allostat_users *users,
                        size_t row, size_t i)
{
    const float chance =
        allostat_assistance_chance(&all->terms, params, residents, users, row);

    if (chance <= 0.0f) {
        set(residents, users, row, false);
    } else if (allostat_uniform_from_bits(all->review[i]) < all->terms.review) {
        set(residents, users, row,
            allostat_uniform_from_bits(all->outcome[i]) < chance);
    }
}

void allostat_income_step(const allostat_income_terms *terms,
                          const allostat_params *params, allostat_residents *residents,
                          allostat_users *users, const allostat_living_block *block)
{
#define BITS(draw) block->bits[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane]
    reviewing all = {.terms = *terms,
                     .downtown = (uint8_t)(params->geography_downtown - 1),
                     .review = BITS(income_review),
                     .outcome = BITS(income_outcome)};
#undef BITS
    const size_t count = block->count;
    uint8_t candidate[ALLOSTAT_LIFE_BLOCK];

    memcpy(all.share, terms->share[0], sizeof all.share); /* [0]: of no user */
    review_others(&all, residents, block->first, count, candidate);
    for (size_t i = allostat_next_flag(candidate, 0, count); i < count;
         i = allostat_next_flag(candidate, i + 1, count))
        review_user(&all, params, residents, users, block->first + i, i);
}
