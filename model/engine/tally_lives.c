/* Stocks of residents: how the people of each area, sex and age group live.
 *
 * A row is two additions of 1: by the company and pain that a person has, and by means
 * and prescriptions. */
#include "engine/tally_parts.h"

#include "base/hint.h"
#include "base/hot.h"
#include "engine/tally_kinds.h"
#include "opioid/prescribing.h"
#include "people/homes.h"

#include <stdbool.h>

enum {
    BLOCK = 1024, /* rows whose keys fit the first cache */
    BITE_ROWS = 8 * BLOCK
};

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

#define STOCK(series, fact, mask, from, to)                        \
    {                                                              \
        ALLOSTAT_COUNTED_##series, (fact), (mask), (from), (to), 1 \
    }
static const allostat_kind_stock stocks_of_company[] = {
    STOCK(isolated_residents, TIES_AT, TIES_MASK, 0, 0),
    STOCK(residents_with_peers, PEERS_AT, FLAG_MASK, 1, 1),
    STOCK(people_with_chronic_pain, PAIN_AT, FLAG_MASK, 1, 1),
};
static const allostat_kind_stock stocks_of_means[] = {
    STOCK(people_with_ptsd, PTSD_AT, FLAG_MASK, 1, 1),
    STOCK(people_on_assistance, ASSISTANCE_AT, FLAG_MASK, 1, 1),
    STOCK(people_unstable, HOUSING_AT, HOUSING_MASK, ALLOSTAT_HOUSING_unstable,
          ALLOSTAT_HOUSING_unstable),
    STOCK(people_homeless, HOUSING_AT, HOUSING_MASK, ALLOSTAT_HOUSING_homeless,
          ALLOSTAT_HOUSING_homeless),
    STOCK(people_prescribed, RX_AT, RX_MASK, RX_SHORT, RX_LONG_HIGH),
    STOCK(people_prescribed_long, RX_AT, RX_MASK, RX_LONG, RX_LONG_HIGH),
    STOCK(people_prescribed_high, RX_AT, RX_MASK, RX_LONG_HIGH, RX_LONG_HIGH),
};
#undef STOCK

typedef struct {
    allostat_kinds company, means;
    uint16_t company_key[BLOCK], means_key[BLOCK]; /* see allostat_kind_key */
    uint16_t cell[BLOCK];
    uint8_t rx[BLOCK];
} lives_block;

allostat_last_births allostat_last_births_of(allostat_month month)
{
    static const int32_t first_age[ALLOSTAT_AGE_GROUP_COUNT] = {
#define ALLOSTAT_AGE_GROUP_ROW(name, first, last, label) first,
#include "tables/age_groups.def"
#undef ALLOSTAT_AGE_GROUP_ROW
    };
    allostat_last_births self;

    for (int32_t g = 0; g < ALLOSTAT_AGE_GROUP_COUNT; g++)
        self.month[g] = month - first_age[g] * ALLOSTAT_MONTHS_A_YEAR;
    return self;
}

ALLOSTAT_HOT
static void find_cells(allostat_last_births last, const allostat_residents *residents,
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
        key[i] = allostat_kind_key(status[i] == ALLOSTAT_RESIDENT_present,
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
        key[i] = allostat_kind_key(
            status[i] == ALLOSTAT_RESIDENT_present,
            housing[i] << HOUSING_AT | (assistance[i] != 0) << ASSISTANCE_AT |
                (severity[i] >= ptsd_threshold) << PTSD_AT | rx[i] << RX_AT,
            cell[i]);
    }
}

/* Lines of the columns that are read of the rows from `row` on. */
static void hint_rows(const allostat_residents *residents, size_t row)
{
#define HINT(column) ALLOSTAT_HINT_ROWS(residents->column, row)

    HINT(status);
    HINT(birth_month);
    HINT(area);
    HINT(sex);
    HINT(support_count);
    HINT(peers);
    HINT(chronic_pain);
    HINT(rx_dose);
    HINT(rx_months);
    HINT(housing);
    HINT(assistance);
    HINT(ptsd_severity);
#undef HINT
}

/* Counting waits for no memory: meanwhile that of the rows from `next` on is asked for.
 */
static void count_keys(lives_block *block, const allostat_residents *residents,
                       size_t next, size_t count)
{
    int32_t *company = block->company.people[0], *means = block->means.people[0];

    for (size_t i = 0; i < count;) {
        const size_t end =
            count - i < ALLOSTAT_HINTED_ROWS ? count : i + ALLOSTAT_HINTED_ROWS;

        hint_rows(residents, next + i);
        for (; i < end; i++) {
            company[block->company_key[i]]++;
            means[block->means_key[i]]++;
        }
    }
}

static void add_ties(allostat_tally *self, const allostat_kinds *company)
{
    for (int32_t kind = 0; kind < ALLOSTAT_KIND_GONE; kind++) {
        allostat_kind_add(company, kind, allostat_kind_fact(kind, TIES_AT, TIES_MASK),
                          self, ALLOSTAT_COUNTED_support_tie_ends);
    }
}

/* Of a bite, after which `next_bite` is this thread's. */
static void count_bite(const allostat_tally *self, const allostat_residents *residents,
                       size_t bite, size_t next_bite, lives_block *block)
{
    const allostat_last_births last = allostat_last_births_of(self->month);
    const size_t rows = residents->row_count, end = (bite + 1) * BITE_ROWS;

    for (size_t first = bite * BITE_ROWS; first < end && first < rows; first += BLOCK) {
        const size_t left = rows - first, count = left < BLOCK ? left : BLOCK;
        const size_t after = first + BLOCK;

        find_cells(last, residents, first, count, block->cell);
        find_company(residents, first, count, block->cell, block->company_key);
        find_prescriptions(residents, first, count, block->rx);
        find_means(residents, self->ptsd_threshold, first, count, block,
                   block->means_key);
        count_keys(block, residents, after < end ? after : next_bite * BITE_ROWS,
                   count);
    }
}

/* Each bite is taken before the one ahead of it is counted, so that its first rows are
 * asked for in time. */
void allostat_tally_lives(allostat_tally *self, const allostat_residents *residents,
                          size_t *next_bite)
{
    const size_t bites = (residents->row_count + BITE_ROWS - 1) / BITE_ROWS;
    const size_t cells = (size_t)self->cell_count;
    lives_block block;
    size_t bite, ahead;

    allostat_kinds_clear(&block.company, cells);
    allostat_kinds_clear(&block.means, cells);
    for (bool more = allostat_share_bite(next_bite, bites, &bite); more; bite = ahead) {
        more = allostat_share_bite(next_bite, bites, &ahead);
        count_bite(self, residents, bite, ahead, &block);
    }
    allostat_kinds_add(&block.company, stocks_of_company,
                       sizeof stocks_of_company / sizeof *stocks_of_company, self);
    allostat_kinds_add(&block.means, stocks_of_means,
                       sizeof stocks_of_means / sizeof *stocks_of_means, self);
    add_ties(self, &block.company);
}
