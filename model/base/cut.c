#include "base/cut.h"

#include "base/share.h"

/* Parts of the same size. */
static void forget(allostat_cut *self, size_t parts)
{
    self->parts = parts;
    for (size_t p = 0; p <= parts; p++) self->first[p] = (double)p / (double)parts;
}

void allostat_cut_rows(allostat_cut *self, size_t parts, size_t rows)
{
    const size_t most = ALLOSTAT_CUT_PARTS_MAX;
    const size_t wanted = parts < most ? parts : most;
    size_t bin = 0;

    if (self->parts != wanted) forget(self, wanted);
    self->shift = 0;
    while ((size_t)1 << self->shift < ALLOSTAT_SHARE_ROWS) self->shift++;
    while (rows >> self->shift >= ALLOSTAT_CUT_BINS) self->shift++;
    for (size_t part = 0; part < wanted; part++) {
        const size_t end = (size_t)(self->first[part + 1] * (double)rows);

        for (; bin << self->shift < end; bin++) self->part[bin] = (uint8_t)part;
    }
}

void allostat_cut_learn(allostat_cut *self, const uint64_t *cost)
{
    double first[ALLOSTAT_CUT_PARTS_MAX + 1], all = 0.0, before = 0.0;
    const size_t parts = self->parts;
    size_t next = 1;

    for (size_t p = 0; p < parts; p++) all += (double)cost[p];
    for (size_t p = 0; p < parts; p++) {
        const double own = (double)cost[p], wide = self->first[p + 1] - self->first[p];

        for (; next < parts && own > 0.0; next++) {
            const double wanted = all * (double)next / (double)parts - before;

            if (wanted > own) break;
            first[next] = self->first[p] + wide * wanted / own;
        }
        before += own;
    }
    for (size_t p = 1; p < next; p++) self->first[p] = first[p];
}
