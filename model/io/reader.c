#include "io/reader.h"

#include "io/h5.h"
#include "io/rows.h"
#include "io/store.h"

#include <hdf5_hl.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_SIZE = 8, AXES_MAX = 8 };

typedef struct {
    const char *path;
    hid_t file;
    allostat_stored *stored;
    allostat_stored_wanted wanted;
} reader;

/* ---- failures
 * ------------------------------------------------------------------------------- */

static allostat_status fail_damaged(const reader *self, const char *name,
                                    allostat_error *error)
{
    char reason[ALLOSTAT_H5_REASON_SIZE];

    allostat_h5_reason(reason);
    return ALLOSTAT_FAIL(
        error, DATA,
        "%s: %s cannot be read (%s); the file is damaged or was written by "
        "another version of allostat",
        self->path, name, reason);
}

static allostat_status fail_shape(const reader *self, const char *name,
                                  allostat_error *error)
{
    return ALLOSTAT_FAIL(
        error, DATA, "%s: %s has not the shape that this version of allostat writes",
        self->path, name);
}

/* ---- single values
 * -------------------------------------------------------------------------- */

/* One number, or one row of numbers of known size. */
static allostat_status read_values(const reader *self, const char *name,
                                   allostat_h5_type type, hsize_t count, void *value,
                                   allostat_error *error)
{
    const hid_t dataset = H5Dopen2(self->file, name, H5P_DEFAULT);
    const hid_t space = dataset < 0 ? -1 : H5Dget_space(dataset);
    const bool fits =
        space >= 0 && H5Sget_simple_extent_npoints(space) == (hssize_t)count;
    const bool failed = fits && H5Dread(dataset, allostat_h5_memory_type(type), H5S_ALL,
                                        H5S_ALL, H5P_DEFAULT, value) < 0;
    allostat_status status = ALLOSTAT_OK;

    if (dataset < 0 || failed) {
        status = fail_damaged(self, name, error);
    } else if (!fits) {
        status = fail_shape(self, name, error);
    }
    allostat_h5_close(space);
    allostat_h5_close(dataset);
    return status;
}

/* The sizes of a dataset's axes; its rank goes to *rank. */
static allostat_status read_shape(const reader *self, const char *name,
                                  hsize_t size[AXES_MAX], int *rank,
                                  allostat_error *error)
{
    const hid_t dataset = H5Dopen2(self->file, name, H5P_DEFAULT);
    const hid_t space = dataset < 0 ? -1 : H5Dget_space(dataset);
    allostat_status status = ALLOSTAT_OK;

    *rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (*rank < 0) {
        status = fail_damaged(self, name, error);
    } else if (*rank > AXES_MAX) {
        status = fail_shape(self, name, error);
    } else {
        H5Sget_simple_extent_dims(space, size, NULL);
    }
    allostat_h5_close(space);
    allostat_h5_close(dataset);
    return status;
}

/* Length of a dataset of one axis, 1 to `most`. */
static allostat_status read_length(const reader *self, const char *name, int32_t most,
                                   int32_t *length, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    hsize_t size[AXES_MAX];
    int rank = 0;

    ALLOSTAT_TRY(read_shape(self, name, size, &rank, error));
    if (rank != 1 || size[0] < 1 || size[0] > (hsize_t)most) {
        return fail_shape(self, name, error);
    }
    *length = (int32_t)size[0];
cleanup:
    return status;
}

/* Rows of text of equal length; each goes, cut to fit, to text + row *
 * ALLOSTAT_TEXT_SIZE. */
static allostat_status read_texts(const reader *self, const char *name, int32_t rows,
                                  char *text, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    hsize_t size[AXES_MAX] = {0};
    int rank = 0;
    char *cells = NULL;

    ALLOSTAT_TRY(read_shape(self, name, size, &rank, error));
    const bool flat = rank == 1 && rows == 1;
    if (!flat && (rank != 2 || size[0] != (hsize_t)rows))
        return fail_shape(self, name, error);
    const size_t length = (size_t)size[rank - 1];
    if (length > ALLOSTAT_PATH_SIZE) return fail_shape(self, name, error);
    cells = calloc((size_t)rows + 1, length + 1);
    if (cells == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "texts of %s", name);
    ALLOSTAT_TRY(read_values(self, name, ALLOSTAT_H5_CHAR, (hsize_t)rows * length,
                             cells, error));
    for (int32_t i = 0; i < rows; i++) {
        const char *row = cells + (size_t)i * length;
        snprintf(text + (size_t)i * ALLOSTAT_TEXT_SIZE, ALLOSTAT_TEXT_SIZE, "%.*s",
                 (int)strnlen(row, length), row);
    }
cleanup:
    free(cells);
    return status;
}

