/* Days lived one by one and many at once are the same days. */
#include "defaults.h"

#include "engine/month.h"
#include "engine/span.h"

#include <string.h>

/* Many overdose and die where others see it. */
typedef struct {
    allostat_epoch epoch[2];
    allostat_scenario scenario;
    allostat_city city;
    allostat_records records;
    allostat_day series_day;
    double kits;
} model;

/* From the 11th of the third month on the drugs are stronger. */
static void model_init(model *self, void **state, int32_t threads)
{
    allostat_params *params = &self->epoch[0].params;
    allostat_error error = {0};

    memset(self, 0, sizeof *self);
    *params = defaults_copy(state);
    self->series_day = params->run_start;
    self->kits = 20000.0;
    params->population_scale = 0.03;
    params->users_initial_count = 150000.0;
    params->overdose_threshold_log -= 1.0;
    params->response_death_witnessed = 0.5;
    params->run_output_start = params->run_start;
    params->naloxone_kits_shipped =
        (allostat_series){1, &self->series_day, &self->kits, ALLOSTAT_INTERPOLATE_step};
    assert_true(allostat_day_parse("2013-12-31", &params->run_end));
    self->epoch[0].first_day = params->run_start;
    self->epoch[1] = self->epoch[0];
    self->epoch[1].params.overdose_threshold_log -= 0.1;
    assert_true(allostat_day_parse("2012-03-11", &self->epoch[1].first_day));
    self->scenario = (allostat_scenario){.epoch_count = 2, .epochs = self->epoch};
    assert_int_equal(
        allostat_city_init(&self->city, &self->scenario, 0, threads, &error),
        ALLOSTAT_OK);
    self->city.rows_that_stay = 0;
    assert_int_equal(allostat_records_init(&self->records, &self->scenario, &error),
                     ALLOSTAT_OK);
}

static void model_free(model *self)
{
    allostat_city_free(&self->city);
    allostat_records_free(&self->records);
}

static void live_days(model *self, allostat_month month, int32_t together)
{
    const allostat_day first = allostat_month_first_day(month);
    const allostat_day end = allostat_month_first_day(month + 1);
    allostat_error error = {0};

    for (allostat_day day = first; day < end; day += together) {
        const allostat_day next = day + together < end ? day + together : end;

        assert_int_equal(allostat_days_run(&self->city, day, next, &error),
                         ALLOSTAT_OK);
    }
}

static void live_months(model *self, int32_t months, int32_t together)
{
    allostat_error error = {0};

    for (int32_t m = 0; m < months; m++) {
        const allostat_month month = self->records.first_month + m;

        assert_int_equal(allostat_month_begin(&self->city, month, &error), ALLOSTAT_OK);
        live_days(self, month, together);
        assert_int_equal(allostat_month_end(&self->city, &self->records, &error),
                         ALLOSTAT_OK);
    }
}

static void assert_same(const model *a, const model *b)
{
    const allostat_users *users = &a->city.users, *other = &b->city.users;
    const allostat_residents *residents = &a->city.residents;
    const allostat_residents *others = &b->city.residents;

    assert_int_equal(users->row_count, other->row_count);
    assert_int_equal(residents->row_count, others->row_count);
#define COLUMN(name, type, unit, about)           \
    assert_memory_equal(users->name, other->name, \
                        users->row_count * sizeof *users->name);
#include "tables/users.def"
#undef COLUMN
#define COLUMN(name, type, unit, about)                \
    assert_memory_equal(residents->name, others->name, \
                        residents->row_count * sizeof *residents->name);
#include "tables/residents.def"
#undef COLUMN
    assert_int_equal(a->city.tally.dead_overdose, b->city.tally.dead_overdose);
    assert_int_equal(a->records.death_count, b->records.death_count);
    assert_memory_equal(a->records.death, b->records.death,
                        (size_t)a->records.death_count * sizeof *a->records.death);
}

