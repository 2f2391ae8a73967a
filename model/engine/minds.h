/* The monthly timetable of minds: how people enter, what they suffer, how they
 * regulate, and who they are, counted. */
#ifndef ALLOSTAT_ENGINE_MINDS_H
#define ALLOSTAT_ENGINE_MINDS_H

#include "engine/city.h"

/* Residents from `first` on have just entered: PTSD from childhood, stress, load and
 * oxytocin as the life before has left them. */
void allostat_city_enter_minds(allostat_city *city, size_t first);

/* Traumas of everybody whose turn it is, of all users, and of this month's arrivals,
 * who stand from a row on: what users met last month, whom people lost, homes lost,
 * violence. Call it when the columns are residents' own. */
void allostat_city_suffer(allostat_city *city, size_t first_arrival,
                          allostat_month month);

/* Regulation of residents who do not use and whose turn it is. */
void allostat_city_regulate(allostat_city *city, allostat_month month);

/* Read-outs of the mind on the month's last day; users' state goes into their
 * residents' rows first. */
void allostat_city_count_minds(allostat_city *city);

#endif
