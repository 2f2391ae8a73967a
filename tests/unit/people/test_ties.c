#include "town.h"

#include "params/scenario.h"
#include "people/life_course.h"
#include "people/ties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 6, USERS = 3, WANTED = 5 };

/* Six people who want five ties each; persons 0, 1 and 2 use. */
static bool uses(uint32_t person) { return person < USERS; }

static int found_town(void **state)
{
    town *self = calloc(1, sizeof *self);

    assert_non_null(self);
    *state = self;
    town_found(self, PEOPLE, WANTED, uses);
    return 0;
}

static int leave_town(void **state)
{
    town_leave(*state);
    free(*state);
    return 0;
}

static void tie(town *self, allostat_tie_kind kind, uint32_t a, uint32_t b)
{
    assert_true(allostat_tie_possible(&self->residents, &self->users, kind, a, b));
    allostat_tie_make(&self->residents, &self->users, kind, a, b);
}

static allostat_status verify(const town *self)
{
    allostat_error error = {0};

    return allostat_ties_verify(&self->residents, &self->users, &error);
}

/* Are this person's own slots in order, whatever others' are? */
static bool is_blameless(const town *self, size_t person)
{
    allostat_error error = {0};
    char blame[64];

    (void)snprintf(blame, sizeof blame, "wrong support ties of person %zu", person);
    return allostat_ties_verify(&self->residents, &self->users, &error) ==
               ALLOSTAT_OK ||
           strstr(error.message, blame) == NULL;
}

static void a_tie_has_two_ends_and_is_made_once(void **state)
{
    town *self = *state;

    tie(self, ALLOSTAT_TIE_support, 3, 4);
    assert_int_equal(self->residents.support_count[3], 1);
    assert_int_equal(self->residents.support_count[4], 1);
    assert_false(allostat_tie_possible(&self->residents, &self->users,
                                       ALLOSTAT_TIE_support, 4, 3));
    assert_false(allostat_tie_possible(&self->residents, &self->users,
                                       ALLOSTAT_TIE_support, 5, 5));
    assert_int_equal(verify(self), ALLOSTAT_OK);
}

static void only_users_tie_for_using(void **state)
{
    town *self = *state;

    assert_false(allostat_tie_possible(&self->residents, &self->users,
                                       ALLOSTAT_TIE_using, 0, 4));
    tie(self, ALLOSTAT_TIE_using, 0, 2);
    assert_int_equal(verify(self), ALLOSTAT_OK);
}

static void nobody_gets_more_ties_than_wanted(void **state)
{
    town *self = *state;

    self->residents.support_wanted[5] = 1;
    tie(self, ALLOSTAT_TIE_support, 5, 0);
    assert_false(allostat_tie_possible(&self->residents, &self->users,
                                       ALLOSTAT_TIE_support, 5, 1));
}

/* 0 has a friend (3), a partner in use (1) and somebody who is both (2). */
static void make_friends_of_0(town *self)
{
    tie(self, ALLOSTAT_TIE_support, 0, 3);
    tie(self, ALLOSTAT_TIE_using, 0, 1);
    tie(self, ALLOSTAT_TIE_support, 0, 2);
    tie(self, ALLOSTAT_TIE_using, 0, 2);
    tie(self, ALLOSTAT_TIE_support, 3, 4);
}

static void an_overdose_death_bereaves_each_tie_once(void **state)
{
    town *self = *state;
    const uint8_t bereaved[PEOPLE] = {0, 1, 1, 1, 0, 0};

    make_friends_of_0(self);
    allostat_life_leave(&self->residents, &self->users, 0,
                        ALLOSTAT_RESIDENT_dead_overdose);
    assert_memory_equal(self->residents.bereaved_month, bereaved, sizeof bereaved);
    assert_memory_equal(self->residents.bereaved_overdose_month, bereaved,
                        sizeof bereaved);
    assert_int_equal(self->residents.support_count[3], 1);
    assert_int_equal(verify(self), ALLOSTAT_OK);
    allostat_bereavements_clear(&self->residents);
    assert_int_equal(self->residents.bereaved_month[1], 0);
}

static void a_death_from_another_cause_is_counted_apart(void **state)
{
    town *self = *state;

    make_friends_of_0(self);
    allostat_life_leave(&self->residents, &self->users, 3,
                        ALLOSTAT_RESIDENT_dead_other);
    assert_int_equal(self->residents.bereaved_month[0], 1);
    assert_int_equal(self->residents.bereaved_month[4], 1);
    assert_int_equal(self->residents.bereaved_overdose_month[0], 0);
}

