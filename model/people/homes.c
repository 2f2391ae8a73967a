#include "people/homes.h"

#include "base/columns.h"
#include "base/hot.h"
#include "people/life_course.h"

#include <string.h>

/* Fixed point for sums of risk: exact whatever the order of people. */
static const float RISK_UNIT = 65536.0f;
enum { MONTHS_OF_MEMORY = 12 };

static allostat_home_state state_of(const allostat_residents *residents,
                                    const allostat_users *users, size_t person)
{
    const int32_t row = residents->user_row[person];
    allostat_home_state self = {
        .ptsd = residents->ptsd_severity[person],
        .stress = residents->stress[person],
        .assistance = (float)(residents->assistance[person] != 0),
    };

    if (row < 0) return self;
    self.active = (float)(users->active[row] != 0); /* nothing to guess */
    self.treated = (float)(users->treatment[row] != 0);
    return self;
}

static void set_log_ratios(allostat_home_terms *self, const allostat_params *params)
{
    self->active = (float)params->homes_use_log_ratio;
    self->treated = (float)params->homes_treatment_log_ratio;
    self->ptsd = (float)params->homes_ptsd_log_ratio;
    self->stress = (float)params->homes_stress_log_ratio;
    self->assistance = (float)params->homes_assistance_log_ratio;
}

typedef struct {
    int64_t people, risk, inverse_risk;
} risk_sum;

typedef risk_sum risk_sums[ALLOSTAT_HOME_GROUPS][ALLOSTAT_HOUSING_COUNT];

/* One for each group and home; of who is counted elsewhere or not at all: CELLS. */
enum { CELLS = ALLOSTAT_HOME_GROUPS * ALLOSTAT_HOUSING_COUNT };

/* Of a block: risk and its inverse in fixed-point units, and cells. */
typedef struct {
    int32_t risk[ALLOSTAT_LIFE_BLOCK], inverse_risk[ALLOSTAT_LIFE_BLOCK];
    int32_t cell[ALLOSTAT_LIFE_BLOCK];
    uint8_t is_user[ALLOSTAT_LIFE_BLOCK]; /* 1: is still to be counted, as a user */
} risk_block;

/* Of people without a user's row; those with one are flagged. */
ALLOSTAT_HOT
static void find_risks(const allostat_home_terms *terms,
                       const allostat_residents *residents, size_t first, size_t count,
                       risk_block *restrict block)
{
    const allostat_home_terms *restrict t = terms;
    const uint8_t *restrict assistance = residents->assistance + first;
    const float *restrict ptsd = residents->ptsd_severity + first;
    const float *restrict stress = residents->stress + first;
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict housing = residents->housing + first;
    const int32_t *restrict user_row = residents->user_row + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float assisted = allostat_selectf(assistance[i] != 0, 1.0f, 0.0f);
        const float risk = allostat_home_riskf(
            t, (allostat_home_state){0.0f, 0.0f, ptsd[i], stress[i], assisted});
        const int here = status[i] == ALLOSTAT_RESIDENT_present;
        const int user = user_row[i] >= 0;

        block->risk[i] = (int32_t)(risk * RISK_UNIT);
        block->inverse_risk[i] = (int32_t)(RISK_UNIT / risk);
        block->cell[i] = (here & !user) ? housing[i] : CELLS;
        block->is_user[i] = (uint8_t)(here & user);
    }
}

