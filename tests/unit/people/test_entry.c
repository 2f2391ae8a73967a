#include "defaults.h"

#include "people/entry.h"
#include "people/traits.h"

enum { PEOPLE = 100000 };
static const allostat_month MONTH = 12 * 2012;

/* Three areas of 20, 50 and 30 % of residents; the first has more adversity and more
 * users. */
static allostat_params three_areas(void **state)
{
    allostat_params params = defaults_copy(state);
    const double residents[] = {2.0, 5.0, 3.0}, users[] = {0.4, 0.4, 0.2};

    params.geography_areas.count = 3;
    for (int i = 0; i < 3; i++) {
        params.geography_population_share[i] = residents[i];
        params.users_area_share[i] = users[i];
        params.traits_ace_area_ratio[i] = i == 0 ? 1.5 : 1.0;
        params.housing_unstable_share[i] = 0.1;
        params.housing_homeless_share[i] = 0.05;
    }
    params.users_sex_share[ALLOSTAT_SEX_female] = 0.3;
    params.users_sex_share[ALLOSTAT_SEX_male] = 0.7;
    return params;
}

/* Half women and half men of age 30. */
static void admit(const allostat_params *params, allostat_residents *residents)
{
    allostat_entry entry;
    allostat_error error = {0};

    allostat_entry_make(&entry, params, allostat_draw_key_make(3, 0));
    assert_int_equal(allostat_residents_init(residents, PEOPLE, &error), ALLOSTAT_OK);
    allostat_entry_admit(&entry, residents, allostat_cohort(ALLOSTAT_SEX_female, 30),
                         PEOPLE / 2, MONTH);
    allostat_entry_admit(&entry, residents, allostat_cohort(ALLOSTAT_SEX_male, 30),
                         PEOPLE / 2, MONTH);
    assert_int_equal(residents->row_count, PEOPLE);
}

/* Standard errors of shares are at most 0.0016; five of them fail by chance in 6 of 10
 * million. */
static void people_live_in_areas_and_houses_by_their_shares(void **state)
{
    const allostat_params params = three_areas(state);
    allostat_residents residents;
    int32_t area[3] = {0}, housing[3] = {0};

    admit(&params, &residents);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_in_range(residents.area[i], 0, 2);
        assert_in_range(residents.housing[i], 0, 2);
        area[residents.area[i]]++;
        housing[residents.housing[i]]++;
    }
    check_close(area[0] / (double)PEOPLE, 0.2, 0.008);
    check_close(area[1] / (double)PEOPLE, 0.5, 0.008);
    check_close(area[2] / (double)PEOPLE, 0.3, 0.008);
    check_close(housing[ALLOSTAT_HOUSING_homeless] / (double)PEOPLE, 0.05, 0.004);
    check_close(housing[ALLOSTAT_HOUSING_unstable] / (double)PEOPLE, 0.10, 0.005);
    allostat_residents_free(&residents);
}

static void
everybody_has_the_age_and_sex_of_the_cohort_and_births_fill_the_year(void **state)
{
    const allostat_params params = three_areas(state);
    allostat_residents residents;
    int32_t born[12] = {0};

    admit(&params, &residents);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(allostat_age_in_month(residents.birth_month[i], MONTH), 30);
        assert_int_equal(residents.sex[i], i >= PEOPLE / 2);
        assert_int_equal(residents.status[i], ALLOSTAT_RESIDENT_present);
        assert_int_equal(residents.user_row[i], -1);
        born[residents.birth_month[i] % 12]++;
    }
    for (int month = 0; month < 12; month++) {
        check_close(born[month] / (double)PEOPLE, 1.0 / 12.0, 0.005);
    }
    allostat_residents_free(&residents);
}

/* Founders of 15 were born in any month of a year; who comes at 15 has just turned 15,
 * or the city would always have too few of them. */
