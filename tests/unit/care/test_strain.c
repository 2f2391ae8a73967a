/* What stress does to care: retention in treatment, company in an overdose. */
#include "check.h"

#include "care/oat.h"
#include "care/response.h"
#include "params/scenario.h"

#include <stdlib.h>

static void shutdown_makes_people_use_alone_by_its_odds(void **state)
{
    (void)state;
    allostat_scenario scenario;
    allostat_error error = {0};

    assert_int_equal(allostat_scenario_defaults(&scenario, &error), ALLOSTAT_OK);
    const allostat_params *p = &scenario.epochs[0].params;
    const double engaged = allostat_alone_chance(p, true, false, 0.3, 0.5, false);
    const double shut_down = allostat_alone_chance(p, true, false, 0.3, 0.5, true);
    check_close(log(shut_down / (1.0 - shut_down)) - log(engaged / (1.0 - engaged)),
                p->stress_immobilised_alone, 1e-9);
    allostat_scenario_free(&scenario);
}

static void stress_shortens_treatment_around_its_reference(void **state)
{
    (void)state;
    allostat_scenario scenario;
    allostat_error error = {0};
    allostat_users users;
    allostat_oat_terms terms;
    allostat_oat_hazards *hazards = calloc(1, sizeof *hazards);

    assert_non_null(hazards);
    assert_int_equal(allostat_scenario_defaults(&scenario, &error), ALLOSTAT_OK);
    const allostat_params *p = &scenario.epochs[0].params;
    assert_int_equal(allostat_users_init(&users, 2, &error), ALLOSTAT_OK);
    users.row_count = 2;
    for (size_t i = 0; i < 2; i++) {
        users.treatment[i] = ALLOSTAT_TREATMENT_methadone;
        users.treatment_began[i] = 1;
        users.episode_left[i] = 100.0f;
    }
    users.stress[0] = (float)p->stress_oat_reference;
    users.stress[1] = (float)p->stress_oat_reference + 0.1f;
    allostat_oat_hazards_make(hazards, p);
    allostat_oat_terms_make(&terms, p, hazards, 0.0, 1);
    uint32_t row[2];
    const size_t listed = allostat_oat_rows(&users, 0, 2, row);
    allostat_oat_step(&terms, &users, (allostat_some_rows){row, listed});
    const double usual = 100.0 - (double)users.episode_left[0];
    const double strained = 100.0 - (double)users.episode_left[1];
    check_relative(usual, (double)hazards->increment[0], 1e-3);
    check_relative(strained / usual, exp(0.1 * p->stress_oat_stop_log_ratio), 1e-3);
    allostat_users_free(&users);
    allostat_scenario_free(&scenario);
    free(hazards);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shutdown_makes_people_use_alone_by_its_odds),
        cmocka_unit_test(stress_shortens_treatment_around_its_reference),
    };

    return cmocka_run_group_tests_name("strain", tests, NULL, NULL);
}
