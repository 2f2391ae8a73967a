#include "people/forgetting.h"

#include "base/columns.h"
#include "base/hot.h"

#include <string.h>

/* Rows from one place to another. */
typedef struct {
    uint32_t *to, *from;
    size_t count, most; /* as many as there is room for */
} move_list;

/* Blocks have their turn in the same month when their numbers leave the same remainder,
 * whatever the length of a turn. */
enum { ROWS = ALLOSTAT_SHARE_ROWS, REMAINDERS = ALLOSTAT_MONTHS_A_YEAR };

/* The blocks of one remainder. */
typedef struct {
    int64_t found[ALLOSTAT_RESIDENT_STATUS_COUNT]; /* people */
    size_t gap_count, first_gap; /* before the last row that is kept, in the list */
    size_t filled;               /* of its gaps */
    size_t first, before;        /* rows from `before` on, of this block, are taken */
} twelfth;

/* Where people go. When rows are closed up: `way` has the difference of rows, modulo
 * 2^32, under the old row plus 1; none under an empty slot. When rows change places,
 * few move: they and all behind the rows that are kept are marked, and `way` is a list
 * of theirs, in order of old rows, of new rows plus 1. */
typedef struct {
    allostat_residents *residents;
    allostat_users *users;
    uint32_t *way;
    size_t rows, rows_kept, first_gone;
    twelfth twelfth[REMAINDERS];
    uint8_t *kept; /* [rows]: when rows are closed up */
    /* when rows change places */
    uint32_t *moved;  /* bits, under the old row plus 1 */
    uint32_t *before; /* how many are marked before each of these words */
    uint32_t *guest;  /* who is in a row in front or behind: the difference of rows */
    move_list exchanges, fillings;
    move_list moves; /* of who changes places; who does so twice stands there twice */
} moves;

#define COLUMN(name, type, unit, about) +1
enum {
    COLUMNS = 0
#include "tables/residents.def"
};
#undef COLUMN

enum { WORD_BITS = 32 };

static void free_list(move_list *list)
{
    allostat_column_free((void **)&list->to);
    allostat_column_free((void **)&list->from);
}

static void finish(moves *self)
{
    allostat_column_free((void **)&self->way);
    allostat_column_free((void **)&self->moved);
    allostat_column_free((void **)&self->kept);
    allostat_column_free((void **)&self->guest);
    free_list(&self->exchanges);
    free_list(&self->fillings);
    free_list(&self->moves);
}

/* The first row from `row` on, before `end`, of somebody who has left. */
static size_t next_gone(const moves *self, size_t row, size_t end)
{
    const uint8_t *how = self->residents->status;
    uint8_t present[sizeof(uint64_t)];
    uint64_t everybody, eight;

    memset(present, ALLOSTAT_RESIDENT_present, sizeof present);
    memcpy(&everybody, present, sizeof everybody);
    for (; row + sizeof eight <= end; row += sizeof eight) {
        memcpy(&eight, how + row, sizeof eight);
        if (eight != everybody) return row + allostat_first_of_eight(eight ^ everybody);
    }
    while (row < end && how[row] == ALLOSTAT_RESIDENT_present) row++;
    return row;
}

/* Of 255 rows at most. */
ALLOSTAT_HOT
static uint8_t count_status(const uint8_t *restrict how, uint8_t status, size_t count)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < count; i++) sum = (uint8_t)(sum + (how[i] == status));
    return sum;
}

/* People of a twelfth in the rows before `end`. */
static int64_t count_before(const moves *self, size_t remainder, uint8_t status,
                            size_t end)
{
    enum { TOGETHER = 128, STEP = REMAINDERS * ROWS };
    int64_t sum = 0;

    for (size_t first = remainder * ROWS; first < end; first += STEP) {
        const size_t last = end - first < ROWS ? end : first + ROWS;

        for (size_t row = first; row < last; row += TOGETHER)
            sum += count_status(self->residents->status + row, status,
                                last - row < TOGETHER ? last - row : TOGETHER);
    }
    return sum;
}

