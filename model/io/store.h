/* The result file: HDF5 that every netCDF reader opens.
 *
 * - root: the series of tables/series.def, one dataset each (`mean_` and `quantiles_`
 *   for an averaged one) with units, long_name and kind; axes as numbers or dates
 *   (`area`, `month`), names beside them (`area_name`).
 * - /deaths: a dataset a fact of tables/deaths.def over the axis `death`, all
 * replicates one behind the other, `replicate` beside them.
 * - /parameters: every parameter by its path with units, evidence, source, origin
 *   file:line and kind; with the axis `epoch` where dated events change it. A series x
 *   lies over `x_date`, a schedule x over `x_row` with `x_sex`, `x_age_from`,
 *   `x_age_to`.
 * - /provenance: the resolved configuration as text, version, schema, seed, replicates.
 *
 * Texts are arrays of single characters; their last axis is the length.
 *
 * A file is a function of the configuration, the seed and the version of the program:
 * it holds nothing of the time, the machine, the threads or the folder it was made in.
 */
#ifndef ALLOSTAT_IO_STORE_H
#define ALLOSTAT_IO_STORE_H

#include "io/digest.h"
#include "study/results.h"

#include <stdbool.h>

/* Version of the layout, in the root attribute `allostat_schema`. A reader refuses
 * newer ones. */
enum { ALLOSTAT_STORE_SCHEMA = 1 };

/* Could the file be written now? To be asked before a long run. Errors: CANNOT_CREATE,
 * IO; see allostat_whole_file_check. */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_check(const char *path, bool force,
                                                         allostat_error *error);

/* Write a run to `path`, whole or not at all, and tell its SHA-256. Errors:
 * CANNOT_CREATE, IO, NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_store_write(const char *path, bool force, const allostat_results *results,
                     char digest[ALLOSTAT_DIGEST_SIZE], allostat_error *error);

/* The bytes of the same file, in memory; the caller frees *image. Errors: IO,
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_build(
    const allostat_results *results, void **image, size_t *size, allostat_error *error);

#endif
