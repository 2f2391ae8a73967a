#include "engine/settled.h"

#include "base/columns.h"
#include "base/share.h"

#include <string.h>

enum { BUNCH = ALLOSTAT_EVENINGS_IN_BUNCH, NO_DAY = -1 };

void allostat_settled_free(allostat_settled_list *self)
{
    allostat_column_free((void **)&self->record);
    allostat_column_free((void **)&self->order);
    memset(self, 0, sizeof *self);
}

/* Only records that are filled take memory. */
allostat_status allostat_settled_begin(allostat_settled_list *self, size_t rows,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    self->bunch_count = 0;
    if (rows <= self->capacity) return ALLOSTAT_OK;
    rows += rows / 8; /* they grow from month to month */
    allostat_settled_free(self);
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->record, rows,
                                          sizeof *self->record, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->order, rows,
                                          sizeof *self->order, error));
    self->capacity = rows;
cleanup:
    return status;
}

allostat_settled *allostat_settled_next(allostat_settled_list *self,
                                        allostat_share_bunch *places)
{
    if (allostat_share_refill(places, &self->bunch_count, BUNCH)) {
        if (places->end > self->capacity) {
            *places = (allostat_share_bunch){0};
            return NULL;
        }
        for (size_t at = places->next; at < places->end; at++)
            self->record[at].day = NO_DAY;
    }
    return &self->record[places->next++];
}

/* Places that were asked for in vain are counted, too. */
static size_t place_count(const allostat_settled_list *self)
{
    const size_t most = self->capacity / BUNCH;

    return (self->bunch_count < most ? self->bunch_count : most) * BUNCH;
}

static void count_days(const allostat_settled_list *self, size_t count, size_t *of_day)
{
    for (size_t i = 0; i < count; i++)
        if (self->record[i].day != NO_DAY) of_day[self->record[i].day]++;
}

/* They are few a day. */
static void put_in_order(allostat_settled_list *self, size_t first, size_t end,
                         uint32_t which)
{
    const allostat_settled *record = self->record;
    size_t at = end;

    for (; at > first && record[self->order[at - 1]].person > record[which].person;
         at--)
        self->order[at] = self->order[at - 1];
    self->order[at] = which;
}

void allostat_settled_sort(allostat_settled_list *self)
{
    const size_t count = place_count(self);
    size_t of_day[ALLOSTAT_SPAN_DAYS_MAX] = {0};

    if (count / BUNCH > self->most_bunches) self->most_bunches = count / BUNCH;
    count_days(self, count, of_day);
    self->from[0] = 0;
    for (int32_t day = 0; day < ALLOSTAT_SPAN_DAYS_MAX; day++) {
        self->from[day + 1] = self->from[day] + of_day[day];
        of_day[day] = self->from[day];
    }
    for (size_t i = 0; i < count; i++) {
        const int32_t day = self->record[i].day;

        if (day != NO_DAY)
            put_in_order(self, self->from[day], of_day[day]++, (uint32_t)i);
    }
}

size_t allostat_settled_bytes(const allostat_settled_list *self)
{
    return self->most_bunches * BUNCH * (sizeof *self->record + sizeof *self->order);
}
