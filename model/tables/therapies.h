/* The therapies of tables/therapies.def as an enum. */
#ifndef ALLOSTAT_TABLES_THERAPIES_H
#define ALLOSTAT_TABLES_THERAPIES_H

typedef enum {
#define THERAPY(name, label, whom, about) ALLOSTAT_THERAPY_##name,
#include "tables/therapies.def"
#undef THERAPY
    ALLOSTAT_THERAPY_COUNT
} allostat_therapy;

#endif
