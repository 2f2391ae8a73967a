/* A finished run with made-up numbers: two areas, twelve months or more, two
 * replicates. */
#ifndef ALLOSTAT_TESTS_IO_FIXTURE_H
#define ALLOSTAT_TESTS_IO_FIXTURE_H

#include "engine/records.h"
#include "params/scenario.h"
#include "study/results.h"

#include <stddef.h>

enum { FIXTURE_REPLICATES = 2, FIXTURE_PATH_SIZE = 256 };

typedef struct {
    allostat_scenario scenario;
    allostat_records replicate[FIXTURE_REPLICATES];
    allostat_results results;
    char folder[FIXTURE_PATH_SIZE]; /* an empty folder of its own */
    char path[FIXTURE_PATH_SIZE];   /* run.h5 in it; not there yet */
} fixture;

/* cmocka's setup and teardown; *state is the fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* The number that replicate r holds at place i of the counted series s. */
int32_t fixture_count(int r, int s, int i);

/* How many files lie in the folder. */
int fixture_files(const fixture *self);

/* A whole file in memory; the caller frees it. */
unsigned char *fixture_read(const char *path, size_t *size);

#endif
