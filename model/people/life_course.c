#include "people/life_course.h"

#include "base/columns.h"
#include "base/dmath.h"
#include "base/hot.h"
#include "people/ties_leave.h"

/* Log-normal density up to a constant; m and s are the mean and SD of the age itself:
 * s_log^2 = ln(1 + s^2/m^2), m_log = ln m - s_log^2 / 2. */
static double log_normal_density(double x, double m, double s)
{
    const double variance = allostat_log(1.0 + s * s / (m * m));
    const double z = allostat_log(x) - (allostat_log(m) - 0.5 * variance);

    return allostat_exp(-0.5 * z * z / variance) / x;
}

static double age_density(const allostat_params *params, int32_t age)
{
    if (age < ALLOSTAT_AGE_OF_ENTRY) return 0.0;
    return log_normal_density(age + 0.5, params->first_use_age_mean,
                              params->first_use_age_sd);
}

static void make_age_ratios(const allostat_params *params,
                            double ratio[ALLOSTAT_AGE_COUNT])
{
    double sum = 0.0;

    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        ratio[age] = age_density(params, age);
        if (age >= ALLOSTAT_AGE_OF_ENTRY) sum += ratio[age];
    }
    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        ratio[age] = ratio[age] * (ALLOSTAT_AGE_COUNT - ALLOSTAT_AGE_OF_ENTRY) / sum;
    }
}

double allostat_first_use_age_ratio(const allostat_params *params, int32_t age)
{
    double ratio[ALLOSTAT_AGE_COUNT];

    make_age_ratios(params, ratio);
    return ratio[age];
}

static float largest(float a, float b) { return a > b ? a : b; }

/* A share rounded up to ten bits, five of them of the exponent: three fit into a word,
 * and a loop looks once into a table where it looked three times, which is dear. Below
 * 2^-31, which hardly a draw is, all are 2^-31; from almost 2 on, which every draw is
 * below, all are that. */
enum { SHARE_BITS = 10, SHARE_SHIFT = 18, SHARE_MOST = (1 << SHARE_BITS) - 1 };
enum { SHARE_ZERO = (127 - 31) << 5 };

static uint32_t share_up(float share)
{
    const uint32_t rest = (1u << SHARE_SHIFT) - 1;
    const uint32_t code = (allostat_bits_from_float(share) + rest) >> SHARE_SHIFT;

    if (code <= SHARE_ZERO) return 0;
    return code - SHARE_ZERO < SHARE_MOST ? code - SHARE_ZERO : SHARE_MOST;
}

static inline float share_of(uint32_t code)
{
    return allostat_float_from_bits((code + SHARE_ZERO) << SHARE_SHIFT);
}

/* Bounds for find_candidates. 1 - e^-h is less than h, within n months less than n h;
 * the margin is for rounding. */
static void make_bounds(allostat_life_terms *self)
{
    const float margin = (1.0f + 0x1p-10f) * (float)self->months;
    const float mind_most = allostat_first_use_mind_ratiof(&self->mind, 1.0f, 1.0f);
    const float treated = largest(self->mortality_treated, self->mortality_abstinent);
    float worst = 0.0f;

    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++)
        worst = largest(worst, self->first_use[age]);
    self->death_ratio_most = largest(largest(self->mortality_active, treated), 1.0f);
    self->mind_ratio_most = mind_most * margin;
    self->first_use_most = worst * self->mind_ratio_most;
    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        const float use = self->first_use[c % ALLOSTAT_AGE_COUNT];

        self->most[c] = share_up(self->death_hazard[c] * margin) |
                        share_up(self->departure[c] * margin) << SHARE_BITS |
                        share_up(worst > 0.0f ? use / worst : 0.0f) << 2 * SHARE_BITS;
    }
}

allostat_mind_slopes allostat_mind_slopes_make(const allostat_params *params)
{
    return (allostat_mind_slopes){
        (float)params->ptsd_first_use_log_ratio,
        (float)params->stress_first_use_log_ratio,
        (float)params->ptsd_neutral,
        (float)params->stress_neutral,
    };
}

