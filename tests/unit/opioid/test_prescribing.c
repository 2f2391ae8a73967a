/* Prescriptions: their courses, and what they do to first use. */
#include "check.h"

#include "opioid/prescribing.h"
#include "params/scenario.h"

enum { PEOPLE = 300000, MONTHS = 12, STEPS = 3 };

/* Months that rows live at once. */
static const int32_t steps[STEPS] = {1, 6, 12};

typedef struct {
    allostat_scenario scenario;
    allostat_residents residents;
    allostat_users users;
    allostat_draw_key key;
    allostat_month month;
} ward;

static void open_ward(ward *self, int32_t age)
{
    allostat_error error = {0};

    *self = (ward){.key = allostat_draw_key_make(11, 0), .month = 2010 * 12};
    assert_int_equal(allostat_scenario_defaults(&self->scenario, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_residents_init(&self->residents, PEOPLE, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&self->users, 1, &error), ALLOSTAT_OK);
    self->residents.row_count = PEOPLE;
    for (size_t i = 0; i < PEOPLE; i++) {
        self->residents.number[i] = (uint32_t)i;
        self->residents.birth_month[i] = (int16_t)(self->month - age * 12);
        self->residents.status[i] = ALLOSTAT_RESIDENT_present;
        self->residents.user_row[i] = -1;
        self->residents.first_use_ratio[i] = 1.0f;
    }
}

static void close_ward(ward *self)
{
    allostat_residents_free(&self->residents);
    allostat_users_free(&self->users);
    allostat_scenario_free(&self->scenario);
}

static allostat_params *params_of(ward *self)
{
    return &self->scenario.epochs[0].params;
}

static uint32_t bits[ALLOSTAT_DRAW_LANES * PEOPLE];

static const uint32_t *lane(allostat_draw draw)
{
    return bits + allostat_draw_table[draw].lane * PEOPLE;
}

static void fill(const ward *self, allostat_draw draw, allostat_day day)
{
    static uint32_t person[PEOPLE];

    for (uint32_t i = 0; i < PEOPLE; i++) person[i] = i;
    allostat_draws_fill(self->key, allostat_draw_table[draw].call, day, 0, person,
                        PEOPLE, PEOPLE, bits);
}

static void enter_all(ward *self, const allostat_prescribing_terms *terms)
{
    fill(self, ALLOSTAT_DRAW_entry_rx, 0);
    allostat_prescribing_enter(terms, &self->residents, 0, PEOPLE,
                               (allostat_rx_entry_bits){
                                   lane(ALLOSTAT_DRAW_entry_rx),
                                   lane(ALLOSTAT_DRAW_entry_rx_dose),
                               });
}

/* Everybody lives `months` months at once. */
static void run_months(ward *self, int32_t months)
{
    allostat_prescribing_terms terms;

    allostat_prescribing_terms_make(&terms, params_of(self), self->key, self->month,
                                    months, 1.0);
    fill(self, ALLOSTAT_DRAW_rx_start, terms.first_day);
    allostat_prescribing_month(
        &terms, &self->residents, &self->users, 0, PEOPLE,
        (allostat_rx_bits){lane(ALLOSTAT_DRAW_rx_start), lane(ALLOSTAT_DRAW_rx_stop)});
    self->month += months;
}

static void run_month(ward *self) { run_months(self, 1); }

static int32_t count_dose(const ward *self, int32_t least)
{
    int32_t count = 0;

    for (size_t i = 0; i < PEOPLE; i++) count += self->residents.rx_dose[i] >= least;
    return count;
}

static int32_t count_long(const ward *self)
{
    int32_t count = 0;

    for (uint32_t i = 0; i < PEOPLE; i++)
        count += allostat_rx_is_long(&self->residents, i);
    return count;
}

/* Nobody is in pain: all begin after surgery. */
static void after_surgery_one_in_26_is_still_treated_after_three_months(void **state)
{
    ward self;

    (void)state;
    open_ward(&self, 50);
    params_of(&self)->prescribing_surgery_rate = 6.0;
    params_of(&self)->prescribing_stop_rate = 0.0;
    run_month(&self);
    const int32_t begun = count_dose(&self, ALLOSTAT_RX_low);
    params_of(&self)->prescribing_surgery_rate = 0.0;
    for (int month = 0; month < ALLOSTAT_RX_LONG_TERM; month++) run_month(&self);
    /* -expm1(-6 x 0.65 / 12) of everybody; 83,000 begin: standard error 0.0007 */
    check_relative((double)begun, PEOPLE * 0.277473, 0.02);
    check_close((double)count_long(&self) / begun,
                params_of(&self)->prescribing_surgery_persist, 0.003);
    check_close((double)count_dose(&self, ALLOSTAT_RX_low), count_long(&self), 0.0);
    close_ward(&self);
}

static void check_long_term_ends(int32_t step)
{
    ward self;
    allostat_prescribing_terms terms;

    open_ward(&self, 50);
    params_of(&self)->prescribing_surgery_rate = 1e6; /* everybody enters with one */
    allostat_prescribing_terms_make(&terms, params_of(&self), self.key, self.month, 1,
                                    1.0);
    enter_all(&self, &terms);
    const int32_t at_first = count_long(&self);
    assert_true(at_first > PEOPLE * 99 / 100);
    params_of(&self)->prescribing_surgery_rate = 0.0;
    params_of(&self)->prescribing_abrupt_share = 1.0;
    for (int month = 0; month < MONTHS; month += step) run_months(&self, step);
    /* exp(-0.25) after a year */
    check_close((double)count_long(&self) / at_first, 0.778801, 0.004);
    close_ward(&self);
}

static void long_term_prescriptions_end_at_the_rate_of_the_parameter(void **state)
{
    (void)state;
    for (size_t i = 0; i < STEPS; i++) check_long_term_ends(steps[i]);
}

/* Nobody's prescription becomes long-term. */
static void open_acute_ward(ward *self)
{
    open_ward(self, 50);
    params_of(self)->prescribing_surgery_age_log_ratio = 0.0;
    params_of(self)->prescribing_surgery_rate = 0.6;
    params_of(self)->prescribing_chronic_rate = 0.6;
    params_of(self)->prescribing_surgery_persist = 0.0;
    params_of(self)->prescribing_chronic_persist = 0.0;
}

/* Who starts with the chance p a month, has the prescription for L months and none in
 * the month of its end, has one for L / (1 / p + L) of the time. Standard errors are
 * 0.3 % of the starts and 1 % of the stock. */
static void check_acute(int32_t step, bool pain, double p, double months_mean)
{
    const int32_t years = 2;
    const double cycle = 1.0 / p + months_mean;
    int64_t starts = 0;
    ward self;

    open_acute_ward(&self);
    if (pain) params_of(&self)->prescribing_surgery_rate = 0.0;
    for (size_t i = 0; i < PEOPLE; i++) self.residents.chronic_pain[i] = pain;
    for (int month = 0; month < years * MONTHS; month += step) {
        run_months(&self, step);
        for (size_t i = 0; month >= MONTHS && i < PEOPLE; i++)
            starts += allostat_rx_starts(self.residents.rx_event[i]);
    }
    check_relative((double)starts, PEOPLE * MONTHS / cycle, 0.012);
    check_relative((double)count_dose(&self, ALLOSTAT_RX_low),
                   PEOPLE * months_mean / cycle, 0.04);
    close_ward(&self);
}

static void an_acute_prescription_counts_for_its_own_months_under_any_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < STEPS; i++) {
        check_acute(steps[i], false, 0.031981, 1.0); /* -expm1(-0.6 x 0.65 / 12) */
        check_acute(steps[i], true, 0.048771, 2.0);  /* -expm1(-0.6 / 12) */
    }
}

