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

/* Column by column; rows after the last are empty again. */
static void close_up(const moves *self, allostat_residents *residents)
{
    const size_t rows = self->rows, gone = self->rows - self->rows_kept;
    const uint8_t *kept = self->kept;

#define COLUMN(name, type, unit, about)                                    \
    do {                                                                   \
        type *column = residents->name;                                    \
        size_t to = self->first_gone;                                      \
        for (size_t row = self->first_gone; row < rows; row++) {           \
            column[to] = column[row];                                      \
            to += kept[row];                                               \
        }                                                                  \
        memset(residents->name + self->rows_kept, 0, gone * sizeof(type)); \
    } while (0);
#include "tables/residents.def"
#undef COLUMN
    residents->row_count = self->rows_kept;
    allostat_residents_number(residents, self->rows_kept);
}

ALLOSTAT_HOT
static void renew_slots(const uint32_t *restrict moved, uint32_t *restrict slot,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) slot[i] = moved[slot[i]];
}

static void renew_rows(const moves *self, allostat_residents *residents,
                       allostat_users *users)
{
    if (residents->row_count > 0)
        renew_slots(self->slot, residents->support_ties[0].slot,
                    residents->row_count * ALLOSTAT_SUPPORT_SLOTS);
    if (users->row_count > 0)
        renew_slots(self->slot, users->using_ties[0].slot,
                    users->row_count * ALLOSTAT_USING_SLOTS);
    for (size_t row = 0; row < users->row_count; row++)
        users->person[row] = self->slot[users->person[row] + 1] - 1;
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