static void count_twelfth(void *context, size_t remainder, size_t unused_first,
                          size_t unused)
{
    moves *self = context;

    (void)unused_first, (void)unused;
    for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++)
        self->twelfth[remainder].found[s] =
            count_before(self, remainder, (uint8_t)s, self->rows);
}

static int64_t people_of(const moves *self, int status)
{
    int64_t sum = 0;

    for (size_t r = 0; r < REMAINDERS; r++) sum += self->twelfth[r].found[status];
    return sum;
}

static void begin(moves *self)
{
    self->rows = self->residents->row_count;
    allostat_share_pieces(self->residents->share, REMAINDERS, count_twelfth, self);
    self->rows_kept = (size_t)people_of(self, ALLOSTAT_RESIDENT_present);
}

/* Rows after the last are empty again. */
static void end_column(const moves *self, void *column, size_t row_size)
{
    const size_t kept = self->rows_kept;

    memset((char *)column + kept * row_size, 0, (self->rows - kept) * row_size);
}

/* ---- rows change places ---------------------------------------------------------- */

static allostat_status make_list(move_list *list, size_t most, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    list->most = most;
    ALLOSTAT_TRY(
        allostat_column_allocate((void **)&list->to, most, sizeof *list->to, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&list->from, most,
                                          sizeof *list->from, error));
cleanup:
    return status;
}

/* Users whose resident is in another row: nobody else changes places with somebody. */
ALLOSTAT_HOT
static size_t count_away(const uint32_t *restrict person, size_t count)
{
    size_t away = 0;

    for (size_t row = 0; row < count; row++) away += person[row] != row;
    return away;
}

/* Each of them and each row of somebody who has left moves once at most. */
static allostat_status begin_moves(moves *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t users = self->users->row_count, words = self->rows / WORD_BITS + 1;
    const size_t away = count_away(self->users->person, users);
    const size_t gone = self->rows - self->rows_kept;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->moved, 2 * words,
                                          sizeof *self->moved, error));
    self->before = self->moved + words;
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->guest, users + gone,
                                          sizeof *self->guest, error));
    ALLOSTAT_TRY(make_list(&self->exchanges, away, error));
    ALLOSTAT_TRY(make_list(&self->fillings, gone, error));
    ALLOSTAT_TRY(make_list(&self->moves, 2 * away, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->way, self->moves.most + gone,
                                          sizeof *self->way, error));
cleanup:
    return status;
}

static void list_move(move_list *list, size_t to, size_t from)
{
    list->to[list->count] = (uint32_t)to;
    list->from[list->count++] = (uint32_t)from;
}

static allostat_row_moves moves_of(const move_list *list)
{
    return (allostat_row_moves){list->to, list->from, list->count};
}

/* What is known of who is in a row. Only users' rows and those behind the rows that
 * will be kept are asked for; NULL of the others. */
static uint32_t *guest_of(const moves *self, size_t row)
{
    const size_t users = self->users->row_count;

    if (row < users) return &self->guest[row];
    return row < self->rows_kept ? NULL : &self->guest[users + row - self->rows_kept];
}

/* Somebody has to give way. */
static void put(moves *self, uint32_t person, uint32_t row)
{
    uint32_t *guest = guest_of(self, row);
    const int32_t user = self->residents->user_row[person];

    if (guest != NULL) *guest = person - row;
    if (user >= 0)
        self->users->person[user] = row;
    else
        list_move(&self->moves, row, person);
}

/* Users' rows and the rows of their residents become the same: who is there changes
 * places with the user. */
static void bring_users_forward(moves *self)
{
    uint32_t *person = self->users->person;
    const uint32_t count = (uint32_t)self->users->row_count;

    for (uint32_t row = 0; row < count; row++)
        if (person[row] != row) list_move(&self->moves, row, person[row]);
    for (uint32_t row = 0; row < count; row++) {
        const uint32_t now = person[row];

        if (now == row) continue;
        put(self, row + self->guest[row], now);
        person[row] = row;
        list_move(&self->exchanges, row, now);
    }
}

