/* /parameters: one dataset a parameter, named by its path in YAML. A value that dated
 * events change has the axis `epoch`; a series, schedule, text or list that they change
 * is written again as `<path>_from_<date>`. */
#include "io/store_parts.h"
#include "params/value.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 160 };

typedef struct {
    const allostat_store *store;
    const allostat_scenario *scenario;
    hid_t group;
    hid_t text_length;               /* scale of the letters of texts */
    hid_t epoch;                     /* scale of the epochs; 0 when there is but one */
    hid_t axis[ALLOSTAT_AXIS_COUNT]; /* scales of vectors; those of the root included */
} writer;

static const void *member(const allostat_params *params,
                          const allostat_param_info *info)
{
    return (const char *)params + info->offset;
}

/* ---- what is said of each value
 * ------------------------------------------------------------ */

/* The file of an origin as seen from the folder of the main configuration, so that the
 * result does not depend on the folder the program was run in; the bare name when it
 * lies elsewhere. */
static const char *relative_file(const char *file, const char *config_path)
{
    const char *slash = config_path == NULL ? NULL : strrchr(config_path, '/');
    const size_t folder = slash == NULL ? 0 : (size_t)(slash - config_path) + 1;
    const char *last = strrchr(file, '/');

    if (config_path != NULL && strncmp(file, config_path, folder) == 0 &&
        file[folder] != '/') {
        return file + folder;
    }
    return last == NULL ? file : last + 1;
}

static allostat_status write_origin(const writer *self, hid_t dataset,
                                    const allostat_origin *origin,
                                    allostat_error *error)
{
    const char *file = relative_file(origin->file, self->store->results->config_path);
    char text[ALLOSTAT_PATH_SIZE + 16];

    if (origin->file[0] == '\0')
        return allostat_h5_text(dataset, "origin", "default", error);
    if (origin->line <= 0) return allostat_h5_text(dataset, "origin", file, error);
    snprintf(text, sizeof text, "%s:%d", file, origin->line);
    return allostat_h5_text(dataset, "origin", text, error);
}

static allostat_status describe(const writer *self, hid_t dataset,
                                const allostat_param_info *info, allostat_error *error)
{
    static const char *const kinds[] = {"number", "count",  "switch", "date",    "text",
                                        "labels", "vector", "series", "schedule"};
    static const char *const evidence[] = {"measured", "calibrated", "assumed",
                                           "choice"};
    allostat_status status = ALLOSTAT_OK;
    const allostat_origin *origin =
        &self->scenario->origins[info - allostat_param_table];
    const char *source = origin->source[0] != '\0' ? origin->source : info->source;

    ALLOSTAT_TRY(allostat_h5_text(dataset, "kind", kinds[info->kind], error));
    ALLOSTAT_TRY(
        allostat_h5_text(dataset, "evidence", evidence[info->evidence], error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "source", source, error));
    ALLOSTAT_TRY(write_origin(self, dataset, origin, error));
    if (info->kind == ALLOSTAT_KIND_date) {
        ALLOSTAT_TRY(allostat_store_mark_date(dataset, error));
    } else {
        ALLOSTAT_TRY(allostat_h5_text(dataset, "units", info->unit, error));
    }
    if (info->kind == ALLOSTAT_KIND_switch) {
        static const int8_t value[] = {0, 1};
        ALLOSTAT_TRY(allostat_h5_values(dataset, "flag_values", ALLOSTAT_H5_INT8, value,
                                        2, error));
        ALLOSTAT_TRY(allostat_h5_text(dataset, "flag_meanings", "off on", error));
    }
    /* texts have theirs already */
    if (info->kind != ALLOSTAT_KIND_text && info->kind != ALLOSTAT_KIND_labels) {
        ALLOSTAT_TRY(allostat_h5_text(dataset, "long_name", info->about, error));
    }
cleanup:
    return status;
}

/* ---- scales
 * -------------------------------------------------------------------------------- */

static allostat_status write_scale(const writer *self, const char *name,
                                   const int32_t *value, int32_t count, hid_t *scale,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_dataset spec = {.name = name,
                                      .type = ALLOSTAT_H5_INT32,
                                      .rank = 1,
                                      .size = {(hsize_t)count},
                                      .data = value};

    ALLOSTAT_TRY(allostat_h5_create(self->group, &spec, scale, error));
    ALLOSTAT_TRY(allostat_h5_make_scale(*scale, name, error));
cleanup:
    return status;
}

