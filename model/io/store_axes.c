/* The axes of the root group. A scale holds whole numbers, dates or levels; readable
 * names stand beside it (`area_name` beside `area`) as texts of equal length, the one
 * kind of text that ncdump, xarray, h5py and R all read (netCDF-C 4.9 crashes on longer
 * fixed-length strings). */
#include "io/store_parts.h"

#include "base/text.h"
#include "base/version.h"
#include "io/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *about;
    const char *names_about; /* of the texts beside it; NULL for none */
} axis_info;

static const axis_info axes[ALLOSTAT_OUTPUT_AXIS_COUNT] = {
    [ALLOSTAT_OUTPUT_replicate] = {"number of the repetition of the run", NULL},
    [ALLOSTAT_OUTPUT_month] = {"first day of the month", NULL},
    [ALLOSTAT_OUTPUT_area] = {"number of the local health area", "local health area"},
    [ALLOSTAT_OUTPUT_sex] = {"number of the sex", "sex"},
    [ALLOSTAT_OUTPUT_age_group] = {"number of the age group", "age group in years"},
    [ALLOSTAT_OUTPUT_place] = {"number of the kind of place", "kind of place"},
    [ALLOSTAT_OUTPUT_quantile] = {"share of active users below the value", NULL},
    [ALLOSTAT_OUTPUT_year] = {"calendar year", NULL},
    [ALLOSTAT_OUTPUT_group] =
        {"number of the group of people",
         "group of people; everybody is in one of each dimension"},
};

allostat_status allostat_store_write_texts(hid_t group,
                                           const allostat_store_texts *texts,
                                           hid_t scale, hid_t length_scale,
                                           hid_t *dataset, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    hsize_t length = 0;
    const int axis = scale > 0 ? 1 : 0; /* which axis is the length */
    const hid_t space = H5Dget_space(length_scale);
    allostat_h5_dataset spec = {
        .name = texts->name, .type = ALLOSTAT_H5_CHAR, .rank = axis + 1};

    H5Sget_simple_extent_dims(space, &length, NULL);
    allostat_h5_close(space);
    char *const cells = calloc((size_t)texts->count * (size_t)length, 1);
    if (cells == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "texts of %s", texts->name);
    for (int32_t i = 0; i < texts->count; i++) {
        memcpy(cells + (size_t)i * (size_t)length, texts->text[i],
               strnlen(texts->text[i], (size_t)length));
    }
    spec.size[0] = (hsize_t)texts->count;
    spec.scale[0] = scale;
    spec.size[axis] = length;
    spec.scale[axis] = length_scale;
    spec.data = cells;
    ALLOSTAT_TRY(allostat_h5_create(group, &spec, dataset, error));
    ALLOSTAT_TRY(allostat_h5_text(*dataset, "long_name", texts->about, error));
    ALLOSTAT_TRY(allostat_h5_text(*dataset, "_Encoding", "utf-8", error));
cleanup:
    free(cells);
    return status;
}

allostat_status allostat_store_write_text(hid_t group, const char *name,
                                          const char *about, const char *text,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_store_texts texts = {name, about, 1, &text};
    const size_t length = strlen(text);
    char length_name[ALLOSTAT_TEXT_SIZE];
    hid_t length_scale = 0, dataset = 0;

    snprintf(length_name, sizeof length_name, "%s_length", name);
    ALLOSTAT_TRY(allostat_h5_length(group, length_name, length > 0 ? length : 1,
                                    &length_scale, error));
    ALLOSTAT_TRY(
        allostat_store_write_texts(group, &texts, 0, length_scale, &dataset, error));
cleanup:
    allostat_h5_close(dataset);
    allostat_h5_close(length_scale);
    return status;
}

allostat_status allostat_store_mark_date(hid_t dataset, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_h5_text(dataset, "units", "days since 1970-01-01", error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "calendar", "proleptic_gregorian", error));
cleanup:
    return status;
}

/* Meanings are parted by blanks, so a label may hold none; comma and quotes go the same
 * way. */
static allostat_status append_meaning(allostat_text *meanings, const char *label,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (meanings->length > 0) ALLOSTAT_TRY(allostat_text_append(meanings, error, " "));
    for (const char *next = label; *next != '\0'; next++) {
        const char letter = strchr(" \t\n,;'\"", *next) != NULL ? '_' : *next;
        ALLOSTAT_TRY(allostat_text_append_bytes(meanings, &letter, 1, error));
    }
cleanup:
    return status;
}

