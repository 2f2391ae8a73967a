#include "check.h"

#include "study/audit.h"

#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 300, DAYS = 40, NOTES = PEOPLE * DAYS * 2 };

/* Two purposes of some people on some days, as the generator draws them. */
static allostat_draw_note *draw_all(void)
{
    const allostat_draw_key key = allostat_draw_key_make(11, 0);
    allostat_draw_note *note = calloc(NOTES + 1, sizeof *note);
    size_t count = 0;

    assert_non_null(note);
    for (uint32_t person = 0; person < PEOPLE; person++) {
        for (int32_t day = 0; day < DAYS; day++) {
            for (int d = 0; d < 2; d++) {
                const allostat_draw draw =
                    d == 0 ? ALLOSTAT_DRAW_day_use : ALLOSTAT_DRAW_day_overdose;
                note[count++] = (allostat_draw_note){
                    draw, person, day, 0, allostat_draw_bits(key, draw, person, day, 0),
                    false};
            }
        }
    }
    return note;
}

static size_t at(uint32_t person, int32_t day, int d)
{
    return ((size_t)person * DAYS + (size_t)day) * 2 + (size_t)d;
}

static void draws_of_the_generator_are_well(void **state)
{
    allostat_draw_note *note = draw_all();
    allostat_audit found;

    (void)state;
    allostat_audit_judge(note, NOTES, &found);
    assert_int_equal(found.draws, NOTES);
    assert_int_equal(found.repeated, 0);
    assert_int_equal(found.failed_count, 0);
    /* two are drawn, and no run draws value_parameter */
    assert_int_equal(found.unused, ALLOSTAT_DRAW_COUNT - 3);
    assert_int_equal(found.check_count, 7); /* the last purpose has none after it */
    free(note);
}

static void draw_made_twice_is_found_and_named(void **state)
{
    allostat_draw_note *note = draw_all();
    allostat_audit found;

    (void)state;
    note[NOTES] = note[at(7, 12, 1)];
    allostat_audit_judge(note, NOTES + 1, &found);
    assert_int_equal(found.repeated, 1);
    assert_int_equal(found.repeat.draw, ALLOSTAT_DRAW_day_overdose);
    assert_int_equal(found.repeat.person, 7);
    assert_int_equal(found.repeat.date, 12);
    assert_int_equal(found.draws, NOTES);
    free(note);
}

static void draw_of_a_block_is_read_again_only_where_that_is_meant(void **state)
{
    allostat_draw_note note[] = {
        {ALLOSTAT_DRAW_entry_use, 1, 0, 0, 5, true},
        {ALLOSTAT_DRAW_entry_use, 1, 0, 0, 5, false},
        {ALLOSTAT_DRAW_day_use, 1, 9, 0, 5, true},
        {ALLOSTAT_DRAW_day_use, 1, 9, 0, 5, false},
        {ALLOSTAT_DRAW_entry_use, 1, 0, 0, 5, false},
    };
    allostat_audit found;

    (void)state;
    allostat_audit_judge(note, 2, &found);
    assert_int_equal(found.repeated, 0);
    allostat_audit_judge(note + 2, 2, &found);
    assert_int_equal(found.repeated, 1);
    note[0] = (allostat_draw_note){ALLOSTAT_DRAW_entry_use, 1, 0, 0, 5, true};
    note[1] = note[2] =
        (allostat_draw_note){ALLOSTAT_DRAW_entry_use, 1, 0, 0, 5, false};
    allostat_audit_judge(note, 3, &found);
    assert_int_equal(found.repeated, 1);
}

static void fact_that_holds_for_life_may_be_asked_again(void **state)
{
    allostat_draw_note note[] = {
        {ALLOSTAT_DRAW_user_frailty, 1, 0, 0, 5, false},
        {ALLOSTAT_DRAW_user_frailty, 1, 0, 0, 5, false},
        {ALLOSTAT_DRAW_user_frailty, 1, 0, 0, 5, false},
        {ALLOSTAT_DRAW_rx_rotation, 1, 9, 0, 5, false},
        {ALLOSTAT_DRAW_rx_rotation, 1, 9, 0, 5, false},
    };
    allostat_audit found;

    (void)state;
    allostat_audit_judge(note, 5, &found);
    assert_int_equal(found.repeated, 1);
    assert_int_equal(found.repeat.draw, ALLOSTAT_DRAW_rx_rotation);
    assert_int_equal(found.purpose[ALLOSTAT_DRAW_rx_rotation].repeated, 1);
    assert_int_equal(found.purpose[ALLOSTAT_DRAW_user_frailty].repeated, 0);
    assert_int_equal(found.purpose[ALLOSTAT_DRAW_user_frailty].draws, 1);
}

