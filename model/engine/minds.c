#include "engine/minds.h"

#include "base/hot.h"
#include "engine/blocks.h"
#include "engine/tally_share.h"
#include "mind/mirror.h"
#include "people/traits.h"

typedef struct {
    allostat_city *city;
    size_t first; /* row */
} entering;

static void enter_block(void *context, size_t block, size_t first, size_t count)
{
    const entering *self = context;
    allostat_city *city = self->city;

    (void)block;
    first += self->first;
    allostat_ptsd_enter(&city->ptsd_entry, &city->residents, first, count);
    allostat_regulation_settle(city->entry.params, &city->residents, first, count);
}

void allostat_city_enter_minds(allostat_city *city, size_t first)
{
    entering self = {city, first};

    allostat_blocks_run(city->residents.row_count - first, city->thread_count,
                        enter_block, &self);
}

typedef struct {
    allostat_city *city;
    allostat_ptsd_terms ptsd;
} trauma_context;

static void suffer_block(void *context, size_t block, size_t first, size_t count)
{
    const trauma_context *trauma = context;

    (void)block;
    allostat_ptsd_month(&trauma->ptsd, &trauma->city->residents, &trauma->city->users,
                        first, count);
}

void allostat_city_suffer(allostat_city *city, allostat_month month)
{
    const allostat_params *params =
        allostat_scenario_params(city->scenario, allostat_month_first_day(month));
    trauma_context trauma = {.city = city};

    allostat_ptsd_terms_make(&trauma.ptsd, params, city->key, month);
    allostat_blocks_run(city->residents.row_count, city->thread_count, suffer_block,
                        &trauma);
}

typedef struct {
    allostat_city *city;
    allostat_trait_scores scores;
    allostat_regulation_terms terms;
} regulation_context;

static void regulate_block(void *context, size_t block, size_t first, size_t count)
{
    const regulation_context *regulation = context;

    (void)block;
    allostat_regulate_residents(&regulation->terms, &regulation->scores,
                                &regulation->city->residents, first, count);
}

void allostat_city_regulate(allostat_city *city, allostat_month month)
{
    const allostat_params *params =
        allostat_scenario_params(city->scenario, allostat_month_first_day(month));
    regulation_context regulation = {.city = city};

    regulation.scores = allostat_trait_scores_make(params);
    allostat_regulation_terms_make(&regulation.terms, params,
                                   (double)allostat_month_day_count(month));
    allostat_blocks_run(city->residents.row_count, city->thread_count, regulate_block,
                        &regulation);
}

typedef struct {
    int32_t adversity, violence, stayed;
} mind_sums;

/* Sums of a block. */
ALLOSTAT_HOT
static mind_sums sum_block(const allostat_residents *residents, size_t first,
                           size_t count)
{
    const uint8_t *restrict trauma = residents->trauma_month + first;
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict ace = residents->ace_score + first;
    int32_t adversity = 0, violence = 0, stayed = 0;

    for (size_t i = 0; i < count; i++) {
        const int here = status[i] == ALLOSTAT_RESIDENT_present;

        violence += (trauma[i] & ALLOSTAT_TRAUMA_violence) != 0;
        stayed += (trauma[i] & ALLOSTAT_TRAUMA_stayed) != 0;
        adversity += here * ace[i];
    }
    return (mind_sums){adversity, violence, stayed};
}

typedef struct {
    const allostat_city *city;
    float threshold;
} mind_counting;

/* Who of the residents met what this month. */
static void count_residents(void *context, allostat_tally *books, size_t part,
                            size_t parts)
{
    const mind_counting *counting = context;
    const allostat_residents *residents = &counting->city->residents;
    const size_t rows = residents->row_count;
    const size_t end = allostat_share_first_row(rows, part + 1, parts);
    int32_t *sums = books->city;

    for (size_t first = allostat_share_first_row(rows, part, parts); first < end;
         first += ALLOSTAT_BLOCK_ROWS) {
        const size_t left = end - first;
        const size_t count = left < ALLOSTAT_BLOCK_ROWS ? left : ALLOSTAT_BLOCK_ROWS;
        const mind_sums block = sum_block(residents, first, count);

        sums[ALLOSTAT_CITY_residents_ace_sum] += block.adversity;
        sums[ALLOSTAT_CITY_residents_with_violence] += block.violence;
        sums[ALLOSTAT_CITY_new_chronic_ptsd] += block.stayed;
    }
}

static void count_active_users(void *context, allostat_tally *tally, size_t part,
                               size_t parts)
{
    const mind_counting *counting = context;
    const allostat_residents *residents = &counting->city->residents;
    const allostat_users *users = &counting->city->users;
    const float threshold = counting->threshold;
    const size_t end = allostat_share_first_row(users->row_count, part + 1, parts);

    for (size_t row = allostat_share_first_row(users->row_count, part, parts);
         row < end; row++) {
        const uint32_t person = users->person[row];
        const int32_t defence = users->defence_state[row];

        if (!users->active[row]) continue;
        tally->city[ALLOSTAT_CITY_active_users_ace_sum] += residents->ace_score[person];
        tally->city[ALLOSTAT_CITY_active_users_secure +
                    allostat_style(residents->attachment_anxiety[person],
                                   residents->attachment_avoidance[person])]++;
        tally->city[ALLOSTAT_CITY_active_users_mobilised] +=
            defence == ALLOSTAT_DEFENCE_mobilised;
        tally->city[ALLOSTAT_CITY_active_users_immobilised] +=
            defence == ALLOSTAT_DEFENCE_immobilised;
        allostat_tally_add(tally, ALLOSTAT_COUNTED_active_users_with_ptsd, residents,
                           person, residents->area[person],
                           users->ptsd_severity[row] >= threshold);
    }
}

static void count_part(void *context, allostat_tally *books, size_t part, size_t parts)
{
    count_residents(context, books, part, parts);
    count_active_users(context, books, part, parts);
}

static void mirror_block(void *context, size_t block, size_t first, size_t count)
{
    allostat_city *city = context;

    (void)block;
    allostat_mirror_rows_to_residents(&city->users, first, count, &city->residents);
}

allostat_status allostat_city_count_minds(allostat_city *city, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = allostat_scenario_params(
        city->scenario, allostat_month_first_day(city->tally.month));
    mind_counting counting = {city, (float)params->ptsd_threshold};

    allostat_blocks_run(city->users.row_count, city->thread_count, mirror_block, city);
    allostat_cortisol_read(params, &city->residents, &city->users);
    ALLOSTAT_TRY(allostat_tally_share(&city->tally, count_part, &counting, error));
cleanup:
    return status;
}
