/* PTSD from month to month, or from turn to turn: see ptsd.h.
 *
 * Most people only rest: they are a vectorised loop. To few of a block something
 * happens; they are taken one by one. */
#include "mind/ptsd.h"

#include "base/columns.h"
#include "base/hot.h"
#include "people/homes.h"

enum { DAYS_A_YEAR_TIMES_4 = 1461 };

void allostat_trauma_of_overdose(const allostat_params *params, allostat_users *users,
                                 size_t row)
{
    const float rise = (float)params->ptsd_rise_overdose;

    if (!params->mechanisms_ptsd) return;
    users->ptsd_severity[row] = allostat_trauma_risef(users->ptsd_severity[row], rise);
    users->traumas_month[row]++;
}

void allostat_trauma_of_witness(const allostat_params *params, allostat_users *users,
                                size_t row)
{
    users->deaths_seen_month[row] += params->mechanisms_ptsd;
}

/* ---- terms ---- */

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
    self->log_left_witness = (float)allostat_log1p(-params->ptsd_rise_witnessed_death);
    self->log_left_homelessness =
        (float)allostat_log1p(-params->ptsd_rise_homelessness);
    self->log_hazard = (float)allostat_log(params->ptsd_chronic_hazard);
    self->ace_slope = (float)params->ptsd_ace_slope;
    self->insecurity_slope = (float)params->ptsd_insecurity_slope;
    self->chronic_low = (float)params->ptsd_chronic_low;
    self->chronic_range = (float)(params->ptsd_chronic_high - params->ptsd_chronic_low);
    self->threshold = (float)params->ptsd_threshold;
}

/* ---- those to whom something happens ---- */

/* What they bring to the turn, and what it makes of them. */
typedef struct {
    size_t count;
    uint32_t person[ALLOSTAT_PTSD_BLOCK];
    uint32_t violence_bits[ALLOSTAT_PTSD_BLOCK], stays_bits[ALLOSTAT_PTSD_BLOCK];
    uint32_t level_bits[ALLOSTAT_PTSD_BLOCK], heals_bits[ALLOSTAT_PTSD_BLOCK];
    float violence[ALLOSTAT_PTSD_BLOCK];  /* chance */
    float known[ALLOSTAT_PTSD_BLOCK];     /* overdoses, felt as they happened */
    float seen[ALLOSTAT_PTSD_BLOCK];      /* deaths that users saw */
    float deaths[ALLOSTAT_PTSD_BLOCK];    /* of ties */
    float home_lost[ALLOSTAT_PTSD_BLOCK]; /* 1 or 0 */
    float ace[ALLOSTAT_PTSD_BLOCK], insecurity[ALLOSTAT_PTSD_BLOCK];
    float severity[ALLOSTAT_PTSD_BLOCK], chronic[ALLOSTAT_PTSD_BLOCK];
    float kept_first[ALLOSTAT_PTSD_BLOCK], kept_last[ALLOSTAT_PTSD_BLOCK];
    int32_t eased[ALLOSTAT_PTSD_BLOCK]; /* 1: months are left after what happens */
    int32_t met[ALLOSTAT_PTSD_BLOCK], stayed[ALLOSTAT_PTSD_BLOCK];
} happenings;

/* Months of the turn that are left after what happens in it: 0 when it has one. Drawn
 * by the bits of the chronic level, which otherwise only tell how bad it gets. */
static int32_t months_left(const allostat_ptsd_terms *terms, uint32_t bits)
{
    const int32_t half_word = 32;

    return (int32_t)((uint64_t)bits * (uint64_t)terms->months >> half_word);
}

/* A person's draws; `bits` points to the first lane. */
#define BITS(draw) \
    bits[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane * ALLOSTAT_PTSD_BLOCK]

static void add_person(happenings *self, const allostat_ptsd_terms *terms,
                       const allostat_residents *residents, size_t person,
                       const uint32_t *bits)
{
    const size_t at = self->count++;
    const float here = (float)(residents->status[person] == ALLOSTAT_RESIDENT_present);

    const int32_t left = months_left(terms, BITS(month_trauma_level));

    self->person[at] = (uint32_t)person;
    self->violence_bits[at] = BITS(month_violence);
    self->stays_bits[at] = BITS(month_trauma_stays);
    self->level_bits[at] = BITS(month_trauma_level);
    self->heals_bits[at] = BITS(month_ptsd_recovery);
    self->violence[at] = terms->violence[0][residents->housing[person]] * here;
    self->known[at] = self->seen[at] = 0.0f;
    self->deaths[at] = (float)residents->bereaved_month[person] * here;
    self->home_lost[at] = (float)residents->became_homeless[person] * here;
    self->ace[at] = (float)residents->ace_score[person] - terms->scores.ace_mean;
    self->insecurity[at] = (residents->attachment_anxiety[person] +
                            residents->attachment_avoidance[person]) *
                           terms->scores.insecurity_scale;
    self->severity[at] = residents->ptsd_severity[person];
    self->chronic[at] = residents->ptsd_chronic[person];
    self->kept_first[at] = terms->kept_first[terms->months - left];
    self->kept_last[at] = terms->kept_last[left];
    self->eased[at] = left > 0;
}

