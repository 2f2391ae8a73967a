/* Asking for memory ahead of its use, so that several waits overlap. */
#ifndef ALLOSTAT_BASE_HINT_H
#define ALLOSTAT_BASE_HINT_H

#include <stddef.h>

/* The place will be read soon; any address is allowed. */
static inline void allostat_hint(const void *place)
{
#if defined(__GNUC__)
    __builtin_prefetch(place, 0);
#else
    (void)place;
#endif
}

/* The place will be written soon, and read before perhaps. The line comes as this
 * core's own: a line that another core has had, asked for as if only to read it, is
 * waited for once more at the write. */
static inline void allostat_hint_write(const void *place)
{
#if defined(__x86_64__) && defined(__GNUC__)
    /* the compiler makes this of __builtin_prefetch(place, 1) only where it is told
       that the processor knows it; one that does not passes over it */
    __asm__ volatile("prefetchw %0" : : "m"(*(const unsigned char *)place));
#elif defined(__GNUC__)
    __builtin_prefetch(place, 1);
#else
    (void)place;
#endif
}

/* All lines of so many rows of a column from `row` on. A macro, for gcc unrolls the
 * loop over a size that it knows, and calls a function. */
enum { ALLOSTAT_HINTED_ROWS = 64 };
#define ALLOSTAT_HINT_ROWS(column, row)                       \
    for (size_t line_ = 0; line_ < sizeof *(column); line_++) \
    allostat_hint((const unsigned char *)((column) + (row)) + \
                  line_ * ALLOSTAT_HINTED_ROWS)

/* Rows of some columns: the place of the first, and bytes a row. */
typedef struct {
    const void *first;
    size_t row_size;
} allostat_hint_column;

typedef struct {
    const allostat_hint_column *column;
    size_t count;
} allostat_hint_columns;

/* A column from `row` on, which may lie behind its end. */
#define ALLOSTAT_HINT_COLUMN(column, row) \
    ((allostat_hint_column){(column) + (row), sizeof *(column)})

/* ALLOSTAT_HINTED_ROWS of each from `row` on. */
static inline void allostat_hint_columns_at(const allostat_hint_columns *self,
                                            size_t row)
{
    for (size_t c = 0; c < self->count; c++) {
        const size_t size = self->column[c].row_size;
        const unsigned char *first = self->column[c].first;

        for (size_t line = 0; line < size; line++)
            allostat_hint(first + row * size + line * ALLOSTAT_HINTED_ROWS);
    }
}

/* The same as allostat_hint, by reading it: for many places in a row, where rounds of
 * reads took half of the time of hints (docs/performance.md). The place must be there,
 * and nobody else may write to it meanwhile. */
static inline void allostat_fetch(const void *place)
{
    (void)*(const volatile unsigned char *)place;
}

#endif
