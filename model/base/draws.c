#include "base/draws.h"

#include "base/hot.h"

#include <Random123/threefry.h>

#include <string.h>

const allostat_draw_info allostat_draw_table[ALLOSTAT_DRAW_COUNT] = {
#define ALLOSTAT_DRAW_ROW(name, call, lane, about) {#name, call, lane, about},
#include "tables/draws.def"
#undef ALLOSTAT_DRAW_ROW
};

allostat_draw_key allostat_draw_key_make(uint64_t seed, uint32_t replicate)
{
    return (allostat_draw_key){
        {(uint32_t)seed, (uint32_t)(seed >> 32), replicate, 0}, NULL, NULL};
}

uint32_t allostat_draw_bits(allostat_draw_key key, allostat_draw draw, uint32_t row,
                            int32_t date, uint32_t index)
{
    const allostat_draw_info *info = &allostat_draw_table[draw];
    const uint32_t person = key.number != NULL ? (*key.number)[row] : row;
    const threefry4x32_ctr_t counter = {{person, (uint32_t)date, info->call, index}};
    const threefry4x32_key_t words = {
        {key.word[0], key.word[1], key.word[2], key.word[3]}};
    const uint32_t bits = threefry4x32_R(20, counter, words).v[info->lane];

    if (key.listener != NULL) {
        const allostat_draw_note note = {draw, person, date, index, bits, false};
        key.listener->note(key.listener->context, &note);
    }
    return bits;
}

double allostat_draw_uniform(allostat_draw_key key, allostat_draw draw, uint32_t person,
                             int32_t date, uint32_t index)
{
    return allostat_double_uniform_from_bits(
        allostat_draw_bits(key, draw, person, date, index));
}

/* What all rows of one fill share. */
typedef struct {
    uint32_t schedule[5]; /* the key and its parity word */
    uint32_t date, call, index;
} fill_constants;

static inline uint32_t rotate_left(uint32_t x, int bits)
{
    return (x << bits) | (x >> (32 - bits));
}

/* A round of Threefry4x32 (Salmon et al. 2011, rotations R_32x4) on the words v0 to v3:
 * a and b are 1 and 3 in turn. Random123's own function works on a struct a row, which
 * vectorisers refuse; four plain words they take. */
#define ROUND(v, a, b, by_a, by_b)                           \
    do {                                                     \
        v##0 += v##a, v##a = rotate_left(v##a, by_a) ^ v##0; \
        v##2 += v##b, v##b = rotate_left(v##b, by_b) ^ v##2; \
    } while (0)

/* The key is added before the first round and after every fourth. */
#define ADD_KEY(v, turn)                        \
    do {                                        \
        v##0 += key[(turn) % 5];                \
        v##1 += key[((turn) + 1) % 5];          \
        v##2 += key[((turn) + 2) % 5];          \
        v##3 += key[((turn) + 3) % 5] + (turn); \
    } while (0)

/* Steps of one row x, or of two rows x and y. */
#define OF_ONE(step, ...) step(x, __VA_ARGS__)
#define OF_TWO(step, ...) \
    step(x, __VA_ARGS__); \
    step(y, __VA_ARGS__)

/* The four words of a row's result; its words hold its counter. */
#define TWENTY_ROUNDS(OF)        \
    do {                         \
        OF(ADD_KEY, 0u);         \
        OF(ROUND, 1, 3, 10, 26); \
        OF(ROUND, 3, 1, 11, 21); \
        OF(ROUND, 1, 3, 13, 27); \
        OF(ROUND, 3, 1, 23, 5);  \
        OF(ADD_KEY, 1u);         \
        OF(ROUND, 1, 3, 6, 20);  \
        OF(ROUND, 3, 1, 17, 11); \
        OF(ROUND, 1, 3, 25, 10); \
        OF(ROUND, 3, 1, 18, 20); \
        OF(ADD_KEY, 2u);         \
        OF(ROUND, 1, 3, 10, 26); \
        OF(ROUND, 3, 1, 11, 21); \
        OF(ROUND, 1, 3, 13, 27); \
        OF(ROUND, 3, 1, 23, 5);  \
        OF(ADD_KEY, 3u);         \
        OF(ROUND, 1, 3, 6, 20);  \
        OF(ROUND, 3, 1, 17, 11); \
        OF(ROUND, 1, 3, 25, 10); \
        OF(ROUND, 3, 1, 18, 20); \
        OF(ADD_KEY, 4u);         \
        OF(ROUND, 1, 3, 10, 26); \
        OF(ROUND, 3, 1, 11, 21); \
        OF(ROUND, 1, 3, 13, 27); \
        OF(ROUND, 3, 1, 23, 5);  \
        OF(ADD_KEY, 5u);         \
    } while (0)

