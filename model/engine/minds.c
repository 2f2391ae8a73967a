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
    allostat_ptsd_terms terms[ALLOSTAT_PACE_COUNT];
    int32_t violence, stayed; /* people */
} trauma_context;

static void note_traumas(trauma_context *trauma, allostat_traumas found)
{
    allostat_share_count(&trauma->violence, found.violence);
    allostat_share_count(&trauma->stayed, found.stayed);
}

static void suffer_block(void *context, size_t block, size_t first, size_t count)
{
    trauma_context *trauma = context;
    allostat_city *city = trauma->city;
    const allostat_pace pace = allostat_turn_pace(&city->turn, first);

    (void)block;
    note_traumas(trauma, allostat_ptsd_month(&trauma->terms[pace], &city->residents,
                                             &city->users, first, count));
}

static void suffer_users(void *context, size_t block, size_t first, size_t count)
{
    trauma_context *trauma = context;
    allostat_city *city = trauma->city;

    (void)block;
    note_traumas(trauma, allostat_ptsd_users_month(&trauma->terms[ALLOSTAT_PACE_month],
                                                   &city->turn, &city->residents,
                                                   &city->users, first, count));
}

void allostat_city_suffer(allostat_city *city, allostat_month month)
{
    const allostat_params *params =
        allostat_scenario_params(city->scenario, allostat_month_first_day(month));
    const allostat_share share = {city->thread_count, allostat_blocks_run};
    trauma_context trauma = {.city = city};

    for (int pace = 0; pace < ALLOSTAT_PACE_COUNT; pace++)
        allostat_ptsd_terms_make(&trauma.terms[pace], params, city->key, &city->turn,
                                 (allostat_pace)pace);
    allostat_turn_share(&city->turn, share, suffer_block, &trauma);
    allostat_share_rows(share, city->users.row_count, suffer_users, &trauma);
    city->tally.city[ALLOSTAT_CITY_residents_with_violence] = trauma.violence;
    city->tally.city[ALLOSTAT_CITY_new_chronic_ptsd] = trauma.stayed;
}

typedef struct {
    allostat_city *city;
    allostat_trait_scores scores;
    allostat_regulation_terms terms[ALLOSTAT_PACE_COUNT];
} regulation_context;

static void regulate_block(void *context, size_t block, size_t first, size_t count)
{
    const regulation_context *regulation = context;
    allostat_city *city = regulation->city;
    const allostat_pace pace = allostat_turn_pace(&city->turn, first);

    (void)block;
    allostat_regulate_residents(&regulation->terms[pace], &regulation->scores,
                                &city->residents, first, count);
}

void allostat_city_regulate(allostat_city *city, allostat_month month)
{
    const allostat_params *params =
        allostat_scenario_params(city->scenario, allostat_month_first_day(month));
    const allostat_share share = {city->thread_count, allostat_blocks_run};
    regulation_context regulation = {.city = city};

    regulation.scores = allostat_trait_scores_make(params);
    for (int pace = 0; pace < ALLOSTAT_PACE_COUNT; pace++) {
        const int32_t months = allostat_turn_months(&city->turn, (allostat_pace)pace);
        const allostat_day days =
            allostat_month_first_day(month + months) - allostat_month_first_day(month);

        allostat_regulation_terms_make(&regulation.terms[pace], params, (double)days);
    }
    allostat_turn_share(&city->turn, share, regulate_block, &regulation);
}

typedef struct {
    const allostat_city *city;
    float threshold;
} mind_counting;

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

static void mirror_block(void *context, size_t block, size_t first, size_t count)
{
    allostat_city *city = context;

    (void)block;
    allostat_mirror_month_to_residents(&city->users, first, count, &city->residents);
}

allostat_status allostat_city_count_minds(allostat_city *city, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = allostat_scenario_params(
        city->scenario, allostat_month_first_day(city->tally.month));
    mind_counting counting = {city, (float)params->ptsd_threshold};

    allostat_blocks_run(city->users.row_count, city->thread_count, mirror_block, city);
    allostat_cortisol_read(params, &city->residents, &city->users);
    city->tally.city[ALLOSTAT_CITY_residents_ace_sum] =
        (int32_t)city->tally.census.adversity;
    ALLOSTAT_TRY(
        allostat_tally_share(&city->tally, count_active_users, &counting, error));
cleanup:
    return status;
}
