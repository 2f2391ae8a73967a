/* PTSD at entry and from what happens. */
#include "people.h"

#include "mind/ptsd.h"
#include "people/entry.h"
#include "people/ties.h"
#include "people/traits.h"

enum { PEOPLE = 200000, COHORT_OF_WOMEN_OF_40 = 40 };

static const allostat_month JANUARY_2015 = 12 * 2015;

/* Adults as they enter, with PTSD as ptsd_enter gives it. */
static void make_city(const allostat_params *params, allostat_residents *residents)
{
    const allostat_draw_key key = allostat_draw_key_make(5, 0);
    allostat_ptsd_entry entry;
    allostat_entry people;

    make_residents(residents, PEOPLE);
    residents->row_count = 0;
    allostat_entry_make(&people, params, key);
    allostat_entry_admit(&people, residents, COHORT_OF_WOMEN_OF_40, PEOPLE,
                         JANUARY_2015);
    allostat_ptsd_entry_make(&entry, params, key);
    allostat_ptsd_enter(&entry, residents, 0, PEOPLE);
}

static double share_with_ptsd(const allostat_residents *residents,
                              const allostat_params *params, int ace)
{
    double people = 0.0, ill = 0.0;

    for (size_t i = 0; i < residents->row_count; i++) {
        if (ace >= 0 && residents->ace_score[i] != ace) continue;
        people++;
        ill += residents->ptsd_severity[i] >= (float)params->ptsd_threshold;
    }
    return ill / people;
}

/* Binomial SD at n = 200,000: 0.0006; five of them. */
static void prevalence_at_entry_is_the_parameter(void **state)
{
    const allostat_params params = default_params(state);
    allostat_residents residents;

    make_city(&params, &residents);
    check_close(share_with_ptsd(&residents, &params, -1), params.ptsd_prevalence,
                0.003);
    allostat_residents_free(&residents);
}

static void prevalence_holds_for_areas_of_unlike_adversity(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;

    params.geography_areas.count = 2;
    params.geography_population_share[0] = 0.2;
    params.geography_population_share[1] = 0.8;
    params.traits_ace_area_ratio[0] = 2.5;
    params.traits_ace_area_ratio[1] = 0.7;
    params.users_area_share[1] = 1.0;
    make_city(&params, &residents);
    check_close(share_with_ptsd(&residents, &params, -1), params.ptsd_prevalence,
                0.003);
    allostat_residents_free(&residents);
}

/* Insecurity rises with adversity and adds 0.3 q / sd of ACE, about 0.04, to 0.30; less
 * for averaging over insecurity. About 1,900 ill people on each side: SD of the slope
 * 0.012 for the ends taken. */
static void log_odds_rise_with_adversity_as_the_slope_says(void **state)
{
    const allostat_params params = default_params(state);
    allostat_residents residents;

    make_city(&params, &residents);
    const double at_0 = share_with_ptsd(&residents, &params, 0);
    const double at_4 = share_with_ptsd(&residents, &params, 4);
    const double slope = (log(at_4 / (1.0 - at_4)) - log(at_0 / (1.0 - at_0))) / 4.0;
    check_close(slope, 0.335, 0.04);
    allostat_residents_free(&residents);
}

static void chance_at_entry_by_hand(void **state)
{
    const allostat_params params = default_params(state);
    const allostat_ptsd_entry entry = {.params = &params, .intercept = -3.2};

    /* -3.2 + 0.3 x 4 + 0.3 x 1 = -1.7 */
    check_close(allostat_ptsd_chance(&entry, 4.0, 1.0), 1.0 / (1.0 + exp(1.7)), 1e-12);
}

static void mean_severity_of_residents_is_the_neutral_value(void **state)
{
    const allostat_params params = default_params(state);
    allostat_residents residents;
    double sum = 0.0;

    make_city(&params, &residents);
    for (size_t i = 0; i < PEOPLE; i++) sum += (double)residents.ptsd_severity[i];
    check_close(sum / PEOPLE, params.ptsd_neutral, 0.005);
    allostat_residents_free(&residents);
}

