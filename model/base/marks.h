/* A set of rows as bits: to go through few rows of a long table in order, and to ask
 * whether a row is one of them without reading the table. */
#ifndef ALLOSTAT_BASE_MARKS_H
#define ALLOSTAT_BASE_MARKS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ALLOSTAT_MARKS_WORD = 64 };

/* Zeroed it is a set of no rows. */
typedef struct {
    size_t capacity; /* words */
    uint64_t *word;  /* [capacity] */
} allostat_marks;

/* Room for marks of so many rows, none of which is marked. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_marks_clear(allostat_marks *self,
                                                         size_t rows,
                                                         allostat_error *error);
/* The same where every mark has been taken away since: nothing is cleared. */
ALLOSTAT_MUST_CHECK allostat_status allostat_marks_reserve(allostat_marks *self,
                                                           size_t rows,
                                                           allostat_error *error);
void allostat_marks_free(allostat_marks *self);

static inline void allostat_marks_add(allostat_marks *self, size_t row)
{
    self->word[row / ALLOSTAT_MARKS_WORD] |= (uint64_t)1 << row % ALLOSTAT_MARKS_WORD;
}

static inline bool allostat_marks_hold(const allostat_marks *self, size_t row)
{
    return (self->word[row / ALLOSTAT_MARKS_WORD] >> row % ALLOSTAT_MARKS_WORD & 1) !=
           0;
}

/* The lowest bit that is set; there must be one. */
static inline size_t allostat_lowest_bit(uint64_t word)
{
#if defined(__GNUC__)
    return (size_t)__builtin_ctzll(word);
#else
    size_t bit = 0;

    while ((word >> bit & 1) == 0) bit++;
    return bit;
#endif
}

/* The highest bit that is set; there must be one. */
static inline size_t allostat_highest_bit(uint64_t word)
{
#if defined(__GNUC__)
    return (size_t)(ALLOSTAT_MARKS_WORD - 1 - __builtin_clzll(word));
#else
    size_t bit = ALLOSTAT_MARKS_WORD - 1;

    while ((word >> bit & 1) == 0) bit--;
    return bit;
#endif
}

/* How many bits are set. */
static inline uint32_t allostat_count_bits(uint32_t word)
{
    const uint32_t pairs = word - (word >> 1 & 0x55555555u);
    const uint32_t fours = (pairs & 0x33333333u) + (pairs >> 2 & 0x33333333u);

    return ((fours + (fours >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
}

/* The first marked row from `row` on, before `end`, else `end`. */
static inline size_t allostat_marks_next(const allostat_marks *self, size_t row,
                                         size_t end)
{
    size_t word = row / ALLOSTAT_MARKS_WORD;
    uint64_t bits;

    if (row >= end) return end;
    bits = self->word[word] >> row % ALLOSTAT_MARKS_WORD << row % ALLOSTAT_MARKS_WORD;
    while (bits == 0) {
        if (++word * ALLOSTAT_MARKS_WORD >= end) return end;
        bits = self->word[word];
    }
    row = word * ALLOSTAT_MARKS_WORD + allostat_lowest_bit(bits);
    return row < end ? row : end;
}

/* List marked rows from `row` on, before `end`, as long as there is room for a whole
 * word of them; `room` is at least that. Returns the row from which to go on, `end`
 * when all are listed. */
static inline size_t allostat_marks_list(const allostat_marks *self, size_t row,
                                         size_t end, uint32_t *list, size_t room,
                                         size_t *count)
{
    const size_t bits_a_word = ALLOSTAT_MARKS_WORD;
    size_t found = 0;

    while (row < end && found + bits_a_word <= room) {
        const size_t word = row / bits_a_word, next = (word + 1) * bits_a_word;
        uint64_t bits = self->word[word] >> row % bits_a_word << row % bits_a_word;

        if (next > end) bits &= ((uint64_t)1 << end % bits_a_word) - 1;
        for (; bits != 0; bits &= bits - 1)
            list[found++] = (uint32_t)(word * bits_a_word + allostat_lowest_bit(bits));
        row = next;
    }
    *count = found;
    return row < end ? row : end;
}

#endif
