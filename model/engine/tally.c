#include "engine/tally.h"

#include "base/columns.h"
#include "base/share.h"
#include "engine/state_summary.h"
#include "engine/tally_parts.h"
#include "engine/tally_share.h"
#include "people/person_days.h"
#include "people/ties_leave.h"
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

void allostat_tally_add(allostat_tally *self, allostat_counted series,
                        const allostat_residents *residents, uint32_t person,
                        int32_t area, int32_t amount)
{
    allostat_tally_cells(
        self, series)[allostat_tally_cell(self, residents, person, area)] += amount;
}

static void add_at_home(allostat_tally *self, allostat_counted series,
                        const allostat_residents *residents, uint32_t person)
{
    allostat_tally_add(self, series, residents, person, residents->area[person], 1);
}

void allostat_tally_found(allostat_tally *self, const allostat_residents *residents)
{
    self->entered += (int64_t)residents->row_count;
    allostat_census_found(&self->census, residents);
}

void allostat_tally_entry(allostat_tally *self, const allostat_residents *residents,
                          uint32_t person)
{
    self->entered++;
    allostat_census_change(&self->census, residents, person, 1);
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
        allostat_tally_death(self, residents, users, residents->user_row[person],
                             person, NULL);
    }
}

/* A fact of an event, and the series that counts it. */
typedef struct {
    allostat_counted series;
    bool happened;
} fact;

static void add_facts(allostat_tally *self, const fact *facts, size_t count,
                      size_t cell)
{
    for (size_t i = 0; i < count; i++)
        allostat_tally_cells(self, facts[i].series)[cell] += facts[i].happened;
}

/* What the person who dies was and had. */
static void count_death_facts(allostat_tally *self, const allostat_overdose *overdose,
                              const allostat_users *users, int32_t row, size_t cell)
{
    const int32_t out = allostat_days_since(users->released_on[row], self->day);
    const int32_t treatment = users->treatment[row];
    const fact facts[] = {
        {ALLOSTAT_COUNTED_overdose_deaths, true},
        {ALLOSTAT_COUNTED_overdose_deaths_alone, overdose->alone},
        {ALLOSTAT_COUNTED_overdose_deaths_on_oat, allostat_is_agonist(treatment)},
        {ALLOSTAT_COUNTED_overdose_deaths_on_naltrexone,
         treatment == ALLOSTAT_TREATMENT_naltrexone},
        {ALLOSTAT_COUNTED_overdose_deaths_on_safer_supply, users->safer_supply[row]},
        {ALLOSTAT_COUNTED_overdose_deaths_early,
         out > 0 && out <= ALLOSTAT_RELEASE_EARLY_DAYS},
        {ALLOSTAT_COUNTED_overdose_deaths_later, out > ALLOSTAT_RELEASE_EARLY_DAYS},
    };

    add_facts(self, facts, sizeof facts / sizeof facts[0], cell);
}

static void count_death(allostat_tally *self, const allostat_overdose *overdose,
                        const allostat_scene *scene, int32_t row, size_t cell)
{
    const allostat_residents *residents = scene->residents;
    const allostat_users *users = scene->users;
    const uint32_t person = users->person[row];
    const int32_t who = allostat_scene_who(scene, row);

    count_death_facts(self, overdose, users, row, cell);
    self->placed[ALLOSTAT_PLACED_overdose_deaths_by_place][overdose->place]++;
    self->dead_overdose++;
    self->city[ALLOSTAT_CITY_overdose_deaths_secure + allostat_who_style(who)]++;
    allostat_census_change(&self->census, residents, person, -1);
    allostat_tally_death(self, residents, users, row, person, overdose);
    allostat_tally_last_days(self, residents, users, (size_t)row,
                             allostat_tally_cell_of(self, who, allostat_who_area(who)));
    allostat_tally_bereavements(self, residents, scene->whereabouts->users, person,
                                ALLOSTAT_RESIDENT_dead_overdose);
}

