#include "check.h"

#include "io/report/pen.h"

#include <string.h>

static void check_text(const char *text, const char *wanted)
{
    allostat_pen pen = {0};

    allostat_pen_put(&pen, "%s", "");
    allostat_pen_text(&pen, text);
    assert_int_equal(pen.status, ALLOSTAT_OK);
    assert_string_equal(pen.text.data, wanted);
    allostat_pen_free(&pen);
}

static void markup_is_escaped(void **state)
{
    (void)state;
    check_text("x", "x");
    check_text("<script>alert('1')</script>",
               "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
    check_text("a \"b\" & c", "a &quot;b&quot; &amp; c");
    check_text("]]>--><!--", "]]&gt;--&gt;&lt;!--");
}

static void letters_of_any_script_stay(void **state)
{
    (void)state;
    check_text("Z\xC3\xBCrich \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xF0\x9F\x8F\x99",
               "Z\xC3\xBCrich \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xF0\x9F\x8F\x99");
}

static void what_steers_the_reader_is_replaced(void **state)
{
    (void)state;
    check_text("a\xE2\x80\xAE"
               "b",
               "a\xEF\xBF\xBD"
               "b"); /* right-to-left override */
    check_text("a\x1B[31m", "a\xEF\xBF\xBD[31m");
    check_text("a\xFF", "a\xEF\xBF\xBD"); /* no UTF-8 */
    check_text("a\nb\tc", "a b c");
}

static void a_cut_text_counts_characters_not_bytes(void **state)
{
    (void)state;
    allostat_pen pen = {0};

    allostat_pen_cut(&pen, "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 3);
    assert_string_equal(pen.text.data, "\xC3\xA9\xC3\xA9\xE2\x80\xA6");
    allostat_pen_free(&pen);
    allostat_pen_cut(&pen, "&&&", 3);
    assert_string_equal(pen.text.data, "&amp;&amp;&amp;");
    allostat_pen_free(&pen);
}

static void a_long_name_is_not_cut_by_the_pen(void **state)
{
    (void)state;
    char name[5001];
    allostat_pen pen = {0};

    memset(name, '<', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    allostat_pen_name(&pen, name);
    assert_int_equal(pen.text.length, 4 * 5000 + 11); /* &lt; each, <bdi></bdi> */
    allostat_pen_free(&pen);
}

static void cells_of_csv_are_quoted(void **state)
{
    (void)state;
    allostat_pen pen = {0};

    allostat_pen_cell(&pen, "a \"b\",\nc");
    assert_string_equal(pen.text.data, "\"a \"\"b\"\", c\"");
    allostat_pen_free(&pen);
}

static void nothing_is_written_after_a_failure(void **state)
{
    (void)state;
    allostat_pen pen = {.status = ALLOSTAT_ERROR_NO_MEMORY};

    allostat_pen_put(&pen, "x");
    allostat_pen_text(&pen, "y");
    assert_int_equal(pen.text.length, 0);
    assert_int_equal(pen.status, ALLOSTAT_ERROR_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_is_escaped),
        cmocka_unit_test(letters_of_any_script_stay),
        cmocka_unit_test(what_steers_the_reader_is_replaced),
        cmocka_unit_test(a_cut_text_counts_characters_not_bytes),
        cmocka_unit_test(a_long_name_is_not_cut_by_the_pen),
        cmocka_unit_test(cells_of_csv_are_quoted),
        cmocka_unit_test(nothing_is_written_after_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
