/* Stocks of all residents: ties, pain, PTSD, homes, income, prescriptions.
 *
 * What a resident adds to the cell goes into three words, so that a row is three
 * additions: four sums of 16 bits in a word. */
#include "engine/tally_parts.h"

#include "base/hot.h"
#include "opioid/prescribing.h"

#include <string.h>

enum {
    BLOCK = 1024,       /* rows whose words fit the first cache */
    BLOCKS_OF_SUMS = 7, /* after which sums are read, before one can overflow */
    CELLS_MOST = (int)ALLOSTAT_AREAS_MAX * (int)ALLOSTAT_SEX_COUNT *
                 (int)ALLOSTAT_AGE_GROUP_COUNT,
    WORDS = 3,
    PART_BITS = 16,
    PARTS = 4 /* of a word */
};

_Static_assert((int)BLOCK *(int)BLOCKS_OF_SUMS *(int)ALLOSTAT_SUPPORT_SLOTS <
                   1 << PART_BITS,
               "all ties of the people of a sum fit its bits");

/* The parts of each word, from the lowest on. */
static const struct {
    int32_t word;
    allostat_counted series;
} parts[] = {
    {0, ALLOSTAT_COUNTED_support_tie_ends},
    {0, ALLOSTAT_COUNTED_isolated_residents},
    {0, ALLOSTAT_COUNTED_residents_with_peers},
    {0, ALLOSTAT_COUNTED_people_with_chronic_pain},
    {1, ALLOSTAT_COUNTED_people_with_ptsd},
    {1, ALLOSTAT_COUNTED_people_on_assistance},
    {1, ALLOSTAT_COUNTED_people_unstable},
    {1, ALLOSTAT_COUNTED_people_homeless},
    {2, ALLOSTAT_COUNTED_people_prescribed},
    {2, ALLOSTAT_COUNTED_people_prescribed_long},
    {2, ALLOSTAT_COUNTED_people_prescribed_high},
};

typedef struct {
    uint64_t sums[CELLS_MOST][WORDS];
    uint64_t adds[WORDS][BLOCK];
    int32_t cell[BLOCK];
} lives_block;

ALLOSTAT_HOT
static void find_cells(const int32_t *restrict age_group, allostat_month month,
                       const allostat_residents *residents, size_t first, size_t count,
                       int32_t *restrict cell)
{
    const int16_t *restrict birth = residents->birth_month + first;
    const uint8_t *restrict area = residents->area + first;
    const uint8_t *restrict sex = residents->sex + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t age = allostat_age_in_month(birth[i], month);
        const int32_t group = area[i] * (int32_t)ALLOSTAT_SEX_COUNT + sex[i];

        cell[i] = group * (int32_t)ALLOSTAT_AGE_GROUP_COUNT + age_group[age];
    }
}

/* Four parts as a word, or nothing for who is not here. */
static inline uint64_t word_of(uint32_t here, uint32_t a, uint32_t b, uint32_t c,
                               uint32_t d)
{
    const uint32_t low = a + (b << PART_BITS), high = c + (d << PART_BITS);

    return (uint64_t)(low & (0u - here)) | (uint64_t)(high & (0u - here)) << 32;
}

ALLOSTAT_HOT
static void pack_ties(const allostat_residents *residents, size_t first, size_t count,
                      uint64_t *restrict adds)
{
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict ties = residents->support_count + first;
    const uint8_t *restrict peers = residents->peers + first;
    const int32_t *restrict user_row = residents->user_row + first;
    const float *restrict pain = residents->chronic_pain + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        adds[i] = word_of(status[i] == ALLOSTAT_RESIDENT_present, ties[i], ties[i] == 0,
                          (peers[i] > 0) & (user_row[i] < 0), pain[i] > 0.0f);
    }
}

ALLOSTAT_HOT
static void pack_homes(const allostat_residents *residents, float ptsd_threshold,
                       size_t first, size_t count, uint64_t *restrict adds)
{
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict housing = residents->housing + first;
    const uint8_t *restrict assistance = residents->assistance + first;
    const float *restrict severity = residents->ptsd_severity + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        adds[i] = word_of(status[i] == ALLOSTAT_RESIDENT_present,
                          severity[i] >= ptsd_threshold, assistance[i] != 0,
                          housing[i] == ALLOSTAT_HOUSING_unstable,
                          housing[i] == ALLOSTAT_HOUSING_homeless);
    }
}

ALLOSTAT_HOT
static void pack_prescriptions(const allostat_residents *residents, size_t first,
                               size_t count, uint64_t *restrict adds)
{
    const uint8_t *restrict status = residents->status + first;
    const uint8_t *restrict dose = residents->rx_dose + first;
    const uint8_t *restrict months = residents->rx_months + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const uint32_t prescribed = dose[i] != ALLOSTAT_RX_none;
        const uint32_t long_term = prescribed & (months[i] >= ALLOSTAT_RX_LONG_TERM);

        adds[i] = word_of(status[i] == ALLOSTAT_RESIDENT_present, prescribed, long_term,
                          long_term & (dose[i] == ALLOSTAT_RX_high), 0);
    }
}

static void add_block(lives_block *block, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t *sums = block->sums[block->cell[i]];

        for (int32_t word = 0; word < WORDS; word++) sums[word] += block->adds[word][i];
    }
}

static void unpack(allostat_tally *self, lives_block *block)
{
    const uint64_t mask = (1u << PART_BITS) - 1;

    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        const size_t shift = p % PARTS * PART_BITS, width = (size_t)self->cell_count;
        int32_t *counted = self->counted + (size_t)parts[p].series * width;

        for (size_t cell = 0; cell < width; cell++) {
            counted[cell] +=
                (int32_t)(block->sums[cell][parts[p].word] >> shift & mask);
        }
    }
    memset(block->sums, 0, sizeof block->sums);
}

void allostat_tally_lives(allostat_tally *self, const allostat_residents *residents,
                          size_t from, size_t end)
{
    int32_t age_group[ALLOSTAT_AGE_COUNT], blocks = 0;
    lives_block block;

    for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++)
        age_group[age] = self->age_group[age];
    memset(block.sums, 0, sizeof block.sums);
    for (size_t first = from; first < end; first += BLOCK) {
        const size_t left = end - first, count = left < BLOCK ? left : BLOCK;

        find_cells(age_group, self->month, residents, first, count, block.cell);
        pack_ties(residents, first, count, block.adds[0]);
        pack_homes(residents, self->ptsd_threshold, first, count, block.adds[1]);
        pack_prescriptions(residents, first, count, block.adds[2]);
        add_block(&block, count);
        if (++blocks % BLOCKS_OF_SUMS == 0) unpack(self, &block);
    }
    unpack(self, &block);
}
