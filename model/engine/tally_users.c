/* Users' rows on the last day of a month: stocks, and what the rows have gathered. */
#include "engine/tally_parts.h"

#include "base/hot.h"
#include "care/institutions.h"
#include "engine/tally_sums.h"
#include "opioid/dsm5.h"
#include "people/homes.h"
#include "people/ties.h"

#include <string.h>

/* Rows of a block with what is looked up or worked out for them. */
typedef struct {
    const allostat_residents *residents;
    allostat_users *users;
    size_t first, count;
    const int32_t *present;
    int32_t street[ALLOSTAT_SUMS_ROWS], patient[ALLOSTAT_SUMS_ROWS]; /* present */
    int32_t anybody[ALLOSTAT_SUMS_ROWS];                             /* 1 */
    int32_t cell[ALLOSTAT_SUMS_ROWS], peers[ALLOSTAT_SUMS_ROWS];
    int32_t housing[ALLOSTAT_SUMS_ROWS];
} user_block;

/* Residents' rows lie apart: looks at them need not wait for each other. */
static void look_up(const allostat_tally *self, user_block *block)
{
    const allostat_residents *residents = block->residents;
    const uint32_t *person = block->users->person + block->first;

    for (size_t i = 0; i < block->count; i++) {
        const uint32_t p = person[i];

        block->cell[i] =
            (int32_t)allostat_tally_cell(self, residents, p, residents->area[p]);
        block->housing[i] = residents->housing[p];
        block->peers[i] = residents->peers[p];
    }
}

/* Returns how many rows are those of users of the street, present or not. */
ALLOSTAT_HOT
static int32_t part_rows(user_block *block)
{
    const int32_t *restrict present = block->present;
    const int32_t *restrict rx_only = block->users->rx_only + block->first;
    int32_t *restrict street = block->street;
    int32_t *restrict patient = block->patient;
    int32_t *restrict anybody = block->anybody;
    int32_t of_street = 0;

    for (size_t i = 0; i < block->count; i++) {
        street[i] = (present[i] != 0) & (rx_only[i] == 0);
        patient[i] = (present[i] != 0) & (rx_only[i] != 0);
        anybody[i] = 1;
        of_street += rx_only[i] == 0;
    }
    return of_street;
}

static allostat_sum_rows rows_of(const allostat_tally *self, const user_block *block,
                                 const int32_t *here)
{
    return (allostat_sum_rows){here, block->cell, block->count, self->cell_count};
}

/* Rows of the tables of stocks: a column that has a value, and one that has any. */
#define CELLS(series) allostat_tally_cells(self, ALLOSTAT_COUNTED_##series)
#define COLUMN_OF(name) (block->users->name + block->first)
#define IS(series, pointer, value)                     \
    {                                                  \
        CELLS(series), (pointer), (uint32_t)(value), 0 \
    }
#define HAS(series, pointer)                        \
    {                                               \
        CELLS(series), (pointer), 1, UINT32_MAX - 1 \
    }

/* Stocks of everybody who is present, all by area of residence. */
static void count_stocks(allostat_tally *self, const user_block *block)
{
    const allostat_sum_rows everybody = rows_of(self, block, block->present);
    const allostat_sum_rows patients = rows_of(self, block, block->patient);
    const allostat_flag flags[] = {
        IS(users, block->present, 1),
        IS(people_with_oud_mild, COLUMN_OF(oud_severity), ALLOSTAT_OUD_mild),
        IS(people_with_oud_moderate, COLUMN_OF(oud_severity), ALLOSTAT_OUD_moderate),
        IS(people_with_oud_severe, COLUMN_OF(oud_severity), ALLOSTAT_OUD_severe),
        HAS(men_with_hypogonadism, COLUMN_OF(hypogonadism)),
    };
    const allostat_flag of_patients = HAS(patients_with_oud, COLUMN_OF(oud_severity));

    allostat_flags_add(&everybody, flags, sizeof flags / sizeof *flags);
    allostat_flags_add(&patients, &of_patients, 1);
}

/* People with peers, whom the stock of residents has, but who have a user's row. */
static void take_out_peers(allostat_tally *self, const user_block *block)
{
    const allostat_sum_rows rows = rows_of(self, block, block->present);
    int32_t peers[ALLOSTAT_SUMS_ROWS];

    for (size_t i = 0; i < block->count; i++)
        peers[i] = -((block->peers[i] > 0) & (block->present[i] != 0));
    allostat_column_add(&rows, peers, CELLS(residents_with_peers));
}

