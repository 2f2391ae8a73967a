#include "engine/blocks.h"

#include <omp.h>

#include <stdlib.h>

/* The thread sanitizer does not see that threads of OpenMP begin after what came before
 * and end before what comes after; it is told. Without it: nothing. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
static void comes_before(void *place) { __tsan_release(place); }
static void comes_after(void *place) { __tsan_acquire(place); }
#else
static void comes_before(void *place) { (void)place; }
static void comes_after(void *place) { (void)place; }
#endif

void allostat_blocks_run(allostat_share_cut cut, int32_t thread_count,
                         allostat_block_work work, void *context)
{
    const size_t blocks = allostat_share_block_count(cut);

    if (thread_count <= 1) { /* no team: replicates already have the threads */
        allostat_share_do_all(cut, work, context);
        return;
    }
    /* blocks in turn: what is due for some rows only, such as users of the street, who
     * stand in front, is due for every thread; and always the same block, so that its
     * rows stay in the cache of its thread */
    comes_before(context);
#pragma omp parallel for num_threads(thread_count) schedule(static, 1) default(none) \
    shared(blocks, cut, work, context)
    for (size_t block = 0; block < blocks; block++) {
        comes_after(context);
        allostat_share_do_block(cut, block, work, context);
        comes_before(context);
    }
    comes_after(context);
}

static void run_anew(const allostat_share *share, allostat_share_cut cut,
                     allostat_block_work work, void *context)
{
    if (share->own != NULL) share->own->work(share->own->context);
    allostat_blocks_run(cut, share->thread_count, work, context);
}

static void run_in_team(const allostat_share *share, allostat_share_cut cut,
                        allostat_block_work work, void *context)
{
    allostat_team_work(share->team, cut, work, context, share->own);
}

allostat_share allostat_blocks_share(int32_t thread_count)
{
    return (allostat_share){thread_count, run_anew, NULL, NULL};
}

allostat_share allostat_blocks_share_of(allostat_team *team)
{
    return (allostat_share){team->thread_count, run_in_team, team, NULL};
}

void allostat_blocks_with_team(int32_t thread_count, allostat_team_life life,
                               void *context)
{
    allostat_team team;

    if (thread_count <= 1) {
        life(context, allostat_blocks_share(1));
        return;
    }
    allostat_team_init(&team);
    comes_before(&team);
#pragma omp parallel num_threads(thread_count) default(none) shared(team, life, context)
    if (omp_get_thread_num() == 0) {
        team.thread_count = omp_get_num_threads();
        life(context, allostat_blocks_share_of(&team));
        allostat_team_over(&team);
    } else {
        comes_after(&team);
        allostat_team_serve(&team);
        comes_before(&team);
    }
    comes_after(&team);
    allostat_team_free(&team);
}

void allostat_tasks_run(int32_t task_count, int32_t thread_count,
                        allostat_task_work work, void *context)
{
    comes_before(context);
#pragma omp parallel for num_threads(thread_count) schedule(dynamic, 1) default(none) \
    shared(task_count, work, context)
    for (int32_t task = 0; task < task_count; task++) {
        comes_after(context);
        work(context, task);
        comes_before(context);
    }
    comes_after(context);
}

int32_t allostat_threads_available(void)
{
    const char *of_task = getenv("SLURM_CPUS_PER_TASK");
    const long wanted = of_task != NULL ? strtol(of_task, NULL, 10) : 0;

    if (getenv("OMP_NUM_THREADS") == NULL && wanted > 0 && wanted <= INT32_MAX)
        return (int32_t)wanted;
    return (int32_t)omp_get_max_threads();
}
