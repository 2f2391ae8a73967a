/* Deterministic mathematics: from + - * / and bit operations only, so every compiler,
 * level and machine gives the same bits. Nothing that changes state may call libm's
 * transcendentals.
 *
 * The `f` versions are for hot loops: no branch, no call that does not inline, so they
 * vectorise. Accuracy is stated in units in the last place (ulp) against libm and
 * tested. */
#ifndef ALLOSTAT_BASE_DMATH_H
#define ALLOSTAT_BASE_DMATH_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__FAST_MATH__)
#error "Allostat must not be compiled with -ffast-math"
#endif
_Static_assert(FLT_EVAL_METHOD == 0, "float and double must be computed as such");

/* ---- bits ---- */

static inline uint64_t allostat_bits_from_double(double x)
{
    const union {
        double number;
        uint64_t bits;
    } both = {.number = x};
    return both.bits;
}

static inline double allostat_double_from_bits(uint64_t bits)
{
    const union {
        uint64_t bits;
        double number;
    } both = {.bits = bits};
    return both.number;
}

static inline uint32_t allostat_bits_from_float(float x)
{
    const union {
        float number;
        uint32_t bits;
    } both = {.number = x};
    return both.bits;
}

static inline float allostat_float_from_bits(uint32_t bits)
{
    const union {
        uint32_t bits;
        float number;
    } both = {.bits = bits};
    return both.number;
}

/* ---- double precision ---- */

/* 2^k, -1022 <= k <= 1023. */
static inline double allostat_power_of_two(int32_t k)
{
    return allostat_double_from_bits((uint64_t)(k + 1023) << 52);
}

/* e^x; <= 2 ulp; 0 below -745.2, infinite above 709.79.
 * x = k ln 2 + r in two parts of ln 2, then the rational form of fdlibm's e_exp.c (Sun,
 * 1993). */
static inline double allostat_exp(double x)
{
    const double shift =
        0x1.8p52; /* adding it rounds to a whole number, kept in the low bits */
    const double above = x < -746.0 ? -746.0 : x;
    const double inside = above > 710.0 ? 710.0 : above;
    const double shifted = inside * 1.44269504088896338700e+00 + shift;
    const int32_t k = (int32_t)(uint32_t)allostat_bits_from_double(shifted);
    const double whole = shifted - shift;
    const double high = inside - whole * 6.93147180369123816490e-01;
    const double low = whole * 1.90821492927058770002e-10;
    const double r = high - low;
    const double rr = r * r;
    const double c = r - rr * (1.66666666666666019037e-01 +
                               rr * (-2.77777777770155933842e-03 +
                                     rr * (6.61375632143793436117e-05 +
                                           rr * (-1.65339022054652515390e-06 +
                                                 rr * 4.13813679705723846039e-08))));
    const double y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
    const int32_t half = k >> 1; /* in two steps: 2^k alone may leave the range */

    return y * allostat_power_of_two(half) * allostat_power_of_two(k - half);
}

/* e^x - 1 without loss near 0; <= 4 ulp. Kahan's correction: log undoes exp's rounding.
 */
double allostat_expm1(double x);

/* Natural logarithm of 2^-less x, x > 0 neither subnormal nor infinite; <= 2 ulp. For
 * loops. x = 2^k (1 + f), then the polynomial of fdlibm's e_log.c (Sun, 1993). */
