#include "defaults.h"

#include "base/draws.h"
#include "opioid/use.h"

enum { PEOPLE = 100000 };

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_use_terms terms;
    uint32_t *use, *stop;
} crowd;

static allostat_day day_of(const char *text)
{
    allostat_day day = 0;

    assert_true(allostat_day_parse(text, &day));
    return day;
}

static void crowd_init(crowd *self, void **state)
{
    const allostat_draw_key key = allostat_draw_key_make(1, 0);

    self->params = defaults_copy(state);
    tables_of_users(&self->residents, &self->users, PEOPLE);
    allostat_use_terms_make(&self->terms, &self->params, day_of("2012-01-10"));
    self->use = calloc(PEOPLE, sizeof *self->use);
    self->stop = calloc(PEOPLE, sizeof *self->stop);
    assert_non_null(self->use);
    assert_non_null(self->stop);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        self->use[i] = allostat_draw_bits(key, ALLOSTAT_DRAW_day_use, i, 1, 0);
        self->stop[i] = allostat_draw_bits(key, ALLOSTAT_DRAW_day_cessation, i, 1, 0);
    }
}

static void crowd_free(crowd *self)
{
    free(self->use);
    free(self->stop);
    tables_free(&self->residents, &self->users);
}

static void step(crowd *self)
{
    allostat_use_step(&self->terms, &self->users, 0, PEOPLE, self->use, self->stop);
}

static void payment_days_are_the_fourth_wednesday_to_sunday(void **state)
{
    const allostat_params params = defaults_copy(state);
    const struct {
        const char *day;
        bool paid;
    } known[] = {
        {"2016-11-22", false}, {"2016-11-23", true},  {"2016-11-27", true},
        {"2016-11-28", false}, {"2016-11-30", false}, {"2017-02-21", false},
        {"2017-02-22", true},  {"2017-02-26", true},  {"2017-02-27", false},
        {"2012-01-25", true},  {"2012-01-18", false},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(allostat_is_payment_day(&params, day_of(known[i].day)),
                         known[i].paid);
    }
}

static void payment_days_at_the_end_of_a_month_reach_into_the_next(void **state)
{
    const allostat_params params = defaults_copy(state);

    /* Wednesday 28 February 2018 to Sunday 4 March */
    assert_true(allostat_is_payment_day(&params, day_of("2018-02-28")));
    assert_true(allostat_is_payment_day(&params, day_of("2018-03-01")));
    assert_true(allostat_is_payment_day(&params, day_of("2018-03-04")));
    assert_false(allostat_is_payment_day(&params, day_of("2018-03-05")));
}

/* Sixty a year; those at the ends of the 13 years may fall on the other side. */
static void payment_days_are_five_a_month(void **state)
{
    const allostat_params params = defaults_copy(state);
    const allostat_month first = 12 * 2012, end = 12 * 2025;
    int32_t days = 0;

    for (allostat_day day = allostat_month_first_day(first);
         day < allostat_month_first_day(end); day++) {
        days += allostat_is_payment_day(&params, day);
    }
    assert_in_range(days, 13 * 60 - 4, 13 * 60 + 4);
}

/* Mean doses of a day: every second active person lives on income assistance. Five
 * standard errors of 0.01. */
static void check_doses_of(crowd *self, const char *day, double without, double with)
{
    double sum[2] = {0.0, 0.0};

    allostat_use_terms_make(&self->terms, &self->params, day_of(day));
    self->terms.remission = 0.0f;
    for (size_t i = 0; i < PEOPLE; i++) {
        self->users.active[i] = 1;
        self->users.assistance[i] = i % 2 == 1;
    }
    step(self);
    for (size_t i = 0; i < PEOPLE; i++) sum[i % 2] += (double)self->users.doses[i];
    check_close(sum[0] / (PEOPLE / 2), without, 0.05);
    check_close(sum[1] / (PEOPLE / 2), with, 0.05);
}

static void payment_raises_the_doses_of_its_days_and_of_the_paid_only(void **state)
{
    static crowd self;

    crowd_init(&self, state);
    const double plain = self.params.use_doses_per_day;
    const double raised = plain * self.params.use_payment_ratio;
    check_doses_of(&self, "2016-11-22", plain, plain);
    check_doses_of(&self, "2016-11-23", plain, raised);
    check_close((double)self.terms.doses_per_day, plain, 1e-6);
    check_close((double)self.terms.payment_ratio, self.params.use_payment_ratio, 1e-6);
    crowd_free(&self);
}

static void hazard_of_lapse_follows_craving_frailty_and_remission(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_use_terms terms;

    allostat_use_terms_make(&terms, &params, params.run_start);
    const double plain = (double)allostat_lapse_hazardf(&terms, 0.5f, 1.0f, 0);
    check_relative(
        plain, params.use_lapse_base * exp(params.use_lapse_craving_slope * 0.5 + 1.0),
        1e-5);
    check_relative((double)allostat_lapse_hazardf(&terms, 0.5f, 1.0f, 1),
                   plain * params.use_remission_lapse_ratio, 1e-5);
}

