#include "params/folder.h"

#include "params/difference.h"

/* A base, two overlays, and both overlays laid upon the base. */
typedef struct {
    folder files;
    const char *path[3];
    allostat_scenario base, overlay[2], together;
    allostat_mistakes mistakes;
} city;

static const char base_text[] =
    "run:\n  name: Base\n  start: 2012-01-01\n  output_start: 2012-01-01\n"
    "  end: 2013-12-31\n"
    "geography:\n  areas: [North, South]\n"
    "  population_share: {North: 1, South: 1}\n"
    "users:\n  area_share: {North: 1, South: 1}\n"
    "naloxone:\n  handed_out_share: 0.5\n";

static void load(allostat_scenario *scenario, const char *const *paths)
{
    allostat_mistakes mistakes = {0};
    const allostat_status status =
        allostat_scenario_load_layers(scenario, paths, NULL, 0, &mistakes, NULL);

    if (mistakes.count > 0) print_message("%s", mistakes.text);
    allostat_mistakes_free(&mistakes);
    assert_int_equal(status, ALLOSTAT_OK);
}

static city *city_new(const char *first, const char *second)
{
    city *self = calloc(1, sizeof *self);

    assert_non_null(self);
    folder_init(&self->files);
    self->path[0] = folder_write(&self->files, "base.yaml", base_text);
    self->path[1] = folder_write(&self->files, "first.yaml", first);
    self->path[2] = folder_write(&self->files, "second.yaml", second);
    load(&self->base, (const char *const[]){self->path[0], NULL});
    for (int i = 0; i < 2; i++) {
        load(&self->overlay[i],
             (const char *const[]){self->path[0], self->path[i + 1], NULL});
    }
    load(&self->together,
         (const char *const[]){self->path[0], self->path[1], self->path[2], NULL});
    return self;
}

static void city_free(city *self)
{
    allostat_scenario_free(&self->base);
    for (int i = 0; i < 2; i++) allostat_scenario_free(&self->overlay[i]);
    allostat_scenario_free(&self->together);
    allostat_mistakes_free(&self->mistakes);
    folder_free(&self->files);
    free(self);
}

static allostat_status check(city *self)
{
    const allostat_overlay overlay[2] = {{self->path[1], &self->overlay[0]},
                                         {self->path[2], &self->overlay[1]}};

    return allostat_overlays_check(&self->base, overlay, 2, &self->together,
                                   &self->mistakes, NULL);
}

/* What is listed between the base and an overlay, as "name: base -> policy (origin)".
 */
static void check_listed(const char *overlay, const char *wanted)
{
    city *self = city_new(overlay, "run: {}\n");
    allostat_differences list;
    char text[2048] = "", name[256], origin[ALLOSTAT_PATH_SIZE];

    assert_int_equal(
        allostat_differences_init(&list, &self->base, &self->overlay[0], NULL),
        ALLOSTAT_OK);
    for (int32_t i = 0; i < list.count; i++) {
        const allostat_difference *item = &list.item[i];
        const size_t length = strlen(text);
        allostat_difference_name(name, sizeof name, item, &self->base);
        allostat_difference_origin(origin, sizeof origin, item, &self->overlay[0]);
        const char *slash = strrchr(origin, '/');
        snprintf(text + length, sizeof text - length, "%.200s: %s -> %s (%.900s)\n",
                 name, item->base, item->policy, slash != NULL ? slash + 1 : origin);
    }
    assert_string_equal(text, wanted);
    allostat_differences_free(&list);
    city_free(self);
}

static void what_an_overlay_changes_is_listed_with_its_place(void **state)
{
    (void)state;
    check_listed("extends: base.yaml\nrun:\n  name: Policy\nnaloxone:\n"
                 "  handed_out_share: 0.0\n",
                 "naloxone.handed_out_share: 0.5 -> 0 (first.yaml:5)\n");
}

static void an_overlay_that_changes_nothing_lists_nothing(void **state)
{
    (void)state;
    check_listed("extends: base.yaml\nrun:\n  name: Policy\n", "");
    check_listed("naloxone:\n  handed_out_share: 0.5\n", "");
}

static void a_vector_is_listed_by_what_differs_of_it(void **state)
{
    (void)state;
    check_listed("users:\n  area_share: {South: 3}\n",
                 "users.area_share of South: 1 -> 3 (first.yaml:2)\n");
}

static void an_event_is_listed_from_its_day_on(void **state)
{
    (void)state;
    check_listed("events:\n  - date: 2013-01-01\n    why: more\n    set:\n"
                 "      naloxone.handed_out_share: 0.75\n",
                 "naloxone.handed_out_share: 0.5 -> 0.75 (event: more)\n");
}

static void overlays_add_up(void **state)
{
    city *self = city_new("naloxone:\n  handed_out_share: 0.0\n",
                          "users:\n  area_share: {South: 3}\nevents:\n"
                          "  - date: 2013-01-01\n    set:\n"
                          "      naloxone.kits_carried_max: 5\n");

    (void)state;
    const allostat_params *params = &self->together.epochs[0].params;
    check_close(params->naloxone_handed_out_share, 0.0, 0.0);
    check_close(params->users_area_share[1], 3.0, 0.0);
    assert_int_equal(self->together.epoch_count, 2);
    assert_int_equal(check(self), ALLOSTAT_OK);
    assert_int_equal(self->mistakes.count, 0);
    city_free(self);
}

