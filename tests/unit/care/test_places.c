/* Waiting lists and places of injectable treatment, naltrexone and safer supply. */
#include "defaults.h"

#include "care/institutions.h"
#include "care/ioat.h"
#include "care/naltrexone.h"
#include "care/safer_supply.h"
#include "care/waiting.h"

enum { PEOPLE = 1000 };

static const allostat_month MONTH = 12 * 2016;

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_requests requests;
    allostat_care_rest rest;
    allostat_care_month care;
} clinic;

/* People who use and inject, with severe disorder, once treated; all of whom ask. */
static void begin(clinic *self, void **state)
{
    self->params = defaults_copy(state);
    self->params.population_scale = 1.0;
    self->params.ioat_request_rate = self->params.safer_supply_request_rate = 50.0;
    self->params.ioat_give_up_rate = self->params.safer_supply_give_up_rate = 0.0;
    self->params.naltrexone_request_rate = 50.0;
    self->params.naltrexone_started = self->params.detox_to_naltrexone = 1.0;
    self->params.safer_supply_stop_rate = 0.0;
    self->requests = (allostat_requests){0};
    self->rest = (allostat_care_rest){0};
    tables_of_users(&self->residents, &self->users, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        self->users.active[i] = self->users.injects[i] = 1;
        self->users.oud_severity[i] = 3;
        self->users.treatment_last[i] = ALLOSTAT_TREATMENT_methadone;
    }
    self->care = (allostat_care_month){
        &self->users, &self->params,   allostat_draw_key_make(3, 0),
        MONTH,        &self->requests, &self->rest};
}

static void end(clinic *self)
{
    allostat_requests_free(&self->requests);
    tables_free(&self->residents, &self->users);
}

static size_t count_of(const int32_t *column, int32_t value)
{
    size_t found = 0;

    for (size_t i = 0; i < PEOPLE; i++) found += column[i] == value;
    return found;
}

static void ioat_month(clinic *self)
{
    allostat_error error = {0};

    assert_int_equal(allostat_ioat_month(&self->care, &error), ALLOSTAT_OK);
}

static void naltrexone_month(clinic *self)
{
    allostat_error error = {0};

    assert_int_equal(allostat_naltrexone_month(&self->care, &error), ALLOSTAT_OK);
}

static allostat_safer_supply_moves safer_month(clinic *self)
{
    allostat_error error = {0};
    allostat_safer_supply_moves moves;

    assert_int_equal(allostat_safer_supply_month(&self->care, &moves, &error),
                     ALLOSTAT_OK);
    return moves;
}

static void injectable_places_bind_and_the_longest_wait_is_served(void **state)
{
    static clinic self;
    const allostat_day first = allostat_month_first_day(MONTH);

    begin(&self, state);
    self.params.ioat_places = 300.0;
    for (size_t i = 900; i < PEOPLE; i++) self.users.ioat_waiting_since[i] = first - 31;
    ioat_month(&self);
    assert_int_equal(count_of(self.users.treatment_next, ALLOSTAT_TREATMENT_ioat), 300);
    assert_int_equal(count_of(self.users.ioat_waiting_since, first), 700);
    for (size_t i = 0; i < PEOPLE; i++) {
        const bool granted = self.users.treatment_next[i] == ALLOSTAT_TREATMENT_ioat;
        assert_true(granted || i < 900);
        assert_true(!granted || self.users.treatment_start[i] == first);
        assert_true(!granted || self.users.episode_left[i] > 0.0f);
        if (!granted) continue;
        self.users.treatment[i] = ALLOSTAT_TREATMENT_ioat; /* as the day's step does */
        self.users.treatment_next[i] = 0;
    }
    self.care.month++;
    ioat_month(&self);
    assert_int_equal(count_of(self.users.treatment_next, ALLOSTAT_TREATMENT_ioat), 0);
    self.params.ioat_places = 310.0;
    self.care.month++;
    ioat_month(&self);
    assert_int_equal(count_of(self.users.treatment_next, ALLOSTAT_TREATMENT_ioat), 10);
    self.params.ioat_places = 0.0; /* nobody is sent home, nobody waits */
    self.care.month++;
    ioat_month(&self);
    assert_int_equal(count_of(self.users.treatment, ALLOSTAT_TREATMENT_ioat), 300);
    assert_int_equal(count_of(self.users.ioat_waiting_since, 0), PEOPLE);
    end(&self);
}