static void doses_are_poisson_around_their_mean(void **state)
{
    static crowd self;
    double sum = 0.0, squares = 0.0, none = 0.0;

    crowd_init(&self, state);
    self.terms.remission = 0.0f;
    for (size_t i = 0; i < PEOPLE; i++) {
        self.users.active[i] = 1;
        self.users.craving[i] = 0.4f;
    }
    step(&self);
    const double mean =
        self.params.use_doses_per_day * exp(self.params.use_dose_craving_slope * 0.4);
    for (size_t i = 0; i < PEOPLE; i++) {
        const double doses = (double)self.users.doses[i];
        sum += doses, squares += doses * doses, none += doses == 0.0;
        assert_int_equal(self.users.doses_month[i], (int32_t)doses);
    }
    check_close(sum / PEOPLE, mean, 5.0 * sqrt(mean / PEOPLE));
    check_relative(squares / PEOPLE - sum / PEOPLE * (sum / PEOPLE), mean, 0.025);
    check_close(none / PEOPLE, exp(-mean), 0.004);
    crowd_free(&self);
}

static void craving_without_bound_gives_ten_doses_a_day(void **state)
{
    const allostat_params params = defaults_copy(state);
    allostat_use_terms terms;

    allostat_use_terms_make(&terms, &params, params.run_start);
    check_close((double)allostat_mean_dosesf(&terms, 50.0f, 1.0f), 10.0, 0.0);
}

static void the_abstinent_lapse_with_their_hazard_and_take_a_dose(void **state)
{
    static crowd self;
    double lapses = 0.0, doses = 0.0;

    crowd_init(&self, state);
    self.terms.log_lapse_base = (float)log(0.2);
    for (size_t i = 0; i < PEOPLE; i++) self.users.in_remission[i] = i % 2 == 1;
    step(&self);
    for (size_t i = 0; i < PEOPLE; i += 2) {
        lapses += self.users.lapses_month[i];
        doses += (double)self.users.doses[i];
        assert_int_equal(self.users.active[i], self.users.lapses_month[i]);
        assert_true(self.users.doses[i] >= (float)self.users.lapses_month[i]);
    }
    check_close(lapses / (PEOPLE / 2), 1.0 - exp(-0.2), 0.009);
    /* One draw serves both: given a lapse, the doses are those of any day, at least 1
     */
    const double mean = self.params.use_doses_per_day;
    check_close(doses / lapses, mean + exp(-mean), 0.09);
    lapses = 0.0;
    for (size_t i = 1; i < PEOPLE; i += 2) {
        lapses += self.users.lapses_month[i];
        assert_int_equal(self.users.in_remission[i], !self.users.lapses_month[i]);
    }
    check_close(lapses / (PEOPLE / 2),
                1.0 - exp(-0.2 * self.params.use_remission_lapse_ratio), 0.004);
    crowd_free(&self);
}

static void who_is_to_lapse_does_so_on_that_day_and_not_before(void **state)
{
    static crowd self;

    crowd_init(&self, state);
    self.terms.log_lapse_base = (float)log(0.2);
    for (size_t i = 0; i < PEOPLE; i++) {
        self.users.lapse_day[i] = self.terms.day + 1;
        self.users.quiet_months[i] = 2;
        self.users.craving[i] = i % 2 == 0 ? -50.0f : 0.0f; /* half never would */
    }
    step(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(self.users.active[i] + self.users.lapses_month[i], 0);
        assert_int_equal(self.users.quiet_months[i], 2);
    }
    self.terms.day++;
    step(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(self.users.active[i] & self.users.lapses_month[i], 1);
        assert_true(self.users.doses[i] >= 1.0f);
        assert_int_equal(self.users.quiet_months[i], 0);
    }
    crowd_free(&self);
}

/* A grid of u in place of draws: the share of each day, by the hazard h, is that of
 * days with a chance of 1 - e^-h each. */
static void whole_days_to_a_lapse_are_those_of_daily_draws(void **state)
{
    enum { GRID = 100000, DAYS = 31 };
    static crowd self;
    double found[DAYS] = {0.0};
    const double hazard = 0.05, chance = 1.0 - exp(-hazard);

    crowd_init(&self, state);
    self.terms.log_lapse_base = (float)log(hazard);
    for (int32_t i = 0; i < GRID; i++) {
        const double u = (i + 0.5) / GRID;
        const double wait =
            allostat_days_to_lapse(&self.terms, &self.users, 0, 0.0f, u);

        assert_true(wait > 0.0);
        if (wait < DAYS) found[(int32_t)wait] += 1.0 / GRID;
    }
    for (int32_t day = 0; day < DAYS; day++)
        check_close(found[day], chance * pow(1.0 - chance, day), 2e-5);
    crowd_free(&self);
}

