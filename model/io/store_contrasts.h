/* A comparison as a file: HDF5 that every netCDF reader opens, a group for each policy.
 *
 * A group holds, for each outcome of tables/outcomes.def and over `part` (everybody
 * first), <outcome>_base, _policy and _difference, each with _low and _high, and
 * <outcome>_by_replicate; deaths_averted by month; the ledger of people. Groups
 * `policy_1/provenance`, … and `provenance`, which is the base's, hold the whole
 * configuration and the version. The group `combination` holds what parts give alone
 * and their fair shares. Opened as xarray.open_dataset(file, group="policy_1",
 * engine="h5netcdf").
 */
#ifndef ALLOSTAT_IO_STORE_CONTRASTS_H
#define ALLOSTAT_IO_STORE_CONTRASTS_H

#include "io/store.h"
#include "study/combination.h"

typedef struct {
    const allostat_contrast *contrast;
    const char *path;    /* of the policy, as given */
    const char *version; /* of the program that ran it */
    uint32_t parts;      /* of a combination; else 0 */
} allostat_stored_contrast;

typedef struct {
    const char *base_version;
    int32_t count;                           /* at least 1 */
    const allostat_stored_contrast *item;    /* [count], all with the same base */
    const allostat_combination *combination; /* NULL for none */
} allostat_stored_contrasts;

/* Write them to `path`, whole or not at all, and tell the SHA-256. Errors:
 * CANNOT_CREATE, IO, NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_store_contrasts(
    const char *path, bool force, const allostat_stored_contrasts *all,
    char digest[ALLOSTAT_DIGEST_SIZE], allostat_error *error);

#endif
