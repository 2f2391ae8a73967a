#include "check.h"

#include "study/value.h"
#include "study/value_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two months of 31 and 28 days, two areas; a base and a policy of some replicates, all
 * zero until a test says otherwise. */
enum { REPLICATES = 3, JANUARY = 12 * 2015, FEBRUARY = JANUARY + 1 };
static const double year = 365.25;
static const allostat_people_part everybody = {-1, -1, -1, -1};

typedef struct {
    allostat_scenario scenario;
    allostat_records base[REPLICATES], policy[REPLICATES];
    allostat_results base_results, policy_results;
    allostat_value_contrast contrast;
} study;

static allostat_params *params_of(study *self)
{
    return &self->scenario.epochs[0].params;
}

static int setup(void **state)
{
    study *self = calloc(1, sizeof *self);
    allostat_error error = {0};

    if (self == NULL) return -1;
    *state = self;
    if (allostat_scenario_defaults(&self->scenario, &error) != ALLOSTAT_OK) return -1;
    allostat_params *params = params_of(self);
    (void)allostat_day_parse("2015-01-01", &params->run_output_start);
    (void)allostat_day_parse("2015-02-28", &params->run_end);
    params->geography_areas.count = 2;
    params->value_discount_rate = 0.0;
    params->value_inflation = 0.0;
    params->value_draws = 1;
    for (int r = 0; r < REPLICATES; r++) {
        if (allostat_records_init(&self->base[r], &self->scenario, &error) !=
                ALLOSTAT_OK ||
            allostat_records_init(&self->policy[r], &self->scenario, &error) !=
                ALLOSTAT_OK) {
            return -1;
        }
    }
    self->base_results =
        (allostat_results){&self->scenario, NULL, self->base, REPLICATES};
    self->policy_results =
        (allostat_results){&self->scenario, NULL, self->policy, REPLICATES};
    return 0;
}

static int teardown(void **state)
{
    study *self = *state;

    for (int r = 0; r < REPLICATES; r++) {
        allostat_records_free(&self->base[r]);
        allostat_records_free(&self->policy[r]);
    }
    allostat_value_contrast_free(&self->contrast);
    allostat_scenario_free(&self->scenario);
    free(self);
    return 0;
}

/* The youngest women of an area. */
static int32_t *cell(allostat_records *records, allostat_counted series, int month,
                     int area)
{
    return &records->counted[series][(month * 2 + area) * ALLOSTAT_SEX_COUNT *
                                     ALLOSTAT_AGE_GROUP_COUNT];
}

static double sum_part(study *self, allostat_measure measure, allostat_people_part part,
                       allostat_month first, allostat_month last)
{
    allostat_value_terms *terms = NULL;
    allostat_error error = {0};

    assert_int_equal(
        allostat_value_terms_make(&terms, params_of(self), JANUARY, &error),
        ALLOSTAT_OK);
    double sum[ALLOSTAT_MEASURE_COUNT];
    allostat_value_sum(terms, &self->base[0], part, first, last, sum);
    allostat_value_terms_free(terms);
    return sum[measure];
}

static double sum(study *self, allostat_measure measure)
{
    return sum_part(self, measure, everybody, JANUARY, FEBRUARY);
}

static void contrast(study *self)
{
    allostat_error error = {0};

    allostat_value_contrast_free(&self->contrast);
    assert_int_equal(allostat_value_contrast_init(&self->contrast, &self->base_results,
                                                  &self->policy_results, 0, 0, &error),
                     ALLOSTAT_OK);
}

