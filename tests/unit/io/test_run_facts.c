#include "check.h"

#include "fixture.h"
#include "io/run_facts.h"

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const command[] = {"run", "c.yaml", "\xff is no UTF-8"};
static const allostat_run_facts facts = {.started = 1000000000,
                                         .finished = 1000000060,
                                         .wall_seconds = 60.5,
                                         .threads = 2,
                                         .days = 3650,
                                         .digest = "abcd",
                                         .command = command,
                                         .command_count = 3};

static void side_file_holds_the_facts_as_json(void **state)
{
    const fixture *self = *state;
    char path[2 * FIXTURE_PATH_SIZE];

    assert_int_equal(allostat_run_facts_write(self->path, &facts, NULL), ALLOSTAT_OK);
    assert_int_equal(allostat_run_facts_write(self->path, &facts, NULL), ALLOSTAT_OK);
    snprintf(path, sizeof path, "%s.run.json", self->path);
    json_t *read = json_load_file(path, 0, NULL);
    assert_non_null(read);
    assert_string_equal(json_string_value(json_object_get(read, "started")),
                        "2001-09-09T01:46:40Z");
    assert_string_equal(json_string_value(json_object_get(read, "result_sha256")),
                        "abcd");
    check_close(json_real_value(json_object_get(read, "wall_seconds")), 60.5, 0.0);
    assert_int_equal(json_integer_value(json_object_get(read, "simulated_days")), 3650);
    assert_int_equal(json_array_size(json_object_get(read, "command")), 3);
    assert_true(strlen(json_string_value(json_object_get(read, "compiler"))) > 0);
    json_decref(read);
}

static void a_side_file_that_cannot_be_made_is_an_io_error(void **state)
{
    const fixture *self = *state;
    char path[2 * FIXTURE_PATH_SIZE];
    allostat_error error = {0};

    snprintf(path, sizeof path, "%s.run.json", self->path);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(allostat_run_facts_write(self->path, &facts, &error),
                     ALLOSTAT_ERROR_IO);
    assert_non_null(strstr(error.message, "run.json"));
    assert_int_equal(rmdir(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(side_file_holds_the_facts_as_json,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_side_file_that_cannot_be_made_is_an_io_error,
                                        fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests_name("run_facts", tests, NULL, NULL);
}
