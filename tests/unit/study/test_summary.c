#include "check.h"

#include "study/summary.h"

#include <stdlib.h>
#include <string.h>

/* Two areas; every month the same in every cell unless a test says otherwise. */
enum { REPLICATES = 3, MONTHS = 12 };

typedef struct {
    allostat_scenario scenario;
    allostat_records replicate[REPLICATES];
    allostat_summary_input input;
    allostat_summary summary;
} study;

static void fill(allostat_records *records, allostat_counted series, int32_t value)
{
    const int32_t count = records->month_count * allostat_records_cells(records);

    for (int32_t i = 0; i < count; i++) records->counted[series][i] = value;
}

/* The cell of a month, an area and a sex; the youngest age group. */
static int32_t *cell(allostat_records *records, allostat_counted series, int month,
                     int area, int sex)
{
    const int i = (month * records->area_count + area) * ALLOSTAT_SEX_COUNT + sex;

    return &records->counted[series][i * ALLOSTAT_AGE_GROUP_COUNT];
}

static study *study_new(const char *first_day, const char *last_day)
{
    study *self = calloc(1, sizeof *self);

    assert_non_null(self);
    assert_int_equal(allostat_scenario_defaults(&self->scenario, NULL), ALLOSTAT_OK);
    allostat_params *params = &self->scenario.epochs[0].params;
    assert_true(allostat_day_parse(first_day, &params->run_output_start));
    assert_true(allostat_day_parse(last_day, &params->run_end));
    params->geography_areas.count = 2;
    for (int r = 0; r < REPLICATES; r++) {
        assert_int_equal(
            allostat_records_init(&self->replicate[r], &self->scenario, NULL),
            ALLOSTAT_OK);
    }
    self->input.replicate = self->replicate;
    self->input.replicate_count = REPLICATES;
    return self;
}

static void summarise(study *self)
{
    assert_int_equal(allostat_summary_init(&self->summary, &self->input, NULL),
                     ALLOSTAT_OK);
}

static void study_free(study *self)
{
    for (int r = 0; r < REPLICATES; r++) allostat_records_free(&self->replicate[r]);
    allostat_scenario_free(&self->scenario);
    allostat_summary_free(&self->summary);
    free(self);
}

static void deaths_are_summed_over_a_year_and_averaged_over_replicates(void **state)
{
    study *self = study_new("2015-01-01", "2016-12-31");

    (void)state;
    for (int r = 0; r < REPLICATES; r++) {
        fill(&self->replicate[r], ALLOSTAT_COUNTED_overdose_deaths, r);
    }
    summarise(self);
    const double cells = 2 * ALLOSTAT_SEX_COUNT * ALLOSTAT_AGE_GROUP_COUNT;
    const allostat_estimate *deaths =
        &self->summary.year[1].simulated[ALLOSTAT_COLUMN_overdose_deaths];
    assert_int_equal(self->summary.year_count, 2);
    assert_int_equal(self->summary.year[1].year, 2016);
    check_close(deaths->mean, MONTHS * cells * 1.0, 0.0);
    check_close(deaths->low, 0.0, 0.0);
    check_close(deaths->high, MONTHS * cells * 2.0, 0.0);
    study_free(self);
}

static void people_are_averaged_over_the_months(void **state)
{
    study *self = study_new("2015-01-01", "2015-12-31");

    (void)state;
    for (int r = 0; r < REPLICATES; r++) {
        *cell(&self->replicate[r], ALLOSTAT_COUNTED_users, 0, 1, 0) = 24;
    }
    summarise(self);
    check_close(self->summary.year[0].simulated[ALLOSTAT_COLUMN_users].mean, 2.0, 0.0);
    study_free(self);
}

/* The first of each month of 2015. */
static void first_days(allostat_day day[MONTHS])
{
    for (int m = 0; m < MONTHS; m++)
        day[m] = allostat_month_first_day(2015 * MONTHS + m);
}

static double observed_deaths(study *self, const allostat_day *day, const double *value,
                              int32_t count)
{
    self->input.observed[ALLOSTAT_COLUMN_overdose_deaths] =
        (allostat_series){count, day, value, ALLOSTAT_INTERPOLATE_step};
    allostat_summary_free(&self->summary);
    summarise(self);
    return self->summary.year[0].observed[ALLOSTAT_COLUMN_overdose_deaths];
}

