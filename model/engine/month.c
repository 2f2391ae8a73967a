#include "engine/month.h"

#include "base/clock.h"
#include "care/custody.h"
#include "care/detox.h"
#include "care/ioat.h"
#include "care/naltrexone.h"
#include "care/safer_supply.h"
#include "care/therapy.h"
#include "engine/blocks.h"
#include "engine/dormancy.h"
#include "engine/levers.h"
#include "engine/lives.h"
#include "engine/minds.h"
#include "engine/newcomers.h"
#include "engine/patients.h"
#include "engine/refresh.h"
#include "mind/connection.h"
#include "opioid/dsm5.h"
#include "people/forgetting.h"
#include "people/income.h"

typedef struct {
    allostat_city *city;
    const allostat_params *params;
    allostat_home_terms homes[ALLOSTAT_PACE_COUNT];
    allostat_income_terms income[ALLOSTAT_PACE_COUNT];
} living_context;

static void live_block(void *context, size_t block, size_t first, size_t count)
{
    const living_context *living = context;
    allostat_city *city = living->city;
    const allostat_pace pace = allostat_turn_pace(&city->turn, first);
    allostat_living_block rows;

    (void)block;
    allostat_living_draw(&rows, city->key, &city->turn, &city->residents, first, count);
    if (living->params->mechanisms_housing_transitions) {
        allostat_homes_step(&living->homes[pace], &city->residents, &city->users,
                            &rows);
    }
    allostat_income_step(&living->income[pace], living->params, &city->residents,
                         &city->users, &rows);
}

/* Homes and income: a block writes only its residents and their users' rows. */
static void change_homes_and_income(allostat_city *city, const allostat_params *params,
                                    allostat_month month)
{
    living_context living = {.city = city, .params = params};

    allostat_homes_measure(&city->homes, &city->residents, &city->users, &city->turn,
                           params);
    for (int pace = 0; pace < ALLOSTAT_PACE_COUNT; pace++) {
        const int32_t months = allostat_turn_months(&city->turn, (allostat_pace)pace);

        allostat_home_terms_make(&living.homes[pace], &city->homes, params, months);
        allostat_income_terms_make(&living.income[pace], params, city->key, month,
                                   months);
    }
    allostat_turn_share(&city->turn, city->residents.share, live_block, &living);
}

static allostat_status live_ties(allostat_city *city, const allostat_params *params,
                                 allostat_month month, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_ties_people people = {params,           city->key,    month,
                                         &city->residents, &city->users, city->share,
                                         city->turn};
    int32_t formed[ALLOSTAT_TIE_KIND_COUNT];

    ALLOSTAT_TRY(allostat_ties_month(&city->ties, &people, formed, error));
    city->tally.city[ALLOSTAT_CITY_support_ties_formed] = formed[ALLOSTAT_TIE_support];
    city->tally.city[ALLOSTAT_CITY_using_ties_formed] = formed[ALLOSTAT_TIE_using];
cleanup:
    return status;
}

/* Connection follows from ties, use and homes of today; by now bereavements have been
 * felt. */
static void connect(allostat_city *city, const allostat_params *params)
{
    allostat_connection_turn(params, &city->turn, &city->residents, &city->users,
                             city->share);
    allostat_bereavements_felt(&city->residents, &city->users, &city->turn);
}

static allostat_status open_programmes(allostat_city *city,
                                       const allostat_params *params,
                                       allostat_month month, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    int32_t *city_series = city->tally.city;
    const allostat_care_month care = {&city->users, params, city->key, month,
                                      &city->requests};
    allostat_oat_month oat;
    allostat_safer_supply_moves safer;

    allostat_sites_assign(&city->sites, &city->users, params);
    ALLOSTAT_TRY(allostat_oat_admit(&care, &oat, error));
    allostat_custody_month(&care, &city->residents);
    ALLOSTAT_TRY(allostat_detox_month(&care, error));
    ALLOSTAT_TRY(allostat_ioat_month(&care, error));
    ALLOSTAT_TRY(allostat_naltrexone_month(&care, error));
    ALLOSTAT_TRY(allostat_safer_supply_month(&care, &safer, error));
    city_series[ALLOSTAT_CITY_oat_places] = oat.places;
    city_series[ALLOSTAT_CITY_oat_places_unfilled] = oat.unfilled;
    city_series[ALLOSTAT_CITY_safer_supply_starts] = safer.starts;
    city_series[ALLOSTAT_CITY_safer_supply_stops] = safer.stops;
cleanup:
    return status;
}