static void a_file_that_both_extend_is_read_once(void **state)
{
    city *self = city_new("extends: base.yaml\nnaloxone:\n  handed_out_share: 0.0\n",
                          "extends: base.yaml\nusers:\n  area_share: {South: 3}\n");

    (void)state;
    /* read again, the base would have taken the first overlay back */
    check_close(self->together.epochs[0].params.naloxone_handed_out_share, 0.0, 0.0);
    assert_int_equal(check(self), ALLOSTAT_OK);
    city_free(self);
}

static void parts_of_one_vector_do_not_conflict(void **state)
{
    city *self = city_new("users:\n  area_share: {South: 3}\n",
                          "users:\n  area_share: {North: 2}\n");

    (void)state;
    assert_int_equal(check(self), ALLOSTAT_OK);
    city_free(self);
}

static void one_parameter_set_twice_names_both_places(void **state)
{
    city *self = city_new("naloxone:\n  handed_out_share: 0.25\n",
                          "naloxone:\n  handed_out_share: 0.75\n");

    (void)state;
    assert_int_equal(check(self), ALLOSTAT_ERROR_CONFIGURATION);
    assert_int_equal(self->mistakes.count, 1);
    assert_non_null(strstr(self->mistakes.text, "first.yaml:2"));
    assert_non_null(strstr(self->mistakes.text, "second.yaml:2"));
    assert_non_null(strstr(self->mistakes.text, "naloxone.handed_out_share"));
    city_free(self);
}

static void the_same_value_in_both_is_no_conflict(void **state)
{
    city *self = city_new("naloxone:\n  handed_out_share: 0.25\n",
                          "naloxone:\n  handed_out_share: 0.25\n");

    (void)state;
    assert_int_equal(check(self), ALLOSTAT_OK);
    city_free(self);
}

static void an_overlay_that_writes_the_base_back_is_a_conflict(void **state)
{
    city *self = city_new("users:\n  area_share: {South: 3}\n",
                          "users:\n  area_share: {North: 2, South: 1}\n");

    (void)state;
    assert_int_equal(check(self), ALLOSTAT_ERROR_CONFIGURATION);
    assert_non_null(strstr(self->mistakes.text, "users.area_share of South"));
    city_free(self);
}

static void an_event_against_a_value_is_a_conflict(void **state)
{
    city *self = city_new("naloxone:\n  handed_out_share: 0.25\n",
                          "events:\n  - date: 2013-01-01\n    why: more\n    set:\n"
                          "      naloxone.handed_out_share: 0.75\n");

    (void)state;
    assert_int_equal(check(self), ALLOSTAT_ERROR_CONFIGURATION);
    assert_non_null(strstr(self->mistakes.text, "2013-01-01"));
    assert_non_null(strstr(self->mistakes.text, "an event of"));
    city_free(self);
}

static void a_layer_of_another_folder_is_a_mistake(void **state)
{
    city *self = city_new("run: {}\n", "run: {}\n");
    allostat_scenario scenario;
    allostat_mistakes mistakes = {0};
    folder other;

    (void)state;
    folder_init(&other);
    const char *const paths[] = {self->path[0],
                                 folder_write(&other, "far.yaml", "run: {}\n"), NULL};
    assert_int_equal(
        allostat_scenario_load_layers(&scenario, paths, NULL, 0, &mistakes, NULL),
        ALLOSTAT_ERROR_CONFIGURATION);
    assert_non_null(strstr(mistakes.text, "outside"));
    allostat_mistakes_free(&mistakes);
    allostat_scenario_free(&scenario);
    folder_free(&other);
    city_free(self);
}

static void a_layer_that_is_not_there_is_no_input(void **state)
{
    city *self = city_new("run: {}\n", "run: {}\n");
    allostat_scenario scenario;
    allostat_mistakes mistakes = {0};
    allostat_error error = {0};

    (void)state;
    const char *const paths[] = {self->path[0], "/none/such.yaml", NULL};
    assert_int_equal(
        allostat_scenario_load_layers(&scenario, paths, NULL, 0, &mistakes, &error),
        ALLOSTAT_ERROR_NO_INPUT);
    assert_string_equal(error.user_file, "/none/such.yaml");
    allostat_mistakes_free(&mistakes);
    allostat_scenario_free(&scenario);
    city_free(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_overlay_changes_is_listed_with_its_place),
        cmocka_unit_test(an_overlay_that_changes_nothing_lists_nothing),
        cmocka_unit_test(a_vector_is_listed_by_what_differs_of_it),
        cmocka_unit_test(an_event_is_listed_from_its_day_on),
        cmocka_unit_test(overlays_add_up),
        cmocka_unit_test(a_file_that_both_extend_is_read_once),
        cmocka_unit_test(parts_of_one_vector_do_not_conflict),
        cmocka_unit_test(one_parameter_set_twice_names_both_places),
        cmocka_unit_test(the_same_value_in_both_is_no_conflict),
        cmocka_unit_test(an_overlay_that_writes_the_base_back_is_a_conflict),
        cmocka_unit_test(an_event_against_a_value_is_a_conflict),
        cmocka_unit_test(a_layer_of_another_folder_is_a_mistake),
        cmocka_unit_test(a_layer_that_is_not_there_is_no_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
