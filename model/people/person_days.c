#include "people/person_days.h"

#include "base/hot.h"

/* What a row counts by. */
typedef struct {
    int32_t present, institution, treatment, active, in_remission, rx_only;
    int32_t safer_supply;
    allostat_day released_on;
} living;

static inline living living_of(const allostat_users *users, size_t row)
{
    return (living){
        .present = users->present[row],
        .institution = users->institution[row],
        .treatment = users->treatment[row],
        .active = users->active[row],
        .in_remission = users->in_remission[row],
        .rx_only = users->rx_only[row],
        .safer_supply = users->safer_supply[row],
        .released_on = users->released_on[row],
    };
}

/* Days from `from` on that are before `until`, if any. */
static inline int32_t days_between(allostat_day from, allostat_day until)
{
    return until > from ? until - from : 0;
}

static inline int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

/* The days, all of them lived like this. */
static inline allostat_counted_days count_days(living row, allostat_day first,
                                               int32_t days)
{
    const int32_t at_liberty = row.present & (row.institution == 0);
    const int32_t treated = allostat_is_agonist(row.treatment);
    const int32_t in_need =
        allostat_in_need(row.active, row.in_remission) & (row.rx_only ^ 1);
    const int32_t released = at_liberty & (row.released_on != 0);
    const allostat_day end = first + days;
    const allostat_day from = row.released_on > first ? row.released_on : first;
    const int32_t early =
        days_between(from, least(end, row.released_on + ALLOSTAT_RELEASE_EARLY_DAYS));
    const int32_t lately =
        days_between(from, least(end, row.released_on + ALLOSTAT_RELEASE_LATER_DAYS));
    const int32_t safer = at_liberty & row.safer_supply;

    return (allostat_counted_days){
        .early = early & -released,
        .later = (lately - early) & -released,
        .on_oat = days & -(at_liberty & treated),
        .off_oat = days & -(at_liberty & (treated ^ 1) & in_need),
        .in_each =
            days * (allostat_packed_one(row.treatment, ALLOSTAT_PACKED_DAYS_BITS) +
                    safer * (1 << ALLOSTAT_PACKED_SAFER_AT)),
    };
}

allostat_counted_days allostat_days_lived(const allostat_users *users, size_t row,
                                          allostat_month_days days)
{
    return count_days(living_of(users, row), days.first, days.count);
}

/* Most do not change, and each counter is far from the cache. */
static inline void add_some(int32_t *counter, int32_t days)
{
    if (days != 0) *counter += days;
}

void allostat_days_settle(allostat_users *users, size_t row, allostat_month_days days,
                          const allostat_counted_days *lived)
{
    const allostat_counted_days now = allostat_days_lived(users, row, days);

    add_some(&users->early_days_month[row], lived->early - now.early);
    add_some(&users->later_days_month[row], lived->later - now.later);
    add_some(&users->oat_days_month[row], lived->on_oat - now.on_oat);
    add_some(&users->off_oat_days_month[row], lived->off_oat - now.off_oat);
    add_some(&users->treatment_days_month[row], lived->in_each - now.in_each);
}

ALLOSTAT_HOT
void allostat_days_close(allostat_users *users, size_t first, size_t count,
                         allostat_month_days days)
{
    const allostat_users rows = *users; /* the stores below cannot change a local */
    int32_t *restrict early = users->early_days_month + first;
    int32_t *restrict later = users->later_days_month + first;
    int32_t *restrict on_oat = users->oat_days_month + first;
    int32_t *restrict off_oat = users->off_oat_days_month + first;
    int32_t *restrict in_each = users->treatment_days_month + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const allostat_counted_days all =
            count_days(living_of(&rows, first + i), days.first, days.count);

        early[i] += all.early;
        later[i] += all.later;
        on_oat[i] += all.on_oat;
        off_oat[i] += all.off_oat;
        in_each[i] += all.in_each;
    }
}