/* Whose turn it is: again whenever rows come, go or are put in order. */
static void take_turn(allostat_city *city, allostat_month month)
{
    city->turn =
        allostat_turn_make(&city->residents, allostat_city_turn_months(city), month);
}

/* What the processes of a month share. */
typedef struct {
    allostat_city *city;
    const allostat_params *params;
    allostat_month month;
    size_t old_users;     /* rows of the users' table before this month's newcomers */
    size_t old_residents; /* and of the residents' */
    allostat_error *error;
} month_work;

/* Once a year. */
static allostat_status order_rows(allostat_city *city, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_residents *residents = &city->residents;
    allostat_users *users = &city->users;

    if (allostat_city_turn_months(city) > 1)
        return allostat_order_near(residents, users, error);
    ALLOSTAT_TRY(allostat_forget_departed(residents, users, error));
    ALLOSTAT_TRY(allostat_users_sort(users, residents, error));
cleanup:
    return status;
}

static allostat_status do_departed(month_work *work)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = work->city;

    allostat_city_retire_patients(city, work->month);
    allostat_users_compact(&city->users, &city->residents);
    if (work->month % ALLOSTAT_MONTHS_A_YEAR == 0) {
        ALLOSTAT_TRY(order_rows(city, work->error));
    }
    allostat_sites_month(&city->sites, &city->users, work->params, work->month);
    take_turn(city, work->month);
    work->old_users = city->users.row_count;
    work->old_residents = city->residents.row_count;
cleanup:
    return status;
}

static allostat_status do_pain(month_work *work)
{
    return allostat_city_pain_month(work->city, work->month, work->error);
}

static allostat_status do_life_course(month_work *work)
{
    return allostat_city_live(work->city, work->params, work->month, work->error);
}

static allostat_status do_arrivals(month_work *work)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_city_receive(work->city, work->month, work->error));
    take_turn(work->city, work->month);
cleanup:
    return status;
}

static allostat_status do_new_users(month_work *work)
{
    allostat_city_start_users(work->city, work->old_users, work->month);
    return ALLOSTAT_OK;
}

static allostat_status do_ties(month_work *work)
{
    return live_ties(work->city, work->params, work->month, work->error);
}

static allostat_status do_homes(month_work *work)
{
    change_homes_and_income(work->city, work->params, work->month);
    return ALLOSTAT_OK;
}

static allostat_status do_therapy(month_work *work)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = work->city;
    int32_t *days = city->tally.city + ALLOSTAT_CITY_days_in_emdr;
    const allostat_care_month care = {&city->users, work->params, city->key,
                                      work->month, &city->requests};
    allostat_therapy_result result;

    ALLOSTAT_TRY(allostat_therapy_month(&care, &city->residents, &city->therapy_idle,
                                        &result, work->error));
    for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++) days[t] = result.days[t];
    city->tally.city[ALLOSTAT_CITY_therapy_wait_days] = result.wait_days;
    city->tally.no_therapies = city->therapy_idle.at_rest;
cleanup:
    return status;
}

static allostat_status do_trauma(month_work *work)
{
    allostat_city_suffer(work->city, work->old_residents, work->month);
    return ALLOSTAT_OK;
}

static allostat_status do_connection(month_work *work)
{
    connect(work->city, work->params);
    return ALLOSTAT_OK;
}

static allostat_status do_regulation(month_work *work)
{
    allostat_city_regulate(work->city, work->month);
    return ALLOSTAT_OK;
}

static allostat_status do_mirror(month_work *work)
{
    allostat_city_refresh_users(work->city, work->params);
    return ALLOSTAT_OK;
}

