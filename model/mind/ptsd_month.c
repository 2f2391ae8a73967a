/* PTSD from month to month, or from turn to turn: see ptsd.h.
 *
 * Most people only rest: they are a vectorised loop. To few of a block something
 * happens; they are taken one by one. */
#include "mind/ptsd.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

enum { DAYS_A_YEAR_TIMES_4 = 1461 };

void allostat_trauma_strike(const allostat_params *params, allostat_users *users,
                            size_t row, double rise)
{
    if (!params->mechanisms_ptsd) return;
    users->ptsd_severity[row] =
        allostat_trauma_risef(users->ptsd_severity[row], (float)rise);
    users->traumas_month[row]++;
}

/* ---- terms ------------------------------------------------------------------------
 */

static double years_of(double days) { return 4.0 * days / DAYS_A_YEAR_TIMES_4; }

/* Of n months from `month` on. */
static double days_of(allostat_month month, int32_t n)
{
    return (double)(allostat_month_first_day(month + n) -
                    allostat_month_first_day(month));
}

/* Chance of violence within the months: at most once, and as often as in single months.
 */
static float violence_chance(const allostat_ptsd_terms *self, allostat_month month,
                             double rate)
{
    double chance = 0.0;

    for (int32_t m = 0; m < self->months; m++) {
        const double days = allostat_month_day_count(month + m);

        chance += -allostat_expm1(-years_of(days) * rate);
    }
    return (float)(chance < 1.0 ? chance : 1.0);
}

static void make_clock(allostat_ptsd_terms *self, const allostat_params *params,
                       allostat_month month)
{
    const int32_t months = self->months;

    for (int32_t n = 0; n <= months; n++) {
        self->kept_first[n] = (float)allostat_keep(days_of(month, n), params->ptsd_tau);
        self->kept_last[n] =
            (float)allostat_keep(days_of(month + months - n, n), params->ptsd_tau);
    }
    for (uint8_t housing = 0; housing < ALLOSTAT_HOUSING_KINDS; housing++) {
        for (int active = 0; active < 2; active++) {
            self->violence[active][housing] = violence_chance(
                self, month, allostat_violence_rate(params, housing, active));
        }
    }
    self->recovery = (float)-allostat_expm1(
        -years_of(days_of(month, months)) *
        (params->ptsd_recovery_rate + params->prevention_ptsd_healing_rate));
}

void allostat_ptsd_terms_make(allostat_ptsd_terms *self, const allostat_params *params,
                              allostat_draw_key key, const allostat_turn *turn,
                              allostat_pace pace)
{
    self->on = params->mechanisms_ptsd;
    self->of_users = pace == ALLOSTAT_PACE_month;
    self->key = key;
    self->first_day = allostat_month_first_day(turn->month);
    self->months = allostat_turn_months(turn, pace);
    self->scores = allostat_trait_scores_make(params);
    make_clock(self, params, turn->month);
    self->log_left_violence = (float)allostat_log1p(-params->ptsd_rise_violence);
    self->log_left_bereavement = (float)allostat_log1p(-params->ptsd_rise_bereavement);
    self->log_left_homelessness =
        (float)allostat_log1p(-params->ptsd_rise_homelessness);
    self->log_hazard = (float)allostat_log(params->ptsd_chronic_hazard);
    self->ace_slope = (float)params->ptsd_ace_slope;
    self->insecurity_slope = (float)params->ptsd_insecurity_slope;
    self->chronic_low = (float)params->ptsd_chronic_low;
    self->chronic_range = (float)(params->ptsd_chronic_high - params->ptsd_chronic_low);
    self->threshold = (float)params->ptsd_threshold;
}

/* ---- one person -------------------------------------------------------------------
 */

/* What somebody brings to the turn. */
typedef struct {
    uint32_t violence_bits, stays_bits, level_bits, heals_bits;
    float here;      /* 1 for who lives in the city */
    float violence;  /* chance */
    float known;     /* traumas of a user, felt as they happened */
    float home_lost; /* 1 or 0 */
} person_turn;

/* Whether one of the traumas stays, and whether an old one heals: the chronic level.
 * Returns 1 when PTSD is new. */
static int32_t weigh(const allostat_ptsd_terms *t, allostat_residents *residents,
                     size_t person, const person_turn *turn, float traumas)
{
    const float insecurity = (residents->attachment_anxiety[person] +
                              residents->attachment_avoidance[person]) *
                             t->scores.insecurity_scale;
    const float hazard = allostat_trauma_hazardf(t->log_hazard, t->ace_slope,
                                                 (float)residents->ace_score[person] -
                                                     t->scores.ace_mean,
                                                 t->insecurity_slope, insecurity);
    const float chance = allostat_probability_from_hazardf(hazard * traumas);
    const float chronic = residents->ptsd_chronic[person];
    const float drawn = t->chronic_low +
                        t->chronic_range * allostat_uniform_from_bits(turn->level_bits);
    const int32_t stayed = allostat_uniform_from_bits(turn->stays_bits) < chance;
    const int32_t ill = chronic >= t->threshold;
    const int32_t healed =
        ill & (allostat_uniform_from_bits(turn->heals_bits) < t->recovery);
    const float rest = healed ? 0.0f : chronic;

    residents->ptsd_chronic[person] = stayed && drawn > rest ? drawn : rest;
    return stayed & (ill ^ 1);
}

