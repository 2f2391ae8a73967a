#include "study/contrast_parts.h"

#include <math.h>

enum { MONTHS_A_YEAR = 12 };

static const char *const sex_labels[ALLOSTAT_SEX_COUNT] = {"women", "men"};

/* ---- sums
 * ----------------------------------------------------------------------------------------
 */

static int64_t sum_cells(const allostat_outcome_view *view, allostat_counted series,
                         allostat_people_part part)
{
    const allostat_records *records = view->records;
    const size_t cells = (size_t)allostat_records_cells(records);
    int64_t sum = 0;

    for (allostat_month month = view->first; month <= view->last; month++) {
        const int32_t *cell =
            records->counted[series] + (size_t)(month - records->first_month) * cells;
        for (int32_t area = 0; area < records->area_count; area++) {
            for (int32_t sex = 0; sex < ALLOSTAT_SEX_COUNT; sex++) {
                for (int32_t age = 0; age < ALLOSTAT_AGE_GROUP_COUNT; age++, cell++) {
                    const bool in = (part.area < 0 || part.area == area) &&
                                    (part.sex < 0 || part.sex == sex) &&
                                    (part.age_group < 0 || part.age_group == age);
                    sum += in ? *cell : 0;
                }
            }
        }
    }
    return sum;
}

static double of_cells(const allostat_outcome_view *view, allostat_outcome outcome,
                       allostat_people_part part)
{
#define SUM(series) ((double)sum_cells(view, ALLOSTAT_COUNTED_##series, part))
    switch (outcome) {
    case ALLOSTAT_OUTCOME_overdose_deaths:
        return SUM(overdose_deaths);
    case ALLOSTAT_OUTCOME_deaths:
        return SUM(overdose_deaths) + SUM(deaths_other_causes);
    case ALLOSTAT_OUTCOME_overdoses:
        return SUM(overdoses);
    case ALLOSTAT_OUTCOME_attended_overdoses:
        return SUM(attended_overdoses);
    case ALLOSTAT_OUTCOME_person_years:
        return SUM(residents) / MONTHS_A_YEAR;
    case ALLOSTAT_OUTCOME_active_years:
        return SUM(active_users) / MONTHS_A_YEAR;
    default:
        return (double)NAN;
    }
#undef SUM
}

double allostat_outcome_of(const allostat_outcome_view *view, allostat_outcome outcome,
                           allostat_people_part part)
{
    return part.group < 0 ? of_cells(view, outcome, part) : (double)NAN;
}

/* ---- the list of parts
 * --------------------------------------------------------------------------- */

int32_t allostat_people_parts(const allostat_labels *areas,
                              allostat_part_info part[ALLOSTAT_PEOPLE_PARTS_MAX])
{
    int32_t count = 0;

    for (int32_t i = 0; i < areas->count; i++) {
        part[count++] = (allostat_part_info){{i, -1, -1, -1}, "area", areas->label[i]};
    }
    for (int32_t i = 0; i < ALLOSTAT_SEX_COUNT; i++) {
        part[count++] = (allostat_part_info){{-1, i, -1, -1}, "sex", sex_labels[i]};
    }
    for (int32_t i = 0; i < ALLOSTAT_AGE_GROUP_COUNT; i++) {
        part[count++] =
            (allostat_part_info){{-1, -1, i, -1}, "age", allostat_age_group_labels[i]};
    }
    return count;
}
