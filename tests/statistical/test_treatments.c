/* What morphine, injectable treatment, naltrexone and safer supply do to a tenth of the
 * city whose people meet the same draws, and that they do nothing without places. */
#include "fixture.h"

#include "engine/span.h"
#include "engine/month.h"
#include "study/ensemble.h"

#include "unit/check.h"

#include <string.h>

enum { REPLICATES = 2, SETS_MAX = 12, MONTHS_SETTLING = 24 };

static const char *const base[] = {
    "population.scale=0.1",      "run.start=2013-01-01", "run.output_start=2013-01-01",
    "run.end=2016-12-31",        "run.replicates=2",     "supply.fentanyl_share=0.5",
    "supply.potency_deviation=0"};
enum { BASE = sizeof base / sizeof base[0] };

typedef struct {
    allostat_scenario scenario;
    allostat_records records[REPLICATES];
} study;

/* The base with changes up to NULL. */
static void run(study *self, const char *const *change)
{
    const char *sets[SETS_MAX];
    allostat_error error = {0};
    int32_t count = 0;

    for (; count < BASE; count++) sets[count] = base[count];
    for (; *change != NULL; change++) sets[count++] = *change;
    memset(self, 0, sizeof *self);
    fixture_scenario(&self->scenario, sets, count);
    if (allostat_ensemble_run(
            &(allostat_ensemble){&self->scenario, 0, NULL, NULL, NULL}, self->records,
            &error) != ALLOSTAT_OK)
        fail_msg("%s", error.message);
}

#define RUN(self, ...) run(self, (const char *const[]){__VA_ARGS__, NULL})

static void study_free(study *self)
{
    for (int32_t r = 0; r < REPLICATES; r++) allostat_records_free(&self->records[r]);
    allostat_scenario_free(&self->scenario);
}

/* The city without the further treatments, run once. */
static const study *without(void)
{
    static study self;
    static bool done;

    if (!done) run(&self, (const char *const[]){NULL});
    done = true;
    return &self;
}

static double of_month(const allostat_records *records, allostat_counted series,
                       int32_t month)
{
    const int32_t cells = allostat_records_cells(records);
    double total = 0.0;

    for (int32_t c = 0; c < cells; c++)
        total += records->counted[series][month * cells + c];
    return total;
}

/* Over all replicates and the months after the first two years. */
static double total(const study *self, allostat_counted series)
{
    double sum = 0.0;

    for (int32_t r = 0; r < REPLICATES; r++) {
        for (int32_t m = MONTHS_SETTLING; m < self->records[r].month_count; m++)
            sum += of_month(&self->records[r], series, m);
    }
    return sum;
}

static double city_total(const study *self, allostat_city_series series)
{
    double sum = 0.0;

    for (int32_t r = 0; r < REPLICATES; r++) {
        for (int32_t m = MONTHS_SETTLING; m < self->records[r].month_count; m++)
            sum += self->records[r].city[series][m];
    }
    return sum;
}

#define TOTAL(self, name) total(self, ALLOSTAT_COUNTED_##name)
#define CITY_TOTAL(self, name) city_total(self, ALLOSTAT_CITY_##name)

static void tell(const char *what, const study *self)
{
    const study *none = without();

    print_message("%s: overdoses %.0f against %.0f, deaths %.0f against %.0f, doses "
                  "%.0f against %.0f thousand\n",
                  what, TOTAL(self, overdoses), TOTAL(none, overdoses),
                  TOTAL(self, overdose_deaths), TOTAL(none, overdose_deaths),
                  TOTAL(self, doses) / 1e3, TOTAL(none, doses) / 1e3);
}

/* In no month more people than places, and people who wait come out. */
static void check_places(const study *self, allostat_counted people, double places)
{
    double most = 0.0;

    for (int32_t r = 0; r < REPLICATES; r++) {
        for (int32_t m = 0; m < self->records[r].month_count; m++) {
            const double now = of_month(&self->records[r], people, m);
            most = now > most ? now : most;
        }
    }
    assert_true(most <= places);
    assert_true(most > 0.9 * places);
}

