#include "study/contrast.h"

#include "study/contrast_parts.h"
#include "study/contrast_run.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double width_wanted = 0.1; /* half of an interval, of the difference */

const allostat_outcome_info allostat_outcomes[ALLOSTAT_OUTCOME_COUNT] = {
#define OUTCOME(name, unit, good, about) {#name, unit, about, good},
#include "tables/outcomes.def"
#undef OUTCOME
};

/* A contrast while it is made; the arrays hold one value a replicate. */
typedef struct {
    allostat_contrast *contrast;
    const allostat_contrast_run *base, *policy; /* both at the prices of the base */
    int32_t count;
    double *difference, *sorted;
} maker;

/* ---- can the two be paired?
 * ---------------------------------------------------------------------- */

static bool same_areas(const allostat_labels *a, const allostat_labels *b)
{
    bool same = a->count == b->count;

    for (int32_t i = 0; same && i < a->count; i++)
        same = strcmp(a->label[i], b->label[i]) == 0;
    return same;
}

allostat_status allostat_contrast_check(const allostat_params *base,
                                        const allostat_params *policy,
                                        allostat_error *error)
{
    char of_base[ALLOSTAT_DATE_TEXT_SIZE], of_policy[ALLOSTAT_DATE_TEXT_SIZE];

    if (base->run_seed != policy->run_seed) {
        return ALLOSTAT_FAIL(error, DATA,
                             "the two cannot be paired: run.seed is %lld in the base "
                             "and %lld in the policy; give both the same",
                             (long long)base->run_seed, (long long)policy->run_seed);
    }
    if (base->run_start != policy->run_start) {
        allostat_day_format(base->run_start, of_base);
        allostat_day_format(policy->run_start, of_policy);
        return ALLOSTAT_FAIL(error, DATA,
                             "the two cannot be paired: run.start is %s in the base "
                             "and %s in the policy; give both the same",
                             of_base, of_policy);
    }
    if (base->population_scale < policy->population_scale ||
        base->population_scale > policy->population_scale) {
        return ALLOSTAT_FAIL(error, DATA,
                             "the two cannot be paired: population.scale is %g in the "
                             "base and %g in the policy; give both the same",
                             base->population_scale, policy->population_scale);
    }
    if (!same_areas(&base->geography_areas, &policy->geography_areas)) {
        return ALLOSTAT_FAIL(error, DATA,
                             "the two cannot be paired: geography.areas is a list of "
                             "%d in the base and of %d in the policy, or their names "
                             "differ; give both the same",
                             (int)base->geography_areas.count,
                             (int)policy->geography_areas.count);
    }
    return ALLOSTAT_OK;
}

static allostat_month later(allostat_month a, allostat_month b)
{
    return a > b ? a : b;
}

/* The months that both runs have, cut to what was asked for. */
static allostat_status set_window(allostat_contrast *self, allostat_month first,
                                  allostat_month last, allostat_error *error)
{
    const allostat_records *base = &self->base->replicate[0];
    const allostat_records *policy = &self->policy->replicate[0];
    const allostat_month base_last = base->first_month + base->month_count - 1;
    const allostat_month policy_last = policy->first_month + policy->month_count - 1;

    self->first = later(base->first_month, policy->first_month);
    self->last = base_last < policy_last ? base_last : policy_last;
    if (first != 0) self->first = later(self->first, first);
    if (last != 0 && last < self->last) self->last = last;
    if (self->first <= self->last) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, DATA,
                         "no month to compare: the output of the base is from %d-%02d "
                         "to %d-%02d, that of the policy from %d-%02d to %d-%02d",
                         base->first_month / 12, base->first_month % 12 + 1,
                         base_last / 12, base_last % 12 + 1, policy->first_month / 12,
                         policy->first_month % 12 + 1, policy_last / 12,
                         policy_last % 12 + 1);
}

/* ---- numbers
 * ---------------------------------------------------------------------------------------
 */

static allostat_estimate estimate_of(const maker *self, const double *value)
{
    memcpy(self->sorted, value, (size_t)self->count * sizeof *value);
    return allostat_estimate_of(self->sorted, self->count);
}