static void traumas_add_up_short_of_full_severity(void **state)
{
    (void)state;
    check_close((double)allostat_trauma_risef(0.2f, 0.25f), 0.4, 1e-6);
    check_close((double)allostat_trauma_risef(1.0f, 0.25f), 1.0, 1e-6);
    assert_true(allostat_trauma_risef(0.2f, 0.0f) == 0.2f);
}

static void hazard_that_a_trauma_stays_by_hand(void **state)
{
    (void)state;
    check_close((double)allostat_trauma_hazardf(logf(0.05f), 0.3f, 2.0f, 0.3f, 1.0f),
                0.05 * exp(0.9), 1e-5);
}

static void history_follows_the_two_state_chain(void **state)
{
    (void)state;
    check_close(allostat_ptsd_history_chance(0.05, 0.05, 10.0), 0.5 * (1.0 - exp(-1.0)),
                1e-12);
    check_close(allostat_ptsd_history_chance(0.05, 0.05, 0.0), 0.0, 1e-15);
    check_close(allostat_ptsd_history_chance(0.0, 0.0, 10.0), 0.0, 1e-15);
}

/* A table whose months nothing but the given events fill. */
static void make_quiet(const allostat_params *params, allostat_params *quiet,
                       allostat_residents *residents, size_t count)
{
    *quiet = *params;
    quiet->ptsd_violence_rate = 0.0;
    quiet->ptsd_recovery_rate = 0.0;
    make_residents(residents, count);
}

/* The turn of a month, for the rows that are due and the users behind them. */
static allostat_traumas turn_of(const allostat_params *params,
                                const allostat_turn *turn,
                                allostat_residents *residents, allostat_users *users)
{
    allostat_ptsd_terms terms[ALLOSTAT_PACE_COUNT];
    allostat_traumas sum = {0, 0}, found;

    for (int pace = 0; pace < ALLOSTAT_PACE_COUNT; pace++)
        allostat_ptsd_terms_make(&terms[pace], params, allostat_draw_key_make(5, 0),
                                 turn, (allostat_pace)pace);
    for (size_t i = 0; i < allostat_turn_block_count(turn); i++) {
        const size_t first = allostat_turn_first_row(turn, i);
        found = allostat_ptsd_month(&terms[allostat_turn_pace(turn, first)], residents,
                                    users, first, allostat_turn_rows_from(turn, first));
        sum.violence += found.violence;
        sum.stayed += found.stayed;
    }
    found = allostat_ptsd_users_month(&terms[ALLOSTAT_PACE_month], turn, residents,
                                      users, 0, users->row_count);
    sum.violence += found.violence;
    sum.stayed += found.stayed;
    return sum;
}

/* A month of everybody. */
static allostat_traumas month_of(const allostat_params *params,
                                 allostat_residents *residents, allostat_users *users)
{
    const allostat_turn turn = {JANUARY_2015, 1, residents->row_count,
                                residents->row_count};

    return turn_of(params, &turn, residents, users);
}

static void severity_returns_to_its_chronic_level(void **state)
{
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};

    make_quiet(&params, &quiet, &residents, 1);
    residents.ptsd_chronic[0] = 0.5f;
    residents.ptsd_severity[0] = 0.9f;
    month_of(&quiet, &residents, &users);
    check_close((double)residents.ptsd_severity[0], 0.5 + 0.4 * exp(-31.0 / 180.0),
                1e-6);
    allostat_residents_free(&residents);
}

static void deaths_of_ties_and_a_lost_home_raise_severity(void **state)
{
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};

    make_quiet(&params, &quiet, &residents, 4);
    residents.bereaved_month[1] = 1;
    residents.bereaved_month[2] = 2;
    residents.became_homeless[3] = 1;
    month_of(&quiet, &residents, &users);
    assert_true(residents.ptsd_severity[0] == 0.0f);
    check_close((double)residents.ptsd_severity[1], 0.15, 1e-6);
    check_close((double)residents.ptsd_severity[2], 1.0 - 0.85 * 0.85, 1e-6);
    check_close((double)residents.ptsd_severity[3], 0.2, 1e-6);
    allostat_residents_free(&residents);
}

