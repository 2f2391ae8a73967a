/* A series over replicates: its middle and how far replicates spread about it. */
#ifndef ALLOSTAT_IO_REPORT_BANDS_H
#define ALLOSTAT_IO_REPORT_BANDS_H

#include "study/results.h"
#include "study/summary.h"

#include <stdbool.h>

/* What is looked at: a whole-number or a mean series, of all people or of a part. */
typedef struct {
    allostat_series_shape shape; /* counted, placed, city or averaged */
    int32_t index;               /* within its shape */
    int32_t area, sex, age;      /* counted: one of them, or -1 for all */
    int32_t place;               /* placed: one of them, or -1 for all */
} allostat_pick;

allostat_pick allostat_pick_counted(allostat_counted series);
allostat_pick allostat_pick_placed(allostat_placed series, int32_t place);
allostat_pick allostat_pick_city(allostat_city_series series);
allostat_pick allostat_pick_averaged(allostat_averaged series);

/* The table's row of a pick: name, kind, unit, meaning. */
const allostat_series_info *allostat_pick_info(allostat_pick pick);

/* Its value in one replicate in a month of the output; NaN where a mean has none. */
double allostat_pick_value(const allostat_records *records, allostat_pick pick,
                           allostat_month month);

/* Months first to last: the sum of a flow, the mean of a stock or a mean. */
double allostat_pick_over(const allostat_records *records, allostat_pick pick,
                          allostat_month first, allostat_month last);

/* The same over all replicates of a run. */
allostat_estimate allostat_pick_estimate(const allostat_results *run,
                                         allostat_pick pick, allostat_month first,
                                         allostat_month last, allostat_error *error,
                                         allostat_status *status);

/* Of one point of time, over replicates. */
typedef struct {
    double mean;
    double low, high;           /* 2.5th and 97.5th percentile, or lowest and highest;
                                   see allostat_interval_of */
    double low_half, high_half; /* 25th and 75th percentile, between neighbours */
} allostat_band;

enum { ALLOSTAT_BANDS_MAX = 1200 }; /* months: a century */

typedef struct {
    allostat_month first;
    int32_t step;  /* months between points: 1 or 12 */
    int32_t count; /* of points */
    int32_t replicate_count;
    allostat_band *band; /* [count] */
} allostat_bands;

/* Points of `step` months from `first` to `last`, whole steps only. Errors: NO_MEMORY.
 * *bands can be freed whatever happens. */
ALLOSTAT_MUST_CHECK allostat_status allostat_bands_init(
    allostat_bands *bands, const allostat_results *run, allostat_pick pick,
    allostat_month first, int32_t step, allostat_error *error);
void allostat_bands_free(allostat_bands *bands);

/* One point from the values of the replicates, which are put in order; NaN are left
 * out. */
allostat_band allostat_band_of(double *value, int32_t count);

#endif
