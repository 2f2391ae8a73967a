#include "defaults.h"

#include "care/custody.h"
#include "care/institutions.h"
#include "care/oat.h"
#include "care/therapy.h"
#include "mind/connection.h"
#include "opioid/craving.h"
#include "opioid/use.h"

static const allostat_month MONTH = 12 * 2016;

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_requests requests;
    allostat_month month;
    allostat_therapy_result result;
    allostat_therapy_idle idle;
} clinic;

/* `people` active users with PTSD in treatment; `places` in each therapy; everybody
 * asks, nobody gives up or drops out. */
static void clinic_init(clinic *self, void **state, size_t people, double places)
{
    *self = (clinic){.params = defaults_copy(state), .month = MONTH};
    self->params.population_scale = 1.0;
    self->params.therapy_give_up_rate = 0.0;
    for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++) {
        self->params.therapy_places[t] = places;
        self->params.therapy_request_rate[t] = 50.0;
        self->params.therapy_drop_out[t] = 0.0;
        self->params.therapy_course_days[t] = 90.0;
    }
    tables_of_users(&self->residents, &self->users, people);
    for (size_t i = 0; i < people; i++) {
        self->users.active[i] = 1;
        self->users.treatment[i] = ALLOSTAT_TREATMENT_methadone;
        self->residents.ptsd_severity[i] = 0.8f;
        self->residents.ptsd_chronic[i] = 0.7f;
    }
}

static void clinic_free(clinic *self)
{
    allostat_requests_free(&self->requests);
    tables_free(&self->residents, &self->users);
}

static allostat_care_month care_of(clinic *self)
{
    return (allostat_care_month){
        &self->users, &self->params,   allostat_draw_key_make(4, 0),
        self->month,  &self->requests, NULL};
}

static void next_month(clinic *self)
{
    const allostat_care_month care = care_of(self);
    allostat_error error = {0};

    assert_int_equal(allostat_therapy_month(&care, &self->residents, &self->idle,
                                            &self->result, &error),
                     ALLOSTAT_OK);
    self->month++;
}

static int32_t in_therapy(const clinic *self, allostat_therapy therapy)
{
    int32_t found = 0;

    for (size_t i = 0; i < self->users.row_count; i++)
        found += self->users.courses[i].month[therapy] != 0;
    return found;
}

static int32_t sum_of(const clinic *self, const int32_t *column)
{
    int32_t sum = 0;

    for (size_t i = 0; i < self->users.row_count; i++) sum += column[i];
    return sum;
}

/* ---- equations ---- */

static void a_g_of_one_is_a_standard_deviation_of_uniform_severity(void **state)
{
    double mean = 0.0, square = 0.0;
    const int n = 100000;

    (void)state;
    for (int i = 0; i < n; i++) {
        const double severity = 0.45 + 0.5 * (i + 0.5) / n;
        mean += severity / n;
        square += severity * severity / n;
    }
    const double sd = sqrt(square - mean * mean);
    check_close(allostat_therapy_ptsd_share(1.0, 0.45, 0.95), sd / mean, 1e-8);
    check_close(allostat_therapy_ptsd_share(0.66, 0.45, 0.95), 0.1361, 1e-4);
    check_close(allostat_therapy_ptsd_share(0.0, 0.45, 0.95), 0.0, 0.0);
}

static void harm_never_makes_severity_more_than_full(void **state)
{
    (void)state;
    check_close((double)allostat_therapy_severityf(0.99f, -0.2f), 1.0, 0.0);
    check_close((double)allostat_therapy_severityf(0.5f, -0.2f), 0.6, 1e-7);
    check_close((double)allostat_therapy_severityf(0.5f, 0.0f), 0.5, 0.0);
}

/* The claim itself: odds of exp(-r w) before and after. */
static void the_odds_of_a_clean_sample_rise_by_the_ratio(void **state)
{
    (void)state;
    for (double rate = 0.01; rate < 10.0; rate *= 1.7) {
        for (double days = 1.0; days <= 4.0; days += 1.0) {
            for (double log_odds = -0.4; log_odds < 1.7; log_odds += 0.29) {
                const double after = allostat_abstinence_rate(rate, log_odds, days);
                const double odds = 1.0 / expm1(rate * days);

                check_relative(1.0 / expm1(after * days), odds * exp(log_odds), 1e-9);
            }
        }
    }
}

