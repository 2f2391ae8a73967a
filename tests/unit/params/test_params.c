#include "check.h"

#include "params/params.h"
#include "tables/therapies.h"

#include <string.h>

static bool has_number(const allostat_param_info *info)
{
    return info->kind == ALLOSTAT_KIND_number || info->kind == ALLOSTAT_KIND_count ||
           info->kind == ALLOSTAT_KIND_vector || info->kind == ALLOSTAT_KIND_series ||
           info->kind == ALLOSTAT_KIND_schedule;
}

static void every_default_is_inside_its_range(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (!has_number(info)) continue;
        if (!(info->low <= info->default_value && info->default_value <= info->high)) {
            fail_msg("%s: %g is not from %g to %g", info->path, info->default_value,
                     info->low, info->high);
        }
    }
}

static void every_parameter_says_its_unit_and_its_meaning(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (info->about[0] == '\0') fail_msg("%s has no meaning", info->path);
        if (has_number(info) && info->unit[0] == '\0')
            fail_msg("%s has no unit", info->path);
    }
}

static void every_value_that_is_not_a_choice_names_its_source(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (info->evidence == ALLOSTAT_EVIDENCE_choice) continue;
        if (info->source[0] == '\0') fail_msg("%s has no source", info->path);
    }
}

static void no_two_parameters_share_a_path(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(allostat_param_table[i].path,
                                    allostat_param_table[j].path);
        }
    }
}

static void a_path_is_its_group_and_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        char path[256];
        snprintf(path, sizeof path, "%s.%s", info->group, info->name);
        assert_string_equal(info->path, path);
    }
}

static void rows_of_a_group_stand_together(void **state)
{
    (void)state;
    for (int i = 1; i < ALLOSTAT_PARAM_COUNT; i++) {
        const char *group = allostat_param_table[i].group;
        if (strcmp(group, allostat_param_table[i - 1].group) == 0) continue;
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(group, allostat_param_table[j].group);
        }
    }
}

/* The binder sets labels and the dates of the run before anything else, once. */
static void labels_and_dates_are_fixed_for_a_run(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        const bool frames =
            info->kind == ALLOSTAT_KIND_labels || info->kind == ALLOSTAT_KIND_date;
        if (frames && info->change != ALLOSTAT_FIXED)
            fail_msg("%s must be FIXED", info->path);
    }
}

static void default_dates_are_real_dates(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        allostat_day day = 0;
        if (info->kind != ALLOSTAT_KIND_date) continue;
        assert_true(allostat_day_parse(info->default_text, &day));
    }
}

/* A count is read as an integer and kept in the table as a double. */
static void bounds_of_counts_are_whole_and_exact(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (info->kind != ALLOSTAT_KIND_count) continue;
        assert_true(info->low == floor(info->low) && info->high == floor(info->high));
        assert_true(info->low >= -0x1p62 && info->high <= 0x1p62);
        assert_true(info->default_value == floor(info->default_value));
    }
}

static const allostat_day days[] = {100, 110, 130};
static const double values[] = {1.0, 2.0, 6.0};

static void a_step_series_holds_its_last_value(void **state)
{
    (void)state;
    const allostat_series series = {3, days, values, ALLOSTAT_INTERPOLATE_step};

    check_close(allostat_series_value(&series, 100), 1.0, 0.0);
    check_close(allostat_series_value(&series, 109), 1.0, 0.0);
    check_close(allostat_series_value(&series, 110), 2.0, 0.0);
    check_close(allostat_series_value(&series, 129), 2.0, 0.0);
}

static void a_linear_series_runs_straight_between_its_dates(void **state)
{
    (void)state;
    const allostat_series series = {3, days, values, ALLOSTAT_INTERPOLATE_linear};

    check_close(allostat_series_value(&series, 105), 1.5, 1e-15);
    check_close(allostat_series_value(&series, 110), 2.0, 0.0);
    check_close(allostat_series_value(&series, 125), 5.0, 1e-15);
}

