#include "study/contrast_parts.h"

#include "study/value_rows.h"

#include <math.h>

static const double days_a_year = 365.25;

static const char *const sex_labels[ALLOSTAT_SEX_COUNT] = {"women", "men"};

/* ---- sums
 * ----------------------------------------------------------------------------------------
 */

/* Indices from `from` up to `to`: one, or all where -1 was asked for. */
typedef struct {
    int32_t from, to;
} span;

static span span_of(int32_t wanted, int32_t count)
{
    return wanted < 0 ? (span){0, count} : (span){wanted, wanted + 1};
}

static int64_t sum_month(const allostat_records *records, allostat_counted series,
                         allostat_month month, allostat_people_part part)
{
    const size_t cells = (size_t)allostat_records_cells(records);
    const int32_t *cell =
        records->counted[series] + (size_t)(month - records->first_month) * cells;
    int64_t sum = 0;

    const span area = span_of(part.area, records->area_count);
    const span sex = span_of(part.sex, ALLOSTAT_SEX_COUNT);
    const span age = span_of(part.age_group, ALLOSTAT_AGE_GROUP_COUNT);

    for (int32_t i = area.from; i < area.to; i++) {
        for (int32_t j = sex.from; j < sex.to; j++) {
            const int32_t *row =
                cell + (i * ALLOSTAT_SEX_COUNT + j) * ALLOSTAT_AGE_GROUP_COUNT;
            for (int32_t k = age.from; k < age.to; k++) sum += row[k];
        }
    }
    return sum;
}

static int64_t sum_cells(const allostat_outcome_view *view, allostat_counted series,
                         allostat_people_part part)
{
    int64_t sum = 0;

    for (allostat_month month = view->first; month <= view->last; month++)
        sum += sum_month(view->records, series, month, part);
    return sum;
}

/* Everybody is in one health state: their days are the days lived in the city. */
static int64_t sum_days_lived(const allostat_outcome_view *view,
                              allostat_people_part part)
{
    int64_t days = sum_cells(view, ALLOSTAT_COUNTED_days_never_used, part);

#define STATE(name) days += sum_cells(view, ALLOSTAT_COUNTED_days_##name, part);
#define TREATED(name)
#include "tables/days.def"
#undef STATE
#undef TREATED
    return days;
}

/* Who is active on the last day of a month stands for the month. */
static int64_t sum_active_days(const allostat_outcome_view *view,
                               allostat_people_part part)
{
    int64_t days = 0;

    for (allostat_month month = view->first; month <= view->last; month++) {
        days += allostat_month_day_count(month) *
                sum_month(view->records, ALLOSTAT_COUNTED_active_users, month, part);
    }
    return days;
}

static int64_t sum_group(const allostat_outcome_view *view, allostat_grouped series,
                         int32_t group)
{
    const allostat_records *records = view->records;
    int64_t sum = 0;

    for (allostat_month month = view->first; month <= view->last; month++) {
        const size_t m = (size_t)(month - records->first_month);
        sum += records->grouped[series][m * ALLOSTAT_GROUP_COUNT + (size_t)group];
    }
    return sum;
}

static bool is_in_group(const allostat_death *death, int32_t group)
{
    return group == (int32_t)ALLOSTAT_GROUP_secure + death->style ||
           group == (int32_t)ALLOSTAT_GROUP_no_ptsd + death->ptsd ||
           group == (int32_t)allostat_ace_group(death->ace_score);
}

/* deaths_by_group knows those who have used; the log has everybody. */
static int64_t sum_deaths(const allostat_outcome_view *view, int32_t group)
{
    const allostat_day start = allostat_month_first_day(view->first);
    const allostat_day end = allostat_month_first_day(view->last + 1);
    int64_t sum = 0;

    for (int64_t i = 0; i < view->records->death_count; i++) {
        const allostat_death *death = &view->records->death[i];
        sum += is_in_group(death, group) && death->day >= start && death->day < end;
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
        return (double)sum_days_lived(view, part) / days_a_year;
    case ALLOSTAT_OUTCOME_active_years:
        return (double)sum_active_days(view, part) / days_a_year;
    default:
        return (double)NAN;
    }
#undef SUM
}

