#include "check.h"

#include "base/text.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

static void text_grows_by_what_is_appended(void **state)
{
    (void)state;
    allostat_text text = {0};
    char expected[5 * 1000 + 16];

    for (int i = 0; i < 1000; i++) {
        assert_int_equal(allostat_text_append(&text, NULL, "%04d,", i), ALLOSTAT_OK);
        (void)snprintf(expected + 5 * i, 16, "%04d,", i);
        assert_int_equal(text.length, 5 * (i + 1));
        assert_string_equal(text.data, expected);
    }
    allostat_text_free(&text);
    assert_null(text.data);
    assert_int_equal(text.length, 0);
}

static void every_length_of_one_append_fits(void **state)
{
    (void)state;
    for (int length = 0; length < 300; length++) {
        allostat_text text = {0};

        assert_int_equal(allostat_text_append(&text, NULL, "%*s", length, ""),
                         ALLOSTAT_OK);
        assert_int_equal(text.length, length);
        assert_int_equal(strlen(text.data), length);
        allostat_text_free(&text);
    }
}

static void bytes_are_appended_as_they_are(void **state)
{
    (void)state;
    allostat_text text = {0};

    assert_int_equal(allostat_text_append_bytes(&text, "%d\0z", 4, NULL), ALLOSTAT_OK);
    assert_int_equal(allostat_text_append_bytes(&text, "", 0, NULL), ALLOSTAT_OK);
    assert_int_equal(text.length, 4);
    assert_memory_equal(text.data, "%d\0z", 5);
    allostat_text_free(&text);
}

static void stolen_characters_belong_to_the_caller(void **state)
{
    (void)state;
    allostat_text text = {0};
    char *mine;

    assert_null(allostat_text_steal(&text));
    assert_int_equal(allostat_text_append(&text, NULL, "abc"), ALLOSTAT_OK);
    mine = allostat_text_steal(&text);
    assert_string_equal(mine, "abc");
    assert_null(text.data);
    assert_int_equal(text.length, 0);
    free(mine);
}

static void impossible_length_is_refused_and_keeps_the_text(void **state)
{
    (void)state;
    allostat_text text = {0};
    allostat_error error = {0};

    assert_int_equal(allostat_text_append(&text, &error, "kept"), ALLOSTAT_OK);
    assert_int_equal(allostat_text_append_bytes(&text, "", SIZE_MAX - 2, &error),
                     ALLOSTAT_ERROR_NO_MEMORY);
    assert_int_equal(error.status, ALLOSTAT_ERROR_NO_MEMORY);
    assert_string_equal(text.data, "kept");
    allostat_text_free(&text);
}

static void distance_counts_each_kind_of_edit(void **state)
{
    (void)state;
    assert_int_equal(allostat_text_distance("", ""), 0);
    assert_int_equal(allostat_text_distance("halflife", "halflife"), 0);
    assert_int_equal(allostat_text_distance("", "abc"), 3);
    assert_int_equal(allostat_text_distance("tolerance", "tolerence"), 1);
    assert_int_equal(allostat_text_distance("naloxone", "naloxne"), 1);
    assert_int_equal(allostat_text_distance("naloxone", "naloxoone"), 1);
    assert_int_equal(allostat_text_distance("naloxone", "nalxoone"), 1);
    assert_int_equal(allostat_text_distance("kitten", "sitting"), 3);
    assert_int_equal(allostat_text_distance("ca", "abc"),
                     3); /* no letter is edited twice */
}

static void distance_is_the_same_both_ways(void **state)
{
    (void)state;
    static const char *const names[] = {"",       "a",      "ab",    "ba",
                                        "supply", "suplpy", "people"};
    const size_t count = sizeof names / sizeof names[0];

    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++)
            assert_int_equal(allostat_text_distance(names[a], names[b]),
                             allostat_text_distance(names[b], names[a]));
}

static void distance_of_long_strings_is_their_length(void **state)
{
    (void)state;
    char longest[ALLOSTAT_TEXT_DISTANCE_LENGTH + 1];
    char longer[ALLOSTAT_TEXT_DISTANCE_LENGTH + 2];

    memset(longest, 'a', sizeof longest);
    memset(longer, 'a', sizeof longer);
    longest[sizeof longest - 1] = '\0';
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(allostat_text_distance(longest, longest), 0);
    assert_int_equal(allostat_text_distance(longest, "b"), sizeof longest - 1);
    assert_int_equal(allostat_text_distance(longer, "a"), sizeof longer - 1);
}

static void check_formatted(double value, const char *expected)
{
    char text[ALLOSTAT_DOUBLE_TEXT_SIZE];

    allostat_double_format(value, text);
    assert_string_equal(text, expected);
}

static void plain_numbers_are_written_plainly(void **state)
{
    (void)state;
    check_formatted(0.1, "0.1");
    check_formatted(20.0, "20");
    check_formatted(-0.0, "-0");
    check_formatted(0.1 + 0.2, "0.30000000000000004");
    check_formatted(1e300, "1e+300");
    check_formatted((double)INFINITY, "inf");
}

static void written_numbers_read_back_to_the_same_bits(void **state)
{
    (void)state;
    uint64_t bits = 0x9e3779b97f4a7c15u;

    for (int i = 0; i < 20000; i++) {
        char text[ALLOSTAT_DOUBLE_TEXT_SIZE];
        double value, back;

        bits = bits * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &bits, sizeof value);
        if (isnan(value)) continue;
        allostat_double_format(value, text);
        back = strtod(text, NULL);
        assert_memory_equal(&back, &value, sizeof back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_by_what_is_appended),
        cmocka_unit_test(every_length_of_one_append_fits),
        cmocka_unit_test(bytes_are_appended_as_they_are),
        cmocka_unit_test(stolen_characters_belong_to_the_caller),
        cmocka_unit_test(impossible_length_is_refused_and_keeps_the_text),
        cmocka_unit_test(distance_counts_each_kind_of_edit),
        cmocka_unit_test(distance_is_the_same_both_ways),
        cmocka_unit_test(distance_of_long_strings_is_their_length),
        cmocka_unit_test(plain_numbers_are_written_plainly),
        cmocka_unit_test(written_numbers_read_back_to_the_same_bits),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