ALLOSTAT_HOT
static void count_words(const uint32_t *restrict moved, size_t words,
                        uint32_t *restrict count)
{
#pragma omp simd
    for (size_t i = 0; i < words; i++) count[i] = allostat_count_bits(moved[i]);
}

/* Where the new row of a mover stands in the list. */
static inline size_t way_of(const moves *self, uint32_t slot)
{
    const uint32_t word = self->moved[slot / WORD_BITS];
    const uint32_t earlier = word & ((1u << slot % WORD_BITS) - 1);

    return self->before[slot / WORD_BITS] + allostat_count_bits(earlier);
}

static void mark(moves *self, size_t place)
{
    self->moved[place / WORD_BITS] |= 1u << place % WORD_BITS;
}

/* Marks who moves, and lists where those go who change places: the last counts. */
static void list_ways(moves *self)
{
    const size_t words = self->rows / WORD_BITS + 1;
    const move_list *list = &self->moves;
    uint32_t before = 0;

    for (size_t i = 0; i < list->count; i++) mark(self, list->from[i] + 1);
    for (size_t row = self->rows_kept; row < self->rows; row++) mark(self, row + 1);
    count_words(self->moved, words, self->before);
    for (size_t i = 0; i < words; i++) {
        const uint32_t count = self->before[i];
        self->before[i] = before;
        before += count;
    }
    for (size_t i = 0; i < list->count; i++)
        self->way[way_of(self, list->from[i] + 1)] = list->to[i] + 1;
}

/* The last rows of a twelfth. */
static void set_last(const moves *self, twelfth *rows, size_t remainder)
{
    const size_t last = (self->rows - 1) / ROWS;

    if (last < remainder) return;
    rows->first = (last - (last - remainder) % REMAINDERS) * ROWS;
    const size_t end = rows->first + ROWS;
    rows->before = end < self->rows ? end : self->rows;
}

/* The last of those who stand after the rows that will be kept. */
static bool take_last(const moves *self, twelfth *rows, size_t *from)
{
    const uint8_t *how = self->residents->status;
    const size_t step = (size_t)REMAINDERS * ROWS;

    for (;;) {
        while (rows->before > rows->first && rows->before > self->rows_kept) {
            if (how[--rows->before] != ALLOSTAT_RESIDENT_present) continue;
            *from = rows->before;
            return true;
        }
        if (rows->first <= self->rows_kept || rows->first < step) return false;
        rows->first -= step;
        rows->before = rows->first + ROWS;
    }
}

static void fill_gap(moves *self, size_t gap, size_t from)
{
    const uint32_t person = (uint32_t)from + *guest_of(self, from);

    self->fillings.from[gap] = (uint32_t)from;
    self->way[way_of(self, person + 1)] = self->fillings.to[gap] + 1;
}

static void count_gaps(void *context, size_t remainder, size_t unused_first,
                       size_t unused)
{
    moves *self = context;
    int64_t gaps = 0;

    (void)unused_first, (void)unused;
    for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++)
        if (s != ALLOSTAT_RESIDENT_present)
            gaps += count_before(self, remainder, (uint8_t)s, self->rows_kept);
    self->twelfth[remainder].gap_count = (size_t)gaps;
}

/* Lists the gaps of a twelfth, and fills them while it has people behind. */
static void fill_twelfth(void *context, size_t remainder, size_t unused_first,
                         size_t unused)
{
    moves *self = context;
    twelfth *rows = &self->twelfth[remainder];
    const size_t kept = self->rows_kept, step = (size_t)REMAINDERS * ROWS;
    size_t gap = rows->first_gap, from = 0;

    (void)unused_first, (void)unused;
    set_last(self, rows, remainder);
    for (size_t first = remainder * ROWS; first < kept; first += step) {
        const size_t end = kept - first < ROWS ? kept : first + ROWS;

        for (size_t row = next_gone(self, first, end); row < end;
             row = next_gone(self, row + 1, end)) {
            self->fillings.to[gap] = (uint32_t)row;
            if (take_last(self, rows, &from)) {
                fill_gap(self, gap, from);
                rows->filled++;
            }
            gap++;
        }
    }
}

