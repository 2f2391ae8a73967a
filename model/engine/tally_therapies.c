/* Stocks of behavioural care. */
#include "engine/tally_parts.h"

/* people_in_<therapy> stand in the order of therapies.def, which makes them. */
enum { FIRST_THERAPY = ALLOSTAT_COUNTED_people_in_emdr };
_Static_assert(ALLOSTAT_THERAPY_emdr == 0, "the first row of therapies.def");

void allostat_tally_therapies(allostat_tally *self, const allostat_users *users,
                              size_t row, size_t cell)
{
    const allostat_therapy_courses *courses = &users->courses[row];
    const size_t width = (size_t)self->cell_count;
    int32_t *people = self->counted + FIRST_THERAPY * width + cell;
    int32_t *waiting = self->counted + ALLOSTAT_COUNTED_therapy_waiting * width + cell;

    for (size_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++) {
        people[t * width] += courses->month[t] != 0;
        *waiting += courses->waiting_since[t] != 0;
    }
}