static void rare_use_falls_by_the_odds_and_frequent_use_by_a_constant(void **state)
{
    (void)state;
    check_close(allostat_abstinence_share(1e-9, 1.05, 2.0), 1.0 - exp(-1.05), 1e-6);
    check_close(allostat_abstinence_share(0.0, 1.05, 2.0), 1.0 - exp(-1.05), 1e-12);
    check_close(allostat_abstinence_rate(9.0, 1.05, 2.0), 9.0 - 1.05 / 2.0, 1e-6);
    check_close(allostat_abstinence_share(2.5, 0.0, 2.0), 0.0, 1e-12);
}

static void a_course_has_whole_months_and_at_least_one(void **state)
{
    (void)state;
    assert_int_equal(allostat_therapy_months(90.0), 3);
    assert_int_equal(allostat_therapy_months(84.0), 3);
    assert_int_equal(allostat_therapy_months(60.0), 2);
    assert_int_equal(allostat_therapy_months(28.0), 1);
    assert_int_equal(allostat_therapy_months(5.0), 1);
    assert_int_equal(allostat_therapy_months(365.25), 12);
}

static void the_share_that_drops_out_does_so_over_the_months(void **state)
{
    (void)state;
    for (int32_t months = 1; months < 13; months++) {
        const double leave = allostat_therapy_leave_chance(0.3, months);
        check_close(pow(1.0 - leave, months), 0.7, 1e-12);
    }
}

/* ---- courses ---- */

static void a_completed_course_lowers_severity_once(void **state)
{
    static clinic self;

    clinic_init(&self, state, 1, 0.0);
    self.params.therapy_places[ALLOSTAT_THERAPY_emdr] = 1.0;
    self.params.therapy_ptsd_g[ALLOSTAT_THERAPY_emdr] = 0.66;
    self.params.therapy_rest_days[ALLOSTAT_THERAPY_emdr] = 365.0;
    const double share = allostat_therapy_ptsd_share(0.66, self.params.ptsd_chronic_low,
                                                     self.params.ptsd_chronic_high);

    for (int month = 0; month < 3; month++) {
        next_month(&self);
        assert_int_equal(self.users.courses[0].month[ALLOSTAT_THERAPY_emdr], month + 1);
        check_close((double)self.residents.ptsd_chronic[0], (double)0.7f, 0.0);
    }
    for (int month = 3; month < 15; month++) {
        next_month(&self);
        assert_int_equal(in_therapy(&self, ALLOSTAT_THERAPY_emdr), 0);
        assert_int_equal(self.users.therapy_completed_month[0], 1);
        check_close((double)self.residents.ptsd_chronic[0], 0.7 * (1.0 - share), 1e-6);
        check_close((double)self.residents.ptsd_severity[0], 0.8 * (1.0 - share), 1e-6);
    }
    next_month(&self); /* a year of rest is over */
    assert_int_equal(in_therapy(&self, ALLOSTAT_THERAPY_emdr), 1);
    assert_int_equal(self.users.therapy_starts_month[0], 2);
    clinic_free(&self);
}

enum { CROWD = 20000 };

/* Standard error 0.0032; four. */
static void those_who_drop_out_are_the_share_and_are_not_healed(void **state)
{
    static clinic self;
    int32_t healed = 0;

    clinic_init(&self, state, CROWD, 0.0);
    self.params.therapy_places[ALLOSTAT_THERAPY_emdr] = CROWD;
    self.params.therapy_ptsd_g[ALLOSTAT_THERAPY_emdr] = 0.66;
    self.params.therapy_drop_out[ALLOSTAT_THERAPY_emdr] = 0.3;
    next_month(&self);
    self.params.therapy_request_rate[ALLOSTAT_THERAPY_emdr] = 0.0;
    for (int month = 1; month < 4; month++) next_month(&self);
    assert_int_equal(in_therapy(&self, ALLOSTAT_THERAPY_emdr), 0);
    const int32_t left = sum_of(&self, self.users.therapy_left_month);
    const int32_t completed = sum_of(&self, self.users.therapy_completed_month);
    assert_int_equal(left + completed, CROWD);
    check_close((double)left / CROWD, 0.3, 0.013);
    for (size_t i = 0; i < CROWD; i++) healed += self.residents.ptsd_chronic[i] < 0.7f;
    assert_int_equal(healed, completed);
    clinic_free(&self);
}

/* ---- places and waiting ---- */

