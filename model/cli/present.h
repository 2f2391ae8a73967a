/* Shows a finished run: as tables for people, as JSON for programs; the same numbers.
 */
#ifndef ALLOSTAT_CLI_PRESENT_H
#define ALLOSTAT_CLI_PRESENT_H

#include "io/reader.h"
#include "study/summary.h"

/* What is shown; it owns nothing. */
typedef struct {
    const char *path, *digest, *version;
    const char *name, *description;
    allostat_day start, output_start, end;
    int64_t seed;
    double scale; /* population.scale */
    const allostat_labels *areas;
    const allostat_summary *summary;
    const allostat_stored_series *series; /* NULL when they are not listed */
    int32_t series_count;
} allostat_presented;

/* Tables on stdout. */
void allostat_present_text(const allostat_presented *run);

/* One JSON object on stdout; numbers without a value are null. Errors: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_present_json(const allostat_presented *run,
                                                          allostat_error *error);

#endif
