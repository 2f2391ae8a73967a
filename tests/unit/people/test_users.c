#include "defaults.h"

#include <string.h>

static void rows_and_residents_point_at_each_other(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;

    tables_of_users(&residents, &users, 50);
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(users.person[i], i);
        assert_int_equal(residents.user_row[i], i);
        assert_int_equal(users.present[i], 1);
        assert_int_equal(users.active[i], 0);
    }
    tables_free(&residents, &users);
}

static void appended_rows_carry_the_traits_of_the_resident(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;
    allostat_error error = {0};
    size_t row = 99;

    assert_int_equal(allostat_residents_init(&residents, 3, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&users, 3, &error), ALLOSTAT_OK);
    residents.row_count = 3;
    residents.attachment_avoidance[2] = 1.25f;
    residents.stress[2] = 0.5f;
    residents.connection[2] = 0.75f;
    assert_int_equal(allostat_users_append(&users, &residents, 2, &row, &error),
                     ALLOSTAT_OK);
    assert_int_equal(row, 0);
    check_close((double)users.avoidance[0], 1.25, 0.0);
    check_close((double)users.stress[0], 0.5, 0.0);
    check_close((double)users.connection[0], 0.75, 0.0);
    tables_free(&residents, &users);
}

/* Every third leaves; what is left keeps its side, its data and its pointers. */
static void compacting_keeps_sides_data_and_pointers(void **state)
{
    (void)state;
    enum { ROWS = 5000, STREET = 3000 };
    static const size_t streets[] = {0, STREET, ROWS};

    for (size_t s = 0; s < sizeof streets / sizeof streets[0]; s++) {
        allostat_residents residents;
        allostat_users users;
        size_t street = 0;

        tables_of_users(&residents, &users, ROWS);
        users.street_count = streets[s];
        for (size_t i = 0; i < ROWS; i++) {
            users.craving[i] = (float)i;
            users.kits[i] = (int32_t)i;
            users.using_ties[i].slot[0] = (uint32_t)i;
            users.present[i] = i % 3 != 0;
            users.rx_only[i] = i >= streets[s];
            street += i < streets[s] && i % 3 != 0;
        }
        allostat_users_note_present(&users, 0, users.row_count);
        allostat_users_compact(&users, &residents);
        assert_int_equal(users.row_count, ROWS - (ROWS + 2) / 3);
        assert_int_equal(users.street_count, street);
        for (size_t i = 0; i < users.row_count; i++) {
            const uint32_t person = users.person[i];

            assert_int_equal(residents.user_row[person], i);
            assert_int_equal(users.present[i], 1);
            assert_int_equal(users.rx_only[i], i >= street);
            assert_int_equal(users.kits[i], person);
            assert_int_equal(users.using_ties[i].slot[0], person);
            assert_true(users.craving[i] == (float)person);
        }
        for (size_t i = 0; i < ROWS; i += 3)
            assert_int_equal(residents.user_row[i], -1);
        for (size_t i = users.row_count; i < ROWS; i++)
            assert_int_equal(users.kits[i] | users.present[i], 0);
        tables_free(&residents, &users);
    }
}

static void
users_of_the_street_come_to_stand_in_front_of_those_who_live_by_the_month(void **state)
{
    (void)state;
    static const size_t every[] = {1, 2, 3, 7, 2000};
    enum { ROWS = 1000 };

    for (size_t k = 0; k < sizeof every / sizeof every[0]; k++) {
        allostat_residents residents;
        allostat_users users;
        size_t street = 0;

        tables_of_users(&residents, &users, ROWS);
        for (size_t i = 0; i < ROWS; i++) {
            users.kits[i] = (int32_t)i;
            users.rx_only[i] = i % every[k] == 0;
            users.dormant[i] = i % 5 == 1;
            street += !users.rx_only[i] && !users.dormant[i];
        }
        allostat_users_note_sides(&users, 0, ROWS);
        allostat_users_part(&users, &residents);
        assert_int_equal(users.street_count, street);
        for (size_t i = 0; i < ROWS; i++) {
            const uint32_t person = users.person[i];

            assert_int_equal(users.rx_only[i] || users.dormant[i], i >= street);
            assert_int_equal(users.rx_only[i], person % every[k] == 0);
            assert_int_equal(users.dormant[i], person % 5 == 1);
            assert_int_equal(users.kits[i], person);
            assert_int_equal(residents.user_row[person], i);
        }
        tables_free(&residents, &users);
    }
}

