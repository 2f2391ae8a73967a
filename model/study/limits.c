#include "study/limits.h"

#include "base/clock.h"
#include "base/columns.h"
#include "base/dmath.h"
#include "base/draws.h"
#include "base/hot.h"
#include "study/handover.h"

enum { ROWS = 1024, TURNS = 2000, TRIES = 7, TRIAD_ARRAYS = 3 };

typedef struct {
    uint32_t person[ROWS];
    uint32_t bits[ALLOSTAT_DRAW_LANES * ROWS];
    float in[ROWS], out[ROWS];
} work;

ALLOSTAT_HOT
static void triad(double *restrict a, const double *restrict b,
                  const double *restrict c, size_t count)
{
    const double s = 3.0;

#pragma omp simd
    for (size_t i = 0; i < count; i++) a[i] = b[i] + s * c[i];
}

/* The best of some tries: a limit is what the machine can do when it is left alone. */
static allostat_status measure_triad(size_t bytes, double *bytes_per_second,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const double least_bytes = 3e8; /* a try, so that the clock is fine enough */
    const size_t count = bytes / (TRIAD_ARRAYS * sizeof(double));
    const size_t turns = (size_t)(least_bytes / (double)bytes) + 1;
    double *array = NULL, best = 0.0;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&array, TRIAD_ARRAYS * count,
                                          sizeof *array, error));
    for (int32_t t = 0; t < TRIES; t++) {
        const double begun = allostat_seconds_now();

        for (size_t turn = 0; turn < turns; turn++)
            triad(array, array + count, array + 2 * count, count);
        const double speed = (double)(turns * count * TRIAD_ARRAYS * sizeof(double)) /
                             (allostat_seconds_now() - begun);
        best = speed > best ? speed : best;
    }
    *bytes_per_second = best;
cleanup:
    allostat_column_free((void **)&array);
    return status;
}

static void draw_turn(work *w, int32_t turn)
{
    allostat_draws_fill(allostat_draw_key_make(1, 0), 0, turn, 0, w->person, ROWS, ROWS,
                        w->bits);
}

ALLOSTAT_HOT
static void exp_turn(work *w, int32_t turn)
{
    const float *restrict in = w->in;
    float *restrict out = w->out;
    const float shift = (float)turn * 0x1p-20f; /* keeps turns from being merged */

#pragma omp simd
    for (size_t i = 0; i < ROWS; i++) out[i] = allostat_expf(in[i] + shift);
}

static double measure_rows(work *w, void (*turn)(work *w, int32_t turn))
{
    double best = 0.0;

    for (int32_t t = 0; t < TRIES; t++) {
        const double begun = allostat_seconds_now();

        for (int32_t i = 0; i < TURNS; i++) turn(w, i);
        const double speed = (double)ROWS * TURNS / (allostat_seconds_now() - begun);
        best = speed > best ? speed : best;
    }
    return best;
}

allostat_status allostat_memory_find(size_t bytes, double *seconds,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    enum { PAGE = 4096 };
    const double begun = allostat_seconds_now();
    unsigned char *memory = NULL;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&memory, bytes, 1, error));
    for (size_t i = 0; i < bytes; i += PAGE) memory[i] = 1;
    *seconds = allostat_seconds_now() - begun;
cleanup:
    allostat_column_free((void **)&memory);
    return status;
}

allostat_status allostat_limits_measure(allostat_limits *limits, size_t table_bytes,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t far_larger = (size_t)3 << 26; /* 201 million bytes */
    work *w = NULL;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&w, 1, sizeof *w, error));
    for (uint32_t i = 0; i < ROWS; i++) {
        w->person[i] = i;
        w->in[i] = -8.0f + 16.0f * (float)i / ROWS;
    }
    ALLOSTAT_TRY(measure_triad(far_larger, &limits->triad_bytes_per_second, error));
    ALLOSTAT_TRY(measure_triad(table_bytes, &limits->table_bytes_per_second, error));
    limits->threefry_words_per_second =
        ALLOSTAT_DRAW_LANES * measure_rows(w, draw_turn);
    limits->exp_per_second = measure_rows(w, exp_turn);
    limits->handover_nanoseconds = allostat_handover_measure();
cleanup:
    allostat_column_free((void **)&w);
    return status;
}
