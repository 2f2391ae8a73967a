#include "people/forgetting.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

/* Where people go: the new row plus 1 under the old row plus 1, so that an empty slot
 * of a tie stays empty. */
typedef struct {
    allostat_residents *residents;
    allostat_users *users;
    uint32_t *slot; /* [rows + 1] */
    size_t rows, rows_kept, first_gone;
    int64_t gone[ALLOSTAT_RESIDENT_STATUS_COUNT]; /* how they left */
    uint8_t *kept;                                /* [rows]: when rows are closed up */
    uint32_t *old_row; /* [rows]: when rows change places, where who is here was */
    uint32_t *to, *from;
    size_t moves, most; /* of rows, from one to another; as many as there is room for */
} moves;

#define COLUMN(name, type, unit, about) +1
enum {
    COLUMNS = 0
#include "tables/residents.def"
};
#undef COLUMN

static void finish(moves *self)
{
    allostat_column_free((void **)&self->slot);
    allostat_column_free((void **)&self->kept);
    allostat_column_free((void **)&self->old_row);
    allostat_column_free((void **)&self->to);
    allostat_column_free((void **)&self->from);
}

/* The first row from `row` on of somebody who has left. */
static size_t next_gone(const moves *self, size_t row)
{
    const uint8_t *how = self->residents->status;
    uint8_t present[sizeof(uint64_t)];
    uint64_t everybody, eight;

    memset(present, ALLOSTAT_RESIDENT_present, sizeof present);
    memcpy(&everybody, present, sizeof everybody);
    for (; row + sizeof eight <= self->rows; row += sizeof eight) {
        memcpy(&eight, how + row, sizeof eight);
        if (eight != everybody) return row + allostat_first_of_eight(eight ^ everybody);
    }
    while (row < self->rows && how[row] == ALLOSTAT_RESIDENT_present) row++;
    return row;
}

/* Of 255 rows at most. */
ALLOSTAT_HOT
static uint8_t count_status(const uint8_t *restrict how, uint8_t status, size_t count)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < count; i++) sum = (uint8_t)(sum + (how[i] == status));
    return sum;
}

static void count_gone(moves *self)
{
    enum { TOGETHER = 128 };

    for (size_t row = 0; row < self->rows; row += TOGETHER) {
        const size_t left = self->rows - row, count = left < TOGETHER ? left : TOGETHER;

        for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++)
            self->gone[s] +=
                count_status(self->residents->status + row, (uint8_t)s, count);
    }
    self->rows_kept = (size_t)self->gone[ALLOSTAT_RESIDENT_present];
    self->gone[ALLOSTAT_RESIDENT_present] = 0;
    self->first_gone = next_gone(self, 0);
}

static allostat_status begin(moves *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    self->rows = self->residents->row_count;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->slot, self->rows + 1,
                                          sizeof *self->slot, error));
    count_gone(self);
cleanup:
    return status;
}

/* ---- rows change places ---------------------------------------------------------- */

static void list_move(moves *self, size_t to, size_t from)
{
    self->to[self->moves] = (uint32_t)to;
    self->from[self->moves++] = (uint32_t)from;
}

/* Users' rows and the rows of their residents become the same: who is there changes
 * places with the user. */
static void bring_users_forward(moves *self)
{
    const allostat_users *users = self->users;

    for (size_t row = 0; row < users->row_count; row++) {
        const uint32_t user = users->person[row];
        const size_t now = self->slot[user + 1] - 1;
        const uint32_t other = self->old_row[row];

        if (now == row) continue;
        self->old_row[row] = user;
        self->old_row[now] = other;
        self->slot[user + 1] = (uint32_t)row + 1;
        self->slot[other + 1] = (uint32_t)now + 1;
        list_move(self, row, now);
    }
}

/* Blocks have their turn in the same month when their numbers leave the same remainder,
 * whatever the length of a turn. */
enum { ROWS = ALLOSTAT_SHARE_ROWS, REMAINDERS = ALLOSTAT_MONTHS_A_YEAR };

/* The last rows of blocks of one remainder, from the end on. */
typedef struct {
    size_t first, before; /* of the block; the rows from here on are taken */
} supply;

static supply supply_of(const moves *self, size_t remainder)
{
    const size_t last = (self->rows - 1) / ROWS;

    if (last < remainder) return (supply){0, 0};
    const size_t first = (last - (last - remainder) % REMAINDERS) * ROWS;
    const size_t end = first + ROWS;

    return (supply){first, end < self->rows ? end : self->rows};
}

/* The last of those who stand after the rows that will be kept. */
static bool take_last(const moves *self, supply *rows, size_t *from)
{
    const uint8_t *how = self->residents->status;
    const size_t step = (size_t)REMAINDERS * ROWS;

    for (;;) {
        while (rows->before > rows->first && rows->before > self->rows_kept) {
            if (how[--rows->before] != ALLOSTAT_RESIDENT_present) continue;
            *from = rows->before;
            return true;
        }
        if (rows->first <= self->rows_kept || rows->first < step) return false;
        rows->first -= step;
        rows->before = rows->first + ROWS;
    }
}

static void fill_gap(moves *self, size_t row, size_t from)
{
    self->slot[self->old_row[from] + 1] = (uint32_t)row + 1;
    list_move(self, row, from);
}

/* The last come to the rows of those who have left: those first whose turn stays in the
 * same months, so that a policy, which changes who leaves, changes nobody else's turn.
 * Gaps for which there is none wait at the end of the list of moves. */
