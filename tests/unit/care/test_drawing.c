#include "programme.h"

#include "care/drawing.h"
#include "care/waiting.h"

enum { PEOPLE = 2500, FIRST = 1024, ROWS = 1003 };

static void those_who_are_flagged_are_picked_in_row_order(void **state)
{
    static programme self;
    static allostat_drawing drawing;
    uint8_t flag[ROWS];
    size_t wanted = 0;

    programme_init(&self, state, PEOPLE);
    for (size_t i = 0; i < ROWS; i++)
        flag[i] = i % 7 == 3 || (i > 200 && i < 260) || i == ROWS - 1;
    allostat_drawing_pick(&drawing, &self.users, FIRST, ROWS, flag);
    for (size_t i = 0; i < ROWS; i++) {
        if (!flag[i]) continue;
        assert_int_equal(drawing.row[wanted], FIRST + i);
        assert_int_equal(drawing.number[wanted], self.users.number[FIRST + i]);
        assert_int_equal(drawing.index[wanted++], 0);
    }
    assert_int_equal(drawing.count, wanted);
    programme_free(&self);
}

static void everybody_and_nobody_can_be_picked(void **state)
{
    static programme self;
    static allostat_drawing drawing;

    programme_init(&self, state, PEOPLE);
    allostat_drawing_pick_set(&drawing, &self.users, 0, ALLOSTAT_DRAWING_ROWS,
                              self.users.active);
    assert_int_equal(drawing.count, ALLOSTAT_DRAWING_ROWS);
    assert_int_equal(drawing.row[ALLOSTAT_DRAWING_ROWS - 1], ALLOSTAT_DRAWING_ROWS - 1);
    allostat_drawing_pick_set(&drawing, &self.users, 0, ALLOSTAT_DRAWING_ROWS,
                              self.users.treatment);
    assert_int_equal(drawing.count, 0);
    programme_free(&self);
}

static void draws_made_together_are_those_made_alone(void **state)
{
    static programme self;
    static allostat_drawing drawing;

    programme_init(&self, state, PEOPLE);
    const allostat_care_month care = programme_care(&self, PROGRAMME_MONTH);
    for (size_t i = 0; i < PEOPLE; i++) self.users.number[i] = (uint32_t)(7 * i);
    drawing.count = 0;
    for (uint32_t i = 0; i < 100; i++)
        allostat_drawing_add(&drawing, &self.users, 20 * i, i % 3);
    allostat_drawing_make(&drawing, &care, ALLOSTAT_DRAW_kit_loss);
    for (uint32_t i = 0; i < 100; i++) {
        const double alone =
            allostat_draw_uniform(care.key, ALLOSTAT_DRAW_kit_loss, 7 * 20 * i,
                                  allostat_month_first_day(PROGRAMME_MONTH), i % 3);
        assert_true(allostat_drawing_uniform(&drawing, i) == alone);
    }
    programme_free(&self);
}

static void all_who_wait_stand_in_the_queue_by_their_day(void **state)
{
    static programme self;
    size_t wanted = 0;
    allostat_error error = {0};

    programme_init(&self, state, PEOPLE);
    const allostat_care_month care = programme_care(&self, PROGRAMME_MONTH);
    assert_int_equal(allostat_requests_reserve(&self.requests, PEOPLE, &error),
                     ALLOSTAT_OK);
    for (size_t i = 0; i < PEOPLE; i += 3) self.users.waiting_since[i] = (int32_t)i + 1;
    allostat_waiting_queue(&care, self.users.waiting_since, ALLOSTAT_DRAW_oat_rank,
                           &self.requests, 10, PEOPLE - 10);
    for (size_t i = 12; i < PEOPLE; i += 3) {
        assert_int_equal(self.requests.request[wanted].row, i);
        assert_int_equal(self.requests.request[wanted++].order >> 32, i + 1);
    }
    assert_int_equal(self.requests.count, wanted);
    programme_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_who_are_flagged_are_picked_in_row_order),
        cmocka_unit_test(everybody_and_nobody_can_be_picked),
        cmocka_unit_test(draws_made_together_are_those_made_alone),
        cmocka_unit_test(all_who_wait_stand_in_the_queue_by_their_day),
    };
    return RUN_WITH_DEFAULTS("drawing", tests);
}