static void lists_of_closed_programmes_rest_until_these_open(void **state)
{
    static clinic self;
    const bool *known = self.rest.known;

    begin(&self, state);
    self.params.ioat_places = self.params.safer_supply_places = 0.0;
    self.users.safer_waiting_since[3] = self.users.ioat_waiting_since[4] = 1;
    for (int32_t m = 0; m < 2; m++) {
        ioat_month(&self);
        assert_int_equal(safer_month(&self).starts, 0);
        assert_int_equal(count_of(self.users.safer_waiting_since, 0), PEOPLE);
        assert_int_equal(count_of(self.users.ioat_waiting_since, 0), PEOPLE);
        assert_true(known[ALLOSTAT_RESTS_safer_supply]);
        assert_true(known[ALLOSTAT_RESTS_safer_waiting]);
        assert_true(known[ALLOSTAT_RESTS_ioat_waiting]);
        self.care.month++;
    }
    self.params.ioat_places = self.params.safer_supply_places = 100.0;
    ioat_month(&self);
    assert_int_equal(safer_month(&self).starts, 100);
    assert_int_equal(count_of(self.users.treatment_next, ALLOSTAT_TREATMENT_ioat), 100);
    for (int32_t c = 0; c < ALLOSTAT_RESTS_COUNT; c++) assert_false(known[c]);
    self.params.safer_supply_places = 0.0; /* those who have it may keep it */
    self.care.month++;
    assert_int_equal(safer_month(&self).stops, 0);
    assert_int_equal(count_of(self.users.safer_supply, 1), 100);
    assert_false(known[ALLOSTAT_RESTS_safer_supply]);
    end(&self);
}

static void who_may_have_injectable_treatment(void **state)
{
    static clinic self;

    begin(&self, state);
    assert_true(allostat_ioat_is_eligible(&self.care, 0));
    self.users.oud_severity[0] = 2;
    assert_false(allostat_ioat_is_eligible(&self.care, 0));
    self.params.ioat_severity_least = 2;
    assert_true(allostat_ioat_is_eligible(&self.care, 0));
    self.users.injects[1] = 0;
    assert_false(allostat_ioat_is_eligible(&self.care, 1));
    self.params.ioat_injects_only = false;
    assert_true(allostat_ioat_is_eligible(&self.care, 1));
    self.users.treatment_last[2] = 0;
    assert_false(allostat_ioat_is_eligible(&self.care, 2));
    self.params.ioat_after_treatment = false;
    assert_true(allostat_ioat_is_eligible(&self.care, 2));
    self.users.active[3] = 0; /* neither uses nor is treated */
    assert_false(allostat_ioat_is_eligible(&self.care, 3));
    self.users.treatment[3] = ALLOSTAT_TREATMENT_buprenorphine; /* may move */
    assert_true(allostat_ioat_is_eligible(&self.care, 3));
    self.users.treatment[3] = ALLOSTAT_TREATMENT_naltrexone;
    assert_false(allostat_ioat_is_eligible(&self.care, 3));
    self.users.institution[4] = ALLOSTAT_INSTITUTION_detox;
    assert_false(allostat_ioat_is_eligible(&self.care, 4));
    self.users.treatment_next[5] = ALLOSTAT_TREATMENT_methadone;
    assert_false(allostat_ioat_is_eligible(&self.care, 5));
    self.users.rx_only[6] = 1;
    assert_false(allostat_ioat_is_eligible(&self.care, 6));
    end(&self);
}

