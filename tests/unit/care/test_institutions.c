#include "check.h"

#include "care/custody.h"
#include "care/detox.h"
#include "care/institutions.h"
#include "care/oat.h"
#include "params/scenario.h"
#include "people/life_course.h"

#include <string.h>

enum { PEOPLE = 600, MONTH = 24192 /* January 2016 */ };

typedef struct {
    allostat_scenario scenario;
    allostat_residents residents;
    allostat_users users;
    allostat_params *params;
    allostat_requests requests;
    allostat_care_month care;
} fixture;

/* Active men at home, nobody treated, ten beds for opioids. */
static int begin(void **state)
{
    static fixture f;
    allostat_error error = {0};
    size_t row;

    memset(&f, 0, sizeof f);
    assert_int_equal(allostat_scenario_defaults(&f.scenario, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_residents_init(&f.residents, PEOPLE, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&f.users, PEOPLE, &error), ALLOSTAT_OK);
    f.params = &f.scenario.epochs[0].params;
    f.params->detox_beds = 20.0;
    f.params->detox_opioid_share = 0.5;
    f.residents.row_count = PEOPLE;
    for (uint32_t i = 0; i < PEOPLE; i++) {
        f.residents.status[i] = ALLOSTAT_RESIDENT_present;
        f.residents.sex[i] = ALLOSTAT_SEX_male;
        assert_int_equal(allostat_users_append(&f.users, &f.residents, i, &row, &error),
                         ALLOSTAT_OK);
        f.users.active[row] = 1;
    }
    f.care = (allostat_care_month){&f.users, f.params,    allostat_draw_key_make(1, 0),
                                   MONTH,    &f.requests, NULL};
    *state = &f;
    return 0;
}

static int end(void **state)
{
    fixture *f = *state;

    allostat_requests_free(&f->requests);
    allostat_users_free(&f->users);
    allostat_residents_free(&f->residents);
    allostat_scenario_free(&f->scenario);
    return 0;
}

static void run_day(fixture *f, allostat_day day)
{
    allostat_institution_terms terms;

    allostat_institution_terms_make(&terms, f->params, day);
    static uint32_t row[PEOPLE];
    const size_t people = f->users.row_count;
    const size_t listed = allostat_institution_rows(&f->users, 0, people, row);
    allostat_institutions_step(&terms, &f->users, (allostat_some_rows){row, listed});
    if (allostat_month_of_day(day + 1) != allostat_month_of_day(day))
        allostat_days_close(&f->users, 0, people, allostat_days_through(day));
}

static void run_month(fixture *f)
{
    const allostat_day first = allostat_month_first_day(MONTH);

    for (int32_t d = 0; d < allostat_month_day_count(MONTH); d++) run_day(f, first + d);
}

static int32_t days_since(const fixture *f, size_t row, allostat_day day)
{
    return allostat_days_since(f->users.released_on[row], day);
}

static int32_t inside(const fixture *f, allostat_institution institution)
{
    int32_t count = 0;

    for (size_t i = 0; i < f->users.row_count; i++)
        count += f->users.institution[i] == (int32_t)institution;
    return count;
}

/* Rows: methadone, naltrexone, both at liberty; methadone inside; safer supply. */
static void days_are_counted_by_treatment_and_place(void **state)
{
    fixture *f = *state;
    allostat_users *users = &f->users;

    users->treatment[0] = ALLOSTAT_TREATMENT_methadone;
    users->treatment[1] = ALLOSTAT_TREATMENT_naltrexone;
    users->treatment[2] = ALLOSTAT_TREATMENT_methadone;
    users->institution[2] = ALLOSTAT_INSTITUTION_custody;
    users->institution_end[2] = 18000;
    users->safer_supply[3] = 1;
    users->safer_supply[2] = 1;
    run_month(f);
    for (size_t row = 0; row < 4; row++) {
        const int32_t days = users->treatment_days_month[row];
        for (int32_t t = 1; t < ALLOSTAT_TREATMENT_COUNT; t++)
            assert_int_equal(allostat_packed_count(days, t, ALLOSTAT_PACKED_DAYS_BITS),
                             t == users->treatment[row] ? 31 : 0);
        assert_int_equal(days >> ALLOSTAT_PACKED_SAFER_AT, row == 3 ? 31 : 0);
        assert_int_equal(users->oat_days_month[row], row == 0 ? 31 : 0);
        assert_int_equal(users->off_oat_days_month[row], row == 1 || row == 3 ? 31 : 0);
    }
}

static void custody_without_treatment_ends_it_and_says_when(void **state)
{
    fixture *f = *state;
    allostat_users *users = &f->users;

    for (size_t row = 0; row < 2; row++) {
        users->treatment[row] =
            row == 0 ? ALLOSTAT_TREATMENT_naltrexone : ALLOSTAT_TREATMENT_srom;
        allostat_stay_grant(users, row, ALLOSTAT_INSTITUTION_custody, 17000, 30);
    }
    run_day(f, 17000);
    for (size_t row = 0; row < 2; row++) {
        assert_int_equal(users->treatment[row], ALLOSTAT_TREATMENT_none);
        assert_int_equal(users->treatment_end[row], 17000);
        assert_int_equal(allostat_packed_count(users->treatment_moves_month[row] >>
                                                   ALLOSTAT_PACKED_STOPS_AT,
                                               row == 0 ? ALLOSTAT_TREATMENT_naltrexone
                                                        : ALLOSTAT_TREATMENT_srom,
                                               ALLOSTAT_PACKED_MOVES_BITS),
                         1);
    }
    assert_int_equal(users->oat_stops_month[0], 0);
    assert_int_equal(users->oat_stops_month[1], 1);
}

static void a_stay_lasts_from_its_first_day_to_the_day_of_release(void **state)
{
    fixture *f = *state;

    allostat_stay_grant(&f->users, 0, ALLOSTAT_INSTITUTION_custody, 101, 3);
    for (allostat_day day = 100; day < 107; day++) {
        run_day(f, day);
        assert_int_equal(f->users.institution[0] != 0, day >= 101 && day < 104);
        assert_int_equal(days_since(f, 0, day), day < 104 ? 0 : day - 103);
    }
    assert_int_equal(f->users.releases_month[0], 1);
}

static void inside_nobody_is_active_or_in_remission(void **state)
{
    fixture *f = *state;

    f->users.active[1] = 0;
    f->users.in_remission[1] = 1;
    allostat_stay_grant(&f->users, 0, ALLOSTAT_INSTITUTION_custody, 100, 5);
    allostat_stay_grant(&f->users, 1, ALLOSTAT_INSTITUTION_custody, 100, 5);
    run_day(f, 100);
    for (size_t row = 0; row < 2; row++) {
        assert_int_equal(f->users.institution[row], ALLOSTAT_INSTITUTION_custody);
        assert_int_equal(f->users.active[row], 0);
        assert_int_equal(f->users.in_remission[row], 0);
    }
}

static void who_no_longer_uses_does_not_come_to_detox(void **state)
{
    fixture *f = *state;

    allostat_stay_grant(&f->users, 0, ALLOSTAT_INSTITUTION_detox, 100, 5);
    f->users.active[0] = 0;
    f->users.in_remission[0] = 1;
    f->users.treatment_next[0] = ALLOSTAT_TREATMENT_methadone;
    run_day(f, 100);
    assert_int_equal(f->users.institution[0], 0);
    assert_int_equal(f->users.institution_next[0], 0);
    assert_int_equal(f->users.in_remission[0], 1);
    assert_int_equal(f->users.treatment_next[0], 0);
}

static void treatment_stops_in_custody_unless_it_goes_on(void **state)
{
    fixture *f = *state;

    for (size_t row = 0; row < 2; row++) {
        f->users.treatment[row] = ALLOSTAT_TREATMENT_methadone;
        f->users.institution_oat[row] = (int32_t)row;
        allostat_stay_grant(&f->users, row, ALLOSTAT_INSTITUTION_custody, 100, 5);
    }
    run_day(f, 100);
    assert_int_equal(f->users.treatment[0], 0);
    assert_int_equal(f->users.oat_stops_month[0], 1);
    assert_int_equal(f->users.treatment[1], ALLOSTAT_TREATMENT_methadone);
    assert_int_equal(f->users.oat_stops_month[1], 0);
}

static void the_taper_falls_to_nothing_before_release(void **state)
{
    (void)state;
    check_close((double)allostat_taper_levelf(0.8f, 0.2f, 9), 0.8, 1e-6);
    check_close((double)allostat_taper_levelf(0.8f, 0.2f, 4), 0.48, 1e-6);
    check_close((double)allostat_taper_levelf(0.8f, 0.2f, 1), 0.0, 1e-6);
    check_close((double)allostat_taper_levelf(0.8f, 0.2f, -3), 0.0, 0.0);
}

static void days_after_release_are_counted_early_later_and_no_longer(void **state)
{
    fixture *f = *state;
    const allostat_day first = allostat_month_first_day(MONTH);
    const allostat_day end = allostat_month_first_day(MONTH + 14);

    allostat_stay_grant(&f->users, 0, ALLOSTAT_INSTITUTION_custody, first + 9, 1);
    for (allostat_day day = first; day < end; day++) run_day(f, day);
    assert_int_equal(f->users.early_days_month[0], ALLOSTAT_RELEASE_EARLY_DAYS);
    assert_int_equal(f->users.later_days_month[0],
                     ALLOSTAT_RELEASE_LATER_DAYS - ALLOSTAT_RELEASE_EARLY_DAYS);
    assert_int_equal(days_since(f, 0, end - 1), 0);
}

static void days_on_and_off_treatment_are_days_at_liberty(void **state)
{
    fixture *f = *state;

    f->users.treatment[0] = ALLOSTAT_TREATMENT_buprenorphine;
    f->users.active[2] = 0;
    f->users.in_remission[2] = 1;
    allostat_stay_grant(&f->users, 3, ALLOSTAT_INSTITUTION_custody,
                        allostat_month_first_day(MONTH) + 20, 5);
    run_month(f);
    assert_int_equal(f->users.oat_days_month[0], 31);
    assert_int_equal(f->users.off_oat_days_month[0], 0);
    assert_int_equal(f->users.off_oat_days_month[1], 31);
    assert_int_equal(f->users.off_oat_days_month[2], 0);
    assert_int_equal(f->users.off_oat_days_month[3], 31 - 5);
    assert_int_equal(f->users.early_days_month[3], 31 - 25);
}

/* Demand is far above the beds; people who leave detox begin to use again. */
static void beds_are_full_and_never_exceeded(void **state)
{
    fixture *f = *state;
    allostat_error error = {0};
    int64_t nights = 0;
    int32_t days = 0;

    f->params->detox_request_rate = 1.0;
    for (int32_t m = 0; m < 12; m++) {
        f->care.month = MONTH + m;
        for (size_t i = 0; i < PEOPLE; i++)
            f->users.active[i] = f->users.institution[i] == 0;
        assert_int_equal(allostat_detox_month(&f->care, &error), ALLOSTAT_OK);
        for (int32_t d = 0; d < allostat_month_day_count(MONTH + m); d++, days++) {
            run_day(f, allostat_month_first_day(MONTH + m) + d);
            assert_in_range(inside(f, ALLOSTAT_INSTITUTION_detox), 0, 10);
            nights += inside(f, ALLOSTAT_INSTITUTION_detox);
        }
    }
    assert_int_equal(allostat_detox_beds(f->params), 10);
    check_close((double)nights / days, 10.0, 0.01);
}

static void who_waits_longest_is_served_first(void **state)
{
    fixture *f = *state;
    allostat_error error = {0};
    int32_t last_start = 0;

    f->params->detox_request_rate = 0.0;
    f->params->detox_give_up_rate = 0.0;
    for (int32_t i = 0; i < PEOPLE; i++)
        f->users.detox_waiting_since[i] = 1 + (i * 7) % PEOPLE;
    assert_int_equal(allostat_detox_month(&f->care, &error), ALLOSTAT_OK);
    for (int32_t since = 1; since <= PEOPLE; since++) {
        for (int32_t i = 0; i < PEOPLE; i++) {
            if (1 + (i * 7) % PEOPLE != since) continue;
            const bool granted = f->users.institution_next[i] != 0;
            const int32_t start = granted ? f->users.institution_start[i] : INT32_MAX;
            assert_true(start >= last_start);
            assert_int_equal(f->users.detox_waiting_since[i], granted ? 0 : since);
            last_start = start;
        }
    }
    assert_int_equal(last_start, INT32_MAX);
}

/* Months that follow each other with no day run between them. */
static void a_stay_that_is_over_gives_its_bed_back_on_the_first(void **state)
{
    fixture *f = *state;
    allostat_error error = {0};
    int32_t first_day = 0;

    f->params->detox_request_rate = 100.0;
    for (size_t i = 0; i < 4; i++) {
        f->users.institution[i] = ALLOSTAT_INSTITUTION_detox;
        f->users.institution_end[i] =
            allostat_month_first_day(MONTH) - 500 * (int32_t)(i % 2) - 1;
    }
    assert_int_equal(allostat_detox_month(&f->care, &error), ALLOSTAT_OK);
    for (size_t i = 4; i < PEOPLE; i++) {
        first_day += f->users.institution_next[i] != 0 &&
                     f->users.institution_start[i] == allostat_month_first_day(MONTH);
    }
    assert_int_equal(first_day, allostat_detox_beds(f->params));
}

static void fewer_beds_take_nobody_in_until_enough_have_left(void **state)
{
    fixture *f = *state;
    allostat_error error = {0};

    f->params->detox_request_rate = 1.0;
    for (size_t i = 0; i < 10; i++) {
        f->users.institution[i] = ALLOSTAT_INSTITUTION_detox;
        f->users.institution_end[i] = allostat_month_first_day(MONTH) + 9;
    }
    f->params->detox_beds = 4.0;
    assert_int_equal(allostat_detox_month(&f->care, &error), ALLOSTAT_OK);
    for (int32_t d = 0; d < 31; d++) {
        run_day(f, allostat_month_first_day(MONTH) + d);
        assert_int_equal(inside(f, ALLOSTAT_INSTITUTION_detox), d < 9 ? 10 : 2);
    }
}

static void a_share_leaves_detox_into_treatment(void **state)
{
    fixture *f = *state;
    allostat_error error = {0};

    f->params->detox_request_rate = 1.0;
    f->params->detox_to_oat = 1.0;
    assert_int_equal(allostat_detox_month(&f->care, &error), ALLOSTAT_OK);
    for (size_t i = 0; i < PEOPLE; i++) {
        if (f->users.institution_next[i] == 0) continue;
        assert_true(f->users.treatment_next[i] != 0);
        assert_int_equal(f->users.treatment_start[i], f->users.institution_end[i]);
    }
}

static void switched_off_they_take_nobody(void **state)
{
    fixture *f = *state;
    allostat_error error = {0};

    f->params->mechanisms_detox = false;
    f->params->mechanisms_custody = false;
    f->params->detox_request_rate = 1.0;
    f->params->custody_rate_active = 1.0;
    assert_int_equal(allostat_detox_month(&f->care, &error), ALLOSTAT_OK);
    allostat_custody_month(&f->care, &f->residents);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(f->users.institution_next[i], 0);
        assert_int_equal(f->users.detox_waiting_since[i], 0);
    }
}

