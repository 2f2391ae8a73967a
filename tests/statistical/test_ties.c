/* Ties against the evidence: numbers, people without, life, likeness, bereavement. */
#include "fixture.h"

#include "people/ties_month.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct {
    allostat_scenario scenario;
    allostat_city city;
} town;

/* `more` is one more setting. */
static void found_with(town *self, const char *more)
{
    const char *const sets[] = {"population.scale=0.2", "run.end=2014-12-31",
                                "run.output_start=2012-01-01", more};
    allostat_error error = {0};

    fixture_scenario(&self->scenario, sets, 4);
    assert_int_equal(allostat_city_init(&self->city, &self->scenario, 0, 1, &error),
                     ALLOSTAT_OK);
}

static void found(town *self) { found_with(self, "run.seed=1"); }

static void leave(town *self)
{
    allostat_city_free(&self->city);
    allostat_scenario_free(&self->scenario);
}

static allostat_month first_month(const town *self)
{
    return allostat_month_of_day(self->scenario.epochs[0].params.run_start);
}

static int in_range(const char *what, double value, double low, double high)
{
    const int inside = value >= low && value <= high;

    print_message("%s: %.3f, expected %.3f to %.3f%s\n", what, value, low, high,
                  inside ? "" : "  OUTSIDE");
    return inside;
}

static int32_t degree(const allostat_city *city, allostat_tie_kind kind,
                      uint32_t person)
{
    const uint32_t *slot =
        allostat_tie_slots(&city->residents, &city->users, kind, person);

    return slot == NULL ? 0
                        : allostat_slots_filled(slot, allostat_tie_slot_count(kind));
}

/* Numbers of ties of active users, or of everybody else. */
typedef struct {
    double people, sum, squares, none;
} degrees;

static degrees count_degrees(const allostat_city *city, allostat_tie_kind kind,
                             bool users)
{
    degrees found_degrees = {0};

    for (uint32_t person = 0; person < city->residents.row_count; person++) {
        if (city->residents.status[person] != ALLOSTAT_RESIDENT_present) continue;
        if (allostat_person_uses(&city->residents, &city->users, person) != users)
            continue;
        const int32_t ties = degree(city, kind, person);
        found_degrees.people += 1.0;
        found_degrees.sum += ties;
        found_degrees.squares += (double)ties * ties;
        found_degrees.none += ties == 0;
    }
    return found_degrees;
}

/* net_deg: mean 1.51 (1.2 to 4), 49.7 % without, variance 5.5. net_support: 3 (1 to 6),
 * half of it with OUD. */
static int degrees_fit(const allostat_city *city)
{
    const degrees use = count_degrees(city, ALLOSTAT_TIE_using, true);
    const degrees users = count_degrees(city, ALLOSTAT_TIE_support, true);
    const degrees others = count_degrees(city, ALLOSTAT_TIE_support, false);
    const double mean = use.sum / use.people;

    return in_range("using ties", mean, 1.2, 1.8) &
           in_range("users without using ties", use.none / use.people, 0.44, 0.55) &
           in_range("variance of using ties", use.squares / use.people - mean * mean,
                    4.0, 7.0) &
           in_range("support ties", others.sum / others.people, 2.6, 3.4) &
           in_range("people without support", others.none / others.people, 0.08, 0.2) &
           in_range("support of users against others",
                    users.sum / users.people / (others.sum / others.people), 0.4, 0.65);
}

static void degrees_match_the_evidence_at_the_start_and_stay(void **state)
{
    static town self;
    int fit;

    (void)state;
    found(&self);
    fit = degrees_fit(&self.city);
    fixture_run_months(&self.city, first_month(&self), 36, NULL);
    fit &= degrees_fit(&self.city);
    assert_true(fit);
    leave(&self);
}

/* Share of ties within a band of age and within an area. */
static void likeness(const allostat_city *city, allostat_tie_kind kind, double *age,
                     double *area)
{
    const allostat_residents *r = &city->residents;
    const allostat_month month = city->projection.first_month;
    double ties = 0.0, same_age = 0.0, same_area = 0.0;

    for (uint32_t a = 0; a < r->row_count; a++) {
        const uint32_t *slot = allostat_tie_slots(r, &city->users, kind, a);

        for (int32_t i = 0; i < degree(city, kind, a); i++) {
            const uint32_t b = slot[i] - 1;
            ties += 1.0;
            same_area += r->area[a] == r->area[b];
            same_age +=
                allostat_age_band(allostat_age_in_month(r->birth_month[a], month),
                                  15) ==
                allostat_age_band(allostat_age_in_month(r->birth_month[b], month), 15);
        }
    }
    *age = same_age / ties;
    *area = same_area / ties;
}

