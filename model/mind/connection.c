#include "mind/connection.h"

#include "base/columns.h"
#include "base/hot.h"
#include "people/ties.h"

#include <string.h>

/* Unit of support_weakened: weights are whole parts of it, so sums are exact in any
 * order. */
static const double parts = 256.0;

/* Weight of a person's end of all ties; 1 for nearly everybody. */
static double end_weight(const allostat_params *params,
                         const allostat_residents *residents,
                         const allostat_users *users, uint32_t person)
{
    return allostat_tie_weight(params, allostat_person_uses(residents, users, person),
                               residents->housing[person] == ALLOSTAT_HOUSING_homeless);
}

enum { BLOCK = ALLOSTAT_SHARE_ROWS };

/* Flags the people of a block who may be weak: about one in twenty. Those who have left
 * have no ties. */
ALLOSTAT_HOT
static void find_weak(const allostat_residents *residents, size_t first, size_t count,
                      uint8_t *restrict weak)
{
    const int32_t *restrict user_row = residents->user_row + first;
    const uint8_t *restrict housing = residents->housing + first;
    const uint8_t *restrict status = residents->status + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        weak[i] =
            (uint8_t)((status[i] == ALLOSTAT_RESIDENT_present) &
                      ((user_row[i] >= 0) | (housing[i] == ALLOSTAT_HOUSING_homeless)));
    }
}

static size_t rows_from(const allostat_residents *residents, size_t first)
{
    const size_t left = residents->row_count - first;

    return left < BLOCK ? left : BLOCK;
}

typedef struct {
    const allostat_params *params;
    allostat_residents *residents;
    allostat_users *users;
    bool shared; /* other threads do other blocks */
} connection_context;

/* A partner may stand in another thread's block. */
static inline void add_missing(const connection_context *c, uint16_t *weakened,
                               uint16_t missing)
{
    if (c->shared)
        allostat_share_add(weakened, missing);
    else
        *weakened = (uint16_t)(*weakened + missing);
}

/* Few people weaken ties: they write what is missing to their partners, so that nobody
 * else has to look at partners. */
static void weaken_block(void *context, size_t block, size_t first, size_t unused)
{
    const connection_context *c = context;
    const allostat_params *params = c->params;
    allostat_residents *residents = c->residents;
    const allostat_users *users = c->users;
    uint16_t *weakened = residents->support_weakened;
    const size_t count = rows_from(residents, first);
    const double half = 0.5;
    uint8_t weak[BLOCK];

    (void)block, (void)unused;
    find_weak(residents, first, count, weak);
    for (size_t row = allostat_next_flag(weak, 0, count); row < count;
         row = allostat_next_flag(weak, row + 1, count)) {
        const size_t person = first + row;
        const uint32_t *slot = residents->support_ties[person].slot;
        const double weight = end_weight(params, residents, users, (uint32_t)person);
        const int32_t missing = (int32_t)((1.0 - weight) * parts + half);

        if (missing == 0) continue; /* a patient at home weakens nothing */
        for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS && slot[i] != 0; i++)
            add_missing(c, &weakened[slot[i] - 1], (uint16_t)missing);
    }
}

ALLOSTAT_HOT
static void connect(allostat_residents *residents, float scale, size_t first)
{
    const uint8_t *restrict count = residents->support_count + first;
    const uint16_t *restrict weakened = residents->support_weakened + first;
    float *restrict connection = residents->connection + first;
    const float part = (float)(1.0 / parts);
    const size_t rows = rows_from(residents, first);

#pragma omp simd
    for (size_t i = 0; i < rows; i++) {
        const float strength = (float)count[i] - (float)weakened[i] * part;
        connection[i] = allostat_connectionf(strength, scale);
    }
}

/* People whose own end of all their ties is weak. */
static void connect_weak(const allostat_params *params, allostat_residents *residents,
                         allostat_users *users, size_t first)
{
    const float scale = (float)params->connection_ties_scale;
    const size_t count = rows_from(residents, first);
    uint8_t weak[BLOCK];

    find_weak(residents, first, count, weak);
    for (size_t i = allostat_next_flag(weak, 0, count); i < count;
         i = allostat_next_flag(weak, i + 1, count)) {
        const size_t person = first + i;
        const int32_t row = residents->user_row[person];
        const float weight =
            (float)end_weight(params, residents, users, (uint32_t)person);
        const float strength =
            (float)residents->support_count[person] -
            (float)residents->support_weakened[person] * (float)(1.0 / parts);
        const float programmes = row >= 0 ? users->programme_ties[row] : 0.0f;
        residents->connection[person] =
            allostat_connectionf(weight * strength + programmes, scale);
        if (row >= 0) users->connection[row] = residents->connection[person];
    }
}

static void connect_block(void *context, size_t block, size_t first, size_t count)
{
    const connection_context *c = context;

    (void)block, (void)count;
    connect(c->residents, (float)c->params->connection_ties_scale, first);
    connect_weak(c->params, c->residents, c->users, first);
}

void allostat_connection_share(const allostat_params *params,
                               allostat_residents *residents, allostat_users *users,
                               allostat_share share)
{
    connection_context context = {params, residents, users, allostat_is_shared(share)};

    if (!params->mechanisms_ties) return; /* entry has set the reference */
    memset(residents->support_weakened, 0,
           residents->row_count * sizeof *residents->support_weakened);
    allostat_share_rows(share, residents->row_count, weaken_block, &context);
    allostat_share_rows(share, residents->row_count, connect_block, &context);
}

void allostat_connection_month(const allostat_params *params,
                               allostat_residents *residents, allostat_users *users)
{
    allostat_connection_share(params, residents, users, (allostat_share){0, NULL});
}
