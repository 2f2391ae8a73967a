#include "care/waiting.h"

#include "base/columns.h"
#include "base/dmath.h"
#include "care/drawing.h"

void allostat_waiting_queue(const allostat_care_month *care, const int32_t *since,
                            allostat_draw rank, allostat_requests *list, size_t first,
                            size_t count)
{
    allostat_drawing people;
    size_t now;

    for (size_t row = first; row < first + count; row += now) {
        now = allostat_drawing_rows(row, first + count);
        allostat_drawing_pick_set(&people, care->users, row, now, since);
        allostat_drawing_make(&people, care, rank);
        for (size_t i = 0; i < people.count; i++) {
            const uint32_t who = people.row[i];
            const uint64_t order = allostat_request_order(since[who], people.bits[i]);
            allostat_requests_add(list, order, who);
        }
    }
}

/* What asking needs beside the list. */
typedef struct {
    const allostat_care_month *care;
    const allostat_waiting_list *list;
    double request, give_up; /* chances */
} asking_context;

static void ask_some(const asking_context *self, allostat_drawing *people)
{
    allostat_drawing_make(people, self->care, self->list->request);
    for (size_t i = 0; i < people->count; i++) {
        if (allostat_drawing_uniform(people, i) < self->request)
            self->list->since[people->row[i]] =
                allostat_month_first_day(self->care->month);
    }
    people->count = 0;
}

static void give_up_some(const asking_context *self, allostat_drawing *people)
{
    allostat_drawing_make(people, self->care, self->list->give_up);
    for (size_t i = 0; i < people->count; i++) {
        if (allostat_drawing_uniform(people, i) < self->give_up)
            self->list->since[people->row[i]] = 0;
    }
    people->count = 0;
}

static int32_t wait_rows(void *context, allostat_requests *list, size_t first,
                         size_t count)
{
    const asking_context *self = context;
    const allostat_care_month *care = self->care;
    int32_t *since = self->list->since;
    allostat_drawing asking = {.count = 0}, waiting = {.count = 0};

    for (size_t row = first; row < first + count; row++) {
        if (!self->list->may_wait(care, row)) {
            since[row] = 0;
            continue;
        }
        allostat_drawing *people = since[row] != 0 ? &waiting : &asking;
        allostat_drawing_add(people, care->users, row, 0);
        if (allostat_drawing_is_full(&waiting)) give_up_some(self, &waiting);
        if (allostat_drawing_is_full(&asking)) ask_some(self, &asking);
    }
    give_up_some(self, &waiting);
    ask_some(self, &asking);
    allostat_waiting_queue(care, since, self->list->rank, list, first, count);
    return 0;
}

allostat_status allostat_waiting_month(const allostat_care_month *care,
                                       const allostat_waiting_list *list, int32_t open,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    asking_context context = {care, list, -allostat_expm1(-list->request_rate),
                              -allostat_expm1(-list->give_up_rate)};

    allostat_care_note_rest(care, list->rests, false);
    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    (void)allostat_requests_collect(care->requests, care->users, wait_rows, &context);
    allostat_requests_grant(care->requests, open > 0 ? (size_t)open : 0);
cleanup:
    return status;
}

void allostat_waiting_close(const allostat_care_month *care,
                            const allostat_waiting_list *list)
{
    const size_t rows = care->users->row_count;

    if (allostat_care_rests(care, list->rests)) return;
    for (size_t row = allostat_next_word(list->since, 0, rows); row < rows;
         row = allostat_next_word(list->since, row + 1, rows))
        list->since[row] = 0;
    allostat_care_note_rest(care, list->rests, true);
}
