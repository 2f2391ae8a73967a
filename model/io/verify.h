/* Making a result file again from the configuration inside it, and comparing: for
 * `allostat verify`. */
#ifndef ALLOSTAT_IO_VERIFY_H
#define ALLOSTAT_IO_VERIFY_H

#include "io/digest.h"
#include "params/params.h"
#include "study/ensemble.h"

#include <stdbool.h>
#include <stddef.h>

enum { ALLOSTAT_PLACE_TEXT_SIZE = 200, ALLOSTAT_VERIFY_NAME_SIZE = 160 };

typedef struct {
    bool same_values;                  /* of every dataset */
    bool same_bytes;                   /* the whole file */
    bool same_version;                 /* the file is of this version of the program */
    char version[ALLOSTAT_TEXT_SIZE];  /* that wrote the file */
    char digest[ALLOSTAT_DIGEST_SIZE]; /* of the file */
    int32_t dataset_count, differ_count;
    char dataset[ALLOSTAT_VERIFY_NAME_SIZE]; /* the first that differs, in file order */
    char place[ALLOSTAT_PLACE_TEXT_SIZE];    /* "replicate 0, month 3 (2015-04), …" */
    char in_file[ALLOSTAT_VERIFY_NAME_SIZE], made_again[ALLOSTAT_VERIFY_NAME_SIZE];
    size_t byte; /* the first byte of the file that differs */
} allostat_verified;

/* Errors: NO_INPUT when there is no such file; DATA when it is not ours, damaged or
 * holds a configuration that cannot be read; those of allostat_ensemble_run. A file
 * that differs is no error. */
ALLOSTAT_MUST_CHECK allostat_status allostat_verify(const char *path,
                                                    int32_t thread_count,
                                                    allostat_verified *found,
                                                    allostat_error *error);

#endif
