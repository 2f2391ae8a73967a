#include "opioid/prescribing.h"

#include "base/columns.h"
#include "base/dmath.h"
#include "base/hot.h"
#include "people/life_course.h"

#include <string.h>

enum { MIDDLE_AGE = 50 };

/* ln ratio for ten years of age, around 50. */
static double surgery_rate(const allostat_params *params, int32_t age)
{
    const double decade = 10.0;

    return params->prescribing_surgery_rate *
           allostat_exp(params->prescribing_surgery_age_log_ratio * (age - MIDDLE_AGE) /
                        decade);
}

/* In a steady state as many prescriptions end as become long-term: odds of having one
 * are entries over the rate of ending. */
static double share_with_prescription(const allostat_params *params, double surgery,
                                      double chronic)
{
    const double entries = (surgery * params->prescribing_surgery_persist +
                            chronic * params->prescribing_chronic_persist) *
                           ALLOSTAT_MONTHS_A_YEAR;

    return entries / (entries + params->prescribing_stop_rate);
}

/* What depends on age, and on chronic pain. */
static void make_chances(allostat_prescribing_terms *self,
                         const allostat_params *params)
{
    const double decade = 10.0;

    self->chronic = (float)(params->prescribing_chronic_rate / ALLOSTAT_MONTHS_A_YEAR);
    self->surgery_slope = (float)(params->prescribing_surgery_age_log_ratio / decade);
    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        self->surgery[age] =
            (float)(surgery_rate(params, age) * params->prescribing_discharge_share /
                    ALLOSTAT_MONTHS_A_YEAR);
        for (int pain = 0; pain < 2; pain++) {
            const float surgery = self->surgery[age];
            const float chronic = pain ? self->chronic : 0.0f;

            self->start[pain][age] =
                allostat_probability_from_hazardf(surgery + chronic);
            self->entry[pain][age] =
                share_with_prescription(params, (double)surgery, (double)chronic);
        }
    }
}

static void make_ratios(allostat_rx_ratios *self, const allostat_params *params)
{
    self->of_dose[ALLOSTAT_RX_none] = 1.0f;
    self->of_dose[ALLOSTAT_RX_low] = (float)params->prescribing_low_ratio;
    self->of_dose[ALLOSTAT_RX_medium] = (float)params->prescribing_medium_ratio;
    self->of_dose[ALLOSTAT_RX_high] = (float)params->prescribing_high_ratio;
    self->acute = (float)params->prescribing_acute_ratio;
    self->ended = (float)params->prescribing_ended_ratio;
    self->ended_months = (int32_t)params->prescribing_ended_months;
}

void allostat_prescribing_terms_turn_to(allostat_prescribing_terms *self,
                                        allostat_month month, double mean_ratio)
{
    self->month = month;
    self->first_day = allostat_month_first_day(month);
    self->inverse_mean_ratio = (float)(1.0 / mean_ratio);
}

void allostat_prescribing_terms_make(allostat_prescribing_terms *self,
                                     const allostat_params *params,
                                     allostat_draw_key key, allostat_month month,
                                     int32_t months, double mean_ratio)
{
    self->on = params->mechanisms_prescribing;
    self->key = key;
    self->months = months;
    make_chances(self, params);
    self->surgery_persist = params->prescribing_surgery_persist;
    self->chronic_persist = params->prescribing_chronic_persist;
    self->medium_share = params->prescribing_medium_share;
    self->high_share = params->prescribing_high_share;
    self->stop = (float)allostat_rx_chance_of_month(params->prescribing_stop_rate);
    self->abrupt_share = params->prescribing_abrupt_share;
    self->rise = allostat_rx_chance_of_month(params->prescribing_dose_rise_rate);
    self->fall = allostat_rx_chance_of_month(params->prescribing_dose_fall_rate);
    make_ratios(&self->ratios, params);
    allostat_prescribing_terms_turn_to(self, month, mean_ratio);
}

static uint8_t first_dose(const allostat_prescribing_terms *terms, double u)
{
    if (u < terms->high_share) return ALLOSTAT_RX_high;
    return u < terms->high_share + terms->medium_share ? ALLOSTAT_RX_medium
                                                       : ALLOSTAT_RX_low;
}

/* In a month, before the mean is taken out. */
static float ratio_in(const allostat_prescribing_terms *terms,
                      const allostat_residents *residents, size_t row,
                      allostat_month month)
{
    const int32_t ended = residents->rx_ended[row];
    const int32_t since = month > ended ? month - ended : 0;

    return allostat_rx_ratio(&terms->ratios, residents->rx_dose[row],
                             residents->rx_months[row], residents->rx_last_dose[row],
                             ended > 0 ? since : -1);
}