/* A scale 0, 1, 2, … */
static allostat_status write_counting_scale(const writer *self, const char *name,
                                            int32_t count, hid_t *scale,
                                            allostat_error *error)
{
    int32_t *const value = calloc((size_t)count, sizeof *value);

    if (value == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "axis %s", name);
    for (int32_t i = 0; i < count; i++) value[i] = i;
    const allostat_status status = write_scale(self, name, value, count, scale, error);
    free(value);
    return status;
}

/* The scale of an axis of vectors that the root group has not, with its names. */
static allostat_status write_axis(writer *self, allostat_axis axis, const char *name,
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &self->scenario->epochs[0].params;
    const int32_t count = allostat_axis_count(params, axis);
    const char *label[ALLOSTAT_AXIS_MAX];
    char names[NAME_SIZE];
    hid_t dataset = 0;

    for (int32_t i = 0; i < count; i++) label[i] = allostat_axis_label(params, axis, i);
    snprintf(names, sizeof names, "%s_name", name);
    const allostat_store_texts texts = {names, name, count, label};
    ALLOSTAT_TRY(write_counting_scale(self, name, count, &self->axis[axis], error));
    ALLOSTAT_TRY(allostat_store_mark_flags(self->axis[axis], count, label, error));
    ALLOSTAT_TRY(allostat_store_write_texts(self->group, &texts, self->axis[axis],
                                            self->text_length, &dataset, error));
cleanup:
    allostat_h5_close(dataset);
    return status;
}

static allostat_status write_epochs(writer *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t count = self->scenario->epoch_count;
    int32_t *const day = calloc((size_t)count, sizeof *day);

    if (day == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "%d epochs", (int)count);
    for (int32_t i = 0; i < count; i++) day[i] = self->scenario->epochs[i].first_day;
    ALLOSTAT_TRY(write_scale(self, "epoch", day, count, &self->epoch, error));
    ALLOSTAT_TRY(allostat_store_mark_date(self->epoch, error));
    ALLOSTAT_TRY(
        allostat_h5_text(self->epoch, "long_name", "first day the values hold", error));
cleanup:
    free(day);
    return status;
}

static size_t longest_text(const writer *self)
{
    size_t longest = 32; /* the names of the fixed axes fit */

    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        for (int32_t e = 0; e < self->scenario->epoch_count; e++) {
            const void *value = member(&self->scenario->epochs[e].params, info);
            const allostat_labels *labels = value;
            if (info->kind == ALLOSTAT_KIND_text && strlen(value) > longest) {
                longest = strlen(value);
            }
            for (int32_t j = 0; info->kind == ALLOSTAT_KIND_labels && j < labels->count;
                 j++) {
                if (strlen(labels->label[j]) > longest)
                    longest = strlen(labels->label[j]);
            }
        }
    }
    return longest;
}

static allostat_status write_scales(writer *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    self->axis[ALLOSTAT_AXIS_area] = self->store->scale[ALLOSTAT_OUTPUT_area];
    self->axis[ALLOSTAT_AXIS_sex] = self->store->scale[ALLOSTAT_OUTPUT_sex];
    ALLOSTAT_TRY(allostat_h5_length(self->group, "text_length", longest_text(self),
                                    &self->text_length, error));
    ALLOSTAT_TRY(write_axis(self, ALLOSTAT_AXIS_drug_type, "drug_type", error));
    ALLOSTAT_TRY(write_axis(self, ALLOSTAT_AXIS_treatment, "treatment", error));
    ALLOSTAT_TRY(write_axis(self, ALLOSTAT_AXIS_therapy, "therapy", error));
    if (self->scenario->epoch_count > 1) ALLOSTAT_TRY(write_epochs(self, error));
cleanup:
    return status;
}

/* ---- values
 * -------------------------------------------------------------------------------- */

static int32_t length_of(const writer *self, const allostat_param_info *info)
{
    if (info->kind != ALLOSTAT_KIND_vector) return 1;
    return allostat_axis_count(&self->scenario->epochs[0].params, info->axis);
}

static size_t size_of(const allostat_param_info *info)
{
    switch (info->kind) {
    case ALLOSTAT_KIND_count:
        return sizeof(int64_t);
    case ALLOSTAT_KIND_switch:
        return sizeof(bool);
    case ALLOSTAT_KIND_date:
        return sizeof(allostat_day);
    default:
        return sizeof(double);
    }
}

