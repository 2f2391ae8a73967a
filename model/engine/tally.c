#include "engine/tally.h"

#include "base/columns.h"
#include "base/hot.h"
#include "care/institutions.h"
#include "base/share.h"
#include "engine/state_summary.h"
#include "engine/tally_parts.h"
#include "engine/tally_share.h"
#include "opioid/dsm5.h"
#include "opioid/prescribing.h"
#include "people/homes.h"
#include "people/ties.h"
#include "people/traits.h"

#include <string.h>

allostat_status allostat_tally_init(allostat_tally *self, int32_t area_count,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    memset(self, 0, sizeof *self);
    self->area_count = area_count;
    self->cell_count =
        area_count * (int32_t)ALLOSTAT_SEX_COUNT * (int32_t)ALLOSTAT_AGE_GROUP_COUNT;
    for (int32_t age = ALLOSTAT_AGE_OF_ENTRY; age < ALLOSTAT_AGE_COUNT; age++) {
        self->age_group[age] = (uint8_t)allostat_age_group_of(age);
    }
    ALLOSTAT_TRY(allostat_census_init(&self->census, area_count, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->counted,
                                          (size_t)ALLOSTAT_COUNTED_COUNT *
                                              (size_t)self->cell_count,
                                          sizeof *self->counted, error));
cleanup:
    return status;
}

void allostat_tally_free(allostat_tally *self)
{
    allostat_census_free(&self->census);
    allostat_column_free((void **)&self->counted);
    allostat_tally_share_free(self);
    allostat_column_free((void **)&self->death);
    memset(self, 0, sizeof *self);
}

void allostat_tally_month_begin(allostat_tally *self, allostat_month month,
                                const allostat_params *params)
{
    self->month = month;
    self->day = allostat_month_first_day(month);
    self->ptsd_threshold = (float)params->ptsd_threshold;
}

static size_t cell_of(const allostat_tally *self, const allostat_residents *residents,
                      uint32_t person, int32_t area)
{
    const int32_t age =
        allostat_age_in_month(residents->birth_month[person], self->month);

    return ((size_t)area * ALLOSTAT_SEX_COUNT + residents->sex[person]) *
               ALLOSTAT_AGE_GROUP_COUNT +
           self->age_group[age];
}

static int32_t *cells(allostat_tally *self, allostat_counted series)
{
    return self->counted + (size_t)series * (size_t)self->cell_count;
}

void allostat_tally_add(allostat_tally *self, allostat_counted series,
                        const allostat_residents *residents, uint32_t person,
                        int32_t area, int32_t amount)
{
    cells(self, series)[cell_of(self, residents, person, area)] += amount;
}

static void add_at_home(allostat_tally *self, allostat_counted series,
                        const allostat_residents *residents, uint32_t person)
{
    allostat_tally_add(self, series, residents, person, residents->area[person], 1);
}

static void enter(allostat_tally *self, const allostat_residents *residents,
                  uint32_t person)
{
    self->entered++;
    allostat_census_change(&self->census, residents, person, 1);
}

void allostat_tally_found(allostat_tally *self, const allostat_residents *residents)
{
    for (size_t row = 0; row < residents->row_count; row++) {
        enter(self, residents, (uint32_t)row);
    }
}

void allostat_tally_entry(allostat_tally *self, const allostat_residents *residents,
                          uint32_t person)
{
    enter(self, residents, person);
    add_at_home(self, ALLOSTAT_COUNTED_arrivals, residents, person);
}

void allostat_tally_exit(allostat_tally *self, const allostat_residents *residents,
                         const allostat_users *users, uint32_t person,
                         allostat_resident_status status)
{
    allostat_census_change(&self->census, residents, person, -1);
    if (status == ALLOSTAT_RESIDENT_moved_out) {
        self->moved_out++;
        add_at_home(self, ALLOSTAT_COUNTED_departures, residents, person);
    } else {
        self->dead_other++;
        add_at_home(self, ALLOSTAT_COUNTED_deaths_other_causes, residents, person);
        allostat_tally_death(self, residents, users, person, NULL);
    }
}

