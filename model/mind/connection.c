#include "mind/connection.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

/* Unit of support_weakened: weights are whole parts of it, so sums are exact in any
 * order. */
static const double parts = 256.0;

enum { BLOCK = ALLOSTAT_SHARE_ROWS, KINDS = 4 };

typedef struct {
    const allostat_params *params;
    const allostat_turn *turn;
    allostat_residents *residents;
    allostat_users *users;
    bool shared;           /* other threads do other blocks */
    float weight[KINDS];   /* of a person's end of all ties */
    uint16_t parts[KINDS]; /* that are missing of a tie */
} connection;

/* Nearly everybody, those without a home, those who use, and those who do both. */
static inline int32_t kind_of(bool uses, bool homeless)
{
    return 2 * (int32_t)uses + (int32_t)homeless;
}

static void make_weights(connection *self)
{
    const double half = 0.5;

    for (int32_t kind = 0; kind < KINDS; kind++) {
        const double weight =
            allostat_tie_weight(self->params, kind >= 2, kind % 2 == 1);

        self->weight[kind] = (float)weight;
        self->parts[kind] = (uint16_t)((1.0 - weight) * parts + half);
    }
}

/* ---- what is missing to others ----------------------------------------------------
 */

/* A partner may stand in another thread's block. */
static inline void add_missing(const connection *self, uint16_t *weakened,
                               uint16_t missing)
{
    if (self->shared)
        allostat_share_add(weakened, missing);
    else
        *weakened = (uint16_t)(*weakened + missing);
}

/* Few people weaken ties: they write what is missing to their partners, so that nobody
 * else has to look at partners. */
static void weaken(const connection *self, uint32_t person, int32_t kind)
{
    const uint16_t missing = self->parts[kind];
    const uint32_t *slot = self->residents->support_ties[person].slot;
    uint16_t *weakened = self->residents->support_weakened;

    if (missing == 0) return; /* a patient at home weakens nothing */
    for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS && slot[i] != 0; i++)
        add_missing(self, &weakened[slot[i] - 1], missing);
}

static bool is_homeless(const allostat_residents *residents, uint32_t person)
{
    return residents->housing[person] == ALLOSTAT_HOUSING_homeless;
}

static void weaken_by_users(void *context, size_t block, size_t first, size_t count)
{
    const connection *self = context;
    const allostat_users *users = self->users;

    (void)block;
    for (size_t row = first; row < first + count; row++) {
        const uint32_t person = users->person[row];

        weaken(self, person,
               kind_of(users->active[row] != 0, is_homeless(self->residents, person)));
    }
}

/* Flags the people of a block who have no home: about one in a hundred. */
ALLOSTAT_HOT
static void find_homeless(const allostat_residents *residents, size_t first,
                          size_t count, uint8_t *restrict homeless)
{
    const uint8_t *restrict housing = residents->housing + first;
    const uint8_t *restrict status = residents->status + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        homeless[i] = (uint8_t)((status[i] == ALLOSTAT_RESIDENT_present) &
                                (housing[i] == ALLOSTAT_HOUSING_homeless));
    }
}

static void weaken_by_others(void *context, size_t block, size_t first, size_t count)
{
    const connection *self = context;
    const allostat_residents *residents = self->residents;
    uint8_t homeless[BLOCK];

    (void)block;
    find_homeless(residents, first, count, homeless);
    for (size_t i = allostat_next_flag(homeless, 0, count); i < count;
         i = allostat_next_flag(homeless, i + 1, count)) {
        if (residents->user_row[first + i] < 0)
            weaken(self, (uint32_t)(first + i), kind_of(false, true));
    }
}

/* ---- what is left -----------------------------------------------------------------
 */

ALLOSTAT_HOT
static void connect(allostat_residents *residents, float scale, size_t first,
                    size_t count)
{
    const uint8_t *restrict ties = residents->support_count + first;
    const uint16_t *restrict weakened = residents->support_weakened + first;
    float *restrict connected = residents->connection + first;
    const float part = (float)(1.0 / parts);

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float strength = (float)ties[i] - (float)weakened[i] * part;
        connected[i] = allostat_connectionf(strength, scale);
    }
}

/* Residents who are due; users are done again by themselves. */
static void connect_residents(void *context, size_t block, size_t first, size_t count)
{
    const connection *self = context;
    allostat_residents *residents = self->residents;
    const float scale = (float)self->params->connection_ties_scale;
    uint8_t homeless[BLOCK];

    (void)block;
    connect(residents, scale, first, count);
    find_homeless(residents, first, count, homeless);
    for (size_t i = allostat_next_flag(homeless, 0, count); i < count;
         i = allostat_next_flag(homeless, i + 1, count)) {
        const size_t person = first + i;
        const float strength =
            (float)residents->support_count[person] -
            (float)residents->support_weakened[person] * (float)(1.0 / parts);

        residents->connection[person] =
            allostat_connectionf(self->weight[kind_of(false, true)] * strength, scale);
    }
}

/* Column by column: rows of users are nearly in the order of people, and what vectors
 * can do they do. */
ALLOSTAT_HOT
static void connect_rows(const connection *self, size_t first, size_t count)
{
    const allostat_residents *residents = self->residents;
    const uint32_t *restrict person = self->users->person + first;
    const int32_t *restrict active = self->users->active + first;
    const float *restrict programmes = self->users->programme_ties + first;
    const uint8_t *restrict ties = residents->support_count;
    const uint16_t *restrict weakened = residents->support_weakened;
    const uint8_t *restrict housing = residents->housing;
    const float *restrict weight = self->weight;
    const float scale = (float)self->params->connection_ties_scale;
    const float part = (float)(1.0 / parts);
    float *restrict connected = self->users->connection + first;
    float strength[BLOCK];

    for (size_t i = 0; i < count; i++) {
        const uint32_t p = person[i];
        const int32_t kind =
            kind_of(active[i] != 0, housing[p] == ALLOSTAT_HOUSING_homeless);

        strength[i] = weight[kind] * ((float)ties[p] - (float)weakened[p] * part);
    }
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        connected[i] = allostat_connectionf(strength[i] + programmes[i], scale);
}

static void connect_users(void *context, size_t block, size_t first, size_t count)
{
    const connection *self = context;
    const allostat_users *users = self->users;

    (void)block;
    connect_rows(self, first, count);
    for (size_t row = first; row < first + count; row++)
        self->residents->connection[users->person[row]] = users->connection[row];
}

void allostat_connection_turn(const allostat_params *params, const allostat_turn *turn,
                              allostat_residents *residents, allostat_users *users,
                              allostat_share share)
{
    connection self = {.params = params,
                       .turn = turn,
                       .residents = residents,
                       .users = users,
                       .shared = allostat_is_shared(share)};

    if (!params->mechanisms_ties) return; /* entry has set the reference */
    make_weights(&self);
    memset(residents->support_weakened, 0,
           residents->row_count * sizeof *residents->support_weakened);
    allostat_share_rows(share, users->row_count, weaken_by_users, &self);
    allostat_share_rows(share, residents->row_count, weaken_by_others, &self);
    allostat_turn_share(turn, share, connect_residents, &self);
    allostat_share_rows(share, users->row_count, connect_users, &self);
}

void allostat_connection_settle(const allostat_params *params,
                                allostat_residents *residents, allostat_users *users)
{
    const allostat_turn everybody = {0, 1, residents->row_count, residents->row_count};

    allostat_connection_turn(params, &everybody, residents, users,
                             (allostat_share){.run = NULL});
}
