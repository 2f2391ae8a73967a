#include "defaults.h"

#include "care/oat.h"

static const allostat_month MONTH = 12 * 2016;

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_requests requests;
    allostat_oat_hazards hazards;
    allostat_day series_day;
    double clients;
} clinic;

/* `people` active users under the stress that treatment stops are measured at;
 * `clients` places; everybody asks, nobody gives up. */
static void clinic_init(clinic *self, void **state, size_t people, double clients)
{
    self->params = defaults_copy(state);
    self->clients = clients;
    self->series_day = 0;
    self->params.oat_clients = (allostat_series){1, &self->series_day, &self->clients,
                                                 ALLOSTAT_INTERPOLATE_step};
    self->params.population_scale = 1.0;
    self->params.oat_request_rate = 50.0;
    self->params.oat_give_up_rate = 0.0;
    self->params.oat_stop_shape[0] = 0.455, self->params.oat_stop_shape[1] = 0.415;
    self->params.oat_stop_scale[0] = 231.0, self->params.oat_stop_scale[1] = 110.0;
    self->requests = (allostat_requests){0};
    tables_of_users(&self->residents, &self->users, people);
    for (size_t i = 0; i < people; i++) {
        self->users.active[i] = 1;
        self->users.stress[i] = (float)self->params.stress_oat_reference;
    }
    allostat_oat_hazards_make(&self->hazards, &self->params);
}

static void clinic_free(clinic *self)
{
    allostat_requests_free(&self->requests);
    tables_free(&self->residents, &self->users);
}

static allostat_oat_month admit(clinic *self, allostat_month month)
{
    const allostat_care_month care = {
        &self->users, &self->params,   allostat_draw_key_make(4, 0),
        month,        &self->requests, NULL};
    allostat_oat_month result;
    allostat_error error = {0};

    assert_int_equal(allostat_oat_admit(&care, &result, &error), ALLOSTAT_OK);
    return result;
}

enum { COHORT = 40000 }; /* the most people of a test */

static void live(clinic *self, allostat_day first, int32_t days, double fentanyl)
{
    allostat_oat_terms terms;

    for (int32_t d = 0; d < days; d++) {
        allostat_oat_terms_make(&terms, &self->params, &self->hazards, fentanyl,
                                first + d);
        static uint32_t row[COHORT];
        const size_t listed =
            allostat_oat_rows(&self->users, 0, self->users.row_count, row);
        allostat_oat_step(&terms, &self->users, (allostat_some_rows){row, listed});
    }
}

static size_t count_of(const clinic *self, const int32_t *column)
{
    size_t found = 0;

    for (size_t i = 0; i < self->users.row_count; i++) found += column[i] != 0;
    return found;
}

static int32_t starts_of(int32_t moves, int32_t drug)
{
    return allostat_packed_count(moves, drug, ALLOSTAT_PACKED_MOVES_BITS);
}

static int32_t stops_of(int32_t moves, int32_t drug)
{
    return starts_of(moves >> ALLOSTAT_PACKED_STOPS_AT, drug);
}

/* A cohort that starts on one day, with lengths at the middles of 40,000 equal parts:
 * no sampling error but that of single-precision sums. */
static void start_cohort(clinic *self, void **state, allostat_treatment drug)
{
    clinic_init(self, state, COHORT, 0.0);
    for (size_t i = 0; i < COHORT; i++) {
        self->users.treatment_next[i] = (int32_t)drug;
        self->users.treatment_start[i] = 17000;
        self->users.episode_left[i] = (float)-log(((double)i + 0.5) / COHORT);
    }
}

