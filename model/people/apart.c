#include "people/apart.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

enum { BUNCH = ALLOSTAT_EVENINGS_IN_BUNCH, NO_DAY = -1 };

struct allostat_evening {
#define MONTHLY(name, type, unit, about)
#define COLUMN(name, type, unit, about) type name;
#include "tables/users.def"
#undef COLUMN
};

void allostat_apart_free(allostat_apart *self)
{
    allostat_users_free(&self->rows);
    allostat_column_free((void **)&self->home);
    allostat_column_free((void **)&self->evening);
    allostat_column_free((void **)&self->evenings);
    allostat_column_free((void **)&self->first_overdose);
    allostat_column_free((void **)&self->place);
    allostat_column_free((void **)&self->active_on);
    allostat_column_free((void **)&self->inside_on);
    memset(self, 0, sizeof *self);
}

/* Everybody may overdose: of the evenings only those that are filled take memory. Notes
 * of the last span are of no use: nothing is copied. */
static allostat_status reserve_notes(allostat_apart *self, size_t rows,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const struct {
        void **column;
        size_t row_size;
    } note[] = {{(void **)&self->place, sizeof *self->place},
                {(void **)&self->active_on, sizeof *self->active_on},
                {(void **)&self->inside_on, sizeof *self->inside_on},
                {(void **)&self->evenings, sizeof *self->evenings},
                {(void **)&self->first_overdose, sizeof *self->first_overdose}};

    rows = 2 * rows + BUNCH; /* one evening of each may be in reserve */
    if (rows <= self->capacity) return ALLOSTAT_OK;
    rows += rows / 8; /* they grow from month to month */
    self->capacity = 0;
    for (size_t i = 0; i < sizeof note / sizeof note[0]; i++) {
        allostat_column_free(note[i].column);
        ALLOSTAT_TRY(
            allostat_column_allocate(note[i].column, rows, note[i].row_size, error));
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
    ALLOSTAT_TRY(allostat_column_reserve((void **)&self->evening,
                                         &self->evening_capacity, rows,
                                         sizeof *self->evening, error));
    ALLOSTAT_TRY(allostat_users_reserve(&self->rows, rows, error));
cleanup:
    return status;
}

allostat_status allostat_apart_begin(allostat_apart *self, const allostat_users *users,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t rows = users->street_count;

    ALLOSTAT_TRY(reserve_notes(self, rows, error));
    self->street_count = rows;
    self->rows.row_count = self->bunch_count = 0;
cleanup:
    return status;
}

void allostat_apart_open(allostat_apart *self, size_t first, size_t count)
{
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

static void note_inside(const int32_t *restrict institution, allostat_some_rows inside,
                        int32_t day, uint32_t *restrict days)
{
    for (size_t i = 0; i < inside.count; i++) {
        const uint32_t row = inside.row[i];

        days[row] |= (uint32_t)(institution[row] != 0) << day;
    }
}

/* Those of a bunch that nobody fills are of no day. */
static size_t next_place(allostat_apart *self, allostat_evening_places *places)
{
    allostat_share_bunch *bunch = &places->bunch;

    if (allostat_share_refill(bunch, &self->bunch_count, BUNCH))
        for (size_t at = bunch->next; at < bunch->end; at++)
            self->first_overdose[at].day = NO_DAY;
    return bunch->next++;
}

/* Its columns are in the cache on this evening. */
static void keep_evening(allostat_apart *self, const allostat_users *users, size_t row,
                         size_t at)
{
    self->evenings[at] = (allostat_evening){
#define MONTHLY(name, type, unit, about)
#define COLUMN(name, type, unit, about) .name = users->name[row],
#include "tables/users.def"
#undef COLUMN
    };
}

void allostat_apart_note(allostat_apart *self, const allostat_users *users,
                         const allostat_day_note *note)
{
    const size_t first = note->first;

    note_active(users->active + first, note->count, note->day, self->active_on + first);
    note_inside(users->institution, note->inside, note->day, self->inside_on);
}

void allostat_apart_keep(allostat_apart *self, const allostat_users *users,
                         allostat_some_rows overdosed, int32_t day,
                         allostat_evening_places *places)
{
    for (size_t i = 0; i < overdosed.count; i++) {
        const uint32_t row = overdosed.row[i];

        if (self->place[row] != 0) continue;
        const size_t at = next_place(self, places);
        self->place[row] = 1;
        self->first_overdose[at] = (allostat_first_overdose){row, day};
        keep_evening(self, users, row, at);
    }
}

size_t allostat_apart_keep_in_reserve(allostat_apart *self, const allostat_users *users,
                                      size_t row, size_t count,
                                      allostat_evening_places *places)
{
    size_t at;

    if (places->in_reserve == count) return ALLOSTAT_NO_EVENING;
    places->in_reserve++;
    at = next_place(self, places);
    keep_evening(self, users, row, at);
    return at;
}

/* By day of the span; returns how many there were on all days. */
static size_t count_evenings(const allostat_apart *self, size_t *of_day)
{
    size_t count = 0;

    for (size_t i = 0; i < self->bunch_count * BUNCH; i++) {
        const int32_t day = self->first_overdose[i].day;

        if (day == NO_DAY) continue;
        of_day[day]++;
        count++;
    }
    return count;
}

/* Whose evening was on which day, the last day first. */
static void order_evenings(allostat_apart *self, size_t count, size_t *of_day)
{
    self->from[0] = count;
    for (int32_t day = 0; day < ALLOSTAT_SPAN_DAYS_MAX; day++) {
        self->from[day + 1] = self->from[day] - of_day[day];
        of_day[day] = self->from[day + 1];
    }
    for (size_t i = 0; i < self->bunch_count * BUNCH; i++) {
        const allostat_first_overdose *first = &self->first_overdose[i];

        if (first->day == NO_DAY) continue;
        const size_t at = of_day[first->day]++;

        self->home[at] = first->row;
        self->evening[at] = (uint32_t)i;
    }
}

enum { GATHERED = 64 }; /* rows at a time: their evenings stay in the first cache */

/* Rows of those apart as they were on their evening. */
static void gather_rows(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const allostat_apart *apart = context;
    const allostat_users *rows = &apart->rows;
    const allostat_evening *evenings = apart->evenings;
    const uint32_t *evening = apart->evening;
    const size_t first = piece * GATHERED, last = first + GATHERED;
    const size_t end = last < rows->row_count ? last : rows->row_count;

    (void)unused_first, (void)unused;
    for (size_t i = first; i < end; i++) apart->place[apart->home[i]] = (int32_t)i + 1;
#define MONTHLY(name, type, unit, about)
#define COLUMN(name, type, unit, about) \
    for (size_t i = first; i < end; i++) rows->name[i] = evenings[evening[i]].name;
#include "tables/users.def"
#undef COLUMN
}

allostat_status allostat_apart_gather(allostat_apart *self, const allostat_users *users,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    size_t of_day[ALLOSTAT_SPAN_DAYS_MAX] = {0};
    const size_t count = count_evenings(self, of_day);

    if (self->bunch_count > self->most_bunches) self->most_bunches = self->bunch_count;
    ALLOSTAT_TRY(reserve_rows(self, self->bunch_count * BUNCH, error));
    order_evenings(self, count, of_day);
    self->rows.row_count = count;
    allostat_share_pieces(users->share, (count + GATHERED - 1) / GATHERED, gather_rows,
                          self);
cleanup:
    return status;
}

size_t allostat_apart_recall(allostat_apart *self, size_t row, size_t place)
{
    const allostat_users *rows = &self->rows;
    const allostat_evening *evening = &self->evenings[place];
    const size_t last = self->rows.row_count++;

    self->home[last] = (uint32_t)row;
    self->place[row] = (int32_t)last + 1;
#define MONTHLY(name, type, unit, about)
#define COLUMN(name, type, unit, about) rows->name[last] = evening->name;
#include "tables/users.def"
#undef COLUMN
    return last;
}

typedef struct {
    const allostat_apart *apart;
    allostat_users *users;
} returning;

/* Who was called back stands behind where they were apart since a later day. */
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
#include "tables/users.def"
#undef COLUMN
}

enum {
    WRITTEN_COLUMNS = 0
#define COLUMN(name, type, unit, about)
#define LIVED(name, type, unit, about) +1
#define COUNTED LIVED
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
           self->evening_capacity * sizeof *self->evening +
           self->most_bunches * BUNCH *
               (sizeof *self->evenings + sizeof *self->first_overdose) +
           self->capacity * (sizeof *self->place + sizeof *self->active_on +
                             sizeof *self->inside_on);
}
