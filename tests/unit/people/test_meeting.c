#include "check.h"

#include "people/meeting.h"

#include <string.h>

enum { PEOPLE = 4000, AREAS = 4, BANDS = 3, LISTS_MAX = 200 };

/* What a tie was made of: the partner of each person, plus 1. */
typedef struct {
    uint32_t partner[PEOPLE];
    bool refuse;
    bool is_expected[PEOPLE]; /* asked whether when `expects` */
    bool expects;
    size_t first_count; /* for so many seekers places are chosen; 0: for all */
    allostat_share share;
    size_t lists; /* in which seekers come; 0: into the meeting's own */
} couples;

static bool marry(void *context, uint32_t a, uint32_t b)
{
    couples *self = context;

    assert_int_not_equal(a, b);
    assert_int_equal(self->partner[a], 0);
    assert_int_equal(self->partner[b], 0);
    if (self->expects) assert_true(self->is_expected[a] && self->is_expected[b]);
    if (self->refuse) return false;
    self->partner[a] = b + 1;
    self->partner[b] = a + 1;
    return true;
}

static void expect(void *context, uint32_t person)
{
    couples *self = context;

    self->is_expected[person] = true;
}

static uint32_t scramble(uint32_t x)
{
    x = (x ^ (x >> 16)) * 0x45d9f3bu;
    x = (x ^ (x >> 16)) * 0x45d9f3bu;
    return x ^ (x >> 16);
}

enum { ANY_POOL = ALLOSTAT_POOL_COUNT };

/* Those who are told are all who looked and have no partner, each once. */
static void check_alone(const couples *self, const allostat_meeting *meeting,
                        uint32_t skipped)
{
    static bool told[PEOPLE];

    memset(told, 0, sizeof told);
    for (size_t i = 0; i < meeting->alone_count; i++) {
        assert_false(told[meeting->seeker[i].person]);
        told[meeting->seeker[i].person] = true;
    }
    for (uint32_t i = 0; i < PEOPLE; i++)
        assert_int_equal(told[i], i != skipped && self->partner[i] == 0);
}

/* The meeting's seekers come in so many lists, the first and the last of them empty. */
static void join_lists(allostat_meeting *self, size_t lists)
{
    static allostat_seeker seeker[PEOPLE];
    static allostat_seeker_list list[LISTS_MAX];
    const size_t count = self->count;
    allostat_error error = {0};
    size_t first = 0;

    memcpy(seeker, self->seeker, count * sizeof *seeker);
    allostat_meeting_free(self);
    for (size_t i = 0; i < lists; i++) {
        const size_t end =
            i + 1 < lists ? count * i * i / ((lists - 2) * (lists - 2)) : count;

        list[i] =
            (allostat_seeker_list){.count = end - first, .seeker = seeker + first};
        first = end;
    }
    assert_int_equal(allostat_meeting_join(self, list, lists, &error), ALLOSTAT_OK);
    assert_int_equal(self->count, count);
}

/* Seekers first .. first + count - 1, those of `skipped` left out, put in backwards if
 * wanted. */
static int32_t pair(couples *self, uint32_t skipped, bool backwards, uint8_t pool)
{
    allostat_meeting meeting = {0};
    allostat_error error = {0};
    int32_t made = 0;

    memset(self->partner, 0, sizeof self->partner);
    memset(self->is_expected, 0, sizeof self->is_expected);
    assert_int_equal(allostat_meeting_reserve(&meeting, PEOPLE, &error), ALLOSTAT_OK);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        const uint32_t person = backwards ? PEOPLE - 1 - i : i;

        if (i > 0 && i == self->first_count)
            allostat_meeting_choose_places(&meeting, self->share);
        if (person == skipped) continue;
        allostat_meeting_add(
            &meeting,
            (allostat_seeker){
                .person = person,
                .meeting = scramble(person + 1),
                .rank = scramble(person + 77777),
                .area = (uint8_t)(scramble(person + 5) % AREAS),
                .band = (uint8_t)(scramble(person + 9) % BANDS),
                .pool = pool < ANY_POOL ? pool
                                        : (uint8_t)(scramble(person + 3) % ANY_POOL)});
    }
    if (self->lists > 0) join_lists(&meeting, self->lists);
    assert_int_equal(allostat_meeting_pair(
                         &meeting, (allostat_pairing){marry, expect, self, self->share},
                         &made, &error),
                     ALLOSTAT_OK);
    assert_int_equal(meeting.count, 0);
    check_alone(self, &meeting, skipped);
    allostat_meeting_free(&meeting);
    return made;
}

static void nearly_everybody_finds_somebody(void **state)
{
    couples found = {.refuse = false};

    (void)state;
    assert_in_range(pair(&found, PEOPLE, false, ALLOSTAT_POOL_area_and_age),
                    PEOPLE / 2 - 10, PEOPLE / 2);
}

static void most_pairs_share_area_and_age_when_they_look_for_it(void **state)
{
    couples found = {.refuse = false};
    int32_t alike = 0, paired = 0;

    (void)state;
    (void)pair(&found, PEOPLE, false, ALLOSTAT_POOL_area_and_age);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        if (found.partner[i] == 0) continue;
        const uint32_t other = found.partner[i] - 1;
        paired++;
        alike += scramble(i + 5) % AREAS == scramble(other + 5) % AREAS &&
                 scramble(i + 9) % BANDS == scramble(other + 9) % BANDS;
    }
    assert_true(alike > 9 * paired / 10);
}