static void active_users_remit_at_the_yearly_rate_and_stop_today(void **state)
{
    static crowd self;
    double stops = 0.0;

    crowd_init(&self, state);
    self.params.use_remission_rate = 20.0; /* 5 % a day */
    allostat_use_terms_make(&self.terms, &self.params, self.params.run_start);
    for (size_t i = 0; i < PEOPLE; i++) self.users.active[i] = 1;
    step(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        const int32_t stopped = self.users.cessations_month[i];
        stops += stopped;
        assert_int_equal(self.users.active[i], !stopped);
        assert_int_equal(self.users.in_remission[i], stopped);
        if (stopped) assert_true(self.users.doses[i] == 0.0f);
    }
    check_close(stops / PEOPLE, 1.0 - exp(-20.0 / 365.25), 0.004);
    crowd_free(&self);
}

static void who_uses_on_a_first_of_a_month_or_lapses_was_active_that_year(void **state)
{
    static crowd self;
    const char *days[] = {"2012-01-10", "2012-02-01"};

    for (size_t d = 0; d < sizeof days / sizeof days[0]; d++) {
        crowd_init(&self, state);
        self.params.use_remission_rate = 20.0; /* 5 % a day */
        allostat_use_terms_make(&self.terms, &self.params, day_of(days[d]));
        for (size_t i = 0; i < PEOPLE; i++) {
            self.users.active[i] = i % 2 == 0;
            self.users.frailty[i] = 4.0f;
        }
        step(&self);
        for (size_t i = 0; i < PEOPLE; i++) {
            const bool lapsed = self.users.lapses_month[i] != 0;
            assert_int_equal(self.users.active_year[i],
                             d == 0 ? lapsed : self.users.active[i]);
        }
        crowd_free(&self);
    }
}

static void those_who_left_do_nothing(void **state)
{
    static crowd self;

    crowd_init(&self, state);
    for (size_t i = 0; i < PEOPLE; i++) {
        self.users.present[i] = 0;
        self.users.craving[i] = 5.0f;
        self.users.doses[i] = 3.0f;
    }
    step(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(self.users.active[i] + self.users.lapses_month[i] +
                             self.users.doses_month[i] + self.users.active_year[i],
                         0);
        assert_true(self.users.doses[i] == 0.0f);
    }
    crowd_free(&self);
}

static void visits_are_the_share_of_doses_and_never_more_than_the_doses(void **state)
{
    static crowd self;
    double visits = 0.0;

    crowd_init(&self, state);
    for (size_t i = 0; i < PEOPLE; i++) {
        self.users.doses[i] = (float)(i % 4);
        self.users.site_share[i] = 0.3f;
    }
    allostat_visit_step(&self.users, 0, PEOPLE, self.use);
    for (size_t i = 0; i < PEOPLE; i++) {
        visits += self.users.visits_month[i];
        assert_in_range(self.users.visits_month[i], 0, i % 4);
    }
    check_close(visits / PEOPLE, 0.45, 0.008);
    crowd_free(&self);
}

/* The same people with the same draws, half of whose doses are prescribed. */
static void safer_supply_takes_its_share_of_doses_and_gives_it_back(void **state)
{
    static crowd self;
    double street = 0.0, supplied = 0.0, without = 0.0;

    crowd_init(&self, state);
    for (size_t i = 0; i < PEOPLE; i++) self.users.active[i] = 1;
    step(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        without += (double)self.users.doses[i];
        check_close((double)self.users.supplied[i], 0.0, 0.0);
        self.users.active[i] = self.users.safer_supply[i] = 1;
    }
    self.terms.replaced = 0.6f;
    step(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        street += (double)self.users.doses[i];
        supplied += (double)self.users.supplied[i];
        check_close((double)self.users.supplied_month[i],
                    (double)self.users.supplied[i], 0.0);
    }
    check_relative(street, 0.4 * without, 0.02);
    check_relative(supplied, 0.6 * without, 0.02);
    crowd_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payment_days_are_the_fourth_wednesday_to_sunday),
        cmocka_unit_test(payment_days_at_the_end_of_a_month_reach_into_the_next),
        cmocka_unit_test(payment_days_are_five_a_month),
        cmocka_unit_test(payment_raises_the_doses_of_its_days_and_of_the_paid_only),
        cmocka_unit_test(hazard_of_lapse_follows_craving_frailty_and_remission),
        cmocka_unit_test(doses_are_poisson_around_their_mean),
        cmocka_unit_test(craving_without_bound_gives_ten_doses_a_day),
        cmocka_unit_test(the_abstinent_lapse_with_their_hazard_and_take_a_dose),
        cmocka_unit_test(who_is_to_lapse_does_so_on_that_day_and_not_before),
        cmocka_unit_test(whole_days_to_a_lapse_are_those_of_daily_draws),
        cmocka_unit_test(active_users_remit_at_the_yearly_rate_and_stop_today),
        cmocka_unit_test(who_uses_on_a_first_of_a_month_or_lapses_was_active_that_year),
        cmocka_unit_test(those_who_left_do_nothing),
        cmocka_unit_test(visits_are_the_share_of_doses_and_never_more_than_the_doses),
        cmocka_unit_test(safer_supply_takes_its_share_of_doses_and_gives_it_back),
    };
    return RUN_WITH_DEFAULTS("use", tests);
}