static void shares_in_treatment_follow_the_weibull_curve(void **state)
{
    static clinic self;

    for (int t = 0; t < 2; t++) {
        const double shape = t == 0 ? 0.455 : 0.415, scale = t == 0 ? 231.0 : 110.0;

        start_cohort(&self, state, (allostat_treatment)(t + 1));
        live(&self, 17000, 30, 0.0);
        check_close((double)count_of(&self, self.users.treatment) / COHORT,
                    exp(-pow(30.0 / scale, shape)), 0.001);
        live(&self, 17030, 335, 0.0);
        check_close((double)count_of(&self, self.users.treatment) / COHORT,
                    exp(-pow(365.0 / scale, shape)), 0.001);
        assert_int_equal(count_of(&self, self.users.oat_starts_month), COHORT);
        for (size_t i = 0; i < COHORT; i++) {
            const int32_t moves = self.users.treatment_moves_month[i];
            assert_int_equal(starts_of(moves, t + 1), 1);
            assert_int_equal(starts_of(moves, 2 - t), 0);
            assert_int_equal(stops_of(moves, t + 1), !self.users.treatment[i]);
        }
        assert_int_equal(count_of(&self, self.users.oat_stops_month),
                         COHORT - count_of(&self, self.users.treatment));
        clinic_free(&self);
    }
}

/* An episode is a year long when its 365th day has been lived: not the day before, not
 * again the day after, and not when it stops on that day. */
static void who_is_retained_a_year_is_counted_once_under_the_drug(void **state)
{
    static clinic self;

    for (int t = 0; t < 2; t++) {
        start_cohort(&self, state, (allostat_treatment)(t + 1));
        live(&self, 17000, 364, 0.0);
        assert_int_equal(count_of(&self, self.users.oat_year_month), 0);
        live(&self, 17364, 1, 0.0);
        const size_t retained = count_of(&self, self.users.treatment);
        assert_int_equal(count_of(&self, self.users.oat_year_month), retained);
        live(&self, 17365, 40, 0.0);
        assert_true(count_of(&self, self.users.treatment) < retained);
        assert_int_equal(count_of(&self, self.users.oat_year_month), retained);
        for (size_t i = 0; i < COHORT; i++)
            assert_true(self.users.oat_year_month[i] == 0 ||
                        self.users.oat_year_month[i] == t + 1);
        clinic_free(&self);
    }
}

/* People under stress s stop exp(b (s - s0)) times as often. */
static void stress_shortens_treatment_by_its_hazard_ratio(void **state)
{
    static clinic self;

    start_cohort(&self, state, ALLOSTAT_TREATMENT_methadone);
    for (size_t i = 0; i < COHORT; i++)
        self.users.stress[i] = (float)self.params.stress_oat_reference + 0.3f;
    live(&self, 17000, 180, 0.0);
    check_close((double)count_of(&self, self.users.treatment) / COHORT,
                exp(-pow(180.0 / 231.0, 0.455) *
                    exp(self.params.stress_oat_stop_log_ratio * 0.3)),
                0.001);
    clinic_free(&self);
}

static void fentanyl_shortens_treatment_by_its_hazard_ratio(void **state)
{
    static clinic self;

    start_cohort(&self, state, ALLOSTAT_TREATMENT_methadone);
    live(&self, 17000, 180, 0.8);
    check_close(
        (double)count_of(&self, self.users.treatment) / COHORT,
        exp(-pow(180.0 / 231.0, 0.455) * exp(self.params.oat_stop_fentanyl * 0.8)),
        0.001);
    clinic_free(&self);
}

/* Each in its own part of the table of hazards. */
static void further_treatments_are_kept_by_curves_of_their_own(void **state)
{
    static clinic self;

    for (int t = ALLOSTAT_TREATMENT_srom; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        const double shape = 0.3 * t, scale = 100.0 * t;

        start_cohort(&self, state, (allostat_treatment)t);
        self.params.oat_stop_shape[t - 1] = shape;
        self.params.oat_stop_scale[t - 1] = scale;
        allostat_oat_hazards_make(&self.hazards, &self.params);
        live(&self, 17000, 180, 0.0);
        check_close((double)count_of(&self, self.users.treatment) / COHORT,
                    exp(-pow(180.0 / scale, shape)), 0.001);
        clinic_free(&self);
    }
}