static void places_are_never_exceeded_and_days_are_of_places_taken(void **state)
{
    static clinic self;

    clinic_init(&self, state, 500, 40.0);
    self.params.population_scale = 0.5;
    for (int month = 0; month < 8; month++) {
        const int32_t days = allostat_month_day_count(self.month);

        next_month(&self);
        for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++) {
            assert_int_equal(in_therapy(&self, (allostat_therapy)t), 20);
            assert_int_equal(self.result.days[t], 20 * days);
        }
    }
    clinic_free(&self);
}

/* One place, courses of a month: people start in the order in which they asked, and of
 * two who asked in the same month not always the first of the table. */
static void who_asked_first_starts_first_and_ties_are_drawn(void **state)
{
    static clinic self;
    const allostat_therapy t = ALLOSTAT_THERAPY_nlp;
    int32_t later_first = 0;

    clinic_init(&self, state, 60, 0.0);
    self.params.therapy_places[t] = 1.0;
    self.params.therapy_course_days[t] = 30.0;
    self.params.therapy_request_rate[t] = 0.0;
    self.params.therapy_rest_days[t] = 3650.0;
    for (size_t i = 0; i < 60; i++) /* 59 with 58 first, 1 with 0 last */
        self.users.courses[i].waiting_since[t] = 10000 - (int32_t)i / 2;
    for (int32_t turn = 0; turn < 60; turn++) {
        const int32_t pair = 29 - turn / 2;

        next_month(&self);
        assert_int_equal(in_therapy(&self, t), 1);
        const int odd = self.users.courses[2 * pair + 1].month[t] != 0;
        assert_true(odd || self.users.courses[2 * pair].month[t] != 0);
        later_first += turn % 2 == 0 && odd;
        assert_true(self.result.wait_days > 0);
    }
    assert_in_range(later_first, 5, 25);
    clinic_free(&self);
}

static void people_who_wait_give_up_at_the_rate(void **state)
{
    static clinic self;
    int32_t waiting = 0;

    clinic_init(&self, state, CROWD, 0.0);
    self.params.therapy_places[ALLOSTAT_THERAPY_peer_support] = 1.0;
    next_month(&self);
    self.params.therapy_give_up_rate = 0.1;
    self.params.therapy_request_rate[ALLOSTAT_THERAPY_peer_support] = 0.0;
    next_month(&self);
    for (size_t i = 0; i < CROWD; i++)
        waiting +=
            self.users.courses[i].waiting_since[ALLOSTAT_THERAPY_peer_support] != 0;
    check_close((double)waiting / CROWD, exp(-0.1), 0.009);
    clinic_free(&self);
}

/* ---- whom it is for ---- */

static void trauma_therapy_is_for_people_with_ptsd_in_care(void **state)
{
    static clinic self;
    const allostat_therapy_courses *courses;
    const allostat_therapy t = ALLOSTAT_THERAPY_prolonged_exposure;
    const allostat_day first = allostat_month_first_day(MONTH);

    clinic_init(&self, state, 6, 10.0);
    self.params.therapy_contact[t] = 0.0;
    courses = self.users.courses;
    self.residents.ptsd_severity[1] = 0.3f;
    self.users.treatment[2] = 0;
    self.users.treatment[3] = 0, self.users.released_on[3] = first - 20;
    self.users.treatment[4] = 0, self.users.released_on[4] = first - 40;
    self.users.rx_only[5] = 1, self.users.active[5] = 0;
    next_month(&self);
    assert_int_equal(courses[0].month[t], 1);
    assert_int_equal(courses[1].month[t], 0);
    assert_int_equal(courses[2].month[t], 0);
    assert_int_equal(courses[3].month[t], 1);
    assert_int_equal(courses[4].month[t], 0);
    assert_int_equal(courses[5].month[t] | courses[5].month[ALLOSTAT_THERAPY_nlp], 0);
    assert_int_equal(courses[1].month[ALLOSTAT_THERAPY_peer_support], 1);
    self.params.therapy_contact[t] = 1.0;
    next_month(&self);
    assert_int_equal(courses[2].month[t] & courses[4].month[t], 1);
    clinic_free(&self);
}