void allostat_prescribing_enter(const allostat_prescribing_terms *terms,
                                allostat_residents *residents, size_t first,
                                size_t count, allostat_rx_entry_bits bits)
{
    for (size_t i = 0; i < count; i++) {
        const size_t row = first + i;
        const int32_t age =
            allostat_age_in_month(residents->birth_month[row], terms->month);
        const double share = terms->entry[residents->chronic_pain[row] > 0.0f][age];

        if (terms->on && allostat_double_uniform_from_bits(bits.has[i]) < share) {
            residents->rx_dose[row] =
                first_dose(terms, allostat_double_uniform_from_bits(bits.dose[i]));
            residents->rx_months[row] = ALLOSTAT_RX_LONG_AGO;
            residents->rx_left[row] = ALLOSTAT_RX_OPEN;
            residents->rx_event[row] = ALLOSTAT_RX_EVENT_long_term;
        }
        residents->rx_first_use_ratio[row] =
            ratio_in(terms, residents, row, terms->month) * terms->inverse_mean_ratio;
    }
}

/* A row in a month of its turn. */
typedef struct {
    const allostat_prescribing_terms *terms;
    allostat_residents *residents;
    size_t row;
    int32_t month;          /* of the turn: 0 .. terms->months - 1 */
    float start, stop;      /* what is left of these draws; negative when used up */
    const uint32_t *change; /* rx_dose_change of the first month, or NULL */
} rx_turn;

/* The draws of a month of the turn: dated on days of the turn's first month. */
static double uniform(const rx_turn *self, allostat_draw draw)
{
    return allostat_draw_uniform(self->terms->key, draw, (uint32_t)self->row,
                                 self->terms->first_day + self->month, 0);
}

/* Does it happen this month? `u` is what is left of the draw, if any is. */
static bool happens(const rx_turn *self, allostat_draw draw, float chance, float *u)
{
    if (*u < 0.0f) *u = (float)uniform(self, draw);
    return allostat_happens_nowf(u, chance);
}

static void begin(const rx_turn *self, bool surgery)
{
    const allostat_prescribing_terms *terms = self->terms;
    allostat_residents *residents = self->residents;
    const size_t row = self->row;
    const double persist = surgery ? terms->surgery_persist : terms->chronic_persist;
    const double trial_months = ALLOSTAT_RX_LONG_TERM;
    uint32_t bits[ALLOSTAT_DRAW_LANES];

    allostat_draws_fill(allostat_draw_key_of_numbers(terms->key),
                        allostat_draw_table[ALLOSTAT_DRAW_rx_dose].call,
                        terms->first_day + self->month, 0, &residents->number[row], 1,
                        1, bits);
#define UNIFORM(draw) \
    allostat_double_uniform_from_bits(bits[allostat_draw_table[draw].lane])
    residents->rx_dose[row] = first_dose(terms, UNIFORM(ALLOSTAT_DRAW_rx_dose));
    residents->rx_months[row] = 0;
    residents->rx_event[row] += ALLOSTAT_RX_EVENT_start;
    if (UNIFORM(ALLOSTAT_DRAW_rx_persist) < persist) {
        residents->rx_left[row] = ALLOSTAT_RX_OPEN;
    } else {
        const double length = UNIFORM(ALLOSTAT_DRAW_rx_length) * trial_months;
        residents->rx_left[row] = (uint8_t)(surgery ? 1 : 1 + (int32_t)length);
    }
#undef UNIFORM
}

static void maybe_begin(rx_turn *self)
{
    const allostat_prescribing_terms *terms = self->terms;
    const allostat_residents *residents = self->residents;
    const bool pain = residents->chronic_pain[self->row] > 0.0f;
    const int32_t age =
        allostat_age_in_month(residents->birth_month[self->row], terms->month);
    const float chance = terms->start[pain][age], surgery = terms->surgery[age];
    const float chronic = pain ? terms->chronic : 0.0f;

    if (!happens(self, ALLOSTAT_DRAW_rx_start, chance, &self->start)) return;
    /* Below the chance the draw is uniform: it also tells what the opioid is for. */
    begin(self, self->start * (surgery + chronic) < chance * surgery);
    self->start = -1.0f;
}

