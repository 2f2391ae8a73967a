/* The places of tables/places.def as an enum. */
#ifndef ALLOSTAT_TABLES_PLACES_H
#define ALLOSTAT_TABLES_PLACES_H

typedef enum {
#define ALLOSTAT_PLACE_ROW(name, label) ALLOSTAT_PLACE_##name,
#include "tables/places.def"
#undef ALLOSTAT_PLACE_ROW
    ALLOSTAT_PLACE_COUNT
} allostat_place;

#endif
