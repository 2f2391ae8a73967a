/* Users' rows put in order: see users.h. */
#include "base/columns.h"
#include "base/hot.h"
#include "base/marks.h"
#include "people/users.h"

#include <assert.h>
#include <string.h>

/* A union of all columns' types is as large as the largest. */
typedef union {
#define COLUMN(name, type, unit, about) type name;
#include "tables/users.def"
#undef COLUMN
} any_column;

enum { LARGEST_TYPE = (int)sizeof(any_column), WORD = ALLOSTAT_MARKS_WORD };

/* ---- what is noted --------------------------------------------------------------- */

/* Bits of whole words of rows: is either of two columns not 0? */
ALLOSTAT_HOT
static void note_words(const int32_t *restrict one, const int32_t *restrict other,
                       size_t words, uint64_t *restrict bits)
{
    enum { HALF = WORD / 2 };

    for (size_t word = 0; word < words; word++, one += WORD, other += WORD) {
        uint32_t low = 0, high = 0;

        for (uint32_t i = 0; i < HALF; i++) {
            low |= (uint32_t)((one[i] | other[i]) != 0) << i;
            high |= (uint32_t)((one[HALF + i] | other[HALF + i]) != 0) << i;
        }
        bits[word] = (uint64_t)high << HALF | low;
    }
}

static void note(const int32_t *one, const int32_t *other, size_t first, size_t count,
                 uint64_t *bits)
{
    const size_t words = count / WORD;

    assert(first % WORD == 0);
    note_words(one + first, other + first, words, bits + first / WORD);
    for (size_t row = first + words * WORD; row < first + count; row++) {
        const uint64_t bit = (one[row] | other[row]) != 0;
        uint64_t *word = &bits[row / WORD];

        *word = (row % WORD == 0 ? 0 : *word) | bit << row % WORD;
    }
}

void allostat_users_note_present(const allostat_users *self, size_t first, size_t count)
{
    note(self->present, self->present, first, count, self->present_bits);
}

/* Behind belong patients and users who have stopped for long. */
void allostat_users_note_sides(const allostat_users *self, size_t first, size_t count)
{
    note(self->rx_only, self->dormant, first, count, self->behind_bits);
    note(self->rx_only, self->rx_only, first, count, self->patient_bits);
}

static bool is_noted(const uint64_t *bits, size_t row)
{
    return (bits[row / WORD] >> row % WORD & 1) != 0;
}

/* The first of rows row .. end - 1 of which it is noted or, where all bits of `flip`
 * are set, is not; else `end`. Few are. */
static size_t next_noted(const uint64_t *bits, uint64_t flip, size_t row, size_t end)
{
    while (row < end) {
        const uint64_t word = (bits[row / WORD] ^ flip) >> row % WORD;

        if (word != 0) {
            row += allostat_lowest_bit(word);
            return row < end ? row : end;
        }
        row += WORD - row % WORD;
    }
    return end;
}

/* After the last of rows row .. end - 1 of which it is not noted, else `row`; few are.
 */
static size_t end_of_not_noted(const uint64_t *bits, size_t row, size_t end)
{
    while (end > row) {
        const size_t last = (end - 1) % WORD;
        const uint64_t word = ~bits[(end - 1) / WORD] << (WORD - 1 - last);

        if (word != 0) {
            end -= WORD - 1 - allostat_highest_bit(word);
            return end > row ? end : row;
        }
        end -= last + 1;
    }
    return row;
}

static void exchange_bits(uint64_t *bits, size_t row, size_t other)
{
    if (is_noted(bits, row) == is_noted(bits, other)) return;
    bits[row / WORD] ^= (uint64_t)1 << row % WORD;
    bits[other / WORD] ^= (uint64_t)1 << other % WORD;
}

/* ---- rows go to other rows ------------------------------------------------------- */

/* Without what is counted on days, of which there is nothing in the first hours of a
 * month. The order of users.def. */
#define COUNTED(name, type, unit, about)
#define COLUMN(name, type, unit, about) COLUMN_##name,
enum {
#include "tables/users.def"
    COLUMNS
};
#undef COLUMN

_Static_assert(COLUMN_person == 0, "the piece that also links takes longest: first");

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

/* As many at once as fit the stack, and nearly every month there are no more. */
enum { MOVES = 1024 };

typedef struct {
    allostat_users *users;
    allostat_residents *residents;
    size_t kept; /* rows from here on are empty after the moves */
    size_t count, free_count;
    uint32_t to[MOVES], from[MOVES];
    uint32_t free[MOVES]; /* rows that were found to be free */
} moves;

static void begin(moves *self, allostat_users *users, allostat_residents *residents)
{
    self->users = users;
    self->residents = residents;
    self->kept = users->row_count;
    self->count = self->free_count = 0;
}

static void list_move(moves *self, size_t to, size_t from)
{
    check_that_nothing_is_counted(self->users, to);
    check_that_nothing_is_counted(self->users, from);
    self->to[self->count] = (uint32_t)to;
    self->from[self->count++] = (uint32_t)from;
}

static void link_rows(const moves *self, const uint32_t *row)
{
    for (size_t i = 0; i < self->count; i++)
        self->residents->user_row[self->users->person[row[i]]] = (int32_t)row[i];
}

