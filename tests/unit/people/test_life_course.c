#include "defaults.h"

#include "people/life_course.h"

#include <string.h>

enum { PEOPLE = 200000 };
static const allostat_month MONTH = 12 * 2015 + 4;

/* A town of men of 35; nobody is a user. */
static void men_of_35(allostat_residents *residents, size_t count)
{
    allostat_error error = {0};

    assert_int_equal(allostat_residents_init(residents, count, &error), ALLOSTAT_OK);
    residents->row_count = count;
    for (size_t i = 0; i < count; i++) {
        residents->status[i] = ALLOSTAT_RESIDENT_present;
        residents->sex[i] = ALLOSTAT_SEX_male;
        residents->birth_month[i] = (int16_t)(MONTH - 35 * 12);
        residents->user_row[i] = -1;
        residents->first_use_ratio[i] = 2.0f;
    }
}

static allostat_params high_rates(void **state)
{
    static const allostat_schedule_row death[] = {{ALLOSTAT_SEX_male, 0, 110, 0.24}};
    static const allostat_schedule_row overdose[] = {{ALLOSTAT_SEX_male, 0, 110, 0.04}};
    static const allostat_schedule_row departure[] = {{ALLOSTAT_SEX_male, 0, 110, 0.3}};
    allostat_params params = defaults_copy(state);

    params.population_death_probability = (allostat_schedule){1, death};
    params.population_overdose_death_rate = (allostat_schedule){1, overdose};
    params.population_overdose_in_life_table = 0.5;
    params.population_departure_rate = (allostat_schedule){1, departure};
    params.first_use_scale = 0.1;
    return params;
}

static void draw_all(const allostat_params *params, const allostat_residents *residents,
                     const allostat_users *users, size_t block, uint8_t *event)
{
    allostat_life_terms terms;

    allostat_life_terms_make(&terms, params, allostat_draw_key_make(5, 0), MONTH);
    for (size_t first = 0; first < residents->row_count; first += block) {
        const size_t left = residents->row_count - first;
        allostat_life_draw(&terms, residents, users, first, left < block ? left : block,
                           event + first);
    }
}

static double share(const uint8_t *event, size_t first, size_t count,
                    allostat_life_event kind)
{
    double found = 0.0;

    for (size_t i = first; i < first + count; i++) found += event[i] == kind;
    return found / (double)count;
}

/* Five standard errors of 0.0004. */
static void events_of_a_month_have_the_probabilities_of_their_hazards(void **state)
{
    const allostat_params params = high_rates(state);
    const double hazard = -log(1.0 - 0.24) - 0.5 * 0.04;
    const double death = 1.0 - exp(-hazard / 12.0);
    const double departure = 1.0 - exp(-0.3 / 12.0);
    const double use =
        1.0 - exp(-2.0 * 0.1 / 12.0 * allostat_first_use_age_ratio(&params, 35));
    allostat_residents residents;
    allostat_users users = {0};
    static uint8_t event[PEOPLE];

    men_of_35(&residents, PEOPLE);
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, event);
    check_close(share(event, 0, PEOPLE, ALLOSTAT_LIFE_death), death, 0.002);
    check_close(share(event, 0, PEOPLE, ALLOSTAT_LIFE_departure),
                (1.0 - death) * departure, 0.002);
    check_close(share(event, 0, PEOPLE, ALLOSTAT_LIFE_first_use),
                (1.0 - death) * (1.0 - departure) * use, 0.002);
    allostat_residents_free(&residents);
}

/* Quarters: residents, active users, users in treatment, users in abstinence. */
static void users_die_of_other_causes_by_their_ratios(void **state)
{
    const allostat_params params = high_rates(state);
    const double hazard = (-log(1.0 - 0.24) - 0.5 * 0.04) / 12.0;
    const double ratio[] = {1.0, params.users_mortality_ratio_active,
                            params.users_mortality_ratio_treated,
                            params.users_mortality_ratio_abstinent};
    allostat_residents residents;
    allostat_users users;
    allostat_error error = {0};
    static uint8_t event[PEOPLE];
    size_t row;

    men_of_35(&residents, PEOPLE);
    assert_int_equal(allostat_users_init(&users, PEOPLE, &error), ALLOSTAT_OK);
    for (uint32_t i = PEOPLE / 4; i < PEOPLE; i++) {
        const uint32_t quarter = i / (PEOPLE / 4);
        assert_int_equal(allostat_users_append(&users, &residents, i, &row, &error),
                         ALLOSTAT_OK);
        users.active[row] = quarter < 3;
        users.treatment[row] =
            quarter == 2 ? ALLOSTAT_TREATMENT_buprenorphine : ALLOSTAT_TREATMENT_none;
    }
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, event);
    for (size_t quarter = 0; quarter < 4; quarter++) {
        check_close(
            share(event, quarter * (PEOPLE / 4), PEOPLE / 4, ALLOSTAT_LIFE_death),
            1.0 - exp(-hazard * ratio[quarter]), 0.007);
    }
    check_close(share(event, PEOPLE / 4, 3 * (PEOPLE / 4), ALLOSTAT_LIFE_first_use),
                0.0, 0.0);
    tables_free(&residents, &users);
}

