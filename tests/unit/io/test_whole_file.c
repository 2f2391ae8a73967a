#include "check.h"

#include "fixture.h"
#include "io/whole_file.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGE = 100000, LIMIT = 1000 };

static void check_contents(const char *path, const char *wanted)
{
    size_t size = 0;
    unsigned char *bytes = fixture_read(path, &size);

    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(bytes, wanted, size);
    free(bytes);
}

static void write_text(const char *path, const char *text)
{
    assert_int_equal(allostat_whole_file_write(path, true, text, strlen(text), NULL),
                     ALLOSTAT_OK);
}

static void a_file_is_written_with_its_bytes_and_nothing_beside_it(void **state)
{
    const fixture *self = *state;

    write_text(self->path, "whole");
    check_contents(self->path, "whole");
    assert_int_equal(fixture_files(self), 1);
}

static void the_mode_of_a_new_file_obeys_the_umask(void **state)
{
    const fixture *self = *state;
    const mode_t before = umask(027);
    struct stat facts;

    write_text(self->path, "whole");
    umask(before);
    assert_int_equal(stat(self->path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0640);
}

static void an_existing_file_is_kept_without_force(void **state)
{
    const fixture *self = *state;
    allostat_error error = {0};

    write_text(self->path, "old");
    assert_int_equal(allostat_whole_file_check(self->path, false, &error),
                     ALLOSTAT_ERROR_CANNOT_CREATE);
    assert_non_null(strstr(error.message, "--force"));
    assert_int_equal(allostat_whole_file_write(self->path, false, "new", 3, &error),
                     ALLOSTAT_ERROR_CANNOT_CREATE);
    check_contents(self->path, "old");
    assert_int_equal(fixture_files(self), 1);
}

static void a_file_that_is_read_is_known_by_any_name(void **state)
{
    const fixture *self = *state;
    allostat_error error = {0};
    char other[ALLOSTAT_PATH_SIZE + 8];

    write_text(self->path, "old");
    snprintf(other, sizeof other, "%s.other", self->path);
    assert_int_equal(link(self->path, other), 0);
    assert_int_equal(allostat_whole_file_spare(other, self->path, &error),
                     ALLOSTAT_ERROR_CANNOT_CREATE);
    assert_int_equal(unlink(other), 0);
    assert_int_equal(allostat_whole_file_spare(other, self->path, &error), ALLOSTAT_OK);
    write_text(other, "another");
    assert_int_equal(allostat_whole_file_spare(other, self->path, &error), ALLOSTAT_OK);
    assert_int_equal(unlink(other), 0);
}

static void an_existing_file_is_replaced_with_force(void **state)
{
    const fixture *self = *state;

    write_text(self->path, "old");
    assert_int_equal(allostat_whole_file_check(self->path, true, NULL), ALLOSTAT_OK);
    write_text(self->path, "new");
    check_contents(self->path, "new");
    assert_int_equal(fixture_files(self), 1);
}

static void check_refused(const char *path)
{
    allostat_error error = {0};

    assert_int_equal(allostat_whole_file_check(path, true, &error),
                     ALLOSTAT_ERROR_CANNOT_CREATE);
    assert_int_equal(allostat_whole_file_write(path, true, "x", 1, &error),
                     ALLOSTAT_ERROR_CANNOT_CREATE);
    assert_true(path[0] == '\0' || strstr(error.message, path) != NULL);
}

static void places_that_take_no_file_are_refused_and_named(void **state)
{
    const fixture *self = *state;
    char path[2 * FIXTURE_PATH_SIZE];

    check_refused("");
    check_refused(self->folder);
    check_refused("/dev/null");
    check_refused("/proc/allostat.h5");
    snprintf(path, sizeof path, "%s/missing/run.h5", self->folder);
    check_refused(path);
    write_text(self->path, "a file, not a folder");
    snprintf(path, sizeof path, "%s/run.h5", self->path);
    check_refused(path);
    assert_int_equal(access("/dev/null", F_OK), 0);
}

static void a_check_leaves_nothing_behind(void **state)
{
    const fixture *self = *state;

    assert_int_equal(allostat_whole_file_check(self->path, false, NULL), ALLOSTAT_OK);
    assert_int_equal(fixture_files(self), 0);
}

/* The limit of the size of files fails in the middle of writing, as a full disk does.
 */
static void a_write_that_fails_is_an_io_error_and_leaves_the_old_file(void **state)
{
    const fixture *self = *state;
    struct rlimit before, small;
    allostat_error error = {0};
    char *bytes = calloc(LARGE, 1);

    assert_non_null(bytes);
    write_text(self->path, "old");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = LIMIT;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const allostat_status status =
        allostat_whole_file_write(self->path, true, bytes, LARGE, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    free(bytes);
    assert_int_equal(status, ALLOSTAT_ERROR_IO);
    check_contents(self->path, "old");
    assert_int_equal(fixture_files(self), 1);
}

#define CASE(name) \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_file_is_written_with_its_bytes_and_nothing_beside_it),
        CASE(the_mode_of_a_new_file_obeys_the_umask),
        CASE(an_existing_file_is_kept_without_force),
        CASE(a_file_that_is_read_is_known_by_any_name),
        CASE(an_existing_file_is_replaced_with_force),
        CASE(places_that_take_no_file_are_refused_and_named),
        CASE(a_check_leaves_nothing_behind),
        CASE(a_write_that_fails_is_an_io_error_and_leaves_the_old_file),
    };
    return cmocka_run_group_tests_name("whole_file", tests, NULL, NULL);
}
