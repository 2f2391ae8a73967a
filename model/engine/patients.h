/* Pain and prescriptions of the city, month by month: residents in blocks, then the
 * users' rows of patients, in row order. */
#ifndef ALLOSTAT_ENGINE_PATIENTS_H
#define ALLOSTAT_ENGINE_PATIENTS_H

#include "engine/city.h"

/* Chronic pain and prescriptions of the residents from row `first` on, who have just
 * entered. On the first day of the run the mean ratio of first use is measured too. */
void allostat_city_enter_pain(allostat_city *city, size_t first, allostat_month month);

/* Users' rows for residents from row `first` on who entered with a long-term
 * prescription and do not use otherwise. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_enter_patients(allostat_city *city,
                                                                 size_t first,
                                                                 allostat_error *error);

/* Rows of patients whose prescription has long ended are marked to be taken away.
 * It is noted of all rows who is present: before the users' table is compacted. */
void allostat_city_retire_patients(allostat_city *city, allostat_month month);

/* A month of pain and prescribing: onset, recovery, prescriptions begun, changed and
 * ended, rows of new long-term patients, deaths by prescribed opioids alone. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_pain_month(allostat_city *city,
                                                             allostat_month month,
                                                             allostat_error *error);

/* A person leaves the city in the turn that has just begun: what was to happen to
 * prescriptions after that does not count in these books. */
void allostat_city_cancel_prescriptions(const allostat_city *city,
                                        allostat_tally *books, uint32_t person);

/* Those who live by the month, patients, who take nothing but what is prescribed, and
 * the dormant, live the month that ends on last_day, in four steps of the same
 * equations by which others live their days. They do not use: nobody finds them beside
 * an overdose or takes their kits, so overdoses may be settled
 * beside (NULL: nothing is). */
void allostat_city_live_patients(allostat_city *city, allostat_day last_day,
                                 const allostat_share_own *beside);

/* A first use of unregulated opioids is counted again when the person has a
 * prescription, or had a long-term one in the last prescribing.ended_months. */
void allostat_city_count_after_prescription(allostat_city *city, uint32_t person);

#endif
