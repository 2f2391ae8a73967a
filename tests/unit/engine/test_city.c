/* A city of 12,000 residents, a quarter of whom use, so that two years hold something
 * of everything: its books are recounted after every day. */
#include "defaults.h"

#include "engine/city.h"
#include "engine/month.h"
#include "engine/span.h"

#include <string.h>

typedef struct {
    allostat_epoch epoch;
    allostat_scenario scenario;
    allostat_city city;
    allostat_records records;
    allostat_day series_day;
    double kits, places, visits;
} model;

static void model_init(model *self, void **state, int32_t threads)
{
    allostat_params *params = &self->epoch.params;
    allostat_error error = {0};

    self->epoch.params = defaults_copy(state);
    self->epoch.first_day = params->run_start;
    self->series_day = params->run_start;
    self->kits = 20000.0, self->places = 15000.0, self->visits = 1e6;
    params->population_scale = 0.02;
    params->users_initial_count = 150000.0;
    params->overdose_threshold_log -= 0.7; /* more deaths than Vancouver had */
    params->run_output_start = params->run_start;
    assert_true(allostat_day_parse("2013-12-31", &params->run_end));
#define SERIES_OF(name, value)                                           \
    params->name = (allostat_series){1, &self->series_day, &self->value, \
                                     ALLOSTAT_INTERPOLATE_step}
    SERIES_OF(naloxone_kits_shipped, kits);
    SERIES_OF(oat_clients, places);
    SERIES_OF(sites_visits, visits);
#undef SERIES_OF
    self->scenario = (allostat_scenario){.epoch_count = 1, .epochs = &self->epoch};
    assert_int_equal(
        allostat_city_init(&self->city, &self->scenario, 0, threads, &error),
        ALLOSTAT_OK);
    assert_int_equal(allostat_records_init(&self->records, &self->scenario, &error),
                     ALLOSTAT_OK);
}

static void model_free(model *self)
{
    allostat_city_free(&self->city);
    allostat_records_free(&self->records);
}

static void run_month(model *self, allostat_month month)
{
    const allostat_day first = allostat_month_first_day(month);
    allostat_error error = {0};

    assert_int_equal(allostat_month_begin(&self->city, month, &error), ALLOSTAT_OK);
    for (int32_t d = 0; d < allostat_month_day_count(month); d++) {
        assert_int_equal(
            allostat_days_run(&self->city, first + d, first + d + 1, &error),
            ALLOSTAT_OK);
        if (allostat_city_verify(&self->city, &error) != ALLOSTAT_OK)
            fail_msg("%s", error.message);
    }
    assert_int_equal(allostat_month_end(&self->city, &self->records, &error),
                     ALLOSTAT_OK);
}

static void run_months(model *self, int32_t months)
{
    for (int32_t m = 0; m < months; m++) run_month(self, self->records.first_month + m);
}

static int64_t sum(const model *self, allostat_counted series, int32_t month)
{
    const int32_t cells = allostat_records_cells(&self->records);
    int64_t total = 0;

    for (int32_t c = 0; c < cells; c++)
        total += self->records.counted[series][month * cells + c];
    return total;
}

static void
every_day_of_two_years_everybody_and_every_kit_is_accounted_for(void **state)
{
    static model self;
    int64_t alive = 0;

    model_init(&self, state, 1);
    run_months(&self, 24);
    const allostat_residents *residents = &self.city.residents;
    const allostat_tally *tally = &self.city.tally;
    for (size_t i = 0; i < residents->row_count; i++)
        alive += residents->status[i] == ALLOSTAT_RESIDENT_present;
    const int64_t forgotten = allostat_residents_forgotten(residents);
    assert_int_equal(tally->entered, (int64_t)residents->row_count + forgotten);
    assert_true(forgotten > 100 && forgotten < tally->entered - alive);
    assert_int_equal(tally->entered, alive + tally->dead_overdose + tally->dead_other +
                                         tally->moved_out);
    assert_int_equal(tally->entered, self.city.projection.total); /* all came */
    assert_true(tally->dead_overdose > 10 && tally->dead_other > 100);
    assert_true(tally->kits_used > 10 && tally->kits_lost > 100);
    model_free(&self);
}

