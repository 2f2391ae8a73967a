#include "check.h"

#include "care/requests.h"

#include <stdlib.h>

static uint32_t hash(uint32_t x)
{
    x ^= x >> 16, x *= 0x7feb352du, x ^= x >> 15, x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

static int by_order_then_row(const void *a, const void *b)
{
    const allostat_request *x = a, *y = b;

    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Fill with `count` requests whose orders take `distinct` values, spread over all
 * bytes. */
static void fill(allostat_requests *requests, uint32_t count, uint32_t distinct)
{
    allostat_error error = {0};

    assert_int_equal(allostat_requests_reserve(requests, count, &error), ALLOSTAT_OK);
    for (uint32_t row = 0; row < count; row++) {
        const uint32_t value = hash(row + 1) % distinct;
        allostat_requests_add(requests, ((uint64_t)hash(value + 7) << 32) | hash(value),
                              row);
    }
}

static void the_smallest_orders_are_granted_and_ties_in_their_order(void **state)
{
    (void)state;
    static const uint32_t distinct[] = {1, 2, 10, 1000000};
    enum { COUNT = 777 };
    allostat_requests requests = {0};
    static allostat_request sorted[COUNT];

    for (size_t d = 0; d < 4; d++) {
        for (size_t places = 0; places <= COUNT + 5; places += 7) {
            const size_t most = places < COUNT ? places : COUNT;

            fill(&requests, COUNT, distinct[d]);
            for (size_t i = 0; i < COUNT; i++) sorted[i] = requests.request[i];
            qsort(sorted, COUNT, sizeof sorted[0], by_order_then_row);
            assert_int_equal(allostat_requests_grant(&requests, places), most);
            for (size_t i = 0; i < COUNT; i++) {
                assert_int_equal(requests.request[sorted[i].row].granted, i < most);
            }
        }
    }
    allostat_requests_free(&requests);
}

static void nobody_who_asks_means_nothing_is_granted(void **state)
{
    (void)state;
    allostat_requests requests = {0};
    allostat_error error = {0};

    assert_int_equal(allostat_requests_reserve(&requests, 0, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_requests_grant(&requests, 5), 0);
    allostat_requests_free(&requests);
}

static void longer_waits_come_first_whatever_the_draw(void **state)
{
    (void)state;
    assert_true(allostat_request_order(15000, UINT32_MAX) <
                allostat_request_order(15001, 0));
    assert_true(allostat_request_order(15000, 3) < allostat_request_order(15000, 4));
}

static void reserving_again_begins_an_empty_list(void **state)
{
    (void)state;
    allostat_requests requests = {0};
    allostat_error error = {0};

    fill(&requests, 10, 5);
    const allostat_request *before = requests.request;
    assert_int_equal(allostat_requests_reserve(&requests, 8, &error), ALLOSTAT_OK);
    assert_int_equal(requests.count, 0);
    assert_ptr_equal(requests.request, before);
    allostat_requests_free(&requests);
    assert_null(requests.request);
    allostat_requests_free(&requests);
}

enum { REQUESTS = 1000 };

static void fill_for_sorting(allostat_requests *requests)
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
    fill_for_sorting(&requests);
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
    fill_for_sorting(&granted);
    fill_for_sorting(&sorted);
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

/* Blocks from the last to the first: what threads may do. */
static void run_backwards(const allostat_share *share, allostat_share_cut cut,
                          allostat_share_work work, void *context)
{
    (void)share;
    for (size_t block = allostat_share_block_count(cut); block-- > 0;)
        allostat_share_do_block(cut, block, work, context);
}

/* Every third row asks; the sum is of the numbers of all rows. */
static int32_t ask_third(void *context, allostat_requests *list, size_t first,
                         size_t count)
{
    int32_t sum = 0;

    (void)context;
    for (size_t row = first; row < first + count; row++) {
        sum += (int32_t)row;
        if (row % 3 == 0) allostat_requests_add(list, 7, (uint32_t)row);
    }
    return sum;
}

static void collected_requests_stand_in_row_order_whoever_shares_them_out(void **state)
{
    enum { ROWS = 5000 };
    const allostat_share shares[] = {{.run = NULL},
                                     {.thread_count = 1, .run = run_backwards},
                                     {.thread_count = 3, .run = run_backwards}};
    allostat_requests requests = {0};
    allostat_error error = {0};

    (void)state;
    assert_int_equal(allostat_requests_reserve(&requests, ROWS, &error), ALLOSTAT_OK);
    for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s++) {
        const allostat_users users = {.row_count = ROWS, .share = shares[s]};

        assert_int_equal(allostat_requests_collect(&requests, &users, ask_third, NULL),
                         ROWS * (ROWS - 1) / 2);
        assert_int_equal(requests.count, (ROWS + 2) / 3);
        for (uint32_t i = 0; i < requests.count; i++)
            assert_int_equal(requests.request[i].row, 3 * i);
    }
    allostat_requests_free(&requests);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_requests_are_in_order_and_equals_as_they_came),
        cmocka_unit_test(collected_requests_stand_in_row_order_whoever_shares_them_out),
        cmocka_unit_test(the_first_of_the_order_are_those_granted),
        cmocka_unit_test(nothing_is_sorted_out_of_no_requests),
        cmocka_unit_test(the_smallest_orders_are_granted_and_ties_in_their_order),
        cmocka_unit_test(nobody_who_asks_means_nothing_is_granted),
        cmocka_unit_test(longer_waits_come_first_whatever_the_draw),
        cmocka_unit_test(reserving_again_begins_an_empty_list),
    };
    return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
