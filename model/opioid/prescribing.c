#include "opioid/prescribing.h"

#include "base/columns.h"
#include "base/dmath.h"
#include "base/hot.h"
#include "people/life_course.h"

static double chance_of_month(double rate_a_year)
{
    return -allostat_expm1(-rate_a_year / ALLOSTAT_MONTHS_A_YEAR);
}

/* ln ratio for ten years of age, around 50. */
static double surgery_rate(const allostat_params *params, int32_t age)
{
    const double middle = 50.0, decade = 10.0;

    return params->prescribing_surgery_rate *
           allostat_exp(params->prescribing_surgery_age_log_ratio * (age - middle) /
                        decade);
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

void allostat_prescribing_terms_make(allostat_prescribing_terms *self,
                                     const allostat_params *params,
                                     allostat_draw_key key, allostat_month month,
                                     int32_t months, double mean_ratio)
{
    self->on = params->mechanisms_prescribing;
    self->key = key;
    self->month = month;
    self->months = months;
    self->first_day = allostat_month_first_day(month);
    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        self->surgery[age] =
            (float)(surgery_rate(params, age) * params->prescribing_discharge_share /
                    ALLOSTAT_MONTHS_A_YEAR);
    }
    self->chronic = (float)(params->prescribing_chronic_rate / ALLOSTAT_MONTHS_A_YEAR);
    self->surgery_persist = params->prescribing_surgery_persist;
    self->chronic_persist = params->prescribing_chronic_persist;
    self->medium_share = params->prescribing_medium_share;
    self->high_share = params->prescribing_high_share;
    self->stop_rate = params->prescribing_stop_rate;
    self->stop = (float)chance_of_month(params->prescribing_stop_rate);
    self->abrupt_share = params->prescribing_abrupt_share;
    self->rise = chance_of_month(params->prescribing_dose_rise_rate);
    self->fall = chance_of_month(params->prescribing_dose_fall_rate);
    make_ratios(&self->ratios, params);
    self->inverse_mean_ratio = (float)(1.0 / mean_ratio);
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

/* In a steady state as many prescriptions end as become long-term: odds of having one
 * are entries over the rate of ending. */
static double share_with_prescription(const allostat_prescribing_terms *terms,
                                      const allostat_residents *residents, size_t row)
{
    const int32_t age =
        allostat_age_in_month(residents->birth_month[row], terms->month);
    const double chronic =
        residents->chronic_pain[row] > 0.0f ? (double)terms->chronic : 0.0;
    const double entries = ((double)terms->surgery[age] * terms->surgery_persist +
                            chronic * terms->chronic_persist) *
                           ALLOSTAT_MONTHS_A_YEAR;

    return entries / (entries + terms->stop_rate);
}

enum { TOGETHER = 256 };

static void enter_together(const allostat_prescribing_terms *terms,
                           allostat_residents *residents, size_t first, size_t count)
{
    uint32_t bits[TOGETHER];
    const allostat_draw_rows rows = {residents->number + first, NULL, count, bits,
                                     TOGETHER};

    allostat_draws_of(terms->key, ALLOSTAT_DRAW_entry_rx, 0, &rows);
    for (size_t row = first; row < first + count; row++) {
        const double u = allostat_double_uniform_from_bits(bits[row - first]);

        if (terms->on && u < share_with_prescription(terms, residents, row)) {
            residents->rx_dose[row] = first_dose(
                terms, allostat_draw_uniform(terms->key, ALLOSTAT_DRAW_entry_rx_dose,
                                             (uint32_t)row, 0, 0));
            residents->rx_months[row] = ALLOSTAT_RX_LONG_AGO;
            residents->rx_left[row] = ALLOSTAT_RX_OPEN;
            residents->rx_event[row] = ALLOSTAT_RX_EVENT_long_term;
        }
        residents->rx_first_use_ratio[row] =
            ratio_in(terms, residents, row, terms->month) * terms->inverse_mean_ratio;
    }
}

void allostat_prescribing_enter(const allostat_prescribing_terms *terms,
                                allostat_residents *residents, size_t first,
                                size_t count)
{
    const size_t together = TOGETHER;

    for (size_t i = 0; i < count; i += together)
        enter_together(terms, residents, first + i,
                       count - i < together ? count - i : together);
}

/* A row in a month of its turn. */
typedef struct {
    const allostat_prescribing_terms *terms;
    allostat_residents *residents;
    size_t row;
    int32_t month;     /* of the turn: 0 .. terms->months - 1 */
    float start, stop; /* what is left of these draws; negative when used up */
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
    const double length = uniform(self, ALLOSTAT_DRAW_rx_length) * trial_months;

    residents->rx_dose[row] = first_dose(terms, uniform(self, ALLOSTAT_DRAW_rx_dose));
    residents->rx_months[row] = 0;
    residents->rx_event[row] += ALLOSTAT_RX_EVENT_start;
    if (uniform(self, ALLOSTAT_DRAW_rx_persist) < persist) {
        residents->rx_left[row] = ALLOSTAT_RX_OPEN;
    } else {
        residents->rx_left[row] = (uint8_t)(surgery ? 1 : 1 + (int32_t)length);
    }
}

static void maybe_begin(rx_turn *self)
{
    const allostat_prescribing_terms *terms = self->terms;
    const allostat_residents *residents = self->residents;
    const int32_t age =
        allostat_age_in_month(residents->birth_month[self->row], terms->month);
    const float surgery = terms->surgery[age];
    const float chronic =
        residents->chronic_pain[self->row] > 0.0f ? terms->chronic : 0.0f;
    const float chance = allostat_probability_from_hazardf(surgery + chronic);

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
    const double change = uniform(self, ALLOSTAT_DRAW_rx_dose_change);
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
        ratios += ratio_in(terms, residents, row, month);
        felt += residents->rx_dose[row] != ALLOSTAT_RX_none ||
                allostat_rx_is_felt(residents->rx_ended[row], month,
                                    terms->ratios.ended_months);
    }
    residents->rx_felt_months[row] = (uint8_t)felt;
    residents->rx_first_use_ratio[row] =
        ratios / (float)terms->months * terms->inverse_mean_ratio;
}

