#include "check.h"

#include "base/draws.h"

#include <Random123/threefry.h>
#include <stdlib.h>
#include <string.h>

/* Published with Random123 (tests/kat_vectors, "threefry4x32 20"): counter, key,
 * result. */
typedef struct {
    uint32_t counter[4], key[4], result[4];
} known_answer;

static const known_answer known_answers[] = {
    {{0, 0, 0, 0}, {0, 0, 0, 0}, {0x9c6ca96au, 0xe17eae66u, 0xfc10ecd4u, 0x5256a7d8u}},
    {{0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu},
     {0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu},
     {0x2a881696u, 0x57012287u, 0xf6c7446eu, 0xa16a6732u}},
    {{0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u},
     {0xa4093822u, 0x299f31d0u, 0x082efa98u, 0xec4e6c89u},
     {0x59cd1dbbu, 0xb8879579u, 0x86b5d00cu, 0xac8b6d84u}},
};

enum { KNOWN_ANSWER_COUNT = sizeof known_answers / sizeof known_answers[0] };

static void library_gives_the_published_answers(void **state)
{
    (void)state;
    for (int i = 0; i < KNOWN_ANSWER_COUNT; i++) {
        threefry4x32_ctr_t counter, result;
        threefry4x32_key_t key;

        memcpy(counter.v, known_answers[i].counter, sizeof counter.v);
        memcpy(key.v, known_answers[i].key, sizeof key.v);
        memset(&result, 0xca, sizeof result);
        result = threefry4x32_R(20, counter, key);
        assert_memory_equal(result.v, known_answers[i].result, sizeof result.v);
    }
}

static void fill_gives_the_published_answers(void **state)
{
    (void)state;
    for (int i = 0; i < KNOWN_ANSWER_COUNT; i++) {
        const uint32_t *counter = known_answers[i].counter;
        allostat_draw_key key = {.listener = NULL};
        uint32_t bits[4];

        memcpy(key.word, known_answers[i].key, sizeof key.word);
        memset(bits, 0xca, sizeof bits);
        allostat_draws_fill(key, counter[2], (int32_t)counter[1], counter[3], counter,
                            1, 1, bits);
        assert_memory_equal(bits, known_answers[i].result, sizeof bits);
    }
}

static void key_words_are_seed_low_seed_high_replicate_zero(void **state)
{
    (void)state;
    const allostat_draw_key key = allostat_draw_key_make(0x0123456789abcdefu, 77);
    const uint32_t want[4] = {0x89abcdefu, 0x01234567u, 77, 0};

    assert_memory_equal(key.word, want, sizeof want);
}

static void counter_words_are_person_date_call_index(void **state)
{
    (void)state;
    const allostat_draw_key key = allostat_draw_key_make(5, 6);
    const threefry4x32_key_t words = {{5, 0, 6, 0}};

    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
        const allostat_draw_info *info = &allostat_draw_table[draw];
        const threefry4x32_ctr_t counter = {{123, (uint32_t)-456, info->call, 789}};

        assert_int_equal(allostat_draw_bits(key, (allostat_draw)draw, 123, -456, 789),
                         threefry4x32_R(20, counter, words).v[info->lane]);
    }
}

/* Counts that leave every kind of rest behind a vector, and a stride wider than the
 * count. */
