#include "study/value_rows.h"

#include "base/dmath.h"
#include "base/draws.h"
#include "people/residents.h"

#include <math.h>
#include <string.h>

enum { ALLOSTAT_PARAM_value_none = -1 };

/* Days that a price is for. */
#define DAYS_A_YEAR 365.25
#define PER_one 1.0
#define PER_day 1.0
#define PER_month (DAYS_A_YEAR / ALLOSTAT_MONTHS_A_YEAR)
#define PER_year DAYS_A_YEAR
#define PAYER_public false
#define PAYER_society true

/* clang-format off */
#define DAYS(kind, name, parameter) \
    {ALLOSTAT_VALUE_##kind, ALLOSTAT_COUNTED_days_##name, ALLOSTAT_GROUPED_days_##name##_by_group, -1, \
     ALLOSTAT_PARAM_value_##parameter, -1, 1.0, 0, false}
#define CELLS(kind, series, parameter) \
    {ALLOSTAT_VALUE_##kind, ALLOSTAT_COUNTED_##series, -1, -1, ALLOSTAT_PARAM_value_##parameter, -1, 1.0, 0, false}

const allostat_value_row allostat_value_rows[ALLOSTAT_VALUE_ROW_COUNT] = {
#define UTILITY(name, parameter) DAYS(utility, name, parameter),
#define OTHERS(series, parameter) CELLS(others, series, parameter),
#define LOSS(name, parameter) DAYS(loss, name, parameter),
#define LOSS_OF(series, parameter) CELLS(loss, series, parameter),
#define MULTIPLIER(name, parameter) DAYS(multiplier, name, parameter),
#define COST(series, price, per, factor, year, payer) \
    {ALLOSTAT_VALUE_cost, ALLOSTAT_COUNTED_##series, -1, -1, ALLOSTAT_PARAM_value_##price, \
     ALLOSTAT_PARAM_value_##factor, PER_##per, year, PAYER_##payer},
#define CITY_COST(series, price, per, factor, year, payer) \
    {ALLOSTAT_VALUE_cost, -1, -1, ALLOSTAT_CITY_##series, ALLOSTAT_PARAM_value_##price, \
     ALLOSTAT_PARAM_value_##factor, PER_##per, year, PAYER_##payer},
#include "study/value_table.h"
};
/* clang-format on */

const allostat_people_part allostat_value_everybody = {-1, -1, -1, -1};

/* ---- parameters ---- */

/* In every build and for every table of parameters the same number for a name (FNV-1a).
 */
static uint32_t number_of(const char *path)
{
    uint32_t hash = 2166136261u;

    for (; *path != '\0'; path++)
        hash = (hash ^ (uint32_t)(unsigned char)*path) * 16777619u;
    return hash;
}

static double value_of(const allostat_params *params, int32_t id)
{
    double value = 0.0;

    memcpy(&value, (const char *)params + allostat_param_table[id].offset,
           sizeof value);
    return value;
}

double allostat_value_quantile(double low, double value, double high, double share)
{
    const double width = high - low;
    const double below = width > 0.0 ? (high - value) / width : 1.0;

    if (width <= 0.0) return value;
    if (share < below) return low + (value - low) * sqrt(share / below);
    if (share >= 1.0) return high;
    return high - (high - value) * sqrt((1.0 - share) / (1.0 - below));
}

static double draw_one(const allostat_params *params, uint32_t draw, int32_t id)
{
    const allostat_param_info *info = &allostat_param_table[id];
    const allostat_draw_key key = allostat_draw_key_make((uint64_t)params->run_seed, 0);
    const double share = allostat_draw_uniform(key, ALLOSTAT_DRAW_value_parameter,
                                               draw / 2, 0, number_of(info->path));

    return allostat_value_quantile(info->low, value_of(params, id), info->high,
                                   draw % 2 == 0 ? share : 1.0 - share);
}

void allostat_value_parameters(const allostat_params *params,
                               double parameter[ALLOSTAT_PARAM_COUNT])
{
    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
        const allostat_value_row *row = &allostat_value_rows[r];

        parameter[row->parameter] = value_of(params, row->parameter);
        if (row->factor >= 0) parameter[row->factor] = value_of(params, row->factor);
    }
}

void allostat_value_draw(const allostat_params *params, uint32_t draw,
                         double parameter[ALLOSTAT_PARAM_COUNT])
{
    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
        const allostat_value_row *row = &allostat_value_rows[r];

        parameter[row->parameter] = draw_one(params, draw, row->parameter);
        if (row->factor >= 0)
            parameter[row->factor] = draw_one(params, draw, row->factor);
    }
}

/* ---- weights ---- */

/* A unit of a cost row in dollars of value.price_year. */
static double price_of(const allostat_params *params, const double *parameter,
                       const allostat_value_row *row)
{
    const double years = (double)(params->value_price_year - row->price_year);
    const double index = allostat_exp(years * allostat_log1p(params->value_inflation));
    const double factor = row->factor >= 0 ? parameter[row->factor] : 1.0;

    return parameter[row->parameter] * factor * index / row->days;
}

static void weigh_row(const allostat_params *params, const double *parameter, int r,
                      allostat_value_weights *weights)
{
    const allostat_value_row *row = &allostat_value_rows[r];
    const double utility = parameter[row->parameter] / DAYS_A_YEAR;

    switch (row->kind) {
    case ALLOSTAT_VALUE_utility:
    case ALLOSTAT_VALUE_others:
        weights->row[ALLOSTAT_MEASURE_qalys][r] = utility;
        break;
    case ALLOSTAT_VALUE_loss:
        weights->row[ALLOSTAT_MEASURE_qalys][r] = -utility;
        break;
    case ALLOSTAT_VALUE_cost: {
        const double price = price_of(params, parameter, row);
        weights->row[ALLOSTAT_MEASURE_cost_payer][r] = row->society ? 0.0 : price;
        weights->row[ALLOSTAT_MEASURE_cost_society][r] = price;
        break;
    }
    case ALLOSTAT_VALUE_multiplier:
        break;
    }
}

/* Days of multiplier k in every state lose a share of the state's utility. */
static void weigh_multiplied(const double *parameter, double ratio,
                             double weight[ALLOSTAT_VALUE_ROW_COUNT])
{
    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
        const allostat_value_row *row = &allostat_value_rows[r];
        const bool state = row->kind == ALLOSTAT_VALUE_utility;

        weight[r] =
            state ? -(1.0 - ratio) * parameter[row->parameter] / DAYS_A_YEAR : 0.0;
    }
}

void allostat_value_weigh(const allostat_params *params,
                          const double parameter[ALLOSTAT_PARAM_COUNT],
                          allostat_value_weights *weights)
{
    int k = 0;

    memset(weights, 0, sizeof *weights);
    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
        const allostat_value_row *row = &allostat_value_rows[r];

        weigh_row(params, parameter, r, weights);
        if (row->kind == ALLOSTAT_VALUE_multiplier) {
            weigh_multiplied(parameter, parameter[row->parameter],
                             weights->multiplied[k++]);
        }
    }
}

