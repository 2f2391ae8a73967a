#include "engine/state_summary.h"

#include "base/hot.h"

#include <math.h>
#include <string.h>

enum { BINS = 1000, ROWS = 1024 /* of a block */ };

static const double FIXED_POINT = 0x1p32;

typedef struct {
    int64_t people;
    int64_t sum; /* in parts of 2^-32: whole numbers add up to the same in any order */
    int32_t histogram[BINS];
} summary;

typedef struct {
    double low, bins_per_unit;
} scale;

/* Every row's bin, whoever it is. */
ALLOSTAT_HOT
static void find_bins(scale bins, const float *restrict column, size_t count,
                      int32_t *restrict bin)
{
    const double low = bins.low, per_unit = bins.bins_per_unit;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double at = ((double)column[i] - low) * per_unit;
        const double above = at < 0.0 ? 0.0 : at;

        bin[i] = (int32_t)(above < BINS - 1 ? above : BINS - 1);
    }
}

ALLOSTAT_HOT
static int64_t sum_of(const int32_t *restrict active, const float *restrict column,
                      size_t count)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        const double value = active[i] ? (double)column[i] : 0.0;

        sum += (int64_t)(value * FIXED_POINT);
    }
    return sum;
}

ALLOSTAT_HOT
static int32_t count_active(const int32_t *restrict active, size_t count)
{
    int32_t people = 0;

    for (size_t i = 0; i < count; i++) people += active[i] != 0;
    return people;
}

/* Blocks in which nobody is active, such as those of patients, are passed over. */
static void summarise(summary *self, const allostat_users *users, const float *column,
                      const allostat_series_info *info)
{
    const scale bins = {info->low, BINS / (info->high - info->low)};
    int32_t bin[ROWS];

    memset(self, 0, sizeof *self);
    for (size_t first = 0; first < users->row_count; first += ROWS) {
        const size_t left = users->row_count - first, count = left < ROWS ? left : ROWS;
        const int32_t *active = users->active + first;
        const int32_t people = count_active(active, count);

        if (people == 0) continue;
        find_bins(bins, column + first, count, bin);
        for (size_t i = 0; i < count; i++) self->histogram[bin[i]] += active[i] != 0;
        self->people += people;
        self->sum += sum_of(active, column + first, count);
    }
}

/* The middle of the bin in which the level is reached. */
static double quantile(const summary *self, double level,
                       const allostat_series_info *info)
{
    const double width = (info->high - info->low) / BINS, half = 0.5;
    int64_t below = 0;
    int32_t bin = 0;

    while (bin < BINS - 1 &&
           (double)(below + self->histogram[bin]) < level * (double)self->people) {
        below += self->histogram[bin++];
    }
    return info->low + (bin + half) * width;
}

static const float *column_of(const allostat_users *users, int32_t series)
{
    switch (series) {
#define AVERAGED(name, ...)        \
    case ALLOSTAT_AVERAGED_##name: \
        return users->name;
#include "engine/series_rows.h"
    default:
        return NULL;
    }
}

void allostat_state_record(const allostat_users *users, allostat_records *records,
                           int32_t m, int32_t s)
{
    const allostat_series_info *info = allostat_series_table;
    summary found;

    while (info->shape != ALLOSTAT_SHAPE_averaged || info->index != s) info++;
    summarise(&found, users, column_of(users, s), info);
    records->mean[s][m] = found.people > 0
                              ? (double)found.sum / FIXED_POINT / (double)found.people
                              : (double)NAN;
    for (int32_t q = 0; q < ALLOSTAT_QUANTILE_COUNT; q++) {
        records->quantile[s][m * ALLOSTAT_QUANTILE_COUNT + q] =
            found.people > 0 ? quantile(&found, allostat_quantile_levels[q], info)
                             : (double)NAN;
    }
}
