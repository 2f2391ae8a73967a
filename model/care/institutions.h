/* Daily step: detox and custody from inside.
 *
 * Inside nobody takes unregulated opioids. Nothing raises the risk of overdose after
 * release: tolerance is lost inside, and what the person believes of it lags. */
#ifndef ALLOSTAT_CARE_INSTITUTIONS_H
#define ALLOSTAT_CARE_INSTITUTIONS_H

#include "params/params.h"
#include "people/person_days.h"
#include "people/users.h"

#include <stdbool.h>

typedef enum {
    ALLOSTAT_INSTITUTION_none,
    ALLOSTAT_INSTITUTION_detox,
    ALLOSTAT_INSTITUTION_custody
} allostat_institution;

typedef struct {
    allostat_day day;
    allostat_month_days lived;
    float taper_level;        /* ng/mL */
    float inverse_taper_days; /* 1/d */
} allostat_institution_terms;

void allostat_institution_terms_make(allostat_institution_terms *self,
                                     const allostat_params *params, allostat_day day);

/* Level given today in detox: full, then falling in a straight line to nothing on the
 * day before release. */
static inline float allostat_taper_levelf(float level, float inverse_taper_days,
                                          int32_t days_left)
{
    const float part = (float)(days_left - 1) * inverse_taper_days;
    const float above = part > 0.0f ? part : 0.0f;

    return level * (above < 1.0f ? above : 1.0f);
}

/* Lists in row[count] who of rows first .. first + count - 1 is inside or has a stay
 * granted, and returns their number: for whom a stay can begin or end until the next
 * grant. */
static inline size_t allostat_institution_rows(const allostat_users *users,
                                               size_t first, size_t count,
                                               uint32_t *row)
{
    return allostat_rows_with(users->institution, users->institution_next, first, count,
                              row);
}

/* Of such rows: stays that begin or end today, the taper, what stops inside. Who was to
 * enter detox and uses no longer does not come. */
void allostat_institutions_step(const allostat_institution_terms *terms,
                                allostat_users *users, allostat_some_rows concerned);

/* Rows first .. first + count - 1: days of the month at liberty and untreated of the
 * dormant who are not in remission. */
void allostat_count_days_off_oat(allostat_users *users, size_t first, size_t count,
                                 int32_t days);

/* Is somebody free for a stay: present, at liberty, none granted? */
static inline bool allostat_may_enter(const allostat_users *users, size_t row)
{
    return users->present[row] && !users->institution[row] &&
           !users->institution_next[row];
}

/* A stay that begins on `start` for `days` days; with_oat: treatment goes on inside
 * (custody) or follows (detox). */
static inline void allostat_stay_grant(allostat_users *users, size_t row,
                                       allostat_institution institution,
                                       allostat_day start, int32_t days)
{
    users->institution_next[row] = (int32_t)institution;
    users->institution_start[row] = start;
    users->institution_end[row] = start + days;
}

#endif
