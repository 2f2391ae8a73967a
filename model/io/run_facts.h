/* The side file `<output>.run.json`: what differs from run to run and so is kept out of
 * the result. */
#ifndef ALLOSTAT_IO_RUN_FACTS_H
#define ALLOSTAT_IO_RUN_FACTS_H

#include "io/digest.h"

#include <stdint.h>
#include <time.h>

typedef struct {
    time_t started, finished;   /* written as UTC */
    double wall_seconds;        /* of the simulation and the writing */
    int32_t threads;            /* offered to the run */
    int64_t days;               /* simulated, over all replicates */
    const char *digest;         /* SHA-256 of the result */
    const char *const *command; /* words of the command line */
    int32_t command_count;
} allostat_run_facts;

/* Write the side file beside `output`; one that exists is replaced. Host, versions and
 * compiler are found here. Errors: CANNOT_CREATE never: all failures are IO, since the
 * result is already there; NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_run_facts_write(
    const char *output, const allostat_run_facts *facts, allostat_error *error);

#endif
