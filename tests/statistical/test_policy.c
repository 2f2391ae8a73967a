/* What policies and the supply do to a tenth of the city, person by person the same;
 * and what must do nothing. */
#include "fixture.h"

#include "study/ensemble.h"

#include "unit/check.h"

#include <stdlib.h>

enum { REPLICATES_MAX = 8 };

typedef struct {
    allostat_scenario scenario;
    allostat_records records[REPLICATES_MAX];
    int32_t replicates;
} study;

static const char *const base[] = {"population.scale=0.1", "run.end=2017-12-31",
                                   "run.output_start=2015-01-01", "run.replicates=2"};
enum { BASE = 4 };

static void simulate(study *self)
{
    allostat_error error = {0};

    self->replicates = (int32_t)self->scenario.epochs[0].params.run_replicates;
    assert_in_range(self->replicates, 1, REPLICATES_MAX);
    if (allostat_ensemble_run(
            &(allostat_ensemble){&self->scenario, 0, NULL, NULL, NULL}, self->records,
            &error) != ALLOSTAT_OK)
        fail_msg("%s", error.message);
}

/* The base with up to two changes; a later one wins. */
static void run(study *self, const char *change, const char *second)
{
    const char *sets[BASE + 2];
    int32_t count = BASE;

    for (int32_t i = 0; i < BASE; i++) sets[i] = base[i];
    if (change != NULL) sets[count++] = change;
    if (second != NULL) sets[count++] = second;
    *self = (study){.replicates = 0};
    fixture_scenario(&self->scenario, sets, count);
    simulate(self);
}

static void study_free(study *self)
{
    for (int32_t r = 0; r < self->replicates; r++)
        allostat_records_free(&self->records[r]);
    allostat_scenario_free(&self->scenario);
}

static double of_month(const allostat_records *records, allostat_counted series,
                       int32_t month)
{
    const int32_t cells = allostat_records_cells(records);
    double total = 0.0;

    for (int32_t c = 0; c < cells; c++)
        total += records->counted[series][month * cells + c];
    return total;
}

/* Over all replicates and months. */
static double total(const study *self, allostat_counted series)
{
    double sum = 0.0;

    for (int32_t r = 0; r < self->replicates; r++) {
        for (int32_t m = 0; m < self->records[r].month_count; m++)
            sum += of_month(&self->records[r], series, m);
    }
    return sum;
}

static double monthly(const study *self, allostat_counted series)
{
    return total(self, series) / self->replicates / self->records[0].month_count;
}

/* The same people meet the same draws, so the difference is the kits and what follows
 * from those who live on: about one death in twenty. */
static void without_naloxone_more_people_die(void **state)
{
    (void)state;
    static study with, without;

    run(&with, "run.replicates=4", NULL);
    run(&without, "run.replicates=4", "naloxone.kits_shipped=0");
    const double lives = total(&without, ALLOSTAT_COUNTED_overdose_deaths) -
                         total(&with, ALLOSTAT_COUNTED_overdose_deaths);
    print_message("deaths: %.0f with kits, %.0f more without\n",
                  total(&with, ALLOSTAT_COUNTED_overdose_deaths), lives);
    assert_true(lives > 0.01 * total(&with, ALLOSTAT_COUNTED_overdose_deaths));
    assert_true(total(&with, ALLOSTAT_COUNTED_kits_used) > 0.0);
    check_close(total(&without, ALLOSTAT_COUNTED_kits_handed_out) +
                    total(&without, ALLOSTAT_COUNTED_kits_used) +
                    total(&without, ALLOSTAT_COUNTED_reversed_overdoses),
                0.0, 0.0);
    study_free(&with);
    study_free(&without);
}

static void without_fentanyl_there_are_far_fewer_overdoses(void **state)
{
    (void)state;
    static study with, without;

    run(&with, NULL, NULL);
    run(&without, "supply.fentanyl_share=0", NULL);
    assert_true(total(&without, ALLOSTAT_COUNTED_overdoses) <
                0.7 * total(&with, ALLOSTAT_COUNTED_overdoses));
    study_free(&with);
    study_free(&without);
}

static void the_same_people_come_whatever_the_policy(void **state)
{
    (void)state;
    static study with, without;

    run(&with, NULL, NULL);
    run(&without, "supply.fentanyl_share=0", "naloxone.kits_shipped=0");
    for (int32_t r = 0; r < with.replicates; r++) {
        const size_t bytes = (size_t)allostat_records_cells(&with.records[r]) *
                             (size_t)with.records[r].month_count * sizeof(int32_t);
        assert_memory_equal(with.records[r].counted[ALLOSTAT_COUNTED_arrivals],
                            without.records[r].counted[ALLOSTAT_COUNTED_arrivals],
                            bytes);
    }
    study_free(&with);
    study_free(&without);
}

