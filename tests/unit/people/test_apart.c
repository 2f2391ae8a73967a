/* Users who live some days apart, and what others see of them meanwhile. */
#include "defaults.h"

#include "people/apart.h"

#include <string.h>

enum { PEOPLE = 300, STREET = 200 };

typedef struct {
    allostat_residents residents;
    allostat_users users;
    allostat_apart apart;
    allostat_evening_places places;
} town;

static void town_init(town *self)
{
    allostat_error error = {0};

    memset(self, 0, sizeof *self);
    tables_of_users(&self->residents, &self->users, PEOPLE);
    self->users.street_count = STREET;
    for (size_t i = 0; i < PEOPLE; i++) {
        self->users.craving[i] = (float)i;
        self->users.frailty[i] = -(float)i;
        self->users.lapses_month[i] = 7;
    }
    assert_int_equal(allostat_apart_begin(&self->apart, &self->users, &error),
                     ALLOSTAT_OK);
    allostat_apart_open(&self->apart, 0, STREET);
}

static void town_free(town *self)
{
    allostat_apart_free(&self->apart);
    tables_free(&self->residents, &self->users);
}

/* Everybody's craving changes, and two rows overdose. */
static void pass_a_day(town *self, int32_t day, size_t one, size_t other)
{
    const uint32_t overdosed[] = {(uint32_t)one, (uint32_t)other};
    const allostat_day_note note = {0, STREET, day, {NULL, 0}};

    for (size_t i = 0; i < STREET; i++) {
        self->users.craving[i] += 1000.0f;
        self->users.lapses_month[i]++;
    }
    allostat_apart_note(&self->apart, &self->users, &note);
    allostat_apart_keep(&self->apart, &self->users, (allostat_some_rows){overdosed, 2},
                        day, &self->places);
}

static void gather(town *self)
{
    allostat_error error = {0};

    assert_int_equal(allostat_apart_gather(&self->apart, &self->users, &error),
                     ALLOSTAT_OK);
}

/* Day 0: rows 3 and 150 overdose. */
static void live_a_day(town *self)
{
    pass_a_day(self, 0, 3, 150);
    gather(self);
}

/* Row 3 overdoses again on day 1, and row 7 for the first time. */
static void live_two_days(town *self)
{
    pass_a_day(self, 0, 3, 150);
    pass_a_day(self, 1, 3, 7);
    gather(self);
}

static void who_overdosed_is_apart_as_on_the_evening_of_the_day(void **state)
{
    static town self;

    (void)state;
    town_init(&self);
    live_two_days(&self);
    const allostat_apart *apart = &self.apart;
    const size_t first = (size_t)apart->place[3] - 1;
    const size_t last = (size_t)apart->place[7] - 1;
    assert_int_equal(apart->rows.row_count, 3);
    assert_true(apart->rows.craving[first] == 1003.0f);
    assert_true(apart->rows.craving[last] == 2007.0f);
    assert_true(apart->rows.frailty[last] == -7.0f);
    assert_int_equal(apart->rows.lapses_month[first], 8);
    assert_int_equal(apart->rows.lapses_month[last], 9);
    assert_int_equal(apart->home[last], 7);
    town_free(&self);
}

/* One after the other, as many threads would. */
static void blocks_fill_places_of_their_own(void **state)
{
    static town self;
    allostat_evening_places of_block[2] = {0};

    (void)state;
    town_init(&self);
    for (uint32_t row = 0; row < 22; row++) {
        allostat_apart_keep(&self.apart, &self.users, (allostat_some_rows){&row, 1},
                            (int32_t)row / 2, &of_block[row % 2]);
    }
    gather(&self);
    assert_int_equal(self.apart.rows.row_count, 22);
    assert_int_equal(self.apart.from[1], 20); /* two a day */
    for (size_t row = 0; row < 22; row++) {
        const size_t at = (size_t)self.apart.place[row] - 1;

        assert_int_equal(self.apart.home[at], row);
        assert_true(self.apart.rows.craving[at] == (float)row);
    }
    town_free(&self);
}

