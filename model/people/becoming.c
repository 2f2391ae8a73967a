#include "people/becoming.h"

#include "base/dmath.h"
#include "base/hot.h"
#include "people/homes.h"
#include "people/life_course.h"
#include "people/ties.h"

static double age_weight(const allostat_params *params, int32_t age)
{
    const double z = (age + 0.5 - params->users_age_mean) / params->users_age_sd;

    return age < ALLOSTAT_AGE_OF_ENTRY ? 0.0 : allostat_exp(-0.5 * z * z);
}

/* What acts on first use acts on having used before. */
enum { TOGETHER = 256 };

ALLOSTAT_HOT
static void use_ratios(const allostat_mind_slopes *mind,
                       const allostat_residents *residents, size_t first, size_t count,
                       float *restrict ratio)
{
    const allostat_mind_slopes slopes = *mind;
    const float *restrict first_use = residents->first_use_ratio + first;
    const float *restrict ptsd = residents->ptsd_severity + first;
    const float *restrict stress = residents->stress + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        ratio[i] =
            first_use[i] * allostat_first_use_mind_ratiof(&slopes, ptsd[i], stress[i]);
}

/* Parts sum up ages of their own, each in order of rows. */
typedef struct {
    const allostat_residents *residents;
    allostat_mind_slopes slopes;
    allostat_month month;
    size_t parts;
    double sum[ALLOSTAT_AGE_COUNT];
} summing;

static int32_t age_of(const summing *self, size_t row)
{
    return allostat_age_in_month(self->residents->birth_month[row], self->month);
}

/* Cohorts stand together, so that most rows are of one age. */
static bool is_of_one_age(const summing *self, size_t first, size_t count)
{
    const int16_t *birth = self->residents->birth_month + first;
    int16_t oldest = birth[0], youngest = birth[0];

    for (size_t i = 0; i < count; i++) {
        oldest = birth[i] < oldest ? birth[i] : oldest;
        youngest = birth[i] > youngest ? birth[i] : youngest;
    }
    return allostat_age_in_month(oldest, self->month) ==
           allostat_age_in_month(youngest, self->month);
}

static void sum_together(const summing *self, size_t part, size_t first, size_t count,
                         double *sum)
{
    const bool alike = is_of_one_age(self, first, count);
    const int32_t first_age = age_of(self, first);
    float ratio[TOGETHER];

    if (alike && (size_t)first_age % self->parts != part) return;
    use_ratios(&self->slopes, self->residents, first, count, ratio);
    if (alike) {
        double all = sum[first_age];

        for (size_t i = 0; i < count; i++) all += (double)ratio[i];
        sum[first_age] = all;
        return;
    }
    for (size_t i = 0; i < count; i++) sum[age_of(self, first + i)] += (double)ratio[i];
}

static void sum_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    summing *self = context;
    const size_t rows = self->residents->row_count, together = TOGETHER;
    double sum[ALLOSTAT_AGE_COUNT] = {0};

    (void)unused_first, (void)unused;
    for (size_t first = 0; first < rows; first += together)
        sum_together(self, part, first,
                     rows - first < together ? rows - first : together, sum);
    for (size_t age = part; age < ALLOSTAT_AGE_COUNT; age += self->parts)
        self->sum[age] = sum[age];
}

void allostat_becoming_make(allostat_becoming *self, const allostat_params *params,
                            allostat_draw_key key, const allostat_residents *residents,
                            allostat_month month)
{
    summing all = {.residents = residents,
                   .slopes = allostat_mind_slopes_make(params),
                   .month = month,
                   .parts = allostat_share_part_count(residents->share)};
    const double *ratio_sum = all.sum;
    double weights = 0.0;

    self->params = params;
    self->key = key;
    self->month = month;
    allostat_share_parts(residents->share, sum_part, &all);
    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        if (ratio_sum[age] > 0.0) weights += age_weight(params, age);
    }
    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
        const double count = params->users_initial_count * params->population_scale *
                             age_weight(params, age) / weights;
        self->chance[age] = ratio_sum[age] > 0.0 ? count / ratio_sum[age] : 0.0;
    }
}

static double uniform(const allostat_becoming *self, allostat_draw draw,
                      uint32_t person)
{
    return allostat_draw_uniform(self->key, draw, person, 0, 0);
}

typedef struct {
    const allostat_becoming *becoming;
    const allostat_residents *residents;
    allostat_mind_slopes slopes;
    double ratio;
    size_t first; /* row */
    uint8_t *enters;
} deciding;

static void decide_together(const deciding *self, size_t first, size_t count)
{
    const allostat_becoming *becoming = self->becoming;
    const allostat_residents *residents = self->residents;
    float ratio[TOGETHER];
    uint32_t bits[TOGETHER];
    const allostat_draw_rows rows = {residents->number + first, NULL, count, bits,
                                     TOGETHER};

    allostat_draws_of(becoming->key, ALLOSTAT_DRAW_entry_use, 0, &rows);
    use_ratios(&self->slopes, residents, first, count, ratio);
    for (size_t i = 0; i < count; i++) {
        const int32_t age =
            allostat_age_in_month(residents->birth_month[first + i], becoming->month);
        const double chance = becoming->chance[age] * (double)ratio[i] * self->ratio;

        self->enters[first - self->first + i] =
            allostat_double_uniform_from_bits(bits[i]) < chance;
    }
}

static void decide_block(void *context, size_t block, size_t first, size_t count)
{
    const deciding *self = context;
    const size_t begin = self->first + first, together = TOGETHER;

    (void)block;
    for (size_t i = 0; i < count; i += together)
        decide_together(self, begin + i, count - i < together ? count - i : together);
}