void allostat_life_terms_make(allostat_life_terms *self, const allostat_params *params,
                              allostat_draw_key key, int32_t months)
{
    const double part = 1.0 / ALLOSTAT_MONTHS_A_YEAR;
    double age_ratio[ALLOSTAT_AGE_COUNT];

    make_age_ratios(params, age_ratio);
    self->months = months;
    self->key = key;
    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        const allostat_sex sex = (allostat_sex)(c / ALLOSTAT_AGE_COUNT);
        const int32_t age = c % ALLOSTAT_AGE_COUNT;
        const double departure =
            allostat_schedule_value(&params->population_departure_rate, sex, age);
        self->death_hazard[c] =
            (float)(allostat_other_death_hazard(params, sex, age) * part);
        self->departure[c] = (float)-allostat_expm1(-departure * part);
    }
    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        self->first_use[age] = (float)(params->first_use_scale * part * age_ratio[age]);
    }
    self->mortality_active = (float)params->users_mortality_ratio_active;
    self->mortality_treated = (float)params->users_mortality_ratio_treated;
    self->mortality_abstinent = (float)params->users_mortality_ratio_abstinent;
    self->mind = allostat_mind_slopes_make(params);
    const double slope = params->mechanisms_peers ? params->ties_peer_log_ratio : 0.0;

    self->peer_slope = (float)slope;
    for (int32_t peers = 0; peers <= ALLOSTAT_SUPPORT_SLOTS; peers++)
        self->peer_ratio[peers] = (float)allostat_exp(slope * peers);
    make_bounds(self);
}

void allostat_life_terms_turn_to(allostat_life_terms *self, allostat_month month)
{
    self->month = month;
    self->first_day = allostat_month_first_day(month);
}

static float mortality_ratio(const allostat_life_terms *terms,
                             const allostat_users *users, int32_t row)
{
    if (row < 0) return 1.0f;
    if (users->treatment[row] != ALLOSTAT_TREATMENT_none)
        return terms->mortality_treated;
    return users->active[row] ? terms->mortality_active : terms->mortality_abstinent;
}

static bool may_begin(const allostat_users *users, int32_t user)
{
    return user < 0 || users->rx_only[user];
}

enum { EVENTS = 3 }; /* in the order of allostat_life_event */

/* Chances of a month, and u of one draw each: the first month in which u is below the
 * chance of an event until then is the event's. */
static allostat_life_event first_event(const float p[EVENTS], const float u[EVENTS],
                                       int32_t months)
{
    float until[EVENTS] = {0.0f};

    for (int32_t month = 0; month < months; month++) {
        for (int e = 0; e < EVENTS; e++) {
            until[e] += (1.0f - until[e]) * p[e];
            if (u[e] < until[e]) return (allostat_life_event)(e + 1);
        }
    }
    return ALLOSTAT_LIFE_nothing;
}

/* Zero where the draw u is above the chance whatever the state of mind, which then need
 * not be read. */
static float first_use_hazard(const allostat_life_terms *terms,
                              const allostat_residents *residents, size_t row,
                              int32_t age, float u)
{
    const float ratio =
        residents->first_use_ratio[row] * residents->rx_first_use_ratio[row];
    const float peers = terms->peer_ratio[residents->peers[row]];

    if (u >= terms->first_use[age] * terms->mind_ratio_most * ratio * peers)
        return 0.0f;
    return terms->first_use[age] * residents->first_use_ratio[row] *
           residents->rx_first_use_ratio[row] * peers *
           allostat_first_use_mind_ratiof(&terms->mind, residents->ptsd_severity[row],
                                          residents->stress[row]);
}

static allostat_life_event draw_event(const allostat_life_terms *terms,
                                      const allostat_residents *residents,
                                      const allostat_users *users, size_t row,
                                      const float u[ALLOSTAT_DRAW_LANES])
{
    const int32_t age =
        allostat_age_in_month(residents->birth_month[row], terms->month);
    const int32_t cohort = allostat_cohort((allostat_sex)residents->sex[row], age);
    const int32_t user = residents->user_row[row];
    const float death_hazard =
        terms->death_hazard[cohort] * mortality_ratio(terms, users, user);
    const float use_hazard = may_begin(users, user)
                                 ? first_use_hazard(terms, residents, row, age, u[2])
                                 : 0.0f;
    const float p[EVENTS] = {allostat_probability_from_hazardf(death_hazard),
                             terms->departure[cohort],
                             allostat_probability_from_hazardf(use_hazard)};

    return first_event(p, u, terms->months);
}

/* Flags the residents to whom something may happen: about one in a hundred, everybody
 * to whom something will. So the exact probabilities, for which a user's row must be
 * read, are made for few. */