/* A row's counter, and where the words of its result go. */
#define COUNTER(v, row, number) \
    uint32_t v##0 = person[row], v##1 = local.date, v##2 = local.call, v##3 = (number)
#define STORE(v, row)                    \
    do {                                 \
        bits[row] = v##0;                \
        bits[stride + (row)] = v##1;     \
        bits[2 * stride + (row)] = v##2; \
        bits[3 * stride + (row)] = v##3; \
    } while (0)

/* Rows are filled two at a time, one of each half: two chains of operations that do not
 * wait for each other keep the processor busier than one, by a sixth. Halves are whole
 * vectors; what is over is filled by itself. */
enum { HALF = 16 };

ALLOSTAT_HOT
static void fill_rows(const fill_constants *fixed, const uint32_t *restrict person,
                      size_t count, size_t stride, uint32_t *restrict bits)
{
    const fill_constants local = *fixed; /* the stores below cannot change a local */
    const uint32_t *key = local.schedule;
    const size_t half = count / (2 * HALF) * HALF;

#pragma omp simd
    for (size_t i = 0; i < half; i++) {
        COUNTER(x, i, local.index);
        COUNTER(y, half + i, local.index);

        TWENTY_ROUNDS(OF_TWO);
        STORE(x, i);
        STORE(y, half + i);
    }
#pragma omp simd
    for (size_t i = 2 * half; i < count; i++) {
        COUNTER(x, i, local.index);

        TWENTY_ROUNDS(OF_ONE);
        STORE(x, i);
    }
}

ALLOSTAT_HOT
static void fill_indexed_rows(const fill_constants *fixed,
                              const uint32_t *restrict person,
                              const uint32_t *restrict index, size_t count,
                              size_t stride, uint32_t *restrict bits)
{
    const fill_constants local = *fixed;
    const uint32_t *key = local.schedule;
    const size_t half = count / (2 * HALF) * HALF;

#pragma omp simd
    for (size_t i = 0; i < half; i++) {
        COUNTER(x, i, index[i]);
        COUNTER(y, half + i, index[half + i]);

        TWENTY_ROUNDS(OF_TWO);
        STORE(x, i);
        STORE(y, half + i);
    }
#pragma omp simd
    for (size_t i = 2 * half; i < count; i++) {
        COUNTER(x, i, index[i]);

        TWENTY_ROUNDS(OF_ONE);
        STORE(x, i);
    }
}

/* The numbers of people whose rows are known. */
ALLOSTAT_HOT
static void find_numbers(const uint32_t *restrict number, const uint32_t *restrict row,
                         size_t count, uint32_t *restrict person)
{
    for (size_t i = 0; i < count; i++) person[i] = number[row[i]];
}

/* Tell of every purpose that has one of the lanes of a block. */
static void tell(const allostat_draw_listener *listener, const fill_constants *fixed,
                 const allostat_draw_rows *rows)
{
    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
        const allostat_draw_info *info = &allostat_draw_table[draw];

        if (info->call != fixed->call) continue;
        for (size_t i = 0; i < rows->count; i++) {
            const allostat_draw_note note = {(allostat_draw)draw,
                                             rows->person[i],
                                             (int32_t)fixed->date,
                                             rows->index != NULL ? rows->index[i]
                                                                 : fixed->index,
                                             rows->bits[info->lane * rows->stride + i],
                                             true};
            listener->note(listener->context, &note);
        }
    }
}

