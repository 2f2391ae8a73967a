#include "io/report/bands.h"

#include <math.h>
#include <stdlib.h>

allostat_pick allostat_pick_counted(allostat_counted series)
{
    return (allostat_pick){ALLOSTAT_SHAPE_counted, (int32_t)series, -1, -1, -1, -1};
}

allostat_pick allostat_pick_placed(allostat_placed series, int32_t place)
{
    return (allostat_pick){ALLOSTAT_SHAPE_placed, (int32_t)series, -1, -1, -1, place};
}

allostat_pick allostat_pick_city(allostat_city_series series)
{
    return (allostat_pick){ALLOSTAT_SHAPE_city, (int32_t)series, -1, -1, -1, -1};
}

allostat_pick allostat_pick_averaged(allostat_averaged series)
{
    return (allostat_pick){ALLOSTAT_SHAPE_averaged, (int32_t)series, -1, -1, -1, -1};
}

const allostat_series_info *allostat_pick_info(allostat_pick pick)
{
    for (int32_t i = 0; i < ALLOSTAT_OUTPUT_SERIES_COUNT; i++) {
        const allostat_series_info *info = &allostat_series_table[i];
        if (info->shape == pick.shape && info->index == pick.index) return info;
    }
    return NULL;
}

static double counted_value(const allostat_records *records, allostat_pick pick,
                            int32_t month)
{
    const int32_t ages = ALLOSTAT_AGE_GROUP_COUNT, sexes = ALLOSTAT_SEX_COUNT;
    const int32_t *cell = records->counted[pick.index] +
                          (size_t)month * (size_t)allostat_records_cells(records);
    int64_t sum = 0;

    for (int32_t i = 0; i < allostat_records_cells(records); i++) {
        if (pick.age >= 0 && i % ages != pick.age) continue;
        if (pick.sex >= 0 && i / ages % sexes != pick.sex) continue;
        if (pick.area >= 0 && i / ages / sexes != pick.area) continue;
        sum += cell[i];
    }
    return (double)sum;
}

static double placed_value(const allostat_records *records, allostat_pick pick,
                           int32_t month)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < ALLOSTAT_PLACE_COUNT; i++) {
        if (pick.place >= 0 && pick.place != i) continue;
        sum += records->placed[pick.index][month * ALLOSTAT_PLACE_COUNT + i];
    }
    return (double)sum;
}

double allostat_pick_value(const allostat_records *records, allostat_pick pick,
                           allostat_month month)
{
    const int32_t i = month - records->first_month;

    switch (pick.shape) {
    case ALLOSTAT_SHAPE_counted:
        return counted_value(records, pick, i);
    case ALLOSTAT_SHAPE_placed:
        return placed_value(records, pick, i);
    case ALLOSTAT_SHAPE_city:
        return (double)records->city[pick.index][i];
    default:
        return records->mean[pick.index][i];
    }
}

double allostat_pick_over(const allostat_records *records, allostat_pick pick,
                          allostat_month first, allostat_month last)
{
    const bool flow = pick.shape != ALLOSTAT_SHAPE_averaged &&
                      allostat_pick_info(pick)->kind == ALLOSTAT_SERIES_flow;
    double sum = 0.0;
    int32_t count = 0;

    for (allostat_month month = first; month <= last; month++) {
        const double value = allostat_pick_value(records, pick, month);
        if (isnan(value)) continue;
        sum += value;
        count++;
    }
    if (count == 0) return (double)NAN;
    return flow ? sum : sum / count;
}

allostat_estimate allostat_pick_estimate(const allostat_results *run,
                                         allostat_pick pick, allostat_month first,
                                         allostat_month last, allostat_error *error,
                                         allostat_status *status)
{
    const allostat_estimate nothing = {(double)NAN, (double)NAN, (double)NAN, 0};
    double *const value = calloc((size_t)run->replicate_count, sizeof *value);

    if (value == NULL) {
        if (*status == ALLOSTAT_OK) {
            *status = ALLOSTAT_FAIL(error, NO_MEMORY, "%d replicates",
                                    (int)run->replicate_count);
        }
        return nothing;
    }
    for (int32_t r = 0; r < run->replicate_count; r++) {
        value[r] = allostat_pick_over(&run->replicate[r], pick, first, last);
    }
    const allostat_estimate estimate =
        allostat_estimate_of(value, run->replicate_count);
    free(value);
    return estimate;
}

/* ---- bands ---------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Between the two nearest of values in order. */
static double quantile(const double *value, int32_t count, double level)
{
    const double at = level * (count - 1);
    const int32_t below = (int32_t)at;
    const int32_t above = below + 1 < count ? below + 1 : below;

    return value[below] + (at - below) * (value[above] - value[below]);
}

allostat_band allostat_band_of(double *value, int32_t count)
{
    const double quarter = 0.25, tail = 0.025;
    int32_t known = 0;
    double sum = 0.0;

    for (int32_t i = 0; i < count; i++) {
        if (isnan(value[i])) continue;
        sum += value[i];
        value[known++] = value[i];
    }
    if (known == 0) {
        const double none = (double)NAN;
        return (allostat_band){none, none, none, none, none};
    }
    qsort(value, (size_t)known, sizeof *value, compare);
    const bool range = allostat_interval_of(known) != ALLOSTAT_INTERVAL_percentile;
    return (allostat_band){
        .mean = sum / known,
        .low = range ? value[0] : quantile(value, known, tail),
        .high = range ? value[known - 1] : quantile(value, known, 1.0 - tail),
        .low_half = quantile(value, known, quarter),
        .high_half = quantile(value, known, 1.0 - quarter),
    };
}

allostat_status allostat_bands_init(allostat_bands *bands, const allostat_results *run,
                                    allostat_pick pick, allostat_month first,
                                    int32_t step, allostat_error *error)
{
    const allostat_records *records = &run->replicate[0];
    const allostat_month end = records->first_month + records->month_count;
    const int32_t count = (end - first) / step;
    double *const value = calloc((size_t)run->replicate_count, sizeof *value);

    *bands = (allostat_bands){.first = first,
                              .step = step,
                              .count = count,
                              .replicate_count = run->replicate_count,
                              .band = calloc((size_t)count + 1, sizeof *bands->band)};
    if (value == NULL || bands->band == NULL) {
        free(value);
        return ALLOSTAT_FAIL(error, NO_MEMORY, "bands of %d months", (int)count);
    }
    for (int32_t i = 0; i < count; i++) {
        const allostat_month from = first + i * step;
        for (int32_t r = 0; r < run->replicate_count; r++) {
            value[r] =
                allostat_pick_over(&run->replicate[r], pick, from, from + step - 1);
        }
        bands->band[i] = allostat_band_of(value, run->replicate_count);
    }
    free(value);
    return ALLOSTAT_OK;
}

void allostat_bands_free(allostat_bands *bands)
{
    free(bands->band);
    *bands = (allostat_bands){0};
}
