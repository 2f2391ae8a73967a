#include "people/turn.h"

#include "base/dmath.h"

typedef struct {
    const allostat_turn *turn;
    allostat_share_work work;
    void *context;
} sharing;

static void do_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const sharing *self = context;
    const size_t first = allostat_turn_first_row(self->turn, piece);

    (void)unused_first, (void)unused;
    self->work(self->context, first / ALLOSTAT_SHARE_ROWS, first,
               allostat_turn_rows_from(self->turn, first));
}

void allostat_turn_share(const allostat_turn *turn, allostat_share share,
                         allostat_share_work work, void *context)
{
    sharing self = {turn, work, context};

    allostat_share_pieces(share, allostat_turn_block_count(turn), do_piece, &self);
}

/* 1 - (1 - p)^n; of one month to the bit as it is. */
double allostat_chance_over(double chance, int32_t months)
{
    if (months == 1) return chance;
    if (chance >= 1.0) return 1.0;
    return -allostat_expm1(months * allostat_log1p(-chance));
}
