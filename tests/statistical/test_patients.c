/* Chronic pain, prescriptions and patients in a tenth of Vancouver. */
#include "fixture.h"

#include "opioid/dsm5.h"
#include "opioid/pain.h"
#include "opioid/prescribing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

enum { MONTHS = 18 };

static allostat_scenario scenario;
static allostat_city city;
static allostat_month last_month;

static int settle(void **state)
{
    static const char *const sets[] = {"population.scale=0.1", "run.end=2013-12-31",
                                       "run.output_start=2012-01-01"};
    allostat_error error = {0};

    (void)state;
    fixture_scenario(&scenario, sets, 3);
    if (allostat_city_init(&city, &scenario, 0, 1, &error) != ALLOSTAT_OK) return 1;
    const allostat_month first =
        allostat_month_of_day(scenario.epochs[0].params.run_start);
    fixture_run_months(&city, first, MONTHS, NULL);
    last_month = first + MONTHS - 1;
    return 0;
}

static int leave(void **state)
{
    (void)state;
    allostat_city_free(&city);
    allostat_scenario_free(&scenario);
    return 0;
}

/* Ten years of age hold 4,000 people or more: standard error at most 0.008; four. */
static void chronic_pain_has_the_prevalence_of_each_age(void **state)
{
    const allostat_params *params = &scenario.epochs[0].params;
    const allostat_residents *residents = &city.residents;

    (void)state;
    for (int32_t from = 20; from < 80; from += 10) {
        double in_pain = 0.0, expected = 0.0, people = 0.0;
        for (size_t i = 0; i < residents->row_count; i++) {
            const int32_t age =
                allostat_age_in_month(residents->birth_month[i], last_month);
            if (residents->status[i] != ALLOSTAT_RESIDENT_present || age < from ||
                age >= from + 10) {
                continue;
            }
            in_pain += residents->chronic_pain[i] > 0.0f;
            expected += allostat_pain_prevalence(params->pain_prevalence,
                                                 params->pain_age_log_odds, age + 0.5);
            people++;
        }
        assert_true(people > 4000.0);
        print_message("%d to %d: %.3f in pain, %.3f expected\n", (int)from,
                      (int)from + 9, in_pain / people, expected / people);
        assert_true(fabs(in_pain - expected) / people < 0.032);
    }
}

/* About 2 % of residents; with the users they stay within 15,000 to 40,000 rows. */
static void patients_and_users_together_are_few(void **state)
{
    const allostat_residents *residents = &city.residents;
    int32_t present = 0, patients = 0;

    (void)state;
    for (uint32_t i = 0; i < residents->row_count; i++) {
        if (residents->status[i] != ALLOSTAT_RESIDENT_present) continue;
        present++;
        patients += allostat_rx_is_long(residents, i);
    }
    assert_in_range((uintmax_t)patients, (uintmax_t)present * 12 / 1000,
                    (uintmax_t)present * 30 / 1000);
    assert_in_range(city.users.row_count, 1500, 4000);
}

static void a_patient_never_uses_on_the_street_and_is_never_treated_for_it(void **state)
{
    const allostat_users *users = &city.users;
    int32_t patients = 0, on_a_dose = 0;

    (void)state;
    for (size_t row = 0; row < users->row_count; row++) {
        if (!users->rx_only[row]) continue;
        const uint32_t person = users->person[row];
        patients++;
        on_a_dose += users->rx_level[row] > 0.0f;
        assert_int_equal(users->active[row], 0);
        assert_true(users->doses[row] == 0.0f && users->street_level[row] == 0.0f);
        assert_int_equal(users->treatment[row] | users->kits[row], 0);
        assert_int_equal(users->dsm5_flags[row] & (1 << ALLOSTAT_DSM5_tolerance), 0);
        assert_true(city.residents.rx_dose[person] != ALLOSTAT_RX_none ||
                    city.residents.rx_ended[person] != 0);
    }
    assert_true(patients > 900 && on_a_dose * 2 > patients);
}

static void severity_agrees_with_the_symptoms_of_every_user(void **state)
{
    const allostat_users *users = &city.users;
    int32_t found[ALLOSTAT_OUD_SEVERITY_COUNT] = {0};

    (void)state;
    for (size_t row = 0; row < users->row_count; row++) {
        const int32_t count = allostat_dsm5_count(users->dsm5_flags[row]);
        assert_int_equal(users->oud_severity[row], allostat_dsm5_severity(count));
        found[users->oud_severity[row]]++;
    }
    assert_true(found[ALLOSTAT_OUD_severe] > found[ALLOSTAT_OUD_moderate]);
    assert_true(found[ALLOSTAT_OUD_mild] > 0 && found[ALLOSTAT_OUD_none] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chronic_pain_has_the_prevalence_of_each_age),
        cmocka_unit_test(patients_and_users_together_are_few),
        cmocka_unit_test(
            a_patient_never_uses_on_the_street_and_is_never_treated_for_it),
        cmocka_unit_test(severity_agrees_with_the_symptoms_of_every_user),
    };
    return cmocka_run_group_tests_name("patients", tests, settle, leave);
}
