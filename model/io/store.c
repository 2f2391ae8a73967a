#include "io/store.h"

#include "base/version.h"
#include "io/store_parts.h"
#include "io/whole_file.h"

#include <stdio.h>
#include <stdlib.h>

/* Bytes by which the file grows in memory. */
enum { MEMORY_STEP = 1 << 20 };

allostat_status allostat_store_check(const char *path, bool force,
                                     allostat_error *error)
{
    return allostat_whole_file_check(path, force, error);
}

static allostat_status write_whole_number(hid_t group, const char *name,
                                          const char *about, int64_t value,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_dataset spec = {
        .name = name, .type = ALLOSTAT_H5_INT64, .data = &value};
    hid_t dataset = 0;

    ALLOSTAT_TRY(allostat_h5_create(group, &spec, &dataset, error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "long_name", about, error));
cleanup:
    allostat_h5_close(dataset);
    return status;
}

allostat_status allostat_store_provenance(const allostat_store *store,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &store->results->scenario->epochs[0].params;
    char *configuration = NULL;
    hid_t group = 0;

    ALLOSTAT_TRY(
        allostat_scenario_to_yaml(store->results->scenario, &configuration, error));
    ALLOSTAT_TRY(allostat_h5_group(store->file, "provenance", &group, error));
    ALLOSTAT_TRY(
        allostat_store_write_text(group, "configuration",
                                  "the whole configuration; running it again with the "
                                  "same version gives this file",
                                  configuration, error));
    ALLOSTAT_TRY(allostat_store_write_text(group, "version", "version of the program",
                                           allostat_version(), error));
    ALLOSTAT_TRY(allostat_store_write_text(group, "digest", "what names this result",
                                           "the SHA-256 of this whole file", error));
    ALLOSTAT_TRY(write_whole_number(group, "schema",
                                    "version of the layout of this file",
                                    ALLOSTAT_STORE_SCHEMA, error));
    ALLOSTAT_TRY(write_whole_number(group, "seed", "key of every random draw",
                                    params->run_seed, error));
    ALLOSTAT_TRY(write_whole_number(group, "replicates",
                                    "independent repetitions of the run",
                                    store->results->replicate_count, error));
cleanup:
    allostat_h5_close(group);
    free(configuration);
    return status;
}

/* A file in memory that never touches the disk. */
static hid_t create_in_memory(void)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    const bool ready = access >= 0 && creation >= 0 &&
                       H5Pset_fapl_core(access, MEMORY_STEP, false) >= 0 &&
                       H5Pset_obj_track_times(creation, false) >= 0 &&
                       H5Pset_link_creation_order(creation, order) >= 0 &&
                       H5Pset_attr_creation_order(creation, order) >= 0;
    const hid_t file =
        ready ? H5Fcreate("allostat", H5F_ACC_TRUNC, creation, access) : -1;

    allostat_h5_close(creation);
    allostat_h5_close(access);
    return file;
}

/* The bytes the file would have on a disk. Caller frees *image. */
static allostat_status copy_image(hid_t file, void **image, size_t *size,
                                  allostat_error *error)
{
    if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) {
        return ALLOSTAT_H5_FAIL(error, "finishing", "the file");
    }
    const ssize_t length = H5Fget_file_image(file, NULL, 0);
    if (length <= 0) return ALLOSTAT_H5_FAIL(error, "finishing", "the file");
    *size = (size_t)length;
    *image = malloc(*size);
    if (*image == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a file of %zu bytes", *size);
    if (H5Fget_file_image(file, *image, *size) != length) {
        return ALLOSTAT_H5_FAIL(error, "finishing", "the file");
    }
    return ALLOSTAT_OK;
}

allostat_status allostat_store_build(const allostat_results *results, void **image,
                                     size_t *size, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_reporting before = allostat_h5_quiet_begin();
    allostat_store store = {.file = create_in_memory(), .results = results};

    if (store.file < 0) {
        status = ALLOSTAT_H5_FAIL(error, "creating", "a file in memory");
        goto cleanup;
    }
    ALLOSTAT_TRY(allostat_store_axes(&store, error));
    ALLOSTAT_TRY(allostat_store_series(&store, error));
    ALLOSTAT_TRY(allostat_store_deaths(&store, error));
    ALLOSTAT_TRY(allostat_store_parameters(&store, error));
    ALLOSTAT_TRY(allostat_store_provenance(&store, error));
    ALLOSTAT_TRY(copy_image(store.file, image, size, error));
cleanup:
    for (int i = 0; i < ALLOSTAT_OUTPUT_AXIS_COUNT; i++)
        allostat_h5_close(store.scale[i]);
    allostat_h5_close(store.file);
    allostat_h5_quiet_end(before);
    return status;
}

allostat_status allostat_store_write(const char *path, bool force,
                                     const allostat_results *results,
                                     char digest[ALLOSTAT_DIGEST_SIZE],
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    void *image = NULL;
    size_t size = 0;

    ALLOSTAT_TRY(allostat_store_build(results, &image, &size, error));
    ALLOSTAT_TRY(allostat_whole_file_write(path, force, image, size, error));
    allostat_digest_bytes(image, size, digest);
cleanup:
    free(image);
    return status;
}
