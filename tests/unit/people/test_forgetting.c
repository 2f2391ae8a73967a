/* People who have left are forgotten: rows move, people and their ties do not change.
 */
#include "backwards.h"

#include "base/draws.h"
#include "people/forgetting.h"
#include "people/life_course.h"
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

static void put_in_order(town *self)
{
    allostat_error error = {0};

    assert_int_equal(allostat_order_near(&self->residents, &self->users, &error),
                     ALLOSTAT_OK);
}

static size_t find(const town *self, uint32_t number)
{
    return allostat_residents_find(&self->residents, number, 0);
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
        assert_int_equal(find(&self, stayed[row]), row);
    }
    assert_int_equal(find(&self, 1), 4);
    assert_int_equal(find(&self, 6), 4);
    assert_int_equal(self.residents.near_count, 0);
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

/* ---- people close to opioids in front -------------------------------------------- */

static void users_stand_in_front_in_the_order_of_their_rows(void **state)
{
    static const uint32_t wanted[] = {3, 5, 2, 0};
    town self;

    (void)state;
    found(&self);
    put_in_order(&self);
    assert_int_equal(self.residents.near_count, 2);
    assert_int_equal(self.residents.row_count, 4);
    for (size_t row = 0; row < 4; row++) {
        assert_int_equal(self.residents.number[row], wanted[row]);
        assert_int_equal(self.residents.birth_month[row], 100 + wanted[row]);
        assert_int_equal(find(&self, wanted[row]), row);
        assert_int_equal(allostat_residents_find(&self.residents, wanted[row], row),
                         row);
    }
    assert_int_equal(find(&self, 4), 4);
    assert_int_equal(self.residents.support_ties[3].slot[0], 1 + 1);
    assert_int_equal(self.residents.support_ties[1].slot[0], 3 + 1);
    assert_int_equal(self.users.using_ties[0].slot[0], 1 + 1);
    assert_int_equal(self.users.using_ties[1].slot[0], 0 + 1);
    assert_int_equal(self.users.person[0], 0);
    assert_int_equal(self.users.person[1], 1);
    leave(&self);
}

/* A town that lives for years. */
enum { TOWN = 3000, CHANCES = 1000, YEARS = 6, MONTHS_OF_BIRTH = 1009 };

static bool happens(uint32_t what, uint32_t number, int32_t year, int32_t in_a_thousand)
{
    const allostat_draw_key key = allostat_draw_key_make(what, 0);

    return allostat_draw_bits(key, ALLOSTAT_DRAW_month_death, number, year, 0) %
               CHANCES <
           (uint32_t)in_a_thousand;
}

static uint32_t somebody(const town *self, uint32_t number, int32_t year)
{
    const allostat_draw_key key = allostat_draw_key_make(1, 0);

    return (
        uint32_t)(allostat_draw_bits(key, ALLOSTAT_DRAW_month_death, number, year, 1) %
                  self->residents.row_count);
}

static void arrive(town *self, uint32_t people)
{
    allostat_error error = {0};
    const size_t first = self->residents.row_count;

    assert_int_equal(
        allostat_residents_reserve(&self->residents, first + people, &error),
        ALLOSTAT_OK);
    self->residents.row_count += people;
    for (size_t row = first; row < self->residents.row_count; row++) {
        self->residents.status[row] = ALLOSTAT_RESIDENT_present;
        self->residents.birth_month[row] =
            (int16_t)(self->residents.number[row] % MONTHS_OF_BIRTH);
        self->residents.user_row[row] = -1;
        self->residents.support_wanted[row] = ALLOSTAT_SUPPORT_SLOTS;
    }
}

/* A patient who takes nothing any more. */
static void retire(town *self, uint32_t person, size_t row)
{
    uint32_t *slot = self->users.using_ties[row].slot;

    while (slot[0] != 0)
        allostat_tie_end(&self->residents, &self->users, ALLOSTAT_TIE_using, person,
                         slot[0] - 1);
    self->users.active[row] = 0;
    self->users.present[row] = 0;
}

