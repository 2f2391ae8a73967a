/* What this machine can do at most, measured on one core, and what lies between
 * two: the yardstick of `allostat bench`. */
#ifndef ALLOSTAT_STUDY_LIMITS_H
#define ALLOSTAT_STUDY_LIMITS_H

#include "base/error.h"

#include <stddef.h>

typedef struct {
    double triad_bytes_per_second; /* a = b + s c over arrays far larger than caches */
    double table_bytes_per_second; /* the same over arrays as large as a given table */
    double threefry_words_per_second; /* 32-bit words of allostat_draws_fill */
    double exp_per_second;            /* allostat_expf in a loop */
    double handover_nanoseconds;      /* see study/handover.h */
} allostat_limits;

/* Takes so many bytes of memory, writes to each page and gives them back: `seconds` is
 * what that took. Much longer than to write as much again where a virtual machine's
 * host has to find the pages; for the next second or so they are at hand. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_memory_find(size_t bytes, double *seconds,
                                                         allostat_error *error);

/* Takes about a second. `table_bytes` is the size of the table for
 * table_bytes_per_second. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_limits_measure(allostat_limits *limits,
                                                            size_t table_bytes,
                                                            allostat_error *error);

#endif
