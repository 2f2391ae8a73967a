#include "people/forgetting.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

/* Where people go: kept[row], and the new row plus 1 under the old row plus 1, so that
 * an empty slot of a tie stays empty. */
typedef struct {
    uint8_t *kept;
    uint32_t *slot; /* [rows + 1] */
    size_t rows, first_gone, rows_kept;
    allostat_residents *residents;
    allostat_users *users;
} moves;

static allostat_status plan(moves *self, allostat_residents *residents,
                            allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    self->rows = residents->row_count;
    self->first_gone = self->rows;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->kept, self->rows, 1, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->slot, self->rows + 1,
                                          sizeof *self->slot, error));
    for (size_t row = 0; row < self->rows; row++) {
        self->kept[row] = residents->status[row] == ALLOSTAT_RESIDENT_present;
        if (!self->kept[row] && row < self->first_gone) self->first_gone = row;
        self->rows_kept += self->kept[row];
        self->slot[row + 1] = (uint32_t)self->rows_kept;
    }
cleanup:
    return status;
}

static void count_forgotten(const moves *self, allostat_residents *residents)
{
    for (size_t row = self->first_gone; row < self->rows; row++)
        residents->forgotten[residents->status[row]] += !self->kept[row];
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

#define COLUMN(name, type, unit, about) +1
enum {
    COLUMNS = 0
#include "tables/residents.def"
};
#undef COLUMN

static void close_up(moves *self, allostat_residents *residents)
{
    self->residents = residents;
    allostat_share_pieces(residents->share, COLUMNS, close_column, self);
    residents->row_count = self->rows_kept;
    allostat_residents_number(residents, self->rows_kept);
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

static void renew_rows(moves *self, allostat_residents *residents,
                       allostat_users *users)
{
    self->users = users;
    allostat_share_rows(residents->share, residents->row_count, renew_residents, self);
    allostat_share_rows(users->share, users->row_count, renew_users, self);
}

allostat_status allostat_forget_departed(allostat_residents *residents,
                                         allostat_users *users, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    moves self = {0};

    ALLOSTAT_TRY(plan(&self, residents, error));
    if (self.rows_kept < self.rows) {
        count_forgotten(&self, residents);
        close_up(&self, residents);
        renew_rows(&self, residents, users);
    }
cleanup:
    allostat_column_free((void **)&self.kept);
    allostat_column_free((void **)&self.slot);
    return status;
}
