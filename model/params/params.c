#include "params/params.h"

#define PATH_OF(kind_name, group_name, name_name)                                 \
    .path = #group_name "." #name_name, .group = #group_name, .name = #name_name, \
    .kind = ALLOSTAT_KIND_##kind_name,                                            \
    .offset = offsetof(allostat_params, group_name##_##name_name)
#define KNOWN(change_name, evidence_name, source_text, about_text)                   \
    .change = ALLOSTAT_##change_name, .evidence = ALLOSTAT_EVIDENCE_##evidence_name, \
    .source = source_text, .about = about_text
#define RANGE(unit_text, value, low_value, high_value)                           \
    .unit = unit_text, .default_text = #value, .default_value = (double)(value), \
    .low = (double)(low_value), .high = (double)(high_value)

const allostat_param_info allostat_param_table[ALLOSTAT_PARAM_COUNT] = {
#define NUMBER(group, name, unit, value, low, high, change, evidence, source, about) \
    {PATH_OF(number, group, name), RANGE(unit, value, low, high),                    \
     KNOWN(change, evidence, source, about)},
#define COUNT(group, name, unit, value, low, high, change, evidence, source, about) \
    {PATH_OF(count, group, name), RANGE(unit, value, low, high),                    \
     KNOWN(change, evidence, source, about)},
#define SWITCH(group, name, value, change, evidence, source, about)        \
    {                                                                      \
        PATH_OF(switch, group, name),                                      \
            .unit = "", .default_text = (value) ? "on" : "off",            \
            .default_value = (value) ? 1.0 : 0.0, .low = 0.0, .high = 1.0, \
            KNOWN(change, evidence, source, about)                         \
    }                                                                      \
    ,
#define DATE(group, name, value, change, evidence, source, about)   \
    {PATH_OF(date, group, name), .unit = "", .default_text = value, \
     KNOWN(change, evidence, source, about)},
#define TEXT(group, name, value, change, evidence, source, about)   \
    {PATH_OF(text, group, name), .unit = "", .default_text = value, \
     KNOWN(change, evidence, source, about)},
#define LABELS(group, name, value, change, evidence, source, about)   \
    {PATH_OF(labels, group, name), .unit = "", .default_text = value, \
     KNOWN(change, evidence, source, about)},
#define VECTOR(group, name, axis_name, unit, value, low, high, change, evidence, \
               source, about)                                                    \
    {PATH_OF(vector, group, name), RANGE(unit, value, low, high),                \
     .axis = ALLOSTAT_AXIS_##axis_name, KNOWN(change, evidence, source, about)},
#define SERIES(group, name, way, unit, value, low, high, change, evidence, source, \
               about)                                                              \
    {PATH_OF(series, group, name), RANGE(unit, value, low, high),                  \
     .interpolation = ALLOSTAT_INTERPOLATE_##way,                                  \
     KNOWN(change, evidence, source, about)},
#define SCHEDULE(group, name, unit, value, low, high, change, evidence, source, about) \
    {PATH_OF(schedule, group, name), RANGE(unit, value, low, high),                    \
     KNOWN(change, evidence, source, about)},
#include "tables/parameters.def"
#include "params/undef_rows.h"
};

const char *allostat_kind_name(allostat_param_kind kind)
{
    static const char *const names[] = {
        [ALLOSTAT_KIND_number] = "number",     [ALLOSTAT_KIND_count] = "count",
        [ALLOSTAT_KIND_switch] = "switch",     [ALLOSTAT_KIND_date] = "date",
        [ALLOSTAT_KIND_text] = "text",         [ALLOSTAT_KIND_labels] = "labels",
        [ALLOSTAT_KIND_vector] = "vector",     [ALLOSTAT_KIND_series] = "series",
        [ALLOSTAT_KIND_schedule] = "schedule",
    };
    return names[kind];
}

const char *allostat_evidence_name(allostat_evidence evidence)
{
    static const char *const names[] = {
        [ALLOSTAT_EVIDENCE_measured] = "measured",
        [ALLOSTAT_EVIDENCE_calibrated] = "calibrated",
        [ALLOSTAT_EVIDENCE_assumed] = "assumed",
        [ALLOSTAT_EVIDENCE_choice] = "choice",
    };
    return names[evidence];
}

const char *allostat_change_name(allostat_change change)
{
    return change == ALLOSTAT_DATED ? "dated" : "fixed";
}

const char *allostat_axis_name(allostat_axis axis)
{
    static const char *const names[] = {
        [ALLOSTAT_AXIS_area] = "area",
        [ALLOSTAT_AXIS_sex] = "sex",
        [ALLOSTAT_AXIS_drug_type] = "drug_type",
        [ALLOSTAT_AXIS_treatment] = "treatment",
        [ALLOSTAT_AXIS_therapy] = "therapy",
    };
    return names[axis];
}

const char *allostat_interpolation_name(allostat_interpolation interpolation)
{
    return interpolation == ALLOSTAT_INTERPOLATE_linear ? "linear" : "step";
}

/* The labels of the axes that do not depend on the configuration. */
static const char *const fixed_labels[ALLOSTAT_AXIS_COUNT][ALLOSTAT_AXIS_MAX] = {
    [ALLOSTAT_AXIS_sex] = {"female", "male"},
    [ALLOSTAT_AXIS_drug_type] = {"heroin", "fentanyl"},
    [ALLOSTAT_AXIS_treatment] = {"methadone", "buprenorphine", "srom", "ioat",
                                 "naltrexone"},
#define THERAPY(name, label, whom, about) #name,
    [ALLOSTAT_AXIS_therapy] =
        {
#include "tables/therapies.def"
        },
#undef THERAPY
};

int32_t allostat_axis_count(const allostat_params *params, allostat_axis axis)
{
    int32_t count = 0;

    if (axis == ALLOSTAT_AXIS_area) return params->geography_areas.count;
    while (count < ALLOSTAT_AXIS_MAX && fixed_labels[axis][count] != NULL) count++;
    return count;
}

const char *allostat_axis_label(const allostat_params *params, allostat_axis axis,
                                int32_t i)
{
    return axis == ALLOSTAT_AXIS_area ? params->geography_areas.label[i]
                                      : fixed_labels[axis][i];
}

double allostat_series_value(const allostat_series *series, allostat_day day)
{
    int32_t low = 0, high = series->count; /* day[low] <= day < day[high] */

    if (day < series->day[0]) return series->value[0];
    while (high - low > 1) {
        const int32_t middle = low + (high - low) / 2;
        if (series->day[middle] <= day) {
            low = middle;
        } else {
            high = middle;
        }
    }
    const double value = series->value[low];
    if (high == series->count || series->interpolation == ALLOSTAT_INTERPOLATE_step) {
        return value;
    }
    const double span = (double)series->day[high] - (double)series->day[low];
    const double part = ((double)day - (double)series->day[low]) / span;
    return value + part * (series->value[high] - value);
}

double allostat_schedule_value(const allostat_schedule *schedule, allostat_sex sex,
                               int32_t age)
{
    for (int32_t i = 0; i < schedule->count; i++) {
        const allostat_schedule_row *row = &schedule->row[i];
        if (row->sex == sex && row->age_from <= age && age <= row->age_to) {
            return row->value;
        }
    }
    return 0.0;
}