/* Part -1 is everybody. */
static allostat_contrast_cell make_cell(const maker *self, int32_t part,
                                        allostat_outcome outcome)
{
    const double *base = allostat_contrast_run_outcome(self->base, part, outcome);
    const double *policy = allostat_contrast_run_outcome(self->policy, part, outcome);

    for (int32_t r = 0; r < self->count; r++) self->difference[r] = policy[r] - base[r];
    allostat_contrast_cell cell = {
        .base = estimate_of(self, base),
        .policy = estimate_of(self, policy),
        .difference = allostat_paired_of(self->difference, self->count),
        .pairing_gain = allostat_pairing_gain(base, policy, self->count),
    };
    cell.relative = cell.base.mean > 0.0 || cell.base.mean < 0.0
                        ? cell.difference.mean / cell.base.mean
                        : (double)NAN;
    cell.replicates_needed = allostat_replicates_needed(
        &cell.difference, self->count, width_wanted * fabs(cell.difference.mean));
    return cell;
}

static allostat_status make_whole(const maker *self, allostat_error *error)
{
    allostat_contrast *contrast = self->contrast;
    const size_t count = (size_t)self->count;

    contrast->difference = calloc(ALLOSTAT_OUTCOME_COUNT * count, sizeof(double));
    if (contrast->difference == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "%zu replicates", count);
    for (size_t o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        contrast->whole[o] = make_cell(self, -1, (allostat_outcome)o);
        memcpy(&contrast->difference[o * count], self->difference,
               count * sizeof(double));
    }
    return ALLOSTAT_OK;
}

static allostat_status make_parts(const maker *self, allostat_error *error)
{
    allostat_contrast *contrast = self->contrast;
    allostat_part_info info[ALLOSTAT_PEOPLE_PARTS_MAX];
    const int32_t count = allostat_people_parts(
        &contrast->base->scenario->epochs[0].params.geography_areas, info);

    contrast->part = calloc((size_t)count, sizeof *contrast->part);
    if (contrast->part == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "%d parts of the people", (int)count);
    contrast->part_count = count;
    for (int32_t i = 0; i < count; i++) {
        allostat_contrast_part *part = &contrast->part[i];
        snprintf(part->dimension, sizeof part->dimension, "%s", info[i].dimension);
        snprintf(part->label, sizeof part->label, "%s", info[i].label);
        for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++)
            part->outcome[o] = make_cell(self, i, (allostat_outcome)o);
    }
    return ALLOSTAT_OK;
}

/* Deaths by overdose averted in each replicate add up from month to month. */
static allostat_status make_curve(const maker *self, allostat_error *error)
{
    allostat_contrast *contrast = self->contrast;
    const int32_t months = contrast->last - contrast->first + 1;
    double *averted = self->difference;

    contrast->averted = calloc((size_t)months, sizeof *contrast->averted);
    if (contrast->averted == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a curve of %d months", (int)months);
    memset(averted, 0, (size_t)self->count * sizeof *averted);
    for (int32_t m = 0; m < months; m++) {
        for (int32_t r = 0; r < self->count; r++) {
            averted[r] += self->base->deaths[m * self->base->replicate_count + r] -
                          self->policy->deaths[m * self->policy->replicate_count + r];
        }
        contrast->averted[m] = allostat_paired_of(averted, self->count);
    }
    return ALLOSTAT_OK;
}

/* ---- the ledger
 * ------------------------------------------------------------------------------------
 */

const allostat_estimate *allostat_ledger_estimate(const allostat_ledger *ledger,
                                                  allostat_ledger_row row)
{
    const allostat_estimate *const rows[ALLOSTAT_LEDGER_COUNT] = {
        &ledger->saved, &ledger->delayed,         &ledger->hastened,    &ledger->harmed,
        &ledger->same,  &ledger->spared_overdose, &ledger->met_overdose};

    return rows[row];
}

static allostat_status make_ledger(const maker *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_contrast *contrast = self->contrast;
    allostat_ledger *ledger = &contrast->ledger;
    int64_t(*persons)[ALLOSTAT_LEDGER_COUNT] =
        calloc((size_t)self->count, sizeof *persons);
    allostat_estimate *const rows[ALLOSTAT_LEDGER_COUNT] = {
        &ledger->saved, &ledger->delayed,         &ledger->hastened,    &ledger->harmed,
        &ledger->same,  &ledger->spared_overdose, &ledger->met_overdose};

    if (persons == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "a ledger");
    for (int32_t r = 0; r < self->count; r++) {
        ALLOSTAT_TRY(allostat_ledger_count(
            &contrast->base->replicate[r], &contrast->policy->replicate[r],
            contrast->first, contrast->last, persons[r], error));
    }
    for (int row = 0; row < ALLOSTAT_LEDGER_COUNT; row++) {
        for (int32_t r = 0; r < self->count; r++)
            self->difference[r] = (double)persons[r][row];
        *rows[row] = estimate_of(self, self->difference);
    }
cleanup:
    free(persons);
    return status;
}

/* ---- the whole
 * -------------------------------------------------------------------------------------
 */

static allostat_status maker_init(maker *self, allostat_error *error)
{
    const size_t count = (size_t)self->count;

    self->difference = calloc(count, sizeof(double));
    self->sorted = calloc(count, sizeof(double));
    if (self->difference != NULL && self->sorted != NULL) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, NO_MEMORY, "%d replicates", (int)self->count);
}

