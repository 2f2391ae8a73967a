#include "care/requests.h"

#include "base/columns.h"

#include <string.h>

enum { ORDER_BYTES = 8, BYTE_VALUES = 256, BYTE_BITS = 8, BYTE_PAIRS = 1 << 16 };

allostat_status allostat_requests_reserve(allostat_requests *self, size_t capacity,
                                          allostat_error *error)
{
    self->count = 0;
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
}

/* A piece's requests begin where its rows do: there are not more than rows. */
enum { PIECES_MAX = 512 };

typedef struct {
    const allostat_requests *all;
    allostat_requests_ask ask;
    void *context;
    size_t rows, pieces, count[PIECES_MAX];
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
    for (size_t piece = 0; piece < all.pieces; piece++) {
        const size_t first = allostat_share_first_row(rows, piece, all.pieces);

        memmove(self->request + self->count, self->request + first,
                all.count[piece] * sizeof *self->request);
        self->count += all.count[piece];
        sum += all.sum[piece];
    }
    return sum;
}

static uint32_t digit_of(const allostat_request *request, int shift)
{
    return (uint32_t)(request->order >> shift) % BYTE_VALUES;
}

/* Copies those with a digit to `to`, which may be where they are; returns how many they
 * are. No branch, for nobody can guess whose turn it is. */
static size_t copy_with_digit(const allostat_request *from, size_t count, int shift,
                              uint32_t digit, allostat_request *to)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const allostat_request request = from[i];

        to[found] = request;
        found += digit_of(&request, shift) == digit;
    }
    return found;
}

static uint64_t any_bits(const allostat_requests *self)
{
    uint64_t any = 0;

    for (size_t i = 0; i < self->count; i++) any |= self->request[i].order;
    return any;
}

/* The order of the request that stands at `rank` (from 0), found byte by byte from the
 * top, among those with the same bytes so far; *before is the number of requests of
 * smaller order. */
static uint64_t order_at_rank(const allostat_requests *self, size_t rank,
                              size_t *before)
{
    allostat_request *scratch = self->request + self->capacity;
    const allostat_request *left = self->request;
    const uint64_t any = any_bits(self);
    size_t count = self->count;
    uint64_t prefix = 0;

    *before = 0;
    for (int shift = (ORDER_BYTES - 1) * BYTE_BITS; shift >= 0; shift -= BYTE_BITS) {
        size_t histogram[BYTE_VALUES] = {0};
        uint32_t digit = 0;

        if ((any >> shift) % BYTE_VALUES == 0) continue; /* nobody has a digit here */
        for (size_t i = 0; i < count; i++) histogram[digit_of(&left[i], shift)]++;
        while (*before + histogram[digit] <= rank) *before += histogram[digit++];
        prefix |= (uint64_t)digit << shift;
        if (histogram[digit] == count) continue;
        count = copy_with_digit(left, count, shift, digit, scratch);
        left = scratch;
    }
    return prefix;
}

size_t allostat_requests_grant(allostat_requests *self, size_t places)
{
    size_t before = 0;

    if (places == 0 || self->count == 0) return 0;
    if (places >= self->count) {
        for (size_t i = 0; i < self->count; i++) self->request[i].granted = true;
        return self->count;
    }
    const uint64_t last = order_at_rank(self, places - 1, &before);
    size_t equal = places - before;
    for (size_t i = 0; i < self->count; i++) {
        allostat_request *request = &self->request[i];
        const bool tied = request->order == last && equal > 0;

        request->granted = request->order < last || tied;
        equal -= tied;
    }
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
    const uint64_t any = any_bits(self);
    allostat_request *scratch;

    if (self->count == 0) return;
    scratch = self->request + self->capacity;
    for (int byte = 0; byte < ORDER_BYTES; byte += 2) {
        if ((any >> byte * BYTE_BITS) % BYTE_PAIRS == 0) continue; /* no digits */
        sort_by_byte(self->request, scratch, self->count, byte * BYTE_BITS);
        sort_by_byte(scratch, self->request, self->count, (byte + 1) * BYTE_BITS);
    }
}
