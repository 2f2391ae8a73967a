#include "defaults.h"

#include "opioid/exposure.h"

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_exposure_terms terms;
} body;

static const allostat_supply supply = {
    .mean_potency = 0.4f, .learnable_potency = 0.2f, .log_sd = {1.0f, 1.0f}};

static void body_init(body *self, void **state)
{
    self->params = defaults_copy(state);
    for (int t = 0; t < 2; t++) {
        self->params.oat_level[t] = t == 0 ? 1.5 : 1.2;
        self->params.oat_tau_level[t] = t == 0 ? 10.0 : 4.0;
        self->params.oat_halflife[t] = t == 0 ? 28.0 : 32.0;
    }
    tables_of_users(&self->residents, &self->users, 1);
    allostat_exposure_terms_make(&self->terms, &self->params, &supply);
}

static void body_free(body *self) { tables_free(&self->residents, &self->users); }

static void live(body *self, int32_t days)
{
    for (int32_t d = 0; d < days; d++)
        allostat_exposure_step(&self->terms, &self->users, 0, 1);
}

static void a_day_of_doses_gives_its_level_and_effect_by_hand(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.doses[0] = 3.0f;
    self.users.tolerance[0] = 0.3f;
    self.users.believed_tolerance[0] = 0.5f;
    self.users.street_level[0] = 2.0f;
    live(&self, 1);
    const double ec50 = 0.42 * (1.0 + 3.33 * 0.3);
    const double dose = 2.0 * 0.42 * (1.0 + 3.33 * 0.5) * exp(0.4);
    const double level = 2.0 * pow(2.0, -24.0 / 2.5) + 3.0 * dose * 8.0 / 24.0;
    check_relative((double)self.users.street_level[0], level, 1e-5);
    check_relative((double)self.users.effect[0], level / (level + ec50), 1e-5);
    check_close((double)self.users.oat_occupancy[0], 0.0, 0.0);
    body_free(&self);
}

static void the_potency_met_is_learned_only_by_using(void **state)
{
    static body self;

    body_init(&self, state);
    live(&self, 100);
    check_close((double)self.users.met_potency[0], 0.0, 0.0);
    self.users.doses[0] = 1.0f;
    live(&self, 45);
    check_close((double)self.users.met_potency[0], 0.2 * (1.0 - exp(-1.0)), 1e-5);
    body_free(&self);
}

static void
treatment_reaches_its_level_in_its_time_and_leaves_by_half_life(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.treatment[0] = ALLOSTAT_TREATMENT_methadone;
    live(&self, 10);
    check_close((double)self.users.oat_level[0], 1.5 * (1.0 - exp(-1.0)), 1e-5);
    live(&self, 1000);
    check_close((double)self.users.oat_level[0], 1.5, 1e-4);
    check_close((double)self.users.oat_occupancy[0], 1.5 / (1.5 + 0.42), 1e-4);
    check_close((double)self.users.effect[0], (double)self.users.oat_occupancy[0], 0.0);
    self.users.treatment[0] = ALLOSTAT_TREATMENT_none;
    live(&self, 4); /* 96 h, three half-lives of the slower drug */
    check_close((double)self.users.oat_level[0], 1.5 / 8.0, 1e-4);
    self.users.oat_level[0] = 0.0f;
    self.users.treatment[0] = ALLOSTAT_TREATMENT_buprenorphine;
    live(&self, 4);
    check_close((double)self.users.oat_level[0], 1.2 * (1.0 - exp(-1.0)), 1e-5);
    body_free(&self);
}

static void set_further(body *self)
{
    const double level[] = {1.5, 2.0, 1.0}, tau[] = {5.0, 3.0, 2.0};
    const double halflife[] = {12.0, 3.0, 168.0}, blockade[] = {0.0, 0.0, 3.0};

    for (int i = 0; i < 3; i++) {
        const int t = ALLOSTAT_TREATMENT_srom - 1 + i;
        self->params.oat_level[t] = level[i];
        self->params.oat_tau_level[t] = tau[i];
        self->params.oat_halflife[t] = halflife[i];
        self->params.oat_blockade[t] = blockade[i];
    }
    allostat_exposure_terms_make(&self->terms, &self->params, &supply);
}

