/* A run to be looked at again: a result file with the scenario inside it, in the form
 * in which a run that has just ended is given to summaries, contrasts and reports. */
#ifndef ALLOSTAT_IO_SAVED_RUN_H
#define ALLOSTAT_IO_SAVED_RUN_H

#include "io/reader.h"
#include "study/results.h"

/* What of a file is wanted; a thing that is not named is wanted whole. */
typedef struct {
    allostat_stored_wanted stored;
    const allostat_scenario *base; /* origins only of what is not as in this one */
} allostat_saved_wanted;

typedef struct {
    allostat_stored stored; /* series, deaths, names */
    allostat_scenario
        scenario;             /* from the configuration in the file, origins restored */
    allostat_results results; /* of both; what everybody else reads */
} allostat_saved_run;

/* The scenario alone, of a file that allostat_stored_init has read; `base` as in
 * allostat_saved_wanted. Errors: DATA when the configuration in the file cannot be
 * read. *scenario can be freed whatever happens. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_saved_scenario_init(allostat_scenario *scenario, const char *path,
                             const allostat_scenario *base, allostat_error *error);

/* The series of a file whose scenario was read before. Errors: those of
 * allostat_stored_init; DATA when the scenario is not that of the series. */
ALLOSTAT_MUST_CHECK allostat_status allostat_saved_series_init(
    allostat_stored *stored, const char *path, const allostat_scenario *scenario,
    allostat_stored_wanted wanted, allostat_error *error);

/* Errors: those of allostat_stored_init; DATA when the configuration in the file cannot
 * be read or is not that of its series. *run can be freed whatever happens; it must
 * stay where it is: `results` points into it. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_saved_run_init(allostat_saved_run *run, const char *path,
                        allostat_saved_wanted wanted, allostat_error *error);
void allostat_saved_run_free(allostat_saved_run *run);

#endif