static void without_places_their_other_settings_change_nothing(void **state)
{
    (void)state;
    static study self;
    const study *none = without();

    RUN(&self, "ioat.request_rate=1", "naltrexone.request_rate=0",
        "detox.to_naltrexone=1", "safer_supply.request_rate=1",
        "safer_supply.replaced_share=1");
    for (int32_t r = 0; r < REPLICATES; r++) {
        const allostat_records *a = &none->records[r], *b = &self.records[r];
        const size_t cells = (size_t)allostat_records_cells(a) * (size_t)a->month_count;
        for (int32_t s = 0; s < ALLOSTAT_COUNTED_COUNT; s++)
            assert_memory_equal(a->counted[s], b->counted[s],
                                cells * sizeof *a->counted[s]);
        for (int32_t s = 0; s < ALLOSTAT_AVERAGED_COUNT; s++)
            assert_memory_equal(a->mean[s], b->mean[s],
                                (size_t)a->month_count * sizeof *a->mean[s]);
    }
    study_free(&self);
}

static void buprenorphine_is_stopped_sooner_than_methadone(void **state)
{
    (void)state;
    const study *none = without();
    const double bup =
        CITY_TOTAL(none, buprenorphine_stops) / TOTAL(none, days_in_buprenorphine);
    const double methadone =
        CITY_TOTAL(none, methadone_stops) / TOTAL(none, days_in_methadone);

    print_message("stops a person-year: methadone %.2f, buprenorphine %.2f\n",
                  365.25 * methadone, 365.25 * bup);
    assert_true(bup > 1.2 * methadone);
}

/* A hundred and fifty places, filled from those in other treatment and those who use.
 */
static void injectable_treatment_keeps_people_and_lowers_use(void **state)
{
    (void)state;
    static study self;
    const study *none = without();

    RUN(&self, "ioat.places=1500", "ioat.request_rate=0.3");
    tell("injectable treatment", &self);
    const double ioat = CITY_TOTAL(&self, ioat_stops) / TOTAL(&self, days_in_ioat);
    const double methadone =
        CITY_TOTAL(&self, methadone_stops) / TOTAL(&self, days_in_methadone);
    print_message("stops a person-year: methadone %.2f, injectable %.2f\n",
                  365.25 * methadone, 365.25 * ioat);
    check_places(&self, ALLOSTAT_COUNTED_people_in_ioat, 150.0);
    assert_true(TOTAL(&self, ioat_waiting) > 0.0);
    assert_true(ioat < 0.4 * methadone);
    assert_true(TOTAL(&self, doses) < 0.98 * TOTAL(none, doses));
    assert_true(TOTAL(&self, overdoses) < TOTAL(none, overdoses));
    assert_true(TOTAL(&self, oat_clients) > TOTAL(none, oat_clients));
    study_free(&self);
}

/* Hazard ratio to methadone 1.1 [hr_srom]; the stops of some 200 person-years. */
static void morphine_takes_the_place_of_methadone(void **state)
{
    (void)state;
    static study self;
    const study *none = without();

    RUN(&self, "oat.srom_share=0.34");
    tell("morphine", &self);
    const double srom = CITY_TOTAL(&self, srom_stops) / TOTAL(&self, days_in_srom);
    const double methadone =
        CITY_TOTAL(&self, methadone_stops) / TOTAL(&self, days_in_methadone);
    print_message("stops a person-year: methadone %.2f, morphine %.2f\n",
                  365.25 * methadone, 365.25 * srom);
    assert_true(srom > 0.9 * methadone && srom < 1.5 * methadone);
    assert_true(TOTAL(&self, people_in_methadone) <
                0.7 * TOTAL(none, people_in_methadone));
    check_relative(TOTAL(&self, oat_clients), TOTAL(none, oat_clients), 0.03);
    check_relative(TOTAL(&self, overdoses), TOTAL(none, overdoses), 0.05);
    study_free(&self);
}

static void half_as_many_places_again_shorten_the_wait_and_lower_overdoses(void **state)
{
    (void)state;
    static study self;
    const study *none = without();

    RUN(&self, "oat.places_ratio=1.5");
    tell("half as many places again", &self);
    assert_true(TOTAL(none, oat_waiting) > 0.0);
    assert_true(TOTAL(&self, oat_waiting) < 0.8 * TOTAL(none, oat_waiting));
    check_relative(TOTAL(&self, oat_clients), 1.5 * TOTAL(none, oat_clients), 0.05);
    assert_true(TOTAL(&self, overdoses) < 0.97 * TOTAL(none, overdoses));
    study_free(&self);
}