static void there_is_room_for_everybody(void **state)
{
    static town self;
    uint32_t overdosed[STREET];

    (void)state;
    town_init(&self);
    for (uint32_t row = 0; row < STREET; row++) overdosed[row] = row;
    allostat_apart_keep(&self.apart, &self.users,
                        (allostat_some_rows){overdosed, STREET}, 0, &self.places);
    gather(&self);
    assert_int_equal(self.apart.rows.row_count, STREET);
    for (size_t row = 0; row < STREET; row++) {
        const size_t at = (size_t)self.apart.place[row] - 1;

        assert_int_equal(self.apart.home[at], row);
        assert_true(self.apart.rows.craving[at] == (float)row);
    }
    town_free(&self);
}

/* Another span begins: a month with more users than there were. */
static void nobody_is_apart_when_a_span_begins(void **state)
{
    static town self;
    allostat_error error = {0};

    (void)state;
    town_init(&self);
    live_two_days(&self);
    const size_t bytes = allostat_apart_bytes(&self.apart);
    self.users.street_count = PEOPLE;
    assert_int_equal(allostat_apart_begin(&self.apart, &self.users, &error),
                     ALLOSTAT_OK);
    allostat_apart_open(&self.apart, 0, PEOPLE);
    assert_int_equal(self.apart.rows.row_count, 0);
    assert_int_equal(self.apart.place[3], 0);
    assert_int_equal(self.apart.place[PEOPLE - 1], 0);
    assert_true(allostat_apart_bytes(&self.apart) > bytes);
    town_free(&self);
}

static void who_has_overdosed_until_a_day_stands_together(void **state)
{
    static town self;

    (void)state;
    town_init(&self);
    live_two_days(&self);
    const allostat_apart *apart = &self.apart;
    assert_int_equal(apart->from[0], 3); /* before the first day nobody has */
    assert_int_equal(apart->from[1], 1);
    assert_int_equal(apart->from[2], 0);
    assert_int_equal(apart->from[ALLOSTAT_SPAN_DAYS_MAX], 0);
    assert_true(allostat_is_apart(apart, 3, 0) && allostat_is_apart(apart, 150, 0));
    assert_true(!allostat_is_apart(apart, 7, 0) && allostat_is_apart(apart, 7, 1));
    assert_true(!allostat_is_apart(apart, 8, 1));
    town_free(&self);
}

static void what_days_write_goes_back_and_nothing_else(void **state)
{
    static town self;

    (void)state;
    town_init(&self);
    live_a_day(&self);
    self.apart.rows.craving[1] = 5.0f;   /* lived */
    self.apart.rows.lapses_month[1] = 9; /* counted */
    self.users.kits[150] = 3;            /* others took one meanwhile */
    allostat_apart_return(&self.apart, &self.users);
    assert_true(self.users.craving[150] == 5.0f);
    assert_int_equal(self.users.lapses_month[150], 9);
    assert_int_equal(self.users.kits[150], 3);
    assert_true(self.users.craving[3] == 1003.0f);
    assert_true(self.users.craving[4] == 1004.0f);
    town_free(&self);
}

/* Row 3 is apart; row 4 used on day 0 and went inside on day 1; row 250 lives by the
 * month. */
static void others_see_everybody_as_of_the_day(void **state)
{
    static town self;
    const uint32_t inside = 4;
    const allostat_day_note second = {0, STREET, 1, {&inside, 1}};
    allostat_whereabouts day[] = {{&self.users, &self.apart, 0},
                                  {&self.users, &self.apart, 1}};
    const allostat_whereabouts now = {.users = &self.users};

    (void)state;
    town_init(&self);
    self.users.active[3] = self.users.active[4] = self.users.active[250] = 1;
    live_a_day(&self);
    self.users.active[4] = 0;
    self.users.institution[4] = 1;
    allostat_apart_note(&self.apart, &self.users, &second);
    self.apart.rows.active[0] = 0;
    self.apart.rows.institution[0] = 2;
    assert_true(allostat_active_now(&day[0], 4) && !allostat_active_now(&day[1], 4));
    assert_true(!allostat_inside_now(&day[0], 4) && allostat_inside_now(&day[1], 4));
    assert_true(!allostat_active_now(&day[0], 3) && allostat_inside_now(&day[0], 3));
    assert_true(allostat_active_now(&day[1], 250));
    assert_true(allostat_active_now(&now, 3) && !allostat_active_now(&now, 4));
    town_free(&self);
}

