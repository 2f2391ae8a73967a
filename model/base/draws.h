/* Random draws as pure functions of who, when and why; no generator has a state.
 *
 * Generator: Threefry4x32-20 (Salmon et al. 2011, doi:10.1145/2063384.2063405) as in
 * Random123. Counter words: person, date, call, index. Key words: seed low, seed high,
 * replicate, 0. */
#ifndef ALLOSTAT_BASE_DRAWS_H
#define ALLOSTAT_BASE_DRAWS_H

#include "base/hint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
#define ALLOSTAT_DRAW_ROW(name, call, lane, about) ALLOSTAT_DRAW_##name,
#include "tables/draws.def"
#undef ALLOSTAT_DRAW_ROW
    ALLOSTAT_DRAW_COUNT
} allostat_draw;

enum { ALLOSTAT_DRAW_LANES = 4 };

typedef struct {
    const char *name;
    uint32_t call; /* third word of the counter */
    uint32_t lane; /* which of the four words of the result */
    const char *about;
} allostat_draw_info;

extern const allostat_draw_info allostat_draw_table[ALLOSTAT_DRAW_COUNT];

/* One draw as it was made: alone, or in a block with its lane's neighbours. */
typedef struct {
    allostat_draw draw;
    uint32_t person;
    int32_t date;
    uint32_t index;
    uint32_t bits;
    bool in_block;
} allostat_draw_note;

/* Somebody who wants to know of every draw, for an audit; one thread at a time. */
typedef struct {
    void (*note)(void *context, const allostat_draw_note *note);
    void *context;
} allostat_draw_listener;

/* Seed and replicate, and how to find a person's number from the row that callers know:
 * rows change when people who have left are forgotten, numbers never do. */
typedef struct {
    uint32_t word[4];
    const allostat_draw_listener *listener; /* NULL but in an audit */
    uint32_t *const *number; /* of residents by row; NULL: the row is the number */
} allostat_draw_key;

allostat_draw_key allostat_draw_key_make(uint64_t seed, uint32_t replicate);

/* The same key for callers who give numbers in place of rows. */
static inline allostat_draw_key allostat_draw_key_of_numbers(allostat_draw_key key)
{
    key.number = NULL;
    return key;
}

/* The 32 random bits of one draw. */
uint32_t allostat_draw_bits(allostat_draw_key key, allostat_draw draw, uint32_t person,
                            int32_t date, uint32_t index);

/* Uniform on the open interval (0, 1): (bits + 0.5) 2^-32. */
double allostat_draw_uniform(allostat_draw_key key, allostat_draw draw, uint32_t person,
                             int32_t date, uint32_t index);

/* All four lanes of a call for a block of rows: bits[lane * stride + i] for person[i],
 * i < count. Equal to allostat_draw_bits for the rows of draws.def with that call.
 * Vectorised. */
void allostat_draws_fill(allostat_draw_key key, uint32_t call, int32_t date,
                         uint32_t index, const uint32_t *person, size_t count,
                         size_t stride, uint32_t *bits);

/* Rows of a fill that differ in person and in index. */
typedef struct {
    const uint32_t *person; /* [count] */
    const uint32_t *index;  /* [count] */
    size_t count;
    uint32_t *bits; /* [ALLOSTAT_DRAW_LANES][stride] */
    size_t stride;
} allostat_draw_rows;

/* As allostat_draws_fill with index 0, of the call to which `draw` belongs; persons are
 * numbers whatever the key. To make draws waits for no memory: meanwhile as many rows
 * of some columns are asked for, which are wanted next. */
void allostat_draws_fill_and_hint(allostat_draw_key key, allostat_draw draw,
                                  int32_t date, const allostat_draw_rows *rows,
                                  const allostat_hint_columns *next);

/* As allostat_draws_fill, with an index of its own for each row; persons are numbers
 * whatever the key. */
void allostat_draws_fill_rows(allostat_draw_key key, uint32_t call, int32_t date,
                              const allostat_draw_rows *rows);

/* One purpose for people who are picked: bits[i], in no lane, for person[i] and
 * index[i], or index 0 when `index` is NULL; persons are numbers whatever the key.
 * Equal to allostat_draw_bits. Vectorised. */
void allostat_draws_of(allostat_draw_key key, allostat_draw draw, int32_t date,
                       const allostat_draw_rows *rows);

/* The uniform of allostat_draw_uniform from its bits. */
static inline double allostat_double_uniform_from_bits(uint32_t bits)
{
    return ((double)bits + 0.5) * 0x1.0p-32;
}

/* Uniform on (0, 1] in single precision, relative precision kept near 0: compare as u <
 * p. */
static inline float allostat_uniform_from_bits(uint32_t bits)
{
    return ((float)bits + 0.5f) * 0x1.0p-32f;
}

#endif
