#include "engine/tally_share.h"

#include "base/columns.h"
#include "engine/tally_parts.h"

#include <string.h>

static size_t counted_cells(const allostat_tally *self)
{
    return (size_t)ALLOSTAT_COUNTED_COUNT * (size_t)self->cell_count;
}

/* Books of the parts but the first, which counts into the tally itself. */
static allostat_status reserve(allostat_tally *self, size_t more, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    if (more <= self->part_count) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_column_grow((void **)&self->part, self->part_count, more,
                                      sizeof *self->part, error));
    while (self->part_count < more) {
        ALLOSTAT_TRY(allostat_column_allocate(
            (void **)&self->part[self->part_count].counted, counted_cells(self),
            sizeof *self->counted, error));
        self->part_count++;
    }
cleanup:
    return status;
}

/* Their own books, with what they must know. */
static void begin(const allostat_tally *self, allostat_tally *books)
{
    const allostat_tally last = *books;

    *books = *self;
    books->counted = last.counted;
    memcpy(books->touched, last.touched, sizeof books->touched);
    books->part = NULL;
    books->part_count = 0;
    books->death = last.death;
    books->death_capacity = last.death_capacity;
    books->death_count = 0;
    books->deaths_lost = false;
    books->census.adversity = 0;
    books->entered = books->dead_overdose = books->dead_other = books->moved_out = 0;
    books->kits_handed = books->kits_lost = books->kits_used = books->kits_gone = 0;
    memset(books->city, 0, sizeof books->city);
    memset(books->yearly, 0, sizeof books->yearly);
    memset(books->grouped, 0, sizeof books->grouped);
}

/* Most counts touch few series: only these are added up, and cleared before the next.
 */
static void add_counted(allostat_tally *self, const allostat_tally *books)
{
    const size_t width = (size_t)self->cell_count;

    for (size_t s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        if (!books->touched[s]) continue;
        for (size_t i = s * width; i < (s + 1) * width; i++)
            self->counted[i] += books->counted[i];
    }
}

static void clear_counted(allostat_tally *books)
{
    const size_t width = (size_t)books->cell_count;

    for (size_t s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        if (books->touched[s])
            memset(books->counted + s * width, 0, width * sizeof *books->counted);
        books->touched[s] = false;
    }
}

static void add(allostat_tally *self, const allostat_tally *books)
{
    const int32_t most = ALLOSTAT_YEARLY_most_overdoses_of_one_person;
    const int32_t found = self->yearly[most];

    add_counted(self, books);
    for (size_t i = 0; i < ALLOSTAT_CITY_COUNT; i++) self->city[i] += books->city[i];
    for (size_t i = 0; i < ALLOSTAT_YEARLY_COUNT; i++)
        self->yearly[i] += books->yearly[i];
    self->yearly[most] = found > books->yearly[most] ? found : books->yearly[most];
    for (size_t s = 0; s < ALLOSTAT_GROUPED_COUNT; s++) {
        for (size_t g = 0; g < ALLOSTAT_GROUP_COUNT; g++)
            self->grouped[s][g] += books->grouped[s][g];
    }
    self->census.adversity += books->census.adversity;
    self->entered += books->entered;
    self->dead_overdose += books->dead_overdose;
    self->dead_other += books->dead_other;
    self->moved_out += books->moved_out;
    allostat_tally_add_deaths(self, books);
    self->kits_handed += books->kits_handed;
    self->kits_lost += books->kits_lost;
    self->kits_used += books->kits_used;
    self->kits_gone += books->kits_gone;
}

typedef struct {
    allostat_tally *tally;
    allostat_tally_work work;
    void *context;
    size_t parts;
} sharing;

static void do_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    const sharing *self = context;
    allostat_tally *books = part == 0 ? self->tally : &self->tally->part[part - 1];

    (void)unused_first, (void)unused;
    if (part > 0) clear_counted(books); /* by whoever counts into it */
    self->work(self->context, books, part, self->parts);
}

allostat_status allostat_tally_share(allostat_tally *self, allostat_tally_work work,
                                     void *context, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t parts = allostat_share_part_count(self->share);
    sharing all = {self, work, context, parts};

    if (parts == 1) {
        work(context, self, 0, 1);
        return ALLOSTAT_OK;
    }
    ALLOSTAT_TRY(reserve(self, parts - 1, error));
    self->census.shared = true;
    for (size_t p = 0; p < parts - 1; p++) begin(self, &self->part[p]);
    allostat_share_parts(self->share, do_part, &all);
    self->census.shared = false;
    for (size_t p = 0; p < parts - 1; p++) add(self, &self->part[p]);
cleanup:
    return status;
}

void allostat_tally_share_free(allostat_tally *self)
{
    for (size_t p = 0; p < self->part_count; p++) {
        allostat_column_free((void **)&self->part[p].counted);
        allostat_column_free((void **)&self->part[p].death);
    }
    allostat_column_free((void **)&self->part);
}
