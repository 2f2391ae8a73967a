/* The series of the root group, each with the words of CF. */
#include "io/store_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The axes of all series, named together. */
typedef struct {
    const allostat_store *store;
    hobj_ref_t scale[ALLOSTAT_OUTPUT_AXIS_COUNT];
    allostat_h5_use (*use)[ALLOSTAT_ROW_COUNT]; /* of each scale */
    hsize_t count[ALLOSTAT_OUTPUT_AXIS_COUNT];
} naming;

static allostat_h5_dataset dataset_of(const allostat_store *store,
                                      const allostat_row *row)
{
    allostat_h5_dataset spec = {.name = row->name,
                                .type =
                                    row->whole ? ALLOSTAT_H5_INT32 : ALLOSTAT_H5_DOUBLE,
                                .rank = row->rank,
                                .packed = true};

    for (int i = 0; i < row->rank; i++) spec.size[i] = store->size[row->axis[i]];
    return spec;
}

/* One chunk a replicate, straight from the replicate's own array. */
static allostat_status write_replicates(const allostat_store *store, hid_t dataset,
                                        const allostat_h5_dataset *spec,
                                        const allostat_row *row, allostat_error *error)
{
    hsize_t start[ALLOSTAT_H5_RANK_MAX] = {0}, block[ALLOSTAT_H5_RANK_MAX];
    const hid_t type = allostat_h5_memory_type(spec->type);
    bool failed = false;

    memcpy(block, spec->size, sizeof block);
    block[0] = 1;
    const hid_t memory = H5Screate_simple(spec->rank, block, NULL);
    const hid_t space = H5Dget_space(dataset);
    for (int32_t i = 0; i < store->results->replicate_count && !failed; i++) {
        start[0] = (hsize_t)i;
        failed =
            H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, block, NULL) < 0 ||
            H5Dwrite(dataset, type, memory, space, H5P_DEFAULT,
                     allostat_row_values(row, &store->results->replicate[i])) < 0;
    }
    const allostat_status status =
        failed ? ALLOSTAT_H5_FAIL(error, "writing", spec->name) : ALLOSTAT_OK;
    allostat_h5_close(memory);
    allostat_h5_close(space);
    return status;
}

static const char *kind_of(const allostat_row *row)
{
    if (!row->whole) return row->quantiles ? "quantiles" : "mean";
    return row->info->kind == ALLOSTAT_SERIES_flow ? "flow" : "stock";
}

/* Names beside the axes, so that readers show them with the values. */
static const char *coordinates_of(const allostat_row *row)
{
    if (row->info->shape == ALLOSTAT_SHAPE_counted)
        return "area_name sex_name age_group_name";
    if (row->info->shape == ALLOSTAT_SHAPE_grouped) return "group_name group_dimension";
    return row->info->shape == ALLOSTAT_SHAPE_placed ? "place_name" : NULL;
}

static allostat_status describe(hid_t dataset, const allostat_row *row,
                                allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const bool monthly_flow = row->whole && row->info->kind == ALLOSTAT_SERIES_flow &&
                              row->info->shape != ALLOSTAT_SHAPE_yearly;

    ALLOSTAT_TRY(allostat_h5_text(dataset, "units", row->info->unit, error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "long_name", row->about, error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "kind", kind_of(row), error));
    if (monthly_flow) {
        ALLOSTAT_TRY(allostat_h5_text(dataset, "cell_methods", "month: sum", error));
    }
    ALLOSTAT_TRY(allostat_h5_text(dataset, "coordinates", coordinates_of(row), error));
    if (!row->whole) {
        const double missing = (double)NAN;
        ALLOSTAT_TRY(allostat_h5_values(dataset, "_FillValue", ALLOSTAT_H5_DOUBLE,
                                        &missing, 1, error));
    }
cleanup:
    return status;
}

static allostat_status begin_naming(naming *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    self->use = calloc(ALLOSTAT_OUTPUT_AXIS_COUNT, sizeof *self->use);
    if (self->use == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "axes of series");
    for (int axis = 0; axis < ALLOSTAT_OUTPUT_AXIS_COUNT; axis++)
        ALLOSTAT_TRY(
            allostat_h5_refer(self->store->scale[axis], &self->scale[axis], error));
cleanup:
    return status;
}

static allostat_status name_axes(naming *self, hid_t dataset, const allostat_row *row,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    hobj_ref_t scale[ALLOSTAT_H5_RANK_MAX], named;

    ALLOSTAT_TRY(allostat_h5_refer(dataset, &named, error));
    for (int i = 0; i < row->rank; i++) {
        const allostat_output_axis axis = row->axis[i];

        scale[i] = self->scale[axis];
        self->use[axis][self->count[axis]++] = (allostat_h5_use){named, i, 0};
    }
    ALLOSTAT_TRY(allostat_h5_name_axes(dataset, scale, row->rank, error));
cleanup:
    return status;
}

static allostat_status end_naming(const naming *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    for (int axis = 0; axis < ALLOSTAT_OUTPUT_AXIS_COUNT; axis++) {
        if (self->count[axis] == 0) continue;
        ALLOSTAT_TRY(allostat_h5_add_uses(self->store->scale[axis], self->use[axis],
                                          self->count[axis], error));
    }
cleanup:
    return status;
}

static allostat_status write_row(naming *names, const allostat_row *row,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_store *store = names->store;
    const allostat_h5_dataset spec = dataset_of(store, row);
    hid_t dataset = 0;

    ALLOSTAT_TRY(allostat_h5_create(store->file, &spec, &dataset, error));
    ALLOSTAT_TRY(name_axes(names, dataset, row, error));
    ALLOSTAT_TRY(describe(dataset, row, error));
    ALLOSTAT_TRY(write_replicates(store, dataset, &spec, row, error));
cleanup:
    allostat_h5_close(dataset);
    return status;
}

allostat_status allostat_store_series(const allostat_store *store,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    naming names = {.store = store};

    ALLOSTAT_TRY(begin_naming(&names, error));
    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        const allostat_row row = allostat_row_at(i);
        ALLOSTAT_TRY(write_row(&names, &row, error));
    }
    ALLOSTAT_TRY(end_naming(&names, error));
cleanup:
    free(names.use);
    return status;
}
