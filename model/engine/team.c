#include "engine/team.h"

#include "base/clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOKS = 32,
    A_LONG_ONE = 2,
    TIRED = 4,
    MOST_TIRED = 8,
    BITE_BITS = 28,
    SOME_OF_SHARE = 4
};

static double look_out_of(const char *microseconds, const char *policy)
{
    const double usual = 1e-4, for_ever = 1e9, a_microsecond = 1e-6;

    if (microseconds != NULL) return strtod(microseconds, NULL) * a_microsecond;
    if (policy != NULL && (policy[0] == 'a' || policy[0] == 'A')) return for_ever;
    if (policy != NULL && (policy[0] == 'p' || policy[0] == 'P')) return 0.0;
    return usual;
}

void allostat_team_init(allostat_team *self)
{
    const char *microseconds = getenv("ALLOSTAT_LOOK_OUT");
    const char *policy = getenv("OMP_WAIT_POLICY");

    memset(self, 0, sizeof *self);
    self->look_out = look_out_of(microseconds, policy);
    self->never_tires = self->look_out >= 1.0;
    (void)pthread_mutex_init(&self->door, NULL);
    (void)pthread_cond_init(&self->called, NULL);
    (void)pthread_cond_init(&self->finished, NULL);
}

void allostat_team_free(allostat_team *self)
{
    (void)pthread_cond_destroy(&self->finished);
    (void)pthread_cond_destroy(&self->called);
    (void)pthread_mutex_destroy(&self->door);
}

/* ---- waiting ---- */

typedef bool (*is_ready)(allostat_team *self);

/* Bites that nobody has taken: the first of them, and the one after the last; and how
 * many make a block. All in one word: who was late and sees some of another call, takes
 * as many of them as that call allows. */
typedef struct {
    uint64_t first, end, a_block;
} bites;

static uint64_t word_of(bites left)
{
    return left.a_block << (2 * BITE_BITS) | left.end << BITE_BITS | left.first;
}

static bites bites_of(uint64_t word)
{
    const uint64_t mask = (UINT64_C(1) << BITE_BITS) - 1;

    return (bites){word & mask, word >> BITE_BITS & mask, word >> (2 * BITE_BITS)};
}

static bool is_called(allostat_team *self)
{
    const bites left = bites_of(atomic_load(&self->left));

    return left.first < left.end || atomic_load(&self->over);
}

static bool is_finished(allostat_team *self)
{
    return atomic_load(&self->done) == self->bite_count;
}

static void hold_still(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
    __asm__ volatile("yield");
#endif
}

static bool look_out(allostat_team *self, is_ready ready, double begun)
{
    do {
        for (int32_t i = 0; i < LOOKS; i++) {
            if (ready(self)) return true;
            hold_still();
        }
    } while (allostat_seconds_now() - begun < self->look_out);
    return false;
}

static bool cares_to_look(const allostat_team *self, const allostat_patience *patience)
{
    return self->look_out > 0.0 && (self->never_tires || patience->long_waits < TIRED);
}

/* A sleeper is waked late, so its wait counts as short up to twice the time. */
static void learn(const allostat_team *self, allostat_patience *patience, double waited)
{
    if (waited > 2.0 * self->look_out)
        patience->long_waits += A_LONG_ONE;
    else if (patience->long_waits > 0)
        patience->long_waits--;
    if (patience->long_waits > MOST_TIRED) patience->long_waits = MOST_TIRED;
}

static void sleep_until_called(allostat_team *self)
{
    (void)pthread_mutex_lock(&self->door);
    atomic_fetch_add(&self->asleep, 1);
    while (!is_called(self)) (void)pthread_cond_wait(&self->called, &self->door);
    atomic_fetch_sub(&self->asleep, 1);
    (void)pthread_mutex_unlock(&self->door);
}

static void sleep_until_finished(allostat_team *self)
{
    (void)pthread_mutex_lock(&self->door);
    atomic_store(&self->leader_asleep, true);
    while (!is_finished(self)) (void)pthread_cond_wait(&self->finished, &self->door);
    atomic_store(&self->leader_asleep, false);
    (void)pthread_mutex_unlock(&self->door);
}

static void wait_until(allostat_team *self, is_ready ready,
                       void (*sleep_until)(allostat_team *self),
                       allostat_patience *patience)
{
    if (ready(self)) return;
    const double begun = allostat_seconds_now();
    if (!cares_to_look(self, patience) || !look_out(self, ready, begun))
        sleep_until(self);
    learn(self, patience, allostat_seconds_now() - begun);
}