/* Sets a share of the draws so that one check must fail, and expects just that. */
static void expect_failure(allostat_draw_note *note, allostat_draw draw,
                           allostat_audit_check check)
{
    allostat_audit found;

    allostat_audit_judge(note, NOTES, &found);
    assert_true(found.failed_count > 0);
    assert_true(found.purpose[draw].p[check] < found.limit);
    free(note);
}

static void draws_that_are_not_uniform_are_found(void **state)
{
    allostat_draw_note *note = draw_all();

    (void)state;
    for (size_t i = 0; i < NOTES; i += 20) note[i].bits = 0x10000000u;
    expect_failure(note, ALLOSTAT_DRAW_day_use, ALLOSTAT_AUDIT_uniform);
}

static void days_that_hang_together_are_found(void **state)
{
    allostat_draw_note *note = draw_all();

    (void)state;
    for (uint32_t p = 0; p < PEOPLE; p++) {
        for (int32_t day = 1; day < DAYS; day += 4)
            note[at(p, day, 0)].bits = note[at(p, day - 1, 0)].bits;
    }
    expect_failure(note, ALLOSTAT_DRAW_day_use, ALLOSTAT_AUDIT_days);
}

static void people_who_share_their_draws_are_found(void **state)
{
    allostat_draw_note *note = draw_all();

    (void)state;
    for (uint32_t p = 1; p < PEOPLE; p += 4) {
        for (int32_t day = 0; day < DAYS; day++)
            note[at(p, day, 1)].bits = note[at(p - 1, day, 1)].bits;
    }
    expect_failure(note, ALLOSTAT_DRAW_day_overdose, ALLOSTAT_AUDIT_people);
}

static void purposes_that_share_their_draws_are_found(void **state)
{
    allostat_draw_note *note = draw_all();

    (void)state;
    for (uint32_t p = 0; p < PEOPLE; p += 4) {
        for (int32_t day = 0; day < DAYS; day++)
            note[at(p, day, 1)].bits = note[at(p, day, 0)].bits;
    }
    expect_failure(note, ALLOSTAT_DRAW_day_use, ALLOSTAT_AUDIT_purposes);
}

static void keep_last(void *context, const allostat_draw_note *note)
{
    memcpy(context, note, sizeof *note);
}

static void listener_hears_of_draws_made_alone_and_in_blocks(void **state)
{
    allostat_draw_note last = {0};
    const allostat_draw_listener listener = {keep_last, &last};
    allostat_draw_key key = allostat_draw_key_make(3, 1);
    const uint32_t person[] = {40, 41};
    uint32_t bits[ALLOSTAT_DRAW_LANES * 2], alone;

    (void)state;
    key.listener = &listener;
    alone = allostat_draw_bits(key, ALLOSTAT_DRAW_day_cessation, 41, 77, 0);
    assert_int_equal(last.draw, ALLOSTAT_DRAW_day_cessation);
    assert_int_equal(last.bits, alone);
    assert_false(last.in_block);
    allostat_draws_fill(key, allostat_draw_table[ALLOSTAT_DRAW_day_use].call, 77, 0,
                        person, 2, 2, bits);
    assert_int_equal(last.draw, ALLOSTAT_DRAW_day_cessation); /* the last of the call */
    assert_int_equal(last.person, 41);
    assert_int_equal(last.date, 77);
    assert_int_equal(last.bits, alone);
    assert_true(last.in_block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_of_the_generator_are_well),
        cmocka_unit_test(draw_made_twice_is_found_and_named),
        cmocka_unit_test(draw_of_a_block_is_read_again_only_where_that_is_meant),
        cmocka_unit_test(fact_that_holds_for_life_may_be_asked_again),
        cmocka_unit_test(draws_that_are_not_uniform_are_found),
        cmocka_unit_test(days_that_hang_together_are_found),
        cmocka_unit_test(people_who_share_their_draws_are_found),
        cmocka_unit_test(purposes_that_share_their_draws_are_found),
        cmocka_unit_test(listener_hears_of_draws_made_alone_and_in_blocks),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
