#include "io/store_contrasts.h"

#include "base/version.h"
#include "io/store_parts.h"
#include "io/whole_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 96, LABEL_LENGTH = ALLOSTAT_TEXT_SIZE };

/* A table while it is written: its group, its one axis, and a column of numbers. */
typedef struct {
    hid_t group;
    hid_t scale;
    hsize_t size;
    double *column; /* [size] */
} table;

typedef struct {
    const char *name, *unit, *about;
} words;

/* ---- small steps
 * ---------------------------------------------------------------------------------- */

static allostat_status put_numbers(const table *self, const words *said,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const double missing = (double)NAN;
    const allostat_h5_dataset spec = {.name = said->name,
                                      .type = ALLOSTAT_H5_DOUBLE,
                                      .rank = 1,
                                      .size = {self->size},
                                      .scale = {self->scale},
                                      .data = self->column};
    hid_t dataset = 0;

    ALLOSTAT_TRY(allostat_h5_create(self->group, &spec, &dataset, error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "units", said->unit, error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "long_name", said->about, error));
    ALLOSTAT_TRY(allostat_h5_values(dataset, "_FillValue", ALLOSTAT_H5_DOUBLE, &missing,
                                    1, error));
cleanup:
    allostat_h5_close(dataset);
    return status;
}

/* An axis `name` that counts from `first`; months as their first days. */
static allostat_status table_init(table *self, hid_t group, const words *axis,
                                  int32_t size, allostat_month first,
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    int32_t *const value = calloc((size_t)size, sizeof *value);
    const allostat_h5_dataset spec = {.name = axis->name,
                                      .type = ALLOSTAT_H5_INT32,
                                      .rank = 1,
                                      .size = {(hsize_t)size},
                                      .data = value};

    *self = (table){.group = group, .size = (hsize_t)size};
    self->column = calloc((size_t)size, sizeof *self->column);
    if (value == NULL || self->column == NULL) {
        status = ALLOSTAT_FAIL(error, NO_MEMORY, "axis %s", axis->name);
        goto cleanup;
    }
    for (int32_t i = 0; i < size; i++)
        value[i] = first > 0 ? allostat_month_first_day(first + i) : i;
    ALLOSTAT_TRY(allostat_h5_create(group, &spec, &self->scale, error));
    ALLOSTAT_TRY(allostat_h5_make_scale(self->scale, axis->name, error));
    ALLOSTAT_TRY(allostat_h5_text(self->scale, "long_name", axis->about, error));
    if (first > 0) ALLOSTAT_TRY(allostat_store_mark_date(self->scale, error));
cleanup:
    free(value);
    return status;
}

static void table_free(table *self)
{
    allostat_h5_close(self->scale);
    free(self->column);
}

/* Texts over the axis of a table, all cut to the length of `length_scale`. */
static allostat_status put_texts(const table *self, const words *said,
                                 const char *const *text, hid_t length_scale,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_store_texts texts = {said->name, said->about, (int32_t)self->size,
                                        text};
    hid_t dataset = 0;

    ALLOSTAT_TRY(allostat_store_write_texts(self->group, &texts, self->scale,
                                            length_scale, &dataset, error));
cleanup:
    allostat_h5_close(dataset);
    return status;
}

/* ---- outcomes by part
 * ----------------------------------------------------------------------------- */

/* What is told of an outcome of a part. */
static double pick(const allostat_contrast_cell *cell, int which)
{
    const double value[] = {
        cell->base.mean,       cell->base.low,
        cell->base.high,       cell->policy.mean,
        cell->policy.low,      cell->policy.high,
        cell->difference.mean, cell->difference.low,
        cell->difference.high, cell->difference.standard_error,
    };

    return value[which];
}

static const char *const picks[][2] = {
    {"base", "mean of the replicates of the base"},
    {"base_low", "low end of the replicates of the base"},
    {"base_high", "high end of the replicates of the base"},
    {"policy", "mean of the replicates of the policy"},
    {"policy_low", "low end of the replicates of the policy"},
    {"policy_high", "high end of the replicates of the policy"},
    {"difference", "mean of policy minus base, paired by replicate"},
    {"difference_low", "low end of the 95 % interval of the difference"},
    {"difference_high", "high end of the 95 % interval of the difference"},
    {"difference_error", "standard error of the difference"},
};

