/* Becoming a user: by first use, or by entering the city with a history of use. */
#ifndef ALLOSTAT_PEOPLE_BECOMING_H
#define ALLOSTAT_PEOPLE_BECOMING_H

#include "base/draws.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"
#include <stdbool.h>

/* Chance of using at entry, by age, at first_use_ratio 1, and the month of entry. */
typedef struct {
    const allostat_params *params;
    allostat_draw_key key;
    allostat_month month;
    double chance[ALLOSTAT_AGE_COUNT];
} allostat_becoming;

/* Solve the chances so that the residents now in the table hold users.initial_count
 * users (times population.scale), of normal age (users.age_mean, users.age_sd) whatever
 * the city's ages, and of sex, area, traits, PTSD and stress as first use has them. */
void allostat_becoming_make(allostat_becoming *self, const allostat_params *params,
                            allostat_draw_key key, const allostat_residents *residents,
                            allostat_month month);

/* Who of rows `first` .. enters as a user: enters[row - first], 0 or 1. `ratio` is 1 at
 * the start, users.arrival_ratio later. */
void allostat_enter_using(const allostat_becoming *self,
                          const allostat_residents *residents, size_t first,
                          double ratio, uint8_t *enters);

/* An empty row, by allostat_users_seat, or that which the person has as a patient
 * becomes a user's: traits of use drawn, housing as users live (of a first use only
 * while homes do not change: mechanisms.housing_transitions off). `with_history` gives
 * the years of use of one who enters using, some of them in remission; without, a first
 * use today. Writes this row and the person's only. */
void allostat_become_user(const allostat_becoming *self, allostat_residents *residents,
                          allostat_users *users, uint32_t person, size_t row,
                          bool with_history);

/* An empty row becomes that of a patient, who takes prescribed opioids only, as by
 * allostat_users_seat. allostat_become_user later makes the same row that of a user. */
void allostat_become_patient(const allostat_becoming *self,
                             allostat_residents *residents, allostat_users *users,
                             uint32_t person, size_t row);

/* Daily share kept of a distance that closes with time constant tau at a personal pace.
 */
void allostat_user_refresh_pace(allostat_users *users, size_t row, double tau_fast,
                                double tau_slow);

/* The same for rows first .. first + count - 1, but for patients, whose pace follows
 * the length of their step. Vectorised. */
void allostat_users_refresh_paces(allostat_users *users, const allostat_params *params,
                                  size_t first, size_t count);

/* Risk of overdose from route and stimulants against smoking opioids only. */
void allostat_user_refresh_risk(allostat_users *users, size_t row,
                                const allostat_params *params);

#endif
