#include "check.h"

#include "params/scenario.h"
#include "people/homes.h"
#include "people/income.h"
#include "people/life_course.h"

#include <string.h>

enum { PEOPLE = 1024, MONTH = 24000, AGE = 40 };

typedef struct {
    allostat_scenario scenario;
    allostat_residents residents;
    allostat_users users;
    allostat_params *params;
    allostat_income_terms terms;
} fixture;

/* Everybody of 40 years in a single room, never used. */
static int begin(void **state)
{
    static fixture f;
    allostat_error error = {0};

    memset(&f, 0, sizeof f);
    assert_int_equal(allostat_scenario_defaults(&f.scenario, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_residents_init(&f.residents, PEOPLE, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&f.users, 1, &error), ALLOSTAT_OK);
    f.params = &f.scenario.epochs[0].params;
    f.params->geography_downtown = 2;
    f.residents.row_count = PEOPLE;
    for (size_t i = 0; i < PEOPLE; i++) {
        f.residents.status[i] = ALLOSTAT_RESIDENT_present;
        f.residents.user_row[i] = -1;
        f.residents.birth_month[i] = MONTH - AGE * ALLOSTAT_MONTHS_A_YEAR;
        f.residents.housing[i] = ALLOSTAT_HOUSING_unstable;
    }
    allostat_income_terms_make(&f.terms, f.params, allostat_draw_key_make(1, 0), MONTH,
                               1);
    *state = &f;
    return 0;
}

static int end(void **state)
{
    fixture *f = *state;

    allostat_users_free(&f->users);
    allostat_residents_free(&f->residents);
    allostat_scenario_free(&f->scenario);
    return 0;
}

static double chance(const fixture *f, size_t person)
{
    return (double)allostat_assistance_chance(&f->terms, f->params, &f->residents,
                                              &f->users, person);
}

static void the_chance_follows_housing_and_area(void **state)
{
    fixture *f = *state;

    check_close(chance(f, 0), f->params->income_assistance_unstable, 1e-6);
    f->residents.area[0] = 1;
    assert_true(chance(f, 0) > f->params->income_assistance_unstable);
    f->residents.area[0] = 0;
    f->residents.housing[0] = ALLOSTAT_HOUSING_stable;
    check_close(chance(f, 0), f->params->income_assistance_stable, 1e-6);
}

static void users_have_shares_of_their_own_and_patients_have_not(void **state)
{
    fixture *f = *state;
    allostat_error error = {0};
    size_t row;

    assert_int_equal(allostat_users_append(&f->users, &f->residents, 3, &row, &error),
                     ALLOSTAT_OK);
    check_close(chance(f, 3), f->params->income_assistance_users_unstable, 1e-6);
    f->users.rx_only[row] = 1;
    check_close(chance(f, 3), f->params->income_assistance_unstable, 1e-6);
}

static void live_month(fixture *f)
{
    const allostat_turn turn = {MONTH, 1, PEOPLE, PEOPLE};
    allostat_living_block block;

    allostat_living_draw(&block, allostat_draw_key_make(1, 0), &turn, &f->residents, 0,
                         PEOPLE);
    allostat_income_step(&f->terms, f->params, &f->residents, &f->users, &block);
}

static void pensioners_leave_assistance(void **state)
{
    fixture *f = *state;

    f->residents.assistance[0] = 1;
    f->residents.birth_month[0] =
        (int16_t)(MONTH - f->params->income_pension_age * ALLOSTAT_MONTHS_A_YEAR);
    live_month(f);
    assert_int_equal(f->residents.assistance[0], 0);
}

static int32_t on_assistance(const fixture *f)
{
    int32_t count = 0;

    for (size_t i = 0; i < PEOPLE; i++) count += f->residents.assistance[i];
    return count;
}

/* Standard error 0.015. */
static void those_who_enter_are_on_assistance_as_the_share_says(void **state)
{
    fixture *f = *state;

    allostat_income_enter(&f->terms, f->params, &f->residents, &f->users, 0);
    check_close((double)on_assistance(f) / PEOPLE,
                f->params->income_assistance_unstable, 0.06);
}

static void a_months_reviews_reach_a_share_of_people(void **state)
{
    fixture *f = *state;

    live_month(f);
    const double expected =
        PEOPLE * (double)f->terms.review * f->params->income_assistance_unstable;
    check_close(on_assistance(f), expected, 4.0 * sqrt(expected));
}

static void a_turns_reviews_are_those_of_its_months(void **state)
{
    fixture *f = *state;
    const double review = 1.0 - exp(-6.0 * f->params->income_review_rate);

    allostat_income_terms_make(&f->terms, f->params, allostat_draw_key_make(1, 0),
                               MONTH, 6);
    live_month(f);
    const double expected = PEOPLE * review * f->params->income_assistance_unstable;
    check_close(on_assistance(f), expected, 4.0 * sqrt(expected));
}

static void the_pension_comes_by_the_middle_of_a_turn(void **state)
{
    fixture *f = *state;
    const int64_t age = f->params->income_pension_age * ALLOSTAT_MONTHS_A_YEAR;

    for (int32_t i = 0; i < 4; i++) {
        f->residents.assistance[i] = 1;
        f->residents.birth_month[i] = (int16_t)(MONTH + i - age);
    }
    allostat_income_terms_make(&f->terms, f->params, allostat_draw_key_make(1, 0),
                               MONTH, 6);
    f->terms.review = 0.0f;
    live_month(f);
    for (int32_t i = 0; i < 4; i++) assert_int_equal(f->residents.assistance[i], i > 2);
}

static void a_users_row_is_told(void **state)
{
    fixture *f = *state;
    allostat_error error = {0};
    size_t row;

    assert_int_equal(allostat_users_append(&f->users, &f->residents, 7, &row, &error),
                     ALLOSTAT_OK);
    f->params->income_assistance_users_unstable = 1.0;
    allostat_income_terms_make(&f->terms, f->params, allostat_draw_key_make(1, 0),
                               MONTH, 1);
    allostat_income_enter(&f->terms, f->params, &f->residents, &f->users, 0);
    assert_int_equal(f->residents.assistance[7], 1);
    assert_int_equal(f->users.assistance[row], 1);
}

#define TEST(claim) cmocka_unit_test_setup_teardown(claim, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_chance_follows_housing_and_area),
        TEST(users_have_shares_of_their_own_and_patients_have_not),
        TEST(pensioners_leave_assistance),
        TEST(those_who_enter_are_on_assistance_as_the_share_says),
        TEST(a_months_reviews_reach_a_share_of_people),
        TEST(a_turns_reviews_are_those_of_its_months),
        TEST(the_pension_comes_by_the_middle_of_a_turn),
        TEST(a_users_row_is_told),
    };
    return cmocka_run_group_tests_name("income", tests, NULL, NULL);
}