/* ---- amounts ---- */

/* Indices from `from` up to `to`: one, or all where -1 was asked for. */
typedef struct {
    int32_t from, to;
} range;

static range range_of(int32_t wanted, int32_t count)
{
    return wanted < 0 ? (range){0, count} : (range){wanted, wanted + 1};
}

/* A month of a counted series in a part of the cells. */
static double sum_cells(const allostat_records *records, int32_t series, int32_t m,
                        allostat_people_part part)
{
    const int32_t *cell =
        records->counted[series] + (size_t)m * (size_t)allostat_records_cells(records);
    const range area = range_of(part.area, records->area_count);
    const range sex = range_of(part.sex, ALLOSTAT_SEX_COUNT);
    const range age = range_of(part.age_group, ALLOSTAT_AGE_GROUP_COUNT);
    int64_t sum = 0;

    for (int32_t i = area.from; i < area.to; i++) {
        for (int32_t j = sex.from; j < sex.to; j++) {
            const int32_t *row =
                cell + (i * ALLOSTAT_SEX_COUNT + j) * ALLOSTAT_AGE_GROUP_COUNT;
            for (int32_t k = age.from; k < age.to; k++) sum += row[k];
        }
    }
    return (double)sum;
}

static bool is_of(const allostat_value_row *row, const allostat_series_info *info)
{
    return (info->shape == ALLOSTAT_SHAPE_counted && info->index == row->counted) ||
           (info->shape == ALLOSTAT_SHAPE_grouped && info->index == row->grouped) ||
           (info->shape == ALLOSTAT_SHAPE_city && info->index == row->city);
}

