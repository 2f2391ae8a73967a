/* Dated events: the epochs of a scenario. */
#ifndef ALLOSTAT_PARAMS_EVENTS_H
#define ALLOSTAT_PARAMS_EVENTS_H

#include "params/bind.h"

enum { ALLOSTAT_EVENTS_MAX = 1000 };

/* What a scenario owns beside its epochs. */
typedef struct allostat_scenario_store {
    allostat_pool keep; /* series, schedules, texts */
    const char **why;   /* [epoch_count]: reasons of the events that begin an epoch */
} allostat_scenario_store;

/* Read the events of all layers and make the epochs of `scenario`, whose epochs[0]
 * holds the parameters of the first day and has room for itself alone. Events add up
 * over the layers. An event outside the run is a mistake, unless a later layer has
 * moved the run: then what was before it is in force from its first day, and what is
 * after it never happens. */
void allostat_events_apply(allostat_loader *loader, allostat_scenario *scenario);

#endif