allostat_status allostat_store_mark_flags(hid_t dataset, int32_t count,
                                          const char *const *label,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_text meanings = {0};
    int32_t value[ALLOSTAT_AXIS_MAX];

    for (int32_t i = 0; i < count && i < ALLOSTAT_AXIS_MAX; i++) {
        value[i] = i;
        ALLOSTAT_TRY(append_meaning(&meanings, label[i], error));
    }
    ALLOSTAT_TRY(allostat_h5_values(dataset, "flag_values", ALLOSTAT_H5_INT32, value,
                                    (hsize_t)count, error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "flag_meanings", meanings.data, error));
cleanup:
    allostat_text_free(&meanings);
    return status;
}

static allostat_status write_scale(allostat_store *store, allostat_output_axis axis,
                                   allostat_h5_type type, const void *data,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_dataset spec = {.name = allostat_output_axis_names[axis],
                                      .type = type,
                                      .rank = 1,
                                      .size = {store->size[axis]},
                                      .data = data};

    ALLOSTAT_TRY(allostat_h5_create(store->file, &spec, &store->scale[axis], error));
    ALLOSTAT_TRY(allostat_h5_make_scale(store->scale[axis],
                                        allostat_output_axis_names[axis], error));
    ALLOSTAT_TRY(
        allostat_h5_text(store->scale[axis], "long_name", axes[axis].about, error));
cleanup:
    return status;
}

/* A scale first, first + 1, …; months are given as their first days. */
static allostat_status write_counting_scale(allostat_store *store,
                                            allostat_output_axis axis, int32_t first,
                                            allostat_error *error)
{
    const int32_t count = (int32_t)store->size[axis];
    int32_t *const value = calloc((size_t)count, sizeof *value);

    if (value == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "axis %s",
                             allostat_output_axis_names[axis]);
    for (int32_t i = 0; i < count; i++) {
        value[i] = axis == ALLOSTAT_OUTPUT_month ? allostat_month_first_day(first + i)
                                                 : first + i;
    }
    const allostat_status status =
        write_scale(store, axis, ALLOSTAT_H5_INT32, value, error);
    free(value);
    return status;
}

static allostat_status write_names(allostat_store *store, allostat_output_axis axis,
                                   const char *const *label, hid_t length_scale,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char name[64];
    const allostat_store_texts texts = {name, axes[axis].names_about,
                                        (int32_t)store->size[axis], label};
    hid_t dataset = 0;

    snprintf(name, sizeof name, "%s_name", allostat_output_axis_names[axis]);
    ALLOSTAT_TRY(
        allostat_store_mark_flags(store->scale[axis], texts.count, label, error));
    ALLOSTAT_TRY(allostat_store_write_texts(store->file, &texts, store->scale[axis],
                                            length_scale, &dataset, error));
cleanup:
    allostat_h5_close(dataset);
    return status;
}

/* The labels of every axis that has them, and the length of the longest. */
typedef struct {
    const char *label[ALLOSTAT_OUTPUT_AXIS_COUNT][ALLOSTAT_AXIS_MAX];
    size_t longest;
} all_labels;

static void collect(all_labels *labels, allostat_output_axis axis, int32_t i,
                    const char *label)
{
    labels->label[axis][i] = label;
    if (strlen(label) > labels->longest) labels->longest = strlen(label);
}

static void collect_labels(const allostat_store *store, all_labels *labels)
{
    const allostat_params *params = &store->results->scenario->epochs[0].params;

    labels->longest = 1;
    for (int32_t i = 0; i < params->geography_areas.count; i++) {
        collect(labels, ALLOSTAT_OUTPUT_area, i, params->geography_areas.label[i]);
    }
    for (int32_t i = 0; i < ALLOSTAT_SEX_COUNT; i++) {
        collect(labels, ALLOSTAT_OUTPUT_sex, i,
                allostat_axis_label(params, ALLOSTAT_AXIS_sex, i));
    }
    for (int32_t i = 0; i < ALLOSTAT_AGE_GROUP_COUNT; i++) {
        collect(labels, ALLOSTAT_OUTPUT_age_group, i, allostat_age_group_labels[i]);
    }
    for (int32_t i = 0; i < ALLOSTAT_PLACE_COUNT; i++) {
        collect(labels, ALLOSTAT_OUTPUT_place, i, allostat_place_labels[i]);
    }
    for (int32_t i = 0; i < ALLOSTAT_GROUP_COUNT; i++) {
        collect(labels, ALLOSTAT_OUTPUT_group, i, allostat_groups[i].label);
    }
}

