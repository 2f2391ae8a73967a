#include "defaults.h"

#include "care/aftermath.h"
#include "people/ties.h"

enum { PEOPLE = 20000 };
static const allostat_day DAY = 17000;

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_sites sites;
    allostat_witnesses witnesses;
} town;

/* Active users in one area at home, nobody ever alone, kits always at hand. */
static void town_init(town *self, void **state)
{
    self->params = defaults_copy(state);
    self->params.response_alone_log_odds = -80.0;
    self->params.response_kit_at_hand = 1.0;
    self->params.response_public_share_stable = 0.0;
    self->sites = (allostat_sites){{0}};
    self->witnesses = (allostat_witnesses){0};
    tables_of_users(&self->residents, &self->users, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) self->users.active[i] = 1;
}

static void town_free(town *self)
{
    allostat_witnesses_free(&self->witnesses);
    tables_free(&self->residents, &self->users);
}

static void list_witnesses(town *self)
{
    allostat_error error = {0};

    assert_int_equal(allostat_witnesses_list(&self->witnesses, &self->users,
                                             &self->residents, &error),
                     ALLOSTAT_OK);
}

static allostat_scene scene_of(const town *self, const allostat_whereabouts *now)
{
    return (allostat_scene){
        .params = &self->params,
        .key = allostat_draw_key_make(8, 0),
        .day = DAY,
        .residents = &self->residents,
        .users = &self->users,
        .whereabouts = now,
        .sites = &self->sites,
        .witnesses = &self->witnesses,
    };
}

static allostat_overdose resolve(const town *self, int32_t row)
{
    const allostat_whereabouts now = {.users = &self->users};
    const allostat_scene scene = scene_of(self, &now);
    allostat_overdose overdose = allostat_overdose_begin(&scene, row);

    allostat_overdose_finish(&scene, row, &overdose);
    return overdose;
}

static void check_same(const allostat_overdose *one, const allostat_overdose *other)
{
    assert_int_equal(one->area, other->area);
    assert_int_equal(one->place, other->place);
    assert_int_equal(one->alone, other->alone);
    assert_int_equal(one->witness_row, other->witness_row);
    assert_int_equal(one->with_tie, other->with_tie);
    assert_int_equal(one->kit_row, other->kit_row);
    assert_int_equal(one->attended, other->attended);
    assert_int_equal(one->reversed, other->reversed);
    assert_int_equal(one->fatal, other->fatal);
    assert_int_equal(one->injured, other->injured);
    assert_int_equal(one->stops, other->stops);
    assert_int_equal(one->asks_for_treatment, other->asks_for_treatment);
}

/* Kits for one in two; everybody uses with the next person. */
static void equip(town *self)
{
    self->params.response_alone_log_odds = -1.0;
    self->params.sites_inhalation_share = 0.5;
    self->sites.share[0] = 0.1f;
    for (uint32_t i = 0; i < PEOPLE; i += 2) {
        self->users.kits[i] = 1;
        allostat_tie_make(&self->residents, &self->users, ALLOSTAT_TIE_using, i, i + 1);
    }
}

/* All that concerns the person; who the witness is does not. */
static void check_own(const town *self, int32_t row, const allostat_overdose *own,
                      bool tie_open)
{
    const allostat_whereabouts now = {.users = &self->users};
    const allostat_scene scene = scene_of(self, &now);
    const allostat_overdose all = resolve(self, row);
    allostat_overdose known = *own;

    known.witness_row = all.witness_row;
    if (tie_open) known.with_tie = allostat_overdose_with_tie(&scene, row);
    check_same(&known, &all);
}

/* Others may have spent their kits and stopped by then; of a person's own one is left.
 */
