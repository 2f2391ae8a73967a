#include "defaults.h"

#include "params/past.h"

#include <string.h>

/* Two scenarios of defaults with a second epoch from `change` on. */
typedef struct {
    allostat_epoch epoch[2][2];
    allostat_scenario scenario[2];
    allostat_day change;
} pair;

static void pair_init(pair *self, void **state)
{
    assert_true(allostat_day_parse("2015-03-01", &self->change));
    for (int s = 0; s < 2; s++) {
        for (int e = 0; e < 2; e++) self->epoch[s][e].params = defaults_copy(state);
        self->epoch[s][0].first_day = self->epoch[s][0].params.run_start;
        self->epoch[s][1].first_day = self->change;
        self->scenario[s] =
            (allostat_scenario){.epoch_count = 2, .epochs = self->epoch[s]};
    }
}

static allostat_status compare(const pair *self, const char *date,
                               allostat_error *error)
{
    allostat_day day = 0;

    assert_true(allostat_day_parse(date, &day));
    return allostat_scenario_same_past(&self->scenario[0], &self->scenario[1], day,
                                       error);
}

static void a_value_may_differ_from_the_date_on(void **state)
{
    static pair self;
    allostat_error error = {0};

    pair_init(&self, state);
    self.epoch[1][1].params.naloxone_handed_out_share = 0.9;
    assert_int_equal(compare(&self, "2015-03-01", &error), ALLOSTAT_OK);
    assert_int_equal(compare(&self, "2015-04-01", &error), ALLOSTAT_ERROR_DATA);
    assert_non_null(strstr(error.message, "naloxone.handed_out_share"));
    assert_non_null(strstr(error.message, "2015-03-01"));
}

static void names_and_the_window_have_no_say(void **state)
{
    static pair self;
    allostat_error error = {0};

    pair_init(&self, state);
    for (int e = 0; e < 2; e++) {
        allostat_params *params = &self.epoch[1][e].params;
        snprintf(params->run_name, sizeof params->run_name, "another");
        params->run_end++;
        params->run_output_start--;
        params->run_replicates++;
    }
    assert_int_equal(compare(&self, "2020-01-01", &error), ALLOSTAT_OK);
}

static void every_kind_of_parameter_is_compared(void **state)
{
    static pair self;
    static const allostat_schedule_row row[] = {{ALLOSTAT_SEX_female, 0, 50, 0.1}};
    allostat_error error = {0};

#define DIFFERS(member, value, path)                                             \
    pair_init(&self, state);                                                     \
    self.epoch[1][0].params.member = (value);                                    \
    assert_int_equal(compare(&self, "2014-01-01", &error), ALLOSTAT_ERROR_DATA); \
    assert_non_null(strstr(error.message, path))
    DIFFERS(traits_frailty_sd, 1.25, "traits.frailty_sd was 1.5");
    DIFFERS(run_seed, 7, "run.seed was 1");
    DIFFERS(mechanisms_ties, false, "mechanisms.ties was true");
    DIFFERS(oat_stop_scale[1], 99.0, "oat.stop_scale");
    DIFFERS(geography_areas.label[0][0], 'X', "geography.areas");
    DIFFERS(population_departure_rate, ((allostat_schedule){1, row}),
            "population.departure_rate");
#undef DIFFERS
}

static void of_a_dated_series_only_the_days_lived_count(void **state)
{
    static pair self;
    static const allostat_day day[] = {0, 16500}; /* 16500: 2015-03-06 */
    static const double same[] = {0.1, 0.1}, other[] = {0.1, 0.2};
    allostat_error error = {0};

    pair_init(&self, state);
    for (int e = 0; e < 2; e++) {
        self.epoch[0][e].params.sites_visits =
            (allostat_series){2, day, same, ALLOSTAT_INTERPOLATE_step};
        self.epoch[1][e].params.sites_visits =
            (allostat_series){2, day, other, ALLOSTAT_INTERPOLATE_step};
    }
    assert_int_equal(compare(&self, "2015-03-01", &error), ALLOSTAT_OK);
    assert_int_equal(compare(&self, "2015-04-01", &error), ALLOSTAT_ERROR_DATA);
}

static void a_fixed_series_is_compared_whole(void **state)
{
    static pair self;
    static const allostat_day day[] = {0, 20000};
    static const double same[] = {1000.0, 1000.0}, other[] = {1000.0, 1001.0};
    allostat_error error = {0};

    pair_init(&self, state);
    for (int e = 0; e < 2; e++) {
        self.epoch[0][e].params.population_residents =
            (allostat_series){2, day, same, ALLOSTAT_INTERPOLATE_step};
        self.epoch[1][e].params.population_residents =
            (allostat_series){2, day, other, ALLOSTAT_INTERPOLATE_step};
    }
    assert_int_equal(compare(&self, "2013-01-01", &error), ALLOSTAT_ERROR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_may_differ_from_the_date_on),
        cmocka_unit_test(names_and_the_window_have_no_say),
        cmocka_unit_test(every_kind_of_parameter_is_compared),
        cmocka_unit_test(of_a_dated_series_only_the_days_lived_count),
        cmocka_unit_test(a_fixed_series_is_compared_whole),
    };

    return RUN_WITH_DEFAULTS("past", tests);
}
