#include "care/witnesses.h"

#include "base/columns.h"

#include <string.h>

static allostat_status reserve(allostat_witnesses *self, size_t rows,
                               allostat_error *error)
{
    if (rows <= self->capacity) return ALLOSTAT_OK;
    allostat_column_free((void **)&self->row);
    self->capacity = 0;
    const allostat_status status =
        allostat_column_allocate((void **)&self->row, rows, sizeof *self->row, error);
    if (status == ALLOSTAT_OK) self->capacity = rows;
    return status;
}

/* Pieces of the people, in whole words of marks: most users stand in the first of them.
 */
enum { PIECES = 256, LISTED = 512 };

typedef struct {
    allostat_witnesses *witnesses;
    const allostat_users *users;
    const allostat_residents *residents;
    bool shared; /* other threads do other blocks */
    /* how many a piece has of an area, then the place of the next of them */
    size_t next[PIECES][ALLOSTAT_AREAS_MAX];
    size_t count[PIECES]; /* in all areas */
} listing;

static void mark(const listing *self, size_t word, uint64_t bits)
{
    uint64_t *marks = &self->witnesses->active.word[word];

    if (bits == 0) return;
    if (self->shared)
        allostat_share_mark(marks, bits);
    else
        *marks |= bits;
}

/* Marks the active users. Whether one of the street is active cannot be guessed: no
 * branch; rows behind are passed over. Most stand in the order of people, so the next
 * one has the same word of marks. */
static void mark_block(void *context, size_t block, size_t first, size_t count)
{
    const listing *self = context;
    const int32_t *active = self->users->active;
    const uint32_t *person = self->users->person;
    const size_t rows = first + count, together = 256, word_bits = ALLOSTAT_MARKS_WORD;
    size_t word = 0;
    uint64_t bits = 0;

    (void)block;
    for (size_t row = allostat_next_word(active, first, rows); row < rows;
         row = allostat_next_word(active, row, rows)) {
        const size_t end = row + together < rows ? row + together : rows;

        for (; row < end; row++) {
            if (person[row] / word_bits != word) {
                mark(self, word, bits);
                word = person[row] / word_bits;
                bits = 0;
            }
            bits |= (uint64_t)(active[row] != 0) << person[row] % word_bits;
        }
    }
    mark(self, word, bits);
}

/* The first person of a piece; of the piece after the last: all people. */
static size_t first_person(const listing *self, size_t piece)
{
    const size_t people = self->residents->row_count, bits = ALLOSTAT_MARKS_WORD;
    const size_t first = (people + bits - 1) / bits * piece / PIECES * bits;

    return first < people ? first : people;
}

/* Active people from `*from` on, before `end`, where `*from` goes on; how many. */
static size_t list_some(const listing *self, size_t *from, size_t end,
                        uint32_t person[LISTED])
{
    size_t count;

    *from = allostat_marks_list(&self->witnesses->active, *from, end, person, LISTED,
                                &count);
    return count;
}

static void count_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    listing *self = context;
    const uint8_t *area = self->residents->area;
    const size_t end = first_person(self, piece + 1);
    uint32_t person[LISTED];

    (void)unused_first, (void)unused;
    for (size_t from = first_person(self, piece); from < end;) {
        const size_t count = list_some(self, &from, end, person);

        for (size_t i = 0; i < count; i++) self->next[piece][area[person[i]]]++;
        self->count[piece] += count;
    }
}

static void place_pieces(listing *self)
{
    size_t *first = self->witnesses->first;
    size_t place = 0;

    for (int area = 0; area < ALLOSTAT_AREAS_MAX; area++) {
        first[area] = place;
        for (size_t piece = 0; piece < PIECES; piece++) {
            const size_t count = self->next[piece][area];

            self->next[piece][area] = place;
            place += count;
        }
    }
    first[ALLOSTAT_AREAS_MAX] = place;
}

/* For the next month. */
static void take_marks_away(const listing *self, size_t piece)
{
    uint64_t *word = self->witnesses->active.word;
    const size_t first = first_person(self, piece), end = first_person(self, piece + 1);
    const size_t bits = ALLOSTAT_MARKS_WORD, words = (end - first + bits - 1) / bits;

    memset(word + first / bits, 0, words * sizeof *word);
}

/* Most pieces have nobody. */
static void list_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    listing *self = context;
    const uint8_t *area = self->residents->area;
    const int32_t *user_row = self->residents->user_row;
    const size_t end = first_person(self, piece + 1);
    uint32_t person[LISTED];

    (void)unused_first, (void)unused;
    if (self->count[piece] == 0) return;
    for (size_t from = first_person(self, piece); from < end;) {
        const size_t count = list_some(self, &from, end, person);

        for (size_t i = 0; i < count; i++) {
            const uint32_t p = person[i];
            self->witnesses->row[self->next[piece][area[p]]++] = (uint32_t)user_row[p];
        }
    }
    take_marks_away(self, piece);
}

/* In order of person, so that the order of the users' table does not matter. */
allostat_status allostat_witnesses_list(allostat_witnesses *self,
                                        const allostat_users *users,
                                        const allostat_residents *residents,
                                        allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_share share = users->share;
    listing all = {.witnesses = self,
                   .users = users,
                   .residents = residents,
                   .shared = allostat_is_shared(share)};

    ALLOSTAT_TRY(reserve(self, users->row_count, error));
    ALLOSTAT_TRY(allostat_marks_reserve(&self->active, residents->row_count, error));
    allostat_share_rows(share, users->row_count, mark_block, &all);
    allostat_share_pieces(share, PIECES, count_piece, &all);
    place_pieces(&all);
    allostat_share_pieces(share, PIECES, list_piece, &all);
cleanup:
    return status;
}

void allostat_witnesses_free(allostat_witnesses *self)
{
    allostat_column_free((void **)&self->row);
    allostat_marks_free(&self->active);
    memset(self, 0, sizeof *self);
}

const uint32_t *allostat_witness_entry(const allostat_witnesses *self, int32_t area,
                                       double u)
{
    const size_t first = self->first[area], count = self->first[area + 1] - first;
    const size_t index = (size_t)(u * (double)count);

    if (count == 0) return NULL;
    return &self->row[first + (index < count ? index : count - 1)];
}

int32_t allostat_witness_pick(const allostat_witnesses *self,
                              const allostat_whereabouts *whereabouts, int32_t area,
                              int32_t self_row, double u)
{
    const uint32_t *entry = allostat_witness_entry(self, area, u);

    if (entry == NULL) return -1;
    const int32_t row = (int32_t)*entry;
    const bool is_there = row != self_row && whereabouts->users->present[row] &&
                          !allostat_inside_now(whereabouts, row);
    return is_there ? row : -1;
}
