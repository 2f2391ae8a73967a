#include "defaults.h"

#include "engine/blocks.h"
#include "engine/state_summary.h"
#include "engine/tally_share.h"

enum { PEOPLE = 40, AREAS = 2 };

typedef struct {
    allostat_epoch epoch;
    allostat_scenario scenario;
    allostat_residents residents;
    allostat_users users;
    allostat_tally tally;
    allostat_records records;
} books;

static allostat_day day_of(const char *text)
{
    allostat_day day = 0;

    assert_true(allostat_day_parse(text, &day));
    return day;
}

static void books_init(books *self, void **state, const char *end)
{
    allostat_error error = {0};

    self->epoch = (allostat_epoch){.params = defaults_copy(state)};
    self->epoch.params.run_output_start = day_of("2015-10-01");
    self->epoch.params.run_end = day_of(end);
    self->epoch.params.geography_areas.count = AREAS;
    self->scenario = (allostat_scenario){.epoch_count = 1, .epochs = &self->epoch};
    tables_of_users(&self->residents, &self->users, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        self->residents.area[i] = i % 2;
        self->residents.sex[i] = i % 4 >= 2;
        self->residents.birth_month[i] = (int16_t)(12 * (2015 - 20 - (int32_t)i));
        self->users.who[i] = allostat_who_of(&self->residents, (uint32_t)i);
    }
    assert_int_equal(allostat_tally_init(&self->tally, AREAS, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_records_init(&self->records, &self->scenario, &error),
                     ALLOSTAT_OK);
    allostat_tally_month_begin(
        &self->tally, allostat_month_of_day(day_of("2015-10-01")), &self->epoch.params);
    allostat_tally_found(&self->tally, &self->residents);
}

static void leave(books *self, uint32_t person)
{
    allostat_tally_exit(&self->tally, &self->residents, &self->users, person,
                        ALLOSTAT_RESIDENT_moved_out);
    self->residents.status[person] = ALLOSTAT_RESIDENT_moved_out;
    self->users.present[person] = 0;
}

static void books_free(books *self)
{
    allostat_tally_free(&self->tally);
    allostat_records_free(&self->records);
    tables_free(&self->residents, &self->users);
}

static void end_month(books *self)
{
    allostat_error error = {0};

    assert_int_equal(allostat_tally_month_end(&self->tally, &self->residents,
                                              &self->users, &self->records, &error),
                     ALLOSTAT_OK);
    allostat_tally_month_begin(&self->tally, self->tally.month + 1,
                               &self->epoch.params);
}

static int64_t sum(const books *self, allostat_counted series, int32_t month)
{
    const int32_t cells = allostat_records_cells(&self->records);
    int64_t total = 0;

    for (int32_t c = 0; c < cells; c++)
        total += self->records.counted[series][month * cells + c];
    return total;
}

static void an_amount_goes_to_the_cell_of_area_sex_and_age(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    /* person 6: a man of 26 (group 1), here in area 1 that is not home */
    allostat_tally_add(&self.tally, ALLOSTAT_COUNTED_doses, &self.residents, 6, 1, 5);
    end_month(&self);
    const int32_t cell = (1 * ALLOSTAT_SEX_COUNT + 1) * ALLOSTAT_AGE_GROUP_COUNT + 1;
    assert_int_equal(self.records.counted[ALLOSTAT_COUNTED_doses][cell], 5);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_doses, 0), 5);
    end_month(&self);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_doses, 1), 0);
    books_free(&self);
}

static void tally_overdose(books *self, const allostat_overdose *overdose, int32_t row)
{
    const allostat_whereabouts now = {.users = &self->users};
    const allostat_scene scene = {
        .residents = &self->residents, .users = &self->users, .whereabouts = &now};

    allostat_tally_overdose(&self->tally, overdose, &scene, row);
}

