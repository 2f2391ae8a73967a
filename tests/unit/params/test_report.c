#include "params/reading.h"

static void add(reading *self, int line, int column, const char *message)
{
    allostat_report_add(&self->report,
                        (allostat_source_place){self->source, line, column}, "%s",
                        message);
}

static void a_mistake_shows_place_line_and_caret(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "one\ntwo\nthree\n");
    add(&self, 2, 3, "bad");
    reading_expect(&self, "file.yaml:2:3: error: bad\ntwo\n  ^\n");
}

static void mistakes_are_shown_in_order_of_lines_and_columns(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "ab\ncd");
    add(&self, 2, 2, "third");
    add(&self, 1, 2, "first");
    add(&self, 2, 1, "second");
    add(&self, 2, 2, "fourth");
    reading_expect(&self, "file.yaml:1:2: error: first\nab\n ^\n"
                          "file.yaml:2:1: error: second\ncd\n^\n"
                          "file.yaml:2:2: error: third\ncd\n ^\n"
                          "file.yaml:2:2: error: fourth\ncd\n ^\n");
}

static void carets_count_characters_and_tabs_as_one(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "\t\xC3\xA9\xE2\x82\xAC = x\r\n");
    add(&self, 1, 7, "bad");
    reading_expect(&self,
                   "file.yaml:1:7: error: bad\n \xC3\xA9\xE2\x82\xAC = x\n      ^\n");
}

static void control_characters_are_escaped_and_carets_follow(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "\x1B[31m\xC2\x9B x");
    add(&self, 1, 8, "\a");
    reading_expect(&self,
                   "file.yaml:1:8: error: \\x07\n\\x1B[31m\\x9B x\n             ^\n");
}

static void long_lines_are_cut_around_the_mistake(void **state)
{
    (void)state;
    reading self;
    char text[1001] = "", expected[512] = "", dots[121] = "";
    memset(text, '.', 1000);
    text[499] = 'x';
    reading_init(&self, text);
    add(&self, 1, 500, "bad");
    memset(dots, '.', 120);
    dots[59] = 'x';
    snprintf(expected, sizeof expected,
             "file.yaml:1:500: error: bad\n...%s...\n%62s^\n", dots, "");
    reading_expect(&self, expected);
}

static void a_place_behind_the_end_shows_an_empty_line(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "a\n");
    add(&self, 9, 1, "bad");
    reading_expect(&self, "file.yaml:9:1: error: bad\n\n^\n");
}

static void
only_the_first_two_hundred_mistakes_are_shown_and_all_are_counted(void **state)
{
    (void)state;
    reading self;
    allostat_mistakes mistakes = {0};
    allostat_error error = {0};
    reading_init(&self, "a\n");
    for (int i = 0; i < 20000; i++) add(&self, 1, 1, "bad");
    assert_int_equal(allostat_report_finish(&self.report, &mistakes, &error),
                     ALLOSTAT_ERROR_CONFIGURATION);
    assert_int_equal(mistakes.count, 20000);
    assert_non_null(strstr(mistakes.text, "... and 19800 mistakes more\n"));
    assert_int_equal(error.user_line, 1);
    allostat_mistakes_free(&mistakes);
    allostat_pool_free(&self.pool);
}

static void no_mistake_is_no_text(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "a\n");
    reading_expect(&self, NULL);
}

static void quotes_are_cut_between_characters(void **state)
{
    (void)state;
    reading self;
    char text[202] = "a"; /* so that a character straddles the limit of 60 bytes */
    for (int i = 0; i < 100; i++) memcpy(text + 1 + 2 * i, "\xC3\xA9", 2);
    reading_init(&self, "a");
    const char *quoted = allostat_report_quote(&self.report, text);
    assert_int_equal(strlen(quoted), strlen("'") + 61 + strlen("...'"));
    assert_string_equal(quoted + 60, "\xC3\xA9...'");
    reading_expect(&self, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_shows_place_line_and_caret),
        cmocka_unit_test(mistakes_are_shown_in_order_of_lines_and_columns),
        cmocka_unit_test(carets_count_characters_and_tabs_as_one),
        cmocka_unit_test(control_characters_are_escaped_and_carets_follow),
        cmocka_unit_test(long_lines_are_cut_around_the_mistake),
        cmocka_unit_test(a_place_behind_the_end_shows_an_empty_line),
        cmocka_unit_test(
            only_the_first_two_hundred_mistakes_are_shown_and_all_are_counted),
        cmocka_unit_test(no_mistake_is_no_text),
        cmocka_unit_test(quotes_are_cut_between_characters),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