/* Of everybody, where most have a user's row. */
ALLOSTAT_HOT
static void find_risks_in_front(const allostat_home_terms *terms,
                                const allostat_residents *residents,
                                const allostat_users *users, size_t first, size_t count,
                                risk_block *restrict block)
{
    const allostat_home_terms *restrict t = terms;
    const uint8_t *restrict assistance = residents->assistance + first;
    const float *restrict ptsd = residents->ptsd_severity + first;
    const float *restrict stress = residents->stress + first;
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict housing = residents->housing + first;
    const int32_t *restrict user_row = residents->user_row + first;
    const int32_t *restrict active = users->active;
    const int32_t *restrict treatment = users->treatment;
    const int32_t *restrict rx_only = users->rx_only;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int here = status[i] == ALLOSTAT_RESIDENT_present;
        const int user = user_row[i] >= 0;
        const int32_t row = user ? user_row[i] : 0;
        const int of_users = user & (rx_only[row] == 0);
        const allostat_home_state state = {
            .active = allostat_selectf(user & (active[row] != 0), 1.0f, 0.0f),
            .treated = allostat_selectf(user & (treatment[row] != 0), 1.0f, 0.0f),
            .ptsd = ptsd[i],
            .stress = stress[i],
            .assistance = allostat_selectf(assistance[i] != 0, 1.0f, 0.0f),
        };
        const float risk = allostat_home_riskf(t, state);

        block->risk[i] = (int32_t)(risk * RISK_UNIT);
        block->inverse_risk[i] = (int32_t)(RISK_UNIT / risk);
        block->cell[i] = here ? of_users * ALLOSTAT_HOUSING_COUNT + housing[i] : CELLS;
        block->is_user[i] = 0;
    }
}

/* A risk is at most e^6, so that some of them may be added up in 32 bits. */
ALLOSTAT_HOT
static void sum_risk_of_cell(const risk_block *restrict block, size_t count,
                             int32_t cell, risk_sum *restrict sum)
{
    enum { SOME = 64 };

    for (size_t first = 0; first < count; first += SOME) {
        const size_t left = count - first, end = first + (left < SOME ? left : SOME);
        int32_t people = 0, risk = 0, inverse_risk = 0;

        for (size_t i = first; i < end; i++) {
            const int32_t counts = -(block->cell[i] == cell);

            people -= counts;
            risk += block->risk[i] & counts;
            inverse_risk += block->inverse_risk[i] & counts;
        }
        sum->people += people;
        sum->risk += risk;
        sum->inverse_risk += inverse_risk;
    }
}

static void sum_risk_of_user(const allostat_home_terms *terms,
                             const allostat_residents *residents,
                             const allostat_users *users, size_t person, risk_sums sum)
{
    const int group = allostat_lives_as_user(residents, users, person);
    const float risk = allostat_home_riskf(terms, state_of(residents, users, person));
    risk_sum *cell = &sum[group][residents->housing[person]];

    cell->people++;
    cell->risk += (int64_t)(risk * RISK_UNIT);
    cell->inverse_risk += (int64_t)(RISK_UNIT / risk);
}

static void add_risk(risk_sums to, risk_sums sum, int64_t weight)
{
    for (int g = 0; g < ALLOSTAT_HOME_GROUPS; g++) {
        for (int h = 0; h < ALLOSTAT_HOUSING_COUNT; h++) {
            to[g][h].people += sum[g][h].people * weight;
            to[g][h].risk += sum[g][h].risk * weight;
            to[g][h].inverse_risk += sum[g][h].inverse_risk * weight;
        }
    }
}

enum { PIECES_MAX = 64 };

/* Each piece adds up blocks that are due; whole numbers, so the sum is the same. */
typedef struct {
    const allostat_residents *residents;
    const allostat_users *users;
    const allostat_turn *turn;
    allostat_home_terms terms;
    size_t pieces;
    risk_sums sum[PIECES_MAX];
} measuring;

