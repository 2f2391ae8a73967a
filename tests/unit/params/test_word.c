#include "params/reading.h"

#include "params/word.h"

static const allostat_param_info percent = {
    .path = "a.b", .unit = "%", .low = -1.0, .high = 100.0};

static allostat_node word(const reading *self, const char *text, bool is_plain)
{
    return (allostat_node){.kind = ALLOSTAT_NODE_word,
                           .is_plain = is_plain,
                           .place = {self->source, 1, 1},
                           .text = text};
}

static void plain_decimals_are_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"0", 0.0},   {"-0.5", -0.5}, {"+3", 3.0},    {".5", 0.5},
                 {"5.", 5.0},  {"1e2", 100.0}, {"2E-3", 2e-3}, {"1.5e+1", 15.0},
                 {"007", 7.0}, {"1e-400", 0.0}};
    reading self;
    reading_init(&self, "x");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const allostat_node node = word(&self, cases[i].text, true);
        double value = -99.0;
        assert_true(allostat_word_number(&node, "x", &percent, &self.report, &value));
        check_close(value, cases[i].value, 0.0);
    }
    reading_expect(&self, NULL);
}

static void anything_else_is_no_number(void **state)
{
    (void)state;
    static const char *const cases[] = {"",      "nan",   ".nan", "inf",  "-.inf",
                                        "0x10",  "1_000", "1,5",  "1e",   "e5",
                                        ".",     "+",     "--1",  "1 2",  "5%",
                                        "1e999", "1.2.3", "0b1",  "1:30", "\xD9\xA3"};
    reading self;
    reading_init(&self, "x");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const allostat_node node = word(&self, cases[i], true);
        double value = -99.0;
        if (allostat_word_number(&node, "x", &percent, &self.report, &value)) {
            fail_msg("'%s' was read as %g", cases[i], value);
        }
        check_close(value, -99.0, 0.0);
    }
    assert_int_equal(self.report.count, sizeof cases / sizeof cases[0]);
    allostat_pool_free(&self.pool);
}

static void a_number_outside_its_range_is_told_the_range_and_unit(void **state)
{
    (void)state;
    reading self;
    double value = 0.0;
    reading_init(&self, "101");
    const allostat_node node = word(&self, "101", true);

    assert_false(allostat_word_number(&node, "'a.b'", &percent, &self.report, &value));
    reading_expect(&self,
                   "file.yaml:1:1: error: 'a.b' is 101 %, outside its range from -1 to "
                   "100 %\n101\n^\n");
}

static void whole_numbers_are_exact_to_the_last_digit(void **state)
{
    (void)state;
    const allostat_whole_range range = {-5, 4611686018427387904, "1"};
    reading self;
    int64_t value = 0;
    reading_init(&self, "x");
    const allostat_node good = word(&self, "4611686018427387903", true);
    const allostat_node above = word(&self, "4611686018427387905", true);
    const allostat_node huge = word(&self, "99999999999999999999", true);

    assert_true(allostat_word_whole(&good, "x", range, &self.report, &value));
    assert_true(value == 4611686018427387903);
    assert_false(allostat_word_whole(&above, "x", range, &self.report, &value));
    assert_false(allostat_word_whole(&huge, "x", range, &self.report, &value));
    allostat_pool_free(&self.pool);
}

static void switches_are_on_off_true_or_false_without_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_plain, good, value;
    } cases[] = {{"on", true, true, true},    {"off", true, true, false},
                 {"true", true, true, true},  {"false", true, true, false},
                 {"yes", true, false, false}, {"On", true, false, false},
                 {"1", true, false, false},   {"", true, false, false},
                 {"on", false, false, false}};
    reading self;
    reading_init(&self, "x");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const allostat_node node = word(&self, cases[i].text, cases[i].is_plain);
        bool value = !cases[i].value;
        assert_true(allostat_word_switch(&node, "x", &self.report, &value) ==
                    cases[i].good);
        if (cases[i].good) assert_true(value == cases[i].value);
    }
    allostat_pool_free(&self.pool);
}

static void texts_fit_or_are_refused(void **state)
{
    (void)state;
    reading self;
    char longest[ALLOSTAT_TEXT_SIZE] = "", too_long[ALLOSTAT_TEXT_SIZE + 1] = "";
    char text[ALLOSTAT_TEXT_SIZE];
    memset(longest, 'x', sizeof longest - 1);
    memset(too_long, 'x', sizeof too_long - 1);
    reading_init(&self, "x");
    const allostat_node good = word(&self, longest, true),
                        bad = word(&self, too_long, true);
    const allostat_node nothing = word(&self, "", true), empty = word(&self, "", false);

    assert_true(allostat_word_text(&good, "x", &self.report, text));
    assert_string_equal(text, longest);
    assert_false(allostat_word_text(&bad, "x", &self.report, text));
    assert_false(allostat_word_text(&nothing, "x", &self.report, text));
    assert_true(allostat_word_text(&empty, "x", &self.report, text));
    for (size_t i = 0; i < sizeof text; i++) assert_int_equal(text[i], 0);
    allostat_pool_free(&self.pool);
}

static void the_nearest_name_is_hinted_and_a_far_one_is_not(void **state)
{
    (void)state;
    static const char *const names[] = {"seed", "start", "replicates"};
    reading self;
    reading_init(&self, "x");

    assert_string_equal(allostat_names_hint(&self.report, "sede", names, 3),
                        "; did you mean 'seed'?");
    assert_string_equal(allostat_names_hint(&self.report, "quite_different", names, 3),
                        "; known names: seed, start, replicates");
    allostat_pool_free(&self.pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_decimals_are_numbers),
        cmocka_unit_test(anything_else_is_no_number),
        cmocka_unit_test(a_number_outside_its_range_is_told_the_range_and_unit),
        cmocka_unit_test(whole_numbers_are_exact_to_the_last_digit),
        cmocka_unit_test(switches_are_on_off_true_or_false_without_quotes),
        cmocka_unit_test(texts_fit_or_are_refused),
        cmocka_unit_test(the_nearest_name_is_hinted_and_a_far_one_is_not),
    };
    return cmocka_run_group_tests_name("word", tests, NULL, NULL);
}
