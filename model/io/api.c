/* The public C API: thin, so that it and the program do the same things. */
#include "allostat.h"

#include "io/rows.h"
#include "io/store.h"
#include "study/ensemble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct allostat_study {
    allostat_scenario scenario;
    char *config_path;
    allostat_records *replicate; /* [replicate_count]; NULL before a run */
    int32_t replicate_count;
    allostat_mistakes mistakes;
    allostat_error error;
    char text[ALLOSTAT_PATH_SIZE + ALLOSTAT_MESSAGE_SIZE +
              4];     /* of the error, with its file */
    allostat_row row; /* the series last read */
    void *values;     /* its values over all replicates */
};

static void forget_results(allostat_study *study)
{
    for (int32_t i = 0; study->replicate != NULL && i < study->replicate_count; i++) {
        allostat_records_free(&study->replicate[i]);
    }
    free(study->replicate);
    free(study->values);
    study->replicate = NULL;
    study->values = NULL;
}

/* What an earlier call complained of is over. */
static void forget_error(allostat_study *study)
{
    allostat_mistakes_free(&study->mistakes);
    memset(&study->error, 0, sizeof study->error);
}

/* The code of a status for the caller, and the text of its error. */
static int finish(allostat_study *study, allostat_status status)
{
    const allostat_error *error = &study->error;

    study->text[0] = '\0';
    if (status != ALLOSTAT_OK && error->user_file[0] != '\0') {
        snprintf(study->text, sizeof study->text, "%s: %s", error->user_file,
                 error->message);
    } else if (status != ALLOSTAT_OK) {
        snprintf(study->text, sizeof study->text, "%s", error->message);
    }
    return allostat_status_exit_code(status);
}

static allostat_status fail_not_run(allostat_study *study)
{
    return ALLOSTAT_FAIL(&study->error, NO_INPUT, "the study has not been run");
}

int allostat_open(allostat_study **study, const char *config, const char *const *sets,
                  int set_count)
{
    allostat_study *const self = calloc(1, sizeof *self);

    *study = self;
    if (self == NULL) return allostat_status_exit_code(ALLOSTAT_ERROR_NO_MEMORY);
    self->config_path = strdup(config);
    const allostat_status status =
        self->config_path == NULL
            ? ALLOSTAT_FAIL(&self->error, NO_MEMORY, "the name of the configuration")
            : allostat_scenario_load(&self->scenario, config, sets, set_count,
                                     &self->mistakes, &self->error);
    return finish(self, status);
}

int allostat_run(allostat_study *study, int threads, allostat_callback callback,
                 void *context)
{
    allostat_status status = ALLOSTAT_OK;

    forget_error(study);
    forget_results(study);
    if (study->scenario.epoch_count == 0) {
        status =
            ALLOSTAT_FAIL(&study->error, CONFIGURATION, "no configuration was loaded");
        return finish(study, status);
    }
    study->replicate_count = (int32_t)study->scenario.epochs[0].params.run_replicates;
    study->replicate = calloc((size_t)study->replicate_count, sizeof *study->replicate);
    if (study->replicate == NULL) {
        status = ALLOSTAT_FAIL(&study->error, NO_MEMORY, "records of %d replicates",
                               (int)study->replicate_count);
    } else {
        status = allostat_ensemble_run(
            &(allostat_ensemble){&study->scenario, threads, callback, context, NULL},
            study->replicate, &study->error);
    }
    if (status != ALLOSTAT_OK) forget_results(study);
    return finish(study, status);
}

static bool find_row(const char *name, allostat_row *row)
{
    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        *row = allostat_row_at(i);
        if (strcmp(row->name, name) == 0) return true;
    }
    return false;
}

static allostat_status gather(allostat_study *study)
{
    const size_t bytes = allostat_row_bytes(&study->row, &study->replicate[0]);

    free(study->values);
    study->values = calloc((size_t)study->replicate_count, bytes);
    if (study->values == NULL) {
        return ALLOSTAT_FAIL(&study->error, NO_MEMORY, "series %s", study->row.name);
    }
    for (int32_t i = 0; i < study->replicate_count; i++) {
        memcpy((char *)study->values + (size_t)i * bytes,
               allostat_row_values(&study->row, &study->replicate[i]), bytes);
    }
    return ALLOSTAT_OK;
}

static void describe(const allostat_study *study, allostat_values *values)
{
    const allostat_row *row = &study->row;

    *values = (allostat_values){.name = row->name,
                                .unit = row->info->unit,
                                .about = row->about,
                                .rank = row->rank,
                                .whole = row->whole ? study->values : NULL,
                                .real = row->whole ? NULL : study->values};
    for (int i = 0; i < row->rank; i++) {
        values->dimension[i] = allostat_output_axis_names[row->axis[i]];
        values->size[i] = allostat_output_axis_size(
            &study->replicate[0], study->replicate_count, row->axis[i]);
    }
}

int allostat_read(allostat_study *study, const char *series, allostat_values *values)
{
    allostat_status status = ALLOSTAT_OK;

    forget_error(study);
    memset(values, 0, sizeof *values);
    if (study->replicate == NULL) {
        status = fail_not_run(study);
    } else if (!find_row(series, &study->row)) {
        status =
            ALLOSTAT_FAIL(&study->error, NO_INPUT, "there is no series '%s'", series);
    } else {
        status = gather(study);
    }
    if (status == ALLOSTAT_OK) describe(study, values);
    return finish(study, status);
}

int allostat_write(allostat_study *study, const char *path, bool force,
                   char sha256[ALLOSTAT_SHA256_SIZE])
{
    char digest[ALLOSTAT_DIGEST_SIZE] = "";
    const allostat_results results = {&study->scenario, study->config_path,
                                      study->replicate, study->replicate_count};

    forget_error(study);
    const allostat_status status =
        study->replicate == NULL
            ? fail_not_run(study)
            : allostat_store_write(path, force, &results, digest, &study->error);
    if (sha256 != NULL) memcpy(sha256, digest, sizeof digest);
    return finish(study, status);
}

const char *allostat_error_text(const allostat_study *study)
{
    if (study == NULL) return "";
    if (study->mistakes.count > 0 && study->mistakes.text != NULL)
        return study->mistakes.text;
    return study->text;
}

void allostat_close(allostat_study *study)
{
    if (study == NULL) return;
    forget_results(study);
    forget_error(study);
    allostat_scenario_free(&study->scenario);
    free(study->config_path);
    free(study);
}