static void end(const rx_turn *self, bool long_term)
{
    allostat_residents *residents = self->residents;
    const size_t row = self->row;

    residents->rx_dose[row] = ALLOSTAT_RX_none;
    residents->rx_months[row] = 0;
    residents->rx_left[row] = 0;
    if (!long_term) return;
    residents->rx_ended[row] = (int16_t)(self->terms->month + self->month);
    residents->rx_event[row] += ALLOSTAT_RX_EVENT_end;
}

/* A long-term prescription whose end is open: an end at once, a taper of one class a
 * month, or a change of dose. */
static void review(rx_turn *self)
{
    const allostat_prescribing_terms *terms = self->terms;
    allostat_residents *residents = self->residents;
    const size_t row = self->row;
    const uint8_t dose = residents->rx_dose[row];

    if (happens(self, ALLOSTAT_DRAW_rx_stop, terms->stop, &self->stop)) {
        self->stop = -1.0f;
        residents->rx_last_dose[row] = dose;
        if (uniform(self, ALLOSTAT_DRAW_rx_abrupt) < terms->abrupt_share) {
            end(self, true);
        } else {
            residents->rx_left[row] = dose;
        }
        return;
    }
    const double change = self->change != NULL
                              ? allostat_double_uniform_from_bits(*self->change)
                              : uniform(self, ALLOSTAT_DRAW_rx_dose_change);
    self->change = NULL;
    if (change < terms->rise && dose < ALLOSTAT_RX_high) residents->rx_dose[row]++;
    if (change > 1.0 - terms->fall && dose > ALLOSTAT_RX_low) residents->rx_dose[row]--;
}

static void go_on(rx_turn *self)
{
    allostat_residents *residents = self->residents;
    const size_t row = self->row;
    const bool open = residents->rx_left[row] == ALLOSTAT_RX_OPEN;
    const bool was_long = residents->rx_months[row] >= ALLOSTAT_RX_LONG_TERM;

    if (residents->rx_months[row] < ALLOSTAT_RX_LONG_AGO) residents->rx_months[row]++;
    if (!open) {
        const uint8_t left = --residents->rx_left[row];
        if (left == 0) {
            end(self, was_long);
        } else if (was_long && left < residents->rx_dose[row]) {
            residents->rx_dose[row] = left;
        }
        return;
    }
    if (was_long) {
        review(self);
    } else if (residents->rx_months[row] == ALLOSTAT_RX_LONG_TERM) {
        residents->rx_event[row] |= ALLOSTAT_RX_EVENT_long_term;
    }
}

/* The months of the turn; first use follows their mean. */
static void live(rx_turn *self, bool may_begin)
{
    const allostat_prescribing_terms *terms = self->terms;
    allostat_residents *residents = self->residents;
    const size_t row = self->row;
    float ratios = 0.0f;
    int32_t felt = 0;

    for (self->month = 0; self->month < terms->months; self->month++) {
        const allostat_month month = terms->month + self->month;

        if (residents->rx_dose[row] != ALLOSTAT_RX_none) {
            go_on(self);
        } else if (may_begin) {
            maybe_begin(self);
        }
        if (residents->rx_dose[row] != ALLOSTAT_RX_none ||
            allostat_rx_is_felt(residents->rx_ended[row], month,
                                terms->ratios.ended_months)) {
            ratios += ratio_in(terms, residents, row, month);
            felt++;
        } else {
            ratios += terms->ratios.of_dose[ALLOSTAT_RX_none];
        }
    }
    residents->rx_felt_months[row] = (uint8_t)felt;
    residents->rx_first_use_ratio[row] =
        ratios / (float)terms->months * terms->inverse_mean_ratio;
}

/* Why a row is looked at. */
enum { HAS_RATIO = 1, MAY_BEGIN = 2 };

typedef struct {
    size_t first, count;
    allostat_rx_bits bits;
    uint8_t candidate[ALLOSTAT_LIFE_BLOCK];
    uint8_t reviewed[ALLOSTAT_LIFE_BLOCK];
    uint32_t change[ALLOSTAT_LIFE_BLOCK]; /* rx_dose_change of the reviewed */
} rx_block;

/* Flags the residents with a prescription, with one not long ago, or who may begin
 * one. For the others nothing happens, and the ratio is that of nobody's prescription.
 * 1 - e^-h is less than h; the margin is for the turn's months and for rounding. */
