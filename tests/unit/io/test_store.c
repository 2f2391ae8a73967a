#include "check.h"

#include "fixture.h"
#include "io/h5.h"
#include "io/reader.h"
#include "io/rows.h"
#include "io/store.h"

#include <hdf5_hl.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLS = 20 };

static void write_run(const fixture *self, const char *path,
                      char digest[ALLOSTAT_DIGEST_SIZE])
{
    allostat_error error = {0};
    const allostat_status status =
        allostat_store_write(path, true, &self->results, digest, &error);

    if (status != ALLOSTAT_OK) print_error("%s\n", error.message);
    assert_int_equal(status, ALLOSTAT_OK);
}

static void digest_is_the_sha256_of_the_file(void **state)
{
    const fixture *self = *state;
    char told[ALLOSTAT_DIGEST_SIZE], found[ALLOSTAT_DIGEST_SIZE];

    write_run(self, self->path, told);
    assert_int_equal(allostat_digest_file(self->path, found, NULL), ALLOSTAT_OK);
    assert_string_equal(told, found);
    assert_int_equal(fixture_files(self), 1);
}

static void the_same_run_gives_the_same_bytes_a_second_later(void **state)
{
    const fixture *self = *state;
    const struct timespec second = {.tv_sec = 1, .tv_nsec = 100000000};
    char first[ALLOSTAT_DIGEST_SIZE], again[ALLOSTAT_DIGEST_SIZE];
    char other[2 * FIXTURE_PATH_SIZE];

    snprintf(other, sizeof other, "%s/with-a-longer-name.h5", self->folder);
    write_run(self, self->path, first);
    nanosleep(&second, NULL);
    write_run(self, other, again);
    assert_string_equal(first, again);
}

static void one_number_more_gives_other_bytes(void **state)
{
    fixture *self = *state;
    char first[ALLOSTAT_DIGEST_SIZE], changed[ALLOSTAT_DIGEST_SIZE];

    write_run(self, self->path, first);
    self->replicate[1].counted[3][5]++;
    write_run(self, self->path, changed);
    assert_string_not_equal(first, changed);
}

static void bytes_do_not_depend_on_the_folder_of_the_configuration(void **state)
{
    fixture *self = *state;
    char first[ALLOSTAT_DIGEST_SIZE], moved[ALLOSTAT_DIGEST_SIZE];
    allostat_origin *origin = &self->scenario.origins[ALLOSTAT_PARAM_run_seed];

    write_run(self, self->path, first);
    self->results.config_path = "main.yaml";
    snprintf(origin->file, sizeof origin->file, "city.yaml");
    write_run(self, self->path, moved);
    assert_string_equal(first, moved);
    origin->line++;
    write_run(self, self->path, moved);
    assert_string_not_equal(first, moved);
}

static void an_existing_result_is_kept_without_force(void **state)
{
    const fixture *self = *state;
    char digest[ALLOSTAT_DIGEST_SIZE];
    allostat_error error = {0};

    write_run(self, self->path, digest);
    assert_int_equal(allostat_store_check(self->path, false, &error),
                     ALLOSTAT_ERROR_CANNOT_CREATE);
    assert_int_equal(
        allostat_store_write(self->path, false, &self->results, digest, &error),
        ALLOSTAT_ERROR_CANNOT_CREATE);
    assert_int_equal(allostat_status_exit_code(error.status), 73);
}

/* ---- what netCDF readers need
 * --------------------------------------------------------------- */

static bool has_attribute(hid_t object, const char *name)
{
    return H5Aexists(object, name) > 0;
}

static herr_t keep_name(hid_t dataset, unsigned axis, hid_t scale, void *name)
{
    (void)dataset;
    (void)axis;
    return H5DSget_scale_name(scale, name, ALLOSTAT_TEXT_SIZE) < 0 ? -1 : 1;
}

