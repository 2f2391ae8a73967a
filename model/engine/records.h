/* What one replicate leaves: every series of tables/series.def, month by month.
 *
 * Months run from the month of run.output_start to that of run.end. */
#ifndef ALLOSTAT_ENGINE_RECORDS_H
#define ALLOSTAT_ENGINE_RECORDS_H

#include "base/calendar.h"
#include "base/error.h"
#include "params/scenario.h"
#include "tables/places.h"

#include <stddef.h>
#include <stdint.h>

typedef enum {
#define ALLOSTAT_AGE_GROUP_ROW(name, first, last, label) ALLOSTAT_AGE_GROUP_##name,
#include "tables/age_groups.def"
#undef ALLOSTAT_AGE_GROUP_ROW
    ALLOSTAT_AGE_GROUP_COUNT
} allostat_age_group;

typedef enum { ALLOSTAT_SERIES_stock, ALLOSTAT_SERIES_flow } allostat_series_kind;

/* The six row kinds of series.def. */
typedef enum {
    ALLOSTAT_SHAPE_counted,
    ALLOSTAT_SHAPE_placed,
    ALLOSTAT_SHAPE_city,
    ALLOSTAT_SHAPE_averaged,
    ALLOSTAT_SHAPE_yearly,
    ALLOSTAT_SHAPE_grouped
} allostat_series_shape;

typedef enum {
#define COUNTED(name, ...) ALLOSTAT_COUNTED_##name,
#include "engine/series_rows.h"
    ALLOSTAT_COUNTED_COUNT
} allostat_counted;

typedef enum {
#define PLACED(name, ...) ALLOSTAT_PLACED_##name,
#include "engine/series_rows.h"
    ALLOSTAT_PLACED_COUNT
} allostat_placed;

typedef enum {
#define CITY(name, ...) ALLOSTAT_CITY_##name,
#include "engine/series_rows.h"
    ALLOSTAT_CITY_COUNT
} allostat_city_series;

typedef enum {
#define AVERAGED(name, ...) ALLOSTAT_AVERAGED_##name,
#include "engine/series_rows.h"
    ALLOSTAT_AVERAGED_COUNT
} allostat_averaged;

typedef enum {
#define YEARLY(name, ...) ALLOSTAT_YEARLY_##name,
#include "engine/series_rows.h"
    ALLOSTAT_YEARLY_COUNT
} allostat_yearly;

typedef enum {
#define GROUPED(name, ...) ALLOSTAT_GROUPED_##name,
#include "engine/series_rows.h"
    ALLOSTAT_GROUPED_COUNT
} allostat_grouped;

/* Groups of tables/groups.def; each dimension's groups stand together. */
typedef enum {
#define GROUP(name, dimension, label) ALLOSTAT_GROUP_##name,
#include "tables/groups.def"
#undef GROUP
    ALLOSTAT_GROUP_COUNT
} allostat_group;

typedef struct {
    const char *name, *dimension, *label;
} allostat_group_info;

extern const allostat_group_info allostat_groups[ALLOSTAT_GROUP_COUNT];

/* The group of an ACE score: the bands of tables/groups.def. */
static inline allostat_group allostat_ace_group(int32_t ace_score)
{
    if (ace_score >= 4) return ALLOSTAT_GROUP_ace_many;
    return ace_score >= 1 ? ALLOSTAT_GROUP_ace_some : ALLOSTAT_GROUP_ace_none;
}

/* A death of the run, see tables/deaths.def. */
typedef struct {
#define DEATH(name, type, unit, about) type name;
#include "tables/deaths.def"
#undef DEATH
} allostat_death;

/* One row of deaths.def as data, in the order of the table. */
typedef struct {
    const char *name, *unit, *about;
    size_t offset, size; /* within allostat_death, bytes */
} allostat_death_info;

enum {
#define DEATH(name, type, unit, about) ALLOSTAT_DEATH_##name,
#include "tables/deaths.def"
#undef DEATH
    ALLOSTAT_DEATH_FACT_COUNT
};

extern const allostat_death_info allostat_death_table[ALLOSTAT_DEATH_FACT_COUNT];

/* `place` of a death that is no overdose. */
enum { ALLOSTAT_DEATH_NO_PLACE = 255 };

/* One row of series.def as data, in the order of the table. */
typedef struct {
    const char *name;
    allostat_series_shape shape;
    int32_t index; /* within its shape: the enums above */
    allostat_series_kind kind;
    const char *unit;
    const char *about;
    double low, high; /* averaged: range of the histogram */
} allostat_series_info;

enum {
    ALLOSTAT_OUTPUT_SERIES_COUNT =
        (int)ALLOSTAT_COUNTED_COUNT + (int)ALLOSTAT_PLACED_COUNT +
        (int)ALLOSTAT_CITY_COUNT + (int)ALLOSTAT_AVERAGED_COUNT +
        (int)ALLOSTAT_YEARLY_COUNT + (int)ALLOSTAT_GROUPED_COUNT,
    ALLOSTAT_QUANTILE_COUNT = 5
};

extern const allostat_series_info allostat_series_table[ALLOSTAT_OUTPUT_SERIES_COUNT];
extern const double
    allostat_quantile_levels[ALLOSTAT_QUANTILE_COUNT]; /* 0.05 0.25 0.5 0.75 0.95 */
extern const char *const allostat_place_labels[ALLOSTAT_PLACE_COUNT];
extern const char *const allostat_age_group_labels[ALLOSTAT_AGE_GROUP_COUNT];

/* The age group of an age in years; ages under 15 belong to none and must not be asked.
 */
allostat_age_group allostat_age_group_of(int32_t age);

typedef struct {
    allostat_month first_month;
    int32_t month_count;
    int32_t first_year;
    int32_t year_count;
    int32_t area_count;
    int32_t *counted[ALLOSTAT_COUNTED_COUNT]; /* [month][area][sex][age_group] */
    int32_t *placed[ALLOSTAT_PLACED_COUNT];   /* [month][place] */
    int32_t *city[ALLOSTAT_CITY_COUNT];       /* [month] */
    double
        *mean[ALLOSTAT_AVERAGED_COUNT]; /* [month]; NaN when there is no active user */
    double *quantile[ALLOSTAT_AVERAGED_COUNT]; /* [month][ALLOSTAT_QUANTILE_COUNT] */
    int32_t *yearly[ALLOSTAT_YEARLY_COUNT];    /* [year] */
    int32_t *grouped[ALLOSTAT_GROUPED_COUNT];  /* [month][group] */
    int64_t death_count, death_capacity;
    allostat_death *death; /* [death_count], by day, then by person */
} allostat_records;

/* Zeroed arrays for the output window of a scenario. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_records_init(allostat_records *records, const allostat_scenario *scenario,
                      allostat_error *error);
void allostat_records_free(allostat_records *records);

/* Room for `count` deaths more, behind those that there are. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_records_reserve_deaths(
    allostat_records *records, int64_t count, allostat_error *error);

/* A fact of a death, and its change: every one fits a 32-bit number. */
int32_t allostat_death_fact(const allostat_death *death, int32_t fact);
void allostat_death_set(allostat_death *death, int32_t fact, int32_t value);

/* Number of cells of a month of a counted series: areas x sexes x age groups. */
int32_t allostat_records_cells(const allostat_records *records);

#endif