ALLOSTAT_HOT
static void find_candidates(const allostat_prescribing_terms *terms,
                            allostat_residents *residents, rx_block *restrict block)
{
    const size_t first = block->first, count = block->count;
    const allostat_month month = terms->month;
    const int32_t ended_months = terms->ratios.ended_months;
    const float margin = (1.0f + 0x1p-10f) * (float)terms->months;
    const float surgery = terms->surgery[MIDDLE_AGE] * margin;
    const float chronic = terms->chronic * margin, slope = terms->surgery_slope;
    const float plain = terms->ratios.of_dose[ALLOSTAT_RX_none];
    const float no_ratio = plain * terms->inverse_mean_ratio;
    const uint32_t *restrict start = block->bits.start;
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict dose = residents->rx_dose + first;
    const int16_t *restrict birth = residents->birth_month + first;
    const int16_t *restrict ended = residents->rx_ended + first;
    const float *restrict pain = residents->chronic_pain + first;
    float *restrict ratio = residents->rx_first_use_ratio + first;
    uint8_t *restrict event = residents->rx_event + first;
    uint8_t *restrict felt = residents->rx_felt_months + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int here = status[i] == ALLOSTAT_RESIDENT_present;
        const int32_t age = allostat_age_in_month(birth[i], month);
        const float most =
            surgery * allostat_exp_boundf(slope * (float)(age - MIDDLE_AGE)) +
            allostat_selectf(pain[i] > 0.0f, chronic, 0.0f);
        const int since = allostat_rx_is_felt(ended[i], month, ended_months);
        const int has_ratio = here & ((dose[i] != ALLOSTAT_RX_none) | since);
        const int may_begin = here & (allostat_uniform_from_bits(start[i]) < most);

        block->candidate[i] = (uint8_t)(has_ratio * HAS_RATIO + may_begin * MAY_BEGIN);
        ratio[i] = allostat_selectf(here & (has_ratio ^ 1), no_ratio, ratio[i]);
        event[i] = ALLOSTAT_RX_EVENT_none;
        felt[i] = 0;
    }
}

/* Those whose long-term prescription is reviewed, open as its end is. */
ALLOSTAT_HOT
static void find_reviewed(const allostat_residents *residents, rx_block *restrict block)
{
    const size_t first = block->first, count = block->count;
    const uint8_t *restrict dose = residents->rx_dose + first;
    const uint8_t *restrict left = residents->rx_left + first;
    const uint8_t *restrict months = residents->rx_months + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        block->reviewed[i] =
            (uint8_t)((block->candidate[i] != 0) & (dose[i] != ALLOSTAT_RX_none) &
                      (left[i] == ALLOSTAT_RX_OPEN) &
                      (months[i] >= ALLOSTAT_RX_LONG_TERM));
}

/* The draws of the reviewed are made together. */
static void draw_changes(const allostat_prescribing_terms *terms,
                         const allostat_residents *residents, rx_block *block)
{
    uint32_t number[ALLOSTAT_LIFE_BLOCK], bits[ALLOSTAT_LIFE_BLOCK];
    uint16_t at[ALLOSTAT_LIFE_BLOCK];
    size_t count = 0;

    for (size_t i = 0; i < block->count; i++) { /* without a branch to guess */
        number[count] = residents->number[block->first + i];
        at[count] = (uint16_t)i;
        count += block->reviewed[i];
    }
    allostat_draws_of(terms->key, ALLOSTAT_DRAW_rx_dose_change, terms->first_day,
                      &(allostat_draw_rows){number, NULL, count, bits, 0});
    memset(block->change, 0, sizeof block->change);
    for (size_t k = 0; k < count; k++) block->change[at[k]] = bits[k];
}

/* A month in which nothing changes, as in most, of a long-term prescription or after
 * one: only the ratio goes on. */
