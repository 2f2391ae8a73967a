#include "base/columns.h"
#include "study/trace.h"

#include <string.h>

/* What is counted of everybody, each kind at most so often. */
typedef enum {
    KIND_overdose,
    KIND_treatment,
    KIND_lapse,
    KIND_stop,
    KIND_release,
    KIND_bereavement,
    KIND_COUNT
} kind;

enum { MOST_OF_A_KIND = 3, YEARS_OF_USE = 2 };

typedef struct {
    size_t people;
    uint8_t *happened; /* [people][KIND_COUNT] */
    float *years;      /* [people]: of active use so far */
    uint8_t *style;    /* [people] */
} census;

static allostat_status census_init(census *self, size_t people, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->happened, people * KIND_COUNT,
                                          1, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->years, people,
                                          sizeof *self->years, error));
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->style, people, 1, error));
    self->people = people;
cleanup:
    return status;
}

static void census_free(census *self)
{
    allostat_column_free((void **)&self->happened);
    allostat_column_free((void **)&self->years);
    allostat_column_free((void **)&self->style);
}

static void count(census *self, uint32_t person, kind which, int32_t times)
{
    uint8_t *cell = &self->happened[(size_t)person * KIND_COUNT + which];
    const int32_t sum = *cell + times;

    *cell = (uint8_t)(sum < MOST_OF_A_KIND ? sum : MOST_OF_A_KIND);
}

/* On the last day of a month its counters are full; overdoses are counted by the year,
 * so they are read in December and when the person has left. */
static allostat_status after_month(void *context, const allostat_city *city,
                                   allostat_day day, allostat_error *error)
{
    census *self = context;
    const allostat_residents *residents = &city->residents;
    const allostat_users *users = &city->users;
    const allostat_date tomorrow = allostat_date_from_day(day + 1);

    if (self->people == 0) {
        const allostat_status status = census_init(self, city->projection.total, error);
        if (status != ALLOSTAT_OK) return status;
    }
    for (size_t row = 0; row < users->row_count; row++) {
        const uint32_t person = users->person[row], number = users->number[row];
        const bool year_ends = tomorrow.month == 1 || !users->present[row];

        count(self, number, KIND_overdose, year_ends ? users->overdoses_year[row] : 0);
        count(self, number, KIND_treatment, users->oat_starts_month[row]);
        count(self, number, KIND_lapse, users->lapses_month[row]);
        count(self, number, KIND_stop, users->cessations_month[row]);
        count(self, number, KIND_release, users->releases_month[row]);
        count(self, number, KIND_bereavement, residents->bereaved_month[person]);
        self->years[number] = users->use_years[row];
        self->style[number] =
            (uint8_t)allostat_style(residents->attachment_anxiety[person],
                                    residents->attachment_avoidance[person]);
    }
    return ALLOSTAT_OK;
}

static int32_t score(const census *self, size_t person)
{
    int32_t sum = 0;

    if (self->years[person] < (float)YEARS_OF_USE) return 0;
    for (int k = 0; k < KIND_COUNT; k++) {
        sum += self->happened[person * KIND_COUNT + (size_t)k];
    }
    return sum;
}

static bool is_chosen(const uint32_t *person, int32_t chosen, uint32_t candidate)
{
    bool found = false;

    for (int32_t i = 0; i < chosen; i++) found |= person[i] == candidate;
    return found;
}

/* The best of a style who is not chosen yet; false when there is none. */
static bool choose_one(const census *self, allostat_attachment_style style,
                       uint32_t *person, int32_t chosen)
{
    int32_t best = 0;

    for (size_t p = 0; p < self->people; p++) {
        const int32_t s = self->style[p] == style ? score(self, p) : 0;

        if (s <= best || is_chosen(person, chosen, (uint32_t)p)) continue;
        best = s;
        person[chosen] = (uint32_t)p;
    }
    return best > 0;
}

allostat_status allostat_trace_choose(const allostat_replicate *replicate,
                                      int32_t wanted, uint32_t *person, int32_t *found,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_records records = {0};
    census self = {0};
    const allostat_observer observer = {after_month, &self, false};
    int32_t misses = 0, chosen = 0;

    ALLOSTAT_TRY(allostat_replicate_run(replicate, &observer, &records, error));
    for (int32_t turn = 0; chosen < wanted && misses < ALLOSTAT_STYLE_COUNT; turn++) {
        const int32_t style =
            ALLOSTAT_STYLE_COUNT - 1 - turn % (int32_t)ALLOSTAT_STYLE_COUNT;
        const bool any =
            choose_one(&self, (allostat_attachment_style)style, person, chosen);
        chosen += any;
        misses = any ? 0 : misses + 1;
    }
    *found = chosen;
cleanup:
    census_free(&self);
    allostat_records_free(&records);
    return status;
}
