#include "engine/tally.h"

#include "base/columns.h"
#include "engine/state_summary.h"

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
    memset(self, 0, sizeof *self);
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
                         uint32_t person, allostat_resident_status status)
{
    allostat_census_change(&self->census, residents, person, -1);
    if (status == ALLOSTAT_RESIDENT_moved_out) {
        self->moved_out++;
        add_at_home(self, ALLOSTAT_COUNTED_departures, residents, person);
    } else {
        self->dead_other++;
        add_at_home(self, ALLOSTAT_COUNTED_deaths_other_causes, residents, person);
    }
}

void allostat_tally_overdose(allostat_tally *self, const allostat_overdose *overdose,
                             const allostat_residents *residents,
                             const allostat_users *users, int32_t row)
{
    const uint32_t person = users->person[row];
    const int newly_injured = overdose->injured && !users->brain_injury[row];
    const struct {
        allostat_counted series;
        int happened;
    } facts[] = {
        {ALLOSTAT_COUNTED_overdoses, 1},
        {ALLOSTAT_COUNTED_attended_overdoses, overdose->attended},
        {ALLOSTAT_COUNTED_reversed_overdoses, overdose->reversed},
        {ALLOSTAT_COUNTED_overdoses_alone, overdose->alone},
        {ALLOSTAT_COUNTED_overdose_deaths, overdose->fatal},
        {ALLOSTAT_COUNTED_overdose_deaths_alone, overdose->fatal && overdose->alone},
        {ALLOSTAT_COUNTED_overdose_deaths_on_oat,
         overdose->fatal && users->treatment[row]},
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
    allostat_census_change(&self->census, residents, users->person[row],
                           -(int32_t)overdose->fatal);
}

/* Stocks of a user's row, all by area of residence. */
static void count_user_stocks(allostat_tally *self, const allostat_users *users,
                              size_t row, size_t cell)
{
    const int32_t treatment = users->treatment[row];

    if (!users->present[row]) return;
    cells(self, ALLOSTAT_COUNTED_users)[cell]++;
    cells(self, ALLOSTAT_COUNTED_active_users)[cell] += users->active[row];
    cells(self, ALLOSTAT_COUNTED_people_in_methadone)[cell] +=
        treatment == ALLOSTAT_TREATMENT_methadone;
    cells(self, ALLOSTAT_COUNTED_people_in_buprenorphine)[cell] +=
        treatment == ALLOSTAT_TREATMENT_buprenorphine;
    cells(self, ALLOSTAT_COUNTED_oat_waiting)[cell] += users->waiting_since[row] != 0;
    cells(self, ALLOSTAT_COUNTED_kits_held)[cell] += users->kits[row];
}

/* What the rows have gathered this month goes into the month; the rows begin again at
 * zero. */
static void gather_user_flows(allostat_tally *self, allostat_users *users, size_t row,
                              size_t cell)
{
    self->kits_handed += users->kits_handed_month[row];
    self->kits_lost += users->kits_lost_month[row];
    self->kits_used += users->kits_used_month[row];
    self->kits_gone += users->kits_gone_month[row];
#define GATHER(series, column)                                          \
    cells(self, ALLOSTAT_COUNTED_##series)[cell] += users->column[row]; \
    users->column[row] = 0
    GATHER(lapses, lapses_month);
    GATHER(cessations, cessations_month);
    GATHER(site_visits, visits_month);
    GATHER(oat_clients, oat_month);
    GATHER(oat_starts, oat_starts_month);
    GATHER(oat_stops, oat_stops_month);
    GATHER(kits_handed_out, kits_handed_month);
    GATHER(kits_lost, kits_lost_month);
    GATHER(kits_used, kits_used_month);
    GATHER(kits_gone, kits_gone_month);
#undef GATHER
    /* Kept for the sites, which plan the next month by this month's doses. */
    cells(self, ALLOSTAT_COUNTED_doses)[cell] += users->doses_month[row];
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

void allostat_tally_month_end(allostat_tally *self, const allostat_residents *residents,
                              allostat_users *users, allostat_records *records)
{
    const allostat_month month = self->month;
    const int32_t m = month - records->first_month;
    const bool december = month % ALLOSTAT_MONTHS_A_YEAR == ALLOSTAT_MONTHS_A_YEAR - 1;
    /* A run that ends within a year leaves what it knows of that year. */
    const bool year_ends = december || m == records->month_count - 1;

    allostat_census_count(&self->census, month,
                          cells(self, ALLOSTAT_COUNTED_residents));
    for (size_t row = 0; row < users->row_count; row++) {
        const uint32_t person = users->person[row];
        const size_t cell = cell_of(self, residents, person, residents->area[person]);

        count_user_stocks(self, users, row, cell);
        gather_user_flows(self, users, row, cell);
        if (year_ends || !users->present[row]) gather_year(self, users, row);
    }
    if (m >= 0 && m < records->month_count) {
        store_month(self, records, m);
        allostat_state_summary(users, records, m);
    }
    if (year_ends) end_year(self, records, month / ALLOSTAT_MONTHS_A_YEAR);
    memset(self->counted, 0,
           (size_t)ALLOSTAT_COUNTED_COUNT * (size_t)self->cell_count *
               sizeof *self->counted);
    memset(self->placed, 0, sizeof self->placed);
    memset(self->city, 0, sizeof self->city);
}
