/* The last day of a month against a look at every row, one after the other, in a town
 * where everything that is counted happens to somebody. */
#include "defaults.h"

#include "care/institutions.h"
#include "engine/blocks.h"
#include "engine/tally.h"
#include "mind/regulation.h"
#include "opioid/dsm5.h"
#include "opioid/prescribing.h"
#include "people/homes.h"
#include "people/traits.h"

#include <string.h>

enum {
    PEOPLE = 9000,
    STREET = 1500, /* rows of users in front; the others are patients' */
    USERS = 3300,
    AREAS = 3,
    CELLS = AREAS * ALLOSTAT_SEX_COUNT * ALLOSTAT_AGE_GROUP_COUNT,
    DAYS = 31
};

typedef struct {
    allostat_epoch epoch;
    allostat_scenario scenario;
    allostat_residents residents;
    allostat_users users;
    allostat_tally tally;
    allostat_records records;
    uint32_t drawn;
    int32_t counted[ALLOSTAT_COUNTED_COUNT][CELLS]; /* slowly */
    int32_t grouped[ALLOSTAT_GROUPED_COUNT][ALLOSTAT_GROUP_COUNT];
    int32_t city[ALLOSTAT_CITY_COUNT];
} town;

/* The next number of a fixed row of them: 0 .. most. */
static int32_t any(town *self, int32_t most)
{
    self->drawn = self->drawn * 1664525u + 1013904223u;
    return (int32_t)((self->drawn >> 8) % (uint32_t)(most + 1));
}

/* 1 for one in `of` people. */
static int32_t rarely(town *self, int32_t of) { return any(self, of - 1) == 0; }

static void settle_resident(town *self, size_t i)
{
    allostat_residents *residents = &self->residents;

    residents->status[i] =
        rarely(self, 12) ? ALLOSTAT_RESIDENT_moved_out : ALLOSTAT_RESIDENT_present;
    residents->user_row[i] = -1;
    residents->area[i] = (uint8_t)any(self, AREAS - 1);
    residents->sex[i] = (uint8_t)any(self, 1);
    residents->birth_month[i] = (int16_t)(12 * 2015 + 9 - 180 - any(self, 1000));
    residents->support_count[i] = (uint8_t)any(self, ALLOSTAT_SUPPORT_SLOTS);
    residents->peers[i] = (uint8_t)(rarely(self, 5) * any(self, 3));
    residents->chronic_pain[i] = 0.5f * (float)rarely(self, 4);
    residents->ptsd_severity[i] = 0.01f * (float)any(self, 99);
    residents->housing[i] = (uint8_t)any(self, ALLOSTAT_HOUSING_homeless);
    residents->assistance[i] = (uint8_t)rarely(self, 3);
    residents->rx_dose[i] = (uint8_t)any(self, ALLOSTAT_RX_high);
    residents->rx_months[i] = (uint8_t)any(self, 2 * ALLOSTAT_RX_LONG_TERM);
    residents->attachment_anxiety[i] = 0.02f * (float)any(self, 99);
    residents->attachment_avoidance[i] = 0.02f * (float)any(self, 99);
    residents->ace_score[i] = (uint8_t)any(self, ALLOSTAT_ACE_MAX);
}

