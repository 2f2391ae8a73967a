#include "defaults.h"

#include "care/witnesses.h"

static void witnesses_are_the_active_users_of_the_area(void **state)
{
    (void)state;
    enum { PEOPLE = 90 };
    allostat_residents residents;
    allostat_users users;
    allostat_witnesses witnesses = {0};
    const allostat_whereabouts now = {.users = &users};
    allostat_error error = {0};
    int32_t seen[PEOPLE] = {0};

    tables_of_users(&residents, &users, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        residents.area[i] = (uint8_t)(i % 3);
        users.who[i] = allostat_who_of(&residents, users.person[i]);
        users.active[i] = i % 2 == 0;
    }
    assert_int_equal(allostat_witnesses_list(&witnesses, &users, &residents, &error),
                     ALLOSTAT_OK);
    for (int k = 0; k < 1000; k++) {
        const int32_t row =
            allostat_witness_pick(&witnesses, &now, 1, -1, (k + 0.5) / 1000.0);
        assert_in_range(row, 0, PEOPLE - 1);
        seen[row]++;
    }
    for (size_t i = 0; i < PEOPLE; i++) {
        if (i % 3 == 1 && i % 2 == 0)
            assert_in_range(seen[i], 66, 67); /* 1000 / 15 */
        else
            assert_int_equal(seen[i], 0);
    }
    assert_int_equal(allostat_witness_pick(&witnesses, &now, 7, -1, 0.5), -1);
    allostat_witnesses_free(&witnesses);
    tables_free(&residents, &users);
}

static void who_has_stopped_is_no_witness_of_the_next_month(void **state)
{
    (void)state;
    enum { PEOPLE = 9000 };
    allostat_residents residents;
    allostat_users users;
    allostat_witnesses witnesses = {0};
    allostat_error error = {0};

    tables_of_users(&residents, &users, PEOPLE);
    for (size_t month = 0; month < 3; month++) {
        size_t count = 0;

        for (size_t i = 0; i < PEOPLE; i++) {
            users.active[i] = i % (month + 2) == 0 && i < 5000;
            count += users.active[i] != 0;
        }
        assert_int_equal(
            allostat_witnesses_list(&witnesses, &users, &residents, &error),
            ALLOSTAT_OK);
        assert_int_equal(witnesses.first[ALLOSTAT_AREAS_MAX], count);
        for (size_t k = 0; k < count; k++)
            assert_int_equal(witnesses.row[k], k * (month + 2));
    }
    allostat_witnesses_free(&witnesses);
    tables_free(&residents, &users);
}

static void nobody_witnesses_themselves_and_the_dead_witness_nothing(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;
    allostat_witnesses witnesses = {0};
    const allostat_whereabouts now = {.users = &users};
    allostat_error error = {0};

    tables_of_users(&residents, &users, 1);
    users.active[0] = 1;
    assert_int_equal(allostat_witnesses_list(&witnesses, &users, &residents, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_witness_pick(&witnesses, &now, 0, 5, 0.9999999), 0);
    assert_int_equal(allostat_witness_pick(&witnesses, &now, 0, 0, 0.5), -1);
    users.present[0] = users.active[0] = 0;
    assert_int_equal(allostat_witness_pick(&witnesses, &now, 0, 5, 0.5), -1);
    allostat_witnesses_free(&witnesses);
    tables_free(&residents, &users);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(witnesses_are_the_active_users_of_the_area),
        cmocka_unit_test(who_has_stopped_is_no_witness_of_the_next_month),
        cmocka_unit_test(nobody_witnesses_themselves_and_the_dead_witness_nothing),
    };
    return cmocka_run_group_tests_name("witnesses", tests, NULL, NULL);
}
