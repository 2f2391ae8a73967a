#include "params/folder.h"

#include "params/scenario.h"

/* Load from texts; the scenario is large, so tests keep theirs out of the stack. */
static allostat_status load(allostat_scenario *scenario, const char *path,
                            const char *set)
{
    allostat_error error = {0};
    allostat_mistakes mistakes = {0};
    const char *const sets[] = {set};
    const allostat_status status =
        allostat_scenario_load(scenario, path, sets, set != NULL, &mistakes, &error);

    if (mistakes.count > 0) print_message("%s", mistakes.text);
    allostat_mistakes_free(&mistakes);
    return status;
}

static void a_configuration_without_a_value_has_the_defaults(void **state)
{
    (void)state;
    static allostat_scenario scenario, defaults;
    folder files;
    allostat_error error = {0};
    folder_init(&files);

    const char *path = folder_write(&files, "a.yaml", "run: {}\n");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    assert_int_equal(allostat_scenario_defaults(&defaults, &error), ALLOSTAT_OK);
    assert_int_equal(scenario.epoch_count, 1);
    assert_int_equal(scenario.epochs[0].first_day, defaults.epochs[0].params.run_start);
    assert_int_equal(scenario.epochs[0].params.run_seed,
                     defaults.epochs[0].params.run_seed);
    assert_string_equal(scenario.origins[ALLOSTAT_PARAM_run_seed].file, "");
    allostat_scenario_free(&scenario);
    allostat_scenario_free(&defaults);
    folder_free(&files);
}