static void sum_risk_of_block(const measuring *self, size_t first, risk_sums sum)
{
    const allostat_residents *residents = self->residents;
    const allostat_users *users = self->users;
    const size_t count = allostat_turn_rows_from(self->turn, first);
    const allostat_pace pace = allostat_turn_pace(self->turn, first);
    const bool in_front = pace == ALLOSTAT_PACE_month && users->row_count > 0;
    const int groups = in_front ? ALLOSTAT_HOME_GROUPS : 1;
    risk_block block;
    risk_sums here;

    memset(here, 0, sizeof here);
    if (in_front)
        find_risks_in_front(&self->terms, residents, users, first, count, &block);
    else
        find_risks(&self->terms, residents, first, count, &block);
    for (int32_t cell = 0; cell < groups * ALLOSTAT_HOUSING_COUNT; cell++)
        sum_risk_of_cell(&block, count, cell, &here[0][0] + cell);
    for (size_t i = allostat_next_flag(block.is_user, 0, count); i < count;
         i = allostat_next_flag(block.is_user, i + 1, count))
        sum_risk_of_user(&self->terms, residents, users, first + i, here);
    add_risk(sum, here, allostat_turn_months(self->turn, pace));
}

static void sum_risk_piece(void *context, size_t piece, size_t unused_first,
                           size_t unused)
{
    measuring *self = context;
    const size_t blocks = allostat_turn_block_count(self->turn);
    const size_t end = blocks * (piece + 1) / self->pieces;
    risk_sums sum;

    (void)unused_first, (void)unused;
    memset(sum, 0, sizeof sum);
    for (size_t i = blocks * piece / self->pieces; i < end; i++)
        sum_risk_of_block(self, allostat_turn_first_row(self->turn, i), sum);
    memcpy(self->sum[piece], sum, sizeof sum);
}

static void sum_risk(measuring *all, risk_sums sum)
{
    allostat_share_pieces(all->residents->share, all->pieces, sum_risk_piece, all);
    for (size_t p = 0; p < all->pieces; p++) add_risk(sum, all->sum[p], 1);
}

/* The mean of all months so far, later of about the last MONTHS_OF_MEMORY. */
static void remember(double *mean, int64_t sum, int64_t people, int32_t month_count)
{
    const int32_t months =
        month_count < MONTHS_OF_MEMORY ? month_count : MONTHS_OF_MEMORY;

    if (people == 0) return;
    const double found = (double)sum / ((double)people * (double)RISK_UNIT);
    *mean = *mean > 0.0 ? *mean + (found - *mean) / months : found;
}

void allostat_homes_measure(allostat_homes *self, const allostat_residents *residents,
                            const allostat_users *users, const allostat_turn *turn,
                            const allostat_params *params)
{
    const size_t pieces = allostat_share_piece_count(residents->share);
    measuring all = {.residents = residents, .users = users, .turn = turn};
    risk_sums sum;

    if (self->month_count >= params->homes_fitted_months) return;
    all.pieces = pieces < PIECES_MAX ? pieces : PIECES_MAX;
    set_log_ratios(&all.terms, params);
    memset(sum, 0, sizeof sum);
    sum_risk(&all, sum);
    self->month_count++;
    for (int g = 0; g < ALLOSTAT_HOME_GROUPS; g++) {
        for (int h = 0; h < ALLOSTAT_HOUSING_COUNT; h++) {
            remember(&self->risk[g][h], sum[g][h].risk, sum[g][h].people,
                     self->month_count);
            remember(&self->inverse_risk[g][h], sum[g][h].inverse_risk,
                     sum[g][h].people, self->month_count);
        }
    }
}

static allostat_home_chain chain_of(const allostat_params *params, int group, int area)
{
    const double *unstable =
        group ? params->housing_unstable_share_users : params->housing_unstable_share;
    const double *homeless =
        group ? params->housing_homeless_share_users : params->housing_homeless_share;

    return allostat_home_chain_of((allostat_home_balance){
        unstable[area], homeless[area], params->homes_homeless_months,
        params->homes_homeless_to_unstable, params->homes_unstable_months});
}

/* A group without anybody in a state has no average there: then rates stand as they
 * are. */
static double against(double rate, double mean)
{
    return mean > 0.0 ? rate / mean : rate;
}

/* Each term of the risk lies between 0 and its slope. */
typedef struct {
    float least, most; /* logarithms */
} risk_bounds;

