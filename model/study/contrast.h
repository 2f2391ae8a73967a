/* A policy against the base, replicate by replicate and person by person.
 *
 * Both runs have the same seed, start and residents, so that replicate r of the one is
 * the same city as replicate r of the other; differences are policy minus base. */
#ifndef ALLOSTAT_STUDY_CONTRAST_H
#define ALLOSTAT_STUDY_CONTRAST_H

#include "study/ledger.h"
#include "study/paired.h"
#include "study/results.h"
#include "study/summary.h"
#include "study/value.h"

typedef enum {
#define OUTCOME(name, unit, good, about) ALLOSTAT_OUTCOME_##name,
#include "tables/outcomes.def"
#undef OUTCOME
    ALLOSTAT_OUTCOME_COUNT
} allostat_outcome;

typedef struct {
    const char *name, *unit, *about;
    int32_t good; /* 1 when more of it is better, -1 when less is */
} allostat_outcome_info;

extern const allostat_outcome_info allostat_outcomes[ALLOSTAT_OUTCOME_COUNT];

/* One outcome, over the window of a contrast. */
typedef struct {
    allostat_estimate base, policy;
    allostat_paired difference;
    double relative; /* difference.mean / base.mean; NaN when base is 0 */
    double
        pairing_gain; /* variance of the difference with independent seeds, from the
                         variances of both, against the paired one; NaN when unknown */
    int32_t replicates_needed; /* for a 95 % interval of +-10 % of the difference; 0
                                  when the difference is 0 or unknown */
} allostat_contrast_cell;

/* The outcomes of a part of the people. */
typedef struct {
    char dimension[ALLOSTAT_TEXT_SIZE]; /* "area", "sex", "age", "attachment", "ptsd",
                                           "ace" */
    char label[ALLOSTAT_TEXT_SIZE];
    allostat_contrast_cell outcome[ALLOSTAT_OUTCOME_COUNT]; /* NaN where not counted */
} allostat_contrast_part;

/* What became of the people who died by overdose in one run or the other, persons a
 * replicate; rows and their exact meaning: study/ledger.h. */
typedef struct {
    allostat_estimate saved, delayed, hastened, harmed, same;
    allostat_estimate spared_overdose, met_overdose;
} allostat_ledger;

/* A policy against the base over the months that both have. */
typedef struct {
    const allostat_results *base, *policy;
    allostat_month first, last;
    int32_t replicate_count; /* that both have */
    allostat_contrast_cell whole[ALLOSTAT_OUTCOME_COUNT];
    double *difference; /* [ALLOSTAT_OUTCOME_COUNT][replicate_count], of the whole */
    int32_t part_count;
    allostat_contrast_part *part; /* [part_count] */
    allostat_ledger ledger;
    allostat_paired *averted; /* [last - first + 1]: deaths by overdose averted from
                                 `first` to the end of each month */
    allostat_value_contrast value;
} allostat_contrast;

/* Does a contrast read this series? */
bool allostat_contrast_reads(const allostat_series_info *info);

/* Does it, or a page about it, read this fact of deaths? */
bool allostat_contrast_reads_fact(int32_t fact);

/* Can replicates of the two be paired? Errors: DATA when seed, start, scale or areas
 * differ, saying which. */
ALLOSTAT_MUST_CHECK allostat_status allostat_contrast_check(
    const allostat_params *base, const allostat_params *policy, allostat_error *error);

/* Errors: DATA when the two cannot be paired (another seed, start, scale or areas),
 * saying why; NO_MEMORY. *contrast can be freed whatever happens; the results must
 * outlive it, their records need not. `first` and `last` 0 mean the whole of the
 * output. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_contrast_init(allostat_contrast *contrast, const allostat_results *base,
                       const allostat_results *policy, allostat_month first,
                       allostat_month last, allostat_error *error);
void allostat_contrast_free(allostat_contrast *contrast);

/* What a run had over a window, counted once; see study/contrast_run.h. */
typedef struct allostat_contrast_run allostat_contrast_run;

/* A base that policy after policy is held against: what it had is kept from one
 * contrast to the next. Begin with {results, NULL}. */
typedef struct {
    const allostat_results *results;
    allostat_contrast_run *counted; /* NULL before the first contrast */
} allostat_contrast_base;

/* The same as allostat_contrast_init. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_contrast_with(allostat_contrast *contrast, allostat_contrast_base *base,
                       const allostat_results *policy, allostat_month first,
                       allostat_month last, allostat_error *error);
void allostat_contrast_base_free(allostat_contrast_base *base);

/* A row of the ledger. */
const allostat_estimate *allostat_ledger_estimate(const allostat_ledger *ledger,
                                                  allostat_ledger_row row);

#endif
