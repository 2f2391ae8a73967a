#include "defaults.h"

#include "engine/records.h"

#include <string.h>

static void age_groups_are_the_coroners(void **state)
{
    (void)state;
    static const int32_t last[] = {18, 29, 39, 49, 59, 69, 79, 110};

    assert_int_equal(ALLOSTAT_AGE_GROUP_COUNT, 8);
    for (int32_t age = 15, group = 0; age <= 110; age++) {
        if (age > last[group]) group++;
        assert_int_equal(allostat_age_group_of(age), group);
    }
    assert_string_equal(allostat_age_group_labels[0], "15-18");
    assert_string_equal(allostat_age_group_labels[7], "80+");
}

static void every_row_of_the_table_names_a_series_of_its_shape(void **state)
{
    (void)state;
    int32_t next[6] = {0};

    for (int32_t i = 0; i < ALLOSTAT_OUTPUT_SERIES_COUNT; i++) {
        const allostat_series_info *info = &allostat_series_table[i];

        assert_in_range(info->shape, 0, 5);
        assert_int_equal(info->index, next[info->shape]++);
        assert_true(strlen(info->name) > 0 && strlen(info->about) > 0);
        if (info->shape == ALLOSTAT_SHAPE_averaged) assert_true(info->high > info->low);
        for (int32_t k = 0; k < i; k++)
            assert_string_not_equal(info->name, allostat_series_table[k].name);
    }
    assert_int_equal(next[ALLOSTAT_SHAPE_counted], ALLOSTAT_COUNTED_COUNT);
    assert_int_equal(next[ALLOSTAT_SHAPE_yearly], ALLOSTAT_YEARLY_COUNT);
    assert_int_equal(next[ALLOSTAT_SHAPE_grouped], ALLOSTAT_GROUPED_COUNT);
}

static void quantile_levels_rise_around_the_median(void **state)
{
    (void)state;
    for (int q = 1; q < ALLOSTAT_QUANTILE_COUNT; q++)
        assert_true(allostat_quantile_levels[q] > allostat_quantile_levels[q - 1]);
    check_close(allostat_quantile_levels[ALLOSTAT_QUANTILE_COUNT / 2], 0.5, 0.0);
}

static allostat_day day_of(const char *text)
{
    allostat_day day = 0;

    assert_true(allostat_day_parse(text, &day));
    return day;
}

/* Every array is written to its end: the sanitizers would notice one too short. */
static void arrays_cover_the_window_of_output(void **state)
{
    allostat_scenario scenario = {.epoch_count = 1};
    allostat_epoch epoch = {.params = defaults_copy(state)};
    allostat_records records;
    allostat_error error = {0};

    epoch.params.run_output_start = day_of("2014-11-01");
    epoch.params.run_end = day_of("2016-01-31");
    epoch.params.geography_areas.count = 3;
    scenario.epochs = &epoch;
    assert_int_equal(allostat_records_init(&records, &scenario, &error), ALLOSTAT_OK);
    assert_int_equal(records.month_count, 15);
    assert_int_equal(records.first_year, 2014);
    assert_int_equal(records.year_count, 3);
    assert_int_equal(allostat_records_cells(&records), 3 * 2 * 8);
    for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        for (size_t i = 0; i < 15u * 48u; i++) {
            assert_int_equal(records.counted[s][i], 0);
            records.counted[s][i] = 1;
        }
    }
    for (int s = 0; s < ALLOSTAT_PLACED_COUNT; s++)
        memset(records.placed[s], 1, 15 * ALLOSTAT_PLACE_COUNT * sizeof(int32_t));
    for (int s = 0; s < ALLOSTAT_CITY_COUNT; s++)
        memset(records.city[s], 1, 15 * sizeof(int32_t));
    for (int s = 0; s < ALLOSTAT_AVERAGED_COUNT; s++) {
        memset(records.mean[s], 1, 15 * sizeof(double));
        memset(records.quantile[s], 1, 15 * ALLOSTAT_QUANTILE_COUNT * sizeof(double));
    }
    for (int s = 0; s < ALLOSTAT_YEARLY_COUNT; s++)
        memset(records.yearly[s], 1, 3 * sizeof(int32_t));
    allostat_records_free(&records);
    assert_null(records.counted[0]);
    allostat_records_free(&records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(age_groups_are_the_coroners),
        cmocka_unit_test(every_row_of_the_table_names_a_series_of_its_shape),
        cmocka_unit_test(quantile_levels_rise_around_the_median),
        cmocka_unit_test(arrays_cover_the_window_of_output),
    };
    return RUN_WITH_DEFAULTS("records", tests);
}