static void days_at_their_utility_make_qalys(void **state)
{
    study *self = *state;

    *cell(&self->base[0], ALLOSTAT_COUNTED_days_never_used, 0, 0) = 310;
    *cell(&self->base[0], ALLOSTAT_COUNTED_days_active_injecting, 0, 0) = 62;
    *cell(&self->base[0], ALLOSTAT_COUNTED_days_on_methadone, 1, 1) = 28;
    *cell(&self->base[0], ALLOSTAT_COUNTED_days_with_ptsd, 1, 1) = 14;
    *cell(&self->base[0], ALLOSTAT_COUNTED_days_in_overdose_month, 0, 0) = 31;
    *cell(&self->base[0], ALLOSTAT_COUNTED_men_with_hypogonadism, 1, 0) = 2;
    const double january = 310 * 0.848 + 62 * 0.574 - 31 * 0.2109;
    const double february = 28 * 0.7617 - 14 * 0.10 - 2 * 28 * 0.02;
    check_close(sum(self, ALLOSTAT_MEASURE_qalys), (january + february) / year, 1e-12);
    check_close(sum_part(self, ALLOSTAT_MEASURE_qalys, everybody, FEBRUARY, FEBRUARY),
                february / year, 1e-12);
    check_close(sum_part(self, ALLOSTAT_MEASURE_qalys,
                         (allostat_people_part){1, -1, -1, -1}, JANUARY, FEBRUARY),
                (28 * 0.7617 - 14 * 0.10) / year, 1e-12);
    check_close(sum_part(self, ALLOSTAT_MEASURE_qalys,
                         (allostat_people_part){-1, ALLOSTAT_SEX_male, -1, -1}, JANUARY,
                         FEBRUARY),
                0.0, 0.0);
}

static void an_injury_keeps_a_share_of_the_mean_utility_of_the_month(void **state)
{
    study *self = *state;

    *cell(&self->base[0], ALLOSTAT_COUNTED_days_active_injecting, 0, 0) = 93;
    *cell(&self->base[0], ALLOSTAT_COUNTED_days_abstinent, 0, 1) = 31;
    *cell(&self->base[0], ALLOSTAT_COUNTED_days_with_brain_injury, 0, 0) = 31;
    const double mean = (93 * 0.574 + 31 * 0.7109) / 124;
    const double all = 93 * 0.574 + 31 * 0.7109 - 31 * 0.3 * mean;
    check_close(sum(self, ALLOSTAT_MEASURE_qalys), all / year, 1e-12);
    /* parts add up to the whole */
    const double parts =
        sum_part(self, ALLOSTAT_MEASURE_qalys, (allostat_people_part){0, -1, -1, -1},
                 JANUARY, FEBRUARY) +
        sum_part(self, ALLOSTAT_MEASURE_qalys, (allostat_people_part){1, -1, -1, -1},
                 JANUARY, FEBRUARY);
    check_close(parts, all / year, 1e-12);
}

static void what_is_used_costs_the_payer_and_crime_costs_society(void **state)
{
    study *self = *state;

    *cell(&self->base[0], ALLOSTAT_COUNTED_attended_overdoses, 0, 0) = 2;
    *cell(&self->base[0], ALLOSTAT_COUNTED_people_in_detox, 1, 0) = 3;
    *cell(&self->base[0], ALLOSTAT_COUNTED_days_active_injecting, 0, 1) = 31;
    *cell(&self->base[0], ALLOSTAT_COUNTED_kits_handed_out, 1, 1) = 4;
    const double overdoses = 2 * (518.25 + 125.0 + 7316.72 * 0.20);
    const double detox = 3 * 28 * 400.0; /* a stock, for every day of February */
    const double care = 31 * 240.0 / (year / 12);
    const double kits = 4 * 156.2 * 1.35;
    const double payer = overdoses + detox + care + kits;
    check_close(sum(self, ALLOSTAT_MEASURE_cost_payer), payer, 1e-9);
    check_close(sum(self, ALLOSTAT_MEASURE_cost_society), payer + 31 * 30000.0 / year,
                1e-9);
    check_close(sum_part(self, ALLOSTAT_MEASURE_cost_payer,
                         (allostat_people_part){0, -1, -1, -1}, JANUARY, FEBRUARY),
                overdoses + detox, 1e-9);
}

/* What is known of the city only cannot be told apart by area. */
static void a_cost_of_the_whole_city_is_in_no_part(void **state)
{
    study *self = *state;

    self->base[0].city[ALLOSTAT_CITY_outreach_contacts][0] = 5;
    self->base[0].city[ALLOSTAT_CITY_people_in_housing_first][1] = 2; /* a stock */
    check_close(sum(self, ALLOSTAT_MEASURE_cost_payer), 5 * 80.0 + 2 * 28 * 60.0, 1e-9);
    check_close(sum_part(self, ALLOSTAT_MEASURE_cost_payer,
                         (allostat_people_part){0, -1, -1, -1}, JANUARY, FEBRUARY),
                0.0, 0.0);
}

