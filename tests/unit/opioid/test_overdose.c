#include "defaults.h"

#include "base/draws.h"
#include "opioid/overdose.h"

static double normal_cdf(double z) { return 0.5 * erfc(-z / sqrt(2.0)); }

static allostat_overdose_terms half_fentanyl(void)
{
    return (allostat_overdose_terms){.ec50_naive = 0.42f,
                                     .ec50_gain = 3.33f,
                                     .threshold_log = 3.2f,
                                     .share = {0.5f, 0.5f},
                                     .log_mean = {0.1f, 0.3f},
                                     .inverse_sd = {1.0f / 0.8f, 1.0f / 0.96f},
                                     .benzodiazepine = 1.0f};
}

static void risk_of_a_dose_agrees_with_libm(void **state)
{
    (void)state;
    const allostat_overdose_terms terms = half_fentanyl();

    for (int i = -20; i <= 40; i++) {
        const double surprise = i * 0.1;
        const double exact = 0.5 * normal_cdf((surprise + 0.1 - 3.2) / 0.8) +
                             0.5 * normal_cdf((surprise + 0.3 - 3.2) / 0.96);
        check_relative((double)allostat_dose_riskf(&terms, (float)surprise), exact,
                       3e-5);
    }
}

static void risk_of_a_dose_rises_with_surprise_and_with_the_wider_type(void **state)
{
    (void)state;
    allostat_overdose_terms heroin = half_fentanyl(), fentanyl = heroin;

    heroin.log_mean[0] = heroin.log_mean[1] = 0.0f;
    heroin.share[0] = 1.0f, heroin.share[1] = 0.0f;
    fentanyl.log_mean[0] = fentanyl.log_mean[1] = 0.0f;
    fentanyl.share[0] = 0.0f, fentanyl.share[1] = 1.0f;
    for (float s = -2.0f; s < 2.0f; s += 0.1f) {
        assert_true(allostat_dose_riskf(&heroin, s + 0.1f) >
                    allostat_dose_riskf(&heroin, s));
        assert_true(allostat_dose_riskf(&fentanyl, s) >
                    allostat_dose_riskf(&heroin, s));
    }
}

static void risk_of_a_day_is_that_of_its_doses_together(void **state)
{
    (void)state;
    const double risks[] = {1e-6, 1.5e-4, 1e-3, 0.02, 0.1};

    for (size_t i = 0; i < sizeof risks / sizeof risks[0]; i++) {
        for (int n = 0; n <= 10; n++) {
            const double exact = -expm1(n * log1p(-risks[i]));
            check_relative((double)allostat_day_riskf((float)risks[i], (float)n), exact,
                           0.004);
        }
    }
    check_close((double)allostat_day_riskf(0.5f, 0.0f), 0.0, 0.0);
    assert_true(allostat_day_riskf(3.0f, 10.0f) <= 1.0f);
}

static void bounds_are_above_the_risks_they_stand_for(void **state)
{
    (void)state;
    const allostat_overdose_terms terms = half_fentanyl();

    for (float surprise = -4.0f; surprise <= 6.0f; surprise += 0.01f) {
        const float most = allostat_dose_risk_boundf(&terms, surprise);

        for (float narrowing = 1.0f; narrowing <= 4.5f; narrowing += 0.25f) {
            const float dose =
                allostat_narrowed_dose_riskf(&terms, surprise, narrowing);

            assert_true(most >= dose);
            for (float p = 0.5f; p <= 8.0f; p += 0.5f) {
                for (float doses = 0.0f; doses <= 24.0f; doses += 3.0f) {
                    assert_true(allostat_day_risk_boundf(most * p, doses) >=
                                allostat_day_riskf(dose * p, doses));
                }
            }
        }
    }
    assert_true(allostat_day_risk_boundf(1.0f, 0.0f) == 0.0f);
}