static void naltrexone_is_no_agonist_in_any_count(void **state)
{
    static clinic self;

    start_cohort(&self, state, ALLOSTAT_TREATMENT_naltrexone);
    live(&self, 17000, 100, 0.0);
    assert_int_equal(count_of(&self, self.users.oat_month), 0);
    assert_int_equal(count_of(&self, self.users.oat_starts_month), 0);
    assert_int_equal(count_of(&self, self.users.oat_stops_month), 0);
    for (size_t i = 0; i < COHORT; i++)
        assert_int_equal(starts_of(self.users.treatment_moves_month[i],
                                   ALLOSTAT_TREATMENT_naltrexone),
                         1);
    clinic_free(&self);
}

static void a_change_of_drug_ends_one_treatment_and_begins_the_other(void **state)
{
    static clinic self;

    clinic_init(&self, state, 1, 0.0);
    self.users.treatment[0] = ALLOSTAT_TREATMENT_methadone;
    self.users.treatment_last[0] = ALLOSTAT_TREATMENT_methadone;
    self.users.treatment_began[0] = 16700;
    self.users.treatment_next[0] = ALLOSTAT_TREATMENT_ioat;
    self.users.treatment_start[0] = 17000;
    self.users.episode_left[0] = 20.0f;
    live(&self, 17000, 1, 0.0);
    const int32_t moves = self.users.treatment_moves_month[0];
    assert_int_equal(self.users.treatment[0], ALLOSTAT_TREATMENT_ioat);
    assert_int_equal(self.users.treatment_last[0], ALLOSTAT_TREATMENT_ioat);
    assert_int_equal(self.users.treatment_began[0], 17000);
    assert_int_equal(starts_of(moves, ALLOSTAT_TREATMENT_ioat), 1);
    assert_int_equal(stops_of(moves, ALLOSTAT_TREATMENT_methadone), 1);
    assert_int_equal(starts_of(moves, ALLOSTAT_TREATMENT_methadone), 0);
    assert_int_equal(stops_of(moves, ALLOSTAT_TREATMENT_ioat), 0);
    assert_int_equal(self.users.oat_starts_month[0], 0); /* it goes on */
    assert_int_equal(self.users.oat_stops_month[0], 0);
    self.users.episode_left[0] = 0.0f;
    live(&self, 17001, 1, 0.0);
    assert_int_equal(self.users.treatment[0], ALLOSTAT_TREATMENT_none);
    assert_int_equal(self.users.treatment_last[0], ALLOSTAT_TREATMENT_ioat);
    assert_int_equal(self.users.treatment_end[0], 17001);
    clinic_free(&self);
}

static void an_episode_of_naltrexone_loses_nothing_before_it_begins(void **state)
{
    static clinic self;

    clinic_init(&self, state, 1, 0.0);
    self.users.treatment_next[0] = ALLOSTAT_TREATMENT_naltrexone;
    self.users.treatment_start[0] = 17020;
    self.users.episode_left[0] = 0.5f;
    live(&self, 17000, 20, 0.0);
    check_close((double)self.users.episode_left[0], 0.5, 0.0);
    live(&self, 17020, 1, 0.0);
    assert_true(self.users.episode_left[0] < 0.5f);
    clinic_free(&self);
}

static void morphine_takes_its_share_from_methadone_alone(void **state)
{
    allostat_params params = defaults_copy(state);
    const double u[] = {0.1, 0.31, 0.33, 0.69, 0.71, 0.99};
    const int without[] = {2, 2, 1, 1, 1, 1}, with[] = {2, 2, 1, 1, 3, 3};

    params.oat_buprenorphine_share = 0.32;
    for (int i = 0; i < 6; i++) {
        params.oat_srom_share = 0.0;
        assert_int_equal(allostat_oat_drug(&params, u[i]), without[i]);
        params.oat_srom_share = 0.3;
        assert_int_equal(allostat_oat_drug(&params, u[i]), with[i]);
        params.oat_srom_share = 1.0;
        assert_int_equal(allostat_oat_drug(&params, u[i]), i < 2 ? 2 : 3);
    }
}