/* Who goes to sleep looks once more behind the door, after it has said so: either it
 * sees what is new, or the other sees that it sleeps. */
static void wake(allostat_team *self, pthread_cond_t *whom)
{
    (void)pthread_mutex_lock(&self->door);
    (void)pthread_cond_broadcast(whom);
    (void)pthread_mutex_unlock(&self->door);
}

/* ---- working ---- */

/* Some blocks while there are many for each thread, for to take costs as much as a
 * short block; then whole ones while there are at least two for each, later half of
 * what would be a thread's; but not of two blocks where it is less than they are. */
static uint64_t bites_at_once(const allostat_team *self, bites left, bool leads)
{
    const uint64_t in_block = left.a_block;
    const uint64_t behind = (leads ? left.first : in_block - left.end % in_block);
    const uint64_t to_edge = in_block - behind % in_block;
    const uint64_t share = (left.end - left.first) / (2 * (uint64_t)self->thread_count);
    const uint64_t blocks = share / (SOME_OF_SHARE * in_block);
    const uint64_t most = blocks > 1        ? to_edge + (blocks - 1) * in_block
                          : share < to_edge ? share
                                            : to_edge;

    return most > 0 ? most : 1;
}

/* Whoever takes a bite is waited for: what the call is about stays as it is until the
 * bite is done. Who comes when all are taken touches nothing. */
static bool take(allostat_team *self, bool leads, bites *taken)
{
    uint64_t word = atomic_load(&self->left);

    for (;;) {
        const bites left = bites_of(word);
        bites rest = left;

        if (left.first >= left.end) return false;
        const uint64_t some = bites_at_once(self, left, leads);
        *taken = left;
        if (leads)
            rest.first = taken->end = left.first + some;
        else
            rest.end = taken->first = left.end - some;
        if (atomic_compare_exchange_weak(&self->left, &word, word_of(rest)))
            return true;
    }
}

/* Blocks one after the other, forwards or, as they are taken from the end, backwards;
 * and what there is of the first and of the last. */
static void do_taken(const allostat_team *self, bites taken, bool forwards)
{
    const allostat_share_cut cut = self->cut;
    const size_t last = taken.end * cut.least;
    size_t first = taken.first * cut.least;
    size_t end = last < cut.row_count ? last : cut.row_count;

    while (first < end) {
        const size_t block = (forwards ? first : end - 1) / cut.most;
        const size_t begin = block * cut.most, edge = begin + cut.most;
        const size_t from = begin > first ? begin : first, to = edge < end ? edge : end;

        self->work(self->context, block, from, to - from);
        if (forwards)
            first = to;
        else
            end = from;
    }
}

/* The leader begins in front and the others at the end, so that a thread mostly has the
 * rows that it had before. */
static void do_blocks(allostat_team *self, bool leads)
{
    uint32_t done = 0;
    bites taken;

    while (take(self, leads, &taken)) {
        do_taken(self, taken, leads);
        done += (uint32_t)(taken.end - taken.first);
    }
    if (done == 0) return;
    atomic_fetch_add(&self->done, done);
}

static void do_own(allostat_team *self, const allostat_share_own *own)
{
    if (own == NULL) return;
    self->leader_is_beside = true;
    own->work(own->context);
    self->leader_is_beside = false;
}

void allostat_team_work(allostat_team *self, allostat_share_cut cut,
                        allostat_share_work work, void *context,
                        const allostat_share_own *own)
{
    const size_t count = (cut.row_count + cut.least - 1) / cut.least;

    assert(count >> BITE_BITS == 0 && cut.most % cut.least == 0);
    if (count <= 1 || self->leader_is_beside) {
        do_own(self, own);
        allostat_share_do_all(cut, work, context);
        return;
    }
    self->cut = cut;
    self->bite_count = count;
    self->work = work;
    self->context = context;
    atomic_store(&self->done, 0);
    atomic_store(&self->left, word_of((bites){0, count, cut.most / cut.least}));
    if (atomic_load(&self->asleep) > 0) wake(self, &self->called);
    do_own(self, own);
    do_blocks(self, true);
    wait_until(self, is_finished, sleep_until_finished, &self->leader);
}

void allostat_team_serve(allostat_team *self)
{
    allostat_patience patience = {0};

    while (!atomic_load(&self->over)) {
        wait_until(self, is_called, sleep_until_called, &patience);
        do_blocks(self, false);
        if (atomic_load(&self->leader_asleep)) wake(self, &self->finished);
    }
}

void allostat_team_over(allostat_team *self)
{
    atomic_store(&self->over, true);
    wake(self, &self->called);
}
