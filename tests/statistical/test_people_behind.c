/* Overdoses cluster in people, but they are not always the same people. */
#include "fixture.h"

#include "unit/check.h"

#include <stdlib.h>

enum { MONTHS = 12 };

typedef struct {
    allostat_scenario scenario;
    allostat_city city;
    uint16_t *months; /* [person]: bit m when the person overdosed in month m */
} model;

static const char *const sets[] = {"population.scale=0.3", "run.start=2015-01-01",
                                   "run.output_start=2015-01-01", "run.end=2016-12-31"};

/* overdoses_year rises with every overdose and starts again in January; rows of those
 * who died stay until the next month. */
static void run_year(model *self)
{
    allostat_error error = {0};

    *self = (model){.months = NULL};
    fixture_scenario(&self->scenario, sets, 4);
    assert_int_equal(allostat_city_init(&self->city, &self->scenario, 0, 2, &error),
                     ALLOSTAT_OK);
    const size_t people = self->city.projection.total;
    const allostat_month first =
        allostat_month_of_day(self->scenario.epochs[0].params.run_start);
    int32_t *before = calloc(people, sizeof *before);
    self->months = calloc(people, sizeof *self->months);
    assert_non_null(before);
    assert_non_null(self->months);
    fixture_run_months(&self->city, first, MONTHS, NULL);
    for (int32_t m = 0; m < MONTHS - 1; m++) {
        const allostat_users *users = &self->city.users;
        fixture_run_months(&self->city, first + MONTHS + m, 1, NULL);
        for (size_t i = 0; i < users->row_count; i++) {
            const uint32_t person = users->number[i];
            if (users->overdoses_year[i] > before[person])
                self->months[person] |= (uint16_t)(1u << m);
            before[person] = users->overdoses_year[i];
        }
    }
    free(before);
}

static void model_free(model *self)
{
    free(self->months);
    allostat_city_free(&self->city);
    allostat_scenario_free(&self->scenario);
}

static double share_again(const model *self, int32_t m)
{
    double now = 0.0, again = 0.0;

    for (size_t person = 0; person < self->city.projection.total; person++) {
        const uint32_t months = self->months[person];
        now += months >> m & 1u;
        again += (months >> m & months >> (m + 1)) & 1u;
    }
    return now > 0.0 ? again / now : 1.0;
}

/* Those who die are missing here: months hold the survivors, of whom about one in
 * twenty is hurt again in the next month. */
static void people_of_successive_months_are_mostly_others(void **state)
{
    (void)state;
    static model self;
    double mean = 0.0;

    run_year(&self);
    for (int32_t m = 0; m < MONTHS - 2; m++)
        mean += share_again(&self, m) / (MONTHS - 2);
    print_message("%.3f of those who overdosed in a month do so in the next\n", mean);
    assert_true(mean > 0.0 && mean < 0.20);
    model_free(&self);
}

static void repeat_overdoses_are_more_than_chance_and_less_than_half(void **state)
{
    (void)state;
    static model self;
    double ever = 0.0, repeat = 0.0;

    run_year(&self);
    for (size_t person = 0; person < self.city.projection.total; person++) {
        const uint32_t months = self.months[person];
        ever += months != 0;
        repeat += (months & (months - 1)) != 0; /* in two months or more */
    }
    const double rate = ever / (double)self.city.users.row_count;
    print_message("%.3f of users overdose in a year, %.3f of those again\n", rate,
                  repeat / ever);
    assert_true(repeat / ever > 0.5 * rate);
    assert_true(repeat / ever > 0.04 && repeat / ever < 0.5);
    model_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_of_successive_months_are_mostly_others),
        cmocka_unit_test(repeat_overdoses_are_more_than_chance_and_less_than_half),
    };
    return cmocka_run_group_tests_name("people behind", tests, NULL, NULL);
}
