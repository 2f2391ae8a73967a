/* What an overdose leaves in the tables. */
#ifndef ALLOSTAT_CARE_AFTERMATH_H
#define ALLOSTAT_CARE_AFTERMATH_H

#include "care/response.h"

/* Whose tables an overdose changes. */
typedef struct {
    const allostat_params *params;
    allostat_day day;
    allostat_residents *residents;
    allostat_users *users; /* everybody's */
    allostat_users *own;   /* where who overdoses has a row: everybody's, or apart */
} allostat_aftermath;

/* The kit that is used is gone. */
void allostat_overdose_take_kit(const allostat_overdose *overdose,
                                allostat_users *users);

/* Put all its other consequences into the tables; `row` is one of after->own. */
void allostat_overdose_live_on(const allostat_overdose *overdose,
                               const allostat_aftermath *after, int32_t row);

/* Both. */
void allostat_overdose_apply(const allostat_overdose *overdose,
                             const allostat_aftermath *after, int32_t row);

#endif