static void assert_equal_records(const allostat_records *a, const allostat_records *b)
{
    const size_t months = (size_t)a->month_count, years = (size_t)a->year_count;
    const size_t cells = (size_t)allostat_records_cells(a);

    for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++)
        assert_memory_equal(a->counted[s], b->counted[s],
                            months * cells * sizeof(int32_t));
    for (int s = 0; s < ALLOSTAT_PLACED_COUNT; s++)
        assert_memory_equal(a->placed[s], b->placed[s],
                            months * ALLOSTAT_PLACE_COUNT * sizeof(int32_t));
    for (int s = 0; s < ALLOSTAT_CITY_COUNT; s++)
        assert_memory_equal(a->city[s], b->city[s], months * sizeof(int32_t));
    for (int s = 0; s < ALLOSTAT_AVERAGED_COUNT; s++)
        assert_memory_equal(a->mean[s], b->mean[s], months * sizeof(double));
    for (int s = 0; s < ALLOSTAT_YEARLY_COUNT; s++)
        assert_memory_equal(a->yearly[s], b->yearly[s], years * sizeof(int32_t));
}

/* An event of 10 March 2016 sets everything to what it is: a new epoch with the same
 * parameters. */
static void an_event_that_changes_nothing_changes_nothing(void **state)
{
    (void)state;
    static study plain, eventful;
    allostat_day day = 0;

    run(&plain, "population.scale=0.05", "run.end=2016-12-31");
    run(&eventful, "population.scale=0.05", "run.end=2016-12-31");
    for (int32_t r = 0; r < eventful.replicates; r++)
        allostat_records_free(&eventful.records[r]);
    allostat_scenario *scenario = &eventful.scenario;
    allostat_epoch *loaded = scenario->epochs;
    const int32_t count = scenario->epoch_count;
    allostat_epoch *epochs = calloc((size_t)count + 1, sizeof *epochs);
    assert_non_null(epochs);
    assert_true(allostat_day_parse("2016-03-10", &day));
    int32_t before = 0;
    while (before < count && loaded[before].first_day <= day) before++;
    for (int32_t i = 0; i <= count; i++) epochs[i] = loaded[i < before ? i : i - 1];
    epochs[before].first_day = day;
    scenario->epochs = epochs;
    scenario->epoch_count = count + 1;
    assert_ptr_not_equal(allostat_scenario_params(scenario, day - 1),
                         allostat_scenario_params(scenario, day));
    simulate(&eventful);
    for (int32_t r = 0; r < plain.replicates; r++)
        assert_equal_records(&plain.records[r], &eventful.records[r]);
    scenario->epochs = loaded;
    scenario->epoch_count = count;
    free(epochs);
    study_free(&plain);
    study_free(&eventful);
}

static void twice_the_scale_gives_about_twice_the_counts(void **state)
{
    (void)state;
    static study small, large;
    static const struct {
        allostat_counted series;
        double tolerance; /* about five standard errors of the ratio */
    } looked_at[] = {
        {ALLOSTAT_COUNTED_residents, 0.005},      {ALLOSTAT_COUNTED_users, 0.08},
        {ALLOSTAT_COUNTED_active_users, 0.10},    {ALLOSTAT_COUNTED_doses, 0.12},
        {ALLOSTAT_COUNTED_overdoses, 0.25},       {ALLOSTAT_COUNTED_oat_clients, 0.05},
        {ALLOSTAT_COUNTED_kits_handed_out, 0.10},
    };

    run(&small, NULL, NULL);
    run(&large, "population.scale=0.2", NULL);
    for (size_t i = 0; i < sizeof looked_at / sizeof looked_at[0]; i++) {
        check_close(total(&large, looked_at[i].series) /
                        total(&small, looked_at[i].series),
                    2.0, 2.0 * looked_at[i].tolerance);
    }
    study_free(&small);
    study_free(&large);
}

/* Differences of two pairs of replicates: what the months and areas share cancels. With
 * 216 cells the standard error of a correlation is 0.07. */