static void prices_rise_to_the_year_in_which_costs_are_told(void **state)
{
    study *self = *state;

    *cell(&self->base[0], ALLOSTAT_COUNTED_site_visits, 0, 0) = 1;
    params_of(self)->value_inflation = 0.02;
    params_of(self)->value_price_year = 2022;
    check_close(sum(self, ALLOSTAT_MEASURE_cost_payer), 30.0 * 1.02 * 1.02, 1e-9);
}

static void later_months_are_discounted_to_the_first(void **state)
{
    study *self = *state;

    *cell(&self->base[0], ALLOSTAT_COUNTED_site_visits, 0, 0) = 1;
    *cell(&self->base[0], ALLOSTAT_COUNTED_site_visits, 1, 0) = 1;
    params_of(self)->value_discount_rate = 0.03;
    check_close(sum(self, ALLOSTAT_MEASURE_cost_payer),
                30.0 * (1.0 + pow(1.03, -1.0 / 12)), 1e-9);
}

static void a_group_has_qalys_and_no_costs(void **state)
{
    study *self = *state;
    const allostat_people_part fearful = {-1, -1, -1, ALLOSTAT_GROUP_fearful};
    const int i = ALLOSTAT_GROUP_COUNT + ALLOSTAT_GROUP_fearful; /* February */

    *cell(&self->base[0], ALLOSTAT_COUNTED_days_never_used, 1, 0) = 1000;
    self->base[0].grouped[ALLOSTAT_GROUPED_days_abstinent_by_group][i] = 280;
    self->base[0].grouped[ALLOSTAT_GROUPED_days_with_ptsd_by_group][i] = 28;
    check_close(sum_part(self, ALLOSTAT_MEASURE_qalys, fearful, JANUARY, FEBRUARY),
                (280 * 0.7109 - 28 * 0.10) / year, 1e-12);
    assert_true(
        isnan(sum_part(self, ALLOSTAT_MEASURE_cost_payer, fearful, JANUARY, FEBRUARY)));
}

static void every_health_state_has_a_utility(void **state)
{
    (void)state;
    static const allostat_counted states[] = {
        ALLOSTAT_COUNTED_days_never_used,
#define STATE(name) ALLOSTAT_COUNTED_days_##name,
#define TREATED(...)
#include "tables/days.def"
#undef STATE
#undef TREATED
    };

    for (size_t s = 0; s < sizeof states / sizeof states[0]; s++) {
        int found = 0;

        for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
            const allostat_value_row *row = &allostat_value_rows[r];
            found += row->counted == (int32_t)states[s] &&
                     (row->kind == ALLOSTAT_VALUE_utility ||
                      row->kind == ALLOSTAT_VALUE_others);
        }
        assert_int_equal(found, 1);
    }
}

/* Each of the parameters a row names changes the value of a run that has something of
 * everything. */
static void every_parameter_of_the_table_has_an_effect(void **state)
{
    study *self = *state;

    for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++)
        *cell(&self->base[0], (allostat_counted)s, 0, 0) = 100;
    for (int s = 0; s < ALLOSTAT_CITY_COUNT; s++) self->base[0].city[s][0] = 100;
    for (int r = 0; r < 2 * ALLOSTAT_VALUE_ROW_COUNT; r++) {
        const allostat_value_row *row = &allostat_value_rows[r / 2];
        const int32_t id = r % 2 ? row->factor : row->parameter;
        if (id < 0) continue;
        double *value = (double *)(void *)((char *)params_of(self) +
                                           allostat_param_table[id].offset);
        const double before = sum(self, ALLOSTAT_MEASURE_qalys) +
                              sum(self, ALLOSTAT_MEASURE_cost_society);
        const double kept = *value;
        *value *= 1.1;
        const double after = sum(self, ALLOSTAT_MEASURE_qalys) +
                             sum(self, ALLOSTAT_MEASURE_cost_society);
        *value = kept;
        assert_true(fabs(after - before) > 1e-6);
    }
}

static void draws_reach_both_ends_and_have_the_value_as_their_mean(void **state)
{
    (void)state;
    check_close(allostat_value_quantile(1.0, 2.0, 5.0, 0.0), 1.0, 1e-12);
    check_close(allostat_value_quantile(1.0, 2.0, 5.0, 0.75), 2.0, 1e-12);
    check_close(allostat_value_quantile(1.0, 2.0, 5.0, 1.0), 5.0, 1e-12);
    check_close(allostat_value_quantile(1.0, 2.0, 5.0, 0.1875), 1.5, 1e-12);
    check_close(allostat_value_quantile(2.0, 2.0, 2.0, 0.4), 2.0, 1e-12);
    check_close(allostat_value_quantile(2.0, 2.0, 3.0, 0.4), 2.0, 1e-12);
    double mean = 0.0;
    for (int i = 0; i < 1000; i++)
        mean += allostat_value_quantile(1.0, 2.0, 6.0, (i + 0.5) / 1000) / 1000;
    check_close(mean, 2.0, 1e-3);
}

