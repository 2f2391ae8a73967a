#include "study/paired.h"

#include "base/dmath.h"

#include <math.h>

/* From this many degrees of freedom on, the expansion is right to ten digits. */
enum { EXPANSION_FREEDOM = 200, BISECTIONS = 80, HALVINGS = 4, ARC_TERMS = 12 };

static const double interval_level = 0.975; /* leaves 2.5 % on each side */

/* ---- Student's t
 * -------------------------------------------------------------------------------- */

/* arctan x for x >= 0, from square roots and a series, so that it has the same bits
 * everywhere: arctan x = 2 arctan(x / (1 + sqrt(1 + x^2))). */
static double arc_tangent(double x)
{
    double factor = 1.0, sum = 0.0;

    for (int i = 0; i < HALVINGS; i++) {
        x = x / (1.0 + sqrt(1.0 + x * x));
        factor *= 2.0;
    }
    for (int k = ARC_TERMS; k >= 0; k--) /* x - x^3/3 + x^5/5 - ... by Horner */
        sum = 1.0 / (double)(2 * k + 1) - x * x * sum;
    return factor * x * sum;
}

/* P(-t < T < t): Abramowitz and Stegun 26.7.3 and 26.7.4, finite sums in
 * cos^2 = freedom / (freedom + t^2). */
static double probability_within(double t, int32_t freedom)
{
    const double square_cosine = (double)freedom / ((double)freedom + t * t);
    const double sine = t / sqrt((double)freedom + t * t);
    const int32_t first = freedom % 2 == 1 ? 3 : 2;
    double term = 1.0, sum = freedom > 1 ? 1.0 : 0.0;

    for (int32_t k = first; k < freedom; k += 2) {
        term *= square_cosine * (double)(k - 1) / (double)k;
        sum += term;
    }
    if (freedom % 2 == 0) return sine * sum;
    const double quarter = arc_tangent(1.0); /* pi / 4 */
    return (arc_tangent(t / sqrt((double)freedom)) + sine * sqrt(square_cosine) * sum) /
           (2.0 * quarter);
}

/* Cornish and Fisher's expansion about the normal quantile: A&S 26.7.5. */
static double expanded_quantile(double p, double freedom)
{
    const double z = allostat_normal_quantile(p), square = z * z;
    const double g1 = z * (square + 1.0) / 4.0;
    const double g2 = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
    const double g3 =
        z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
    const double g4 =
        z *
        ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square -
         945.0) /
        92160.0;

    return z + (g1 + (g2 + (g3 + g4 / freedom) / freedom) / freedom) / freedom;
}

double allostat_student_quantile(double p, int32_t freedom)
{
    const double within = 2.0 * p - 1.0;
    double low = 0.0, high = 1.0;

    if (freedom >= EXPANSION_FREEDOM) return expanded_quantile(p, (double)freedom);
    while (probability_within(high, freedom) < within) high *= 2.0;
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) break; /* nothing lies between */
        if (probability_within(middle, freedom) < within) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

/* ---- means and variances
 * ------------------------------------------------------------------------- */

static double mean_of(const double *value, int32_t count)
{
    double sum = 0.0;

    for (int32_t i = 0; i < count; i++) sum += value[i];
    return sum / (double)count;
}

/* Unbiased; count >= 2. */
static double variance_of(const double *value, int32_t count)
{
    const double mean = mean_of(value, count);
    double sum = 0.0;

    for (int32_t i = 0; i < count; i++) sum += (value[i] - mean) * (value[i] - mean);
    return sum / (double)(count - 1);
}

allostat_paired allostat_paired_of(const double *difference, int32_t count)
{
    const double mean = mean_of(difference, count), unknown = (double)NAN;

    if (count < 2) return (allostat_paired){mean, unknown, unknown, unknown};
    const double error = sqrt(variance_of(difference, count) / (double)count);
    const double reach = error * allostat_student_quantile(interval_level, count - 1);
    return (allostat_paired){mean, mean - reach, mean + reach, error};
}

double allostat_pairing_gain(const double *base, const double *policy, int32_t count)
{
    double sum = 0.0, square = 0.0;

    if (count < 2) return (double)NAN;
    for (int32_t i = 0; i < count; i++) sum += policy[i] - base[i];
    const double mean = sum / (double)count;
    for (int32_t i = 0; i < count; i++) {
        const double away = policy[i] - base[i] - mean;
        square += away * away;
    }
    const double paired = square / (double)(count - 1);
    if (!(paired > 0.0)) return (double)NAN;
    return (variance_of(base, count) + variance_of(policy, count)) / paired;
}

/* ---- replicates
 * ------------------------------------------------------------------------------------
 */

static double reach_of(double deviation, int32_t count)
{
    return deviation * allostat_student_quantile(interval_level, count - 1) /
           sqrt((double)count);
}

int32_t allostat_replicates_needed(const allostat_paired *paired, int32_t count,
                                   double half_width)
{
    const double deviation = paired->standard_error * sqrt((double)count);
    int32_t few = 1, enough = 2;

    if (!isfinite(deviation) || !(half_width > 0.0)) return 0;
    while (reach_of(deviation, enough) > half_width) {
        if (enough >= ALLOSTAT_REPLICATES_NEEDED_MAX) return 0;
        few = enough;
        enough *= 2;
    }
    while (enough - few > 1) { /* the reach only falls with the count */
        const int32_t middle = few + (enough - few) / 2;
        if (reach_of(deviation, middle) > half_width) {
            few = middle;
        } else {
            enough = middle;
        }
    }
    return enough;
}
