/* Users who stopped long ago live by the month: in a tenth of Vancouver they lapse as
 * often as by the day, and are found by everything that looks for them. */
#include "fixture.h"

#include "care/institutions.h"
#include "engine/span.h"
#include "engine/month.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

enum { MONTHS = 24, BY_DAY = 0, BY_MONTH = 1, PEOPLE = 1 << 17 };

/* What the months of a city add up to. */
typedef struct {
    double lapses, woken, dormant_months, off_oat_days, active_months, overdoses;
    size_t taken_in; /* into custody out of dormancy */
} lived;

static lived both[2];

/* Dormant rows stand behind, do nothing and are in nobody's hands. */
static void check_dormant(const allostat_users *users)
{
    for (size_t row = 0; row < users->row_count; row++) {
        const int32_t idle = users->active[row] | users->treatment[row] |
                             users->institution[row] | users->institution_next[row] |
                             users->treatment_next[row] | users->safer_supply[row];

        assert_int_equal(row >= users->street_count,
                         users->rx_only[row] || users->dormant[row]);
        if (!users->dormant[row]) continue;
        assert_int_equal(idle | users->rx_only[row], 0);
        assert_true(users->doses[row] == 0.0f);
    }
}

/* Whoever lives by the day has paces of days, back from dormancy or from a prescription
 * as well. */
static void check_paces(const allostat_users *users, const allostat_params *params)
{
    for (size_t row = 0; row < users->street_count; row++) {
        const double pace = (double)users->recovery_pace[row];
        const double slow = exp(-1.0 / (params->opioid_tau_slow * pace));
        const double insecurity =
            params->stress_tau_insecurity * (double)users->insecurity[row];
        const double stress = exp(-1.0 / (params->stress_tau * exp(insecurity)));

        assert_true(fabs((double)users->slow_keep[row] - slow) < 1e-5);
        assert_true(fabs((double)users->stress_keep[row] - stress) < 1e-5);
    }
}

/* Days at liberty and in need of treatment are booked for the month at once. */
static void check_days(const allostat_users *users, int32_t days)
{
    for (size_t row = 0; row < users->row_count; row++) {
        if (!users->dormant[row] || !users->present[row]) continue;
        assert_int_equal(users->off_oat_days_month[row],
                         users->in_remission[row] ? 0 : days);
        assert_int_equal(users->early_days_month[row] | users->later_days_month[row] |
                             users->oat_days_month[row],
                         0);
    }
}

/* Those who are to lapse this month have done so once the month is over. */
static void add_month(lived *self, const allostat_users *users, allostat_month month)
{
    const allostat_day first = allostat_month_first_day(month);

    for (size_t row = 0; row < users->row_count; row++) {
        self->lapses += users->lapses_month[row];
        self->off_oat_days += users->off_oat_days_month[row];
        self->dormant_months += users->dormant[row];
        self->active_months += users->active[row];
        self->overdoses += users->overdosed_month[row];
        if (users->lapse_day[row] < first) continue;
        assert_true(users->lapse_day[row] < first + allostat_month_day_count(month));
        assert_true(users->lapses_month[row] > 0);
        self->woken++;
    }
}

/* Rows change, numbers do not. */
static void note_dormant(const allostat_users *users, lived *self)
{
    static uint8_t dormant[PEOPLE];

    for (size_t row = 0; row < users->row_count; row++) {
        const uint32_t number = users->number[row];

        assert_true(number < PEOPLE);
        self->taken_in += dormant[number] &&
                          users->institution_next[row] == ALLOSTAT_INSTITUTION_custody;
        dormant[number] = (uint8_t)users->dormant[row];
    }
}

static void live_month(allostat_city *city, allostat_month month, lived *self)
{
    const allostat_day first = allostat_month_first_day(month);
    const int32_t days = allostat_month_day_count(month);
    allostat_records unused = {0};
    allostat_error error = {0};

    assert_int_equal(allostat_month_begin(city, month, &error), ALLOSTAT_OK);
    check_dormant(&city->users);
    check_paces(&city->users, allostat_scenario_params(city->scenario, first));
    note_dormant(&city->users, self);
    assert_int_equal(allostat_days_run(city, first, first + days, &error), ALLOSTAT_OK);
    check_dormant(&city->users);
    check_days(&city->users, days);
    add_month(self, &city->users, month);
    assert_int_equal(allostat_month_end(city, &unused, &error), ALLOSTAT_OK);
}

static void live(const char *months_of_dormancy, lived *self)
{
    const char *const sets[] = {"population.scale=0.1", "run.end=2013-12-31",
                                "run.output_start=2012-01-01", months_of_dormancy};
    allostat_scenario scenario = {0};
    allostat_city city = {0};
    allostat_error error = {0};

    fixture_scenario(&scenario, sets, 4);
    assert_int_equal(allostat_city_init(&city, &scenario, 0, 1, &error), ALLOSTAT_OK);
    const allostat_month first =
        allostat_month_of_day(scenario.epochs[0].params.run_start);
    for (allostat_month month = first; month < first + MONTHS; month++)
        live_month(&city, month, self);
    allostat_city_free(&city);
    allostat_scenario_free(&scenario);
}

static int setup(void **state)
{
    (void)state;
    live("use.dormant_months=0", &both[BY_DAY]);
    live("use.dormant_months=1", &both[BY_MONTH]);
    return 0;
}

static void nobody_is_dormant_without_the_parameter(void **state)
{
    (void)state;
    assert_true(both[BY_DAY].dormant_months == 0.0 && both[BY_DAY].woken == 0.0);
}

static void many_who_stopped_are_dormant_and_some_of_them_lapse(void **state)
{
    (void)state;
    print_message("%.0f months of dormancy, %.0f ended by a lapse\n",
                  both[BY_MONTH].dormant_months, both[BY_MONTH].woken);
    assert_true(both[BY_MONTH].dormant_months > 150.0 * MONTHS);
    assert_true(both[BY_MONTH].woken > 50.0);
}

/* Counts of events within four standard errors; months and days, which are those of the
 * same people, within a hundredth. */
static void the_city_lives_as_it_does_by_the_day(void **state)
{
    const lived *day = &both[BY_DAY], *month = &both[BY_MONTH];

    (void)state;
    print_message("lapses %.0f and %.0f, overdoses %.0f and %.0f\n", day->lapses,
                  month->lapses, day->overdoses, month->overdoses);
    assert_true(fabs(day->lapses - month->lapses) <
                4.0 * sqrt(day->lapses + month->lapses));
    assert_true(fabs(day->overdoses - month->overdoses) <
                4.0 * sqrt(day->overdoses + month->overdoses));
    assert_true(fabs(month->active_months / day->active_months - 1.0) < 0.01);
    assert_true(fabs(month->off_oat_days / day->off_oat_days - 1.0) < 0.01);
}

static void custody_reaches_those_who_do_not_use(void **state)
{
    (void)state;
    assert_true(both[BY_MONTH].taken_in > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_dormant_without_the_parameter),
        cmocka_unit_test(many_who_stopped_are_dormant_and_some_of_them_lapse),
        cmocka_unit_test(the_city_lives_as_it_does_by_the_day),
        cmocka_unit_test(custody_reaches_those_who_do_not_use),
    };
    return cmocka_run_group_tests_name("dormancy", tests, setup, NULL);
}
