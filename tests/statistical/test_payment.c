/* Overdoses on the days after income assistance is paid, against other days:
 * deaths 1.21 to 1.62 in British Columbia, 2016 to 2021 (BC Coroners). */
#include "fixture.h"

#include "engine/span.h"
#include "engine/month.h"
#include "opioid/use.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MONTHS_BEFORE = 12, MONTHS_COUNTED = 36 };

/* Days, overdoses and deaths; [0] other days, [1] payment days. */
typedef struct {
    double days[2], overdoses[2], deaths[2];
} payment_result;

static void count_day(const allostat_city *city, int payment, payment_result *result)
{
    size_t count;
    const uint32_t *rows = fixture_overdosed(city, &count);

    result->days[payment] += 1.0;
    result->overdoses[payment] += (double)count;
    for (size_t k = 0; k < count; k++)
        result->deaths[payment] += !city->users.present[rows[k]];
}

/* What the days' lists have held since a month began is what the month has counted. */
static void check_month(const allostat_tally *tally, double listed)
{
    const int32_t cells = tally->cell_count;
    const int32_t *counted = tally->counted + ALLOSTAT_COUNTED_overdoses * cells;
    double total = 0.0;

    for (int32_t cell = 0; cell < cells; cell++) total += counted[cell];
    assert_true(total > 0.0 && total == listed);
}

static payment_result count(const char *set)
{
    const char *const sets[] = {"run.start=2015-01-01", "run.output_start=2015-01-01",
                                "run.end=2018-12-31", "population.scale=0.3", set};
    allostat_scenario scenario = {0};
    allostat_city city = {0};
    allostat_error error = {0};
    allostat_records unused = {0};
    payment_result result = {{0}, {0}, {0}};

    fixture_scenario(&scenario, sets, set != NULL ? 5 : 4);
    const allostat_month start =
        allostat_month_of_day(scenario.epochs[0].params.run_start);
    assert_int_equal(allostat_city_init(&city, &scenario, 0, 1, &error), ALLOSTAT_OK);
    for (allostat_month m = start; m < start + MONTHS_BEFORE + MONTHS_COUNTED; m++) {
        const allostat_day end = allostat_month_first_day(m + 1);
        const double before = result.overdoses[0] + result.overdoses[1];
        assert_int_equal(allostat_month_begin(&city, m, &error), ALLOSTAT_OK);
        for (allostat_day day = allostat_month_first_day(m); day < end; day++) {
            const allostat_params *params = allostat_scenario_params(&scenario, day);
            assert_int_equal(allostat_days_run(&city, day, day + 1, &error),
                             ALLOSTAT_OK);
            if (m >= start + MONTHS_BEFORE)
                count_day(&city, allostat_is_payment_day(params, day), &result);
        }
        if (m >= start + MONTHS_BEFORE)
            check_month(&city.tally,
                        result.overdoses[0] + result.overdoses[1] - before);
        assert_int_equal(allostat_month_end(&city, &unused, &error), ALLOSTAT_OK);
    }
    allostat_city_free(&city);
    allostat_scenario_free(&scenario);
    return result;
}

static double ratio(const double events[2], const double days[2])
{
    return (events[1] / days[1]) / (events[0] / days[0]);
}

/* Overdoses are ten times as many as deaths and as likely to kill on any day: their
 * ratio is known to about 0.04. */
static void more_people_overdose_after_payment(void **state)
{
    const payment_result r = count(NULL);
    const double overdoses = ratio(r.overdoses, r.days);

    (void)state;
    print_message(
        "overdoses %.0f of %.0f, ratio %.2f; deaths %.0f of %.0f, ratio %.2f\n",
        r.overdoses[1], r.overdoses[0] + r.overdoses[1], overdoses, r.deaths[1],
        r.deaths[0] + r.deaths[1], ratio(r.deaths, r.days));
    assert_true(overdoses > 1.21 && overdoses < 1.62);
}

static void without_assistance_payment_days_are_like_others(void **state)
{
    const payment_result r = count("use.payment_ratio=1");
    const double overdoses = ratio(r.overdoses, r.days);

    (void)state;
    print_message("ratio without an effect %.2f\n", overdoses);
    assert_true(fabs(overdoses - 1.0) < 0.12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_people_overdose_after_payment),
        cmocka_unit_test(without_assistance_payment_days_are_like_others),
    };
    return cmocka_run_group_tests_name("payment", tests, NULL, NULL);
}
