#include "study/shapley.h"

static double factorial(int32_t n)
{
    double product = 1.0;

    for (int32_t k = 2; k <= n; k++) product *= (double)k;
    return product;
}

static int32_t size_of(uint32_t subset)
{
    int32_t size = 0;

    for (; subset != 0; subset &= subset - 1) size++;
    return size;
}

/* Over the subsets S without the part, |S|! (n - |S| - 1)! / n! of what it adds to S
 * (Shapley 1953). */
void allostat_shapley(int32_t part_count, const double *value, double *share)
{
    const uint32_t subset_count = 1U << part_count;

    for (int32_t part = 0; part < part_count; part++) {
        const uint32_t bit = 1U << part;

        share[part] = 0.0;
        for (uint32_t subset = 0; subset < subset_count; subset++) {
            if ((subset & bit) != 0) continue;
            const int32_t size = size_of(subset);
            const double weight = factorial(size) * factorial(part_count - size - 1) /
                                  factorial(part_count);
            share[part] += weight * (value[subset | bit] - value[subset]);
        }
    }
}

double allostat_interaction(int32_t part_count, const double *value)
{
    double interaction = value[(1U << part_count) - 1] - value[0];

    for (int32_t part = 0; part < part_count; part++)
        interaction -= value[1U << part] - value[0];
    return interaction;
}