/* The last one added is a user. */
static void make_user(happenings *self, const allostat_ptsd_terms *terms,
                      const allostat_residents *residents, const allostat_users *users,
                      size_t row)
{
    const size_t at = self->count - 1, person = self->person[at];
    const float here = (float)(residents->status[person] == ALLOSTAT_RESIDENT_present);
    const int active = users->active[row] != 0;

    self->violence[at] = terms->violence[active][residents->housing[person]] * here;
    self->known[at] = (float)users->traumas_month[row];
    self->seen[at] = (float)users->deaths_seen_month[row] * here;
}

/* Severity: the way back until it happens, and the traumas. */
ALLOSTAT_HOT
static void feel(const allostat_ptsd_terms *terms, happenings *self)
{
    const allostat_ptsd_terms *const t = terms;
    const float violence = t->log_left_violence,
                homelessness = t->log_left_homelessness;
    const float bereavement = t->log_left_bereavement, witness = t->log_left_witness;
    const size_t count = self->count;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t met =
            allostat_uniform_from_bits(self->violence_bits[i]) < self->violence[i];
        const float deaths = self->deaths[i], home_lost = self->home_lost[i];
        const float seen = self->seen[i];
        const float left = allostat_expf((float)met * violence + deaths * bereavement +
                                         home_lost * homelessness + seen * witness);
        const float rested =
            allostat_relaxf(self->severity[i], self->chronic[i], self->kept_first[i]);

        self->severity[i] = allostat_trauma_risef(rested, 1.0f - left);
        self->met[i] = met;
        self->known[i] += (float)met + deaths + home_lost + seen;
    }
}

/* The chronic level: does one of the traumas stay, does an old one heal? And the way
 * on. */
ALLOSTAT_HOT
static void weigh(const allostat_ptsd_terms *terms, happenings *self)
{
    const float log_hazard = terms->log_hazard, ace_slope = terms->ace_slope;
    const float insecurity_slope = terms->insecurity_slope, low = terms->chronic_low;
    const float range = terms->chronic_range, recovery = terms->recovery;
    const float threshold = terms->threshold;
    const size_t count = self->count;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float hazard = allostat_trauma_hazardf(
            log_hazard, ace_slope, self->ace[i], insecurity_slope, self->insecurity[i]);
        const float chance = allostat_probability_from_hazardf(hazard * self->known[i]);
        const int32_t stayed = allostat_uniform_from_bits(self->stays_bits[i]) < chance;
        const int32_t ill = self->chronic[i] >= threshold;
        const int32_t healed =
            ill & (allostat_uniform_from_bits(self->heals_bits[i]) < recovery);
        const float rest = allostat_selectf(healed, 0.0f, self->chronic[i]);
        const float drawn =
            low + range * allostat_uniform_from_bits(self->level_bits[i]);
        const float worse = allostat_selectf(drawn > rest, drawn, rest);
        const float chronic = allostat_selectf(stayed, worse, rest);
        const float eased =
            allostat_relaxf(self->severity[i], chronic, self->kept_last[i]);

        self->chronic[i] = chronic;
        self->severity[i] = allostat_selectf(self->eased[i], eased, self->severity[i]);
        self->stayed[i] = stayed & (ill ^ 1);
    }
}

static allostat_traumas live_through(const allostat_ptsd_terms *terms, happenings *self,
                                     allostat_residents *residents)
{
    allostat_traumas sum = {0, 0};

    feel(terms, self);
    weigh(terms, self);
    for (size_t i = 0; i < self->count; i++) {
        residents->ptsd_severity[self->person[i]] = self->severity[i];
        residents->ptsd_chronic[self->person[i]] = self->chronic[i];
        sum.violence += self->met[i];
        sum.stayed += self->stayed[i];
    }
    return sum;
}

/* ---- a block of residents ---- */

typedef struct {
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_PTSD_BLOCK];
    float violence[ALLOSTAT_PTSD_BLOCK];
    uint8_t known[ALLOSTAT_PTSD_BLOCK]; /* 1: of a user who overdosed or saw a death */
    uint8_t lives[ALLOSTAT_PTSD_BLOCK]; /* 1: at this pace */
    uint8_t happens[ALLOSTAT_PTSD_BLOCK]; /* 1: something does, or may */
} trauma_block;

