#include "defaults.h"

#include "people/life_course.h"

#include <string.h>

enum { PEOPLE = 200000 };
static const allostat_month MONTH = 12 * 2015 + 4;

/* A town of men of 35 in the state of mind of the mean resident, without prescriptions
 * or peers; nobody is a user. */
static void men_of_35(const allostat_params *params, allostat_residents *residents,
                      size_t count)
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
        residents->rx_first_use_ratio[i] = 1.0f;
        residents->ptsd_severity[i] = (float)params->ptsd_neutral;
        residents->stress[i] = (float)params->stress_neutral;
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
                     const allostat_users *users, size_t block, int32_t months,
                     uint8_t *event)
{
    allostat_life_terms terms;

    allostat_life_terms_make(&terms, params, allostat_draw_key_make(5, 0), months);
    allostat_life_terms_turn_to(&terms, MONTH);
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

    men_of_35(&params, &residents, PEOPLE);
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, 1, event);
    check_close(share(event, 0, PEOPLE, ALLOSTAT_LIFE_death), death, 0.002);
    check_close(share(event, 0, PEOPLE, ALLOSTAT_LIFE_departure),
                (1.0 - death) * departure, 0.002);
    check_close(share(event, 0, PEOPLE, ALLOSTAT_LIFE_first_use),
                (1.0 - death) * (1.0 - departure) * use, 0.002);
    allostat_residents_free(&residents);
}

/* Quarters: as usual, PTSD, stress, both. 50,000 people: five standard errors of
 * 0.0016. */
static void ptsd_and_stress_raise_first_use_by_the_formula(void **state)
{
    allostat_params params = high_rates(state);
    const allostat_schedule nothing = {0, NULL};
    const size_t quarter = PEOPLE / 4;
    allostat_residents residents;
    allostat_users users = {0};
    static uint8_t event[PEOPLE];

    params.population_death_probability = params.population_departure_rate = nothing;
    params.ptsd_first_use_log_ratio = 0.7;
    params.stress_first_use_log_ratio = 1.5;
    men_of_35(&params, &residents, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        if (i / quarter % 2 == 1) residents.ptsd_severity[i] = 1.0f;
        if (i / quarter / 2 == 1) residents.stress[i] = 0.9f;
    }
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, 1, event);
    for (size_t q = 0; q < 4; q++) {
        const double ptsd = q % 2 == 1 ? 0.7 * (1.0 - params.ptsd_neutral) : 0.0;
        const double stress = q / 2 == 1 ? 1.5 * (0.9 - params.stress_neutral) : 0.0;
        const double hazard =
            2.0 * 0.1 / 12.0 * allostat_first_use_age_ratio(&params, 35);
        check_close(share(event, q * quarter, quarter, ALLOSTAT_LIFE_first_use),
                    1.0 - exp(-hazard * exp(ptsd + stress)), 0.008);
    }
    allostat_residents_free(&residents);
}

/* The u-th draw of a number, uniform on (0, 1), for people who are unlike in all. */
static double mixed(size_t person, uint32_t u)
{
    return allostat_draw_uniform(allostat_draw_key_make(6, 0), ALLOSTAT_DRAW_oat_rank,
                                 (uint32_t)person, 0, u);
}

/* Men and women of all ages, in every state of mind, with up to all ties to users and
 * prescriptions that raise first use up to a hundred times; a third are or were users
 * or patients. */
