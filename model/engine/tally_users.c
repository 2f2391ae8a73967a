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
    int32_t cell[ALLOSTAT_SUMS_ROWS];
    int32_t anybody[ALLOSTAT_SUMS_ROWS];                             /* 1 */
    int32_t street[ALLOSTAT_SUMS_ROWS], patient[ALLOSTAT_SUMS_ROWS]; /* present */
    int32_t housing[ALLOSTAT_SUMS_ROWS], peers[ALLOSTAT_SUMS_ROWS];
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
        block->anybody[i] = 1;
    }
}

ALLOSTAT_HOT
static void part_rows(user_block *block)
{
    const int32_t *restrict present = block->users->present + block->first;
    const int32_t *restrict rx_only = block->users->rx_only + block->first;
    int32_t *restrict street = block->street;
    int32_t *restrict patient = block->patient;

#pragma omp simd
    for (size_t i = 0; i < block->count; i++) {
        street[i] = (present[i] != 0) & (rx_only[i] == 0);
        patient[i] = (present[i] != 0) & (rx_only[i] != 0);
    }
}

static allostat_sum_rows rows_of(const allostat_tally *self, const user_block *block,
                                 const int32_t *here)
{
    return (allostat_sum_rows){here, block->cell, block->count, self->cell_count};
}