static void draws_lie_in_their_ranges_and_are_the_same_again(void **state)
{
    const study *self = *state;
    const allostat_params *params = &self->scenario.epochs[0].params;
    double parameter[ALLOSTAT_PARAM_COUNT], again[ALLOSTAT_PARAM_COUNT];
    double first = 0.0;
    int different = 0;

    for (uint32_t d = 0; d < 100; d++) {
        allostat_value_draw(params, d, parameter);
        allostat_value_draw(params, d, again);
        for (int r = 0; r < ALLOSTAT_VALUE_ROW_COUNT; r++) {
            const int32_t id = allostat_value_rows[r].parameter;
            assert_true(parameter[id] >= allostat_param_table[id].low);
            assert_true(parameter[id] <= allostat_param_table[id].high);
            check_close(parameter[id], again[id], 0.0);
        }
        const double one = parameter[ALLOSTAT_PARAM_value_site_visit];
        different += d > 0 && one != first;
        first = one;
    }
    assert_int_equal(different, 99);
}

static void the_verdict_has_a_word_for_every_quadrant(void **state)
{
    (void)state;
    assert_string_equal(allostat_value_verdict(1, -1), "dominant");
    assert_string_equal(allostat_value_verdict(1, 0), "dominant");
    assert_string_equal(allostat_value_verdict(0, -1), "dominant");
    assert_string_equal(allostat_value_verdict(-1, 1), "dominated");
    assert_string_equal(allostat_value_verdict(0, 1), "dominated");
    assert_string_equal(allostat_value_verdict(-1, 0), "dominated");
    assert_string_equal(allostat_value_verdict(1, 1), "costs more, gains more");
    assert_string_equal(allostat_value_verdict(-1, -1), "saves, loses health");
    assert_string_equal(allostat_value_verdict(0, 0), "no difference");
}

static void a_policy_that_costs_and_gains_has_a_ratio(void **state)
{
    study *self = *state;

    for (int r = 0; r < REPLICATES; r++) {
        *cell(&self->policy[r], ALLOSTAT_COUNTED_days_never_used, 0, 0) = 3652500;
        *cell(&self->policy[r], ALLOSTAT_COUNTED_site_visits, 1, 0) = 1000 * (r + 1);
    }
    contrast(self);
    const allostat_value_contrast *c = &self->contrast;
    assert_int_equal(c->point_count, REPLICATES);
    check_close(c->qalys.mean, 8480.0, 1e-6);
    check_close(c->cost_payer.mean, 60000.0, 1e-6);
    check_close(c->icer_payer, 60000.0 / 8480.0, 1e-9);
    assert_string_equal(c->verdict, "costs more, gains more");
    check_close(c->point[2].cost_payer, 90000.0, 1e-6);
    check_close(c->net_payer.mean, 50000.0 * 8480.0 - 60000.0, 1e-3);
    assert_int_equal(c->year_count, 1);
    assert_int_equal(c->year[0], 2015);
    check_close(c->budget[0].mean, 60000.0, 1e-6);
    check_close(c->budget[0].high, 90000.0, 1e-6);
    /* at nothing for a QALY nobody accepts, at the highest everybody does */
    check_close(c->acceptable_payer[0], 0.0, 0.0);
    check_close(c->acceptable_payer[ALLOSTAT_CEAC_POINTS - 1], 1.0, 0.0);
    check_close(c->net_benefit_payer[0], -60000.0, 1e-6);
    check_close(c->willingness[ALLOSTAT_CEAC_POINTS - 1], 200000.0, 1e-9);
}

