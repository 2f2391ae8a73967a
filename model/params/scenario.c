#include "params/scenario.h"

#include "base/nearest_file.h"
#include "params/events.h"
#include "params/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Everything at its default, one epoch. On failure what there is can be freed. */
static allostat_status make_defaults(allostat_scenario *scenario, allostat_error *error)
{
    *scenario = (allostat_scenario){0};
    scenario->epochs = calloc(1, sizeof *scenario->epochs);
    scenario->store = calloc(1, sizeof *scenario->store);
    if (scenario->epochs == NULL || scenario->store == NULL) {
        return ALLOSTAT_FAIL(error, NO_MEMORY, "for the parameters of a scenario");
    }
    scenario->epoch_count = 1;
    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        if (!allostat_value_default(&scenario->store->keep, id,
                                    &scenario->epochs[0].params)) {
            return ALLOSTAT_FAIL(error, NO_MEMORY, "for the default of '%s'",
                                 allostat_param_table[id].path);
        }
    }
    scenario->epochs[0].first_day = scenario->epochs[0].params.run_start;
    return ALLOSTAT_OK;
}

allostat_status allostat_scenario_defaults(allostat_scenario *scenario,
                                           allostat_error *error)
{
    const allostat_status status = make_defaults(scenario, error);

    if (status != ALLOSTAT_OK) allostat_scenario_free(scenario);
    return status;
}

typedef struct {
    const char *const *paths; /* [path_count], at least 1; later ones win */
    int32_t path_count;
    const char *text; /* of the configuration; NULL to read it from the one path */
    const char *const *sets;
    int32_t set_count;
} request;

static const allostat_source *open_source(allostat_report *report,
                                          const request *wanted, const char *path)
{
    if (wanted->text != NULL)
        return allostat_source_from_text(report, path, wanted->text);
    return allostat_source_read(report, path, false);
}

static void bind(allostat_loader *loader, allostat_scenario *scenario)
{
    const allostat_report *report = loader->binder.report;

    allostat_bind_all(loader);
    if (report->pool->failed || loader->layers.first == NULL) return;
    scenario->epochs[0].first_day = loader->params->run_start;
    allostat_bind_check(loader);
    allostat_events_apply(loader, scenario);
}

/* One of the named files, with all that it extends. Only a failure to open it is an
 * error here; all else goes to the report. */
static allostat_status read_file(allostat_loader *loader, const request *wanted,
                                 const char *path, allostat_error *error)
{
    allostat_report *report = loader->binder.report;
    const char *root = loader->layers.root;
    const allostat_source *source =
        root != NULL ? open_source(report, wanted, path) : NULL;

    if (report->pool->failed) return ALLOSTAT_OK;
    if (source == NULL) {
        const char *reason = strerror(errno);
        char hint[ALLOSTAT_FILE_HINT_SIZE];

        allostat_nearest_file_hint(path, hint);
        allostat_error_blame(error, path, 0, 0);
        return ALLOSTAT_FAIL(error, NO_INPUT, "the configuration cannot be read (%s)%s",
                             reason, hint);
    }
    if (path != wanted->paths[0] && !allostat_source_inside(report->pool, root, path)) {
        allostat_report_add(report, (allostat_source_place){source, 1, 1},
                            "this file is outside the folder of %s: mark a folder "
                            "around both with an empty file '.allostat'",
                            wanted->paths[0]);
    }
    allostat_layers_add_file(&loader->layers, source);
    return ALLOSTAT_OK;
}

static allostat_status read_all(allostat_loader *loader, allostat_scenario *scenario,
                                const request *wanted, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    loader->binder.root = loader->layers.root =
        allostat_source_root(loader->binder.report->pool, wanted->paths[0]);
    for (int32_t i = 0; i < wanted->path_count; i++)
        ALLOSTAT_TRY(read_file(loader, wanted, wanted->paths[i], error));
    for (int32_t i = 0; i < wanted->set_count; i++) {
        allostat_layers_add_set(&loader->layers, wanted->sets[i]);
    }
    bind(loader, scenario);
cleanup:
    return status;
}

static allostat_status load(allostat_scenario *scenario, const request *wanted,
                            allostat_mistakes *mistakes, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_pool pool = {0};
    allostat_report report = {.pool = &pool};
    allostat_loader *loader = calloc(1, sizeof *loader);

    if (loader == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "while reading the configuration");
    loader->binder =
        (allostat_binder){.report = &report, .keep = &scenario->store->keep};
    loader->layers.report = &report;
    loader->params = &scenario->epochs[0].params;
    loader->origins = scenario->origins;

    ALLOSTAT_TRY(read_all(loader, scenario, wanted, error));
    pool.failed = pool.failed || scenario->store->keep.failed;
    ALLOSTAT_TRY(allostat_report_finish(&report, mistakes, error));
cleanup:
    free(loader);
    allostat_pool_free(&pool);
    return status;
}

static allostat_status load_new(allostat_scenario *scenario, const request *wanted,
                                allostat_mistakes *mistakes, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    *mistakes = (allostat_mistakes){0};
    ALLOSTAT_TRY(make_defaults(scenario, error));
    ALLOSTAT_TRY(load(scenario, wanted, mistakes, error));
cleanup:
    if (status != ALLOSTAT_OK) allostat_scenario_free(scenario);
    return status;
}

allostat_status allostat_scenario_load(allostat_scenario *scenario, const char *path,
                                       const char *const *sets, int32_t set_count,
                                       allostat_mistakes *mistakes,
                                       allostat_error *error)
{
    const request wanted = {&path, 1, NULL, sets, set_count};

    return load_new(scenario, &wanted, mistakes, error);
}

allostat_status
allostat_scenario_load_layers(allostat_scenario *scenario, const char *const *paths,
                              const char *const *sets, int32_t set_count,
                              allostat_mistakes *mistakes, allostat_error *error)
{
    request wanted = {paths, 0, NULL, sets, set_count};

    while (paths[wanted.path_count] != NULL) wanted.path_count++;
    return load_new(scenario, &wanted, mistakes, error);
}

allostat_status allostat_scenario_load_text(allostat_scenario *scenario,
                                            const char *name, const char *text,
                                            allostat_mistakes *mistakes,
                                            allostat_error *error)
{
    return load_new(scenario, &(request){&name, 1, text, NULL, 0}, mistakes, error);
}

int32_t allostat_scenario_epoch(const allostat_scenario *scenario, allostat_day day)
{
    int32_t i = scenario->epoch_count - 1;

    while (i > 0 && scenario->epochs[i].first_day > day) i--;
    return i;
}

const allostat_params *allostat_scenario_params(const allostat_scenario *scenario,
                                                allostat_day day)
{
    return &scenario->epochs[allostat_scenario_epoch(scenario, day)].params;
}

const char *allostat_scenario_why(const allostat_scenario *scenario, int32_t epoch)
{
    const struct allostat_scenario_store *store = scenario->store;
    const bool given =
        epoch > 0 && store != NULL && store->why != NULL && store->why[epoch] != NULL;

    return given ? store->why[epoch] : "";
}

void allostat_scenario_free(allostat_scenario *scenario)
{
    if (scenario->store != NULL) allostat_pool_free(&scenario->store->keep);
    free(scenario->store);
    free(scenario->epochs);
    *scenario = (allostat_scenario){0};
}