/* The same people hold the same places in both; in one it replaces nothing. What the
 * rate of overdose does is to be near the share replaced, and is not put in: tolerance,
 * craving and belief answer too. */
static void safer_supply_lowers_overdoses_of_those_who_have_it(void **state)
{
    (void)state;
    static study with, idle;
    const study *none = without();

    RUN(&with, "safer_supply.places=3000", "safer_supply.replaced_share=0.5");
    RUN(&idle, "safer_supply.places=3000", "safer_supply.replaced_share=0");
    tell("safer supply", &with);
    const double rate = TOTAL(&with, overdose_deaths_on_safer_supply) /
                        TOTAL(&with, days_in_safer_supply);
    const double before = TOTAL(&idle, overdose_deaths_on_safer_supply) /
                          TOTAL(&idle, days_in_safer_supply);
    print_message(
        "deaths a 1000 person-years with safer supply: %.1f, with places that "
        "replace nothing %.1f\n",
        365250.0 * rate, 365250.0 * before);
    check_places(&with, ALLOSTAT_COUNTED_people_in_safer_supply, 300.0);
    assert_true(TOTAL(&with, safer_supply_waiting) > 0.0);
    assert_true(CITY_TOTAL(&with, safer_supply_starts) > 300.0);
    assert_true(TOTAL(&with, safer_supply_doses) > 0.0);
    check_relative(TOTAL(&idle, doses), TOTAL(none, doses), 0.0);
    check_relative(TOTAL(&idle, safer_supply_doses), 0.0, 0.0);
    assert_true(TOTAL(&with, doses) < 0.97 * TOTAL(none, doses));
    assert_true(TOTAL(&with, overdoses) < 0.97 * TOTAL(none, overdoses));
    assert_true(rate < 0.8 * before);
    study_free(&with);
    study_free(&idle);
}

/* ---- naltrexone: during and after ---- */

typedef enum { ON_NALTREXONE, AFTER_NALTREXONE, AFTER_AGONIST, STATES } treated_state;

enum { AFTER_FROM = 15, AFTER_TO = 56 }; /* days after the end, most blockade gone */

typedef struct {
    double days[STATES], doses[STATES], overdoses[STATES];
    double overrated[STATES]; /* believed less true tolerance, by doses */
} treated;

static treated_state state_of(const allostat_users *users, size_t row, allostat_day day)
{
    const allostat_day ended = users->treatment_end[row];
    const bool lately = !users->treatment[row] && ended != 0 &&
                        day - ended >= AFTER_FROM && day - ended <= AFTER_TO;

    if (users->institution[row]) return STATES;
    if (users->treatment[row] == ALLOSTAT_TREATMENT_naltrexone) return ON_NALTREXONE;
    if (!lately) return STATES;
    return allostat_is_agonist(users->treatment_last[row]) ? AFTER_AGONIST
                                                           : AFTER_NALTREXONE;
}

/* A person who died today is no longer present; treatment says so no more. */
static void observe(const allostat_city *city, allostat_day day, treated *seen)
{
    const allostat_users *users = &city->users;
    size_t count;
    const uint32_t *overdosed = fixture_overdosed(city, &count);

    for (size_t row = 0; row < users->row_count; row++) {
        const treated_state at = state_of(users, row, day);

        if (at == STATES || !users->present[row]) continue;
        seen->days[at] += 1.0;
        seen->doses[at] += (double)users->doses[row];
        seen->overrated[at] +=
            (double)(users->doses[row] *
                     (users->believed_tolerance[row] - users->tolerance[row]));
    }
    for (size_t k = 0; k < count; k++) {
        const treated_state at = state_of(users, overdosed[k], day);

        if (at != STATES) seen->overdoses[at] += 1.0;
    }
}