/* ---- opening
 * -------------------------------------------------------------------------------- */

/* Says whether there is a file and whether it begins as HDF5 does, before HDF5 looks at
 * it. */
static allostat_status look_at(const char *path, allostat_error *error)
{
    static const unsigned char signature[SIGNATURE_SIZE] = "\211HDF\r\n\032\n";
    unsigned char head[SIGNATURE_SIZE] = {0};
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return ALLOSTAT_FAIL(error, NO_INPUT, "%s: %s", path, strerror(errno));
    const size_t size = fread(head, 1, sizeof head, file);
    const int failed = ferror(file) ? errno : 0;
    fclose(file);
    if (failed) return ALLOSTAT_FAIL(error, NO_INPUT, "%s: %s", path, strerror(failed));
    if (size < sizeof head || memcmp(head, signature, sizeof head) != 0) {
        return ALLOSTAT_FAIL(error, DATA, "%s is not an HDF5 file", path);
    }
    return ALLOSTAT_OK;
}

static allostat_status check_schema(const reader *self, allostat_error *error)
{
    int32_t schema = 0;
    const hid_t attribute = H5Aexists(self->file, "allostat_schema") > 0
                                ? H5Aopen(self->file, "allostat_schema", H5P_DEFAULT)
                                : -1;
    const hid_t space = attribute < 0 ? -1 : H5Aget_space(attribute);
    const bool known = space >= 0 && H5Sget_simple_extent_npoints(space) == 1 &&
                       H5Aread(attribute, H5T_NATIVE_INT32, &schema) >= 0 && schema > 0;

    allostat_h5_close(space);
    allostat_h5_close(attribute);
    if (!known && H5Lexists(self->file, "policy_1", H5P_DEFAULT) > 0) {
        return ALLOSTAT_FAIL(
            error, DATA,
            "%s holds the tables of 'allostat compare' and no run; give "
            "the result files that were compared",
            self->path);
    }
    if (!known) {
        return ALLOSTAT_FAIL(error, DATA, "%s is HDF5 but was not written by allostat",
                             self->path);
    }
    if (schema > ALLOSTAT_STORE_SCHEMA) {
        return ALLOSTAT_FAIL(
            error, DATA,
            "%s has layout %d, this program knows layouts up to %d; use a newer "
            "allostat",
            self->path, (int)schema, (int)ALLOSTAT_STORE_SCHEMA);
    }
    self->stored->schema = schema;
    return ALLOSTAT_OK;
}

static allostat_status open_file(reader *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char reason[ALLOSTAT_H5_REASON_SIZE];

    ALLOSTAT_TRY(look_at(self->path, error));
    self->file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (self->file < 0) {
        allostat_h5_reason(reason);
        return ALLOSTAT_FAIL(error, DATA, "%s was cut short or damaged: %s", self->path,
                             reason);
    }
    ALLOSTAT_TRY(check_schema(self, error));
cleanup:
    return status;
}

/* ---- what the file says of itself
 * ----------------------------------------------------------- */

static allostat_status read_areas(const reader *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_labels *areas = &self->stored->areas;

    ALLOSTAT_TRY(read_length(self, "area", ALLOSTAT_AREAS_MAX, &areas->count, error));
    ALLOSTAT_TRY(read_texts(self, "area_name", areas->count, areas->label[0], error));
cleanup:
    return status;
}