static void a_programme_can_be_aimed_at_the_lonely_and_at_those_referred(void **state)
{
    static clinic self;
    const allostat_therapy t = ALLOSTAT_THERAPY_peer_support;
    const allostat_day first = allostat_month_first_day(MONTH);

    clinic_init(&self, state, 4, 10.0);
    self.params.therapy_connection_most[t] = 0.4;
    self.users.connection[0] = 0.5f;
    next_month(&self);
    assert_int_equal(self.users.courses[0].month[t], 0);
    assert_int_equal(self.users.courses[1].month[t], 1);
    clinic_free(&self);

    clinic_init(&self, state, 4, 10.0);
    self.params.therapy_request_rate[t] = 0.0;
    self.params.therapy_after_release[t] = 1.0;
    self.params.therapy_after_trauma[t] = 1.0;
    self.users.released_on[1] = first - 3;
    self.users.traumas_month[2] = 1;
    self.users.in_remission[3] = 1, self.users.active[3] = 0;
    self.users.treatment[3] = 0, self.users.released_on[3] = first - 3;
    next_month(&self);
    assert_int_equal(self.users.courses[0].month[t], 0);
    assert_int_equal(self.users.courses[1].month[t], 1);
    assert_int_equal(self.users.courses[2].month[t], 1);
    assert_int_equal(self.users.courses[3].month[t], 0);
    clinic_free(&self);
}

/* ---- institutions, closing ---- */

static void detox_pauses_a_course_and_its_effect(void **state)
{
    static clinic self;
    const allostat_therapy t = ALLOSTAT_THERAPY_contingency;

    clinic_init(&self, state, 1, 0.0);
    self.params.therapy_places[t] = 1.0;
    self.params.therapy_abstinence_log_odds[t] = 1.05;
    next_month(&self);
    next_month(&self);
    assert_int_equal(self.users.courses[0].month[t], 2);
    assert_true(self.users.doses_less[0] > 0.0f && self.users.lapse_less[0] > 0.0f);
    self.users.institution[0] = ALLOSTAT_INSTITUTION_detox;
    next_month(&self);
    assert_int_equal(self.users.courses[0].month[t], 2);
    assert_true(self.users.doses_less[0] == 0.0f && self.users.lapse_less[0] == 0.0f);
    assert_int_equal(self.result.days[t], 0);
    self.users.institution[0] = ALLOSTAT_INSTITUTION_none;
    next_month(&self);
    assert_int_equal(self.users.courses[0].month[t], 3);
    assert_true(self.users.doses_less[0] > 0.0f);
    next_month(&self);
    assert_int_equal(self.users.therapy_completed_month[0], 1);
    clinic_free(&self);
}

/* Also when custody begins and ends within a month. */
static void custody_ends_courses_waits_and_effects(void **state)
{
    static clinic self;

    clinic_init(&self, state, 40, 20.0);
    for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++)
        self.params.therapy_craving_sd[t] = 0.1;
    self.params.therapy_support_ties[ALLOSTAT_THERAPY_peer_support] = 1.0;
    self.params.therapy_oat_request_ratio[ALLOSTAT_THERAPY_peer_support] = 1.3;
    self.params.custody_rate_active = 1e4;
    self.params.custody_female_ratio = 1.0;
    self.params.mechanisms_custody = true;
    next_month(&self);
    self.month--; /* custody comes after therapy on the same day */
    const allostat_care_month care = care_of(&self);
    allostat_custody_month(&care, &self.residents);
    assert_int_equal(sum_of(&self, self.users.therapy_left_month),
                     20 * ALLOSTAT_THERAPY_COUNT);
    for (size_t i = 0; i < 40; i++) {
        for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++) {
            assert_int_equal(self.users.courses[i].month[t], 0);
            assert_int_equal(self.users.courses[i].waiting_since[t], 0);
        }
        assert_true(self.users.craving_relief[i] == 0.0f &&
                    self.users.programme_ties[i] == 0.0f &&
                    self.users.oat_request_more[i] == 0.0f);
    }
    clinic_free(&self);
}

static void nobody_asks_from_custody(void **state)
{
    static clinic self;

    clinic_init(&self, state, 10, 10.0);
    for (size_t i = 0; i < 10; i++)
        self.users.institution[i] = ALLOSTAT_INSTITUTION_custody;
    next_month(&self);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(
            self.users.courses[i].waiting_since[ALLOSTAT_THERAPY_contingency], 0);
    clinic_free(&self);
}

