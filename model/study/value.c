#include "study/value.h"

#include "base/dmath.h"
#include "people/residents.h"
#include "study/value_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double log_discount_of(const allostat_params *params)
{
    return allostat_log1p(params->value_discount_rate) / ALLOSTAT_MONTHS_A_YEAR;
}

allostat_status allostat_value_terms_make(allostat_value_terms **terms,
                                          const allostat_params *params,
                                          allostat_month base_month,
                                          allostat_error *error)
{
    double parameter[ALLOSTAT_PARAM_COUNT];
    allostat_value_terms *self = calloc(1, sizeof *self);

    *terms = self;
    if (self == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "terms of value");
    self->base_month = base_month;
    self->log_discount = log_discount_of(params);
    allostat_value_parameters(params, parameter);
    allostat_value_weigh(params, parameter, &self->weights);
    return ALLOSTAT_OK;
}

void allostat_value_terms_free(allostat_value_terms *terms) { free(terms); }

void allostat_value_sum(const allostat_value_terms *terms,
                        const allostat_records *records, allostat_people_part part,
                        allostat_month first, allostat_month last,
                        double sum[ALLOSTAT_MEASURE_COUNT])
{
    const allostat_value_span span = {first, last, terms->base_month,
                                      terms->log_discount};
    allostat_value_amounts amounts;

    allostat_value_count(records, part, &span, &amounts);
    for (int i = 0; i < ALLOSTAT_MEASURE_COUNT; i++) {
        const bool counted = part.group < 0 || i == ALLOSTAT_MEASURE_qalys;
        sum[i] = counted ? allostat_value_measure(&terms->weights, &amounts,
                                                  (allostat_measure)i)
                         : (double)NAN;
    }
}

/* ---- what a run has ---- */

struct allostat_value_run {
    allostat_value_span span;
    int32_t replicates, year_count;
    int32_t year[ALLOSTAT_BUDGET_YEARS_MAX]; /* calendar years of the span */
    allostat_value_amounts *whole;           /* [replicates], of the span, discounted */
    allostat_value_amounts *yearly; /* [year_count][replicates], not discounted */
};

/* The months of a calendar year within a span, at no discount. */
static allostat_value_span span_of_year(const allostat_value_span *whole, int32_t year)
{
    const allostat_month january = year * ALLOSTAT_MONTHS_A_YEAR;
    const allostat_month december = january + ALLOSTAT_MONTHS_A_YEAR - 1;

    return (allostat_value_span){january > whole->first ? january : whole->first,
                                 december < whole->last ? december : whole->last,
                                 january, 0.0};
}

static void list_years(allostat_value_run *self)
{
    const int32_t last = self->span.last / ALLOSTAT_MONTHS_A_YEAR;

    for (int32_t year = self->span.first / ALLOSTAT_MONTHS_A_YEAR;
         year <= last && self->year_count < ALLOSTAT_BUDGET_YEARS_MAX; year++) {
        self->year[self->year_count++] = year;
    }
}

static void count_replicate(allostat_value_run *self, const allostat_records *records,
                            int32_t r)
{
    allostat_value_count(records, allostat_value_everybody, &self->span,
                         &self->whole[r]);
    for (int32_t y = 0; y < self->year_count; y++) {
        const allostat_value_span span = span_of_year(&self->span, self->year[y]);

        allostat_value_count(records, allostat_value_everybody, &span,
                             &self->yearly[y * self->replicates + r]);
    }
}

allostat_status allostat_value_run_make(allostat_value_run **run,
                                        const allostat_results *results,
                                        const allostat_params *base,
                                        allostat_month first, allostat_month last,
                                        allostat_error *error)
{
    allostat_value_run *self = calloc(1, sizeof *self);

    *run = self;
    if (self == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "value of a run");
    self->span = (allostat_value_span){first, last, first, log_discount_of(base)};
    self->replicates = results->replicate_count;
    list_years(self);
    const size_t count = (size_t)self->replicates;
    self->whole = calloc(count, sizeof *self->whole);
    self->yearly = calloc((size_t)self->year_count * count, sizeof *self->yearly);
    if (self->whole == NULL || self->yearly == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "value of %zu replicates", count);
    for (int32_t r = 0; r < self->replicates; r++)
        count_replicate(self, &results->replicate[r], r);
    return ALLOSTAT_OK;
}

void allostat_value_run_free(allostat_value_run *run)
{
    if (run == NULL) return;
    free(run->whole);
    free(run->yearly);
    free(run);
}

/* ---- a policy against the base ---- */

