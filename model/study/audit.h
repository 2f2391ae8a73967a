/* An audit of the random draws: a small city runs with every draw written down. */
#ifndef ALLOSTAT_STUDY_AUDIT_H
#define ALLOSTAT_STUDY_AUDIT_H

#include "base/draws.h"
#include "params/scenario.h"

/* One kind of check of a purpose: how probable a value as far out is when all is well;
 * NaN when there were too few draws to tell. */
typedef enum {
    ALLOSTAT_AUDIT_uniform,  /* chi-square of 16 equal bins */
    ALLOSTAT_AUDIT_days,     /* correlation of a person's draws on dates that follow */
    ALLOSTAT_AUDIT_people,   /* of people who follow, on the same date */
    ALLOSTAT_AUDIT_purposes, /* of a person's purposes that follow, on the same date */
    ALLOSTAT_AUDIT_CHECK_COUNT
} allostat_audit_check;

typedef struct {
    int64_t draws;    /* made, whether in blocks or alone */
    int64_t repeated; /* of these, drawn twice without a reason */
    double p[ALLOSTAT_AUDIT_CHECK_COUNT];
} allostat_audit_purpose;

typedef struct {
    int64_t draws;             /* different ones */
    int64_t repeated;          /* drawn twice for the same purpose */
    allostat_draw_note repeat; /* the first of these */
    int32_t unused;            /* purposes of a run that were never drawn */
    int32_t check_count;       /* checks made, over all purposes */
    int32_t failed_count;      /* of these, p under `limit` */
    double error_rate;         /* chance that a good generator fails any check */
    double limit;              /* error_rate / check_count */
    allostat_audit_purpose purpose[ALLOSTAT_DRAW_COUNT];
} allostat_audit;

/* Run the first `months` of replicate 0 on one thread and judge its draws. A draw that
 * is repeated or a check that fails is a finding, not an error. Errors: NO_MEMORY,
 * INVARIANT. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_audit_run(const allostat_scenario *scenario, int32_t months,
                   allostat_audit *result, allostat_error *error);

/* Judge draws that were noted elsewhere; orders them anew. `result` receives all. */
void allostat_audit_judge(allostat_draw_note *note, size_t count,
                          allostat_audit *result);

#endif
