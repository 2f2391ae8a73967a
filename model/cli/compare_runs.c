#include "cli/compare_runs.h"

#include "base/version.h"
#include "cli/common.h"
#include "params/difference.h"
#include "study/ensemble.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_SIZE = 8 };

/* ---- loading
 * --------------------------------------------------------------------------------------
 */

bool allostat_compare_is_file(const char *path)
{
    static const unsigned char signature[SIGNATURE_SIZE] = "\211HDF\r\n\032\n";
    unsigned char head[SIGNATURE_SIZE] = {0};
    const size_t length = strlen(path);
    const bool named = length > 3 && strcmp(path + length - 3, ".h5") == 0;
    FILE *file = named ? NULL : fopen(path, "rb");

    if (file == NULL) return named;
    const size_t size = fread(head, 1, sizeof head, file);
    fclose(file);
    return size == sizeof head && memcmp(head, signature, sizeof head) == 0;
}

static int fail(const allostat_error *error)
{
    allostat_cli_print_error(error);
    return allostat_status_exit_code(error->status);
}

/* The scenario of a result file; its series wait until they are needed. */
static int load_file(const allostat_scenario *base, allostat_compare_side *side)
{
    allostat_error error = {0};
    allostat_status status =
        allostat_saved_scenario_init(&side->scenario, side->path, base, &error);

    if (status == ALLOSTAT_OK) return 0;
    /* reading all of it says best what is wrong with it */
    allostat_saved_run *run = calloc(1, sizeof *run);
    if (run != NULL) {
        const allostat_error first = error;
        memset(&error, 0, sizeof error);
        status = allostat_saved_run_init(
            run, side->path, (allostat_saved_wanted){{NULL, NULL}, NULL}, &error);
        if (status == ALLOSTAT_OK) error = first;
        allostat_saved_run_free(run);
        free(run);
    }
    return fail(&error);
}

static int finish_loading(allostat_status status, allostat_mistakes *mistakes,
                          const allostat_error *error)
{
    if (mistakes->count > 0) {
        fputs(mistakes->text, stderr);
    } else if (status != ALLOSTAT_OK) {
        allostat_cli_print_error(error);
    }
    allostat_mistakes_free(mistakes);
    return allostat_status_exit_code(status);
}

/* The base with some of the policies laid upon it. */
static int load_parts(const allostat_compare_wanted *wanted,
                      allostat_compare_side *side)
{
    const char *paths[ALLOSTAT_PARTS_MAX + 2] = {wanted->operand[0]};
    int32_t count = 1;
    allostat_error error = {0};
    allostat_mistakes mistakes = {0};

    for (int32_t p = 0; p + 1 < wanted->operand_count; p++) {
        if ((side->parts >> p & 1) != 0) paths[count++] = wanted->operand[p + 1];
    }
    const allostat_status status = allostat_scenario_load_layers(
        &side->scenario, paths, wanted->set, wanted->set_count, &mistakes, &error);
    return finish_loading(status, &mistakes, &error);
}

/* `base` is NULL for the base itself. */
static int load_side(const allostat_compare_wanted *wanted,
                     const allostat_scenario *base, allostat_compare_side *side)
{
    snprintf(side->version, sizeof side->version, "%s", allostat_version());
    if (side->parts != 0) return load_parts(wanted, side);
    side->is_file = allostat_compare_is_file(side->path);
    if (side->is_file) return load_file(base, side);
    return allostat_cli_load(&side->scenario, side->path, wanted->set,
                             wanted->set_count);
}

static int check_pair(const allostat_compare_side *base,
                      const allostat_compare_side *side)
{
    allostat_error error = {0};

    allostat_error_blame(&error, side->path, 0, 0);
    if (allostat_contrast_check(&base->scenario.epochs[0].params,
                                &side->scenario.epochs[0].params,
                                &error) == ALLOSTAT_OK) {
        return 0;
    }
    return fail(&error);
}

