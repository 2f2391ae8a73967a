/* What each lever of the programmes does to a twentieth of the city in 18 months,
 * person by person the same. */
#include "fixture.h"

#include "study/ensemble.h"

#include "unit/check.h"

#include <string.h>

typedef struct {
    allostat_scenario scenario;
    allostat_records records;
} town;

/* A series of the whole city: counted by cells, or as one number a month. */
typedef struct {
    bool counted;
    int index;
} series;

#define COUNTED(name)                 \
    {                                 \
        true, ALLOSTAT_COUNTED_##name \
    }
#define CITY(name)                  \
    {                               \
        false, ALLOSTAT_CITY_##name \
    }

enum { SETS_MAX = 3 };

/* One row a lever at a strong dose: what shows the dose, what must rise (+1) or fall
 * (-1), what must be as in the base in the first month, and the number that the dose
 * may not pass in any month, and reaches. */
typedef struct {
    const char *name;
    const char *set[SETS_MAX];
    series dose;
    series outcome;
    int direction;
    series unmoved;
    int32_t bound; /* 0 none */
} lever;

#define SETS(...)   \
    {               \
        __VA_ARGS__ \
    }
#define LEVER(name, sets, dose, outcome, direction, unmoved) \
    {                                                        \
        name, sets, dose, outcome, direction, unmoved, 0     \
    }
#define FULL_LEVER(name, sets, dose, outcome, direction, unmoved, bound) \
    {                                                                    \
        name, sets, dose, outcome, direction, unmoved, bound             \
    }

static const lever levers[] = {
    LEVER("twice the kits", SETS("naloxone.kits_ratio=2"), COUNTED(kits_handed_out),
          COUNTED(reversed_overdoses), 1, COUNTED(oat_starts)),
    LEVER("a spotter beside all who get a kit",
          SETS("spotting.share=1", "spotting.uptake=1", "spotting.beside_share=1"),
          CITY(people_spotted), COUNTED(overdoses_alone), -1, COUNTED(oat_starts)),
    LEVER("kits first to those who use alone",
          SETS("naloxone.alone_priority=1", "spotting.share=1"),
          CITY(kits_alone_handed), COUNTED(overdoses_spotted), 1,
          COUNTED(kits_handed_out)),
    FULL_LEVER("kits on release, of 200 x 0.1 x 0.3",
               SETS("custody.kits_on_release=1", "naloxone.kits_shipped=200"),
               CITY(kits_due_handed), CITY(kits_due_handed), 1, COUNTED(oat_starts), 6),
    LEVER("twice the places at sites", SETS("sites.capacity_ratio=2"),
          COUNTED(site_visits), COUNTED(site_visits), 1, COUNTED(oat_starts)),
    LEVER("sites that never close", SETS("sites.open_hours=24"), COUNTED(site_visits),
          COUNTED(site_visits), 1, COUNTED(oat_starts)),
    LEVER("more of the risk at sites", SETS("sites.overdose_ratio=10"),
          COUNTED(overdose_deaths), COUNTED(overdose_deaths), -1, COUNTED(oat_starts)),
    LEVER("places for smoking",
          SETS("sites.capacity_ratio=20", "sites.inhalation_share=1"),
          COUNTED(site_visits), COUNTED(overdose_deaths), -1, COUNTED(oat_starts)),
    LEVER("drug checking", SETS("drug_checking.reach=0.8"), CITY(samples_checked),
          COUNTED(overdoses), -1, COUNTED(oat_starts)),
    FULL_LEVER(
        "outreach, by 60 x 0.1", SETS("outreach.reach=1", "outreach.capacity=60"),
        CITY(outreach_contacts), CITY(outreach_requests), 1, COUNTED(overdoses), 6),
    LEVER("treatment on release", SETS("custody.oat_on_release=1"),
          CITY(release_oat_starts), COUNTED(oat_starts), 1, COUNTED(kits_handed_out)),
    FULL_LEVER("housing first, of 400 x 0.1", SETS("housing_first.homes=400"),
               CITY(people_in_housing_first), COUNTED(users_homeless), -1,
               COUNTED(arrivals), 40),
    LEVER("no need to hide",
          SETS("decriminalisation.awareness=1", "decriminalisation.alone_log_odds=-1"),
          COUNTED(overdoses_alone), COUNTED(overdoses_alone), -1,
          COUNTED(people_in_custody)),
    LEVER("no custody for use", SETS("decriminalisation.custody_ratio=0"),
          COUNTED(people_in_custody), COUNTED(people_in_custody), -1,
          COUNTED(kits_handed_out)),
    LEVER("fewer adverse experiences",
          SETS("prevention.ace_ratio=0.5", "prevention.born_from=1980",
               "prevention.newcomers=on"),
          CITY(reached_by_prevention), CITY(residents_ace_sum), -1,
          COUNTED(deaths_other_causes)),
    LEVER("surer attachment",
          SETS("prevention.attachment_shift=1", "prevention.born_from=1980",
               "prevention.newcomers=on"),
          CITY(reached_by_prevention), COUNTED(isolated_residents), -1,
          COUNTED(deaths_other_causes)),
    LEVER("healing of PTSD", SETS("prevention.ptsd_healing_rate=0.5"),
          COUNTED(people_with_ptsd), COUNTED(people_with_ptsd), -1,
          COUNTED(deaths_other_causes)),
};