static void days_are_the_same_however_many_are_lived_at_once(void **state)
{
    enum { MONTHS = 18 };
    static model by_day, other;
    const int32_t together[] = {5, 13, ALLOSTAT_SPAN_DAYS_MAX};

    model_init(&by_day, state, 1);
    live_months(&by_day, MONTHS, 1);
    assert_int_equal(by_day.city.apart.capacity, 0); /* nobody was apart */
    assert_true(by_day.records.death_count > 50);
    for (size_t i = 0; i < sizeof together / sizeof together[0]; i++) {
        model_init(&other, state, (int32_t)i + 1);
        live_months(&other, MONTHS, together[i]);
        assert_true(other.city.apart.capacity > 0);
        assert_true(other.city.settled.most_bunches > 0);
        assert_same(&by_day, &other);
        model_free(&other);
    }
    model_free(&by_day);
}

static void one_thread_lives_few_users_day_by_day(void **state)
{
    static model self;

    model_init(&self, state, 1);
    self.city.rows_that_stay = ALLOSTAT_ROWS_THAT_STAY;
    live_months(&self, 1, ALLOSTAT_SPAN_DAYS_MAX);
    assert_int_equal(self.city.apart.capacity, 0);
    assert_true(self.city.tally.dead_overdose > 0);
    model_free(&self);
}

/* A death that is seen changes nothing of its witness's days, only the next month. */
static void who_only_sees_a_death_does_not_live_apart(void **state)
{
    static model self;
    allostat_error error = {0};
    int32_t only_saw = 0;

    model_init(&self, state, 1);
    assert_int_equal(allostat_month_begin(&self.city, self.records.first_month, &error),
                     ALLOSTAT_OK);
    live_days(&self, self.records.first_month, ALLOSTAT_SPAN_DAYS_MAX);
    const allostat_users *users = &self.city.users;
    for (size_t row = 0; row < users->street_count; row++) {
        if (users->deaths_seen_month[row] == 0) continue;
        only_saw += self.city.apart.place[row] == 0;
    }
    assert_true(only_saw > 0);
    model_free(&self);
}

/* What the table of columns says of them is true. */
static void days_write_only_what_is_said_to_be_written(void **state)
{
    static model self;
    static allostat_users before;
    allostat_error error = {0};

    model_init(&self, state, 1);
    live_months(&self, 2, ALLOSTAT_SPAN_DAYS_MAX);
    const allostat_month month = self.records.first_month + 2;
    assert_int_equal(allostat_month_begin(&self.city, month, &error), ALLOSTAT_OK);
    const allostat_users *users = &self.city.users;
    const size_t rows = users->street_count;
    assert_int_equal(allostat_users_init(&before, rows, &error), ALLOSTAT_OK);
#define COLUMN(name, type, unit, about) \
    memcpy(before.name, users->name, rows * sizeof(type));
#include "tables/users.def"
#undef COLUMN
    live_days(&self, month, ALLOSTAT_SPAN_DAYS_MAX);
    const allostat_users after = *users;
    /* What others do to a row is in the row itself. */
    memcpy(before.kits, after.kits, rows * sizeof *after.kits);
    memcpy(before.kits_used_month, after.kits_used_month,
           rows * sizeof *after.kits_used_month);
    memcpy(before.kits_gone_month, after.kits_gone_month,
           rows * sizeof *after.kits_gone_month);
    memcpy(before.deaths_seen_month, after.deaths_seen_month,
           rows * sizeof *after.deaths_seen_month);
    memcpy(before.using_ties, after.using_ties, rows * sizeof *after.using_ties);
    memcpy(before.using_count, after.using_count, rows * sizeof *after.using_count);
#define LIVED(name, type, unit, about)
#define COUNTED LIVED
#define COLUMN(name, type, unit, about) \
    assert_memory_equal(before.name, after.name, rows * sizeof(type));
#include "tables/users.def"
#undef COLUMN
    allostat_users_free(&before);
    model_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_the_same_however_many_are_lived_at_once),
        cmocka_unit_test(one_thread_lives_few_users_day_by_day),
        cmocka_unit_test(who_only_sees_a_death_does_not_live_apart),
        cmocka_unit_test(days_write_only_what_is_said_to_be_written),
    };

    return RUN_WITH_DEFAULTS("span", tests);
}