/* Parts that take back what another sets cannot be combined. */
static int check_parts(const allostat_comparison_runs *self)
{
    allostat_overlay overlay[ALLOSTAT_PARTS_MAX];
    const int32_t count = self->wanted.operand_count - 1;
    allostat_mistakes mistakes = {0};
    allostat_error error = {0};

    for (int32_t p = 0; p < count; p++) {
        overlay[p] = (allostat_overlay){self->wanted.operand[p + 1],
                                        &self->side[1 << p].scenario};
    }
    const allostat_status status = allostat_overlays_check(
        &self->side[0].scenario, overlay, count,
        &self->side[self->side_count - 1].scenario, &mistakes, &error);
    return finish_loading(status, &mistakes, &error);
}

/* A setting that no configuration takes would be forgotten in silence. */
static int check_settings(const allostat_comparison_runs *self)
{
    bool all_files = true;

    for (int32_t i = 0; i < self->side_count; i++)
        all_files = all_files && self->side[i].is_file;
    if (!all_files || self->wanted.set_count == 0) return 0;
    return allostat_cli_usage_error(
        "compare", "result files are not run again: --set, --seed and --replicates "
                   "have nothing to work on");
}

/* What is laid upon each other is called by the names of all of it. */
static void name_parts(allostat_comparison_runs *self)
{
    for (int32_t i = self->side_count - 1; i > 0; i--) {
        allostat_epoch *epoch = self->side[i].scenario.epochs;
        char *name = epoch[0].params.run_name;
        size_t length = 0;

        if ((i & (i - 1)) == 0) continue; /* one part has its own name */
        for (int32_t p = 0; i >> p != 0 && length < ALLOSTAT_TEXT_SIZE; p++) {
            if ((i >> p & 1) == 0) continue;
            const int added =
                snprintf(name + length, ALLOSTAT_TEXT_SIZE - length, "%s%s",
                         length > 0 ? " + " : "", allostat_compare_name(self, 1 << p));
            length += added > 0 ? (size_t)added : 0;
        }
        for (int32_t e = 1; e < self->side[i].scenario.epoch_count; e++)
            memcpy(epoch[e].params.run_name, name, ALLOSTAT_TEXT_SIZE);
    }
}

/* The file that a side is named by: of several parts, the first. */
static const char *path_of(const allostat_compare_wanted *wanted, int32_t side)
{
    int32_t p = 0;

    if (!wanted->combine || side == 0) return wanted->operand[side];
    while ((side >> p & 1) == 0) p++;
    return wanted->operand[p + 1];
}

int allostat_compare_load(allostat_comparison_runs *self,
                          const allostat_compare_wanted *wanted)
{
    const int32_t policies = wanted->operand_count - 1;
    int code = 0;

    memset(self, 0, sizeof *self);
    self->wanted = *wanted;
    const int32_t count = wanted->combine ? 1 << policies : policies + 1;
    self->side = calloc((size_t)count, sizeof *self->side);
    self->contrast = calloc((size_t)count, sizeof *self->contrast);
    if (self->side == NULL || self->contrast == NULL) {
        return fail(&(allostat_error){.status = ALLOSTAT_ERROR_NO_MEMORY,
                                      .message = "the runs to compare"});
    }
    self->side_count = count;
    for (int32_t i = 0; i < count && code == 0; i++) {
        allostat_compare_side *side = &self->side[i];
        side->parts = wanted->combine ? (uint32_t)i : 0;
        side->path = path_of(wanted, i);
        code = load_side(wanted, i > 0 ? &self->side[0].scenario : NULL, side);
        if (code == 0 && i > 0) code = check_pair(&self->side[0], side);
        self->run_count += !side->is_file;
    }
    if (code == 0) code = check_settings(self);
    if (code == 0 && wanted->combine) code = check_parts(self);
    if (code == 0 && wanted->combine) name_parts(self);
    return code;
}

/* ---- running
 * --------------------------------------------------------------------------------------
 */

