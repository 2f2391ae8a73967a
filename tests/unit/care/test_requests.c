#include "check.h"

#include "care/requests.h"

enum { REQUESTS = 1000 };

static void fill(allostat_requests *requests)
{
    allostat_error error = {0};

    assert_int_equal(allostat_requests_reserve(requests, REQUESTS, &error),
                     ALLOSTAT_OK);
    for (uint32_t i = 0; i < REQUESTS; i++) {
        const uint32_t rank = (i * 2654435761u) ^ (i << 7);
        allostat_requests_add(requests,
                              allostat_request_order((int32_t)(i % 17), rank % 64), i);
    }
}

static void sorted_requests_are_in_order_and_equals_as_they_came(void **state)
{
    allostat_requests requests = {0};

    (void)state;
    fill(&requests);
    allostat_requests_sort(&requests);
    for (size_t i = 1; i < REQUESTS; i++) {
        const allostat_request a = requests.request[i - 1], b = requests.request[i];
        assert_true(a.order < b.order || (a.order == b.order && a.row < b.row));
    }
    allostat_requests_free(&requests);
}

static void the_first_of_the_order_are_those_granted(void **state)
{
    allostat_requests granted = {0}, sorted = {0};
    const size_t places = 123;

    (void)state;
    fill(&granted);
    fill(&sorted);
    assert_int_equal(allostat_requests_grant(&granted, places), places);
    allostat_requests_sort(&sorted);
    for (size_t i = 0; i < REQUESTS; i++) {
        const allostat_request request = sorted.request[i];
        assert_int_equal(granted.request[request.row].granted, i < places);
    }
    allostat_requests_free(&granted);
    allostat_requests_free(&sorted);
}

static void nothing_is_sorted_out_of_no_requests(void **state)
{
    allostat_requests requests = {0};

    (void)state;
    allostat_requests_sort(&requests);
    assert_int_equal(requests.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_requests_are_in_order_and_equals_as_they_came),
        cmocka_unit_test(the_first_of_the_order_are_those_granted),
        cmocka_unit_test(nothing_is_sorted_out_of_no_requests),
    };
    return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
