#include "people/users.h"

#include "base/columns.h"
#include "base/hot.h"

#include <assert.h>
#include <string.h>

/* A union of all columns' types is as large as the largest. */
typedef union {
#define COLUMN(name, type, unit, about) type name;
#include "tables/users.def"
#undef COLUMN
} any_column;

enum { LEAST_CAPACITY = 1024, LARGEST_TYPE = (int)sizeof(any_column) };

enum {
    ALL_COLUMNS = 0
#define COLUMN(name, type, unit, about) +1
#include "tables/users.def"
#undef COLUMN
};

/* A column that has grown before another failed is longer than the capacity says:
 * harmless. */
static allostat_status grow(allostat_users *self, size_t more, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_column_room *room = allostat_column_room_make(
        more, ALLOSTAT_USERS_ROW_BYTES, ALL_COLUMNS, self->share);

#define COLUMN(name, type, unit, about)   \
    ALLOSTAT_TRY(allostat_column_grow_in( \
        room, (void **)&self->name, self->row_capacity, more, sizeof(type), error));
#include "tables/users.def"
#undef COLUMN
    self->row_capacity = more;
cleanup:
    allostat_column_room_close(room);
    return status;
}

allostat_status allostat_users_init_shared(allostat_users *self, size_t row_capacity,
                                           allostat_share share, allostat_error *error)
{
    const size_t least = LEAST_CAPACITY;

    memset(self, 0, sizeof *self);
    self->share = share;
    return grow(self, row_capacity > least ? row_capacity : least, error);
}

allostat_status allostat_users_init(allostat_users *self, size_t row_capacity,
                                    allostat_error *error)
{
    return allostat_users_init_shared(self, row_capacity, (allostat_share){0}, error);
}

void allostat_users_free(allostat_users *self)
{
#define COLUMN(name, type, unit, about) allostat_column_free((void **)&self->name);
#include "tables/users.def"
#undef COLUMN
    memset(self, 0, sizeof *self);
}

allostat_status allostat_users_reserve(allostat_users *self, size_t rows,
                                       allostat_error *error)
{
    const size_t half_more = self->row_capacity + self->row_capacity / 2;

    if (rows <= self->row_capacity) return ALLOSTAT_OK;
    return grow(self, rows > half_more ? rows : half_more, error);
}

void allostat_users_seat(allostat_users *self, allostat_residents *residents,
                         uint32_t person, size_t i)
{
    self->person[i] = person;
    self->number[i] = residents->number[person];
    self->who[i] = allostat_who_of(residents, person);
    self->present[i] = 1;
    self->avoidance[i] = residents->attachment_avoidance[person];
    self->stress[i] = residents->stress[person];
    self->allostatic_load[i] = residents->allostatic_load[person];
    self->oxytocin[i] = residents->oxytocin[person];
    self->connection[i] = residents->connection[person];
    self->pain[i] = residents->pain[person];
    self->assistance[i] = residents->assistance[person];
    residents->user_row[person] = (int32_t)i;
}

allostat_status allostat_users_append(allostat_users *self,
                                      allostat_residents *residents, uint32_t person,
                                      size_t *row, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_users_reserve(self, self->row_count + 1, error));
    *row = self->row_count++;
    allostat_users_seat(self, residents, person, *row);
cleanup:
    return status;
}

/* Rows go to other rows without what is counted on days, of which there is nothing in
 * the first hours of a month. */
#define COUNTED(name, type, unit, about)
#define COLUMN(name, type, unit, about) +1
enum {
    COLUMNS = 0
#include "tables/users.def"
};
#undef COLUMN

static void check_that_nothing_is_counted(const allostat_users *users, size_t row)
{
    static const unsigned char nothing[LARGEST_TYPE];

    (void)users, (void)row, (void)nothing;
#define COUNTED(name, type, unit, about) \
    assert(memcmp(&users->name[row], nothing, sizeof(type)) == 0);
#define COLUMN(name, type, unit, about)
#include "tables/users.def"
#undef COLUMN
}