static void settle_user(town *self, size_t i)
{
    allostat_users *users = &self->users;
    const int32_t days = ALLOSTAT_PACKED_DAYS_BITS;

    users->oud_severity[i] = any(self, ALLOSTAT_OUD_SEVERITY_COUNT - 1);
    users->hypogonadism[i] = rarely(self, 4);
    users->rx_only[i] = i >= STREET;
    users->defence_state[i] = any(self, ALLOSTAT_DEFENCE_immobilised);
    if (users->rx_only[i]) return;
    users->active[i] = any(self, 1);
    users->injects[i] = any(self, 1);
    users->treatment[i] = rarely(self, 2) * any(self, ALLOSTAT_TREATMENT_COUNT - 1);
    users->institution[i] = rarely(self, 9) * any(self, ALLOSTAT_INSTITUTION_custody);
    users->ptsd_severity[i] = 0.01f * (float)any(self, 99);
    users->brain_injury[i] = rarely(self, 6);
    users->overdosed_month[i] = rarely(self, 20);
    users->safer_supply[i] = rarely(self, 10);
    users->waiting_since[i] = rarely(self, 5) * 16000;
    users->detox_waiting_since[i] = rarely(self, 30) * -16000;
    users->ioat_waiting_since[i] = rarely(self, 30) * 16000;
    users->safer_waiting_since[i] = rarely(self, 30) * 16000;
    users->kits[i] = rarely(self, 3) * any(self, 100);
    users->kits_used_month[i] = rarely(self, 200) * any(self, 90);
    users->lapses_month[i] = rarely(self, 50) * any(self, 100);
    users->oat_days_month[i] = any(self, DAYS);
    users->doses_month[i] = any(self, 400);
    users->treatment_days_month[i] = any(self, DAYS) | any(self, DAYS) << days |
                                     any(self, DAYS) << 4 * days |
                                     any(self, DAYS) << ALLOSTAT_PACKED_SAFER_AT;
    users->supplied_month[i] = 0.25f * (float)any(self, 300);
    users->courses[i].month[2] = rarely(self, 40);
    users->courses[i].waiting_since[5] = rarely(self, 40) * 16000;
    users->using_count[i] = any(self, ALLOSTAT_USING_SLOTS);
}