static void a_therapy_that_closes_lets_everybody_go(void **state)
{
    static clinic self;

    clinic_init(&self, state, 40, 20.0);
    self.params.therapy_abstinence_log_odds[ALLOSTAT_THERAPY_contingency] = 1.05;
    next_month(&self);
    assert_true(self.users.courses[0].month[ALLOSTAT_THERAPY_contingency] |
                self.users.courses[0].waiting_since[ALLOSTAT_THERAPY_contingency]);
    self.params.therapy_places[ALLOSTAT_THERAPY_contingency] = 0.0;
    next_month(&self);
    assert_int_equal(in_therapy(&self, ALLOSTAT_THERAPY_contingency), 0);
    assert_int_equal(in_therapy(&self, ALLOSTAT_THERAPY_peer_support), 20);
    for (size_t i = 0; i < 40; i++) {
        assert_true(self.users.doses_less[i] == 0.0f);
        assert_int_equal(
            self.users.courses[i].waiting_since[ALLOSTAT_THERAPY_contingency], 0);
    }
    clinic_free(&self);
}

/* ---- effects ---- */

/* Clean samples of two days by the model's own daily step, of people who use or do not.
 */
static double count_clean(void **state, bool paid, int32_t active)
{
    enum { USERS = 60000 };
    static clinic self;
    static uint32_t use[USERS], stop[USERS];
    const allostat_draw_key key = allostat_draw_key_make(9, 0);
    allostat_use_terms terms;
    double clean = 0.0;

    clinic_init(&self, state, USERS, paid ? USERS : 0.0);
    self.params.therapy_abstinence_log_odds[ALLOSTAT_THERAPY_contingency] = 1.05;
    self.params.therapy_sample_days = 2.0;
    for (size_t i = 0; i < USERS; i++) {
        self.users.craving[i] = -1.0f;
        self.users.active[i] = active;
        self.users.frailty[i] = 3.0f; /* lapses that are frequent enough to count */
    }
    next_month(&self);
    allostat_use_terms_make(&terms, &self.params, 17000);
    for (int day = 0; day < 2; day++) {
        for (uint32_t i = 0; i < USERS; i++) {
            use[i] = allostat_draw_bits(key, ALLOSTAT_DRAW_day_use, i, day, 0);
            stop[i] = UINT32_MAX;
        }
        allostat_use_step(&terms, &self.users, 0, USERS, use, stop);
    }
    for (size_t i = 0; i < USERS; i++) clean += self.users.doses_month[i] == 0;
    clinic_free(&self);
    return clean / USERS;
}

/* Standard error of a log odds ratio at most 0.09 for the rarest, about 250 clean of
 * 60,000. */
static void contingency_raises_the_odds_of_clean_samples_in_the_daily_step(void **state)
{
    for (int32_t active = 0; active < 2; active++) {
        const double before = count_clean(state, false, active);
        const double during = count_clean(state, true, active);

        check_close(log(during / (1.0 - during)) - log(before / (1.0 - before)), 1.05,
                    active ? 0.15 : 0.05);
    }
}

static void relief_of_craving_is_taken_from_craving_and_from_nothing_else(void **state)
{
    static clinic self;
    allostat_craving_terms terms;

    clinic_init(&self, state, 2, 0.0);
    self.params.therapy_places[ALLOSTAT_THERAPY_hypnotherapy] = 1.0;
    self.params.therapy_craving_sd[ALLOSTAT_THERAPY_hypnotherapy] = 0.2;
    self.users.courses[1].waiting_since[ALLOSTAT_THERAPY_hypnotherapy] = 1;
    next_month(&self);
    allostat_craving_terms_make(&terms, &self.params);
    allostat_craving_step(&terms, &self.users, 0, 2);
    check_close((double)(self.users.craving[0] - self.users.craving[1]), 0.2, 1e-6);
    assert_true(self.users.cue_memory[0] == self.users.cue_memory[1]);
    assert_true(self.users.endogenous_tone[0] == self.users.endogenous_tone[1]);
    clinic_free(&self);
}

static void peers_stand_for_a_tie_of_full_strength(void **state)
{
    static clinic self;

    clinic_init(&self, state, 2, 0.0);
    self.params.therapy_places[ALLOSTAT_THERAPY_peer_support] = 1.0;
    self.params.therapy_support_ties[ALLOSTAT_THERAPY_peer_support] = 1.0;
    self.users.courses[0].waiting_since[ALLOSTAT_THERAPY_peer_support] = 1;
    next_month(&self);
    allostat_connection_settle(&self.params, &self.residents, &self.users);
    check_close((double)self.users.connection[0],
                1.0 - exp(-1.0 / self.params.connection_ties_scale), 1e-6);
    check_close((double)self.users.connection[1], 0.0, 0.0);
    assert_true(self.residents.connection[0] == self.users.connection[0]);
    clinic_free(&self);
}

