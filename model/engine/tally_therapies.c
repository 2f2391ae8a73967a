/* Stocks of behavioural care. */
#include "engine/tally_parts.h"

#include "base/hot.h"

/* people_in_<therapy> stand in the order of therapies.def, which makes them. */
enum { FIRST_THERAPY = ALLOSTAT_COUNTED_people_in_emdr };
_Static_assert(ALLOSTAT_THERAPY_emdr == 0, "the first row of therapies.def");

static void count_row(allostat_tally *self, const allostat_therapy_courses *courses,
                      size_t cell)
{
    int32_t *waiting = allostat_tally_cells(self, ALLOSTAT_COUNTED_therapy_waiting);

    for (size_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++) {
        allostat_tally_cells(self, (allostat_counted)(FIRST_THERAPY + t))[cell] +=
            courses->month[t] != 0;
        waiting[cell] += courses->waiting_since[t] != 0;
    }
}

/* Does any row of a block wait for a therapy or take one, or has it lately? */
ALLOSTAT_HOT
static bool any_course(const allostat_therapy_courses *courses, size_t count)
{
    const int32_t *number = courses->waiting_since;
    int32_t all = 0;

    for (size_t i = 0; i < count * (sizeof *courses / sizeof *number); i++)
        all |= number[i];
    return all != 0;
}

void allostat_tally_therapies(allostat_tally *self, const allostat_users *users,
                              size_t first, const allostat_sum_rows *rows)
{
    if (!any_course(users->courses + first, rows->count)) return;
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->here[i])
            count_row(self, &users->courses[first + i], (size_t)rows->cell[i]);
    }
}