/* Rows that go to other rows: as many at once as fit the stack, and nearly every month
 * there are no more. */
enum { MOVES = 1024 };

typedef struct {
    allostat_users *users;
    allostat_residents *residents;
    size_t count, free_count;
    uint32_t to[MOVES], from[MOVES];
    uint32_t free[MOVES]; /* rows that were found to be free */
} moves;

/* Column by column: a hundred columns at once would be more streams than a processor
 * follows. */
static void copy_column(void *context, size_t column, size_t unused_first,
                        size_t unused)
{
    const moves *self = context;
    const allostat_row_moves rows = {self->to, self->from, self->count};
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COUNTED(name, type, unit, about)
#define COLUMN(name, type, unit, about) \
    if (at++ == column)                 \
        allostat_column_copy_rows(self->users->name, sizeof(type), rows);
#include "tables/users.def"
#undef COLUMN
}

static void link_row(const moves *self, uint32_t row)
{
    self->residents->user_row[self->users->person[row]] = (int32_t)row;
}

/* Free rows are no longer those of the people who had them, unless these have gone to
 * others. No branch, and many at once: what is looked at stands anywhere. */
static void unlink_rows(moves *self)
{
    for (size_t i = 0; i < self->free_count; i++) {
        const uint32_t row = self->free[i];
        int32_t *linked = &self->residents->user_row[self->users->person[row]];

        *linked = *linked == (int32_t)row ? -1 : *linked;
    }
    self->free_count = 0;
}

static void note_free(moves *self, size_t row)
{
    self->free[self->free_count++] = (uint32_t)row;
    if (self->free_count == MOVES) unlink_rows(self);
}

/* Copies go to rows that are free, and leave free rows. */
static void copy_rows(moves *self)
{
    unlink_rows(self);
    if (self->count > 0)
        allostat_share_pieces(self->users->share, COLUMNS, copy_column, self);
    for (size_t i = 0; i < self->count; i++) {
        check_that_nothing_is_counted(self->users, self->to[i]);
        check_that_nothing_is_counted(self->users, self->from[i]);
        link_row(self, self->to[i]);
        self->users->present[self->from[i]] = 0;
    }
    self->count = 0;
}

/* Rows first .. end - 1 without those that are free: the last go where the first are
 * missing. Returns where they end. */
static size_t fill(moves *self, size_t first, size_t end)
{
    const int32_t *present = self->users->present;

    for (size_t row = allostat_next_zero(present, first, end); row < end;
         row = allostat_next_zero(present, row + 1, end)) {
        note_free(self, row);
        while (end > row && !present[end - 1]) note_free(self, --end);
        if (end <= row) break;
        self->to[self->count] = (uint32_t)row;
        self->from[self->count++] = (uint32_t)--end;
        if (self->count == MOVES) copy_rows(self);
    }
    copy_rows(self);
    return end;
}

typedef struct {
    allostat_users *users;
    size_t kept, parts;
} ending;

static void end_columns(void *context, size_t part, size_t unused_first, size_t unused)
{
    const ending *self = context;
    const allostat_users *users = self->users;
    const size_t kept = self->kept, gone = users->row_count - kept;
    size_t column = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about)                     \
    if (column++ % self->parts == part) {                   \
        memset(users->name + kept, 0, gone * sizeof(type)); \
    }
#include "tables/users.def"
#undef COLUMN
}

/* Rows after the last are empty, for those who will come. */
static void end_rows(allostat_users *self, size_t kept)
{
    ending all = {self, kept, allostat_share_part_count(self->share)};

    allostat_share_parts(self->share, end_columns, &all);
    self->row_count = kept;
}

void allostat_users_compact(allostat_users *self, allostat_residents *residents)
{
    moves all = {.users = self, .residents = residents};

    self->street_count = fill(&all, 0, self->street_count);
    end_rows(self, fill(&all, self->street_count, self->row_count));
}

