/* Hot loops in several versions, the best of which the machine chooses at start.
 *
 * The versions differ in the width of vectors only: every one of them gives the same
 * bits. */
#ifndef ALLOSTAT_BASE_HOT_H
#define ALLOSTAT_BASE_HOT_H

/* Before a function that holds a hot loop. gcc on x86-64 makes a version each for
 * levels 4 and 3 of the architecture and one for every machine; other compilers make
 * the last one only, and so does gcc with -DALLOSTAT_ONE_VERSION, for tests of one
 * level. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(ALLOSTAT_ONE_VERSION)
#define ALLOSTAT_HOT \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ALLOSTAT_HOT
#endif

#endif
