/* People who leave, one by one or together. */
#include "town.h"

#include "base/columns.h"
#include "people/ties_leave.h"

#include <string.h>

enum { PEOPLE = 60, LEAVERS = 12, LISTS = 2 };

/* Everybody from the same rule, so that two towns are alike: with many ties among those
 * who leave. */
static void tie_people(town *self)
{
    for (uint32_t a = 0; a < PEOPLE; a++) {
        for (uint32_t step = 1; step < PEOPLE; step += 1 + a % 3) {
            const uint32_t b = (a * 7 + step * step) % PEOPLE;

            for (int k = 0; k < ALLOSTAT_TIE_KIND_COUNT; k++) {
                const allostat_tie_kind kind = (allostat_tie_kind)k;

                if (allostat_tie_possible(&self->residents, &self->users, kind, a, b))
                    allostat_tie_make(&self->residents, &self->users, kind, a, b);
            }
        }
    }
}

static bool uses(uint32_t person) { return person % 3 == 0; }

static void found_town(town *self)
{
    town_found(self, PEOPLE, ALLOSTAT_SUPPORT_SLOTS, uses);
    tie_people(self);
}

/* In order of rows; each third dies. */
static uint32_t leaver(uint32_t i) { return i * 5 % 4 + i * 5; }

static allostat_resident_status how(uint32_t i)
{
    return i % 3 == 0 ? ALLOSTAT_RESIDENT_dead_other : ALLOSTAT_RESIDENT_moved_out;
}

/* Two threads would list half of them each, and each have half of the rows. */
static void leave_together(town *self)
{
    allostat_partings list[LISTS] = {{0}};
    allostat_error error = {0};

    for (uint32_t i = 0; i < LEAVERS; i++)
        self->residents.status[leaver(i)] = (uint8_t)how(i);
    for (uint32_t i = 0; i < LEAVERS; i++) {
        allostat_partings *mine = &list[i / (LEAVERS / LISTS)];

        assert_int_equal(allostat_partings_reserve(mine, 1, &error), ALLOSTAT_OK);
        allostat_partings_add(mine, &self->residents, &self->users, leaver(i), how(i));
    }
    for (size_t part = LISTS; part > 0; part--) {
        for (size_t l = 0; l < LISTS; l++)
            allostat_partings_apply(&list[l], &self->residents, &self->users,
                                    (part - 1) * PEOPLE / LISTS, part * PEOPLE / LISTS);
    }
    for (size_t l = 0; l < LISTS; l++) allostat_column_free((void **)&list[l].parting);
}

static void who_leaves_together_leaves_the_same_as_one_by_one(void **state)
{
    town one_by_one, together;

    (void)state;
    found_town(&one_by_one);
    found_town(&together);
    for (uint32_t i = 0; i < LEAVERS; i++)
        allostat_ties_leave(&one_by_one.residents, &one_by_one.users, leaver(i),
                            how(i));
    leave_together(&together);
#define SAME(table, column, rows)                                       \
    assert_memory_equal(one_by_one.table.column, together.table.column, \
                        (rows) * sizeof *together.table.column)
    SAME(residents, support_ties, PEOPLE);
    SAME(residents, support_count, PEOPLE);
    SAME(residents, bereaved_month, PEOPLE);
    SAME(users, using_ties, together.users.row_count);
    SAME(users, using_count, together.users.row_count);
#undef SAME
    town_leave(&one_by_one);
    town_leave(&together);
}

static void who_has_left_before_is_not_bereaved(void **state)
{
    town self;

    (void)state;
    found_town(&self);
    self.residents.status[3] = self.residents.status[5] = ALLOSTAT_RESIDENT_moved_out;
    assert_true(allostat_left_before(&self.residents, 3, 4));
    assert_false(allostat_left_before(&self.residents, 5, 4));
    assert_false(allostat_left_before(&self.residents, 2, 4));
    town_leave(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_leaves_together_leaves_the_same_as_one_by_one),
        cmocka_unit_test(who_has_left_before_is_not_bereaved),
    };
    return cmocka_run_group_tests_name("ties_leave", tests, NULL, NULL);
}
