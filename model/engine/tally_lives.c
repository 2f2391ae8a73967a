/* Stocks of residents: how the people of each area, sex and age group live.
 *
 * A row is two additions of 1: by the company and pain that a person has, and by means
 * and prescriptions, every combination of which is a kind of people. A series is the
 * sum of some kinds. */
#include "engine/tally_parts.h"

#include "base/hot.h"
#include "opioid/prescribing.h"
#include "people/homes.h"

#include <string.h>

enum {
    BLOCK = 4096, /* rows whose keys fit the first cache */
    CELL_BITS = 8,
    CELLS = 1 << CELL_BITS,
    KIND_BITS = 6,
    KINDS = 1 << KIND_BITS,
    GONE = KINDS - 1 /* who is not here: a kind that nobody is of otherwise */
};

_Static_assert((int)ALLOSTAT_AREAS_MAX *(int)ALLOSTAT_SEX_COUNT *(int)
                       ALLOSTAT_AGE_GROUP_COUNT <= (int)CELLS,
               "every cell has a number of its own");

/* Where each fact stands in a kind. */
enum {
    TIES_AT = 0,
    TIES_MASK = 15,
    PEERS_AT = 4,
    PAIN_AT = 5,
    HOUSING_AT = 0,
    HOUSING_MASK = 3,
    ASSISTANCE_AT = 2,
    PTSD_AT = 3,
    RX_AT = 4,
    RX_MASK = 3,
    FLAG_MASK = 1
};
_Static_assert((int)ALLOSTAT_SUPPORT_SLOTS < (int)TIES_MASK, "ties of the gone");
_Static_assert((int)ALLOSTAT_HOUSING_homeless < (int)HOUSING_MASK, "home of the gone");

/* Prescriptions, each the more so. */
enum { RX_NONE, RX_SHORT, RX_LONG, RX_LONG_HIGH };

typedef enum { COMPANY, MEANS, WAYS } way; /* in which people are of a kind */

/* Series of people in whose kind a fact is from .. to. */
static const struct {
    way way;
    int32_t at, mask, from, to;
    allostat_counted series;
} stocks[] = {
    {COMPANY, TIES_AT, TIES_MASK, 0, 0, ALLOSTAT_COUNTED_isolated_residents},
    {COMPANY, PEERS_AT, FLAG_MASK, 1, 1, ALLOSTAT_COUNTED_residents_with_peers},
    {COMPANY, PAIN_AT, FLAG_MASK, 1, 1, ALLOSTAT_COUNTED_people_with_chronic_pain},
    {MEANS, PTSD_AT, FLAG_MASK, 1, 1, ALLOSTAT_COUNTED_people_with_ptsd},
    {MEANS, ASSISTANCE_AT, FLAG_MASK, 1, 1, ALLOSTAT_COUNTED_people_on_assistance},
    {MEANS, HOUSING_AT, HOUSING_MASK, ALLOSTAT_HOUSING_unstable,
     ALLOSTAT_HOUSING_unstable, ALLOSTAT_COUNTED_people_unstable},
    {MEANS, HOUSING_AT, HOUSING_MASK, ALLOSTAT_HOUSING_homeless,
     ALLOSTAT_HOUSING_homeless, ALLOSTAT_COUNTED_people_homeless},
    {MEANS, RX_AT, RX_MASK, RX_SHORT, RX_LONG_HIGH, ALLOSTAT_COUNTED_people_prescribed},
    {MEANS, RX_AT, RX_MASK, RX_LONG, RX_LONG_HIGH,
     ALLOSTAT_COUNTED_people_prescribed_long},
    {MEANS, RX_AT, RX_MASK, RX_LONG_HIGH, RX_LONG_HIGH,
     ALLOSTAT_COUNTED_people_prescribed_high},
};

typedef struct {
    int32_t people[WAYS][KINDS][CELLS];
    uint16_t key[WAYS][BLOCK]; /* kind, cell */
    uint16_t cell[BLOCK];
    uint8_t rx[BLOCK];
} lives_block;

/* The month in which the youngest of each age group were born. */
typedef struct {
    int32_t month[ALLOSTAT_AGE_GROUP_COUNT];
} last_births;

static last_births find_last_births(allostat_month month)
{
    static const int32_t first_age[ALLOSTAT_AGE_GROUP_COUNT] = {
#define ALLOSTAT_AGE_GROUP_ROW(name, first, last, label) first,
#include "tables/age_groups.def"
#undef ALLOSTAT_AGE_GROUP_ROW
    };
    last_births self;

    for (int32_t g = 0; g < ALLOSTAT_AGE_GROUP_COUNT; g++)
        self.month[g] = month - first_age[g] * ALLOSTAT_MONTHS_A_YEAR;
    return self;
}