void allostat_tally_overdose(allostat_tally *self, const allostat_overdose *overdose,
                             const allostat_residents *residents,
                             const allostat_users *users, int32_t row)
{
    const uint32_t person = users->person[row];
    const int newly_injured = overdose->injured && !users->brain_injury[row];
    const int32_t out = users->days_since_release[row];
    const int32_t treatment = users->treatment[row];
    const struct {
        allostat_counted series;
        int happened;
    } facts[] = {
        {ALLOSTAT_COUNTED_overdoses, 1},
        {ALLOSTAT_COUNTED_attended_overdoses, overdose->attended},
        {ALLOSTAT_COUNTED_reversed_overdoses, overdose->reversed},
        {ALLOSTAT_COUNTED_overdoses_alone, overdose->alone},
        {ALLOSTAT_COUNTED_overdoses_with_tie, overdose->with_tie},
        {ALLOSTAT_COUNTED_overdoses_spotted, overdose->spotted},
        {ALLOSTAT_COUNTED_overdose_deaths, overdose->fatal},
        {ALLOSTAT_COUNTED_overdose_deaths_alone, overdose->fatal && overdose->alone},
        {ALLOSTAT_COUNTED_overdose_deaths_on_oat,
         overdose->fatal && allostat_is_agonist(treatment)},
        {ALLOSTAT_COUNTED_overdose_deaths_on_naltrexone,
         overdose->fatal && treatment == ALLOSTAT_TREATMENT_naltrexone},
        {ALLOSTAT_COUNTED_overdose_deaths_on_safer_supply,
         overdose->fatal && users->safer_supply[row]},
        {ALLOSTAT_COUNTED_overdose_deaths_early,
         overdose->fatal && out > 0 && out <= ALLOSTAT_RELEASE_EARLY_DAYS},
        {ALLOSTAT_COUNTED_overdose_deaths_later,
         overdose->fatal && out > ALLOSTAT_RELEASE_EARLY_DAYS},
        {ALLOSTAT_COUNTED_brain_injuries, newly_injured},
    };

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        allostat_tally_add(self, facts[i].series, residents, person, overdose->area,
                           facts[i].happened);
    }
    self->placed[ALLOSTAT_PLACED_overdoses_by_place][overdose->place]++;
    self->placed[ALLOSTAT_PLACED_overdose_deaths_by_place][overdose->place] +=
        overdose->fatal;
    self->dead_overdose += overdose->fatal;
    self->city[ALLOSTAT_CITY_overdose_deaths_secure +
               allostat_style(residents->attachment_anxiety[person],
                              residents->attachment_avoidance[person])] +=
        overdose->fatal;
    allostat_census_change(&self->census, residents, person, -(int32_t)overdose->fatal);
    allostat_tally_group_overdose(self, overdose, residents, users, row);
    if (overdose->fatal) {
        allostat_tally_death(self, residents, users, person, overdose);
        allostat_tally_last_days(
            self, residents, users, (size_t)row,
            cell_of(self, residents, person, residents->area[person]));
        allostat_tally_bereavements(self, residents, users, person,
                                    ALLOSTAT_RESIDENT_dead_overdose);
    }
}

void allostat_tally_bereavements(allostat_tally *self,
                                 const allostat_residents *residents,
                                 const allostat_users *users, uint32_t person,
                                 allostat_resident_status how)
{
    uint32_t partner[ALLOSTAT_PARTNERS_MAX];
    const bool overdose = how == ALLOSTAT_RESIDENT_dead_overdose;

    if (!overdose && how != ALLOSTAT_RESIDENT_dead_other) return;
    const int32_t count = allostat_ties_partners(residents, users, person, partner);
    for (int32_t i = 0; i < count; i++) {
        add_at_home(self,
                    overdose ? ALLOSTAT_COUNTED_bereavements_overdose
                             : ALLOSTAT_COUNTED_bereavements_other,
                    residents, partner[i]);
    }
}

/* How a user lives: ties to others who use, and the home. */
static void count_user_life(allostat_tally *self, const allostat_residents *residents,
                            const allostat_users *users, size_t row, size_t cell)
{
    const uint8_t housing = residents->housing[users->person[row]];
    const int street = !users->rx_only[row];

    cells(self, ALLOSTAT_COUNTED_using_tie_ends)[cell] +=
        allostat_slots_filled(users->using_ties[row].slot, ALLOSTAT_USING_SLOTS);
    cells(self, ALLOSTAT_COUNTED_users_unstable)[cell] +=
        street & (housing == ALLOSTAT_HOUSING_unstable);
    cells(self, ALLOSTAT_COUNTED_users_homeless)[cell] +=
        street & (housing == ALLOSTAT_HOUSING_homeless);
    cells(self, ALLOSTAT_COUNTED_residents_with_peers)[cell] -=
        residents->peers[users->person[row]] > 0;
}

/* Opioid use disorder, and what opioids do to hormones. */
static void count_disorder(allostat_tally *self, const allostat_users *users,
                           size_t row, size_t cell)
{
    const int32_t severity = users->oud_severity[row];

    cells(self, ALLOSTAT_COUNTED_people_with_oud_mild)[cell] +=
        severity == ALLOSTAT_OUD_mild;
    cells(self, ALLOSTAT_COUNTED_people_with_oud_moderate)[cell] +=
        severity == ALLOSTAT_OUD_moderate;
    cells(self, ALLOSTAT_COUNTED_people_with_oud_severe)[cell] +=
        severity == ALLOSTAT_OUD_severe;
    cells(self, ALLOSTAT_COUNTED_patients_with_oud)[cell] +=
        users->rx_only[row] && severity != ALLOSTAT_OUD_none;
    cells(self, ALLOSTAT_COUNTED_men_with_hypogonadism)[cell] +=
        users->hypogonadism[row];
}