static void an_overdose_is_counted_with_all_that_came_of_it(void **state)
{
    static books self;
    const allostat_overdose fatal = {.area = 1,
                                     .place = ALLOSTAT_PLACE_public_place,
                                     .alone = true,
                                     .fatal = true,
                                     .kit_row = -1};
    const allostat_overdose reversed = {.place = ALLOSTAT_PLACE_private_home,
                                        .attended = true,
                                        .reversed = true,
                                        .injured = true,
                                        .kit_row = 3};

    books_init(&self, state, "2015-12-31");
    self.users.treatment[0] = ALLOSTAT_TREATMENT_methadone;
    self.users.brain_injury[2] = 1;
    tally_overdose(&self, &fatal, 0);
    tally_overdose(&self, &reversed, 1);
    tally_overdose(&self, &reversed, 2);
    end_month(&self);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_overdoses, 0), 3);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_attended_overdoses, 0), 2);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_reversed_overdoses, 0), 2);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_overdoses_alone, 0), 1);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_overdose_deaths, 0), 1);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_overdose_deaths_alone, 0), 1);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_overdose_deaths_on_oat, 0), 1);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_brain_injuries, 0), 1); /* new ones */
    const int32_t *placed = self.records.placed[ALLOSTAT_PLACED_overdoses_by_place];
    assert_int_equal(placed[ALLOSTAT_PLACE_public_place], 1);
    assert_int_equal(placed[ALLOSTAT_PLACE_private_home], 2);
    assert_int_equal(self.tally.dead_overdose, 1);
    books_free(&self);
}

static void coming_and_going_is_kept_in_series_and_in_totals(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    allostat_tally_entry(&self.tally, &self.residents, 0);
    allostat_tally_entry(&self.tally, &self.residents, 1);
    allostat_tally_exit(&self.tally, &self.residents, &self.users, 0,
                        ALLOSTAT_RESIDENT_moved_out);
    allostat_tally_exit(&self.tally, &self.residents, &self.users, 1,
                        ALLOSTAT_RESIDENT_dead_other);
    end_month(&self);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_arrivals, 0), 2);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_departures, 0), 1);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_deaths_other_causes, 0), 1);
    assert_int_equal(self.tally.entered, PEOPLE + 2);
    assert_int_equal(self.tally.moved_out, 1);
    assert_int_equal(self.tally.dead_other, 1);
    books_free(&self);
}

static void rows_give_up_what_they_gathered_once(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    self.users.lapses_month[4] = 2;
    self.users.kits_handed_month[4] = 1;
    self.users.kits[4] = 1;
    self.users.oat_month[5] = 1;
    self.users.waiting_since[6] = 16000;
    leave(&self, 7);
    end_month(&self);
    end_month(&self);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_lapses, 0), 2);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_lapses, 1), 0);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_oat_clients, 0), 1);
    for (int32_t m = 0; m < 2; m++) {
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_kits_held, m), 1);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_oat_waiting, m), 1);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_users, m), PEOPLE - 1);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_residents, m), PEOPLE - 1);
    }
    assert_int_equal(self.tally.kits_handed, 1);
    books_free(&self);
}

/* One who left in October is counted then, the others in December. */
static void starts_and_years_of_treatment_are_kept_by_drug(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    int32_t *const *city = self.records.city;
    enum { MOVES = ALLOSTAT_PACKED_MOVES_BITS };
    const int32_t bup = allostat_packed_one(ALLOSTAT_TREATMENT_buprenorphine, MOVES);
    self.users.treatment_moves_month[2] =
        allostat_packed_one(ALLOSTAT_TREATMENT_methadone, MOVES) + 2 * bup +
        3 * (allostat_packed_one(ALLOSTAT_TREATMENT_naltrexone, MOVES)
             << ALLOSTAT_PACKED_STOPS_AT);
    self.users.treatment_moves_month[3] = bup;
    self.users.oat_year_month[4] = ALLOSTAT_TREATMENT_methadone;
    self.users.oat_year_month[5] = ALLOSTAT_TREATMENT_buprenorphine;
    self.users.oat_year_month[6] = ALLOSTAT_TREATMENT_buprenorphine;
    end_month(&self);
    end_month(&self);
    assert_int_equal(city[ALLOSTAT_CITY_methadone_starts][0], 1);
    assert_int_equal(city[ALLOSTAT_CITY_buprenorphine_starts][0], 3);
    assert_int_equal(city[ALLOSTAT_CITY_naltrexone_starts][0], 0);
    assert_int_equal(city[ALLOSTAT_CITY_naltrexone_stops][0], 3);
    assert_int_equal(city[ALLOSTAT_CITY_buprenorphine_stops][0], 0);
    assert_int_equal(city[ALLOSTAT_CITY_methadone_years_reached][0], 1);
    assert_int_equal(city[ALLOSTAT_CITY_buprenorphine_years_reached][0], 2);
    assert_int_equal(city[ALLOSTAT_CITY_methadone_starts][1] +
                         city[ALLOSTAT_CITY_buprenorphine_starts][1] +
                         city[ALLOSTAT_CITY_methadone_years_reached][1] +
                         city[ALLOSTAT_CITY_buprenorphine_years_reached][1],
                     0);
    books_free(&self);
}