static void half_as_many_places_again_are_filled(void **state)
{
    static clinic self;

    clinic_init(&self, state, 5000, 2000.0);
    self.params.oat_places_ratio = 1.5;
    assert_int_equal(admit(&self, MONTH).places, 3000);
    assert_int_equal(count_of(&self, self.users.treatment_next), 3000);
    clinic_free(&self);
}

/* Neither naltrexone nor injectable treatment takes a place by mouth. */
static void places_by_mouth_are_counted_without_the_others(void **state)
{
    static clinic self;

    clinic_init(&self, state, 100, 60.0);
    for (int32_t i = 0; i < 60; i++)
        self.users.treatment[i] = i < 20   ? ALLOSTAT_TREATMENT_srom
                                  : i < 40 ? ALLOSTAT_TREATMENT_ioat
                                           : ALLOSTAT_TREATMENT_naltrexone;
    (void)admit(&self, MONTH);
    assert_int_equal(count_of(&self, self.users.treatment_next), 40);
    clinic_free(&self);
}

static void a_granted_place_starts_on_its_day_and_not_before(void **state)
{
    static clinic self;

    clinic_init(&self, state, 1, 0.0);
    self.users.treatment_next[0] = ALLOSTAT_TREATMENT_buprenorphine;
    self.users.treatment_start[0] = 17003;
    self.users.episode_left[0] = 20.0f;
    live(&self, 17000, 3, 0.0);
    assert_int_equal(self.users.treatment[0], ALLOSTAT_TREATMENT_none);
    assert_int_equal(self.users.oat_month[0], 0);
    live(&self, 17003, 1, 0.0);
    assert_int_equal(self.users.treatment[0], ALLOSTAT_TREATMENT_buprenorphine);
    assert_int_equal(self.users.treatment_next[0], ALLOSTAT_TREATMENT_none);
    assert_int_equal(self.users.treatment_began[0], 17003);
    assert_int_equal(self.users.oat_month[0], 1);
    clinic_free(&self);
}

static void places_are_filled_and_the_others_wait(void **state)
{
    static clinic self;
    double buprenorphine = 0.0;

    clinic_init(&self, state, 5000, 2000.0);
    const allostat_oat_month month = admit(&self, MONTH);
    const allostat_day first = allostat_month_first_day(MONTH);
    assert_int_equal(month.places, 2000);
    assert_int_equal(month.unfilled, 0);
    assert_int_equal(count_of(&self, self.users.treatment_next), 2000);
    assert_int_equal(count_of(&self, self.users.waiting_since), 3000);
    for (size_t i = 0; i < 5000; i++) {
        const int32_t next = self.users.treatment_next[i];
        if (next == 0) continue;
        assert_in_range(self.users.treatment_start[i], first, first + 30);
        assert_true(self.users.episode_left[i] > 0.0f);
        assert_int_equal(self.users.waiting_since[i], 0);
        buprenorphine += next == ALLOSTAT_TREATMENT_buprenorphine;
    }
    check_close(buprenorphine / 2000.0, self.params.oat_buprenorphine_share, 0.052);
    clinic_free(&self);
}

static void places_that_nobody_asks_for_stay_empty(void **state)
{
    static clinic self;

    clinic_init(&self, state, 50, 80.0);
    for (size_t i = 0; i < 20; i++) self.users.active[i] = 0;
    assert_int_equal(admit(&self, MONTH).unfilled, 50);
    assert_int_equal(count_of(&self, self.users.treatment_next), 30);
    clinic_free(&self);
}

static void who_waits_longest_is_treated_first(void **state)
{
    static clinic self;

    clinic_init(&self, state, 300, 100.0);
    for (size_t i = 0; i < 300; i++)
        self.users.waiting_since[i] = 16700 + (int32_t)((i * 7) % 300);
    admit(&self, MONTH);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(self.users.treatment_next[i] != 0, (i * 7) % 300 < 100);
    }
    clinic_free(&self);
}

