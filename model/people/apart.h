/* Rows of users that live apart for some days.
 *
 * Users hardly touch each other within a month: only an overdose does, by its witness
 * and the kit that is used; a death that is seen is felt next month. So blocks of the
 * table live many days at once, as if nobody overdosed where others have a part in it,
 * and who does is copied on the evening of the first day of that. Then, together and
 * day by day, those live on from there apart, with what their overdoses change. At the
 * end they go back to their rows. What others have no part in, blocks settle by
 * themselves, see engine/settled.h.
 *
 * What others ask of a row on a day is answered here: of those apart by their row, of
 * the others by what was noted of the day. */
#ifndef ALLOSTAT_PEOPLE_APART_H
#define ALLOSTAT_PEOPLE_APART_H

#include "people/users.h"

/* Days that are lived at once, at most: one bit each. */
enum { ALLOSTAT_SPAN_DAYS_MAX = 31 };

/* Evenings whose places are taken at once. */
enum { ALLOSTAT_EVENINGS_IN_BUNCH = 8 };

/* A row on the evening of its first overdose, before that is settled. */
typedef struct allostat_evening allostat_evening;

/* Whose, and on which day of the span. */
typedef struct {
    uint32_t row;
    int32_t day;
} allostat_first_overdose;

typedef struct {
    allostat_users rows; /* those apart: who overdosed first stands last, so that those
                            who have until some day stand together. No result depends
                            on the order of those of one day. Without columns MONTHLY */
    uint32_t *home;      /* [home_capacity] their rows in the users' table */
    uint32_t *evening;   /* [evening_capacity] their places in the next two columns */
    size_t home_capacity, evening_capacity;
    /* by the number of a day: the first row of those apart before that day begins; the
       other rows come on the evening of that day or later */
    size_t from[ALLOSTAT_SPAN_DAYS_MAX + 1];
    size_t street_count;        /* rows of the users' table that live by the day */
    size_t capacity;            /* of the next five columns */
    allostat_evening *evenings; /* in bunches, each of one block */
    allostat_first_overdose *first_overdose; /* of the same; of no day: none */
    size_t bunch_count, most_bunches;        /* of this span, of any so far */
    int32_t *place;      /* by row of the users' table: 1 + its row here; 0 none; before
                            allostat_apart_gather 1 for who has overdosed */
    uint32_t *active_on; /* by row of the users' table: bit d for day d of the span */
    uint32_t *inside_on; /* the same */
} allostat_apart;

void allostat_apart_free(allostat_apart *self);

/* Begin a span of all who live by the day; nobody is apart. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_apart_begin(allostat_apart *self,
                                                         const allostat_users *users,
                                                         allostat_error *error);

/* Before rows first .. first + count - 1 live the span: nothing is noted of them. But
 * of the last rows, `count` is a multiple of ALLOSTAT_EVENINGS_IN_BUNCH. */
void allostat_apart_open(allostat_apart *self, size_t first, size_t count);

/* Places for evenings of the rows of a block that they have not filled yet; zeroed
 * before its first day. */
typedef struct {
    allostat_share_bunch bunch;
    size_t in_reserve; /* for rows that are not apart unless others make them */
} allostat_evening_places;

/* What is noted of a day of rows first .. first + count - 1. */
typedef struct {
    size_t first, count;
    int32_t day;               /* of the span, 0 the first */
    allostat_some_rows inside; /* all who may be, in detox or custody, and others */
} allostat_day_note;

/* They have lived the day, and no overdose is settled. */
void allostat_apart_note(allostat_apart *self, const allostat_users *users,
                         const allostat_day_note *note);

/* Some of them have overdosed: who does for the first time is copied. */
void allostat_apart_keep(allostat_apart *self, const allostat_users *users,
                         allostat_some_rows overdosed, int32_t day,
                         allostat_evening_places *places);

/* Who used on a day and stopped in its evening, and is not apart: from now on others
 * see that. */
static inline void allostat_apart_stop(allostat_apart *self, size_t row, int32_t day)
{
    self->active_on[row] &= ~((uint32_t)1 << day);
}

/* A row of a block of `count` rows that is not apart is copied, and lives on where it
 * is. Returns the place of the copy; ALLOSTAT_NO_EVENING: the block has had as many as
 * it has rows. */
#define ALLOSTAT_NO_EVENING SIZE_MAX
size_t allostat_apart_keep_in_reserve(allostat_apart *self, const allostat_users *users,
                                      size_t row, size_t count,
                                      allostat_evening_places *places);

/* All blocks have lived: those who overdosed stand in order, each as on the evening of
 * its day. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_apart_gather(allostat_apart *self,
                                                          const allostat_users *users,
                                                          allostat_error *error);

/* A row lived on where it is, but should not have: it is apart since the evening that
 * is in reserve at a place. Where it was apart since a later day, it is no more (see
 * allostat_apart_holds). Returns the row of those apart. */
size_t allostat_apart_recall(allostat_apart *self, size_t row, size_t place);

/* Is this one of those apart the row of who has it? */
static inline bool allostat_apart_holds(const allostat_apart *self, size_t row)
{
    return (size_t)self->place[self->home[row]] == row + 1;
}

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

/* Has a row of the users' table left it until the evening of a day? Then it is as its
 * row here says. */
static inline bool allostat_is_apart(const allostat_apart *self, size_t row,
                                     int32_t day)
{
    return (size_t)self->place[row] > self->from[day + 1];
}

static inline bool allostat_active_now(const allostat_whereabouts *self, int32_t row)
{
    if (allostat_stands(self, row)) return self->users->active[row] != 0;
    const allostat_apart *apart = self->apart;
    return allostat_is_apart(apart, (size_t)row, self->day)
               ? apart->rows.active[apart->place[row] - 1] != 0
               : (apart->active_on[row] >> self->day & 1) != 0;
}

static inline bool allostat_inside_now(const allostat_whereabouts *self, int32_t row)
{
    if (allostat_stands(self, row)) return self->users->institution[row] != 0;
    const allostat_apart *apart = self->apart;
    return allostat_is_apart(apart, (size_t)row, self->day)
               ? apart->rows.institution[apart->place[row] - 1] != 0
               : (apart->inside_on[row] >> self->day & 1) != 0;
}

#endif