static void a_series_holds_its_ends_outside_its_dates(void **state)
{
    (void)state;
    const allostat_series step = {3, days, values, ALLOSTAT_INTERPOLATE_step};
    const allostat_series linear = {3, days, values, ALLOSTAT_INTERPOLATE_linear};

    check_close(allostat_series_value(&step, -40000), 1.0, 0.0);
    check_close(allostat_series_value(&linear, 99), 1.0, 0.0);
    check_close(allostat_series_value(&step, 130), 6.0, 0.0);
    check_close(allostat_series_value(&linear, 40000), 6.0, 0.0);
}

static void a_schedule_gives_the_row_of_sex_and_age_and_zero_elsewhere(void **state)
{
    (void)state;
    static const allostat_schedule_row rows[] = {{ALLOSTAT_SEX_female, 0, 4, 1.0},
                                                 {ALLOSTAT_SEX_female, 10, 110, 2.0},
                                                 {ALLOSTAT_SEX_male, 0, 110, 3.0}};
    const allostat_schedule schedule = {3, rows};

    check_close(allostat_schedule_value(&schedule, ALLOSTAT_SEX_female, 4), 1.0, 0.0);
    check_close(allostat_schedule_value(&schedule, ALLOSTAT_SEX_female, 5), 0.0, 0.0);
    check_close(allostat_schedule_value(&schedule, ALLOSTAT_SEX_female, 10), 2.0, 0.0);
    check_close(allostat_schedule_value(&schedule, ALLOSTAT_SEX_male, 110), 3.0, 0.0);
}

static void the_axis_of_areas_takes_its_labels_from_the_configuration(void **state)
{
    (void)state;
    static allostat_params params;

    params.geography_areas.count = 3;
    strcpy(params.geography_areas.label[2], "Far East");
    assert_int_equal(allostat_axis_count(&params, ALLOSTAT_AXIS_area), 3);
    assert_string_equal(allostat_axis_label(&params, ALLOSTAT_AXIS_area, 2),
                        "Far East");
    assert_int_equal(allostat_axis_count(&params, ALLOSTAT_AXIS_treatment), 5);
    assert_int_equal(allostat_axis_count(&params, ALLOSTAT_AXIS_sex), 2);
    assert_string_equal(allostat_axis_label(&params, ALLOSTAT_AXIS_treatment, 1),
                        "buprenorphine");
}

static void the_axis_of_therapies_has_the_rows_of_their_table(void **state)
{
    (void)state;
    assert_int_equal(allostat_axis_count(NULL, ALLOSTAT_AXIS_therapy),
                     ALLOSTAT_THERAPY_COUNT);
    assert_in_range(ALLOSTAT_THERAPY_COUNT, 1, ALLOSTAT_AXIS_MAX);
    assert_string_equal(
        allostat_axis_label(NULL, ALLOSTAT_AXIS_therapy, ALLOSTAT_THERAPY_peer_support),
        "peer_support");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_is_inside_its_range),
        cmocka_unit_test(every_parameter_says_its_unit_and_its_meaning),
        cmocka_unit_test(every_value_that_is_not_a_choice_names_its_source),
        cmocka_unit_test(no_two_parameters_share_a_path),
        cmocka_unit_test(a_path_is_its_group_and_its_name),
        cmocka_unit_test(rows_of_a_group_stand_together),
        cmocka_unit_test(labels_and_dates_are_fixed_for_a_run),
        cmocka_unit_test(default_dates_are_real_dates),
        cmocka_unit_test(bounds_of_counts_are_whole_and_exact),
        cmocka_unit_test(a_step_series_holds_its_last_value),
        cmocka_unit_test(a_linear_series_runs_straight_between_its_dates),
        cmocka_unit_test(a_series_holds_its_ends_outside_its_dates),
        cmocka_unit_test(a_schedule_gives_the_row_of_sex_and_age_and_zero_elsewhere),
        cmocka_unit_test(the_axis_of_therapies_has_the_rows_of_their_table),
        cmocka_unit_test(the_axis_of_areas_takes_its_labels_from_the_configuration),
    };
    return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
