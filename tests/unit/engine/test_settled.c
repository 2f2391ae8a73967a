/* Overdoses that blocks have settled are counted by day and person. */
#include "check.h"

#include "engine/settled.h"

static allostat_settled_list begin(size_t rows)
{
    allostat_settled_list self = {0};
    allostat_error error = {0};

    assert_int_equal(allostat_settled_begin(&self, rows, &error), ALLOSTAT_OK);
    return self;
}

static void add(allostat_settled_list *self, allostat_share_bunch *places, int32_t day,
                uint32_t person)
{
    allostat_settled *next = allostat_settled_next(self, places);

    assert_non_null(next);
    *next = (allostat_settled){.day = day, .person = person};
}

/* Two blocks take places in turn; neither fills all it has taken. */
static void they_stand_in_order_of_day_and_person(void **state)
{
    allostat_settled_list self = begin(100);
    allostat_share_bunch one = {0}, other = {0};
    const uint32_t person[] = {5, 9, 2, 7, 8};

    (void)state;
    add(&self, &one, 3, 8);
    add(&self, &other, 0, 9);
    add(&self, &one, 2, 7);
    add(&self, &other, 2, 2);
    add(&self, &one, 0, 5);
    allostat_settled_sort(&self);
    assert_int_equal(self.from[0], 0);
    assert_int_equal(self.from[1], 2);
    assert_int_equal(self.from[2], 2);
    assert_int_equal(self.from[3], 4);
    assert_int_equal(self.from[4], 5);
    assert_int_equal(self.from[ALLOSTAT_SPAN_DAYS_MAX], 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(self.record[self.order[i]].person, person[i]);
    allostat_settled_free(&self);
}

static void where_no_place_is_left_none_is_given(void **state)
{
    allostat_settled_list self = begin(20);
    allostat_share_bunch places = {0};
    const size_t most =
        self.capacity / ALLOSTAT_EVENINGS_IN_BUNCH * ALLOSTAT_EVENINGS_IN_BUNCH;

    (void)state;
    for (size_t i = 0; i < most; i++) add(&self, &places, 0, (uint32_t)i);
    assert_null(allostat_settled_next(&self, &places));
    assert_null(allostat_settled_next(&self, &places));
    allostat_settled_sort(&self);
    assert_int_equal(self.from[1], most);
    allostat_settled_free(&self);
}

static void a_span_begins_with_nothing(void **state)
{
    allostat_settled_list self = begin(20);
    allostat_share_bunch places = {0};
    allostat_error error = {0};

    (void)state;
    add(&self, &places, 4, 1);
    assert_int_equal(allostat_settled_begin(&self, 200, &error), ALLOSTAT_OK);
    assert_true(self.capacity >= 200);
    allostat_settled_sort(&self);
    assert_int_equal(self.from[ALLOSTAT_SPAN_DAYS_MAX], 0);
    assert_int_equal(allostat_settled_bytes(&self), 0);
    allostat_settled_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_stand_in_order_of_day_and_person),
        cmocka_unit_test(where_no_place_is_left_none_is_given),
        cmocka_unit_test(a_span_begins_with_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