static void acceptability_is_the_share_of_points_worth_their_cost(void **state)
{
    study *self = *state;

    /* 1000 QALYs each; 5, 10 and 15 million CAD: 5, 10 and 15 thousand a QALY */
    params_of(self)->value_utility_never_used = 1.0;
    params_of(self)->value_site_visit = 50.0;
    params_of(self)->value_ceac_highest = 40000.0;
    for (int r = 0; r < REPLICATES; r++) {
        *cell(&self->policy[r], ALLOSTAT_COUNTED_days_never_used, 0, 0) = 365250;
        *cell(&self->policy[r], ALLOSTAT_COUNTED_site_visits, 1, 0) = 100000 * (r + 1);
    }
    contrast(self);
    check_close(self->contrast.acceptable_payer[4], 0.0, 0.0);
    check_close(self->contrast.acceptable_payer[7], 1.0 / 3, 1e-12);
    check_close(self->contrast.acceptable_payer[12], 2.0 / 3, 1e-12);
    check_close(self->contrast.acceptable_society[17], 1.0, 0.0);
    for (int i = 1; i < ALLOSTAT_CEAC_POINTS; i++)
        assert_true(self->contrast.acceptable_payer[i] >=
                    self->contrast.acceptable_payer[i - 1]);
}

static void a_policy_that_saves_and_gains_is_dominant_without_a_ratio(void **state)
{
    study *self = *state;

    for (int r = 0; r < REPLICATES; r++) {
        *cell(&self->policy[r], ALLOSTAT_COUNTED_days_never_used, 0, 0) = 365;
        *cell(&self->base[r], ALLOSTAT_COUNTED_site_visits, 0, 0) = 10;
    }
    contrast(self);
    assert_string_equal(self->contrast.verdict, "dominant");
    assert_true(isnan(self->contrast.icer_payer));
    check_close(self->contrast.acceptable_payer[0], 1.0, 0.0);
}

static void a_run_against_itself_makes_no_difference(void **state)
{
    study *self = *state;

    params_of(self)->value_draws = 20;
    for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        for (int r = 0; r < REPLICATES; r++) {
            *cell(&self->base[r], (allostat_counted)s, 0, 0) = 7 * s + r;
            *cell(&self->policy[r], (allostat_counted)s, 0, 0) = 7 * s + r;
        }
    }
    contrast(self);
    assert_int_equal(self->contrast.point_count, 20 * REPLICATES);
    assert_string_equal(self->contrast.verdict, "no difference");
    assert_true(isnan(self->contrast.icer_payer));
    for (int i = 0; i < self->contrast.point_count; i++)
        check_close(self->contrast.point[i].qalys, 0.0, 0.0);
}

/* What is drawn spreads the points of one replicate. */
static void draws_of_prices_spread_the_points(void **state)
{
    study *self = *state;

    params_of(self)->value_draws = 400;
    for (int r = 0; r < REPLICATES; r++)
        *cell(&self->policy[r], ALLOSTAT_COUNTED_site_visits, 0, 0) = 1;
    contrast(self);
    const allostat_value_contrast *c = &self->contrast;
    /* the mean of draws of 10, 30, 60, each with its mirror */
    check_close(c->cost_payer.mean, 30.0, 0.5);
    assert_true(c->cost_payer.low > 10.0 && c->cost_payer.low < 20.0);
    assert_true(c->cost_payer.high < 60.0 && c->cost_payer.high > 48.0);
    check_close(c->budget[0].mean, 30.0, 1e-9); /* at the value */
    check_close(c->point[0].cost_payer, c->point[400].cost_payer, 1e-12);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(days_at_their_utility_make_qalys),
        CASE(an_injury_keeps_a_share_of_the_mean_utility_of_the_month),
        CASE(what_is_used_costs_the_payer_and_crime_costs_society),
        CASE(a_cost_of_the_whole_city_is_in_no_part),
        CASE(prices_rise_to_the_year_in_which_costs_are_told),
        CASE(later_months_are_discounted_to_the_first),
        CASE(a_group_has_qalys_and_no_costs),
        CASE(every_health_state_has_a_utility),
        CASE(every_parameter_of_the_table_has_an_effect),
        CASE(draws_reach_both_ends_and_have_the_value_as_their_mean),
        CASE(draws_lie_in_their_ranges_and_are_the_same_again),
        CASE(the_verdict_has_a_word_for_every_quadrant),
        CASE(a_policy_that_costs_and_gains_has_a_ratio),
        CASE(acceptability_is_the_share_of_points_worth_their_cost),
        CASE(a_policy_that_saves_and_gains_is_dominant_without_a_ratio),
        CASE(a_run_against_itself_makes_no_difference),
        CASE(draws_of_prices_spread_the_points),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
