/* Loops over rows that somebody above may share out over threads: the floors below the
 * engine make no threads of their own. */
#ifndef ALLOSTAT_BASE_SHARE_H
#define ALLOSTAT_BASE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ALLOSTAT_SHARE_ROWS = 1024 };

/* Work on rows first .. first + count - 1 of block number `block`. It writes its own
 * rows only, or what belongs to its block. */
typedef void (*allostat_share_work)(void *context, size_t block, size_t first,
                                    size_t count);

/* Rows in blocks of `most` rows. Where `least` is less, a part of `most`, the work has
 * less than a block at once towards the end, so that nobody waits long for the last: it
 * is told which rows, from the first of some `least` rows on, of the block that has the
 * number. */
typedef struct {
    size_t row_count, most, least;
} allostat_share_cut;

/* Threads that stay together: engine/team.h. */
typedef struct allostat_team allostat_team;

/* What the caller does by itself while others do the blocks: it reads nothing that they
 * write, and the other way round. */
typedef struct {
    void (*work)(void *context);
    void *context;
} allostat_share_own;

/* Who shares out; zeroed: nobody, and the caller does all blocks in turn. */
typedef struct allostat_share {
    int32_t thread_count;
    void (*run)(const struct allostat_share *share, allostat_share_cut cut,
                allostat_share_work work, void *context);
    allostat_team *team; /* NULL: threads are called together each time */
    const allostat_share_own
        *own; /* of a call beside which there is something, or NULL */
} allostat_share;

static inline size_t allostat_share_block_count(allostat_share_cut cut)
{
    return (cut.row_count + cut.most - 1) / cut.most;
}

/* A whole block, or what there is of the last. */
static inline void allostat_share_do_block(allostat_share_cut cut, size_t block,
                                           allostat_share_work work, void *context)
{
    const size_t first = block * cut.most, left = cut.row_count - first;

    work(context, block, first, left < cut.most ? left : cut.most);
}

/* All whole blocks, one after the other. */
static inline void allostat_share_do_all(allostat_share_cut cut,
                                         allostat_share_work work, void *context)
{
    for (size_t block = 0; block < allostat_share_block_count(cut); block++)
        allostat_share_do_block(cut, block, work, context);
}

static inline void allostat_share_cut_rows(allostat_share share, allostat_share_cut cut,
                                           allostat_share_work work, void *context)
{
    if (share.run != NULL)
        share.run(&share, cut, work, context);
    else
        allostat_share_do_all(cut, work, context);
}

/* Blocks of ALLOSTAT_SHARE_ROWS rows, each at once. */
static inline void allostat_share_rows(allostat_share share, size_t row_count,
                                       allostat_share_work work, void *context)
{
    const size_t rows = ALLOSTAT_SHARE_ROWS;

    allostat_share_cut_rows(share, (allostat_share_cut){row_count, rows, rows}, work,
                            context);
}

/* The same, in quarters of blocks towards the end: for blocks that take long. */
static inline void allostat_share_rows_evenly(allostat_share share, size_t row_count,
                                              allostat_share_work work, void *context)
{
    const size_t rows = ALLOSTAT_SHARE_ROWS;

    allostat_share_cut_rows(share, (allostat_share_cut){row_count, rows, rows / 4},
                            work, context);
}

/* Is there more than one thread? */
static inline bool allostat_is_shared(allostat_share share)
{
    return share.run != NULL && share.thread_count > 1;
}

/* As allostat_share_rows, beside work of the caller's own (NULL: none), who helps with
 * the blocks that are left when that is done. What it shares out itself meanwhile, it
 * does alone. */
static inline void allostat_share_rows_beside(allostat_share share, size_t row_count,
                                              allostat_share_work work, void *context,
                                              const allostat_share_own *own)
{
    const size_t rows = ALLOSTAT_SHARE_ROWS;

    if (allostat_is_shared(share)) {
        share.own = own;
        share.run(&share, (allostat_share_cut){row_count, rows, rows}, work, context);
        return;
    }
    if (own != NULL) own->work(own->context);
    allostat_share_rows(share, row_count, work, context);
}