static inline double allostat_log_normal(double x, int32_t less)
{
    const uint64_t bits =
        allostat_bits_from_double(x) + 0x3ff0000000000000u - 0x3fe6a09e00000000u;
    const int32_t k = (int32_t)(bits >> 52) - 1023 - less;
    const double f =
        allostat_double_from_bits((bits & 0x000fffffffffffffu) + 0x3fe6a09e00000000u) -
        1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    const double w = z * z;
    const double even =
        w * (3.999999999940941908e-01 +
             w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    const double odd =
        z * (6.666666666666735130e-01 +
             w * (2.857142874366239149e-01 +
                  w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    const double half_square = 0.5 * f * f;

    return s * (half_square + even + odd) + k * 1.90821492927058770002e-10 -
           half_square + f + k * 6.93147180369123816490e-01;
}

/* Natural logarithm; <= 2 ulp; x > 0. At 0 minus infinity, below 0 not a number. */
static inline double allostat_log(double x)
{
    if (!(x > 0.0))
        return x == 0.0 ? allostat_double_from_bits(0xfff0000000000000u)
                        : allostat_double_from_bits(0x7ff8000000000000u);
    if (x > DBL_MAX) return x;
    return x < DBL_MIN ? allostat_log_normal(x * 0x1p54, 54)
                       : allostat_log_normal(x, 0);
}

/* log(1 + x) without loss near 0; <= 4 ulp; x > -1. */
double allostat_log1p(double x);

/* x^y = exp(y log x), x > 0; x = 0 with y > 0 gives 0. Relative error about 2^-52 (2 +
 * |y log x|). */
static inline double allostat_pow(double x, double y)
{
    return allostat_exp(y * allostat_log(x));
}

/* 1 / (1 + e^-x), without overflow; <= 4 ulp. */
static inline double allostat_expit(double x)
{
    const double e = allostat_exp(x < 0.0 ? x : -x);

    return (x < 0.0 ? e : 1.0) / (1.0 + e);
}

/* log(p / (1 - p)), 0 <= p <= 1; infinite at the ends; absolute error about 2^-52 near
 * 1/2. */
static inline double allostat_logit(double p) { return allostat_log(p / (1.0 - p)); }

/* Standard normal distribution function; relative error < 1e-12 in both tails, down to
 * z = -37. Rational approximations of W. J. Cody (1969), Math. Comp. 23, 631-637. */
double allostat_normal_cdf(double z);

/* Its inverse, 0 < p < 1; relative error < 1e-14 (absolute near p = 1/2).
 * M. J. Wichura (1988), algorithm AS 241 (PPND16), Applied Statistics 37, 477-484. */
double allostat_normal_quantile(double p);

/* The same of p[i], i < count. Vectorised but for the tails. */
void allostat_normal_quantiles(const double *p, size_t count, double *z);

/* Smallest n with P(N <= n) >= u for a Poisson count N; 0 < u < 1, 0 <= mean <= 1e5.
 * Takes time in proportion to the square root of the mean. */
int32_t allostat_poisson_quantile(double u, double mean);

/* t with 1 - exp(-(t / scale)^shape) = u; 0 <= u < 1, shape > 0, scale > 0 in the unit
 * of t. */
double allostat_weibull_quantile(double u, double shape, double scale);

/* (t / scale)^shape, t >= 0: the hazard summed from 0 to t. */
double allostat_weibull_cumulative_hazard(double t, double shape, double scale);

/* ---- single precision, for loops ---- */

/* condition ? a : b by bits: a plain choice of a constant tempts gcc to branch, and
 * then the loop is not vectorised. */
static inline float allostat_selectf(int condition, float a, float b)
{
    const uint32_t mask = 0u - (uint32_t)condition;

    return allostat_float_from_bits((allostat_bits_from_float(a) & mask) |
                                    (allostat_bits_from_float(b) & ~mask));
}

/* x, but at least `least`, a number below 0: of numbers below 0 the bits grow with the
 * size, and stand above those of all others. One instruction where a comparison and a
 * choice are two. */
static inline float allostat_at_leastf(float x, float least)
{
    const uint32_t bits = allostat_bits_from_float(x);
    const uint32_t end = allostat_bits_from_float(least);

    return allostat_float_from_bits(bits < end ? bits : end);
}

/* x, but at most `most`, a number above 0. */
static inline float allostat_at_mostf(float x, float most)
{
    const int32_t bits = (int32_t)allostat_bits_from_float(x);
    const int32_t end = (int32_t)allostat_bits_from_float(most);

    return allostat_float_from_bits((uint32_t)(bits < end ? bits : end));
}

/* x = k ln 2 + r for -88 <= x <= 88: k as 2^k, and e^r - 1 by the polynomial of Cephes'
 * expf (S. L. Moshier), |r| <= ln 2 / 2. */
typedef struct {
    float scale;        /* 2^k */
    float tail_minus_1; /* e^r - 1 */
} allostat_exp_parts;

static inline allostat_exp_parts allostat_exp_splitf(float x)
{
    const float shift = 0x1.8p23f;
    const float shifted = x * 1.44269504088896341f + shift;
    const float whole = shifted - shift;
    const float r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
    const float p = 5.0000001201e-1f +
                    r * (1.6666665459e-1f +
                         r * (4.1665795894e-2f +
                              r * (8.3334519073e-3f +
                                   r * (1.3981999507e-3f + r * 1.9875691500e-4f))));

    return (allostat_exp_parts){
        /* the low bits of `shifted` hold k; the shift drops the bits of 0x1.8p23 */
        .scale = allostat_float_from_bits((allostat_bits_from_float(shifted) << 23) +
                                          0x3f800000u),
        .tail_minus_1 = r + r * r * p,
    };
}

/* e^x; <= 4 ulp; -87 <= x <= 88. */
static inline float allostat_exp_insidef(float x)
{
    const allostat_exp_parts parts = allostat_exp_splitf(x);

    return parts.scale + parts.scale * parts.tail_minus_1;
}

/* e^x; <= 4 ulp on [-87, 88]; outside, the value at the end. */
static inline float allostat_expf(float x)
{
    return allostat_exp_insidef(
        allostat_at_mostf(allostat_at_leastf(x, -87.0f), 88.0f));
}

/* At least e^x, at most 1.07 e^x, for -87 <= x <= 88; below -87, the value there. 2^y
 * lies below its chord from one whole y to the next, which is the bits of a float read
 * as a number. */
static inline float allostat_exp_boundf(float x)
{
    const float above = allostat_at_leastf(x, -87.0f);
    const float bits = (above * 1.44269504f + 127.0f) * 0x1p23f;

    /* what rounding takes away is given back */
    return allostat_float_from_bits((uint32_t)(int32_t)bits) * (1.0f + 0x1p-10f);
}

/* e^x - 1 without loss near 0; <= 4 ulp on [-87, 88]; outside, the value at the end. */
static inline float allostat_expm1f(float x)
{
    const float inside = allostat_at_mostf(allostat_at_leastf(x, -87.0f), 88.0f);
    const allostat_exp_parts parts = allostat_exp_splitf(inside);

    return (parts.scale - 1.0f) + parts.scale * parts.tail_minus_1;
}

/* Probability of at least one event, 1 - e^-hazard; keeps its relative precision for
 * small hazards, unlike 1 - expf. hazard >= 0, summed over the interval. */
static inline float allostat_probability_from_hazardf(float hazard)
{
    return -allostat_expm1f(-hazard);
}

/* Natural logarithm; <= 4 ulp; x positive and normal. The form of FreeBSD's e_logf.c.
 */
static inline float allostat_logf(float x)
{
    const uint32_t bits = allostat_bits_from_float(x) + 0x3f800000u - 0x3f3504f3u;
    const float k = (float)((int32_t)(bits >> 23) - 127);
    const float f = allostat_float_from_bits((bits & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    const float s = f / (2.0f + f);
    const float z = s * s;
    const float w = z * z;
    const float even = w * (0.40000972152f + w * 0.24279078841f);
    const float odd = z * (0.66666662693f + w * 0.28498786688f);
    const float half_square = 0.5f * f * f;

    return s * (half_square + even + odd) + k * 9.0580006145e-06f - half_square + f +
           k * 6.9313812256e-01f;
}

/* x^y = exp(y log x), x positive and normal; relative error about 2^-23 (2 + |y log
 * x|). */
static inline float allostat_powf(float x, float y)
{
    return allostat_expf(y * allostat_logf(x));
}

/* 1 / (1 + e^-x); <= 6 ulp for x >= -87; below, the value at -87 (about 1.6e-38). */
static inline float allostat_expitf(float x)
{
    const float inside = allostat_at_mostf(allostat_at_leastf(x, -87.0f), 87.0f);

    return 1.0f / (1.0f + allostat_exp_insidef(-inside));
}

/* Standard normal distribution function; relative error < 1e-5 for z > -10; below
 * -12.5, the value at -12.5 (about 4e-36). Our own minimax fit: upper tail = exp(-x^2 /
 * 2) P(t) with t = 1 / (1 + c x) and P of degree 7, relative error of the fit < 1e-6 on
 * 0 <= x <= 12.5. */
static inline float allostat_normal_cdff(float z)
{
    const float size = allostat_selectf(z < 0.0f, -z, z);
    const float x = allostat_at_mostf(size, 12.5f);
    const float t = 1.0f / (1.0f + 0.2625f * x);
    const float tail =
        allostat_expf(-0.5f * x * x) * t *
        (1.045347229e-01f +
         t * (1.077829078e-01f +
              t * (7.685997337e-02f +
                   t * (1.574785709e-01f +
                        t * (-9.030758590e-02f +
                             t * (2.148588747e-01f + t * -7.120748609e-02f))))));
    const float complement = 1.0f - tail;

    return allostat_selectf(z < 0.0f, tail, complement);
}

enum { ALLOSTAT_POISSON_TERMS = 24, ALLOSTAT_POISSON_START_TERMS = 12 };

#define ALLOSTAT_POISSON_TERM(k)        \
    count += u_inside > sum;            \
    term *= mean * (1.0f / (float)(k)); \
    sum += term

/* Poisson quantile of u for a loop: how many of the first 24 sums P(N <= 0), ..., P(N
 * <= 23) lie below u. 0 < u <= 1; 0 <= mean, of use up to about 10: a count above
 * ALLOSTAT_POISSON_TERMS = 24 is given as 24 (probability 5e-5 at mean 10, 3e-10 at
 * mean 5). The last 2^-20 of u counts as its lower end, for a float sum cannot tell its
 * values apart. */
static inline int32_t allostat_poisson_from_uniformf(float u, float mean)
{
    const float u_end = 1.0f - 0x1p-20f;
    const float u_inside = allostat_at_mostf(u, u_end);
    float term = allostat_expf(-mean);
    float sum = term;
    int32_t count = 0;

    ALLOSTAT_POISSON_TERM(1);
    ALLOSTAT_POISSON_TERM(2);
    ALLOSTAT_POISSON_TERM(3);
    ALLOSTAT_POISSON_TERM(4);
    ALLOSTAT_POISSON_TERM(5);
    ALLOSTAT_POISSON_TERM(6);
    ALLOSTAT_POISSON_TERM(7);
    ALLOSTAT_POISSON_TERM(8);
    ALLOSTAT_POISSON_TERM(9);
    ALLOSTAT_POISSON_TERM(10);
    ALLOSTAT_POISSON_TERM(11);
    ALLOSTAT_POISSON_TERM(12);
    ALLOSTAT_POISSON_TERM(13);
    ALLOSTAT_POISSON_TERM(14);
    ALLOSTAT_POISSON_TERM(15);
    ALLOSTAT_POISSON_TERM(16);
    ALLOSTAT_POISSON_TERM(17);
    ALLOSTAT_POISSON_TERM(18);
    ALLOSTAT_POISSON_TERM(19);
    ALLOSTAT_POISSON_TERM(20);
    ALLOSTAT_POISSON_TERM(21);
    ALLOSTAT_POISSON_TERM(22);
    ALLOSTAT_POISSON_TERM(23);
    ALLOSTAT_POISSON_TERM(24);
    return count;
}

/* The first ALLOSTAT_POISSON_START_TERMS terms of it, for a mean up to 87: the same
 * count while open is 0; open is 1 when more terms are wanted. */
typedef struct {
    int32_t count, open;
} allostat_poisson_start;

static inline allostat_poisson_start allostat_poisson_startf(float u, float mean)
{
    const float u_end = 1.0f - 0x1p-20f;
    const float u_inside = allostat_at_mostf(u, u_end);
    float term = allostat_exp_insidef(-mean);
    float sum = term;
    int32_t count = 0;

    ALLOSTAT_POISSON_TERM(1);
    ALLOSTAT_POISSON_TERM(2);
    ALLOSTAT_POISSON_TERM(3);
    ALLOSTAT_POISSON_TERM(4);
    ALLOSTAT_POISSON_TERM(5);
    ALLOSTAT_POISSON_TERM(6);
    ALLOSTAT_POISSON_TERM(7);
    ALLOSTAT_POISSON_TERM(8);
    ALLOSTAT_POISSON_TERM(9);
    ALLOSTAT_POISSON_TERM(10);
    ALLOSTAT_POISSON_TERM(11);
    ALLOSTAT_POISSON_TERM(12);
    return (allostat_poisson_start){count, u_inside > sum};
}

#undef ALLOSTAT_POISSON_TERM

#endif
