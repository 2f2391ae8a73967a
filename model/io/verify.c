#include "io/verify.h"

#include "base/version.h"
#include "io/compare.h"
#include "io/reader.h"
#include "io/rows.h"
#include "io/saved_run.h"
#include "io/store.h"

#include <hdf5_hl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *path;
    hid_t file, again;
    allostat_scenario scenario;
    allostat_records *replicate; /* [replicate_count] */
    int32_t replicate_count;
    void *image;
    size_t image_size;
} verification;

/* ---- the run again ---- */

static allostat_status run_again(verification *self, int32_t thread_count,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t count = (int32_t)self->scenario.epochs[0].params.run_replicates;

    self->replicate = calloc((size_t)count, sizeof *self->replicate);
    if (self->replicate == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "%d replicates", (int)count);
    self->replicate_count = count;
    /* The empty path: origins are told as they are. */
    const allostat_results results = {&self->scenario, "", self->replicate, count};
    ALLOSTAT_TRY(allostat_ensemble_run(
        &(allostat_ensemble){&self->scenario, thread_count, NULL, NULL, NULL},
        self->replicate, error));
    ALLOSTAT_TRY(
        allostat_store_build(&results, &self->image, &self->image_size, error));
cleanup:
    return status;
}

/* ---- the comparison ---- */

static allostat_status compare_bytes(const verification *self, allostat_verified *found,
                                     allostat_error *error)
{
    const unsigned char *image = self->image;
    FILE *file = fopen(self->path, "rb");
    size_t byte = 0;
    int c = 0;

    if (file == NULL) return ALLOSTAT_FAIL(error, NO_INPUT, "%s", self->path);
    while ((c = getc(file)) != EOF && byte < self->image_size && image[byte] == c)
        byte++;
    found->byte = byte;
    found->same_bytes = c == EOF && byte == self->image_size;
    fclose(file);
    return ALLOSTAT_OK;
}

/* The row of the tables behind a dataset of the root; false when there is none. */
static bool find_row(const char *name, allostat_row *row)
{
    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        *row = allostat_row_at(i);
        if (strcmp(row->name, name) == 0) return true;
    }
    return false;
}

/* "replicate 1, death 16 of it (person 812, 2016-03-04)" for the i-th of all deaths. */
static bool tell_death(const verification *self, const allostat_comparison *compared,
                       char text[ALLOSTAT_PLACE_TEXT_SIZE])
{
    const char *name = compared->name + strlen("deaths/");
    int64_t i = (int64_t)compared->index[0];
    int32_t r = 0;

    if (strncmp(compared->name, "deaths/", strlen("deaths/")) != 0 ||
        compared->rank != 1 || strcmp(name, "deaths_of_replicate") == 0) {
        return false;
    }
    while (r < self->replicate_count && i >= self->replicate[r].death_count)
        i -= self->replicate[r++].death_count;
    if (r == self->replicate_count) return false;
    const allostat_death *death = &self->replicate[r].death[i];
    const allostat_date date = allostat_date_from_day(death->day);
    snprintf(text, ALLOSTAT_PLACE_TEXT_SIZE,
             "replicate %d, death %lld of it (person %lu, %d-%02d-%02d)", (int)r,
             (long long)i, (unsigned long)death->person, date.year, date.month,
             date.day);
    return true;
}

/* "replicate 0, month 3 (2015-04), area 2"; numbers alone for what is no series. */
static void tell_place(const verification *self, const allostat_comparison *compared,
                       char text[ALLOSTAT_PLACE_TEXT_SIZE])
{
    const allostat_records *records = &self->replicate[0];
    allostat_row row;
    const bool series = find_row(compared->name, &row) && row.rank == compared->rank;
    size_t length = 0;

    text[0] = '\0';
    if (tell_death(self, compared, text)) return;
    for (int a = 0; a < compared->rank && length < ALLOSTAT_PLACE_TEXT_SIZE; a++) {
        const int i = (int)compared->index[a];
        const allostat_month month = records->first_month + i;
        char date[32] = "";

        if (series && row.axis[a] == ALLOSTAT_OUTPUT_month)
            snprintf(date, sizeof date, " (%d-%02d)", month / 12, month % 12 + 1);
        if (series && row.axis[a] == ALLOSTAT_OUTPUT_year)
            snprintf(date, sizeof date, " (%d)", (int)records->first_year + i);
        const int added = snprintf(
            text + length, ALLOSTAT_PLACE_TEXT_SIZE - length, "%s%s %d%s",
            a > 0 ? ", " : "",
            series ? allostat_output_axis_names[row.axis[a]] : "index", i, date);
        length += added > 0 ? (size_t)added : 0;
    }
}

static allostat_status compare_values(verification *self, allostat_verified *found,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_comparison compared;
    /* A version differs from itself for a good reason. */
    const char *left_out = found->same_version ? NULL : "provenance/version";

    self->again = H5LTopen_file_image(self->image, self->image_size, 0);
    if (self->again < 0)
        return ALLOSTAT_H5_FAIL(error, "opening", "the file made again");
    ALLOSTAT_TRY(allostat_compare(self->file, self->again, left_out, &compared, error));
    found->dataset_count = compared.dataset_count;
    found->differ_count = compared.differ_count;
    found->same_values = compared.differ_count == 0;
    if (found->same_values) return ALLOSTAT_OK;
    memcpy(found->dataset, compared.name, sizeof found->dataset);
    tell_place(self, &compared, found->place);
    snprintf(found->in_file, sizeof found->in_file, "%s", compared.value[0]);
    snprintf(found->made_again, sizeof found->made_again, "%s", compared.value[1]);
cleanup:
    return status;
}

/* What can be told before the run: that the file is ours and can be read. */
static allostat_status look_at(const char *path, allostat_verified *found,
                               allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_stored stored = {0};

    ALLOSTAT_TRY(allostat_stored_init(&stored, path, error));
    snprintf(found->version, sizeof found->version, "%s", stored.version);
    memcpy(found->digest, stored.digest, sizeof found->digest);
    found->same_version = strcmp(stored.version, allostat_version()) == 0;
cleanup:
    allostat_stored_free(&stored);
    return status;
}

static void release(verification *self)
{
    for (int32_t r = 0; r < self->replicate_count; r++)
        allostat_records_free(&self->replicate[r]);
    free(self->replicate);
    allostat_scenario_free(&self->scenario);
    allostat_h5_close(self->again);
    allostat_h5_close(self->file);
    free(self->image);
}

allostat_status allostat_verify(const char *path, int32_t thread_count,
                                allostat_verified *found, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    verification self = {.path = path};
    const allostat_h5_reporting before = allostat_h5_quiet_begin();

    memset(found, 0, sizeof *found);
    ALLOSTAT_TRY(look_at(path, found, error));
    self.file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    ALLOSTAT_TRY(allostat_saved_scenario_init(&self.scenario, path, NULL, error));
    ALLOSTAT_TRY(run_again(&self, thread_count, error));
    ALLOSTAT_TRY(compare_bytes(&self, found, error));
    ALLOSTAT_TRY(compare_values(&self, found, error));
cleanup:
    release(&self);
    allostat_h5_quiet_end(before);
    return status;
}