static void days_in_treatment_and_of_safer_supply_are_kept_apart(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    enum { DAYS = ALLOSTAT_PACKED_DAYS_BITS };
    self.users.treatment_days_month[1] =
        31 * allostat_packed_one(ALLOSTAT_TREATMENT_naltrexone, DAYS) +
        (31 << ALLOSTAT_PACKED_SAFER_AT);
    self.users.treatment_days_month[2] =
        12 * allostat_packed_one(ALLOSTAT_TREATMENT_ioat, DAYS) +
        19 * allostat_packed_one(ALLOSTAT_TREATMENT_methadone, DAYS);
    self.users.supplied_month[1] = 40.6f;
    self.users.safer_supply[1] = 1;
    self.users.ioat_waiting_since[2] = 16000;
    self.users.safer_waiting_since[3] = 16000;
    self.users.treatment[2] = ALLOSTAT_TREATMENT_srom;
    end_month(&self);
    end_month(&self);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_naltrexone, 0), 31);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_safer_supply, 0), 31);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_safer_supply_doses, 0), 41);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_ioat, 0), 12);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_methadone, 0), 19);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_srom, 0), 0);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_buprenorphine, 0), 0);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_naltrexone, 1), 0);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_safer_supply_doses, 1), 0);
    for (int32_t m = 0; m < 2; m++) {
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_people_in_safer_supply, m), 1);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_people_in_srom, m), 1);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_people_in_ioat, m), 0);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_ioat_waiting, m), 1);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_safer_supply_waiting, m), 1);
    }
    books_free(&self);
}

static void people_behind_the_overdoses_are_counted_once_a_year(void **state)
{
    static books self;
    int32_t *const *yearly = self.records.yearly;

    books_init(&self, state, "2016-12-31");
    for (size_t i = 0; i < 10; i++) self.users.overdoses_year[i] = 1;
    self.users.overdoses_year[0] = 3;
    self.users.active_year[9] = 1;
    leave(&self, 1);
    for (int32_t m = 0; m < 15; m++) end_month(&self);
    assert_int_equal(yearly[ALLOSTAT_YEARLY_people_with_overdose][0], 10);
    assert_int_equal(yearly[ALLOSTAT_YEARLY_people_with_repeat_overdose][0], 1);
    assert_int_equal(yearly[ALLOSTAT_YEARLY_overdoses_of_year][0], 12);
    assert_int_equal(yearly[ALLOSTAT_YEARLY_most_overdoses_of_one_person][0], 3);
    assert_int_equal(yearly[ALLOSTAT_YEARLY_people_ever_active][0], 1);
    for (int32_t s = 0; s < ALLOSTAT_YEARLY_COUNT; s++)
        assert_int_equal(yearly[s][1], 0);
    books_free(&self);
}

static void a_run_that_ends_within_a_year_leaves_what_it_knows_of_it(void **state)
{
    static books self;

    books_init(&self, state, "2016-02-29");
    for (int32_t m = 0; m < 3; m++) end_month(&self);
    self.users.overdoses_year[5] = 2;
    for (int32_t m = 3; m < 5; m++) end_month(&self);
    assert_int_equal(self.records.year_count, 2);
    assert_int_equal(self.records.yearly[ALLOSTAT_YEARLY_overdoses_of_year][0], 0);
    assert_int_equal(self.records.yearly[ALLOSTAT_YEARLY_overdoses_of_year][1], 2);
    books_free(&self);
}

static void months_outside_the_window_leave_only_their_deaths(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    self.tally.month--;
    allostat_tally_add(&self.tally, ALLOSTAT_COUNTED_doses, &self.residents, 0, 0, 5);
    allostat_tally_exit(&self.tally, &self.residents, &self.users, 0,
                        ALLOSTAT_RESIDENT_dead_other);
    end_month(&self);
    for (int32_t m = 0; m < 3; m++) {
        end_month(&self);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_doses, m), 0);
    }
    assert_int_equal(self.records.death_count, 1);
    books_free(&self);
}