/* The first row is everybody, then the parts. */
static allostat_status put_outcome(const table *self, const allostat_contrast *contrast,
                                   int outcome, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_outcome_info *info = &allostat_outcomes[outcome];
    char name[NAME_SIZE], about[2 * ALLOSTAT_TEXT_SIZE];

    for (size_t k = 0; k < sizeof picks / sizeof picks[0]; k++) {
        self->column[0] = pick(&contrast->whole[outcome], (int)k);
        for (int32_t i = 0; i < contrast->part_count; i++) {
            self->column[i + 1] = pick(&contrast->part[i].outcome[outcome], (int)k);
        }
        snprintf(name, sizeof name, "%s_%s", info->name, picks[k][0]);
        snprintf(about, sizeof about, "%s: %s", info->about, picks[k][1]);
        ALLOSTAT_TRY(put_numbers(self, &(words){name, info->unit, about}, error));
    }
cleanup:
    return status;
}

static allostat_status put_part_names(const table *self,
                                      const allostat_contrast *contrast,
                                      hid_t length_scale, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t count = (size_t)contrast->part_count + 1;
    const char **text = calloc(count, sizeof(const char *));

    if (text == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "names of parts");
    text[0] = "all";
    for (size_t i = 1; i < count; i++) text[i] = contrast->part[i - 1].dimension;
    ALLOSTAT_TRY(put_texts(self,
                           &(words){"part_dimension", "", "what the part is one of"},
                           text, length_scale, error));
    text[0] = "everybody";
    for (size_t i = 1; i < count; i++) text[i] = contrast->part[i - 1].label;
    ALLOSTAT_TRY(put_texts(self, &(words){"part_name", "", "part of the people"}, text,
                           length_scale, error));
cleanup:
    free(text);
    return status;
}

static allostat_status put_parts(hid_t group, const allostat_contrast *contrast,
                                 hid_t length_scale, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const words axis = {"part", "", "number of the part of the people"};
    table self = {0};

    ALLOSTAT_TRY(table_init(&self, group, &axis, contrast->part_count + 1, 0, error));
    ALLOSTAT_TRY(put_part_names(&self, contrast, length_scale, error));
    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++)
        ALLOSTAT_TRY(put_outcome(&self, contrast, o, error));
cleanup:
    table_free(&self);
    return status;
}

/* ---- replicates, months, people
 * ------------------------------------------------------------------- */

static allostat_status put_replicates(hid_t group, const allostat_contrast *contrast,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const words axis = {"replicate", "", "number of the repetition of the run"};
    const size_t count = (size_t)contrast->replicate_count;
    char name[NAME_SIZE], about[2 * ALLOSTAT_TEXT_SIZE];
    table self = {0};

    ALLOSTAT_TRY(table_init(&self, group, &axis, contrast->replicate_count, 0, error));
    for (size_t o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        const allostat_outcome_info *info = &allostat_outcomes[o];
        memcpy(self.column, &contrast->difference[o * count], count * sizeof(double));
        snprintf(name, sizeof name, "%s_by_replicate", info->name);
        snprintf(about, sizeof about, "%s: policy minus base", info->about);
        ALLOSTAT_TRY(put_numbers(&self, &(words){name, info->unit, about}, error));
    }
cleanup:
    table_free(&self);
    return status;
}

static allostat_status put_months(hid_t group, const allostat_contrast *contrast,
                                  allostat_error *error)
{
    static const words said[] = {
        {"deaths_averted", "persons",
         "deaths by overdose averted to the end of the month, mean"},
        {"deaths_averted_low", "persons", "low end of the 95 % interval"},
        {"deaths_averted_high", "persons", "high end of the 95 % interval"},
    };
    allostat_status status = ALLOSTAT_OK;
    const words axis = {"month", "", "first day of the month"};
    const int32_t count = contrast->last - contrast->first + 1;
    table self = {0};

    ALLOSTAT_TRY(table_init(&self, group, &axis, count, contrast->first, error));
    for (size_t k = 0; k < sizeof said / sizeof said[0]; k++) {
        for (int32_t m = 0; m < count; m++) {
            const allostat_paired *averted = &contrast->averted[m];
            const double value[] = {averted->mean, averted->low, averted->high};
            self.column[m] = value[k];
        }
        ALLOSTAT_TRY(put_numbers(&self, &said[k], error));
    }
cleanup:
    table_free(&self);
    return status;
}