static void arrivals_of_15_have_just_turned_15(void **state)
{
    const allostat_params params = three_areas(state);
    allostat_residents residents;
    allostat_entry entry;
    allostat_error error = {0};
    enum { EACH = 1200 };
    int32_t founders[12] = {0};

    allostat_entry_make(&entry, &params, allostat_draw_key_make(3, 0));
    assert_int_equal(allostat_residents_init(&residents, 2 * EACH, &error),
                     ALLOSTAT_OK);
    entry.founding = true;
    allostat_entry_admit(&entry, &residents, allostat_cohort(ALLOSTAT_SEX_male, 15),
                         EACH, MONTH);
    entry.founding = false;
    allostat_entry_admit(&entry, &residents, allostat_cohort(ALLOSTAT_SEX_male, 15),
                         EACH, MONTH);
    for (size_t i = 0; i < EACH; i++) founders[residents.birth_month[i] % 12]++;
    for (int month = 0; month < 12; month++) assert_in_range(founders[month], 50, 150);
    for (size_t i = EACH; i < 2 * EACH; i++)
        assert_int_equal(residents.birth_month[i], MONTH - 15 * 12);
    allostat_residents_free(&residents);
}

static void a_person_is_the_same_whoever_came_along(void **state)
{
    const allostat_params params = three_areas(state);
    allostat_residents all, few;
    allostat_entry entry;
    allostat_error error = {0};
    enum { FEW = 100 };

    admit(&params, &all);
    allostat_entry_make(&entry, &params, allostat_draw_key_make(3, 0));
    assert_int_equal(allostat_residents_init(&few, FEW, &error), ALLOSTAT_OK);
    for (int32_t i = 0; i < FEW; i++) {
        allostat_entry_admit(&entry, &few, allostat_cohort(ALLOSTAT_SEX_female, 30), 1,
                             MONTH);
    }
    for (size_t i = 0; i < FEW; i++) {
        assert_int_equal(few.area[i], all.area[i]);
        assert_int_equal(few.ace_score[i], all.ace_score[i]);
        assert_int_equal(few.birth_month[i], all.birth_month[i]);
        assert_true(few.attachment_avoidance[i] == all.attachment_avoidance[i]);
        assert_true(few.first_use_ratio[i] == all.first_use_ratio[i]);
    }
    allostat_residents_free(&all);
    allostat_residents_free(&few);
}

static void adversity_goes_with_insecurity_and_with_the_area(void **state)
{
    allostat_params params = three_areas(state);
    allostat_residents residents;
    double sum[3] = {0}, count[3] = {0}, s = 0, ss = 0, x = 0, xx = 0, sx = 0, n = 0;

    admit(&params, &residents);
    for (size_t i = 0; i < PEOPLE; i++) {
        const double ace = residents.ace_score[i];
        const double insecurity =
            allostat_insecurity((double)residents.attachment_anxiety[i],
                                (double)residents.attachment_avoidance[i],
                                params.traits_attachment_correlation);
        sum[residents.area[i]] += ace;
        count[residents.area[i]] += 1.0;
        if (residents.area[i] == 0) continue;
        n += 1.0, s += insecurity, ss += insecurity * insecurity;
        x += ace, xx += ace * ace, sx += ace * insecurity;
    }
    const double city = allostat_beta_binomial_mean(
        ALLOSTAT_ACE_MAX, params.traits_ace_alpha, params.traits_ace_beta);
    const double downtown = allostat_beta_binomial_mean(
        ALLOSTAT_ACE_MAX, 1.5 * params.traits_ace_alpha, params.traits_ace_beta);
    check_close(sum[0] / count[0], downtown, 0.08); /* 5 standard errors of 0.015 */
    check_close(sum[1] / count[1], city, 0.05);
    check_close((sx / n - s / n * (x / n)) /
                    sqrt((ss / n - s / n * (s / n)) * (xx / n - x / n * (x / n))),
                params.traits_ace_insecurity_correlation, 0.017);
    allostat_residents_free(&residents);
}

/* The ratio of an area is its share of users over its share of residents; traits have
 * mean 1 where adversity is the city's. */