static allostat_status read_facts(const reader *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_stored *stored = self->stored;

#define READ(name, type, member) \
    read_values(self, name, type, 1, &stored->member, error)
    ALLOSTAT_TRY(read_texts(self, "parameters/run.name", 1, stored->name, error));
    ALLOSTAT_TRY(
        read_texts(self, "parameters/run.description", 1, stored->description, error));
    ALLOSTAT_TRY(read_texts(self, "provenance/version", 1, stored->version, error));
    ALLOSTAT_TRY(READ("provenance/seed", ALLOSTAT_H5_INT64, seed));
    ALLOSTAT_TRY(READ("parameters/run.start", ALLOSTAT_H5_INT32, start));
    ALLOSTAT_TRY(READ("parameters/run.output_start", ALLOSTAT_H5_INT32, output_start));
    ALLOSTAT_TRY(READ("parameters/run.end", ALLOSTAT_H5_INT32, end));
    ALLOSTAT_TRY(READ("parameters/population.scale", ALLOSTAT_H5_DOUBLE, scale));
#undef READ
    ALLOSTAT_TRY(read_areas(self, error));
cleanup:
    return status;
}

static allostat_status read_observed(const reader *self, allostat_summary_column column,
                                     const char *path, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char values[ALLOSTAT_TEXT_SIZE], dates[ALLOSTAT_TEXT_SIZE];
    allostat_stored *stored = self->stored;
    int32_t count = 0;

    snprintf(values, sizeof values, "parameters/%s", path);
    snprintf(dates, sizeof dates, "parameters/%s_date", path);
    ALLOSTAT_TRY(read_length(self, values, INT32_MAX, &count, error));
    allostat_day *const day = calloc((size_t)count, sizeof *day);
    double *const value = calloc((size_t)count, sizeof *value);
    stored->observed_day[column] = day;
    stored->observed_value[column] = value;
    stored->observed[column] =
        (allostat_series){count, day, value, ALLOSTAT_INTERPOLATE_step};
    if (day == NULL || value == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "series %s", path);
    ALLOSTAT_TRY(
        read_values(self, dates, ALLOSTAT_H5_INT32, (hsize_t)count, day, error));
    ALLOSTAT_TRY(
        read_values(self, values, ALLOSTAT_H5_DOUBLE, (hsize_t)count, value, error));
cleanup:
    return status;
}

/* ---- records
 * -------------------------------------------------------------------------------- */

static allostat_status read_row(const reader *self, const allostat_row *row,
                                allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_stored *stored = self->stored;
    const size_t bytes = allostat_row_bytes(row, &stored->replicate[0]);
    const allostat_h5_type type = row->whole ? ALLOSTAT_H5_INT32 : ALLOSTAT_H5_DOUBLE;
    const size_t size = row->whole ? sizeof(int32_t) : sizeof(double);
    const hsize_t count = (hsize_t)(bytes / size) * (hsize_t)stored->replicate_count;
    char *const cells = calloc((size_t)stored->replicate_count, bytes);

    if (cells == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "series %s", row->name);
    ALLOSTAT_TRY(read_values(self, row->name, type, count, cells, error));
    for (int32_t r = 0; r < stored->replicate_count; r++) {
        memcpy(allostat_row_values(row, &stored->replicate[r]),
               cells + (size_t)r * bytes, bytes);
    }
cleanup:
    free(cells);
    return status;
}

static void drop_row(const reader *self, const allostat_row *row)
{
    for (int32_t r = 0; r < self->stored->replicate_count; r++)
        allostat_row_drop(row, &self->stored->replicate[r]);
}

/* A dataset of one axis must be as long as the dates and areas of the file say. */
static allostat_status check_length(const reader *self, const char *name,
                                    int32_t wanted, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    int32_t length = 0;

    ALLOSTAT_TRY(read_length(self, name, INT32_MAX, &length, error));
    if (length != wanted) status = fail_shape(self, name, error);
cleanup:
    return status;
}

/* Empty records as the engine makes them for this output window and these areas. */
static allostat_status init_records(const reader *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_stored *stored = self->stored;
    allostat_scenario scenario = {0};

    stored->replicate =
        calloc((size_t)stored->replicate_count, sizeof *stored->replicate);
    if (stored->replicate == NULL) {
        return ALLOSTAT_FAIL(error, NO_MEMORY, "%d replicates",
                             (int)stored->replicate_count);
    }
    ALLOSTAT_TRY(allostat_scenario_defaults(&scenario, error));
    scenario.epochs[0].params.run_output_start = stored->output_start;
    scenario.epochs[0].params.run_end = stored->end;
    scenario.epochs[0].params.geography_areas = stored->areas;
    for (int32_t r = 0; r < stored->replicate_count; r++) {
        ALLOSTAT_TRY(allostat_records_init(&stored->replicate[r], &scenario, error));
    }
cleanup:
    allostat_scenario_free(&scenario);
    return status;
}

