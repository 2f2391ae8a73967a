/* What `allostat bench` has found, as a table to read and as JSON; for the files of
 * this folder only. */
#ifndef ALLOSTAT_CLI_BENCH_REPORT_H
#define ALLOSTAT_CLI_BENCH_REPORT_H

#include "study/bench.h"
#include "study/limits.h"

enum { BENCH_PAIRS_MAX = 3, BENCH_GROWTH_MAX = 3 };

typedef struct {
    const char *config;
    allostat_day start, end;
    double scale;          /* of the city as configured */
    int32_t resident_step; /* months that people who never used live at once */
    allostat_bench city;   /* one core, process by process */
    allostat_limits limits;
    int32_t threads, pair_count;
    double one_core[BENCH_PAIRS_MAX], all_cores[BENCH_PAIRS_MAX]; /* s */
    double abreast[BENCH_PAIRS_MAX]; /* s: as many replicates as threads, one on each */
    allostat_day growth_end;         /* cities of all sizes run from start until then */
    int32_t growth_count;
    double growth_scale[BENCH_GROWTH_MAX];
    int32_t growth_runs[BENCH_GROWTH_MAX]; /* of which growth[] is the middle one */
    allostat_bench growth[BENCH_GROWTH_MAX];
    double growth_own[BENCH_GROWTH_MAX];    /* s of the processor, in the program: the
                                               middle of all runs */
    double growth_system[BENCH_GROWTH_MAX]; /* s in the system, mean of all runs */
    double growth_memory[BENCH_GROWTH_MAX]; /* s: the longest that its memory took to be
                                               found before a run, not part of it */
} bench_found;

void allostat_bench_print_text(const bench_found *found);
void allostat_bench_print_json(const bench_found *found);

#endif
