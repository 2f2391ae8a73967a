#include "defaults.h"

#include "opioid/craving.h"

#include <string.h>

static const allostat_craving_terms zero_terms;

static double craving(const allostat_craving_terms *terms, allostat_craving_state s)
{
    return (double)allostat_cravingf(terms, s);
}

static void craving_adds_its_terms_one_by_one(void **state)
{
    (void)state;
    const allostat_craving_state s = {.withdrawal = 0.5f,
                                      .cue_memory = 0.8f,
                                      .cue = 1.2f,
                                      .stress = 0.4f,
                                      .pain = 0.3f,
                                      .tone = 0.7f,
                                      .oxytocin = 0.5f,
                                      .connection = 0.6f,
                                      .occupancy = 0.25f};
    allostat_craving_terms all = zero_terms;

#define TERM(name, weight, expected)                     \
    do {                                                 \
        allostat_craving_terms one = zero_terms;         \
        one.name = (weight);                             \
        all.name = (weight);                             \
        check_close(craving(&one, s), (expected), 1e-6); \
    } while (0)
    TERM(base, -1.4f, -1.4);
    TERM(withdrawal, 1.5f, 0.75);
    TERM(cue, 0.8f, 0.8 * 0.96);
    TERM(stress, 0.5f, 0.2);
    TERM(stress_cue, 0.9f, 0.9 * 0.4 * 0.96);
    TERM(pain, 0.5f, 0.15);
    TERM(tone, 0.5f, 0.15);
    TERM(oxytocin, 1.0f, -0.3);
    TERM(occupancy, 3.0f, -0.75);
#undef TERM
    check_close(craving(&all, s),
                -1.4 + 0.75 + 0.768 + 0.2 + 0.3456 + 0.15 + 0.15 - 0.3 - 0.75, 1e-5);
}

static void stress_does_more_where_there_are_cues_that_are_remembered(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_craving_terms terms;
    allostat_craving_state calm = {.cue = 1.0f, .tone = 1.0f}, tense = calm;

    allostat_craving_terms_make(&terms, &params);
    tense.stress = 1.0f;
    const double without = craving(&terms, tense) - craving(&terms, calm);
    calm.cue_memory = tense.cue_memory = 1.0f;
    const double with = craving(&terms, tense) - craving(&terms, calm);
    check_close(without, params.craving_stress, 1e-6);
    check_close(with - without, params.craving_stress_cue, 1e-6);
}

static void oxytocin_soothes_only_where_there_is_connection(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_craving_terms terms;
    allostat_craving_state low = {.tone = 1.0f},
                           high = {.tone = 1.0f, .oxytocin = 1.0f};

    allostat_craving_terms_make(&terms, &params);
    check_close(craving(&terms, high), craving(&terms, low), 0.0);
    low.connection = high.connection = 1.0f;
    check_close(craving(&terms, low) - craving(&terms, high), params.craving_oxytocin,
                1e-6);
}

static void tone_settles_by_connection_avoidance_tolerance_and_load(void **state)
{
    (void)state;
    const allostat_craving_terms terms = {.tone_on = 1,
                                          .tone_connection = 0.3f,
                                          .tone_avoidance = 0.15f,
                                          .tone_load = 0.3f};

    check_close((double)allostat_tone_targetf(&terms, 0, 0, 0, 0), 1.0, 0.0);
    check_close((double)allostat_tone_targetf(&terms, 0.5f, 1.0f, 0.6f, 0.2f),
                1.15 * 0.85 / 1.6 - 0.06, 1e-6);
}

/* Cue memory and tone over days, from the step. */
static void cues_are_learned_on_days_of_use_and_slowly_forgotten(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_residents residents;
    allostat_users users;
    allostat_craving_terms terms;

    tables_of_users(&residents, &users, 1);
    allostat_craving_terms_make(&terms, &params);
    users.doses[0] = 2.0f;
    for (int day = 0; day < 30; day++) allostat_craving_step(&terms, &users, 0, 1);
    check_close((double)users.cue_memory[0], 1.0 - exp(-1.0), 1e-5);
    users.doses[0] = 0.0f;
    users.cue_memory[0] = 1.0f;
    for (int day = 0; day < 365; day++) allostat_craving_step(&terms, &users, 0, 1);
    check_close((double)users.cue_memory[0], exp(-1.0), 1e-4);
    tables_free(&residents, &users);
}

static void tone_nears_its_target_in_its_time_constant(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_residents residents;
    allostat_users users;
    allostat_craving_terms terms;

    tables_of_users(&residents, &users, 1);
    allostat_craving_terms_make(&terms, &params);
    users.connection[0] = 0.5f;
    users.tolerance[0] = 0.5f;
    const double target = (double)allostat_tone_targetf(&terms, 0.5f, 0.0f, 0.5f, 0.0f);
    for (int day = 0; day < 30; day++) allostat_craving_step(&terms, &users, 0, 1);
    check_close((double)users.endogenous_tone[0], target * (1.0 - exp(-1.0)), 1e-5);
    tables_free(&residents, &users);
}

static void a_blockade_takes_craving_by_its_level(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_residents residents;
    allostat_users users;
    allostat_craving_terms terms;

    tables_of_users(&residents, &users, 2);
    allostat_craving_terms_make(&terms, &params);
    users.antagonist[1] = 0.5f;
    allostat_craving_step(&terms, &users, 0, 2);
    check_close((double)(users.craving[0] - users.craving[1]),
                0.5 * params.naltrexone_craving, 1e-6);
    tables_free(&residents, &users);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(craving_adds_its_terms_one_by_one),
        cmocka_unit_test(stress_does_more_where_there_are_cues_that_are_remembered),
        cmocka_unit_test(oxytocin_soothes_only_where_there_is_connection),
        cmocka_unit_test(tone_settles_by_connection_avoidance_tolerance_and_load),
        cmocka_unit_test(cues_are_learned_on_days_of_use_and_slowly_forgotten),
        cmocka_unit_test(tone_nears_its_target_in_its_time_constant),
        cmocka_unit_test(a_blockade_takes_craving_by_its_level),
    };
    return RUN_WITH_DEFAULTS("craving", tests);
}
