#include "engine/tally_kinds.h"

#include "base/hot.h"
#include "engine/tally_parts.h"

#include <string.h>

ALLOSTAT_HOT
static int32_t any_of(const int32_t *restrict people, size_t cells)
{
    int32_t any = 0;

    for (size_t cell = 0; cell < cells; cell++) any |= people[cell];
    return any;
}

void allostat_kinds_clear(allostat_kinds *self, size_t cells)
{
    for (int32_t kind = 0; kind < ALLOSTAT_KINDS; kind++)
        memset(self->people[kind], 0, cells * sizeof *self->people[kind]);
}

bool allostat_kind_is_empty(const allostat_kinds *self, int32_t kind, size_t cells)
{
    return any_of(self->people[kind], cells) == 0;
}

void allostat_kind_add(const allostat_kinds *self, int32_t kind, int32_t each,
                       allostat_tally *tally, allostat_counted series)
{
    const int32_t *restrict people = self->people[kind];
    int32_t *restrict counted = allostat_tally_cells(tally, series);

    for (size_t cell = 0; cell < (size_t)tally->cell_count; cell++)
        counted[cell] += each * people[cell];
}

void allostat_kinds_add(const allostat_kinds *self, const allostat_kind_stock *stocks,
                        size_t stock_count, allostat_tally *tally)
{
    for (int32_t kind = 0; kind < ALLOSTAT_KIND_GONE; kind++) {
        if (allostat_kind_is_empty(self, kind, (size_t)tally->cell_count)) continue;
        for (size_t s = 0; s < stock_count; s++) {
            const int32_t fact = allostat_kind_fact(kind, stocks[s].at, stocks[s].mask);

            if (fact < stocks[s].from || fact > stocks[s].to) continue;
            allostat_kind_add(self, kind, stocks[s].each, tally, stocks[s].series);
        }
    }
}
