#include "care/requests.h"

#include "base/columns.h"

#include <string.h>

enum { ORDER_BYTES = 8, BYTE_VALUES = 256, BYTE_BITS = 8, BYTE_PAIRS = 1 << 16 };

allostat_status allostat_requests_reserve(allostat_requests *self, size_t capacity,
                                          allostat_error *error)
{
    self->count = 0;
    self->any_bits = 0;
    if (capacity <= self->capacity) return ALLOSTAT_OK;
    const size_t room = capacity + capacity / 2; /* users grow in number every month */
    allostat_column_free((void **)&self->request);
    self->capacity = 0;
    const allostat_status status = allostat_column_allocate(
        (void **)&self->request, 2 * room, sizeof *self->request, error);
    if (status == ALLOSTAT_OK) self->capacity = room;
    return status;
}

void allostat_requests_free(allostat_requests *self)
{
    allostat_column_free((void **)&self->request);
    memset(self, 0, sizeof *self);
}

void allostat_requests_add(allostat_requests *self, uint64_t order, uint32_t row)
{
    self->request[self->count++] = (allostat_request){order, row, false};
    self->any_bits |= order;
}

/* A piece's requests begin where its rows do: there are not more than rows. */
enum { PIECES_MAX = 512 };

typedef struct {
    const allostat_requests *all;
    allostat_requests_ask ask;
    void *context;
    size_t rows, pieces, count[PIECES_MAX];
    uint64_t any_bits[PIECES_MAX];
    int32_t sum[PIECES_MAX];
} collecting;

static void collect_piece(void *context, size_t piece, size_t unused_first,
                          size_t unused)
{
    collecting *self = context;
    const size_t first = allostat_share_first_row(self->rows, piece, self->pieces);
    const size_t end = allostat_share_first_row(self->rows, piece + 1, self->pieces);
    allostat_requests list = {.capacity = end - first,
                              .request = self->all->request + first};

    (void)unused_first, (void)unused;
    self->sum[piece] = self->ask(self->context, &list, first, end - first);
    self->count[piece] = list.count;
    self->any_bits[piece] = list.any_bits;
}

int32_t allostat_requests_collect(allostat_requests *self, const allostat_users *users,
                                  allostat_requests_ask ask, void *context)
{
    const size_t rows = users->row_count;
    const size_t pieces = allostat_share_piece_count(users->share);
    int32_t sum = 0;
    collecting all = {.all = self,
                      .ask = ask,
                      .context = context,
                      .rows = rows,
                      .pieces = pieces < PIECES_MAX ? pieces : PIECES_MAX};

    allostat_share_pieces(users->share, all.pieces, collect_piece, &all);
    self->count = 0;
    self->any_bits = 0;
    for (size_t piece = 0; piece < all.pieces; piece++) {
        const size_t first = allostat_share_first_row(rows, piece, all.pieces);

        memmove(self->request + self->count, self->request + first,
                all.count[piece] * sizeof *self->request);
        self->count += all.count[piece];
        self->any_bits |= all.any_bits[piece];
        sum += all.sum[piece];
    }
    return sum;
}

static uint32_t digit_of(const allostat_request *request, int shift)
{
    return (uint32_t)(request->order >> shift) % BYTE_VALUES;
}

/* Requests of which it is not known whether they are granted: those with the same bytes
 * so far. */
typedef struct {
    const allostat_request *request;
    size_t count;
    bool are_all; /* else `row` is the place in the list of all */
} tied_requests;

static size_t place_of(const tied_requests *tied, size_t i)
{
    return tied->are_all ? i : tied->request[i].row;
}

/* Grants those with smaller digits, and leaves those with the same. No branch, for
 * nobody can guess whose turn it is. */
