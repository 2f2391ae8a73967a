#include "people/ties_month.h"

#include "people/ties_parts.h"

#include "base/columns.h"

#include <string.h>

static void free_ends(allostat_endings_found *self)
{
    allostat_column_free((void **)&self->found.ending);
    for (size_t part = 0; part < ALLOSTAT_CUT_PARTS_MAX; part++)
        allostat_column_free((void **)&self->own[part].ending);
}

static size_t bytes_of_ends(const allostat_endings_found *self)
{
    size_t rows = self->found.capacity;

    for (size_t part = 0; part < ALLOSTAT_CUT_PARTS_MAX; part++)
        rows += self->own[part].capacity;
    return rows * sizeof *self->own->ending;
}

void allostat_ties_free_parts(allostat_ties *self)
{
    for (size_t p = 0; p < self->part_count; p++) {
        allostat_column_free((void **)&self->part[p].seeker);
        free_ends(&self->ends[p]);
    }
    allostat_column_free((void **)&self->part);
    allostat_column_free((void **)&self->ends);
    self->part_count = 0;
}

void allostat_ties_free(allostat_ties *self)
{
    for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++)
        allostat_meeting_free(&self->meeting[kind]);
    allostat_ties_free_parts(self);
    allostat_marks_free(&self->active);
    allostat_marks_free(&self->using_wanted);
    allostat_column_free((void **)&self->target);
    memset(self, 0, sizeof *self);
}

size_t allostat_ties_bytes(const allostat_ties *self)
{
    size_t bytes = 0;

    for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++) {
        const allostat_meeting *meeting = &self->meeting[kind];
        bytes +=
            (meeting->capacity + meeting->sorted_capacity) * sizeof *meeting->seeker +
            meeting->start_capacity * sizeof *meeting->start +
            meeting->together_capacity * sizeof *meeting->together;
    }
    for (size_t p = 0; p < self->part_count; p++)
        bytes += self->part[p].capacity * sizeof *self->part[p].seeker +
                 bytes_of_ends(&self->ends[p]);
    bytes += (self->active.capacity + self->using_wanted.capacity) *
             sizeof *self->active.word;
    return bytes;
}

allostat_status allostat_ties_reserve_parts(allostat_ties *self, size_t parts,
                                            allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (parts <= self->part_count) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_column_grow((void **)&self->part, self->part_count, parts,
                                      sizeof *self->part, error));
    ALLOSTAT_TRY(allostat_column_grow((void **)&self->ends, self->part_count, parts,
                                      sizeof *self->ends, error));
    self->part_count = parts;
cleanup:
    return status;
}

size_t allostat_ties_first_row(const allostat_turn *turn, size_t piece, size_t pieces)
{
    const size_t rows = turn->row_count, in_front = pieces / 4;
    const size_t near = turn->near_rows < rows ? turn->near_rows : rows;

    if (piece < in_front) return allostat_share_first_row(near, piece, in_front);
    if (in_front == 0) return allostat_share_first_row(rows, piece, pieces);
    return near +
           allostat_share_first_row(rows - near, piece - in_front, pieces - in_front);
}

allostat_status allostat_ties_gather(allostat_ties *self, allostat_tie_kind kind,
                                     allostat_share share, allostat_error *error)
{
    const size_t pieces = allostat_share_piece_count(share);
    allostat_meeting *meeting = &self->meeting[kind];

    for (size_t p = 0; p < pieces; p++) {
        const allostat_seeker_list *list = &self->part[p];

        if (list->status == ALLOSTAT_OK) continue;
        *error = list->error;
        return list->status;
    }
    if (pieces > 1) return allostat_meeting_join(meeting, self->part, pieces, error);
    allostat_meeting_take(meeting, &self->part[0]);
    return ALLOSTAT_OK;
}

void allostat_ties_give_back(allostat_ties *self, allostat_tie_kind kind,
                             allostat_share share)
{
    if (allostat_share_piece_count(share) == 1)
        allostat_meeting_take(&self->meeting[kind], &self->part[0]);
}

typedef struct {
    allostat_ties *ties;
    const allostat_users *users;
} marking;

/* People of rows in a row are mostly of one word: it is written when all of them have
 * been seen, since other threads may mark others of it. */
static void mark_block(void *context, size_t block, size_t first, size_t count)
{
    const marking *self = context;
    const allostat_users *users = self->users;
    uint64_t *const active = self->ties->active.word;
    uint64_t *const wanted = self->ties->using_wanted.word;
    size_t word = users->person[first] / ALLOSTAT_MARKS_WORD;
    uint64_t active_bits = 0, wanted_bits = 0;

    (void)block;
    for (size_t row = first; row < first + count; row++) {
        const size_t own = users->person[row] / ALLOSTAT_MARKS_WORD;
        const uint32_t at = users->person[row] % ALLOSTAT_MARKS_WORD;

        if (own != word) {
            allostat_share_mark(&active[word], active_bits);
            allostat_share_mark(&wanted[word], wanted_bits);
            word = own;
            active_bits = wanted_bits = 0;
        }
        active_bits |= (uint64_t)(users->active[row] != 0) << at;
        wanted_bits |= (uint64_t)(users->using_wanted[row] > 0) << at;
    }
    allostat_share_mark(&active[word], active_bits);
    allostat_share_mark(&wanted[word], wanted_bits);
}

/* Few people use: the others are passed over word by word. */
static allostat_status mark_users(allostat_ties *self,
                                  const allostat_ties_people *people,
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t rows = people->residents->row_count;
    marking all = {self, people->users};

    ALLOSTAT_TRY(allostat_marks_clear(&self->active, rows, error));
    ALLOSTAT_TRY(allostat_marks_clear(&self->using_wanted, rows, error));
    allostat_share_rows(people->share, people->users->row_count, mark_block, &all);
cleanup:
    return status;
}

allostat_status allostat_ties_month(allostat_ties *self,
                                    const allostat_ties_people *people,
                                    int32_t formed[ALLOSTAT_TIE_KIND_COUNT],
                                    allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++) formed[kind] = 0;
    if (!people->params->mechanisms_ties) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_ties_reserve_parts(
        self, allostat_share_piece_count(people->share), error));
    ALLOSTAT_TRY(mark_users(self, people, error));
    for (int k = 0; k < ALLOSTAT_TIE_KIND_COUNT; k++) {
        const allostat_tie_kind kind = (allostat_tie_kind)k;
        allostat_ties_trial trial = {people, kind};

        ALLOSTAT_TRY(allostat_ties_end(self, people, kind, error));
        ALLOSTAT_TRY(allostat_ties_seek(self, people, kind, error));
        ALLOSTAT_TRY(allostat_meeting_pair(
            &self->meeting[kind], allostat_ties_pairing(&trial), &formed[kind], error));
        allostat_ties_take_back(self, people->residents, kind);
        allostat_ties_give_back(self, kind, people->share);
    }
    allostat_peers_count(people->residents, people->users);
    if (!people->params->mechanisms_bereavement)
        allostat_bereavements_clear(people->residents);
cleanup:
    return status;
}