/* A table of equal people against the risk by hand, within five standard errors. */
static void the_step_draws_the_risk_of_route_drugs_and_belief(void **state)
{
    (void)state;
    enum { PEOPLE = 100000 };
    allostat_residents residents;
    allostat_users users;
    allostat_overdose_terms terms = half_fentanyl();
    uint32_t *bits = calloc(PEOPLE, sizeof *bits);
    uint32_t *overdosed = calloc(PEOPLE, sizeof *overdosed);

    assert_non_null(bits);
    assert_non_null(overdosed);
    tables_of_users(&residents, &users, PEOPLE);
    terms.benzodiazepine = 1.3f;
    for (size_t i = 0; i < PEOPLE; i++) {
        users.doses[i] = 3.0f;
        users.tolerance[i] = 0.1f;
        users.believed_tolerance[i] = 0.5f;
        users.met_potency[i] = 0.2f;
        users.overdose_ratio[i] = 2.8f;
        bits[i] = allostat_draw_bits(allostat_draw_key_make(1, 0),
                                     ALLOSTAT_DRAW_day_overdose, (uint32_t)i, 1, 0);
    }
    const double found =
        (double)allostat_overdose_step(&terms, &users, 0, PEOPLE, bits, overdosed);
    const double surprise = log((1.0 + 3.33 * 0.5) / (1.0 + 3.33 * 0.1)) - 0.2;
    const double dose = 0.5 * normal_cdf((surprise + 0.1 - 3.2) / 0.8) +
                        0.5 * normal_cdf((surprise + 0.3 - 3.2) / 0.96);
    const double day = 1.0 - pow(1.0 - dose * 2.8 * 1.3, 3.0);
    check_close(found / PEOPLE, day, 5.0 * sqrt(day / PEOPLE));
    free(bits);
    free(overdosed);
    tables_free(&residents, &users);
}

static void nobody_overdoses_without_a_dose_and_blockade_protects(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;
    allostat_overdose_terms terms = half_fentanyl();
    const uint32_t lowest[3] = {0, 1u << 24, 1u << 24};
    uint32_t overdosed[3];

    terms.blockade[ALLOSTAT_TREATMENT_buprenorphine] = 3.0f;
    tables_of_users(&residents, &users, 3);
    for (size_t i = 0; i < 3; i++) {
        users.overdose_ratio[i] = 1.0f;
        users.believed_tolerance[i] = 0.5f;
        users.oat_occupancy[i] = 0.9f;
        users.doses[i] = i == 0 ? 0.0f : 3.0f;
    }
    users.treatment[2] = ALLOSTAT_TREATMENT_buprenorphine;
    assert_int_equal(allostat_overdose_step(&terms, &users, 0, 3, lowest, overdosed),
                     1);
    assert_int_equal(overdosed[0], 1); /* u = 0.004, risk 0.05 */
    tables_free(&residents, &users);
}

/* Rows: naltrexone, then each agonist with a blockade of its own. */
static void each_treatment_blocks_by_its_own_blockade(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;
    allostat_overdose_terms terms = half_fentanyl();
    const uint32_t lowest[6] = {1u << 24, 1u << 24, 1u << 24,
                                1u << 24, 1u << 24, 1u << 24};
    uint32_t overdosed[6];

    terms.antagonist_gain = expf(3.0f) - 1.0f;
    for (int strong = 0; strong < 6; strong++) {
        for (int t = 0; t < ALLOSTAT_TREATMENT_COUNT; t++)
            terms.blockade[t] = t == strong ? 3.0f : 0.0f;
        tables_of_users(&residents, &users, 6);
        for (int i = 0; i < 6; i++) {
            users.overdose_ratio[i] = 1.0f;
            users.believed_tolerance[i] = 0.5f;
            users.doses[i] = 3.0f;
            users.treatment[i] = i;
            users.oat_occupancy[i] = i == 5 || i == 0 ? 0.0f : 0.9f;
            users.antagonist[i] = i == 5 ? 1.0f : 0.0f;
        }
        const size_t found =
            allostat_overdose_step(&terms, &users, 0, 6, lowest, overdosed);
        size_t next = 0;
        for (uint32_t i = 0; i < 5; i++)
            if ((int)i != strong || i == 0) assert_int_equal(overdosed[next++], i);
        assert_int_equal(found, next);
        tables_free(&residents, &users);
    }
}

