#include "defaults.h"

#include "people/person_days.h"

enum { PEOPLE = 300, MONTHS = 30, START = 24192 /* January 2016 */ };

typedef struct {
    allostat_residents residents;
    allostat_users users;
    allostat_counted_days want[PEOPLE];
} town;

/* A whole number below `most`. */
static int32_t any(int32_t most)
{
    static uint32_t state = 1;

    state = state * 1664525U + 1013904223U;
    return (int32_t)((state >> 8) % (uint32_t)most);
}

/* One thing changes before the count of day `next`; the dead stay dead. */
static void change(allostat_users *users, size_t row, allostat_day next)
{
    switch (any(7)) {
    case 0:
        users->institution[row] = any(3);
        users->released_on[row] = 0;
        break;
    case 1:
        users->institution[row] = 0;
        users->released_on[row] = next;
        break;
    case 2:
        users->treatment[row] = any(ALLOSTAT_TREATMENT_COUNT);
        break;
    case 3:
        users->active[row] = any(2);
        break;
    case 4:
        users->in_remission[row] = any(2);
        break;
    case 5:
        users->safer_supply[row] = any(2);
        break;
    default:
        if (any(50) > 0) break;
        users->present[row] = users->treatment[row] = 0;
    }
}

static void change_some(town *self, allostat_day next, allostat_month_days days)
{
    allostat_users *users = &self->users;

    for (size_t row = 0; row < PEOPLE; row++) {
        if (any(20) > 0 || !users->present[row]) continue;
        const allostat_counted_days before = allostat_days_lived(users, row, days);
        change(users, row, next);
        allostat_days_settle(users, row, days, &before);
    }
}

/* The day as it is counted one by one. */
static void count_day(town *self, allostat_day day)
{
    const allostat_users *users = &self->users;

    for (size_t row = 0; row < PEOPLE; row++) {
        allostat_counted_days *want = &self->want[row];
        const int32_t drug = users->treatment[row];
        const int32_t since = allostat_days_since(users->released_on[row], day);
        const bool in_need = users->active[row] || !users->in_remission[row];

        want->in_each += allostat_packed_one(drug, ALLOSTAT_PACKED_DAYS_BITS);
        if (!users->present[row] || users->institution[row]) continue;
        want->early += since > 0 && since <= ALLOSTAT_RELEASE_EARLY_DAYS;
        want->later += since > ALLOSTAT_RELEASE_EARLY_DAYS;
        want->on_oat += allostat_is_agonist(drug);
        want->off_oat += !allostat_is_agonist(drug) && in_need && !users->rx_only[row];
        want->in_each += users->safer_supply[row] << ALLOSTAT_PACKED_SAFER_AT;
    }
}

static void check_and_clear(town *self)
{
    allostat_users *users = &self->users;

    for (size_t row = 0; row < PEOPLE; row++) {
        const allostat_counted_days *want = &self->want[row];

        assert_int_equal(users->early_days_month[row], want->early);
        assert_int_equal(users->later_days_month[row], want->later);
        assert_int_equal(users->oat_days_month[row], want->on_oat);
        assert_int_equal(users->off_oat_days_month[row], want->off_oat);
        assert_int_equal(users->treatment_days_month[row], want->in_each);
        users->early_days_month[row] = users->later_days_month[row] = 0;
        users->oat_days_month[row] = users->off_oat_days_month[row] = 0;
        users->treatment_days_month[row] = 0;
        self->want[row] = (allostat_counted_days){0};
    }
}

static void months_counted_by_changes_are_those_counted_by_days(void **state)
{
    (void)state;
    static town self;

    tables_of_users(&self.residents, &self.users, PEOPLE);
    for (size_t row = 0; row < PEOPLE; row += 10) self.users.rx_only[row] = 1;
    for (allostat_month month = START; month < START + MONTHS; month++) {
        const allostat_day first = allostat_month_first_day(month);
        const allostat_day end = allostat_month_first_day(month + 1);

        for (allostat_day day = first; day < end; day++) {
            change_some(&self, day, allostat_days_before(day));
            count_day(&self, day);
            change_some(&self, day + 1, allostat_days_through(day));
        }
        allostat_days_close(&self.users, 0, PEOPLE, allostat_days_through(end - 1));
        check_and_clear(&self);
    }
    tables_free(&self.residents, &self.users);
}

static void days_since_a_release_are_1_to_365(void **state)
{
    (void)state;
    assert_int_equal(allostat_days_since(0, 100), 0);
    assert_int_equal(allostat_days_since(16000, 16000), 1);
    assert_int_equal(allostat_days_since(16000, 16364), 365);
    assert_int_equal(allostat_days_since(16000, 16365), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_counted_by_changes_are_those_counted_by_days),
        cmocka_unit_test(days_since_a_release_are_1_to_365),
    };
    return cmocka_run_group_tests_name("person days", tests, NULL, NULL);
}