static void unlike_people(allostat_residents *residents, allostat_users *users)
{
    allostat_error error = {0};
    size_t row;

    assert_int_equal(allostat_residents_init(residents, PEOPLE, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(users, PEOPLE, &error), ALLOSTAT_OK);
    residents->row_count = PEOPLE;
    for (size_t i = 0; i < PEOPLE; i++) {
        residents->status[i] = ALLOSTAT_RESIDENT_present;
        residents->sex[i] = (uint8_t)(mixed(i, 0) < 0.5);
        residents->birth_month[i] = (int16_t)(MONTH - 180 - (int)(900 * mixed(i, 1)));
        residents->user_row[i] = -1;
        residents->first_use_ratio[i] = (float)exp(8.0 * mixed(i, 2) - 4.0);
        residents->rx_first_use_ratio[i] =
            mixed(i, 3) < 0.5 ? 1.0f : (float)exp(log(100.0) * mixed(i, 4));
        residents->peers[i] = (uint8_t)(mixed(i, 5) * (ALLOSTAT_SUPPORT_SLOTS + 1));
        residents->ptsd_severity[i] = (float)mixed(i, 6);
        residents->stress[i] = (float)mixed(i, 7);
        if (i % 3 != 0) continue;
        assert_int_equal(
            allostat_users_append(users, residents, (uint32_t)i, &row, &error),
            ALLOSTAT_OK);
        users->active[row] = mixed(i, 8) < 0.5;
        users->treatment[row] = mixed(i, 9) < 0.2;
        users->rx_only[row] = !users->active[row] && mixed(i, 10) < 0.5;
    }
}

/* Chances of a month by libm, one person at a time. */
typedef struct {
    double death, departure, first_use;
} chances;

static chances chances_of(const allostat_params *p, const allostat_residents *residents,
                          const allostat_users *users, size_t i)
{
    const allostat_sex sex = (allostat_sex)residents->sex[i];
    const int32_t age = (MONTH - residents->birth_month[i]) / 12;
    const int32_t row = residents->user_row[i];
    const double ratio = row < 0                 ? 1.0
                         : users->treatment[row] ? p->users_mortality_ratio_treated
                         : users->active[row]    ? p->users_mortality_ratio_active
                                                 : p->users_mortality_ratio_abstinent;
    const double log_ratio =
        p->ties_peer_log_ratio * residents->peers[i] +
        p->ptsd_first_use_log_ratio *
            ((double)residents->ptsd_severity[i] - p->ptsd_neutral) +
        p->stress_first_use_log_ratio *
            ((double)residents->stress[i] - p->stress_neutral);
    const double first_use =
        row >= 0 && !users->rx_only[row]
            ? 0.0
            : p->first_use_scale / 12.0 * allostat_first_use_age_ratio(p, age) *
                  (double)residents->first_use_ratio[i] *
                  (double)residents->rx_first_use_ratio[i] * exp(log_ratio);

    return (chances){
        1.0 - exp(-allostat_other_death_hazard(p, sex, age) / 12.0 * ratio),
        1.0 - exp(-allostat_schedule_value(&p->population_departure_rate, sex, age) /
                  12.0),
        1.0 - exp(-first_use)};
}

/* What happens first in some months, and whether a draw is so near a chance that
 * rounding decides. */
static allostat_life_event by_hand(const chances *c, uint32_t person, int32_t months,
                                   bool *near)
{
    const double chance[] = {c->death, c->departure, c->first_use};
    const allostat_draw draw[] = {ALLOSTAT_DRAW_month_death,
                                  ALLOSTAT_DRAW_month_departure,
                                  ALLOSTAT_DRAW_month_first_use};
    const allostat_life_event kind[] = {ALLOSTAT_LIFE_death, ALLOSTAT_LIFE_departure,
                                        ALLOSTAT_LIFE_first_use};

    *near = false;
    for (int32_t k = 0; k < 3 * months; k++) {
        const double until = 1.0 - pow(1.0 - chance[k % 3], k / 3 + 1);
        const double u =
            allostat_draw_uniform(allostat_draw_key_make(5, 0), draw[k % 3], person,
                                  allostat_month_first_day(MONTH), 0);
        *near |= fabs(u - until) < 1e-5 * until + 1e-7;
        if (u < until) return kind[k % 3];
    }
    return ALLOSTAT_LIFE_nothing;
}

static void compare_by_hand(const allostat_params *params,
                            const allostat_residents *residents,
                            const allostat_users *users, int32_t months)
{
    static uint8_t event[PEOPLE];
    int32_t left_out = 0, found[4] = {0};

    draw_all(params, residents, users, ALLOSTAT_LIFE_BLOCK, months, event);
    for (size_t i = 0; i < PEOPLE; i++) {
        const chances c = chances_of(params, residents, users, i);
        bool near;
        const allostat_life_event expected = by_hand(&c, (uint32_t)i, months, &near);
        found[event[i]]++;
        left_out += near;
        if (!near) assert_int_equal(event[i], expected);
    }
    assert_in_range(left_out, 0, 20 * months);
    for (int kind = 0; kind < 4; kind++) assert_true(found[kind] > 2000);
}

/* The search for candidates by bounds misses no event and adds none. */
static void every_event_is_found_whoever_the_people_are(void **state)
{
    allostat_params params = high_rates(state);
    allostat_residents residents;
    allostat_users users;

    params.first_use_scale = 0.005;
    unlike_people(&residents, &users);
    compare_by_hand(&params, &residents, &users, 1);
    compare_by_hand(&params, &residents, &users, 6);
    tables_free(&residents, &users);
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

    men_of_35(&params, &residents, PEOPLE);
    assert_int_equal(allostat_users_init(&users, PEOPLE, &error), ALLOSTAT_OK);
    for (uint32_t i = PEOPLE / 4; i < PEOPLE; i++) {
        const uint32_t quarter = i / (PEOPLE / 4);
        assert_int_equal(allostat_users_append(&users, &residents, i, &row, &error),
                         ALLOSTAT_OK);
        users.active[row] = quarter < 3;
        users.treatment[row] =
            quarter == 2 ? ALLOSTAT_TREATMENT_buprenorphine : ALLOSTAT_TREATMENT_none;
    }
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, 1, event);
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

    men_of_35(&params, &residents, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        const uint8_t left[] = {ALLOSTAT_RESIDENT_dead_overdose,
                                ALLOSTAT_RESIDENT_dead_other,
                                ALLOSTAT_RESIDENT_moved_out};
        residents.status[i] = left[i % 3];
    }
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, 1, event);
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

    men_of_35(&params, &residents, FEW);
    draw_all(&params, &residents, &users, ALLOSTAT_LIFE_BLOCK, 1, a);
    draw_all(&params, &residents, &users, 37, 1, b);
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
        cmocka_unit_test(ptsd_and_stress_raise_first_use_by_the_formula),
        cmocka_unit_test(every_event_is_found_whoever_the_people_are),
        cmocka_unit_test(users_die_of_other_causes_by_their_ratios),
        cmocka_unit_test(nothing_happens_to_those_who_have_left),
        cmocka_unit_test(events_do_not_depend_on_the_blocks),
        cmocka_unit_test(hazard_of_first_use_is_log_normal_by_age_with_mean_one),
        cmocka_unit_test(leaving_ends_use_treatment_and_waiting_and_takes_the_kits),
    };
    return RUN_WITH_DEFAULTS("life course", tests);
}
