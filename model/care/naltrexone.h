/* Extended-release naltrexone: for people free of opioids only (model page 6.1).
 *
 * It blocks, and so tolerance and dependence fall. When it ends, the blockade goes
 * within weeks, and the person has the tolerance of somebody who has not used: nothing
 * here raises the risk that follows. */
#ifndef ALLOSTAT_CARE_NALTREXONE_H
#define ALLOSTAT_CARE_NALTREXONE_H

#include "care/requests.h"

#include <stdbool.h>

/* Leaves detox or custody this month, untreated, after naltrexone.free_days inside. */
bool allostat_naltrexone_leaver(const allostat_care_month *care, size_t row);

/* At liberty and untreated, has the disorder, and neither uses, nor depends, nor is
 * prescribed opioids. */
bool allostat_naltrexone_abstinent(const allostat_care_month *care, size_t row);

/* First day of a month: some of both ask and begin, a keyed draw choosing who when
 * places are fewer; leavers on the day they leave, the others today. Error: NO_MEMORY.
 */
ALLOSTAT_MUST_CHECK allostat_status
allostat_naltrexone_month(const allostat_care_month *care, allostat_error *error);

#endif
