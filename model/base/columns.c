/* For madvise, of which POSIX has no version that knows of huge pages. */
#define _DEFAULT_SOURCE

#include "base/columns.h"

#include "base/hint.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else /* elsewhere nobody minds what stands between columns */
#define ASAN_POISON_MEMORY_REGION(first, bytes) ((void)(first), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(first, bytes) ((void)(first), (void)(bytes))
#endif

/* Columns from this size on start on a huge page and ask for such pages. */
static const size_t huge_page = (size_t)1 << 21;

/* Ties lead to rows anywhere: with pages of 4 KiB half of the time of such a look goes
 * into the search for the page. Only advice: where it is not taken nothing changes. */
static void ask_for_huge_pages(void *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    if (bytes >= huge_page) (void)madvise(memory, bytes, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

/* The pointers behind `column` have other types than void *: only their bytes may be
 * touched. */
static void *read_pointer(void **column)
{
    void *memory;

    memcpy(&memory, (const void *)column, sizeof memory);
    return memory;
}

static void write_pointer(void **column, void *memory)
{
    memcpy((void *)column, &memory, sizeof memory);
}

/* Of pages, and of a way of the second cache; where they are others nothing breaks. */
enum { PAGE = 4096, WAY = 1 << 17, LINE = ALLOSTAT_COLUMN_ALIGNMENT };

/* How far the first row may stand from the start of the memory. */
static size_t place_range(size_t bytes)
{
    if (bytes >= huge_page) return WAY;
    return bytes >= PAGE ? PAGE : LINE;
}

/* Bytes from the start of the memory to the first row; before it stands the start.
 *
 * A loop reads the same rows of many columns. Were all columns to start at the same
 * place of a page, these rows would all want the same few places of the first cache,
 * and a store would look like one to the next load; of columns on huge pages the same
 * holds for the second cache. Multiples of the golden ratio lie apart whatever the
 * distance of the columns. */
static size_t place_of_rows(const void *memory, size_t range)
{
    const size_t line = LINE;
    const uint32_t golden = 0x9e3779b9u;
    const uint32_t turned = (uint32_t)((uintptr_t)memory / PAGE) * golden;

    return (size_t)((uint64_t)turned * range >> 32) / line * line + line;
}

static char *round_up(char *memory, size_t step)
{
    return memory + (step - (uintptr_t)memory % step) % step;
}

/* What stands before the first row: whose memory it is. */
typedef struct {
    void *memory; /* of this column alone, or NULL */
    allostat_column_room *room;
} origin;

_Static_assert(sizeof(origin) <= LINE, "place_of_rows leaves a line");

static origin read_origin(const void *first_row)
{
    origin from;

    memcpy(&from, (const char *)first_row - sizeof from, sizeof from);
    return from;
}

static void write_origin(void *first_row, origin from)
{
    memcpy((char *)first_row - sizeof from, &from, sizeof from);
}

/* ---- rooms ---- */

struct allostat_column_room {
    size_t held; /* columns, and 1 while more may come */
    char *begin, *next, *end;
};

/* A person is read in a hundred columns, each on another page: a city's tables are more
 * small pages than the processor remembers, and searching them is 4 % of a run.
 *
 * Columns of a room lie on huge pages, so where they stand in the second cache is
 * known, too. */
static size_t place_range_in_room(size_t bytes)
{
    const size_t some = bytes / 4;

    if (some < PAGE) return PAGE;
    return some < WAY ? some : WAY;
}

static void want_page(void *context, size_t page, size_t unused_first, size_t unused)
{
    volatile char *begin = (char *)context + page * huge_page;

    (void)unused_first, (void)unused;
    for (size_t at = 0; at < huge_page; at += PAGE) begin[at] = 0;
}

/* A page comes when it is first written to, which takes long where the host of a
 * virtual machine has to find it, too. Only columns whose rows will all be used soon
 * stand in a room, so threads that would wait for each other wait for pages instead.
 * Columns stand half of their range apart. */
static void want_pages(const allostat_column_room *self, size_t bytes,
                       size_t column_count, allostat_share share)
{
    const size_t apart = place_range_in_room(bytes / column_count) / 2;
    const size_t wanted = bytes + apart * column_count + huge_page - 1;

    if (!allostat_is_shared(share)) return;
    allostat_share_pieces(share, wanted / huge_page, want_page, self->begin);
}

allostat_column_room *allostat_column_room_make(size_t rows, size_t row_size,
                                                size_t column_count,
                                                allostat_share share)
{
    const size_t line = LINE, more = column_count * (2 * line + PAGE);

    if (rows > (SIZE_MAX / 4 - more) / (row_size + 1)) return NULL;
    const size_t least = rows * row_size;
    if (least < huge_page) return NULL;
    const size_t bytes = least + least / 4 + more;
    char *memory = calloc(bytes + 2 * huge_page, 1);
    allostat_column_room *self = (void *)memory;
    if (memory == NULL) return NULL;
    self->held = 1;
    self->begin = self->next = round_up(memory + sizeof *self, huge_page);
    self->end = self->begin + bytes;
    ask_for_huge_pages(self->begin, bytes);
    want_pages(self, least, column_count, share);
    ASAN_POISON_MEMORY_REGION(self->begin, bytes);
    return self;
}

static void leave_room(allostat_column_room *room)
{
    if (--room->held > 0) return;
    ASAN_UNPOISON_MEMORY_REGION(room->begin, (size_t)(room->end - room->begin));
    free(room);
}

void allostat_column_room_close(allostat_column_room *self)
{
    if (self != NULL) leave_room(self);
}

/* NULL when there is no room for it. */
static void *take_rows(allostat_column_room *room, size_t bytes)
{
    const size_t needed = bytes + place_range_in_room(bytes) + LINE;

    if (room == NULL) return NULL;
    if (needed > (size_t)(room->end - room->next)) return NULL;
    char *first_row =
        room->next + place_of_rows(room->next, place_range_in_room(bytes));
    room->next = first_row + bytes;
    room->held++;
    ASAN_UNPOISON_MEMORY_REGION(first_row - LINE, LINE + bytes);
    write_origin(first_row, (origin){NULL, room});
    return first_row;
}

/* ---- columns ---- */

/* Zeroed memory for the rows, or NULL. Of much memory calloc takes no page before it is
 * wanted: rows that are kept for later cost nothing. */
static void *take_own_rows(size_t bytes)
{
    const size_t step = bytes >= huge_page ? huge_page : LINE;
    const size_t in_all = bytes + place_range(bytes);
    char *memory = calloc(in_all + step, 1);

    if (memory == NULL) return NULL;
    char *begin = round_up(memory, step);
    ask_for_huge_pages(begin, in_all);
    char *first_row = begin + place_of_rows(begin, place_range(bytes));
    write_origin(first_row, (origin){memory, NULL});
    return first_row;
}

/* Whole lines, and at least one. */
static void *allocate_rows(size_t rows, size_t row_size, allostat_column_room *room)
{
    const size_t line = LINE, most = SIZE_MAX - 2 * huge_page;

    if (row_size != 0 && rows > most / row_size) return NULL;
    const size_t wanted = (rows * row_size + line - 1) / line * line;
    const size_t bytes = wanted > 0 ? wanted : line;
    void *first_row = take_rows(room, bytes);
    return first_row != NULL ? first_row : take_own_rows(bytes);
}

static void free_rows(void *first_row)
{
    if (first_row == NULL) return;
    const origin from = read_origin(first_row);
    if (from.room != NULL)
        leave_room(from.room);
    else
        free(from.memory);
}

allostat_status allostat_column_grow_in(allostat_column_room *room, void **column,
                                        size_t old_rows, size_t new_rows,
                                        size_t row_size, allostat_error *error)
{
    const size_t kept = old_rows < new_rows ? old_rows : new_rows;
    void *old = read_pointer(column);
    void *memory = allocate_rows(new_rows, row_size, room);

    if (memory == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a column of %zu rows of %zu bytes",
                             new_rows, row_size);
    if (old != NULL) memcpy(memory, old, kept * row_size);
    free_rows(old);
    write_pointer(column, memory);
    return ALLOSTAT_OK;
}

allostat_status allostat_column_grow(void **column, size_t old_rows, size_t new_rows,
                                     size_t row_size, allostat_error *error)
{
    return allostat_column_grow_in(NULL, column, old_rows, new_rows, row_size, error);
}

allostat_status allostat_column_reserve(void **column, size_t *capacity, size_t needed,
                                        size_t row_size, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t half_more = *capacity + *capacity / 2;
    const size_t wanted = needed > half_more ? needed : half_more;

    if (needed <= *capacity) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_column_grow(column, *capacity, wanted, row_size, error));
    *capacity = wanted;
cleanup:
    return status;
}

allostat_status allostat_column_allocate(void **column, size_t rows, size_t row_size,
                                         allostat_error *error)
{
    write_pointer(column, NULL);
    return allostat_column_grow(column, 0, rows, row_size, error);
}

void allostat_column_free(void **column)
{
    free_rows(read_pointer(column));
    write_pointer(column, NULL);
}

/* Rows are far apart, and a store waits for its line: both are asked for some moves
 * ahead. */
static inline size_t ahead_of(allostat_row_moves moves, size_t i)
{
    enum { AHEAD = 16 };

    return i + AHEAD < moves.count ? i + AHEAD : i;
}

/* A size that the compiler knows makes a move one load and one store: those that
 * columns have are told one by one. */
#define CASE(size, do_each)             \
    case size:                          \
        do_each(column, (size), moves); \
        break
#define FOR_SIZE(do_each)                 \
    switch (row_size) {                   \
        CASE(sizeof(uint8_t), do_each);   \
        CASE(sizeof(uint16_t), do_each);  \
        CASE(sizeof(uint32_t), do_each);  \
        CASE(LINE / 2, do_each);          \
        CASE(LINE, do_each);              \
    default:                              \
        do_each(column, row_size, moves); \
    }

static inline void copy_each(unsigned char *rows, size_t size, allostat_row_moves moves)
{
    for (size_t i = 0; i < moves.count; i++) {
        allostat_hint_write(rows + moves.to[ahead_of(moves, i)] * size);
        allostat_hint(rows + moves.from[ahead_of(moves, i)] * size);
        memcpy(rows + moves.to[i] * size, rows + moves.from[i] * size, size);
    }
}

void allostat_column_copy_rows(void *column, size_t row_size, allostat_row_moves moves)
{
    FOR_SIZE(copy_each)
}

static inline void exchange_each(unsigned char *rows, size_t size,
                                 allostat_row_moves moves)
{
    unsigned char kept[ALLOSTAT_ROW_SIZE_MAX];

    for (size_t i = 0; i < moves.count; i++) {
        unsigned char *a = rows + moves.to[i] * size, *b = rows + moves.from[i] * size;

        allostat_hint_write(rows + moves.to[ahead_of(moves, i)] * size);
        allostat_hint_write(rows + moves.from[ahead_of(moves, i)] * size);
        memcpy(kept, a, size);
        memcpy(a, b, size);
        memcpy(b, kept, size);
    }
}

void allostat_column_exchange_rows(void *column, size_t row_size,
                                   allostat_row_moves moves)
{
    assert(row_size <= ALLOSTAT_ROW_SIZE_MAX);
    FOR_SIZE(exchange_each)
}

#undef FOR_SIZE
#undef CASE
