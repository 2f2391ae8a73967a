#include "defaults.h"

#include "opioid/tolerance.h"
#include "people/becoming.h"

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_tolerance_terms terms;
} body;

/* One person, paces 10 and 120 days. */
static void body_init(body *self, void **state)
{
    self->params = defaults_copy(state);
    tables_of_users(&self->residents, &self->users, 1);
    self->users.recovery_pace[0] = 1.0f;
    allostat_user_refresh_pace(&self->users, 0, 10.0, 120.0);
    allostat_tolerance_terms_make(&self->terms, &self->params);
}

static void body_free(body *self) { tables_free(&self->residents, &self->users); }

/* An effect comes of a dose, and a day without one has none. */
static void live(body *self, int32_t days, float effect)
{
    for (int32_t day = 0; day < days; day++) {
        self->users.effect[0] = effect;
        self->users.doses[0] = effect > 0.0f ? 1.0f : 0.0f;
        allostat_tolerance_step(&self->terms, &self->users, 0, 1);
        allostat_withdrawal_step(&self->terms, &self->users, 0, 1);
    }
}

static void tolerance_falls_in_abstinence_with_its_two_time_constants(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.tolerance_fast[0] = 0.8f;
    self.users.tolerance_slow[0] = 0.6f;
    for (int32_t day = 1; day <= 60; day++) {
        live(&self, 1, 0.0f);
        check_relative((double)self.users.tolerance_fast[0], 0.8 * exp(-day / 10.0),
                       1e-4);
        check_relative((double)self.users.tolerance_slow[0], 0.6 * exp(-day / 120.0),
                       1e-4);
        check_relative((double)self.users.tolerance[0],
                       self.params.opioid_fast_share * 0.8 * exp(-day / 10.0) +
                           (1.0 - self.params.opioid_fast_share) * 0.6 *
                               exp(-day / 120.0),
                       1e-4);
    }
    body_free(&self);
}

static void tolerance_falls_to_the_residual_of_long_use_and_no_further(void **state)
{
    static body self;
    const double residual = 0.1 * (1.0 - exp(-12.0 / 5.0));

    body_init(&self, state);
    self.users.tolerance_fast[0] = self.users.tolerance_slow[0] = 0.7f;
    self.users.use_years[0] = 12.0f;
    live(&self, 3000, 0.0f);
    check_close((double)self.users.tolerance_fast[0], 0.0, 1e-6);
    check_close((double)self.users.tolerance[0], residual, 1e-5);
    check_close((double)self.users.use_years[0], 12.0, 0.0); /* not active */
    body_free(&self);
}

static void tolerance_settles_at_the_effect(void **state)
{
    static body self;

    body_init(&self, state);
    live(&self, 2000, 0.45f);
    check_close((double)self.users.tolerance[0], 0.45, 1e-4);
    check_close((double)self.users.believed_tolerance[0], 0.45, 1e-4);
    check_close((double)self.users.dependence[0], 0.45, 1e-4);
    check_close((double)self.users.withdrawal[0], 0.45 * 0.55, 1e-4);
    body_free(&self);
}

static void believed_tolerance_lags_behind_a_fall_and_behind_a_rise(void **state)
{
    static body self;

    body_init(&self, state);
    for (int32_t day = 0; day < 60; day++) {
        live(&self, 1, 0.5f);
        assert_true(self.users.believed_tolerance[0] < self.users.tolerance[0]);
    }
    live(&self, 2000, 0.5f);
    for (int32_t day = 0; day < 60; day++) {
        live(&self, 1, 0.0f);
        assert_true(self.users.believed_tolerance[0] > self.users.tolerance[0]);
    }
    body_free(&self);
}

static void belief_is_corrected_by_using_and_by_nothing_else(void **state)
{
    static body self;

    body_init(&self, state);
    live(&self, 2000, 0.5f);
    const double before = (double)self.users.believed_tolerance[0];
    live(&self, 60, 0.0f);
    check_close((double)self.users.believed_tolerance[0], before, 1e-5); /* rounding */
    const double tolerance = (double)self.users.tolerance[0];
    live(&self, 1, 0.1f);
    check_close((double)self.users.believed_tolerance[0],
                (double)self.users.tolerance[0] +
                    (before - (double)self.users.tolerance[0]) *
                        exp(-1.0 / self.params.opioid_tau_believed),
                1e-5);
    assert_true(tolerance < before - 0.1);
    body_free(&self);
}

static void years_of_use_are_counted_while_active(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.active[0] = 1;
    live(&self, 1461, 0.3f);
    check_close((double)self.users.use_years[0], 4.0, 1e-3);
    body_free(&self);
}

static void dependence_rises_in_a_week_and_falls_faster(void **state)
{
    static body self;

    body_init(&self, state);
    live(&self, 7, 0.6f);
    check_close((double)self.users.dependence[0], 0.6 * (1.0 - exp(-1.0)), 1e-5);
    self.users.dependence[0] = 0.6f;
    live(&self, 4, 0.0f);
    check_close((double)self.users.dependence[0], 0.6 * exp(-1.0), 1e-5);
    check_close((double)self.users.withdrawal[0], 0.6 * exp(-1.0), 1e-5);
    body_free(&self);
}

/* All of the effect from treatment: the pace of the long-acting drug. */
static void dependence_falls_more_slowly_while_treatment_remains(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.dependence[0] = 0.6f;
    self.users.oat_occupancy[0] = 0.1f;
    live(&self, 7, 0.1f);
    check_close((double)self.users.dependence[0], 0.1 + 0.5 * exp(-1.0), 1e-5);
    body_free(&self);
}

static void withdrawal_from_naloxone_is_gone_in_days(void **state)
{
    static body self;

    body_init(&self, state);
    self.users.precipitated[0] = 0.5f;
    live(&self, 1, 0.0f);
    check_close((double)self.users.withdrawal[0], 0.5 * exp(-1.0), 1e-6);
    live(&self, 6, 0.0f);
    assert_true(self.users.withdrawal[0] < 0.001f);
    body_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tolerance_falls_in_abstinence_with_its_two_time_constants),
        cmocka_unit_test(tolerance_falls_to_the_residual_of_long_use_and_no_further),
        cmocka_unit_test(tolerance_settles_at_the_effect),
        cmocka_unit_test(believed_tolerance_lags_behind_a_fall_and_behind_a_rise),
        cmocka_unit_test(belief_is_corrected_by_using_and_by_nothing_else),
        cmocka_unit_test(years_of_use_are_counted_while_active),
        cmocka_unit_test(dependence_rises_in_a_week_and_falls_faster),
        cmocka_unit_test(dependence_falls_more_slowly_while_treatment_remains),
        cmocka_unit_test(withdrawal_from_naloxone_is_gone_in_days),
    };
    return RUN_WITH_DEFAULTS("tolerance", tests);
}
