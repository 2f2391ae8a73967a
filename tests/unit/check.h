/* What every test file includes first: cmocka with the headers it wants before it, and
 * checks of doubles, which cmocka 1.1.5 lacks. A failed check prints both numbers. */
#ifndef ALLOSTAT_TESTS_CHECK_H
#define ALLOSTAT_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <math.h>

/* A NaN on either side fails; an infinity is close only to itself. */
static inline void check_within_at(double actual, double expected, double tolerance,
                                   const char *file, int line)
{
    if (actual == expected) return;
    if (isfinite(expected) && fabs(actual - expected) <= tolerance) return;
    print_error("%.17g is not within %g of %.17g\n", actual, tolerance, expected);
    _fail(file, line);
}

/* |actual - expected| <= tolerance */
#define check_close(actual, expected, tolerance) \
    check_within_at((actual), (expected), (tolerance), __FILE__, __LINE__)

/* |actual - expected| <= relative * |expected| */
#define check_relative(actual, expected, relative)                             \
    check_within_at((actual), (expected), (relative)*fabs((double)(expected)), \
                    __FILE__, __LINE__)

#endif