static void fill_equals_single_draws_for_every_row(void **state)
{
    (void)state;
    enum { STRIDE = 1031 };
    static const size_t counts[] = {0,  1,  2,  3,  7,    8,    9,     15,
                                    16, 17, 31, 33, 1000, 1024, STRIDE};
    const allostat_draw_key key = allostat_draw_key_make(0xfeedfacecafebeefu, 3);
    uint32_t *person = malloc(STRIDE * sizeof *person);
    uint32_t *bits = malloc(4 * STRIDE * sizeof *bits);

    assert_non_null(person);
    assert_non_null(bits);
    for (uint32_t i = 0; i < STRIDE; i++) person[i] = i * 2654435761u;
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
            const allostat_draw_info *info = &allostat_draw_table[draw];
            const int32_t date = 16000 + (int32_t)c;

            memset(bits, 0xca, 4 * STRIDE * sizeof *bits);
            allostat_draws_fill(key, info->call, date, 2, person, counts[c], STRIDE,
                                bits);
            for (size_t i = 0; i < STRIDE; i++) {
                const uint32_t want = i < counts[c]
                                          ? allostat_draw_bits(key, (allostat_draw)draw,
                                                               person[i], date, 2)
                                          : 0xcacacacau;
                assert_int_equal(bits[info->lane * STRIDE + i], want);
            }
        }
    }
    free(person);
    free(bits);
}

static void draws_are_the_same_while_the_next_rows_are_asked_for(void **state)
{
    enum { STRIDE = 200 };
    static const size_t counts[] = {0, 1, 63, 64, 65, 128, STRIDE};
    const allostat_draw draw = ALLOSTAT_DRAW_home_move;
    const allostat_draw_key key = allostat_draw_key_make(7, 3);
    uint32_t person[STRIDE], bits[4 * STRIDE], wanted[4 * STRIDE];
    const allostat_hint_column column[] = {ALLOSTAT_HINT_COLUMN(person, 1)};
    const allostat_hint_columns next = {column, 1};

    (void)state;
    for (uint32_t i = 0; i < STRIDE; i++) person[i] = i * 2654435761u;
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        const allostat_draw_rows rows = {person, NULL, counts[c], bits, STRIDE};

        memset(bits, 0xca, sizeof bits);
        memset(wanted, 0xca, sizeof wanted);
        allostat_draws_fill(key, allostat_draw_table[draw].call, 99, 0, person,
                            counts[c], STRIDE, wanted);
        allostat_draws_fill_and_hint(key, draw, 99, &rows, &next);
        assert_memory_equal(bits, wanted, sizeof bits);
    }
}

static void rows_with_an_index_of_their_own_equal_single_draws(void **state)
{
    enum { ROWS = 37 };
    const allostat_draw_key key = allostat_draw_key_make(5, 6);
    uint32_t person[ROWS], index[ROWS], bits[ALLOSTAT_DRAW_LANES * ROWS];
    const allostat_draw_info *info = &allostat_draw_table[ALLOSTAT_DRAW_using_end];

    (void)state;
    for (uint32_t i = 0; i < ROWS; i++) {
        person[i] = 3 * i;
        index[i] = 1000000 - 7 * i;
    }
    allostat_draws_fill_rows(key, info->call, 99,
                             &(allostat_draw_rows){person, index, ROWS, bits, ROWS});
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_int_equal(
            bits[info->lane * ROWS + i],
            allostat_draw_bits(key, ALLOSTAT_DRAW_using_end, person[i], 99, index[i]));
    }
}

static void draws_of_one_purpose_equal_single_draws(void **state)
{
    enum { ROWS = 600 }; /* more than are made together */
    const allostat_draw_key key = allostat_draw_key_make(7, 8);
    const allostat_draw draw = ALLOSTAT_DRAW_kit_rank; /* not the first lane */
    uint32_t person[ROWS], index[ROWS], bits[ROWS], plain[ROWS];

    (void)state;
    for (uint32_t i = 0; i < ROWS; i++) {
        person[i] = 5 * i + 1;
        index[i] = i % 3;
    }
    allostat_draws_of(key, draw, 99,
                      &(allostat_draw_rows){person, index, ROWS, bits, 0});
    allostat_draws_of(key, draw, 99,
                      &(allostat_draw_rows){person, NULL, ROWS, plain, 0});
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_int_equal(bits[i],
                         allostat_draw_bits(key, draw, person[i], 99, index[i]));
        assert_int_equal(plain[i], allostat_draw_bits(key, draw, person[i], 99, 0));
    }
}

