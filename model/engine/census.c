#include "engine/census.h"

#include "base/columns.h"
#include "base/hot.h"
#include "engine/records.h"

#include <string.h>

size_t allostat_census_cells(const allostat_census *self)
{
    return (size_t)self->area_count * ALLOSTAT_SEX_COUNT * ALLOSTAT_CENSUS_MONTHS;
}

allostat_status allostat_census_init(allostat_census *self, int32_t area_count,
                                     allostat_error *error)
{
    memset(self, 0, sizeof *self);
    self->area_count = area_count;
    return allostat_column_allocate((void **)&self->people, allostat_census_cells(self),
                                    sizeof *self->people, error);
}

void allostat_census_free(allostat_census *self)
{
    allostat_column_free((void **)&self->people);
    memset(self, 0, sizeof *self);
}

void allostat_census_change(allostat_census *self, const allostat_residents *residents,
                            uint32_t person, int32_t change)
{
    int32_t *place = allostat_census_place(self, residents, person);

    if (self->shared)
        allostat_share_count(place, change);
    else
        *place += change;
    self->adversity += (int64_t)change * residents->ace_score[person];
}

void allostat_census_found(allostat_census *self, const allostat_residents *residents)
{
    int64_t adversity = 0;

    for (size_t row = 0; row < residents->row_count; row++) {
        ++*allostat_census_place(self, residents, (uint32_t)row);
        adversity += residents->ace_score[row];
    }
    self->adversity += adversity;
}

ALLOSTAT_HOT
static int32_t sum_of(const int32_t *restrict people, size_t count)
{
    int32_t sum = 0;

    for (size_t i = 0; i < count; i++) sum += people[i];
    return sum;
}

/* People born in the months from .. to, oldest first; months are kept in a ring. */
static int32_t sum_births(const int32_t *people, allostat_month from, allostat_month to)
{
    const size_t first = (uint32_t)from % ALLOSTAT_CENSUS_MONTHS;
    const size_t count = to < from ? 0 : (size_t)(to - from) + 1;
    const size_t before = ALLOSTAT_CENSUS_MONTHS - first; /* the ring begins again */

    if (count <= before) return sum_of(people + first, count);
    return sum_of(people + first, before) + sum_of(people, count - before);
}

/* One area and sex: every month of birth once, from the last that is of an age of entry
 * on. */
static void count_group(const int32_t *people, allostat_month month, int32_t *count)
{
    static const int32_t first_age[ALLOSTAT_AGE_GROUP_COUNT] = {
#define ALLOSTAT_AGE_GROUP_ROW(name, first, last, label) first,
#include "tables/age_groups.def"
#undef ALLOSTAT_AGE_GROUP_ROW
    };
    allostat_month oldest = month - ALLOSTAT_CENSUS_MONTHS + 1;

    for (int32_t g = ALLOSTAT_AGE_GROUP_COUNT - 1; g >= 0; g--) {
        const allostat_month youngest = month - first_age[g] * ALLOSTAT_MONTHS_A_YEAR;

        count[g] += sum_births(people, oldest, youngest);
        oldest = youngest + 1;
    }
}

void allostat_census_count(const allostat_census *self, allostat_month month,
                           int32_t *count)
{
    const int32_t groups = self->area_count * (int32_t)ALLOSTAT_SEX_COUNT;

    for (int32_t group = 0; group < groups; group++) {
        count_group(self->people + (size_t)group * ALLOSTAT_CENSUS_MONTHS, month,
                    count + (size_t)group * ALLOSTAT_AGE_GROUP_COUNT);
    }
}

/* A table of its own for each thread, of a few at most: counts are not atomic, and a
 * table is three quarters of a megabyte. */
enum { RECOUNTS_MAX = 4 };

typedef struct {
    const allostat_residents *residents;
    size_t parts;
    allostat_census part[RECOUNTS_MAX];
} recount;

static void recount_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    recount *self = context;
    const allostat_residents *residents = self->residents;
    const size_t rows = residents->row_count;
    const size_t end = allostat_share_first_row(rows, part + 1, self->parts);
    allostat_census own = self->part[part]; /* its sum in no line of another thread's */

    (void)unused_first, (void)unused;
    for (size_t row = allostat_share_first_row(rows, part, self->parts); row < end;
         row++) {
        if (residents->status[row] != ALLOSTAT_RESIDENT_present) continue;
        allostat_census_change(&own, residents, (uint32_t)row, 1);
    }
    self->part[part] = own;
}

ALLOSTAT_HOT
static void add_people(int32_t *restrict sum, const int32_t *restrict people,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) sum[i] += people[i];
}

static void add_parts(recount *self, size_t cells)
{
    for (size_t p = 1; p < self->parts; p++) {
        add_people(self->part[0].people, self->part[p].people, cells);
        self->part[0].adversity += self->part[p].adversity;
    }
}

allostat_status allostat_census_verify(const allostat_census *self,
                                       const allostat_residents *residents,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t threads = allostat_share_part_count(residents->share);
    recount again = {.residents = residents,
                     .parts = threads < RECOUNTS_MAX ? threads : RECOUNTS_MAX};

    for (size_t p = 0; p < again.parts; p++)
        ALLOSTAT_TRY(allostat_census_init(&again.part[p], self->area_count, error));
    allostat_share_pieces(residents->share, again.parts, recount_part, &again);
    add_parts(&again, allostat_census_cells(self));
    if (memcmp(again.part[0].people, self->people,
               allostat_census_cells(self) * sizeof *self->people) != 0 ||
        again.part[0].adversity != self->adversity) {
        status = ALLOSTAT_FAIL(error, INVARIANT,
                               "the residents' table does not hold the people who came "
                               "and did not leave, by area, sex, age and adversity");
    }
cleanup:
    for (size_t p = 0; p < again.parts; p++) allostat_census_free(&again.part[p]);
    return status;
}

size_t allostat_census_bytes(const allostat_census *self)
{
    return allostat_census_cells(self) * sizeof *self->people;
}