static risk_bounds bounds_of(const float *slope, size_t count)
{
    risk_bounds self = {0.0f, 0.0f};

    for (size_t i = 0; i < count; i++) {
        self.least += slope[i] < 0.0f ? slope[i] : 0.0f;
        self.most += slope[i] > 0.0f ? slope[i] : 0.0f;
    }
    return self;
}

/* At least the chance of leaving the home within the months lived; the margin is for
 * rounding. */
static float most_of(const float rate[ALLOSTAT_HOUSING_COUNT], int from,
                     risk_bounds bounds, int32_t months)
{
    const float margin = 1.0f + 0x1p-10f;
    float sum = 0.0f;

    for (int to = 0; to < ALLOSTAT_HOUSING_COUNT; to++) {
        if (to == from) continue;
        sum += rate[to] * allostat_expf(to > from ? bounds.most : -bounds.least);
    }
    return (float)allostat_chance_over((double)(sum * margin), months);
}

/* Bounds for find_candidates; who has a user's row lives as a user or, as a patient,
 * like anybody. */
static void make_bounds(allostat_home_terms *self)
{
    const float slope[] = {self->ptsd, self->stress, self->assistance, self->active,
                           self->treated};
    const risk_bounds anybody = bounds_of(slope, 3), user = bounds_of(slope, 5);

    const int32_t months = self->months;

    for (int cell = 0; cell < ALLOSTAT_AREAS_MAX * ALLOSTAT_HOUSING_COUNT; cell++) {
        const int from = cell % ALLOSTAT_HOUSING_COUNT;
        const int area = cell / ALLOSTAT_HOUSING_COUNT;
        const float patient = most_of(self->move[0][area][from], from, user, months);
        const float street = most_of(self->move[1][area][from], from, user, months);

        self->most[0][cell] = most_of(self->move[0][area][from], from, anybody, months);
        self->most[1][cell] = patient > street ? patient : street;
    }
}

void allostat_home_terms_make(allostat_home_terms *self, const allostat_homes *homes,
                              const allostat_params *params, int32_t months)
{
    memset(self, 0, sizeof *self);
    self->months = months;
    set_log_ratios(self, params);
    for (int g = 0; g < ALLOSTAT_HOME_GROUPS; g++) {
        for (int area = 0; area < params->geography_areas.count; area++) {
            const allostat_home_chain chain = chain_of(params, g, area);
            for (int from = 0; from < ALLOSTAT_HOUSING_COUNT; from++) {
                for (int to = 0; to < ALLOSTAT_HOUSING_COUNT; to++) {
                    const double mean =
                        to > from ? homes->risk[g][from] : homes->inverse_risk[g][from];
                    self->move[g][area][from][to] =
                        (float)against(chain.move[from][to], mean);
                }
            }
        }
    }
    make_bounds(self);
}

/* Housing worsens from stable to homeless: a move to a larger number goes with risk. */
static void chances_of(const float rate[ALLOSTAT_HOUSING_COUNT], uint8_t from,
                       float risk, float move[ALLOSTAT_HOUSING_COUNT])
{
    for (int to = 0; to < ALLOSTAT_HOUSING_COUNT; to++) {
        move[to] = to > (int)from ? rate[to] * risk : rate[to] / risk;
    }
}

/* The person's months, one after the other. */
static void move_on(const allostat_home_terms *terms, allostat_residents *residents,
                    const allostat_users *users, size_t person, float risk, float u)
{
    const int group = allostat_lives_as_user(residents, users, person);
    const uint8_t area = residents->area[person];
    uint8_t home = residents->housing[person];
    float move[ALLOSTAT_HOUSING_COUNT];

    chances_of(terms->move[group][area][home], home, risk, move);
    for (int32_t month = 0; month < terms->months; month++) {
        const uint8_t to = allostat_home_afterf(home, move, &u);

        if (to == home) continue;
        if (to == ALLOSTAT_HOUSING_homeless) residents->became_homeless[person] = 1;
        home = to;
        chances_of(terms->move[group][area][home], home, risk, move);
    }
    residents->housing[person] = home;
}

