/* Files that appear whole or not at all: after a crash there is the old file, the new
 * one or none. */
#ifndef ALLOSTAT_IO_WHOLE_FILE_H
#define ALLOSTAT_IO_WHOLE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Could `path` be written now? Nothing is left behind. Errors: CANNOT_CREATE when the
 * file exists and `force` is false, when it is a folder or a device, when its folder is
 * missing or takes no file; IO when the disk is full. */
ALLOSTAT_MUST_CHECK allostat_status allostat_whole_file_check(const char *path,
                                                              bool force,
                                                              allostat_error *error);

/* Is `path` another file than `input`, by whatever names? An output that replaced what
 * it was made from would lose it. Errors: CANNOT_CREATE. */
ALLOSTAT_MUST_CHECK allostat_status allostat_whole_file_spare(const char *path,
                                                              const char *input,
                                                              allostat_error *error);

/* Write `size` bytes to a temporary name in the same folder, bring them to the disk and
 * give them their name. An existing file is replaced only with `force`. Errors:
 * CANNOT_CREATE as above, IO when the bytes cannot be written; the temporary file is
 * then gone and `path` is untouched. */
ALLOSTAT_MUST_CHECK allostat_status allostat_whole_file_write(
    const char *path, bool force, const void *data, size_t size, allostat_error *error);

#endif
