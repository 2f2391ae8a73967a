/* Threads that stay together from the first day of a replicate to its last, and how
 * they wait for each other.
 *
 * One of them leads: it lives the replicate and calls the others to work that can be
 * shared out. Blocks are taken some at once while there are many, then one by one, and
 * towards the end bites of them where the work allows, so that a thread that comes
 * late, because it slept or the machine has other work, finds less to do, and nobody
 * waits for it. A thread that waits looks out for the next call for a short time before
 * it sleeps: to wake it costs as much as many calls. Where calls come late, as on a
 * machine with other work, it soon sleeps at once. No result depends on any of this. */
#ifndef ALLOSTAT_ENGINE_TEAM_H
#define ALLOSTAT_ENGINE_TEAM_H

#include "base/share.h"

#include <pthread.h>
#include <stdatomic.h>

/* Of one thread: has it lately waited longer than it cared to look out? */
typedef struct {
    int32_t long_waits; /* each counts for some short ones */
} allostat_patience;

struct allostat_team {
    int32_t thread_count;
    double look_out;  /* seconds before a thread that waits sleeps */
    bool never_tires; /* looks out whatever it has lately waited for */
    /* the work of this call */
    allostat_share_cut cut;
    size_t bite_count; /* of `least` rows */
    allostat_share_work work;
    void *context;
    bool leader_is_beside; /* the leader does work of its own: it calls nobody */
    allostat_patience leader;
    _Atomic bool over;
    pthread_mutex_t door;
    pthread_cond_t called, finished;
    _Atomic int32_t asleep; /* of those who do not lead */
    _Atomic bool leader_asleep;
    /* lines of the cache of their own: every thread writes them */
    _Alignas(64) _Atomic uint64_t left; /* bites that nobody has taken: from, to; and
                                           how many make a block */
    _Alignas(64) _Atomic uint32_t done; /* bites of this call */
};

/* How long threads look out, from the environment: ALLOSTAT_LOOK_OUT in microseconds,
 * else OMP_WAIT_POLICY, `active` for ever and `passive` not at all, else a tenth of a
 * millisecond. */
void allostat_team_init(allostat_team *self);
void allostat_team_free(allostat_team *self);

/* The leader: all blocks, with whoever is there; first its own work, unless that is
 * NULL, while the others begin. A block has at most 255 bites of `least` rows, all
 * blocks less than 2^28. */
void allostat_team_work(allostat_team *self, allostat_share_cut cut,
                        allostat_share_work work, void *context,
                        const allostat_share_own *own);

/* The others: what the leader calls for, until it says that it is over. */
void allostat_team_serve(allostat_team *self);
void allostat_team_over(allostat_team *self);

#endif