/* net_homoph: 0.68 of the same band of age. */
static void users_tie_with_people_of_their_age_and_area(void **state)
{
    static town self;
    double age, area;

    (void)state;
    found(&self);
    likeness(&self.city, ALLOSTAT_TIE_using, &age, &area);
    assert_true(in_range("using ties within an age band", age, 0.60, 0.75) &
                in_range("using ties within an area", area, 0.63, 0.75));
    likeness(&self.city, ALLOSTAT_TIE_support, &age, &area);
    assert_true(in_range("support ties within an age band", age, 0.57, 0.66) &
                in_range("support ties within an area", area, 0.57, 0.66));
    leave(&self);
}

/* Ties of all people, slot by slot. */
typedef struct {
    size_t count, slots;
    uint32_t *partner; /* [count]: as in the slots */
} tie_list;

static tie_list list_ties(const allostat_city *city, allostat_tie_kind kind)
{
    const size_t slots = (size_t)allostat_tie_slot_count(kind);
    tie_list list = {city->residents.row_count * slots, slots, NULL};

    list.partner = calloc(list.count, sizeof *list.partner);
    assert_non_null(list.partner);
    for (uint32_t person = 0; person < city->residents.row_count; person++) {
        const uint32_t *slot =
            allostat_tie_slots(&city->residents, &city->users, kind, person);
        for (int32_t i = 0; i < degree(city, kind, person); i++)
            list.partner[person * slots + (size_t)i] = slot[i];
    }
    return list;
}

/* Strike out what has ended, so that a tie made anew does not count; returns what is
 * left. */
static double strike_out(tie_list *list, const allostat_city *city,
                         allostat_tie_kind kind)
{
    double left = 0.0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->partner[i] == 0) continue;
        const uint32_t *slot = allostat_tie_slots(&city->residents, &city->users, kind,
                                                  (uint32_t)(i / list->slots));
        if (!allostat_slots_hold(slot, (int32_t)list->slots, list->partner[i] - 1))
            list->partner[i] = 0;
        left += list->partner[i] != 0;
    }
    return left;
}

/* Share of the ties of the start that are still there when nobody dies or leaves. */
static double share_left(town *self, allostat_tie_kind kind, int32_t months,
                         int32_t turn_months)
{
    allostat_city *city = &self->city;
    allostat_ties_people context = {city->entry.params,
                                    city->key,
                                    first_month(self),
                                    &city->residents,
                                    &city->users,
                                    {0},
                                    {0}};
    int32_t formed[ALLOSTAT_TIE_KIND_COUNT];
    allostat_error error = {0};
    tie_list list = list_ties(city, kind);
    const double ties = strike_out(&list, city, kind);
    double left = ties;

    for (int32_t m = 0; m < months; m++, context.month++) {
        context.turn = allostat_turn_make(&city->residents, turn_months, context.month);
        assert_int_equal(allostat_ties_month(&city->ties, &context, formed, &error),
                         ALLOSTAT_OK);
        left = strike_out(&list, city, kind);
    }
    assert_int_equal(allostat_ties_verify(&city->residents, &city->users, &error),
                     ALLOSTAT_OK);
    free(list.partner);
    return left / ties;
}

/* exp(-t / life): with 4,000 ties and more the standard error is below 0.011. */
static void ties_live_as_long_as_the_evidence_says(void **state)
{
    static town self;

    (void)state;
    found(&self);
    /* tie_life 1.72 y, after a year and a half: exp(-1.5 / 1.72) */
    assert_true(in_range("using ties left after 18 months",
                         share_left(&self, ALLOSTAT_TIE_using, 18, 1), 0.386, 0.450));
    leave(&self);
    found(&self);
    /* ten years, and less with users: a little below exp(-0.3) */
    assert_true(in_range("support ties left after 36 months",
                         share_left(&self, ALLOSTAT_TIE_support, 36, 1), 0.72, 0.745));
    leave(&self);
}

