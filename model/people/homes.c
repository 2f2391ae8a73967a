#include "people/homes.h"

#include "people/life_course.h"

#include <string.h>

/* Fixed point for sums of risk: exact whatever the order of people. */
static const float RISK_UNIT = 65536.0f;
enum { MONTHS_OF_MEMORY = 12 };

static allostat_home_state state_of(const allostat_residents *residents,
                                    const allostat_users *users, size_t person)
{
    const int32_t row = residents->user_row[person];

    return (allostat_home_state){
        row >= 0 && users->active[row] ? 1.0f : 0.0f,
        row >= 0 && users->treatment[row] ? 1.0f : 0.0f,
        residents->ptsd_severity[person],
        residents->stress[person],
        residents->assistance[person] ? 1.0f : 0.0f,
    };
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

static void sum_risk(const allostat_residents *residents, const allostat_users *users,
                     const allostat_params *params,
                     risk_sum sum[ALLOSTAT_HOME_GROUPS][ALLOSTAT_HOUSING_COUNT])
{
    allostat_home_terms terms = {0};

    set_log_ratios(&terms, params);
    for (size_t person = 0; person < residents->row_count; person++) {
        if (residents->status[person] != ALLOSTAT_RESIDENT_present) continue;
        const float risk =
            allostat_home_riskf(&terms, state_of(residents, users, person));
        risk_sum *cell = &sum[allostat_lives_as_user(residents, users, person)]
                             [residents->housing[person]];
        cell->people++;
        cell->risk += (int64_t)(risk * RISK_UNIT);
        cell->inverse_risk += (int64_t)(RISK_UNIT / risk);
    }
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
                            const allostat_users *users, const allostat_params *params)
{
    risk_sum sum[ALLOSTAT_HOME_GROUPS][ALLOSTAT_HOUSING_COUNT];

    if (self->month_count >= params->homes_fitted_months) return;
    memset(sum, 0, sizeof sum);
    sum_risk(residents, users, params, sum);
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

void allostat_home_terms_make(allostat_home_terms *self, const allostat_homes *homes,
                              const allostat_params *params, allostat_draw_key key,
                              allostat_month month)
{
    memset(self, 0, sizeof *self);
    self->key = key;
    self->first_day = allostat_month_first_day(month);
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
}

/* Housing worsens from stable to homeless: a move to a larger number goes with risk. */
static uint8_t next_home(const allostat_home_terms *terms,
                         const allostat_residents *residents,
                         const allostat_users *users, size_t person, uint32_t bits)
{
    const uint8_t from = residents->housing[person];
    const int group = allostat_lives_as_user(residents, users, person);
    const float *rate = terms->move[group][residents->area[person]][from];
    const float risk = allostat_home_riskf(terms, state_of(residents, users, person));
    float move[ALLOSTAT_HOUSING_COUNT];

    for (int to = 0; to < ALLOSTAT_HOUSING_COUNT; to++) {
        move[to] = to > (int)from ? rate[to] * risk : rate[to] / risk;
    }
    return allostat_home_afterf(from, move, allostat_uniform_from_bits(bits));
}

void allostat_homes_step(const allostat_home_terms *terms,
                         allostat_residents *residents, allostat_users *users,
                         size_t first, size_t count)
{
    uint32_t person[ALLOSTAT_LIFE_BLOCK] = {0};
    uint32_t bits[ALLOSTAT_DRAW_LANES * ALLOSTAT_LIFE_BLOCK];
    const allostat_draw_info *draw = &allostat_draw_table[ALLOSTAT_DRAW_home_move];

    for (size_t i = 0; i < count; i++) person[i] = (uint32_t)(first + i);
    allostat_draws_fill(terms->key, draw->call, terms->first_day, 0, person, count,
                        ALLOSTAT_LIFE_BLOCK, bits);
    for (size_t i = 0; i < count; i++) {
        const size_t row = first + i;
        if (residents->status[row] != ALLOSTAT_RESIDENT_present) continue;
        const uint8_t old = residents->housing[row];
        const uint8_t now = next_home(terms, residents, users, row,
                                      bits[draw->lane * ALLOSTAT_LIFE_BLOCK + i]);
        residents->housing[row] = now;
        residents->became_homeless[row] =
            now == ALLOSTAT_HOUSING_homeless && now != old;
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
