/* People who have left are forgotten: rows move, people and their ties do not change.
 */
#include "base/draws.h"
#include "people/forgetting.h"
#include "people/ties.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 6 };

typedef struct {
    allostat_residents residents;
    allostat_users users;
} town;

/* Six people born in successive months; 1 and 4 have left; 3 and 5 use. */
static void found(town *self)
{
    allostat_error error = {0};
    size_t row;

    assert_int_equal(allostat_residents_init(&self->residents, PEOPLE, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&self->users, PEOPLE, &error), ALLOSTAT_OK);
    self->residents.row_count = PEOPLE;
    for (uint32_t person = 0; person < PEOPLE; person++) {
        self->residents.status[person] = ALLOSTAT_RESIDENT_present;
        self->residents.birth_month[person] = (int16_t)(100 + person);
        self->residents.user_row[person] = -1;
    }
    self->residents.status[1] = ALLOSTAT_RESIDENT_moved_out;
    self->residents.status[4] = ALLOSTAT_RESIDENT_dead_other;
    for (uint32_t person = 3; person < PEOPLE; person += 2) {
        assert_int_equal(
            allostat_users_append(&self->users, &self->residents, person, &row, &error),
            ALLOSTAT_OK);
    }
    allostat_tie_make(&self->residents, &self->users, ALLOSTAT_TIE_support, 0, 5);
    allostat_tie_make(&self->residents, &self->users, ALLOSTAT_TIE_using, 3, 5);
}

static void leave(town *self)
{
    allostat_residents_free(&self->residents);
    allostat_users_free(&self->users);
}

static void forget(town *self)
{
    allostat_error error = {0};

    assert_int_equal(allostat_forget_departed(&self->residents, &self->users, &error),
                     ALLOSTAT_OK);
}

static void people_keep_their_number_their_order_and_their_columns(void **state)
{
    static const uint32_t stayed[] = {0, 2, 3, 5};
    town self;

    (void)state;
    found(&self);
    forget(&self);
    assert_int_equal(self.residents.row_count, 4);
    for (size_t row = 0; row < 4; row++) {
        assert_int_equal(self.residents.number[row], stayed[row]);
        assert_int_equal(self.residents.birth_month[row], 100 + stayed[row]);
        assert_int_equal(allostat_residents_find(&self.residents, stayed[row]), row);
    }
    assert_int_equal(allostat_residents_find(&self.residents, 1), 4);
    assert_int_equal(allostat_residents_find(&self.residents, 6), 4);
    leave(&self);
}

static void ties_and_users_follow_the_rows(void **state)
{
    town self;

    (void)state;
    found(&self);
    forget(&self);
    assert_int_equal(self.residents.support_ties[0].slot[0], 3 + 1);
    assert_int_equal(self.residents.support_ties[3].slot[0], 0 + 1);
    assert_int_equal(self.residents.support_ties[3].slot[1], 0);
    assert_int_equal(self.users.person[0], 2);
    assert_int_equal(self.users.person[1], 3);
    assert_int_equal(self.users.number[0], 3);
    assert_int_equal(self.users.number[1], 5);
    assert_int_equal(self.users.using_ties[0].slot[0], 3 + 1);
    assert_int_equal(self.users.using_ties[1].slot[0], 2 + 1);
    leave(&self);
}

static void who_left_how_stays_known_and_freed_rows_wait_for_the_next_numbers(void **s)
{
    town self;

    (void)s;
    found(&self);
    forget(&self);
    assert_int_equal(self.residents.forgotten[ALLOSTAT_RESIDENT_moved_out], 1);
    assert_int_equal(self.residents.forgotten[ALLOSTAT_RESIDENT_dead_other], 1);
    assert_int_equal(allostat_residents_forgotten(&self.residents), 2);
    assert_int_equal(self.residents.number[4], 6);
    assert_int_equal(self.residents.number[5], 7);
    assert_int_equal(self.residents.birth_month[4], 0);
    assert_int_equal(self.residents.status[5], ALLOSTAT_RESIDENT_expected);
    leave(&self);
}

static void draws_are_of_the_number_not_of_the_row(void **state)
{
    const allostat_draw draw = ALLOSTAT_DRAW_month_death;
    const allostat_draw_info *info = &allostat_draw_table[draw];
    const allostat_draw_key plain = allostat_draw_key_make(7, 0);
    allostat_draw_key key = plain;
    const uint32_t rows[] = {3, 1, 0};
    uint32_t bits[ALLOSTAT_DRAW_LANES][3];
    town self;

    (void)state;
    found(&self);
    forget(&self);
    key.number = &self.residents.number;
    allostat_draws_fill(key, info->call, 5, 0, rows, 3, 3, bits[0]);
    for (size_t i = 0; i < 3; i++) {
        const uint32_t number = self.residents.number[rows[i]];
        const uint32_t wanted = allostat_draw_bits(plain, draw, number, 5, 0);

        assert_int_equal(bits[info->lane][i], wanted);
        assert_int_equal(allostat_draw_bits(key, draw, rows[i], 5, 0), wanted);
    }
    leave(&self);
}

static void a_table_that_grows_keeps_its_people_and_goes_on_numbering(void **state)
{
    allostat_error error = {0};
    town self;

    (void)state;
    found(&self);
    forget(&self);
    assert_int_equal(
        allostat_residents_reserve(&self.residents, 10 * (size_t)PEOPLE, &error),
        ALLOSTAT_OK);
    assert_int_equal(self.residents.row_capacity, 10 * PEOPLE);
    assert_int_equal(self.residents.birth_month[3], 105);
    for (size_t row = 4; row < self.residents.row_capacity; row++)
        assert_int_equal(self.residents.number[row], row + 2);
    leave(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_keep_their_number_their_order_and_their_columns),
        cmocka_unit_test(ties_and_users_follow_the_rows),
        cmocka_unit_test(
            who_left_how_stays_known_and_freed_rows_wait_for_the_next_numbers),
        cmocka_unit_test(draws_are_of_the_number_not_of_the_row),
        cmocka_unit_test(a_table_that_grows_keeps_its_people_and_goes_on_numbering),
    };
    return cmocka_run_group_tests_name("forgetting", tests, NULL, NULL);
}