static void first_use_follows_the_mean_ratio_of_the_months_of_a_turn(void **state)
{
    ward self;
    int32_t several = 0;

    (void)state;
    open_acute_ward(&self);
    run_months(&self, MONTHS);
    for (size_t i = 0; i < PEOPLE; i++) {
        const int32_t starts = allostat_rx_starts(self.residents.rx_event[i]);
        const double acute = params_of(&self)->prescribing_acute_ratio;

        /* after surgery each start is a month */
        several += starts > 1;
        assert_int_equal(self.residents.rx_felt_months[i], starts);
        check_close((double)self.residents.rx_first_use_ratio[i],
                    1.0 + starts * (acute - 1.0) / MONTHS, 1e-5);
    }
    assert_true(several > 0);
    close_ward(&self);
}

static void
a_first_use_comes_after_a_prescription_in_its_part_of_the_hazard(void **state)
{
    (void)state;
    /* a month at 3 and five at 1 */
    check_close(allostat_rx_share_of_first_use(8.0 / 6.0, 1, 6), 3.0 / 8.0, 1e-6);
    check_close(allostat_rx_share_of_first_use(1.0, 0, 6), 0.0, 0.0);
    check_close(allostat_rx_share_of_first_use(14.9, 6, 6), 1.0, 0.0);
    check_close(allostat_rx_share_of_first_use(14.9, 1, 1), 1.0, 0.0);
}

