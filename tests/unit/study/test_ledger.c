#include "check.h"

#include "study/ledger.h"

#include <string.h>

/* The window is 2016; logs are written by person, which the ledger must not mind. */
enum { FIRST = 2016 * 12, LAST = 2016 * 12 + 11, ROLL_MAX = 64 };

typedef struct {
    allostat_death base_log[ROLL_MAX], policy_log[ROLL_MAX];
    allostat_records base, policy;
    int64_t persons[ALLOSTAT_LEDGER_COUNT];
} book;

static allostat_day day_of(const char *date)
{
    allostat_day day = 0;

    assert_true(allostat_day_parse(date, &day));
    return day;
}

static void die(allostat_records *records, uint32_t person, const char *date,
                int overdose)
{
    records->death[records->death_count++] = (allostat_death){
        .person = person, .day = day_of(date), .overdose = (uint8_t)overdose};
}

static void book_init(book *self)
{
    memset(self, 0, sizeof *self);
    self->base.death = self->base_log;
    self->policy.death = self->policy_log;
}

static void count(book *self)
{
    assert_int_equal(allostat_ledger_count(&self->base, &self->policy, FIRST, LAST,
                                           self->persons, NULL),
                     ALLOSTAT_OK);
}

/* One person in one row and in no other of the first five. */
static void check_only(const book *self, allostat_ledger_row row)
{
    for (int i = 0; i <= ALLOSTAT_LEDGER_same; i++)
        assert_int_equal(self->persons[i], i == (int)row);
}

static void who_dies_in_the_base_only_is_saved(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.base, 7, "2016-03-04", 1);
    count(&self);
    check_only(&self, ALLOSTAT_LEDGER_saved);
}

static void who_dies_under_the_policy_only_is_harmed(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.policy, 7, "2016-03-04", 1);
    count(&self);
    check_only(&self, ALLOSTAT_LEDGER_harmed);
}

static void a_later_death_of_another_cause_is_a_delay(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.base, 7, "2016-03-04", 1);
    die(&self.policy, 7, "2016-11-01", 0);
    count(&self);
    check_only(&self, ALLOSTAT_LEDGER_delayed);
    assert_int_equal(self.persons[ALLOSTAT_LEDGER_spared_overdose], 1);
    assert_int_equal(self.persons[ALLOSTAT_LEDGER_met_overdose], 0);
}

static void a_later_overdose_is_a_delay_that_spares_none(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.base, 7, "2016-03-04", 1);
    die(&self.policy, 7, "2016-03-05", 1);
    count(&self);
    check_only(&self, ALLOSTAT_LEDGER_delayed);
    assert_int_equal(self.persons[ALLOSTAT_LEDGER_spared_overdose], 0);
}

static void an_earlier_death_is_hastened(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.base, 7, "2016-11-01", 0);
    die(&self.policy, 7, "2016-03-04", 1);
    count(&self);
    check_only(&self, ALLOSTAT_LEDGER_hastened);
    assert_int_equal(self.persons[ALLOSTAT_LEDGER_met_overdose], 1);
}

static void the_same_day_is_the_same(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.base, 7, "2016-03-04", 1);
    die(&self.policy, 7, "2016-03-04", 1);
    count(&self);
    check_only(&self, ALLOSTAT_LEDGER_same);
}

static void a_death_after_the_window_is_none(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.base, 7, "2016-12-31", 1);
    die(&self.policy, 7, "2017-01-01", 1);
    die(&self.base, 8, "2017-01-01", 1);
    count(&self);
    check_only(&self, ALLOSTAT_LEDGER_saved);
}

static void a_death_before_the_window_is_one(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.base, 7, "2016-01-01", 1);
    die(&self.policy, 7, "2015-12-31", 1);
    count(&self);
    check_only(&self, ALLOSTAT_LEDGER_hastened);
    assert_int_equal(self.persons[ALLOSTAT_LEDGER_spared_overdose], 1);
}

static void other_causes_in_both_are_not_in_the_ledger(void **state)
{
    book self;

    (void)state;
    book_init(&self);
    die(&self.base, 7, "2016-03-01", 0);
    die(&self.policy, 7, "2016-04-01", 0);
    die(&self.policy, 9, "2016-04-01", 0);
    count(&self);
    for (int i = 0; i < ALLOSTAT_LEDGER_COUNT; i++)
        assert_int_equal(self.persons[i], 0);
}

/* Deaths without pattern: the ledger must add up to the deaths averted. */
static void the_ledger_adds_up_to_the_deaths_averted(void **state)
{
    static const char *const date[] = {"2015-07-01", "2016-02-01", "2016-06-09",
                                       "2016-12-31", "2017-05-05"};
    book self;
    int64_t averted = 0;

    (void)state;
    book_init(&self);
    for (uint32_t i = 0; i < 60; i++) {
        const uint32_t person = (i * 37) % 60, mix = person * 2654435761U >> 16;
        const int b = (int)(mix % 6), p = (int)(mix / 6 % 6);
        const int b_overdose = (int)(mix / 36 % 2), p_overdose = (int)(mix / 72 % 2);

        if (b < 5) die(&self.base, person, date[b], b_overdose);
        if (p < 5) die(&self.policy, person, date[p], p_overdose);
        averted += b_overdose && b >= 1 && b <= 3;
        averted -= p_overdose && p >= 1 && p <= 3;
    }
    count(&self);
    const int64_t *persons = self.persons;
    assert_true(persons[ALLOSTAT_LEDGER_saved] > 0);
    assert_true(persons[ALLOSTAT_LEDGER_met_overdose] > 0);
    assert_int_equal(persons[ALLOSTAT_LEDGER_saved] - persons[ALLOSTAT_LEDGER_harmed] +
                         persons[ALLOSTAT_LEDGER_spared_overdose] -
                         persons[ALLOSTAT_LEDGER_met_overdose],
                     averted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_dies_in_the_base_only_is_saved),
        cmocka_unit_test(who_dies_under_the_policy_only_is_harmed),
        cmocka_unit_test(a_later_death_of_another_cause_is_a_delay),
        cmocka_unit_test(a_later_overdose_is_a_delay_that_spares_none),
        cmocka_unit_test(an_earlier_death_is_hastened),
        cmocka_unit_test(the_same_day_is_the_same),
        cmocka_unit_test(a_death_after_the_window_is_none),
        cmocka_unit_test(a_death_before_the_window_is_one),
        cmocka_unit_test(other_causes_in_both_are_not_in_the_ledger),
        cmocka_unit_test(the_ledger_adds_up_to_the_deaths_averted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
