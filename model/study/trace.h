/* Biographies: chosen people of one replicate, written down day by day.
 *
 * Whoever is watched lives as if nobody looked: a trace reads the city and changes
 * nothing. */
#ifndef ALLOSTAT_STUDY_TRACE_H
#define ALLOSTAT_STUDY_TRACE_H

#include "people/tie_slots.h"
#include "people/traits.h"
#include "study/replicate.h"

typedef enum {
#define BOTH(name) ALLOSTAT_TRACE_##name,
#define USER BOTH
#define RESIDENT BOTH
#include "tables/trace.def"
#undef BOTH
#undef USER
#undef RESIDENT
    ALLOSTAT_TRACE_COUNT
} allostat_trace_column;

/* A column of a biography: its name, and unit and meaning from the tables. */
typedef struct {
    const char *name, *unit, *about;
} allostat_trace_column_info;

allostat_trace_column_info allostat_trace_column_describe(allostat_trace_column column);

typedef enum {
    ALLOSTAT_LIFE_EVENT_first_use, /* of unregulated opioids */
    ALLOSTAT_LIFE_EVENT_lapse,
    ALLOSTAT_LIFE_EVENT_stop,
    ALLOSTAT_LIFE_EVENT_overdose, /* survived, without naloxone */
    ALLOSTAT_LIFE_EVENT_reversed, /* survived, given naloxone */
    ALLOSTAT_LIFE_EVENT_bereaved, /* a tie died */
    ALLOSTAT_LIFE_EVENT_detox,    /* admitted */
    ALLOSTAT_LIFE_EVENT_custody,  /* taken in */
    ALLOSTAT_LIFE_EVENT_release,  /* from either */
    ALLOSTAT_LIFE_EVENT_treatment,
    ALLOSTAT_LIFE_EVENT_treatment_end,
    ALLOSTAT_LIFE_EVENT_prescription_end, /* of a long-term one */
    ALLOSTAT_LIFE_EVENT_death_overdose,
    ALLOSTAT_LIFE_EVENT_death_other,
    ALLOSTAT_LIFE_EVENT_moved_out,
    ALLOSTAT_LIFE_EVENT_COUNT
} allostat_life_event_kind;

extern const char *const allostat_life_event_names[ALLOSTAT_LIFE_EVENT_COUNT];

typedef struct {
    allostat_day day;
    allostat_life_event_kind kind;
} allostat_happening;

/* One day of one person. */
typedef struct {
    allostat_day day;
    float value[ALLOSTAT_TRACE_COUNT]; /* NaN where it is not known */
} allostat_trace_day;

typedef struct {
    uint32_t person; /* number */
    size_t row;      /* in the residents' table today */
    int32_t replicate;
    bool met; /* the person has entered the city */
    int32_t sex, birth_month, area, ace_score;
    double anxiety, avoidance;
    allostat_attachment_style style;
    bool injects, stimulants;
    double frailty;
    int32_t day_count, day_capacity;
    allostat_trace_day *day; /* [day_count]: days lived in the city, without a gap;
                                the day of a death by overdose is the last */
    int32_t happening_count, happening_capacity;
    allostat_happening *happening; /* by day */
    /* What the last day looked like, to see what has changed. */
    allostat_support_ties support, support_rows; /* numbers and rows of partners */
    allostat_using_ties together, together_rows;
    int32_t overdoses_year;
    float precipitated;
    bool used, gone;
} allostat_biography;

void allostat_biography_free(allostat_biography *self);

/* The most eventful users, style after style (fearful, avoidant, anxious, secure and
 * again): of each style the person with the most kinds of events in the replicate, each
 * kind counted at most three times; the smaller number among equals. Alive or dead.
 * Runs the replicate once. `person` has room for `count`; *found says how many there
 * are. Errors: those of allostat_replicate_run. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_trace_choose(const allostat_replicate *replicate, int32_t count,
                      uint32_t *person, int32_t *found, allostat_error *error);

/* Run the replicate and write down the lives of biography[count], whose `person` the
 * caller has set in zeroed records and which the caller frees. `records` as in
 * allostat_replicate_run. Errors: those of it. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_trace_run(const allostat_replicate *replicate, allostat_biography *biography,
                   int32_t count, allostat_records *records, allostat_error *error);

#endif