static void there_are_never_more_clients_than_places_and_they_follow_them(void **state)
{
    static clinic self;

    clinic_init(&self, state, 3000, 500.0);
    for (int32_t m = 0; m < 24; m++) {
        if (m == 12) self.clients = 900.0;
        const allostat_oat_month month = admit(&self, MONTH + m);
        for (size_t i = 0; i < 3000; i++) self.users.oat_month[i] = 0;
        live(&self, allostat_month_first_day(MONTH + m),
             allostat_month_day_count(MONTH + m), 0.0);
        assert_true(count_of(&self, self.users.treatment) <= (size_t)month.places);
        assert_int_equal(count_of(&self, self.users.oat_month), month.places);
        assert_int_equal(month.places, m < 12 ? 500 : 900);
    }
    clinic_free(&self);
}

static void fewer_places_throw_nobody_out_and_let_nobody_in(void **state)
{
    static clinic self;

    clinic_init(&self, state, 100, 10.0);
    for (size_t i = 0; i < 40; i++) {
        self.users.treatment[i] = ALLOSTAT_TREATMENT_methadone;
        self.users.episode_left[i] = 100.0f;
    }
    assert_int_equal(admit(&self, MONTH).unfilled, 0);
    assert_int_equal(count_of(&self, self.users.treatment), 40);
    assert_int_equal(count_of(&self, self.users.treatment_next), 0);
    clinic_free(&self);
}

static void requests_and_giving_up_have_their_rates(void **state)
{
    static clinic self;

    clinic_init(&self, state, COHORT, 0.0);
    self.params.oat_request_rate = 0.08;
    self.params.oat_give_up_rate = 0.3;
    admit(&self, MONTH);
    check_close((double)count_of(&self, self.users.waiting_since) / COHORT,
                1.0 - exp(-0.08), 0.007);
    for (size_t i = 0; i < COHORT; i++) self.users.waiting_since[i] = 16000;
    for (size_t i = 0; i < COHORT / 2; i++) self.users.active[i] = 0;
    admit(&self, MONTH + 1);
    size_t abstinent = 0;
    for (size_t i = 0; i < COHORT / 2; i++)
        abstinent += self.users.waiting_since[i] != 0;
    assert_int_equal(abstinent, 0); /* who has stopped asks no more */
    check_close((double)count_of(&self, self.users.waiting_since) / (COHORT / 2),
                exp(-0.3), 0.016);
    clinic_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_in_treatment_follow_the_weibull_curve),
        cmocka_unit_test(who_is_retained_a_year_is_counted_once_under_the_drug),
        cmocka_unit_test(stress_shortens_treatment_by_its_hazard_ratio),
        cmocka_unit_test(fentanyl_shortens_treatment_by_its_hazard_ratio),
        cmocka_unit_test(further_treatments_are_kept_by_curves_of_their_own),
        cmocka_unit_test(naltrexone_is_no_agonist_in_any_count),
        cmocka_unit_test(a_change_of_drug_ends_one_treatment_and_begins_the_other),
        cmocka_unit_test(an_episode_of_naltrexone_loses_nothing_before_it_begins),
        cmocka_unit_test(morphine_takes_its_share_from_methadone_alone),
        cmocka_unit_test(half_as_many_places_again_are_filled),
        cmocka_unit_test(places_by_mouth_are_counted_without_the_others),
        cmocka_unit_test(a_granted_place_starts_on_its_day_and_not_before),
        cmocka_unit_test(places_are_filled_and_the_others_wait),
        cmocka_unit_test(places_that_nobody_asks_for_stay_empty),
        cmocka_unit_test(who_waits_longest_is_treated_first),
        cmocka_unit_test(there_are_never_more_clients_than_places_and_they_follow_them),
        cmocka_unit_test(fewer_places_throw_nobody_out_and_let_nobody_in),
        cmocka_unit_test(requests_and_giving_up_have_their_rates),
    };
    return RUN_WITH_DEFAULTS("oat", tests);
}