/* Stocks of a present user's row, all by area of residence. */
static void count_user_stocks(allostat_tally *self, const allostat_users *users,
                              size_t row, size_t cell)
{
    cells(self, ALLOSTAT_COUNTED_users)[cell]++;
    cells(self, ALLOSTAT_COUNTED_active_users)[cell] += users->active[row];
    cells(self, ALLOSTAT_COUNTED_oat_waiting)[cell] += users->waiting_since[row] != 0;
    cells(self, ALLOSTAT_COUNTED_kits_held)[cell] += users->kits[row];
    cells(self, ALLOSTAT_COUNTED_people_in_detox)[cell] +=
        users->institution[row] == ALLOSTAT_INSTITUTION_detox;
    cells(self, ALLOSTAT_COUNTED_people_in_custody)[cell] +=
        users->institution[row] == ALLOSTAT_INSTITUTION_custody;
    cells(self, ALLOSTAT_COUNTED_detox_waiting)[cell] +=
        users->detox_waiting_since[row] != 0;
}

/* One column of a block into the cells of its series; the rows begin again at zero.
 * Most columns are zero for most rows: sixteen at a time are passed over. */
static void gather(int32_t *restrict sums, int32_t *restrict column,
                   const size_t *restrict cell, size_t count)
{
    enum { TOGETHER = 16 };

    for (size_t first = 0; first < count; first += TOGETHER) {
        const size_t left = count - first;
        const size_t end = first + (left < TOGETHER ? left : TOGETHER);
        int32_t any = 0;

        for (size_t i = first; i < end; i++) any |= column[i];
        if (any == 0) continue;
        for (size_t i = first; i < end; i++) {
            sums[cell[i]] += column[i];
            column[i] = 0;
        }
    }
}

static int64_t sum_of(const int32_t *column, size_t count)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++) sum += column[i];
    return sum;
}