/* A fact of all deaths, replicate by replicate. */
static allostat_status read_fact(const reader *self, int32_t fact, int64_t total,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_stored *stored = self->stored;
    char name[ALLOSTAT_TEXT_SIZE];
    int32_t *const value = calloc((size_t)total + 1, sizeof *value);
    const int32_t *next = value;

    snprintf(name, sizeof name, "deaths/%s", allostat_death_table[fact].name);
    if (value == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "%s", name);
    ALLOSTAT_TRY(
        read_values(self, name, ALLOSTAT_H5_INT32, (hsize_t)total, value, error));
    for (int32_t r = 0; r < stored->replicate_count; r++) {
        allostat_records *records = &stored->replicate[r];

        for (int64_t i = 0; i < records->death_count; i++)
            allostat_death_set(&records->death[i], fact, *next++);
    }
cleanup:
    free(value);
    return status;
}

/* Room for the deaths of every replicate, and their number together. */
static allostat_status make_room(const reader *self, const int64_t *count,
                                 int64_t *total, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    *total = 0;
    for (int32_t r = 0; r < self->stored->replicate_count; r++) {
        allostat_records *records = &self->stored->replicate[r];

        if (count[r] < 0 || count[r] > INT32_MAX)
            return fail_shape(self, "deaths/deaths_of_replicate", error);
        ALLOSTAT_TRY(allostat_records_reserve_deaths(records, count[r], error));
        records->death_count = count[r];
        *total += count[r];
    }
cleanup:
    return status;
}

static allostat_status read_deaths(const reader *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t replicates = self->stored->replicate_count;
    int64_t *const count = calloc((size_t)replicates, sizeof *count);
    int64_t total = 0;

    if (count == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "deaths");
    ALLOSTAT_TRY(read_values(self, "deaths/deaths_of_replicate", ALLOSTAT_H5_INT64,
                             (hsize_t)replicates, count, error));
    ALLOSTAT_TRY(make_room(self, count, &total, error));
    for (int32_t fact = 0; fact < ALLOSTAT_DEATH_FACT_COUNT; fact++) {
        if (self->wanted.fact != NULL && !self->wanted.fact(fact)) continue;
        ALLOSTAT_TRY(read_fact(self, fact, total, error));
    }
cleanup:
    free(count);
    return status;
}

static allostat_status read_records(const reader *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_stored *stored = self->stored;
    const allostat_month first = allostat_month_of_day(stored->output_start);
    const allostat_month last = allostat_month_of_day(stored->end);

    ALLOSTAT_TRY(
        read_length(self, "replicate", INT32_MAX, &stored->replicate_count, error));
    ALLOSTAT_TRY(check_length(self, "month", last - first + 1, error));
    ALLOSTAT_TRY(init_records(self, error));
    ALLOSTAT_TRY(check_length(self, "year", stored->replicate[0].year_count, error));
    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        const allostat_row row = allostat_row_at(i);

        if (self->wanted.series != NULL && !self->wanted.series(row.info)) {
            drop_row(self, &row);
        } else {
            ALLOSTAT_TRY(read_row(self, &row, error));
        }
    }
    ALLOSTAT_TRY(read_deaths(self, error));
cleanup:
    return status;
}

/* ---- list of series
 * ------------------------------------------------------------------------- */

static herr_t keep_scale_name(hid_t dataset, unsigned axis, hid_t scale, void *name)
{
    (void)dataset;
    (void)axis;
    return H5DSget_scale_name(scale, name, ALLOSTAT_TEXT_SIZE) < 0 ? -1 : 1;
}

