#include "check.h"

#include "io/report/numbers.h"

#define MINUS "\xE2\x88\x92"

static void numbers_have_the_digits_that_matter(void **state)
{
    (void)state;
    char text[ALLOSTAT_NUMBER_SIZE];

    assert_string_equal(allostat_number(text, 0.0, false), "0");
    assert_string_equal(allostat_number(text, 7.0, false), "7");
    assert_string_equal(allostat_number(text, 7.128, false), "7.13");
    assert_string_equal(allostat_number(text, 71.28, false), "71.3");
    assert_string_equal(allostat_number(text, 712.8, false), "713");
    assert_string_equal(allostat_number(text, 1234567.0, false), "1,234,567");
    assert_string_equal(allostat_number(text, 0.0123, false), "0.012");
    assert_string_equal(allostat_number(text, (double)NAN, true), "\xE2\x80\x93");
}

static void signs_are_shown_where_asked_and_never_on_nothing(void **state)
{
    (void)state;
    char text[ALLOSTAT_NUMBER_SIZE];

    assert_string_equal(allostat_number(text, 12.5, true), "+12.5");
    assert_string_equal(allostat_number(text, -1200.0, true), MINUS "1,200");
    assert_string_equal(allostat_number_fixed(text, -0.04, 1, true), "0.0");
    assert_string_equal(allostat_number_fixed(text, 0.0, 0, true), "0");
}

static void money_and_shares_have_words(void **state)
{
    (void)state;
    char text[ALLOSTAT_NUMBER_SIZE];

    assert_string_equal(allostat_number_money(text, 1234567.0, false), "1.23 million");
    assert_string_equal(allostat_number_money(text, -2.5e9, true),
                        MINUS "2.50 billion");
    assert_string_equal(allostat_number_money(text, 45678.0, true), "+46,000");
    assert_string_equal(allostat_number_money(text, 999.4, false), "999");
    assert_string_equal(allostat_number_share(text, 0.153, true), "+15 %");
    assert_string_equal(allostat_number_share(text, -0.0153, true), MINUS "1.5 %");
    assert_string_equal(allostat_number_share(text, -0.00031, true), MINUS "0.03 %");
    assert_string_equal(allostat_number_share(text, 0.0, true), "0.0 %");
}

static void months_are_named(void **state)
{
    (void)state;
    char text[ALLOSTAT_NUMBER_SIZE];

    assert_string_equal(allostat_number_month(text, 12 * 2015), "January 2015");
    assert_string_equal(allostat_number_month(text, 12 * 2025 + 11), "December 2025");
}

static void ticks_lie_within_the_axis_at_even_steps(void **state)
{
    (void)state;
    for (double high = 1e-3; high < 1e7; high *= 1.7) {
        const double low = -0.3 * high;
        const allostat_ticks ticks = allostat_ticks_of(low, high, 5);

        assert_in_range(ticks.count, 3, 10);
        for (int32_t i = 0; i < ticks.count; i++) {
            assert_true(ticks.at[i] >= low - 1e-9 * high);
            assert_true(ticks.at[i] <= high * (1.0 + 1e-9));
            if (i < 2) continue;
            check_close(ticks.at[i] - ticks.at[i - 1], ticks.at[1] - ticks.at[0],
                        1e-9 * high);
        }
    }
}

static void ticks_of_an_axis_without_length_are_none(void **state)
{
    (void)state;
    assert_int_equal(allostat_ticks_of(1.0, 1.0, 5).count, 0);
    assert_int_equal(allostat_ticks_of((double)NAN, 1.0, 5).count, 0);
    assert_int_equal(allostat_ticks_of(0.0, (double)INFINITY, 5).count, 0);
}

static void decimals_tell_ticks_apart(void **state)
{
    (void)state;
    assert_int_equal(allostat_ticks_of(0.0, 100.0, 5).decimals, 0);
    assert_int_equal(allostat_ticks_of(0.0, 1.0, 5).decimals, 1);
    assert_int_equal(allostat_ticks_of(0.62, 0.66, 5).decimals, 2);
}

static void the_round_number_above_is_not_below(void **state)
{
    (void)state;
    check_close(allostat_number_above(3.2), 5.0, 1e-12);
    check_close(allostat_number_above(1800.0), 2000.0, 1e-9);
    check_close(allostat_number_above(100.0), 100.0, 1e-9);
    check_close(allostat_number_above(0.0), 1.0, 0.0);
    check_close(allostat_number_above(-4.0), 1.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_the_digits_that_matter),
        cmocka_unit_test(signs_are_shown_where_asked_and_never_on_nothing),
        cmocka_unit_test(money_and_shares_have_words),
        cmocka_unit_test(months_are_named),
        cmocka_unit_test(ticks_lie_within_the_axis_at_even_steps),
        cmocka_unit_test(ticks_of_an_axis_without_length_are_none),
        cmocka_unit_test(decimals_tell_ticks_apart),
        cmocka_unit_test(the_round_number_above_is_not_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