static allostat_status do_programmes(month_work *work)
{
    return open_programmes(work->city, work->params, work->month, work->error);
}

#define LEVER(name)                                                        \
    static allostat_status do_##name(month_work *work)                     \
    {                                                                      \
        return allostat_city_##name(work->city, work->params, work->month, \
                                    work->error);                          \
    }
LEVER(housing_first)
LEVER(outreach)
LEVER(releases)
LEVER(kits)
LEVER(spotting)
LEVER(drug_checking)
#undef LEVER

/* When all is known that has been granted for the month: who lives by the day. Lists of
 * rows are made after that. */
static allostat_status do_dormancy(month_work *work)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_city *city = work->city;

    allostat_city_part_users(city, work->params, work->month);
    ALLOSTAT_TRY(allostat_witnesses_list(&city->witnesses, &city->users,
                                         &city->residents, work->error));
cleanup:
    return status;
}

/* The first day of a month, in this order. */
static const struct {
    const char *name;
    allostat_status (*run)(month_work *work);
} processes[] = {
    {"month_departed_users", do_departed},
    {"month_pain_and_prescribing", do_pain},
    {"month_life_course", do_life_course},
    {"month_arrivals", do_arrivals},
    {"month_new_users", do_new_users},
    {"month_ties", do_ties},
    {"month_homes_and_income", do_homes},
    {"month_housing_first", do_housing_first},
    {"month_therapy", do_therapy},
    {"month_trauma", do_trauma},
    {"month_connection", do_connection},
    {"month_regulation", do_regulation},
    {"month_mirror_to_users", do_mirror},
    {"month_outreach", do_outreach},
    {"month_programmes", do_programmes},
    {"month_releases", do_releases},
    {"month_kits", do_kits},
    {"month_spotting", do_spotting},
    {"month_drug_checking", do_drug_checking},
    {"month_dormancy", do_dormancy},
};

_Static_assert(sizeof processes / sizeof processes[0] == ALLOSTAT_MONTH_PROCESS_COUNT,
               "as many processes as the header says");

const char *allostat_month_process_name(int32_t process)
{
    return processes[process].name;
}

allostat_status allostat_month_measure(allostat_city *city, allostat_month month,
                                       double *seconds, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    month_work work = {
        .city = city,
        .params =
            allostat_scenario_params(city->scenario, allostat_month_first_day(month)),
        .month = month,
        .error = error,
    };

    allostat_tally_month_begin(&city->tally, month, work.params);
    for (int32_t p = 0; p < ALLOSTAT_MONTH_PROCESS_COUNT; p++) {
        const double begun = seconds != NULL ? allostat_seconds_now() : 0.0;

        ALLOSTAT_TRY(processes[p].run(&work));
        if (seconds != NULL) seconds[p] += allostat_seconds_now() - begun;
    }
cleanup:
    return status;
}

allostat_status allostat_month_begin(allostat_city *city, allostat_month month,
                                     allostat_error *error)
{
    return allostat_month_measure(city, month, NULL, error);
}

typedef struct {
    allostat_city *city;
    const allostat_params *params;
} judging;

static void judge_block(void *context, size_t block, size_t first, size_t count)
{
    const judging *self = context;

    (void)block;
    allostat_dsm5_month(self->params, self->city->key, &self->city->users, first,
                        count);
}

static void judge_disorder(allostat_city *city, const allostat_params *params)
{
    judging self = {city, params};

    allostat_share_rows(city->share, city->users.row_count, judge_block, &self);
}

allostat_status allostat_month_end(allostat_city *city, allostat_records *records,
                                   allostat_error *error)
{
    const allostat_params *params = allostat_scenario_params(
        city->scenario, allostat_month_first_day(city->tally.month));
    allostat_status status = ALLOSTAT_OK;

    judge_disorder(city, params);
    allostat_city_count_minds(city);
    ALLOSTAT_TRY(allostat_tally_month_end(&city->tally, &city->residents, &city->users,
                                          records, error));
    ALLOSTAT_TRY(allostat_city_verify(city, error));
cleanup:
    return status;
}