/* Free rows are no longer those of the people who had them; who has gone to another is
 * linked to it later. No branch, and many at once: what is looked at stands anywhere.
 */
static void unlink_rows(const moves *self)
{
    for (size_t i = 0; i < self->free_count; i++) {
        const uint32_t row = self->free[i];
        int32_t *linked = &self->residents->user_row[self->users->person[row]];

        *linked = *linked == (int32_t)row ? -1 : *linked;
    }
}

static void note_free(moves *self, size_t row)
{
    self->free[self->free_count++] = (uint32_t)row;
    if (self->free_count < MOVES) return;
    unlink_rows(self);
    self->free_count = 0;
}

static allostat_row_moves moves_of(const moves *self)
{
    return (allostat_row_moves){self->to, self->from, self->count};
}

static void end_column(const moves *self, void *column, size_t row_size)
{
    memset((char *)column + self->kept * row_size, 0,
           (self->users->row_count - self->kept) * row_size);
}

/* What is counted has rows that end, and no other moves. */
static void end_counted(const moves *self)
{
    (void)self;
#define COUNTED(name, type, unit, about) \
    end_column(self, self->users->name, sizeof(type));
#define COLUMN(name, type, unit, about)
#include "tables/users.def"
#undef COLUMN
}

/* Column by column: a hundred columns at once would be more streams than a processor
 * follows. Who is present is known before. */
static void copy_column(void *context, size_t column, size_t unused_first,
                        size_t unused)
{
    const moves *self = context;

    (void)unused_first, (void)unused;
    if (column == COLUMNS) end_counted(self);
    if (column == COLUMN_person) unlink_rows(self);
#define COUNTED(name, type, unit, about)
#define COLUMN(name, type, unit, about)                                \
    if (column == COLUMN_##name) {                                     \
        if (column != COLUMN_present)                                  \
            allostat_column_copy_rows(self->users->name, sizeof(type), \
                                      moves_of(self));                 \
        if (column == COLUMN_person) link_rows(self, self->to);        \
        end_column(self, self->users->name, sizeof(type));             \
    }
#include "tables/users.def"
#undef COLUMN
}

/* Copies go to rows that are free, and leave free rows, which others may fill. */
static void copy_rows(moves *self)
{
    allostat_share_pieces(self->users->share, COLUMNS + 1, copy_column, self);
    self->count = self->free_count = 0;
}

/* Rows first .. end - 1 without those that are free: the last go where the first are
 * missing. Returns where they end. */
static size_t fill(moves *self, size_t first, size_t end)
{
    const allostat_users *users = self->users;
    uint64_t *bits = users->present_bits;

    for (size_t row = next_noted(bits, UINT64_MAX, first, end); row < end;
         row = next_noted(bits, UINT64_MAX, row + 1, end)) {
        note_free(self, row);
        while (end > row && !is_noted(bits, end - 1)) note_free(self, --end);
        if (end <= row) break;
        list_move(self, row, --end);
        exchange_bits(bits, row, end);
        users->present[row] = 1;
        users->present[end] = 0;
        if (self->count == MOVES) copy_rows(self);
    }
    return end;
}

void allostat_users_compact(allostat_users *self, allostat_residents *residents)
{
    moves all;

    begin(&all, self, residents);
    self->street_count = fill(&all, 0, self->street_count);
    all.kept = fill(&all, self->street_count, self->row_count);
    if (all.kept < self->row_count) copy_rows(&all);
    self->row_count = all.kept;
}

static void exchange_column(void *context, size_t column, size_t unused_first,
                            size_t unused)
{
    const moves *self = context;

    (void)unused_first, (void)unused;
#define COUNTED(name, type, unit, about)
#define COLUMN(name, type, unit, about) \
    if (column == COLUMN_##name)        \
        allostat_column_exchange_rows(self->users->name, sizeof(type), moves_of(self));
#include "tables/users.def"
#undef COLUMN
    if (column != COLUMN_person) return;
    link_rows(self, self->to);
    link_rows(self, self->from);
}

static void exchange_rows(moves *self)
{
    if (self->count > 0)
        allostat_share_pieces(self->users->share, COLUMNS, exchange_column, self);
    self->count = 0;
}

/* From `front` on those of whom it is not noted, then the others, of whom it returns
 * the first. What else is noted goes with the rows. */
static size_t part_rows(moves *self, size_t front, const uint64_t *bits,
                        uint64_t *others)
{
    size_t end = self->users->row_count;

    for (;;) {
        front = next_noted(bits, 0, front, end);
        end = end_of_not_noted(bits, front, end);
        if (front == end) break;
        if (others != NULL) exchange_bits(others, front, end - 1);
        list_move(self, front++, --end);
        if (self->count == MOVES) exchange_rows(self);
    }
    return front;
}

void allostat_users_part(allostat_users *self, allostat_residents *residents)
{
    moves all;

    begin(&all, self, residents);
    self->street_count = part_rows(&all, 0, self->behind_bits, self->patient_bits);
    (void)part_rows(&all, self->street_count, self->patient_bits, NULL);
    exchange_rows(&all);
}

/* ---- rows in the order of residents' --------------------------------------------- */

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
    return ((users->rx_only[row] | users->dormant[row]) != 0) +
           (users->rx_only[row] != 0);
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
