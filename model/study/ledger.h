/* The ledger of people: who died by overdose in one run or the other, and what became
 * of the same person in the other run. Pure arithmetic on two logs of deaths.
 *
 * The ledger holds everybody who died by overdose within the window in at least one of
 * the two runs; each of them stands in exactly one of the first five rows. A death of
 * any cause after the window's end counts as none, so `alive` means at the end of the
 * window; who moved away is alive, too. A death of any cause before the window counts
 * as a death, as far as the logs reach back. */
#ifndef ALLOSTAT_STUDY_LEDGER_H
#define ALLOSTAT_STUDY_LEDGER_H

#include "engine/records.h"

/* Rows of the ledger. */
typedef enum {
    ALLOSTAT_LEDGER_saved,    /* died by overdose in the base, alive under the policy */
    ALLOSTAT_LEDGER_delayed,  /* died in both, later under the policy */
    ALLOSTAT_LEDGER_hastened, /* died in both, earlier under the policy */
    ALLOSTAT_LEDGER_harmed,   /* died by overdose under the policy, alive in the base */
    ALLOSTAT_LEDGER_same,     /* died on the same day in both */
    ALLOSTAT_LEDGER_spared_overdose, /* of those who died in both: by overdose within
                                        the window in the base only */
    ALLOSTAT_LEDGER_met_overdose,    /* of those who died in both: by overdose within
                                        the window under the policy only */
    ALLOSTAT_LEDGER_COUNT
} allostat_ledger_row;

typedef struct {
    const char *name, *label;
} allostat_ledger_info;

extern const allostat_ledger_info allostat_ledger_rows[ALLOSTAT_LEDGER_COUNT];

/* Persons of one replicate. Deaths by overdose averted are saved - harmed +
 * spared_overdose - met_overdose. Errors: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_ledger_count(
    const allostat_records *base, const allostat_records *policy, allostat_month first,
    allostat_month last, int64_t persons[ALLOSTAT_LEDGER_COUNT], allostat_error *error);

#endif
