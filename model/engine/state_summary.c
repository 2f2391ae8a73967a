#include "engine/state_summary.h"

#include <math.h>
#include <string.h>

enum { BINS = 1000 };

static const double FIXED_POINT = 0x1p32;

typedef struct {
    int64_t people;
    int64_t sum; /* in parts of 2^-32: whole numbers add up to the same in any order */
    int64_t histogram[BINS];
} summary;

static void summarise(summary *self, const allostat_users *users, const float *column,
                      const allostat_series_info *info)
{
    const double bins_per_unit = BINS / (info->high - info->low);

    memset(self, 0, sizeof *self);
    for (size_t row = 0; row < users->row_count; row++) {
        if (!users->active[row]) continue;
        const double value = (double)column[row];
        const double bin = (value - info->low) * bins_per_unit;
        const int32_t inside =
            bin < 0.0 ? 0 : (bin < BINS - 1 ? (int32_t)bin : BINS - 1);

        self->people++;
        self->sum += (int64_t)(value * FIXED_POINT);
        self->histogram[inside]++;
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

void allostat_state_summary(const allostat_users *users, allostat_records *records,
                            int32_t m)
{
    summary found;

    for (int32_t i = 0; i < ALLOSTAT_OUTPUT_SERIES_COUNT; i++) {
        const allostat_series_info *info = &allostat_series_table[i];
        const int32_t s = info->index;

        if (info->shape != ALLOSTAT_SHAPE_averaged) continue;
        summarise(&found, users, column_of(users, s), info);
        records->mean[s][m] =
            found.people > 0 ? (double)found.sum / FIXED_POINT / (double)found.people
                             : (double)NAN;
        for (int32_t q = 0; q < ALLOSTAT_QUANTILE_COUNT; q++) {
            records->quantile[s][m * ALLOSTAT_QUANTILE_COUNT + q] =
                found.people > 0 ? quantile(&found, allostat_quantile_levels[q], info)
                                 : (double)NAN;
        }
    }
}