static void a_departure_ends_ties_and_bereaves_nobody(void **state)
{
    town *self = *state;
    const uint8_t nobody[PEOPLE] = {0};

    make_friends_of_0(self);
    allostat_life_leave(&self->residents, &self->users, 0, ALLOSTAT_RESIDENT_moved_out);
    assert_memory_equal(self->residents.bereaved_month, nobody, sizeof nobody);
    assert_int_equal(self->residents.support_count[2], 0);
    assert_int_equal(verify(self), ALLOSTAT_OK);
}

static void peers_are_support_ties_with_active_users(void **state)
{
    town *self = *state;

    make_friends_of_0(self);
    tie(self, ALLOSTAT_TIE_support, 3, 1);
    self->users.active[1] = 0;
    allostat_peers_count(&self->residents, &self->users);
    assert_int_equal(self->residents.peers[3], 1);
    assert_int_equal(self->residents.peers[4], 0);
    assert_int_equal(self->residents.peers[0], 1);
}

static void company_is_an_active_tie_of_using(void **state)
{
    town *self = *state;

    const allostat_whereabouts now = {.users = &self->users};
    make_friends_of_0(self);
    assert_int_equal(allostat_using_tie_pick(&self->residents, &now, 0, 0.1), 1);
    assert_int_equal(allostat_using_tie_pick(&self->residents, &now, 0, 0.9), 2);
    self->users.active[1] = 0;
    assert_int_equal(allostat_using_tie_pick(&self->residents, &now, 0, 0.1), 2);
    self->users.active[2] = 0;
    assert_int_equal(allostat_using_tie_pick(&self->residents, &now, 0, 0.1), -1);
}

static void verify_sees_a_tie_with_one_end(void **state)
{
    town *self = *state;

    tie(self, ALLOSTAT_TIE_support, 3, 4);
    assert_true(allostat_slots_remove(self->residents.support_ties[4].slot,
                                      ALLOSTAT_SUPPORT_SLOTS, 3));
    self->residents.support_count[4] = 0;
    assert_int_equal(verify(self), ALLOSTAT_ERROR_INVARIANT);
}

static void verify_sees_ties_of_the_gone(void **state)
{
    town *self = *state;

    tie(self, ALLOSTAT_TIE_support, 3, 4);
    self->residents.status[4] = ALLOSTAT_RESIDENT_moved_out;
    assert_int_equal(verify(self), ALLOSTAT_ERROR_INVARIANT);
}

static void verify_sees_double_ties_and_ties_with_oneself(void **state)
{
    town *self = *state;

    allostat_tie_make(&self->residents, &self->users, ALLOSTAT_TIE_using, 0, 1);
    allostat_tie_make(&self->residents, &self->users, ALLOSTAT_TIE_using, 0, 1);
    assert_int_equal(verify(self), ALLOSTAT_ERROR_INVARIANT);
    allostat_tie_end(&self->residents, &self->users, ALLOSTAT_TIE_using, 0, 1);
    assert_int_equal(verify(self), ALLOSTAT_OK);
    allostat_slots_add(self->residents.support_ties[5].slot, 0, 5);
    self->residents.support_count[5] = 1;
    assert_int_equal(verify(self), ALLOSTAT_ERROR_INVARIANT);
}

/* Slots that any two places of the eight share, and a gap before a filled one. */
static void verify_sees_double_support_ties_and_gaps(void **state)
{
    town *self = *state;
    uint32_t *slot = self->residents.support_ties[3].slot;

    self->residents.support_count[3] = (uint8_t)ALLOSTAT_SUPPORT_SLOTS;
    for (uint32_t s = 0; s < ALLOSTAT_SUPPORT_SLOTS; s++) slot[s] = 100 + s;
    assert_true(is_blameless(self, 3));
    for (uint32_t a = 1; a < ALLOSTAT_SUPPORT_SLOTS; a++) {
        for (uint32_t b = 0; b < a; b++) {
            for (uint32_t s = 0; s < ALLOSTAT_SUPPORT_SLOTS; s++) slot[s] = 100 + s;
            slot[a] = slot[b];
            assert_false(is_blameless(self, 3));
        }
    }
    self->residents.support_ties[3] = (allostat_support_ties){{0, 5}};
    self->residents.support_count[3] = 1;
    assert_false(is_blameless(self, 3));
}