static void who_waits_may_give_up_or_lose_the_claim(void **state)
{
    static clinic self;

    begin(&self, state);
    self.params.ioat_places = 1.0;
    ioat_month(&self);
    assert_int_equal(count_of(self.users.ioat_waiting_since, 0), 1);
    for (size_t i = 0; i < 500; i++) self.users.active[i] = 0;
    self.params.ioat_give_up_rate = 50.0;
    self.params.ioat_request_rate = 0.0;
    self.params.ioat_places = 2000.0;
    self.care.month++;
    ioat_month(&self); /* all give up before places are handed out */
    assert_int_equal(count_of(self.users.ioat_waiting_since, 0), PEOPLE);
    assert_int_equal(count_of(self.users.treatment_next, ALLOSTAT_TREATMENT_ioat), 1);
    end(&self);
}

static void naltrexone_is_for_those_free_of_opioids(void **state)
{
    static clinic self;
    const allostat_day first = allostat_month_first_day(MONTH);

    begin(&self, state);
    assert_false(allostat_naltrexone_abstinent(&self.care, 0));
    self.users.active[0] = 0;
    assert_true(allostat_naltrexone_abstinent(&self.care, 0));
    self.users.dependence[0] = 0.3f;
    assert_false(allostat_naltrexone_abstinent(&self.care, 0));
    self.users.active[1] = 0;
    self.users.rx_target[1] = 1.0f;
    assert_false(allostat_naltrexone_abstinent(&self.care, 1));
    self.users.active[2] = 0;
    self.users.oud_severity[2] = 1;
    assert_false(allostat_naltrexone_abstinent(&self.care, 2));
    assert_false(allostat_naltrexone_leaver(&self.care, 3));
    allostat_stay_grant(&self.users, 3, ALLOSTAT_INSTITUTION_detox, first + 2, 7);
    assert_true(allostat_naltrexone_leaver(&self.care, 3));
    allostat_stay_grant(&self.users, 4, ALLOSTAT_INSTITUTION_detox, first + 2, 6);
    assert_false(allostat_naltrexone_leaver(&self.care, 4));
    allostat_stay_grant(&self.users, 5, ALLOSTAT_INSTITUTION_detox, first + 2, 60);
    assert_false(allostat_naltrexone_leaver(&self.care, 5)); /* leaves later */
    self.users.treatment_next[3] = ALLOSTAT_TREATMENT_methadone;
    assert_false(allostat_naltrexone_leaver(&self.care, 3));
    end(&self);
}

static void naltrexone_begins_on_leaving_and_its_places_bind(void **state)
{
    static clinic self;
    const allostat_day first = allostat_month_first_day(MONTH);

    begin(&self, state);
    for (size_t i = 0; i < 100; i++)
        allostat_stay_grant(&self.users, i, ALLOSTAT_INSTITUTION_detox, first + 2, 9);
    naltrexone_month(&self);
    assert_int_equal(count_of(self.users.treatment_next, 0), PEOPLE); /* no places */
    self.params.naltrexone_places = 40.0;
    naltrexone_month(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        if (self.users.treatment_next[i] == 0) continue;
        assert_int_equal(self.users.treatment_next[i], ALLOSTAT_TREATMENT_naltrexone);
        assert_int_equal(self.users.treatment_start[i], first + 11);
        assert_int_equal(self.users.institution_oat[i], 1);
    }
    assert_int_equal(count_of(self.users.treatment_next, 0), PEOPLE - 40);
    naltrexone_month(&self); /* places granted are taken */
    assert_int_equal(count_of(self.users.treatment_next, 0), PEOPLE - 40);
    self.users.active[500] = 0;
    self.params.naltrexone_places = 1000.0;
    self.params.detox_to_naltrexone = 0.0;
    naltrexone_month(&self);
    assert_int_equal(count_of(self.users.treatment_next, 0), PEOPLE - 41);
    assert_int_equal(self.users.treatment_start[500], first);
    end(&self);
}

