#include "check.h"

#include "io/report/chart.h"

#include <string.h>

static void set_areas(allostat_labels *areas, int32_t count, const char *const *name)
{
    areas->count = count;
    for (int32_t i = 0; i < count; i++) {
        (void)snprintf(areas->label[i], sizeof areas->label[i], "%s", name[i]);
    }
}

static void check_no_two_tiles_in_one_place(const allostat_labels *areas)
{
    int32_t column[ALLOSTAT_AREAS_MAX], row[ALLOSTAT_AREAS_MAX];
    const int32_t columns = allostat_tile_places(areas, column, row);

    for (int32_t i = 0; i < areas->count; i++) {
        assert_in_range(column[i], 0, columns - 1);
        for (int32_t j = 0; j < i; j++) {
            assert_false(column[i] == column[j] && row[i] == row[j]);
        }
    }
}

static void areas_of_vancouver_lie_as_in_the_city(void **state)
{
    static const char *const names[] = {"Downtown Eastside", "City Centre", "Northeast",
                                        "Westside",          "Midtown",     "South"};
    int32_t column[ALLOSTAT_AREAS_MAX], row[ALLOSTAT_AREAS_MAX];
    allostat_labels areas = {0};

    (void)state;
    set_areas(&areas, 6, names);
    check_no_two_tiles_in_one_place(&areas);
    allostat_tile_places(&areas, column, row);
    assert_true(column[3] < column[4]); /* Westside is west of Midtown */
    assert_true(column[2] > column[0]); /* Northeast is east of the Downtown Eastside */
    for (int32_t i = 0; i < 5; i++) assert_true(row[5] > row[i]); /* South is south */
}

static void areas_of_another_city_have_a_tile_each(void **state)
{
    static const char *const names[] = {"South", "A", "B", "C", "D", "E", "F",
                                        "G",     "H", "I", "J", "K", "L", "M"};
    allostat_labels areas = {0};

    (void)state;
    for (int32_t count = 1; count <= 14; count++) {
        set_areas(&areas, count, names);
        check_no_two_tiles_in_one_place(&areas);
    }
}

static void a_line_breaks_where_nothing_is_known(void **state)
{
    allostat_pen pen = {0};
    const allostat_chart chart = {
        .pen = &pen, .x_high = 3.0, .y_high = 10.0, .x_unit = "x", .y_unit = "y"};
    const double x[] = {0.0, 1.0, 2.0, 3.0};
    const double y[] = {0.0, 10.0, (double)NAN, 5.0};
    const allostat_chart_run run = {4, x, y, NULL, NULL};

    (void)state;
    allostat_chart_line(&chart, (allostat_chart_key){"c1", "a", false}, &run);
    const char *path = strstr(pen.text.data, "class=\"l\" d=\"");
    assert_non_null(path);
    path = strchr(path, 'M');
    assert_non_null(path);
    assert_non_null(strchr(path + 1, 'M')); /* two pieces */
    assert_null(strstr(pen.text.data, "nan"));
    allostat_pen_free(&pen);
}

static void the_frame_holds_the_range_of_its_axes(void **state)
{
    const allostat_chart chart = {
        .x_low = 100.0, .x_high = 200.0, .y_low = -5.0, .y_high = 5.0};

    (void)state;
    assert_true(allostat_chart_x(&chart, 100.0) < allostat_chart_x(&chart, 200.0));
    assert_true(allostat_chart_x(&chart, 200.0) <= ALLOSTAT_CHART_WIDTH);
    assert_true(allostat_chart_y(&chart, 5.0) < allostat_chart_y(&chart, -5.0));
    assert_true(allostat_chart_y(&chart, -5.0) <= ALLOSTAT_CHART_HEIGHT);
}

static void bars_are_as_long_as_their_values(void **state)
{
    static const allostat_chart_key key = {"c1", "a", false};
    const double none = (double)NAN;
    const allostat_bar bar[] = {{"one", {10.0}, {none}, {none}},
                                {"two <&>", {5.0}, {4.0}, {6.0}},
                                {"unknown", {none}, {none}, {none}}};
    const allostat_bars bars = {1, &key, 3, bar, false, false};
    allostat_pen pen = {0};

    (void)state;
    assert_true(allostat_chart_bars(&pen, &bars) > 0);
    assert_non_null(strstr(pen.text.data, "d=\"M60 200H3000v130H60z\""));
    assert_non_null(strstr(pen.text.data, "H1530v130H60z\""));
    assert_non_null(strstr(pen.text.data, "two &lt;&amp;&gt;"));
    assert_null(strstr(pen.text.data, "nan"));
    allostat_pen_free(&pen);
}

static void a_band_of_few_replicates_is_their_range(void **state)
{
    double value[] = {3.0, (double)NAN, 1.0, 2.0, 10.0};
    const allostat_band band = allostat_band_of(value, 5);

    (void)state;
    check_close(band.mean, 4.0, 1e-12);
    check_close(band.low, 1.0, 0.0);
    check_close(band.high, 10.0, 0.0);
    check_close(band.low_half, 1.75, 1e-12);
    check_close(band.high_half, 4.75, 1e-12);
}

static void a_band_of_many_replicates_is_95_per_cent_of_them(void **state)
{
    double value[101];

    (void)state;
    for (int i = 0; i < 101; i++) value[i] = (double)((i * 37) % 101);
    const allostat_band band = allostat_band_of(value, 101);
    check_close(band.mean, 50.0, 1e-12);
    check_close(band.low, 2.5, 1e-9);
    check_close(band.high, 97.5, 1e-9);
    check_close(band.low_half, 25.0, 1e-9);
}

static void a_band_of_nothing_is_not_known(void **state)
{
    double value[] = {(double)NAN, (double)NAN};

    (void)state;
    assert_true(isnan(allostat_band_of(value, 2).mean));
    assert_true(isnan(allostat_band_of(value, 0).low));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_of_vancouver_lie_as_in_the_city),
        cmocka_unit_test(areas_of_another_city_have_a_tile_each),
        cmocka_unit_test(a_line_breaks_where_nothing_is_known),
        cmocka_unit_test(the_frame_holds_the_range_of_its_axes),
        cmocka_unit_test(bars_are_as_long_as_their_values),
        cmocka_unit_test(a_band_of_few_replicates_is_their_range),
        cmocka_unit_test(a_band_of_many_replicates_is_95_per_cent_of_them),
        cmocka_unit_test(a_band_of_nothing_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
