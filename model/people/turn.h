/* Whose month it is: people close to opioids live by the month, everybody else by the
 * turn, some months at once.
 *
 * Rows of people with a user's row stand in front (people/forgetting.h) and are due
 * every month, for one month. The rows after them are due block by block in turn, each
 * block 12 / months times in a calendar year, for `months` months: the same equations
 * with another step length. A turn of one month is the plain monthly clock. */
#ifndef ALLOSTAT_PEOPLE_TURN_H
#define ALLOSTAT_PEOPLE_TURN_H

#include "base/columns.h"
#include "people/residents.h"

/* Two paces: a process makes its terms once for each, `terms[ALLOSTAT_PACE_COUNT]`. */
typedef enum {
    ALLOSTAT_PACE_month, /* one month */
    ALLOSTAT_PACE_turn,  /* as many as a turn has */
    ALLOSTAT_PACE_COUNT
} allostat_pace;

typedef struct {
    allostat_month month;
    int32_t months;   /* of a turn: a divisor of 12 */
    size_t near_rows; /* rows due every month: whole blocks of ALLOSTAT_SHARE_ROWS */
    size_t row_count;
} allostat_turn;

/* The turn of a month; `months` is population.resident_step. */
static inline allostat_turn allostat_turn_make(const allostat_residents *residents,
                                               int32_t months, allostat_month month)
{
    const size_t rows = ALLOSTAT_SHARE_ROWS;
    const size_t near_blocks = (residents->near_count + rows - 1) / rows;

    return (allostat_turn){month, months, near_blocks * rows, residents->row_count};
}

/* Months that the pace lives at once. */
static inline int32_t allostat_turn_months(const allostat_turn *turn,
                                           allostat_pace pace)
{
    return pace == ALLOSTAT_PACE_turn ? turn->months : 1;
}

/* The pace of a row, and of the block that begins with it. */
static inline allostat_pace allostat_turn_pace(const allostat_turn *turn, size_t row)
{
    return row < turn->near_rows ? ALLOSTAT_PACE_month : ALLOSTAT_PACE_turn;
}

/* Months since the row's turn began: 0 when it is due. */
static inline int32_t allostat_turn_age(const allostat_turn *turn, size_t row)
{
    const int32_t block = (int32_t)(row / ALLOSTAT_SHARE_ROWS);

    if (row < turn->near_rows) return 0;
    return (turn->month + block) % turn->months;
}

static inline bool allostat_turn_is_due(const allostat_turn *turn, size_t row)
{
    return allostat_turn_age(turn, row) == 0;
}

/* How many blocks are due, and the first row of the i-th, in order of rows. */
static inline size_t allostat_turn_block_count(const allostat_turn *turn)
{
    const size_t rows = ALLOSTAT_SHARE_ROWS, months = (size_t)turn->months;
    const size_t blocks = (turn->row_count + rows - 1) / rows;
    const size_t close = turn->near_rows / rows;
    const size_t near_blocks = close < blocks ? close : blocks;
    const size_t wait =
        (months - ((size_t)turn->month + near_blocks) % months) % months;

    if (near_blocks + wait >= blocks) return near_blocks;
    return near_blocks + (blocks - near_blocks - wait - 1) / months + 1;
}

static inline size_t allostat_turn_first_row(const allostat_turn *turn, size_t i)
{
    const size_t rows = ALLOSTAT_SHARE_ROWS, months = (size_t)turn->months;
    const size_t near_blocks = turn->near_rows / rows;
    const size_t wait =
        (months - ((size_t)turn->month + near_blocks) % months) % months;

    return (i < near_blocks ? i : near_blocks + wait + (i - near_blocks) * months) *
           rows;
}

/* How far it is from a block that lives so many months to the next one that does: the
 * processor, which fetches ahead within a block, cannot foresee that one. */
static inline size_t allostat_turn_stride(int32_t months)
{
    return (size_t)months * ALLOSTAT_SHARE_ROWS;
}

/* Rows of the block that begins with `first`. */
static inline size_t allostat_turn_rows_from(const allostat_turn *turn, size_t first)
{
    const size_t left = turn->row_count - first;

    return left < ALLOSTAT_SHARE_ROWS ? left : ALLOSTAT_SHARE_ROWS;
}

/* Work on all blocks that are due: as allostat_share_rows, block numbers and rows are
 * those of the table. */
void allostat_turn_share(const allostat_turn *turn, allostat_share share,
                         allostat_share_work work, void *context);
/* The same beside work of the caller's own (NULL: none). */
void allostat_turn_share_beside(const allostat_turn *turn, allostat_share share,
                                allostat_share_work work, void *context,
                                const allostat_share_own *own);

/* The first row from `row` on that is due and whose flag is not 0, else row_count: for
 * flags that are rare, which a process has written for the rows that are due. */
static inline size_t allostat_turn_next_flag(const allostat_turn *turn,
                                             const uint8_t *flag, size_t row)
{
    const size_t rows = ALLOSTAT_SHARE_ROWS;

    while (row < turn->row_count) {
        const size_t first = row / rows * rows;
        const size_t end = first + allostat_turn_rows_from(turn, first);

        if (allostat_turn_is_due(turn, row)) {
            const size_t found = allostat_next_flag(flag, row, end);
            if (found < end) return found;
        }
        row = end;
    }
    return turn->row_count;
}

/* The rows of a part of those that are due, from *first on: the turn of the whole table
 * up to the part's last row. Parts have about as many months to live. */
allostat_turn allostat_turn_part(const allostat_turn *turn, size_t part,
                                 size_t part_count, size_t *first);

/* The chance of an event within some months when `chance` is that of one. */
double allostat_chance_over(double chance, int32_t months);

#endif
