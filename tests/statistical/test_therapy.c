/* Behavioural care in a tenth of Vancouver: pairs of cities that share every draw and
 * differ in a therapy. */
#include "fixture.h"

#include "care/response.h"
#include "care/therapy.h"

#include "unit/check.h"

#include <string.h>

enum { MONTHS = 18, SETS_MAX = 8 };

typedef struct {
    allostat_scenario scenario;
    allostat_city city;
    allostat_records records;
    allostat_month next;
} town;

static const char *const base[] = {"population.scale=0.1", "run.end=2015-12-31",
                                   "run.output_start=2012-01-01"};
enum { BASE = 3 };

static void found(town *self, const char *const *changes, int32_t count)
{
    const char *sets[SETS_MAX];
    allostat_error error = {0};

    *self = (town){.next = 0};
    for (int32_t i = 0; i < BASE; i++) sets[i] = base[i];
    for (int32_t i = 0; i < count; i++) sets[BASE + i] = changes[i];
    fixture_scenario(&self->scenario, sets, BASE + count);
    assert_int_equal(allostat_records_init(&self->records, &self->scenario, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_city_init(&self->city, &self->scenario, 0, 1, &error),
                     ALLOSTAT_OK);
    self->next = allostat_month_of_day(self->scenario.epochs[0].params.run_start);
}

static void live(town *self, int32_t months)
{
    fixture_run_months(&self->city, self->next, months, &self->records);
    self->next += months;
}

static void leave(town *self)
{
    allostat_city_free(&self->city);
    allostat_records_free(&self->records);
    allostat_scenario_free(&self->scenario);
}

static void run(town *self, const char *const *changes, int32_t count)
{
    found(self, changes, count);
    live(self, MONTHS);
}

static double of_month(const town *self, allostat_counted series, int32_t month)
{
    const int32_t cells = allostat_records_cells(&self->records);
    double total = 0.0;

    for (int32_t c = 0; c < cells; c++)
        total += self->records.counted[series][month * cells + c];
    return total;
}

static double total(const town *self, allostat_counted series, int32_t first,
                    int32_t end)
{
    double sum = 0.0;

    for (int32_t m = first; m < end; m++) sum += of_month(self, series, m);
    return sum;
}

/* ---- nothing changes ---- */

static bool is_book_of_therapies(const char *column)
{
    return strcmp(column, "courses") == 0 || strstr(column, "therapy_") == column;
}

/* Every column of both tables but those that say who is in which therapy. */
static void assert_same_people(const town *a, const town *b)
{
    const allostat_users *ua = &a->city.users, *ub = &b->city.users;
    const allostat_residents *ra = &a->city.residents, *rb = &b->city.residents;

    assert_int_equal(ua->row_count, ub->row_count);
    assert_int_equal(ra->row_count, rb->row_count);
#define COLUMN(name, type, unit, about) \
    if (!is_book_of_therapies(#name))   \
        assert_memory_equal(ua->name, ub->name, ua->row_count * sizeof(type));
#include "tables/users.def"
#undef COLUMN
#define COLUMN(name, type, unit, about) \
    assert_memory_equal(ra->name, rb->name, ra->row_count * sizeof(type));
#include "tables/residents.def"
#undef COLUMN
}

static bool is_series_of_therapies(int32_t series)
{
    return (series >= ALLOSTAT_COUNTED_people_in_emdr &&
            series < ALLOSTAT_COUNTED_people_in_emdr + ALLOSTAT_THERAPY_COUNT) ||
           series == ALLOSTAT_COUNTED_therapy_waiting ||
           series == ALLOSTAT_COUNTED_therapy_starts ||
           series == ALLOSTAT_COUNTED_therapy_completed ||
           series == ALLOSTAT_COUNTED_therapy_left;
}

static void assert_same_series(const town *a, const town *b)
{
    const size_t bytes = (size_t)allostat_records_cells(&a->records) *
                         (size_t)a->records.month_count * sizeof(int32_t);

    for (int32_t s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        if (!is_series_of_therapies(s))
            assert_memory_equal(a->records.counted[s], b->records.counted[s], bytes);
    }
}

static void closed_therapies_change_nothing_whatever_their_effect(void **state)
{
    static town plain, closed;
    static const char *const changes[] = {
        "therapy.ptsd_g=0.9", "therapy.craving_sd=0.5",
        "therapy.abstinence_log_odds=1.5", "therapy.support_ties=3",
        "therapy.oat_request_ratio=1.8"};

    (void)state;
    run(&plain, NULL, 0);
    run(&closed, changes, 5);
    assert_same_people(&plain, &closed);
    assert_same_series(&plain, &closed);
    leave(&plain);
    leave(&closed);
}

/* Hundreds of courses, and nobody is another person for it. */
static void arms_without_effect_change_nobody_to_the_bit(void **state)
{
    static town plain, arms;
    static const char *const changes[] = {
        "therapy.places={hypnotherapy: 1000, nlp: 1000, emdr: 1000}",
        "therapy.ptsd_g=0", "therapy.request_rate=0.5"};

    (void)state;
    run(&plain, NULL, 0);
    run(&arms, changes, 3);
    assert_true(total(&arms, ALLOSTAT_COUNTED_therapy_starts, 0, MONTHS) > 500.0);
    assert_true(total(&arms, ALLOSTAT_COUNTED_therapy_completed, 0, MONTHS) > 300.0);
    assert_true(of_month(&arms, ALLOSTAT_COUNTED_people_in_nlp, MONTHS - 1) > 80.0);
    assert_same_people(&plain, &arms);
    assert_same_series(&plain, &arms);
    leave(&plain);
    leave(&arms);
}

/* ---- what the others do ---- */

static double mean_severity(const town *self)
{
    const allostat_users *users = &self->city.users;
    double sum = 0.0, count = 0.0;

    for (size_t i = 0; i < users->row_count; i++) {
        if (!users->present[i] || users->rx_only[i]) continue;
        sum += (double)users->ptsd_severity[i];
        count++;
    }
    return sum / count;
}

/* Trauma therapy for everybody with PTSD in care, who are a part of those with PTSD; a
 * course takes 0.136 of severity, so the mean over all users cannot fall by more. */
static void trauma_therapy_lowers_ptsd_of_users(void **state)
{
    static town without, with;
    static const char *const changes[] = {"therapy.places={emdr: 20000}",
                                          "therapy.request_rate={emdr: 10}"};

    (void)state;
    run(&without, NULL, 0);
    run(&with, changes, 2);
    const double before = mean_severity(&without), after = mean_severity(&with);
    print_message("severity of users: %.4f without, %.4f with EMDR\n", before, after);
    assert_true(after < 0.985 * before && after > (1.0 - 0.136) * before);
    leave(&without);
    leave(&with);
}

static double doses_a_user(const town *self, int32_t first, int32_t end)
{
    return total(self, ALLOSTAT_COUNTED_doses, first, end) /
           total(self, ALLOSTAT_COUNTED_active_users, first, end);
}

/* Everybody is paid for a year, then nobody. */
static void contingency_lowers_doses_while_it_is_paid_and_not_after(void **state)
{
    enum { BEGIN = 6, CLOSE = 15, END = 36 };
    static town without, with;
    static const char *const changes[] = {"therapy.places={contingency: 100000}",
                                          "therapy.request_rate={contingency: 20}",
                                          "therapy.drop_out={contingency: 0}",
                                          "therapy.rest_days={contingency: 0}"};

    (void)state;
    found(&without, NULL, 0);
    live(&without, END);
    found(&with, changes, 4);
    live(&with, CLOSE);
    with.scenario.epochs[0].params.therapy_places[ALLOSTAT_THERAPY_contingency] = 0.0;
    live(&with, 1);
    for (size_t i = 0; i < with.city.users.row_count; i++)
        assert_true(with.city.users.doses_less[i] == 0.0f &&
                    with.city.users.lapse_less[i] == 0.0f);
    live(&with, END - CLOSE - 1);
    const double during =
        doses_a_user(&with, BEGIN, CLOSE) / doses_a_user(&without, BEGIN, CLOSE);
    const double after =
        doses_a_user(&with, END - 6, END) / doses_a_user(&without, END - 6, END);
    print_message("doses of an active user: ratio %.3f while paid, %.3f after\n",
                  during, after);
    assert_true(during < 0.90);
    assert_true(fabs(after - 1.0) < 0.03);
    assert_int_equal(of_month(&with, ALLOSTAT_COUNTED_people_in_contingency, CLOSE), 0);
    leave(&without);
    leave(&with);
}

/* Over active users, at home, by the model's own chance. */
static double alone_share(const town *self)
{
    const allostat_users *users = &self->city.users;
    const allostat_params *params = &self->scenario.epochs[0].params;
    double sum = 0.0, count = 0.0;

    for (size_t i = 0; i < users->row_count; i++) {
        if (!users->active[i]) continue;
        sum += allostat_alone_chance(
            params, self->city.residents.sex[users->person[i]] == ALLOSTAT_SEX_male,
            false, (double)users->connection[i], (double)users->avoidance[i],
            users->defence_state[i] == ALLOSTAT_DEFENCE_immobilised);
        count++;
    }
    return sum / count;
}

static double waiting(const town *self)
{
    return total(self, ALLOSTAT_COUNTED_oat_waiting, MONTHS - 6, MONTHS) / 6.0;
}

/* Places in treatment are given, so requests show as people who wait. */
static void peers_raise_connection_and_requests_and_fewer_use_alone(void **state)
{
    static town without, with;
    static const char *const changes[] = {"therapy.places={peer_support: 100000}",
                                          "therapy.request_rate={peer_support: 20}"};
    const int32_t last = MONTHS - 1;

    (void)state;
    run(&without, NULL, 0);
    run(&with, changes, 2);
    const double lonely = alone_share(&without), befriended = alone_share(&with);
    const double *connection[] = {
        without.records.mean[ALLOSTAT_AVERAGED_connection],
        with.records.mean[ALLOSTAT_AVERAGED_connection],
    };
    print_message("alone at home %.3f, with peers %.3f; connection %.3f, %.3f; waiting "
                  "for agonist treatment %.0f, %.0f\n",
                  lonely, befriended, connection[0][last], connection[1][last],
                  waiting(&without), waiting(&with));
    assert_true(befriended < lonely - 0.02);
    assert_true(connection[1][last] > connection[0][last] + 0.08);
    assert_true(waiting(&with) > 1.10 * waiting(&without));
    leave(&without);
    leave(&with);
}

/* ---- places and books ---- */

static int32_t present_in(const town *self, allostat_therapy therapy)
{
    const allostat_users *users = &self->city.users;
    int32_t found = 0;

    for (size_t i = 0; i < users->row_count; i++)
        found += users->present[i] && users->courses[i].month[therapy] != 0;
    return found;
}

/* With far more who ask than places, all are taken; who is gone at a month's end has
 * begun and neither completed nor left, and died or moved. */
static void places_bind_and_courses_are_accounted_for(void **state)
{
    static town self;
    static const char *const changes[] = {"therapy.places={contingency: 500}",
                                          "therapy.request_rate=1"};
    double waited = 0.0, gone = 0.0;
    int32_t in = 0;

    (void)state;
    found(&self, changes, 2);
    for (int32_t m = 0; m < MONTHS; m++) {
        live(&self, 1);
        const int32_t before = in;
        in = present_in(&self, ALLOSTAT_THERAPY_contingency);
        assert_true(in == of_month(&self, ALLOSTAT_COUNTED_people_in_contingency, m));
        assert_in_range(in, 40, 50);
        assert_true(of_month(&self, ALLOSTAT_COUNTED_therapy_waiting, m) > 300.0);
        gone += before + of_month(&self, ALLOSTAT_COUNTED_therapy_starts, m) -
                of_month(&self, ALLOSTAT_COUNTED_therapy_completed, m) -
                of_month(&self, ALLOSTAT_COUNTED_therapy_left, m) - in;
        waited += self.records.city[ALLOSTAT_CITY_therapy_wait_days][m];
    }
    const double starts = total(&self, ALLOSTAT_COUNTED_therapy_starts, 0, MONTHS);
    print_message("%.0f starts after a mean wait of %.0f days; %.0f died or moved\n",
                  starts, waited / starts, gone);
    assert_true(gone >= 0.0 && gone < 0.1 * starts);
    assert_true(waited / starts > 60.0);
    leave(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_therapies_change_nothing_whatever_their_effect),
        cmocka_unit_test(arms_without_effect_change_nobody_to_the_bit),
        cmocka_unit_test(trauma_therapy_lowers_ptsd_of_users),
        cmocka_unit_test(contingency_lowers_doses_while_it_is_paid_and_not_after),
        cmocka_unit_test(peers_raise_connection_and_requests_and_fewer_use_alone),
        cmocka_unit_test(places_bind_and_courses_are_accounted_for),
    };
    return cmocka_run_group_tests_name("therapy", tests, NULL, NULL);
}