/* What only users of the street can be. */
static void count_street(allostat_tally *self, const user_block *block)
{
    const allostat_sum_rows street = rows_of(self, block, block->street);
    const allostat_flag flags[] = {
        HAS(active_users, COLUMN_OF(active)),
        HAS(oat_waiting, COLUMN_OF(waiting_since)),
        HAS(detox_waiting, COLUMN_OF(detox_waiting_since)),
        IS(people_in_detox, COLUMN_OF(institution), ALLOSTAT_INSTITUTION_detox),
        IS(people_in_custody, COLUMN_OF(institution), ALLOSTAT_INSTITUTION_custody),
        IS(people_in_methadone, COLUMN_OF(treatment), ALLOSTAT_TREATMENT_methadone),
        IS(people_in_buprenorphine, COLUMN_OF(treatment),
           ALLOSTAT_TREATMENT_buprenorphine),
        IS(people_in_srom, COLUMN_OF(treatment), ALLOSTAT_TREATMENT_srom),
        IS(people_in_ioat, COLUMN_OF(treatment), ALLOSTAT_TREATMENT_ioat),
        IS(people_in_naltrexone, COLUMN_OF(treatment), ALLOSTAT_TREATMENT_naltrexone),
        HAS(people_in_safer_supply, COLUMN_OF(safer_supply)),
        HAS(ioat_waiting, COLUMN_OF(ioat_waiting_since)),
        HAS(safer_supply_waiting, COLUMN_OF(safer_waiting_since)),
        IS(users_unstable, block->housing, ALLOSTAT_HOUSING_unstable),
        IS(users_homeless, block->housing, ALLOSTAT_HOUSING_homeless),
    };

    allostat_flags_add(&street, flags, sizeof flags / sizeof *flags);
}

ALLOSTAT_HOT
static void count_ties(const allostat_using_ties *restrict ties,
                       const int32_t *restrict street, size_t count,
                       int32_t *restrict found)
{
    for (size_t i = 0; i < count; i++) {
        found[i] =
            street[i] * allostat_slots_filled(ties[i].slot, ALLOSTAT_USING_SLOTS);
    }
}

/* What counts more than once a row. */
static void count_amounts(allostat_tally *self, const user_block *block)
{
    const allostat_sum_rows street = rows_of(self, block, block->street);
    int32_t amount[ALLOSTAT_SUMS_ROWS];

    count_ties(COLUMN_OF(using_ties), block->street, block->count, amount);
    allostat_column_add(&street, amount, CELLS(using_tie_ends));
    for (size_t i = 0; i < block->count; i++)
        amount[i] = block->street[i] * COLUMN_OF(kits)[i];
    allostat_column_add(&street, amount, CELLS(kits_held));
}

/* Counters of rows and their series; and those of kits with their totals. */
#define FLOWS(FLOW)                                  \
    FLOW(lapses, lapses_month)                       \
    FLOW(cessations, cessations_month)               \
    FLOW(site_visits, visits_month)                  \
    FLOW(oat_clients, oat_month)                     \
    FLOW(releases, releases_month)                   \
    FLOW(release_days_early, early_days_month)       \
    FLOW(release_days_later, later_days_month)       \
    FLOW(oat_days, oat_days_month)                   \
    FLOW(off_oat_days, off_oat_days_month)           \
    FLOW(oat_starts, oat_starts_month)               \
    FLOW(oat_stops, oat_stops_month)                 \
    FLOW(therapy_starts, therapy_starts_month)       \
    FLOW(therapy_completed, therapy_completed_month) \
    FLOW(therapy_left, therapy_left_month)
#define KIT_FLOWS(FLOW)                                   \
    FLOW(kits_handed, kits_handed_out, kits_handed_month) \
    FLOW(kits_lost, kits_lost, kits_lost_month)           \
    FLOW(kits_used, kits_used, kits_used_month)           \
    FLOW(kits_gone, kits_gone, kits_gone_month)

/* What the rows have gathered this month goes into the month. */
static void take_flows(allostat_tally *self, const user_block *block)
{
    const allostat_sum_rows rows = rows_of(self, block, block->anybody);

#define TAKE(series, column) \
    (void)allostat_column_take(&rows, COLUMN_OF(column), CELLS(series));
    FLOWS(TAKE)
#undef TAKE
#define TAKE(total, series, column) \
    self->total += allostat_column_take(&rows, COLUMN_OF(column), CELLS(series));
    KIT_FLOWS(TAKE)
#undef TAKE
    /* Kept for the sites, which plan the next month by this month's doses. */
    allostat_column_add(&rows, COLUMN_OF(doses_month), CELLS(doses));
    allostat_tally_treatment_flows(self, block->users, block->first, &rows);
}

