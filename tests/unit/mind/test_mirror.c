/* Copies between the residents' and the users' table. */
#include "people.h"

#include "mind/mirror.h"
#include "mind/regulation.h"
#include "people/traits.h"

static void values_survive_the_way_there_and_back(void **state)
{
    const allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;

    make_residents(&residents, 3);
    make_users(&residents, &users, 3);
    for (size_t i = 0; i < 3; i++) {
        const float x = 0.1f + 0.2f * (float)i;

        users.ptsd_severity[i] = x;
        users.stress[i] = x + 0.01f;
        users.allostatic_load[i] = x + 0.02f;
        users.oxytocin[i] = x + 0.03f;
        users.connection[i] = x + 0.04f;
        users.pain[i] = x + 0.05f;
        users.defence_state[i] = (int32_t)i;
    }
    allostat_mirror_rows_to_residents(&users, 0, 3, &residents);
    for (size_t i = 0; i < 3; i++) {
        const float x = 0.1f + 0.2f * (float)i;

        assert_true(residents.ptsd_severity[i] == x);
        assert_true(residents.pain[i] == x + 0.05f);
        users.ptsd_severity[i] = users.stress[i] = users.allostatic_load[i] = 9.0f;
        users.oxytocin[i] = users.connection[i] = users.pain[i] = 9.0f;
        users.defence_state[i] = 9;
    }
    allostat_mirror_rows_to_users(&params, &residents, &users, 0, 3);
    for (size_t i = 0; i < 3; i++) {
        const float x = 0.1f + 0.2f * (float)i;

        assert_true(users.ptsd_severity[i] == x);
        assert_true(users.stress[i] == x + 0.01f);
        assert_true(users.allostatic_load[i] == x + 0.02f);
        assert_true(users.oxytocin[i] == x + 0.03f);
        assert_true(users.connection[i] == x + 0.04f);
        assert_true(users.pain[i] == x + 0.05f);
        assert_int_equal(users.defence_state[i], i);
    }
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void rows_before_the_first_are_left_alone(void **state)
{
    const allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;

    make_residents(&residents, 2);
    make_users(&residents, &users, 2);
    users.stress[0] = users.stress[1] = 0.7f;
    allostat_mirror_rows_to_residents(&users, 1, 1, &residents);
    assert_true(residents.stress[0] == 0.0f);
    assert_true(residents.stress[1] == 0.7f);
    residents.stress[0] = residents.stress[1] = 0.2f;
    allostat_mirror_rows_to_users(&params, &residents, &users, 1, 1);
    assert_true(users.stress[0] == 0.7f);
    assert_true(users.stress[1] == 0.2f);
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void traits_and_homes_come_with_the_way_to_users(void **state)
{
    const allostat_params params = default_params(state);
    const double r = params.traits_attachment_correlation;
    const double sd = sqrt(allostat_beta_binomial_variance(
        ALLOSTAT_ACE_MAX, params.traits_ace_alpha, params.traits_ace_beta));
    const double mean = allostat_beta_binomial_mean(
        ALLOSTAT_ACE_MAX, params.traits_ace_alpha, params.traits_ace_beta);
    allostat_residents residents;
    allostat_users users;

    make_residents(&residents, 1);
    residents.attachment_anxiety[0] = 1.0f;
    residents.attachment_avoidance[0] = 0.6f;
    residents.ace_score[0] = 5;
    residents.housing[0] = ALLOSTAT_HOUSING_homeless;
    make_users(&residents, &users, 1);
    allostat_mirror_rows_to_users(&params, &residents, &users, 0, 1);
    allostat_stress_paces(&params, &users, 0, 1);
    check_close((double)users.insecurity[0], 1.6 / sqrt(2.0 * (1.0 + r)), 1e-6);
    check_close((double)users.adversity[0], (5.0 - mean) / sd, 1e-6);
    assert_true(users.fearful[0] == 1.0f);
    assert_true(users.unstable[0] == 1.0f);
    assert_true(users.stress_keep[0] > (float)exp(-1.0 / 3.0));
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

/* Months read PTSD and stress of users and change their PTSD. */
static void a_month_copies_what_the_other_clock_changes(void **state)
{
    allostat_residents residents;
    allostat_users users;

    (void)state;
    make_residents(&residents, 2);
    make_users(&residents, &users, 2);
    users.ptsd_severity[1] = 0.3f;
    users.stress[1] = 0.6f;
    users.oxytocin[1] = 0.7f;
    allostat_mirror_month_to_residents(&users, 1, 1, &residents);
    assert_true(residents.ptsd_severity[1] == 0.3f);
    assert_true(residents.stress[1] == 0.6f);
    assert_true(residents.oxytocin[1] == 0.0f);
    residents.ptsd_severity[0] = residents.ptsd_severity[1] = 0.25f;
    allostat_mirror_severity_to_users(&residents, &users, 1, 1);
    assert_true(users.ptsd_severity[1] == 0.25f);
    assert_true(users.ptsd_severity[0] == 0.0f);
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_survive_the_way_there_and_back),
        cmocka_unit_test(rows_before_the_first_are_left_alone),
        cmocka_unit_test(traits_and_homes_come_with_the_way_to_users),
        cmocka_unit_test(a_month_copies_what_the_other_clock_changes),
    };

    return RUN_WITH_DEFAULTS("mirror", tests);
}