static void fill_gaps(moves *self)
{
    supply rows[REMAINDERS];
    size_t waiting = 0, from = 0, r = 0;

    self->moves = 0;
    for (size_t i = 0; i < REMAINDERS; i++) rows[i] = supply_of(self, i);
    for (size_t row = next_gone(self, 0); row < self->rows_kept;
         row = next_gone(self, row + 1)) {
        if (take_last(self, &rows[row / ROWS % REMAINDERS], &from))
            fill_gap(self, row, from);
        else
            self->to[self->most - ++waiting] = (uint32_t)row;
    }
    for (; waiting > 0; waiting--) {
        const size_t row = self->to[self->most - waiting];

        while (!take_last(self, &rows[r], &from)) r++;
        fill_gap(self, row, from);
    }
}

static void exchange_column(void *context, size_t piece, size_t unused_first,
                            size_t unused)
{
    const moves *self = context;
    const allostat_row_moves rows = {self->to, self->from, self->moves};
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about) \
    if (at++ == piece)                  \
        allostat_column_exchange_rows(self->residents->name, sizeof(type), rows);
#include "tables/residents.def"
#undef COLUMN
}

static void copy_column(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const moves *self = context;
    const allostat_row_moves rows = {self->to, self->from, self->moves};
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about) \
    if (at++ == piece)                  \
        allostat_column_copy_rows(self->residents->name, sizeof(type), rows);
#include "tables/residents.def"
#undef COLUMN
}

/* Each user and each row of somebody who has left moves once at most. */
static allostat_status begin_moves(moves *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t users = self->users->row_count, gone = self->rows - self->rows_kept;

    self->most = users > gone ? users : gone;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->old_row, self->rows,
                                          sizeof *self->old_row, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->to, self->most,
                                          sizeof *self->to, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->from, self->most,
                                          sizeof *self->from, error));
    for (size_t row = 0; row < self->rows; row++) {
        self->old_row[row] = (uint32_t)row;
        self->slot[row + 1] = (uint32_t)row + 1;
    }
cleanup:
    return status;
}

/* ---- rows are closed up ---------------------------------------------------------- */

static allostat_status list_kept(moves *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    uint32_t kept = 0;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->kept, self->rows, 1, error));
    for (size_t row = 0; row < self->rows; row++) {
        self->kept[row] = self->residents->status[row] == ALLOSTAT_RESIDENT_present;
        self->slot[row + 1] = kept += self->kept[row];
    }
cleanup:
    return status;
}

static void close_column(void *context, size_t piece, size_t unused_first,
                         size_t unused)
{
    const moves *self = context;
    const size_t rows = self->rows;
    const uint8_t *kept = self->kept;
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about)                          \
    if (at++ == piece) {                                         \
        type *column = self->residents->name;                    \
        size_t to = self->first_gone;                            \
        for (size_t row = self->first_gone; row < rows; row++) { \
            column[to] = column[row];                            \
            to += kept[row];                                     \
        }                                                        \
    }
#include "tables/residents.def"
#undef COLUMN
}

/* ---- either way ------------------------------------------------------------------ */

/* Rows after the last are empty again. */
static void end_rows(const moves *self)
{
    allostat_residents *residents = self->residents;
    const size_t kept = self->rows_kept, gone = self->rows - kept;

#define COLUMN(name, type, unit, about) \
    memset(residents->name + kept, 0, gone * sizeof(type));
#include "tables/residents.def"
#undef COLUMN
    for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++)
        residents->forgotten[s] += self->gone[s];
    residents->row_count = kept;
    allostat_residents_number(residents, kept);
}

ALLOSTAT_HOT
static void renew_slots(const uint32_t *restrict moved, uint32_t *restrict slot,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) slot[i] = moved[slot[i]];
}

static void renew_residents(void *context, size_t block, size_t first, size_t count)
{
    const moves *self = context;

    (void)block;
    renew_slots(self->slot, self->residents->support_ties[first].slot,
                count * ALLOSTAT_SUPPORT_SLOTS);
}

static void renew_users(void *context, size_t block, size_t first, size_t count)
{
    const moves *self = context;
    allostat_users *users = self->users;

    (void)block;
    renew_slots(self->slot, users->using_ties[first].slot,
                count * ALLOSTAT_USING_SLOTS);
    for (size_t row = first; row < first + count; row++)
        users->person[row] = self->slot[users->person[row] + 1] - 1;
}

static void renew_rows(moves *self)
{
    const allostat_residents *residents = self->residents;
    const allostat_users *users = self->users;

    allostat_share_rows(residents->share, residents->row_count, renew_residents, self);
    allostat_share_rows(users->share, users->row_count, renew_users, self);
}

static void do_columns(moves *self, allostat_share_work work)
{
    allostat_share_pieces(self->residents->share, COLUMNS, work, self);
}

allostat_status allostat_forget_departed(allostat_residents *residents,
                                         allostat_users *users, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    moves self = {.residents = residents, .users = users};

    ALLOSTAT_TRY(begin(&self, error));
    if (self.rows_kept < self.rows) {
        ALLOSTAT_TRY(list_kept(&self, error));
        do_columns(&self, close_column);
        end_rows(&self);
        renew_rows(&self);
    }
cleanup:
    finish(&self);
    return status;
}

allostat_status allostat_order_near(allostat_residents *residents,
                                    allostat_users *users, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    moves self = {.residents = residents, .users = users};

    ALLOSTAT_TRY(begin(&self, error));
    ALLOSTAT_TRY(begin_moves(&self, error));
    residents->near_count = users->row_count;
    bring_users_forward(&self);
    if (self.moves == 0 && self.rows_kept == self.rows) goto cleanup;
    do_columns(&self, exchange_column);
    fill_gaps(&self);
    do_columns(&self, copy_column);
    end_rows(&self);
    renew_rows(&self);
cleanup:
    finish(&self);
    return status;
}
