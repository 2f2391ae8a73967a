/* Real calendar dates (proleptic Gregorian) as counts of days and of months. */
#ifndef ALLOSTAT_BASE_CALENDAR_H
#define ALLOSTAT_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

typedef int32_t allostat_day;   /* days since 1970-01-01 */
typedef int32_t allostat_month; /* 12 * year + (month - 1) */

typedef struct {
    int32_t year;
    int32_t month; /* 1 to 12 */
    int32_t day;   /* 1 to 31 */
} allostat_date;

enum { ALLOSTAT_DATE_TEXT_SIZE = 16 };

allostat_day allostat_day_from_date(allostat_date date);
allostat_date allostat_date_from_day(allostat_day day);

/* The calendar month that holds a day, its first day and its number of days. */
allostat_month allostat_month_of_day(allostat_day day);
allostat_day allostat_month_first_day(allostat_month month);
int32_t allostat_month_day_count(allostat_month month);

/* 0 Monday to 6 Sunday. */
int32_t allostat_weekday(allostat_day day);

/* Reads "YYYY-MM-DD", or "YYYY-MM" and "YYYY" as their first day. False when it is no
 * real date; *day is then unchanged. */
bool allostat_day_parse(const char *text, allostat_day *day);

/* Writes "YYYY-MM-DD". */
void allostat_day_format(allostat_day day, char text[ALLOSTAT_DATE_TEXT_SIZE]);

#endif