/* What the replicates of a contrast share. */
typedef struct {
    allostat_value_contrast *self;
    const allostat_value_run *base, *policy;
    const allostat_params *params;
    int32_t replicates, draws;
    allostat_value_amounts *more; /* [replicates]: policy - base */
    double *sample;               /* [points], for estimates */
} value_work;

static allostat_value_amounts difference(const allostat_value_amounts *policy,
                                         const allostat_value_amounts *base)
{
    allostat_value_amounts more = *policy;

    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
        more.row[r] -= base->row[r];
        for (int k = 0; k < ALLOSTAT_VALUE_MULTIPLIER_COUNT; k++)
            more.multiplied[k][r] -= base->multiplied[k][r];
    }
    return more;
}

static void fill_points(value_work *self)
{
    double parameter[ALLOSTAT_PARAM_COUNT];
    allostat_value_weights weights;

    for (int32_t d = 0; d < self->draws; d++) {
        if (self->draws == 1) {
            allostat_value_parameters(self->params, parameter);
        } else {
            allostat_value_draw(self->params, (uint32_t)d, parameter);
        }
        allostat_value_weigh(self->params, parameter, &weights);
        for (int32_t r = 0; r < self->replicates; r++) {
            const allostat_value_amounts *more = &self->more[r];

            self->self->point[r * self->draws + d] = (allostat_value_point){
                allostat_value_measure(&weights, more, ALLOSTAT_MEASURE_qalys),
                allostat_value_measure(&weights, more, ALLOSTAT_MEASURE_cost_payer),
                allostat_value_measure(&weights, more, ALLOSTAT_MEASURE_cost_society)};
        }
    }
}

const char *allostat_value_verdict(double qalys, double cost)
{
    const bool gains = qalys > 0.0, loses = qalys < 0.0;
    const bool more = cost > 0.0, less = cost < 0.0;

    if (!gains && !loses && !more && !less) return "no difference";
    if (!loses && !more) return "dominant";
    if (!gains && !less) return "dominated";
    return gains ? "costs more, gains more" : "saves, loses health";
}

/* Where both have the same sign, and so the ratio is positive. */
static double ratio_of(double cost, double qalys)
{
    return cost * qalys > 0.0 ? cost / qalys : (double)NAN;
}

/* Net benefit of a point: willingness x QALYs - cost of one perspective, weights of
 * the three. */
typedef struct {
    double qalys, payer, society;
} mix;

static double mixed(const allostat_value_point *point, mix of)
{
    return of.qalys * point->qalys + of.payer * point->cost_payer +
           of.society * point->cost_society;
}

static allostat_estimate estimate(const value_work *self, mix of)
{
    const allostat_value_contrast *contrast = self->self;

    for (int32_t i = 0; i < contrast->point_count; i++)
        self->sample[i] = mixed(&contrast->point[i], of);
    return allostat_estimate_of(self->sample, contrast->point_count);
}

/* Mean net benefit, and the share of points where it is positive. */
static void accept(const allostat_value_contrast *self, mix of, double *net,
                   double *acceptable)
{
    double sum = 0.0;
    int32_t positive = 0;

    for (int32_t i = 0; i < self->point_count; i++) {
        const double benefit = mixed(&self->point[i], of);

        sum += benefit;
        positive += benefit > 0.0;
    }
    *net = sum / (double)self->point_count;
    *acceptable = (double)positive / (double)self->point_count;
}

static void draw_curves(const value_work *work)
{
    allostat_value_contrast *self = work->self;

    for (int i = 0; i < ALLOSTAT_CEAC_POINTS; i++) {
        const double willingness = work->params->value_ceac_highest * (double)i /
                                   (double)(ALLOSTAT_CEAC_POINTS - 1);

        self->willingness[i] = willingness;
        accept(self, (mix){willingness, -1.0, 0.0}, &self->net_benefit_payer[i],
               &self->acceptable_payer[i]);
        accept(self, (mix){willingness, 0.0, -1.0}, &self->net_benefit_society[i],
               &self->acceptable_society[i]);
    }
}

