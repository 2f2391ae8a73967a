/* Person-days of a month: after a release, on and off treatment, in each treatment.
 *
 * What a row counts stands still on nearly all days. So the month is counted at its
 * end, as if all its days had been lived as the last; whenever something changes
 * before, the row is given the days that it lived otherwise, and loses the same days as
 * it lives from now on. In between, the counters of a row are of no use. */
#ifndef ALLOSTAT_PEOPLE_PERSON_DAYS_H
#define ALLOSTAT_PEOPLE_PERSON_DAYS_H

#include "base/calendar.h"
#include "people/users.h"

/* Days after a release that count as early, and as lately released at all. */
enum { ALLOSTAT_RELEASE_EARLY_DAYS = 14, ALLOSTAT_RELEASE_LATER_DAYS = 365 };

/* The first days of a month. */
typedef struct {
    allostat_day first;
    int32_t count;
} allostat_month_days;

/* The days of the month before `day`, and those through its end. */
static inline allostat_month_days allostat_days_before(allostat_day day)
{
    const allostat_day first = allostat_month_first_day(allostat_month_of_day(day));

    return (allostat_month_days){first, day - first};
}

static inline allostat_month_days allostat_days_through(allostat_day day)
{
    allostat_month_days days = allostat_days_before(day);

    days.count++;
    return days;
}

/* Who uses, or has stopped otherwise than by remission. */
static inline int32_t allostat_in_need(int32_t active, int32_t in_remission)
{
    return active | (in_remission ^ 1);
}

/* What days add to the counters of a row. */
typedef struct {
    int32_t early, later, on_oat, off_oat, in_each;
} allostat_counted_days;

/* The first `days` of the month, all of them lived as the row stands now. A day counts
 * as it is after its treatment and stays, before its use. */
allostat_counted_days allostat_days_lived(const allostat_users *users, size_t row,
                                          allostat_month_days days);

/* After a change of present, institution, released_on, treatment, safer_supply, rx_only
 * or allostat_in_need: the same days as they were lived before it. */
void allostat_days_settle(allostat_users *users, size_t row, allostat_month_days days,
                          const allostat_counted_days *lived);

/* After the last of `days`: rows first .. first + count - 1 are counted. */
void allostat_days_close(allostat_users *users, size_t first, size_t count,
                         allostat_month_days days);

/* The day at liberty since the last release that `day` is, 1 to
 * ALLOSTAT_RELEASE_LATER_DAYS; 0 when there was none lately. */
static inline int32_t allostat_days_since(allostat_day released_on, allostat_day day)
{
    const int32_t since = day - released_on + 1;
    const int32_t lately = (released_on != 0) & (since <= ALLOSTAT_RELEASE_LATER_DAYS);

    return since & -lately;
}

#endif