static void means_and_quantiles_are_those_of_active_users(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    for (size_t i = 0; i < PEOPLE; i++) {
        self.users.active[i] = i < 20;
        self.users.tolerance[i] = i < 20 ? ((float)i + 0.5f) / 20.0f : 0.0f;
    }
    allostat_state_record(&self.users, &self.records, 1, ALLOSTAT_AVERAGED_tolerance);
    const double *quantile =
        self.records.quantile[ALLOSTAT_AVERAGED_tolerance] + ALLOSTAT_QUANTILE_COUNT;
    check_close(self.records.mean[ALLOSTAT_AVERAGED_tolerance][1], 0.5, 1e-6);
    check_close(quantile[0], 0.025, 0.001); /* the first of twenty */
    check_close(quantile[2], 0.475, 0.001);
    check_close(quantile[4], 0.925, 0.001);
    for (size_t i = 0; i < PEOPLE; i++) self.users.active[i] = 0;
    allostat_state_record(&self.users, &self.records, 2, ALLOSTAT_AVERAGED_tolerance);
    assert_true(isnan(self.records.mean[ALLOSTAT_AVERAGED_tolerance][2]));
    books_free(&self);
}

static const allostat_counted state_series[] = {
    ALLOSTAT_COUNTED_days_never_used,
    ALLOSTAT_COUNTED_days_active_injecting,
    ALLOSTAT_COUNTED_days_active_not_injecting,
    ALLOSTAT_COUNTED_days_on_methadone,
    ALLOSTAT_COUNTED_days_on_buprenorphine,
    ALLOSTAT_COUNTED_days_on_other_treatment,
    ALLOSTAT_COUNTED_days_abstinent,
    ALLOSTAT_COUNTED_days_in_institution};

static void die(books *self, uint32_t person, allostat_day day)
{
    const allostat_overdose fatal = {.area = 1,
                                     .place = ALLOSTAT_PLACE_public_place,
                                     .alone = true,
                                     .fatal = true,
                                     .kit_row = -1};

    self->tally.day = day;
    tally_overdose(self, &fatal, (int32_t)person);
    self->residents.status[person] = ALLOSTAT_RESIDENT_dead_overdose;
    self->users.present[person] = 0;
    self->users.active[person] = 0;
}

static void every_day_of_every_resident_is_in_one_state(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    for (size_t i = 0; i < 10; i++) self.users.active[i] = 1;
    for (size_t i = 0; i < 6; i++) self.users.injects[i] = 1;
    self.users.treatment[0] = ALLOSTAT_TREATMENT_methadone;
    self.users.treatment[1] = ALLOSTAT_TREATMENT_buprenorphine;
    self.users.institution[11] = 1;
    self.users.rx_only[12] = 1;
    die(&self, 2, day_of("2015-10-10"));
    end_month(&self);
    static const int32_t people[] = {1, 3, 4, 1, 1, 0, 28, 1};
    int64_t all = 0;
    for (size_t s = 0; s < sizeof people / sizeof people[0]; s++) {
        const int32_t last_days = s == 1 ? 10 : 0;
        assert_int_equal(sum(&self, state_series[s], 0), 31 * people[s] + last_days);
        all += sum(&self, state_series[s], 0);
    }
    assert_int_equal(all, 31 * (PEOPLE - 1) + 10);
    const int32_t *group = self.records.grouped[ALLOSTAT_GROUPED_user_days_by_group];
    assert_int_equal(group[ALLOSTAT_GROUP_secure], 31 * (PEOPLE - 2) + 10);
    assert_int_equal(group[ALLOSTAT_GROUP_fearful], 0);
    books_free(&self);
}

static void ptsd_injury_and_overdose_lie_over_the_states(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    self.users.ptsd_severity[0] = 1.0f;
    self.users.ptsd_severity[1] = 1.0f;
    self.users.brain_injury[1] = 1;
    self.users.overdosed_month[3] = 1;
    /* the stock of everybody with PTSD is counted before the month ends */
    allostat_tally_add(&self.tally, ALLOSTAT_COUNTED_people_with_ptsd, &self.residents,
                       0, 0, 1);
    die(&self, 1, day_of("2015-10-31"));
    end_month(&self);
    const int32_t *const *grouped = (const int32_t *const *)self.records.grouped;
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_with_ptsd, 0), 62);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_with_brain_injury, 0), 31);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_overdose_month, 0), 31);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_overdose_month, 1), 0);
    assert_int_equal(
        grouped[ALLOSTAT_GROUPED_days_with_ptsd_by_group][ALLOSTAT_GROUP_with_ptsd],
        62);
    assert_int_equal(
        grouped[ALLOSTAT_GROUPED_days_with_ptsd_by_group][ALLOSTAT_GROUP_no_ptsd], 0);
    assert_int_equal(
        grouped[ALLOSTAT_GROUPED_overdose_deaths_by_group][ALLOSTAT_GROUP_with_ptsd],
        1);
    end_month(&self);
    assert_int_equal(sum(&self, ALLOSTAT_COUNTED_days_in_overdose_month, 1), 0);
    books_free(&self);
}