/* The twelfth with the last gap that waits; NULL: there is none. */
static twelfth *last_waiting(moves *self)
{
    twelfth *found = NULL;
    uint32_t last = 0;

    for (size_t r = 0; r < REMAINDERS; r++) {
        twelfth *rows = &self->twelfth[r];
        const uint32_t *to = self->fillings.to + rows->first_gap;

        if (rows->gap_count == rows->filled) continue;
        if (found != NULL && to[rows->gap_count - 1] < last) continue;
        found = rows;
        last = to[rows->gap_count - 1];
    }
    return found;
}

/* The last come to the rows of those who have left: those first whose turn stays in the
 * same months, so that a policy, which changes who leaves, changes nobody else's turn.
 * Gaps for which there is none are filled from the end on. */
static void fill_gaps(moves *self)
{
    const allostat_share share = self->residents->share;
    move_list *list = &self->fillings;
    twelfth *rows;
    size_t from = 0, r = 0;

    allostat_share_pieces(share, REMAINDERS, count_gaps, self);
    for (size_t i = 0; i < REMAINDERS; i++) {
        self->twelfth[i].first_gap = list->count;
        list->count += self->twelfth[i].gap_count;
    }
    allostat_share_pieces(share, REMAINDERS, fill_twelfth, self);
    while ((rows = last_waiting(self)) != NULL) {
        while (!take_last(self, &self->twelfth[r], &from)) r++;
        fill_gap(self, rows->first_gap + --rows->gap_count, from);
    }
}

/* All steps while lines of the column are at hand; who is there had to be known
 * before. */
static void move_rows(const moves *self, void *column, size_t row_size)
{
    if (column != self->residents->status)
        allostat_column_exchange_rows(column, row_size, moves_of(&self->exchanges));
    allostat_column_copy_rows(column, row_size, moves_of(&self->fillings));
    end_column(self, column, row_size);
}

static void move_column(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const moves *self = context;
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about) \
    if (at++ == piece) move_rows(self, self->residents->name, sizeof(type));
#include "tables/residents.def"
#undef COLUMN
}

/* ---- rows are closed up ---------------------------------------------------------- */

static allostat_status list_kept(moves *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    uint32_t kept = 0;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->way, self->rows + 1,
                                          sizeof *self->way, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->kept, self->rows, 1, error));
    self->first_gone = next_gone(self, 0, self->rows);
    for (size_t row = 0; row < self->rows; row++) {
        self->kept[row] = self->residents->status[row] == ALLOSTAT_RESIDENT_present;
        kept += self->kept[row];
        self->way[row + 1] = kept - (uint32_t)(row + 1);
    }
cleanup:
    return status;
}

static void close_column(void *context, size_t piece, size_t unused_first,
                         size_t unused)
{
    const moves *self = context;
    const size_t rows = self->rows;
    const uint8_t *kept = self->kept;
    size_t at = 0;

    (void)unused_first, (void)unused;
#define COLUMN(name, type, unit, about)                          \
    if (at++ == piece) {                                         \
        type *column = self->residents->name;                    \
        size_t to = self->first_gone;                            \
        for (size_t row = self->first_gone; row < rows; row++) { \
            column[to] = column[row];                            \
            to += kept[row];                                     \
        }                                                        \
        end_column(self, column, sizeof(type));                  \
    }
#include "tables/residents.def"
#undef COLUMN
}

/* ---- either way ------------------------------------------------------------------ */