/* The draws of a block; those of the next are asked for, with all that it reads. */
static void draw(const allostat_ptsd_terms *terms, const allostat_residents *residents,
                 size_t first, size_t count, uint32_t *bits)
{
    const size_t next = first + allostat_turn_stride(terms->months);
#define COLUMN(name) ALLOSTAT_HINT_COLUMN(residents->name, next)
    const allostat_hint_column column[] = {
        COLUMN(number),          COLUMN(housing),      COLUMN(user_row),
        COLUMN(bereaved_month),  COLUMN(ptsd_chronic), COLUMN(ptsd_severity),
        COLUMN(became_homeless),
    };
#undef COLUMN
    const allostat_hint_columns columns = {column, sizeof column / sizeof *column};
    const allostat_draw_rows rows = {residents->number + first, NULL, count, bits,
                                     ALLOSTAT_PTSD_BLOCK};

    allostat_draws_fill_and_hint(terms->key, ALLOSTAT_DRAW_month_violence,
                                 terms->first_day, &rows, &columns);
}

static void fill_bits(const allostat_ptsd_terms *terms, const uint32_t *number,
                      size_t count, uint32_t *bits)
{
    allostat_draws_fill(allostat_draw_key_of_numbers(terms->key),
                        allostat_draw_table[ALLOSTAT_DRAW_month_violence].call,
                        terms->first_day, 0, number, count, ALLOSTAT_PTSD_BLOCK, bits);
}

ALLOSTAT_HOT
static void gather_residents(const allostat_ptsd_terms *terms,
                             const allostat_residents *residents, size_t first,
                             size_t count, trauma_block *block)
{
    const float *violence = terms->violence[0];
    const float stable = violence[ALLOSTAT_HOUSING_stable];
    const float unstable = violence[ALLOSTAT_HOUSING_unstable];
    const float homeless = violence[ALLOSTAT_HOUSING_homeless];
    const uint8_t *restrict housing = residents->housing + first;
    const int32_t *restrict user_row = residents->user_row + first;
    const int of_users = terms->of_users;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        block->violence[i] = allostat_of_homef(housing[i], stable, unstable, homeless);
        block->known[i] = 0;
        block->lives[i] = (uint8_t)(of_users | (user_row[i] < 0));
    }
}

ALLOSTAT_HOT
static void gather_users(const allostat_ptsd_terms *terms,
                         const allostat_residents *residents,
                         const allostat_users *users, size_t first, size_t count,
                         trauma_block *block)
{
    const float *violence = terms->violence[1];
    const float stable = violence[ALLOSTAT_HOUSING_stable];
    const float unstable = violence[ALLOSTAT_HOUSING_unstable];
    const float homeless = violence[ALLOSTAT_HOUSING_homeless];
    const uint8_t *restrict housing = residents->housing + first;
    const int32_t *restrict user_row = residents->user_row + first;
    const int32_t *restrict active = users->active;
    const int32_t *restrict traumas = users->traumas_month;
    const int32_t *restrict seen = users->deaths_seen_month;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t user = user_row[i] >= 0;
        const int32_t row = user ? user_row[i] : 0;

        block->known[i] = (uint8_t)(user & ((traumas[row] | seen[row]) > 0));
        block->violence[i] =
            allostat_selectf(user & (active[row] != 0),
                             allostat_of_homef(housing[i], stable, unstable, homeless),
                             block->violence[i]);
    }
}

/* Those to whom nothing happens rest; the others are flagged. */
ALLOSTAT_HOT
static void rest(const allostat_ptsd_terms *terms, allostat_residents *residents,
                 size_t first, size_t count, trauma_block *block)
{
    const float keep = terms->kept_first[terms->months];
    const float threshold = terms->threshold, recovery = terms->recovery;
    const uint32_t *restrict violence =
        block->bits[allostat_draw_table[ALLOSTAT_DRAW_month_violence].lane];
    const uint32_t *restrict heals =
        block->bits[allostat_draw_table[ALLOSTAT_DRAW_month_ptsd_recovery].lane];
    const uint8_t *restrict bereaved = residents->bereaved_month + first;
    const uint8_t *restrict homeless = residents->became_homeless + first;
    const float *restrict chronic = residents->ptsd_chronic + first;
    float *restrict severity = residents->ptsd_severity + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t met =
            allostat_uniform_from_bits(violence[i]) < block->violence[i];
        const int32_t heal = (chronic[i] >= threshold) &
                             (allostat_uniform_from_bits(heals[i]) < recovery);
        const int32_t lives = block->lives[i];
        const int32_t happens = lives & (met | heal | (bereaved[i] != 0) |
                                         (homeless[i] != 0) | block->known[i]);
        const float rested = allostat_relaxf(severity[i], chronic[i], keep);

        severity[i] = allostat_selectf(lives & (happens ^ 1), rested, severity[i]);
        block->happens[i] = (uint8_t)happens;
    }
}