/* 20,000 people: SD of the share at most 0.002. */
static void violence_and_what_stays_come_at_their_rates(void **state)
{
    enum { MANY = 20000 };
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users = {0};
    int met = 0, stayed = 0;

    make_residents(&residents, MANY);
    params.ptsd_violence_rate = 6.0;
    params.ptsd_chronic_hazard = 0.2;
    params.ptsd_ace_slope = params.ptsd_insecurity_slope = 0.0;
    for (size_t i = 0; i < MANY; i++) residents.ace_score[i] = 2;
    const allostat_traumas sum = month_of(&params, &residents, &users);
    for (size_t i = 0; i < MANY; i++) {
        const int ill = residents.ptsd_chronic[i] > 0.0f;

        stayed += ill;
        assert_true(!ill || (residents.ptsd_severity[i] > 0.0f &&
                             residents.ptsd_chronic[i] >= 0.45f &&
                             residents.ptsd_chronic[i] <= 0.95f));
        met += residents.ptsd_severity[i] > 0.0f;
    }
    const double chance = 1.0 - exp(-6.0 * 31.0 / 365.25);
    check_close((double)met / MANY, chance, 0.018);
    check_close((double)stayed / met, 1.0 - exp(-0.2), 0.02);
    assert_int_equal(sum.violence, met);
    assert_int_equal(sum.stayed, stayed);
    allostat_residents_free(&residents);
}

static void chronic_ptsd_heals_at_its_rate(void **state)
{
    enum { MANY = 20000 };
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};
    int healed = 0;

    make_quiet(&params, &quiet, &residents, MANY);
    quiet.ptsd_recovery_rate = 2.0;
    for (size_t i = 0; i < MANY; i++) residents.ptsd_chronic[i] = 0.7f;
    month_of(&quiet, &residents, &users);
    for (size_t i = 0; i < MANY; i++) healed += residents.ptsd_chronic[i] == 0.0f;
    check_close((double)healed / MANY, 1.0 - exp(-2.0 * 31.0 / 365.25), 0.013);
    allostat_residents_free(&residents);
}

