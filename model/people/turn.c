#include "people/turn.h"

#include "base/dmath.h"

typedef struct {
    const allostat_turn *turn;
    allostat_share_work work;
    void *context;
    size_t blocks, forwards; /* how many are pieces of their own number */
} sharing;

/* Who shares takes pieces from the end. The other blocks stand there in turn, so that
 * all go from block to next block, which each has asked for, see base/hint.h. */
static size_t block_of(const sharing *self, size_t piece)
{
    return piece < self->forwards ? piece : self->forwards + self->blocks - 1 - piece;
}

static void do_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const sharing *self = context;
    const size_t first = allostat_turn_first_row(self->turn, block_of(self, piece));

    (void)unused_first, (void)unused;
    self->work(self->context, first / ALLOSTAT_SHARE_ROWS, first,
               allostat_turn_rows_from(self->turn, first));
}

void allostat_turn_share_beside(const allostat_turn *turn, allostat_share share,
                                allostat_share_work work, void *context,
                                const allostat_share_own *own)
{
    const size_t blocks = allostat_turn_block_count(turn);
    sharing self = {turn, work, context, blocks,
                    allostat_is_shared(share) ? (blocks + 1) / 2 : blocks};

    allostat_share_rows_beside(share, blocks * ALLOSTAT_SHARE_ROWS, do_piece, &self,
                               own);
}

void allostat_turn_share(const allostat_turn *turn, allostat_share share,
                         allostat_share_work work, void *context)
{
    allostat_turn_share_beside(turn, share, work, context, NULL);
}

/* Where a part begins. */
static size_t part_row(const allostat_turn *turn, size_t part, size_t part_count)
{
    const size_t blocks = allostat_turn_block_count(turn),
                 months = (size_t)turn->months;
    const size_t close = turn->near_rows / ALLOSTAT_SHARE_ROWS;
    const size_t near_blocks = close < blocks ? close : blocks;
    const size_t all = near_blocks + (blocks - near_blocks) * months;
    const size_t before = all * part / part_count;
    const size_t block =
        before < near_blocks ? before : near_blocks + (before - near_blocks) / months;
    const size_t row = allostat_turn_first_row(turn, block);

    return part < part_count && row < turn->row_count ? row : turn->row_count;
}

allostat_turn allostat_turn_part(const allostat_turn *turn, size_t part,
                                 size_t part_count, size_t *first)
{
    allostat_turn self = *turn;

    *first = part_row(turn, part, part_count);
    self.row_count = part_row(turn, part + 1, part_count);
    return self;
}

/* 1 - (1 - p)^n; of one month to the bit as it is. */
double allostat_chance_over(double chance, int32_t months)
{
    if (months == 1) return chance;
    if (chance >= 1.0) return 1.0;
    return -allostat_expm1(months * allostat_log1p(-chance));
}