static void replicates_differ_and_know_nothing_of_each_other(void **state)
{
    (void)state;
    static study self;
    double ab = 0.0, aa = 0.0, bb = 0.0, counts = 0.0;

    run(&self, "run.replicates=4", NULL);
    const int32_t cells = allostat_records_cells(&self.records[0]);
    const int32_t areas = self.records[0].area_count;
    for (int32_t i = 0; i < self.records[0].month_count * areas; i++) {
        double x[4] = {0.0};
        for (int32_t r = 0; r < 4; r++) {
            for (int32_t c = 0; c < cells / areas; c++)
                x[r] +=
                    self.records[r]
                        .counted[ALLOSTAT_COUNTED_overdoses][i * (cells / areas) + c];
            counts += x[r];
        }
        ab += (x[0] - x[1]) * (x[2] - x[3]);
        aa += (x[0] - x[1]) * (x[0] - x[1]);
        bb += (x[2] - x[3]) * (x[2] - x[3]);
    }
    print_message("correlation %.3f, dispersion %.2f\n", ab / sqrt(aa * bb),
                  (aa + bb) / counts);
    assert_true(fabs(ab / sqrt(aa * bb)) < 0.34);
    assert_true((aa + bb) / counts > 0.7 && (aa + bb) / counts < 2.5); /* Poisson: 1 */
    study_free(&self);
}

static void clients_in_treatment_follow_the_series(void **state)
{
    (void)state;
    static study self;

    run(&self, NULL, NULL);
    const allostat_params *params = &self.scenario.epochs[0].params;
    for (int32_t r = 0; r < self.replicates; r++) {
        for (int32_t m = 0; m < self.records[r].month_count; m++) {
            const allostat_day day =
                allostat_month_first_day(self.records[r].first_month + m);
            check_relative(of_month(&self.records[r], ALLOSTAT_COUNTED_oat_clients, m),
                           0.1 * allostat_series_value(&params->oat_clients, day),
                           0.10);
        }
    }
    study_free(&self);
}

/* A city in which nobody takes street opioids has no deaths but those of the
 * projection: what is left is the chance of about 5,000 departures and deaths a year,
 * and ages that move on by whole months. */
static void residents_follow_the_series_of_the_statistical_office(void **state)
{
    (void)state;
    static study self;
    allostat_projection projection;
    allostat_error error = {0};

    run(&self, "users.initial_count=0", "first_use.scale=0");
    const allostat_params *params = &self.scenario.epochs[0].params;
    assert_int_equal(allostat_projection_init(&projection, &self.scenario, &error),
                     ALLOSTAT_OK);
    const double adults =
        (double)projection.initial_total /
        allostat_series_value(&params->population_residents, params->run_start);
    for (int32_t m = 0; m < self.records[0].month_count; m++) {
        const allostat_day day =
            allostat_month_first_day(self.records[0].first_month + m);
        check_relative(
            of_month(&self.records[0], ALLOSTAT_COUNTED_residents, m),
            adults * allostat_series_value(&params->population_residents, day), 0.01);
    }
    assert_true(total(&self, ALLOSTAT_COUNTED_active_users) == 0.0);
    assert_true(total(&self, ALLOSTAT_COUNTED_first_uses) == 0.0);
    assert_true(total(&self, ALLOSTAT_COUNTED_overdose_deaths) == 0.0);
    allostat_projection_free(&projection);
    study_free(&self);
}

static void visits_to_sites_follow_the_series(void **state)
{
    (void)state;
    static study self;
    double wanted = 0.0;

    run(&self, NULL, NULL);
    const allostat_params *params = &self.scenario.epochs[0].params;
    for (int32_t m = 0; m < self.records[0].month_count; m++) {
        wanted += 0.1 * allostat_series_value(
                            &params->sites_visits,
                            allostat_month_first_day(self.records[0].first_month + m));
    }
    check_relative(monthly(&self, ALLOSTAT_COUNTED_site_visits) *
                       self.records[0].month_count,
                   wanted, 0.10);
    study_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_naloxone_more_people_die),
        cmocka_unit_test(without_fentanyl_there_are_far_fewer_overdoses),
        cmocka_unit_test(the_same_people_come_whatever_the_policy),
        cmocka_unit_test(an_event_that_changes_nothing_changes_nothing),
        cmocka_unit_test(twice_the_scale_gives_about_twice_the_counts),
        cmocka_unit_test(replicates_differ_and_know_nothing_of_each_other),
        cmocka_unit_test(clients_in_treatment_follow_the_series),
        cmocka_unit_test(residents_follow_the_series_of_the_statistical_office),
        cmocka_unit_test(visits_to_sites_follow_the_series),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
