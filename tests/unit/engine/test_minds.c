/* The monthly timetable of minds: whose turn it is. */
#include "check.h"

#include "engine/minds.h"

#include <stdlib.h>
#include <string.h>

enum {
    MONTHS = 6,
    BLOCK = ALLOSTAT_SHARE_ROWS,
    PEOPLE = 6 * BLOCK + BLOCK / 2,
    BEFORE = 5 * BLOCK + 100 /* rows before this month's arrivals */
};

static const allostat_month JANUARY_2015 = 12 * 2015;

typedef struct {
    allostat_scenario scenario;
    allostat_city city;
} town;

/* Violence to everybody who lives a turn. */
static int found_town(void **state)
{
    town *self = calloc(1, sizeof *self);
    allostat_error error = {0};
    allostat_city *city;

    assert_non_null(self);
    *state = self;
    city = &self->city;
    assert_int_equal(allostat_scenario_defaults(&self->scenario, &error), ALLOSTAT_OK);
    self->scenario.epochs[0].params.ptsd_violence_rate = 1000.0;
    assert_int_equal(allostat_residents_init(&city->residents, PEOPLE, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&city->users, 1, &error), ALLOSTAT_OK);
    city->scenario = &self->scenario;
    city->key = allostat_draw_key_make(5, 0);
    city->residents.row_count = PEOPLE;
    for (size_t row = 0; row < PEOPLE; row++) {
        city->residents.status[row] = ALLOSTAT_RESIDENT_present;
        city->residents.user_row[row] = -1;
    }
    return 0;
}

static int leave_town(void **state)
{
    town *self = *state;

    allostat_residents_free(&self->city.residents);
    allostat_users_free(&self->city.users);
    allostat_scenario_free(&self->scenario);
    free(self);
    return 0;
}

static int32_t met_in(allostat_city *city, int32_t month, size_t first_arrival)
{
    city->turn = allostat_turn_make(&city->residents, MONTHS, JANUARY_2015 + month);
    allostat_city_suffer(city, first_arrival, JANUARY_2015 + month);
    return city->tally.city[ALLOSTAT_CITY_residents_with_violence];
}

static void whoever_is_due_lives_and_nobody_else(void **state)
{
    town *self = *state;

    /* blocks 0 and 6 in January, 5 in February, 1 in June */
    assert_int_equal(met_in(&self->city, 0, PEOPLE), BLOCK + BLOCK / 2);
    assert_int_equal(met_in(&self->city, 1, PEOPLE), BLOCK);
    assert_int_equal(met_in(&self->city, 5, PEOPLE), BLOCK);
}

/* Otherwise who comes would be spared for half a turn. In January block 6 is due
 * anyway, in February block 5. */
static void arrivals_live_until_their_turn(void **state)
{
    town *self = *state;

    assert_int_equal(met_in(&self->city, 0, BEFORE),
                     BLOCK + BLOCK / 2 + (6 * BLOCK - BEFORE));
    assert_int_equal(met_in(&self->city, 1, BEFORE), BLOCK + BLOCK / 2);
}

/* One month before their turn they have one month's chance of violence. */
static void arrivals_live_as_many_months_as_are_left(void **state)
{
    town *self = *state;
    const double rate = 3.0;
    const double expected = BLOCK / 2 * (1.0 - exp(-rate * 31.0 / 365.25));

    self->scenario.epochs[0].params.ptsd_violence_rate = 0.0;
    assert_int_equal(met_in(&self->city, 5, 6 * BLOCK), 0);
    self->scenario.epochs[0].params.ptsd_violence_rate = rate;
    memset(self->city.residents.status, ALLOSTAT_RESIDENT_moved_out, 6 * BLOCK);
    /* five SD */
    check_close((double)met_in(&self->city, 11, 6 * BLOCK), expected, 50.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whoever_is_due_lives_and_nobody_else,
                                        found_town, leave_town),
        cmocka_unit_test_setup_teardown(arrivals_live_until_their_turn, found_town,
                                        leave_town),
        cmocka_unit_test_setup_teardown(arrivals_live_as_many_months_as_are_left,
                                        found_town, leave_town),
    };
    return cmocka_run_group_tests_name("minds", tests, NULL, NULL);
}
