/* Where users stand in their table changes nothing: the same people, the same months.
 * With turns of several months residents are put in order behind their users each
 * January, and whose turn it is depends on it: so everybody lives by the month here. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MONTHS = 6, SHUFFLES = 3 };

static void swap_bytes(void *a, void *b, size_t size)
{
    unsigned char *x = a, *y = b;

    for (size_t i = 0; i < size; i++) {
        const unsigned char kept = x[i];
        x[i] = y[i];
        y[i] = kept;
    }
}

static void swap_rows(allostat_users *users, allostat_residents *residents, size_t a,
                      size_t b)
{
    if (a == b) return;
#define COLUMN(name, type, unit, about) \
    swap_bytes(&users->name[a], &users->name[b], sizeof(type));
#include "tables/users.def"
#undef COLUMN
    residents->user_row[users->person[a]] = (int32_t)a;
    residents->user_row[users->person[b]] = (int32_t)b;
}

/* Fisher-Yates with a small generator of its own: which order does not matter. */
static void shuffle(allostat_city *city, uint64_t seed)
{
    uint64_t x = seed;

    for (size_t left = city->users.row_count; left > 1; left--) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        swap_rows(&city->users, &city->residents, left - 1, (size_t)(x >> 33) % left);
    }
}

static void run(allostat_records *records, bool shuffled)
{
    static const char *const sets[] = {
        "population.scale=0.1",          "run.start=2016-10-01",
        "run.output_start=2016-10-01",   "run.end=2017-03-31",
        "overdose.threshold_log=1.5",    "ties.using_mean=3.0",
        "naloxone.handed_out_share=1.0", "population.resident_step=1"};
    allostat_scenario scenario = {0};
    allostat_city city = {0};
    allostat_error error = {0};

    fixture_scenario(&scenario, sets, 8);
    const allostat_month first =
        allostat_month_of_day(scenario.epochs[0].params.run_start);
    assert_int_equal(allostat_city_init(&city, &scenario, 0, 1, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_records_init(records, &scenario, &error), ALLOSTAT_OK);
    for (int32_t m = 0; m < MONTHS; m++) {
        if (shuffled && m < SHUFFLES) shuffle(&city, 11u + (uint64_t)m);
        fixture_run_months(&city, first + m, 1, records);
    }
    allostat_city_free(&city);
    allostat_scenario_free(&scenario);
}

static int compare(const char *name, const void *a, const void *b, size_t size)
{
    if (memcmp(a, b, size) == 0) return 0;
    print_message("%s differs\n", name);
    return 1;
}

static int differences(const allostat_records *a, const allostat_records *b)
{
    const size_t months = (size_t)a->month_count, years = (size_t)a->year_count;
    int found = 0;

    for (int32_t i = 0; i < ALLOSTAT_OUTPUT_SERIES_COUNT; i++) {
        const allostat_series_info *info = &allostat_series_table[i];
        const int32_t s = info->index;

#define SAME(array, rows) \
    found += compare(info->name, a->array[s], b->array[s], (rows) * sizeof *a->array[s])
        switch (info->shape) {
        case ALLOSTAT_SHAPE_counted:
            SAME(counted, months * (size_t)allostat_records_cells(a));
            break;
        case ALLOSTAT_SHAPE_placed:
            SAME(placed, months * ALLOSTAT_PLACE_COUNT);
            break;
        case ALLOSTAT_SHAPE_city:
            SAME(city, months);
            break;
        case ALLOSTAT_SHAPE_averaged:
            SAME(mean, months);
            SAME(quantile, months * ALLOSTAT_QUANTILE_COUNT);
            break;
        case ALLOSTAT_SHAPE_yearly:
            SAME(yearly, years);
            break;
        case ALLOSTAT_SHAPE_grouped:
            SAME(grouped, months * ALLOSTAT_GROUP_COUNT);
            break;
        }
#undef SAME
    }
    if (a->death_count != b->death_count) {
        print_message("the log of deaths differs in length\n");
        return found + 1;
    }
    for (int64_t i = 0; i < a->death_count; i++) {
        for (int32_t f = 0; f < ALLOSTAT_DEATH_FACT_COUNT; f++)
            found += allostat_death_fact(&a->death[i], f) !=
                     allostat_death_fact(&b->death[i], f);
    }
    return found;
}

static void the_order_of_users_in_memory_changes_no_result(void **state)
{
    allostat_records in_order = {0}, shuffled = {0};
    int64_t deaths = 0;

    (void)state;
    run(&in_order, false);
    run(&shuffled, true);
    for (int32_t i = 0; i < MONTHS * allostat_records_cells(&in_order); i++)
        deaths += in_order.counted[ALLOSTAT_COUNTED_overdose_deaths][i];
    assert_true(deaths > 0);
    assert_int_equal(differences(&in_order, &shuffled), 0);
    allostat_records_free(&in_order);
    allostat_records_free(&shuffled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_users_in_memory_changes_no_result),
    };
    return cmocka_run_group_tests_name("order in memory", tests, NULL, NULL);
}
