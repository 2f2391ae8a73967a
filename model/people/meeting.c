#include "people/meeting.h"

#include "base/columns.h"
#include "people/meeting_parts.h"

#include <assert.h>
#include <string.h>

/* Seekers in a place on average, at least; at most twice as many. Large enough to leave
 * few people over, small enough to keep what happens in one place there. */
enum { PEOPLE_A_PLACE = 12 };

void allostat_meeting_free(allostat_meeting *self)
{
    allostat_column_free((void **)&self->seeker);
    allostat_column_free((void **)&self->sorted);
    allostat_column_free((void **)&self->start);
    allostat_column_free((void **)&self->together);
    memset(self, 0, sizeof *self);
}

allostat_status allostat_seekers_reserve(allostat_seeker_list *self, size_t more,
                                         allostat_error *error)
{
    return allostat_column_reserve((void **)&self->seeker, &self->capacity,
                                   self->count + more, sizeof *self->seeker, error);
}

allostat_status allostat_meeting_reserve(allostat_meeting *self, size_t more,
                                         allostat_error *error)
{
    return allostat_column_reserve((void **)&self->seeker, &self->capacity,
                                   self->count + more, sizeof *self->seeker, error);
}

void allostat_meeting_take(allostat_meeting *self, allostat_seeker_list *list)
{
    allostat_seeker *const seeker = self->seeker;
    const size_t capacity = self->capacity;

    assert(self->count == 0);
    self->seeker = list->seeker;
    self->capacity = list->capacity;
    self->count = list->count;
    self->from = NULL;
    list->seeker = seeker;
    list->capacity = capacity;
    list->count = 0;
}

allostat_status allostat_meeting_join(allostat_meeting *self,
                                      const allostat_seeker_list *list,
                                      size_t list_count, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    size_t found = 0;

    assert(self->count == 0);
    for (size_t i = 0; i < list_count; i++) found += list[i].count;
    ALLOSTAT_TRY(allostat_meeting_reserve(self, found, error));
    self->count = found;
    self->from = list;
    self->from_count = list_count;
cleanup:
    return status;
}

/* Seekers of each cell, counted by parts. */
typedef struct {
    const allostat_meeting *meeting;
    size_t parts;
    int32_t seekers[ALLOSTAT_MEETING_CELLS];
} cell_counts;

static void count_cells(void *context, size_t part, size_t unused_first, size_t unused)
{
    cell_counts *self = context;
    const allostat_meeting *meeting = self->meeting;
    const allostat_seeker_range own =
        allostat_part_of_seekers(meeting->count, part, self->parts);
    int32_t seekers[ALLOSTAT_MEETING_CELLS] = {0};

    (void)unused_first, (void)unused;
    for (size_t s = 0, before = 0; s < allostat_stretch_count(meeting);
         before += allostat_stretch_of(meeting, s++).count) {
        const allostat_seekers some =
            allostat_own_of_stretch(own, allostat_stretch_of(meeting, s), before);

        for (size_t i = 0; i < some.count; i++)
            seekers[allostat_cell_of(&some.seeker[i])]++;
    }
    for (size_t cell = 0; cell < ALLOSTAT_MEETING_CELLS; cell++)
        allostat_share_count(&self->seekers[cell], seekers[cell]);
}

void allostat_meeting_choose_places(allostat_meeting *self, allostat_share share)
{
    cell_counts all = {self, allostat_share_part_count(share), {0}};

    allostat_share_parts(share, count_cells, &all);
    self->first_place[0] = 0;
    for (size_t cell = 0; cell < ALLOSTAT_MEETING_CELLS; cell++) {
        uint8_t bits = 0;

        while (all.seekers[cell] >> (bits + 1) >= PEOPLE_A_PLACE) bits++;
        self->place_bits[cell] = bits;
        self->first_place[cell + 1] = self->first_place[cell] + (1u << bits);
    }
    self->places_chosen = true;
}
