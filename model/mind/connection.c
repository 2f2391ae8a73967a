#include "mind/connection.h"

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

static bool may_be_weak(const allostat_residents *residents, size_t person)
{
    return residents->user_row[person] >= 0 ||
           residents->housing[person] == ALLOSTAT_HOUSING_homeless;
}

/* Few people weaken ties: they write what is missing to their partners, so that nobody
 * else has to look at partners. */
static void weaken_partners(const allostat_params *params,
                            allostat_residents *residents, const allostat_users *users)
{
    uint16_t *weakened = residents->support_weakened;
    const double half = 0.5;

    memset(weakened, 0, residents->row_count * sizeof *weakened);
    for (size_t person = 0; person < residents->row_count; person++) {
        const uint32_t *slot = residents->support_ties[person].slot;

        if (!may_be_weak(residents, person)) continue;
        const double weight = end_weight(params, residents, users, (uint32_t)person);
        const int32_t missing = (int32_t)((1.0 - weight) * parts + half);
        for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS && slot[i] != 0; i++)
            weakened[slot[i] - 1] = (uint16_t)(weakened[slot[i] - 1] + missing);
    }
}

ALLOSTAT_HOT
static void connect(allostat_residents *residents, float scale)
{
    const uint8_t *restrict count = residents->support_count;
    const uint16_t *restrict weakened = residents->support_weakened;
    float *restrict connection = residents->connection;
    const float part = (float)(1.0 / parts);
    const size_t rows = residents->row_count;

#pragma omp simd
    for (size_t i = 0; i < rows; i++) {
        const float strength = (float)count[i] - (float)weakened[i] * part;
        connection[i] = allostat_connectionf(strength, scale);
    }
}

/* People whose own end of all their ties is weak. */
static void connect_weak(const allostat_params *params, allostat_residents *residents,
                         allostat_users *users)
{
    const float scale = (float)params->connection_ties_scale;

    for (size_t person = 0; person < residents->row_count; person++) {
        const int32_t row = residents->user_row[person];

        if (!may_be_weak(residents, person)) continue;
        const float weight =
            (float)end_weight(params, residents, users, (uint32_t)person);
        const float strength =
            (float)residents->support_count[person] -
            (float)residents->support_weakened[person] * (float)(1.0 / parts);
        residents->connection[person] = allostat_connectionf(weight * strength, scale);
        if (row >= 0) users->connection[row] = residents->connection[person];
    }
}

void allostat_connection_month(const allostat_params *params,
                               allostat_residents *residents, allostat_users *users)
{
    if (!params->mechanisms_ties) return; /* entry has set the reference */
    weaken_partners(params, residents, users);
    connect(residents, (float)params->connection_ties_scale);
    connect_weak(params, residents, users);
}
