#include "defaults.h"

#include "care/sites.h"

static const allostat_month MONTH = 12 * 2016;
enum { PEOPLE = 600 };

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_sites sites;
    allostat_day series_day;
    double visits;
} town;

/* Three areas of 200 users, half of whom inject, 50 doses each; sites downtown (area 0)
 * and in area 1. */
static void town_init(town *self, void **state, double visits)
{
    self->params = defaults_copy(state);
    self->visits = visits;
    self->series_day = 0;
    self->params.sites_visits = (allostat_series){1, &self->series_day, &self->visits,
                                                  ALLOSTAT_INTERPOLATE_step};
    self->params.population_scale = 1.0;
    self->params.geography_areas.count = 3;
    self->params.geography_downtown = 1;
    self->params.sites_area_share[0] = 0.75;
    self->params.sites_area_share[1] = 0.25;
    self->params.sites_area_share[2] = 0.0;
    self->params.sites_open_hours = 16.0;
    self->params.sites_dose_hours = 20.0;
    self->params.use_downtown_share = 0.2;
    tables_of_users(&self->residents, &self->users, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        self->residents.area[i] = (uint8_t)(i % 3);
        self->users.who[i] = allostat_who_of(&self->residents, self->users.person[i]);
        self->users.injects[i] = i < PEOPLE / 2;
        self->users.doses_month[i] = 50;
    }
}

static void plan(town *self)
{
    allostat_sites_month(&self->sites, &self->users, &self->params, MONTH);
    allostat_sites_assign(&self->sites, &self->users, &self->params);
}

/* Visits when everybody takes last month's doses again. */
static double expected_visits(const town *self)
{
    double visits = 0.0;

    for (size_t i = 0; i < PEOPLE; i++) {
        visits += self->users.doses_month[i] * (double)self->users.site_share[i];
    }
    return visits;
}

static void town_free(town *self) { tables_free(&self->residents, &self->users); }

static void
use_downtown_is_all_of_those_at_home_there_and_a_share_of_the_others(void **state)
{
    static town self;

    town_init(&self, state, 0.0);
    check_close(allostat_downtown_chance(&self.params, 0), 1.0, 0.0);
    check_close(allostat_downtown_chance(&self.params, 2), 0.2, 0.0);
    town_free(&self);
}

static void the_wanted_visits_are_made_by_those_who_inject(void **state)
{
    static town self;

    town_init(&self, state, 3000.0);
    plan(&self);
    check_relative(expected_visits(&self), 3000.0, 1e-5);
    for (size_t i = PEOPLE / 2; i < PEOPLE; i++) {
        check_close((double)self.users.site_share[i], 0.0, 0.0);
    }
    /* area 0: 2250 visits for 5000 + 2 x 0.2 x 5000 doses */
    check_relative((double)self.sites.share[0], 2250.0 / 7000.0, 1e-6);
    check_relative((double)self.sites.share[1], 750.0 / 4000.0, 1e-6);
    check_close((double)self.sites.share[2], 0.0, 0.0);
    check_relative((double)self.users.site_share[2], 0.2 * 2250.0 / 7000.0, 1e-5);
    town_free(&self);
}

static void smokers_come_where_smoking_is_allowed(void **state)
{
    static town self;

    town_init(&self, state, 3000.0);
    self.params.sites_inhalation_share = 0.5;
    plan(&self);
    check_relative(expected_visits(&self), 3000.0, 1e-5);
    check_relative((double)self.users.site_share[PEOPLE / 2],
                   0.5 * (double)self.users.site_share[0], 1e-6);
    check_close((double)allostat_site_access(1, 0.5f), 1.0, 0.0);
    check_close((double)allostat_site_access(0, 0.5f), 0.5, 0.0);
    town_free(&self);
}

static void hours_bound_the_share_of_doses_at_a_site(void **state)
{
    static town self;

    town_init(&self, state, 1e6);
    plan(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_in_range((int32_t)(1e6f * self.users.site_share[i]), 0, 800000);
    }
    check_close((double)self.sites.share[0], 0.8, 1e-6);
    town_free(&self);
}

static void without_use_there_are_no_visits(void **state)
{
    static town self;

    town_init(&self, state, 3000.0);
    for (size_t i = 0; i < PEOPLE; i++) self.users.doses_month[i] = 0;
    plan(&self);
    check_close((double)self.sites.share[0] + (double)self.users.site_share[0], 0.0,
                0.0);
    town_free(&self);
}

static void places_grow_with_capacity_and_with_opening_hours(void **state)
{
    static town self;

    town_init(&self, state, 3000.0);
    self.params.sites_capacity_ratio = 2.0;
    plan(&self);
    check_relative(expected_visits(&self), 6000.0, 1e-5);
    self.params.sites_open_hours = 8.0;
    plan(&self);
    check_relative(expected_visits(&self), 3000.0, 1e-5);
    check_close(allostat_site_share_most(&self.params), 0.4, 1e-15);
    self.params.sites_open_hours = 24.0;
    check_close(allostat_site_share_most(&self.params), 1.0, 0.0);
    town_free(&self);
}

/* Where places bind, smoking at sites takes them from those who inject; where hours
 * bind, it adds visits. */
static void smoking_moves_visits_or_adds_them(void **state)
{
    static town self;

    for (int full = 0; full < 2; full++) {
        town_init(&self, state, full ? 3000.0 : 1e7);
        plan(&self);
        const double without = expected_visits(&self);
        const float injecting = self.users.site_share[0];
        self.params.sites_inhalation_share = 1.0;
        plan(&self);
        check_relative(expected_visits(&self) / without, full ? 1.0 : 2.0, 1e-5);
        assert_true(full ? self.users.site_share[0] < 0.6f * injecting
                         : self.users.site_share[0] == injecting);
        town_free(&self);
    }
}

static void overdoses_at_a_site_are_its_doses_by_their_risk(void **state)
{
    (void)state;
    check_close(allostat_site_overdose_share(0.3, 1.0), 0.3, 0.0);
    check_close(allostat_site_overdose_share(0.2, 4.0), 0.8 / 1.6, 1e-15);
    check_close(allostat_site_overdose_share(1.0, 7.0), 1.0, 1e-15);
    check_close(allostat_site_overdose_share(0.0, 7.0), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            use_downtown_is_all_of_those_at_home_there_and_a_share_of_the_others),
        cmocka_unit_test(the_wanted_visits_are_made_by_those_who_inject),
        cmocka_unit_test(smokers_come_where_smoking_is_allowed),
        cmocka_unit_test(hours_bound_the_share_of_doses_at_a_site),
        cmocka_unit_test(without_use_there_are_no_visits),
        cmocka_unit_test(places_grow_with_capacity_and_with_opening_hours),
        cmocka_unit_test(smoking_moves_visits_or_adds_them),
        cmocka_unit_test(overdoses_at_a_site_are_its_doses_by_their_risk),
    };
    return RUN_WITH_DEFAULTS("sites", tests);
}