static void stocks_follow_from_flows_and_places_from_areas(void **state)
{
    static model self;

    model_init(&self, state, 1);
    run_months(&self, 24);
    for (int32_t m = 0; m < 24; m++) {
        int64_t places = 0, dead_places = 0;
#define SUM(series) sum(&self, ALLOSTAT_COUNTED_##series, m)
#define BEFORE(series) sum(&self, ALLOSTAT_COUNTED_##series, m - 1)
        for (int p = 0; p < ALLOSTAT_PLACE_COUNT; p++) {
            const int32_t i = m * ALLOSTAT_PLACE_COUNT + p;
            places += self.records.placed[ALLOSTAT_PLACED_overdoses_by_place][i];
            dead_places +=
                self.records.placed[ALLOSTAT_PLACED_overdose_deaths_by_place][i];
        }
        assert_int_equal(places, SUM(overdoses));
        assert_int_equal(dead_places, SUM(overdose_deaths));
        assert_true(SUM(active_users) <= SUM(users) && SUM(users) <= SUM(residents));
        assert_true(SUM(site_visits) <= SUM(doses));
        assert_true(SUM(reversed_overdoses) + SUM(overdose_deaths) <= SUM(overdoses));
        assert_true(SUM(people_in_methadone) + SUM(people_in_buprenorphine) <=
                    SUM(oat_clients));
        assert_true(SUM(arrivals) < 500); /* not the people of the first day */
        if (m == 0) continue;
        assert_int_equal(SUM(residents),
                         BEFORE(residents) + SUM(arrivals) - SUM(departures) -
                             SUM(deaths_other_causes) - SUM(overdose_deaths));
        assert_int_equal(SUM(kits_held), BEFORE(kits_held) + SUM(kits_handed_out) -
                                             SUM(kits_lost) - SUM(kits_used) -
                                             SUM(kits_gone));
#undef SUM
#undef BEFORE
    }
    model_free(&self);
}

static void stocks_of_the_last_month_are_those_of_the_tables(void **state)
{
    static model self;
    int32_t group[ALLOSTAT_AGE_GROUP_COUNT] = {0};
    int64_t users = 0, active = 0, kits = 0, waiting = 0, methadone = 0;

    model_init(&self, state, 1);
    run_months(&self, 7);
    const allostat_month month = self.records.first_month + 6;
    const allostat_users *table = &self.city.users;
    for (size_t i = 0; i < self.city.residents.row_count; i++) {
        if (self.city.residents.status[i] != ALLOSTAT_RESIDENT_present) continue;
        group[allostat_age_group_of(
            allostat_age_in_month(self.city.residents.birth_month[i], month))]++;
    }
    for (size_t i = 0; i < table->row_count; i++) {
        users += table->present[i];
        active += table->active[i];
        kits += table->kits[i];
        waiting += table->waiting_since[i] != 0;
        methadone += table->treatment[i] == ALLOSTAT_TREATMENT_methadone;
    }
    for (int g = 0; g < ALLOSTAT_AGE_GROUP_COUNT; g++) {
        const int32_t *cells = self.records.counted[ALLOSTAT_COUNTED_residents] +
                               6 * allostat_records_cells(&self.records);
        assert_int_equal(cells[g] + cells[ALLOSTAT_AGE_GROUP_COUNT + g], group[g]);
    }
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_users, 6), users);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_active_users, 6), active);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_kits_held, 6), kits);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_oat_waiting, 6), waiting);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_people_in_methadone, 6), methadone);
    assert_true(users > 1024 && kits > 0 && methadone > 0);
    model_free(&self);
}

static void users_of_the_first_day_have_lived_before_it(void **state)
{
    static model self;
    double tolerance = 0.0, active = 0.0;

    model_init(&self, state, 1);
    const allostat_users *users = &self.city.users;
    for (size_t i = 0; i < users->row_count; i++) {
        assert_true(users->fast_keep[i] > 0.0f && users->fast_keep[i] < 1.0f);
        if (!users->active[i]) continue;
        active += 1.0;
        tolerance += (double)users->tolerance[i];
    }
    assert_true(active > 1000.0 && tolerance / active > 0.3);
    model_free(&self);
}