/* Adds to a number to which other blocks may add, too: the sum is the same in any
 * order. Ten times as slow as a plain addition, so only where work is shared. */
static inline void allostat_share_add(uint16_t *sum, uint16_t more)
{
    (void)__atomic_fetch_add(sum, more, __ATOMIC_RELAXED);
}

static inline void allostat_share_add_one(uint8_t *sum)
{
    (void)__atomic_fetch_add(sum, (uint8_t)1, __ATOMIC_RELAXED);
}

static inline void allostat_share_count(int32_t *sum, int32_t more)
{
    (void)__atomic_fetch_add(sum, more, __ATOMIC_RELAXED);
}

static inline void allostat_share_sum(int64_t *sum, int64_t more)
{
    (void)__atomic_fetch_add(sum, more, __ATOMIC_RELAXED);
}

/* Sets bits of a word of which other blocks may set others. */
static inline void allostat_share_mark(uint64_t *word, uint64_t bits)
{
    (void)__atomic_fetch_or(word, bits, __ATOMIC_RELAXED);
}

/* The next place of a list that all fill. Who has which depends on who comes first. */
static inline size_t allostat_share_next(size_t *next)
{
    return __atomic_fetch_add(next, (size_t)1, __ATOMIC_RELAXED);
}

/* Places of a list that all fill, some of them for one block: threads that took places
 * one by one would wait for each other. Zeroed: none. */
typedef struct {
    size_t next, end;
} allostat_share_bunch;

/* When all are filled, takes the next `count`. True if it did: whoever fills fewer
 * marks these as empty before. */
static inline bool allostat_share_refill(allostat_share_bunch *self,
                                         size_t *bunch_count, size_t count)
{
    if (self->next < self->end) return false;
    self->next = allostat_share_next(bunch_count) * count;
    self->end = self->next + count;
    return true;
}

/* `count` pieces of work that touch nothing of each other, such as columns: the block's
 * number is the piece's, rows mean nothing. */
static inline void allostat_share_pieces(allostat_share share, size_t count,
                                         allostat_share_work work, void *context)
{
    allostat_share_rows(share, count * ALLOSTAT_SHARE_ROWS, work, context);
}

/* As many parts as threads, for work that gathers a list or sums by itself: the block's
 * number is the part's, rows mean nothing. */
static inline size_t allostat_share_part_count(allostat_share share)
{
    return allostat_is_shared(share) ? (size_t)share.thread_count : 1;
}

static inline void allostat_share_parts(allostat_share share, allostat_share_work work,
                                        void *context)
{
    allostat_share_pieces(share, allostat_share_part_count(share), work, context);
}

/* Rows in pieces, where they differ in what they cost: many for each thread, so that
 * nobody waits long for the last; all in one where there is one thread. */
enum { ALLOSTAT_SHARE_PIECES = 32 };

static inline size_t allostat_share_piece_count(allostat_share share)
{
    return allostat_is_shared(share)
               ? (size_t)share.thread_count * ALLOSTAT_SHARE_PIECES
               : 1;
}

/* Bites of work that parts take until nothing is left: a part that begins late finds
 * less to do. `next` is 0 at first, and shared by the parts. */
static inline bool allostat_share_bite(size_t *next, size_t count, size_t *bite)
{
    *bite = __atomic_fetch_add(next, 1, __ATOMIC_RELAXED);
    return *bite < count;
}

/* The first row of a part of all rows, in whole blocks; of the part after the last: all
 * rows. */
static inline size_t allostat_share_first_row(size_t row_count, size_t part,
                                              size_t part_count)
{
    const size_t rows = ALLOSTAT_SHARE_ROWS, blocks = (row_count + rows - 1) / rows;
    const size_t first = blocks * part / part_count * rows;

    return first < row_count ? first : row_count;
}

#endif