static void everybody_is_in_one_group_of_each_dimension(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    self.residents.attachment_anxiety[1] = self.residents.attachment_avoidance[1] =
        9.0f;
    self.residents.ace_score[1] = 4;
    self.residents.ace_score[2] = 3;
    for (uint32_t row = 1; row <= 2; row++)
        self.users.who[row] = allostat_who_of(&self.residents, self.users.person[row]);
    end_month(&self);
    const int32_t *group = self.records.grouped[ALLOSTAT_GROUPED_user_days_by_group];
    assert_int_equal(group[ALLOSTAT_GROUP_secure], 31 * (PEOPLE - 1));
    assert_int_equal(group[ALLOSTAT_GROUP_fearful], 31);
    assert_int_equal(group[ALLOSTAT_GROUP_no_ptsd], 31 * PEOPLE);
    assert_int_equal(group[ALLOSTAT_GROUP_ace_none], 31 * (PEOPLE - 2));
    assert_int_equal(group[ALLOSTAT_GROUP_ace_some], 31);
    assert_int_equal(group[ALLOSTAT_GROUP_ace_many], 31);
    books_free(&self);
}

static void deaths_are_logged_by_day_and_by_person(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    self.residents.ace_score[9] = 7;
    self.users.treatment[9] = ALLOSTAT_TREATMENT_methadone;
    self.users.rx_only[20] = 1;
    allostat_tally_exit(&self.tally, &self.residents, &self.users, 20,
                        ALLOSTAT_RESIDENT_dead_other);
    allostat_tally_exit(&self.tally, &self.residents, &self.users, 4,
                        ALLOSTAT_RESIDENT_dead_other);
    allostat_tally_exit(&self.tally, &self.residents, &self.users, 3,
                        ALLOSTAT_RESIDENT_moved_out);
    die(&self, 9, day_of("2015-10-07"));
    end_month(&self);
    die(&self, 2, day_of("2015-11-02"));
    end_month(&self);
    static const uint32_t person[] = {4, 20, 9, 2};
    const allostat_death *death = self.records.death;
    assert_int_equal(self.records.death_count, 4);
    for (size_t i = 0; i < 4; i++) assert_int_equal(death[i].person, person[i]);
    assert_int_equal(death[0].day, day_of("2015-10-01"));
    assert_int_equal(death[0].used, 1);
    assert_int_equal(death[0].place, ALLOSTAT_DEATH_NO_PLACE);
    assert_int_equal(death[1].used, 0);
    assert_int_equal(death[2].overdose, 1);
    assert_int_equal(death[2].day, day_of("2015-10-07"));
    assert_int_equal(death[2].area, 1);
    assert_int_equal(death[2].ace_score, 7);
    assert_int_equal(death[2].treatment, ALLOSTAT_TREATMENT_methadone);
    assert_int_equal(death[2].place, ALLOSTAT_PLACE_public_place);
    assert_int_equal(death[2].alone, 1);
    assert_int_equal(death[2].age, 29);
    books_free(&self);
}

static void the_dead_of_a_day_are_in_order_of_numbers_of_any_size(void **state)
{
    static books self;

    books_init(&self, state, "2015-12-31");
    for (uint32_t i = 0; i < PEOPLE; i++) {
        self.residents.number[i] = i * 2654435761u; /* over the whole range */
        allostat_tally_exit(&self.tally, &self.residents, &self.users, i,
                            ALLOSTAT_RESIDENT_dead_other);
    }
    end_month(&self);
    for (int i = 1; i < PEOPLE; i++)
        assert_true(self.records.death[i].person > self.records.death[i - 1].person);
    books_free(&self);
}

