#include "people/users.h"

#include "base/columns.h"

#include <string.h>

/* A union of all columns' types is as large as the largest. */
typedef union {
#define COLUMN(name, type, unit, about) type name;
#include "tables/users.def"
#undef COLUMN
} any_column;

enum { LEAST_CAPACITY = 1024, LARGEST_TYPE = (int)sizeof(any_column) };

allostat_status allostat_users_init(allostat_users *self, size_t row_capacity,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    memset(self, 0, sizeof *self);
    if (row_capacity < LEAST_CAPACITY) row_capacity = LEAST_CAPACITY;
#define COLUMN(name, type, unit, about)                                       \
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->name, row_capacity, \
                                          sizeof(type), error));
#include "tables/users.def"
#undef COLUMN
    self->row_capacity = row_capacity;
cleanup:
    return status;
}

void allostat_users_free(allostat_users *self)
{
#define COLUMN(name, type, unit, about) allostat_column_free((void **)&self->name);
#include "tables/users.def"
#undef COLUMN
    memset(self, 0, sizeof *self);
}

/* A column that has grown before another failed is longer than the capacity says:
 * harmless. */
static allostat_status grow(allostat_users *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t more = self->row_capacity + self->row_capacity / 2;

#define COLUMN(name, type, unit, about)                                               \
    ALLOSTAT_TRY(allostat_column_grow((void **)&self->name, self->row_capacity, more, \
                                      sizeof(type), error));
#include "tables/users.def"
#undef COLUMN
    self->row_capacity = more;
cleanup:
    return status;
}

allostat_status allostat_users_append(allostat_users *self,
                                      allostat_residents *residents, uint32_t person,
                                      size_t *row, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (self->row_count == self->row_capacity) ALLOSTAT_TRY(grow(self, error));
    const size_t i = self->row_count++;
#define COLUMN(name, type, unit, about) memset(&self->name[i], 0, sizeof(type));
#include "tables/users.def"
#undef COLUMN
    self->person[i] = person;
    self->number[i] = residents->number[person];
    self->present[i] = 1;
    self->avoidance[i] = residents->attachment_avoidance[person];
    self->stress[i] = residents->stress[person];
    self->allostatic_load[i] = residents->allostatic_load[person];
    self->oxytocin[i] = residents->oxytocin[person];
    self->connection[i] = residents->connection[person];
    self->pain[i] = residents->pain[person];
    self->assistance[i] = residents->assistance[person];
    residents->user_row[person] = (int32_t)i;
    *row = i;
cleanup:
    return status;
}

/* The columns one after the other, for work that is the same for each. */
static const struct {
    size_t at, bytes; /* of the pointer in allostat_users, and of a row */
} columns[] = {
#define COLUMN(name, type, unit, about) {offsetof(allostat_users, name), sizeof(type)},
#include "tables/users.def"
#undef COLUMN
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static char *column_of(const allostat_users *self, size_t column)
{
    char *rows;

    memcpy(&rows, (const char *)self + columns[column].at, sizeof rows);
    return rows;
}

/* Runs of rows that stay, and where they go: few enough for the stack, and enough for
 * nearly every month. */
enum { RUNS = 512 };

typedef struct {
    const allostat_users *users;
    size_t count;
    struct {
        size_t to, from, rows;
    } run[RUNS];
} moves;

/* Column by column, and in long pieces: sixty columns at once would be more streams
 * than a processor follows. */
static void move_column(void *context, size_t column, size_t unused_first,
                        size_t unused)
{
    const moves *self = context;
    const size_t bytes = columns[column].bytes;
    char *rows = column_of(self->users, column);

    (void)unused_first, (void)unused;
    for (size_t i = 0; i < self->count; i++)
        memmove(rows + self->run[i].to * bytes, rows + self->run[i].from * bytes,
                self->run[i].rows * bytes);
}

static size_t next_present(const allostat_users *self, size_t row, int32_t present)
{
    while (row < self->row_count && self->present[row] != present) row++;
    return row;
}

/* Lists the runs of those who stay from row `done` on; returns where it ended. */
static size_t list_runs(moves *self, allostat_residents *residents, size_t done,
                        size_t *kept)
{
    const allostat_users *users = self->users;

    self->count = 0;
    while (done < users->row_count && self->count < RUNS) {
        const size_t first = next_present(users, done, 1);
        const size_t end = next_present(users, first, 0);

        for (size_t row = done; row < first; row++)
            residents->user_row[users->person[row]] = -1;
        if (*kept != first && end > first) {
            self->run[self->count].to = *kept;
            self->run[self->count].from = first;
            self->run[self->count++].rows = end - first;
        }
        *kept += end - first;
        done = end;
    }
    return done;
}

/* What links rows of users to their residents. */
typedef struct {
    const allostat_users *users;
    allostat_residents *residents;
    size_t first; /* row */
} linking;

static void link_block(void *context, size_t block, size_t first, size_t count)
{
    const linking *self = context;
    const size_t begin = self->first + first;

    (void)block;
    for (size_t row = begin; row < begin + count; row++)
        self->residents->user_row[self->users->person[row]] = (int32_t)row;
}

static void link_residents(const allostat_users *self, allostat_residents *residents,
                           size_t first)
{
    linking all = {self, residents, first};

    allostat_share_rows(self->share, self->row_count - first, link_block, &all);
}

void allostat_users_compact(allostat_users *self, allostat_residents *residents)
{
    const size_t first_gone = next_present(self, 0, 0);
    size_t kept = 0, done = 0;
    moves all = {.users = self};

    while (done < self->row_count) {
        done = list_runs(&all, residents, done, &kept);
        if (all.count > 0)
            allostat_share_pieces(self->share, COLUMNS, move_column, &all);
    }
    self->row_count = kept;
    if (first_gone < kept) link_residents(self, residents, first_gone);
}

static void exchange_rows(allostat_users *self, allostat_residents *residents, size_t a,
                          size_t b)
{
#define COLUMN(name, type, unit, about)  \
    do {                                 \
        const type kept = self->name[a]; \
        self->name[a] = self->name[b];   \
        self->name[b] = kept;            \
    } while (0);
#include "tables/users.def"
#undef COLUMN
    residents->user_row[self->person[a]] = (int32_t)a;
    residents->user_row[self->person[b]] = (int32_t)b;
}

void allostat_users_part(allostat_users *self, allostat_residents *residents)
{
    size_t front = 0, end = self->row_count;

    for (;;) {
        while (front < end && !allostat_lives_by_month(self, front)) front++;
        while (front < end && allostat_lives_by_month(self, end - 1)) end--;
        if (front == end) break;
        exchange_rows(self, residents, front, end - 1);
    }
    self->street_count = front;
}

/* The rows in the order that is wanted. */
static void list_rows(const allostat_users *self, const allostat_residents *residents,
                      uint32_t *order)
{
    size_t listed = 0;

    for (int32_t by_month = 0; by_month < 2; by_month++) {
        for (size_t person = 0; person < residents->row_count; person++) {
            const int32_t row = residents->user_row[person];

            if (row < 0 || allostat_lives_by_month(self, (size_t)row) != by_month)
                continue;
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
    link_residents(self, residents, 0);
cleanup:
    allostat_column_free((void **)&order);
    allostat_column_free((void **)&all.scratch);
    return status;
}

size_t allostat_users_row_bytes(void)
{
    return 0
#define COLUMN(name, type, unit, about) +sizeof(type)
#include "tables/users.def"
#undef COLUMN
        ;
}