ALLOSTAT_HOT
static void pass_over_unchanged(const allostat_prescribing_terms *terms,
                                allostat_residents *residents, rx_block *restrict block)
{
    const size_t first = block->first, count = block->count;
    const allostat_month month = terms->month;
    const int32_t ended_months = terms->ratios.ended_months;
    const float *restrict of_dose = terms->ratios.of_dose;
    const float after_end = terms->ratios.ended;
    const double rise = terms->rise, from_fall = 1.0 - terms->fall;
    const float stop = terms->stop, inverse = terms->inverse_mean_ratio;
    const uint32_t *restrict stop_bits = block->bits.stop;
    const uint8_t *restrict dose = residents->rx_dose + first;
    const uint8_t *restrict last_dose = residents->rx_last_dose + first;
    const int16_t *restrict ended = residents->rx_ended + first;
    uint8_t *restrict months = residents->rx_months + first;
    uint8_t *restrict felt = residents->rx_felt_months + first;
    float *restrict ratio = residents->rx_first_use_ratio + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double u = allostat_double_uniform_from_bits(block->change[i]);
        const int stays = block->reviewed[i] & (u >= rise) & (u <= from_fall) &
                          (allostat_uniform_from_bits(stop_bits[i]) >= stop);
        const int without =
            (block->candidate[i] == HAS_RATIO) & (dose[i] == ALLOSTAT_RX_none);
        const int unchanged = stays | without;
        const int32_t lasts = months[i] + (stays & (months[i] < ALLOSTAT_RX_LONG_AGO));
        /* none of them is in its first three months */
        const float now = allostat_rx_largerf(
            of_dose[dose[i]], allostat_rx_is_felt(ended[i], month, ended_months),
            of_dose[last_dose[i]] * after_end);

        months[i] = (uint8_t)lasts;
        felt[i] = (uint8_t)(felt[i] | unchanged);
        ratio[i] = allostat_selectf(unchanged, now * inverse, ratio[i]);
        block->candidate[i] = (uint8_t)(block->candidate[i] * (unchanged ^ 1));
    }
}

static void prescribe_block(const allostat_prescribing_terms *terms,
                            allostat_residents *residents, const allostat_users *users,
                            rx_block *block)
{
    const bool monthly = terms->months == 1; /* as most with a prescription live */
    const size_t count = block->count;

    find_candidates(terms, residents, block);
    if (monthly) {
        find_reviewed(residents, block);
        draw_changes(terms, residents, block);
        pass_over_unchanged(terms, residents, block);
    }
    for (size_t i = allostat_next_flag(block->candidate, 0, count); i < count;
         i = allostat_next_flag(block->candidate, i + 1, count)) {
        const size_t row = block->first + i;
        const int32_t user = residents->user_row[row];
        rx_turn turn = {.terms = terms,
                        .residents = residents,
                        .row = row,
                        .start = allostat_uniform_from_bits(block->bits.start[i]),
                        .stop = allostat_uniform_from_bits(block->bits.stop[i]),
                        .change =
                            monthly && block->reviewed[i] ? &block->change[i] : NULL};

        live(&turn, user < 0 || users->rx_only[user]);
    }
}

void allostat_prescribing_month(const allostat_prescribing_terms *terms,
                                allostat_residents *residents,
                                const allostat_users *users, size_t first, size_t count,
                                allostat_rx_bits bits)
{
    const size_t block = ALLOSTAT_LIFE_BLOCK;

    if (!terms->on) return;
    for (size_t i = 0; i < count; i += block) {
        rx_block rows;

        rows.first = first + i;
        rows.count = count - i < block ? count - i : block;
        rows.bits = (allostat_rx_bits){bits.start + i, bits.stop + i};
        prescribe_block(terms, residents, users, &rows);
    }
}

typedef struct {
    const allostat_residents *residents;
    allostat_month month;
    double weight_of_age[ALLOSTAT_AGE_COUNT];
    int64_t weights, sum;
} weighing;

/* Sums in whole millionths, so that the order of people does not matter. */
static void weigh_block(void *context, size_t block, size_t first, size_t count)
{
    weighing *self = context;
    const allostat_residents *residents = self->residents;
    const double unit = 1e6;
    int64_t weights = 0, sum = 0;

    (void)block;
    for (size_t row = first; row < first + count; row++) {
        const int32_t age =
            allostat_age_in_month(residents->birth_month[row], self->month);
        const double weight =
            self->weight_of_age[age] * (double)residents->first_use_ratio[row] * unit;

        weights += (int64_t)weight;
        sum += (int64_t)(weight * (double)residents->rx_first_use_ratio[row]);
    }
    allostat_share_sum(&self->weights, weights);
    allostat_share_sum(&self->sum, sum);
}

double allostat_prescribing_mean_ratio(const allostat_prescribing_terms *terms,
                                       const allostat_params *params,
                                       const allostat_residents *residents)
{
    weighing all = {.residents = residents, .month = terms->month};

    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++)
        all.weight_of_age[age] = allostat_first_use_age_ratio(params, age);
    allostat_share_rows(residents->share, residents->row_count, weigh_block, &all);
    return all.weights > 0 ? (double)all.sum / (double)all.weights : 1.0;
}
