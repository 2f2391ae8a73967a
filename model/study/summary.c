#include "study/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From 40 replicates on, 2.5 % of them is at least one; below, a percentile is the
 * extreme. */
enum { MONTHS = 12, PERCENTILE_REPLICATES = 40 };
static const double low_share = 0.025, high_share = 0.975;

const allostat_summary_column_info allostat_summary_columns[ALLOSTAT_COLUMN_COUNT] = {
    {"overdose_deaths", "overdose deaths", ALLOSTAT_COUNTED_overdose_deaths, false,
     true},
    {"attended_overdoses", "attended overdoses", ALLOSTAT_COUNTED_attended_overdoses,
     false, true},
    {"users", "users", ALLOSTAT_COUNTED_users, true, false},
    {"active_users", "active users", ALLOSTAT_COUNTED_active_users, true, false},
    {"residents", "residents of 15+", ALLOSTAT_COUNTED_residents, true, false},
    {"oat_clients", "OAT clients", ALLOSTAT_COUNTED_oat_clients, true, true},
};

const allostat_fact_info allostat_facts[ALLOSTAT_FACT_COUNT] = {
    {"deaths_male", "share of the dead who were men", "1"},
    {"deaths_alone", "share of the dead who were alone", "1"},
    {"deaths_per_attended_overdose", "deaths per attended overdose", "1"},
    {"active_people_with_overdose", "people with an overdose, of a year's users", "1"},
    {"repeat_overdose", "people with another, of those with one", "1"},
    {"most_overdoses_of_one_person", "most overdoses of one person in a year",
     "events"},
};

/* ---- sums over records
 * ---------------------------------------------------------------------- */

/* Part of the cells of a month: one area or one sex, or all (-1). */
typedef struct {
    int32_t area, sex;
} part;

static const part everyone = {-1, -1};

static double sum_month(const allostat_records *records, allostat_counted series,
                        int32_t month, part of)
{
    const int32_t *cell = records->counted[series] +
                          (size_t)month * (size_t)allostat_records_cells(records);
    int64_t sum = 0;

    for (int32_t area = 0; area < records->area_count; area++) {
        for (int32_t sex = 0; sex < ALLOSTAT_SEX_COUNT; sex++) {
            for (int32_t age = 0; age < ALLOSTAT_AGE_GROUP_COUNT; age++, cell++) {
                const bool in =
                    (of.area < 0 || of.area == area) && (of.sex < 0 || of.sex == sex);
                sum += in ? *cell : 0;
            }
        }
    }
    return (double)sum;
}

/* Months from..to, counted from the first month of the records, `to` included. */
typedef struct {
    int32_t from, to;
} span;

static double sum_span(const allostat_records *records, allostat_counted series,
                       span months, part of)
{
    double sum = 0.0; /* of whole numbers: exact */

    for (int32_t m = months.from; m <= months.to; m++)
        sum += sum_month(records, series, m, of);
    return sum;
}

static span span_of(const allostat_records *records, allostat_month first,
                    allostat_month last)
{
    const allostat_month end = records->first_month + records->month_count - 1;
    const allostat_month from =
        first > records->first_month ? first : records->first_month;
    const allostat_month to = last < end ? last : end;

    return (span){from - records->first_month, to - records->first_month};
}

static double ratio(double part_value, double whole)
{
    return whole > 0.0 ? part_value / whole : (double)NAN;
}

/* ---- estimates
 * ------------------------------------------------------------------------------ */

