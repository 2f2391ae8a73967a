/* Saved cities: a folder with a file for each replicate, from which runs that share a
 * past go on.
 *
 * A file is a header (mark, layout, length, SHA-256) and then the version of the
 * program, the configuration as text, the replicate and the month, and the state as
 * engine/checkpoint.h makes it. Nothing behind the header is looked at before its
 * length and digest have been checked. */
#ifndef ALLOSTAT_IO_CITY_FILE_H
#define ALLOSTAT_IO_CITY_FILE_H

#include "study/replicate.h"

#include <stdbool.h>

/* A folder to save to or to go on from. */
typedef struct {
    char folder[ALLOSTAT_PATH_SIZE];
    const allostat_scenario *scenario;
    allostat_month month; /* with which the saved city goes on */
    bool force;           /* replace files that exist */
} allostat_city_folder;

/* Make the folder if it is not there, and see that files may be written. Errors:
 * CANNOT_CREATE, IO. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_city_folder_create(const allostat_city_folder *self, allostat_error *error);

/* Write the city of a replicate, whole or not at all; for allostat_branching. Errors:
 * CANNOT_CREATE, IO, NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_city_folder_save(void *self, int32_t replicate, const allostat_city *city,
                          const allostat_records *records, allostat_error *error);

/* Look at the first replicate's file and set self->month; see that the folder has every
 * replicate of the scenario and that its past is the scenario's. Errors: NO_INPUT when
 * a file is missing; DATA, naming the file, when it is not ours, damaged, of another
 * version or machine, or when the past differs, naming what differs; NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_city_folder_open(allostat_city_folder *self, allostat_error *error);

/* Fill an empty city and its records from the file of a replicate; for
 * allostat_branching. Errors: as above. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_folder_load(void *self,
                                                              int32_t replicate,
                                                              allostat_city *city,
                                                              allostat_records *records,
                                                              allostat_error *error);

#endif
