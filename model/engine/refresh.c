#include "engine/refresh.h"

#include "base/hot.h"
#include "engine/blocks.h"
#include "mind/mirror.h"
#include "mind/regulation.h"

#include <string.h>

void allostat_refresh_rows(const allostat_params *params,
                           const allostat_residents *residents, allostat_users *users,
                           size_t first, size_t count)
{
    allostat_stress_paces(params, users, first, count);
    allostat_users_refresh_paces(users, params, first, count);
    for (size_t row = first; row < first + count; row++) {
        allostat_user_refresh_risk(users, row, params);
        users->cue[row] =
            (float)params->craving_cue_exposure[residents->area[users->person[row]]];
    }
}

/* What is kept over a step at the personal pace. */
ALLOSTAT_HOT
static void keep_paces(const allostat_regulation_terms *terms, const float steps[2],
                       allostat_users *users, size_t first, size_t count)
{
    const allostat_regulation_terms t = *terms;
    const float fast_steps = steps[0], slow_steps = steps[1];
    const float *restrict insecurity = users->insecurity + first;
    const float *restrict pace = users->recovery_pace + first;
    float *restrict stress_keep = users->stress_keep + first;
    float *restrict fast_keep = users->fast_keep + first;
    float *restrict slow_keep = users->slow_keep + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        stress_keep[i] = allostat_stress_keepf(&t, insecurity[i]);
        fast_keep[i] = allostat_expf(-fast_steps / pace[i]);
        slow_keep[i] = allostat_expf(-slow_steps / pace[i]);
    }
}

void allostat_stretch_paces(const allostat_params *params, double days,
                            allostat_users *users, size_t first, size_t count)
{
    const float steps[] = {(float)(days / params->opioid_tau_fast),
                           (float)(days / params->opioid_tau_slow)};
    allostat_regulation_terms terms;

    allostat_regulation_terms_make(&terms, params, days);
    keep_paces(&terms, steps, users, first, count);
}

typedef struct {
    allostat_city *city;
    const allostat_params *params; /* NULL when they are those of last month */
} refreshing;

static void refresh_block(void *context, size_t block, size_t first, size_t count)
{
    const refreshing *self = context;
    const allostat_residents *residents = &self->city->residents;
    allostat_users *users = &self->city->users;

    (void)block;
    allostat_mirror_severity_to_users(residents, users, first, count);
    memset(users->doses_month + first, 0, count * sizeof *users->doses_month);
    if (self->params != NULL)
        allostat_refresh_rows(self->params, residents, users, first, count);
}

void allostat_city_refresh_users(allostat_city *city, const allostat_params *params)
{
    refreshing self = {city, params == city->refreshed_params ? NULL : params};

    city->refreshed_params = params;
    allostat_share_rows(city->share, city->users.row_count, refresh_block, &self);
}