/* One bar over all runs. */
static bool show_progress(void *context, int64_t days_done, int64_t days_total)
{
    allostat_comparison_runs *self = context;

    return allostat_progress_show(&self->bar,
                                  days_done + (int64_t)self->runs_done * days_total,
                                  (int64_t)self->run_count * days_total);
}

static const char *signal_name(int number)
{
    if (number == SIGINT) return "SIGINT";
    return number == SIGTERM ? "SIGTERM" : "SIGUSR1";
}

static allostat_status simulate(allostat_comparison_runs *self,
                                allostat_compare_side *side, allostat_error *error)
{
    const int32_t count = (int32_t)side->scenario.epochs[0].params.run_replicates;
    const allostat_ensemble ensemble = {.scenario = &side->scenario,
                                        .thread_count = self->wanted.threads,
                                        .progress = show_progress,
                                        .progress_context = self};

    side->own = calloc((size_t)count, sizeof *side->own);
    if (side->own == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "records of %d replicates", (int)count);
    side->results = (allostat_results){&side->scenario, side->path, side->own, count};
    const allostat_status status = allostat_ensemble_run(&ensemble, side->own, error);
    self->runs_done++;
    if (status == ALLOSTAT_ERROR_STOPPED && self->bar.stop_signal != 0) {
        return ALLOSTAT_FAIL(error, STOPPED, "%s came; nothing was written",
                             signal_name(self->bar.stop_signal));
    }
    return status;
}

static allostat_status read_file(allostat_compare_side *side, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_saved_series_init(
        &side->stored, side->path, &side->scenario,
        (allostat_stored_wanted){allostat_contrast_reads, allostat_contrast_reads_fact},
        error));
    memcpy(side->version, side->stored.version, sizeof side->version);
    memcpy(side->digest, side->stored.digest, sizeof side->digest);
    side->results = (allostat_results){&side->scenario, "", side->stored.replicate,
                                       side->stored.replicate_count};
cleanup:
    return status;
}

static void release_records(allostat_compare_side *side)
{
    for (int32_t r = 0; side->own != NULL && r < side->results.replicate_count; r++)
        allostat_records_free(&side->own[r]);
    free(side->own);
    allostat_stored_free(&side->stored);
    side->own = NULL;
    side->results.replicate = NULL;
}

static allostat_status obtain(allostat_comparison_runs *self,
                              allostat_compare_side *side, allostat_error *error)
{
    return side->is_file ? read_file(side, error) : simulate(self, side, error);
}

allostat_status allostat_compare_run(allostat_comparison_runs *self,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_contrast_base base = {&self->side[0].results, NULL};

    allostat_progress_begin(&self->bar, self->wanted.quiet);
    ALLOSTAT_TRY(obtain(self, &self->side[0], error));
    for (int32_t i = 1; i < self->side_count; i++) {
        allostat_compare_side *side = &self->side[i];
        ALLOSTAT_TRY(obtain(self, side, error));
        ALLOSTAT_TRY(allostat_contrast_with(&self->contrast[i], &base, &side->results,
                                            self->wanted.first, self->wanted.last,
                                            error));
        release_records(side);
    }
    if (self->wanted.combine) {
        ALLOSTAT_TRY(allostat_combination_make(
            &self->combination, self->wanted.operand_count - 1, self->contrast, error));
    }
cleanup:
    allostat_contrast_base_free(&base);
    allostat_progress_end(&self->bar);
    return status;
}

void allostat_compare_free(allostat_comparison_runs *self)
{
    for (int32_t i = 0; i < self->side_count; i++) {
        allostat_contrast_free(&self->contrast[i]);
        release_records(&self->side[i]);
        allostat_scenario_free(&self->side[i].scenario);
    }
    free(self->contrast);
    free(self->side);
    memset(self, 0, sizeof *self);
}

const char *allostat_compare_name(const allostat_comparison_runs *self, int32_t side)
{
    return self->side[side].scenario.epochs[0].params.run_name;
}