static void custody_takes_at_its_rate(void **state)
{
    fixture *f = *state;
    int32_t taken = 0;

    f->params->custody_rate_active = 1.0;
    allostat_custody_month(&f->care, &f->residents);
    for (size_t i = 0; i < PEOPLE; i++) {
        const int32_t start = f->users.institution_start[i];
        if (f->users.institution_next[i] == 0) continue;
        taken++;
        assert_in_range(start, allostat_month_first_day(MONTH),
                        allostat_month_first_day(MONTH + 1) - 1);
        assert_true(f->users.institution_end[i] > start);
    }
    const double expected = PEOPLE * (1.0 - exp(-1.0 / 12.0));
    check_close(taken, expected, 4.0 * sqrt(expected));
}

static void days_in_custody_are_log_normal(void **state)
{
    fixture *f = *state;
    const double z84 = 0.8413447460685429;

    assert_int_equal(allostat_custody_days(f->params, 0.5), 30);
    check_close(allostat_custody_days(f->params, z84), 30.0 * exp(1.0), 1.0);
    assert_int_equal(allostat_custody_days(f->params, 1e-9), 1);
    assert_int_equal(allostat_custody_days(f->params, 1.0 - 1e-9), 729);
}

static void days_in_detox_have_their_mean(void **state)
{
    fixture *f = *state;
    const int32_t draws = 100000;
    double sum = 0.0;

    f->params->detox_stay_most = 90;
    for (int32_t i = 0; i < draws; i++)
        sum += allostat_detox_days(f->params, (i + 0.5) / draws);
    check_close(sum / draws, f->params->detox_stay_mean, 0.01);
    assert_int_equal(allostat_detox_days(f->params, 1.0 - 1e-9), 1);
    assert_int_equal(allostat_detox_days(f->params, 1e-12), 90);
}