/* What the rows of a block have gathered this month goes into the month. */
static void gather_user_flows(allostat_tally *self, allostat_users *users, size_t first,
                              size_t count, const size_t *cell)
{
    self->kits_handed += sum_of(users->kits_handed_month + first, count);
    self->kits_lost += sum_of(users->kits_lost_month + first, count);
    self->kits_used += sum_of(users->kits_used_month + first, count);
    self->kits_gone += sum_of(users->kits_gone_month + first, count);
#define GATHER(series, column) \
    gather(cells(self, ALLOSTAT_COUNTED_##series), users->column + first, cell, count)
    GATHER(lapses, lapses_month);
    GATHER(cessations, cessations_month);
    GATHER(site_visits, visits_month);
    GATHER(oat_clients, oat_month);
    GATHER(releases, releases_month);
    GATHER(release_days_early, early_days_month);
    GATHER(release_days_later, later_days_month);
    GATHER(oat_days, oat_days_month);
    GATHER(off_oat_days, off_oat_days_month);
    GATHER(oat_starts, oat_starts_month);
    GATHER(oat_stops, oat_stops_month);
    GATHER(kits_handed_out, kits_handed_month);
    GATHER(kits_lost, kits_lost_month);
    GATHER(kits_used, kits_used_month);
    GATHER(kits_gone, kits_gone_month);
    GATHER(therapy_starts, therapy_starts_month);
    GATHER(therapy_completed, therapy_completed_month);
    GATHER(therapy_left, therapy_left_month);
#undef GATHER
}

/* People who leave before the year's end are counted when they leave, the others in
 * December. */
static void gather_year(allostat_tally *self, allostat_users *users, size_t row)
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

/* What is counted on the last day of a month, by every thread a part of it. */
typedef struct {
    const allostat_residents *residents;
    allostat_users *users;
    bool year_ends;
    int32_t days; /* of the month */
} counting;

/* Rows of users of a block, whose cells are known. */
static void count_user_block(allostat_tally *self, const counting *all, size_t first,
                             size_t count, const size_t *cells_of_rows)
{
    const allostat_residents *residents = all->residents;
    allostat_users *users = all->users;
    int32_t *doses = cells(self, ALLOSTAT_COUNTED_doses);

    for (size_t i = 0; i < count; i++) {
        const size_t row = first + i, cell = cells_of_rows[i];

        if (users->present[row]) {
            count_user_stocks(self, users, row, cell);
            count_user_life(self, residents, users, row, cell);
            count_disorder(self, users, row, cell);
            allostat_tally_therapies(self, users, row, cell);
            allostat_tally_treatments(self, users, row, cell);
            allostat_tally_month_days(self, residents, users, row,
                                      (allostat_cell_days){cell, all->days});
        }
        users->overdosed_month[row] = 0;
        /* Kept for the sites, which plan the next month by this month's doses. */
        doses[cell] += users->doses_month[row];
        allostat_tally_treatment_flows(self, users, row, cell);
        if (all->year_ends || !users->present[row]) gather_year(self, users, row);
    }
    gather_user_flows(self, users, first, count, cells_of_rows);
}

/* Cells are found first, for a block: residents' rows lie apart, and so they need not
 * wait for each other. */
static void count_users(allostat_tally *self, const counting *all, size_t from,
                        size_t end)
{
    enum { BLOCK = 1024 };
    const allostat_residents *residents = all->residents;
    size_t cell[BLOCK];

    for (size_t first = from; first < end; first += BLOCK) {
        const size_t left = end - first;
        const size_t count = left < BLOCK ? left : BLOCK;

        for (size_t i = 0; i < count; i++) {
            const uint32_t person = all->users->person[first + i];
            cell[i] = cell_of(self, residents, person, residents->area[person]);
        }
        count_user_block(self, all, first, count, cell);
    }
}

static void count_part_of_lives(void *context, allostat_tally *books, size_t part,
                                size_t parts)
{
    const counting *all = context;
    const size_t rows = all->residents->row_count;

    allostat_tally_lives(books, all->residents,
                         allostat_share_first_row(rows, part, parts),
                         allostat_share_first_row(rows, part + 1, parts));
}

static void count_part_of_users(void *context, allostat_tally *books, size_t part,
                                size_t parts)
{
    const counting *all = context;
    const size_t rows = all->users->row_count;

    count_users(books, all, allostat_share_first_row(rows, part, parts),
                allostat_share_first_row(rows, part + 1, parts));
}

static void store_month(const allostat_tally *self, allostat_records *records,
                        int32_t m)
{
    const size_t width = (size_t)self->cell_count;

    for (size_t s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        memcpy(records->counted[s] + (size_t)m * width, self->counted + s * width,
               width * sizeof *self->counted);
    }
    for (size_t s = 0; s < ALLOSTAT_PLACED_COUNT; s++) {
        memcpy(records->placed[s] + m * ALLOSTAT_PLACE_COUNT, self->placed[s],
               sizeof self->placed[s]);
    }
    for (size_t s = 0; s < ALLOSTAT_CITY_COUNT; s++)
        records->city[s][m] = self->city[s];
    for (size_t s = 0; s < ALLOSTAT_GROUPED_COUNT; s++) {
        memcpy(records->grouped[s] + m * ALLOSTAT_GROUP_COUNT, self->grouped[s],
               sizeof self->grouped[s]);
    }
}

static void end_year(allostat_tally *self, allostat_records *records, int32_t year)
{
    const int32_t y = year - records->first_year;

    if (y >= 0 && y < records->year_count) {
        for (size_t s = 0; s < ALLOSTAT_YEARLY_COUNT; s++) {
            records->yearly[s][y] = self->yearly[s];
        }
    }
    memset(self->yearly, 0, sizeof self->yearly);
}

static void clear_month(allostat_tally *self)
{
    memset(self->counted, 0,
           (size_t)ALLOSTAT_COUNTED_COUNT * (size_t)self->cell_count *
               sizeof *self->counted);
    memset(self->placed, 0, sizeof self->placed);
    memset(self->city, 0, sizeof self->city);
    memset(self->grouped, 0, sizeof self->grouped);
    self->death_count = 0;
}

allostat_status allostat_tally_month_end(allostat_tally *self,
                                         const allostat_residents *residents,
                                         allostat_users *users,
                                         allostat_records *records,
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_month month = self->month;
    const int32_t m = month - records->first_month;
    const bool december = month % ALLOSTAT_MONTHS_A_YEAR == ALLOSTAT_MONTHS_A_YEAR - 1;
    /* A run that ends within a year leaves what it knows of that year. */
    const bool year_ends = december || m == records->month_count - 1;
    counting all = {residents, users, year_ends, allostat_month_day_count(month)};

    allostat_census_count(&self->census, month,
                          cells(self, ALLOSTAT_COUNTED_residents));
    ALLOSTAT_TRY(allostat_tally_share(self, count_part_of_lives, &all, error));
    allostat_tally_residents_days(self);
    ALLOSTAT_TRY(allostat_tally_share(self, count_part_of_users, &all, error));
    ALLOSTAT_TRY(allostat_tally_keep_deaths(self, records, error));
    if (m >= 0 && m < records->month_count) {
        store_month(self, records, m);
        allostat_state_summary(users, records, m);
    }
    if (year_ends) end_year(self, records, month / ALLOSTAT_MONTHS_A_YEAR);
    clear_month(self);
cleanup:
    return status;
}
