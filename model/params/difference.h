/* What differs between scenarios, as one would tell it: for comparisons, and to find
 * out whether overlays that are laid upon each other get in each other's way. */
#ifndef ALLOSTAT_PARAMS_DIFFERENCE_H
#define ALLOSTAT_PARAMS_DIFFERENCE_H

#include "params/scenario.h"

#include <stddef.h>

enum { ALLOSTAT_VALUE_WORDS_SIZE = 96 };

/* A value, or one of a vector's, that is not the same in both from a day on. */
typedef struct {
    int32_t id;       /* of the parameter */
    int32_t element;  /* of a vector; -1 otherwise */
    allostat_day day; /* the first with these two values */
    bool is_dated;    /* after the first day of the run: by a dated event */
    char base[ALLOSTAT_VALUE_WORDS_SIZE], policy[ALLOSTAT_VALUE_WORDS_SIZE];
} allostat_difference;

typedef struct {
    int32_t count, capacity;
    allostat_difference *item; /* [count], in the order of the table, then by day */
} allostat_differences;

/* All that differs but run.name and run.description. Errors: NO_MEMORY. *list can be
 * freed whatever happens. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_differences_init(allostat_differences *list, const allostat_scenario *base,
                          const allostat_scenario *policy, allostat_error *error);
void allostat_differences_free(allostat_differences *list);

/* "naloxone.kits", "site.area_share of Midtown". */
void allostat_difference_name(char *text, size_t size, const allostat_difference *item,
                              const allostat_scenario *scenario);

/* Where the policy's value was written: "file:line", "--set", "default", or "event: "
 * and its reason when the value is not that of the first day. */
void allostat_difference_origin(char *text, size_t size,
                                const allostat_difference *item,
                                const allostat_scenario *policy);

/* A part of a combination: an overlay loaded upon the base by itself. */
typedef struct {
    const char *path;
    const allostat_scenario *scenario;
} allostat_overlay;

/* Does `together`, all overlays upon the base, keep all that each of them changes
 * alone? Every parameter that one overlay takes back from another is a mistake that
 * names both places. Errors: CONFIGURATION, NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_overlays_check(const allostat_scenario *base, const allostat_overlay *overlay,
                        int32_t overlay_count, const allostat_scenario *together,
                        allostat_mistakes *mistakes, allostat_error *error);

#endif
