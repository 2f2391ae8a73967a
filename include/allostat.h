/**
 * @file allostat.h
 * @brief Allostat as a library: open a configuration, run it, read its series, write
 * its file.
 *
 * Functions return 0 on success, else the code the program exits with: 65 bad
 * configuration or data, 66 no input, 70 broken invariant, 71 no memory, 73 cannot
 * create, 74 input or output, 75 stopped. allostat_error_text() then says what went
 * wrong. One study belongs to one thread at a time. Different studies are independent,
 * but only one thread of a program may be in allostat_write() at a time: HDF5 is not
 * made for more.
 *
 * @code
 * allostat_study *study = NULL;
 * allostat_values deaths;
 * int code = allostat_open(&study, "configs/vancouver.yaml", NULL, 0);
 * if (code == 0) code = allostat_run(study, 0, NULL, NULL);
 * if (code == 0) code = allostat_read(study, "overdose_deaths", &deaths);
 * if (code != 0) fprintf(stderr, "%s\n", allostat_error_text(study));
 * allostat_close(study);
 * @endcode
 */
#ifndef ALLOSTAT_H
#define ALLOSTAT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ALLOSTAT_RANK_MAX = 5, ALLOSTAT_SHA256_SIZE = 65 };

/** A configuration and, once it was run, its results. */
typedef struct allostat_study allostat_study;

/** A series over all replicates, in row-major order: the last dimension varies fastest.
 */
typedef struct {
    const char *name;
    const char *unit;  /**< "1" for a pure number */
    const char *about; /**< what it counts or measures, in one line */
    int rank;
    const char *dimension[ALLOSTAT_RANK_MAX]; /**< "replicate", "month", "area", … */
    int64_t size[ALLOSTAT_RANK_MAX];
    const int32_t *whole; /**< the values when they are whole numbers, else NULL */
    const double
        *real; /**< the values when they are not, else NULL; NaN where there is none */
} allostat_values;

/**
 * @brief Called now and then while a study runs, from one thread.
 * @param context what was given to allostat_run()
 * @param days_done days simulated so far, over all replicates
 * @param days_total days to simulate
 * @return false to stop the run at the end of the day
 */
typedef bool (*allostat_callback)(void *context, int64_t days_done, int64_t days_total);

/** @brief The version of the library; never NULL. */
const char *allostat_version(void);

/**
 * @brief Load a configuration.
 * @param study receives the study, also on failure so that allostat_error_text() can
 * tell of it; NULL only when there is no memory
 * @param config path of a YAML file
 * @param sets texts "path=value" that change parameters; may be NULL when set_count is
 * 0
 * @param set_count how many
 * @return 0, 65, 66 or 71
 */
int allostat_open(allostat_study **study, const char *config, const char *const *sets,
                  int set_count);

/**
 * @brief Run every replicate. A second call runs again and gives the same results.
 * @param study an opened study
 * @param threads threads to use, 0 for all; results do not depend on it
 * @param callback may be NULL
 * @param context handed to the callback
 * @return 0, 70, 71 or 75
 */
int allostat_run(allostat_study *study, int threads, allostat_callback callback,
                 void *context);

/**
 * @brief Read a series of a study that was run; `allostat info FILE` lists their names.
 * @param study a study that was run
 * @param series name, such as "overdose_deaths" or "mean_stress"
 * @param values receives the series; it belongs to the study and lives until the next
 *        allostat_read(), allostat_run() or allostat_close()
 * @return 0; 66 when there is no such series or the study was not run; 71
 */
int allostat_read(allostat_study *study, const char *series, allostat_values *values);

/**
 * @brief Write the result file, whole or not at all.
 * @param study a study that was run
 * @param path of the HDF5 file
 * @param force replace a file that exists
 * @param sha256 receives the digest of the file, 64 hexadecimal digits; may be NULL
 * @return 0; 66 when the study was not run; 71, 73 or 74
 */
int allostat_write(allostat_study *study, const char *path, bool force,
                   char sha256[ALLOSTAT_SHA256_SIZE]);

/** @brief What went wrong in the last call that failed; "" when none did. NULL is fine.
 */
const char *allostat_error_text(const allostat_study *study);

/** @brief Free a study and all that was read from it. NULL is fine. */
void allostat_close(allostat_study *study);

#ifdef __cplusplus
}
#endif

#endif