static void pairs_do_not_depend_on_the_order_of_seekers(void **state)
{
    couples forwards = {.refuse = false}, backwards = {.refuse = false};

    (void)state;
    for (uint8_t pool = 0; pool <= ANY_POOL; pool++) {
        (void)pair(&forwards, PEOPLE, false, pool);
        (void)pair(&backwards, PEOPLE, true, pool);
        assert_memory_equal(forwards.partner, backwards.partner,
                            sizeof forwards.partner);
    }
}

/* What threads may do: blocks from the last to the first. */
static void run_backwards(const allostat_share *share, allostat_share_cut cut,
                          allostat_share_work work, void *context)
{
    (void)share;
    for (size_t block = allostat_share_block_count(cut); block-- > 0;)
        allostat_share_do_block(cut, block, work, context);
}

/* And parts of blocks, now one and now three at once. */
static void run_apart(const allostat_share *share, allostat_share_cut cut,
                      allostat_share_work work, void *context)
{
    const size_t some[] = {1, 3};
    size_t end = (cut.row_count + cut.least - 1) / cut.least;

    (void)share;
    while (end > 0) {
        const size_t last = (end - 1) * cut.least / cut.most * (cut.most / cut.least);
        const size_t wanted = some[end % 2];
        const size_t from = end - last > wanted ? end - wanted : last;
        const size_t first = from * cut.least, edge = end * cut.least;

        work(context, first / cut.most, first,
             (edge < cut.row_count ? edge : cut.row_count) - first);
        end = from;
    }
}

/* In places that were chosen for as many. */
static void check_shared(size_t first_count)
{
    couples alone = {.first_count = first_count},
            backwards = {.first_count = first_count,
                         .share = {.thread_count = 3, .run = run_backwards}},
            apart = {.first_count = first_count,
                     .share = {.thread_count = 2, .run = run_apart}};

    for (uint8_t pool = 0; pool <= ANY_POOL; pool++) {
        const int32_t made = pair(&alone, PEOPLE, false, pool);

        assert_int_equal(pair(&backwards, PEOPLE, false, pool), made);
        assert_int_equal(pair(&apart, PEOPLE, false, pool), made);
        assert_memory_equal(alone.partner, backwards.partner, sizeof alone.partner);
        assert_memory_equal(alone.partner, apart.partner, sizeof alone.partner);
    }
}

static void pairs_do_not_depend_on_who_shares_them_out(void **state)
{
    (void)state;
    check_shared(0);
}

static void pairs_of_crowded_places_do_not_depend_on_it_either(void **state)
{
    (void)state;
    check_shared(PEOPLE / 100);
}

static void nobody_is_tried_whom_nobody_expected(void **state)
{
    couples alone = {.expects = true},
            shared = {.expects = true, .share = {.thread_count = 2, .run = run_apart}};

    (void)state;
    assert_true(pair(&alone, PEOPLE, false, ANY_POOL) > 0);
    assert_true(pair(&shared, PEOPLE, false, ANY_POOL) > 0);
}

static void pairs_do_not_depend_on_the_lists_in_which_seekers_come(void **state)
{
    static const size_t counts[] = {3, 64, LISTS_MAX};
    couples one = {.refuse = false}, many = {.share = {3, run_backwards, NULL, NULL}};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        many.lists = counts[i];
        assert_int_equal(pair(&one, PEOPLE, false, ANY_POOL),
                         pair(&many, PEOPLE, false, ANY_POOL));
        assert_memory_equal(one.partner, many.partner, sizeof one.partner);
    }
}

/* Whoever is missing changes his own meeting place, and what is left over from it. */
static void one_person_less_changes_few_pairs(void **state)
{
    couples all = {.refuse = false}, without = {.refuse = false};
    int32_t changed = 0;

    (void)state;
    (void)pair(&all, PEOPLE, false, ALLOSTAT_POOL_area_and_age);
    (void)pair(&without, 1234, false, ALLOSTAT_POOL_area_and_age);
    for (uint32_t i = 0; i < PEOPLE; i++)
        changed += all.partner[i] != without.partner[i];
    assert_in_range(changed, 1, 100);
}

static void people_who_refuse_everybody_stay_alone_and_are_told(void **state)
{
    couples found = {.refuse = true};

    (void)state;
    assert_int_equal(pair(&found, PEOPLE, false, ALLOSTAT_POOL_age), 0);
}

static void homophily_adds_to_chance_what_is_missing(void **state)
{
    const double chance = 0.35, wanted = 0.68;
    const double often = allostat_homophily(wanted, chance);

    (void)state;
    check_close(often + (1.0 - often) * chance, wanted, 1e-12);
    check_close(allostat_homophily(0.3, 0.5), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearly_everybody_finds_somebody),
        cmocka_unit_test(most_pairs_share_area_and_age_when_they_look_for_it),
        cmocka_unit_test(pairs_do_not_depend_on_the_order_of_seekers),
        cmocka_unit_test(pairs_do_not_depend_on_who_shares_them_out),
        cmocka_unit_test(pairs_of_crowded_places_do_not_depend_on_it_either),
        cmocka_unit_test(nobody_is_tried_whom_nobody_expected),
        cmocka_unit_test(pairs_do_not_depend_on_the_lists_in_which_seekers_come),
        cmocka_unit_test(one_person_less_changes_few_pairs),
        cmocka_unit_test(people_who_refuse_everybody_stay_alone_and_are_told),
        cmocka_unit_test(homophily_adds_to_chance_what_is_missing),
    };
    return cmocka_run_group_tests_name("meeting", tests, NULL, NULL);
}
