#include "defaults.h"

#include "people/projection.h"

#include <string.h>

static int64_t arrivals_of_month(const allostat_projection *projection, int32_t m)
{
    int64_t sum = 0;

    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        sum += projection->arrivals[(size_t)m * ALLOSTAT_COHORT_COUNT + (size_t)c];
    }
    return sum;
}

static const allostat_schedule_row rows_flat[] = {{ALLOSTAT_SEX_female, 15, 64, 2.0},
                                                  {ALLOSTAT_SEX_female, 65, 110, 1.0},
                                                  {ALLOSTAT_SEX_male, 15, 110, 1.0}};

static void make(void **state, allostat_projection *projection,
                 const allostat_params *params)
{
    allostat_scenario scenario = {.epoch_count = 1};
    allostat_epoch epoch = {.first_day = params->run_start, .params = *params};
    allostat_error error = {0};

    (void)state;
    scenario.epochs = &epoch;
    assert_int_equal(allostat_projection_init(projection, &scenario, &error),
                     ALLOSTAT_OK);
}

/* Under the default rates, the same at every age, the sum over ages needs no ages. */
static void initial_people_and_arrivals_make_the_population_of_the_series(void **state)
{
    allostat_params params = defaults_copy(state);
    const allostat_day days[] = {params.run_start, params.run_end};
    const double residents[] = {600000.0, 700000.0};
    allostat_projection projection;

    params.population_residents =
        (allostat_series){2, days, residents, ALLOSTAT_INTERPOLATE_linear};
    params.population_age_structure = (allostat_schedule){3, rows_flat};
    make(state, &projection, &params);
    const double hazard =
        allostat_other_death_hazard(&params, ALLOSTAT_SEX_female, 40) +
        allostat_schedule_value(&params.population_departure_rate, ALLOSTAT_SEX_female,
                                40);
    double people = (double)projection.initial_total;
    check_close(people, 600000.0, 150.0); /* rounding of 222 cohorts */
    for (int32_t m = 0; m < projection.month_count; m++) {
        const allostat_day day = allostat_month_first_day(projection.first_month + m);

        people =
            people * exp(-hazard / 12.0) + (double)arrivals_of_month(&projection, m);
        check_relative(people, allostat_series_value(&params.population_residents, day),
                       0.001);
    }
    allostat_projection_free(&projection);
}

/* As above; who leaves keeps a row until January. */
static void rows_for_all_are_known_beforehand(void **state)
{
    allostat_params params = defaults_copy(state);
    const allostat_day days[] = {params.run_start, params.run_end};
    const double residents[] = {600000.0, 700000.0};
    allostat_projection projection;
    double rows = 0.0, most = 0.0;

    params.population_residents =
        (allostat_series){2, days, residents, ALLOSTAT_INTERPOLATE_linear};
    params.population_age_structure = (allostat_schedule){3, rows_flat};
    make(state, &projection, &params);
    for (int32_t m = 0; m < projection.month_count; m++) {
        const allostat_month month = projection.first_month + m;

        if (m == 0 || month % 12 == 0)
            rows = allostat_series_value(&params.population_residents,
                                         allostat_month_first_day(month - (m > 0)));
        rows += (double)arrivals_of_month(&projection, m);
        most = rows > most ? rows : most;
    }
    assert_in_range(projection.most_rows, (uintmax_t)most, (uintmax_t)(1.05 * most));
    assert_true(projection.most_rows > projection.initial_total);
    allostat_projection_free(&projection);
}

static void initial_people_follow_the_age_structure(void **state)
{
    allostat_params params = defaults_copy(state);
    allostat_projection projection;
    double young = 0.0, old = 0.0, men = 0.0, children = 0.0;

    params.population_age_structure = (allostat_schedule){3, rows_flat};
    make(state, &projection, &params);
    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        const int32_t age = c % ALLOSTAT_AGE_COUNT;
        const double people = projection.initial[c];

        if (age < ALLOSTAT_AGE_OF_ENTRY) children += people;
        if (c >= ALLOSTAT_AGE_COUNT)
            men += people;
        else if (age < 65)
            young += people;
        else
            old += people;
    }
    check_close(children, 0.0, 0.0);
    check_relative(young, 2.0 * old, 0.002);
    check_relative(men, old, 0.002);
    allostat_projection_free(&projection);
}