/* Mean and share of 0 of a negative binomial of mean 1.51 and variance 5.5. */
static void wanted_numbers_follow_the_negative_binomial(void **state)
{
    enum { STEPS = 100000, MOST = 1000 };
    const double mean = 1.51, size = mean * mean / (5.5 - mean);
    double sum = 0.0, none = 0.0;

    (void)state;
    for (int i = 0; i < STEPS; i++) {
        const int32_t k =
            allostat_negative_binomial_quantile((i + 0.5) / STEPS, mean, size, MOST);
        sum += k;
        none += k == 0;
    }
    check_close(sum / STEPS, mean, 1e-3);
    check_close(none / STEPS, 0.478, 1e-3);
}

static void a_binomial_has_its_mean(void **state)
{
    enum { STEPS = 100000 };
    double sum = 0.0;

    (void)state;
    for (int i = 0; i < STEPS; i++)
        sum += allostat_binomial_quantile((i + 0.5) / STEPS, 8, 0.9);
    check_close(sum / STEPS, 7.2, 1e-3);
    assert_int_equal(allostat_binomial_quantile(0.5, 0, 0.9), 0);
}

/* The loop's quantile is the other's to the bit. */
static void a_binomial_of_few_is_a_binomial(void **state)
{
    enum { STEPS = 1000 };

    (void)state;
    for (int32_t n = 0; n <= (int32_t)ALLOSTAT_SUPPORT_SLOTS; n++) {
        for (int i = 0; i < STEPS; i++) {
            const double u = (i + 0.5) / STEPS, p = 0.3 + 0.05 * n;
            assert_int_equal(allostat_binomial_quantile_of_few(u, n, p),
                             allostat_binomial_quantile(u, n, p));
        }
    }
}

static void wanted_ties_fall_with_avoidance_by_the_formula(void **state)
{
    enum { SIX = PEOPLE };
    town *self = *state;
    const uint32_t bits[SIX] = {0, 1u << 30, 1u << 31, 3u << 30, 0xf0000000u, ~0u};
    allostat_scenario scenario;
    allostat_error error = {0};

    assert_int_equal(allostat_scenario_defaults(&scenario, &error), ALLOSTAT_OK);
    const allostat_params *p = &scenario.epochs[0].params;
    for (int i = 0; i < SIX; i++)
        self->residents.attachment_avoidance[i] = (float)i - 2.0f;
    allostat_support_wanted(p, &self->residents, 0, SIX, bits);
    for (int i = 0; i < SIX; i++) {
        const double slope = p->ties_support_avoidance;
        const double mean =
            p->ties_support_mean * exp(-slope * (i - 2.0) - 0.5 * slope * slope) /
            allostat_ties_filled_share(p->ties_support_life, p->ties_support_search);
        assert_int_equal(self->residents.support_wanted[i],
                         allostat_negative_binomial_quantile(
                             allostat_double_uniform_from_bits(bits[i]), mean,
                             p->ties_support_size, ALLOSTAT_SUPPORT_SLOTS));
    }
    allostat_scenario_free(&scenario);
}

int main(void)
{
#define IN_TOWN(test) cmocka_unit_test_setup_teardown(test, found_town, leave_town)
    const struct CMUnitTest tests[] = {
        IN_TOWN(a_tie_has_two_ends_and_is_made_once),
        IN_TOWN(only_users_tie_for_using),
        IN_TOWN(nobody_gets_more_ties_than_wanted),
        IN_TOWN(an_overdose_death_bereaves_each_tie_once),
        IN_TOWN(a_death_from_another_cause_is_counted_apart),
        IN_TOWN(a_departure_ends_ties_and_bereaves_nobody),
        IN_TOWN(peers_are_support_ties_with_active_users),
        IN_TOWN(company_is_an_active_tie_of_using),
        IN_TOWN(verify_sees_a_tie_with_one_end),
        IN_TOWN(verify_sees_ties_of_the_gone),
        IN_TOWN(verify_sees_double_ties_and_ties_with_oneself),
        IN_TOWN(verify_sees_double_support_ties_and_gaps),
        cmocka_unit_test(wanted_numbers_follow_the_negative_binomial),
        cmocka_unit_test(a_binomial_has_its_mean),
        cmocka_unit_test(a_binomial_of_few_is_a_binomial),
        IN_TOWN(wanted_ties_fall_with_avoidance_by_the_formula),
    };
    return cmocka_run_group_tests_name("ties", tests, NULL, NULL);
}
