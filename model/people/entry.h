/* Entry of people into the city: who they are, where they live, what they bring. */
#ifndef ALLOSTAT_PEOPLE_ENTRY_H
#define ALLOSTAT_PEOPLE_ENTRY_H

#include "base/draws.h"
#include "params/params.h"
#include "people/projection.h"
#include "people/residents.h"
#include "people/traits.h"

#include <stdbool.h>

/* What prevention has done to those who enter now; the parameters of the month. */
typedef struct {
    int32_t born_from; /* calendar month of birth */
    bool newcomers;    /* has it reached people who move in? */
    double ace_ratio;
    double attachment_shift; /* SD */
} allostat_prevention;

allostat_prevention allostat_prevention_make(const allostat_params *params);

/* Was a person who enters in `month` reached? Who enters at 15 has grown up here. */
static inline bool allostat_prevention_reached(const allostat_prevention *self,
                                               int32_t birth_month,
                                               allostat_month month)
{
    const bool grew_up_here =
        allostat_age_in_month(birth_month, month) == ALLOSTAT_AGE_OF_ENTRY;

    return birth_month >= self->born_from && (grew_up_here || self->newcomers);
}

/* What an entry needs, computed once for a run from its fixed parameters. */
typedef struct {
    const allostat_params *params;
    allostat_draw_key key;
    allostat_prevention prevention; /* set again each month */
    bool founding; /* while the people of the first day are made: 15-year-olds of any
                      month; later those who come at 15 have just turned it */
    double area_cumulated[ALLOSTAT_AREAS_MAX]; /* shares of residents, cumulated to 1 */
    int32_t area_count;
    double ace_mean, ace_sd; /* of the whole city */
    double loading;          /* of attachment on adversity */
    double mean_log_ratio;   /* of traits, taken away so that their mean ratio is 1 */
    double area_ratio[ALLOSTAT_AREAS_MAX]; /* share of users over share of residents */
    double sex_ratio[ALLOSTAT_SEX_COUNT];  /* share of users over an even share */
    double ace_cumulated[ALLOSTAT_AREAS_MAX][ALLOSTAT_ACE_MAX + 1]; /* P(ACE <= k) */
} allostat_entry;

void allostat_entry_make(allostat_entry *self, const allostat_params *params,
                         allostat_draw_key key);

/* Put `count` new people of one cohort at the end of the table: rows row_count ..
 * row_count + count
 * - 1, present, with every trait drawn. `month` is the month of entry. There must be
 * room. */
void allostat_entry_admit(const allostat_entry *self, allostat_residents *residents,
                          int32_t cohort, int32_t count, allostat_month month);

/* As many of each cohort, in the order of cohorts. */
void allostat_entry_admit_all(const allostat_entry *self, allostat_residents *residents,
                              const int32_t count[ALLOSTAT_COHORT_COUNT],
                              allostat_month month);

#endif
