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

#define COUNTED_OF(name)              \
    {                                 \
        true, ALLOSTAT_COUNTED_##name \
    }
#define CITY_OF(name)               \
    {                               \
        false, ALLOSTAT_CITY_##name \
    }
#define NONE      \
    {             \
        false, -1 \
    }

enum { SETS_MAX = 3 };

/* One row a lever at a strong dose: what shows the dose, what must rise (+1) or fall
 * (-1), what must be as in the base in the first month, and what may not pass a number
 * in any month. */
typedef struct {
    const char *name;
    const char *set[SETS_MAX];
    series dose;
    series outcome;
    int direction;
    series unmoved;
    series bounded;
    int32_t bound;
} lever;

static const lever levers[] = {
    {"twice the kits",
     {"naloxone.kits_ratio=2"},
     COUNTED_OF(kits_handed_out),
     COUNTED_OF(reversed_overdoses),
     1,
     COUNTED_OF(oat_starts),
     NONE,
     0},
    {"a spotter for those who get a kit",
     {"spotting.share=1", "spotting.uptake=1", "spotting.beside_share=1"},
     CITY_OF(people_spotted),
     COUNTED_OF(overdoses_alone),
     -1,
     COUNTED_OF(oat_starts),
     NONE,
     0},
    {"kits first to those who use alone",
     {"naloxone.alone_priority=1", "spotting.share=1"},
     CITY_OF(kits_alone_handed),
     COUNTED_OF(overdoses_spotted),
     1,
     COUNTED_OF(kits_handed_out),
     NONE,
     0},
    {"kits on release",
     {"custody.kits_on_release=1", "naloxone.kits_shipped=200"},
     CITY_OF(kits_due_handed),
     CITY_OF(kits_due_handed),
     1,
     COUNTED_OF(oat_starts),
     CITY_OF(kits_due_handed),
     3 /* of 200 x 0.05 x 0.3 */},
    {"twice the places at sites",
     {"sites.capacity_ratio=2"},
     COUNTED_OF(site_visits),
     COUNTED_OF(site_visits),
     1,
     COUNTED_OF(oat_starts),
     NONE,
     0},
    {"places for smoking",
     {"sites.capacity_ratio=20", "sites.inhalation_share=1"},
     COUNTED_OF(site_visits),
     COUNTED_OF(overdose_deaths),
     -1,
     COUNTED_OF(oat_starts),
     NONE,
     0},
    {"drug checking",
     {"drug_checking.reach=0.8"},
     CITY_OF(samples_checked),
     COUNTED_OF(overdoses),
     -1,
     COUNTED_OF(oat_starts),
     NONE,
     0},
    {"outreach",
     {"outreach.reach=1", "outreach.capacity=60"},
     CITY_OF(outreach_contacts),
     CITY_OF(outreach_requests),
     1,
     COUNTED_OF(overdoses),
     CITY_OF(outreach_contacts),
     3},
    {"treatment on release",
     {"custody.oat_on_release=1"},
     CITY_OF(release_oat_starts),
     COUNTED_OF(oat_starts),
     1,
     COUNTED_OF(kits_handed_out),
     NONE,
     0},
    {"housing first",
     {"housing_first.homes=400"},
     CITY_OF(people_in_housing_first),
     COUNTED_OF(users_homeless),
     -1,
     COUNTED_OF(overdoses),
     CITY_OF(people_in_housing_first),
     20},
    {"no need to hide",
     {"decriminalisation.awareness=1", "decriminalisation.alone_log_odds=-1"},
     COUNTED_OF(overdoses_alone),
     COUNTED_OF(overdoses_alone),
     -1,
     COUNTED_OF(people_in_custody),
     NONE,
     0},
    {"no custody for use",
     {"decriminalisation.custody_ratio=0"},
     COUNTED_OF(people_in_custody),
     COUNTED_OF(people_in_custody),
     -1,
     COUNTED_OF(kits_handed_out),
     NONE,
     0},
    {"fewer adverse experiences",
     {"prevention.ace_ratio=0.5", "prevention.born_from=1980",
      "prevention.newcomers=on"},
     CITY_OF(reached_by_prevention),
     CITY_OF(residents_ace_sum),
     -1,
     COUNTED_OF(deaths_other_causes),
     NONE,
     0},
    {"surer attachment",
     {"prevention.attachment_shift=1", "prevention.born_from=1980",
      "prevention.newcomers=on"},
     CITY_OF(reached_by_prevention),
     COUNTED_OF(isolated_residents),
     -1,
     COUNTED_OF(deaths_other_causes),
     NONE,
     0},
    {"healing of PTSD",
     {"prevention.ptsd_healing_rate=0.5"},
     COUNTED_OF(people_with_ptsd),
     COUNTED_OF(people_with_ptsd),
     -1,
     COUNTED_OF(deaths_other_causes),
     NONE,
     0},
};

static const char *const base_sets[] = {"population.scale=0.05", "run.start=2017-01-01",
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
    if (allostat_ensemble_run(&self->scenario, 0, NULL, NULL, &self->records, &error) !=
        ALLOSTAT_OK)
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
    const series arrivals = COUNTED_OF(arrivals);
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
    bool full = what->bounded.index < 0;
    for (int32_t m = 0; m < dosed.records.month_count && what->bounded.index >= 0;
         m++) {
        assert_true(of_month(&dosed, what->bounded, m) <= what->bound);
        full |= of_month(&dosed, what->bounded, m) == what->bound;
    }
    assert_true(full); /* what is bounded reaches its bound */
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