ALLOSTAT_HOT
static void find_cells(last_births last, const allostat_residents *residents,
                       size_t first, size_t count, uint16_t *restrict cell)
{
    const int16_t *restrict birth = residents->birth_month + first;
    const uint8_t *restrict area = residents->area + first;
    const uint8_t *restrict sex = residents->sex + first;
    int16_t limit[ALLOSTAT_AGE_GROUP_COUNT];

    for (int32_t g = 0; g < ALLOSTAT_AGE_GROUP_COUNT; g++)
        limit[g] = (int16_t)last.month[g];
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        uint16_t group = 0;

        for (int32_t g = 1; g < ALLOSTAT_AGE_GROUP_COUNT; g++)
            group = (uint16_t)(group + (birth[i] <= limit[g]));
        cell[i] = (uint16_t)((area[i] * (int32_t)ALLOSTAT_SEX_COUNT + sex[i]) *
                                 (int32_t)ALLOSTAT_AGE_GROUP_COUNT +
                             group);
    }
}

/* A row's place among the sums. */
static inline uint16_t key_of(int32_t here, int32_t kind, int32_t cell)
{
    return (uint16_t)((here ? kind : (int32_t)GONE) << CELL_BITS | cell);
}

ALLOSTAT_HOT
static void find_company(const allostat_residents *residents, size_t first,
                         size_t count, const uint16_t *restrict cell,
                         uint16_t *restrict key)
{
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict ties = residents->support_count + first;
    const uint8_t *restrict peers = residents->peers + first;
    const float *restrict pain = residents->chronic_pain + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        key[i] = key_of(status[i] == ALLOSTAT_RESIDENT_present,
                        ties[i] << TIES_AT | (peers[i] > 0) << PEERS_AT |
                            (pain[i] > 0.0f) << PAIN_AT,
                        cell[i]);
    }
}

ALLOSTAT_HOT
static void find_prescriptions(const allostat_residents *residents, size_t first,
                               size_t count, uint8_t *restrict rx)
{
    const uint8_t *restrict dose = residents->rx_dose + first;
    const uint8_t *restrict months = residents->rx_months + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int prescribed = dose[i] != ALLOSTAT_RX_none;
        const int long_term = prescribed & (months[i] >= ALLOSTAT_RX_LONG_TERM);

        rx[i] = (uint8_t)(prescribed + long_term +
                          (long_term & (dose[i] == ALLOSTAT_RX_high)));
    }
}

ALLOSTAT_HOT
static void find_means(const allostat_residents *residents, float ptsd_threshold,
                       size_t first, size_t count, const lives_block *block,
                       uint16_t *restrict key)
{
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict housing = residents->housing + first;
    const uint8_t *restrict assistance = residents->assistance + first;
    const float *restrict severity = residents->ptsd_severity + first;
    const uint16_t *restrict cell = block->cell;
    const uint8_t *restrict rx = block->rx;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        key[i] =
            key_of(status[i] == ALLOSTAT_RESIDENT_present,
                   housing[i] << HOUSING_AT | (assistance[i] != 0) << ASSISTANCE_AT |
                       (severity[i] >= ptsd_threshold) << PTSD_AT | rx[i] << RX_AT,
                   cell[i]);
    }
}

static void count_keys(lives_block *block, size_t count)
{
    int32_t *company = block->people[COMPANY][0], *means = block->people[MEANS][0];

    for (size_t i = 0; i < count; i++) {
        company[block->key[COMPANY][i]]++;
        means[block->key[MEANS][i]]++;
    }
}

/* Add the people of a kind, times `each`, to a series. */
static void add_kind(allostat_tally *self, allostat_counted series,
                     const int32_t *people, int32_t each)
{
    const size_t width = (size_t)self->cell_count;
    int32_t *restrict counted = self->counted + (size_t)series * width;

    for (size_t cell = 0; cell < width; cell++) counted[cell] += each * people[cell];
}

static void add_kinds(allostat_tally *self, const lives_block *block)
{
    for (int32_t kind = 0; kind < GONE; kind++) {
        for (size_t s = 0; s < sizeof stocks / sizeof *stocks; s++) {
            const int32_t fact = kind >> stocks[s].at & stocks[s].mask;

            if (fact < stocks[s].from || fact > stocks[s].to) continue;
            add_kind(self, stocks[s].series, block->people[stocks[s].way][kind], 1);
        }
        add_kind(self, ALLOSTAT_COUNTED_support_tie_ends, block->people[COMPANY][kind],
                 kind >> TIES_AT & TIES_MASK);
    }
}

void allostat_tally_lives(allostat_tally *self, const allostat_residents *residents,
                          size_t from, size_t end)
{
    const last_births last = find_last_births(self->month);
    lives_block block;

    memset(block.people, 0, sizeof block.people);
    for (size_t first = from; first < end; first += BLOCK) {
        const size_t left = end - first, count = left < BLOCK ? left : BLOCK;

        find_cells(last, residents, first, count, block.cell);
        find_company(residents, first, count, block.cell, block.key[COMPANY]);
        find_prescriptions(residents, first, count, block.rx);
        find_means(residents, self->ptsd_threshold, first, count, &block,
                   block.key[MEANS]);
        count_keys(&block, count);
    }
    add_kinds(self, &block);
}
