#include "engine/refresh.h"

#include "engine/blocks.h"
#include "mind/mirror.h"

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
    allostat_blocks_run(city->users.row_count, city->thread_count, refresh_block,
                        &self);
}