static void what_is_a_persons_own_is_so_whatever_others_do(void **state)
{
    static town self;
    static allostat_response_shared shared;
    const allostat_whereabouts now = {.users = &self.users};
    allostat_overdose own[ALLOSTAT_RESPONSE_TOGETHER];
    allostat_overdose_reach reach[ALLOSTAT_RESPONSE_TOGETHER];
    uint32_t row[ALLOSTAT_RESPONSE_TOGETHER];
    int32_t found[ALLOSTAT_OVERDOSE_own_tie_open + 1] = {0};

    town_init(&self, state);
    equip(&self);
    self.params.response_kit_at_hand = 0.5;
    list_witnesses(&self);
    allostat_scene scene = scene_of(&self, &now);
    for (uint32_t i = 0; i < ALLOSTAT_RESPONSE_TOGETHER; i++) row[i] = 3 * i + 1;
    allostat_overdoses_draw(&scene, &shared, row, ALLOSTAT_RESPONSE_TOGETHER);
    for (size_t i = 0; i < ALLOSTAT_RESPONSE_TOGETHER; i++) {
        scene.which = i;
        reach[i] = allostat_overdose_resolve_own(&scene, (int32_t)row[i], &own[i]);
        found[reach[i]]++;
    }
    for (int32_t others = 0; others < 2; others++) {
        for (size_t i = 0; i < ALLOSTAT_RESPONSE_TOGETHER; i++)
            if (reach[i] != ALLOSTAT_OVERDOSE_of_others)
                check_own(&self, (int32_t)row[i], &own[i],
                          reach[i] == ALLOSTAT_OVERDOSE_own_tie_open);
        for (size_t i = 0; i < PEOPLE; i++) self.users.kits[i] = 0;
        for (size_t i = 0; i < ALLOSTAT_RESPONSE_TOGETHER; i++)
            self.users.kits[row[i]] = own[i].kit_row >= 0;
        for (size_t i = 0; i < PEOPLE; i += 4) self.users.active[i] = 0;
    }
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++)
        assert_true(found[i] > 0);
    town_free(&self);
}

static void those_resolved_together_are_those_resolved_alone(void **state)
{
    static town self;
    static allostat_response_shared shared;
    allostat_response_chances chances;
    allostat_overdose begun[ALLOSTAT_RESPONSE_TOGETHER];
    uint32_t row[ALLOSTAT_RESPONSE_TOGETHER];
    const allostat_whereabouts now = {.users = &self.users};
    int32_t places[ALLOSTAT_PLACE_COUNT] = {0};
    int32_t deaths = 0, alone = 0, with_tie = 0, bystanders = 0;

    town_init(&self, state);
    equip(&self);
    list_witnesses(&self);
    for (uint32_t i = 0; i < ALLOSTAT_RESPONSE_TOGETHER; i++) row[i] = 3 * i + 1;
    allostat_scene scene = scene_of(&self, &now);
    allostat_response_chances_make(&chances, &self.params);
    scene.chances = &chances;
    allostat_overdoses_begin(&scene, &shared, row, ALLOSTAT_RESPONSE_TOGETHER, begun);
    for (uint32_t i = 0; i < ALLOSTAT_RESPONSE_TOGETHER; i++) {
        const allostat_overdose one = resolve(&self, (int32_t)row[i]);

        scene.which = i;
        allostat_overdose_finish(&scene, (int32_t)row[i], &begun[i]);
        check_same(&begun[i], &one);
        deaths += one.fatal;
        alone += one.alone;
        with_tie += one.with_tie;
        bystanders += one.witness_row >= 0 && !one.with_tie;
        places[one.place]++;
    }
    assert_true(deaths > 0 && alone > 0 && with_tie > 0 && bystanders > 0);
    assert_true(places[ALLOSTAT_PLACE_site] > 0);
    town_free(&self);
}

static void apply(town *self, const allostat_overdose *overdose, int32_t row)
{
    const allostat_aftermath after = {
        .params = &self->params,
        .day = DAY,
        .residents = &self->residents,
        .users = &self->users,
        .own = &self->users,
    };

    allostat_overdose_apply(overdose, &after, row);
}