/* Row 7 lives on where it is, apart since day 1; but since the evening of day 0 it
 * should have been. */
static void who_is_called_back_is_apart_as_on_the_evening_in_reserve(void **state)
{
    static town self;

    (void)state;
    town_init(&self);
    pass_a_day(&self, 0, 3, 150);
    const size_t place = allostat_apart_keep_in_reserve(&self.apart, &self.users, 7,
                                                        STREET, &self.places);
    pass_a_day(&self, 1, 3, 7);
    gather(&self);
    const size_t later = (size_t)self.apart.place[7] - 1;
    assert_true(!allostat_is_apart(&self.apart, 7, 0));
    assert_true(allostat_apart_holds(&self.apart, later));
    const size_t row = allostat_apart_recall(&self.apart, 7, place);
    assert_true(allostat_is_apart(&self.apart, 7, 0));
    assert_true(allostat_apart_holds(&self.apart, row));
    assert_true(!allostat_apart_holds(&self.apart, later));
    assert_true(self.apart.rows.craving[row] == 1007.0f);
    allostat_apart_return(&self.apart, &self.users);
    assert_true(self.users.craving[7] == 1007.0f);
    town_free(&self);
}

static void a_block_has_one_evening_in_reserve_for_each_row(void **state)
{
    static town self;

    (void)state;
    town_init(&self);
    for (size_t i = 0; i < 16; i++)
        assert_true(allostat_apart_keep_in_reserve(&self.apart, &self.users, 3, 16,
                                                   &self.places) !=
                    ALLOSTAT_NO_EVENING);
    assert_true(allostat_apart_keep_in_reserve(&self.apart, &self.users, 3, 16,
                                               &self.places) == ALLOSTAT_NO_EVENING);
    gather(&self);
    assert_int_equal(self.apart.rows.row_count, 0);
    town_free(&self);
}

/* Row 4 has used on both days, and stops on the second evening. */
static void who_stops_is_seen_to_stop_from_then_on(void **state)
{
    static town self;
    const allostat_whereabouts day[] = {
        {.users = &self.users, .apart = &self.apart, .day = 0},
        {.users = &self.users, .apart = &self.apart, .day = 1}};

    (void)state;
    town_init(&self);
    self.users.active[4] = 1;
    live_two_days(&self);
    assert_true(allostat_active_now(&day[0], 4) && allostat_active_now(&day[1], 4));
    allostat_apart_stop(&self.apart, 4, 1);
    assert_true(allostat_active_now(&day[0], 4) && !allostat_active_now(&day[1], 4));
    town_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_overdosed_is_apart_as_on_the_evening_of_the_day),
        cmocka_unit_test(blocks_fill_places_of_their_own),
        cmocka_unit_test(there_is_room_for_everybody),
        cmocka_unit_test(nobody_is_apart_when_a_span_begins),
        cmocka_unit_test(who_has_overdosed_until_a_day_stands_together),
        cmocka_unit_test(what_days_write_goes_back_and_nothing_else),
        cmocka_unit_test(others_see_everybody_as_of_the_day),
        cmocka_unit_test(who_is_called_back_is_apart_as_on_the_evening_in_reserve),
        cmocka_unit_test(a_block_has_one_evening_in_reserve_for_each_row),
        cmocka_unit_test(who_stops_is_seen_to_stop_from_then_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
