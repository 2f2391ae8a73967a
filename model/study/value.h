/* Value: quality-adjusted life years and costs of a run, from its series and the value
 * parameters; no run is needed to value it anew.
 *
 * What is counted stands in tables/value.def. A person counts while living in the city
 * and within the months asked for: who moves out leaves the account, and years of life
 * after the last month are in nobody's. */
#ifndef ALLOSTAT_STUDY_VALUE_H
#define ALLOSTAT_STUDY_VALUE_H

#include "engine/records.h"
#include "study/results.h"
#include "study/summary.h"

typedef enum {
    ALLOSTAT_MEASURE_qalys,
    ALLOSTAT_MEASURE_cost_payer,
    ALLOSTAT_MEASURE_cost_society,
    ALLOSTAT_MEASURE_COUNT
} allostat_measure;

/* A part of the people: cells of the counted series, or a group of the grouped ones. */
typedef struct {
    int32_t area, sex, age_group; /* -1: all */
    int32_t group; /* -1: all; else see ALLOSTAT_GROUP_… of records.h, and
                      area, sex and age_group are -1 */
} allostat_people_part;

/* Weights of health states and prices of what is used, by month of the output,
 * discounted to the first day of `base_month`. */
typedef struct allostat_value_terms allostat_value_terms;

/* The terms of parameters at their values. Error: NO_MEMORY, *terms is then NULL. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_value_terms_make(allostat_value_terms **terms, const allostat_params *params,
                          allostat_month base_month, allostat_error *error);
void allostat_value_terms_free(allostat_value_terms *terms);

/* The sums of all measures over months first to last of a part of the people. Costs of
 * a group are NaN: what groups use is not counted. A group's QALYs are of people who
 * have used, the others are in no group. A cost that is known of the city only is in
 * the whole and in no part. */
void allostat_value_sum(const allostat_value_terms *terms,
                        const allostat_records *records, allostat_people_part part,
                        allostat_month first, allostat_month last,
                        double sum[ALLOSTAT_MEASURE_COUNT]);

enum {
    ALLOSTAT_CEAC_POINTS = 41, /* of willingness to pay, from 0 to value.ceac_highest */
    ALLOSTAT_BUDGET_YEARS_MAX = 64
};

/* One draw of replicate and value parameters: a point of the cost-effectiveness plane.
 */
typedef struct {
    double qalys, cost_payer, cost_society; /* policy - base */
} allostat_value_point;

/* A policy's value against the base: each replicate under each draw of the utilities
 * and prices of the base's scenario (see value.draws). */
typedef struct {
    int32_t point_count;
    allostat_value_point
        *point; /* [point_count], over replicates and parameter draws */
    allostat_estimate qalys, cost_payer, cost_society; /* over the points */
    double icer_payer, icer_society; /* CAD a QALY, of the means over the points; NaN
                                        when it has no meaning: dominant, dominated, or
                                        no difference. Where a policy saves and loses
                                        health, what is saved for a QALY lost */
    const char *verdict; /* "dominant", "dominated", "costs more, gains more",
                            "saves, loses health", "no difference"; to the payer */
    const char *verdict_society;
    double willingness_to_pay;   /* CAD a QALY, value.willingness */
    allostat_estimate net_payer; /* net benefit there, CAD, over the points */
    allostat_estimate net_society;
    double willingness[ALLOSTAT_CEAC_POINTS];       /* CAD a QALY */
    double net_benefit_payer[ALLOSTAT_CEAC_POINTS]; /* CAD, mean over points */
    double net_benefit_society[ALLOSTAT_CEAC_POINTS];
    double acceptable_payer[ALLOSTAT_CEAC_POINTS]; /* share of points with a positive
                                                      net benefit */
    double acceptable_society[ALLOSTAT_CEAC_POINTS];
    int32_t year_count;
    int32_t year[ALLOSTAT_BUDGET_YEARS_MAX];
    allostat_estimate budget[ALLOSTAT_BUDGET_YEARS_MAX]; /* cost to the payer a calendar
                                                            year, policy - base, not
                                                            discounted, CAD */
    int32_t price_year;
} allostat_value_contrast;

/* The words for a difference in health and in costs. */
const char *allostat_value_verdict(double qalys, double cost);

/* What every replicate of a run has of what is valued: counted once, held against many
 * runs. */
typedef struct allostat_value_run allostat_value_run;

/* Months first to last, which the run must have, discounted as the parameters of the
 * base say. Error: NO_MEMORY, *run can be freed then. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_value_run_make(allostat_value_run **run, const allostat_results *results,
                        const allostat_params *base, allostat_month first,
                        allostat_month last, allostat_error *error);
void allostat_value_run_free(allostat_value_run *run);

/* Two runs of the same months and of the same discount, at the utilities and prices of
 * the base; see allostat_value_contrast_init. */
ALLOSTAT_MUST_CHECK allostat_status allostat_value_contrast_of(
    allostat_value_contrast *self, const allostat_value_run *base,
    const allostat_value_run *policy, const allostat_params *params,
    allostat_error *error);

/* Months first to last, 0 for the whole of the output; the replicates that both have.
 * Errors: DATA when there are more points than can be counted; NO_MEMORY. *self can be
 * freed whatever happens. */
ALLOSTAT_MUST_CHECK allostat_status allostat_value_contrast_init(
    allostat_value_contrast *self, const allostat_results *base,
    const allostat_results *policy, allostat_month first, allostat_month last,
    allostat_error *error);
void allostat_value_contrast_free(allostat_value_contrast *self);

#endif
