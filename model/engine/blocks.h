/* Rows in blocks, blocks and replicates over threads: the only place where threads are
 * made.
 *
 * Results never depend on threads: a block writes only its own rows and its own list.
 */
#ifndef ALLOSTAT_ENGINE_BLOCKS_H
#define ALLOSTAT_ENGINE_BLOCKS_H

#include "engine/team.h"

enum {
    ALLOSTAT_BLOCK_ROWS = ALLOSTAT_SHARE_ROWS
}; /* daily columns of a block fit the first two caches */

typedef allostat_share_work allostat_block_work;

/* Do all blocks with at most thread_count threads, called together for this. Not in a
 * life with a team. */
void allostat_blocks_run(allostat_share_cut cut, int32_t thread_count,
                         allostat_block_work work, void *context);

/* Share out over that many threads, called together each time, or over those of a team.
 */
allostat_share allostat_blocks_share(int32_t thread_count);
allostat_share allostat_blocks_share_of(allostat_team *team);

/* Live with a team of at most thread_count threads, until `life` returns. It is called
 * once; `share` is of one thread when there are no more. */
typedef void (*allostat_team_life)(void *context, allostat_share share);
void allostat_blocks_with_team(int32_t thread_count, allostat_team_life life,
                               void *context);

/* Do tasks 0 .. task_count - 1, each in one thread, at most thread_count at a time. */
typedef void (*allostat_task_work)(void *context, int32_t task);
void allostat_tasks_run(int32_t task_count, int32_t thread_count,
                        allostat_task_work work, void *context);

/* Threads to use when nobody says: OMP_NUM_THREADS, else SLURM_CPUS_PER_TASK, else the
 * processors. */
int32_t allostat_threads_available(void);

#endif