/* 1 January 2012, a Sunday, is the fifth day after a payment. */
static void the_past_is_not_lived_at_the_doses_of_payment_days(void **state)
{
    static model low, high;
    allostat_error error = {0};

    model_init(&low, state, 1);
    model_init(&high, state, 1);
    allostat_city_free(&high.city);
    high.epoch.params.use_payment_ratio = 3.0;
    assert_int_equal(allostat_city_init(&high.city, &high.scenario, 0, 1, &error),
                     ALLOSTAT_OK);
    assert_int_equal(low.city.users.row_count, high.city.users.row_count);
    assert_memory_equal(low.city.users.tolerance, high.city.users.tolerance,
                        low.city.users.row_count * sizeof(float));
    model_free(&low);
    model_free(&high);
}

static void flows_of_a_month_are_of_that_month(void **state)
{
    static model self;

    model_init(&self, state, 1);
    run_months(&self, 6);
    for (int32_t m = 1; m < 6; m++) {
        const double active = (double)sum(&self, ALLOSTAT_COUNTED_active_users, m);
        const double doses = (double)sum(&self, ALLOSTAT_COUNTED_doses, m);
        assert_true(doses / active / 30.0 > 1.0 && doses / active / 30.0 < 5.0);
    }
    model_free(&self);
}

static void the_city_does_not_depend_on_its_threads(void **state)
{
    static model one, three;

    model_init(&one, state, 1);
    model_init(&three, state, 3);
    run_months(&one, 6);
    run_months(&three, 6);
    const size_t bytes =
        (size_t)allostat_records_cells(&one.records) * 24 * sizeof(int32_t);
    for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        assert_memory_equal(one.records.counted[s], three.records.counted[s], bytes);
    }
    for (int s = 0; s < ALLOSTAT_AVERAGED_COUNT; s++) {
        assert_memory_equal(one.records.mean[s], three.records.mean[s],
                            24 * sizeof(double));
    }
    model_free(&one);
    model_free(&three);
}

/* In one of so many calls, one a month. */
static void assert_noticed_within(model *self, int32_t months)
{
    allostat_tally *tally = &self->city.tally;
    const allostat_month now = tally->month;
    allostat_error error = {0};

    while (allostat_city_verify(&self->city, &error) == ALLOSTAT_OK) {
        tally->month++;
        assert_true(tally->month < now + months);
    }
    assert_true(strlen(error.message) > 0);
    tally->month = now;
}

static void assert_noticed(model *self)
{
    assert_noticed_within(self, ALLOSTAT_MONTHS_A_YEAR);
}

/* Changes one number, looks whether that is noticed in so many months, and changes it
 * back. */
#define PLANT_FOR(months, type, place, value)   \
    do {                                        \
        const type kept = (place);              \
        (place) = (value);                      \
        assert_noticed_within(&self, (months)); \
        (place) = kept;                         \
    } while (0)
#define PLANT(type, place, value) PLANT_FOR(ALLOSTAT_MONTHS_A_YEAR, type, place, value)
#define PLANT_NOW(type, place, value) PLANT_FOR(1, type, place, value)

static void assert_planted_are_noticed(void **state, int32_t threads)
{
    static model self;
    allostat_error error = {0};

    model_init(&self, state, threads);
    run_months(&self, 2);
    allostat_city *city = &self.city;
    const uint32_t other = city->users.person[0] == 0 ? 1 : 0;
    PLANT(int64_t, city->tally.entered, city->tally.entered + 1);
    PLANT(int64_t, city->tally.dead_overdose, city->tally.dead_overdose + 1);
    PLANT(int64_t, city->tally.moved_out, city->tally.moved_out - 1);
    PLANT(int64_t, city->tally.kits_handed, city->tally.kits_handed + 1);
    PLANT(int64_t, city->tally.kits_lost, city->tally.kits_lost + 1);
    PLANT(int32_t, city->users.kits[3], city->users.kits[3] + 1);
    PLANT(int32_t, city->users.kits[3], -1);
    PLANT(int32_t, city->users.kits_used_month[5], 1);
    PLANT(int32_t, city->users.present[2], 0);
    PLANT(uint32_t, city->users.person[0], other);
    PLANT(int32_t, city->residents.user_row[city->users.person[1]], 0);
    PLANT(int32_t, city->residents.user_row[city->users.person[1]], -1);
    PLANT(uint8_t, city->residents.status[0], ALLOSTAT_RESIDENT_expected);
    PLANT(uint8_t, city->residents.status[city->users.person[4]],
          ALLOSTAT_RESIDENT_moved_out);
    assert_int_equal(allostat_city_verify(&self.city, &error), ALLOSTAT_OK);
    model_free(&self);
}