allostat_interval allostat_interval_of(int32_t replicate_count)
{
    if (replicate_count < 2) return ALLOSTAT_INTERVAL_none;
    return replicate_count < PERCENTILE_REPLICATES ? ALLOSTAT_INTERVAL_range
                                                   : ALLOSTAT_INTERVAL_percentile;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Straight line between the two nearest values in order (type 7 of Hyndman and Fan
 * 1996). */
static double percentile(const double *value, int32_t count, double share)
{
    const double place = share * (double)(count - 1);
    const int32_t below = (int32_t)place;
    const int32_t above = below + 1 < count ? below + 1 : below;

    return value[below] + (place - (double)below) * (value[above] - value[below]);
}

allostat_estimate allostat_estimate_of(double *value, int32_t count)
{
    const bool extremes = allostat_interval_of(count) != ALLOSTAT_INTERVAL_percentile;
    int32_t known = 0;
    double sum = 0.0;

    for (int32_t i = 0; i < count; i++) {
        if (!isnan(value[i])) value[known++] = value[i];
    }
    if (known == 0)
        return (allostat_estimate){(double)NAN, (double)NAN, (double)NAN, 0};
    qsort(value, (size_t)known, sizeof *value, compare);
    for (int32_t i = 0; i < known; i++) sum += value[i];
    return (allostat_estimate){
        .mean = sum / (double)known,
        .low = extremes ? value[0] : percentile(value, known, low_share),
        .high = extremes ? value[known - 1] : percentile(value, known, high_share),
        .replicate_count = known,
    };
}

/* ---- by year
 * -------------------------------------------------------------------------------- */

void allostat_summary_observed(const allostat_params *params,
                               allostat_series observed[ALLOSTAT_COLUMN_COUNT])
{
    memset(observed, 0, sizeof(allostat_series[ALLOSTAT_COLUMN_COUNT]));
    observed[ALLOSTAT_COLUMN_overdose_deaths] = params->observed_overdose_deaths;
    observed[ALLOSTAT_COLUMN_attended_overdoses] = params->observed_attended_overdoses;
    observed[ALLOSTAT_COLUMN_oat_clients] = params->observed_oat_clients;
}

/* Sum or mean of a year in which each month has its own row; NaN when one is missing.
 */
static double observed_year(const allostat_series *series, int32_t year, bool mean)
{
    double sum = 0.0;
    int32_t found = 0;

    for (int32_t i = 0; i < series->count; i++) {
        const allostat_month month = allostat_month_of_day(series->day[i]);
        if (month / MONTHS != year || series->day[i] != allostat_month_first_day(month))
            continue;
        sum += series->value[i];
        found++;
    }
    if (found != MONTHS) return (double)NAN;
    return mean ? sum / MONTHS : sum;
}

static allostat_estimate simulated_year(const allostat_summary_input *input,
                                        double *value,
                                        const allostat_summary_column_info *column,
                                        span months)
{
    const double count = (double)(months.to - months.from + 1);

    for (int32_t r = 0; r < input->replicate_count; r++) {
        const double sum =
            sum_span(&input->replicate[r], column->series, months, everyone);
        value[r] = column->mean ? sum / count : sum;
    }
    return allostat_estimate_of(value, input->replicate_count);
}

static void summarise_year(allostat_year_summary *self,
                           const allostat_summary_input *input, double *value,
                           int32_t year)
{
    const span months =
        span_of(&input->replicate[0], year * MONTHS, year * MONTHS + MONTHS - 1);

    self->year = year;
    self->month_count = months.to - months.from + 1;
    for (int c = 0; c < ALLOSTAT_COLUMN_COUNT; c++) {
        const allostat_summary_column_info *column = &allostat_summary_columns[c];
        self->simulated[c] = simulated_year(input, value, column, months);
        self->observed[c] = self->month_count == MONTHS
                                ? observed_year(&input->observed[c], year, column->mean)
                                : (double)NAN;
    }
}

/* ---- by window
 * ------------------------------------------------------------------------------ */

/* Sum, or largest, of a yearly series over the whole years of a window; NaN when it has
 * none. */
static double over_years(const allostat_records *records, allostat_yearly series,
                         span months, bool largest)
{
    double result = (double)NAN;

    for (int32_t i = 0; i < records->year_count; i++) {
        const int32_t from = (records->first_year + i) * MONTHS - records->first_month;
        const double value = (double)records->yearly[series][i];
        if (from < months.from || from + MONTHS - 1 > months.to) continue;
        if (isnan(result)) {
            result = value;
        } else {
            result = largest ? fmax(result, value) : result + value;
        }
    }
    return result;
}

static double fact_value(const allostat_records *records, allostat_fact fact,
                         span months)
{
    const part men = {-1, ALLOSTAT_SEX_male};
    const double deaths =
        sum_span(records, ALLOSTAT_COUNTED_overdose_deaths, months, everyone);

#define SUM(series) sum_span(records, ALLOSTAT_COUNTED_##series, months, everyone)
#define YEARS(series) over_years(records, ALLOSTAT_YEARLY_##series, months, false)
    switch (fact) {
    case ALLOSTAT_FACT_deaths_male:
        return ratio(sum_span(records, ALLOSTAT_COUNTED_overdose_deaths, months, men),
                     deaths);
    case ALLOSTAT_FACT_deaths_alone:
        return ratio(SUM(overdose_deaths_alone), deaths);
    case ALLOSTAT_FACT_deaths_per_attended_overdose:
        return ratio(deaths, SUM(attended_overdoses));
    case ALLOSTAT_FACT_active_people_with_overdose:
        return ratio(YEARS(people_with_overdose), YEARS(people_ever_active));
    case ALLOSTAT_FACT_repeat_overdose:
        return ratio(YEARS(people_with_repeat_overdose), YEARS(people_with_overdose));
    case ALLOSTAT_FACT_most_overdoses_of_one_person:
        return over_years(records, ALLOSTAT_YEARLY_most_overdoses_of_one_person, months,
                          true);
    case ALLOSTAT_FACT_COUNT:
        break;
    }
#undef SUM
#undef YEARS
    return (double)NAN;
}

static void summarise_window(allostat_window_summary *self,
                             const allostat_summary_input *input, double *value)
{
    const span months = span_of(&input->replicate[0], self->first, self->last);

    self->area_count = input->replicate[0].area_count;
    for (int32_t area = 0; area < self->area_count; area++) {
        const part here = {area, -1};
        for (int32_t r = 0; r < input->replicate_count; r++) {
            const allostat_records *records = &input->replicate[r];
            const allostat_counted deaths = ALLOSTAT_COUNTED_overdose_deaths;
            value[r] = ratio(sum_span(records, deaths, months, here),
                             sum_span(records, deaths, months, everyone));
        }
        self->deaths_in_area[area] =
            allostat_estimate_of(value, input->replicate_count);
    }
    for (int f = 0; f < ALLOSTAT_FACT_COUNT; f++) {
        for (int32_t r = 0; r < input->replicate_count; r++) {
            value[r] = fact_value(&input->replicate[r], (allostat_fact)f, months);
        }
        self->fact[f] = allostat_estimate_of(value, input->replicate_count);
    }
}

/* The whole output, then the years for which facts of the city were published. */
static void choose_windows(allostat_summary *self, const allostat_records *records)
{
    static const int32_t years[][2] = {{2015, 2018}, {2021, 2021}};
    const allostat_month end = records->first_month + records->month_count - 1;

    self->window[0].first = records->first_month;
    self->window[0].last = end;
    self->window_count = 1;
    for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
        const allostat_month first = years[i][0] * MONTHS;
        const allostat_month last = years[i][1] * MONTHS + MONTHS - 1;
        const bool inside = first >= records->first_month && last <= end;
        const bool whole = first == records->first_month && last == end;
        if (!inside || whole) continue;
        self->window[self->window_count].first = first;
        self->window[self->window_count].last = last;
        self->window_count++;
    }
}

