#include "engine/records.h"

#include "base/columns.h"

#include <string.h>

const double allostat_quantile_levels[ALLOSTAT_QUANTILE_COUNT] = {0.05, 0.25, 0.5, 0.75,
                                                                  0.95};

const char *const allostat_place_labels[ALLOSTAT_PLACE_COUNT] = {
#define ALLOSTAT_PLACE_ROW(name, label) label,
#include "tables/places.def"
#undef ALLOSTAT_PLACE_ROW
};

const char *const allostat_age_group_labels[ALLOSTAT_AGE_GROUP_COUNT] = {
#define ALLOSTAT_AGE_GROUP_ROW(name, first, last, label) label,
#include "tables/age_groups.def"
#undef ALLOSTAT_AGE_GROUP_ROW
};

const allostat_group_info allostat_groups[ALLOSTAT_GROUP_COUNT] = {
#define GROUP(name, dimension, label) {#name, #dimension, label},
#include "tables/groups.def"
#undef GROUP
};

const allostat_death_info allostat_death_table[ALLOSTAT_DEATH_FACT_COUNT] = {
#define DEATH(name, type, unit, about) \
    {#name, unit, about, offsetof(allostat_death, name), sizeof(type)},
#include "tables/deaths.def"
#undef DEATH
};

/* clang-format off */
const allostat_series_info allostat_series_table[ALLOSTAT_OUTPUT_SERIES_COUNT] = {
#define COUNTED(name, kind, unit, about) \
    {#name, ALLOSTAT_SHAPE_counted, ALLOSTAT_COUNTED_##name, ALLOSTAT_SERIES_##kind, unit, about, 0, 0},
#define PLACED(name, kind, unit, about) \
    {#name, ALLOSTAT_SHAPE_placed, ALLOSTAT_PLACED_##name, ALLOSTAT_SERIES_##kind, unit, about, 0, 0},
#define CITY(name, kind, unit, about) \
    {#name, ALLOSTAT_SHAPE_city, ALLOSTAT_CITY_##name, ALLOSTAT_SERIES_##kind, unit, about, 0, 0},
#define AVERAGED(name, low, high, unit, about) \
    {#name, ALLOSTAT_SHAPE_averaged, ALLOSTAT_AVERAGED_##name, ALLOSTAT_SERIES_stock, unit, about, low, high},
#define YEARLY(name, unit, about) \
    {#name, ALLOSTAT_SHAPE_yearly, ALLOSTAT_YEARLY_##name, ALLOSTAT_SERIES_flow, unit, about, 0, 0},
#define GROUPED(name, kind, unit, about) \
    {#name, ALLOSTAT_SHAPE_grouped, ALLOSTAT_GROUPED_##name, ALLOSTAT_SERIES_##kind, unit, about, 0, 0},
#include "engine/series_rows.h"
};
/* clang-format on */

int32_t allostat_death_fact(const allostat_death *death, int32_t fact)
{
    const allostat_death_info *info = &allostat_death_table[fact];
    const unsigned char *bytes = (const unsigned char *)death + info->offset;
    int32_t value = 0;

    if (info->size == 1) return bytes[0];
    memcpy(&value, bytes, sizeof value);
    return value;
}

void allostat_death_set(allostat_death *death, int32_t fact, int32_t value)
{
    const allostat_death_info *info = &allostat_death_table[fact];
    unsigned char *bytes = (unsigned char *)death + info->offset;

    if (info->size == 1) {
        bytes[0] = (unsigned char)value;
    } else {
        memcpy(bytes, &value, sizeof value);
    }
}

allostat_status allostat_records_reserve_deaths(allostat_records *records,
                                                int64_t count, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int64_t wanted = records->death_count + count;

    if (wanted <= records->death_capacity) return ALLOSTAT_OK;
    ALLOSTAT_TRY(
        allostat_column_grow((void **)&records->death, (size_t)records->death_capacity,
                             (size_t)(2 * wanted), sizeof *records->death, error));
    records->death_capacity = 2 * wanted;
cleanup:
    return status;
}

allostat_age_group allostat_age_group_of(int32_t age)
{
    int32_t group = 0;
    static const int32_t last_age[ALLOSTAT_AGE_GROUP_COUNT] = {
#define ALLOSTAT_AGE_GROUP_ROW(name, first, last, label) last,
#include "tables/age_groups.def"
#undef ALLOSTAT_AGE_GROUP_ROW
    };

    while (group < ALLOSTAT_AGE_GROUP_COUNT - 1 && age > last_age[group]) group++;
    return (allostat_age_group)group;
}

int32_t allostat_records_cells(const allostat_records *records)
{
    return records->area_count * (int32_t)ALLOSTAT_SEX_COUNT *
           (int32_t)ALLOSTAT_AGE_GROUP_COUNT;
}

/* The array of a series and its length over the window; averages have two arrays. */
static allostat_status allocate_series(allostat_records *self,
                                       const allostat_series_info *info,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t months = (size_t)self->month_count, years = (size_t)self->year_count;
    const size_t cells = (size_t)allostat_records_cells(self);
    const size_t places = ALLOSTAT_PLACE_COUNT, levels = ALLOSTAT_QUANTILE_COUNT;
    const size_t groups = ALLOSTAT_GROUP_COUNT;
    const int32_t s = info->index;

#define ALLOCATE(array, rows)                                               \
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->array[s], (rows), \
                                          sizeof self->array[s][0], error))
    switch (info->shape) {
    case ALLOSTAT_SHAPE_counted:
        ALLOCATE(counted, months * cells);
        break;
    case ALLOSTAT_SHAPE_placed:
        ALLOCATE(placed, months * places);
        break;
    case ALLOSTAT_SHAPE_city:
        ALLOCATE(city, months);
        break;
    case ALLOSTAT_SHAPE_averaged:
        ALLOCATE(mean, months);
        ALLOCATE(quantile, months * levels);
        break;
    case ALLOSTAT_SHAPE_yearly:
        ALLOCATE(yearly, years);
        break;
    case ALLOSTAT_SHAPE_grouped:
        ALLOCATE(grouped, months * groups);
        break;
    }
#undef ALLOCATE
cleanup:
    return status;
}

allostat_status allostat_records_init(allostat_records *records,
                                      const allostat_scenario *scenario,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &scenario->epochs[0].params;

    memset(records, 0, sizeof *records);
    records->first_month = allostat_month_of_day(params->run_output_start);
    records->month_count =
        allostat_month_of_day(params->run_end) - records->first_month + 1;
    records->first_year = allostat_date_from_day(params->run_output_start).year;
    records->year_count =
        allostat_date_from_day(params->run_end).year - records->first_year + 1;
    records->area_count = params->geography_areas.count;
    for (int32_t i = 0; i < ALLOSTAT_OUTPUT_SERIES_COUNT; i++) {
        ALLOSTAT_TRY(allocate_series(records, &allostat_series_table[i], error));
    }
cleanup:
    return status;
}

void allostat_records_free(allostat_records *records)
{
    for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        allostat_column_free((void **)&records->counted[s]);
    }
    for (int s = 0; s < ALLOSTAT_PLACED_COUNT; s++) {
        allostat_column_free((void **)&records->placed[s]);
    }
    for (int s = 0; s < ALLOSTAT_CITY_COUNT; s++) {
        allostat_column_free((void **)&records->city[s]);
    }
    for (int s = 0; s < ALLOSTAT_AVERAGED_COUNT; s++) {
        allostat_column_free((void **)&records->mean[s]);
        allostat_column_free((void **)&records->quantile[s]);
    }
    for (int s = 0; s < ALLOSTAT_YEARLY_COUNT; s++) {
        allostat_column_free((void **)&records->yearly[s]);
    }
    for (int s = 0; s < ALLOSTAT_GROUPED_COUNT; s++) {
        allostat_column_free((void **)&records->grouped[s]);
    }
    allostat_column_free((void **)&records->death);
    memset(records, 0, sizeof *records);
}
