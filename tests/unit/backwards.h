/* A share of several threads as it might come out at worst: one after the other, the
 * last block first. */
#ifndef ALLOSTAT_TESTS_BACKWARDS_H
#define ALLOSTAT_TESTS_BACKWARDS_H

#include "base/share.h"

static inline void run_backwards(const allostat_share *share, allostat_share_cut cut,
                                 allostat_share_work work, void *context)
{
    (void)share;
    for (size_t block = allostat_share_block_count(cut); block-- > 0;)
        allostat_share_do_block(cut, block, work, context);
}

#endif
