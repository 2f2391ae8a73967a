/* A scenario: the parameters of a run, dated changes included, and where each value
 * came from. */
#ifndef ALLOSTAT_PARAMS_SCENARIO_H
#define ALLOSTAT_PARAMS_SCENARIO_H

#include "params/params.h"

/* Where a value was written. */
typedef struct {
    char file[ALLOSTAT_PATH_SIZE]; /* as the user named it; "" for the default; "--set"
                                    */
    int line;                      /* counted from 1; 0 when none */
    char source[ALLOSTAT_MESSAGE_SIZE]; /* source given beside the value or in the CSV;
                                           else "" */
} allostat_origin;

/* The parameters in force from a day until the next epoch. */
typedef struct {
    allostat_day first_day;
    allostat_params params;
} allostat_epoch;

typedef struct allostat_scenario {
    int32_t epoch_count;    /* at least 1; epochs[0].first_day is run.start */
    allostat_epoch *epochs; /* by rising day */
    allostat_origin origins[ALLOSTAT_PARAM_COUNT];
    struct allostat_scenario_store *store; /* owns series, schedules and texts */
} allostat_scenario;

/* Every mistake found in a configuration, ready to print. */
typedef struct {
    int32_t count;
    char *text; /* count messages, each `file:line:column: error: …`, the source line
                   and a caret */
} allostat_mistakes;

void allostat_mistakes_free(allostat_mistakes *mistakes);

/* Load a configuration with its `extends` chain, CSV files and events, then apply
 * `sets` (set_count texts "path=value").
 *
 * A file extended comes before the file that extends it, and is read once; a later
 * value replaces an earlier one, a map for a vector replaces the labels that it names,
 * events add up. All files stay inside the configuration's folder: the nearest one,
 * from that of `path` upwards, that holds a file `.allostat`, or else the folder of
 * `path`; a CSV named by a set may be anywhere. An event outside the run is a mistake
 * unless a later file or set has moved the run: then what was before it is in force
 * from its first day, and what is after it never happens.
 *
 * On failure: the mistakes are all in `mistakes`, the error's status is CONFIGURATION
 * or DATA (65), NO_INPUT (66) when `path` itself cannot be opened, or NO_MEMORY;
 * *scenario can be freed. */
ALLOSTAT_MUST_CHECK allostat_status allostat_scenario_load(
    allostat_scenario *scenario, const char *path, const char *const *sets,
    int32_t set_count, allostat_mistakes *mistakes, allostat_error *error);

/* The same from several files laid upon each other: `paths`, of which NULL is the end,
 * each with its own `extends` chain and later ones with the last word; all lie in the
 * configuration's folder of the first. */
ALLOSTAT_MUST_CHECK allostat_status allostat_scenario_load_layers(
    allostat_scenario *scenario, const char *const *paths, const char *const *sets,
    int32_t set_count, allostat_mistakes *mistakes, allostat_error *error);

/* The same from a text in memory, called `name` in messages; files that it names are
 * looked for in the current folder. For what allostat_scenario_to_yaml has written. */
ALLOSTAT_MUST_CHECK allostat_status allostat_scenario_load_text(
    allostat_scenario *scenario, const char *name, const char *text,
    allostat_mistakes *mistakes, allostat_error *error);

/* Only defaults: for tests and the registry's own checks. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_scenario_defaults(allostat_scenario *scenario, allostat_error *error);

/* Which of the epochs a day lies in, and the parameters in force on it. */
int32_t allostat_scenario_epoch(const allostat_scenario *scenario, allostat_day day);
const allostat_params *allostat_scenario_params(const allostat_scenario *scenario,
                                                allostat_day day);

/* Why parameters change on the first day of epochs[epoch], in the words of its events;
 * "" for the first epoch or when none are given. */
const char *allostat_scenario_why(const allostat_scenario *scenario, int32_t epoch);

/* The whole configuration as one YAML text: every parameter, series and event inline,
 * numbers so that they read back to the same bits. Loading it gives the same scenario.
 * Caller frees *text. */
ALLOSTAT_MUST_CHECK allostat_status allostat_scenario_to_yaml(
    const allostat_scenario *scenario, char **text, allostat_error *error);

/* Safe on a zeroed, a failed or a freed scenario. */
void allostat_scenario_free(allostat_scenario *scenario);

#endif
