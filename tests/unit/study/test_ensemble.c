#include "defaults.h"

#include "study/ensemble.h"

#include <string.h>

enum { REPLICATES = 3, MONTHS = 2, FIRST_DAYS = 31, DAYS = 31 + 29 };

typedef struct {
    allostat_epoch epoch;
    allostat_scenario scenario;
    allostat_records records[REPLICATES];
} study;

static void study_init(study *self, void **state)
{
    allostat_params *params = &self->epoch.params;

    memset(self, 0, sizeof *self);
    *params = defaults_copy(state);
    params->population_scale = 0.01;
    params->users_initial_count = 100000.0;
    params->run_replicates = REPLICATES;
    params->run_output_start = params->run_start;
    assert_true(allostat_day_parse("2012-02-29", &params->run_end));
    self->epoch.first_day = params->run_start;
    self->scenario = (allostat_scenario){.epoch_count = 1, .epochs = &self->epoch};
}

static void study_free(study *self)
{
    for (int r = 0; r < REPLICATES; r++) allostat_records_free(&self->records[r]);
}

typedef struct {
    int64_t last, total, stop_after;
    int32_t calls;
} follower;

static bool follow(void *context, int64_t days_done, int64_t days_total)
{
    follower *self = context;

    self->calls++;
    self->last = days_done > self->last ? days_done : self->last;
    self->total = days_total;
    return self->stop_after == 0 || days_done < self->stop_after;
}

static const int32_t *doses(const study *self, int32_t replicate)
{
    return self->records[replicate].counted[ALLOSTAT_COUNTED_doses];
}

static void progress_is_told_of_every_month_of_every_replicate(void **state)
{
    static study self;
    follower told = {0};
    allostat_error error = {0};

    study_init(&self, state);
    assert_int_equal(allostat_ensemble_run(
                         &(allostat_ensemble){&self.scenario, 1, follow, &told, NULL},
                         self.records, &error),
                     ALLOSTAT_OK);
    assert_int_equal(told.calls, REPLICATES * MONTHS);
    assert_int_equal(told.last, REPLICATES * DAYS);
    assert_int_equal(told.total, REPLICATES * DAYS);
    study_free(&self);
}

static void a_run_stops_when_progress_says_so(void **state)
{
    static study self;

    for (int32_t threads = 1; threads <= 3; threads += 2) {
        follower told = {.stop_after = 10};
        allostat_error error = {0};

        study_init(&self, state);
        assert_int_equal(
            allostat_ensemble_run(
                &(allostat_ensemble){&self.scenario, threads, follow, &told, NULL},
                self.records, &error),
            ALLOSTAT_ERROR_STOPPED);
        assert_int_equal(error.status, ALLOSTAT_ERROR_STOPPED);
        assert_in_range(told.last, FIRST_DAYS, threads * FIRST_DAYS);
        study_free(&self);
    }
}

static void results_do_not_depend_on_threads_and_replicates_differ(void **state)
{
    static study one, many;
    static const int32_t threads[] = {2, 3, 7};
    allostat_error error = {0};

    study_init(&one, state);
    assert_int_equal(
        allostat_ensemble_run(&(allostat_ensemble){&one.scenario, 1, NULL, NULL, NULL},
                              one.records, &error),
        ALLOSTAT_OK);
    const size_t bytes =
        (size_t)allostat_records_cells(&one.records[0]) * 2 * sizeof(int32_t);
    assert_memory_not_equal(doses(&one, 0), doses(&one, 1), bytes);
    assert_memory_not_equal(doses(&one, 1), doses(&one, 2), bytes);
    for (size_t t = 0; t < 3; t++) {
        study_init(&many, state);
        assert_int_equal(
            allostat_ensemble_run(
                &(allostat_ensemble){&many.scenario, threads[t], NULL, NULL, NULL},
                many.records, &error),
            ALLOSTAT_OK);
        for (int32_t r = 0; r < REPLICATES; r++)
            assert_memory_equal(doses(&one, r), doses(&many, r), bytes);
        study_free(&many);
    }
    study_free(&one);
}

/* The others only stop because one failed: the failure is what is told. */
static void the_failure_of_a_replicate_is_that_of_the_run(void **state)
{
    static study self;
    static const allostat_schedule_row children[] = {{ALLOSTAT_SEX_female, 0, 14, 9.0}};

    for (int32_t threads = 1; threads <= 3; threads++) {
        allostat_error error = {0};

        study_init(&self, state);
        self.epoch.params.population_age_structure = (allostat_schedule){1, children};
        assert_int_equal(
            allostat_ensemble_run(
                &(allostat_ensemble){&self.scenario, threads, NULL, NULL, NULL},
                self.records, &error),
            ALLOSTAT_ERROR_DATA);
        assert_int_equal(error.status, ALLOSTAT_ERROR_DATA);
        study_free(&self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_is_told_of_every_month_of_every_replicate),
        cmocka_unit_test(a_run_stops_when_progress_says_so),
        cmocka_unit_test(results_do_not_depend_on_threads_and_replicates_differ),
        cmocka_unit_test(the_failure_of_a_replicate_is_that_of_the_run),
    };
    return RUN_WITH_DEFAULTS("ensemble", tests);
}