/* Chances 1 - exp(-r) of 20,000: standard error 0.0019; four. */
static void peers_raise_the_rate_of_asking_for_treatment(void **state)
{
    static clinic self;
    const allostat_day series_day = 0;
    const double none = 0.0;
    allostat_error error = {0};
    allostat_oat_month oat;
    int32_t waiting = 0;

    clinic_init(&self, state, CROWD, 0.0);
    self.params.oat_clients =
        (allostat_series){1, &series_day, &none, ALLOSTAT_INTERPOLATE_step};
    self.params.therapy_places[ALLOSTAT_THERAPY_peer_support] = CROWD;
    self.params.therapy_oat_request_ratio[ALLOSTAT_THERAPY_peer_support] = 1.3;
    for (size_t i = 0; i < CROWD; i++) self.users.treatment[i] = 0;
    next_month(&self);
    self.month--;
    const allostat_care_month care = care_of(&self);
    assert_int_equal(allostat_oat_admit(&care, &oat, &error), ALLOSTAT_OK);
    for (size_t i = 0; i < CROWD; i++) waiting += self.users.waiting_since[i] != 0;
    check_close((double)waiting / CROWD, 1.0 - exp(-1.3 * self.params.oat_request_rate),
                0.0084);
    clinic_free(&self);
}

/* As a city does that has just been read from a file: nothing is known of last month.
 */
static void what_is_known_of_closed_therapies_changes_nothing(void **state)
{
    static clinic known, unknown;

    clinic_init(&known, state, 200, 50.0);
    clinic_init(&unknown, state, 200, 50.0);
    for (int32_t m = 0; m < 12; m++) {
        const double places = m < 3 || m > 7 ? 50.0 : 0.0;
        for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++)
            known.params.therapy_places[t] = unknown.params.therapy_places[t] = places;
        unknown.idle = (allostat_therapy_idle){.without_effects = false};
        next_month(&known);
        next_month(&unknown);
        assert_memory_equal(&known.result, &unknown.result, sizeof known.result);
        assert_memory_equal(known.users.courses, unknown.users.courses,
                            200 * sizeof *known.users.courses);
        assert_memory_equal(known.users.craving_relief, unknown.users.craving_relief,
                            200 * sizeof(float));
    }
    assert_true(in_therapy(&known, ALLOSTAT_THERAPY_emdr) > 0);
    clinic_free(&known);
    clinic_free(&unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_g_of_one_is_a_standard_deviation_of_uniform_severity),
        cmocka_unit_test(harm_never_makes_severity_more_than_full),
        cmocka_unit_test(the_odds_of_a_clean_sample_rise_by_the_ratio),
        cmocka_unit_test(rare_use_falls_by_the_odds_and_frequent_use_by_a_constant),
        cmocka_unit_test(a_course_has_whole_months_and_at_least_one),
        cmocka_unit_test(the_share_that_drops_out_does_so_over_the_months),
        cmocka_unit_test(a_completed_course_lowers_severity_once),
        cmocka_unit_test(those_who_drop_out_are_the_share_and_are_not_healed),
        cmocka_unit_test(places_are_never_exceeded_and_days_are_of_places_taken),
        cmocka_unit_test(who_asked_first_starts_first_and_ties_are_drawn),
        cmocka_unit_test(people_who_wait_give_up_at_the_rate),
        cmocka_unit_test(trauma_therapy_is_for_people_with_ptsd_in_care),
        cmocka_unit_test(a_programme_can_be_aimed_at_the_lonely_and_at_those_referred),
        cmocka_unit_test(detox_pauses_a_course_and_its_effect),
        cmocka_unit_test(custody_ends_courses_waits_and_effects),
        cmocka_unit_test(nobody_asks_from_custody),
        cmocka_unit_test(a_therapy_that_closes_lets_everybody_go),
        cmocka_unit_test(
            contingency_raises_the_odds_of_clean_samples_in_the_daily_step),
        cmocka_unit_test(relief_of_craving_is_taken_from_craving_and_from_nothing_else),
        cmocka_unit_test(peers_stand_for_a_tie_of_full_strength),
        cmocka_unit_test(peers_raise_the_rate_of_asking_for_treatment),
        cmocka_unit_test(what_is_known_of_closed_therapies_changes_nothing),
    };
    return RUN_WITH_DEFAULTS("therapy", tests);
}
