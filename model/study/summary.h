/* The numbers of a run that one looks at first: a table by year beside what was
 * observed, and facts of the city over a few windows. Pure arithmetic on records; no
 * file, no text. */
#ifndef ALLOSTAT_STUDY_SUMMARY_H
#define ALLOSTAT_STUDY_SUMMARY_H

#include "engine/records.h"
#include "params/params.h"

#include <stdbool.h>
#include <stdint.h>

/* Columns of the table by year. */
typedef enum {
    ALLOSTAT_COLUMN_overdose_deaths,    /* persons, sum of the year */
    ALLOSTAT_COLUMN_attended_overdoses, /* events, sum of the year */
    ALLOSTAT_COLUMN_users,              /* persons, mean of the months */
    ALLOSTAT_COLUMN_active_users,       /* persons, mean of the months */
    ALLOSTAT_COLUMN_residents,          /* persons, mean of the months */
    ALLOSTAT_COLUMN_oat_clients,        /* persons, mean of the months */
    ALLOSTAT_COLUMN_COUNT
} allostat_summary_column;

/* A row of the table of columns. */
typedef struct {
    const char *name;
    const char *label;
    allostat_counted series;
    bool mean;     /* mean of the months, else their sum */
    bool observed; /* has an observed series */
} allostat_summary_column_info;

extern const allostat_summary_column_info
    allostat_summary_columns[ALLOSTAT_COLUMN_COUNT];

/* Facts of a window. Shares are of 1. */
typedef enum {
    ALLOSTAT_FACT_deaths_male,
    ALLOSTAT_FACT_deaths_alone,
    ALLOSTAT_FACT_deaths_per_attended_overdose,
    ALLOSTAT_FACT_active_people_with_overdose,
    ALLOSTAT_FACT_repeat_overdose,
    ALLOSTAT_FACT_most_overdoses_of_one_person,
    ALLOSTAT_FACT_COUNT
} allostat_fact;

typedef struct {
    const char *name;
    const char *label;
    const char *unit;
} allostat_fact_info;

extern const allostat_fact_info allostat_facts[ALLOSTAT_FACT_COUNT];

/* How the interval of an estimate was made; it depends on the number of replicates
 * only. */
typedef enum {
    ALLOSTAT_INTERVAL_none,      /* one replicate: low and high are the value */
    ALLOSTAT_INTERVAL_range,     /* 2 to 39: lowest and highest */
    ALLOSTAT_INTERVAL_percentile /* 40 and more: 2.5th and 97.5th percentile */
} allostat_interval;

/* One number over the replicates. */
typedef struct {
    double mean, low, high;  /* NaN when no replicate has a value */
    int32_t replicate_count; /* those that have one */
} allostat_estimate;

typedef struct {
    int32_t year;
    int32_t month_count;                    /* months of it that were simulated */
    double observed[ALLOSTAT_COLUMN_COUNT]; /* NaN unless all 12 months were observed
                                               and simulated */
    allostat_estimate simulated[ALLOSTAT_COLUMN_COUNT];
} allostat_year_summary;

/* Facts of the months first to last. Facts about people take the calendar years that
 * lie wholly in the window; they have no value when none does. */
typedef struct {
    allostat_month first, last;
    int32_t area_count;
    allostat_estimate
        deaths_in_area[ALLOSTAT_AREAS_MAX]; /* share of deaths in each area */
    allostat_estimate fact[ALLOSTAT_FACT_COUNT];
} allostat_window_summary;

enum { ALLOSTAT_WINDOWS_MAX = 3 };

typedef struct {
    allostat_interval interval;
    int32_t replicate_count;
    int32_t year_count;
    allostat_year_summary *year; /* [year_count] */
    int32_t
        window_count; /* the whole output; 2015-2018 and 2021 where simulated whole */
    allostat_window_summary window[ALLOSTAT_WINDOWS_MAX];
} allostat_summary;

/* What a summary is made from; it owns nothing. */
typedef struct {
    const allostat_records *replicate; /* [replicate_count], all of the same shape */
    int32_t replicate_count;           /* at least 1 */
    allostat_series
        observed[ALLOSTAT_COLUMN_COUNT]; /* count 0 where nothing was observed */
} allostat_summary_input;

/* The observed series of a scenario, by column. */
void allostat_summary_observed(const allostat_params *params,
                               allostat_series observed[ALLOSTAT_COLUMN_COUNT]);

/* Errors: NO_MEMORY. *summary can be freed whatever happens. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_summary_init(allostat_summary *summary, const allostat_summary_input *input,
                      allostat_error *error);
void allostat_summary_free(allostat_summary *summary);

/* Mean and interval of count values, NaN left out; the values are put in order. */
allostat_estimate allostat_estimate_of(double *value, int32_t count);
allostat_interval allostat_interval_of(int32_t replicate_count);

#endif