allostat_overdosed allostat_tally_overdosed(const allostat_tally *self,
                                            const allostat_scene *scene, int32_t row)
{
    const allostat_users *users = scene->users;

    return (allostat_overdosed){
        .who = allostat_scene_who(scene, row),
        .ptsd = users->ptsd_severity[row] >= self->ptsd_threshold,
        .brain_injury = users->brain_injury[row] != 0,
    };
}

void allostat_tally_overdose_of(allostat_tally *self, const allostat_overdose *overdose,
                                const allostat_overdosed *person)
{
    const fact facts[] = {
        {ALLOSTAT_COUNTED_overdoses, true},
        {ALLOSTAT_COUNTED_attended_overdoses, overdose->attended},
        {ALLOSTAT_COUNTED_reversed_overdoses, overdose->reversed},
        {ALLOSTAT_COUNTED_overdoses_alone, overdose->alone},
        {ALLOSTAT_COUNTED_overdoses_with_tie, overdose->with_tie},
        {ALLOSTAT_COUNTED_overdoses_spotted, overdose->spotted},
        {ALLOSTAT_COUNTED_brain_injuries, overdose->injured && !person->brain_injury},
    };

    add_facts(self, facts, sizeof facts / sizeof facts[0],
              allostat_tally_cell_of(self, person->who, overdose->area));
    self->placed[ALLOSTAT_PLACED_overdoses_by_place][overdose->place]++;
    allostat_tally_group_overdose(self, overdose, person->who, person->ptsd);
}

void allostat_tally_overdose(allostat_tally *self, const allostat_overdose *overdose,
                             const allostat_scene *scene, int32_t row)
{
    const allostat_overdosed person = allostat_tally_overdosed(self, scene, row);

    allostat_tally_overdose_of(self, overdose, &person);
    if (overdose->fatal)
        count_death(self, overdose, scene, row,
                    allostat_tally_cell_of(self, person.who, overdose->area));
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
        if (allostat_left_before(residents, partner[i], person)) continue;
        add_at_home(self,
                    overdose ? ALLOSTAT_COUNTED_bereavements_overdose
                             : ALLOSTAT_COUNTED_bereavements_other,
                    residents, partner[i]);
    }
}

/* What is counted on the last day of a month, by every thread a part of it. */
typedef struct {
    const allostat_residents *residents;
    allostat_users *users;
    allostat_user_counts wanted;
    size_t next_residents, next_users; /* that no thread has taken */
} counting;

static void count_part(void *context, allostat_tally *books, size_t part, size_t parts)
{
    counting *all = context;

    (void)part, (void)parts;
    if (all->wanted.stocks)
        allostat_tally_lives(books, all->residents, &all->next_residents);
    allostat_tally_users(books, all->residents, all->users, &all->next_users,
                         all->wanted);
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

/* The last of a month that is recorded: one thread closes its books while the others
 * sum up the state of users. */
typedef struct {
    allostat_tally *tally;
    const allostat_users *users;
    allostat_records *records;
    int32_t m;
} closing;

static void close_books(const closing *self)
{
    allostat_tally *tally = self->tally;

    allostat_census_count(&tally->census, tally->month,
                          allostat_tally_cells(tally, ALLOSTAT_COUNTED_residents));
    allostat_tally_residents_days(tally);
    store_month(tally, self->records, self->m);
}

static void close_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const closing *self = context;

    (void)unused_first, (void)unused;
    if (piece == 0)
        close_books(self);
    else
        allostat_state_record(self->users, self->records, self->m, (int32_t)piece - 1);
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
    const bool recorded = m >= 0 && m < records->month_count;
    counting all = {
        residents, users, {.stocks = recorded, .year_ends = year_ends}, 0, 0};

    ALLOSTAT_TRY(allostat_tally_share(self, count_part, &all, error));
    ALLOSTAT_TRY(allostat_tally_keep_deaths(self, records, error));
    if (recorded) {
        closing last = {self, users, records, m};

        allostat_share_pieces(users->share, 1 + ALLOSTAT_AVERAGED_COUNT, close_piece,
                              &last);
    }
    if (year_ends) end_year(self, records, month / ALLOSTAT_MONTHS_A_YEAR);
    clear_month(self);
cleanup:
    return status;
}
