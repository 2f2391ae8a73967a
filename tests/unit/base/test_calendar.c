#include "check.h"

#include "base/calendar.h"

static allostat_day day_of(int32_t year, int32_t month, int32_t day)
{
    return allostat_day_from_date(
        (allostat_date){.year = year, .month = month, .day = day});
}

static void day_zero_is_the_first_of_january_1970(void **state)
{
    (void)state;
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(1969, 12, 31), -1);
    assert_int_equal(day_of(2000, 3, 1), 11017);
    assert_int_equal(day_of(2016, 4, 14), 16905);
}

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Counts the days one by one with the schoolbook rule. */
static void every_day_from_1800_to_2200_comes_back_from_its_date(void **state)
{
    (void)state;
    static const int32_t length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    allostat_day expected = -62091;

    for (int32_t year = 1800; year <= 2200; year++) {
        for (int32_t month = 1; month <= 12; month++) {
            const int32_t days = length[month - 1] + (month == 2 && is_leap(year));

            assert_int_equal(allostat_month_first_day(12 * year + month - 1), expected);
            assert_int_equal(allostat_month_day_count(12 * year + month - 1), days);
            for (int32_t day = 1; day <= days; day++, expected++) {
                const allostat_date date = allostat_date_from_day(expected);

                assert_int_equal(day_of(year, month, day), expected);
                assert_int_equal(date.year, year);
                assert_int_equal(date.month, month);
                assert_int_equal(date.day, day);
                assert_int_equal(allostat_month_of_day(expected),
                                 12 * year + month - 1);
            }
        }
    }
}

static void days_before_year_zero_come_back_too(void **state)
{
    (void)state;
    for (allostat_day day = -800000; day < -600000; day++)
        assert_int_equal(allostat_day_from_date(allostat_date_from_day(day)), day);
    assert_int_equal(allostat_month_of_day(allostat_month_first_day(-25)), -25);
}

static void known_dates_have_their_weekday(void **state)
{
    (void)state;
    assert_int_equal(allostat_weekday(day_of(1970, 1, 1)), 3); /* Thursday */
    assert_int_equal(allostat_weekday(day_of(1969, 7, 20)),
                     6); /* Moon landing: Sunday */
    assert_int_equal(allostat_weekday(day_of(2016, 4, 14)),
                     3); /* B.C. emergency: Thursday */
    assert_int_equal(allostat_weekday(day_of(2000, 2, 29)), 1); /* Tuesday */
    assert_int_equal(allostat_weekday(day_of(1867, 7, 1)), 0);  /* Canada: Monday */
}

static void weekdays_follow_each_other(void **state)
{
    (void)state;
    for (allostat_day day = -1000; day < 1000; day++)
        assert_int_equal(allostat_weekday(day + 1), (allostat_weekday(day) + 1) % 7);
}

static void real_dates_are_read(void **state)
{
    (void)state;
    allostat_day day = 0;

    assert_true(allostat_day_parse("2016-04-14", &day));
    assert_int_equal(day, 16905);
    assert_true(allostat_day_parse("2016-02-29", &day));
    assert_int_equal(day, day_of(2016, 2, 29));
    assert_true(allostat_day_parse("2016-04", &day));
    assert_int_equal(day, day_of(2016, 4, 1));
    assert_true(allostat_day_parse("2016", &day));
    assert_int_equal(day, day_of(2016, 1, 1));
    assert_true(allostat_day_parse("9999-12-31", &day));
    assert_int_equal(day, day_of(9999, 12, 31));
}

static void what_is_no_real_date_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",
        "2",
        "201",
        "2015-",
        "2015-1",
        "2015-1-1",
        "2015-01-1",
        "2015-01-",
        "2015-02-30",
        "2015-02-29",
        "1900-02-29",
        "2015-04-31",
        "2015-13-01",
        "2015-00-01",
        "2015-01-00",
        "2015-01-32",
        "2015-01-01 ",
        " 2015-01-01",
        "2015-01-01T00",
        "2015-01-011",
        "2015-01-01-01",
        "2015/01/01",
        "20150101",
        "+201-01-01",
        "-201-01-01",
        "2015-+1-01",
        "2015- 1-01",
        "015-01-01",
        "2015--01",
        "today",
    };

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        allostat_day day = 4242;

        if (allostat_day_parse(refused[i], &day))
            fail_msg("'%s' was accepted", refused[i]);
        assert_int_equal(day, 4242);
    }
}

static void written_dates_read_back(void **state)
{
    (void)state;
    char text[ALLOSTAT_DATE_TEXT_SIZE];
    allostat_day back = 0;

    allostat_day_format(16905, text);
    assert_string_equal(text, "2016-04-14");
    for (allostat_day day = -62091; day < 84000; day += 13) {
        allostat_day_format(day, text);
        assert_true(allostat_day_parse(text, &back));
        assert_int_equal(back, day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(day_zero_is_the_first_of_january_1970),
        cmocka_unit_test(every_day_from_1800_to_2200_comes_back_from_its_date),
        cmocka_unit_test(days_before_year_zero_come_back_too),
        cmocka_unit_test(known_dates_have_their_weekday),
        cmocka_unit_test(weekdays_follow_each_other),
        cmocka_unit_test(real_dates_are_read),
        cmocka_unit_test(what_is_no_real_date_is_refused_and_changes_nothing),
        cmocka_unit_test(written_dates_read_back),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
