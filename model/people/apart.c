#include "people/apart.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

void allostat_apart_free(allostat_apart *self)
{
    allostat_users_free(&self->rows);
    allostat_users_free(&self->before);
    allostat_column_free((void **)&self->home);
    allostat_column_free((void **)&self->today);
    allostat_column_free((void **)&self->place);
    allostat_column_free((void **)&self->active_on);
    allostat_column_free((void **)&self->inside_on);
    memset(self, 0, sizeof *self);
}

/* Columns that a row's own days write, and bytes of a row of them. */
enum {
    LIVED_COLUMNS = 0
#define COLUMN(name, type, unit, about)
#define STRUCK COLUMN
#define LIVED(name, type, unit, about) +1
#define COUNTED LIVED
#include "tables/users.def"
#undef COLUMN
};

enum {
    LIVED_BYTES = 0
#define COLUMN(name, type, unit, about)
#define STRUCK COLUMN
#define LIVED(name, type, unit, about) +(int)sizeof(type)
#define COUNTED LIVED
#include "tables/users.def"
#undef COLUMN
};

/* Rows of the last span are of no use: nothing is copied. */
static allostat_status reserve_before(allostat_users *self, size_t rows,
                                      allostat_share share, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_column_room *room = NULL;

    if (rows <= self->row_capacity) return ALLOSTAT_OK;
    rows += rows / 8; /* they grow from month to month */
    allostat_users_free(self);
    room = allostat_column_room_make(rows, LIVED_BYTES, LIVED_COLUMNS, share);
#define COLUMN(name, type, unit, about)
#define STRUCK COLUMN
#define LIVED(name, type, unit, about)                                        \
    ALLOSTAT_TRY(allostat_column_grow_in(room, (void **)&self->name, 0, rows, \
                                         sizeof(type), error));
#define COUNTED LIVED
#include "tables/users.def"
#undef COLUMN
    self->row_capacity = rows;
cleanup:
    allostat_column_room_close(room);
    return status;
}

static allostat_status reserve_notes(allostat_apart *self, size_t rows,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    void **const column[] = {(void **)&self->place, (void **)&self->active_on,
                             (void **)&self->inside_on};

    if (rows <= self->capacity) return ALLOSTAT_OK;
    self->capacity = 0;
    for (size_t i = 0; i < sizeof column / sizeof column[0]; i++) {
        allostat_column_free(column[i]);
        ALLOSTAT_TRY(
            allostat_column_allocate(column[i], rows, sizeof *self->place, error));
    }
    self->capacity = rows;
cleanup:
    return status;
}

allostat_status allostat_apart_begin(allostat_apart *self, const allostat_users *users,
                                     bool counts_begin, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t rows = users->street_count;

    ALLOSTAT_TRY(reserve_before(&self->before, rows, users->share, error));
    ALLOSTAT_TRY(reserve_notes(self, self->before.row_capacity, error));
    self->street_count = rows;
    self->rows.row_count = 0;
    self->counts_begin = counts_begin;
cleanup:
    return status;
}

void allostat_apart_keep(allostat_apart *self, const allostat_users *users,
                         size_t first, size_t count)
{
#define COLUMN(name, type, unit, about)
#define STRUCK COLUMN
#define LIVED(name, type, unit, about) \
    memcpy(self->before.name + first, users->name + first, count * sizeof(type));
#define COUNTED(name, type, unit, about) \
    if (!self->counts_begin)             \
        memcpy(self->before.name + first, users->name + first, count * sizeof(type));
#include "tables/users.def"
#undef COLUMN
    memset(self->place + first, 0, count * sizeof *self->place);
    memset(self->active_on + first, 0, count * sizeof *self->active_on);
    memset(self->inside_on + first, 0, count * sizeof *self->inside_on);
}

ALLOSTAT_HOT
static void note_day(const int32_t *restrict happens, size_t count, int32_t day,
                     uint32_t *restrict days)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) days[i] |= (uint32_t)(happens[i] != 0) << day;
}

void allostat_apart_note(allostat_apart *self, const allostat_users *users,
                         size_t first, size_t count, int32_t day,
                         const uint8_t *overdosed)
{
    note_day(users->active + first, count, day, self->active_on + first);
    note_day(users->institution + first, count, day, self->inside_on + first);
    for (size_t i = allostat_next_flag(overdosed, 0, count); i < count;
         i = allostat_next_flag(overdosed, i + 1, count))
        self->place[first + i] = 1;
}

/* Rows that come from the users' table, column by column. */
typedef struct {
    allostat_apart *apart;
    const allostat_users *users;
    size_t first, end; /* rows apart */
} gathering;

