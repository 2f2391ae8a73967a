/* Speed of the floor's hot functions on this machine; prints, asserts nothing. */
#include "base/dmath.h"
#include "base/draws.h"

#include <stdio.h>
#include <time.h>

enum { ROWS = 1024, TURNS = 20000 };

typedef struct {
    uint32_t person[ROWS];
    uint32_t bits[4 * ROWS];
    float in[ROWS];
    float out[ROWS];
    int32_t count[ROWS];
} bench_block;

static double seconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void run_draws(bench_block *b, int32_t turn)
{
    const allostat_draw_key key = allostat_draw_key_make(1, 0);

    allostat_draws_fill(key, 4, turn, 0, b->person, ROWS, ROWS, b->bits);
}

/* One loop a function, as a step would call it; the turn keeps turns from being merged.
 */
#define BENCH_LOOP(name, result, expression)             \
    static void run_##name(bench_block *b, int32_t turn) \
    {                                                    \
        const float *restrict in = b->in;                \
        float *restrict out = b->out;                    \
        int32_t *restrict count = b->count;              \
        const float step = (float)turn * 1e-6f;          \
        for (int i = 0; i < ROWS; i++) {                 \
            const float x = in[i] + step;                \
            result = expression;                         \
        }                                                \
        (void)out;                                       \
        (void)count;                                     \
    }

BENCH_LOOP(expf, out[i], allostat_expf(x))
BENCH_LOOP(expm1f, out[i], allostat_expm1f(x))
BENCH_LOOP(logf, out[i], allostat_logf(x))
BENCH_LOOP(expitf, out[i], allostat_expitf(x))
BENCH_LOOP(cdff, out[i], allostat_normal_cdff(x))
BENCH_LOOP(poissonf, count[i], allostat_poisson_from_uniformf(0.1f * x, 3.0f))

static void run_uniform(bench_block *b, int32_t turn)
{
    const uint32_t *restrict bits = b->bits;
    float *restrict out = b->out;

    for (int i = 0; i < ROWS; i++)
        out[i] = allostat_uniform_from_bits(bits[i] + (uint32_t)turn);
}

static void report(const char *name, bench_block *b,
                   void (*run)(bench_block *, int32_t), double results_a_turn)
{
    const double start = seconds_now();
    double elapsed, check = 0.0;

    for (int32_t turn = 0; turn < TURNS; turn++) run(b, turn);
    elapsed = seconds_now() - start;
    for (int i = 0; i < ROWS; i++)
        check += (double)b->out[i] + b->count[i] + b->bits[i];
    printf("%-10s %8.0f million a second   (checksum %g)\n", name,
           1e-6 * results_a_turn * TURNS / elapsed, check);
}

int main(void)
{
    static bench_block block;

    for (uint32_t i = 0; i < ROWS; i++) {
        block.person[i] = i;
        block.in[i] = 0.001f + 0.009f * (float)i;
    }
    report("draw words", &block, run_draws, 4.0 * ROWS);
    report("uniform", &block, run_uniform, ROWS);
    report("expf", &block, run_expf, ROWS);
    report("expm1f", &block, run_expm1f, ROWS);
    report("logf", &block, run_logf, ROWS);
    report("expitf", &block, run_expitf, ROWS);
    report("cdff", &block, run_cdff, ROWS);
    report("poissonf", &block, run_poissonf, ROWS);
    return 0;
}
