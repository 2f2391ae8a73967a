/* Parts of the tally that have files of their own; for the files of the tally only. */
#ifndef ALLOSTAT_ENGINE_TALLY_PARTS_H
#define ALLOSTAT_ENGINE_TALLY_PARTS_H

#include "engine/tally.h"

/* A death, before the person leaves; `overdose` is NULL for another cause. */
void allostat_tally_death(allostat_tally *self, const allostat_residents *residents,
                          const allostat_users *users, uint32_t person,
                          const allostat_overdose *overdose);

/* The month's deaths go to the records, by day, then by person. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_tally_keep_deaths(
    const allostat_tally *self, allostat_records *records, allostat_error *error);

/* The groups of a person, of which there are as many as kinds of groups. */
enum { ALLOSTAT_GROUP_KINDS = 3 };

typedef struct {
    int32_t group[ALLOSTAT_GROUP_KINDS];
} allostat_person_groups;

allostat_person_groups allostat_groups_of(const allostat_residents *residents,
                                          uint32_t person, bool ptsd);

static inline void allostat_groups_add(allostat_tally *self, allostat_grouped series,
                                       const allostat_person_groups *groups,
                                       int32_t amount)
{
    for (int32_t kind = 0; kind < ALLOSTAT_GROUP_KINDS; kind++)
        self->grouped[series][groups->group[kind]] += amount;
}

/* Add to a grouped series in every group of a person. */
void allostat_tally_add_grouped(allostat_tally *self, allostat_grouped series,
                                const allostat_residents *residents, uint32_t person,
                                bool ptsd, int32_t amount);

void allostat_tally_group_overdose(allostat_tally *self,
                                   const allostat_overdose *overdose,
                                   const allostat_residents *residents,
                                   const allostat_users *users, int32_t row);

/* Days of the month by health state. Residents first, once their stocks are known, as
 * if nobody had used; then every row of a user who is present takes its days out of
 * them. A death by overdose adds the days up to it. `cell` is that of the area of
 * residence. */
void allostat_tally_residents_days(allostat_tally *self);
typedef struct {
    size_t cell;
    int32_t days; /* spent there */
} allostat_cell_days;

void allostat_tally_month_days(allostat_tally *self,
                               const allostat_residents *residents,
                               const allostat_users *users, size_t row,
                               allostat_cell_days spent);
void allostat_tally_last_days(allostat_tally *self, const allostat_residents *residents,
                              const allostat_users *users, size_t row, size_t cell);

/* How the residents of rows from .. end - 1 live; how many there are the census knows.
 */
void allostat_tally_lives(allostat_tally *self, const allostat_residents *residents,
                          size_t from, size_t end);

/* Who of the present is in each therapy, and how often people wait for one. */
void allostat_tally_therapies(allostat_tally *self, const allostat_users *users,
                              size_t row, size_t cell);

/* Stocks of treatments and of safer supply of a present user's row. */
void allostat_tally_treatments(allostat_tally *self, const allostat_users *users,
                               size_t row, size_t cell);

/* Starts, stops, days in and episodes a year long of each treatment, and safer supply;
 * the row begins again at zero. */
void allostat_tally_treatment_flows(allostat_tally *self, allostat_users *users,
                                    size_t row, size_t cell);

#endif