static allostat_status put_ledger(hid_t group, const allostat_contrast *contrast,
                                  hid_t length_scale, allostat_error *error)
{
    static const words said[] = {
        {"ledger_persons", "persons", "people of a replicate, mean"},
        {"ledger_persons_low", "persons", "low end of the replicates"},
        {"ledger_persons_high", "persons", "high end of the replicates"},
    };
    allostat_status status = ALLOSTAT_OK;
    const words axis = {"ledger", "", "number of the row of the ledger"};
    const char *text[ALLOSTAT_LEDGER_COUNT];
    table self = {0};

    ALLOSTAT_TRY(table_init(&self, group, &axis, ALLOSTAT_LEDGER_COUNT, 0, error));
    for (int row = 0; row < ALLOSTAT_LEDGER_COUNT; row++)
        text[row] = allostat_ledger_rows[row].name;
    ALLOSTAT_TRY(put_texts(
        &self,
        &(words){"ledger_name", "", "what became of people who died by overdose"}, text,
        length_scale, error));
    for (size_t k = 0; k < sizeof said / sizeof said[0]; k++) {
        for (int row = 0; row < ALLOSTAT_LEDGER_COUNT; row++) {
            const allostat_estimate *found =
                allostat_ledger_estimate(&contrast->ledger, (allostat_ledger_row)row);
            const double value[] = {found->mean, found->low, found->high};
            self.column[row] = value[k];
        }
        ALLOSTAT_TRY(put_numbers(&self, &said[k], error));
    }
cleanup:
    table_free(&self);
    return status;
}

/* ---- groups
 * ---------------------------------------------------------------------------------------
 */

static allostat_status put_provenance(hid_t parent, const allostat_scenario *scenario,
                                      const char *version, const char *path,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char *configuration = NULL;
    hid_t group = 0;

    ALLOSTAT_TRY(allostat_scenario_to_yaml(scenario, &configuration, error));
    ALLOSTAT_TRY(allostat_h5_group(parent, "provenance", &group, error));
    ALLOSTAT_TRY(allostat_store_write_text(group, "configuration",
                                           "the whole configuration of the run",
                                           configuration, error));
    ALLOSTAT_TRY(allostat_store_write_text(
        group, "version", "version of the program that ran it", version, error));
    ALLOSTAT_TRY(allostat_store_write_text(group, "name", "run.name",
                                           scenario->epochs[0].params.run_name, error));
    if (path != NULL) {
        ALLOSTAT_TRY(allostat_store_write_text(
            group, "path", "configuration or result file, as given", path, error));
    }
cleanup:
    allostat_h5_close(group);
    free(configuration);
    return status;
}

static allostat_status put_policy(hid_t file, const allostat_stored_contrast *item,
                                  int32_t number, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_contrast *contrast = item->contrast;
    const allostat_scenario *scenario = contrast->policy->scenario;
    char name[NAME_SIZE];
    hid_t group = 0, length_scale = 0;

    snprintf(name, sizeof name, "policy_%d", (int)number);
    ALLOSTAT_TRY(allostat_h5_group(file, name, &group, error));
    ALLOSTAT_TRY(
        allostat_h5_text(group, "title", scenario->epochs[0].params.run_name, error));
    if (item->parts != 0) {
        const int32_t parts = (int32_t)item->parts;
        ALLOSTAT_TRY(
            allostat_h5_values(group, "parts", ALLOSTAT_H5_INT32, &parts, 1, error));
    }
    ALLOSTAT_TRY(
        allostat_h5_length(group, "name_length", LABEL_LENGTH, &length_scale, error));
    ALLOSTAT_TRY(put_parts(group, contrast, length_scale, error));
    ALLOSTAT_TRY(put_replicates(group, contrast, error));
    ALLOSTAT_TRY(put_months(group, contrast, error));
    ALLOSTAT_TRY(put_ledger(group, contrast, length_scale, error));
    ALLOSTAT_TRY(put_provenance(group, scenario, item->version, item->path, error));
cleanup:
    allostat_h5_close(length_scale);
    allostat_h5_close(group);
    return status;
}

/* Rows of a combination: its parts, then all together, then the interaction. */
static const allostat_paired *combined_row(const allostat_combination *all, int outcome,
                                           int32_t row, bool share)
{
    const allostat_combined *combined = &all->outcome[outcome];

    if (row == all->part_count) return &combined->together;
    if (row > all->part_count) return share ? NULL : &combined->interaction;
    return share ? &combined->share[row] : &combined->alone[row];
}