static void every_series_has_named_axes_and_the_words_of_cf(void **state)
{
    const fixture *self = *state;
    char digest[ALLOSTAT_DIGEST_SIZE], name[ALLOSTAT_TEXT_SIZE];

    write_run(self, self->path, digest);
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(file >= 0 && has_attribute(file, "Conventions") &&
                has_attribute(file, "title"));
    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        const allostat_row row = allostat_row_at(i);
        const hid_t dataset = H5Dopen2(file, row.name, H5P_DEFAULT);
        assert_true(dataset >= 0);
        assert_true(has_attribute(dataset, "units") &&
                    has_attribute(dataset, "long_name"));
        assert_true(has_attribute(dataset, "kind"));
        for (int a = 0; a < row.rank; a++) {
            assert_int_equal(H5DSget_num_scales(dataset, (unsigned)a), 1);
            H5DSiterate_scales(dataset, (unsigned)a, NULL, keep_name, name);
            assert_string_equal(name, allostat_output_axis_names[row.axis[a]]);
        }
        H5Dclose(dataset);
    }
    H5Fclose(file);
}

typedef struct {
    int groups, datasets, faults;
} visit_counts;

static bool type_is_plain(hid_t dataset)
{
    const hid_t type = H5Dget_type(dataset);
    const H5T_class_t class = H5Tget_class(type);
    /* longer fixed-length text crashes netCDF-C 4.9 */
    const bool plain = class == H5T_INTEGER || class == H5T_FLOAT ||
                       (class == H5T_STRING && H5Tget_size(type) == 1);

    H5Tclose(type);
    return plain;
}

static bool every_axis_has_a_scale(hid_t dataset)
{
    const hid_t space = H5Dget_space(dataset);
    const int rank = H5Sget_simple_extent_ndims(space);
    bool all = true;

    for (int a = 0; a < rank; a++) {
        all = all && (H5DSis_scale(dataset) > 0 ||
                      H5DSget_num_scales(dataset, (unsigned)a) == 1);
    }
    H5Sclose(space);
    return all;
}

static bool order_is_kept(hid_t plist)
{
    unsigned order = 0;

    return H5Pget_attr_creation_order(plist, &order) >= 0 &&
           (order & H5P_CRT_ORDER_TRACKED) != 0;
}

static herr_t check_object(hid_t root, const char *name, const H5O_info_t *info,
                           void *data)
{
    visit_counts *counts = data;
    const hid_t object = H5Oopen(root, name, H5P_DEFAULT);
    const bool is_dataset = info->type == H5O_TYPE_DATASET;
    const hid_t plist =
        is_dataset ? H5Dget_create_plist(object) : H5Gget_create_plist(object);
    bool good = order_is_kept(plist) && info->ctime == 0 && info->mtime == 0;
    unsigned links = H5P_CRT_ORDER_TRACKED;

    if (is_dataset) {
        good = good && type_is_plain(object) && every_axis_has_a_scale(object);
        counts->datasets++;
    } else {
        H5Pget_link_creation_order(plist, &links);
        counts->groups++;
    }
    if (!good || (links & H5P_CRT_ORDER_TRACKED) == 0) {
        print_error("%s breaks a rule\n", name);
        counts->faults++;
    }
    H5Pclose(plist);
    H5Oclose(object);
    return 0;
}

static void every_object_is_plain_ordered_timeless_and_has_named_axes(void **state)
{
    const fixture *self = *state;
    visit_counts counts = {0, 0, 0};
    char digest[ALLOSTAT_DIGEST_SIZE];

    write_run(self, self->path, digest);
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(file >= 0);
    assert_true(H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, check_object, &counts,
                          H5O_INFO_ALL) >= 0);
    H5Fclose(file);
    assert_int_equal(counts.faults, 0);
    assert_int_equal(counts.groups, 4); /* the root's too */
    assert_true(counts.datasets > ALLOSTAT_ROW_COUNT + ALLOSTAT_PARAM_COUNT);
}

/* ---- parameters
 * ----------------------------------------------------------------------------- */

static void every_parameter_is_there_with_its_kind_and_origin(void **state)
{
    const fixture *self = *state;
    char digest[ALLOSTAT_DIGEST_SIZE], path[2 * ALLOSTAT_TEXT_SIZE];

    write_run(self, self->path, digest);
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        snprintf(path, sizeof path, "parameters/%s", allostat_param_table[i].path);
        const hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT);
        assert_true(dataset >= 0);
        assert_true(has_attribute(dataset, "kind") && has_attribute(dataset, "origin"));
        assert_true(has_attribute(dataset, "evidence") &&
                    has_attribute(dataset, "long_name"));
        H5Dclose(dataset);
    }
    H5Fclose(file);
}