typedef struct {
    double fatal, attended, reversed, alone, injured, stops, asks, kits;
    double place[ALLOSTAT_PLACE_COUNT];
} shares;

/* Shares over everybody's overdose of the day; nothing is applied. */
static shares count(const town *self)
{
    shares found = {0};

    for (int32_t row = 0; row < PEOPLE; row++) {
        const allostat_overdose o = resolve(self, row);
        found.fatal += (double)o.fatal / PEOPLE;
        found.attended += (double)o.attended / PEOPLE;
        found.reversed += (double)o.reversed / PEOPLE;
        found.alone += (double)o.alone / PEOPLE;
        found.injured += (double)o.injured / PEOPLE;
        found.stops += (double)o.stops / PEOPLE;
        found.asks += (double)o.asks_for_treatment / PEOPLE;
        found.kits += (double)(o.kit_row >= 0) / PEOPLE;
        found.place[o.place] += 1.0 / PEOPLE;
    }
    return found;
}

static double logit(double p) { return log(p / (1.0 - p)); }
static double expit(double x) { return 1.0 / (1.0 + exp(-x)); }

static void chances_follow_by_hand(void **state)
{
    allostat_params p = defaults_copy(state);

    p.response_law_awareness = 0.53;
    const double without = logit(0.662 * 0.59) + 2.0;
    check_close(allostat_call_chance(&p, false, false),
                0.47 * expit(without) + 0.53 * expit(without + 0.71), 1e-9);
    p.response_law_awareness = 0.0;
    check_close(allostat_call_chance(&p, true, true), 0.662, 1e-9);
    check_close(allostat_witnessed_death_chance(&p, false, false), 0.059, 1e-12);
    check_close(allostat_witnessed_death_chance(&p, true, false), 0.0086, 1e-12);
    check_close(allostat_witnessed_death_chance(&p, true, true), 0.0086 * 0.588, 1e-12);
    check_close(allostat_injury_chance(3.0, 10.0), 1.0 - exp(-0.3), 1e-12);
    check_close(allostat_injury_chance(0.0, 10.0), 0.0, 0.0);
}

static void
chance_of_being_alone_is_a_logit_of_sex_place_connection_avoidance_and_shutdown(
    void **state)
{
    const allostat_params p = defaults_copy(state);
    const double base = logit(allostat_alone_chance(&p, false, false, 0.5, 0.0, false));

    check_close(logit(allostat_alone_chance(&p, true, false, 0.5, 0.0, false)) - base,
                p.response_alone_male, 1e-9);
    check_close(logit(allostat_alone_chance(&p, false, true, 0.5, 0.0, false)) - base,
                p.response_alone_public, 1e-9);
    check_close(logit(allostat_alone_chance(&p, false, false, 0.9, 0.0, false)) - base,
                p.response_alone_connection * 0.4, 1e-9);
    check_close(logit(allostat_alone_chance(&p, false, false, 0.5, 2.0, false)) - base,
                p.response_alone_avoidance * 2.0, 1e-9);
    check_close(logit(allostat_alone_chance(&p, false, false, 0.5, 0.0, true)) - base,
                p.stress_immobilised_alone, 1e-9);
}

static void a_witnessed_overdose_with_a_kit_uses_exactly_one_kit(void **state)
{
    static town self;
    int64_t used = 0;

    town_init(&self, state);
    self.params.response_death_naloxone = 0.0;
    self.params.response_renarcotisation = 0.0;
    for (size_t i = 0; i < PEOPLE; i++) self.users.kits[i] = 2;
    list_witnesses(&self);
    for (int32_t row = 0; row < PEOPLE; row++) {
        const allostat_overdose overdose = resolve(&self, row);
        assert_int_equal(overdose.kit_row, row); /* the own kit first */
        assert_true(overdose.reversed && !overdose.fatal);
        apply(&self, &overdose, row);
        assert_int_equal(self.users.kits[row], 1);
        assert_int_equal(self.users.kits_used_month[row], 1);
        assert_true(self.users.precipitated[row] > 0.0f);
        used += self.users.kits_used_month[row];
    }
    assert_int_equal(used, PEOPLE);
    town_free(&self);
}