/* The first quarter of the people live by the month, the others by turns. */
static void the_length_of_a_turn_does_not_change_the_life_of_ties(void **state)
{
    static const int32_t turn_months[] = {3, 12};
    static town self;

    (void)state;
    for (size_t t = 0; t < sizeof turn_months / sizeof turn_months[0]; t++) {
        found(&self);
        self.city.residents.near_count = self.city.residents.row_count / 4;
        print_message("turns of %d months: ", (int)turn_months[t]);
        assert_true(in_range(
            "support ties left after 36 months",
            share_left(&self, ALLOSTAT_TIE_support, 36, turn_months[t]), 0.72, 0.745));
        leave(&self);
    }
}

static void newcomers_find_ties_within_a_year(void **state)
{
    static town self;
    double people = 0.0, ties = 0.0, wanted = 0.0;

    (void)state;
    found(&self);
    fixture_run_months(&self.city, first_month(&self), 1, NULL);
    const size_t before = self.city.projection.initial_total;
    const size_t after = self.city.residents.row_count;
    fixture_run_months(&self.city, first_month(&self) + 1, 12, NULL);
    for (size_t person = 0; person < self.city.residents.row_count; person++) {
        const allostat_residents *r = &self.city.residents;
        if (r->number[person] < before || r->number[person] >= after) continue;
        if (r->status[person] != ALLOSTAT_RESIDENT_present) continue;
        people += 1.0;
        ties += r->support_count[person];
        wanted += r->support_wanted[person];
    }
    assert_true(people > 100.0);
    assert_true(in_range("ties of newcomers after a year, of those wanted",
                         ties / wanted, 0.75, 1.0));
    leave(&self);
}

/* What the series says is what residents carry, month by month: by the turn they would
 * carry it until theirs. */
static void bereavements_are_counted_once_for_each_person_left_behind(void **state)
{
    static town self;
    allostat_records records = {0};
    allostat_error error = {0};
    int64_t felt = 0, counted = 0, deaths = 0;

    (void)state;
    found_with(&self, "population.resident_step=1");
    assert_int_equal(allostat_records_init(&records, &self.scenario, &error),
                     ALLOSTAT_OK);
    const int32_t cells = allostat_records_cells(&records);
    for (int32_t m = 0; m < 12; m++) {
        fixture_run_months(&self.city, first_month(&self) + m, 1, &records);
        for (size_t person = 0; person < self.city.residents.row_count; person++)
            felt += self.city.residents.bereaved_overdose_month[person];
        for (int32_t cell = 0; cell < cells; cell++) {
            const int32_t at = m * cells + cell;
            counted += records.counted[ALLOSTAT_COUNTED_bereavements_overdose][at];
            deaths += records.counted[ALLOSTAT_COUNTED_overdose_deaths][at];
        }
    }
    assert_true(deaths > 0);
    assert_int_equal(felt, counted);
    print_message("%.2f people bereaved by a death from overdose\n",
                  (double)counted / (double)deaths);
    allostat_records_free(&records);
    leave(&self);
}

static void without_the_mechanism_there_are_no_ties(void **state)
{
    static const char *const sets[] = {"population.scale=0.02", "mechanisms.ties=off",
                                       "run.end=2012-12-31",
                                       "run.output_start=2012-01-01"};
    static town self;
    allostat_error error = {0};

    (void)state;
    fixture_scenario(&self.scenario, sets, 4);
    assert_int_equal(allostat_city_init(&self.city, &self.scenario, 0, 1, &error),
                     ALLOSTAT_OK);
    fixture_run_months(&self.city, first_month(&self), 3, NULL);
    for (size_t person = 0; person < self.city.residents.row_count; person++) {
        assert_int_equal(self.city.residents.support_count[person], 0);
        assert_true(self.city.residents.connection[person] ==
                    (float)self.city.entry.params->connection_reference);
    }
    leave(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(degrees_match_the_evidence_at_the_start_and_stay),
        cmocka_unit_test(users_tie_with_people_of_their_age_and_area),
        cmocka_unit_test(ties_live_as_long_as_the_evidence_says),
        cmocka_unit_test(the_length_of_a_turn_does_not_change_the_life_of_ties),
        cmocka_unit_test(newcomers_find_ties_within_a_year),
        cmocka_unit_test(bereavements_are_counted_once_for_each_person_left_behind),
        cmocka_unit_test(without_the_mechanism_there_are_no_ties),
    };
    return cmocka_run_group_tests_name("ties of a city", tests, NULL, NULL);
}