static allostat_h5_type type_of(const allostat_param_info *info)
{
    switch (info->kind) {
    case ALLOSTAT_KIND_count:
        return ALLOSTAT_H5_INT64;
    case ALLOSTAT_KIND_switch:
        return ALLOSTAT_H5_INT8;
    case ALLOSTAT_KIND_date:
        return ALLOSTAT_H5_INT32;
    default:
        return ALLOSTAT_H5_DOUBLE;
    }
}

/* Scalars and vectors: the value of every epoch, of the first one when none changes it.
 */
static allostat_status write_value(const writer *self, const allostat_param_info *info,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t epochs = self->scenario->epoch_count;
    const int32_t length = length_of(self, info);
    const size_t bytes = size_of(info) * (size_t)length;
    char *const cells = calloc((size_t)epochs, bytes);
    bool changed = false;
    hid_t dataset = 0;

    if (cells == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "values of %s", info->path);
    for (int32_t e = 0; e < epochs; e++) {
        memcpy(cells + (size_t)e * bytes,
               member(&self->scenario->epochs[e].params, info), bytes);
        changed |= memcmp(cells, cells + (size_t)e * bytes, bytes) != 0;
    }
    allostat_h5_dataset spec = {
        .name = info->path, .type = type_of(info), .data = cells};
    if (changed) {
        spec.size[spec.rank] = (hsize_t)epochs;
        spec.scale[spec.rank++] = self->epoch;
    }
    if (info->kind == ALLOSTAT_KIND_vector) {
        spec.size[spec.rank] = (hsize_t)length;
        spec.scale[spec.rank++] = self->axis[info->axis];
    }
    ALLOSTAT_TRY(allostat_h5_create(self->group, &spec, &dataset, error));
    ALLOSTAT_TRY(describe(self, dataset, info, error));
cleanup:
    allostat_h5_close(dataset);
    free(cells);
    return status;
}

static allostat_status write_series(const writer *self, const allostat_param_info *info,
                                    const char *name, const allostat_series *series,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char dates[NAME_SIZE];
    allostat_h5_dataset spec = {.name = name,
                                .type = ALLOSTAT_H5_DOUBLE,
                                .rank = 1,
                                .size = {(hsize_t)series->count},
                                .data = series->value};
    const bool linear = series->interpolation == ALLOSTAT_INTERPOLATE_linear;
    hid_t dataset = 0;

    snprintf(dates, sizeof dates, "%s_date", name);
    ALLOSTAT_TRY(
        write_scale(self, dates, series->day, series->count, &spec.scale[0], error));
    ALLOSTAT_TRY(allostat_store_mark_date(spec.scale[0], error));
    ALLOSTAT_TRY(allostat_h5_create(self->group, &spec, &dataset, error));
    ALLOSTAT_TRY(describe(self, dataset, info, error));
    ALLOSTAT_TRY(
        allostat_h5_text(dataset, "interpolation", linear ? "linear" : "step", error));
cleanup:
    allostat_h5_close(dataset);
    allostat_h5_close(spec.scale[0]);
    return status;
}

/* One column of whole numbers of a schedule, over its rows. */
static allostat_status write_column(const writer *self, const char *name, hid_t scale,
                                    const int32_t *value, int32_t count,
                                    allostat_error *error)
{
    hid_t dataset = 0;
    const allostat_h5_dataset spec = {.name = name,
                                      .type = ALLOSTAT_H5_INT32,
                                      .rank = 1,
                                      .size = {(hsize_t)count},
                                      .scale = {scale},
                                      .data = value};
    const allostat_status status =
        allostat_h5_create(self->group, &spec, &dataset, error);

    allostat_h5_close(dataset);
    return status;
}

static allostat_status write_keys(const writer *self, const char *name,
                                  const allostat_schedule *schedule, hid_t scale,
                                  allostat_error *error)
{
    static const char *const endings[] = {"sex", "age_from", "age_to"};
    allostat_status status = ALLOSTAT_OK;
    int32_t *const cells = calloc((size_t)schedule->count, sizeof *cells);
    char column[NAME_SIZE];

    if (cells == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "schedule %s", name);
    for (int k = 0; k < 3; k++) {
        for (int32_t i = 0; i < schedule->count; i++) {
            const allostat_schedule_row *row = &schedule->row[i];
            const int32_t keys[] = {(int32_t)row->sex, row->age_from, row->age_to};
            cells[i] = keys[k];
        }
        snprintf(column, sizeof column, "%s_%s", name, endings[k]);
        ALLOSTAT_TRY(write_column(self, column, scale, cells, schedule->count, error));
    }
cleanup:
    free(cells);
    return status;
}