/* Rows of the tables of stocks: a column that has a value, and one that has any. */
#define IS(series, pointer, value)                                        \
    {                                                                     \
        allostat_tally_cells(self, ALLOSTAT_COUNTED_##series), (pointer), \
            (uint32_t)(value), 0, 0                                       \
    }
#define HAS(series, pointer)                                                 \
    {                                                                        \
        allostat_tally_cells(self, ALLOSTAT_COUNTED_##series), (pointer), 1, \
            UINT32_MAX - 1, 0                                                \
    }

/* Stocks of everybody who is present, all by area of residence. */
static void count_stocks(allostat_tally *self, const user_block *block)
{
    const allostat_users *users = block->users;
    const int32_t *present = users->present + block->first;
    const allostat_sum_rows rows = rows_of(self, block, present);
#define COLUMN_OF(name) (users->name + block->first)
    const allostat_field fields[] = {
        IS(users, present, 1),
        HAS(active_users, COLUMN_OF(active)),
        HAS(oat_waiting, COLUMN_OF(waiting_since)),
        HAS(detox_waiting, COLUMN_OF(detox_waiting_since)),
        IS(people_in_detox, COLUMN_OF(institution), ALLOSTAT_INSTITUTION_detox),
        IS(people_in_custody, COLUMN_OF(institution), ALLOSTAT_INSTITUTION_custody),
        IS(people_with_oud_mild, COLUMN_OF(oud_severity), ALLOSTAT_OUD_mild),
        IS(people_with_oud_moderate, COLUMN_OF(oud_severity), ALLOSTAT_OUD_moderate),
        IS(people_with_oud_severe, COLUMN_OF(oud_severity), ALLOSTAT_OUD_severe),
        HAS(men_with_hypogonadism, COLUMN_OF(hypogonadism)),
        IS(people_in_methadone, COLUMN_OF(treatment), ALLOSTAT_TREATMENT_methadone),
        IS(people_in_buprenorphine, COLUMN_OF(treatment),
           ALLOSTAT_TREATMENT_buprenorphine),
        IS(people_in_srom, COLUMN_OF(treatment), ALLOSTAT_TREATMENT_srom),
        IS(people_in_ioat, COLUMN_OF(treatment), ALLOSTAT_TREATMENT_ioat),
        IS(people_in_naltrexone, COLUMN_OF(treatment), ALLOSTAT_TREATMENT_naltrexone),
        HAS(people_in_safer_supply, COLUMN_OF(safer_supply)),
        HAS(ioat_waiting, COLUMN_OF(ioat_waiting_since)),
        HAS(safer_supply_waiting, COLUMN_OF(safer_waiting_since)),
    };

    allostat_fields_add(&rows, fields, sizeof fields / sizeof *fields);
}

/* Stocks of users of the street, and those of patients. */
static void count_parts(allostat_tally *self, const user_block *block)
{
    const allostat_users *users = block->users;
    const allostat_sum_rows street = rows_of(self, block, block->street);
    const allostat_sum_rows patients = rows_of(self, block, block->patient);
    const allostat_field of_street[] = {
        IS(users_unstable, block->housing, ALLOSTAT_HOUSING_unstable),
        IS(users_homeless, block->housing, ALLOSTAT_HOUSING_homeless),
    };
    const allostat_field of_patients[] = {
        HAS(patients_with_oud, COLUMN_OF(oud_severity)),
    };
#undef COLUMN_OF

    allostat_fields_add(&street, of_street, sizeof of_street / sizeof *of_street);
    allostat_fields_add(&patients, of_patients,
                        sizeof of_patients / sizeof *of_patients);
}
#undef IS
#undef HAS

/* What counts more than once a row: kits and ties; and people with peers, whom the
 * stock of residents has, but who use or have used themselves. */
static void count_amounts(allostat_tally *self, const user_block *block)
{
    const size_t first = block->first;
    const int32_t *present = block->users->present + first;
    const allostat_using_ties *using_ties = block->users->using_ties + first;
    const allostat_sum_rows rows = rows_of(self, block, present);
    int32_t kits[ALLOSTAT_SUMS_ROWS], ties[ALLOSTAT_SUMS_ROWS];
    int32_t peers[ALLOSTAT_SUMS_ROWS];

    for (size_t i = 0; i < block->count; i++) {
        kits[i] = block->users->kits[first + i] * present[i];
        peers[i] = (block->peers[i] > 0) * -present[i];
        ties[i] = present[i] *
                  allostat_slots_filled(using_ties[i].slot, ALLOSTAT_USING_SLOTS);
    }
    allostat_column_add(&rows, kits,
                        allostat_tally_cells(self, ALLOSTAT_COUNTED_kits_held));
    allostat_column_add(&rows, ties,
                        allostat_tally_cells(self, ALLOSTAT_COUNTED_using_tie_ends));
    allostat_column_add(
        &rows, peers,
        allostat_tally_cells(self, ALLOSTAT_COUNTED_residents_with_peers));
}

/* What the rows have gathered this month goes into the month. */
static void take_flows(allostat_tally *self, const user_block *block)
{
    allostat_users *users = block->users;
    const allostat_sum_rows rows = rows_of(self, block, block->anybody);

#define TAKE(series, column)                                  \
    allostat_column_take(&rows, users->column + block->first, \
                         allostat_tally_cells(self, ALLOSTAT_COUNTED_##series))
    self->kits_handed += TAKE(kits_handed_out, kits_handed_month);
    self->kits_lost += TAKE(kits_lost, kits_lost_month);
    self->kits_used += TAKE(kits_used, kits_used_month);
    self->kits_gone += TAKE(kits_gone, kits_gone_month);
    (void)TAKE(lapses, lapses_month);
    (void)TAKE(cessations, cessations_month);
    (void)TAKE(site_visits, visits_month);
    (void)TAKE(oat_clients, oat_month);
    (void)TAKE(releases, releases_month);
    (void)TAKE(release_days_early, early_days_month);
    (void)TAKE(release_days_later, later_days_month);
    (void)TAKE(oat_days, oat_days_month);
    (void)TAKE(off_oat_days, off_oat_days_month);
    (void)TAKE(oat_starts, oat_starts_month);
    (void)TAKE(oat_stops, oat_stops_month);
    (void)TAKE(therapy_starts, therapy_starts_month);
    (void)TAKE(therapy_completed, therapy_completed_month);
    (void)TAKE(therapy_left, therapy_left_month);
#undef TAKE
    /* Kept for the sites, which plan the next month by this month's doses. */
    allostat_column_add(&rows, users->doses_month + block->first,
                        allostat_tally_cells(self, ALLOSTAT_COUNTED_doses));
    allostat_tally_treatment_flows(self, users, block->first, &rows);
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
    for (size_t row = block->first; row < block->first + block->count; row++) {
        if (year_ends || !block->users->present[row])
            take_year(self, block->users, row);
    }
}

void allostat_tally_users(allostat_tally *self, const allostat_residents *residents,
                          allostat_users *users, size_t first,
                          allostat_user_counts wanted)
{
    const size_t left = users->row_count - first;
    user_block block = {.residents = residents,
                        .users = users,
                        .first = first,
                        .count = left < ALLOSTAT_SUMS_ROWS ? left : ALLOSTAT_SUMS_ROWS};

    look_up(self, &block);
    if (wanted.stocks) {
        const allostat_sum_rows everybody =
            rows_of(self, &block, users->present + first);
        const allostat_sum_rows street = rows_of(self, &block, block.street);

        part_rows(&block);
        count_stocks(self, &block);
        count_parts(self, &block);
        count_amounts(self, &block);
        allostat_tally_therapies(self, users, first, &everybody);
        allostat_tally_month_days(self, residents, users, first, &street);
    }
    take_flows(self, &block);
    take_years(self, &block, wanted.year_ends);
    memset(users->overdosed_month + first, 0,
           block.count * sizeof *users->overdosed_month);
}
