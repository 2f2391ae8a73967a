#include "io/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    hid_t second;
    const char *left_out;
    allostat_comparison *found;
    allostat_status status;
    allostat_error *error;
} comparison;

/* The values of a dataset as int64_t, double or single letters. */
typedef struct {
    H5T_class_t kind;
    int rank;
    hsize_t size[ALLOSTAT_H5_RANK_MAX];
    size_t count, bytes_each;
    char *bytes;
} values;

static hid_t memory_type(H5T_class_t kind)
{
    if (kind == H5T_INTEGER) return H5T_NATIVE_INT64;
    return kind == H5T_FLOAT ? H5T_NATIVE_DOUBLE : H5T_C_S1;
}

static bool read_shape(hid_t dataset, values *self)
{
    const hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    const hssize_t count = H5Sget_simple_extent_npoints(space);

    self->kind = H5Tget_class(type);
    self->rank = H5Sget_simple_extent_ndims(space);
    const bool letters = self->kind == H5T_STRING && H5Tget_size(type) == 1;
    const bool known = letters || self->kind == H5T_INTEGER || self->kind == H5T_FLOAT;
    const bool fits =
        known && count >= 0 && self->rank >= 0 && self->rank <= ALLOSTAT_H5_RANK_MAX;

    if (fits) {
        H5Sget_simple_extent_dims(space, self->size, NULL);
        self->count = (size_t)count;
        self->bytes_each = letters ? 1 : sizeof(int64_t);
    }
    allostat_h5_close(space);
    allostat_h5_close(type);
    return fits;
}

static allostat_status read_values(hid_t file, const char *name, values *self,
                                   allostat_error *error)
{
    const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    char reason[ALLOSTAT_H5_REASON_SIZE];
    allostat_status status = ALLOSTAT_OK;

    if (dataset < 0 || !read_shape(dataset, self)) {
        status =
            ALLOSTAT_FAIL(error, DATA, "%s is damaged or no dataset of ours", name);
        goto cleanup;
    }
    self->bytes = calloc(self->count + 1, self->bytes_each);
    if (self->bytes == NULL) {
        status = ALLOSTAT_FAIL(error, NO_MEMORY, "dataset %s", name);
    } else if (H5Dread(dataset, memory_type(self->kind), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                       self->bytes) < 0) {
        allostat_h5_reason(reason);
        status = ALLOSTAT_FAIL(error, DATA, "%s cannot be read (%s)", name, reason);
    }
cleanup:
    allostat_h5_close(dataset);
    return status;
}

static bool same_shape(const values *a, const values *b)
{
    return a->kind == b->kind && a->rank == b->rank && a->count == b->count &&
           memcmp(a->size, b->size, (size_t)a->rank * sizeof a->size[0]) == 0;
}

static void format_value(const values *self, size_t i,
                         char text[ALLOSTAT_COMPARE_VALUE_SIZE])
{
    const char *bytes = self->bytes + i * self->bytes_each;
    int64_t whole = 0;
    double real = 0.0;

    if (self->kind == H5T_INTEGER) {
        memcpy(&whole, bytes, sizeof whole);
        snprintf(text, ALLOSTAT_COMPARE_VALUE_SIZE, "%" PRId64, whole);
    } else if (self->kind == H5T_FLOAT) {
        memcpy(&real, bytes, sizeof real);
        snprintf(text, ALLOSTAT_COMPARE_VALUE_SIZE, "%.17g", real);
    } else {
        snprintf(text, ALLOSTAT_COMPARE_VALUE_SIZE, "byte %d",
                 (int)(unsigned char)bytes[0]);
    }
}

static void note(comparison *self, const char *name, const values *a, const values *b,
                 size_t i)
{
    allostat_comparison *found = self->found;

    if (found->differ_count++ > 0) return;
    snprintf(found->name, sizeof found->name, "%s", name);
    found->rank = -1;
    if (b == NULL) return;
    found->rank = a->rank;
    format_value(a, i, found->value[0]);
    format_value(b, i, found->value[1]);
    for (int axis = a->rank - 1; axis >= 0; axis--) {
        found->index[axis] = i % a->size[axis];
        i /= (size_t)a->size[axis];
    }
}

static allostat_status compare_dataset(comparison *self, hid_t first, const char *name)
{
    allostat_status status = ALLOSTAT_OK;
    values a = {0}, b = {0};

    self->found->dataset_count++;
    ALLOSTAT_TRY(read_values(first, name, &a, self->error));
    if (H5Lexists(self->second, name, H5P_DEFAULT) <= 0) {
        note(self, name, &a, NULL, 0);
        goto cleanup;
    }
    ALLOSTAT_TRY(read_values(self->second, name, &b, self->error));
    if (!same_shape(&a, &b)) {
        note(self, name, &a, NULL, 0);
    } else if (memcmp(a.bytes, b.bytes, a.count * a.bytes_each) != 0) {
        size_t byte = 0;
        while (a.bytes[byte] == b.bytes[byte]) byte++;
        note(self, name, &a, &b, byte / a.bytes_each);
    }
cleanup:
    free(a.bytes);
    free(b.bytes);
    return status;
}

/* Ends the walk with 1 after a failure. */
static herr_t visit(hid_t group, const char *name, const H5L_info_t *link, void *data)
{
    comparison *self = data;
    H5O_info_t facts;

    (void)link;
    if (self->left_out != NULL && strcmp(name, self->left_out) == 0) return 0;
    if (H5Oget_info_by_name(group, name, &facts, H5P_DEFAULT) < 0) {
        self->status =
            ALLOSTAT_FAIL(self->error, DATA, "%s cannot be found: damaged", name);
    } else if (facts.type == H5O_TYPE_DATASET) {
        self->status = compare_dataset(self, group, name);
    }
    return self->status != ALLOSTAT_OK;
}

allostat_status allostat_compare(hid_t first, hid_t second, const char *left_out,
                                 allostat_comparison *found, allostat_error *error)
{
    comparison self = {.second = second,
                       .left_out = left_out,
                       .found = found,
                       .status = ALLOSTAT_OK,
                       .error = error};

    memset(found, 0, sizeof *found);
    if (H5Lvisit(first, H5_INDEX_CRT_ORDER, H5_ITER_INC, visit, &self) < 0) {
        return ALLOSTAT_FAIL(error, DATA, "the list of datasets is damaged");
    }
    return self.status;
}
