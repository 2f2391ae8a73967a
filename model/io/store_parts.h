/* The parts of a result file while it is made; for the files of this folder only. */
#ifndef ALLOSTAT_IO_STORE_PARTS_H
#define ALLOSTAT_IO_STORE_PARTS_H

#include "io/h5.h"
#include "io/rows.h"
#include "study/results.h"

typedef struct {
    hid_t file;
    hid_t scale[ALLOSTAT_OUTPUT_AXIS_COUNT]; /* open datasets; 0 before store_axes made
                                               them */
    hsize_t size[ALLOSTAT_OUTPUT_AXIS_COUNT];
    const allostat_results *results;
} allostat_store;

/* Texts as rows of equal length, as netCDF keeps them. */
typedef struct {
    const char *name;
    const char *about;
    int32_t count;
    const char *const *text;
} allostat_store_texts;

/* The scales of the root group, the names beside them and what the file says of itself.
 */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_axes(allostat_store *store,
                                                        allostat_error *error);

/* Every series of tables/series.def. */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_series(const allostat_store *store,
                                                          allostat_error *error);

/* /deaths: every fact of tables/deaths.def over all deaths, replicate by replicate. */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_deaths(const allostat_store *store,
                                                          allostat_error *error);

/* /parameters: every value with unit, evidence, source and origin. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_store_parameters(const allostat_store *store, allostat_error *error);

/* /provenance: the resolved configuration, versions, seed. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_store_provenance(const allostat_store *store, allostat_error *error);

/* Texts over an axis (`scale`; 0 for one text without axis) and the axis of their
 * length. Caller closes *dataset. Errors: IO, NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_store_write_texts(hid_t group, const allostat_store_texts *texts, hid_t scale,
                           hid_t length_scale, hid_t *dataset, allostat_error *error);

/* One text with an axis of its own length, `<name>_length`. */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_write_text(hid_t group,
                                                              const char *name,
                                                              const char *about,
                                                              const char *text,
                                                              allostat_error *error);

/* Days since 1970-01-01 as netCDF readers want them: units and calendar. */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_mark_date(hid_t dataset,
                                                             allostat_error *error);

/* `flag_values` 0 to count - 1 and `flag_meanings`, the labels with blanks made
 * underscores. */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_mark_flags(hid_t dataset,
                                                              int32_t count,
                                                              const char *const *label,
                                                              allostat_error *error);

#endif
