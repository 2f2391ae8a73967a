/* A finished run: its scenario and what every replicate left. It owns nothing. */
#ifndef ALLOSTAT_STUDY_RESULTS_H
#define ALLOSTAT_STUDY_RESULTS_H

#include "engine/records.h"
#include "params/scenario.h"

#include <stdint.h>

typedef struct {
    const allostat_scenario *scenario;
    const char *config_path; /* of the main configuration, as given; NULL for none */
    const allostat_records *replicate; /* [replicate_count], all of the same shape */
    int32_t replicate_count;           /* at least 1 */
} allostat_results;

#endif
