/* Users' rows on the last day of a month: stocks, and what the rows have gathered. */
#include "engine/tally_parts.h"

#include "base/hot.h"
#include "care/institutions.h"
#include "engine/tally_kinds.h"
#include "engine/tally_sums.h"
#include "mind/regulation.h"
#include "opioid/dsm5.h"
#include "people/homes.h"
#include "people/ties.h"

#include <string.h>

/* In which ways users are of a kind, see tally_kinds.h. */
typedef enum {
    WAY_body, /* everybody, the rest of the street only */
    WAY_lived,
    WAY_care,
    WAY_life,
    WAYS
} way;

/* Users of a part of the rows by kind; and those of the street by what their days count
 * as and by their group, in place of a cell. */
typedef struct {
    allostat_kinds by_cell[WAYS], by_group;
} user_kinds;

/* Where each fact stands in a kind. */
enum {
    PATIENT_AT = 0,
    OUD_AT = 1,
    OUD_MASK = 3,
    HYPOGONADISM_AT = 3,
    PEERS_AT = 4,
    SAFER_WAITING_AT = 5, /* never of patients: a kind that the gone are not */
    TREATMENT_AT = 0,
    TREATMENT_MASK = 7,
    INSTITUTION_AT = 3,
    INSTITUTION_MASK = 3,
    WAITING_AT = 5,
    HOUSING_AT = 0,
    HOUSING_MASK = 3,
    ACTIVE_PTSD_AT = 2,
    SAFER_AT = 3,
    DETOX_WAITING_AT = 4,
    IOAT_WAITING_AT = 5,
    FLAG_MASK = 1
};
_Static_assert((int)ALLOSTAT_OUD_severe <= (int)OUD_MASK, "a fact of a kind");
_Static_assert((int)ALLOSTAT_TREATMENT_COUNT <= (int)TREATMENT_MASK, "of the gone");
_Static_assert((int)ALLOSTAT_HOUSING_homeless < (int)HOUSING_MASK, "home of the gone");

#define IS(series, fact, mask, value)                                  \
    {                                                                  \
        ALLOSTAT_COUNTED_##series, (fact), (mask), (value), (value), 1 \
    }
