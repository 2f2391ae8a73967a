#include "fixture.h"

#include "engine/day.h"
#include "engine/month.h"
#include "engine/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void fixture_scenario(allostat_scenario *scenario, const char *const *sets,
                      int32_t count)
{
    allostat_mistakes mistakes = {0};
    allostat_error error = {0};
    const allostat_status status = allostat_scenario_load(
        scenario, "configs/vancouver.yaml", sets, count, &mistakes, &error);

    if (status != ALLOSTAT_OK) {
        fail_msg("%s\n%s", error.message, mistakes.text != NULL ? mistakes.text : "");
    }
    allostat_mistakes_free(&mistakes);
}

void fixture_run_months(allostat_city *city, allostat_month first, int32_t months,
                        allostat_records *records)
{
    allostat_error error = {0};
    allostat_records unused = {0};

    for (allostat_month month = first; month < first + months; month++) {
        const allostat_day day = allostat_month_first_day(month);

        assert_int_equal(allostat_month_begin(city, month, &error), ALLOSTAT_OK);
        for (int32_t d = 0; d < allostat_month_day_count(month); d++) {
            assert_int_equal(allostat_days_run(city, day + d, day + d + 1, &error),
                             ALLOSTAT_OK);
            assert_int_equal(allostat_city_verify(city, &error), ALLOSTAT_OK);
        }
        assert_int_equal(
            allostat_month_end(city, records != NULL ? records : &unused, &error),
            ALLOSTAT_OK);
    }
}

/* Each block has counted its rows at its first row; then those of all blocks were put
 * in order at the front. */
const uint32_t *fixture_overdosed(const allostat_city *city, size_t *count)
{
    const allostat_row_list *list = &city->overdoses;

    assert_false(allostat_is_shared(city->share));
    *count = 0;
    for (size_t first = 0; first < city->users.street_count;
         first += ALLOSTAT_DAY_ROWS_MAX)
        *count += list->count[first];
    return list->row;
}