static void sorted_rows_stand_by_street_and_patients_then_by_person(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;
    allostat_error error = {0};
    enum { ROWS = 1000 };

    tables_of_users(&residents, &users, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        /* as if people had become users in another order */
        const uint32_t person = (uint32_t)(i * 7 % ROWS);

        users.person[i] = person;
        residents.user_row[person] = (int32_t)i;
        users.kits[i] = (int32_t)person;
        users.using_ties[i].slot[0] = person;
        users.rx_only[i] = person % 3 == 0;
    }
    assert_int_equal(allostat_users_sort(&users, &residents, &error), ALLOSTAT_OK);
    for (size_t i = 0; i < ROWS; i++) {
        const uint32_t person = users.person[i];

        assert_int_equal(residents.user_row[person], i);
        assert_int_equal(users.kits[i], person);
        assert_int_equal(users.using_ties[i].slot[0], person);
        assert_int_equal(users.rx_only[i], person % 3 == 0);
        if (i == 0 || users.rx_only[i] != users.rx_only[i - 1]) continue;
        assert_true(person > users.person[i - 1]);
    }
    assert_int_equal(users.rx_only[0], 0);
    assert_int_equal(users.rx_only[ROWS - 1], 1);
    tables_free(&residents, &users);
}

static void a_row_used_again_is_zeroed(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;
    allostat_error error = {0};
    size_t row = 0;

    tables_of_users(&residents, &users, 2);
    users.kits[1] = 7;
    users.tolerance[1] = 0.5f;
    users.present[1] = 0;
    allostat_users_note_present(&users, 0, users.row_count);
    allostat_users_compact(&users, &residents);
    assert_int_equal(allostat_users_append(&users, &residents, 1, &row, &error),
                     ALLOSTAT_OK);
    assert_int_equal(row, 1);
    assert_int_equal(users.kits[1], 0);
    assert_true(users.tolerance[1] == 0.0f);
    tables_free(&residents, &users);
}

static void growing_keeps_the_rows(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;
    allostat_error error = {0};
    size_t row = 0, first_capacity;
    enum { ROWS = 5000 };

    assert_int_equal(allostat_residents_init(&residents, ROWS, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&users, 1, &error), ALLOSTAT_OK);
    first_capacity = users.row_capacity;
    residents.row_count = ROWS;
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_int_equal(allostat_users_append(&users, &residents, i, &row, &error),
                         ALLOSTAT_OK);
        assert_int_equal(row, i);
        users.withdrawal[row] = (float)i;
    }
    assert_true(first_capacity < ROWS);
    assert_true(users.row_capacity >= ROWS);
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_int_equal(users.person[i], i);
        assert_true(users.withdrawal[i] == (float)i);
    }
    tables_free(&residents, &users);
}

static void freed_tables_are_zero_and_can_be_freed_again(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;

    tables_of_users(&residents, &users, 5);
    tables_free(&residents, &users);
    assert_int_equal(users.row_capacity + users.row_count + residents.row_count, 0);
    assert_null(users.person);
    assert_null(residents.area);
    tables_free(&residents, &users);
}

static void a_row_has_room_for_the_columns_that_are_named(void **state)
{
    (void)state;
    assert_true(allostat_users_row_bytes() > 40 * sizeof(float));
    assert_int_equal(allostat_users_row_bytes() % sizeof(float), 0);
    assert_in_range(allostat_residents_row_bytes(), 20, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_residents_point_at_each_other),
        cmocka_unit_test(appended_rows_carry_the_traits_of_the_resident),
        cmocka_unit_test(compacting_keeps_sides_data_and_pointers),
        cmocka_unit_test(
            users_of_the_street_come_to_stand_in_front_of_those_who_live_by_the_month),
        cmocka_unit_test(sorted_rows_stand_by_street_and_patients_then_by_person),
        cmocka_unit_test(a_row_used_again_is_zeroed),
        cmocka_unit_test(growing_keeps_the_rows),
        cmocka_unit_test(freed_tables_are_zero_and_can_be_freed_again),
        cmocka_unit_test(a_row_has_room_for_the_columns_that_are_named),
    };
    return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
