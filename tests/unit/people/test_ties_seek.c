#include "town.h"

#include "params/scenario.h"
#include "people/ties_parts.h"

#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 3000, WANTED = 5, MONTH = 2015 * (int)ALLOSTAT_MONTHS_A_YEAR };

static bool uses(uint32_t person) { return person % 7 == 0; }

/* A town of people of all ages, from 15, one in five without a home, with avoidance
 * from five standard deviations below the mean to five above. */
typedef struct {
    town town;
    allostat_scenario scenario;
    allostat_ties ties;
} seekers;

static int found(void **state)
{
    seekers *self = calloc(1, sizeof *self);
    allostat_error error = {0};

    assert_non_null(self);
    *state = self;
    town_found(&self->town, PEOPLE, WANTED, uses);
    assert_int_equal(allostat_scenario_defaults(&self->scenario, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_ties_reserve_parts(&self->ties, 1, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_marks_clear(&self->ties.active, PEOPLE, &error),
                     ALLOSTAT_OK);
    for (uint32_t person = 0; person < PEOPLE; person++) {
        allostat_residents *residents = &self->town.residents;
        const int32_t years = ALLOSTAT_AGE_OF_ENTRY + (int32_t)(person % 11) * 7;

        residents->birth_month[person] =
            (int16_t)(MONTH - years * (int32_t)ALLOSTAT_MONTHS_A_YEAR);
        residents->attachment_avoidance[person] =
            (float)person * 10.0f / (float)PEOPLE - 5.0f;
        residents->support_count[person] = (uint8_t)(person % (WANTED + 1));
        residents->housing[person] =
            person % 5 == 0 ? ALLOSTAT_HOUSING_homeless : ALLOSTAT_HOUSING_stable;
        if (uses(person)) allostat_marks_add(&self->ties.active, person);
    }
    return 0;
}

static int leave(void **state)
{
    seekers *self = *state;

    allostat_ties_free(&self->ties);
    allostat_scenario_free(&self->scenario);
    town_leave(&self->town);
    free(self);
    return 0;
}

/* Who looks for a support tie in a month: returns how many. They are counted as if they
 * had found somebody, and nobody else is; when all are taken back, counts are those of
 * before. */
static size_t seek(seekers *self, allostat_month month, allostat_seeker *seeker)
{
    const allostat_ties_people people = {
        .params = &self->scenario.epochs[0].params,
        .key = allostat_draw_key_make(7, 0),
        .month = month,
        .residents = &self->town.residents,
        .users = &self->town.users,
        .turn = allostat_turn_make(&self->town.residents, 1, month)};
    allostat_meeting *meeting = &self->ties.meeting[ALLOSTAT_TIE_support];
    const uint8_t *have = self->town.residents.support_count;
    uint8_t before[PEOPLE], counted[PEOPLE];
    allostat_error error = {0};

    meeting->count = 0;
    memcpy(before, have, PEOPLE);
    memcpy(counted, have, PEOPLE);
    assert_int_equal(
        allostat_ties_seek(&self->ties, &people, ALLOSTAT_TIE_support, &error),
        ALLOSTAT_OK);
    memcpy(seeker, meeting->seeker, meeting->count * sizeof *seeker);
    for (size_t i = 0; i < meeting->count; i++) counted[seeker[i].person]++;
    assert_memory_equal(have, counted, PEOPLE);
    meeting->alone_count = meeting->count;
    allostat_ties_take_back(&self->ties, &self->town.residents, ALLOSTAT_TIE_support);
    assert_memory_equal(have, before, PEOPLE);
    return meeting->count;
}

static void forget_steps(seekers *self)
{
    memset(self->town.residents.search_step, ALLOSTAT_SEARCH_STEP_unknown, PEOPLE);
}

static void bounds_change_nobody_who_looks(void **state)
{
    enum { MONTHS = 12 };
    static allostat_seeker by_bounds[PEOPLE], exact[PEOPLE];
    seekers *self = *state;

    for (int32_t m = 0; m < MONTHS; m++) {
        allostat_search_steps(&self->town.residents, MONTH + m, 0, PEOPLE);
        const size_t count = seek(self, MONTH + m, by_bounds);
        forget_steps(self);
        assert_int_equal(seek(self, MONTH + m, exact), count);
        assert_true(count > PEOPLE / 20);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(by_bounds[i].person, exact[i].person);
    }
}

static void a_search_leaves_the_steps_of_those_of_16_and_more(void **state)
{
    static allostat_seeker seeker[PEOPLE];
    seekers *self = *state;
    const allostat_residents *residents = &self->town.residents;

    forget_steps(self);
    (void)seek(self, MONTH, seeker);
    for (uint32_t person = 0; person < PEOPLE; person++) {
        const bool is_free = residents->support_count[person] < WANTED;

        assert_int_equal(
            residents->search_step[person],
            is_free ? allostat_search_step(residents->attachment_avoidance[person],
                                           residents->birth_month[person], MONTH)
                    : (uint8_t)ALLOSTAT_SEARCH_STEP_unknown);
    }
}

static void a_step_holds_its_avoidance(void **state)
{
    const int32_t years = 16, born = MONTH - years * (int32_t)ALLOSTAT_MONTHS_A_YEAR;

    (void)state;
    for (float avoidance = -3.9f; avoidance < 3.9f; avoidance += 0.01f) {
        const int32_t step = allostat_search_step(avoidance, born, MONTH);

        assert_true(allostat_search_step_begin(step) <= (double)avoidance);
        assert_true(allostat_search_step_begin(step + 1) >= (double)avoidance);
        assert_int_equal(allostat_search_step(avoidance, born + 1, MONTH),
                         ALLOSTAT_SEARCH_STEP_unknown);
    }
    assert_int_equal(allostat_search_step(-4.1f, born, MONTH),
                     ALLOSTAT_SEARCH_STEP_unknown);
    assert_int_equal(allostat_search_step(4.1f, born, MONTH),
                     ALLOSTAT_SEARCH_STEP_unknown);
}

int main(void)
{
#define IN_TOWN(test) cmocka_unit_test_setup_teardown(test, found, leave)
    const struct CMUnitTest tests[] = {
        IN_TOWN(bounds_change_nobody_who_looks),
        IN_TOWN(a_search_leaves_the_steps_of_those_of_16_and_more),
        cmocka_unit_test(a_step_holds_its_avoidance),
    };
    return cmocka_run_group_tests_name("ties_seek", tests, NULL, NULL);
}