static void forget(const moves *self)
{
    allostat_residents *residents = self->residents;

    for (int s = 0; s < ALLOSTAT_RESIDENT_STATUS_COUNT; s++)
        if (s != ALLOSTAT_RESIDENT_present)
            residents->forgotten[s] += people_of(self, s);
    residents->row_count = self->rows_kept;
    allostat_residents_number(residents, self->rows_kept);
}

ALLOSTAT_HOT
static void renew_all(const uint32_t *restrict way, uint32_t *restrict slot,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) slot[i] += way[slot[i]];
}

/* Flags the slots of those who have a way. */
ALLOSTAT_HOT
static void find_moved(const uint32_t *restrict moved, const uint32_t *restrict slot,
                       size_t count, uint8_t *restrict flag)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        flag[i] = (uint8_t)(moved[slot[i] / WORD_BITS] >> slot[i] % WORD_BITS & 1);
}

/* Bits of all people fit the second cache. */
static void renew_moved(const moves *self, uint32_t *slot, size_t count)
{
    enum { TOGETHER = 512 };
    uint8_t flag[TOGETHER];

    for (size_t first = 0; first < count; first += TOGETHER) {
        const size_t left = count - first, some = left < TOGETHER ? left : TOGETHER;

        find_moved(self->moved, slot + first, some, flag);
        for (size_t i = allostat_next_flag(flag, 0, some); i < some;
             i = allostat_next_flag(flag, i + 1, some))
            slot[first + i] = self->way[way_of(self, slot[first + i])];
    }
}

static void renew_slots(const moves *self, uint32_t *slot, size_t count)
{
    if (self->moved == NULL)
        renew_all(self->way, slot, count);
    else
        renew_moved(self, slot, count);
}

static void renew_residents(void *context, size_t block, size_t first, size_t count)
{
    const moves *self = context;

    (void)block;
    renew_slots(self, self->residents->support_ties[first].slot,
                count * ALLOSTAT_SUPPORT_SLOTS);
}

static void renew_users(void *context, size_t block, size_t first, size_t count)
{
    const moves *self = context;
    allostat_users *users = self->users;

    (void)block;
    renew_slots(self, users->using_ties[first].slot, count * ALLOSTAT_USING_SLOTS);
    if (self->moved != NULL) return; /* users' rows are their residents' */
    for (size_t row = first; row < first + count; row++)
        users->person[row] += self->way[users->person[row] + 1];
}

static void renew_rows(moves *self)
{
    const allostat_residents *residents = self->residents;
    const allostat_users *users = self->users;

    allostat_share_rows(residents->share, residents->row_count, renew_residents, self);
    allostat_share_rows(users->share, users->row_count, renew_users, self);
}

static void do_columns(moves *self, allostat_share_work work)
{
    allostat_share_pieces(self->residents->share, COLUMNS, work, self);
}

allostat_status allostat_forget_departed(allostat_residents *residents,
                                         allostat_users *users, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    moves self = {.residents = residents, .users = users};

    begin(&self);
    if (self.rows_kept < self.rows) {
        ALLOSTAT_TRY(list_kept(&self, error));
        do_columns(&self, close_column);
        forget(&self);
        renew_rows(&self);
    }
cleanup:
    finish(&self);
    return status;
}

allostat_status allostat_order_near(allostat_residents *residents,
                                    allostat_users *users, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    moves self = {.residents = residents, .users = users};

    begin(&self);
    ALLOSTAT_TRY(begin_moves(&self, error));
    residents->near_count = users->row_count;
    bring_users_forward(&self);
    list_ways(&self);
    if (self.exchanges.count == 0 && self.rows_kept == self.rows) goto cleanup;
    allostat_column_exchange_rows(residents->status, sizeof *residents->status,
                                  moves_of(&self.exchanges));
    fill_gaps(&self);
    do_columns(&self, move_column);
    forget(&self);
    renew_rows(&self);
cleanup:
    finish(&self);
    return status;
}
