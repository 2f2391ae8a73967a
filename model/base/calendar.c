#include "base/calendar.h"

#include <stdio.h>

enum {
    DAYS_IN_ERA = 146097, /* 400 Gregorian years, after which the calendar repeats */
    YEARS_IN_ERA = 400,
    EPOCH_SHIFT = 719468, /* days from 0000-03-01 to 1970-01-01 */
    EPOCH_WEEKDAY = 3     /* 1970-01-01 was a Thursday */
};

static int32_t floor_divide(int32_t value, int32_t divisor)
{
    return value / divisor - (value % divisor < 0);
}

static int32_t floor_remainder(int32_t value, int32_t divisor)
{
    return value - floor_divide(value, divisor) * divisor;
}

/* Years are counted from March, so that the leap day is the last one of its year
 * (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). */
allostat_day allostat_day_from_date(allostat_date date)
{
    const int32_t year = date.year - (date.month <= 2);
    const int32_t era = floor_divide(year, YEARS_IN_ERA);
    const int32_t year_of_era = year - era * YEARS_IN_ERA;
    const int32_t month_from_march = (date.month + 9) % 12;
    const int32_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const int32_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_IN_ERA + day_of_era - EPOCH_SHIFT;
}

/* The inverse (the same source, civil_from_days). */
allostat_date allostat_date_from_day(allostat_day day)
{
    const int32_t shifted = day + EPOCH_SHIFT;
    const int32_t era = floor_divide(shifted, DAYS_IN_ERA);
    const int32_t day_of_era = shifted - era * DAYS_IN_ERA;
    const int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                                 day_of_era / (DAYS_IN_ERA - 1)) /
                                365;
    const int32_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int32_t month_from_march = (5 * day_of_year + 2) / 153;
    const int32_t month = (month_from_march + 2) % 12 + 1;

    return (allostat_date){
        .year = year_of_era + era * YEARS_IN_ERA + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
}

allostat_month allostat_month_of_day(allostat_day day)
{
    const allostat_date date = allostat_date_from_day(day);

    return 12 * date.year + date.month - 1;
}

allostat_day allostat_month_first_day(allostat_month month)
{
    return allostat_day_from_date((allostat_date){
        .year = floor_divide(month, 12),
        .month = floor_remainder(month, 12) + 1,
        .day = 1,
    });
}

int32_t allostat_month_day_count(allostat_month month)
{
    return allostat_month_first_day(month + 1) - allostat_month_first_day(month);
}

int32_t allostat_weekday(allostat_day day)
{
    return floor_remainder(floor_remainder(day, 7) + EPOCH_WEEKDAY, 7);
}

/* Reads exactly `digits` decimal digits; false on anything else, also on a sign or a
 * space. */
static bool parse_digits(const char **text, int digits, int32_t *value)
{
    int32_t sum = 0;

    for (int i = 0; i < digits; i++) {
        const char c = (*text)[i];
        if (c < '0' || c > '9') return false;
        sum = 10 * sum + (c - '0');
    }
    *text += digits;
    *value = sum;
    return true;
}

bool allostat_day_parse(const char *text, allostat_day *day)
{
    allostat_date date = {.year = 0, .month = 1, .day = 1};
    allostat_day found;

    if (!parse_digits(&text, 4, &date.year)) return false;
    if (*text == '-') {
        text++;
        if (!parse_digits(&text, 2, &date.month)) return false;
        if (*text == '-') {
            text++;
            if (!parse_digits(&text, 2, &date.day)) return false;
        }
    }
    if (*text != '\0' || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    found = allostat_day_from_date(date);
    /* a day past the end of its month, as 2015-02-30, lands in the next one */
    if (allostat_month_of_day(found) != 12 * date.year + date.month - 1) return false;
    *day = found;
    return true;
}

void allostat_day_format(allostat_day day, char text[ALLOSTAT_DATE_TEXT_SIZE])
{
    const allostat_date date = allostat_date_from_day(day);

    /* the remainders only tell the compiler that the text fits */
    (void)snprintf(text, ALLOSTAT_DATE_TEXT_SIZE, "%04d-%02d-%02d",
                   (int)date.year % 100000, (int)date.month % 100, (int)date.day % 100);
}
