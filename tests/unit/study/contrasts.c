#include "study/contrasts.h"

#include "check.h"

#include <stdlib.h>

static void edit(allostat_params *params, const char *name)
{
    snprintf(params->run_name, sizeof params->run_name, "%s", name);
    assert_true(allostat_day_parse("2014-01-01", &params->run_start));
    assert_true(allostat_day_parse("2015-01-01", &params->run_output_start));
    assert_true(allostat_day_parse("2016-12-31", &params->run_end));
    params->geography_areas.count = 2;
    snprintf(params->geography_areas.label[0], ALLOSTAT_TEXT_SIZE, "East");
    snprintf(params->geography_areas.label[1], ALLOSTAT_TEXT_SIZE, "West");
}

contrasts *contrasts_new(void)
{
    static const char *const name[2] = {"City", "City with kits"};
    contrasts *self = calloc(1, sizeof *self);

    assert_non_null(self);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(allostat_scenario_defaults(&self->scenario[i], NULL),
                         ALLOSTAT_OK);
        edit(&self->scenario[i].epochs[0].params, name[i]);
        for (int r = 0; r < CONTRASTS_REPLICATES; r++) {
            assert_int_equal(
                allostat_records_init(&self->replicate[i][r], &self->scenario[i], NULL),
                ALLOSTAT_OK);
        }
    }
    self->base = (allostat_results){&self->scenario[0], NULL, self->replicate[0],
                                    CONTRASTS_REPLICATES};
    self->policy = (allostat_results){&self->scenario[1], NULL, self->replicate[1],
                                      CONTRASTS_REPLICATES};
    return self;
}

void contrasts_free(contrasts *self)
{
    allostat_contrast_free(&self->contrast);
    for (int i = 0; i < 2; i++) {
        for (int r = 0; r < CONTRASTS_REPLICATES; r++)
            allostat_records_free(&self->replicate[i][r]);
        allostat_scenario_free(&self->scenario[i]);
    }
    free(self);
}

void contrasts_make(contrasts *self)
{
    assert_int_equal(
        allostat_contrast_init(&self->contrast, &self->base, &self->policy, 0, 0, NULL),
        ALLOSTAT_OK);
}

void contrasts_kill(allostat_results *run, int r, int m, int persons)
{
    const allostat_records *records = &run->replicate[r];

    records->counted[ALLOSTAT_COUNTED_overdose_deaths]
                    [(size_t)m * (size_t)allostat_records_cells(records)] += persons;
}