static void without_a_kit_of_ones_own_the_witness_helps(void **state)
{
    static town self;

    town_init(&self, state);
    for (size_t i = 1; i < PEOPLE; i++) self.users.kits[i] = 1;
    list_witnesses(&self);
    const allostat_overdose overdose = resolve(&self, 0);
    assert_true(overdose.kit_row > 0);
    apply(&self, &overdose, 0);
    assert_int_equal(self.users.kits[overdose.kit_row], 0);
    assert_int_equal(self.users.kits_used_month[overdose.kit_row], 1);
    assert_int_equal(self.users.kits[0], 0);
    town_free(&self);
}

static void without_kits_nobody_is_reversed_and_more_die(void **state)
{
    static town self;

    town_init(&self, state);
    list_witnesses(&self);
    const shares bare = count(&self);
    check_close(bare.reversed + bare.kits, 0.0, 0.0);
    const double call = allostat_call_chance(&self.params, false, false);
    check_close(bare.attended, call, 0.018);
    check_close(bare.fatal, 0.059 * (1.0 - call + 0.588 * call), 0.008);
    for (size_t i = 0; i < PEOPLE; i++) self.users.kits[i] = 1;
    const shares helped = count(&self);
    const double call_kit = allostat_call_chance(&self.params, false, true);
    const double late = self.params.response_renarcotisation * 0.059;
    check_close(helped.kits, 1.0, 1e-9);
    check_close(helped.fatal,
                0.0086 * (1.0 - call_kit + 0.588 * call_kit) + (1.0 - call_kit) * late,
                0.004);
    check_close(helped.reversed + helped.fatal, 1.0, 1e-9);
    assert_true(helped.fatal < bare.fatal);
    const double tau = self.params.response_injury_minutes;
    check_close(bare.injured / (1.0 - bare.fatal),
                allostat_injury_chance(self.params.response_hypoxia_witnessed, tau),
                0.011);
    check_close(helped.injured / (1.0 - helped.fatal),
                allostat_injury_chance(self.params.response_hypoxia_naloxone, tau),
                0.007);
    town_free(&self);
}

static void people_alone_are_never_reversed(void **state)
{
    static town self;

    town_init(&self, state);
    self.params.response_alone_log_odds = 80.0;
    self.params.response_death_alone = 0.11;
    for (size_t i = 0; i < PEOPLE; i++) self.users.kits[i] = 2;
    list_witnesses(&self);
    const shares found = count(&self);
    check_close(found.alone, 1.0, 1e-9);
    check_close(found.reversed + found.kits, 0.0, 0.0);
    check_close(found.fatal, 0.11, 0.011);
    check_close(found.attended, 0.11 * self.params.response_found_attended, 0.008);
    check_close(found.asks, 0.0, 0.0); /* nobody attends survivors alone */
    check_close(found.injured,
                0.89 * allostat_injury_chance(self.params.response_hypoxia_alone,
                                              self.params.response_injury_minutes),
                0.017);
    check_close(found.stops, 0.89 * self.params.use_stop_after_overdose, 0.01);
    town_free(&self);
}