static void no_two_kinds_of_draw_share_call_and_lane(void **state)
{
    (void)state;
    for (int a = 0; a < ALLOSTAT_DRAW_COUNT; a++) {
        assert_true(allostat_draw_table[a].lane < ALLOSTAT_DRAW_LANES);
        for (int b = a + 1; b < ALLOSTAT_DRAW_COUNT; b++) {
            assert_false(allostat_draw_table[a].call == allostat_draw_table[b].call &&
                         allostat_draw_table[a].lane == allostat_draw_table[b].lane);
            assert_string_not_equal(allostat_draw_table[a].name,
                                    allostat_draw_table[b].name);
        }
    }
}

static void every_kind_of_draw_says_what_it_means(void **state)
{
    (void)state;
    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++)
        assert_true(strlen(allostat_draw_table[draw].about) > 0);
}

/* Of 10^6 pairs of days, 0.0002 equal ones are expected by chance. */
static void a_persons_draws_differ_from_day_to_day(void **state)
{
    (void)state;
    const allostat_draw_key key = allostat_draw_key_make(1, 0);

    for (uint32_t person = 0; person < 1000; person++) {
        uint32_t before =
            allostat_draw_bits(key, ALLOSTAT_DRAW_day_overdose, person, 15999, 0);
        for (int32_t date = 16000; date < 17000; date++) {
            const uint32_t now =
                allostat_draw_bits(key, ALLOSTAT_DRAW_day_overdose, person, date, 0);
            assert_int_not_equal(now, before);
            before = now;
        }
    }
}

static void every_part_of_the_address_changes_the_draw(void **state)
{
    (void)state;
    const allostat_draw_key key = allostat_draw_key_make(1, 0);
    const allostat_draw_key seed = allostat_draw_key_make(2, 0);
    const allostat_draw_key high = allostat_draw_key_make(1 + (1ull << 32), 0);
    const allostat_draw_key replicate = allostat_draw_key_make(1, 1);
    const allostat_draw use = ALLOSTAT_DRAW_day_use, other = ALLOSTAT_DRAW_month_death;
    const uint32_t bits[] = {
        allostat_draw_bits(key, use, 4, 5, 6),
        allostat_draw_bits(seed, use, 4, 5, 6),
        allostat_draw_bits(high, use, 4, 5, 6),
        allostat_draw_bits(replicate, use, 4, 5, 6),
        allostat_draw_bits(key, other, 4, 5, 6),
        allostat_draw_bits(key, use, 5, 5, 6),
        allostat_draw_bits(key, use, 4, 6, 6),
        allostat_draw_bits(key, use, 4, 5, 7),
        allostat_draw_bits(key, use, 5, 4, 6),
    };
    const size_t count = sizeof bits / sizeof bits[0];

    for (size_t a = 0; a < count; a++)
        for (size_t b = a + 1; b < count; b++) assert_int_not_equal(bits[a], bits[b]);
}

static void uniforms_have_mean_half_and_stay_open(void **state)
{
    (void)state;
    const uint32_t count = 1000000;
    const allostat_draw_key key = allostat_draw_key_make(7, 0);
    double sum = 0.0, squares = 0.0;

    for (uint32_t person = 0; person < count; person++) {
        const double u =
            allostat_draw_uniform(key, ALLOSTAT_DRAW_day_use, person, 16000, 0);
        assert_true(u > 0.0 && u < 1.0);
        sum += u;
        squares += (u - 0.5) * (u - 0.5);
    }
    /* five standard errors: of the mean sqrt(1/12), of the square sqrt(1/180) over 1000
     */
    check_close(sum / count, 0.5, 5.0 * 2.887e-4);
    check_close(squares / count, 1.0 / 12.0, 5.0 * 7.454e-5);
}

/* Chi-square with 255 degrees of freedom: mean 255, standard deviation sqrt(510). */
static void check_bytes_are_even(const uint32_t count[256], uint32_t total)
{
    const double expected = total / 256.0;
    double chi_square = 0.0;

    for (int i = 0; i < 256; i++)
        chi_square += (count[i] - expected) * (count[i] - expected) / expected;
    check_close(chi_square, 255.0, 5.0 * sqrt(510.0));
}

