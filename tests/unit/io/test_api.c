/* Uses the public header only, as a program of others would; the fixture lends its
 * folder. */
#include "check.h"

#include "allostat.h"
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

/* A town of a few hundred people for a quarter of a year. */
static const char config[] = "run:\n"
                             "  name: town\n"
                             "  start: 2015-01-01\n"
                             "  output_start: 2015-01-01\n"
                             "  end: 2015-03-31\n"
                             "  replicates: 2\n"
                             "population:\n"
                             "  scale: 0.001\n";

static void write_config(const fixture *self, char path[2 * FIXTURE_PATH_SIZE])
{
    snprintf(path, 2 * FIXTURE_PATH_SIZE, "%s/town.yaml", self->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(config, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static allostat_study *open_town(const fixture *self)
{
    char path[2 * FIXTURE_PATH_SIZE];
    allostat_study *study = NULL;

    write_config(self, path);
    const int code = allostat_open(&study, path, NULL, 0);
    if (code != 0) print_error("%s\n", allostat_error_text(study));
    assert_int_equal(code, 0);
    return study;
}

static void a_series_has_its_dimensions_and_values(void **state)
{
    const fixture *self = *state;
    allostat_study *study = open_town(self);
    allostat_values values;
    int64_t residents = 0;

    assert_int_equal(allostat_run(study, 1, NULL, NULL), 0);
    assert_int_equal(allostat_read(study, "residents", &values), 0);
    assert_string_equal(values.unit, "persons");
    assert_int_equal(values.rank, 5);
    assert_string_equal(values.dimension[0], "replicate");
    assert_string_equal(values.dimension[4], "age_group");
    assert_int_equal(values.size[0], 2);
    assert_int_equal(values.size[1], 3);
    assert_null(values.real);
    const int64_t cells = values.size[2] * values.size[3] * values.size[4];
    for (int64_t i = 0; i < cells; i++) residents += values.whole[i];
    assert_true(residents > 0);

    assert_int_equal(allostat_read(study, "quantiles_stress", &values), 0);
    assert_null(values.whole);
    assert_non_null(values.real);
    assert_int_equal(values.size[2], 5);
    allostat_close(study);
}

static void runs_and_threads_change_nothing_in_the_file(void **state)
{
    const fixture *self = *state;
    allostat_study *study = open_town(self);
    char first[ALLOSTAT_SHA256_SIZE], again[ALLOSTAT_SHA256_SIZE];

    assert_int_equal(allostat_run(study, 1, NULL, NULL), 0);
    assert_int_equal(allostat_write(study, self->path, false, first), 0);
    assert_int_equal(allostat_run(study, 2, NULL, NULL), 0);
    assert_int_equal(allostat_write(study, self->path, true, again), 0);
    assert_string_equal(first, again);
    assert_int_equal(allostat_write(study, self->path, false, NULL), 73);
    assert_non_null(strstr(allostat_error_text(study), self->path));
    allostat_close(study);
}

static void mistakes_are_told_with_their_place(void **state)
{
    const fixture *self = *state;
    char path[2 * FIXTURE_PATH_SIZE];
    const char *const wrong = "run.sed=3";
    allostat_study *study = NULL;
    allostat_values values;

    write_config(self, path);
    assert_int_equal(allostat_open(&study, path, &wrong, 1), 65);
    assert_non_null(strstr(allostat_error_text(study), "did you mean 'seed'"));
    assert_int_equal(allostat_run(study, 1, NULL, NULL), 65);
    assert_int_equal(allostat_read(study, "residents", &values), 66);
    allostat_close(study);

    assert_int_equal(allostat_open(&study, self->path, NULL, 0), 66);
    assert_non_null(strstr(allostat_error_text(study), self->path));
    allostat_close(study);
}

static void nothing_is_read_or_written_before_a_run(void **state)
{
    const fixture *self = *state;
    allostat_study *study = open_town(self);
    allostat_values values;

    assert_int_equal(allostat_read(study, "residents", &values), 66);
    assert_int_equal(allostat_write(study, self->path, false, NULL), 66);
    assert_int_equal(allostat_run(study, 1, NULL, NULL), 0);
    assert_int_equal(allostat_read(study, "resident", &values), 66);
    assert_non_null(strstr(allostat_error_text(study), "resident"));
    assert_int_equal(allostat_read(study, "residents", &values), 0);
    assert_string_equal(allostat_error_text(study), "");
    allostat_close(study);
}

static bool stop_at_once(void *context, int64_t days_done, int64_t days_total)
{
    int *calls = context;

    assert_true(days_done <= days_total);
    (*calls)++;
    return false;
}

static void a_callback_can_stop_a_run(void **state)
{
    const fixture *self = *state;
    allostat_study *study = open_town(self);
    allostat_values values;
    int calls = 0;

    assert_int_equal(allostat_run(study, 1, stop_at_once, &calls), 75);
    assert_true(calls > 0);
    assert_int_equal(allostat_read(study, "residents", &values), 66);
    allostat_close(study);
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    allostat_close(NULL);
    assert_string_equal(allostat_error_text(NULL), "");
    assert_true(strlen(allostat_version()) > 0);
}

#define CASE(name) \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_series_has_its_dimensions_and_values),
        CASE(runs_and_threads_change_nothing_in_the_file),
        CASE(mistakes_are_told_with_their_place),
        CASE(nothing_is_read_or_written_before_a_run),
        CASE(a_callback_can_stop_a_run),
        cmocka_unit_test(closing_nothing_is_fine),
    };
    return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