allostat_status allostat_summary_init(allostat_summary *summary,
                                      const allostat_summary_input *input,
                                      allostat_error *error)
{
    const allostat_records *records = &input->replicate[0];
    const int32_t last_month = records->first_month + records->month_count - 1;
    const int32_t first_year = records->first_month / MONTHS;
    double *const value = calloc((size_t)input->replicate_count, sizeof *value);

    memset(summary, 0, sizeof *summary);
    summary->year_count = last_month / MONTHS - first_year + 1;
    summary->year = calloc((size_t)summary->year_count, sizeof *summary->year);
    if (value == NULL || summary->year == NULL) {
        free(value);
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a summary of %d years",
                             (int)summary->year_count);
    }
    summary->replicate_count = input->replicate_count;
    summary->interval = allostat_interval_of(input->replicate_count);
    for (int32_t i = 0; i < summary->year_count; i++) {
        summarise_year(&summary->year[i], input, value, first_year + i);
    }
    choose_windows(summary, records);
    for (int32_t i = 0; i < summary->window_count; i++) {
        summarise_window(&summary->window[i], input, value);
    }
    free(value);
    return ALLOSTAT_OK;
}

void allostat_summary_free(allostat_summary *summary)
{
    free(summary->year);
    memset(summary, 0, sizeof *summary);
}