static void each_byte_of_a_draw_is_even_over_people_and_over_days(void **state)
{
    (void)state;
    const uint32_t total = 1u << 18;
    const allostat_draw_key key = allostat_draw_key_make(11, 2);
    const allostat_draw draw = ALLOSTAT_DRAW_day_site_visits;

    for (int shift = 0; shift < 32; shift += 8) {
        uint32_t people[256] = {0}, days[256] = {0};

        for (uint32_t i = 0; i < total; i++) {
            people[(allostat_draw_bits(key, draw, i, 16000, 0) >> shift) & 255]++;
            days[(allostat_draw_bits(key, draw, 9, (int32_t)i, 0) >> shift) & 255]++;
        }
        check_bytes_are_even(people, total);
        check_bytes_are_even(days, total);
    }
}

/* Correlation of n independent pairs: standard error 1 / sqrt(n). */
static void draws_of_next_day_next_person_and_next_lane_are_uncorrelated(void **state)
{
    (void)state;
    const uint32_t count = 250000;
    const allostat_draw_key key = allostat_draw_key_make(13, 0);
    const allostat_draw use = ALLOSTAT_DRAW_day_use,
                        overdose = ALLOSTAT_DRAW_day_overdose;
    double day = 0.0, person = 0.0, lane = 0.0;

    for (uint32_t i = 0; i < count; i++) {
        const double u = allostat_draw_uniform(key, use, i, 16000, 0) - 0.5;
        day += u * (allostat_draw_uniform(key, use, i, 16001, 0) - 0.5);
        person += u * (allostat_draw_uniform(key, use, i + 1, 16000, 0) - 0.5);
        lane += u * (allostat_draw_uniform(key, overdose, i, 16000, 0) - 0.5);
    }
    check_close(12.0 * day / count, 0.0, 5.0 / 500.0);
    check_close(12.0 * person / count, 0.0, 5.0 / 500.0);
    check_close(12.0 * lane / count, 0.0, 5.0 / 500.0);
}

static void single_precision_uniform_keeps_small_values_apart(void **state)
{
    (void)state;
    assert_true(allostat_uniform_from_bits(0) > 0.0f);
    assert_true(allostat_uniform_from_bits(1) > allostat_uniform_from_bits(0));
    assert_true(allostat_uniform_from_bits(UINT32_MAX) <= 1.0f);
    check_relative((double)allostat_uniform_from_bits(999), 999.5 / 4294967296.0, 1e-7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(library_gives_the_published_answers),
        cmocka_unit_test(fill_gives_the_published_answers),
        cmocka_unit_test(key_words_are_seed_low_seed_high_replicate_zero),
        cmocka_unit_test(counter_words_are_person_date_call_index),
        cmocka_unit_test(fill_equals_single_draws_for_every_row),
        cmocka_unit_test(draws_are_the_same_while_the_next_rows_are_asked_for),
        cmocka_unit_test(rows_with_an_index_of_their_own_equal_single_draws),
        cmocka_unit_test(draws_of_one_purpose_equal_single_draws),
        cmocka_unit_test(no_two_kinds_of_draw_share_call_and_lane),
        cmocka_unit_test(every_kind_of_draw_says_what_it_means),
        cmocka_unit_test(a_persons_draws_differ_from_day_to_day),
        cmocka_unit_test(every_part_of_the_address_changes_the_draw),
        cmocka_unit_test(uniforms_have_mean_half_and_stay_open),
        cmocka_unit_test(each_byte_of_a_draw_is_even_over_people_and_over_days),
        cmocka_unit_test(draws_of_next_day_next_person_and_next_lane_are_uncorrelated),
        cmocka_unit_test(single_precision_uniform_keeps_small_values_apart),
    };
    return cmocka_run_group_tests_name("draws", tests, NULL, NULL);
}