/* Flags the residents with a prescription, with one not long ago, or who may begin
 * one. For the others nothing happens, and the ratio is that of nobody's prescription.
 * 1 - e^-h is less than h; the margin is for the turn's months and for rounding. */
ALLOSTAT_HOT
static void find_candidates(const allostat_prescribing_terms *terms,
                            allostat_residents *residents, size_t first, size_t count,
                            const uint32_t *restrict start, uint8_t *restrict candidate)
{
    const allostat_month month = terms->month;
    const int32_t ended_months = terms->ratios.ended_months;
    const float margin = (1.0f + 0x1p-10f) * (float)terms->months;
    const float chronic = terms->chronic;
    const float plain = terms->ratios.of_dose[ALLOSTAT_RX_none];
    const float no_ratio = plain * terms->inverse_mean_ratio;
    const float *restrict surgery = terms->surgery;
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict dose = residents->rx_dose + first;
    const int16_t *restrict birth = residents->birth_month + first;
    const int16_t *restrict ended = residents->rx_ended + first;
    const float *restrict pain = residents->chronic_pain + first;
    uint8_t *restrict event = residents->rx_event + first;
    uint8_t *restrict felt = residents->rx_felt_months + first;
    float *restrict ratio = residents->rx_first_use_ratio + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int here = status[i] == ALLOSTAT_RESIDENT_present;
        const int32_t age = allostat_age_in_month(birth[i], month);
        const float most =
            (surgery[age] + allostat_selectf(pain[i] > 0.0f, chronic, 0.0f)) * margin;
        const int since = allostat_rx_is_felt(ended[i], month, ended_months);
        const int has_ratio = (dose[i] != ALLOSTAT_RX_none) | since;

        candidate[i] =
            (uint8_t)(here &
                      (has_ratio | (allostat_uniform_from_bits(start[i]) < most)));
        event[i] = (uint8_t)(here ? ALLOSTAT_RX_EVENT_none : event[i]);
        felt[i] = (uint8_t)(here ? 0 : felt[i]);
        ratio[i] = allostat_selectf(here & (has_ratio ^ 1), no_ratio, ratio[i]);
    }
}