/* Names of the axes of a dataset, in order and parted by commas. */
static void list_dimensions(hid_t dataset, char text[ALLOSTAT_SHAPE_TEXT_SIZE])
{
    const hid_t space = H5Dget_space(dataset);
    const int rank = H5Sget_simple_extent_ndims(space);
    size_t length = 0;

    allostat_h5_close(space);
    for (int i = 0; i < rank && length < ALLOSTAT_SHAPE_TEXT_SIZE - 1; i++) {
        char name[ALLOSTAT_TEXT_SIZE] = "?";
        if (H5DSget_num_scales(dataset, (unsigned)i) > 0) {
            H5DSiterate_scales(dataset, (unsigned)i, NULL, keep_scale_name, name);
        }
        const int added = snprintf(text + length, ALLOSTAT_SHAPE_TEXT_SIZE - length,
                                   "%s%s", i > 0 ? ", " : "", name);
        length += added > 0 ? (size_t)added : 0;
    }
}

/* Datasets with a replicate axis are series; scales and names are not. */
static herr_t keep_series(hid_t group, const char *name, const H5L_info_t *link,
                          void *data)
{
    allostat_stored *stored = data;
    const hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);

    (void)link;
    if (dataset < 0) return 0; /* a group */
    allostat_stored_series *series = &stored->series[stored->series_count];
    list_dimensions(dataset, series->dimensions);
    if (strncmp(series->dimensions, "replicate,", strlen("replicate,")) == 0) {
        snprintf(series->name, sizeof series->name, "%s", name);
        allostat_h5_read_text(dataset, "units", series->unit, sizeof series->unit);
        allostat_h5_read_text(dataset, "long_name", series->about,
                              sizeof series->about);
        stored->series_count++;
    }
    allostat_h5_close(dataset);
    return 0;
}

static allostat_status list_series(const reader *self, allostat_error *error)
{
    H5G_info_t facts;

    if (H5Gget_info(self->file, &facts) < 0)
        return fail_damaged(self, "the root group", error);
    self->stored->series =
        calloc((size_t)facts.nlinks + 1, sizeof *self->stored->series);
    if (self->stored->series == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "list of series");
    if (H5Literate(self->file, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, keep_series,
                   self->stored) < 0) {
        return fail_damaged(self, "the list of series", error);
    }
    return ALLOSTAT_OK;
}

allostat_status allostat_stored_list(allostat_stored *stored, const char *path,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_reporting before = allostat_h5_quiet_begin();
    reader self = {.path = path, .stored = stored};

    ALLOSTAT_TRY(open_file(&self, error));
    ALLOSTAT_TRY(list_series(&self, error));
cleanup:
    allostat_h5_close(self.file);
    allostat_h5_quiet_end(before);
    return status;
}

allostat_status allostat_stored_init(allostat_stored *stored, const char *path,
                                     allostat_error *error)
{
    return allostat_stored_init_some(stored, path, (allostat_stored_wanted){NULL, NULL},
                                     error);
}

allostat_status allostat_stored_init_some(allostat_stored *stored, const char *path,
                                          allostat_stored_wanted wanted,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_reporting before = allostat_h5_quiet_begin();
    reader self = {.path = path, .stored = stored, .wanted = wanted};

    memset(stored, 0, sizeof *stored);
    ALLOSTAT_TRY(open_file(&self, error));
    ALLOSTAT_TRY(read_facts(&self, error));
    ALLOSTAT_TRY(read_observed(&self, ALLOSTAT_COLUMN_overdose_deaths,
                               "observed.overdose_deaths", error));
    ALLOSTAT_TRY(read_observed(&self, ALLOSTAT_COLUMN_attended_overdoses,
                               "observed.attended_overdoses", error));
    ALLOSTAT_TRY(read_observed(&self, ALLOSTAT_COLUMN_oat_clients,
                               "observed.oat_clients", error));
    ALLOSTAT_TRY(read_records(&self, error));
    ALLOSTAT_TRY(allostat_digest_file(path, stored->digest, error));
cleanup:
    allostat_h5_close(self.file);
    allostat_h5_quiet_end(before);
    return status;
}

void allostat_stored_free(allostat_stored *stored)
{
    for (int32_t r = 0; stored->replicate != NULL && r < stored->replicate_count; r++) {
        allostat_records_free(&stored->replicate[r]);
    }
    for (int c = 0; c < ALLOSTAT_COLUMN_COUNT; c++) {
        free(stored->observed_day[c]);
        free(stored->observed_value[c]);
    }
    free(stored->replicate);
    free(stored->series);
    memset(stored, 0, sizeof *stored);
}
