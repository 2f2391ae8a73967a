#include "io/rows.h"

#include "base/columns.h"

#include <stdio.h>
#include <string.h>

const char *const allostat_output_axis_names[ALLOSTAT_OUTPUT_AXIS_COUNT] = {
    "replicate", "month",    "area", "sex",  "age_group",
    "place",     "quantile", "year", "group"};

int32_t allostat_output_axis_size(const allostat_records *records,
                                  int32_t replicate_count, allostat_output_axis axis)
{
    switch (axis) {
    case ALLOSTAT_OUTPUT_replicate:
        return replicate_count;
    case ALLOSTAT_OUTPUT_month:
        return records->month_count;
    case ALLOSTAT_OUTPUT_area:
        return records->area_count;
    case ALLOSTAT_OUTPUT_sex:
        return ALLOSTAT_SEX_COUNT;
    case ALLOSTAT_OUTPUT_age_group:
        return ALLOSTAT_AGE_GROUP_COUNT;
    case ALLOSTAT_OUTPUT_place:
        return ALLOSTAT_PLACE_COUNT;
    case ALLOSTAT_OUTPUT_quantile:
        return ALLOSTAT_QUANTILE_COUNT;
    case ALLOSTAT_OUTPUT_year:
        return records->year_count;
    case ALLOSTAT_OUTPUT_group:
        return ALLOSTAT_GROUP_COUNT;
    case ALLOSTAT_OUTPUT_AXIS_COUNT:
        break;
    }
    return 0;
}

static void append_axis(allostat_row *row, allostat_output_axis axis)
{
    row->axis[row->rank++] = axis;
}

static void list_axes(allostat_row *row)
{
    append_axis(row, ALLOSTAT_OUTPUT_replicate);
    append_axis(row, row->info->shape == ALLOSTAT_SHAPE_yearly ? ALLOSTAT_OUTPUT_year
                                                               : ALLOSTAT_OUTPUT_month);
    if (row->info->shape == ALLOSTAT_SHAPE_counted) {
        append_axis(row, ALLOSTAT_OUTPUT_area);
        append_axis(row, ALLOSTAT_OUTPUT_sex);
        append_axis(row, ALLOSTAT_OUTPUT_age_group);
    }
    if (row->info->shape == ALLOSTAT_SHAPE_placed)
        append_axis(row, ALLOSTAT_OUTPUT_place);
    if (row->info->shape == ALLOSTAT_SHAPE_grouped)
        append_axis(row, ALLOSTAT_OUTPUT_group);
    if (row->quantiles) append_axis(row, ALLOSTAT_OUTPUT_quantile);
}

static void give_name(allostat_row *row)
{
    const char *before = row->quantiles ? "quantiles_" : "mean_";
    const char *about = row->quantiles ? "quantiles of the " : "mean ";

    if (row->whole) before = about = "";
    snprintf(row->name, sizeof row->name, "%s%s", before, row->info->name);
    snprintf(row->about, sizeof row->about, "%s%s", about, row->info->about);
}

allostat_row allostat_row_at(int32_t i)
{
    allostat_row row = {0};

    for (int s = 0; s < ALLOSTAT_OUTPUT_SERIES_COUNT; s++) {
        const bool averaged = allostat_series_table[s].shape == ALLOSTAT_SHAPE_averaged;
        const int32_t rows = averaged ? 2 : 1;
        if (i >= rows) {
            i -= rows;
            continue;
        }
        row.info = &allostat_series_table[s];
        row.quantiles = averaged && i == 1;
        row.whole = !averaged;
        break;
    }
    list_axes(&row);
    give_name(&row);
    return row;
}

/* The address of the pointer to a row's values. */
static void *array_of(const allostat_row *row, allostat_records *records)
{
    const int32_t i = row->info->index;

    switch (row->info->shape) {
    case ALLOSTAT_SHAPE_counted:
        return &records->counted[i];
    case ALLOSTAT_SHAPE_placed:
        return &records->placed[i];
    case ALLOSTAT_SHAPE_city:
        return &records->city[i];
    case ALLOSTAT_SHAPE_yearly:
        return &records->yearly[i];
    case ALLOSTAT_SHAPE_grouped:
        return &records->grouped[i];
    case ALLOSTAT_SHAPE_averaged:
        break;
    }
    return row->quantiles ? &records->quantile[i] : &records->mean[i];
}

void allostat_row_drop(const allostat_row *row, allostat_records *records)
{
    allostat_column_free((void **)array_of(row, records));
}

void *allostat_row_values(const allostat_row *row, const allostat_records *records)
{
    allostat_records at = *records; /* the same arrays */
    void *values = NULL;

    memcpy(&values, array_of(row, &at), sizeof values);
    return values;
}

size_t allostat_row_bytes(const allostat_row *row, const allostat_records *records)
{
    size_t bytes = row->whole ? sizeof(int32_t) : sizeof(double);

    for (int a = 0; a < row->rank; a++) {
        bytes *= (size_t)allostat_output_axis_size(records, 1, row->axis[a]);
    }
    return bytes;
}
