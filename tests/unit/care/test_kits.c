#include "defaults.h"

#include "care/kits.h"

static const allostat_month MONTH = 12 * 2016;

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_requests requests;
    allostat_kit_stock stock;
    allostat_day series_day;
    double shipped;
} programme;

static void programme_init(programme *self, void **state, size_t people, double shipped)
{
    self->params = defaults_copy(state);
    self->shipped = shipped;
    self->series_day = 0;
    self->params.naloxone_kits_shipped = (allostat_series){
        1, &self->series_day, &self->shipped, ALLOSTAT_INTERPOLATE_step};
    self->params.population_scale = 1.0;
    self->params.naloxone_handed_out_share = 0.5;
    self->params.naloxone_kits_carried_max = 2;
    self->requests = (allostat_requests){0};
    self->stock = (allostat_kit_stock){0};
    tables_of_users(&self->residents, &self->users, people);
    for (size_t i = 0; i < people; i++) self->users.active[i] = 1;
}

static void programme_free(programme *self)
{
    allostat_requests_free(&self->requests);
    tables_free(&self->residents, &self->users);
}

static allostat_kit_month run_month(programme *self, allostat_month month)
{
    const allostat_care_month care = {
        &self->users, &self->params,   allostat_draw_key_make(6, 0),
        month,        &self->requests, NULL};
    allostat_kit_month result;
    allostat_error error = {0};

    assert_int_equal(
        allostat_kits_month(&care, &self->residents, &self->stock, &result, &error),
        ALLOSTAT_OK);
    return result;
}

static int64_t sum(const programme *self, const int32_t *column)
{
    int64_t total = 0;

    for (size_t i = 0; i < self->users.row_count; i++) total += column[i];
    return total;
}

/* The counters of the month are not emptied here, so they hold all months. */
static void every_kit_handed_out_is_held_or_lost(void **state)
{
    static programme self;

    programme_init(&self, state, 500, 300.0);
    for (int32_t m = 0; m < 36; m++) {
        run_month(&self, MONTH + m);
        assert_int_equal(sum(&self, self.users.kits_handed_month),
                         sum(&self, self.users.kits) +
                             sum(&self, self.users.kits_lost_month));
        for (size_t i = 0; i < 500; i++) assert_in_range(self.users.kits[i], 0, 2);
    }
    assert_true(sum(&self, self.users.kits_lost_month) > 0);
    programme_free(&self);
}

static void nobody_gets_more_than_one_kit_a_month(void **state)
{
    static programme self;

    programme_init(&self, state, 10, 1000.0);
    const allostat_kit_month month = run_month(&self, MONTH);
    for (size_t i = 0; i < 10; i++) assert_int_equal(self.users.kits[i], 1);
    assert_int_equal(month.shipped, 1000);
    assert_int_equal(month.not_taken, 490);
    programme_free(&self);
}

static void only_people_in_touch_who_carry_too_few_take_a_kit(void **state)
{
    static programme self;

    programme_init(&self, state, 5, 1000.0);
    self.params.naloxone_kit_life = 1e9;
    self.users.active[1] = 0;
    self.users.active[2] = 0, self.users.treatment[2] = ALLOSTAT_TREATMENT_methadone;
    self.users.present[3] = self.users.active[3] = 0;
    self.users.kits[4] = 2;
    run_month(&self, MONTH);
    assert_int_equal(self.users.kits[0], 1);
    assert_int_equal(self.users.kits[1], 0);
    assert_int_equal(self.users.kits[2], 1);
    assert_int_equal(self.users.kits[3], 0);
    assert_int_equal(self.users.kits[4], 2);
    programme_free(&self);
}

static void fractions_of_kits_wait_for_the_next_month(void **state)
{
    static programme self;
    int64_t shipped = 0;

    programme_init(&self, state, 500, 10.3);
    for (int32_t m = 0; m < 100; m++) {
        shipped += run_month(&self, MONTH + m).shipped;
        assert_true(fabs((double)shipped - 10.3 * (m + 1)) < 1.0 + 1e-9);
    }
    check_close((double)sum(&self, self.users.kits_handed_month), 515.0, 1.01);
    programme_free(&self);
}

