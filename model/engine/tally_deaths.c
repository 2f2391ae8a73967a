/* The log of deaths, and what is counted by group at an event. */
#include "engine/tally_parts.h"

#include "base/columns.h"
#include "people/traits.h"

#include <string.h>

void allostat_tally_add_grouped(allostat_tally *self, allostat_grouped series,
                                const allostat_residents *residents, uint32_t person,
                                bool ptsd, int32_t amount)
{
    const allostat_person_groups groups = allostat_groups_of(residents, person, ptsd);

    allostat_groups_add(self, series, &groups, amount);
}

void allostat_tally_group_overdose(allostat_tally *self,
                                   const allostat_overdose *overdose, int32_t who,
                                   bool ptsd)
{
    const allostat_person_groups groups = allostat_groups_of_who(who, ptsd);

#define ADD(series, happened) \
    if (happened)             \
    allostat_groups_add(self, ALLOSTAT_GROUPED_##series##_by_group, &groups, 1)
    ADD(overdoses, true);
    ADD(attended_overdoses, overdose->attended);
    ADD(overdose_deaths, overdose->fatal);
#undef ADD
}

/* Places for some more; NULL without memory, which the end of the month tells. */
static allostat_death *next_deaths(allostat_tally *self, int64_t count)
{
    enum { FIRST_CAPACITY = 256 };
    allostat_error error = {0};
    const int64_t needed = self->death_count + count;

    if (needed > self->death_capacity) {
        const int64_t wanted =
            2 * needed > FIRST_CAPACITY ? 2 * needed : FIRST_CAPACITY;

        if (allostat_column_grow((void **)&self->death, (size_t)self->death_capacity,
                                 (size_t)wanted, sizeof *self->death,
                                 &error) != ALLOSTAT_OK) {
            self->deaths_lost = true;
            return NULL;
        }
        self->death_capacity = wanted;
    }
    self->death_count = needed;
    return &self->death[needed - count];
}

void allostat_tally_add_deaths(allostat_tally *self, const allostat_tally *books)
{
    const int64_t count = books->death_count;
    allostat_death *place = count > 0 ? next_deaths(self, count) : NULL;

    self->deaths_lost |= books->deaths_lost;
    if (place != NULL) memcpy(place, books->death, (size_t)count * sizeof *place);
}

void allostat_tally_death(allostat_tally *self, const allostat_residents *residents,
                          const allostat_users *users, int32_t row, uint32_t person,
                          const allostat_overdose *overdose)
{
    const bool used = row >= 0 && !users->rx_only[row];
    const float severity =
        row >= 0 ? users->ptsd_severity[row] : residents->ptsd_severity[person];
    const bool ptsd = severity >= self->ptsd_threshold;
    allostat_death *death = next_deaths(self, 1);

    if (used) {
        allostat_tally_add_grouped(self, ALLOSTAT_GROUPED_deaths_by_group, residents,
                                   person, ptsd, 1);
    }
    if (death == NULL) return;
    *death = (allostat_death){
        .person = residents->number[person],
        .day = self->day,
        .overdose = overdose != NULL,
        .area = overdose != NULL ? (uint8_t)overdose->area : residents->area[person],
        .sex = residents->sex[person],
        .age =
            (uint8_t)allostat_age_in_month(residents->birth_month[person], self->month),
        .used = used,
        .style = (uint8_t)allostat_style(residents->attachment_anxiety[person],
                                         residents->attachment_avoidance[person]),
        .ptsd = ptsd,
        .ace_score = residents->ace_score[person],
        .treatment = row >= 0 ? (uint8_t)users->treatment[row] : 0,
        .place = overdose != NULL ? (uint8_t)overdose->place : ALLOSTAT_DEATH_NO_PLACE,
        .alone = overdose != NULL && overdose->alone,
    };
}

/* Deaths are sorted digit by digit of a number, by day, then by person. */
enum {
    DIGIT_BITS = 10,
    DIGIT_VALUES = 1 << DIGIT_BITS,
    DIGITS = 4, /* even: sorted they stand where they stood */
    PERSON_BITS = 32,
    DAY_BITS = 5
};
_Static_assert((int)PERSON_BITS + (int)DAY_BITS <= (int)DIGITS * (int)DIGIT_BITS,
               "a day of a month and a person fit the digits");

static size_t digit_of(const allostat_death *death, allostat_day first, int32_t digit)
{
    const uint64_t day = (uint64_t)(death->day - first);
    const uint64_t number = day << PERSON_BITS | death->person;

    return (size_t)(number >> digit * DIGIT_BITS) % DIGIT_VALUES;
}

/* One pass of a radix sort, the order of equals kept. */
static void sort_by_digit(const allostat_death *from, allostat_death *to, size_t count,
                          allostat_day first, int32_t digit)
{
    uint32_t place[DIGIT_VALUES + 1] = {0};

    for (size_t i = 0; i < count; i++) place[digit_of(&from[i], first, digit) + 1]++;
    for (size_t value = 0; value < DIGIT_VALUES; value++)
        place[value + 1] += place[value];
    for (size_t i = 0; i < count; i++)
        to[place[digit_of(&from[i], first, digit)]++] = from[i];
}

allostat_status allostat_tally_keep_deaths(const allostat_tally *self,
                                           allostat_records *records,
                                           allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t count = (size_t)self->death_count;
    const allostat_day first = allostat_month_first_day(self->month);
    allostat_death *kept = NULL;

    if (self->deaths_lost) return ALLOSTAT_FAIL(error, NO_MEMORY, "the log of deaths");
    if (self->death_count == 0) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_records_reserve_deaths(records, self->death_count, error));
    kept = records->death + records->death_count;
    for (int32_t digit = 0; digit < DIGITS; digit += 2) {
        sort_by_digit(self->death, kept, count, first, digit);
        sort_by_digit(kept, self->death, count, first, digit + 1);
    }
    memcpy(kept, self->death, count * sizeof *kept);
    records->death_count += self->death_count;
cleanup:
    return status;
}