static void values_of_every_simple_kind_are_bound(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    allostat_day start = 0;
    folder_init(&files);

    const char *path =
        folder_write(&files, "a.yaml",
                     "run:\n  name: 'a: b'\n  start: 2013-02\n  seed: 77\n"
                     "geography:\n  areas: [North, \"\\u00e9: #\"]\n"
                     "population:\n  scale: {value: 2.5e-1, source: chosen}\n");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    const allostat_params *params = &scenario.epochs[0].params;
    assert_true(allostat_day_parse("2013-02-01", &start));
    assert_string_equal(params->run_name, "a: b");
    assert_int_equal(params->run_start, start);
    assert_int_equal(scenario.epochs[0].first_day, start);
    assert_int_equal(params->run_seed, 77);
    assert_int_equal(params->geography_areas.count, 2);
    assert_string_equal(params->geography_areas.label[1], "\xC3\xA9: #");
    check_close(params->population_scale, 0.25, 0.0);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void vectors_are_bound_by_label_in_any_order(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    folder_init(&files);

    const char *path =
        folder_write(&files, "a.yaml",
                     "geography:\n  population_share: {South: 2, North: 1}\n"
                     "  areas: [North, South]\n");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    const double *share = scenario.epochs[0].params.geography_population_share;
    check_close(share[0], 1.0, 0.0);
    check_close(share[1], 2.0, 0.0);
    check_close(share[2], 0.0, 0.0);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void origins_tell_file_line_and_source(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    folder_init(&files);

    folder_write(&files, "r.csv", "# source: the census\ndate,value\n2015,5000\n");
    folder_write(&files, "base.yaml",
                 "run:\n  seed: 3\n  replicates: {value: 2, source: dice}\n");
    const char *path = folder_write(&files, "a.yaml",
                                    "extends: base.yaml\n"
                                    "population:\n  residents: {csv: r.csv}\n");
    assert_int_equal(load(&scenario, path, "run.seed=4"), ALLOSTAT_OK);
    const allostat_origin *origin = scenario.origins;
    assert_string_equal(origin[ALLOSTAT_PARAM_population_residents].file, path);
    assert_int_equal(origin[ALLOSTAT_PARAM_population_residents].line, 3);
    assert_string_equal(origin[ALLOSTAT_PARAM_population_residents].source,
                        "the census");
    assert_non_null(strstr(origin[ALLOSTAT_PARAM_run_replicates].file, "/base.yaml"));
    assert_int_equal(origin[ALLOSTAT_PARAM_run_replicates].line, 3);
    assert_string_equal(origin[ALLOSTAT_PARAM_run_replicates].source, "dice");
    assert_string_equal(origin[ALLOSTAT_PARAM_run_seed].file, "--set");
    assert_int_equal(origin[ALLOSTAT_PARAM_run_seed].line, 0);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void later_layers_have_the_last_word_and_labels_merge(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    folder_init(&files);

    folder_write(&files, "base.yaml",
                 "run: {seed: 1, replicates: 2, name: base}\n"
                 "geography:\n  areas: [A, B]\n  population_share: {A: 1, B: 2}\n");
    folder_write(&files, "more.yaml", "extends: base.yaml\nrun: {seed: 10}\n");
    const char *path =
        folder_write(&files, "a.yaml",
                     "extends: [more.yaml, base.yaml]\n"
                     "run: {name: top}\ngeography: {population_share: {B: 7}}\n");
    assert_int_equal(load(&scenario, path, "geography.population_share={A: 5}"),
                     ALLOSTAT_OK);
    const allostat_params *params = &scenario.epochs[0].params;
    assert_string_equal(params->run_name, "top");
    assert_int_equal(params->run_seed,
                     10); /* base.yaml is read once, before more.yaml */
    assert_int_equal(params->run_replicates, 2);
    check_close(params->geography_population_share[0], 5.0, 0.0);
    check_close(params->geography_population_share[1], 7.0, 0.0);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void new_areas_make_old_labels_of_a_vector_void(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    folder_init(&files);

    folder_write(&files, "base.yaml",
                 "geography:\n  areas: [A, B]\n  population_share: {A: 1, B: 2}\n");
    const char *path =
        folder_write(&files, "a.yaml",
                     "extends: base.yaml\n"
                     "geography: {areas: [C], population_share: {C: 3}}\n");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    check_close(scenario.epochs[0].params.geography_population_share[0], 3.0, 0.0);
    check_close(scenario.epochs[0].params.geography_population_share[1], 0.0, 0.0);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void series_are_bound_from_maps_and_from_csv(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    folder_init(&files);

    folder_write(
        &files, "r.csv",
        "\xEF\xBB\xBF# source: x\r\n# a note\r\ndate,value\r\n\"2015-07\", 5000\r\n"
        "2016-07-01,6e3\r\n\r\n");
    const char *map = folder_write(&files, "map.yaml",
                                   "population:\n  residents:\n    2015-07: 5000\n"
                                   "    2016-07-01: 6e3\n");
    const char *csv =
        folder_write(&files, "csv.yaml", "population: {residents: {csv: r.csv}}\n");
    const char *const paths[] = {map, csv};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(load(&scenario, paths[i], NULL), ALLOSTAT_OK);
        const allostat_series *series = &scenario.epochs[0].params.population_residents;
        char day[ALLOSTAT_DATE_TEXT_SIZE];
        assert_int_equal(series->count, 2);
        allostat_day_format(series->day[0], day);
        assert_string_equal(day, "2015-07-01");
        check_close(series->value[1], 6000.0, 0.0);
        assert_int_equal(
            series->interpolation,
            allostat_param_table[ALLOSTAT_PARAM_population_residents].interpolation);
        allostat_scenario_free(&scenario);
    }
    folder_free(&files);
}

static void schedules_are_ordered_whatever_the_order_of_rows(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    folder_init(&files);

    folder_write(
        &files, "a.csv",
        "# source: x\nsex,age_from,age_to,value\nmale,0,110,3\nfemale,50,110,2\n"
        "female,0,49,1\n");
    const char *path =
        folder_write(&files, "a.yaml", "population: {age_structure: {csv: a.csv}}\n");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    const allostat_schedule *schedule =
        &scenario.epochs[0].params.population_age_structure;
    assert_int_equal(schedule->count, 3);
    for (int i = 0; i < 3; i++) check_close(schedule->row[i].value, i + 1.0, 0.0);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void files_of_a_marked_folder_may_extend_each_other(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    folder_init(&files);

    folder_mkdir(&files, "scenarios");
    folder_write(&files, "base.yaml", "run: {seed: 9}\n");
    const char *path =
        folder_write(&files, "scenarios/a.yaml", "extends: ../base.yaml\n");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_ERROR_CONFIGURATION);
    folder_write(&files, ".allostat", "");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    assert_int_equal(scenario.epochs[0].params.run_seed, 9);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void a_link_out_of_the_folder_is_not_followed(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files, outside;
    folder_init(&files);
    folder_init(&outside);

    const char *target = folder_write(&outside, "base.yaml", "run: {seed: 9}\n");
    assert_int_equal(symlink(target, folder_path(&files, "link.yaml")), 0);
    const char *path = folder_write(&files, "a.yaml", "extends: link.yaml\n");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_ERROR_CONFIGURATION);
    folder_free(&files);
    folder_free(&outside);
}

/* The first parameter of a kind that an event may change; -1 when there is none. */
static int32_t dated(allostat_param_kind kind)
{
    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (info->kind == kind && info->change == ALLOSTAT_DATED) return i;
    }
    return -1;
}

static double number_of(const allostat_params *params, int32_t id)
{
    double value = 0.0;
    memcpy(&value, (const char *)params + allostat_param_table[id].offset,
           sizeof value);
    return value;
}

static allostat_day day_of(const char *text)
{
    allostat_day day = 0;
    assert_true(allostat_day_parse(text, &day));
    return day;
}

static void events_make_epochs_in_order_of_dates_and_add_up_over_files(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    char text[1024];
    const int32_t id = dated(ALLOSTAT_KIND_number);
    const allostat_param_info *info = &allostat_param_table[id];
    folder_init(&files);
    assert_true(id >= 0);

    snprintf(
        text, sizeof text,
        "run: {start: 2012-01-01, end: 2013-12-31, output_start: 2012-01-01}\nevents:\n"
        "  - {date: 2013-05-01, set: {%s: %.17g}}\n"
        "  - {date: 2012-01-01, why: at once, set: {%s: %.17g}}\n",
        info->path, info->low, info->path, info->high);
    folder_write(&files, "base.yaml", text);
    snprintf(text, sizeof text,
             "extends: base.yaml\nevents:\n  - date: 2012-06-01\n    set:\n      %s:\n"
             "        %s: %.17g\n  - {date: 2013-05-01, set: {%s: %.17g}}\n",
             info->group, info->name, info->low, info->path, info->high);
    const char *path = folder_write(&files, "a.yaml", text);
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    assert_int_equal(scenario.epoch_count, 3);
    assert_int_equal(scenario.epochs[0].first_day, day_of("2012-01-01"));
    assert_int_equal(scenario.epochs[1].first_day, day_of("2012-06-01"));
    assert_int_equal(scenario.epochs[2].first_day, day_of("2013-05-01"));
    check_close(number_of(&scenario.epochs[0].params, id), info->high, 0.0);
    check_close(number_of(&scenario.epochs[1].params, id), info->low, 0.0);
    check_close(number_of(&scenario.epochs[2].params, id), info->high, 0.0);
    assert_ptr_equal(allostat_scenario_params(&scenario, day_of("2012-05-31")),
                     &scenario.epochs[0].params);
    assert_ptr_equal(allostat_scenario_params(&scenario, day_of("2012-06-01")),
                     &scenario.epochs[1].params);
    assert_ptr_equal(allostat_scenario_params(&scenario, day_of("2040-01-01")),
                     &scenario.epochs[2].params);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void
a_run_that_was_moved_keeps_what_came_before_and_forgets_what_comes_after(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    char text[1024];
    const int32_t id = dated(ALLOSTAT_KIND_number);
    const allostat_param_info *info = &allostat_param_table[id];
    folder_init(&files);

    snprintf(
        text, sizeof text,
        "run: {start: 2012-01-01, end: 2016-12-31, output_start: 2012-01-01}\nevents:\n"
        "  - {date: 2012-05-01, set: {%s: %.17g}}\n"
        "  - {date: 2016-05-01, set: {%s: %.17g}}\n",
        info->path, info->high, info->path, info->low);
    folder_write(&files, "base.yaml", text);
    const char *path = folder_write(&files, "a.yaml",
                                    "extends: base.yaml\n"
                                    "run: {start: 2013-01-01, end: 2014-12-31, "
                                    "output_start: 2013-01-01}\n");
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    assert_int_equal(scenario.epoch_count, 1);
    check_close(number_of(&scenario.epochs[0].params, id), info->high, 0.0);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void an_event_may_change_one_part_of_a_vector(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    folder files;
    char text[1024];
    const int32_t id = dated(ALLOSTAT_KIND_vector);
    const allostat_param_info *info = &allostat_param_table[id];
    folder_init(&files);
    assert_true(id >= 0);

    snprintf(text, sizeof text,
             "geography: {areas: [A, B]}\nevents:\n  - {date: 2013-05-01, set: {%s: "
             "{%s: %.17g}}}\n",
             info->path,
             info->axis == ALLOSTAT_AXIS_area
                 ? "B"
                 : allostat_axis_label(NULL, info->axis, 1),
             info->high);
    const char *path = folder_write(&files, "a.yaml", text);
    assert_int_equal(load(&scenario, path, NULL), ALLOSTAT_OK);
    assert_int_equal(scenario.epoch_count, 2);
    double value[2];
    memcpy(value, (const char *)&scenario.epochs[1].params + info->offset,
           sizeof value);
    check_close(value[0], info->default_value, 0.0);
    check_close(value[1], info->high, 0.0);
    allostat_scenario_free(&scenario);
    folder_free(&files);
}

static void a_file_that_is_not_there_is_no_input(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    allostat_mistakes mistakes = {0};
    allostat_error error = {0};

    assert_int_equal(allostat_scenario_load(&scenario, "no/such/file.yaml", NULL, 0,
                                            &mistakes, &error),
                     ALLOSTAT_ERROR_NO_INPUT);
    assert_int_equal(mistakes.count, 0);
    assert_string_equal(error.user_file, "no/such/file.yaml");
    allostat_scenario_free(&scenario);
    allostat_scenario_free(&scenario);
}

static void mistakes_of_csv_files_only_are_mistakes_of_data(void **state)
{
    (void)state;
    static allostat_scenario scenario;
    allostat_mistakes mistakes = {0};
    allostat_error error = {0};
    folder files;
    folder_init(&files);

    folder_write(&files, "r.csv", "# source: x\ndate,value\n2015,many\n");
    const char *path =
        folder_write(&files, "a.yaml", "population: {residents: {csv: r.csv}}\n");
    assert_int_equal(
        allostat_scenario_load(&scenario, path, NULL, 0, &mistakes, &error),
        ALLOSTAT_ERROR_DATA);
    assert_int_equal(mistakes.count, 1);
    assert_non_null(strstr(error.user_file, "/r.csv"));
    assert_int_equal(error.user_line, 3);
    assert_int_equal(error.user_column, 6);
    allostat_mistakes_free(&mistakes);
    folder_free(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_configuration_without_a_value_has_the_defaults),
        cmocka_unit_test(values_of_every_simple_kind_are_bound),
        cmocka_unit_test(vectors_are_bound_by_label_in_any_order),
        cmocka_unit_test(origins_tell_file_line_and_source),
        cmocka_unit_test(later_layers_have_the_last_word_and_labels_merge),
        cmocka_unit_test(new_areas_make_old_labels_of_a_vector_void),
        cmocka_unit_test(series_are_bound_from_maps_and_from_csv),
        cmocka_unit_test(schedules_are_ordered_whatever_the_order_of_rows),
        cmocka_unit_test(files_of_a_marked_folder_may_extend_each_other),
        cmocka_unit_test(a_link_out_of_the_folder_is_not_followed),
        cmocka_unit_test(events_make_epochs_in_order_of_dates_and_add_up_over_files),
        cmocka_unit_test(
            a_run_that_was_moved_keeps_what_came_before_and_forgets_what_comes_after),
        cmocka_unit_test(an_event_may_change_one_part_of_a_vector),
        cmocka_unit_test(a_file_that_is_not_there_is_no_input),
        cmocka_unit_test(mistakes_of_csv_files_only_are_mistakes_of_data),
    };
    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