static void a_users_trauma_is_felt_at_once_and_weighed_once(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;

    make_residents(&residents, 1);
    make_users(&residents, &users, 1);
    params.ptsd_chronic_hazard = 1000.0; /* it stays */
    params.ptsd_violence_rate = 0.0;
    allostat_trauma_of_overdose(&params, &users, 0);
    check_close((double)users.ptsd_severity[0], 0.15, 1e-6);
    assert_int_equal(users.traumas_month[0], 1);
    assert_int_equal(month_of(&params, &residents, &users).stayed, 1);
    assert_int_equal(users.traumas_month[0], 0);
    assert_true(residents.ptsd_chronic[0] >= 0.45f);
    assert_int_equal(month_of(&params, &residents, &users).stayed, 0);
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void deaths_that_a_user_saw_are_felt_with_the_month(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;
    const double rest = exp(-31.0 / 180.0), rise = 0.25; /* ptsd.rise_witnessed_death */

    make_residents(&residents, 2);
    make_users(&residents, &users, 2);
    params.ptsd_chronic_hazard = 0.0; /* none stays */
    params.ptsd_violence_rate = 0.0;
    for (size_t row = 0; row < 2; row++) {
        residents.ptsd_chronic[row] = 0.0f;
        residents.ptsd_severity[row] = 0.4f;
    }
    allostat_trauma_of_witness(&params, &users, 0);
    allostat_trauma_of_witness(&params, &users, 0);
    assert_true(allostat_was_struck(&users, 0) && !allostat_was_struck(&users, 1));
    (void)month_of(&params, &residents, &users);
    check_close((double)residents.ptsd_severity[0],
                1.0 - (1.0 - 0.4 * rest) * (1.0 - rise) * (1.0 - rise), 1e-6);
    check_close((double)residents.ptsd_severity[1], 0.4 * rest, 1e-6);
    assert_true(!allostat_was_struck(&users, 0));
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void years_of_use_leave_ptsd_behind(void **state)
{
    enum { MANY = 20000 };
    const allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;
    allostat_ptsd_entry entry;
    int ill = 0;

    make_residents(&residents, MANY);
    make_users(&residents, &users, MANY);
    allostat_ptsd_entry_make(&entry, &params, allostat_draw_key_make(5, 0));
    for (size_t i = 0; i < MANY; i++) {
        residents.ace_score[i] = 4;
        users.use_years[i] = 12.0f;
    }
    allostat_ptsd_add_history(&entry, &users, 0, users.row_count, &residents);
    for (size_t i = 0; i < MANY; i++) ill += residents.ptsd_severity[i] >= 0.45f;
    const double onset = 0.03 * 5.0 * 0.05 * exp(0.3 * (4.0 - entry.ace_mean));
    const double both = onset + 0.05;
    check_close((double)ill / MANY, onset / both * (1.0 - exp(-both * 12.0)), 0.012);
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void off_means_the_neutral_bits_and_no_trauma(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users;

    params.mechanisms_ptsd = false;
    params.ptsd_violence_rate = 1000.0;
    make_city(&params, &residents);
    make_users(&residents, &users, 1);
    users.ptsd_severity[0] = (float)params.ptsd_neutral;
    allostat_trauma_of_overdose(&params, &users, 0);
    allostat_trauma_of_witness(&params, &users, 0);
    assert_true(users.ptsd_severity[0] == (float)params.ptsd_neutral);
    month_of(&params, &residents, &users);
    for (size_t i = 0; i < residents.row_count; i++) {
        assert_true(residents.ptsd_severity[i] == (float)params.ptsd_neutral);
    }
    allostat_users_free(&users);
    allostat_residents_free(&residents);
}

static void a_person_is_drawn_by_number_not_by_block(void **state)
{
    allostat_params params = default_params(state);
    const allostat_draw_key key = allostat_draw_key_make(5, 0);
    const allostat_turn turn = {JANUARY_2015, 1, 600, 600};
    allostat_residents one, two;
    allostat_users users = {0};
    allostat_ptsd_terms terms;

    params.ptsd_violence_rate = 6.0;
    make_residents(&one, 600);
    make_residents(&two, 600);
    allostat_ptsd_terms_make(&terms, &params, key, &turn, ALLOSTAT_PACE_month);
    (void)allostat_ptsd_month(&terms, &one, &users, 0, 600);
    (void)allostat_ptsd_month(&terms, &two, &users, 250, 350);
    (void)allostat_ptsd_month(&terms, &two, &users, 0, 250);
    for (size_t i = 0; i < 600; i++) {
        assert_true(one.ptsd_severity[i] == two.ptsd_severity[i]);
        assert_true(one.ptsd_chronic[i] == two.ptsd_chronic[i]);
    }
    allostat_residents_free(&one);
    allostat_residents_free(&two);
}

/* ---- turns of several months ---------------------------------------------------- */

enum { THREE_BLOCKS = 3 * ALLOSTAT_SHARE_ROWS, HALF_A_YEAR = 6 };

static allostat_turn turn_in(const allostat_residents *residents, int32_t month)
{
    return allostat_turn_make(residents, HALF_A_YEAR, JANUARY_2015 + month);
}

static void a_turn_rests_as_its_months_do(void **state)
{
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};

    make_quiet(&params, &quiet, &residents, 1);
    residents.ptsd_chronic[0] = 0.5f;
    residents.ptsd_severity[0] = 0.9f;
    for (int32_t month = 0; month < HALF_A_YEAR; month++) {
        const allostat_turn turn = turn_in(&residents, month);
        (void)turn_of(&quiet, &turn, &residents, &users);
    }
    check_close((double)residents.ptsd_severity[0], 0.5 + 0.4 * exp(-181.0 / 180.0),
                1e-6);
    allostat_residents_free(&residents);
}

/* Felt in one of the six months and eased since: between 0.15 exp(-5 months / tau) and
 * 0.15. */
static void bereavements_wait_for_the_turn_and_are_felt_once(void **state)
{
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};

    make_quiet(&params, &quiet, &residents, THREE_BLOCKS);
    quiet.ptsd_chronic_hazard = 1e-9; /* nothing stays */
    for (size_t i = 0; i < THREE_BLOCKS; i++) residents.bereaved_month[i] = 1;
    for (int32_t month = 0; month < HALF_A_YEAR; month++) {
        const allostat_turn turn = turn_in(&residents, month);
        (void)turn_of(&quiet, &turn, &residents, &users);
        allostat_bereavements_felt(&residents, &users, &turn);
        for (size_t i = 0; i < THREE_BLOCKS; i++) {
            const bool due = allostat_turn_is_due(&turn, i);
            const bool felt = residents.ptsd_severity[i] > 0.0f;

            assert_int_equal(residents.bereaved_month[i], !felt);
            if (!due) continue;
            assert_true(felt && residents.ptsd_severity[i] < 0.15001f);
            assert_true(residents.ptsd_severity[i] > 0.15f * expf(-155.0f / 180.0f));
        }
    }
    allostat_residents_free(&residents);
}

/* The mean over the months in which it may have happened is that of months one by one:
 * 0.15 (1 + q + ... + q^5) / 6. SD of the mean of 3,072: 0.0005. */
static void a_trauma_of_a_turn_has_eased_as_if_its_month_were_known(void **state)
{
    const allostat_params params = default_params(state);
    allostat_params quiet;
    allostat_residents residents;
    allostat_users users = {0};
    double sum = 0.0, expected = 0.0;

    make_quiet(&params, &quiet, &residents, THREE_BLOCKS);
    quiet.ptsd_chronic_hazard = 1e-9; /* nothing stays */
    for (size_t i = 0; i < THREE_BLOCKS; i++) residents.bereaved_month[i] = 1;
    for (int32_t month = 0; month < HALF_A_YEAR; month++) {
        const allostat_turn turn = turn_in(&residents, month);
        (void)turn_of(&quiet, &turn, &residents, &users);
        expected += 0.15 * exp(-30.4 * month / 180.0) / HALF_A_YEAR;
    }
    for (size_t i = 0; i < THREE_BLOCKS; i++) sum += (double)residents.ptsd_severity[i];
    check_close(sum / THREE_BLOCKS, expected, 0.003);
    allostat_residents_free(&residents);
}

/* Violence to everybody in every turn: each of them once in half a year. */
static void violence_of_a_turn_is_counted_once(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users = {0};
    int32_t met = 0;

    params.ptsd_violence_rate = 1000.0;
    make_residents(&residents, THREE_BLOCKS);
    for (int32_t month = 0; month < HALF_A_YEAR; month++) {
        const allostat_turn turn = turn_in(&residents, month);
        met += turn_of(&params, &turn, &residents, &users).violence;
    }
    assert_int_equal(met, THREE_BLOCKS);
    allostat_residents_free(&residents);
}

/* Six months at once meet as much violence as six months: 0.6 x 20,000 / 2 = 6,000;
 * five SD are 325. */
static void violence_of_turns_adds_up_to_that_of_months(void **state)
{
    allostat_params params = default_params(state);
    allostat_residents residents;
    allostat_users users = {0};
    int32_t met = 0;

    params.ptsd_violence_rate = 0.6;
    make_residents(&residents, 20000);
    for (int32_t month = 0; month < HALF_A_YEAR; month++) {
        const allostat_turn turn = turn_in(&residents, month);
        met += turn_of(&params, &turn, &residents, &users).violence;
    }
    check_close((double)met, 6.0 * 20000.0 * (1.0 - exp(-0.05)), 325.0);
    allostat_residents_free(&residents);
}

/* Whoever uses lives by the month wherever the row stands: the same bits. */
static void users_behind_live_by_the_month(void **state)
{
    enum { USERS = 500 };
    allostat_params params = default_params(state);
    allostat_residents one, two;
    allostat_users users_one, users_two;

    params.ptsd_violence_rate = 1.0;
    make_residents(&one, THREE_BLOCKS);
    make_residents(&two, THREE_BLOCKS);
    make_users(&one, &users_one, USERS);
    make_users(&two, &users_two, USERS);
    for (int32_t month = 0; month < HALF_A_YEAR; month++) {
        const allostat_turn months = {JANUARY_2015 + month, 1, THREE_BLOCKS,
                                      THREE_BLOCKS};
        const allostat_turn turns = turn_in(&two, month);

        users_one.traumas_month[month] = users_two.traumas_month[month] = 1;
        users_one.deaths_seen_month[month + HALF_A_YEAR] =
            users_two.deaths_seen_month[month + HALF_A_YEAR] = 1;
        one.bereaved_month[month] = two.bereaved_month[month] = 1;
        (void)turn_of(&params, &months, &one, &users_one);
        (void)turn_of(&params, &turns, &two, &users_two);
        allostat_bereavements_felt(&one, &users_one, &months);
        allostat_bereavements_felt(&two, &users_two, &turns);
        assert_int_equal(two.bereaved_month[month], 0);
        assert_int_equal(users_two.traumas_month[month], 0);
    }
    for (size_t i = 0; i < USERS; i++) {
        assert_true(one.ptsd_severity[i] == two.ptsd_severity[i]);
        assert_true(one.ptsd_chronic[i] == two.ptsd_chronic[i]);
    }
    allostat_users_free(&users_one);
    allostat_users_free(&users_two);
    allostat_residents_free(&one);
    allostat_residents_free(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prevalence_at_entry_is_the_parameter),
        cmocka_unit_test(prevalence_holds_for_areas_of_unlike_adversity),
        cmocka_unit_test(log_odds_rise_with_adversity_as_the_slope_says),
        cmocka_unit_test(chance_at_entry_by_hand),
        cmocka_unit_test(mean_severity_of_residents_is_the_neutral_value),
        cmocka_unit_test(traumas_add_up_short_of_full_severity),
        cmocka_unit_test(hazard_that_a_trauma_stays_by_hand),
        cmocka_unit_test(history_follows_the_two_state_chain),
        cmocka_unit_test(severity_returns_to_its_chronic_level),
        cmocka_unit_test(deaths_of_ties_and_a_lost_home_raise_severity),
        cmocka_unit_test(violence_and_what_stays_come_at_their_rates),
        cmocka_unit_test(chronic_ptsd_heals_at_its_rate),
        cmocka_unit_test(a_users_trauma_is_felt_at_once_and_weighed_once),
        cmocka_unit_test(deaths_that_a_user_saw_are_felt_with_the_month),
        cmocka_unit_test(years_of_use_leave_ptsd_behind),
        cmocka_unit_test(off_means_the_neutral_bits_and_no_trauma),
        cmocka_unit_test(a_person_is_drawn_by_number_not_by_block),
        cmocka_unit_test(a_turn_rests_as_its_months_do),
        cmocka_unit_test(bereavements_wait_for_the_turn_and_are_felt_once),
        cmocka_unit_test(a_trauma_of_a_turn_has_eased_as_if_its_month_were_known),
        cmocka_unit_test(violence_of_a_turn_is_counted_once),
        cmocka_unit_test(violence_of_turns_adds_up_to_that_of_months),
        cmocka_unit_test(users_behind_live_by_the_month),
    };

    return RUN_WITH_DEFAULTS("ptsd", tests);
}
