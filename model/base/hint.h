/* Asking for memory ahead of its use, so that several waits overlap. */
#ifndef ALLOSTAT_BASE_HINT_H
#define ALLOSTAT_BASE_HINT_H

/* The place will be read and written soon; any address is allowed. */
static inline void allostat_hint(const void *place)
{
#if defined(__GNUC__)
    __builtin_prefetch(place, 1);
#else
    (void)place;
#endif
}

/* The same, by reading it: for many places in a row, where rounds of reads took half of
 * the time of hints (docs/performance.md). The place must be there, and nobody else may
 * write to it meanwhile. */
static inline void allostat_fetch(const void *place)
{
    (void)*(const volatile unsigned char *)place;
}

#endif