static void seven_in_ten_of_those_who_ask_for_naltrexone_begin(void **state)
{
    static clinic self;

    begin(&self, state);
    self.params.naltrexone_started = 0.72;
    self.params.naltrexone_places = 1e4;
    for (size_t i = 0; i < PEOPLE; i++) self.users.active[i] = 0;
    naltrexone_month(&self);
    check_close(
        (double)count_of(self.users.treatment_next, ALLOSTAT_TREATMENT_naltrexone) /
            PEOPLE,
        0.72, 5.0 * sqrt(0.72 * 0.28 / PEOPLE));
    end(&self);
}

static void safer_supply_places_bind_and_moves_are_counted(void **state)
{
    static clinic self;
    const allostat_day first = allostat_month_first_day(MONTH);

    begin(&self, state);
    assert_int_equal(safer_month(&self).starts, 0);
    assert_int_equal(count_of(self.users.safer_waiting_since, 0), PEOPLE);
    self.params.safer_supply_places = 300.0;
    assert_int_equal(safer_month(&self).starts, 300);
    assert_int_equal(count_of(self.users.safer_supply, 1), 300);
    assert_int_equal(count_of(self.users.safer_waiting_since, first), 700);
    assert_int_equal(safer_month(&self).starts, 0);
    for (size_t i = 0; i < PEOPLE; i++) self.users.active[i] &= i % 2 == 0;
    const allostat_safer_supply_moves moves = safer_month(&self);
    assert_true(moves.stops > 100 && moves.stops < 200);
    assert_int_equal(moves.starts, moves.stops);
    assert_int_equal(count_of(self.users.safer_supply, 1), 300);
    self.params.safer_supply_places = 0.0;
    self.params.safer_supply_stop_rate = 50.0;
    assert_int_equal(safer_month(&self).stops, 300);
    assert_int_equal(count_of(self.users.safer_supply, 0), PEOPLE);
    end(&self);
}

static void who_may_have_safer_supply(void **state)
{
    static clinic self;

    begin(&self, state);
    self.params.safer_supply_severity_least = 2;
    assert_true(allostat_safer_supply_is_eligible(&self.care, 0));
    self.users.treatment[0] = ALLOSTAT_TREATMENT_methadone; /* beside treatment */
    assert_true(allostat_safer_supply_is_eligible(&self.care, 0));
    self.users.treatment[0] = ALLOSTAT_TREATMENT_naltrexone;
    assert_false(allostat_safer_supply_is_eligible(&self.care, 0));
    self.users.oud_severity[1] = 1;
    assert_false(allostat_safer_supply_is_eligible(&self.care, 1));
    self.users.injects[2] = 0;
    assert_true(allostat_safer_supply_is_eligible(&self.care, 2));
    self.params.safer_supply_injects_only = true;
    assert_false(allostat_safer_supply_is_eligible(&self.care, 2));
    self.users.active[3] = 0;
    assert_false(allostat_safer_supply_is_eligible(&self.care, 3));
    self.users.safer_supply[4] = 1;
    assert_false(allostat_safer_supply_is_eligible(&self.care, 4));
    end(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(injectable_places_bind_and_the_longest_wait_is_served),
        cmocka_unit_test(lists_of_closed_programmes_rest_until_these_open),
        cmocka_unit_test(who_may_have_injectable_treatment),
        cmocka_unit_test(who_waits_may_give_up_or_lose_the_claim),
        cmocka_unit_test(naltrexone_is_for_those_free_of_opioids),
        cmocka_unit_test(naltrexone_begins_on_leaving_and_its_places_bind),
        cmocka_unit_test(seven_in_ten_of_those_who_ask_for_naltrexone_begin),
        cmocka_unit_test(safer_supply_places_bind_and_moves_are_counted),
        cmocka_unit_test(who_may_have_safer_supply),
    };
    return RUN_WITH_DEFAULTS("places", tests);
}