static void settle(town *self, void **state)
{
    allostat_error error = {0};
    size_t row = 0;

    memset(self, 0, sizeof *self);
    self->epoch.params = defaults_copy(state);
    allostat_params *params = &self->epoch.params;
    assert_true(allostat_day_parse("2015-10-01", &params->run_output_start));
    assert_true(allostat_day_parse("2015-10-31", &params->run_end));
    params->geography_areas.count = AREAS;
    self->scenario = (allostat_scenario){.epoch_count = 1, .epochs = &self->epoch};
    assert_int_equal(allostat_residents_init(&self->residents, PEOPLE, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&self->users, USERS, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_tally_init(&self->tally, AREAS, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_records_init(&self->records, &self->scenario, &error),
                     ALLOSTAT_OK);
    self->residents.row_count = PEOPLE;
    for (size_t i = 0; i < PEOPLE; i++) settle_resident(self, i);
    for (size_t i = 0; i < USERS; i++) {
        const uint32_t person = (uint32_t)((i * 7 + 5) % PEOPLE);

        assert_int_equal(
            allostat_users_append(&self->users, &self->residents, person, &row, &error),
            ALLOSTAT_OK);
        self->users.present[row] =
            self->residents.status[person] == ALLOSTAT_RESIDENT_present;
        settle_user(self, row);
    }
    allostat_tally_month_begin(&self->tally, self->records.first_month, params);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        if (self->residents.status[i] == ALLOSTAT_RESIDENT_present)
            allostat_census_change(&self->tally.census, &self->residents, i, 1);
    }
}

static void destroy(town *self)
{
    allostat_tally_free(&self->tally);
    allostat_records_free(&self->records);
    allostat_residents_free(&self->residents);
    allostat_users_free(&self->users);
}

static int32_t cell_of(const town *self, uint32_t person)
{
    const allostat_residents *residents = &self->residents;
    const int32_t age = allostat_age_in_month(residents->birth_month[person],
                                              self->records.first_month);

    return (residents->area[person] * ALLOSTAT_SEX_COUNT + residents->sex[person]) *
               ALLOSTAT_AGE_GROUP_COUNT +
           (int32_t)allostat_age_group_of(age);
}

#define COUNT(series, amount) \
    (self->counted[ALLOSTAT_COUNTED_##series][cell] += (int32_t)(amount))

static void look_at_resident(town *self, uint32_t i)
{
    const allostat_residents *r = &self->residents;
    const int32_t cell = cell_of(self, i);
    const bool prescribed = r->rx_dose[i] != ALLOSTAT_RX_none;
    const bool long_term = prescribed && r->rx_months[i] >= ALLOSTAT_RX_LONG_TERM;
    const bool ptsd = (double)r->ptsd_severity[i] >= self->epoch.params.ptsd_threshold;

    if (r->status[i] != ALLOSTAT_RESIDENT_present) return;
    COUNT(residents, 1);
    COUNT(support_tie_ends, r->support_count[i]);
    COUNT(isolated_residents, r->support_count[i] == 0);
    COUNT(residents_with_peers, r->peers[i] > 0 && r->user_row[i] < 0);
    COUNT(people_with_chronic_pain, r->chronic_pain[i] > 0.0f);
    COUNT(people_with_ptsd, ptsd);
    COUNT(days_with_ptsd, ptsd * DAYS);
    COUNT(people_on_assistance, r->assistance[i]);
    COUNT(people_unstable, r->housing[i] == ALLOSTAT_HOUSING_unstable);
    COUNT(people_homeless, r->housing[i] == ALLOSTAT_HOUSING_homeless);
    COUNT(people_prescribed, prescribed);
    COUNT(people_prescribed_long, long_term);
    COUNT(people_prescribed_high, long_term && r->rx_dose[i] == ALLOSTAT_RX_high);
    if (r->user_row[i] < 0 || self->users.rx_only[r->user_row[i]])
        COUNT(days_never_used, DAYS);
}

/* What rows of those who have left have gathered counts, too. */
static void look_at_flows(town *self, size_t i, int32_t cell)
{
    const allostat_users *u = &self->users;
    const int32_t days = u->treatment_days_month[i];

    COUNT(kits_used, u->kits_used_month[i]);
    COUNT(lapses, u->lapses_month[i]);
    COUNT(oat_days, u->oat_days_month[i]);
    COUNT(doses, u->doses_month[i]);
    COUNT(safer_supply_doses, u->supplied_month[i] + 0.5f);
    COUNT(days_in_methadone, days & DAYS);
    COUNT(days_in_buprenorphine, days >> ALLOSTAT_PACKED_DAYS_BITS & DAYS);
    COUNT(days_in_naltrexone, days >> 4 * ALLOSTAT_PACKED_DAYS_BITS & DAYS);
    COUNT(days_in_safer_supply, days >> ALLOSTAT_PACKED_SAFER_AT & DAYS);
}

static void look_at_user(town *self, size_t i)
{
    const allostat_users *u = &self->users;
    const int32_t cell = cell_of(self, u->person[i]), severity = u->oud_severity[i];
    const uint8_t housing = self->residents.housing[u->person[i]];

    look_at_flows(self, i, cell);
    if (!u->present[i]) return;
    COUNT(users, 1);
    COUNT(active_users, u->active[i]);
    COUNT(active_users_with_ptsd,
          u->active[i] &&
              (double)u->ptsd_severity[i] >= self->epoch.params.ptsd_threshold);
    COUNT(oat_waiting, u->waiting_since[i] != 0);
    COUNT(detox_waiting, u->detox_waiting_since[i] != 0);
    COUNT(ioat_waiting, u->ioat_waiting_since[i] != 0);
    COUNT(safer_supply_waiting, u->safer_waiting_since[i] != 0);
    COUNT(people_in_safer_supply, u->safer_supply[i]);
    COUNT(people_in_detox, u->institution[i] == ALLOSTAT_INSTITUTION_detox);
    COUNT(people_in_custody, u->institution[i] == ALLOSTAT_INSTITUTION_custody);
    COUNT(people_in_methadone, u->treatment[i] == ALLOSTAT_TREATMENT_methadone);
    COUNT(people_in_buprenorphine, u->treatment[i] == ALLOSTAT_TREATMENT_buprenorphine);
    COUNT(people_in_srom, u->treatment[i] == ALLOSTAT_TREATMENT_srom);
    COUNT(people_in_ioat, u->treatment[i] == ALLOSTAT_TREATMENT_ioat);
    COUNT(people_in_naltrexone, u->treatment[i] == ALLOSTAT_TREATMENT_naltrexone);
    COUNT(people_with_oud_mild, severity == ALLOSTAT_OUD_mild);
    COUNT(people_with_oud_moderate, severity == ALLOSTAT_OUD_moderate);
    COUNT(people_with_oud_severe, severity == ALLOSTAT_OUD_severe);
    COUNT(patients_with_oud, u->rx_only[i] && severity != ALLOSTAT_OUD_none);
    COUNT(men_with_hypogonadism, u->hypogonadism[i]);
    COUNT(kits_held, u->kits[i]);
    COUNT(using_tie_ends, u->using_count[i]);
    COUNT(users_unstable, !u->rx_only[i] && housing == ALLOSTAT_HOUSING_unstable);
    COUNT(users_homeless, !u->rx_only[i] && housing == ALLOSTAT_HOUSING_homeless);
    COUNT(people_in_contingency, u->courses[i].month[2] != 0);
    COUNT(therapy_waiting, u->courses[i].waiting_since[5] != 0);
}

static void add_to_groups(town *self, size_t i, allostat_grouped series)
{
    const allostat_residents *r = &self->residents;
    const uint32_t person = self->users.person[i];
    const double severity = (double)self->users.ptsd_severity[i];
    int32_t *groups = self->grouped[series];

    groups[ALLOSTAT_GROUP_secure + allostat_style(r->attachment_anxiety[person],
                                                  r->attachment_avoidance[person])] +=
        DAYS;
    groups[severity >= self->epoch.params.ptsd_threshold ? ALLOSTAT_GROUP_with_ptsd
                                                         : ALLOSTAT_GROUP_no_ptsd] +=
        DAYS;
    groups[allostat_ace_group(r->ace_score[person])] += DAYS;
}

static void look_at_days(town *self, size_t i)
{
    const allostat_users *u = &self->users;
    const int32_t cell = cell_of(self, u->person[i]);

    if (!u->present[i] || u->rx_only[i]) return;
#define IN(state)                                                         \
    do {                                                                  \
        COUNT(days_##state, DAYS);                                        \
        add_to_groups(self, i, ALLOSTAT_GROUPED_days_##state##_by_group); \
    } while (0)
    if (u->institution[i])
        IN(in_institution);
    else if (u->treatment[i] == ALLOSTAT_TREATMENT_methadone)
        IN(on_methadone);
    else if (u->treatment[i] == ALLOSTAT_TREATMENT_buprenorphine)
        IN(on_buprenorphine);
    else if (u->treatment[i])
        IN(on_other_treatment);
    else if (!u->active[i])
        IN(abstinent);
    else if (u->injects[i])
        IN(active_injecting);
    else
        IN(active_not_injecting);
    if (u->brain_injury[i]) IN(with_brain_injury);
    if (u->overdosed_month[i]) IN(in_overdose_month);
#undef IN
    add_to_groups(self, i, ALLOSTAT_GROUPED_user_days_by_group);
    if (u->active[i]) add_to_groups(self, i, ALLOSTAT_GROUPED_active_days_by_group);
    if ((double)u->ptsd_severity[i] >= self->epoch.params.ptsd_threshold)
        add_to_groups(self, i, ALLOSTAT_GROUPED_days_with_ptsd_by_group);
}

static void look_at_mind(town *self, size_t i)
{
    const allostat_residents *r = &self->residents;
    const uint32_t person = self->users.person[i];
    const int32_t style = (int32_t)allostat_style(r->attachment_anxiety[person],
                                                  r->attachment_avoidance[person]);
    const int32_t defence = self->users.defence_state[i];

    if (!self->users.present[i] || !self->users.active[i]) return;
    self->city[ALLOSTAT_CITY_active_users_secure + style]++;
    self->city[ALLOSTAT_CITY_active_users_ace_sum] += r->ace_score[person];
    self->city[ALLOSTAT_CITY_active_users_mobilised] +=
        defence == ALLOSTAT_DEFENCE_mobilised;
    self->city[ALLOSTAT_CITY_active_users_immobilised] +=
        defence == ALLOSTAT_DEFENCE_immobilised;
}

static void a_month_counts_as_a_look_at_every_row_does(void **state)
{
    static town self;
    allostat_error error = {0};

    for (int32_t threads = 1; threads <= 3; threads++) {
        settle(&self, state);
        self.tally.share = allostat_blocks_share(threads);
        for (uint32_t i = 0; i < PEOPLE; i++) look_at_resident(&self, i);
        for (size_t i = 0; i < USERS; i++) look_at_user(&self, i);
        for (size_t i = 0; i < USERS; i++) look_at_days(&self, i);
        for (size_t i = 0; i < USERS; i++) look_at_mind(&self, i);
        assert_int_equal(allostat_tally_month_end(&self.tally, &self.residents,
                                                  &self.users, &self.records, &error),
                         ALLOSTAT_OK);
        for (int32_t s = 0; s < ALLOSTAT_OUTPUT_SERIES_COUNT; s++) {
            const allostat_series_info *info = &allostat_series_table[s];
            const int32_t k = info->index;

            if (info->shape == ALLOSTAT_SHAPE_counted &&
                memcmp(self.records.counted[k], self.counted[k],
                       sizeof self.counted[k]) != 0)
                fail_msg("%s, %d threads", info->name, (int)threads);
            if (info->shape == ALLOSTAT_SHAPE_grouped &&
                memcmp(self.records.grouped[k], self.grouped[k],
                       sizeof self.grouped[k]) != 0)
                fail_msg("%s, %d threads", info->name, (int)threads);
            if (info->shape == ALLOSTAT_SHAPE_city)
                assert_int_equal(self.records.city[k][0], self.city[k]);
        }
        destroy(&self);
    }
}

static void a_counted_month_leaves_the_rows_empty(void **state)
{
    static town self;
    allostat_error error = {0};

    settle(&self, state);
    assert_int_equal(allostat_tally_month_end(&self.tally, &self.residents, &self.users,
                                              &self.records, &error),
                     ALLOSTAT_OK);
    for (size_t i = 0; i < USERS; i++) {
        assert_int_equal(self.users.kits_used_month[i], 0);
        assert_int_equal(self.users.lapses_month[i], 0);
        assert_int_equal(self.users.oat_days_month[i], 0);
        assert_int_equal(self.users.treatment_days_month[i], 0);
        assert_int_equal(self.users.overdosed_month[i], 0);
        check_close((double)self.users.supplied_month[i], 0.0, 0.0);
    }
    destroy(&self);
}

static void a_patient_with_something_of_the_street_is_noticed(void **state)
{
    static town self;
    allostat_users *users = &self.users;

    settle(&self, state);
    assert_false(allostat_tally_patient_uses(users));
#define PLANT(column)                                    \
    do {                                                 \
        users->column[STREET] = 1;                       \
        assert_true(allostat_tally_patient_uses(users)); \
        users->column[STREET] = 0;                       \
    } while (0)
    PLANT(active);
    PLANT(kits);
    PLANT(kits_used_month);
    PLANT(treatment);
    PLANT(oat_month);
    PLANT(overdoses_year);
    PLANT(therapy_left_month);
#undef PLANT
    assert_false(allostat_tally_patient_uses(users));
    destroy(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_counts_as_a_look_at_every_row_does),
        cmocka_unit_test(a_counted_month_leaves_the_rows_empty),
        cmocka_unit_test(a_patient_with_something_of_the_street_is_noticed),
    };
    return RUN_WITH_DEFAULTS("tally_stocks", tests);
}
