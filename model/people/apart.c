#include "people/apart.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

void allostat_apart_free(allostat_apart *self)
{
    allostat_users_free(&self->rows);
    allostat_users_free(&self->before);
    allostat_column_free((void **)&self->home);
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

static allostat_status reserve_rows(allostat_apart *self, size_t rows,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_column_reserve((void **)&self->home, &self->home_capacity,
                                         rows, sizeof *self->home, error));
    ALLOSTAT_TRY(allostat_users_reserve(&self->rows, rows, error));
cleanup:
    return status;
}

/* A month brings about as many as the last; in the first they find room later. */
static size_t most_likely(const allostat_apart *self)
{
    return self->rows.row_count + self->rows.row_count / 4;
}

allostat_status allostat_apart_begin(allostat_apart *self, const allostat_users *users,
                                     bool counts_begin, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t rows = users->street_count;

    ALLOSTAT_TRY(reserve_before(&self->before, rows, users->share, error));
    ALLOSTAT_TRY(reserve_notes(self, self->before.row_capacity, error));
    ALLOSTAT_TRY(reserve_rows(self, most_likely(self), error));
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
static void note_active(const int32_t *restrict active, size_t count, int32_t day,
                        uint32_t *restrict days)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) days[i] |= (uint32_t)(active[i] != 0) << day;
}

ALLOSTAT_HOT
static void note_overdoses(const uint8_t *restrict overdosed, size_t count,
                           int32_t *restrict place)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) place[i] -= overdosed[i];
}

void allostat_apart_note(allostat_apart *self, const allostat_users *users,
                         const allostat_day_note *note)
{
    const size_t first = note->first;

    note_active(users->active + first, note->count, note->day, self->active_on + first);
    note_overdoses(note->overdosed, note->count, self->place + first);
    for (size_t i = 0; i < note->inside.count; i++) {
        const uint32_t row = note->inside.row[i];

        self->inside_on[row] |= (uint32_t)(users->institution[row] != 0) << note->day;
    }
}

/* Rows first .. end - 1 of those apart come from the users' table. */
static void fetch_rows(const allostat_apart *self, const allostat_users *users,
                       size_t first, size_t end)
{
    const allostat_users *before = &self->before, *rows = &self->rows;
    const uint32_t *home = self->home;

#define FETCH(name, from) \
    for (size_t i = first; i < end; i++) rows->name[i] = (from)->name[home[i]];
#define MONTHLY(name, type, unit, about)
#define COLUMN(name, type, unit, about) FETCH(name, users)
#define LIVED(name, type, unit, about) FETCH(name, before)
#define COUNTED(name, type, unit, about)                             \
    if (self->counts_begin)                                          \
        memset(rows->name + first, 0, (end - first) * sizeof(type)); \
    else                                                             \
        FETCH(name, before)
#include "tables/users.def"
#undef COLUMN
#undef FETCH
}

/* Rows first .. end - 1 of the users' table that are flagged, in order: the next of
 * them from `row` on, or `end`. */
static size_t next_flagged(const allostat_apart *self, size_t row, size_t end)
{
    row = allostat_next_word(self->place, row, end);
    while (row < end && self->place[row] > 0)
        row = allostat_next_word(self->place, row + 1, end);
    return row;
}

static size_t count_flagged(const allostat_apart *self, size_t first, size_t end)
{
    size_t count = 0;

    for (size_t row = next_flagged(self, first, end); row < end;
         row = next_flagged(self, row + 1, end))
        count++;
    return count;
}

/* They have the places from `at` on. */
static void list_flagged(allostat_apart *self, size_t first, size_t end, size_t at)
{
    for (size_t row = next_flagged(self, first, end); row < end;
         row = next_flagged(self, row + 1, end)) {
        self->home[at] = (uint32_t)row;
        self->place[row] = (int32_t)++at;
    }
}

static size_t room_of(const allostat_apart *self)
{
    return self->home_capacity < self->rows.row_capacity ? self->home_capacity
                                                         : self->rows.row_capacity;
}

void allostat_apart_take(allostat_apart *self, const allostat_users *users,
                         size_t first, size_t count)
{
    const size_t end = first + count, found = count_flagged(self, first, end);
    size_t at;

    if (found == 0) return;
    if (!allostat_share_take(&self->rows.row_count, found, room_of(self), &at)) return;
    list_flagged(self, first, end, at);
    fetch_rows(self, users, at, at + found);
}

allostat_status allostat_apart_gather(allostat_apart *self, const allostat_users *users,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t at = self->rows.row_count;
    const size_t left = count_flagged(self, 0, self->street_count);

    if (left == 0) return ALLOSTAT_OK;
    ALLOSTAT_TRY(reserve_rows(self, at + left, error));
    list_flagged(self, 0, self->street_count, at);
    self->rows.row_count = at + left;
    fetch_rows(self, users, at, at + left);
cleanup:
    return status;
}

allostat_status allostat_apart_bring(allostat_apart *self, const allostat_users *users,
                                     uint32_t row, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t at = self->rows.row_count;

    ALLOSTAT_TRY(reserve_rows(self, at + 1, error));
    self->home[at] = row;
    self->place[row] = (int32_t)at + 1;
    self->rows.row_count++;
    fetch_rows(self, users, at, at + 1);
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
           self->before.row_capacity * LIVED_BYTES +
           self->capacity * (sizeof *self->place + sizeof *self->active_on +
                             sizeof *self->inside_on);
}