static void the_log_grows_with_the_deaths_of_a_month(void **state)
{
    enum { DEATHS = 1000 };
    static books self;

    books_init(&self, state, "2015-12-31");
    for (int i = 0; i < DEATHS; i++) {
        self.tally.day = day_of("2015-10-01") + (i * 7) % 31;
        allostat_tally_exit(&self.tally, &self.residents, &self.users,
                            (uint32_t)(i % PEOPLE), ALLOSTAT_RESIDENT_dead_other);
    }
    end_month(&self);
    assert_int_equal(self.records.death_count, DEATHS);
    for (int i = 1; i < DEATHS; i++)
        assert_true(self.records.death[i].day >= self.records.death[i - 1].day);
    books_free(&self);
}

/* Everybody leaves, one dead, the next alive. */
static void leave_part(void *context, allostat_tally *part_books, size_t part,
                       size_t parts)
{
    const books *self = context;

    for (size_t i = part; i < PEOPLE; i += parts)
        allostat_tally_exit(part_books, &self->residents, &self->users, (uint32_t)i,
                            i % 2 == 0 ? ALLOSTAT_RESIDENT_dead_other
                                       : ALLOSTAT_RESIDENT_moved_out);
}

static void exits_are_counted_alike_by_any_number_of_threads(void **state)
{
    static books self;
    allostat_error error = {0};

    for (int32_t threads = 1; threads <= 3; threads++) {
        books_init(&self, state, "2015-12-31");
        self.tally.share = allostat_blocks_share(threads);
        assert_int_equal(allostat_tally_share(&self.tally, leave_part, &self, &error),
                         ALLOSTAT_OK);
        assert_int_equal(self.tally.census.adversity, 0);
        for (size_t c = 0; c < allostat_census_cells(&self.tally.census); c++)
            assert_int_equal(self.tally.census.people[c], 0);
        assert_int_equal(self.tally.entered, PEOPLE);
        assert_int_equal(self.tally.dead_other, PEOPLE / 2);
        assert_int_equal(self.tally.moved_out, PEOPLE / 2);
        end_month(&self);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_departures, 0), PEOPLE / 2);
        assert_int_equal(self.records.death_count, PEOPLE / 2);
        for (uint32_t i = 0; i < PEOPLE / 2; i++)
            assert_int_equal(self.records.death[i].person, 2 * i);
        books_free(&self);
    }
}

static void books_of_parts_forget_what_they_have_counted(void **state)
{
    static books self;
    allostat_error error = {0};

    books_init(&self, state, "2015-12-31");
    self.tally.share = allostat_blocks_share(3);
    for (int times = 1; times <= 2; times++) {
        assert_int_equal(allostat_tally_share(&self.tally, leave_part, &self, &error),
                         ALLOSTAT_OK);
        end_month(&self);
        assert_int_equal(sum(&self, ALLOSTAT_COUNTED_departures, times - 1),
                         PEOPLE / 2);
    }
    books_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_amount_goes_to_the_cell_of_area_sex_and_age),
        cmocka_unit_test(an_overdose_is_counted_with_all_that_came_of_it),
        cmocka_unit_test(coming_and_going_is_kept_in_series_and_in_totals),
        cmocka_unit_test(rows_give_up_what_they_gathered_once),
        cmocka_unit_test(starts_and_years_of_treatment_are_kept_by_drug),
        cmocka_unit_test(days_in_treatment_and_of_safer_supply_are_kept_apart),
        cmocka_unit_test(people_behind_the_overdoses_are_counted_once_a_year),
        cmocka_unit_test(a_run_that_ends_within_a_year_leaves_what_it_knows_of_it),
        cmocka_unit_test(months_outside_the_window_leave_only_their_deaths),
        cmocka_unit_test(every_day_of_every_resident_is_in_one_state),
        cmocka_unit_test(ptsd_injury_and_overdose_lie_over_the_states),
        cmocka_unit_test(everybody_is_in_one_group_of_each_dimension),
        cmocka_unit_test(deaths_are_logged_by_day_and_by_person),
        cmocka_unit_test(the_dead_of_a_day_are_in_order_of_numbers_of_any_size),
        cmocka_unit_test(the_log_grows_with_the_deaths_of_a_month),
        cmocka_unit_test(exits_are_counted_alike_by_any_number_of_threads),
        cmocka_unit_test(books_of_parts_forget_what_they_have_counted),
        cmocka_unit_test(means_and_quantiles_are_those_of_active_users),
    };
    return RUN_WITH_DEFAULTS("tally", tests);
}
