/* Small steps of HDF5 that fill the error record, for the files of this folder only. */
#ifndef ALLOSTAT_IO_H5_H
#define ALLOSTAT_IO_H5_H

#include "base/error.h"

#include <hdf5.h>

#include <stdbool.h>
#include <stdint.h>

enum { ALLOSTAT_H5_RANK_MAX = 5, ALLOSTAT_H5_REASON_SIZE = 256 };

typedef enum {
    ALLOSTAT_H5_INT8,
    ALLOSTAT_H5_INT32,
    ALLOSTAT_H5_INT64,
    ALLOSTAT_H5_DOUBLE,
    ALLOSTAT_H5_CHAR, /* one byte of text; the last axis is the length of the text */
    ALLOSTAT_H5_NO_VALUES /* the length of an axis that has no values of its own */
} allostat_h5_type;

/* What a dataset is before it exists. */
typedef struct {
    const char *name;
    allostat_h5_type type;
    int rank; /* 0 for a scalar */
    hsize_t size[ALLOSTAT_H5_RANK_MAX];
    hid_t scale[ALLOSTAT_H5_RANK_MAX]; /* dimension scale of each axis; 0 for none */
    bool packed; /* chunks of one along the first axis, or whole, shuffled, gzip 1 */
    const void *data; /* all values; NULL when they are written later */
} allostat_h5_dataset;

/* How HDF5 reported its failures before we asked it to be quiet. */
typedef struct {
    H5E_auto2_t function;
    void *data;
} allostat_h5_reporting;

/* HDF5 prints its own stack of errors unless told not to; the caller's setting comes
 * back at end. */
allostat_h5_reporting allostat_h5_quiet_begin(void);
void allostat_h5_quiet_end(allostat_h5_reporting before);

/* HDF5's own words for the last failure. */
void allostat_h5_reason(char text[ALLOSTAT_H5_REASON_SIZE]);

#define ALLOSTAT_H5_FAIL(error, what, name) \
    allostat_h5_fail((error), __FILE__, __LINE__, (what), (name))

/* Fails with IO: "<what> <name>: <HDF5's reason>". Use it through ALLOSTAT_H5_FAIL. */
allostat_status allostat_h5_fail(allostat_error *error, const char *code_file,
                                 int code_line, const char *what, const char *name);

/* Type in memory of a kind of value. */
hid_t allostat_h5_memory_type(allostat_h5_type type);

/* A new file in memory that never touches the disk, of packed datasets that have about
 * `chunk_count` chunks; below 0 on failure. Caller closes it. */
hid_t allostat_h5_create_in_memory(int32_t chunk_count);

/* The bytes the file would have on a disk. Caller frees *image. */
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_copy_image(hid_t file, void **image,
                                                           size_t *size,
                                                           allostat_error *error);

/* A group whose links and attributes keep the order they were made in. Caller closes
 * it. */
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_group(hid_t parent, const char *name,
                                                      hid_t *group,
                                                      allostat_error *error);

/* A dataset with its axes attached and, when spec->data is given, its values. Caller
 * closes it. */
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_create(hid_t parent,
                                                       const allostat_h5_dataset *spec,
                                                       hid_t *dataset,
                                                       allostat_error *error);

/* Make a dataset the dimension scale `name`. */
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_make_scale(hid_t dataset,
                                                           const char *name,
                                                           allostat_error *error);

/* A dataset of which a scale is an axis, as the scale's own list of them holds it. */
typedef struct {
    hobj_ref_t dataset;
    int32_t axis;
    int32_t none; /* 0: no byte without a value */
} allostat_h5_use;

/* Attach scales to all axes of a dataset, and many datasets to a scale, which must be
 * done for both: the same as `scale` of allostat_h5_create, but each list is written
 * once, where HDF5 reads and writes a scale's list again for each dataset. */
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_name_axes(hid_t dataset,
                                                          const hobj_ref_t *scale,
                                                          int rank,
                                                          allostat_error *error);
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_add_uses(hid_t scale,
                                                         const allostat_h5_use *use,
                                                         hsize_t count,
                                                         allostat_error *error);

/* What stands for an object in other objects. */
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_refer(hid_t object,
                                                      hobj_ref_t *reference,
                                                      allostat_error *error);

/* A dimension without values, as netCDF writes one, of `length` places. Caller closes
 * it. */
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_length(hid_t parent, const char *name,
                                                       hsize_t length, hid_t *scale,
                                                       allostat_error *error);

/* Attributes. An empty text is left out: netCDF has no empty attribute that all readers
 * know. */
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_text(hid_t object, const char *name,
                                                     const char *text,
                                                     allostat_error *error);
ALLOSTAT_MUST_CHECK allostat_status allostat_h5_values(hid_t object, const char *name,
                                                       allostat_h5_type type,
                                                       const void *value, hsize_t count,
                                                       allostat_error *error);

/* A text attribute into text[size], cut to fit; "" when there is none. */
void allostat_h5_read_text(hid_t object, const char *name, char *text, size_t size);

/* Close whatever kind of object it is; nothing for 0 or less. */
void allostat_h5_close(hid_t object);

#endif