static const char *const base_sets[] = {"population.scale=0.1", "run.start=2017-01-01",
                                        "run.output_start=2017-01-01",
                                        "run.end=2018-06-30", "run.replicates=1"};
enum { BASE = 5, ZERO_MAX = 20 };

static void run(town *self, const char *const *sets, int32_t count)
{
    const char *all[BASE + ZERO_MAX];
    allostat_error error = {0};
    int32_t used = 0;

    for (int32_t i = 0; i < BASE; i++) all[used++] = base_sets[i];
    for (int32_t i = 0; i < count && sets[i] != NULL; i++) all[used++] = sets[i];
    memset(self, 0, sizeof *self);
    fixture_scenario(&self->scenario, all, used);
    const allostat_ensemble ensemble = {.scenario = &self->scenario};
    if (allostat_ensemble_run(&ensemble, &self->records, &error) != ALLOSTAT_OK)
        fail_msg("%s", error.message);
}

static void town_free(town *self)
{
    allostat_records_free(&self->records);
    allostat_scenario_free(&self->scenario);
}

static int64_t of_month(const town *self, series s, int32_t month)
{
    const int32_t cells = allostat_records_cells(&self->records);
    int64_t sum = 0;

    if (!s.counted) return self->records.city[s.index][month];
    for (int32_t c = 0; c < cells; c++)
        sum += self->records.counted[s.index][month * cells + c];
    return sum;
}

static int64_t total(const town *self, series s)
{
    int64_t sum = 0;

    for (int32_t m = 0; m < self->records.month_count; m++) sum += of_month(self, s, m);
    return sum;
}

static town base; /* of all tests; run once */

static int run_base(void **state)
{
    (void)state;
    run(&base, NULL, 0);
    return 0;
}

static int free_base(void **state)
{
    (void)state;
    town_free(&base);
    return 0;
}

static void check_lever(const lever *what)
{
    const series arrivals = COUNTED(arrivals);
    static town dosed;

    run(&dosed, what->set, SETS_MAX);
    const int64_t dose = total(&dosed, what->dose) - total(&base, what->dose);
    const int64_t moved = total(&dosed, what->outcome) - total(&base, what->outcome);
    print_message("%-36s dose %+7lld, outcome %+7lld of %lld\n", what->name,
                  (long long)dose, (long long)moved,
                  (long long)total(&base, what->outcome));
    assert_true(dose != 0);
    assert_true(moved * what->direction > 0);
    assert_true(of_month(&dosed, what->unmoved, 0) ==
                of_month(&base, what->unmoved, 0));
    assert_true(total(&dosed, arrivals) == total(&base, arrivals));
    bool full = what->bound == 0;
    for (int32_t m = 0; m < dosed.records.month_count && what->bound > 0; m++) {
        assert_true(of_month(&dosed, what->dose, m) <= what->bound);
        full |= of_month(&dosed, what->dose, m) == what->bound;
    }
    assert_true(full);
    town_free(&dosed);
}

static void every_lever_moves_what_it_should_and_nothing_else_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof levers / sizeof levers[0]; i++)
        check_lever(&levers[i]);
}

/* Every lever at zero dose, all that only says how it works set to something else. */
static void a_lever_at_zero_dose_changes_no_bit(void **state)
{
    (void)state;
    static const char *const zero[] = {"naloxone.kits_ratio=1",
                                       "spotting.life=1",
                                       "spotting.uptake=1",
                                       "spotting.beside_share=1",
                                       "spotting.call=1",
                                       "sites.capacity_ratio=1",
                                       "drug_checking.revealed=0.9",
                                       "drug_checking.regular_share=1",
                                       "drug_checking.benzodiazepine_avoided=1",
                                       "drug_checking.acted_on=1",
                                       "outreach.capacity=1000",
                                       "outreach.oat_request=1",
                                       "outreach.kits=off",
                                       "housing_first.leaving_rate=2",
                                       "housing_first.unstable_eligible=on",
                                       "decriminalisation.alone_log_odds=-2",
                                       "prevention.born_from=1900",
                                       "prevention.newcomers=on"};
    static town other;

    run(&other, zero, sizeof zero / sizeof zero[0]);
    const size_t months = (size_t)base.records.month_count;
    const size_t cells = (size_t)allostat_records_cells(&base.records);
    for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++)
        assert_memory_equal(base.records.counted[s], other.records.counted[s],
                            months * cells * sizeof(int32_t));
    for (int s = 0; s < ALLOSTAT_CITY_COUNT; s++)
        assert_memory_equal(base.records.city[s], other.records.city[s],
                            months * sizeof(int32_t));
    for (int s = 0; s < ALLOSTAT_AVERAGED_COUNT; s++)
        assert_memory_equal(base.records.mean[s], other.records.mean[s],
                            months * sizeof(double));
    town_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lever_moves_what_it_should_and_nothing_else_at_once),
        cmocka_unit_test(a_lever_at_zero_dose_changes_no_bit),
    };
    return cmocka_run_group_tests_name("levers", tests, run_base, free_base);
}