ALLOSTAT_HOT
static void find_candidates(const allostat_life_terms *terms,
                            const allostat_residents *residents, size_t first,
                            size_t count, const uint32_t *restrict bits,
                            uint8_t *restrict event)
{
    const allostat_month month = terms->month;
    const int16_t *restrict birth = residents->birth_month + first;
    const uint8_t *restrict sex = residents->sex + first;
    const uint8_t *restrict status = residents->status + first;
    const float *restrict ratio = residents->first_use_ratio + first;
    const float *restrict rx_ratio = residents->rx_first_use_ratio + first;
    const uint8_t *restrict peers = residents->peers + first;
    const int32_t *restrict user_row = residents->user_row + first;
    const uint32_t *restrict most = terms->most;
    const float of_users = terms->death_ratio_most, slope = terms->peer_slope;
    const float use = terms->first_use_most;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t age = allostat_age_in_month(birth[i], month);
        const uint32_t shares = most[allostat_cohort((allostat_sex)sex[i], age)];
        const float death = share_of(shares & SHARE_MOST) *
                            allostat_selectf(user_row[i] >= 0, of_users, 1.0f);
        const float departure = share_of(shares >> SHARE_BITS & SHARE_MOST);
        const float first_use = share_of(shares >> 2 * SHARE_BITS) * use * ratio[i] *
                                rx_ratio[i] *
                                allostat_exp_boundf(slope * (float)peers[i]);
        const float u_death = allostat_uniform_from_bits(bits[i]);
        const float u_departure =
            allostat_uniform_from_bits(bits[ALLOSTAT_LIFE_BLOCK + i]);
        const float u_use =
            allostat_uniform_from_bits(bits[2 * ALLOSTAT_LIFE_BLOCK + i]);

        event[i] = (uint8_t)((status[i] == ALLOSTAT_RESIDENT_present) &
                             ((u_death < death) | (u_departure < departure) |
                              (u_use < first_use)));
    }
}

/* The draws of a block; those of the next are asked for, with all that it reads. */
static void draw(const allostat_life_terms *terms, const allostat_residents *residents,
                 size_t first, size_t count, uint32_t *bits)
{
    const size_t next = first + allostat_turn_stride(terms->months);
#define COLUMN(name) ALLOSTAT_HINT_COLUMN(residents->name, next)
    const allostat_hint_column column[] = {
        COLUMN(number), COLUMN(birth_month),     COLUMN(sex),
        COLUMN(status), COLUMN(first_use_ratio), COLUMN(rx_first_use_ratio),
        COLUMN(peers),  COLUMN(user_row),        COLUMN(life_event),
    };
#undef COLUMN
    const allostat_hint_columns columns = {column, sizeof column / sizeof *column};
    const allostat_draw_rows rows = {residents->number + first, NULL, count, bits,
                                     ALLOSTAT_LIFE_BLOCK};

    allostat_draws_fill_and_hint(terms->key, ALLOSTAT_DRAW_month_death,
                                 terms->first_day, &rows, &columns);
}

void allostat_life_draw(const allostat_life_terms *terms,
                        const allostat_residents *residents,
                        const allostat_users *users, size_t first, size_t count,
                        uint8_t *event)
{
    uint32_t bits[ALLOSTAT_DRAW_LANES * ALLOSTAT_LIFE_BLOCK];

    draw(terms, residents, first, count, bits);
    find_candidates(terms, residents, first, count, bits, event);
    for (size_t i = allostat_next_flag(event, 0, count); i < count;
         i = allostat_next_flag(event, i + 1, count)) {
        float u[ALLOSTAT_DRAW_LANES];

        for (size_t lane = 0; lane < ALLOSTAT_DRAW_LANES; lane++) {
            u[lane] = allostat_uniform_from_bits(bits[lane * ALLOSTAT_LIFE_BLOCK + i]);
        }
        event[i] = (uint8_t)draw_event(terms, residents, users, first + i, u);
    }
}

void allostat_life_leave_row(allostat_users *users, int32_t row)
{
    if (row < 0) return;
    users->present[row] = 0;
    users->active[row] = 0;
    users->treatment[row] = ALLOSTAT_TREATMENT_none;
    users->treatment_next[row] = ALLOSTAT_TREATMENT_none;
    users->waiting_since[row] = 0;
    users->institution[row] = 0;
    users->institution_next[row] = 0;
    users->detox_waiting_since[row] = 0;
    users->ioat_waiting_since[row] = 0;
    users->safer_supply[row] = 0;
    users->safer_waiting_since[row] = 0;
    users->kits_gone_month[row] += users->kits[row];
    users->kits[row] = 0;
}

void allostat_life_leave(allostat_residents *residents, allostat_users *users,
                         uint32_t person, allostat_resident_status status)
{
    allostat_ties_leave(residents, users, person, status);
    residents->status[person] = (uint8_t)status;
    allostat_life_leave_row(users, residents->user_row[person]);
}