void allostat_living_draw(allostat_living_block *self, allostat_draw_key key,
                          const allostat_turn *turn,
                          const allostat_residents *residents, size_t first,
                          size_t count)
{
    const int32_t months = allostat_turn_months(turn, allostat_turn_pace(turn, first));
    const size_t next = first + allostat_turn_stride(months);
#define COLUMN(name) ALLOSTAT_HINT_COLUMN(residents->name, next)
    const allostat_hint_column column[] = {
        COLUMN(number),     COLUMN(status),      COLUMN(area),
        COLUMN(housing),    COLUMN(user_row),    COLUMN(became_homeless),
        COLUMN(assistance), COLUMN(birth_month),
    };
#undef COLUMN
    const allostat_hint_columns columns = {column, sizeof column / sizeof *column};
    const allostat_draw_rows rows = {residents->number + first, NULL, count,
                                     self->bits[0], ALLOSTAT_LIFE_BLOCK};

    self->first = first;
    self->count = count;
    allostat_draws_fill_and_hint(key, ALLOSTAT_DRAW_home_move,
                                 allostat_month_first_day(turn->month), &rows,
                                 &columns);
}

/* Flags the residents who may move; for the rest nothing has happened. */
ALLOSTAT_HOT
static void find_candidates(const allostat_home_terms *terms,
                            allostat_residents *residents, size_t first, size_t count,
                            const uint32_t *restrict bits, uint8_t *restrict candidate)
{
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict area = residents->area + first;
    const uint8_t *restrict housing = residents->housing + first;
    const int32_t *restrict user_row = residents->user_row + first;
    uint8_t *restrict became_homeless = residents->became_homeless + first;
    const float *restrict most = terms->most[0];
    const int32_t cells = ALLOSTAT_AREAS_MAX * ALLOSTAT_HOUSING_COUNT;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t cell = area[i] * ALLOSTAT_HOUSING_COUNT + housing[i];
        const int here = status[i] == ALLOSTAT_RESIDENT_present;
        const int user = user_row[i] >= 0;
        const float chance = most[user * cells + cell];

        candidate[i] = (uint8_t)(here & (allostat_uniform_from_bits(bits[i]) < chance));
        became_homeless[i] = (uint8_t)(here ? 0 : became_homeless[i]);
    }
}

void allostat_homes_step(const allostat_home_terms *terms,
                         allostat_residents *residents, allostat_users *users,
                         const allostat_living_block *block)
{
    const uint32_t *bits =
        block->bits[allostat_draw_table[ALLOSTAT_DRAW_home_move].lane];
    uint8_t candidate[ALLOSTAT_LIFE_BLOCK];
    uint16_t at[ALLOSTAT_LIFE_BLOCK];
    float risk[ALLOSTAT_LIFE_BLOCK];
    size_t count;

    find_candidates(terms, residents, block->first, block->count, bits, candidate);
    count = allostat_list_flags(candidate, block->count, at);
    /* States lie apart: read with nothing to guess between, they come together. */
    for (size_t k = 0; k < count; k++)
        risk[k] = allostat_home_riskf(terms,
                                      state_of(residents, users, block->first + at[k]));
    for (size_t k = 0; k < count; k++) {
        const size_t row = block->first + at[k];

        move_on(terms, residents, users, row, risk[k],
                allostat_uniform_from_bits(bits[at[k]]));
        if (residents->user_row[row] >= 0) {
            allostat_user_refresh_housing(users, (size_t)residents->user_row[row],
                                          residents);
        }
    }
}

void allostat_user_refresh_housing(allostat_users *users, size_t row,
                                   const allostat_residents *residents)
{
    const uint8_t housing = residents->housing[users->person[row]];

    users->unstable[row] = housing == ALLOSTAT_HOUSING_stable ? 0.0f : 1.0f;
}
