/* A tenth of a percent to a tenth of Vancouver, for tests of what the whole model does.
 */
#ifndef ALLOSTAT_TESTS_STATISTICAL_FIXTURE_H
#define ALLOSTAT_TESTS_STATISTICAL_FIXTURE_H

#include "engine/city.h"
#include "params/scenario.h"

/* Load configs/vancouver.yaml with `sets` (count texts "path=value"); any mistake fails
 * the test. */
void fixture_scenario(allostat_scenario *scenario, const char *const *sets,
                      int32_t count);

/* Simulate a city from its present month through `months` months; records may be NULL.
 */
void fixture_run_months(allostat_city *city, allostat_month first, int32_t months,
                        allostat_records *records);

/* Rows of those who overdosed on the day that was lived last, in order of person;
 * *count is their number. Only a day lived by itself, by one thread, leaves them. */
const uint32_t *fixture_overdosed(const allostat_city *city, size_t *count);

#endif
