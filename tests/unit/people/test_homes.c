#include "check.h"

#include "params/scenario.h"
#include "people/homes.h"
#include "people/life_course.h"

#include <string.h>

static const allostat_home_balance BALANCE = {0.25, 0.08, 12.0, 0.6, 60.0};

static void the_shares_are_in_balance(void **state)
{
    const allostat_home_chain chain = allostat_home_chain_of(BALANCE);
    const double share[] = {1.0 - BALANCE.unstable - BALANCE.homeless, BALANCE.unstable,
                            BALANCE.homeless};

    (void)state;
    for (int i = 0; i < ALLOSTAT_HOUSING_COUNT; i++) {
        for (int j = 0; j < ALLOSTAT_HOUSING_COUNT; j++) {
            check_relative(share[i] * chain.move[i][j], share[j] * chain.move[j][i],
                           1e-12);
        }
    }
}

static void a_spell_without_a_home_has_its_mean_length(void **state)
{
    const allostat_home_chain chain = allostat_home_chain_of(BALANCE);
    const double *out = chain.move[ALLOSTAT_HOUSING_homeless];

    (void)state;
    check_relative(out[ALLOSTAT_HOUSING_stable] + out[ALLOSTAT_HOUSING_unstable],
                   1.0 / BALANCE.homeless_months, 1e-12);
    check_relative(out[ALLOSTAT_HOUSING_unstable] * BALANCE.homeless_months,
                   BALANCE.homeless_to_unstable, 1e-12);
}

static void nobody_moves_into_a_state_without_a_share(void **state)
{
    const allostat_home_chain chain =
        allostat_home_chain_of((allostat_home_balance){0.0, 0.1, 12.0, 0.6, 60.0});

    (void)state;
    for (int i = 0; i < ALLOSTAT_HOUSING_COUNT; i++) {
        check_close(chain.move[i][ALLOSTAT_HOUSING_unstable], 0.0, 0.0);
        check_close(chain.move[ALLOSTAT_HOUSING_unstable][i], 0.0, 0.0);
    }
}

static void the_draw_decides_where_a_person_moves(void **state)
{
    const float move[ALLOSTAT_HOUSING_COUNT] = {0.9f, 0.2f, 0.1f};
    const uint8_t expected[] = {ALLOSTAT_HOUSING_unstable, ALLOSTAT_HOUSING_homeless,
                                ALLOSTAT_HOUSING_stable};
    const float rest[] = {0.5f, 0.5f, 2.0f / 7.0f};
    float u[] = {0.1f, 0.25f, 0.5f};

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(allostat_home_afterf(ALLOSTAT_HOUSING_stable, move, &u[i]),
                         expected[i]);
        check_close((double)u[i], (double)rest[i], 1e-6);
    }
}

static void use_raises_risk_and_treatment_lowers_it(void **state)
{
    const allostat_home_terms terms = {.active = 0.5f,
                                       .treated = -0.4f,
                                       .ptsd = 0.5f,
                                       .stress = 0.5f,
                                       .assistance = 0.4f};
    const allostat_home_state plain = {0}, uses = {.active = 1.0f},
                              treated = {.treated = 1.0f}, hurt = {.ptsd = 1.0f},
                              poor = {.assistance = 1.0f};

    (void)state;
    check_close((double)allostat_home_riskf(&terms, plain), 1.0, 1e-6);
    assert_true(allostat_home_riskf(&terms, uses) > 1.0f);
    assert_true(allostat_home_riskf(&terms, hurt) > 1.0f);
    assert_true(allostat_home_riskf(&terms, poor) > 1.0f);
    assert_true(allostat_home_riskf(&terms, treated) < 1.0f);
}

/* A town of people who never used, half of them with PTSD, at the shares of the
 * defaults. */
enum { TOWN = 4096, MONTHS = 240 };

typedef struct {
    allostat_scenario scenario;
    allostat_residents residents;
    allostat_users users;
    allostat_params *params;
} town;