static void what_comes_after_leaving_is_left_out(void **state)
{
    (void)state;
    check_close(allostat_rx_share_before_leaving(1), 1.0, 0.0);
    /* leaving in the first, second and third month: 1, 2 and 3 of 3 */
    check_close(allostat_rx_share_before_leaving(3), 2.0 / 3.0, 1e-12);
}

static void one_draw_tells_the_month_in_which_it_happens(void **state)
{
    const int32_t draws = 100000;
    int32_t in_month[MONTHS] = {0};

    (void)state;
    for (int32_t i = 0; i < draws; i++) {
        float u = ((float)i + 0.5f) / (float)draws;
        int32_t month = 0;

        while (month < MONTHS && !allostat_happens_nowf(&u, 0.2f)) month++;
        if (month < MONTHS) in_month[month]++;
    }
    /* 0.2 x 0.8^month, without chance */
    check_close(in_month[0], 20000.0, 2.0);
    check_close(in_month[1], 16000.0, 2.0);
    check_close(in_month[2], 12800.0, 2.0);
    check_close(in_month[MONTHS - 1], 1717.99, 2.0);
}

static void an_end_is_dated_by_its_month_and_not_by_that_of_the_turn(void **state)
{
    ward self;

    (void)state;
    open_ward(&self, 50);
    params_of(&self)->prescribing_surgery_rate = 0.0;
    params_of(&self)->prescribing_stop_rate = 1e4;
    params_of(&self)->prescribing_abrupt_share = 0.0;
    self.residents.rx_dose[0] = ALLOSTAT_RX_high;
    self.residents.rx_months[0] = ALLOSTAT_RX_LONG_AGO;
    self.residents.rx_left[0] = ALLOSTAT_RX_OPEN;
    const allostat_month first = self.month;
    run_months(&self, MONTHS);
    /* a review and three months of taper */
    assert_int_equal(self.residents.rx_ended[0], first + 3);
    assert_int_equal(allostat_rx_ends(self.residents.rx_event[0]), 1);
    close_ward(&self);
}

static void patients_of_a_turn_that_begins_and_ends_are_still_told(void **state)
{
    ward self;

    (void)state;
    open_ward(&self, 50);
    params_of(&self)->prescribing_surgery_rate = 0.0;
    params_of(&self)->prescribing_stop_rate = 1e4;
    params_of(&self)->prescribing_abrupt_share = 1.0;
    self.residents.rx_dose[0] = ALLOSTAT_RX_low;
    self.residents.rx_months[0] = 0;
    self.residents.rx_left[0] = ALLOSTAT_RX_OPEN;
    run_months(&self, MONTHS);
    /* long-term in the third month, cut off in the fourth */
    assert_int_equal(self.residents.rx_event[0],
                     ALLOSTAT_RX_EVENT_long_term + ALLOSTAT_RX_EVENT_end);
    assert_int_equal(self.residents.rx_felt_months[0], MONTHS);
    close_ward(&self);
}