static void maker_free(maker *self)
{
    free(self->difference);
    free(self->sorted);
}

static allostat_status make_all(const maker *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(make_whole(self, error));
    ALLOSTAT_TRY(make_parts(self, error));
    ALLOSTAT_TRY(make_curve(self, error));
    ALLOSTAT_TRY(make_ledger(self, error));
    ALLOSTAT_TRY(allostat_value_contrast_of(
        &self->contrast->value, self->base->value, self->policy->value,
        &self->contrast->base->scenario->epochs[0].params, error));
cleanup:
    return status;
}

/* What the base had over the window: kept, unless another window was asked for. */
static allostat_status keep(allostat_contrast_base *base,
                            const allostat_contrast *contrast, allostat_error *error)
{
    const allostat_contrast_run *kept = base->counted;

    if (kept != NULL && kept->first == contrast->first && kept->last == contrast->last)
        return ALLOSTAT_OK;
    allostat_contrast_base_free(base);
    return allostat_contrast_run_make(&base->counted, base->results,
                                      &base->results->scenario->epochs[0].params,
                                      contrast->first, contrast->last, error);
}

allostat_status allostat_contrast_with(allostat_contrast *contrast,
                                       allostat_contrast_base *base,
                                       const allostat_results *policy,
                                       allostat_month first, allostat_month last,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_results *from = base->results;
    const allostat_params *params = &from->scenario->epochs[0].params;
    const int32_t count = from->replicate_count < policy->replicate_count
                              ? from->replicate_count
                              : policy->replicate_count;
    allostat_contrast_run *counted = NULL;
    maker self = {.contrast = contrast, .count = count};

    memset(contrast, 0, sizeof *contrast);
    contrast->base = from;
    contrast->policy = policy;
    contrast->replicate_count = count;
    ALLOSTAT_TRY(
        allostat_contrast_check(params, &policy->scenario->epochs[0].params, error));
    ALLOSTAT_TRY(set_window(contrast, first, last, error));
    ALLOSTAT_TRY(maker_init(&self, error));
    ALLOSTAT_TRY(keep(base, contrast, error));
    ALLOSTAT_TRY(allostat_contrast_run_make(&counted, policy, params, contrast->first,
                                            contrast->last, error));
    self.base = base->counted;
    self.policy = counted;
    ALLOSTAT_TRY(make_all(&self, error));
cleanup:
    allostat_contrast_run_free(counted);
    maker_free(&self);
    return status;
}

void allostat_contrast_base_free(allostat_contrast_base *base)
{
    allostat_contrast_run_free(base->counted);
    base->counted = NULL;
}

allostat_status allostat_contrast_init(allostat_contrast *contrast,
                                       const allostat_results *base,
                                       const allostat_results *policy,
                                       allostat_month first, allostat_month last,
                                       allostat_error *error)
{
    allostat_contrast_base once = {base, NULL};
    const allostat_status status =
        allostat_contrast_with(contrast, &once, policy, first, last, error);

    allostat_contrast_base_free(&once);
    return status;
}

void allostat_contrast_free(allostat_contrast *contrast)
{
    allostat_value_contrast_free(&contrast->value);
    free(contrast->difference);
    free(contrast->part);
    free(contrast->averted);
    memset(contrast, 0, sizeof *contrast);
}
