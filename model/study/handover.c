#include "study/handover.h"

#include "base/clock.h"
#include "engine/blocks.h"

#include <stdatomic.h>

enum { TRIES = 7, ROUNDS = 20000, LOOKS = 1000, THREADS = 2, OVER = -1 };

static const double most_seconds = 0.02; /* of a try: the other may not be there */

/* Each writes one more than what the other has written. */
typedef struct {
    _Alignas(64) _Atomic int32_t ball;
    _Alignas(64) double until; /* the end of this try */
    int32_t rounds;
    double seconds;
} court;

/* Until the other has written `wanted`, or the try is over. */
static bool comes(court *self, int32_t wanted)
{
    for (;;) {
        for (int32_t look = 0; look < LOOKS; look++) {
            const int32_t ball = atomic_load(&self->ball);

            if (ball == wanted || ball == OVER) return ball == wanted;
        }
        if (allostat_seconds_now() > self->until) atomic_store(&self->ball, OVER);
    }
}

static void serve(court *self)
{
    const double begun = allostat_seconds_now();
    int32_t rounds = 0;

    do atomic_store(&self->ball, 2 * rounds + 1);
    while (comes(self, 2 * rounds + 2) && ++rounds < ROUNDS);
    atomic_store(&self->ball, OVER);
    self->rounds = rounds;
    self->seconds = allostat_seconds_now() - begun;
}

static void return_each(court *self)
{
    for (int32_t round = 0; comes(self, 2 * round + 1); round++)
        atomic_store(&self->ball, 2 * round + 2);
}

static void play(void *context, size_t player, size_t unused_first, size_t unused)
{
    (void)unused_first, (void)unused;
    if (player == 0)
        serve(context);
    else
        return_each(context);
}

static void play_all(void *context, allostat_share share)
{
    const double nanoseconds = 1e9;
    double *least = context;

    for (int32_t t = 0; t < TRIES; t++) {
        court now = {.until = allostat_seconds_now() + most_seconds};

        allostat_share_pieces(share, THREADS, play, &now);
        if (now.rounds < ROUNDS) continue;
        const double one = nanoseconds * now.seconds / now.rounds;
        *least = *least == 0.0 || one < *least ? one : *least;
    }
}

double allostat_handover_measure(void)
{
    double least = 0.0;

    if (allostat_threads_available() >= THREADS)
        allostat_blocks_with_team(THREADS, play_all, &least);
    return least;
}
