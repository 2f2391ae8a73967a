/* Tests of the mind: parameters as the registry has them, and small tables. */
#ifndef ALLOSTAT_TESTS_MIND_PEOPLE_H
#define ALLOSTAT_TESTS_MIND_PEOPLE_H

#include "check.h"

#include "params/scenario.h"
#include "people/residents.h"
#include "people/users.h"

#include <stdlib.h>

static inline int setup_defaults(void **state)
{
    allostat_scenario *scenario = calloc(1, sizeof *scenario);
    allostat_error error = {0};

    if (scenario == NULL) return -1;
    *state = scenario;
    return allostat_scenario_defaults(scenario, &error) == ALLOSTAT_OK ? 0 : -1;
}

static inline int teardown_defaults(void **state)
{
    allostat_scenario_free(*state);
    free(*state);
    return 0;
}

/* A copy that a test may change. */
static inline allostat_params default_params(void **state)
{
    const allostat_scenario *scenario = *state;

    return scenario->epochs[0].params;
}

/* `count` residents who are present and no users. */
static inline void make_residents(allostat_residents *residents, size_t count)
{
    allostat_error error = {0};

    assert_int_equal(allostat_residents_init(residents, count, &error), ALLOSTAT_OK);
    residents->row_count = count;
    for (size_t i = 0; i < count; i++) {
        residents->status[i] = ALLOSTAT_RESIDENT_present;
        residents->user_row[i] = -1;
    }
}

/* A row as user for person 0, 1, ... count - 1. */
static inline void make_users(allostat_residents *residents, allostat_users *users,
                              size_t count)
{
    allostat_error error = {0};
    size_t row = 0;

    assert_int_equal(allostat_users_init(users, count, &error), ALLOSTAT_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(
            allostat_users_append(users, residents, (uint32_t)i, &row, &error),
            ALLOSTAT_OK);
    }
}

#define RUN_WITH_DEFAULTS(name, tests) \
    cmocka_run_group_tests_name((name), (tests), setup_defaults, teardown_defaults)

#endif