#define HAS(series, fact) IS(series, fact, FLAG_MASK, 1)
static const allostat_kind_stock stocks_of_body[] = {
    {ALLOSTAT_COUNTED_users, PATIENT_AT, FLAG_MASK, 0, 1, 1},
    IS(people_with_oud_mild, OUD_AT, OUD_MASK, ALLOSTAT_OUD_mild),
    IS(people_with_oud_moderate, OUD_AT, OUD_MASK, ALLOSTAT_OUD_moderate),
    IS(people_with_oud_severe, OUD_AT, OUD_MASK, ALLOSTAT_OUD_severe),
/* of both together: disorder of any severity, as a patient */
#define OF_PATIENTS(severity)                                         \
    IS(patients_with_oud, PATIENT_AT, FLAG_MASK | OUD_MASK << OUD_AT, \
       1 | ALLOSTAT_OUD_##severity << OUD_AT)
    OF_PATIENTS(mild),
    OF_PATIENTS(moderate),
    OF_PATIENTS(severe),
#undef OF_PATIENTS
    HAS(men_with_hypogonadism, HYPOGONADISM_AT),
    /* people with peers, whom the stock of residents has, but who have a user's row */
    {ALLOSTAT_COUNTED_residents_with_peers, PEERS_AT, FLAG_MASK, 1, 1, -1},
    HAS(safer_supply_waiting, SAFER_WAITING_AT),
};
static const allostat_kind_stock stocks_of_lived[] = {
    HAS(active_users, ALLOSTAT_LIVED_ACTIVE_AT),
};
static const allostat_kind_stock stocks_of_care[] = {
#define IN(treatment)                                       \
    IS(people_in_##treatment, TREATMENT_AT, TREATMENT_MASK, \
       ALLOSTAT_TREATMENT_##treatment)
    IN(methadone),
    IN(buprenorphine),
    IN(srom),
    IN(ioat),
    IN(naltrexone),
#undef IN
    IS(people_in_detox, INSTITUTION_AT, INSTITUTION_MASK, ALLOSTAT_INSTITUTION_detox),
    IS(people_in_custody, INSTITUTION_AT, INSTITUTION_MASK,
       ALLOSTAT_INSTITUTION_custody),
    HAS(oat_waiting, WAITING_AT),
};
static const allostat_kind_stock stocks_of_life[] = {
    IS(users_unstable, HOUSING_AT, HOUSING_MASK, ALLOSTAT_HOUSING_unstable),
    IS(users_homeless, HOUSING_AT, HOUSING_MASK, ALLOSTAT_HOUSING_homeless),
    HAS(active_users_with_ptsd, ACTIVE_PTSD_AT),
    HAS(people_in_safer_supply, SAFER_AT),
    HAS(detox_waiting, DETOX_WAITING_AT),
    HAS(ioat_waiting, IOAT_WAITING_AT),
};
#undef IS
#undef HAS

static const struct {
    const allostat_kind_stock *stocks;
    size_t count;
} stocks_of[WAYS] = {
#define STOCKS(way) \
    [WAY_##way] = {stocks_of_##way, sizeof stocks_of_##way / sizeof *stocks_of_##way}
    STOCKS(body),
    STOCKS(lived),
    STOCKS(care),
    STOCKS(life),
#undef STOCKS
};

/* Rows of a block with what is looked up or worked out for them. */
typedef struct {
    const allostat_residents *residents;
    allostat_users *users;
    size_t first, count;
    allostat_last_births last;
    const int32_t *present;
    int32_t street[ALLOSTAT_SUMS_ROWS];  /* present, and no patient */
    int32_t anybody[ALLOSTAT_SUMS_ROWS]; /* 1 */
    int32_t cell[ALLOSTAT_SUMS_ROWS], group[ALLOSTAT_SUMS_ROWS];
    int32_t peers[ALLOSTAT_SUMS_ROWS], housing[ALLOSTAT_SUMS_ROWS];
    int32_t ptsd[ALLOSTAT_SUMS_ROWS];
    int32_t lived[ALLOSTAT_SUMS_ROWS]; /* see allostat_find_lived */
    uint16_t key[WAYS][ALLOSTAT_SUMS_ROWS], group_key[ALLOSTAT_SUMS_ROWS];
} user_block;

/* Residents' rows lie apart: looks at them need not wait for each other. */
static void look_up(const uint8_t *restrict column, const uint32_t *restrict person,
                    size_t count, int32_t *restrict found)
{
    for (size_t i = 0; i < count; i++) found[i] = column[person[i]];
}

ALLOSTAT_HOT
static void find_cells(user_block *block)
{
    const allostat_last_births local = block->last;
    const int32_t *restrict who = block->users->who + block->first;
    int32_t *restrict cell = block->cell;

#pragma omp simd
    for (size_t i = 0; i < block->count; i++) {
        cell[i] = (allostat_who_area(who[i]) * (int32_t)ALLOSTAT_SEX_COUNT +
                   allostat_who_sex(who[i])) *
                      (int32_t)ALLOSTAT_AGE_GROUP_COUNT +
                  allostat_age_group_born(&local, allostat_who_birth_month(who[i]));
    }
}

/* What is asked of users of the street only. */
ALLOSTAT_HOT
static void find_groups(float ptsd_threshold, user_block *block)
{
    const int32_t *restrict who = block->users->who + block->first;
    const float *restrict severity = block->users->ptsd_severity + block->first;
    int32_t *restrict ptsd = block->ptsd;
    int32_t *restrict group = block->group;

#pragma omp simd
    for (size_t i = 0; i < block->count; i++) {
        ptsd[i] = severity[i] >= ptsd_threshold;
        group[i] = allostat_group_key(allostat_who_style(who[i]),
                                      allostat_who_ace_score(who[i]), ptsd[i]);
    }
}

/* Returns how many rows are those of users of the street, present or not. */
ALLOSTAT_HOT
static int32_t part_rows(user_block *block)
{
    const int32_t *restrict present = block->present;
    const int32_t *restrict rx_only = block->users->rx_only + block->first;
    int32_t *restrict street = block->street;
    int32_t *restrict anybody = block->anybody;
    int32_t of_street = 0;

    for (size_t i = 0; i < block->count; i++) {
        street[i] = (present[i] != 0) & (rx_only[i] == 0);
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

#define CELLS(series) allostat_tally_cells(self, ALLOSTAT_COUNTED_##series)
#define COLUMN_OF(name) (block->users->name + block->first)

ALLOSTAT_HOT
static void find_body(user_block *block)
{
    const int32_t *restrict present = block->present;
    const int32_t *restrict rx_only = COLUMN_OF(rx_only);
    const int32_t *restrict oud = COLUMN_OF(oud_severity);
    const int32_t *restrict hypogonadism = COLUMN_OF(hypogonadism);
    const int32_t *restrict safer_waiting = COLUMN_OF(safer_waiting_since);
    const int32_t *restrict peers = block->peers;
    const int32_t *restrict cell = block->cell;
    uint16_t *restrict key = block->key[WAY_body];

#pragma omp simd
    for (size_t i = 0; i < block->count; i++) {
        const int32_t patient = rx_only[i] != 0;
        const int32_t waits = (safer_waiting[i] != 0) & (rx_only[i] == 0);

        key[i] = allostat_kind_key(present[i],
                                   patient << PATIENT_AT | oud[i] << OUD_AT |
                                       (hypogonadism[i] != 0) << HYPOGONADISM_AT |
                                       (peers[i] > 0) << PEERS_AT |
                                       waits << SAFER_WAITING_AT,
                                   cell[i]);
    }
}

ALLOSTAT_HOT
static void find_lived(user_block *block)
{
    const int32_t *restrict street = block->street;
    const int32_t *restrict lived = block->lived;
    const int32_t *restrict cell = block->cell;
    const int32_t *restrict group = block->group;
    uint16_t *restrict key = block->key[WAY_lived];
    uint16_t *restrict group_key = block->group_key;

#pragma omp simd
    for (size_t i = 0; i < block->count; i++) {
        key[i] = allostat_kind_key(street[i], lived[i], cell[i]);
        group_key[i] = allostat_kind_key(street[i], lived[i], group[i]);
    }
}

ALLOSTAT_HOT
static void find_care(user_block *block)
{
    const int32_t *restrict street = block->street;
    const int32_t *restrict treatment = COLUMN_OF(treatment);
    const int32_t *restrict institution = COLUMN_OF(institution);
    const int32_t *restrict waiting = COLUMN_OF(waiting_since);
    const int32_t *restrict cell = block->cell;
    uint16_t *restrict key = block->key[WAY_care];

#pragma omp simd
    for (size_t i = 0; i < block->count; i++) {
        key[i] = allostat_kind_key(street[i],
                                   treatment[i] << TREATMENT_AT |
                                       institution[i] << INSTITUTION_AT |
                                       (waiting[i] != 0) << WAITING_AT,
                                   cell[i]);
    }
}

ALLOSTAT_HOT
static void find_life(user_block *block)
{
    const int32_t *restrict street = block->street;
    const int32_t *restrict active = COLUMN_OF(active);
    const int32_t *restrict safer_supply = COLUMN_OF(safer_supply);
    const int32_t *restrict detox_waiting = COLUMN_OF(detox_waiting_since);
    const int32_t *restrict ioat_waiting = COLUMN_OF(ioat_waiting_since);
    const int32_t *restrict housing = block->housing;
    const int32_t *restrict ptsd = block->ptsd;
    const int32_t *restrict cell = block->cell;
    uint16_t *restrict key = block->key[WAY_life];

#pragma omp simd
    for (size_t i = 0; i < block->count; i++) {
        const int32_t uses = active[i] != 0;

        key[i] = allostat_kind_key(street[i],
                                   housing[i] << HOUSING_AT |
                                       (uses & ptsd[i]) << ACTIVE_PTSD_AT |
                                       (safer_supply[i] != 0) << SAFER_AT |
                                       (detox_waiting[i] != 0) << DETOX_WAITING_AT |
                                       (ioat_waiting[i] != 0) << IOAT_WAITING_AT,
                                   cell[i]);
    }
}

static void count_keys(const uint16_t *restrict key, size_t count,
                       allostat_kinds *kinds)
{
    int32_t *restrict people = kinds->people[0];

    for (size_t i = 0; i < count; i++) people[key[i]]++;
}

/* Stocks of everybody who is present, all by area of residence. */
static void count_bodies(user_block *block, user_kinds *kinds)
{
    look_up(block->residents->peers, COLUMN_OF(person), block->count, block->peers);
    find_body(block);
    count_keys(block->key[WAY_body], block->count, &kinds->by_cell[WAY_body]);
}

/* What only users of the street can be. */
static void count_street(float ptsd_threshold, user_block *block, user_kinds *kinds)
{
    look_up(block->residents->housing, COLUMN_OF(person), block->count, block->housing);
    find_groups(ptsd_threshold, block);
    allostat_find_lived(block->users, block->first, block->count, block->lived);
    find_lived(block);
    find_care(block);
    find_life(block);
    for (int w = WAY_lived; w < WAYS; w++)
        count_keys(block->key[w], block->count, &kinds->by_cell[w]);
    count_keys(block->group_key, block->count, &kinds->by_group);
}

/* Adversity and defence of those who use, without areas. */
ALLOSTAT_HOT
static void count_minds(const user_block *block, int32_t *city)
{
    const int32_t *restrict street = block->street;
    const int32_t *restrict active = COLUMN_OF(active);
    const int32_t *restrict defence = COLUMN_OF(defence_state);
    const int32_t *restrict who = COLUMN_OF(who);
    int32_t sum = 0, mobilised = 0, immobilised = 0;

    for (size_t i = 0; i < block->count; i++) {
        const int32_t uses = street[i] & (active[i] != 0);

        sum += uses * allostat_who_ace_score(who[i]);
        mobilised += uses & (defence[i] == ALLOSTAT_DEFENCE_mobilised);
        immobilised += uses & (defence[i] == ALLOSTAT_DEFENCE_immobilised);
    }
    city[ALLOSTAT_CITY_active_users_ace_sum] += sum;
    city[ALLOSTAT_CITY_active_users_mobilised] += mobilised;
    city[ALLOSTAT_CITY_active_users_immobilised] += immobilised;
}

ALLOSTAT_HOT
static void count_amount(const int32_t *restrict amount, const int32_t *restrict street,
                         size_t count, int32_t *restrict counted)
{
    for (size_t i = 0; i < count; i++) counted[i] = street[i] * amount[i];
}

/* What counts more than once a row. */
static void count_amounts(allostat_tally *self, const user_block *block)
{
    const allostat_sum_rows street = rows_of(self, block, block->street);
    int32_t amount[ALLOSTAT_SUMS_ROWS];

    count_amount(COLUMN_OF(using_count), block->street, block->count, amount);
    allostat_column_add(&street, amount, CELLS(using_tie_ends));
    count_amount(COLUMN_OF(kits), block->street, block->count, amount);
    allostat_column_add(&street, amount, CELLS(kits_held));
}

/* Counters of rows and their series; and those of kits with their totals. */
#define FLOWS(FLOW)                            \
    FLOW(lapses, lapses_month)                 \
    FLOW(cessations, cessations_month)         \
    FLOW(site_visits, visits_month)            \
    FLOW(releases, releases_month)             \
    FLOW(release_days_early, early_days_month) \
    FLOW(oat_starts, oat_starts_month)         \
    FLOW(oat_stops, oat_stops_month)
#define THERAPY_FLOWS(FLOW)                          \
    FLOW(therapy_starts, therapy_starts_month)       \
    FLOW(therapy_completed, therapy_completed_month) \
    FLOW(therapy_left, therapy_left_month)
/* At most one a day, of many: four to a word. */
#define DAY_FLOWS(FLOW)                        \
    FLOW(oat_clients, oat_month)               \
    FLOW(release_days_later, later_days_month) \
    FLOW(oat_days, oat_days_month)             \
    FLOW(off_oat_days, off_oat_days_month)
#define KIT_FLOWS(FLOW)                                   \
    FLOW(kits_handed, kits_handed_out, kits_handed_month) \
    FLOW(kits_lost, kits_lost, kits_lost_month)           \
    FLOW(kits_used, kits_used, kits_used_month)           \
    FLOW(kits_gone, kits_gone, kits_gone_month)

static void take_days(allostat_tally *self, const user_block *block,
                      const allostat_sum_rows *rows)
{
    enum { BITS = 5 }; /* for the days of a month */
#define NUMBER(series, column) {CELLS(series), COLUMN_OF(column), 0, BITS},
    const allostat_bits numbers[] = {DAY_FLOWS(NUMBER)};
#undef NUMBER

    allostat_bits_add(rows, numbers, sizeof numbers / sizeof *numbers);
#define CLEAR(series, column) \
    memset(COLUMN_OF(column), 0, block->count * sizeof *COLUMN_OF(column));
    DAY_FLOWS(CLEAR)
#undef CLEAR
}

/* What the rows have gathered this month goes into the month. */
static void take_flows(allostat_tally *self, const user_block *block)
{
    const allostat_sum_rows rows = rows_of(self, block, block->anybody);

#define TAKE(series, column) \
    (void)allostat_column_take(&rows, COLUMN_OF(column), CELLS(series));
    FLOWS(TAKE)
    if (!self->no_therapies) {
        THERAPY_FLOWS(TAKE)
    }
#undef TAKE
    take_days(self, block, &rows);
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
static void count_users_of_street(allostat_tally *self, user_block *block,
                                  allostat_user_counts wanted, user_kinds *kinds)
{
    const allostat_sum_rows street = rows_of(self, block, block->street);

    if (wanted.stocks) {
        count_street(self->ptsd_threshold, block, kinds);
        count_minds(block, self->city);
        count_amounts(self, block);
        if (!self->no_therapies)
            allostat_tally_therapies(self, block->users, block->first, &street);
    }
    take_flows(self, block);
    take_years(self, block, wanted.year_ends);
    memset(COLUMN_OF(overdosed_month), 0,
           block->count * sizeof *block->users->overdosed_month);
}
#undef CELLS
#undef COLUMN_OF

static void count_block(allostat_tally *self, user_block *block,
                        allostat_user_counts wanted, user_kinds *kinds)
{
    const size_t left = block->users->row_count - block->first;

    block->count = left < ALLOSTAT_SUMS_ROWS ? left : ALLOSTAT_SUMS_ROWS;
    block->present = block->users->present + block->first;
    const bool any_of_street = part_rows(block) > 0;
    if (any_of_street || wanted.stocks) find_cells(block);
    if (wanted.stocks) count_bodies(block, kinds);
    if (any_of_street) count_users_of_street(self, block, wanted, kinds);
}

/* Attachment styles of those who use. */
static void add_styles(allostat_tally *self, const allostat_kinds *by_group)
{
    for (int32_t kind = 0; kind < ALLOSTAT_KIND_GONE; kind++) {
        if (!allostat_kind_fact(kind, ALLOSTAT_LIVED_ACTIVE_AT, FLAG_MASK)) continue;
        for (int32_t group = 0; group < ALLOSTAT_GROUP_KEYS; group++) {
            self->city[ALLOSTAT_CITY_active_users_secure +
                       group % ALLOSTAT_GROUP_KEY_PTSD] +=
                by_group->people[kind][group];
        }
    }
}

static void add_stocks(allostat_tally *self, const user_kinds *kinds)
{
    for (int w = 0; w < WAYS; w++) {
        allostat_kinds_add(&kinds->by_cell[w], stocks_of[w].stocks, stocks_of[w].count,
                           self);
    }
    allostat_tally_month_days(self, &kinds->by_cell[WAY_lived], &kinds->by_group);
    add_styles(self, &kinds->by_group);
}

static void clear_kinds(user_kinds *kinds, size_t cells)
{
    for (int w = 0; w < WAYS; w++) allostat_kinds_clear(&kinds->by_cell[w], cells);
    allostat_kinds_clear(&kinds->by_group, ALLOSTAT_GROUP_KEYS);
}

void allostat_tally_users(allostat_tally *self, const allostat_residents *residents,
                          allostat_users *users, size_t *next_block,
                          allostat_user_counts wanted)
{
    const size_t rows = ALLOSTAT_SUMS_ROWS;
    const size_t blocks = (users->row_count + rows - 1) / rows;
    size_t b;

    user_block block;
    user_kinds kinds;

    if (wanted.stocks) clear_kinds(&kinds, (size_t)self->cell_count);
    block.residents = residents;
    block.users = users;
    block.last = allostat_last_births_of(self->month);
    while (allostat_share_bite(next_block, blocks, &b)) {
        block.first = b * rows;
        count_block(self, &block, wanted, &kinds);
    }
    if (wanted.stocks) add_stocks(self, &kinds);
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
    THERAPY_FLOWS(LOOK)
    DAY_FLOWS(LOOK)
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
