/* Statistics of pairs: what a policy does in each replicate against the base in the
 * same replicate. Pure arithmetic; the bits depend on nothing but the arguments. */
#ifndef ALLOSTAT_STUDY_PAIRED_H
#define ALLOSTAT_STUDY_PAIRED_H

#include <stdint.h>

/* The mean of paired differences with a 95 % interval from Student's t; low, high and
 * standard_error are NaN with one replicate. */
typedef struct {
    double mean, low, high;
    double standard_error;
} allostat_paired;

/* The p quantile of Student's t with `freedom` degrees of freedom; 0.5 <= p < 1,
 * freedom >= 1. Right to about ten digits. */
double allostat_student_quantile(double p, int32_t freedom);

/* Of `count` differences, count >= 1. */
allostat_paired allostat_paired_of(const double *difference, int32_t count);

/* How many times larger the variance of the difference would be with independent seeds:
 * (var(base) + var(policy)) / var(policy - base). NaN for fewer than two replicates or
 * when the differences do not vary. */
double allostat_pairing_gain(const double *base, const double *policy, int32_t count);

enum { ALLOSTAT_REPLICATES_NEEDED_MAX = 1000000 };

/* The fewest replicates, 2 or more, whose 95 % interval reaches no further than
 * `half_width` to each side, when differences vary as they did among the `count` of
 * `paired`. 0 when that is unknown: one replicate, a half-width that is not above 0, or
 * more than ALLOSTAT_REPLICATES_NEEDED_MAX. */
int32_t allostat_replicates_needed(const allostat_paired *paired, int32_t count,
                                   double half_width);

#endif
