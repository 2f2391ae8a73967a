#include "programme.h"

#include "care/institutions.h"
#include "care/oat.h"
#include "care/release.h"

enum { PEOPLE = 400 };

/* Everybody used until taken into custody; stays end on the tenth of the month for the
 * first half, a month later for the others. */
static void release_init(programme *self, void **state)
{
    const allostat_day tenth = allostat_month_first_day(PROGRAMME_MONTH) + 9;

    programme_init(self, state, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        self->users.active[i] = 0;
        self->users.taken_in_using[i] = 1;
        self->users.institution[i] = ALLOSTAT_INSTITUTION_custody;
        self->users.institution_end[i] = tenth + (i < PEOPLE / 2 ? 0 : 31);
    }
}

static int32_t run(programme *self)
{
    const allostat_care_month care = programme_care(self, PROGRAMME_MONTH);

    return allostat_release_month(&care);
}

static void those_released_this_month_begin_on_the_day(void **state)
{
    static programme self;
    allostat_oat_terms terms;
    static allostat_oat_hazards hazards;

    release_init(&self, state);
    self.params.custody_oat_on_release = 1.0;
    self.params.custody_kits_on_release = 1.0;
    assert_int_equal(run(&self), PEOPLE / 2);
    assert_int_equal(programme_count(&self, self.users.kit_due), PEOPLE / 2);
    allostat_oat_hazards_make(&hazards, &self.params);
    allostat_oat_terms_make(&terms, &self.params, &hazards, 0.0,
                            allostat_month_first_day(PROGRAMME_MONTH) + 9);
    static uint32_t row[PEOPLE];
    const size_t listed = allostat_oat_rows(&self.users, 0, PEOPLE, row);
    allostat_oat_step(&terms, &self.users, (allostat_some_rows){row, listed});
    for (size_t i = 0; i < PEOPLE; i++)
        assert_int_equal(self.users.oat_starts_month[i], i < PEOPLE / 2);
    programme_free(&self);
}

/* A stay that begins and ends in the month cancels what is granted to somebody who is
 * not treated inside: not this. */
static void a_short_stay_does_not_cancel_it(void **state)
{
    static programme self;
    allostat_institution_terms terms;
    const allostat_day first = allostat_month_first_day(PROGRAMME_MONTH);

    release_init(&self, state);
    self.params.custody_oat_on_release = 1.0;
    for (size_t i = 0; i < PEOPLE; i++) {
        self.users.active[i] = 1;
        self.users.institution[i] = 0;
        allostat_stay_grant(&self.users, i, ALLOSTAT_INSTITUTION_custody, first + 2, 7);
    }
    assert_int_equal(run(&self), PEOPLE);
    for (int32_t day = 0; day < 9; day++) {
        allostat_institution_terms_make(&terms, &self.params, first + day);
        static uint32_t row[PEOPLE];
        const size_t listed = allostat_institution_rows(&self.users, 0, PEOPLE, row);
        allostat_institutions_step(&terms, &self.users,
                                   (allostat_some_rows){row, listed});
    }
    assert_int_equal(programme_count(&self, self.users.institution), PEOPLE);
    assert_int_equal(programme_count(&self, self.users.treatment_next), PEOPLE);
    programme_free(&self);
}

static void only_who_used_and_is_not_treated_begins(void **state)
{
    static programme self;

    release_init(&self, state);
    self.params.custody_oat_on_release = 1.0;
    self.users.taken_in_using[0] = 0;
    self.users.treatment[1] = ALLOSTAT_TREATMENT_methadone;
    self.users.treatment_next[2] = ALLOSTAT_TREATMENT_methadone;
    self.users.institution[3] = ALLOSTAT_INSTITUTION_detox;
    self.users.present[4] = 0;
    assert_int_equal(run(&self), PEOPLE / 2 - 5);
    programme_free(&self);
}

static void shares_are_kept_and_nothing_is_done_at_zero(void **state)
{
    static programme self;

    release_init(&self, state);
    assert_int_equal(run(&self), 0);
    self.params.custody_kits_on_release = 0.5;
    assert_int_equal(run(&self), 0);
    check_close((double)programme_count(&self, self.users.kit_due) / (PEOPLE / 2), 0.5,
                0.18);
    programme_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_released_this_month_begin_on_the_day),
        cmocka_unit_test(a_short_stay_does_not_cancel_it),
        cmocka_unit_test(only_who_used_and_is_not_treated_begins),
        cmocka_unit_test(shares_are_kept_and_nothing_is_done_at_zero),
    };
    return RUN_WITH_DEFAULTS("release", tests);
}