static void nothing_happens_to_those_who_have_left(void **state)
{
    const allostat_params params = high_rates(state);
    allostat_residents residents;
    allostat_users users = {0};
    static uint8_t event[PEOPLE];

    men_of_35(&residents, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        const uint8_t left[] = {ALLOSTAT_RESIDENT_dead_overdose,
                                ALLOSTAT_RESIDENT_dead_other,
                                ALLOSTAT_RESIDENT_moved_out};
        residents.status[i] = left[i % 3];
    }
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, event);
    check_close(share(event, 0, PEOPLE, ALLOSTAT_LIFE_nothing), 1.0, 0.0);
    allostat_residents_free(&residents);
}

static void events_do_not_depend_on_the_blocks(void **state)
{
    const allostat_params params = high_rates(state);
    enum { FEW = 5003 };
    allostat_residents residents;
    allostat_users users = {0};
    static uint8_t a[FEW], b[FEW];

    men_of_35(&residents, FEW);
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, a);
    draw_all(&params, &residents, &users, 37, b);
    assert_memory_equal(a, b, FEW);
    allostat_residents_free(&residents);
}

/* Log-normal with mean m and SD s by libm. */
static double log_normal(double x, double m, double s)
{
    const double v = log(1.0 + s * s / (m * m)), mu = log(m) - 0.5 * v;
    const double z = log(x) - mu;

    return exp(-0.5 * z * z / v) / (x * sqrt(2.0 * 3.14159265358979323846 * v));
}

static void hazard_of_first_use_is_log_normal_by_age_with_mean_one(void **state)
{
    const allostat_params params = defaults_copy(state);
    double sum = 0.0, density = 0.0;

    for (int32_t age = ALLOSTAT_AGE_OF_ENTRY; age < ALLOSTAT_AGE_COUNT; age++) {
        sum += allostat_first_use_age_ratio(&params, age);
        density +=
            log_normal(age + 0.5, params.first_use_age_mean, params.first_use_age_sd);
    }
    check_close(sum, 96.0, 1e-9);
    for (int32_t age = ALLOSTAT_AGE_OF_ENTRY; age < ALLOSTAT_AGE_COUNT; age++) {
        check_relative(allostat_first_use_age_ratio(&params, age),
                       96.0 / density *
                           log_normal(age + 0.5, params.first_use_age_mean,
                                      params.first_use_age_sd),
                       1e-9);
    }
    check_close(allostat_first_use_age_ratio(&params, 14), 0.0, 0.0);
    check_close(density, 0.85, 0.03); /* the part of Stein's cases of 15 or more */
}

static void leaving_ends_use_treatment_and_waiting_and_takes_the_kits(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;

    tables_of_users(&residents, &users, 3);
    users.active[1] = 1;
    users.treatment[1] = ALLOSTAT_TREATMENT_methadone;
    users.treatment_next[1] = ALLOSTAT_TREATMENT_methadone;
    users.waiting_since[1] = 15000;
    users.kits[1] = 2;
    residents.user_row[2] = -1;
    allostat_life_leave(&residents, &users, 1, ALLOSTAT_RESIDENT_moved_out);
    allostat_life_leave(&residents, &users, 2, ALLOSTAT_RESIDENT_dead_other);
    assert_int_equal(residents.status[0], ALLOSTAT_RESIDENT_present);
    assert_int_equal(residents.status[1], ALLOSTAT_RESIDENT_moved_out);
    assert_int_equal(residents.status[2], ALLOSTAT_RESIDENT_dead_other);
    assert_int_equal(users.present[1] + users.active[1] + users.treatment[1] +
                         users.treatment_next[1] + users.waiting_since[1] +
                         users.kits[1],
                     0);
    assert_int_equal(users.kits_gone_month[1], 2);
    assert_int_equal(users.present[2], 1);
    tables_free(&residents, &users);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_of_a_month_have_the_probabilities_of_their_hazards),
        cmocka_unit_test(users_die_of_other_causes_by_their_ratios),
        cmocka_unit_test(nothing_happens_to_those_who_have_left),
        cmocka_unit_test(events_do_not_depend_on_the_blocks),
        cmocka_unit_test(hazard_of_first_use_is_log_normal_by_age_with_mean_one),
        cmocka_unit_test(leaving_ends_use_treatment_and_waiting_and_takes_the_kits),
    };
    return RUN_WITH_DEFAULTS("life course", tests);
}
