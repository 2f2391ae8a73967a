#include "study/contrast_run.h"

#include "study/value_rows.h"

#include <stdlib.h>

static size_t offset_of(const allostat_contrast_run *self, int32_t part, int outcome)
{
    const size_t row = (size_t)(part + 1) * ALLOSTAT_OUTCOME_COUNT + (size_t)outcome;

    return row * (size_t)self->replicate_count;
}

const double *allostat_contrast_run_outcome(const allostat_contrast_run *run,
                                            int32_t part, allostat_outcome outcome)
{
    return &run->outcome[offset_of(run, part, (int)outcome)];
}

static void count_part(allostat_contrast_run *self, const allostat_outcome_view *view,
                       int32_t r, int32_t part, allostat_people_part people)
{
    double outcome[ALLOSTAT_OUTCOME_COUNT];

    allostat_outcomes_of(view, people, outcome);
    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++)
        self->outcome[offset_of(self, part, o) + (size_t)r] = outcome[o];
}

static void count_replicate(allostat_contrast_run *self,
                            const allostat_outcome_view *view,
                            const allostat_part_info *info, int32_t r)
{
    count_part(self, view, r, -1, allostat_value_everybody);
    for (int32_t p = 0; p < self->part_count; p++)
        count_part(self, view, r, p, info[p].people);
    for (int32_t m = 0; m <= self->last - self->first; m++) {
        self->deaths[m * self->replicate_count + r] =
            allostat_overdose_deaths_in(view->records, self->first + m);
    }
}

static allostat_status allocate(allostat_contrast_run *self, allostat_error *error)
{
    const size_t count = (size_t)self->replicate_count;
    const size_t rows = (size_t)(self->part_count + 1) * ALLOSTAT_OUTCOME_COUNT;

    self->outcome = calloc(rows * count, sizeof *self->outcome);
    self->deaths =
        calloc((size_t)(self->last - self->first + 1) * count, sizeof *self->deaths);
    if (self->outcome != NULL && self->deaths != NULL) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, NO_MEMORY, "outcomes of %zu replicates", count);
}

allostat_status allostat_contrast_run_make(allostat_contrast_run **run,
                                           const allostat_results *results,
                                           const allostat_params *base,
                                           allostat_month first, allostat_month last,
                                           allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_part_info info[ALLOSTAT_PEOPLE_PARTS_MAX];
    allostat_value_terms *terms = NULL;
    allostat_contrast_run *self = calloc(1, sizeof *self);

    *run = self;
    if (self == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "outcomes of a run");
    self->first = first;
    self->last = last;
    self->replicate_count = results->replicate_count;
    self->part_count = allostat_people_parts(&base->geography_areas, info);
    ALLOSTAT_TRY(allocate(self, error));
    ALLOSTAT_TRY(allostat_value_terms_make(&terms, base, first, error));
    for (int32_t r = 0; r < self->replicate_count; r++) {
        const allostat_outcome_view view = {&results->replicate[r], terms, first, last};
        count_replicate(self, &view, info, r);
    }
    ALLOSTAT_TRY(
        allostat_value_run_make(&self->value, results, base, first, last, error));
cleanup:
    allostat_value_terms_free(terms);
    return status;
}

void allostat_contrast_run_free(allostat_contrast_run *run)
{
    if (run == NULL) return;
    allostat_value_run_free(run->value);
    free(run->outcome);
    free(run->deaths);
    free(run);
}