static void exchange_column(void *context, size_t column, size_t unused_first,
                            size_t unused)
{
    const moves *self = context;
    const allostat_row_moves rows = {self->to, self->from, self->count};
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COUNTED(name, type, unit, about)
#define COLUMN(name, type, unit, about) \
    if (at++ == column)                 \
        allostat_column_exchange_rows(self->users->name, sizeof(type), rows);
#include "tables/users.def"
#undef COLUMN
}

static void exchange_rows(moves *self)
{
    if (self->count > 0)
        allostat_share_pieces(self->users->share, COLUMNS, exchange_column, self);
    for (size_t i = 0; i < self->count; i++) {
        check_that_nothing_is_counted(self->users, self->to[i]);
        check_that_nothing_is_counted(self->users, self->from[i]);
        link_row(self, self->to[i]);
        link_row(self, self->from[i]);
    }
    self->count = 0;
}

/* Who belongs behind: whoever has one or the other. */
typedef struct {
    const int32_t *one, *other;
} behind;

/* Patients and users who have stopped for long. */
static behind who_live_by_month(const allostat_users *users)
{
    return (behind){users->rx_only, users->dormant};
}

static behind patients(const allostat_users *users)
{
    return (behind){users->rx_only, users->rx_only};
}

static bool is_behind(behind rows, size_t row)
{
    return (rows.one[row] | rows.other[row]) != 0;
}

/* The first of rows row .. end - 1 that belongs behind, else `end`; few do. */
static size_t next_behind(behind rows, size_t row, size_t end)
{
    enum { TOGETHER = 32 };

    while (row + TOGETHER <= end) {
        int32_t any = 0;
        for (size_t i = row; i < row + TOGETHER; i++)
            any |= rows.one[i] | rows.other[i];
        if (any != 0) break;
        row += TOGETHER;
    }
    while (row < end && !is_behind(rows, row)) row++;
    return row;
}

/* After the last of rows row .. end - 1 that does not belong behind, else `row`; few do
 * not. */
static size_t end_in_front(behind rows, size_t row, size_t end)
{
    enum { TOGETHER = 32 };

    while (row + TOGETHER <= end) {
        int32_t in_front = 0;
        for (size_t i = end - TOGETHER; i < end; i++)
            in_front |= (rows.one[i] | rows.other[i]) == 0;
        if (in_front != 0) break;
        end -= TOGETHER;
    }
    while (row < end && is_behind(rows, end - 1)) end--;
    return end;
}

/* From `front` on those who do not belong behind, then the others, of whom it returns
 * the first. */
static size_t part_rows(moves *all, size_t front, behind rows)
{
    size_t end = all->users->row_count;

    for (;;) {
        front = next_behind(rows, front, end);
        end = end_in_front(rows, front, end);
        if (front == end) break;
        all->to[all->count] = (uint32_t)front++;
        all->from[all->count++] = (uint32_t)--end;
        if (all->count == MOVES) exchange_rows(all);
    }
    exchange_rows(all);
    return front;
}

void allostat_users_part(allostat_users *self, allostat_residents *residents)
{
    moves all = {.users = self, .residents = residents};

    self->street_count = part_rows(&all, 0, who_live_by_month(self));
    (void)part_rows(&all, self->street_count, patients(self));
}

/* What links rows of users to their residents. */
typedef struct {
    const allostat_users *users;
    allostat_residents *residents;
} linking;

static void link_block(void *context, size_t block, size_t first, size_t count)
{
    const linking *self = context;

    (void)block;
    for (size_t row = first; row < first + count; row++)
        self->residents->user_row[self->users->person[row]] = (int32_t)row;
}

static void link_residents(const allostat_users *self, allostat_residents *residents)
{
    linking all = {self, residents};

    allostat_share_rows(self->share, self->row_count, link_block, &all);
}