static void places_follow_housing_and_the_share_of_the_sites(void **state)
{
    static town self;

    town_init(&self, state);
    list_witnesses(&self);
    for (size_t i = 0; i < PEOPLE; i++) {
        self.residents.housing[i] = ALLOSTAT_HOUSING_unstable;
        self.users.injects[i] = 1;
    }
    self.sites.share[0] = 0.4f;
    self.params.response_public_share_unstable = 0.25;
    self.params.response_death_site = 0.0;
    const shares found = count(&self);
    check_close(found.place[ALLOSTAT_PLACE_site], 0.4, 0.018);
    check_close(found.place[ALLOSTAT_PLACE_public_place], 0.15, 0.013);
    check_close(found.place[ALLOSTAT_PLACE_sro_or_shelter], 0.45, 0.018);
    check_close(found.place[ALLOSTAT_PLACE_private_home], 0.0, 0.0);
    self.sites.share[0] = 1.0f;
    const shares safe = count(&self);
    check_close(safe.fatal + safe.injured + safe.alone + safe.kits, 0.0, 0.0);
    check_close(safe.attended, self.params.response_site_attended, 0.015);
    town_free(&self);
}

static void a_death_takes_the_person_out_and_a_survivor_stays(void **state)
{
    static town self;
    const allostat_overdose fatal = {
        .fatal = true, .alone = true, .kit_row = -1, .witness_row = -1};
    const allostat_overdose survived = {
        .kit_row = -1, .injured = true, .attended = true, .asks_for_treatment = true};
    const allostat_overdose stopped = {.kit_row = -1, .stops = true};

    town_init(&self, state);
    self.users.kits[0] = 2;
    apply(&self, &fatal, 0);
    assert_int_equal(self.residents.status[0], ALLOSTAT_RESIDENT_dead_overdose);
    assert_int_equal(self.users.present[0], 0);
    assert_int_equal(self.users.overdoses_year[0], 1);
    assert_int_equal(self.users.kits_gone_month[0], 2);
    apply(&self, &survived, 1);
    assert_int_equal(self.residents.status[1], ALLOSTAT_RESIDENT_present);
    assert_int_equal(self.users.active[1], 1);
    assert_int_equal(self.users.brain_injury[1], 1);
    assert_int_equal(self.users.waiting_since[1], DAY);
    apply(&self, &stopped, 2);
    assert_int_equal(self.users.active[2], 0);
    assert_int_equal(self.users.in_remission[2], 1);
    assert_int_equal(self.users.cessations_month[2], 1);
    self.users.treatment[3] = ALLOSTAT_TREATMENT_methadone;
    apply(&self, &survived, 3);
    assert_int_equal(self.users.waiting_since[3], 0); /* in treatment already */
    town_free(&self);
}

static void resolving_changes_nothing_and_gives_the_same_again(void **state)
{
    static town self;

    town_init(&self, state);
    for (size_t i = 0; i < PEOPLE; i++) self.users.kits[i] = 1;
    list_witnesses(&self);
    const shares a = count(&self), b = count(&self);
    assert_memory_equal(&a, &b, sizeof a);
    for (size_t i = 0; i < PEOPLE; i++) assert_int_equal(self.users.kits[i], 1);
    town_free(&self);
}

static void those_who_need_not_hide_are_less_often_alone(void **state)
{
    allostat_params p = defaults_copy(state);
    const double before = allostat_alone_chance(&p, true, false, 0.5, 0.0, false);

    p.decriminalisation_alone_log_odds = -0.5;
    check_close(allostat_alone_chance(&p, true, false, 0.5, 0.0, false), before, 0.0);
    p.decriminalisation_awareness = 0.4;
    check_close(allostat_alone_chance(&p, true, false, 0.5, 0.0, false),
                0.6 * before + 0.4 * expit(logit(before) - 0.5), 1e-12);
}

/* All would be alone; a spotter on a line brings an ambulance, one beside brings kits.
 */
