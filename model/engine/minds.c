#include "engine/minds.h"

#include "base/hot.h"
#include "engine/blocks.h"
#include "mind/mirror.h"

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

    allostat_share_rows(city->share, city->residents.row_count - first, enter_block,
                        &self);
}

typedef struct {
    allostat_city *city;
    const allostat_params *params;
    size_t first_arrival; /* row */
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

/* Those who have come this month and whose turn is later live until then: rows of
 * blocks that are not due. */
static void suffer_arrivals(void *context)
{
    trauma_context *trauma = context;
    allostat_city *city = trauma->city;
    allostat_turn until = city->turn;
    allostat_ptsd_terms terms;
    size_t end;

    for (size_t first = trauma->first_arrival; first < city->residents.row_count;
         first = end) {
        const int32_t age = allostat_turn_age(&city->turn, first);
        const size_t block = first / ALLOSTAT_SHARE_ROWS * ALLOSTAT_SHARE_ROWS;

        end = block + allostat_turn_rows_from(&city->turn, block);
        if (age == 0) continue;
        until.months = city->turn.months - age;
        allostat_ptsd_terms_make(&terms, trauma->params, city->key, &until,
                                 ALLOSTAT_PACE_turn);
        note_traumas(trauma, allostat_ptsd_month(&terms, &city->residents, &city->users,
                                                 first, end - first));
    }
}

void allostat_city_suffer(allostat_city *city, size_t first_arrival,
                          allostat_month month)
{
    const allostat_params *params =
        allostat_scenario_params(city->scenario, allostat_month_first_day(month));
    const allostat_share share = city->share;
    trauma_context trauma = {
        .city = city, .params = params, .first_arrival = first_arrival};
    const allostat_share_own arrivals = {suffer_arrivals, &trauma};

    for (int pace = 0; pace < ALLOSTAT_PACE_COUNT; pace++)
        allostat_ptsd_terms_make(&trauma.terms[pace], params, city->key, &city->turn,
                                 (allostat_pace)pace);
    allostat_turn_share_beside(&city->turn, share, suffer_block, &trauma, &arrivals);
    allostat_share_rows_evenly(share, city->users.row_count, suffer_users, &trauma);
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
    const allostat_share share = city->share;
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

static void mirror_block(void *context, size_t block, size_t first, size_t count)
{
    allostat_city *city = context;

    (void)block;
    allostat_mirror_month_to_residents(&city->users, first, count, &city->residents);
}

void allostat_city_count_minds(allostat_city *city)
{
    const allostat_params *params = allostat_scenario_params(
        city->scenario, allostat_month_first_day(city->tally.month));

    allostat_share_rows(city->share, city->users.row_count, mirror_block, city);
    allostat_cortisol_read(params, &city->users);
    city->tally.city[ALLOSTAT_CITY_residents_ace_sum] =
        (int32_t)city->tally.census.adversity;
}
