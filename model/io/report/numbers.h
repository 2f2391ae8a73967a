/* Numbers as people read them. */
#ifndef ALLOSTAT_IO_REPORT_NUMBERS_H
#define ALLOSTAT_IO_REPORT_NUMBERS_H

#include "base/calendar.h"

#include <stdbool.h>
#include <stdint.h>

enum { ALLOSTAT_NUMBER_SIZE = 64, ALLOSTAT_TICKS_MAX = 16 };

/* "1,234", "12.3", "0.045", "−3": three digits or the whole number; "–" for NaN.
 * `sign` puts a plus before what is more than nothing. Returns `text`. */
const char *allostat_number(char text[ALLOSTAT_NUMBER_SIZE], double value, bool sign);

/* The same with a fixed number of decimals. */
const char *allostat_number_fixed(char text[ALLOSTAT_NUMBER_SIZE], double value,
                                  int decimals, bool sign);

/* "1.2 million", "34,000". */
const char *allostat_number_money(char text[ALLOSTAT_NUMBER_SIZE], double value,
                                  bool sign);

/* A share of 1 as "12 %"; one decimal below ten per cent. */
const char *allostat_number_share(char text[ALLOSTAT_NUMBER_SIZE], double share,
                                  bool sign);

/* "March 2019". */
const char *allostat_number_month(char text[ALLOSTAT_NUMBER_SIZE],
                                  allostat_month month);

/* Marks of an axis: multiples of 1, 2 or 5 times a power of ten that lie in low to
 * high, about `wanted` of them. */
typedef struct {
    int32_t count;
    int decimals; /* that tell them apart */
    double at[ALLOSTAT_TICKS_MAX];
} allostat_ticks;

allostat_ticks allostat_ticks_of(double low, double high, int32_t wanted);

/* The least number of the form 1, 2, 2.5 or 5 times a power of ten that is `value` or
 * more; 1 for what is not more than 0. */
double allostat_number_above(double value);

#endif