/* What only those want to whom something happens. */
enum { AHEAD = 4 };

static void expect_traits(const allostat_residents *residents, size_t person)
{
    allostat_hint(&residents->attachment_anxiety[person]);
    allostat_hint(&residents->attachment_avoidance[person]);
    allostat_hint(&residents->ace_score[person]);
    allostat_hint(&residents->status[person]);
}

allostat_traumas allostat_ptsd_month(const allostat_ptsd_terms *terms,
                                     allostat_residents *residents,
                                     const allostat_users *users, size_t first,
                                     size_t count)
{
    trauma_block block;
    happenings rare;
    uint16_t at[ALLOSTAT_PTSD_BLOCK];

    if (!terms->on) return (allostat_traumas){0, 0};
    gather_residents(terms, residents, first, count, &block);
    if (terms->of_users && users->row_count > 0)
        gather_users(terms, residents, users, first, count, &block);
    draw(terms, residents, first, count, block.bits[0]);
    rest(terms, residents, first, count, &block);
    rare.count = 0;
    const size_t found = allostat_list_flags(block.happens, count, at);

    for (size_t k = 0; k < found; k++) {
        const size_t i = at[k];
        const int32_t user = residents->user_row[first + i];

        if (k + AHEAD < found) expect_traits(residents, first + at[k + AHEAD]);
        add_person(&rare, terms, residents, first + i, &block.bits[0][i]);
        if (user >= 0) make_user(&rare, terms, residents, users, (size_t)user);
    }
    return live_through(terms, &rare, residents);
}

/* ---- users who stand further back ---- */

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
static bool lost_home_now(const allostat_turn *turn,
                          const allostat_residents *residents, size_t person)
{
    return residents->became_homeless[person] && allostat_turn_is_due(turn, person);
}

static float most_violence(const allostat_ptsd_terms *terms)
{
    float most = 0.0f;

    for (int housing = 0; housing < ALLOSTAT_HOUSING_KINDS; housing++) {
        for (int active = 0; active < 2; active++) {
            const float chance = terms->violence[active][housing];
            most = chance > most ? chance : most;
        }
    }
    return most;
}

/* Their residents' rows lie apart: as few looks as can be. */
static bool may_happen(const allostat_ptsd_terms *terms,
                       const allostat_residents *residents, size_t person, float most,
                       const uint32_t *bits)
{
    const float heals = allostat_uniform_from_bits(BITS(month_ptsd_recovery));

    return allostat_uniform_from_bits(BITS(month_violence)) < most ||
           residents->bereaved_month[person] > 0 ||
           (residents->ptsd_chronic[person] >= terms->threshold &&
            heals < terms->recovery);
}

allostat_traumas allostat_ptsd_users_month(const allostat_ptsd_terms *terms,
                                           const allostat_turn *turn,
                                           allostat_residents *residents,
                                           allostat_users *users, size_t first,
                                           size_t count)
{
    users_block block;
    happenings rare;
    const size_t found = terms->on ? list_behind(turn, users, first, count, &block) : 0;
    const float most = most_violence(terms), keep = terms->kept_first[terms->months];

    rare.count = 0; /* nothing else of it needs to be cleared */
    if (found > 0) fill_bits(terms, block.number, found, block.bits[0]);
    for (size_t i = 0; i < found; i++) {
        const uint32_t *bits = &block.bits[0][i];
        const size_t row = block.row[i], person = users->person[row];
        const bool home_lost = lost_home_now(turn, residents, person);

        if (!home_lost && !allostat_was_struck(users, row) &&
            !may_happen(terms, residents, person, most, bits)) {
            residents->ptsd_severity[person] =
                allostat_relaxf(residents->ptsd_severity[person],
                                residents->ptsd_chronic[person], keep);
            continue;
        }
        add_person(&rare, terms, residents, person, bits);
        make_user(&rare, terms, residents, users, row);
        if (!home_lost) rare.home_lost[rare.count - 1] = 0.0f;
    }
    for (size_t row = first; row < first + count; row++)
        users->traumas_month[row] = users->deaths_seen_month[row] = 0;
    return live_through(terms, &rare, residents);
}
