#include "mind/connection.h"

#include "base/hint.h"
#include "base/hot.h"
#include "people/ties.h"

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
    bool shared; /* other threads do other blocks */
    size_t part_count;
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

/* ---- what is missing to others ---- */

/* A partner may stand in another thread's block. */
static inline void add_missing(const connection *self, uint16_t *weakened,
                               uint16_t missing)
{
    if (self->shared)
        allostat_share_add(weakened, missing);
    else
        *weakened = (uint16_t)(*weakened + missing);
}

static void clear_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    const connection *self = context;
    allostat_residents *residents = self->residents;
    const size_t rows = residents->row_count, count = self->part_count;
    const size_t first = allostat_share_first_row(rows, part, count);
    const size_t end = allostat_share_first_row(rows, part + 1, count);

    (void)unused_first, (void)unused;
    memset(residents->support_weakened + first, 0,
           (end - first) * sizeof *residents->support_weakened);
}

/* How many of a person's partners use is known: peers. What else weakens ties they
 * write to their partners, so that nobody has to look at partners. */
static void weaken(const connection *self, uint32_t person)
{
    const bool uses = allostat_person_uses(self->residents, self->users, person);
    const uint16_t missing = (uint16_t)(self->parts[kind_of(uses, true)] -
                                        self->parts[kind_of(uses, false)]);
    const uint32_t *slot = self->residents->support_ties[person].slot;
    uint16_t *weakened = self->residents->support_weakened;

    for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS && slot[i] != 0; i++)
        add_missing(self, &weakened[slot[i] - 1], missing);
}

/* Eight at a time; who has left has no ties any more. */
static size_t next_homeless(const uint8_t *housing, size_t row, size_t end)
{
    const uint64_t homeless = 0x0202020202020202;
    uint64_t eight;

    while (row + sizeof eight <= end) {
        memcpy(&eight, housing + row, sizeof eight);
        if ((eight & homeless) != 0) break;
        row += sizeof eight;
    }
    while (row < end && housing[row] != ALLOSTAT_HOUSING_homeless) row++;
    return row;
}

_Static_assert((int)ALLOSTAT_HOUSING_homeless == 2 &&
                   ((int)ALLOSTAT_HOUSING_stable | (int)ALLOSTAT_HOUSING_unstable) < 2,
               "one bit tells the homeless");

/* Ties and user's row of a person, then the partners: wanted early. */
static void expect_person(const connection *self, size_t person)
{
    allostat_hint(&self->residents->support_ties[person]);
    allostat_hint(&self->residents->user_row[person]);
}

static void expect_partners(const connection *self, uint32_t person)
{
    const uint32_t *slot = self->residents->support_ties[person].slot;
    const int32_t row = self->residents->user_row[person];

    if (row >= 0) allostat_hint(&self->users->active[row]);
    for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS && slot[i] != 0; i++)
        allostat_hint_write(&self->residents->support_weakened[slot[i] - 1]);
}

/* Where those without a home stand cannot be foretold, nor where their partners do: a
 * person is found, AHEAD steps later the ties are there, and as many later the partners
 * are. */
enum { PIECE = 16 * (int)BLOCK, AHEAD = 16, EXPECTED = 2 * (int)AHEAD };

static void weaken_ties(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const connection *self = context;
    const uint8_t *housing = self->residents->housing;
    const size_t rows = self->residents->row_count, from = piece * PIECE;
    const size_t end = rows - from < PIECE ? rows : from + PIECE;
    uint32_t person[EXPECTED];
    size_t row = next_homeless(housing, from, end), found = 0;

    (void)unused_first, (void)unused;
    for (size_t step = 0; row < end || step < found + EXPECTED; step++) {
        if (step >= EXPECTED && step - EXPECTED < found)
            weaken(self, person[step % EXPECTED]);
        if (step >= AHEAD && step - AHEAD < found)
            expect_partners(self, person[(step - AHEAD) % EXPECTED]);
        if (row == end) continue;
        expect_person(self, row);
        person[step % EXPECTED] = (uint32_t)row;
        found++;
        row = next_homeless(housing, row + 1, end);
    }
}

/* ---- what is left ---- */

