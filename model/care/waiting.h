/* A waiting list for places: first come first served, ties broken by a keyed draw. */
#ifndef ALLOSTAT_CARE_WAITING_H
#define ALLOSTAT_CARE_WAITING_H

#include "base/draws.h"
#include "care/requests.h"

#include <stdbool.h>

typedef struct {
    int32_t *since; /* column: day number since when a row waits; 0 not waiting */
    bool (*may_wait)(const allostat_care_month *care, size_t row);
    double request_rate, give_up_rate; /* 1/month */
    allostat_draw request, give_up, rank;
    allostat_rests rests; /* the column, while there are no places */
} allostat_waiting_list;

/* Places in whole persons, in the city simulated. */
static inline int32_t allostat_places(const allostat_params *params, double places)
{
    const double half = 0.5;

    return (int32_t)(places * params->population_scale + half);
}

/* Adds to `list` whoever of rows first .. first + count - 1 has waited since a day that
 * is not 0, in row order: by that day, then by a keyed draw. */
void allostat_waiting_queue(const allostat_care_month *care, const int32_t *since,
                            allostat_draw rank, allostat_requests *list, size_t first,
                            size_t count);

/* First day of a month: those who may wait ask, some who wait give up, who may no
 * longer wait leaves the list, and care->requests holds those who wait, `open` of them
 * granted. Granted rows stay on the list until the caller takes them off. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_waiting_month(
    const allostat_care_month *care, const allostat_waiting_list *list, int32_t open,
    allostat_error *error);

/* Nobody waits for places that there are not. */
void allostat_waiting_close(const allostat_care_month *care,
                            const allostat_waiting_list *list);

#endif