void allostat_enter_using(const allostat_becoming *self,
                          const allostat_residents *residents, size_t first,
                          double ratio, uint8_t *enters)
{
    deciding all = {self,  residents, allostat_mind_slopes_make(self->params),
                    ratio, first,     enters};

    allostat_share_rows(residents->share, residents->row_count - first, decide_block,
                        &all);
}

void allostat_user_refresh_pace(allostat_users *users, size_t row, double tau_fast,
                                double tau_slow)
{
    const double pace = (double)users->recovery_pace[row];

    users->fast_keep[row] = (float)allostat_exp(-1.0 / (tau_fast * pace));
    users->slow_keep[row] = (float)allostat_exp(-1.0 / (tau_slow * pace));
}

ALLOSTAT_HOT
void allostat_users_refresh_paces(allostat_users *users, const allostat_params *params,
                                  size_t first, size_t count)
{
    const double tau_fast = params->opioid_tau_fast;
    const double tau_slow = params->opioid_tau_slow;
    const float *restrict pace = users->recovery_pace + first;
    const int32_t *restrict rx_only = users->rx_only + first;
    float *restrict fast_keep = users->fast_keep + first;
    float *restrict slow_keep = users->slow_keep + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float fast = (float)allostat_exp(-1.0 / (tau_fast * (double)pace[i]));
        const float slow = (float)allostat_exp(-1.0 / (tau_slow * (double)pace[i]));

        fast_keep[i] = allostat_selectf(rx_only[i], fast_keep[i], fast);
        slow_keep[i] = allostat_selectf(rx_only[i], slow_keep[i], slow);
    }
}

void allostat_user_refresh_risk(allostat_users *users, size_t row,
                                const allostat_params *params)
{
    const double route = users->injects[row] ? params->overdose_injecting_ratio : 1.0;
    const double stimulants =
        users->uses_stimulants[row] ? params->overdose_stimulant_ratio : 1.0;

    users->overdose_ratio[row] = (float)(route * stimulants);
}

/* Users live worse than their neighbours; the draw of entry decides, so nobody's
 * housing is drawn twice. */
static void set_housing(const allostat_becoming *self, allostat_residents *residents,
                        uint32_t person)
{
    const allostat_params *params = self->params;
    const uint8_t area = residents->area[person];
    const double u = uniform(self, ALLOSTAT_DRAW_trait_housing, person);
    const double homeless = params->housing_homeless_share_users[area];
    const double unstable = params->housing_unstable_share_users[area];

    if (u < homeless) {
        residents->housing[person] = ALLOSTAT_HOUSING_homeless;
    } else if (u < homeless + unstable) {
        residents->housing[person] = ALLOSTAT_HOUSING_unstable;
    }
}

/* Years of use so far: exponential, at most since the age of entry. */
static double history_years(const allostat_becoming *self,
                            const allostat_residents *residents, uint32_t person)
{
    const int32_t age =
        allostat_age_in_month(residents->birth_month[person], self->month);
    const double most = age - ALLOSTAT_AGE_OF_ENTRY;
    const double years =
        -self->params->users_career_years_mean *
        allostat_log(uniform(self, ALLOSTAT_DRAW_entry_career, person));

    return years < most ? years : most;
}

static void set_traits_of_use(const allostat_becoming *self, allostat_users *users,
                              size_t row, uint8_t area)
{
    const allostat_params *params = self->params;
    const uint32_t person = users->person[row];
    const double frailty = uniform(self, ALLOSTAT_DRAW_user_frailty, person);
    const double pace = uniform(self, ALLOSTAT_DRAW_user_recovery_pace, person);

    users->frailty[row] =
        (float)(params->traits_frailty_sd * allostat_normal_quantile(frailty));
    users->recovery_pace[row] = (float)allostat_exp(params->traits_recovery_pace_sd *
                                                    allostat_normal_quantile(pace));
    users->injects[row] = uniform(self, ALLOSTAT_DRAW_user_route, person) <
                          params->users_inject_share[area];
    users->using_wanted[row] = allostat_using_wanted(
        params, uniform(self, ALLOSTAT_DRAW_using_wanted, person));
    users->uses_stimulants[row] = uniform(self, ALLOSTAT_DRAW_user_stimulants, person) <
                                  params->users_stimulant_share;
}

void allostat_become_patient(const allostat_becoming *self,
                             allostat_residents *residents, allostat_users *users,
                             uint32_t person, size_t row)
{
    allostat_users_seat(users, residents, person, row);
    set_traits_of_use(self, users, row, residents->area[person]);
    allostat_user_refresh_housing(users, row, residents);
    users->rx_only[row] = 1;
}

void allostat_become_user(const allostat_becoming *self, allostat_residents *residents,
                          allostat_users *users, uint32_t person, size_t row,
                          bool with_history)
{
    if (residents->user_row[person] < 0) {
        allostat_users_seat(users, residents, person, row);
        set_traits_of_use(self, users, row, residents->area[person]);
    }
    users->rx_only[row] = 0;
    if (with_history || !self->params->mechanisms_housing_transitions) {
        set_housing(self, residents, person);
    }
    allostat_user_refresh_housing(users, row, residents);
    users->active[row] = 1;
    if (with_history) {
        const bool stopped = uniform(self, ALLOSTAT_DRAW_user_abstinent, person) <
                             self->params->users_initial_abstinent_share;
        users->use_years[row] = (float)history_years(self, residents, person);
        users->active[row] = !stopped;
        users->in_remission[row] = stopped;
    }
}