static void a_year_is_observed_only_when_all_its_months_are(void **state)
{
    study *self = study_new("2015-01-01", "2015-12-31");
    const double value[MONTHS] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    allostat_day day[MONTHS];

    (void)state;
    first_days(day);
    check_close(observed_deaths(self, day, value, MONTHS), 78.0, 0.0);
    assert_true(isnan(observed_deaths(self, day, value, MONTHS - 1)));
    day[11] += 3; /* not the first of the month: not that month's row */
    assert_true(isnan(observed_deaths(self, day, value, MONTHS)));
    study_free(self);
}

static void observed_clients_are_averaged_as_simulated_ones_are(void **state)
{
    study *self = study_new("2015-01-01", "2015-12-31");
    const double value[MONTHS] = {12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12};
    allostat_day day[MONTHS];

    (void)state;
    first_days(day);
    self->input.observed[ALLOSTAT_COLUMN_oat_clients] =
        (allostat_series){MONTHS, day, value, ALLOSTAT_INTERPOLATE_step};
    summarise(self);
    check_close(self->summary.year[0].observed[ALLOSTAT_COLUMN_oat_clients], 2.0, 0.0);
    study_free(self);
}

static void a_year_simulated_in_part_is_not_set_beside_a_whole_one(void **state)
{
    study *self = study_new("2015-02-01", "2016-01-31");
    const double value[MONTHS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    allostat_day day[MONTHS];

    (void)state;
    first_days(day);
    assert_true(isnan(observed_deaths(self, day, value, MONTHS)));
    assert_int_equal(self->summary.year[0].month_count, 11);
    assert_int_equal(self->summary.year[1].month_count, 1);
    study_free(self);
}

static void shares_are_of_all_deaths_of_the_window(void **state)
{
    study *self = study_new("2015-01-01", "2015-12-31");

    (void)state;
    for (int r = 0; r < REPLICATES; r++) {
        allostat_records *records = &self->replicate[r];
        const allostat_counted deaths = ALLOSTAT_COUNTED_overdose_deaths;
        *cell(records, deaths, 3, 0, ALLOSTAT_SEX_male) = 6;
        *cell(records, deaths, 4, 1, ALLOSTAT_SEX_male) = 1;
        *cell(records, deaths, 4, 1, ALLOSTAT_SEX_female) = 3;
        *cell(records, ALLOSTAT_COUNTED_overdose_deaths_alone, 4, 1, 0) = 5;
        *cell(records, ALLOSTAT_COUNTED_attended_overdoses, 0, 0, 0) = 40;
    }
    summarise(self);
    const allostat_window_summary *window = &self->summary.window[0];
    assert_int_equal(self->summary.window_count, 1);
    check_close(window->deaths_in_area[0].mean, 0.6, 1e-15);
    check_close(window->deaths_in_area[1].mean, 0.4, 1e-15);
    check_close(window->fact[ALLOSTAT_FACT_deaths_male].mean, 0.7, 1e-15);
    check_close(window->fact[ALLOSTAT_FACT_deaths_alone].mean, 0.5, 1e-15);
    check_close(window->fact[ALLOSTAT_FACT_deaths_per_attended_overdose].mean, 0.25,
                1e-15);
    study_free(self);
}

static void a_share_of_nothing_has_no_value(void **state)
{
    study *self = study_new("2015-01-01", "2015-12-31");

    (void)state;
    *cell(&self->replicate[1], ALLOSTAT_COUNTED_overdose_deaths, 0, 0,
          ALLOSTAT_SEX_male) = 1;
    summarise(self);
    const allostat_window_summary *window = &self->summary.window[0];
    assert_int_equal(window->fact[ALLOSTAT_FACT_deaths_male].replicate_count, 1);
    check_close(window->fact[ALLOSTAT_FACT_deaths_male].mean, 1.0, 0.0);
    assert_int_equal(
        window->fact[ALLOSTAT_FACT_deaths_per_attended_overdose].replicate_count, 0);
    assert_true(isnan(window->fact[ALLOSTAT_FACT_deaths_per_attended_overdose].mean));
    study_free(self);
}

static void facts_about_people_take_only_whole_years(void **state)
{
    study *self = study_new("2015-01-01", "2016-06-30");

    (void)state;
    for (int r = 0; r < REPLICATES; r++) {
        allostat_records *records = &self->replicate[r];
        const int32_t with[] = {20, 1000}, again[] = {5, 1000}, active[] = {80, 1000};
        const int32_t most[] = {7, 99};
        for (int y = 0; y < 2; y++) {
            records->yearly[ALLOSTAT_YEARLY_people_with_overdose][y] = with[y];
            records->yearly[ALLOSTAT_YEARLY_people_with_repeat_overdose][y] = again[y];
            records->yearly[ALLOSTAT_YEARLY_people_ever_active][y] = active[y];
            records->yearly[ALLOSTAT_YEARLY_most_overdoses_of_one_person][y] = most[y];
        }
    }
    summarise(self);
    const allostat_estimate *fact = self->summary.window[0].fact;
    check_close(fact[ALLOSTAT_FACT_repeat_overdose].mean, 0.25, 1e-15);
    check_close(fact[ALLOSTAT_FACT_active_people_with_overdose].mean, 0.25, 1e-15);
    check_close(fact[ALLOSTAT_FACT_most_overdoses_of_one_person].mean, 7.0, 0.0);
    study_free(self);
}

static void windows_are_those_that_were_simulated_whole(void **state)
{
    study *self = study_new("2015-01-01", "2020-12-31");

    (void)state;
    for (int r = 0; r < REPLICATES; r++) { /* February 2019: outside 2015 to 2018 */
        *cell(&self->replicate[r], ALLOSTAT_COUNTED_overdose_deaths, 49, 0, 1) = 3;
        *cell(&self->replicate[r], ALLOSTAT_COUNTED_overdose_deaths, 47, 1, 1) = 1;
    }
    summarise(self);
    assert_int_equal(self->summary.window_count, 2);
    assert_int_equal(self->summary.window[1].first, 2015 * MONTHS);
    assert_int_equal(self->summary.window[1].last, 2018 * MONTHS + 11);
    check_close(self->summary.window[0].deaths_in_area[0].mean, 0.75, 1e-15);
    check_close(self->summary.window[1].deaths_in_area[0].mean, 0.0, 0.0);
    study_free(self);
}

static void the_interval_is_a_range_until_there_are_forty_replicates(void **state)
{
    double value[41];

    (void)state;
    assert_int_equal(allostat_interval_of(1), ALLOSTAT_INTERVAL_none);
    assert_int_equal(allostat_interval_of(2), ALLOSTAT_INTERVAL_range);
    assert_int_equal(allostat_interval_of(39), ALLOSTAT_INTERVAL_range);
    assert_int_equal(allostat_interval_of(40), ALLOSTAT_INTERVAL_percentile);
    for (int i = 0; i < 41; i++)
        value[i] = (double)((i * 7) % 41); /* 0 to 40 in disorder */
    const allostat_estimate many = allostat_estimate_of(value, 41);
    check_close(many.mean, 20.0, 1e-12);
    check_close(many.low, 1.0, 1e-12);
    check_close(many.high, 39.0, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deaths_are_summed_over_a_year_and_averaged_over_replicates),
        cmocka_unit_test(people_are_averaged_over_the_months),
        cmocka_unit_test(a_year_is_observed_only_when_all_its_months_are),
        cmocka_unit_test(observed_clients_are_averaged_as_simulated_ones_are),
        cmocka_unit_test(a_year_simulated_in_part_is_not_set_beside_a_whole_one),
        cmocka_unit_test(shares_are_of_all_deaths_of_the_window),
        cmocka_unit_test(a_share_of_nothing_has_no_value),
        cmocka_unit_test(facts_about_people_take_only_whole_years),
        cmocka_unit_test(windows_are_those_that_were_simulated_whole),
        cmocka_unit_test(the_interval_is_a_range_until_there_are_forty_replicates),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
