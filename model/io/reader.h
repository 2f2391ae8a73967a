/* Reading a result file back: for `allostat info`, reports and comparisons. */
#ifndef ALLOSTAT_IO_READER_H
#define ALLOSTAT_IO_READER_H

#include "io/digest.h"
#include "study/summary.h"

#include <stdbool.h>
#include <stdint.h>

enum { ALLOSTAT_SHAPE_TEXT_SIZE = 96 };

/* One dataset of the root group. */
typedef struct {
    char name[ALLOSTAT_TEXT_SIZE];
    char dimensions[ALLOSTAT_SHAPE_TEXT_SIZE]; /* "replicate, month, area" */
    char unit[ALLOSTAT_TEXT_SIZE];
    char about[ALLOSTAT_TEXT_SIZE];
} allostat_stored_series;

/* A result file in memory. */
typedef struct {
    char name[ALLOSTAT_TEXT_SIZE];        /* run.name */
    char description[ALLOSTAT_TEXT_SIZE]; /* run.description */
    char version[ALLOSTAT_TEXT_SIZE];     /* of the program that wrote it */
    char digest[ALLOSTAT_DIGEST_SIZE];
    int32_t schema;
    int64_t seed;
    double scale; /* population.scale */
    allostat_day start, output_start, end;
    allostat_labels areas;
    int32_t replicate_count;
    allostat_records *replicate;                     /* [replicate_count] */
    allostat_series observed[ALLOSTAT_COLUMN_COUNT]; /* see allostat_summary_observed */
    allostat_day *observed_day[ALLOSTAT_COLUMN_COUNT]; /* what `observed` points to */
    double *observed_value[ALLOSTAT_COLUMN_COUNT];
    int32_t series_count;           /* 0 before allostat_stored_list */
    allostat_stored_series *series; /* [series_count], in the order of the file */
} allostat_stored;

/* What of a file is wanted, each NULL for all: is a series, is a fact of deaths? */
typedef struct {
    bool (*series)(const allostat_series_info *info);
    bool (*fact)(int32_t fact); /* ALLOSTAT_DEATH_… of records.h */
} allostat_stored_wanted;

/* Errors: NO_INPUT when there is no such file; DATA, naming the file, when it is not
 * HDF5, not ours, cut short, damaged or of a newer layout; NO_MEMORY. *stored can be
 * freed whatever happens. */
ALLOSTAT_MUST_CHECK allostat_status allostat_stored_init(allostat_stored *stored,
                                                         const char *path,
                                                         allostat_error *error);

/* The same for what is wanted. Nothing unpacks the rest: other series are NULL in the
 * records, other facts of deaths 0. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_stored_init_some(allostat_stored *stored, const char *path,
                          allostat_stored_wanted wanted, allostat_error *error);

/* Fills the list of series. Errors: DATA, NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_stored_list(allostat_stored *stored,
                                                         const char *path,
                                                         allostat_error *error);
void allostat_stored_free(allostat_stored *stored);

#endif
