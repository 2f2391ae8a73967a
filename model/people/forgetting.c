#include "people/forgetting.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

/* Where people go: the new row plus 1 under the old row plus 1, so that an empty slot
 * of a tie stays empty. First some rows change places, then rows are closed up. */
typedef struct {
    allostat_residents *residents;
    allostat_users *users;
    uint32_t *slot; /* [rows + 1] */
    size_t rows;
    uint32_t *front, *back; /* [near_count]: rows that change places */
    size_t near_count, exchanges;
    uint8_t *kept; /* [rows] */
    size_t first_gone, rows_kept;
} moves;

#define COLUMN(name, type, unit, about) +1
enum {
    COLUMNS = 0
#include "tables/residents.def"
};
#undef COLUMN

static void free_moves(moves *self)
{
    allostat_column_free((void **)&self->slot);
    allostat_column_free((void **)&self->front);
    allostat_column_free((void **)&self->back);
    allostat_column_free((void **)&self->kept);
}

/* ---- people close to opioids stand in front -------------------------------------- */

static bool is_near(const allostat_residents *residents, size_t row)
{
    return (residents->user_row[row] >= 0) &
           (residents->status[row] == ALLOSTAT_RESIDENT_present);
}

/* Few change sides in a year: the first in front who is not close changes places with
 * the first behind who is, and so on; everybody else stays. */
static allostat_status list_exchanges(moves *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_residents *residents = self->residents;
    size_t to = 0;

    for (size_t row = 0; row < self->rows; row++)
        self->near_count += is_near(residents, row);
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->front, self->near_count,
                                          sizeof *self->front, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->back, self->near_count,
                                          sizeof *self->back, error));
    for (size_t row = self->near_count; row < self->rows; row++) {
        if (!is_near(residents, row)) continue;
        while (is_near(residents, to)) to++;
        self->front[self->exchanges] = (uint32_t)to++;
        self->back[self->exchanges++] = (uint32_t)row;
    }
cleanup:
    return status;
}

static void exchange_column(void *context, size_t piece, size_t unused_first,
                            size_t unused)
{
    const moves *self = context;
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about)                \
    if (at++ == piece) {                               \
        type *column = self->residents->name;          \
        for (size_t i = 0; i < self->exchanges; i++) { \
            const uint32_t a = self->front[i];         \
            const uint32_t b = self->back[i];          \
            const type kept = column[a];               \
            column[a] = column[b];                     \
            column[b] = kept;                          \
        }                                              \
    }
#include "tables/residents.def"
#undef COLUMN
}

static void exchange(moves *self)
{
    allostat_share_pieces(self->residents->share, COLUMNS, exchange_column, self);
    self->residents->near_count = self->near_count;
}

/* ---- rows of those who have left are closed up ----------------------------------- */

static void list_kept(moves *self)
{
    const uint8_t *how = self->residents->status;

    self->first_gone = self->rows;
    for (size_t row = 0; row < self->rows; row++) {
        self->kept[row] = how[row] == ALLOSTAT_RESIDENT_present;
        if (!self->kept[row] && row < self->first_gone) self->first_gone = row;
        self->rows_kept += self->kept[row];
        self->slot[row + 1] = (uint32_t)self->rows_kept;
    }
}

/* One column; rows after the last are empty again. */
static void close_column(void *context, size_t piece, size_t unused_first,
                         size_t unused)
{
    const moves *self = context;
    const allostat_residents *residents = self->residents;
    const size_t rows = self->rows, gone = self->rows - self->rows_kept;
    const uint8_t *kept = self->kept;
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about)                                    \
    if (at++ == piece) {                                                   \
        type *column = residents->name;                                    \
        size_t to = self->first_gone;                                      \
        for (size_t row = self->first_gone; row < rows; row++) {           \
            column[to] = column[row];                                      \
            to += kept[row];                                               \
        }                                                                  \
        memset(residents->name + self->rows_kept, 0, gone * sizeof(type)); \
    }
#include "tables/residents.def"
#undef COLUMN
}

static void close_up(moves *self)
{
    allostat_residents *residents = self->residents;

    for (size_t row = self->first_gone; row < self->rows; row++)
        residents->forgotten[residents->status[row]] += !self->kept[row];
    allostat_share_pieces(residents->share, COLUMNS, close_column, self);
    residents->row_count = self->rows_kept;
    allostat_residents_number(residents, self->rows_kept);
}

/* ---- who points at rows is renewed ----------------------------------------------- */

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

    for (size_t i = 0; i < self->exchanges; i++) {
        uint32_t *a = &self->slot[self->front[i] + 1];
        uint32_t *b = &self->slot[self->back[i] + 1];
        const uint32_t kept = *a;

        *a = *b;
        *b = kept;
    }
    allostat_share_rows(residents->share, residents->row_count, renew_residents, self);
    allostat_share_rows(users->share, users->row_count, renew_users, self);
}

static allostat_status begin(moves *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    self->rows = self->residents->row_count;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->kept, self->rows, 1, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->slot, self->rows + 1,
                                          sizeof *self->slot, error));
cleanup:
    return status;
}

allostat_status allostat_forget_departed(allostat_residents *residents,
                                         allostat_users *users, bool near_in_front,
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    moves self = {.residents = residents, .users = users};

    ALLOSTAT_TRY(begin(&self, error));
    if (near_in_front) ALLOSTAT_TRY(list_exchanges(&self, error));
    if (near_in_front) exchange(&self);
    list_kept(&self);
    if (self.rows_kept < self.rows) close_up(&self);
    if (self.rows_kept < self.rows || self.exchanges > 0) renew_rows(&self);
cleanup:
    free_moves(&self);
    return status;
}
