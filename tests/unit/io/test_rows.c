#include "check.h"

#include "fixture.h"
#include "io/rows.h"

#include <string.h>

static void every_row_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        const allostat_row row = allostat_row_at(i);
        assert_true(strlen(row.name) > 0 && strlen(row.about) > 0);
        for (int32_t j = 0; j < i; j++) {
            const allostat_row other = allostat_row_at(j);
            assert_string_not_equal(row.name, other.name);
        }
    }
}

static void an_averaged_series_gives_a_mean_and_its_quantiles(void **state)
{
    const fixture *self = *state;
    int means = 0, quantiles = 0;

    for (int32_t i = 0; i < ALLOSTAT_ROW_COUNT; i++) {
        const allostat_row row = allostat_row_at(i);
        if (row.whole) continue;
        const double *values = allostat_row_values(&row, &self->replicate[0]);
        if (row.quantiles) {
            assert_ptr_equal(values, self->replicate[0].quantile[quantiles++]);
            assert_memory_equal(row.name, "quantiles_", strlen("quantiles_"));
            assert_int_equal(row.axis[row.rank - 1], ALLOSTAT_OUTPUT_quantile);
        } else {
            assert_ptr_equal(values, self->replicate[0].mean[means++]);
            assert_memory_equal(row.name, "mean_", strlen("mean_"));
            assert_int_equal(row.rank, 2);
        }
    }
    assert_int_equal(means, ALLOSTAT_AVERAGED_COUNT);
    assert_int_equal(quantiles, ALLOSTAT_AVERAGED_COUNT);
}

static void bytes_of_a_counted_row_are_its_cells_over_the_months(void **state)
{
    const fixture *self = *state;
    const allostat_records *records = &self->replicate[0];
    const allostat_row row = allostat_row_at(0);

    assert_int_equal(row.info->shape, ALLOSTAT_SHAPE_counted);
    assert_int_equal(row.rank, 5);
    assert_int_equal(allostat_row_bytes(&row, records),
                     sizeof(int32_t) * 15 * (size_t)allostat_records_cells(records));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_name_of_its_own),
        cmocka_unit_test_setup_teardown(
            an_averaged_series_gives_a_mean_and_its_quantiles, fixture_setup,
            fixture_teardown),
        cmocka_unit_test_setup_teardown(
            bytes_of_a_counted_row_are_its_cells_over_the_months, fixture_setup,
            fixture_teardown),
    };
    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