static int found_town(void **state)
{
    static town t;
    allostat_error error = {0};

    memset(&t, 0, sizeof t);
    assert_int_equal(allostat_scenario_defaults(&t.scenario, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_residents_init(&t.residents, TOWN, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&t.users, 1, &error), ALLOSTAT_OK);
    t.params = &t.scenario.epochs[0].params;
    t.params->housing_unstable_share[0] = 0.30;
    t.params->housing_homeless_share[0] = 0.10;
    t.residents.row_count = TOWN;
    for (size_t i = 0; i < TOWN; i++) {
        t.residents.status[i] = ALLOSTAT_RESIDENT_present;
        t.residents.user_row[i] = -1;
        t.residents.ptsd_severity[i] = i % 2 ? 1.0f : 0.0f;
    }
    *state = &t;
    return 0;
}

static int leave_town(void **state)
{
    town *t = *state;

    allostat_users_free(&t->users);
    allostat_residents_free(&t->residents);
    allostat_scenario_free(&t->scenario);
    return 0;
}

static void live(town *t, allostat_homes *homes, allostat_month month, int32_t months)
{
    const allostat_turn turn = allostat_turn_make(&t->residents, 1, month);
    allostat_home_terms terms;

    allostat_homes_measure(homes, &t->residents, &t->users, &turn, t->params);
    allostat_home_terms_make(&terms, homes, t->params, months);
    for (size_t first = 0; first < TOWN; first += ALLOSTAT_LIFE_BLOCK) {
        allostat_living_block block;

        allostat_living_draw(&block, allostat_draw_key_make(1, 0), &turn, &t->residents,
                             first, ALLOSTAT_LIFE_BLOCK);
        allostat_homes_step(&terms, &t->residents, &t->users, &block);
    }
}

static void live_month(town *t, allostat_homes *homes, allostat_month month)
{
    live(t, homes, month, 1);
}

static double share(const town *t, allostat_housing housing, int among_hurt)
{
    int32_t count = 0, people = 0;

    for (size_t i = 0; i < TOWN; i++) {
        const int hurt = t->residents.ptsd_severity[i] > 0.0f;
        if (among_hurt && !hurt) continue;
        people++;
        count += t->residents.housing[i] == housing;
    }
    return (double)count / people;
}

/* Standard error of a share: 0.007 at most. */
static void shares_come_to_those_of_the_area_from_anywhere(void **state)
{
    town *t = *state;
    allostat_homes homes = {0};

    for (int32_t m = 0; m < MONTHS; m++) live_month(t, &homes, 24000 + m);
    check_close(share(t, ALLOSTAT_HOUSING_unstable, 0), 0.30, 0.03);
    check_close(share(t, ALLOSTAT_HOUSING_homeless, 0), 0.10, 0.02);
    assert_true(share(t, ALLOSTAT_HOUSING_homeless, 1) >
                share(t, ALLOSTAT_HOUSING_homeless, 0) + 0.01);
}

static void the_flag_marks_those_who_lost_their_home_this_month(void **state)
{
    town *t = *state;
    allostat_homes homes = {0};
    uint8_t before[TOWN];
    int32_t lost = 0;

    live_month(t, &homes, 24000);
    memcpy(before, t->residents.housing, sizeof before);
    live_month(t, &homes, 24001);
    for (size_t i = 0; i < TOWN; i++) {
        const int now = t->residents.housing[i] == ALLOSTAT_HOUSING_homeless &&
                        before[i] != ALLOSTAT_HOUSING_homeless;
        assert_int_equal(t->residents.became_homeless[i], now);
        lost += now;
    }
    assert_true(lost > 0);
}

static void the_average_risk_is_held_after_the_months_of_fitting(void **state)
{
    town *t = *state;
    allostat_homes homes = {0};

    t->params->homes_fitted_months = 2;
    live_month(t, &homes, 24000);
    live_month(t, &homes, 24001);
    const double held = homes.risk[0][ALLOSTAT_HOUSING_stable];
    for (size_t i = 0; i < TOWN; i++) t->residents.ptsd_severity[i] = 0.0f;
    live_month(t, &homes, 24002);
    assert_int_equal(homes.month_count, 2);
    check_close(homes.risk[0][ALLOSTAT_HOUSING_stable], held, 0.0);
}

/* Shares after some months of people who are all in one state; with `ever`, who has no
 * home stays so. */
static void expect(const town *t, int32_t months, bool ever, double share[3])
{
    const allostat_home_chain chain = allostat_home_chain_of((allostat_home_balance){
        t->params->housing_unstable_share[0], t->params->housing_homeless_share[0],
        t->params->homes_homeless_months, t->params->homes_homeless_to_unstable,
        t->params->homes_unstable_months});

    for (int32_t m = 0; m < months; m++) {
        const double old[] = {share[0], share[1], share[2]};
        for (int from = 0; from < 3; from++) {
            if (ever && from == ALLOSTAT_HOUSING_homeless) continue;
            for (int to = 0; to < 3; to++) {
                share[to] += old[from] * chain.move[from][to];
                share[from] -= old[from] * chain.move[from][to];
            }
        }
    }
}

static double became_homeless(const town *t)
{
    int32_t count = 0;

    for (size_t i = 0; i < TOWN; i++) count += t->residents.became_homeless[i];
    return (double)count / TOWN;
}

/* Everybody at the same risk. Standard error of a share: 0.008 at most. */
static void a_turn_moves_people_as_its_months_one_by_one(void **state)
{
    town *t = *state;

    t->params->homes_ptsd_log_ratio = 0.0;
    t->params->homes_homeless_months = 4.0;
    for (uint8_t from = 0; from < 3; from++) {
        const int32_t months = 6;
        allostat_homes homes = {0};
        double after[3] = {0.0, 0.0, 0.0}, ever[3] = {0.0, 0.0, 0.0};

        memset(t->residents.housing, from, TOWN);
        after[from] = ever[from] = 1.0;
        expect(t, months, false, after);
        expect(t, months, true, ever);
        live(t, &homes, 24000, months);
        for (int to = 0; to < 3; to++)
            check_close(share(t, (allostat_housing)to, 0), after[to], 0.03);
        if (from != ALLOSTAT_HOUSING_homeless)
            check_close(became_homeless(t), ever[ALLOSTAT_HOUSING_homeless], 0.03);
    }
}

/* The town's second quarter, hurt, is due and lives three months; the first, which is
 * near, one. */
static void who_lives_several_months_at_once_counts_as_often(void **state)
{
    town *t = *state;
    const allostat_month month = 24002;
    allostat_homes homes = {0};
    allostat_turn turn;

    t->residents.near_count = 1;
    turn = allostat_turn_make(&t->residents, 3, month);
    for (size_t i = 0; i < TOWN; i++)
        t->residents.ptsd_severity[i] = i < 1024 ? 0.0f : 1.0f;
    allostat_homes_measure(&homes, &t->residents, &t->users, &turn, t->params);
    check_close(homes.risk[0][ALLOSTAT_HOUSING_stable],
                (1.0 + 3.0 * exp(t->params->homes_ptsd_log_ratio)) / 4.0, 1e-4);
}

/* Users and patients, some of whom use, some of whom are treated. */
static void settle_users(town *t, size_t count)
{
    allostat_error error = {0};

    assert_int_equal(allostat_users_reserve(&t->users, count, &error), ALLOSTAT_OK);
    t->users.row_count = count;
    for (size_t i = 0; i < count; i++) {
        t->users.person[i] = (uint32_t)(2 * i);
        t->residents.user_row[2 * i] = (int32_t)i;
        t->users.active[i] = i % 3 != 0;
        t->users.treatment[i] = i % 4 == 0;
        t->users.rx_only[i] = i % 5 == 0;
    }
}

/* Of one group, one home and one block, the risks of which are the largest there are.
 */
static void the_largest_risks_of_a_block_add_up(void **state)
{
    town *t = *state;
    allostat_homes homes = {0};
    allostat_turn turn;
    const double most = 1.5;

    t->params->homes_use_log_ratio = t->params->homes_ptsd_log_ratio = most;
    t->params->homes_stress_log_ratio = t->params->homes_assistance_log_ratio = most;
    settle_users(t, TOWN / 2);
    t->residents.near_count = TOWN;
    turn = allostat_turn_make(&t->residents, 1, 24000);
    for (size_t i = 0; i < TOWN; i++) {
        t->residents.ptsd_severity[i] = t->residents.stress[i] = 1.0f;
        t->residents.assistance[i] = 1;
    }
    for (size_t row = 0; row < t->users.row_count; row++) {
        t->users.active[row] = 1;
        t->users.treatment[row] = t->users.rx_only[row] = 0;
    }
    allostat_homes_measure(&homes, &t->residents, &t->users, &turn, t->params);
    check_close(homes.risk[1][ALLOSTAT_HOUSING_stable], exp(4.0 * most), 1e-2);
    check_close(homes.risk[0][ALLOSTAT_HOUSING_stable], exp(3.0 * most), 1e-2);
}

static void risks_are_the_same_in_front_and_behind(void **state)
{
    town *t = *state;
    allostat_homes homes[2] = {{0}, {0}};

    settle_users(t, TOWN / 4);
    for (size_t i = 0; i < TOWN; i++) {
        t->residents.housing[i] = (uint8_t)(i / 2 % 3);
        t->residents.stress[i] = (float)(i % 7) / 7.0f;
        t->residents.assistance[i] = i % 11 == 0;
        if (i % 13 == 0) t->residents.status[i] = ALLOSTAT_RESIDENT_moved_out;
    }
    for (int k = 0; k < 2; k++) {
        t->residents.near_count = (size_t)k * TOWN / 2;
        const allostat_turn turn = allostat_turn_make(&t->residents, 1, 24000);
        allostat_homes_measure(&homes[k], &t->residents, &t->users, &turn, t->params);
    }
    for (int group = 0; group < ALLOSTAT_HOME_GROUPS; group++)
        for (int home = 0; home < ALLOSTAT_HOUSING_COUNT; home++)
            assert_true(homes[0].risk[group][home] > 0.0);
    assert_memory_equal(&homes[0], &homes[1], sizeof homes[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shares_are_in_balance),
        cmocka_unit_test(a_spell_without_a_home_has_its_mean_length),
        cmocka_unit_test(nobody_moves_into_a_state_without_a_share),
        cmocka_unit_test(the_draw_decides_where_a_person_moves),
        cmocka_unit_test(use_raises_risk_and_treatment_lowers_it),
        cmocka_unit_test_setup_teardown(shares_come_to_those_of_the_area_from_anywhere,
                                        found_town, leave_town),
        cmocka_unit_test_setup_teardown(
            the_flag_marks_those_who_lost_their_home_this_month, found_town,
            leave_town),
        cmocka_unit_test_setup_teardown(
            the_average_risk_is_held_after_the_months_of_fitting, found_town,
            leave_town),
        cmocka_unit_test_setup_teardown(a_turn_moves_people_as_its_months_one_by_one,
                                        found_town, leave_town),
        cmocka_unit_test_setup_teardown(
            who_lives_several_months_at_once_counts_as_often, found_town, leave_town),
        cmocka_unit_test_setup_teardown(the_largest_risks_of_a_block_add_up, found_town,
                                        leave_town),
        cmocka_unit_test_setup_teardown(risks_are_the_same_in_front_and_behind,
                                        found_town, leave_town),
    };
    return cmocka_run_group_tests_name("homes", tests, NULL, NULL);
}