static void total_counts_everybody_once(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_projection projection;

    make(state, &projection, &params);
    int64_t total = (int64_t)projection.initial_total;
    for (int32_t m = 0; m < projection.month_count; m++) {
        total += arrivals_of_month(&projection, m);
    }
    assert_int_equal(projection.total, total);
    assert_int_equal(projection.month_count, 168); /* 2012 to 2025 */
    allostat_projection_free(&projection);
}

static void arrivals_do_not_depend_on_what_is_done_about_overdoses(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_params other = params;
    allostat_projection a, b;

    other.response_death_alone = 0.5;
    other.overdose_threshold_log = 1.0;
    other.users_initial_count *= 2.0;
    other.first_use_scale *= 3.0;
    other.oat_request_rate = 0.0;
    make(state, &a, &params);
    make(state, &b, &other);
    assert_memory_equal(a.initial, b.initial,
                        ALLOSTAT_COHORT_COUNT * sizeof *a.initial);
    assert_int_equal(a.month_count, b.month_count);
    assert_memory_equal(a.arrivals, b.arrivals,
                        (size_t)a.month_count * ALLOSTAT_COHORT_COUNT *
                            sizeof *a.arrivals);
    allostat_projection_free(&a);
    allostat_projection_free(&b);
}

static void a_city_without_adults_is_a_mistake_in_the_data(void **state)
{
    static const allostat_schedule_row children[] = {{ALLOSTAT_SEX_female, 0, 14, 9.0}};
    allostat_scenario scenario = {.epoch_count = 1};
    allostat_epoch epoch = {.params = defaults_copy(state)};
    allostat_projection projection;
    allostat_error error = {0};

    epoch.params.population_age_structure = (allostat_schedule){1, children};
    scenario.epochs = &epoch;
    assert_int_equal(allostat_projection_init(&projection, &scenario, &error),
                     ALLOSTAT_ERROR_DATA);
    allostat_projection_free(&projection);
}

static void overdoses_are_taken_out_of_the_life_table(void **state)
{
    allostat_params params = defaults_copy(state);
    static const allostat_schedule_row death[] = {{ALLOSTAT_SEX_male, 30, 39, 0.01},
                                                  {ALLOSTAT_SEX_male, 110, 110, 1.0}};
    static const allostat_schedule_row overdose[] = {{ALLOSTAT_SEX_male, 30, 34, 0.002},
                                                     {ALLOSTAT_SEX_male, 35, 39, 0.2}};

    params.population_death_probability = (allostat_schedule){2, death};
    params.population_overdose_death_rate = (allostat_schedule){2, overdose};
    params.population_overdose_in_life_table = 0.5;
    check_close(allostat_other_death_hazard(&params, ALLOSTAT_SEX_male, 32),
                -log(0.99) - 0.001, 1e-12);
    check_close(allostat_other_death_hazard(&params, ALLOSTAT_SEX_male, 37), 0.0, 0.0);
    check_close(allostat_other_death_hazard(&params, ALLOSTAT_SEX_female, 32), 0.0,
                0.0);
    assert_true(isfinite(allostat_other_death_hazard(&params, ALLOSTAT_SEX_male, 110)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initial_people_and_arrivals_make_the_population_of_the_series),
        cmocka_unit_test(rows_for_all_are_known_beforehand),
        cmocka_unit_test(initial_people_follow_the_age_structure),
        cmocka_unit_test(total_counts_everybody_once),
        cmocka_unit_test(arrivals_do_not_depend_on_what_is_done_about_overdoses),
        cmocka_unit_test(a_city_without_adults_is_a_mistake_in_the_data),
        cmocka_unit_test(overdoses_are_taken_out_of_the_life_table),
    };
    return RUN_WITH_DEFAULTS("projection", tests);
}
