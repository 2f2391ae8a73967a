/* A biography as a table and as a picture. */
#include "check.h"

#include "study/biography.h"

#include <string.h>

enum { DAYS = 4 };

/* Four days of somebody who gets a users' row on the third and dies on the fourth. */
static void make_life(allostat_biography *life, allostat_trace_day day[DAYS],
                      allostat_happening happening[2])
{
    *life = (allostat_biography){.person = 7,
                                 .met = true,
                                 .birth_month = 1980 * 12,
                                 .day_count = DAYS,
                                 .day = day,
                                 .happening_count = 2,
                                 .happening = happening};
    for (int32_t i = 0; i < DAYS; i++) {
        day[i].day = i;
        for (int c = 0; c < ALLOSTAT_TRACE_COUNT; c++) day[i].value[c] = 0.0f;
        if (i < 2) day[i].value[ALLOSTAT_TRACE_doses] = (float)NAN;
        if (i < 2) day[i].value[ALLOSTAT_TRACE_craving] = (float)NAN;
        if (i < 2) day[i].value[ALLOSTAT_TRACE_treatment] = (float)NAN;
    }
    happening[0] = (allostat_happening){2, ALLOSTAT_LIFE_EVENT_first_use};
    happening[1] = (allostat_happening){3, ALLOSTAT_LIFE_EVENT_death_overdose};
}

static int32_t count_of(const char *text, const char *part)
{
    int32_t count = 0;

    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void cells_are_empty_where_nothing_is_known(void **state)
{
    allostat_trace_day day[DAYS];
    allostat_happening happening[2];
    allostat_biography life;
    allostat_text text = {0};
    allostat_error error = {0};

    (void)state;
    make_life(&life, day, happening);
    assert_int_equal(allostat_biography_csv(&life, &text, &error), ALLOSTAT_OK);
    assert_int_equal(count_of(text.data, "\n"), DAYS + 1);
    assert_int_equal(count_of(text.data, "nan"), 0);
    assert_true(count_of(text.data, ",,") >= 2 * 3);
    assert_non_null(strstr(text.data, ",first use\n"));
    assert_non_null(strstr(text.data, ",death by overdose\n"));
    allostat_text_free(&text);
}

/* A bar is drawn as a vertical line up, "v-". */
static void bars_stand_only_on_days_with_doses(void **state)
{
    allostat_trace_day day[DAYS];
    allostat_happening happening[2];
    allostat_biography life;
    allostat_text text = {0};
    allostat_error error = {0};

    (void)state;
    make_life(&life, day, happening);
    assert_int_equal(allostat_biography_svg(&life, "Midtown", &text, &error),
                     ALLOSTAT_OK);
    assert_int_equal(count_of(text.data, "v-"), 0);
    allostat_text_free(&text);
    day[3].value[ALLOSTAT_TRACE_doses] = 2.0f;
    assert_int_equal(allostat_biography_svg(&life, "Midtown", &text, &error),
                     ALLOSTAT_OK);
    assert_int_equal(count_of(text.data, "v-"), 1);
    assert_int_equal(count_of(text.data, "nan"), 0);
    assert_non_null(strstr(text.data, "death by overdose, 1970-01-04"));
    allostat_text_free(&text);
}

static void every_column_has_a_unit_and_a_meaning(void **state)
{
    (void)state;
    for (int c = 0; c < ALLOSTAT_TRACE_COUNT; c++) {
        const allostat_trace_column_info info =
            allostat_trace_column_describe((allostat_trace_column)c);
        assert_true(strlen(info.name) > 0 && strlen(info.about) > 0);
        assert_non_null(info.unit);
    }
    assert_string_equal(allostat_trace_column_describe(ALLOSTAT_TRACE_oat_level).unit,
                        "ng/mL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_empty_where_nothing_is_known),
        cmocka_unit_test(bars_stand_only_on_days_with_doses),
        cmocka_unit_test(every_column_has_a_unit_and_a_meaning),
    };
    return cmocka_run_group_tests_name("biography", tests, NULL, NULL);
}