static void gather_column(void *context, size_t column, size_t unused_first,
                          size_t unused)
{
    const gathering *self = context;
    const allostat_users *users = self->users, *before = &self->apart->before;
    const allostat_users *rows = &self->apart->rows;
    const uint32_t *home = self->apart->home;
    const bool counts_begin = self->apart->counts_begin;
    const size_t first = self->first, end = self->end;
    size_t at = 0;

    (void)unused_first, (void)unused;
#define GATHER(name, from) \
    for (size_t i = first; i < end; i++) rows->name[i] = (from)->name[home[i]];
#define COLUMN(name, type, unit, about) \
    if (at++ == column) {               \
        GATHER(name, users)             \
    }
#define LIVED(name, type, unit, about) \
    if (at++ == column) {              \
        GATHER(name, before)           \
    }
#define COUNTED(name, type, unit, about)                                 \
    if (at++ == column) {                                                \
        if (counts_begin)                                                \
            memset(rows->name + first, 0, (end - first) * sizeof(type)); \
        else                                                             \
            GATHER(name, before)                                         \
    }
#include "tables/users.def"
#undef COLUMN
#undef GATHER
}

enum {
    ALL_COLUMNS = 0
#define COLUMN(name, type, unit, about) +1
#include "tables/users.def"
#undef COLUMN
};

static allostat_status reserve_rows(allostat_apart *self, size_t rows,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_column_reserve((void **)&self->home, &self->home_capacity,
                                         rows, sizeof *self->home, error));
    ALLOSTAT_TRY(allostat_column_reserve((void **)&self->today, &self->today_capacity,
                                         rows, sizeof *self->today, error));
    ALLOSTAT_TRY(allostat_users_reserve(&self->rows, rows, error));
cleanup:
    return status;
}

/* Rows that were flagged, counted, and listed when there is room. */
static size_t list_flagged(allostat_apart *self, bool list)
{
    size_t found = 0;

    for (size_t row = allostat_next_word(self->place, 0, self->street_count);
         row < self->street_count;
         row = allostat_next_word(self->place, row + 1, self->street_count)) {
        if (list) {
            self->home[found] = (uint32_t)row;
            self->place[row] = (int32_t)found + 1;
        }
        found++;
    }
    return found;
}

allostat_status allostat_apart_gather(allostat_apart *self, const allostat_users *users,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t count = list_flagged(self, false);
    gathering all = {self, users, 0, count};

    ALLOSTAT_TRY(reserve_rows(self, count, error));
    (void)list_flagged(self, true);
    self->rows.row_count = count;
    if (count > 0)
        allostat_share_pieces(users->share, ALL_COLUMNS, gather_column, &all);
cleanup:
    return status;
}

allostat_status allostat_apart_bring(allostat_apart *self, const allostat_users *users,
                                     uint32_t row, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t at = self->rows.row_count;
    gathering one = {self, users, at, at + 1};

    ALLOSTAT_TRY(reserve_rows(self, at + 1, error));
    self->home[at] = row;
    self->place[row] = (int32_t)at + 1;
    self->rows.row_count++;
    for (size_t column = 0; column < ALL_COLUMNS; column++)
        gather_column(&one, column, 0, 0);
cleanup:
    return status;
}

typedef struct {
    const allostat_apart *apart;
    allostat_users *users;
} returning;

static void return_column(void *context, size_t column, size_t unused_first,
                          size_t unused)
{
    const returning *self = context;
    const allostat_users *users = self->users, *rows = &self->apart->rows;
    const uint32_t *home = self->apart->home;
    const size_t count = rows->row_count;
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about)
#define LIVED(name, type, unit, about) \
    if (at++ == column)                \
        for (size_t i = 0; i < count; i++) users->name[home[i]] = rows->name[i];
#define COUNTED LIVED
#define STRUCK LIVED
#include "tables/users.def"
#undef COLUMN
}

enum {
    WRITTEN_COLUMNS = 0
#define COLUMN(name, type, unit, about)
#define LIVED(name, type, unit, about) +1
#define COUNTED LIVED
#define STRUCK LIVED
#include "tables/users.def"
#undef COLUMN
};

void allostat_apart_return(const allostat_apart *self, allostat_users *users)
{
    returning all = {self, users};

    if (self->rows.row_count > 0)
        allostat_share_pieces(users->share, WRITTEN_COLUMNS, return_column, &all);
}

size_t allostat_apart_bytes(const allostat_apart *self)
{
    return self->rows.row_capacity * allostat_users_row_bytes() +
           self->home_capacity * sizeof *self->home +
           self->today_capacity * sizeof *self->today +
           self->before.row_capacity * LIVED_BYTES +
           self->capacity * (sizeof *self->place + sizeof *self->active_on +
                             sizeof *self->inside_on);
}