/* People who leave before the year's end are counted when they leave, the others in
 * December. */
static void take_year(allostat_tally *self, allostat_users *users, size_t row)
{
    const int32_t overdoses = users->overdoses_year[row];
    int32_t *most = &self->yearly[ALLOSTAT_YEARLY_most_overdoses_of_one_person];

    self->yearly[ALLOSTAT_YEARLY_people_with_overdose] += overdoses > 0;
    self->yearly[ALLOSTAT_YEARLY_people_with_repeat_overdose] += overdoses > 1;
    self->yearly[ALLOSTAT_YEARLY_overdoses_of_year] += overdoses;
    self->yearly[ALLOSTAT_YEARLY_people_ever_active] += users->active_year[row];
    *most = overdoses > *most ? overdoses : *most;
    users->overdoses_year[row] = 0;
    users->active_year[row] = 0;
}

static void take_years(allostat_tally *self, const user_block *block, bool year_ends)
{
    for (size_t i = 0; i < block->count; i++) {
        if (year_ends || !block->present[i])
            take_year(self, block->users, block->first + i);
    }
}

/* Blocks of patients alone are passed over, see allostat_tally_patient_uses. */
static void count_users_of_street(allostat_tally *self, const user_block *block,
                                  allostat_user_counts wanted)
{
    const allostat_sum_rows street = rows_of(self, block, block->street);

    if (wanted.stocks) {
        count_street(self, block);
        count_amounts(self, block);
        allostat_tally_therapies(self, block->users, block->first, &street);
        allostat_tally_month_days(self, block->residents, block->users, block->first,
                                  &street);
    }
    take_flows(self, block);
    take_years(self, block, wanted.year_ends);
    memset(COLUMN_OF(overdosed_month), 0,
           block->count * sizeof *block->users->overdosed_month);
}
#undef CELLS
#undef COLUMN_OF
#undef IS
#undef HAS

void allostat_tally_users(allostat_tally *self, const allostat_residents *residents,
                          allostat_users *users, size_t first,
                          allostat_user_counts wanted)
{
    const size_t left = users->row_count - first;
    user_block block;

    block.residents = residents;
    block.users = users;
    block.first = first;
    block.count = left < ALLOSTAT_SUMS_ROWS ? left : ALLOSTAT_SUMS_ROWS;
    block.present = users->present + first;
    const bool any_of_street = part_rows(&block) > 0;
    if (any_of_street || wanted.stocks) look_up(self, &block);
    if (wanted.stocks) {
        count_stocks(self, &block);
        take_out_peers(self, &block);
    }
    if (any_of_street) count_users_of_street(self, &block, wanted);
}

ALLOSTAT_HOT
static int32_t count_with(const int32_t *restrict rx_only,
                          const int32_t *restrict column, size_t count)
{
    int32_t with = 0;

    for (size_t i = 0; i < count; i++) with += (rx_only[i] != 0) & (column[i] != 0);
    return with;
}

bool allostat_tally_patient_uses(const allostat_users *users)
{
    int32_t with = 0;

#define LOOK_AT(column) \
    with += count_with(users->rx_only, users->column, users->row_count);
#define LOOK(series, column) LOOK_AT(column)
    FLOWS(LOOK)
#undef LOOK
#define LOOK(total, series, column) LOOK_AT(column)
    KIT_FLOWS(LOOK)
#undef LOOK
    LOOK_AT(active)
    LOOK_AT(doses_month)
    LOOK_AT(kits)
    LOOK_AT(institution)
    LOOK_AT(treatment)
    LOOK_AT(treatment_moves_month)
    LOOK_AT(treatment_days_month)
    LOOK_AT(safer_supply)
    LOOK_AT(waiting_since)
    LOOK_AT(detox_waiting_since)
    LOOK_AT(ioat_waiting_since)
    LOOK_AT(safer_waiting_since)
    LOOK_AT(overdosed_month)
    LOOK_AT(overdoses_year)
    LOOK_AT(active_year)
#undef LOOK_AT
    return with > 0;
}
