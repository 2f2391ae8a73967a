#include "defaults.h"

#include "opioid/supply.h"

static allostat_series constant(const allostat_day *day, const double *value)
{
    return (allostat_series){1, day, value, ALLOSTAT_INTERPOLATE_step};
}

static void shares_means_and_deviation_follow_by_hand(void **state)
{
    allostat_params params = defaults_copy(state);
    const allostat_day day = 17000;
    const double fentanyl = 0.25, deviation = 0.4, benzodiazepine = 0.15;
    allostat_supply supply;

    params.supply_fentanyl_share = constant(&day, &fentanyl);
    params.supply_potency_deviation = constant(&day, &deviation);
    params.supply_benzodiazepine_share = constant(&day, &benzodiazepine);
    params.supply_potency_log_mean[0] = -0.2, params.supply_potency_log_mean[1] = 0.6;
    params.supply_potency_log_sd[0] = 0.8, params.supply_potency_log_sd[1] = 0.96;
    params.supply_potency_learned = 0.5;
    allostat_supply_make(&supply, &params, day);
    check_close((double)supply.share[ALLOSTAT_DRUG_TYPE_heroin], 0.75, 1e-7);
    check_close((double)supply.share[ALLOSTAT_DRUG_TYPE_fentanyl], 0.25, 1e-7);
    check_close((double)supply.log_mean[ALLOSTAT_DRUG_TYPE_heroin], 0.2, 1e-6);
    check_close((double)supply.log_mean[ALLOSTAT_DRUG_TYPE_fentanyl], 1.0, 1e-6);
    check_close((double)supply.log_sd[ALLOSTAT_DRUG_TYPE_fentanyl], 0.96, 1e-6);
    check_close((double)supply.mean_potency, 0.0 + 0.4, 1e-6);
    check_close((double)supply.learnable_potency, 0.2, 1e-6);
    check_close((double)supply.benzodiazepine_share, 0.15, 1e-6);
}

static void the_supply_is_that_of_its_day(void **state)
{
    allostat_params params = defaults_copy(state);
    const allostat_day days[] = {17000, 17100};
    const double shares[] = {0.1, 0.9};
    allostat_supply supply;

    params.supply_fentanyl_share =
        (allostat_series){2, days, shares, ALLOSTAT_INTERPOLATE_linear};
    allostat_supply_make(&supply, &params, 17025);
    check_close((double)supply.share[ALLOSTAT_DRUG_TYPE_fentanyl], 0.3, 1e-6);
    allostat_supply_make(&supply, &params, 18000);
    check_close((double)supply.share[ALLOSTAT_DRUG_TYPE_fentanyl], 0.9, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_means_and_deviation_follow_by_hand),
        cmocka_unit_test(the_supply_is_that_of_its_day),
    };
    return RUN_WITH_DEFAULTS("supply", tests);
}
