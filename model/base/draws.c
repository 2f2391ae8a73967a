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

/* Two rounds of Threefry4x32 (Salmon et al. 2011, rotations R_32x4). Random123's own
 * function works on a struct a row, which vectorisers refuse; four plain words they
 * take. */
#define TWO_ROUNDS(r0, r1, r2, r3)               \
    do {                                         \
        x0 += x1, x1 = rotate_left(x1, r0) ^ x0; \
        x2 += x3, x3 = rotate_left(x3, r1) ^ x2; \
        x0 += x3, x3 = rotate_left(x3, r2) ^ x0; \
        x2 += x1, x1 = rotate_left(x1, r3) ^ x2; \
    } while (0)

/* The key is added before the first round and after every fourth. */
#define ADD_KEY(turn)                         \
    do {                                      \
        x0 += key[(turn) % 5];                \
        x1 += key[((turn) + 1) % 5];          \
        x2 += key[((turn) + 2) % 5];          \
        x3 += key[((turn) + 3) % 5] + (turn); \
    } while (0)

/* The four words of a row's result; x0 to x3 hold its counter. */
#define TWENTY_ROUNDS               \
    do {                            \
        ADD_KEY(0u);                \
        TWO_ROUNDS(10, 26, 11, 21); \
        TWO_ROUNDS(13, 27, 23, 5);  \
        ADD_KEY(1u);                \
        TWO_ROUNDS(6, 20, 17, 11);  \
        TWO_ROUNDS(25, 10, 18, 20); \
        ADD_KEY(2u);                \
        TWO_ROUNDS(10, 26, 11, 21); \
        TWO_ROUNDS(13, 27, 23, 5);  \
        ADD_KEY(3u);                \
        TWO_ROUNDS(6, 20, 17, 11);  \
        TWO_ROUNDS(25, 10, 18, 20); \
        ADD_KEY(4u);                \
        TWO_ROUNDS(10, 26, 11, 21); \
        TWO_ROUNDS(13, 27, 23, 5);  \
        ADD_KEY(5u);                \
    } while (0)

ALLOSTAT_HOT
static void fill_rows(const fill_constants *fixed, const uint32_t *restrict person,
                      size_t count, size_t stride, uint32_t *restrict bits)
{
    const fill_constants local = *fixed; /* the stores below cannot change a local */
    const uint32_t *key = local.schedule;

    for (size_t i = 0; i < count; i++) {
        uint32_t x0 = person[i], x1 = local.date, x2 = local.call, x3 = local.index;

        TWENTY_ROUNDS;
        bits[i] = x0;
        bits[stride + i] = x1;
        bits[2 * stride + i] = x2;
        bits[3 * stride + i] = x3;
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

    for (size_t i = 0; i < count; i++) {
        uint32_t x0 = person[i], x1 = local.date, x2 = local.call, x3 = index[i];

        TWENTY_ROUNDS;
        bits[i] = x0;
        bits[stride + i] = x1;
        bits[2 * stride + i] = x2;
        bits[3 * stride + i] = x3;
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
