#include "io/store.h"

#include "base/version.h"
#include "io/store_parts.h"
#include "io/whole_file.h"

#include <stdio.h>
#include <stdlib.h>

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

allostat_status allostat_store_build(const allostat_results *results, void **image,
                                     size_t *size, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_reporting before = allostat_h5_quiet_begin();
    allostat_store store = {.file =
                                allostat_h5_create_in_memory(results->replicate_count),
                            .results = results};

    if (store.file < 0) {
        status = ALLOSTAT_H5_FAIL(error, "creating", "a file in memory");
        goto cleanup;
    }
    ALLOSTAT_TRY(allostat_store_axes(&store, error));
    ALLOSTAT_TRY(allostat_store_series(&store, error));
    ALLOSTAT_TRY(allostat_store_deaths(&store, error));
    ALLOSTAT_TRY(allostat_store_parameters(&store, error));
    ALLOSTAT_TRY(allostat_store_provenance(&store, error));
    ALLOSTAT_TRY(allostat_h5_copy_image(store.file, image, size, error));
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
