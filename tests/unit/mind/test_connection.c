#include "check.h"

#include "mind/connection.h"
#include "people/ties.h"

#include <stdlib.h>

enum { PEOPLE = 5, WANTED = 8 };

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
} town;

/* Person 0 uses, person 1 has no home, 2 and 3 are neither and tied with 0, 1 and each
 * other; 4 has nobody. */
static int found_town(void **state)
{
    town *self = calloc(1, sizeof *self);
    allostat_error error = {0};
    size_t row;

    assert_non_null(self);
    *state = self;
    self->params.mechanisms_ties = true;
    self->params.connection_ties_scale = 3.0;
    self->params.ties_use_weight = 0.75;
    self->params.ties_homeless_weight = 0.5;
    assert_int_equal(allostat_residents_init(&self->residents, PEOPLE, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&self->users, 1, &error), ALLOSTAT_OK);
    self->residents.row_count = PEOPLE;
    for (uint32_t person = 0; person < PEOPLE; person++) {
        self->residents.status[person] = ALLOSTAT_RESIDENT_present;
        self->residents.support_wanted[person] = WANTED;
        self->residents.user_row[person] = -1;
    }
    self->residents.housing[1] = ALLOSTAT_HOUSING_homeless;
    assert_int_equal(
        allostat_users_append(&self->users, &self->residents, 0, &row, &error),
        ALLOSTAT_OK);
    self->users.active[0] = 1;
    for (uint32_t a = 0; a < 3; a++) {
        for (uint32_t b = 2; b < 4; b++) {
            if (a < b)
                allostat_tie_make(&self->residents, &self->users, ALLOSTAT_TIE_support,
                                  a, b);
        }
    }
    return 0;
}

static int leave_town(void **state)
{
    town *self = *state;

    allostat_residents_free(&self->residents);
    allostat_users_free(&self->users);
    free(self);
    return 0;
}

static void ties_of_users_and_of_the_homeless_are_weak_at_both_ends(void **state)
{
    town *self = *state;
    const double strength[PEOPLE] = {2.0 * 0.75, 2.0 * 0.5, 0.75 + 0.5 + 1.0,
                                     0.75 + 0.5 + 1.0, 0.0};

    allostat_peers_count(&self->residents, &self->users);
    allostat_connection_settle(&self->params, &self->residents, &self->users);
    for (int person = 0; person < PEOPLE; person++) {
        check_close((double)self->residents.connection[person],
                    1.0 - exp(-strength[person] / 3.0), 1e-6);
    }
    assert_true(self->users.connection[0] == self->residents.connection[0]);
}

static void a_user_who_stops_is_connected_again(void **state)
{
    town *self = *state;

    self->users.active[0] = 0;
    allostat_peers_count(&self->residents, &self->users);
    allostat_connection_settle(&self->params, &self->residents, &self->users);
    check_close((double)self->users.connection[0], 1.0 - exp(-2.0 / 3.0), 1e-6);
    check_close((double)self->residents.connection[2], 1.0 - exp(-2.5 / 3.0), 1e-6);
}

/* In April nobody is due; the user is known at once, wherever the row stands. */
static void residents_wait_for_their_turn_and_users_do_not(void **state)
{
    town *self = *state;
    const allostat_turn april = {12 * 2015 + 3, 6, 0, PEOPLE};
    const allostat_turn july = {12 * 2015 + 6, 6, 0, PEOPLE};

    for (int person = 0; person < PEOPLE; person++)
        self->residents.connection[person] = 0.5f;
    self->users.connection[0] = 0.5f;
    allostat_peers_count(&self->residents, &self->users);
    allostat_connection_turn(&self->params, &april, &self->residents, &self->users,
                             (allostat_share){.run = NULL});
    check_close((double)self->users.connection[0], 1.0 - exp(-1.5 / 3.0), 1e-6);
    for (int person = 1; person < PEOPLE; person++)
        assert_true(self->residents.connection[person] == 0.5f);
    allostat_peers_count(&self->residents, &self->users);
    allostat_connection_turn(&self->params, &july, &self->residents, &self->users,
                             (allostat_share){.run = NULL});
    check_close((double)self->residents.connection[1], 1.0 - exp(-1.0 / 3.0), 1e-6);
    check_close((double)self->residents.connection[2], 1.0 - exp(-2.25 / 3.0), 1e-6);
}

static void without_ties_connection_stays_at_the_reference(void **state)
{
    town *self = *state;

    self->params.mechanisms_ties = false;
    for (int person = 0; person < PEOPLE; person++)
        self->residents.connection[person] = 0.5f;
    allostat_peers_count(&self->residents, &self->users);
    allostat_connection_settle(&self->params, &self->residents, &self->users);
    for (int person = 0; person < PEOPLE; person++)
        assert_true(self->residents.connection[person] == 0.5f);
}

static void three_strong_ties_connect_by_63_percent(void **state)
{
    (void)state;
    check_close((double)allostat_connectionf(3.0f, 3.0f), 1.0 - exp(-1.0), 1e-6);
    check_close((double)allostat_connectionf(0.0f, 3.0f), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            ties_of_users_and_of_the_homeless_are_weak_at_both_ends, found_town,
            leave_town),
        cmocka_unit_test_setup_teardown(a_user_who_stops_is_connected_again, found_town,
                                        leave_town),
        cmocka_unit_test_setup_teardown(residents_wait_for_their_turn_and_users_do_not,
                                        found_town, leave_town),
        cmocka_unit_test_setup_teardown(without_ties_connection_stays_at_the_reference,
                                        found_town, leave_town),
        cmocka_unit_test(three_strong_ties_connect_by_63_percent),
    };
    return cmocka_run_group_tests_name("connection", tests, NULL, NULL);
}