/* Strength of the ties to others, the weight of the own end apart. */
static inline float strength_of(uint8_t ties, uint8_t peers, uint16_t weakened,
                                int32_t missing_of_peer)
{
    return (float)ties -
           (float)(peers * missing_of_peer + weakened) * (float)(1.0 / parts);
}

ALLOSTAT_HOT
static void connect(const connection *self, size_t first, size_t count)
{
    const uint8_t *restrict ties = self->residents->support_count + first;
    const uint8_t *restrict peers = self->residents->peers + first;
    const uint16_t *restrict weakened = self->residents->support_weakened + first;
    const int32_t missing = self->parts[kind_of(true, false)];
    const float scale = (float)self->params->connection_ties_scale;
    float *restrict connected = self->residents->connection + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        connected[i] = allostat_connectionf(
            strength_of(ties[i], peers[i], weakened[i], missing), scale);
    }
}

/* First lines of the columns of a block that is due next: from there on the processor
 * fetches ahead. */
static void expect_block(const allostat_residents *residents, size_t row)
{
    ALLOSTAT_HINT_ROWS(residents->support_count, row);
    ALLOSTAT_HINT_ROWS(residents->peers, row);
    ALLOSTAT_HINT_ROWS(residents->support_weakened, row);
    ALLOSTAT_HINT_ROWS(residents->housing, row);
    ALLOSTAT_HINT_ROWS(residents->connection, row);
}

/* Residents who are due; users are done again by themselves. */
static void connect_residents(void *context, size_t block, size_t first, size_t count)
{
    const connection *self = context;
    allostat_residents *residents = self->residents;
    const int32_t missing = self->parts[kind_of(true, false)];
    const float scale = (float)self->params->connection_ties_scale;
    const size_t end = first + count;

    (void)block;
    expect_block(residents,
                 first + allostat_turn_stride(allostat_turn_months(
                             self->turn, allostat_turn_pace(self->turn, first))));
    connect(self, first, count);
    for (size_t person = next_homeless(residents->housing, first, end); person < end;
         person = next_homeless(residents->housing, person + 1, end)) {
        const float strength =
            strength_of(residents->support_count[person], residents->peers[person],
                        residents->support_weakened[person], missing);

        residents->connection[person] =
            allostat_connectionf(self->weight[kind_of(false, true)] * strength, scale);
    }
}

/* Where users who stand further back lie cannot be foreseen. */
enum { USERS_AHEAD = 40 };

static inline void expect_row(const allostat_residents *residents, size_t row)
{
    allostat_hint(&residents->support_count[row]);
    allostat_hint(&residents->peers[row]);
    allostat_hint(&residents->support_weakened[row]);
    allostat_hint(&residents->housing[row]);
    allostat_hint_write(&residents->connection[row]);
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
    const uint8_t *restrict peers = residents->peers;
    const uint16_t *restrict weakened = residents->support_weakened;
    const uint8_t *restrict housing = residents->housing;
    const float *restrict weight = self->weight;
    const int32_t missing = self->parts[kind_of(true, false)];
    const float scale = (float)self->params->connection_ties_scale;
    float *restrict connected = self->users->connection + first;
    float strength[BLOCK];

    for (size_t i = 0; i < count; i++) {
        const uint32_t p = person[i],
                       ahead = person[i + USERS_AHEAD < count ? i + USERS_AHEAD : i];

        if (ahead >= self->turn->near_rows) expect_row(residents, ahead);
        const int32_t kind =
            kind_of(active[i] != 0, housing[p] == ALLOSTAT_HOUSING_homeless);

        strength[i] =
            weight[kind] * strength_of(ties[p], peers[p], weakened[p], missing);
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
                       .shared = allostat_is_shared(share),
                       .part_count = allostat_share_part_count(share)};

    if (!params->mechanisms_ties) return; /* entry has set the reference */
    make_weights(&self);
    allostat_share_parts(share, clear_part, &self);
    allostat_share_pieces(share, (residents->row_count + PIECE - 1) / PIECE,
                          weaken_ties, &self);
    allostat_turn_share(turn, share, connect_residents, &self);
    allostat_share_rows(share, users->row_count, connect_users, &self);
}

void allostat_connection_settle(const allostat_params *params,
                                allostat_residents *residents, allostat_users *users)
{
    const allostat_turn everybody = {0, 1, residents->row_count, residents->row_count};

    allostat_connection_turn(params, &everybody, residents, users, residents->share);
}