static allostat_status put_combined(const table *self, const allostat_combination *all,
                                    int outcome, bool share, allostat_error *error)
{
    static const char *const ends[] = {"", "_low", "_high"};
    static const char *const ends_about[] = {"mean", "low end of the 95 % interval",
                                             "high end of the 95 % interval"};
    allostat_status status = ALLOSTAT_OK;
    const allostat_outcome_info *info = &allostat_outcomes[outcome];
    char name[NAME_SIZE], about[2 * ALLOSTAT_TEXT_SIZE];

    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
        for (int32_t row = 0; row < (int32_t)self->size; row++) {
            const allostat_paired *found = combined_row(all, outcome, row, share);
            const double value[] = {found != NULL ? found->mean : (double)NAN,
                                    found != NULL ? found->low : (double)NAN,
                                    found != NULL ? found->high : (double)NAN};
            self->column[row] = value[k];
        }
        snprintf(name, sizeof name, "%s_%s%s", info->name, share ? "share" : "alone",
                 ends[k]);
        snprintf(about, sizeof about, "%s, policy minus base, %s: %s", info->about,
                 share ? "fair share (Shapley)" : "alone", ends_about[k]);
        ALLOSTAT_TRY(put_numbers(self, &(words){name, info->unit, about}, error));
    }
cleanup:
    return status;
}

static allostat_status put_combination(hid_t file, const allostat_stored_contrasts *all,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const words axis = {"part", "", "parts, then all together and the interaction"};
    const int32_t count = all->combination->part_count;
    const char *text[ALLOSTAT_PARTS_MAX + 2] = {NULL};
    hid_t group = 0, length_scale = 0;
    table self = {0};

    for (int32_t p = 0; p < count; p++) /* subset s is item s - 1 */
        text[p] = all->item[(1 << p) - 1]
                      .contrast->policy->scenario->epochs[0]
                      .params.run_name;
    text[count] = "all together";
    text[count + 1] = "together minus the sum of the parts alone";
    ALLOSTAT_TRY(allostat_h5_group(file, "combination", &group, error));
    ALLOSTAT_TRY(allostat_h5_length(group, "name_length", ALLOSTAT_TEXT_SIZE,
                                    &length_scale, error));
    ALLOSTAT_TRY(table_init(&self, group, &axis, count + 2, 0, error));
    ALLOSTAT_TRY(put_texts(&self, &(words){"part_name", "", "part of the combination"},
                           text, length_scale, error));
    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        ALLOSTAT_TRY(put_combined(&self, all->combination, o, false, error));
        ALLOSTAT_TRY(put_combined(&self, all->combination, o, true, error));
    }
cleanup:
    table_free(&self);
    allostat_h5_close(length_scale);
    allostat_h5_close(group);
    return status;
}

/* ---- the file
 * -------------------------------------------------------------------------------------
 */

static allostat_status put_all(hid_t file, const allostat_stored_contrasts *all,
                               allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_scenario *base = all->item[0].contrast->base->scenario;
    char source[ALLOSTAT_TEXT_SIZE], title[2 * ALLOSTAT_TEXT_SIZE];

    snprintf(source, sizeof source, "allostat %s", allostat_version());
    snprintf(title, sizeof title, "policies against %s",
             base->epochs[0].params.run_name);
    ALLOSTAT_TRY(allostat_h5_text(file, "Conventions", "CF-1.10", error));
    ALLOSTAT_TRY(allostat_h5_text(file, "title", title, error));
    ALLOSTAT_TRY(allostat_h5_text(file, "source", source, error));
    for (int32_t i = 0; i < all->count; i++)
        ALLOSTAT_TRY(put_policy(file, &all->item[i], i + 1, error));
    if (all->combination != NULL) ALLOSTAT_TRY(put_combination(file, all, error));
    ALLOSTAT_TRY(put_provenance(file, base, all->base_version, NULL, error));
cleanup:
    return status;
}

allostat_status allostat_store_contrasts(const char *path, bool force,
                                         const allostat_stored_contrasts *all,
                                         char digest[ALLOSTAT_DIGEST_SIZE],
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_reporting before = allostat_h5_quiet_begin();
    const hid_t file = allostat_h5_create_in_memory(1);
    void *image = NULL;
    size_t size = 0;

    if (file < 0) {
        status = ALLOSTAT_H5_FAIL(error, "creating", "a file in memory");
        goto cleanup;
    }
    ALLOSTAT_TRY(put_all(file, all, error));
    ALLOSTAT_TRY(allostat_h5_copy_image(file, &image, &size, error));
    ALLOSTAT_TRY(allostat_whole_file_write(path, force, image, size, error));
    allostat_digest_bytes(image, size, digest);
cleanup:
    free(image);
    allostat_h5_close(file);
    allostat_h5_quiet_end(before);
    return status;
}
