#include "io/digest.h"

#include <sodium.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { BUFFER_SIZE = 65536 };

static void write_hex(const unsigned char hash[crypto_hash_sha256_BYTES],
                      char digest[ALLOSTAT_DIGEST_SIZE])
{
    sodium_bin2hex(digest, ALLOSTAT_DIGEST_SIZE, hash, crypto_hash_sha256_BYTES);
}

void allostat_digest_bytes(const void *data, size_t size,
                           char digest[ALLOSTAT_DIGEST_SIZE])
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, data, size);
    write_hex(hash, digest);
}

allostat_status allostat_digest_file(const char *path,
                                     char digest[ALLOSTAT_DIGEST_SIZE],
                                     allostat_error *error)
{
    unsigned char buffer[BUFFER_SIZE], hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    FILE *file = fopen(path, "rb");
    size_t size;

    if (file == NULL) {
        return ALLOSTAT_FAIL(error, NO_INPUT, "%s: %s", path, strerror(errno));
    }
    crypto_hash_sha256_init(&state);
    while ((size = fread(buffer, 1, sizeof buffer, file)) > 0) {
        crypto_hash_sha256_update(&state, buffer, size);
    }
    const int failed = ferror(file) ? errno : 0;
    fclose(file);
    if (failed) return ALLOSTAT_FAIL(error, IO, "%s: %s", path, strerror(failed));
    crypto_hash_sha256_final(&state, hash);
    write_hex(hash, digest);
    return ALLOSTAT_OK;
}