static fill_constants constants_of(allostat_draw_key key, uint32_t call, int32_t date,
                                   uint32_t index)
{
    const uint32_t parity = 0x1BD11BDAu; /* of Skein, for 32-bit words */
    const uint32_t *word = key.word;

    return (fill_constants){
        .schedule = {word[0], word[1], word[2], word[3],
                     parity ^ word[0] ^ word[1] ^ word[2] ^ word[3]},
        .date = (uint32_t)date,
        .call = call,
        .index = index,
    };
}

static void fill_by_row(allostat_draw_key key, const fill_constants *fixed,
                        const uint32_t *row, size_t count, size_t stride,
                        uint32_t *bits)
{
    enum { TOGETHER = 1024 };
    uint32_t person[TOGETHER];

    for (size_t first = 0; first < count; first += TOGETHER) {
        const size_t left = count - first, now = left < TOGETHER ? left : TOGETHER;

        find_numbers(*key.number, row + first, now, person);
        allostat_draws_fill(allostat_draw_key_of_numbers(key), fixed->call,
                            (int32_t)fixed->date, fixed->index, person, now, stride,
                            bits + first);
    }
}

void allostat_draws_fill(allostat_draw_key key, uint32_t call, int32_t date,
                         uint32_t index, const uint32_t *person, size_t count,
                         size_t stride, uint32_t *bits)
{
    const fill_constants fixed = constants_of(key, call, date, index);

    if (key.number != NULL) {
        fill_by_row(key, &fixed, person, count, stride, bits);
        return;
    }
    fill_rows(&fixed, person, count, stride, bits);
    if (key.listener != NULL) {
        const allostat_draw_rows rows = {person, NULL, count, bits, stride};
        tell(key.listener, &fixed, &rows);
    }
}

void allostat_draws_fill_rows(allostat_draw_key key, uint32_t call, int32_t date,
                              const allostat_draw_rows *rows)
{
    const fill_constants fixed = constants_of(key, call, date, 0);

    fill_indexed_rows(&fixed, rows->person, rows->index, rows->count, rows->stride,
                      rows->bits);
    if (key.listener != NULL) tell(key.listener, &fixed, rows);
}

void allostat_draws_fill_and_hint(allostat_draw_key key, allostat_draw draw,
                                  int32_t date, const allostat_draw_rows *rows,
                                  const allostat_hint_columns *next)
{
    const size_t most = ALLOSTAT_HINTED_ROWS;

    for (size_t first = 0; first < rows->count; first += most) {
        const size_t left = rows->count - first;

        allostat_hint_columns_at(next, first);
        allostat_draws_fill(allostat_draw_key_of_numbers(key),
                            allostat_draw_table[draw].call, date, 0,
                            rows->person + first, left < most ? left : most,
                            rows->stride, rows->bits + first);
    }
}

void allostat_draws_of(allostat_draw_key key, allostat_draw draw, int32_t date,
                       const allostat_draw_rows *rows)
{
    enum { TOGETHER = 256 };
    const allostat_draw_info *info = &allostat_draw_table[draw];
    const fill_constants fixed = constants_of(key, info->call, date, 0);
    const uint32_t *person = rows->person, *index = rows->index;
    uint32_t word[ALLOSTAT_DRAW_LANES * TOGETHER];

    for (size_t first = 0; first < rows->count; first += TOGETHER) {
        const size_t left = rows->count - first,
                     now = left < TOGETHER ? left : TOGETHER;

        if (index != NULL) {
            fill_indexed_rows(&fixed, person + first, index + first, now, TOGETHER,
                              word);
        } else {
            fill_rows(&fixed, person + first, now, TOGETHER, word);
        }
        memcpy(rows->bits + first, word + info->lane * TOGETHER, now * sizeof *word);
    }
    for (size_t i = 0; key.listener != NULL && i < rows->count; i++) {
        const allostat_draw_note note = {
            draw, person[i], date, index != NULL ? index[i] : 0, rows->bits[i], false};
        key.listener->note(key.listener->context, &note);
    }
}