static void a_spotter_brings_an_ambulance_or_a_kit(void **state)
{
    static town self;

    town_init(&self, state);
    self.params.response_alone_log_odds = 80.0;
    self.params.response_death_alone = 0.5;
    self.params.spotting_uptake = 1.0;
    self.params.spotting_beside_share = 0.0;
    self.params.spotting_call = 0.6;
    list_witnesses(&self);
    check_close(count(&self).fatal, 0.5, 0.018);
    for (size_t i = 0; i < PEOPLE; i++)
        self.users.spotted[i] = 1, self.users.kits[i] = 1;
    const shares line = count(&self);
    check_close(line.fatal, 0.5 * (0.4 + 0.6 * 0.588), 0.018);
    check_close(line.attended, 0.6, 0.018);
    check_close(line.alone, 1.0, 1e-9);
    check_close(line.kits, 0.0, 0.0);
    self.params.spotting_beside_share = 1.0;
    const shares beside = count(&self);
    check_close(beside.alone, 0.0, 0.0);
    check_close(beside.kits, 1.0, 1e-9);
    assert_true(beside.fatal < 0.02);
    town_free(&self);
}

static void who_has_company_needs_no_spotter(void **state)
{
    static town self;

    town_init(&self, state);
    list_witnesses(&self);
    const shares without = count(&self);
    for (size_t i = 0; i < PEOPLE; i++) self.users.spotted[i] = 1;
    const shares with = count(&self);
    check_close(with.fatal, without.fatal, 0.0);
    check_close(with.attended, without.attended, 0.0);
    town_free(&self);
}

static void a_death_that_is_seen_waits_for_the_month(void **state)
{
    static town self;
    const allostat_overdose seen = {.fatal = true, .kit_row = -1, .witness_row = 7};

    town_init(&self, state);
    const float severity = self.users.ptsd_severity[7];
    apply(&self, &seen, 1);
    apply(&self, &seen, 2);
    assert_int_equal(self.users.deaths_seen_month[7], 2);
    assert_int_equal(self.users.traumas_month[7], 0);
    assert_true(self.users.ptsd_severity[7] == severity);
    self.params.mechanisms_ptsd = false;
    apply(&self, &seen, 3);
    assert_int_equal(self.users.deaths_seen_month[7], 2);
    town_free(&self);
}

static void an_attended_overdose_survived_is_noted_once(void **state)
{
    static town self;
    const allostat_overdose attended = {
        .attended = true, .kit_row = -1, .witness_row = -1};
    const allostat_overdose unseen = {.kit_row = -1, .witness_row = -1};

    town_init(&self, state);
    apply(&self, &unseen, 0);
    apply(&self, &attended, 1);
    self.users.attended_on[2] = 5;
    apply(&self, &attended, 2);
    assert_int_equal(self.users.attended_on[0], 0);
    assert_int_equal(self.users.attended_on[1], DAY);
    assert_int_equal(self.users.attended_on[2], 5);
    town_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chances_follow_by_hand),
        cmocka_unit_test(
            chance_of_being_alone_is_a_logit_of_sex_place_connection_avoidance_and_shutdown),
        cmocka_unit_test(a_witnessed_overdose_with_a_kit_uses_exactly_one_kit),
        cmocka_unit_test(without_a_kit_of_ones_own_the_witness_helps),
        cmocka_unit_test(without_kits_nobody_is_reversed_and_more_die),
        cmocka_unit_test(people_alone_are_never_reversed),
        cmocka_unit_test(places_follow_housing_and_the_share_of_the_sites),
        cmocka_unit_test(a_death_takes_the_person_out_and_a_survivor_stays),
        cmocka_unit_test(resolving_changes_nothing_and_gives_the_same_again),
        cmocka_unit_test(those_who_need_not_hide_are_less_often_alone),
        cmocka_unit_test(a_spotter_brings_an_ambulance_or_a_kit),
        cmocka_unit_test(who_has_company_needs_no_spotter),
        cmocka_unit_test(a_death_that_is_seen_waits_for_the_month),
        cmocka_unit_test(an_attended_overdose_survived_is_noted_once),
        cmocka_unit_test(what_is_a_persons_own_is_so_whatever_others_do),
        cmocka_unit_test(those_resolved_together_are_those_resolved_alone),
    };
    return RUN_WITH_DEFAULTS("response", tests);
}