static void kits_are_lost_at_the_pace_of_their_life(void **state)
{
    static programme self;

    programme_init(&self, state, 20000, 0.0);
    for (size_t i = 0; i < 20000; i++) self.users.kits[i] = 2;
    run_month(&self, MONTH);
    check_close((double)sum(&self, self.users.kits_lost_month) / 40000.0,
                1.0 - exp(-1.0 / self.params.naloxone_kit_life), 0.006);
    programme_free(&self);
}

static void other_people_get_a_kit_when_there_are_too_few(void **state)
{
    static programme self;
    int32_t first[100];
    size_t same = 0;

    programme_init(&self, state, 100, 80.0);
    run_month(&self, MONTH);
    for (size_t i = 0; i < 100; i++)
        first[i] = self.users.kits[i], self.users.kits[i] = 0;
    run_month(&self, MONTH + 1);
    for (size_t i = 0; i < 100; i++) same += first[i] && self.users.kits[i];
    assert_int_equal(sum(&self, self.users.kits), 40);
    assert_in_range(same, 4, 28); /* 16 expected */
    programme_free(&self);
}

static void a_kit_that_is_due_comes_first_even_to_people_inside(void **state)
{
    static programme self;

    programme_init(&self, state, 100, 20.0);
    self.params.naloxone_kit_life = 1e9;
    for (size_t i = 0; i < 5; i++) self.users.kit_due[i] = 1, self.users.active[i] = 0;
    const allostat_kit_month month = run_month(&self, MONTH);
    assert_int_equal(month.handed_due, 5);
    assert_int_equal(sum(&self, self.users.kits), 10);
    for (size_t i = 0; i < 5; i++) assert_int_equal(self.users.kits[i], 1);
    assert_int_equal(sum(&self, self.users.kit_due), 0);
    programme_free(&self);
}

static void promises_do_not_make_kits(void **state)
{
    static programme self;

    programme_init(&self, state, 100, 20.0);
    for (size_t i = 0; i < 100; i++) self.users.kit_due[i] = 1;
    const allostat_kit_month month = run_month(&self, MONTH);
    assert_int_equal(month.handed_due, 10);
    assert_int_equal(sum(&self, self.users.kits_handed_month), 10);
    assert_int_equal(sum(&self, self.users.kit_due), 0);
    programme_free(&self);
}

/* Half of the people are always alone, half never. */
static void priority_goes_to_those_who_use_alone_most(void **state)
{
    static programme self;
    int64_t alone = 0;

    programme_init(&self, state, 100, 80.0);
    self.params.naloxone_alone_priority = 0.75;
    for (size_t i = 0; i < 50; i++) self.users.avoidance[i] = 100.0f;
    const allostat_kit_month month = run_month(&self, MONTH);
    for (size_t i = 0; i < 50; i++) alone += self.users.kits[i];
    assert_int_equal(month.handed_alone, 30);
    assert_int_equal(sum(&self, self.users.kits), 40);
    assert_in_range(alone, 30, 40);
    programme_free(&self);
}

static void twice_the_kits_are_twice_the_kits(void **state)
{
    static programme self;

    programme_init(&self, state, 500, 60.0);
    self.params.naloxone_kits_ratio = 2.0;
    assert_int_equal(run_month(&self, MONTH).shipped, 120);
    assert_int_equal(sum(&self, self.users.kits), 60);
    programme_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kit_handed_out_is_held_or_lost),
        cmocka_unit_test(nobody_gets_more_than_one_kit_a_month),
        cmocka_unit_test(only_people_in_touch_who_carry_too_few_take_a_kit),
        cmocka_unit_test(fractions_of_kits_wait_for_the_next_month),
        cmocka_unit_test(kits_are_lost_at_the_pace_of_their_life),
        cmocka_unit_test(other_people_get_a_kit_when_there_are_too_few),
        cmocka_unit_test(a_kit_that_is_due_comes_first_even_to_people_inside),
        cmocka_unit_test(promises_do_not_make_kits),
        cmocka_unit_test(priority_goes_to_those_who_use_alone_most),
        cmocka_unit_test(twice_the_kits_are_twice_the_kits),
    };
    return RUN_WITH_DEFAULTS("kits", tests);
}
