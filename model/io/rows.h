/* The datasets of a run, as the result file and the C API name them: one for each row
 * of tables/series.def, two (`mean_`, `quantiles_`) for an averaged one. */
#ifndef ALLOSTAT_IO_ROWS_H
#define ALLOSTAT_IO_ROWS_H

#include "engine/records.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The axes of datasets, in the order of the file. */
typedef enum {
    ALLOSTAT_OUTPUT_replicate,
    ALLOSTAT_OUTPUT_month,
    ALLOSTAT_OUTPUT_area,
    ALLOSTAT_OUTPUT_sex,
    ALLOSTAT_OUTPUT_age_group,
    ALLOSTAT_OUTPUT_place,
    ALLOSTAT_OUTPUT_quantile,
    ALLOSTAT_OUTPUT_year,
    ALLOSTAT_OUTPUT_group,
    ALLOSTAT_OUTPUT_AXIS_COUNT
} allostat_output_axis;

enum {
    ALLOSTAT_ROW_COUNT =
        (int)ALLOSTAT_OUTPUT_SERIES_COUNT + (int)ALLOSTAT_AVERAGED_COUNT,
    ALLOSTAT_ROW_RANK_MAX = 5
};

extern const char *const allostat_output_axis_names[ALLOSTAT_OUTPUT_AXIS_COUNT];

typedef struct {
    const allostat_series_info *info;
    bool quantiles; /* of an averaged series: these, not the mean */
    bool whole;     /* int32_t values, else double */
    char name[ALLOSTAT_TEXT_SIZE];
    char about[ALLOSTAT_TEXT_SIZE];
    int rank; /* the first axis is always the replicate */
    allostat_output_axis axis[ALLOSTAT_ROW_RANK_MAX];
} allostat_row;

/* Row i, 0 to ALLOSTAT_ROW_COUNT - 1, in the order of the file. */
allostat_row allostat_row_at(int32_t i);

/* Length of an axis under these records; of the replicates, replicate_count. */
int32_t allostat_output_axis_size(const allostat_records *records,
                                  int32_t replicate_count, allostat_output_axis axis);

/* Gives the row's array back; it is NULL from then on. */
void allostat_row_drop(const allostat_row *row, allostat_records *records);

/* Values of one replicate, and how many bytes of them there are. */
void *allostat_row_values(const allostat_row *row, const allostat_records *records);
size_t allostat_row_bytes(const allostat_row *row, const allostat_records *records);

#endif
