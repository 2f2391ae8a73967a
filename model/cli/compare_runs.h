/* The runs of `allostat compare`: made here from configurations, or read from result
 * files, the base and one policy at a time. */
#ifndef ALLOSTAT_CLI_COMPARE_RUNS_H
#define ALLOSTAT_CLI_COMPARE_RUNS_H

#include "cli/progress.h"
#include "io/saved_run.h"
#include "study/combination.h"

typedef struct {
    const char *const *operand; /* base, then policies; [operand_count] */
    int32_t operand_count;
    const char *const *set; /* [set_count], for all configurations */
    int32_t set_count;
    int32_t threads;
    allostat_month first, last; /* 0: the whole of the output */
    bool combine;               /* policies are parts: all subsets of them */
    bool quiet;
} allostat_compare_wanted;

/* One run; its records are there only while they are needed. */
typedef struct {
    const char *path; /* of the configuration or the result file */
    bool is_file;
    uint32_t parts; /* of a combination: bit i for policy i; else 0 */
    allostat_scenario scenario;
    char version[ALLOSTAT_TEXT_SIZE];  /* of the program that ran it */
    char digest[ALLOSTAT_DIGEST_SIZE]; /* of a result file; "" else */
    allostat_results results;
    allostat_records *own;  /* of a run made here */
    allostat_stored stored; /* of a result file */
} allostat_compare_side;

typedef struct {
    allostat_compare_wanted wanted;
    int32_t side_count;
    allostat_compare_side *side;      /* [side_count]; the first is the base */
    allostat_contrast *contrast;      /* [side_count]; the first is not used */
    allostat_combination combination; /* with wanted.combine */
    allostat_progress_bar bar;
    int32_t runs_done, run_count; /* of those made here */
} allostat_comparison_runs;

/* A result file: by its name, or because it begins as HDF5 does. */
bool allostat_compare_is_file(const char *path);

/* Load every configuration and look whether all can be paired, before anything runs;
 * mistakes go to stderr. 0, or the exit code after a message. */
int allostat_compare_load(allostat_comparison_runs *self,
                          const allostat_compare_wanted *wanted);

/* Run and contrast them all. */
ALLOSTAT_MUST_CHECK allostat_status allostat_compare_run(allostat_comparison_runs *self,
                                                         allostat_error *error);

void allostat_compare_free(allostat_comparison_runs *self);

/* run.name of a side; of several parts, their names with " + " between. */
const char *allostat_compare_name(const allostat_comparison_runs *self, int32_t side);

#endif
