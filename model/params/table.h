/* Series and schedules: from inline YAML or from the CSV that it names. */
#ifndef ALLOSTAT_PARAMS_TABLE_H
#define ALLOSTAT_PARAMS_TABLE_H

#include "params/document.h"
#include "params/params.h"

/* What it takes to bind values. */
typedef struct {
    allostat_report *report;
    allostat_pool *keep; /* owns what outlives the reading */
    const char *root;    /* the configuration's folder */
    bool areas_unknown;  /* geography.areas has mistakes: labels of areas cannot be
                            judged */
} allostat_binder;

/* A number written alone in place of a series has this one date. */
enum { ALLOSTAT_SERIES_CONSTANT_DAY = 0 };

/* A number, a map of date: value, or {csv: path}; *note is the source line of the CSV,
 * else unchanged. False when a mistake was reported or memory is out. */
bool allostat_table_series(allostat_binder *binder, const allostat_param_info *info,
                           const allostat_node *node, allostat_series *series,
                           const char **note);

/* A number, a list of [sex, age_from, age_to, value], or {csv: path}; the rest as
 * above. */
bool allostat_table_schedule(allostat_binder *binder, const allostat_param_info *info,
                             const allostat_node *node, allostat_schedule *schedule,
                             const char **note);

#endif
