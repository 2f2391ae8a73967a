#include "check.h"

#include "fixture.h"
#include "io/h5.h"
#include "io/reader.h"
#include "io/rows.h"
#include "io/store.h"

#include <stdlib.h>
#include <string.h>

static void write_run(const fixture *self)
{
    char digest[ALLOSTAT_DIGEST_SIZE];

    assert_int_equal(
        allostat_store_write(self->path, true, &self->results, digest, NULL),
        ALLOSTAT_OK);
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Reading must fail so, name the file, and leave something to free. */
static void check_refused(const char *path, allostat_status wanted)
{
    allostat_stored stored;
    allostat_error error = {0};

    assert_int_equal(allostat_stored_init(&stored, path, &error), wanted);
    assert_non_null(strstr(error.message, path));
    allostat_stored_free(&stored);
}

static void what_was_written_is_read_back(void **state)
{
    const fixture *self = *state;
    allostat_stored stored;

    write_run(self);
    assert_int_equal(allostat_stored_init(&stored, self->path, NULL), ALLOSTAT_OK);
    assert_int_equal(stored.replicate_count, FIXTURE_REPLICATES);
    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        const allostat_row row = allostat_row_at(i);
        for (int r = 0; r < FIXTURE_REPLICATES; r++) {
            assert_memory_equal(allostat_row_values(&row, &stored.replicate[r]),
                                allostat_row_values(&row, &self->replicate[r]),
                                allostat_row_bytes(&row, &self->replicate[r]));
        }
    }
    for (int r = 0; r < FIXTURE_REPLICATES; r++) {
        const allostat_records *written = &self->replicate[r];
        const allostat_records *read = &stored.replicate[r];
        assert_int_equal(read->death_count, written->death_count);
        assert_memory_equal(read->death, written->death,
                            (size_t)written->death_count * sizeof *read->death);
    }
    allostat_stored_free(&stored);
}

static void the_run_is_told_as_it_was(void **state)
{
    const fixture *self = *state;
    const allostat_params *params = &self->scenario.epochs[0].params;
    allostat_stored stored;
    char digest[ALLOSTAT_DIGEST_SIZE];

    write_run(self);
    assert_int_equal(allostat_digest_file(self->path, digest, NULL), ALLOSTAT_OK);
    assert_int_equal(allostat_stored_init(&stored, self->path, NULL), ALLOSTAT_OK);
    assert_string_equal(stored.name, params->run_name);
    assert_string_equal(stored.description, params->run_description);
    assert_string_equal(stored.digest, digest);
    assert_int_equal(stored.seed, params->run_seed);
    assert_int_equal(stored.end, params->run_end);
    check_close(stored.scale, params->population_scale, 0.0);
    assert_int_equal(stored.areas.count, 2);
    assert_string_equal(stored.areas.label[1], "Grandview");
    assert_int_equal(stored.observed[ALLOSTAT_COLUMN_overdose_deaths].count, 3);
    check_close(stored.observed[ALLOSTAT_COLUMN_overdose_deaths].value[2], 15.0, 0.0);
    allostat_stored_free(&stored);
}

static void series_are_listed_in_order_with_dimensions_and_unit(void **state)
{
    const fixture *self = *state;
    allostat_stored stored;

    write_run(self);
    assert_int_equal(allostat_stored_init(&stored, self->path, NULL), ALLOSTAT_OK);
    assert_int_equal(allostat_stored_list(&stored, self->path, NULL), ALLOSTAT_OK);
    assert_int_equal(stored.series_count, ALLOSTAT_ROW_COUNT);
    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        const allostat_row row = allostat_row_at(i);
        assert_string_equal(stored.series[i].name, row.name);
        assert_string_equal(stored.series[i].unit, row.info->unit);
        assert_string_equal(stored.series[i].about, row.about);
    }
    assert_string_equal(stored.series[0].dimensions,
                        "replicate, month, area, sex, age_group");
    allostat_stored_free(&stored);
}

static void a_run_without_a_death_is_written_and_read(void **state)
{
    fixture *self = *state;
    allostat_stored stored;

    for (int r = 0; r < FIXTURE_REPLICATES; r++) self->replicate[r].death_count = 0;
    write_run(self);
    assert_int_equal(allostat_stored_init(&stored, self->path, NULL), ALLOSTAT_OK);
    for (int r = 0; r < FIXTURE_REPLICATES; r++)
        assert_int_equal(stored.replicate[r].death_count, 0);
    allostat_stored_free(&stored);
}

static void a_missing_file_is_no_input(void **state)
{
    const fixture *self = *state;

    check_refused(self->path, ALLOSTAT_ERROR_NO_INPUT);
}

static void a_file_that_is_no_hdf5_is_refused(void **state)
{
    const fixture *self = *state;

    write_bytes(self->path, "", 0);
    check_refused(self->path, ALLOSTAT_ERROR_DATA);
    write_bytes(self->path, "date,value\n2015-01,3\n", 21);
    check_refused(self->path, ALLOSTAT_ERROR_DATA);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    enum { CUTS = 40 };
    const fixture *self = *state;
    size_t size = 0;

    write_run(self);
    unsigned char *bytes = fixture_read(self->path, &size);
    for (size_t i = 0; i < CUTS; i++) {
        write_bytes(self->path, bytes, size * i / CUTS);
        check_refused(self->path, ALLOSTAT_ERROR_DATA);
    }
    write_bytes(self->path, bytes, size - 1);
    check_refused(self->path, ALLOSTAT_ERROR_DATA);
    free(bytes);
}

static void hdf5_of_others_is_refused(void **state)
{
    const fixture *self = *state;

    H5Fclose(H5Fcreate(self->path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    check_refused(self->path, ALLOSTAT_ERROR_DATA);
}

static void a_newer_layout_is_refused(void **state)
{
    const fixture *self = *state;
    const int32_t newer = ALLOSTAT_STORE_SCHEMA + 1;

    write_run(self);
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t attribute = H5Aopen(file, "allostat_schema", H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_INT32, &newer) >= 0);
    H5Aclose(attribute);
    H5Fclose(file);
    check_refused(self->path, ALLOSTAT_ERROR_DATA);
}

static void a_file_without_one_of_our_series_is_refused(void **state)
{
    const fixture *self = *state;

    write_run(self);
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(H5Ldelete(file, "overdose_deaths", H5P_DEFAULT) >= 0);
    H5Fclose(file);
    check_refused(self->path, ALLOSTAT_ERROR_DATA);
}

#define CASE(name) \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_was_written_is_read_back),
        CASE(the_run_is_told_as_it_was),
        CASE(series_are_listed_in_order_with_dimensions_and_unit),
        CASE(a_run_without_a_death_is_written_and_read),
        CASE(a_missing_file_is_no_input),
        CASE(a_file_that_is_no_hdf5_is_refused),
        CASE(a_file_cut_anywhere_is_refused),
        CASE(hdf5_of_others_is_refused),
        CASE(a_newer_layout_is_refused),
        CASE(a_file_without_one_of_our_series_is_refused),
    };
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
