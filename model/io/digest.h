/* The digest of a run: the SHA-256 of its file. */
#ifndef ALLOSTAT_IO_DIGEST_H
#define ALLOSTAT_IO_DIGEST_H

#include "base/error.h"

#include <stddef.h>

enum { ALLOSTAT_DIGEST_SIZE = 65 }; /* 64 hexadecimal digits and a NUL */

/* SHA-256 (FIPS 180-4) of bytes in memory, in lower case. */
void allostat_digest_bytes(const void *data, size_t size,
                           char digest[ALLOSTAT_DIGEST_SIZE]);

/* The same of a whole file. Errors: NO_INPUT when it cannot be opened, IO when reading
 * fails. */
ALLOSTAT_MUST_CHECK allostat_status allostat_digest_file(
    const char *path, char digest[ALLOSTAT_DIGEST_SIZE], allostat_error *error);

#endif
