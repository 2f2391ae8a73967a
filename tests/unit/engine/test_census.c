#include "check.h"

#include "engine/census.h"
#include "engine/records.h"

#include <string.h>

enum { AREAS = 2, CELLS = AREAS * ALLOSTAT_SEX_COUNT * ALLOSTAT_AGE_GROUP_COUNT };
enum { PEOPLE = 2000 };
static const allostat_month MONTH = 12 * 2019 + 6;

typedef struct {
    allostat_residents residents;
    allostat_census census;
} town;

/* People of 15 to 114 years, of both sexes and areas. */
static void build(town *self)
{
    allostat_residents *residents = &self->residents;
    allostat_error error = {0};

    assert_int_equal(allostat_residents_init(residents, PEOPLE, &error), ALLOSTAT_OK);
    assert_int_equal(allostat_census_init(&self->census, AREAS, &error), ALLOSTAT_OK);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        residents->status[i] = ALLOSTAT_RESIDENT_present;
        residents->sex[i] = (uint8_t)(i % 2);
        residents->area[i] = (uint8_t)(i / 2 % AREAS);
        residents->birth_month[i] =
            (int16_t)(MONTH - 15 * 12 - (int32_t)(i * 7 % 1200));
        residents->row_count++;
        allostat_census_change(&self->census, residents, i, 1);
    }
}

static void destroy(town *self)
{
    allostat_residents_free(&self->residents);
    allostat_census_free(&self->census);
}

static void leave(town *self, uint32_t person)
{
    allostat_census_change(&self->census, &self->residents, person, -1);
    self->residents.status[person] = ALLOSTAT_RESIDENT_moved_out;
}

/* One by one, as the books say. */
static void count_slowly(const town *self, allostat_month month, int32_t *count)
{
    const allostat_residents *residents = &self->residents;

    for (size_t i = 0; i < residents->row_count; i++) {
        const int32_t age = allostat_age_in_month(residents->birth_month[i], month);
        const size_t group = (size_t)residents->area[i] * 2 + residents->sex[i];

        if (residents->status[i] != ALLOSTAT_RESIDENT_present) continue;
        count[group * ALLOSTAT_AGE_GROUP_COUNT + allostat_age_group_of(age)]++;
    }
}

static void census_counts_as_a_look_at_everybody_does_in_every_month(void **state)
{
    town place;

    (void)state;
    build(&place);
    for (uint32_t i = 0; i < PEOPLE; i += 3) leave(&place, i);
    for (allostat_month month = MONTH; month < MONTH + 130; month++) {
        int32_t fast[CELLS] = {0}, slow[CELLS] = {0};

        allostat_census_count(&place.census, month, fast);
        count_slowly(&place, month, slow);
        assert_memory_equal(fast, slow, sizeof fast);
    }
    destroy(&place);
}

static void somebody_the_census_does_not_know_of_is_found(void **state)
{
    allostat_error error = {0};
    town place;

    (void)state;
    build(&place);
    leave(&place, 5);
    assert_int_equal(allostat_census_verify(&place.census, &place.residents, &error),
                     ALLOSTAT_OK);
    place.residents.area[6] ^= 1;
    assert_int_equal(allostat_census_verify(&place.census, &place.residents, &error),
                     ALLOSTAT_ERROR_INVARIANT);
    place.residents.area[6] ^= 1;
    place.residents.status[6] = ALLOSTAT_RESIDENT_dead_other;
    assert_int_equal(allostat_census_verify(&place.census, &place.residents, &error),
                     ALLOSTAT_ERROR_INVARIANT);
    destroy(&place);
}

static void the_people_of_the_first_day_come_together_as_one_by_one(void **state)
{
    town self;
    allostat_census together;
    allostat_error error = {0};

    (void)state;
    build(&self);
    assert_int_equal(allostat_census_init(&together, AREAS, &error), ALLOSTAT_OK);
    allostat_census_found(&together, &self.residents);
    assert_int_equal(together.adversity, self.census.adversity);
    assert_memory_equal(together.people, self.census.people,
                        allostat_census_cells(&together) * sizeof *together.people);
    allostat_census_free(&together);
    destroy(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(census_counts_as_a_look_at_everybody_does_in_every_month),
        cmocka_unit_test(somebody_the_census_does_not_know_of_is_found),
        cmocka_unit_test(the_people_of_the_first_day_come_together_as_one_by_one),
    };
    return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
