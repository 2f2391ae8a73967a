#include "params/folder.h"

#include "base/text.h"
#include "params/value.h"

/* A text that needs every kind of escape, as YAML and as it is. */
#define ODD_YAML \
    "\"- \\\"a\\\\b\\\": #c\\t\\n\\x07\\x85\\u2028\\uFEFF\\u00e9 \\U0001F600 'no'\""
#define ODD_TEXT                                                                     \
    "- \"a\\b\": #c\t\n\a\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF\xC3\xA9 \xF0\x9F\x98\x80 " \
    "'no'"

static void add(allostat_text *text, const char *piece)
{
    assert_int_equal(allostat_text_append_bytes(text, piece, strlen(piece), NULL),
                     ALLOSTAT_OK);
}

/* A number inside the range that has no short decimal form. */
static const char *number_in(const allostat_param_info *info, int which)
{
    static char text[ALLOSTAT_DOUBLE_TEXT_SIZE];
    const double share = which / 7.0;

    allostat_double_format(info->low + share * (info->high - info->low), text);
    return text;
}

static void add_vector(allostat_text *text, const allostat_param_info *info)
{
    static const char *const areas[] = {"A: b", "null", "\\u00e9 \\x7F#"};
    const bool by_area = info->axis == ALLOSTAT_AXIS_area;
    const int count = by_area ? 3 : allostat_axis_count(NULL, info->axis);

    for (int i = 0; i < count; i++) {
        add(text, i == 0 ? "{\"" : ", \"");
        add(text, by_area ? areas[i] : allostat_axis_label(NULL, info->axis, i));
        add(text, "\": ");
        add(text, number_in(info, i + 1));
    }
    add(text, "}");
}

static void add_series(allostat_text *text, const allostat_param_info *info)
{
    static const char *const days[] = {"{1969-12-31: ", ", 2012: ", ", 2016-02-29: "};

    for (int i = 0; i < 3; i++) {
        add(text, days[i]);
        add(text, number_in(info, i + 3));
    }
    add(text, "}");
}

static void add_schedule(allostat_text *text, const allostat_param_info *info)
{
    add(text, "[[male, 3, 110, ");
    add(text, number_in(info, 1));
    add(text, "], [female, 0, 64, ");
    add(text, number_in(info, 2));
    add(text, "]]");
}

/* Some value that is not the default. */
static void add_value(allostat_text *text, const allostat_param_info *info)
{
    char whole[32];

    snprintf(whole, sizeof whole, "%lld", (long long)info->high);
    switch (info->kind) {
    case ALLOSTAT_KIND_number:
        add(text, number_in(info, 3));
        break;
    case ALLOSTAT_KIND_count:
        add(text, whole);
        break;
    case ALLOSTAT_KIND_switch:
        add(text, info->default_value > 0.0 ? "off" : "on");
        break;
    case ALLOSTAT_KIND_date:
        add(text, info->default_text);
        break;
    case ALLOSTAT_KIND_text:
        add(text, ODD_YAML);
        break;
    case ALLOSTAT_KIND_labels:
        add(text, "[\"A: b\", 'null', \"\\u00e9 \\x7F#\"]");
        break;
    case ALLOSTAT_KIND_vector:
        add_vector(text, info);
        break;
    case ALLOSTAT_KIND_series:
        add_series(text, info);
        break;
    case ALLOSTAT_KIND_schedule:
        add_schedule(text, info);
        break;
    }
}

/* A configuration that sets every parameter, every other one with a source, and has one
 * event for each parameter that an event may change. */
static char *whole_configuration(void)
{
    allostat_text text = {0};
    const char *group = "";
    int month = 0;
    char date[64];

    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (strcmp(group, info->group) != 0) {
            add(&text, info->group);
            add(&text, ":\n");
        }
        group = info->group;
        add(&text, "  ");
        add(&text, info->name);
        add(&text, i % 2 == 0 ? ": {source: " ODD_YAML ", value: " : ": ");
        add_value(&text, info);
        add(&text, i % 2 == 0 ? "}\n" : "\n");
    }
    add(&text, "events:\n");
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        const bool is_table = info->kind == ALLOSTAT_KIND_series ||
                              info->kind == ALLOSTAT_KIND_schedule ||
                              info->kind == ALLOSTAT_KIND_vector ||
                              info->kind == ALLOSTAT_KIND_number;
        if (info->change != ALLOSTAT_DATED || !is_table) continue;
        snprintf(date, sizeof date, "  - date: 20%d-%02d-%02d\n    set: {",
                 13 + month / 12 % 12, 1 + month % 12, 1 + month % 27);
        month += 1 + i % 5;
        add(&text, date);
        add(&text, info->path);
        add(&text, ": ");
        add(&text, number_in(info, 5));
        add(&text, i % 2 == 0 ? "}\n    why: " ODD_YAML "\n" : "}\n");
    }
    add(&text, "  - {date: 2025-12-30, set: {}}\n");
    return allostat_text_steal(&text);
}

