/* Traits fixed at entry: adversity, attachment, frailty (model page 3.1). Pure
 * functions. */
#ifndef ALLOSTAT_PEOPLE_TRAITS_H
#define ALLOSTAT_PEOPLE_TRAITS_H

#include "base/dmath.h"

#include <math.h> /* sqrt is exact in IEEE arithmetic */

#include <stdint.h>

enum { ALLOSTAT_ACE_MAX = 10 };

/* P(X = k + 1) / P(X = k) of a BetaBinomial(n; a, b):
 *   (n - k)(a + k) / ((k + 1)(b + n - k - 1)). */
static inline double allostat_beta_binomial_step(int32_t k, int32_t n, double a,
                                                 double b)
{
    return ((n - k) * (a + k)) / ((k + 1.0) * (b + n - k - 1));
}

/* P(X = 0) of a BetaBinomial(n; a, b): product of (b + i) / (a + b + i) for i < n. */
static inline double allostat_beta_binomial_zero(int32_t n, double a, double b)
{
    double p = 1.0;

    for (int32_t i = 0; i < n; i++) p *= (b + i) / (a + b + i);
    return p;
}

/* cumulated[k] = P(X <= k), 0 <= k <= n, of a BetaBinomial(n; a, b). Source of a and b:
 * Swedo 2023. */
static inline void allostat_beta_binomial_cumulate(int32_t n, double a, double b,
                                                   double *cumulated)
{
    double p = allostat_beta_binomial_zero(n, a, b);

    cumulated[0] = p;
    for (int32_t k = 0; k < n; k++) {
        p *= allostat_beta_binomial_step(k, n, a, b);
        cumulated[k + 1] = cumulated[k] + p;
    }
}

/* The least k with P(X <= k) >= u, at most n. Counted without a branch: where it ends
 * nobody can guess. */
static inline int32_t allostat_cumulated_quantile(double u, int32_t n,
                                                  const double *cumulated)
{
    int32_t below = 0;

    for (int32_t k = 0; k < n; k++) below += cumulated[k] < u;
    return below;
}

/* The least k with P(X <= k) >= u of a BetaBinomial(n; a, b), n at most
 * ALLOSTAT_ACE_MAX. */
static inline int32_t allostat_beta_binomial_quantile(double u, int32_t n, double a,
                                                      double b)
{
    double cumulated[ALLOSTAT_ACE_MAX + 1];

    allostat_beta_binomial_cumulate(n, a, b, cumulated);
    return allostat_cumulated_quantile(u, n, cumulated);
}

/* Mean n a/(a+b) and variance n a b (a+b+n) / ((a+b)^2 (a+b+1)) of a BetaBinomial(n; a,
 * b). */
static inline double allostat_beta_binomial_mean(int32_t n, double a, double b)
{
    return n * a / (a + b);
}

static inline double allostat_beta_binomial_variance(int32_t n, double a, double b)
{
    const double s = a + b;

    return n * a * b * (s + n) / (s * s * (s + 1.0));
}

/* Share of each attachment dimension that comes from the standardised adversity z, so
 * that insecurity INS = (anx + avo) / sqrt(2 (1 + r)) has correlation q with z: q
 * sqrt(2 (1 + r)) / 2. */
static inline double allostat_attachment_loading(double r, double q)
{
    return 0.5 * q * sqrt(2.0 * (1.0 + r));
}

/* Attachment insecurity in standard deviations: (anx + avo) / sqrt(2 (1 + r)). */
static inline double allostat_insecurity(double anxiety, double avoidance, double r)
{
    return (anxiety + avoidance) / sqrt(2.0 * (1.0 + r));
}

/* Attachment, in standard deviations. */
typedef struct {
    double anxiety, avoidance;
} allostat_attachment_dimensions;

/* The two attachment dimensions from z and two independent standard normals: unit
 * variances, correlation r with each other, loading l on z. The part beside z has
 * variance 1 - l^2 and covariance r - l^2. */
static inline allostat_attachment_dimensions
allostat_attachment(double z, double e1, double e2, double r, double l)
{
    const double variance = 1.0 - l * l, covariance = r - l * l;
    const double shared = covariance / sqrt(variance);

    return (allostat_attachment_dimensions){
        l * z + sqrt(variance) * e1,
        l * z + shared * e1 + sqrt(variance - shared * shared) * e2,
    };
}

/* Attachment style, a read-out of the two dimensions. */
typedef enum {
    ALLOSTAT_STYLE_secure,
    ALLOSTAT_STYLE_anxious,
    ALLOSTAT_STYLE_avoidant,
    ALLOSTAT_STYLE_fearful, /* both */
    ALLOSTAT_STYLE_COUNT
} allostat_attachment_style;

/* Anxious above 0.84, avoidant above 0.50 SD: 57, 12, 23 and 8 % of people at r = 0.20.
 * Source: cut-offs derived from Mickelson 1997 (att_fear_gp). */
static inline allostat_attachment_style allostat_style(float anxiety, float avoidance)
{
    const int anxious = anxiety > 0.84f, avoidant = avoidance > 0.50f;

    return (allostat_attachment_style)(anxious + 2 * avoidant);
}

/* Log hazard ratio of first use from adversity and insecurity (model page 4.5). */
static inline double allostat_first_use_log_ratio(double ace, double insecurity,
                                                  double ace_log_ratio,
                                                  double insecurity_log_ratio)
{
    return ace_log_ratio * ace + insecurity_log_ratio * insecurity;
}

#endif
