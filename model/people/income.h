/* By the month or by the turn (people/turn.h): who lives on income assistance, by
 * housing, use and area. */
#ifndef ALLOSTAT_PEOPLE_INCOME_H
#define ALLOSTAT_PEOPLE_INCOME_H

#include "base/draws.h"
#include "params/params.h"
#include "people/homes.h"
#include "people/residents.h"
#include "people/users.h"

typedef struct {
    allostat_draw_key key;
    allostat_month month; /* in which ages are taken: the middle one of those lived */
    int32_t pension_age;
    float review;          /* probability within the months lived at once */
    int32_t share_is_zero; /* 1 when some share below is 0 */
    float share[2][2][3]; /* [did the person ever use][at the street market][housing] */
} allostat_income_terms;

void allostat_income_terms_make(allostat_income_terms *self,
                                const allostat_params *params, allostat_draw_key key,
                                allostat_month month, int32_t months);

/* Chance that a person lives on assistance, as they live now; 0 from the pension's age
 * on. */
float allostat_assistance_chance(const allostat_income_terms *terms,
                                 const allostat_params *params,
                                 const allostat_residents *residents,
                                 const allostat_users *users, size_t person);

/* Rows first .. of residents, who have just come: assistance drawn, users' rows told.
 */
void allostat_income_enter(const allostat_income_terms *terms,
                           const allostat_params *params, allostat_residents *residents,
                           allostat_users *users, size_t first);

/* The block's residents: a share is decided anew; who reaches the pension leaves
 * assistance. */
void allostat_income_step(const allostat_income_terms *terms,
                          const allostat_params *params, allostat_residents *residents,
                          allostat_users *users, const allostat_living_block *block);

#endif
