/* The parameter record and its registry, both made from tables/parameters.def.
 *
 * A parameter `group.name` is the member `group_name`. Scalars, vectors and switches
 * live in the record; series and schedules are pointers into the scenario that owns
 * them. */
#ifndef ALLOSTAT_PARAMS_PARAMS_H
#define ALLOSTAT_PARAMS_PARAMS_H

#include "base/calendar.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ALLOSTAT_TEXT_SIZE = 256,
    ALLOSTAT_AREAS_MAX = 16,
    ALLOSTAT_AXIS_MAX = 16,  /* longest vector */
    ALLOSTAT_AGE_COUNT = 111 /* single years of age, 0 to 110 */
};

/* How we know a value. */
typedef enum {
    ALLOSTAT_EVIDENCE_measured,   /* read in a source */
    ALLOSTAT_EVIDENCE_calibrated, /* fitted to targets */
    ALLOSTAT_EVIDENCE_assumed,    /* a prior chosen, with its range */
    ALLOSTAT_EVIDENCE_choice      /* set by whoever runs the model */
} allostat_evidence;

/* May a dated event change it? */
typedef enum { ALLOSTAT_FIXED, ALLOSTAT_DATED } allostat_change;

/* What a vector runs over; its labels are the keys of the map in YAML. */
typedef enum {
    ALLOSTAT_AXIS_area,      /* the labels of geography.areas */
    ALLOSTAT_AXIS_sex,       /* female, male */
    ALLOSTAT_AXIS_drug_type, /* heroin, fentanyl */
    ALLOSTAT_AXIS_treatment, /* methadone, buprenorphine, srom, ioat, naltrexone */
    ALLOSTAT_AXIS_therapy,   /* the rows of tables/therapies.def */
    ALLOSTAT_AXIS_COUNT
} allostat_axis;

typedef enum {
    ALLOSTAT_SEX_female,
    ALLOSTAT_SEX_male,
    ALLOSTAT_SEX_COUNT
} allostat_sex;

/* How a series gives values between its dates: the last one holds, or a straight line.
 * Before the first date the first value holds, after the last the last. */
typedef enum {
    ALLOSTAT_INTERPOLATE_step,
    ALLOSTAT_INTERPOLATE_linear
} allostat_interpolation;

typedef struct {
    int32_t count;           /* at least 1 */
    const allostat_day *day; /* strictly rising */
    const double *value;
    allostat_interpolation interpolation;
} allostat_series;

/* Rows of a table by sex and range of age, as written in the CSV. */
typedef struct {
    allostat_sex sex;
    int32_t age_from, age_to; /* inclusive, 0 to 110 */
    double value;
} allostat_schedule_row;

typedef struct {
    int32_t count;
    const allostat_schedule_row *row; /* ordered by sex, then age; no overlap */
} allostat_schedule;

typedef struct {
    int32_t count;
    char label[ALLOSTAT_AREAS_MAX][ALLOSTAT_TEXT_SIZE];
} allostat_labels;

typedef struct allostat_params {
#define NUMBER(group, name, unit, value, low, high, change, evidence, source, about) \
    double group##_##name;
#define COUNT(group, name, unit, value, low, high, change, evidence, source, about) \
    int64_t group##_##name;
#define SWITCH(group, name, value, change, evidence, source, about) bool group##_##name;
#define DATE(group, name, value, change, evidence, source, about) \
    allostat_day group##_##name;
#define TEXT(group, name, value, change, evidence, source, about) \
    char group##_##name[ALLOSTAT_TEXT_SIZE];
#define LABELS(group, name, value, change, evidence, source, about) \
    allostat_labels group##_##name;
#define VECTOR(group, name, axis, unit, value, low, high, change, evidence, source, \
               about)                                                               \
    double group##_##name[ALLOSTAT_AXIS_MAX];
#define SERIES(group, name, interpolation, unit, value, low, high, change, evidence, \
               source, about)                                                        \
    allostat_series group##_##name;
#define SCHEDULE(group, name, unit, value, low, high, change, evidence, source, about) \
    allostat_schedule group##_##name;
#include "tables/parameters.def"
#include "params/undef_rows.h"
} allostat_params;

typedef enum {
#define NUMBER(group, name, ...) ALLOSTAT_PARAM_##group##_##name,
#define COUNT NUMBER
#define SWITCH NUMBER
#define DATE NUMBER
#define TEXT NUMBER
#define LABELS NUMBER
#define VECTOR NUMBER
#define SERIES NUMBER
#define SCHEDULE NUMBER
#include "tables/parameters.def"
#include "params/undef_rows.h"
    ALLOSTAT_PARAM_COUNT
} allostat_param_id;

typedef enum {
    ALLOSTAT_KIND_number,
    ALLOSTAT_KIND_count,
    ALLOSTAT_KIND_switch,
    ALLOSTAT_KIND_date,
    ALLOSTAT_KIND_text,
    ALLOSTAT_KIND_labels,
    ALLOSTAT_KIND_vector,
    ALLOSTAT_KIND_series,
    ALLOSTAT_KIND_schedule
} allostat_param_kind;

/* One row of the registry: the table as data, for the binder, the schema, the
 * documentation and the output file. */
typedef struct {
    const char *path;  /* "group.name", as written in YAML */
    const char *group; /* "group" */
    const char *name;
    allostat_param_kind kind;
    const char *unit;         /* "" for none; "1" for a pure number */
    const char *default_text; /* the default as one would write it */
    double default_value, low, high;
    allostat_axis axis;                   /* vectors */
    allostat_interpolation interpolation; /* series */
    allostat_change change;
    allostat_evidence evidence;
    const char *source;
    const char *about;
    size_t offset; /* of the member in allostat_params */
} allostat_param_info;

extern const allostat_param_info allostat_param_table[ALLOSTAT_PARAM_COUNT];

/* The words for these in the reference and in output files: "number", "measured",
 * "fixed", "area", "linear". */
const char *allostat_kind_name(allostat_param_kind kind);
const char *allostat_evidence_name(allostat_evidence evidence);
const char *allostat_change_name(allostat_change change);
const char *allostat_axis_name(allostat_axis axis);
const char *allostat_interpolation_name(allostat_interpolation interpolation);

/* The labels of an axis under these parameters, and how many there are. */
int32_t allostat_axis_count(const allostat_params *params, allostat_axis axis);
const char *allostat_axis_label(const allostat_params *params, allostat_axis axis,
                                int32_t i);

/* The value of a series on a day. */
double allostat_series_value(const allostat_series *series, allostat_day day);

/* The value of the row of a schedule that holds (sex, age); 0 when no row does. */
double allostat_schedule_value(const allostat_schedule *schedule, allostat_sex sex,
                               int32_t age);

#endif