static int rank_of(hid_t file, const char *path)
{
    const hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT);
    const hid_t space = H5Dget_space(dataset);
    const int rank = H5Sget_simple_extent_ndims(space);

    H5Sclose(space);
    H5Dclose(dataset);
    return rank;
}

static void only_a_value_that_an_event_changes_has_the_axis_epoch(void **state)
{
    fixture *self = *state;
    char digest[ALLOSTAT_DIGEST_SIZE];
    allostat_epoch *two = calloc(2, sizeof *two);
    allostat_epoch *const one = self->scenario.epochs;

    assert_non_null(two);
    two[0] = two[1] = one[0];
    two[1].first_day += 31;
    two[1].params.population_scale = 0.5;
    two[1].params.geography_population_share[1] = 3.0;
    self->scenario.epochs = two;
    self->scenario.epoch_count = 2;
    write_run(self, self->path, digest);
    self->scenario.epochs = one;
    self->scenario.epoch_count = 1;
    free(two);

    const hid_t file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_int_equal(rank_of(file, "parameters/population.scale"), 1);
    assert_int_equal(rank_of(file, "parameters/geography.population_share"), 2);
    assert_int_equal(rank_of(file, "parameters/run.seed"), 0);
    assert_int_equal(rank_of(file, "parameters/epoch"), 1);
    H5Fclose(file);
}

/* ---- kill
 * -----------------------------------------------------------------------------------
 */

/* Writes two different results over each other until it is killed. */
static void write_for_ever(fixture *self)
{
    char digest[ALLOSTAT_DIGEST_SIZE];

    for (;;) {
        self->replicate[0].city[0][0] ^= 1;
        if (allostat_store_write(self->path, true, &self->results, digest, NULL) !=
            ALLOSTAT_OK) {
            _exit(1);
        }
    }
}

/* Kills a writer some time after it began, or after it wrote its first file. */
static void kill_a_writer(fixture *self, long nanoseconds, bool after_first)
{
    const struct timespec wait = {.tv_sec = 0, .tv_nsec = nanoseconds};
    const struct timespec blink = {.tv_sec = 0, .tv_nsec = 1000000L};
    int how = 0;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) write_for_ever(self);
    while (after_first && access(self->path, F_OK) != 0 &&
           waitpid(child, &how, WNOHANG) == 0) {
        nanosleep(&blink, NULL);
    }
    nanosleep(&wait, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
}

static void a_kill_at_any_moment_leaves_a_whole_file_or_none(void **state)
{
    fixture *self = *state;
    char one[ALLOSTAT_DIGEST_SIZE], other[ALLOSTAT_DIGEST_SIZE],
        found[ALLOSTAT_DIGEST_SIZE];
    int seen = 0;

    write_run(self, self->path, one);
    self->replicate[0].city[0][0] ^= 1;
    write_run(self, self->path, other);
    for (int i = 0; i < KILLS; i++) {
        unlink(self->path);
        kill_a_writer(self, 20000000L + 7919000L * i, i % 2 == 0);
        if (access(self->path, F_OK) != 0) continue;
        assert_int_equal(allostat_digest_file(self->path, found, NULL), ALLOSTAT_OK);
        assert_true(strcmp(found, one) == 0 || strcmp(found, other) == 0);
        seen++;
    }
    assert_true(seen >= KILLS / 2); /* those that wrote a first file, however slowly */
}

#define CASE(name) \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(digest_is_the_sha256_of_the_file),
        CASE(the_same_run_gives_the_same_bytes_a_second_later),
        CASE(one_number_more_gives_other_bytes),
        CASE(bytes_do_not_depend_on_the_folder_of_the_configuration),
        CASE(an_existing_result_is_kept_without_force),
        CASE(every_series_has_named_axes_and_the_words_of_cf),
        CASE(every_object_is_plain_ordered_timeless_and_has_named_axes),
        CASE(every_parameter_is_there_with_its_kind_and_origin),
        CASE(only_a_value_that_an_event_changes_has_the_axis_epoch),
        CASE(a_kill_at_any_moment_leaves_a_whole_file_or_none),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
