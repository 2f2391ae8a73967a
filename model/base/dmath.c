#include "base/dmath.h"

#include "base/hot.h"

#include <math.h> /* sqrt only, which IEEE 754 makes exact */

/* c[0] + c[1] x + ... + c[count - 1] x^(count - 1). */
static inline double polynomial(const double *c, size_t count, double x)
{
    double sum = c[count - 1];

    for (size_t i = count - 1; i > 0; i--) sum = sum * x + c[i - 1];
    return sum;
}

#define POLYNOMIAL(c, x) polynomial((c), sizeof(c) / sizeof((c)[0]), (x))

double allostat_expm1(double x)
{
    const double u = allostat_exp(x);

    if (u == 1.0) return x;
    if (x < -1.0 || x > 1.0) return u - 1.0;
    return (u - 1.0) * x / allostat_log(u);
}

double allostat_log1p(double x)
{
    const double u = 1.0 + x;

    if (u == 1.0) return x;
    if (x > 1.0) return allostat_log(u);
    return allostat_log(u) * x / (u - 1.0);
}

/* exp(-x^2 / 2) with x cut at a sixteenth, so that the square's rounding is not
 * magnified. */
static double gauss(double x)
{
    const double cut = (double)(int64_t)(x * 16.0) / 16.0;

    return allostat_exp(-0.5 * cut * cut) * allostat_exp(-0.5 * (x - cut) * (x + cut));
}

/* P(Z < z) - 1/2 for |z| <= 0.67448975. */
static double normal_centre(double z)
{
    static const double above[] = {
        1.8154981253343561249e+04, 1.0676894854603709582e+03, 1.6102823106855587881e+02,
        2.2352520354606839287e+00, 6.5682337918207449113e-02,
    };
    static const double below[] = {
        4.5507789335026729956e+04,
        1.0260932208618978205e+04,
        9.7609855173777669322e+02,
        4.7202581904688241870e+01,
        1.0,
    };
    const double zz = z * z;

    return z * POLYNOMIAL(above, zz) / POLYNOMIAL(below, zz);
}

/* exp(x^2 / 2) P(Z > x) for 0.67448975 < x <= sqrt(32). */
static double normal_shoulder(double x)
{
    static const double above[] = {
        9.8427148383839780218e+03, 1.1602651437647350124e+04, 6.8481904505362823326e+03,
        2.4945375852903726711e+03, 5.9727027639480026226e+02, 9.3506656132177855979e+01,
        8.8831497943883759412e+00, 3.9894151208813466764e-01, 1.0765576773720192317e-08,
    };
    static const double below[] = {
        1.9685429676859990727e+04, 3.8912003286093271411e+04, 3.4900952721145977266e+04,
        1.8615571640885098091e+04, 6.4855582982667607550e+03, 1.5193775994075548050e+03,
        2.3538790178262499861e+02, 2.2266688044328115691e+01, 1.0,
    };

    return POLYNOMIAL(above, x) / POLYNOMIAL(below, x);
}

/* exp(x^2 / 2) P(Z > x) for x > sqrt(32). */
static double normal_far(double x)
{
    static const double above[] = {
        2.9112874951168792e-05,   1.421619193227893466e-03, 2.2235277870649807e-02,
        1.274011611602473639e-01, 2.1589853405795699e-01,   2.307344176494017303e-02,
    };
    static const double below[] = {
        7.29751555083966205e-05, 3.78239633202758244e-03, 6.59881378689285515e-02,
        4.68238212480865118e-01, 1.28426009614491121e+00, 1.0,
    };
    const double y = 1.0 / (x * x);

    return (3.98942280401432677940e-01 -
            y * POLYNOMIAL(above, y) / POLYNOMIAL(below, y)) /
           x;
}

double allostat_normal_cdf(double z)
{
    const double x = z < 0.0 ? -z : z;
    double tail;

    if (z != z) return z;
    if (x <= 0.67448975) return 0.5 + normal_centre(z);
    if (x > 40.0) return z < 0.0 ? 0.0 : 1.0;
    tail = gauss(x) * (x <= 5.656854249492380195 ? normal_shoulder(x) : normal_far(x));
    return z < 0.0 ? tail : 1.0 - tail;
}