/* What is left of the spread when a share of its variance is known. */
static void
strength_that_is_known_narrows_the_spread_and_leaves_fewer_benzodiazepines(void **state)
{
    allostat_params params = defaults_copy(state);
    allostat_overdose_terms terms;
    allostat_supply supply = {
        .share = {0.5f, 0.5f}, .log_sd = {0.8f, 0.96f}, .benzodiazepine_share = 0.5f};

    params.drug_checking_revealed = 0.36;
    params.drug_checking_benzodiazepine_avoided = 0.25;
    params.overdose_benzodiazepine_ratio = 2.0;
    allostat_overdose_terms_make(&terms, &params, &supply);
    check_close((double)terms.checked_narrowing, 1.25, 1e-6);
    check_close((double)terms.checked_benzodiazepine, 1.0 + 0.5 * 0.75, 1e-6);
    const double m = params.overdose_threshold_log;
    check_relative(
        (double)allostat_narrowed_dose_riskf(&terms, 0.5f, 1.25f),
        0.5 * normal_cdf((0.5 - m) / 0.64) + 0.5 * normal_cdf((0.5 - m) / 0.768), 1e-4);
    check_close((double)allostat_narrowed_dose_riskf(&terms, 0.5f, 1.0f),
                (double)allostat_dose_riskf(&terms, 0.5f), 0.0);
}

static void only_known_strength_changes_the_step(void **state)
{
    (void)state;
    allostat_residents residents;
    allostat_users users;
    allostat_overdose_terms terms = half_fentanyl();
    const uint32_t bits[2] = {1u << 24, 1u << 24};
    uint32_t overdosed[2];

    terms.checked_narrowing = 4.0f;
    terms.checked_benzodiazepine = 1.0f;
    tables_of_users(&residents, &users, 2);
    for (size_t i = 0; i < 2; i++) {
        users.overdose_ratio[i] = 1.0f;
        users.believed_tolerance[i] = 0.5f;
        users.doses[i] = 3.0f;
        users.strength_known[i] = (int32_t)i;
    }
    assert_int_equal(allostat_overdose_step(&terms, &users, 0, 2, bits, overdosed), 1);
    assert_int_equal(overdosed[0], 0);
    tables_free(&residents, &users);
}

/* More rows than are looked at at once, every seventh of which takes doses. */
static void who_overdoses_is_listed_by_row_in_order(void **state)
{
    (void)state;
    enum { PEOPLE = 3000, FIRST = 5 };
    allostat_residents residents;
    allostat_users users;
    allostat_overdose_terms terms = half_fentanyl();
    static const uint32_t lowest[PEOPLE];
    static uint32_t overdosed[PEOPLE];

    tables_of_users(&residents, &users, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        users.overdose_ratio[i] = 1.0f;
        users.believed_tolerance[i] = 0.5f;
        users.doses[i] = i % 7 == 0 ? 3.0f : 0.0f;
    }
    const size_t found = allostat_overdose_step(&terms, &users, FIRST, PEOPLE - FIRST,
                                                lowest, overdosed);
    assert_int_equal(found, (PEOPLE - 1) / 7); /* row 0 is not asked */
    for (size_t i = 0; i < found; i++) assert_int_equal(overdosed[i], 7 * (i + 1));
    tables_free(&residents, &users);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_above_the_risks_they_stand_for),
        cmocka_unit_test(risk_of_a_dose_agrees_with_libm),
        cmocka_unit_test(risk_of_a_dose_rises_with_surprise_and_with_the_wider_type),
        cmocka_unit_test(risk_of_a_day_is_that_of_its_doses_together),
        cmocka_unit_test(the_step_draws_the_risk_of_route_drugs_and_belief),
        cmocka_unit_test(who_overdoses_is_listed_by_row_in_order),
        cmocka_unit_test(nobody_overdoses_without_a_dose_and_blockade_protects),
        cmocka_unit_test(each_treatment_blocks_by_its_own_blockade),
        cmocka_unit_test(
            strength_that_is_known_narrows_the_spread_and_leaves_fewer_benzodiazepines),
        cmocka_unit_test(only_known_strength_changes_the_step),
    };
    return RUN_WITH_DEFAULTS("overdose", tests);
}