static void first_use_ratio_averages_to_the_shares_of_area_and_sex(void **state)
{
    const allostat_params params = three_areas(state);
    allostat_residents residents;
    double sum[2][3] = {{0}}, count[2][3] = {{0}};

    admit(&params, &residents);
    for (size_t i = 0; i < PEOPLE; i++) {
        sum[residents.sex[i]][residents.area[i]] +=
            (double)residents.first_use_ratio[i];
        count[residents.sex[i]][residents.area[i]] += 1.0;
    }
    for (int sex = 0; sex < 2; sex++) {
        const double by_sex = sex == ALLOSTAT_SEX_male ? 1.4 : 0.6;
        check_relative(sum[sex][1] / count[sex][1], by_sex * 0.4 / 0.5, 0.02);
        check_relative(sum[sex][2] / count[sex][2], by_sex * 0.2 / 0.3, 0.03);
        assert_true(sum[sex][0] / count[sex][0] > by_sex * 2.0); /* more adversity */
    }
    allostat_residents_free(&residents);
}

/* People of 30 in 2012 were born in 1981 or 1982: all are reached when newcomers are.
 */
static void prevention_takes_adversity_from_people_and_gives_none(void **state)
{
    allostat_params params = three_areas(state);
    allostat_residents plain, half, quarter;
    double before = 0.0, after = 0.0;

    admit(&params, &plain);
    params.prevention_born_from = 1980;
    params.prevention_newcomers = true;
    params.prevention_ace_ratio = 0.5;
    admit(&params, &half);
    params.prevention_ace_ratio = 0.25;
    admit(&params, &quarter);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_true(half.ace_score[i] <= plain.ace_score[i]);
        assert_true(quarter.ace_score[i] <= half.ace_score[i]);
        assert_true(half.attachment_anxiety[i] <= plain.attachment_anxiety[i]);
        assert_int_equal(half.birth_month[i], plain.birth_month[i]);
        before += plain.ace_score[i];
        after += half.ace_score[i];
    }
    check_close(after / before, 0.5, 0.01);
    allostat_residents_free(&plain);
    allostat_residents_free(&half);
    allostat_residents_free(&quarter);
}

static void prevention_shifts_both_dimensions_of_attachment(void **state)
{
    allostat_params params = three_areas(state);
    allostat_residents plain, shifted;

    admit(&params, &plain);
    params.prevention_born_from = 1980;
    params.prevention_newcomers = true;
    params.prevention_attachment_shift = 0.5;
    admit(&params, &shifted);
    for (size_t i = 0; i < PEOPLE; i++) {
        check_close(
            (double)(plain.attachment_anxiety[i] - shifted.attachment_anxiety[i]), 0.5,
            1e-5);
        check_close(
            (double)(plain.attachment_avoidance[i] - shifted.attachment_avoidance[i]),
            0.5, 1e-5);
        assert_int_equal(plain.ace_score[i], shifted.ace_score[i]);
        assert_true(shifted.first_use_ratio[i] < plain.first_use_ratio[i]);
    }
    allostat_residents_free(&plain);
    allostat_residents_free(&shifted);
}

static void prevention_reaches_who_was_born_in_time_and_grew_up_here(void **state)
{
    (void)state;
    const allostat_month now = 12 * 2016;
    allostat_prevention self = {.born_from = 12 * 2000};

    assert_true(allostat_prevention_reached(&self, 12 * 2001, now));
    assert_false(allostat_prevention_reached(&self, 12 * 2000, now)); /* 16: moved in */
    self.newcomers = true;
    assert_true(allostat_prevention_reached(&self, 12 * 2000, now));
    assert_false(allostat_prevention_reached(&self, 12 * 2000 - 1, now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_live_in_areas_and_houses_by_their_shares),
        cmocka_unit_test(
            everybody_has_the_age_and_sex_of_the_cohort_and_births_fill_the_year),
        cmocka_unit_test(arrivals_of_15_have_just_turned_15),
        cmocka_unit_test(a_person_is_the_same_whoever_came_along),
        cmocka_unit_test(adversity_goes_with_insecurity_and_with_the_area),
        cmocka_unit_test(first_use_ratio_averages_to_the_shares_of_area_and_sex),
        cmocka_unit_test(prevention_takes_adversity_from_people_and_gives_none),
        cmocka_unit_test(prevention_shifts_both_dimensions_of_attachment),
        cmocka_unit_test(prevention_reaches_who_was_born_in_time_and_grew_up_here),
    };
    return RUN_WITH_DEFAULTS("entry", tests);
}
