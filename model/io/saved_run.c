#include "io/saved_run.h"

#include "io/h5.h"
#include "params/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 160 };

/* ---- the scenario in a file
 * ---------------------------------------------------------------------- */

/* The configuration as text; the caller frees it. */
static allostat_status read_configuration(hid_t file, const char *path, char **text,
                                          allostat_error *error)
{
    const hid_t dataset = H5Dopen2(file, "provenance/configuration", H5P_DEFAULT);
    const hid_t space = dataset < 0 ? -1 : H5Dget_space(dataset);
    const hssize_t length = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    allostat_status status = ALLOSTAT_OK;

    *text = length > 0 ? calloc((size_t)length + 1, 1) : NULL;
    if (*text == NULL ||
        H5Dread(dataset, H5T_C_S1, H5S_ALL, H5S_ALL, H5P_DEFAULT, *text) < 0) {
        status =
            ALLOSTAT_FAIL(error, DATA, "%s: the configuration in it is damaged", path);
    }
    allostat_h5_close(space);
    allostat_h5_close(dataset);
    return status;
}

static allostat_status load(allostat_scenario *scenario, const char *path,
                            const char *text, allostat_error *error)
{
    allostat_mistakes mistakes = {0};
    allostat_status status = allostat_scenario_load_text(
        scenario, "the configuration in the file", text, &mistakes, error);

    if (mistakes.count > 0) {
        status =
            ALLOSTAT_FAIL(error, DATA, "%s: the configuration in it has mistakes: %s",
                          path, mistakes.text);
    }
    allostat_mistakes_free(&mistakes);
    return status;
}

/* Where a value came from is told beside it, as "default", "--set" or "file:line". */
static void restore_origin(hid_t dataset, const allostat_param_info *info,
                           allostat_origin *origin)
{
    char text[ALLOSTAT_PATH_SIZE], source[ALLOSTAT_MESSAGE_SIZE];

    memset(origin, 0, sizeof *origin);
    allostat_h5_read_text(dataset, "source", source, sizeof source);
    allostat_h5_read_text(dataset, "origin", text, sizeof text);
    if (strcmp(source, info->source) != 0)
        memcpy(origin->source, source, sizeof source);
    if (strcmp(text, "default") == 0) return;
    char *colon = strrchr(text, ':');
    if (colon != NULL) {
        origin->line = (int)strtol(colon + 1, NULL, 10);
        *colon = '\0';
    }
    memcpy(origin->file, text, sizeof text);
}

static bool is_same_in_all_epochs(int32_t id, const allostat_scenario *a,
                                  const allostat_scenario *b)
{
    for (int32_t i = 0; i < a->epoch_count; i++) {
        const allostat_epoch *epoch = &a->epochs[i];
        const allostat_params *other = allostat_scenario_params(b, epoch->first_day);

        if (!allostat_value_equal(id, &epoch->params, other)) return false;
    }
    return true;
}

static bool is_as_in(const allostat_scenario *base, const allostat_scenario *scenario,
                     int32_t id)
{
    return is_same_in_all_epochs(id, base, scenario) &&
           is_same_in_all_epochs(id, scenario, base);
}

/* Where there is a base, only of what is not as in it. */
static void restore_origins(hid_t file, const allostat_scenario *base,
                            allostat_scenario *scenario)
{
    char name[NAME_SIZE];

    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];

        if (base != NULL && is_as_in(base, scenario, i)) continue;
        snprintf(name, sizeof name, "parameters/%s", info->path);
        const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
        if (dataset < 0) continue; /* of another version; its value is the default */
        restore_origin(dataset, info, &scenario->origins[i]);
        allostat_h5_close(dataset);
    }
}

allostat_status allostat_saved_scenario_init(allostat_scenario *scenario,
                                             const char *path,
                                             const allostat_scenario *base,
                                             allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_h5_reporting before = allostat_h5_quiet_begin();
    char *text = NULL;
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);

    *scenario = (allostat_scenario){0};
    ALLOSTAT_TRY(read_configuration(file, path, &text, error));
    ALLOSTAT_TRY(load(scenario, path, text, error));
    restore_origins(file, base, scenario);
cleanup:
    free(text);
    allostat_h5_close(file);
    allostat_h5_quiet_end(before);
    return status;
}

/* ---- series and scenario
 * ------------------------------------------------------------------------- */

/* A file whose configuration says something else than its series was tampered with. */
static allostat_status check_agreement(const allostat_stored *stored,
                                       const allostat_scenario *scenario,
                                       const char *path, allostat_error *error)
{
    const allostat_params *params = &scenario->epochs[0].params;
    const bool agree = params->run_seed == stored->seed &&
                       params->run_start == stored->start &&
                       params->run_output_start == stored->output_start &&
                       params->run_end == stored->end &&
                       params->run_replicates == stored->replicate_count &&
                       params->geography_areas.count == stored->areas.count;

    if (agree) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, DATA,
                         "%s: the configuration in it is not that of its series; try: "
                         "allostat verify %s",
                         path, path);
}

allostat_status allostat_saved_series_init(allostat_stored *stored, const char *path,
                                           const allostat_scenario *scenario,
                                           allostat_stored_wanted wanted,
                                           allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_stored_init_some(stored, path, wanted, error));
    ALLOSTAT_TRY(check_agreement(stored, scenario, path, error));
cleanup:
    return status;
}

/* HDF5 reads what stands around the data once while a file is held open. */
static hid_t hold(const char *path)
{
    const allostat_h5_reporting before = allostat_h5_quiet_begin();
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);

    allostat_h5_quiet_end(before);
    return file;
}

allostat_status allostat_saved_run_init(allostat_saved_run *run, const char *path,
                                        allostat_saved_wanted wanted,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const hid_t held = hold(path); /* readers say what is wrong with it */

    memset(run, 0, sizeof *run);
    ALLOSTAT_TRY(allostat_stored_init_some(&run->stored, path, wanted.stored, error));
    ALLOSTAT_TRY(
        allostat_saved_scenario_init(&run->scenario, path, wanted.base, error));
    ALLOSTAT_TRY(check_agreement(&run->stored, &run->scenario, path, error));
    /* The empty path: origins are told as they are. */
    run->results = (allostat_results){&run->scenario, "", run->stored.replicate,
                                      run->stored.replicate_count};
cleanup:
    allostat_h5_close(held);
    return status;
}

void allostat_saved_run_free(allostat_saved_run *run)
{
    allostat_scenario_free(&run->scenario);
    allostat_stored_free(&run->stored);
    memset(run, 0, sizeof *run);
}