static void women_and_people_at_home_are_taken_less(void **state)
{
    fixture *f = *state;
    const allostat_params *p = f->params;

    assert_true(allostat_custody_rate(p, true, true, false) <
                allostat_custody_rate(p, false, true, false));
    assert_true(allostat_custody_rate(p, false, true, false) <
                allostat_custody_rate(p, false, true, true));
    check_close(allostat_custody_rate(p, false, false, false), 0.0, 0.0);
}

static void who_leaves_the_city_leaves_the_institution(void **state)
{
    fixture *f = *state;

    allostat_stay_grant(&f->users, 0, ALLOSTAT_INSTITUTION_custody, 100, 5);
    run_day(f, 100);
    f->users.detox_waiting_since[0] = 90;
    allostat_life_leave(&f->residents, &f->users, 0, ALLOSTAT_RESIDENT_moved_out);
    assert_int_equal(f->users.institution[0], 0);
    assert_int_equal(f->users.detox_waiting_since[0], 0);
    run_day(f, 105);
    assert_int_equal(f->users.releases_month[0], 0);
}

#define TEST(claim) cmocka_unit_test_setup_teardown(claim, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stay_lasts_from_its_first_day_to_the_day_of_release),
        TEST(days_are_counted_by_treatment_and_place),
        TEST(custody_without_treatment_ends_it_and_says_when),
        TEST(inside_nobody_is_active_or_in_remission),
        TEST(who_no_longer_uses_does_not_come_to_detox),
        TEST(treatment_stops_in_custody_unless_it_goes_on),
        TEST(the_taper_falls_to_nothing_before_release),
        TEST(days_after_release_are_counted_early_later_and_no_longer),
        TEST(days_on_and_off_treatment_are_days_at_liberty),
        TEST(beds_are_full_and_never_exceeded),
        TEST(who_waits_longest_is_served_first),
        TEST(a_stay_that_is_over_gives_its_bed_back_on_the_first),
        TEST(fewer_beds_take_nobody_in_until_enough_have_left),
        TEST(a_share_leaves_detox_into_treatment),
        TEST(switched_off_they_take_nobody),
        TEST(custody_takes_at_its_rate),
        TEST(days_in_custody_are_log_normal),
        TEST(days_in_detox_have_their_mean),
        TEST(women_and_people_at_home_are_taken_less),
        TEST(who_leaves_the_city_leaves_the_institution),
    };
    return cmocka_run_group_tests_name("institutions", tests, NULL, NULL);
}
