/* Biographies: whoever is watched lives as if nobody looked. */
#include "fixture.h"

#include "io/store.h"
#include "study/biography.h"
#include "study/ensemble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CHOSEN = 6 };

static void small_scenario(allostat_scenario *scenario)
{
    static const char *const sets[] = {"population.scale=0.02", "run.end=2015-12-31",
                                       "run.output_start=2012-01-01",
                                       "run.replicates=1"};

    fixture_scenario(scenario, sets, 4);
}

static void digest_of(const allostat_scenario *scenario,
                      const allostat_records *records, char digest[])
{
    char path[] = "/tmp/allostat-trace-XXXXXX";
    const allostat_results results = {scenario, NULL, records, 1};
    allostat_error error = {0};
    const int file = mkstemp(path);

    assert_true(file >= 0);
    close(file);
    assert_int_equal(allostat_store_write(path, true, &results, digest, &error),
                     ALLOSTAT_OK);
    unlink(path);
}

static int32_t lines_of(const char *text)
{
    int32_t lines = 0;

    for (const char *c = text; *c != '\0'; c++) lines += *c == '\n';
    return lines;
}

/* Without a gap, from entry to the end or to the person's own end. */
static void check_days(const allostat_scenario *scenario,
                       const allostat_biography *life)
{
    const allostat_day end = scenario->epochs[0].params.run_end;
    const allostat_day last = life->day[life->day_count - 1].day;
    allostat_text text = {0};
    allostat_error error = {0};

    assert_true(life->met && life->day_count > 0);
    assert_int_equal(last - life->day[0].day + 1, life->day_count);
    assert_true(life->gone || last == end);
    for (int32_t i = 1; i < life->happening_count; i++) {
        assert_true(life->happening[i].day >= life->happening[i - 1].day);
    }
    assert_int_equal(allostat_biography_csv(life, &text, &error), ALLOSTAT_OK);
    assert_int_equal(lines_of(text.data), life->day_count + 1);
    allostat_text_free(&text);
    assert_int_equal(allostat_biography_svg(life, "A < B & C", &text, &error),
                     ALLOSTAT_OK);
    assert_non_null(strstr(text.data, "A &lt; B &amp; C"));
    assert_null(strstr(text.data, "nan"));
    allostat_text_free(&text);
}

static void a_watched_run_leaves_the_same_file(void **state)
{
    allostat_scenario scenario = {0};
    allostat_records alone = {0}, watched = {0};
    allostat_biography life[CHOSEN] = {{0}};
    allostat_error error = {0};
    uint32_t person[CHOSEN];
    int32_t found = 0;
    char before[ALLOSTAT_DIGEST_SIZE], after[ALLOSTAT_DIGEST_SIZE];

    (void)state;
    small_scenario(&scenario);
    const allostat_replicate replicate = {&scenario, 0, 1, NULL};
    assert_int_equal(
        allostat_ensemble_run(&(allostat_ensemble){&scenario, 1, NULL, NULL, NULL},
                              &alone, &error),
        ALLOSTAT_OK);
    assert_int_equal(allostat_trace_choose(&replicate, CHOSEN, person, &found, &error),
                     ALLOSTAT_OK);
    assert_int_equal(found, CHOSEN);
    for (int i = 0; i < CHOSEN; i++) life[i].person = person[i];
    assert_int_equal(allostat_trace_run(&replicate, life, CHOSEN, &watched, &error),
                     ALLOSTAT_OK);
    digest_of(&scenario, &alone, before);
    digest_of(&scenario, &watched, after);
    assert_string_equal(before, after);
    for (int i = 0; i < CHOSEN; i++) {
        check_days(&scenario, &life[i]);
        assert_int_equal(life[i].style, (ALLOSTAT_STYLE_COUNT - 1 - i % 4));
        allostat_biography_free(&life[i]);
    }
    allostat_records_free(&alone);
    allostat_records_free(&watched);
    allostat_scenario_free(&scenario);
}

/* Everybody's overdoses and deaths together are those of the series. */
static void biographies_of_all_users_hold_the_overdoses_of_the_city(void **state)
{
    enum { PEOPLE = 12000 };
    allostat_scenario scenario = {0};
    allostat_records records = {0};
    allostat_biography *life = calloc(PEOPLE, sizeof *life);
    allostat_error error = {0};
    int64_t told = 0, counted = 0, dead_told = 0, dead = 0;
    static const char *const sets[] = {"population.scale=0.01", "run.end=2012-06-30",
                                       "run.output_start=2012-01-01",
                                       "run.replicates=1"};

    (void)state;
    assert_non_null(life);
    fixture_scenario(&scenario, sets, 4);
    const allostat_replicate replicate = {&scenario, 0, 1, NULL};
    for (uint32_t i = 0; i < PEOPLE; i++) life[i].person = i;
    assert_int_equal(allostat_trace_run(&replicate, life, PEOPLE, &records, &error),
                     ALLOSTAT_OK);
    for (int i = 0; i < PEOPLE; i++) {
        for (int32_t j = 0; j < life[i].happening_count; j++) {
            const allostat_life_event_kind kind = life[i].happening[j].kind;
            told += kind == ALLOSTAT_LIFE_EVENT_overdose ||
                    kind == ALLOSTAT_LIFE_EVENT_reversed;
            dead_told += kind == ALLOSTAT_LIFE_EVENT_death_overdose;
        }
        allostat_biography_free(&life[i]);
    }
    free(life);
    for (int32_t i = 0; i < records.month_count * allostat_records_cells(&records);
         i++) {
        counted += records.counted[ALLOSTAT_COUNTED_overdoses][i];
        dead += records.counted[ALLOSTAT_COUNTED_overdose_deaths][i];
    }
    assert_true(counted > 0);
    assert_int_equal(dead_told, dead);
    assert_int_equal(told, counted - dead);
    allostat_records_free(&records);
    allostat_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_watched_run_leaves_the_same_file),
        cmocka_unit_test(biographies_of_all_users_hold_the_overdoses_of_the_city),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
