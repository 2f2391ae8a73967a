#include "check.h"

#include "fixture.h"
#include "io/h5.h"
#include "io/saved_run.h"
#include "io/store.h"
#include "params/value.h"

#include <stdlib.h>
#include <string.h>

static const allostat_saved_wanted whole = {{NULL, NULL}, NULL};

static void write_run(const fixture *self)
{
    char digest[ALLOSTAT_DIGEST_SIZE];

    assert_int_equal(
        allostat_store_write(self->path, true, &self->results, digest, NULL),
        ALLOSTAT_OK);
}

static void every_parameter_comes_back_to_the_bit(void **state)
{
    const fixture *self = *state;
    allostat_saved_run run;

    write_run(self);
    assert_int_equal(allostat_saved_run_init(&run, self->path, whole, NULL),
                     ALLOSTAT_OK);
    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        assert_true(allostat_value_equal(id, &run.scenario.epochs[0].params,
                                         &self->scenario.epochs[0].params));
    }
    allostat_saved_run_free(&run);
}

static void origins_are_those_of_the_run(void **state)
{
    const fixture *self = *state;
    allostat_saved_run run;

    write_run(self);
    assert_int_equal(allostat_saved_run_init(&run, self->path, whole, NULL),
                     ALLOSTAT_OK);
    const allostat_origin *seed = &run.scenario.origins[ALLOSTAT_PARAM_run_seed];
    assert_string_equal(seed->file, "city.yaml");
    assert_int_equal(seed->line, 12);
    assert_string_equal(run.scenario.origins[ALLOSTAT_PARAM_run_end].file, "");
    allostat_saved_run_free(&run);
}

static void a_saved_run_makes_the_same_file_again(void **state)
{
    const fixture *self = *state;
    allostat_saved_run run;
    void *image = NULL;
    size_t size = 0, file_size = 0;

    write_run(self);
    unsigned char *bytes = fixture_read(self->path, &file_size);
    assert_int_equal(allostat_saved_run_init(&run, self->path, whole, NULL),
                     ALLOSTAT_OK);
    assert_int_equal(run.results.replicate_count, FIXTURE_REPLICATES);
    assert_int_equal(allostat_store_build(&run.results, &image, &size, NULL),
                     ALLOSTAT_OK);
    assert_int_equal(size, file_size);
    assert_memory_equal(image, bytes, size);
    free(image);
    free(bytes);
    allostat_saved_run_free(&run);
}

static void a_seed_that_is_not_that_of_the_configuration_is_refused(void **state)
{
    const fixture *self = *state;
    allostat_saved_run run;
    allostat_error error = {0};
    const int64_t other = 8;

    write_run(self);
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t seed = H5Dopen2(file, "provenance/seed", H5P_DEFAULT);
    assert_true(
        H5Dwrite(seed, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &other) >= 0);
    allostat_h5_close(seed);
    allostat_h5_close(file);
    assert_int_equal(allostat_saved_run_init(&run, self->path, whole, &error),
                     ALLOSTAT_ERROR_DATA);
    assert_non_null(strstr(error.message, self->path));
    allostat_saved_run_free(&run);
}

static void a_configuration_that_is_gone_is_refused(void **state)
{
    const fixture *self = *state;
    allostat_saved_run run;
    allostat_error error = {0};

    write_run(self);
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(H5Ldelete(file, "provenance/configuration", H5P_DEFAULT) >= 0);
    allostat_h5_close(file);
    assert_int_equal(allostat_saved_run_init(&run, self->path, whole, &error),
                     ALLOSTAT_ERROR_DATA);
    assert_non_null(strstr(error.message, "configuration"));
    allostat_saved_run_free(&run);
}

static void a_file_that_is_not_there_is_no_input(void **state)
{
    const fixture *self = *state;
    allostat_saved_run run;

    assert_int_equal(allostat_saved_run_init(&run, self->path, whole, NULL),
                     ALLOSTAT_ERROR_NO_INPUT);
    allostat_saved_run_free(&run);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_parameter_comes_back_to_the_bit),
        TEST(origins_are_those_of_the_run),
        TEST(a_saved_run_makes_the_same_file_again),
        TEST(a_seed_that_is_not_that_of_the_configuration_is_refused),
        TEST(a_configuration_that_is_gone_is_refused),
        TEST(a_file_that_is_not_there_is_no_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