static void a_taper_goes_down_class_by_class_and_a_cut_goes_at_once(void **state)
{
    ward self;

    (void)state;
    for (int abrupt = 0; abrupt < 2; abrupt++) {
        open_ward(&self, 50);
        params_of(&self)->prescribing_surgery_rate = 0.0;
        params_of(&self)->prescribing_stop_rate = 1e4;
        params_of(&self)->prescribing_abrupt_share = abrupt;
        self.residents.rx_dose[0] = ALLOSTAT_RX_high;
        self.residents.rx_months[0] = ALLOSTAT_RX_LONG_AGO;
        self.residents.rx_left[0] = ALLOSTAT_RX_OPEN;
        int32_t months = 0;
        while (self.residents.rx_dose[0] != ALLOSTAT_RX_none && months < MONTHS) {
            run_month(&self);
            months++;
        }
        assert_int_equal(months, abrupt ? 1 : 4);
        assert_int_equal(self.residents.rx_last_dose[0], ALLOSTAT_RX_high);
        assert_int_equal(self.residents.rx_ended[0], self.month - 1);
        close_ward(&self);
    }
}

static void ratio_of_first_use_follows_duration_dose_and_end(void **state)
{
    const allostat_rx_ratios ratios = {{1.0f, 14.9f, 28.7f, 122.0f}, 3.0f, 2.0f, 12};
    const struct {
        int32_t dose, months, last_dose, since_end;
        double expected;
    } cases[] = {
        {ALLOSTAT_RX_none, 0, 0, -1, 1.0},
        {ALLOSTAT_RX_high, 2, 0, -1, 3.0},
        {ALLOSTAT_RX_low, 3, 0, -1, 14.9},
        {ALLOSTAT_RX_medium, 90, 0, -1, 28.7},
        {ALLOSTAT_RX_high, 255, 0, -1, 122.0},
        {ALLOSTAT_RX_none, 0, ALLOSTAT_RX_medium, 0, 57.4},
        {ALLOSTAT_RX_none, 0, ALLOSTAT_RX_medium, 11, 57.4},
        {ALLOSTAT_RX_none, 0, ALLOSTAT_RX_medium, 12, 1.0},
        {ALLOSTAT_RX_low, 1, ALLOSTAT_RX_medium, 5, 57.4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_relative((double)allostat_rx_ratio(&ratios, cases[i].dose,
                                                 cases[i].months, cases[i].last_dose,
                                                 cases[i].since_end),
                       cases[i].expected, 1e-6);
    }
}

static void mean_ratio_is_weighted_by_the_hazard_of_the_person(void **state)
{
    ward self;
    allostat_prescribing_terms terms;

    (void)state;
    open_ward(&self, 30);
    allostat_prescribing_terms_make(&terms, params_of(&self), self.key, self.month, 1,
                                    1.0);
    self.residents.row_count = 2;
    self.residents.first_use_ratio[0] = 3.0f;
    self.residents.rx_first_use_ratio[0] = 1.0f;
    self.residents.rx_first_use_ratio[1] = 21.0f;
    check_relative(
        allostat_prescribing_mean_ratio(&terms, params_of(&self), &self.residents), 6.0,
        1e-12);
    close_ward(&self);
}

static void nobody_begins_or_enters_with_a_prescription_when_switched_off(void **state)
{
    ward self;
    allostat_prescribing_terms terms;

    (void)state;
    open_ward(&self, 50);
    params_of(&self)->prescribing_surgery_rate = 6.0;
    params_of(&self)->mechanisms_prescribing = false;
    allostat_prescribing_terms_make(&terms, params_of(&self), self.key, self.month, 1,
                                    1.0);
    enter_all(&self, &terms);
    run_month(&self);
    assert_int_equal(count_dose(&self, ALLOSTAT_RX_low), 0);
    assert_true(self.residents.rx_first_use_ratio[0] == 1.0f);
    close_ward(&self);
}

static void a_rotation_keeps_the_cross_tolerance(void **state)
{
    ward self;
    allostat_patient_terms terms;
    uint8_t dies;

    (void)state;
    open_ward(&self, 50);
    params_of(&self)->prescribing_rotation_rate = 1e4;
    self.users.row_count = 1;
    self.users.tolerance_fast[0] = 0.4f;
    self.users.tolerance_slow[0] = 0.2f;
    self.residents.rx_dose[0] = ALLOSTAT_RX_medium;
    self.residents.rx_months[0] = ALLOSTAT_RX_LONG_AGO;
    allostat_patient_terms_make(&terms, params_of(&self), self.key, self.month);
    allostat_patients_follow(&terms, &self.residents, &self.users, 0, 1, &dies);
    check_close((double)self.users.tolerance_fast[0], 0.26, 1e-6);
    check_close((double)self.users.tolerance_slow[0], 0.13, 1e-6);
    check_close((double)self.users.rx_target[0],
                params_of(&self)->prescribing_medium_level, 1e-6);
    close_ward(&self);
}

static void a_patient_leaves_the_table_when_the_prescription_is_long_over(void **state)
{
    ward self;

    (void)state;
    open_ward(&self, 50);
    const int32_t months = (int32_t)params_of(&self)->prescribing_ended_months;
    self.users.row_count = 1;
    self.users.present[0] = 1;
    self.users.rx_only[0] = 1;
    self.residents.rx_ended[0] = (int16_t)self.month;
    allostat_patients_retire(&self.users, &self.residents, params_of(&self),
                             self.month + months - 1, 0, self.users.row_count);
    assert_int_equal(self.users.present[0], 1);
    allostat_patients_retire(&self.users, &self.residents, params_of(&self),
                             self.month + months, 0, self.users.row_count);
    assert_int_equal(self.users.present[0], 0);
    close_ward(&self);
}

static void terms_turned_to_a_month_are_those_made_for_it(void **state)
{
    (void)state;
    static allostat_prescribing_terms made, turned; /* zeroed between members, too */
    ward self;

    open_ward(&self, 50);
    allostat_prescribing_terms_make(&turned, params_of(&self), self.key, self.month, 6,
                                    1.0);
    allostat_prescribing_terms_turn_to(&turned, self.month + 190, 1.25);
    allostat_prescribing_terms_make(&made, params_of(&self), self.key, self.month + 190,
                                    6, 1.25);
    assert_memory_equal(&turned, &made, sizeof made);
    close_ward(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_surgery_one_in_26_is_still_treated_after_three_months),
        cmocka_unit_test(long_term_prescriptions_end_at_the_rate_of_the_parameter),
        cmocka_unit_test(
            an_acute_prescription_counts_for_its_own_months_under_any_step),
        cmocka_unit_test(first_use_follows_the_mean_ratio_of_the_months_of_a_turn),
        cmocka_unit_test(
            a_first_use_comes_after_a_prescription_in_its_part_of_the_hazard),
        cmocka_unit_test(what_comes_after_leaving_is_left_out),
        cmocka_unit_test(one_draw_tells_the_month_in_which_it_happens),
        cmocka_unit_test(an_end_is_dated_by_its_month_and_not_by_that_of_the_turn),
        cmocka_unit_test(patients_of_a_turn_that_begins_and_ends_are_still_told),
        cmocka_unit_test(a_taper_goes_down_class_by_class_and_a_cut_goes_at_once),
        cmocka_unit_test(ratio_of_first_use_follows_duration_dose_and_end),
        cmocka_unit_test(mean_ratio_is_weighted_by_the_hazard_of_the_person),
        cmocka_unit_test(nobody_begins_or_enters_with_a_prescription_when_switched_off),
        cmocka_unit_test(a_rotation_keeps_the_cross_tolerance),
        cmocka_unit_test(terms_turned_to_a_month_are_those_made_for_it),
        cmocka_unit_test(a_patient_leaves_the_table_when_the_prescription_is_long_over),
    };
    return cmocka_run_group_tests_name("prescribing", tests, NULL, NULL);
}