static void follow(treated *seen)
{
    const char *const sets[] = {
        "population.scale=0.7",        "run.start=2015-01-01",
        "run.output_start=2015-01-01", "run.end=2017-12-31",
        "supply.fentanyl_share=0.5",   "supply.potency_deviation=0",
        "naltrexone.places=100000",    "naltrexone.request_rate=0",
        "detox.to_naltrexone=1"};
    allostat_scenario scenario = {0};
    allostat_city city = {0};
    allostat_error error = {0};
    allostat_records unused = {0};

    fixture_scenario(&scenario, sets, sizeof sets / sizeof sets[0]);
    assert_int_equal(allostat_city_init(&city, &scenario, 0, 1, &error), ALLOSTAT_OK);
    const allostat_month start =
        allostat_month_of_day(scenario.epochs[0].params.run_start);
    for (allostat_month month = start; month < start + 36; month++) {
        const allostat_day first = allostat_month_first_day(month);
        assert_int_equal(allostat_month_begin(&city, month, &error), ALLOSTAT_OK);
        for (int32_t d = 0; d < allostat_month_day_count(month); d++) {
            assert_int_equal(allostat_days_run(&city, first + d, first + d + 1, &error),
                             ALLOSTAT_OK);
            observe(&city, first + d, seen);
        }
        assert_int_equal(allostat_month_end(&city, &unused, &error), ALLOSTAT_OK);
    }
    allostat_city_free(&city);
    allostat_scenario_free(&scenario);
}

/* Nothing is put in: on naltrexone tolerance goes and the blockade protects; when the
 * blockade has gone, doses meet a body that has not used, and people think it has. Who
 * stopped an agonist used beside it or soon after, and knows. */
static void after_naltrexone_doses_are_more_dangerous_than_on_it(void **state)
{
    static const char *const name[STATES] = {"on naltrexone", "after naltrexone",
                                             "after an agonist"};
    static treated seen;
    double a_dose[STATES], a_day[STATES], overrated[STATES];

    (void)state;
    follow(&seen);
    for (int at = 0; at < STATES; at++) {
        a_dose[at] = seen.overdoses[at] / seen.doses[at];
        a_day[at] = seen.overdoses[at] / seen.days[at];
        overrated[at] = seen.overrated[at] / seen.doses[at];
        print_message(
            "%s: %.0f person-days, %.2f doses a day, tolerance overrated by "
            "%.3f, %.0f overdoses, %.2f in 10,000 doses, %.3f a person-year\n",
            name[at], seen.days[at], seen.doses[at] / seen.days[at], overrated[at],
            seen.overdoses[at], 1e4 * a_dose[at], 365.25 * a_day[at]);
    }
    assert_true(a_dose[AFTER_NALTREXONE] > 2.0 * a_dose[ON_NALTREXONE]);
    assert_true(a_day[AFTER_NALTREXONE] > 4.0 * a_day[ON_NALTREXONE]);
    assert_true(overrated[AFTER_NALTREXONE] > overrated[AFTER_AGONIST] + 0.05);
}

/* Whoever leaves detox is offered it: fewer doses; few people, so deaths hardly show.
 */
static void naltrexone_lowers_use_of_those_who_leave_detox(void **state)
{
    (void)state;
    static study self;
    const study *none = without();

    RUN(&self, "naltrexone.places=10000", "naltrexone.request_rate=0.1",
        "detox.to_naltrexone=1");
    tell("naltrexone", &self);
    assert_true(TOTAL(&self, people_in_naltrexone) > 0.0);
    assert_true(TOTAL(&self, doses) < TOTAL(none, doses));
    assert_true(TOTAL(&self, overdoses) < TOTAL(none, overdoses));
    study_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_places_their_other_settings_change_nothing),
        cmocka_unit_test(buprenorphine_is_stopped_sooner_than_methadone),
        cmocka_unit_test(injectable_treatment_keeps_people_and_lowers_use),
        cmocka_unit_test(morphine_takes_the_place_of_methadone),
        cmocka_unit_test(
            half_as_many_places_again_shorten_the_wait_and_lower_overdoses),
        cmocka_unit_test(safer_supply_lowers_overdoses_of_those_who_have_it),
        cmocka_unit_test(after_naltrexone_doses_are_more_dangerous_than_on_it),
        cmocka_unit_test(naltrexone_lowers_use_of_those_who_leave_detox),
    };
    return cmocka_run_group_tests_name("treatments", tests, NULL, NULL);
}
