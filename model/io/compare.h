/* Two HDF5 files dataset by dataset; for the files of this folder only. */
#ifndef ALLOSTAT_IO_COMPARE_H
#define ALLOSTAT_IO_COMPARE_H

#include "io/h5.h"

enum { ALLOSTAT_COMPARE_NAME_SIZE = 160, ALLOSTAT_COMPARE_VALUE_SIZE = 40 };

/* How the values of two files differ, and the first place where they do, in the order
 * of the first file. */
typedef struct {
    int32_t dataset_count;                 /* of the first file */
    int32_t differ_count;                  /* of these, missing ones included */
    char name[ALLOSTAT_COMPARE_NAME_SIZE]; /* of the first that differs; else "" */
    int rank; /* of its values; -1 when the dataset itself is missing or of other shape
               */
    hsize_t index[ALLOSTAT_H5_RANK_MAX];
    char value[2][ALLOSTAT_COMPARE_VALUE_SIZE]; /* in the first and the second file */
} allostat_comparison;

/* Compare every dataset of `first` but `left_out` (NULL for none) with its namesake in
 * `second`, bit by bit. Errors: DATA when a dataset cannot be read, naming it;
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_compare(hid_t first, hid_t second,
                                                     const char *left_out,
                                                     allostat_comparison *found,
                                                     allostat_error *error);

#endif