static void prescribe_block(const allostat_prescribing_terms *terms,
                            allostat_residents *residents, const allostat_users *users,
                            size_t first, size_t count, allostat_rx_bits bits)
{
    uint8_t candidate[ALLOSTAT_LIFE_BLOCK];

    find_candidates(terms, residents, first, count, bits.start, candidate);
    for (size_t i = allostat_next_flag(candidate, 0, count); i < count;
         i = allostat_next_flag(candidate, i + 1, count)) {
        const int32_t user = residents->user_row[first + i];
        rx_turn turn = {.terms = terms,
                        .residents = residents,
                        .row = first + i,
                        .start = allostat_uniform_from_bits(bits.start[i]),
                        .stop = allostat_uniform_from_bits(bits.stop[i])};

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
        prescribe_block(terms, residents, users, first + i,
                        count - i < block ? count - i : block,
                        (allostat_rx_bits){bits.start + i, bits.stop + i});
    }
}

bool allostat_rx_precedes_first_use(const allostat_prescribing_terms *terms,
                                    const allostat_residents *residents,
                                    uint32_t person)
{
    const int32_t felt = residents->rx_felt_months[person];
    const float hazard = residents->rx_first_use_ratio[person] * (float)terms->months;
    const float without = (float)(terms->months - felt) * terms->inverse_mean_ratio;

    if (felt == 0 || felt == terms->months) return felt > 0;
    return allostat_draw_uniform(terms->key, ALLOSTAT_DRAW_rx_first_use, person,
                                 terms->first_day, 0) >= (double)(without / hazard);
}

/* Sums in whole millionths, so that the order of people does not matter. */
double allostat_prescribing_mean_ratio(const allostat_prescribing_terms *terms,
                                       const allostat_params *params,
                                       const allostat_residents *residents)
{
    const double unit = 1e6;
    double weight_of_age[ALLOSTAT_AGE_COUNT];
    int64_t weights = 0, sum = 0;

    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        weight_of_age[age] = allostat_first_use_age_ratio(params, age);
    }
    for (size_t row = 0; row < residents->row_count; row++) {
        const int32_t age =
            allostat_age_in_month(residents->birth_month[row], terms->month);
        const double weight =
            weight_of_age[age] * (double)residents->first_use_ratio[row] * unit;

        weights += (int64_t)weight;
        sum += (int64_t)(weight * (double)residents->rx_first_use_ratio[row]);
    }
    return weights > 0 ? (double)sum / (double)weights : 1.0;
}

/* ---- users' rows ---------------------------------------------------------------- */

void allostat_patient_terms_make(allostat_patient_terms *self,
                                 const allostat_params *params, allostat_draw_key key,
                                 allostat_month month)
{
    self->params = params;
    self->key = key;
    self->month = month;
    self->level[ALLOSTAT_RX_none] = 0.0f;
    self->level[ALLOSTAT_RX_low] = (float)params->prescribing_low_level;
    self->level[ALLOSTAT_RX_medium] = (float)params->prescribing_medium_level;
    self->level[ALLOSTAT_RX_high] = (float)params->prescribing_high_level;
    self->deaths[ALLOSTAT_RX_none] = 0.0;
    self->deaths[ALLOSTAT_RX_low] = chance_of_month(params->prescribing_low_deaths);
    self->deaths[ALLOSTAT_RX_medium] =
        chance_of_month(params->prescribing_medium_deaths);
    self->deaths[ALLOSTAT_RX_high] = chance_of_month(params->prescribing_high_deaths);
    self->rotation = chance_of_month(params->prescribing_rotation_rate);
    self->cross_tolerance = (float)params->prescribing_cross_tolerance;
}

