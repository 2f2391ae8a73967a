/* Kits or none in a fiftieth of the city: what pairing saves, and that the tables of a
 * contrast agree with each other. */
#include "fixture.h"

#include "study/contrast.h"
#include "study/ensemble.h"

#include "unit/check.h"

#include <string.h>

enum { REPLICATES = 8, SETS = 5 };

typedef struct {
    allostat_scenario scenario[2];
    allostat_records records[2][REPLICATES];
    allostat_results results[2];
    allostat_contrast contrast;
} study;

static int setup(void **state)
{
    static study self;
    const char *sets[SETS] = {"population.scale=0.02", "run.end=2016-12-31",
                              "run.output_start=2014-01-01", "run.replicates=8",
                              "naloxone.handed_out_share=0"};

    for (int i = 0; i < 2; i++) {
        fixture_scenario(&self.scenario[i], sets, SETS - 1 + i);
        const allostat_ensemble ensemble = {.scenario = &self.scenario[i]};
        if (allostat_ensemble_run(&ensemble, self.records[i], NULL) != ALLOSTAT_OK)
            return -1;
        self.results[i] =
            (allostat_results){&self.scenario[i], NULL, self.records[i], REPLICATES};
    }
    *state = &self;
    return allostat_contrast_init(&self.contrast, &self.results[0], &self.results[1], 0,
                                  0, NULL) == ALLOSTAT_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    study *self = *state;

    allostat_contrast_free(&self->contrast);
    for (int i = 0; i < 2; i++) {
        for (int r = 0; r < REPLICATES; r++)
            allostat_records_free(&self->records[i][r]);
        allostat_scenario_free(&self->scenario[i]);
    }
    return 0;
}

/* Were pairing without effect, the ratio would lie about 1; eight replicates take it
 * above 10 by chance once in hundreds of seeds, and the seed is fixed. */
static void pairing_saves_nine_of_ten_replicates(void **state)
{
    const study *self = *state;
    const allostat_contrast_cell *attended =
        &self->contrast.whole[ALLOSTAT_OUTCOME_attended_overdoses];

    print_message("for attended overdoses, independent seeds take %.0f times as many "
                  "replicates\n",
                  attended->pairing_gain);
    assert_true(attended->pairing_gain > 10.0);
}

static void without_kits_more_overdoses_are_attended(void **state)
{
    const study *self = *state;

    assert_true(
        self->contrast.whole[ALLOSTAT_OUTCOME_attended_overdoses].difference.low > 0.0);
}

/* People are in one part of each dimension, with an overdose counted where it
 * happened; years of those who never used are in no group. */
static void parts_of_every_dimension_add_up(void **state)
{
    static const char *const dimensions[] = {"area",       "sex",  "age",
                                             "attachment", "ptsd", "ace"};
    const study *self = *state;

    for (size_t d = 0; d < sizeof dimensions / sizeof dimensions[0]; d++) {
        for (int o = 0; o <= ALLOSTAT_OUTCOME_attended_overdoses; o++) {
            double base = 0.0, policy = 0.0;
            for (int32_t i = 0; i < self->contrast.part_count; i++) {
                const allostat_contrast_part *part = &self->contrast.part[i];
                if (strcmp(part->dimension, dimensions[d]) != 0) continue;
                base += part->outcome[o].base.mean;
                policy += part->outcome[o].policy.mean;
            }
            check_close(base, self->contrast.whole[o].base.mean, 1e-6);
            check_close(policy, self->contrast.whole[o].policy.mean, 1e-6);
        }
    }
}

static void the_ledger_adds_up_to_the_deaths_averted(void **state)
{
    const study *self = *state;
    const allostat_ledger *ledger = &self->contrast.ledger;
    const double averted = ledger->saved.mean - ledger->harmed.mean +
                           ledger->spared_overdose.mean - ledger->met_overdose.mean;
    const allostat_month last = self->contrast.last - self->contrast.first;

    assert_true(ledger->same.mean > 0.0);
    check_close(averted,
                -self->contrast.whole[ALLOSTAT_OUTCOME_overdose_deaths].difference.mean,
                1e-9);
    check_close(averted, self->contrast.averted[last].mean, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairing_saves_nine_of_ten_replicates),
        cmocka_unit_test(without_kits_more_overdoses_are_attended),
        cmocka_unit_test(parts_of_every_dimension_add_up),
        cmocka_unit_test(the_ledger_adds_up_to_the_deaths_averted),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