static allostat_status write_schedule(const writer *self,
                                      const allostat_param_info *info, const char *name,
                                      const allostat_schedule *schedule,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char rows[NAME_SIZE];
    double *const cells = calloc((size_t)schedule->count, sizeof *cells);
    allostat_h5_dataset spec = {.name = name,
                                .type = ALLOSTAT_H5_DOUBLE,
                                .rank = 1,
                                .size = {(hsize_t)schedule->count},
                                .data = cells};
    hid_t dataset = 0;

    if (cells == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "schedule %s", name);
    for (int32_t i = 0; i < schedule->count; i++) cells[i] = schedule->row[i].value;
    snprintf(rows, sizeof rows, "%s_row", name);
    ALLOSTAT_TRY(
        write_counting_scale(self, rows, schedule->count, &spec.scale[0], error));
    ALLOSTAT_TRY(write_keys(self, name, schedule, spec.scale[0], error));
    ALLOSTAT_TRY(allostat_h5_create(self->group, &spec, &dataset, error));
    ALLOSTAT_TRY(describe(self, dataset, info, error));
cleanup:
    allostat_h5_close(dataset);
    allostat_h5_close(spec.scale[0]);
    free(cells);
    return status;
}

static allostat_status write_words(const writer *self, const allostat_param_info *info,
                                   const char *name, const void *value,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_labels *labels = value;
    const bool list = info->kind == ALLOSTAT_KIND_labels;
    const char *word[ALLOSTAT_AREAS_MAX] = {value};
    char numbers[NAME_SIZE];
    hid_t scale = 0, dataset = 0;

    for (int32_t i = 0; list && i < labels->count; i++) word[i] = labels->label[i];
    snprintf(numbers, sizeof numbers, "%s_number", name);
    const allostat_store_texts texts = {name, info->about, list ? labels->count : 1,
                                        word};
    if (list) {
        ALLOSTAT_TRY(write_counting_scale(self, numbers, labels->count, &scale, error));
    }
    ALLOSTAT_TRY(allostat_store_write_texts(self->group, &texts, scale,
                                            self->text_length, &dataset, error));
    ALLOSTAT_TRY(describe(self, dataset, info, error));
cleanup:
    allostat_h5_close(dataset);
    allostat_h5_close(scale);
    return status;
}

/* ---- kinds that live behind a pointer
 * ------------------------------------------------------- */

static allostat_status write_named(const writer *self, const allostat_param_info *info,
                                   const char *name, const void *value,
                                   allostat_error *error)
{
    switch (info->kind) {
    case ALLOSTAT_KIND_series:
        return write_series(self, info, name, value, error);
    case ALLOSTAT_KIND_schedule:
        return write_schedule(self, info, name, value, error);
    default:
        return write_words(self, info, name, value, error);
    }
}

static allostat_status write_changes(const writer *self,
                                     const allostat_param_info *info,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_epoch *epochs = self->scenario->epochs;
    const int32_t id = (int32_t)(info - allostat_param_table);
    char name[NAME_SIZE], date[ALLOSTAT_DATE_TEXT_SIZE];

    ALLOSTAT_TRY(
        write_named(self, info, info->path, member(&epochs[0].params, info), error));
    for (int32_t e = 1; e < self->scenario->epoch_count; e++) {
        const void *value = member(&epochs[e].params, info);
        if (allostat_value_equal(id, &epochs[e - 1].params, &epochs[e].params))
            continue;
        allostat_day_format(epochs[e].first_day, date);
        snprintf(name, sizeof name, "%s_from_%s", info->path, date);
        ALLOSTAT_TRY(write_named(self, info, name, value, error));
    }
cleanup:
    return status;
}

allostat_status allostat_store_parameters(const allostat_store *store,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    writer self = {.store = store, .scenario = store->results->scenario};

    ALLOSTAT_TRY(allostat_h5_group(store->file, "parameters", &self.group, error));
    ALLOSTAT_TRY(write_scales(&self, error));
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        const bool plain =
            info->kind <= ALLOSTAT_KIND_date || info->kind == ALLOSTAT_KIND_vector;
        ALLOSTAT_TRY(plain ? write_value(&self, info, error)
                           : write_changes(&self, info, error));
    }
cleanup:
    allostat_h5_close(self.axis[ALLOSTAT_AXIS_drug_type]);
    allostat_h5_close(self.axis[ALLOSTAT_AXIS_treatment]);
    allostat_h5_close(self.axis[ALLOSTAT_AXIS_therapy]);
    allostat_h5_close(self.epoch);
    allostat_h5_close(self.text_length);
    allostat_h5_close(self.group);
    return status;
}