/* Months of the turn that are left after what happens in it: 0 when it has one. Drawn
 * by the bits of the chronic level, which otherwise only tell how bad it gets. */
static int32_t months_left(const allostat_ptsd_terms *terms, uint32_t bits)
{
    const int32_t half_word = 32;

    return (int32_t)((uint64_t)bits * (uint64_t)terms->months >> half_word);
}

/* Severity: the way back until it happens, the traumas, and the way on. */
static allostat_traumas live_through(const allostat_ptsd_terms *terms,
                                     allostat_residents *residents, size_t person,
                                     const person_turn *turn)
{
    const int32_t after = months_left(terms, turn->level_bits);
    const int32_t met =
        allostat_uniform_from_bits(turn->violence_bits) < turn->violence * turn->here;
    const float deaths = (float)residents->bereaved_month[person] * turn->here;
    const float home_lost = turn->home_lost * turn->here;
    const float left = allostat_expf((float)met * terms->log_left_violence +
                                     deaths * terms->log_left_bereavement +
                                     home_lost * terms->log_left_homelessness);
    const float rested = allostat_relaxf(residents->ptsd_severity[person],
                                         residents->ptsd_chronic[person],
                                         terms->kept_first[terms->months - after]);
    const float felt = allostat_trauma_risef(rested, 1.0f - left);
    const int32_t stayed = weigh(terms, residents, person, turn,
                                 turn->known + ((float)met + deaths + home_lost));

    residents->ptsd_severity[person] =
        after == 0 ? felt
                   : allostat_relaxf(felt, residents->ptsd_chronic[person],
                                     terms->kept_last[after]);
    return (allostat_traumas){met, stayed};
}

static void add_to(allostat_traumas *sum, allostat_traumas more)
{
    sum->violence += more.violence;
    sum->stayed += more.stayed;
}

/* ---- a block of residents ---------------------------------------------------------
 */

typedef struct {
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_PTSD_BLOCK];
    float here[ALLOSTAT_PTSD_BLOCK];
    float violence[ALLOSTAT_PTSD_BLOCK];
    float known[ALLOSTAT_PTSD_BLOCK];
    uint8_t lives[ALLOSTAT_PTSD_BLOCK];   /* 1: at this pace */
    uint8_t happens[ALLOSTAT_PTSD_BLOCK]; /* 1: something does, or may */
} trauma_block;

static void fill_bits(const allostat_ptsd_terms *terms, const uint32_t *number,
                      size_t count, uint32_t *bits)
{
    allostat_draws_fill(allostat_draw_key_of_numbers(terms->key),
                        allostat_draw_table[ALLOSTAT_DRAW_month_violence].call,
                        terms->first_day, 0, number, count, ALLOSTAT_PTSD_BLOCK, bits);
}

#define BITS(draw) block->bits[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane]

ALLOSTAT_HOT
static void gather_residents(const allostat_ptsd_terms *terms,
                             const allostat_residents *residents, size_t first,
                             size_t count, trauma_block *block)
{
    const float *restrict violence = terms->violence[0];
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict housing = residents->housing + first;
    const int32_t *restrict user_row = residents->user_row + first;
    const int of_users = terms->of_users;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        block->here[i] = (float)(status[i] == ALLOSTAT_RESIDENT_present);
        block->violence[i] = violence[housing[i]];
        block->known[i] = 0.0f;
        block->lives[i] = (uint8_t)(of_users | (user_row[i] < 0));
    }
}

ALLOSTAT_HOT
static void gather_users(const allostat_ptsd_terms *terms,
                         const allostat_residents *residents,
                         const allostat_users *users, size_t first, size_t count,
                         trauma_block *block)
{
    const float *restrict violence = terms->violence[1];
    const uint8_t *restrict housing = residents->housing + first;
    const int32_t *restrict user_row = residents->user_row + first;
    const int32_t *restrict active = users->active;
    const int32_t *restrict traumas = users->traumas_month;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t user = user_row[i] >= 0;
        const int32_t row = user ? user_row[i] : 0;

        block->known[i] = (float)(user * traumas[row]);
        block->violence[i] = allostat_selectf(user & (active[row] != 0),
                                              violence[housing[i]], block->violence[i]);
    }
}

