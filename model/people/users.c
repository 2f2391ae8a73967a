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

/* Rows that stay, one after the other, and where they go. */
typedef struct {
    size_t to, from, count;
} run;

static size_t next_present(const allostat_users *self, size_t row, int32_t present)
{
    while (row < self->row_count && self->present[row] != present) row++;
    return row;
}

/* The next runs that move, at most `most`, from row *done on; *kept rows stay in front
 * of them. The people between them have no row any more. */
static size_t find_runs(const allostat_users *self, allostat_residents *residents,
                        size_t *done, size_t *kept, run *runs, size_t most)
{
    size_t found = 0;

    while (found < most && *done < self->row_count) {
        const size_t first = next_present(self, *done, 1);
        const size_t end = next_present(self, first, 0);

        for (size_t row = *done; row < first; row++)
            residents->user_row[self->person[row]] = -1;
        if (*kept != first && end > first)
            runs[found++] = (run){*kept, first, end - first};
        *kept += end - first;
        *done = end;
    }
    return found;
}

/* Column by column, all runs of one: a column fits the second cache, a hundred at once
 * do not, and would be more streams than a processor follows. */
static void move_runs(allostat_users *self, const run *runs, size_t count)
{
#define COLUMN(name, type, unit, about)                             \
    for (size_t i = 0; i < count; i++)                              \
        memmove(self->name + runs[i].to, self->name + runs[i].from, \
                runs[i].count * sizeof(type));
#include "tables/users.def"
#undef COLUMN
}

void allostat_users_compact(allostat_users *self, allostat_residents *residents)
{
    enum { RUNS = 1024 };
    size_t kept = 0, done = 0;
    run runs[RUNS];

    while (done < self->row_count) {
        const size_t count = find_runs(self, residents, &done, &kept, runs, RUNS);

        move_runs(self, runs, count);
        if (count == 0) continue;
        for (size_t row = runs[0].to; row < kept; row++)
            residents->user_row[self->person[row]] = (int32_t)row;
    }
    self->row_count = kept;
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
        while (front < end && !self->rx_only[front]) front++;
        while (front < end && self->rx_only[end - 1]) end--;
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

    for (int32_t patients = 0; patients < 2; patients++) {
        for (size_t person = 0; person < residents->row_count; person++) {
            const int32_t row = residents->user_row[person];

            if (row < 0 || (self->rx_only[row] != 0) != patients) continue;
            order[listed++] = (uint32_t)row;
        }
    }
}

allostat_status allostat_users_sort(allostat_users *self, allostat_residents *residents,
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t rows = self->row_count;
    uint32_t *order = NULL;
    void *sorted = NULL;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&order, rows, sizeof *order, error));
    ALLOSTAT_TRY(allostat_column_allocate(&sorted, rows, LARGEST_TYPE, error));
    list_rows(self, residents, order);
#define COLUMN(name, type, unit, about)                                           \
    do {                                                                          \
        type *to = sorted;                                                        \
        for (size_t row = 0; row < rows; row++) to[row] = self->name[order[row]]; \
        memcpy(self->name, to, rows * sizeof(type));                              \
    } while (0);
#include "tables/users.def"
#undef COLUMN
    for (size_t row = 0; row < rows; row++)
        residents->user_row[self->person[row]] = (int32_t)row;
cleanup:
    allostat_column_free((void **)&order);
    allostat_column_free(&sorted);
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
