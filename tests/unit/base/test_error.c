#include "check.h"

#include "base/error.h"

#include <string.h>

static allostat_status fail_here(allostat_error *error)
{
    return ALLOSTAT_FAIL(error, DATA, "row %d of %s", 7, "ages");
}

static allostat_status pass_on(allostat_error *error, int *reached)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(ALLOSTAT_OK);
    ALLOSTAT_TRY(fail_here(error));
    *reached = 1;
cleanup:
    return status;
}

static void failure_is_recorded_where_it_was_noticed(void **state)
{
    (void)state;
    allostat_error error = {0};

    assert_int_equal(fail_here(&error), ALLOSTAT_ERROR_DATA);
    assert_int_equal(error.status, ALLOSTAT_ERROR_DATA);
    assert_string_equal(error.message, "row 7 of ages");
    assert_non_null(strstr(error.code_file, "test_error.c"));
    assert_true(error.code_line > 0);
    assert_string_equal(error.user_file, "");
}

static void failure_is_passed_on_unchanged(void **state)
{
    (void)state;
    allostat_error error = {0};
    int reached = 0;

    assert_int_equal(pass_on(&error, &reached), ALLOSTAT_ERROR_DATA);
    assert_int_equal(reached, 0);
    assert_string_equal(error.message, "row 7 of ages");
}

static void failure_needs_no_record(void **state)
{
    (void)state;
    assert_int_equal(fail_here(NULL), ALLOSTAT_ERROR_DATA);
    allostat_error_blame(NULL, "a.yaml", 1, 2);
}

static void message_may_quote_the_one_it_replaces(void **state)
{
    (void)state;
    allostat_error error = {0};

    (void)fail_here(&error);
    (void)ALLOSTAT_FAIL(&error, IO, "while reading: %s", error.message);
    assert_string_equal(error.message, "while reading: row 7 of ages");
}

static void long_message_is_cut_not_overrun(void **state)
{
    (void)state;
    allostat_error error = {0};
    char text[2 * ALLOSTAT_MESSAGE_SIZE];

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    (void)ALLOSTAT_FAIL(&error, IO, "%s", text);
    allostat_error_blame(&error, text, 3, 4);
    assert_int_equal(strlen(error.message), ALLOSTAT_MESSAGE_SIZE - 1);
    assert_int_equal(strlen(error.user_file), ALLOSTAT_PATH_SIZE - 1);
}

static void blame_names_the_users_place_and_survives_the_record(void **state)
{
    (void)state;
    allostat_error error = {0};

    allostat_error_blame(&error, "city.yaml", 12, 5);
    (void)fail_here(&error);
    assert_string_equal(error.user_file, "city.yaml");
    assert_int_equal(error.user_line, 12);
    assert_int_equal(error.user_column, 5);
    allostat_error_blame(&error, NULL, 0, 0);
    assert_string_equal(error.user_file, "");
}

static void every_status_has_text_and_a_sysexits_code(void **state)
{
    (void)state;
    assert_int_equal(allostat_status_exit_code(ALLOSTAT_OK), 0);
    assert_int_equal(allostat_status_exit_code(ALLOSTAT_ERROR_USAGE), 64);
    assert_int_equal(allostat_status_exit_code(ALLOSTAT_ERROR_STOPPED), 75);
    for (int status = 1; status < ALLOSTAT_STATUS_COUNT; status++) {
        assert_in_range(allostat_status_exit_code((allostat_status)status), 64, 75);
        assert_true(strlen(allostat_status_text((allostat_status)status)) > 0);
    }
}

static void unknown_status_is_a_broken_invariant(void **state)
{
    (void)state;
    assert_string_equal(allostat_status_text(ALLOSTAT_STATUS_COUNT), "unknown status");
    assert_int_equal(allostat_status_exit_code(ALLOSTAT_STATUS_COUNT), 70);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failure_is_recorded_where_it_was_noticed),
        cmocka_unit_test(failure_is_passed_on_unchanged),
        cmocka_unit_test(failure_needs_no_record),
        cmocka_unit_test(message_may_quote_the_one_it_replaces),
        cmocka_unit_test(long_message_is_cut_not_overrun),
        cmocka_unit_test(blame_names_the_users_place_and_survives_the_record),
        cmocka_unit_test(every_status_has_text_and_a_sysexits_code),
        cmocka_unit_test(unknown_status_is_a_broken_invariant),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
