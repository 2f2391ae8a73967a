/* A small city is written down and read back; every shorter text of it is refused. */
#include "defaults.h"

#include "engine/checkpoint.h"
#include "engine/span.h"
#include "engine/month.h"

#include <string.h>

typedef struct {
    allostat_epoch epoch;
    allostat_scenario scenario;
    allostat_city city;
    allostat_records records;
    allostat_month month;
    allostat_bytes bytes;
} model;

/* A city after its first two months, and its bytes. */
static void model_init(model *self, void **state)
{
    allostat_params *params = &self->epoch.params;
    allostat_error error = {0};

    memset(self, 0, sizeof *self);
    self->epoch.params = defaults_copy(state);
    self->epoch.first_day = params->run_start;
    params->population_scale = 0.001;
    params->users_initial_count = 150000.0;
    params->run_output_start = params->run_start;
    assert_true(allostat_day_parse("2012-12-31", &params->run_end));
    self->scenario = (allostat_scenario){.epoch_count = 1, .epochs = &self->epoch};
    assert_int_equal(allostat_city_init(&self->city, &self->scenario, 0, 1, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_records_init(&self->records, &self->scenario, &error),
                     ALLOSTAT_OK);
    self->month = self->records.first_month + 2;
    for (allostat_month m = self->records.first_month; m < self->month; m++) {
        const allostat_day first = allostat_month_first_day(m);
        assert_int_equal(allostat_month_begin(&self->city, m, &error), ALLOSTAT_OK);
        assert_int_equal(allostat_days_run(&self->city, first,
                                           first + allostat_month_day_count(m), &error),
                         ALLOSTAT_OK);
        assert_int_equal(allostat_month_end(&self->city, &self->records, &error),
                         ALLOSTAT_OK);
    }
    assert_int_equal(allostat_checkpoint_write(&self->city, &self->records, self->month,
                                               &self->bytes, &error),
                     ALLOSTAT_OK);
}

static void model_free(model *self)
{
    allostat_city_free(&self->city);
    allostat_records_free(&self->records);
    allostat_bytes_free(&self->bytes);
}

static allostat_status read_back(const model *self, size_t size, allostat_city *city,
                                 allostat_records *records, allostat_error *error)
{
    assert_int_equal(allostat_city_init_empty(city, &self->scenario, self->city.key,
                                              (allostat_share){0}, error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_records_init(records, &self->scenario, error),
                     ALLOSTAT_OK);
    return allostat_checkpoint_read(city, records, self->month, self->bytes.data, size,
                                    error);
}

static void what_was_read_is_written_again_the_same(void **state)
{
    static model self;
    allostat_city city;
    allostat_records records;
    allostat_bytes again = {0};
    allostat_error error = {0};

    model_init(&self, state);
    assert_int_equal(read_back(&self, self.bytes.size, &city, &records, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_city_verify(&city, &error), ALLOSTAT_OK);
    assert_int_equal(
        allostat_checkpoint_write(&city, &records, self.month, &again, &error),
        ALLOSTAT_OK);
    assert_int_equal(again.size, self.bytes.size);
    assert_memory_equal(again.data, self.bytes.data, again.size);
    allostat_bytes_free(&again);
    allostat_city_free(&city);
    allostat_records_free(&records);
    model_free(&self);
}

static void too_few_or_too_many_bytes_are_refused(void **state)
{
    static model self;
    allostat_error error = {0};

    model_init(&self, state);
    const size_t step = self.bytes.size / 97;
    assert_int_equal(allostat_bytes_append(&self.bytes, "x", 1, &error), ALLOSTAT_OK);
    for (size_t size = 0; size <= self.bytes.size; size += step) {
        allostat_city city;
        allostat_records records;
        assert_int_equal(read_back(&self, size, &city, &records, &error),
                         ALLOSTAT_ERROR_DATA);
        allostat_city_free(&city);
        allostat_records_free(&records);
    }
    allostat_city city;
    allostat_records records;
    assert_int_equal(read_back(&self, self.bytes.size, &city, &records, &error),
                     ALLOSTAT_ERROR_DATA);
    assert_non_null(strstr(error.message, "longer"));
    allostat_city_free(&city);
    allostat_records_free(&records);
    model_free(&self);
}

static void more_users_than_there_was_room_for_are_read(void **state)
{
    static model self;
    allostat_city city;
    allostat_records records;
    allostat_error error = {0};

    model_init(&self, state);
    const size_t users = self.city.users.row_count;
    self.epoch.params.users_initial_count = 1.0; /* what room is made for */
    assert_true(users > 0);
    assert_int_equal(read_back(&self, self.bytes.size, &city, &records, &error),
                     ALLOSTAT_OK);
    assert_int_equal(city.users.row_count, users);
    allostat_city_free(&city);
    allostat_records_free(&records);
    model_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_read_is_written_again_the_same),
        cmocka_unit_test(too_few_or_too_many_bytes_are_refused),
        cmocka_unit_test(more_users_than_there_was_room_for_are_read),
    };

    return RUN_WITH_DEFAULTS("checkpoint", tests);
}