/* Methadone and buprenorphine leave by the longer of their two half-lives. */
static void every_agonist_has_its_level_and_leaves_by_its_half_life(void **state)
{
    static body self;
    const double level[] = {1.5, 1.2, 1.5, 2.0}, tau[] = {10.0, 4.0, 5.0, 3.0};
    const double halflife[] = {32.0, 32.0, 12.0, 3.0};

    for (int i = 0; i < 4; i++) {
        body_init(&self, state);
        set_further(&self);
        self.users.treatment[0] = self.users.treatment_last[0] = i + 1;
        live(&self, 2);
        check_close((double)self.users.oat_level[0],
                    level[i] * (1.0 - exp(-2.0 / tau[i])), 1e-5);
        live(&self, 200);
        check_close((double)self.users.oat_level[0], level[i], 1e-4);
        self.users.treatment[0] = ALLOSTAT_TREATMENT_none;
        live(&self, 1);
        check_relative((double)self.users.oat_level[0],
                       level[i] * pow(2.0, -24.0 / halflife[i]), 1e-4);
        check_close((double)self.users.antagonist[0], 0.0, 0.0);
        body_free(&self);
    }
}

static void naltrexone_has_no_level_and_raises_ec50_as_gaddum_says(void **state)
{
    static body self;

    body_init(&self, state);
    set_further(&self);
    self.users.treatment[0] = ALLOSTAT_TREATMENT_naltrexone;
    self.users.treatment_last[0] = ALLOSTAT_TREATMENT_naltrexone;
    live(&self, 2);
    check_close((double)self.users.antagonist[0], 1.0 - exp(-1.0), 1e-5);
    live(&self, 100);
    check_close((double)self.users.antagonist[0], 1.0, 1e-5);
    check_close((double)self.users.oat_level[0], 0.0, 0.0);
    check_close((double)self.users.oat_occupancy[0], 0.0, 0.0);
    self.users.doses[0] = 3.0f;
    live(&self, 1);
    const double level = (double)self.users.street_level[0];
    const double blocked = (double)self.users.effect[0];
    check_relative(blocked, level / (level + 0.42 * exp(3.0)), 1e-4);
    assert_true(blocked < 0.3 * level / (level + 0.42));
    self.users.doses[0] = 0.0f;
    self.users.treatment[0] = ALLOSTAT_TREATMENT_none;
    live(&self, 28); /* four half-lives: the blockade goes within weeks */
    check_close((double)self.users.antagonist[0], 1.0 / 16.0, 1e-4);
    body_free(&self);
}

static void doses_of_safer_supply_give_the_strength_that_is_meant(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.doses[0] = 1.0f;
    self.users.supplied[0] = 2.5f;
    self.users.believed_tolerance[0] = 0.5f;
    live(&self, 1);
    const double meant = 2.0 * 0.42 * (1.0 + 3.33 * 0.5);
    check_relative((double)self.users.street_level[0],
                   meant * (exp(0.4) + 2.5) * 8.0 / 24.0, 1e-5);
    self.users.doses[0] = 0.0f;
    self.users.met_potency[0] = 0.0f;
    live(&self, 1); /* they teach nothing of the market */
    check_close((double)self.users.met_potency[0], 0.0, 0.0);
    body_free(&self);
}

static void treatment_holds_part_of_the_effect_of_street_use(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.doses[0] = 2.0f;
    self.users.treatment[0] = ALLOSTAT_TREATMENT_methadone;
    for (int day = 0; day < 200; day++) {
        live(&self, 1);
        assert_true(self.users.effect[0] > self.users.oat_occupancy[0]);
        assert_true(self.users.effect[0] < 1.0f);
    }
    body_free(&self);
}

static void what_only_falls_ends_as_nothing_and_not_as_a_subnormal_number(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.street_level[0] = 2.0f;
    self.users.oat_level[0] = 1.2f;
    self.users.rx_level[0] = 0.5f;
    for (int day = 0; day < 300; day++) {
        live(&self, 1);
        assert_true(self.users.oat_level[0] == 0.0f ||
                    self.users.oat_level[0] > 1e-37f);
        assert_true(self.users.effect[0] == 0.0f || self.users.effect[0] > 1e-37f);
    }
    assert_true(self.users.street_level[0] == 0.0f);
    assert_true(self.users.oat_level[0] == 0.0f);
    assert_true(self.users.rx_level[0] == 0.0f);
    assert_true(self.users.effect[0] == 0.0f);
    body_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_of_doses_gives_its_level_and_effect_by_hand),
        cmocka_unit_test(the_potency_met_is_learned_only_by_using),
        cmocka_unit_test(
            treatment_reaches_its_level_in_its_time_and_leaves_by_half_life),
        cmocka_unit_test(every_agonist_has_its_level_and_leaves_by_its_half_life),
        cmocka_unit_test(naltrexone_has_no_level_and_raises_ec50_as_gaddum_says),
        cmocka_unit_test(doses_of_safer_supply_give_the_strength_that_is_meant),
        cmocka_unit_test(treatment_holds_part_of_the_effect_of_street_use),
        cmocka_unit_test(what_only_falls_ends_as_nothing_and_not_as_a_subnormal_number),
    };
    return RUN_WITH_DEFAULTS("exposure", tests);
}