static void part_by_digit(allostat_requests *self, tied_requests *tied, int shift,
                          uint32_t digit)
{
    allostat_request *left = self->request + self->capacity;
    size_t found = 0;

    for (size_t i = 0; i < tied->count; i++) {
        const uint64_t order = tied->request[i].order;
        const size_t place = place_of(tied, i);
        const uint32_t own = digit_of(&tied->request[i], shift);

        self->request[place].granted = own < digit;
        left[found].order = order;
        left[found].row = (uint32_t)place;
        found += own == digit;
    }
    *tied = (tied_requests){left, found, false};
}

/* Finds the byte at `shift` of the last order that is granted, and takes the places of
 * those before from *places. */
static void narrow(allostat_requests *self, tied_requests *tied, int shift,
                   size_t *places)
{
    size_t histogram[BYTE_VALUES] = {0};
    uint32_t digit = 0;

    for (size_t i = 0; i < tied->count; i++)
        histogram[digit_of(&tied->request[i], shift)]++;
    while (histogram[digit] < *places) *places -= histogram[digit++];
    if (histogram[digit] < tied->count) part_by_digit(self, tied, shift, digit);
}

size_t allostat_requests_grant(allostat_requests *self, size_t places)
{
    tied_requests tied = {self->request, self->count, true};
    size_t left = places;

    if (places == 0 || self->count == 0) return 0;
    if (places >= self->count) {
        for (size_t i = 0; i < self->count; i++) self->request[i].granted = true;
        return self->count;
    }
    for (int shift = (ORDER_BYTES - 1) * BYTE_BITS; shift >= 0; shift -= BYTE_BITS) {
        if ((self->any_bits >> shift) % BYTE_VALUES == 0) continue; /* no digits here */
        narrow(self, &tied, shift, &left);
    }
    for (size_t i = 0; i < tied.count; i++)
        self->request[place_of(&tied, i)].granted = i < left;
    return places;
}

enum { SERVED_A_PIECE = 512 };

typedef struct {
    const allostat_requests *all;
    allostat_requests_work work;
    const void *context;
} serving;

static void serve_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    const serving *self = context;
    const size_t first = piece * SERVED_A_PIECE, left = self->all->count - first;
    const size_t end = first + (left < SERVED_A_PIECE ? left : SERVED_A_PIECE);

    (void)unused_first, (void)unused;
    for (size_t i = first; i < end; i++) {
        if (self->all->request[i].granted)
            self->work(self->context, self->all->request[i].row);
    }
}

void allostat_requests_serve(const allostat_requests *self, const allostat_users *users,
                             allostat_requests_work work, const void *context)
{
    serving all = {self, work, context};

    allostat_share_pieces(users->share,
                          (self->count + SERVED_A_PIECE - 1) / SERVED_A_PIECE,
                          serve_piece, &all);
}

/* One pass of a radix sort: by the byte at `shift`, the order of equals kept. */
static void sort_by_byte(const allostat_request *from, allostat_request *to,
                         size_t count, int shift)
{
    size_t first[BYTE_VALUES + 1] = {0};

    for (size_t i = 0; i < count; i++) {
        first[(from[i].order >> shift) % BYTE_VALUES + 1]++;
    }
    for (size_t value = 0; value < BYTE_VALUES; value++) {
        first[value + 1] += first[value];
    }
    for (size_t i = 0; i < count; i++) {
        to[first[(from[i].order >> shift) % BYTE_VALUES]++] = from[i];
    }
}

/* An even number of passes ends where it began. */
void allostat_requests_sort(allostat_requests *self)
{
    const uint64_t any = self->any_bits;
    allostat_request *scratch;

    if (self->count == 0) return;
    scratch = self->request + self->capacity;
    for (int byte = 0; byte < ORDER_BYTES; byte += 2) {
        if ((any >> byte * BYTE_BITS) % BYTE_PAIRS == 0) continue; /* no digits */
        sort_by_byte(self->request, scratch, self->count, byte * BYTE_BITS);
        sort_by_byte(scratch, self->request, self->count, (byte + 1) * BYTE_BITS);
    }
}