/* Those to whom nothing happens rest; the others are flagged. */
ALLOSTAT_HOT
static void rest(const allostat_ptsd_terms *terms, allostat_residents *residents,
                 size_t first, size_t count, trauma_block *block)
{
    const float keep = terms->kept_first[terms->months];
    const float threshold = terms->threshold, recovery = terms->recovery;
    const uint32_t *restrict violence = BITS(month_violence);
    const uint32_t *restrict heals = BITS(month_ptsd_recovery);
    const uint8_t *restrict bereaved = residents->bereaved_month + first;
    const uint8_t *restrict homeless = residents->became_homeless + first;
    const float *restrict chronic = residents->ptsd_chronic + first;
    float *restrict severity = residents->ptsd_severity + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t met = allostat_uniform_from_bits(violence[i]) <
                            block->violence[i] * block->here[i];
        const int32_t heal = (chronic[i] >= threshold) &
                             (allostat_uniform_from_bits(heals[i]) < recovery);
        const int32_t lives = block->lives[i];
        const int32_t happens = lives & (met | heal | (bereaved[i] != 0) |
                                         (homeless[i] != 0) | (block->known[i] > 0.0f));
        const float rested = allostat_relaxf(severity[i], chronic[i], keep);

        severity[i] = allostat_selectf(lives & (happens ^ 1), rested, severity[i]);
        block->happens[i] = (uint8_t)happens;
    }
}

allostat_traumas allostat_ptsd_month(const allostat_ptsd_terms *terms,
                                     allostat_residents *residents,
                                     const allostat_users *users, size_t first,
                                     size_t count)
{
    allostat_traumas sum = {0, 0};
    trauma_block whole, *const block = &whole;

    if (!terms->on) return sum;
    gather_residents(terms, residents, first, count, block);
    if (terms->of_users && users->row_count > 0)
        gather_users(terms, residents, users, first, count, block);
    fill_bits(terms, residents->number + first, count, block->bits[0]);
    rest(terms, residents, first, count, block);
    for (size_t i = allostat_next_flag(block->happens, 0, count); i < count;
         i = allostat_next_flag(block->happens, i + 1, count)) {
        const person_turn turn = {
            BITS(month_violence)[i],
            BITS(month_trauma_stays)[i],
            BITS(month_trauma_level)[i],
            BITS(month_ptsd_recovery)[i],
            block->here[i],
            block->violence[i],
            block->known[i],
            (float)residents->became_homeless[first + i],
        };
        add_to(&sum, live_through(terms, residents, first + i, &turn));
    }
    return sum;
}

/* ---- users who stand further back -------------------------------------------------
 */

typedef struct {
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_PTSD_BLOCK];
    uint32_t number[ALLOSTAT_PTSD_BLOCK];
    uint32_t row[ALLOSTAT_PTSD_BLOCK]; /* of users */
} users_block;

static size_t list_behind(const allostat_turn *turn, const allostat_users *users,
                          size_t first, size_t count, users_block *block)
{
    size_t found = 0;

    for (size_t row = first; row < first + count; row++) {
        block->row[found] = (uint32_t)row;
        block->number[found] = users->number[row];
        found += users->person[row] >= turn->near_rows;
    }
    return found;
}

/* A home that was lost at the last turn of homes has been felt then. */
static float home_lost_now(const allostat_turn *turn,
                           const allostat_residents *residents, size_t person)
{
    return (float)(allostat_turn_is_due(turn, person) &&
                   residents->became_homeless[person]);
}

allostat_traumas allostat_ptsd_users_month(const allostat_ptsd_terms *terms,
                                           const allostat_turn *turn,
                                           allostat_residents *residents,
                                           allostat_users *users, size_t first,
                                           size_t count)
{
    allostat_traumas sum = {0, 0};
    users_block rows, *const block = &rows;
    const size_t found = terms->on ? list_behind(turn, users, first, count, block) : 0;

    if (found > 0) fill_bits(terms, block->number, found, block->bits[0]);
    for (size_t i = 0; i < found; i++) {
        const size_t row = block->row[i];
        const uint32_t person = users->person[row];
        const int active = users->active[row] != 0;
        const person_turn month = {
            BITS(month_violence)[i],
            BITS(month_trauma_stays)[i],
            BITS(month_trauma_level)[i],
            BITS(month_ptsd_recovery)[i],
            (float)(residents->status[person] == ALLOSTAT_RESIDENT_present),
            terms->violence[active][residents->housing[person]],
            (float)users->traumas_month[row],
            home_lost_now(turn, residents, person),
        };
        add_to(&sum, live_through(terms, residents, person, &month));
    }
    memset(users->traumas_month + first, 0, count * sizeof *users->traumas_month);
    return sum;
}
