/* The rows of tables/value.def as data, what a run has of each, and what a unit of each
 * is worth; for the files of value only.
 *
 * A measure is linear in what a run has: the difference of two runs is valued like a
 * run. */
#ifndef ALLOSTAT_STUDY_VALUE_ROWS_H
#define ALLOSTAT_STUDY_VALUE_ROWS_H

#include "study/value.h"

typedef enum {
    ALLOSTAT_VALUE_utility, /* of people who have used */
    ALLOSTAT_VALUE_others,
    ALLOSTAT_VALUE_loss,
    ALLOSTAT_VALUE_multiplier,
    ALLOSTAT_VALUE_cost
} allostat_value_kind;

enum {
#define UTILITY(...) +1
#define OTHERS UTILITY
#define LOSS UTILITY
#define LOSS_OF UTILITY
#define MULTIPLIER UTILITY
#define COST UTILITY
#define CITY_COST UTILITY
    ALLOSTAT_VALUE_ROW_COUNT = 0
#include "study/value_table.h"
    ,
#define MULTIPLIER(...) +1
    ALLOSTAT_VALUE_MULTIPLIER_COUNT = 0
#include "study/value_table.h"
};

typedef struct {
    allostat_value_kind kind;
    int32_t counted;    /* series of cells; -1 none */
    int32_t grouped;    /* series of groups; -1 none */
    int32_t city;       /* series of the whole city; -1 none */
    int32_t parameter;  /* utility or price */
    int32_t factor;     /* parameter that multiplies the price; -1 none */
    double days;        /* that the price is for; 1 also for what is not days */
    int32_t price_year; /* of the price */
    bool society;       /* not paid by the public payer */
} allostat_value_row;

extern const allostat_value_row allostat_value_rows[ALLOSTAT_VALUE_ROW_COUNT];

/* What a run has: units of every row, and days of every multiplier by the state that
 * they are taken to be spent in; discounted or not. */
typedef struct {
    double row[ALLOSTAT_VALUE_ROW_COUNT];
    double multiplied[ALLOSTAT_VALUE_MULTIPLIER_COUNT][ALLOSTAT_VALUE_ROW_COUNT];
} allostat_value_amounts;

/* What a unit of each adds to every measure. */
typedef struct {
    double row[ALLOSTAT_MEASURE_COUNT][ALLOSTAT_VALUE_ROW_COUNT];
    double multiplied[ALLOSTAT_VALUE_MULTIPLIER_COUNT][ALLOSTAT_VALUE_ROW_COUNT];
} allostat_value_weights;

struct allostat_value_terms {
    allostat_value_weights weights;
    allostat_month base_month;
    double log_discount; /* a month */
};

/* Everybody. */
extern const allostat_people_part allostat_value_everybody;

/* The value of every parameter of the registry that rows name; the others are not
 * written. */
void allostat_value_parameters(const allostat_params *params,
                               double parameter[ALLOSTAT_PARAM_COUNT]);

/* The same with every one drawn from its range, see allostat_value_quantile. Draws of
 * the same number are the same in every contrast of a seed; an odd draw mirrors the one
 * before it, so that means settle with few of them. */
void allostat_value_draw(const allostat_params *params, uint32_t draw,
                         double parameter[ALLOSTAT_PARAM_COUNT]);

/* The point below which a share of draws lies: a triangle falls from the value to each
 * end, and the sides weigh what makes the value the mean, whatever the ends:
 *   P(below) = (high - value) / (high - low). */
double allostat_value_quantile(double low, double value, double high, double share);

void allostat_value_weigh(const allostat_params *params,
                          const double parameter[ALLOSTAT_PARAM_COUNT],
                          allostat_value_weights *weights);

/* Months first to last, as far as the records have them, discounted to base_month at a
 * log rate a month. */
typedef struct {
    allostat_month first, last, base_month;
    double log_discount;
} allostat_value_span;

/* Does a row name this series? */
bool allostat_value_reads(const allostat_series_info *info);

void allostat_value_count(const allostat_records *records, allostat_people_part part,
                          const allostat_value_span *span,
                          allostat_value_amounts *amounts);

double allostat_value_measure(const allostat_value_weights *weights,
                              const allostat_value_amounts *amounts,
                              allostat_measure measure);

#endif