static int32_t part_of(const allostat_users *users, size_t row)
{
    return is_behind(who_live_by_month(users), row) + is_behind(patients(users), row);
}

/* The rows in the order that is wanted. */
static void list_rows(const allostat_users *self, const allostat_residents *residents,
                      uint32_t *order)
{
    size_t listed = 0;

    for (int32_t part = 0; part < 3; part++) {
        for (size_t person = 0; person < residents->row_count; person++) {
            const int32_t row = residents->user_row[person];

            if (row < 0 || part_of(self, (size_t)row) != part) continue;
            order[listed++] = (uint32_t)row;
        }
    }
}

typedef struct {
    allostat_users *users;
    const uint32_t *order;
    char *scratch; /* a column of the largest type for each part */
    size_t parts;
} sorting;

static void sort_columns(void *context, size_t part, size_t unused_first, size_t unused)
{
    const sorting *self = context;
    const allostat_users *users = self->users;
    const uint32_t *order = self->order;
    const size_t rows = users->row_count;
    size_t column = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about)                                            \
    if (column++ % self->parts == part) {                                          \
        type *to = (void *)(self->scratch + part * rows * LARGEST_TYPE);           \
        for (size_t row = 0; row < rows; row++) to[row] = users->name[order[row]]; \
        memcpy(users->name, to, rows * sizeof(type));                              \
    }
#include "tables/users.def"
#undef COLUMN
}

allostat_status allostat_users_sort(allostat_users *self, allostat_residents *residents,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t rows = self->row_count;
    sorting all = {.users = self, .parts = allostat_share_part_count(self->share)};
    uint32_t *order = NULL;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&order, rows, sizeof *order, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&all.scratch, rows * all.parts,
                                          LARGEST_TYPE, error));
    list_rows(self, residents, order);
    all.order = order;
    allostat_share_parts(self->share, sort_columns, &all);
    link_residents(self, residents);
cleanup:
    allostat_column_free((void **)&order);
    allostat_column_free((void **)&all.scratch);
    return status;
}

size_t allostat_users_row_bytes(void) { return ALLOSTAT_USERS_ROW_BYTES; }

void allostat_users_keep_rows(const allostat_users *self, size_t first, size_t count,
                              allostat_kept_users *kept)
{
    unsigned char *at = kept->bytes;

    kept->first = first;
    kept->count = count;
#define COLUMN(name, type, unit, about)                   \
    memcpy(at, self->name + first, count * sizeof(type)); \
    at += count * sizeof(type);
#include "tables/users.def"
#undef COLUMN
}

void allostat_users_put_back(allostat_users *self, const allostat_kept_users *kept)
{
    const unsigned char *at = kept->bytes;

#define COLUMN(name, type, unit, about)                               \
    memcpy(self->name + kept->first, at, kept->count * sizeof(type)); \
    at += kept->count * sizeof(type);
#include "tables/users.def"
#undef COLUMN
}

enum { LIST_ROWS = 256 }; /* at a time */

ALLOSTAT_HOT
static void flag_rows(const int32_t *restrict one, const int32_t *restrict other,
                      size_t count, uint8_t *restrict flag)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) flag[i] = (uint8_t)((one[i] | other[i]) != 0);
}

size_t allostat_rows_with(const int32_t *one, const int32_t *other, size_t first,
                          size_t count, uint32_t *row)
{
    uint8_t flag[LIST_ROWS];
    size_t found = 0;

    for (size_t begin = first, rows; begin < first + count; begin += rows) {
        rows = first + count - begin;
        if (rows > LIST_ROWS) rows = LIST_ROWS;
        flag_rows(one + begin, other + begin, rows, flag);
        for (size_t i = allostat_next_flag(flag, 0, rows); i < rows;
             i = allostat_next_flag(flag, i + 1, rows))
            row[found++] = (uint32_t)(begin + i);
    }
    return found;
}