void allostat_patient_refresh(const allostat_patient_terms *terms,
                              allostat_residents *residents, allostat_users *users,
                              size_t row)
{
    const uint32_t person = users->person[row];

    users->rx_target[row] = terms->level[residents->rx_dose[person]];
    users->chronic_pain[row] = residents->chronic_pain[person];
    residents->pain[person] = users->pain[row];
}

static void follow(const allostat_patient_terms *terms, allostat_residents *residents,
                   allostat_users *users, size_t row, uint32_t rotation)
{
    const uint32_t person = users->person[row];

    allostat_patient_refresh(terms, residents, users, row);
    if (!allostat_rx_is_long(residents, person)) return;
    if (allostat_double_uniform_from_bits(rotation) < terms->rotation) {
        users->tolerance_fast[row] *= terms->cross_tolerance;
        users->tolerance_slow[row] *= terms->cross_tolerance;
    }
}

static const uint32_t *fill(const allostat_patient_terms *terms,
                            const allostat_users *users, size_t first, size_t count,
                            allostat_draw draw,
                            uint32_t bits[ALLOSTAT_DRAW_LANES * ALLOSTAT_LIFE_BLOCK])
{
    const allostat_draw_info *info = &allostat_draw_table[draw];

    allostat_draws_fill(terms->key, info->call, allostat_month_first_day(terms->month),
                        0, users->person + first, count, ALLOSTAT_LIFE_BLOCK, bits);
    return bits + info->lane * ALLOSTAT_LIFE_BLOCK;
}

typedef struct {
    const allostat_patient_terms *terms;
    allostat_residents *residents;
    allostat_users *users;
    size_t first; /* row */
} following;

static void follow_rows(const following *self, size_t first, size_t count)
{
    uint32_t bits[ALLOSTAT_DRAW_LANES * ALLOSTAT_LIFE_BLOCK];
    const uint32_t *rotation =
        fill(self->terms, self->users, first, count, ALLOSTAT_DRAW_rx_rotation, bits);

    for (size_t i = 0; i < count; i++)
        follow(self->terms, self->residents, self->users, first + i, rotation[i]);
}

static void follow_block(void *context, size_t block, size_t first, size_t count)
{
    const following *self = context;
    const size_t most = ALLOSTAT_LIFE_BLOCK;

    (void)block;
    for (size_t i = 0; i < count; i += most)
        follow_rows(self, self->first + first + i, count - i < most ? count - i : most);
}

void allostat_patients_follow(const allostat_patient_terms *terms,
                              allostat_residents *residents, allostat_users *users,
                              size_t first)
{
    following all = {terms, residents, users, first};

    allostat_share_rows(users->share, users->row_count - first, follow_block, &all);
}

bool allostat_patient_dies(const allostat_patient_terms *terms,
                           const allostat_residents *residents,
                           const allostat_users *users, size_t row)
{
    const uint32_t person = users->person[row];

    /* Nobody dies of a prescription that has ended: no draw is needed to say so. */
    return users->rx_only[row] && users->present[row] &&
           residents->rx_dose[person] != ALLOSTAT_RX_none &&
           allostat_draw_uniform(terms->key, ALLOSTAT_DRAW_rx_overdose, person,
                                 allostat_month_first_day(terms->month),
                                 0) < terms->deaths[residents->rx_dose[person]];
}

void allostat_patients_retire(allostat_users *users,
                              const allostat_residents *residents,
                              const allostat_params *params, allostat_month month)
{
    for (size_t row = 0; row < users->row_count; row++) {
        const uint32_t person = users->person[row];
        const int32_t ended = residents->rx_ended[person];

        if (users->rx_only[row] && residents->rx_dose[person] == ALLOSTAT_RX_none &&
            month - ended >= params->prescribing_ended_months) {
            users->present[row] = 0;
        }
    }
}