bool allostat_value_reads(const allostat_series_info *info)
{
    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
        if (is_of(&allostat_value_rows[r], info)) return true;
    }
    return false;
}

/* Cells and groups of a row are of one kind. */
static bool is_stock(const allostat_value_row *row)
{
    for (int i = 0; i < ALLOSTAT_OUTPUT_SERIES_COUNT; i++) {
        const allostat_series_info *info = &allostat_series_table[i];

        if (is_of(row, info)) return info->kind == ALLOSTAT_SERIES_stock;
    }
    return false;
}

/* What a part of the people has of a row in a month; 0 where that is not counted. */
static double month_of_row(const allostat_records *records,
                           const allostat_value_row *row, allostat_people_part part,
                           int32_t m)
{
    const bool whole = part.area < 0 && part.sex < 0 && part.age_group < 0;

    if (part.group >= 0) {
        return row->grouped < 0
                   ? 0.0
                   : (double)records
                         ->grouped[row->grouped][m * ALLOSTAT_GROUP_COUNT + part.group];
    }
    if (row->city >= 0) return whole ? (double)records->city[row->city][m] : 0.0;
    return sum_cells(records, row->counted, m, part);
}

/* Days of a multiplier are spread over the states as the days of all who have used. */
static void spread(const allostat_records *records, int32_t m, double days,
                   double into[ALLOSTAT_VALUE_ROW_COUNT])
{
    double state[ALLOSTAT_VALUE_ROW_COUNT] = {0.0}, all = 0.0;

    if (!(days > 0.0)) return;
    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
        const allostat_value_row *row = &allostat_value_rows[r];

        if (row->kind != ALLOSTAT_VALUE_utility) continue;
        state[r] = month_of_row(records, row, allostat_value_everybody, m);
        all += state[r];
    }
    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT && all > 0.0; r++)
        into[r] += days * (state[r] / all);
}

static void count_month(const allostat_records *records, allostat_people_part part,
                        int32_t m, const double *scale, allostat_value_amounts *amounts)
{
    int k = 0;

    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
        const allostat_value_row *row = &allostat_value_rows[r];
        const double units = month_of_row(records, row, part, m) * scale[r];

        amounts->row[r] += units;
        if (row->kind == ALLOSTAT_VALUE_multiplier)
            spread(records, m, units, amounts->multiplied[k++]);
    }
}

void allostat_value_count(const allostat_records *records, allostat_people_part part,
                          const allostat_value_span *span,
                          allostat_value_amounts *amounts)
{
    bool stock[ALLOSTAT_VALUE_ROW_COUNT];
    double scale[ALLOSTAT_VALUE_ROW_COUNT];

    memset(amounts, 0, sizeof *amounts);
    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++)
        stock[r] = is_stock(&allostat_value_rows[r]);
    for (int32_t m = 0; m < records->month_count; m++) {
        const allostat_month month = records->first_month + m;

        if (month < span->first || month > span->last) continue;
        const double later = (double)(month - span->base_month);
        const double discount = allostat_exp(-later * span->log_discount);
        const double days = (double)allostat_month_day_count(month);

        for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++)
            scale[r] = stock[r] ? discount * days : discount;
        count_month(records, part, m, scale, amounts);
    }
}

double allostat_value_measure(const allostat_value_weights *weights,
                              const allostat_value_amounts *amounts,
                              allostat_measure measure)
{
    double sum = 0.0;

    for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++)
        sum += weights->row[measure][r] * amounts->row[r];
    if (measure != ALLOSTAT_MEASURE_qalys) return sum;
    for (int k = 0; k < ALLOSTAT_VALUE_MULTIPLIER_COUNT; k++) {
        for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++)
            sum += weights->multiplied[k][r] * amounts->multiplied[k][r];
    }
    return sum;
}
