/* Tests of one floor: the parameters as the registry has them, and small tables of
 * residents and users. Use defaults_setup and defaults_teardown as the group's. */
#ifndef ALLOSTAT_TESTS_DEFAULTS_H
#define ALLOSTAT_TESTS_DEFAULTS_H

#include "check.h"

#include "params/scenario.h"
#include "people/residents.h"
#include "people/users.h"

#include <stdlib.h>

static inline int defaults_setup(void **state)
{
    allostat_scenario *scenario = calloc(1, sizeof *scenario);
    allostat_error error = {0};

    if (scenario == NULL) return -1;
    *state = scenario;
    return allostat_scenario_defaults(scenario, &error) == ALLOSTAT_OK ? 0 : -1;
}

static inline int defaults_teardown(void **state)
{
    allostat_scenario_free(*state);
    free(*state);
    return 0;
}

/* A copy that a test may change. */
static inline allostat_params defaults_copy(void **state)
{
    const allostat_scenario *scenario = *state;

    return scenario->epochs[0].params;
}

/* Both tables with `count` people who are all present users, in row order, in area 0,
 * born in January 1980; everything else is zero. */
static inline void tables_of_users(allostat_residents *residents, allostat_users *users,
                                   size_t count)
{
    allostat_error error = {0};
    size_t row = 0;

    assert_int_equal(allostat_residents_init(residents, count, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(users, count, &error), ALLOSTAT_OK);
    residents->row_count = count;
    for (size_t i = 0; i < count; i++) {
        residents->status[i] = ALLOSTAT_RESIDENT_present;
        residents->birth_month[i] = 12 * 1980;
        assert_int_equal(
            allostat_users_append(users, residents, (uint32_t)i, &row, &error),
            ALLOSTAT_OK);
    }
}

static inline void tables_free(allostat_residents *residents, allostat_users *users)
{
    allostat_residents_free(residents);
    allostat_users_free(users);
}

#define RUN_WITH_DEFAULTS(name, tests) \
    cmocka_run_group_tests_name((name), (tests), defaults_setup, defaults_teardown)

#endif