static void load(allostat_scenario *scenario, const char *path)
{
    allostat_error error = {0};
    allostat_mistakes mistakes = {0};
    const allostat_status status =
        allostat_scenario_load(scenario, path, NULL, 0, &mistakes, &error);

    if (status != ALLOSTAT_OK) print_message("%s%s\n", error.message, mistakes.text);
    allostat_mistakes_free(&mistakes);
    assert_int_equal(status, ALLOSTAT_OK);
}

typedef struct {
    folder files;
    allostat_scenario first, second;
    char *text, *again;
} fixture;

/* Load the configuration of all parameters, write it, load that and write it again. */
static int set_up(void **state)
{
    static fixture self;
    allostat_error error = {0};
    char *text = whole_configuration();

    folder_init(&self.files);
    load(&self.first, folder_write(&self.files, "a.yaml", text));
    assert_int_equal(allostat_scenario_to_yaml(&self.first, &self.text, &error),
                     ALLOSTAT_OK);
    load(&self.second, folder_write(&self.files, "b.yaml", self.text));
    assert_int_equal(allostat_scenario_to_yaml(&self.second, &self.again, &error),
                     ALLOSTAT_OK);
    free(text);
    *state = &self;
    return 0;
}

static int tear_down(void **state)
{
    fixture *self = *state;

    allostat_scenario_free(&self->first);
    allostat_scenario_free(&self->second);
    free(self->text);
    free(self->again);
    folder_free(&self->files);
    return 0;
}

static void every_parameter_reads_back_to_the_same_bits_in_every_epoch(void **state)
{
    const fixture *self = *state;

    assert_true(self->first.epoch_count > 2);
    assert_int_equal(self->first.epoch_count, self->second.epoch_count);
    for (int32_t e = 0; e < self->first.epoch_count; e++) {
        const allostat_epoch *left = &self->first.epochs[e],
                             *right = &self->second.epochs[e];
        assert_int_equal(left->first_day, right->first_day);
        for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
            if (!allostat_value_equal(id, &left->params, &right->params)) {
                fail_msg("%s differs in epoch %d", allostat_param_table[id].path, e);
            }
        }
    }
}

static void sources_read_back_as_they_were(void **state)
{
    const fixture *self = *state;

    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        assert_string_equal(self->second.origins[id].source,
                            id % 2 == 0 ? ODD_TEXT : "");
    }
}

static void what_was_read_back_is_written_the_same_again(void **state)
{
    const fixture *self = *state;
    assert_string_equal(self->text, self->again);
}

static void odd_characters_of_texts_survive(void **state)
{
    const fixture *self = *state;

    assert_string_equal(self->second.epochs[0].params.run_name, ODD_TEXT);
    assert_string_equal(self->second.epochs[0].params.geography_areas.label[2],
                        "\xC3\xA9 \x7F#");
}

static void the_text_of_defaults_loads_to_the_defaults(void **state)
{
    fixture *self = *state;
    static allostat_scenario defaults, loaded;
    allostat_error error = {0};
    char *text = NULL;

    assert_int_equal(allostat_scenario_defaults(&defaults, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_scenario_to_yaml(&defaults, &text, &error), ALLOSTAT_OK);
    load(&loaded, folder_write(&self->files, "defaults.yaml", text));
    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        assert_true(allostat_value_equal(id, &defaults.epochs[0].params,
                                         &loaded.epochs[0].params));
    }
    free(text);
    allostat_scenario_free(&defaults);
    allostat_scenario_free(&loaded);
}

static void the_text_loads_from_memory_as_from_a_file(void **state)
{
    fixture *self = *state;
    static allostat_scenario loaded;
    allostat_mistakes mistakes;
    allostat_error error = {0};
    char *again = NULL;

    assert_int_equal(
        allostat_scenario_load_text(&loaded, "memory", self->text, &mistakes, &error),
        ALLOSTAT_OK);
    assert_int_equal(allostat_scenario_to_yaml(&loaded, &again, &error), ALLOSTAT_OK);
    assert_string_equal(again, self->text);
    free(again);
    allostat_scenario_free(&loaded);
    assert_int_equal(allostat_scenario_load_text(&loaded, "memory", "run: {sed: 1}\n",
                                                 &mistakes, &error),
                     ALLOSTAT_ERROR_CONFIGURATION);
    assert_non_null(strstr(mistakes.text, "memory:1:"));
    allostat_mistakes_free(&mistakes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_parameter_reads_back_to_the_same_bits_in_every_epoch),
        cmocka_unit_test(sources_read_back_as_they_were),
        cmocka_unit_test(what_was_read_back_is_written_the_same_again),
        cmocka_unit_test(odd_characters_of_texts_survive),
        cmocka_unit_test(the_text_of_defaults_loads_to_the_defaults),
        cmocka_unit_test(the_text_loads_from_memory_as_from_a_file),
    };
    return cmocka_run_group_tests_name("emit", tests, set_up, tear_down);
}