static void planted_mistakes_in_the_books_are_noticed(void **state)
{
    assert_planted_are_noticed(state, 1);
    assert_planted_are_noticed(state, 3);
}

/* One of three checks a December. */
static void assert_turns_notice(void **state, int32_t threads)
{
    enum { THREE_YEARS = 3 * ALLOSTAT_MONTHS_A_YEAR };
    static model self;
    allostat_city *city = &self.city;

    model_init(&self, state, threads);
    run_months(&self, 2);
    PLANT_FOR(THREE_YEARS, int32_t, city->users.who[3], city->users.who[3] + 1);
    PLANT_FOR(THREE_YEARS, uint8_t, city->residents.support_count[3],
              (uint8_t)(city->residents.support_count[3] + 1));
    PLANT_FOR(THREE_YEARS, int64_t, city->tally.census.adversity,
              city->tally.census.adversity + 1);
    model_free(&self);
}

static void what_takes_turns_is_noticed_within_three_years(void **state)
{
    assert_turns_notice(state, 1);
    assert_turns_notice(state, 3);
}

static void the_last_month_of_a_run_looks_at_everything(void **state)
{
    static model self;
    allostat_city *city = &self.city;
    const size_t first = 3;

    model_init(&self, state, 1);
    run_months(&self, 2);
    self.epoch.params.run_end = allostat_month_first_day(city->tally.month + 1) - 1;
    PLANT_NOW(int32_t, city->users.who[first], city->users.who[first] + 1);
    PLANT_NOW(uint8_t, city->residents.support_count[first],
              (uint8_t)(city->residents.support_count[first] + 1));
    PLANT_NOW(int64_t, city->tally.census.adversity, city->tally.census.adversity + 1);
    PLANT_NOW(int64_t, city->tally.kits_lost, city->tally.kits_lost + 1);
    const size_t last = city->users.row_count - 1;
    PLANT_NOW(int32_t, city->users.present[first], 0);
    PLANT_NOW(int32_t, city->users.present[last], 0);
    PLANT_NOW(int32_t, city->residents.user_row[city->users.person[last]], -1);
    model_free(&self);
}

static void deaths_and_departures_cannot_be_exchanged_unnoticed(void **state)
{
    static model self;

    model_init(&self, state, 1);
    run_months(&self, 2);
    self.city.tally.dead_other++;
    self.city.tally.moved_out--;
    assert_noticed(&self);
    self.city.tally.dead_other--;
    self.city.tally.moved_out++;
    for (size_t i = 0; i < self.city.residents.row_count; i++) {
        if (self.city.residents.user_row[i] >= 0) continue;
        self.city.residents.user_row[i] = 0; /* two people with one row */
        break;
    }
    assert_noticed(&self);
    model_free(&self);
}

static void a_freed_city_is_zero_and_a_city_tells_its_size(void **state)
{
    static model self;

    model_init(&self, state, 1);
    assert_true(allostat_city_bytes(&self.city) >
                self.city.residents.row_capacity * allostat_residents_row_bytes());
    model_free(&self);
    assert_null(self.city.residents.status);
    assert_int_equal(self.city.users.row_capacity, 0);
    model_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            every_day_of_two_years_everybody_and_every_kit_is_accounted_for),
        cmocka_unit_test(stocks_follow_from_flows_and_places_from_areas),
        cmocka_unit_test(stocks_of_the_last_month_are_those_of_the_tables),
        cmocka_unit_test(users_of_the_first_day_have_lived_before_it),
        cmocka_unit_test(the_past_is_not_lived_at_the_doses_of_payment_days),
        cmocka_unit_test(flows_of_a_month_are_of_that_month),
        cmocka_unit_test(the_city_does_not_depend_on_its_threads),
        cmocka_unit_test(planted_mistakes_in_the_books_are_noticed),
        cmocka_unit_test(what_takes_turns_is_noticed_within_three_years),
        cmocka_unit_test(the_last_month_of_a_run_looks_at_everything),
        cmocka_unit_test(deaths_and_departures_cannot_be_exchanged_unnoticed),
        cmocka_unit_test(a_freed_city_is_zero_and_a_city_tells_its_size),
    };
    return RUN_WITH_DEFAULTS("city", tests);
}