static double of_group(const allostat_outcome_view *view, allostat_outcome outcome,
                       int32_t group)
{
#define SUM(series) \
    ((double)sum_group(view, ALLOSTAT_GROUPED_##series##_by_group, group))
    switch (outcome) {
    case ALLOSTAT_OUTCOME_overdose_deaths:
        return SUM(overdose_deaths);
    case ALLOSTAT_OUTCOME_deaths:
        return (double)sum_deaths(view, group);
    case ALLOSTAT_OUTCOME_overdoses:
        return SUM(overdoses);
    case ALLOSTAT_OUTCOME_attended_overdoses:
        return SUM(attended_overdoses);
    case ALLOSTAT_OUTCOME_active_years:
        return SUM(active_days) / days_a_year;
    default: /* the days of those who never used are not counted by group */
        return (double)NAN;
    }
#undef SUM
}

/* Outcomes that are measures of value stand together in outcomes.def, as the measures
 * do. */
static bool is_measure(allostat_outcome outcome)
{
    return outcome >= ALLOSTAT_OUTCOME_qalys &&
           outcome <= ALLOSTAT_OUTCOME_cost_society;
}

void allostat_outcomes_of(const allostat_outcome_view *view, allostat_people_part part,
                          double outcome[ALLOSTAT_OUTCOME_COUNT])
{
    double measure[ALLOSTAT_MEASURE_COUNT];

    allostat_value_sum(view->terms, view->records, part, view->first, view->last,
                       measure);
    for (int i = 0; i < ALLOSTAT_OUTCOME_COUNT; i++) {
        const allostat_outcome o = (allostat_outcome)i;

        if (is_measure(o)) {
            outcome[i] = measure[i - ALLOSTAT_OUTCOME_qalys + ALLOSTAT_MEASURE_qalys];
        } else if (part.group < 0) {
            outcome[i] = of_cells(view, o, part);
        } else {
            outcome[i] = of_group(view, o, part.group);
        }
    }
}

double allostat_overdose_deaths_in(const allostat_records *records,
                                   allostat_month month)
{
    return (double)sum_month(records, ALLOSTAT_COUNTED_overdose_deaths, month,
                             allostat_value_everybody);
}

/* ---- what is read
 * ---------------------------------------------------------------------------------
 */

bool allostat_contrast_reads(const allostat_series_info *info)
{
    static const allostat_counted outcome[] = {
        ALLOSTAT_COUNTED_overdose_deaths, ALLOSTAT_COUNTED_deaths_other_causes,
        ALLOSTAT_COUNTED_overdoses, ALLOSTAT_COUNTED_attended_overdoses,
        ALLOSTAT_COUNTED_active_users};

    if (info->shape == ALLOSTAT_SHAPE_grouped) return true;
    for (size_t i = 0; i < sizeof outcome / sizeof outcome[0]; i++) {
        if (info->shape == ALLOSTAT_SHAPE_counted && info->index == (int32_t)outcome[i])
            return true;
    }
    return allostat_value_reads(info); /* days lived are valued, too */
}

bool allostat_contrast_reads_fact(int32_t fact)
{
    switch (fact) {
    case ALLOSTAT_DEATH_person:
    case ALLOSTAT_DEATH_day:
    case ALLOSTAT_DEATH_overdose:
    case ALLOSTAT_DEATH_style:
    case ALLOSTAT_DEATH_ptsd:
    case ALLOSTAT_DEATH_ace_score:
        return true;
    default:
        return false;
    }
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
    for (int32_t i = 0; i < ALLOSTAT_GROUP_COUNT; i++) {
        part[count++] = (allostat_part_info){
            {-1, -1, -1, i}, allostat_groups[i].dimension, allostat_groups[i].label};
    }
    return count;
}