/* What the groups are groups of. */
static allostat_status write_dimensions(const allostat_store *store, hid_t length_scale,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const char *name[ALLOSTAT_GROUP_COUNT];
    const allostat_store_texts texts = {"group_dimension", "what the group is one of",
                                        ALLOSTAT_GROUP_COUNT, name};
    hid_t dataset = 0;

    for (int32_t i = 0; i < ALLOSTAT_GROUP_COUNT; i++)
        name[i] = allostat_groups[i].dimension;
    ALLOSTAT_TRY(allostat_store_write_texts(store->file, &texts,
                                            store->scale[ALLOSTAT_OUTPUT_group],
                                            length_scale, &dataset, error));
cleanup:
    allostat_h5_close(dataset);
    return status;
}

static allostat_status write_all_names(allostat_store *store, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    hid_t length_scale = 0;
    all_labels labels = {0};

    collect_labels(store, &labels);
    ALLOSTAT_TRY(allostat_h5_length(store->file, "name_length", labels.longest,
                                    &length_scale, error));
    for (allostat_output_axis axis = 0; axis < ALLOSTAT_OUTPUT_AXIS_COUNT; axis++) {
        if (axes[axis].names_about == NULL) continue;
        ALLOSTAT_TRY(write_names(store, axis, labels.label[axis], length_scale, error));
    }
    ALLOSTAT_TRY(write_dimensions(store, length_scale, error));
cleanup:
    allostat_h5_close(length_scale);
    return status;
}

/* What the file says of itself, in the words of CF. */
static allostat_status write_title(const allostat_store *store, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &store->results->scenario->epochs[0].params;
    const int32_t schema = ALLOSTAT_STORE_SCHEMA;
    char source[ALLOSTAT_TEXT_SIZE];

    snprintf(source, sizeof source, "allostat %s", allostat_version());
    ALLOSTAT_TRY(allostat_h5_text(store->file, "Conventions", "CF-1.10", error));
    ALLOSTAT_TRY(allostat_h5_text(store->file, "title", params->run_name, error));
    ALLOSTAT_TRY(
        allostat_h5_text(store->file, "summary", params->run_description, error));
    ALLOSTAT_TRY(allostat_h5_text(store->file, "source", source, error));
    ALLOSTAT_TRY(allostat_h5_values(store->file, "allostat_schema", ALLOSTAT_H5_INT32,
                                    &schema, 1, error));
cleanup:
    return status;
}

static void measure(allostat_store *store)
{
    const allostat_results *results = store->results;

    for (allostat_output_axis axis = 0; axis < ALLOSTAT_OUTPUT_AXIS_COUNT; axis++) {
        store->size[axis] = (hsize_t)allostat_output_axis_size(
            &results->replicate[0], results->replicate_count, axis);
    }
}

allostat_status allostat_store_axes(allostat_store *store, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_records *records = &store->results->replicate[0];

    measure(store);
    ALLOSTAT_TRY(write_title(store, error));
    ALLOSTAT_TRY(write_counting_scale(store, ALLOSTAT_OUTPUT_replicate, 0, error));
    ALLOSTAT_TRY(write_counting_scale(store, ALLOSTAT_OUTPUT_month,
                                      records->first_month, error));
    ALLOSTAT_TRY(allostat_store_mark_date(store->scale[ALLOSTAT_OUTPUT_month], error));
    ALLOSTAT_TRY(allostat_h5_text(store->scale[ALLOSTAT_OUTPUT_month], "standard_name",
                                  "time", error));
    ALLOSTAT_TRY(write_counting_scale(store, ALLOSTAT_OUTPUT_area, 0, error));
    ALLOSTAT_TRY(write_counting_scale(store, ALLOSTAT_OUTPUT_sex, 0, error));
    ALLOSTAT_TRY(write_counting_scale(store, ALLOSTAT_OUTPUT_age_group, 0, error));
    ALLOSTAT_TRY(write_counting_scale(store, ALLOSTAT_OUTPUT_place, 0, error));
    ALLOSTAT_TRY(write_scale(store, ALLOSTAT_OUTPUT_quantile, ALLOSTAT_H5_DOUBLE,
                             allostat_quantile_levels, error));
    ALLOSTAT_TRY(
        allostat_h5_text(store->scale[ALLOSTAT_OUTPUT_quantile], "units", "1", error));
    ALLOSTAT_TRY(
        write_counting_scale(store, ALLOSTAT_OUTPUT_year, records->first_year, error));
    ALLOSTAT_TRY(write_counting_scale(store, ALLOSTAT_OUTPUT_group, 0, error));
    ALLOSTAT_TRY(write_all_names(store, error));
cleanup:
    return status;
}