/* The two tail branches of AS 241; r = sqrt(-log(tail probability)). */
static double normal_quantile_tail(double r)
{
    static const double c[] = {
        1.42343711074968357734e+00, 4.63033784615654529590e+00,
        5.76949722146069140550e+00, 3.64784832476320460504e+00,
        1.27045825245236838258e+00, 2.41780725177450611770e-01,
        2.27238449892691845833e-02, 7.74545014278341407640e-04,
    };
    static const double d[] = {
        1.0,
        2.05319162663775882187e+00,
        1.67638483018380384940e+00,
        6.89767334985100004550e-01,
        1.48103976427480074590e-01,
        1.51986665636164571966e-02,
        5.47593808499534494600e-04,
        1.05075007164441684324e-09,
    };
    static const double e[] = {
        6.65790464350110377720e+00, 5.46378491116411436990e+00,
        1.78482653991729133580e+00, 2.96560571828504891230e-01,
        2.65321895265761230930e-02, 1.24266094738807843860e-03,
        2.71155556874348757815e-05, 2.01033439929228813265e-07,
    };
    static const double f[] = {
        1.0,
        5.99832206555887937690e-01,
        1.36929880922735805310e-01,
        1.48753612908506148525e-02,
        7.86869131145613259100e-04,
        1.84631831751005468180e-05,
        1.42151175831644588870e-07,
        2.04426310338993978564e-15,
    };

    if (r <= 5.0) return POLYNOMIAL(c, r - 1.6) / POLYNOMIAL(d, r - 1.6);
    return POLYNOMIAL(e, r - 5.0) / POLYNOMIAL(f, r - 5.0);
}

/* The middle branch, for |q| <= 0.425, q = p - 1/2; what comes of a tail is not used.
 */
static const double MIDDLE = 0.180625;

static inline double normal_quantile_middle(double q)
{
    static const double a[] = {
        3.3871328727963666080e+00, 1.3314166789178437745e+02, 1.9715909503065514427e+03,
        1.3731693765509461125e+04, 4.5921953931549871457e+04, 6.7265770927008700853e+04,
        3.3430575583588128105e+04, 2.5090809287301226727e+03,
    };
    static const double b[] = {
        1.0,
        4.2313330701600911252e+01,
        6.8718700749205790830e+02,
        5.3941960214247511077e+03,
        2.1213794301586595867e+04,
        3.9307895800092710610e+04,
        2.8729085735721942674e+04,
        5.2264952788528545610e+03,
    };
    const double r = MIDDLE - q * q;

    return q * POLYNOMIAL(a, r) / POLYNOMIAL(b, r);
}

double allostat_normal_quantile(double p)
{
    const double q = p - 0.5;

    if (MIDDLE - q * q >= 0.0) return normal_quantile_middle(q);
    if (q < 0.0) return -normal_quantile_tail(sqrt(-allostat_log(p)));
    return normal_quantile_tail(sqrt(-allostat_log(1.0 - p)));
}

ALLOSTAT_HOT
static void normal_quantiles_middle(const double *restrict p, size_t count,
                                    double *restrict z)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) z[i] = normal_quantile_middle(p[i] - 0.5);
}

void allostat_normal_quantiles(const double *p, size_t count, double *z)
{
    normal_quantiles_middle(p, count, z);
    for (size_t i = 0; i < count; i++) {
        const double q = p[i] - 0.5;

        if (!(MIDDLE - q * q >= 0.0)) z[i] = allostat_normal_quantile(p[i]);
    }
}

/* The probabilities are known up to one factor from the ratios P(n) / P(n - 1) = mean /
 * n, the weight of the mode being 1; their sum gives the factor. So no gamma function
 * is needed. */
int32_t allostat_poisson_quantile(double u, double mean)
{
    const double negligible = 1e-40; /* far below the least positive u times the sum */
    const int32_t mode = (int32_t)mean;
    int32_t low = mode, high = mode;
    double weight = 1.0, total = 1.0, sum, first = 1.0;

    for (; low > 0 && first > negligible; low--) {
        first *= low / mean;
        total += first;
    }
    for (; weight > negligible; high++) {
        weight *= mean / (high + 1);
        total += weight;
    }
    sum = weight = first;
    while (low < high && sum < u * total) {
        low++;
        weight *= mean / low;
        sum += weight;
    }
    return low;
}

double allostat_weibull_quantile(double u, double shape, double scale)
{
    return scale * allostat_pow(-allostat_log1p(-u), 1.0 / shape);
}

double allostat_weibull_cumulative_hazard(double t, double shape, double scale)
{
    return allostat_pow(t / scale, shape);
}