/* Some begin to use, some make ties, some leave, some use no more. */
static void live_a_year(town *self, int32_t year)
{
    allostat_residents *residents = &self->residents;
    allostat_error error = {0};
    size_t user;

    for (uint32_t row = 0; row < residents->row_count; row++) {
        const uint32_t number = residents->number[row];

        if (residents->status[row] != ALLOSTAT_RESIDENT_present) continue;
        if (residents->user_row[row] < 0 && happens(2, number, year, 50)) {
            assert_int_equal(
                allostat_users_append(&self->users, residents, row, &user, &error),
                ALLOSTAT_OK);
            self->users.active[user] = 1;
            self->users.using_wanted[user] = ALLOSTAT_USING_SLOTS;
        }
        for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++) {
            const uint32_t other = somebody(self, number, year + kind);
            if (allostat_tie_possible(residents, &self->users, (allostat_tie_kind)kind,
                                      row, other))
                allostat_tie_make(residents, &self->users, (allostat_tie_kind)kind, row,
                                  other);
        }
    }
    for (uint32_t row = 0; row < residents->row_count; row++) {
        if (residents->status[row] != ALLOSTAT_RESIDENT_present) continue;
        const int32_t user_row = residents->user_row[row];

        if (happens(3, residents->number[row], year, 60))
            allostat_life_leave(residents, &self->users, row,
                                ALLOSTAT_RESIDENT_moved_out);
        else if (user_row >= 0 && happens(4, residents->number[row], year, 100))
            retire(self, row, (size_t)user_row);
    }
}

/* The partners' numbers of everybody in one sum that no order of rows changes. */
static uint64_t sum_of_ties(const town *self)
{
    const allostat_residents *residents = &self->residents;
    uint64_t sum = 0;

    for (size_t row = 0; row < residents->row_count; row++) {
        for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS; i++) {
            const uint32_t slot = residents->support_ties[row].slot[i];
            const uint64_t own = residents->number[row] + 1u;
            if (slot != 0) sum += own * own * residents->number[slot - 1];
        }
    }
    for (size_t row = 0; row < self->users.row_count; row++) {
        for (int32_t i = 0; i < ALLOSTAT_USING_SLOTS; i++) {
            const uint32_t slot = self->users.using_ties[row].slot[i];
            const uint64_t own = self->users.number[row] + 1u;
            if (slot != 0) sum += own * own * own * residents->number[slot - 1];
        }
    }
    return sum;
}

static void verify_rows(const town *self)
{
    const allostat_residents *residents = &self->residents;
    allostat_error error = {0};
    size_t near = 0;

    for (size_t row = 0; row < residents->row_count; row++) {
        const int32_t user_row = residents->user_row[row];

        assert_int_equal(residents->status[row], ALLOSTAT_RESIDENT_present);
        assert_int_equal(user_row >= 0, row < residents->near_count);
        assert_int_equal(residents->birth_month[row],
                         residents->number[row] % MONTHS_OF_BIRTH);
        assert_int_equal(find(self, residents->number[row]), row);
        near += user_row >= 0;
        if (user_row < 0) continue;
        assert_int_equal(user_row, row);
        assert_int_equal(self->users.person[row], row);
        assert_int_equal(self->users.number[user_row], residents->number[row]);
    }
    assert_int_equal(near, self->users.row_count);
    assert_int_equal(allostat_ties_verify(residents, &self->users, &error),
                     ALLOSTAT_OK);
}

static void live_for_years(allostat_share share, uint64_t *sum)
{
    allostat_error error = {0};
    town self = {0};
    size_t moved = 0;

    assert_int_equal(allostat_residents_init_shared(&self.residents, 1, share, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init_shared(&self.users, 1, share, &error),
                     ALLOSTAT_OK);
    arrive(&self, TOWN);
    for (int32_t year = 0; year < YEARS; year++) {
        live_a_year(&self, year);
        allostat_users_note_present(&self.users, 0, self.users.row_count);
        allostat_users_compact(&self.users, &self.residents);
        const uint64_t ties = sum_of_ties(&self);
        const size_t front = self.residents.near_count;
        put_in_order(&self);
        assert_true(sum_of_ties(&self) == ties);
        verify_rows(&self);
        for (size_t row = 0; row < self.residents.row_count; row++)
            *sum = *sum * UINT64_C(1000003) + self.residents.number[row];
        moved += self.residents.near_count != front;
        arrive(&self, TOWN / 10);
    }
    assert_int_equal(moved, YEARS);
    assert_true(allostat_residents_forgotten(&self.residents) > TOWN / 10);
    leave(&self);
}

static void a_town_keeps_its_people_and_their_ties_over_years(void **state)
{
    uint64_t rows = 0;

    (void)state;
    live_for_years((allostat_share){.run = NULL}, &rows);
}

static void threads_put_everybody_into_the_same_rows(void **state)
{
    uint64_t alone = 0, shared = 0;

    (void)state;
    live_for_years((allostat_share){.run = NULL}, &alone);
    live_for_years((allostat_share){.thread_count = 3, .run = run_backwards}, &shared);
    assert_true(alone == shared);
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
        cmocka_unit_test(users_stand_in_front_in_the_order_of_their_rows),
        cmocka_unit_test(a_town_keeps_its_people_and_their_ties_over_years),
        cmocka_unit_test(threads_put_everybody_into_the_same_rows),
    };
    return cmocka_run_group_tests_name("forgetting", tests, NULL, NULL);
}