static void judge(const value_work *work)
{
    allostat_value_contrast *self = work->self;
    const double willingness = work->params->value_willingness;

    self->qalys = estimate(work, (mix){1.0, 0.0, 0.0});
    self->cost_payer = estimate(work, (mix){0.0, 1.0, 0.0});
    self->cost_society = estimate(work, (mix){0.0, 0.0, 1.0});
    self->icer_payer = ratio_of(self->cost_payer.mean, self->qalys.mean);
    self->icer_society = ratio_of(self->cost_society.mean, self->qalys.mean);
    self->verdict = allostat_value_verdict(self->qalys.mean, self->cost_payer.mean);
    self->verdict_society =
        allostat_value_verdict(self->qalys.mean, self->cost_society.mean);
    self->willingness_to_pay = willingness;
    self->net_payer = estimate(work, (mix){willingness, -1.0, 0.0});
    self->net_society = estimate(work, (mix){willingness, 0.0, -1.0});
    self->price_year = (int32_t)work->params->value_price_year;
}

/* Cost to the payer by calendar year, at the parameters' values, not discounted. */
static void make_budget(const value_work *work)
{
    allostat_value_contrast *self = work->self;
    const allostat_value_run *base = work->base, *policy = work->policy;
    double parameter[ALLOSTAT_PARAM_COUNT];
    allostat_value_weights weights;

    allostat_value_parameters(work->params, parameter);
    allostat_value_weigh(work->params, parameter, &weights);
    self->year_count = base->year_count;
    for (int32_t y = 0; y < base->year_count; y++) {
        for (int32_t r = 0; r < work->replicates; r++) {
            const allostat_value_amounts more =
                difference(&policy->yearly[y * policy->replicates + r],
                           &base->yearly[y * base->replicates + r]);

            work->sample[r] =
                allostat_value_measure(&weights, &more, ALLOSTAT_MEASURE_cost_payer);
        }
        self->year[y] = base->year[y];
        self->budget[y] = allostat_estimate_of(work->sample, work->replicates);
    }
}

static allostat_status allocate(value_work *work, allostat_error *error)
{
    const int64_t points = (int64_t)work->replicates * work->draws;

    if (points > INT32_MAX) {
        return ALLOSTAT_FAIL(error, DATA,
                             "%d replicates and value.draws of %d are too many points",
                             (int)work->replicates, (int)work->draws);
    }
    work->self->point_count = (int32_t)points;
    work->self->point = calloc((size_t)points, sizeof *work->self->point);
    work->more = calloc((size_t)work->replicates, sizeof *work->more);
    work->sample = calloc((size_t)points, sizeof *work->sample);
    if (work->self->point == NULL || work->more == NULL || work->sample == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "points of value");
    return ALLOSTAT_OK;
}

allostat_status allostat_value_contrast_of(allostat_value_contrast *self,
                                           const allostat_value_run *base,
                                           const allostat_value_run *policy,
                                           const allostat_params *params,
                                           allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    value_work work = {.self = self, .base = base, .policy = policy, .params = params};

    memset(self, 0, sizeof *self);
    work.replicates =
        base->replicates < policy->replicates ? base->replicates : policy->replicates;
    work.draws = (int32_t)params->value_draws;
    ALLOSTAT_TRY(allocate(&work, error));
    for (int32_t r = 0; r < work.replicates; r++)
        work.more[r] = difference(&policy->whole[r], &base->whole[r]);
    fill_points(&work);
    judge(&work);
    draw_curves(&work);
    make_budget(&work);
cleanup:
    free(work.more);
    free(work.sample);
    return status;
}

/* The months asked for that both runs have. */
static void cut(const allostat_results *base, const allostat_results *policy,
                allostat_month *first, allostat_month *last)
{
    const allostat_records *records[] = {&base->replicate[0], &policy->replicate[0]};

    for (int i = 0; i < 2; i++) {
        const allostat_month from = records[i]->first_month;
        const allostat_month to = from + records[i]->month_count - 1;

        if (*first < from) *first = from;
        if (*last == 0 || *last > to) *last = to;
    }
}

allostat_status allostat_value_contrast_init(allostat_value_contrast *self,
                                             const allostat_results *base,
                                             const allostat_results *policy,
                                             allostat_month first, allostat_month last,
                                             allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &base->scenario->epochs[0].params;
    allostat_value_run *of_base = NULL, *of_policy = NULL;

    memset(self, 0, sizeof *self);
    cut(base, policy, &first, &last);
    ALLOSTAT_TRY(allostat_value_run_make(&of_base, base, params, first, last, error));
    ALLOSTAT_TRY(
        allostat_value_run_make(&of_policy, policy, params, first, last, error));
    ALLOSTAT_TRY(allostat_value_contrast_of(self, of_base, of_policy, params, error));
cleanup:
    allostat_value_run_free(of_base);
    allostat_value_run_free(of_policy);
    return status;
}

void allostat_value_contrast_free(allostat_value_contrast *self)
{
    free(self->point);
    memset(self, 0, sizeof *self);
}
