/* Counting: what happens is added to the cells of the running month, and the month
 * becomes a row of the records when it lies in the output window. */
#ifndef ALLOSTAT_ENGINE_TALLY_H
#define ALLOSTAT_ENGINE_TALLY_H

#include "care/response.h"
#include "engine/census.h"
#include "engine/records.h"
#include "people/residents.h"
#include "people/users.h"

#include <stdbool.h>

typedef struct allostat_tally {
    allostat_share share; /* who may count at once */
    size_t part_count;
    struct allostat_tally *part; /* [part_count]: see tally_share.h */
    allostat_month month;        /* the running month */
    allostat_day day;            /* the running day: when somebody dies */
    bool no_therapies;    /* this month nobody waits for one, has, ends or leaves it */
    float ptsd_threshold; /* severity from which a person has PTSD */
    int32_t area_count;
    int32_t cell_count; /* areas x sexes x age groups */
    uint8_t age_group[ALLOSTAT_AGE_COUNT];
    allostat_census census;
    int32_t *counted; /* [ALLOSTAT_COUNTED_COUNT][cell_count], this month */
    bool touched[ALLOSTAT_COUNTED_COUNT]; /* series that may hold any: of parts */
    int32_t placed[ALLOSTAT_PLACED_COUNT][ALLOSTAT_PLACE_COUNT];
    int32_t city[ALLOSTAT_CITY_COUNT];
    int32_t yearly[ALLOSTAT_YEARLY_COUNT]; /* this year */
    int32_t grouped[ALLOSTAT_GROUPED_COUNT][ALLOSTAT_GROUP_COUNT];
    int64_t death_count, death_capacity;
    allostat_death *death; /* [death_count], this month */
    bool deaths_lost;      /* no memory for a death: the month cannot end */
    int64_t entered, dead_overdose, dead_other, moved_out; /* since the start */
    int64_t kits_handed, kits_lost, kits_used, kits_gone;  /* since the start */
} allostat_tally;

ALLOSTAT_MUST_CHECK allostat_status allostat_tally_init(allostat_tally *self,
                                                        int32_t area_count,
                                                        allostat_error *error);
void allostat_tally_free(allostat_tally *self);

/* The first day of a month. */
void allostat_tally_month_begin(allostat_tally *self, allostat_month month,
                                const allostat_params *params);

/* Add to a counted series in the cell of a person, in an area that need not be home. */
void allostat_tally_add(allostat_tally *self, allostat_counted series,
                        const allostat_residents *residents, uint32_t person,
                        int32_t area, int32_t amount);

/* The people of the first day enter the books; the series of arrivals is of those who
 * come later. */
void allostat_tally_found(allostat_tally *self, const allostat_residents *residents);

/* Somebody came, left or died of something else: the series and the running totals. */
void allostat_tally_entry(allostat_tally *self, const allostat_residents *residents,
                          uint32_t person);
void allostat_tally_exit(allostat_tally *self, const allostat_residents *residents,
                         const allostat_users *users, uint32_t person,
                         allostat_resident_status status);

/* Who has overdosed, as before that is applied. */
typedef struct {
    int32_t who; /* see allostat_who_of */
    bool ptsd, brain_injury;
} allostat_overdosed;

/* An overdose, counted where it happened; not what a death adds. */
void allostat_tally_overdose_of(allostat_tally *self, const allostat_overdose *overdose,
                                const allostat_overdosed *person);

/* Who that is, of a row of scene->users. */
allostat_overdosed allostat_tally_overdosed(const allostat_tally *self,
                                            const allostat_scene *scene, int32_t row);

/* An overdose with all that came of it, counted where it happened; call it before it is
 * applied. */
void allostat_tally_overdose(allostat_tally *self, const allostat_overdose *overdose,
                             const allostat_scene *scene, int32_t row);

/* A death by overdose in an area, before it is applied: was the person treated lately?
 */
void allostat_tally_after_treatment(allostat_tally *self, const allostat_scene *scene,
                                    int32_t row, int32_t area);

/* A death, before the person leaves: the ties that lose somebody. Departures count
 * nothing. */
void allostat_tally_bereavements(allostat_tally *self,
                                 const allostat_residents *residents,
                                 const allostat_users *users, uint32_t person,
                                 allostat_resident_status how);

/* Has a patient, who takes what is prescribed only, anything that only users of the
 * street have: use, treatment, kits, events? Then their part of the count lacks it. */
bool allostat_tally_patient_uses(const allostat_users *users);

/* Last day of a month: count stocks and what users' rows have gathered, move the month
 * into the records if it is in their window, and begin an empty one. In December, and
 * in the last month of the window, the year too. Error: NO_MEMORY for the deaths. */
ALLOSTAT_MUST_CHECK allostat_status allostat_tally_month_end(
    allostat_tally *self, const allostat_residents *residents, allostat_users *users,
    allostat_records *records, allostat_error *error);

#endif
