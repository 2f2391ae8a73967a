/* Rows of users that live apart for some days.
 *
 * Users hardly touch each other within a month: only an overdose does, by its witness,
 * the kit that is used and the death that is seen. So blocks of the table live many
 * days at once, as if nobody overdosed. Then those who did live the same days again, as
 * they were before, apart and together, day by day, with what their overdoses change;
 * and so does who sees somebody die. At the end they go back to their rows.
 *
 * What others ask of a row on a day is answered here: of those apart by their row, of
 * the others by what was noted of the day. */
#ifndef ALLOSTAT_PEOPLE_APART_H
#define ALLOSTAT_PEOPLE_APART_H

#include "people/users.h"

/* Days that are lived at once, at most: one bit each. */
enum { ALLOSTAT_SPAN_DAYS_MAX = 31 };

typedef struct {
    allostat_users rows; /* those apart, in the order in which they came: no result may
                            depend on it; without columns MONTHLY */
    uint32_t *home;      /* [home_capacity] their rows in the users' table */
    size_t home_capacity;
    allostat_users before; /* the columns LIVED and COUNTED as the span found them */
    size_t street_count;   /* rows of the users' table that live by the day */
    size_t capacity;       /* of the next three columns */
    int32_t *place;      /* by row of the users' table: 1 + its row here; 0 none; before
                            allostat_apart_gather -1 for who has no room yet */
    uint32_t *active_on; /* by row of the users' table: bit d for day d of the span */
    uint32_t *inside_on; /* the same */
    bool counts_begin;   /* COUNTED is 0 before the span */
} allostat_apart;

void allostat_apart_free(allostat_apart *self);

/* Begin a span of all who live by the day; nobody is apart. `counts_begin` on the first
 * day of a month. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_apart_begin(allostat_apart *self,
                                                         const allostat_users *users,
                                                         bool counts_begin,
                                                         allostat_error *error);

/* Before rows first .. first + count - 1 live the span: keep them as they are. */
void allostat_apart_keep(allostat_apart *self, const allostat_users *users,
                         size_t first, size_t count);

/* What is noted of a day of rows first .. first + count - 1. */
typedef struct {
    size_t first, count;
    int32_t day;               /* of the span, 0 the first */
    const uint8_t *overdosed;  /* [count] flags */
    allostat_some_rows inside; /* all who may be, in detox or custody, and others */
} allostat_day_note;

void allostat_apart_note(allostat_apart *self, const allostat_users *users,
                         const allostat_day_note *note);

/* Rows first .. first + count - 1 have lived the span: those who overdosed come here as
 * they were before it, while there is room for them. */
void allostat_apart_take(allostat_apart *self, const allostat_users *users,
                         size_t first, size_t count);

/* All blocks have lived: those for whom there was no room come, too. Error: NO_MEMORY.
 */
ALLOSTAT_MUST_CHECK allostat_status allostat_apart_gather(allostat_apart *self,
                                                          const allostat_users *users,
                                                          allostat_error *error);

/* One more row of the users' table, as before the span; it is the last of the rows
 * here. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_apart_bring(allostat_apart *self,
                                                         const allostat_users *users,
                                                         uint32_t row,
                                                         allostat_error *error);

/* All go back to their rows, with what days write. */
void allostat_apart_return(const allostat_apart *self, allostat_users *users);

size_t allostat_apart_bytes(const allostat_apart *self);

/* Who looks at rows of users on a day of a span. Nobody is apart when `apart` is NULL:
 * then the rows are as they stand. */
typedef struct {
    const allostat_users *users;
    const allostat_apart *apart;
    int32_t day; /* of the span, 0 the first */
} allostat_whereabouts;

/* Is this row's state of the day that of the users' table? */
static inline bool allostat_stands(const allostat_whereabouts *self, int32_t row)
{
    return self->apart == NULL || (size_t)row >= self->apart->street_count;
}

static inline bool allostat_active_now(const allostat_whereabouts *self, int32_t row)
{
    if (allostat_stands(self, row)) return self->users->active[row] != 0;
    const int32_t place = self->apart->place[row];
    return place != 0 ? self->apart->rows.active[place - 1] != 0
                      : (self->apart->active_on[row] >> self->day & 1) != 0;
}

static inline bool allostat_inside_now(const allostat_whereabouts *self, int32_t row)
{
    if (allostat_stands(self, row)) return self->users->institution[row] != 0;
    const int32_t place = self->apart->place[row];
    return place != 0 ? self->apart->rows.institution[place - 1] != 0
                      : (self->apart->inside_on[row] >> self->day & 1) != 0;
}

#endif
