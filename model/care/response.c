#include "care/response.h"

#include "base/hint.h"
#include "mind/ptsd.h"
#include "people/ties.h"

#include <string.h>

/* The row itself, which has not been looked at since it lived the day. */
static void fetch_row(const allostat_users *users, size_t row)
{
    allostat_fetch(&users->injects[row]);
    allostat_fetch(&users->connection[row]);
    allostat_fetch(&users->avoidance[row]);
    allostat_fetch(&users->defence_state[row]);
    allostat_fetch(&users->spotted[row]);
    allostat_fetch(&users->brain_injury[row]);
    allostat_fetch(&users->ptsd_severity[row]);
    allostat_fetch(&users->traumas_month[row]);
    allostat_fetch(&users->overdoses_year[row]);
    allostat_fetch(&users->attended_on[row]);
    allostat_fetch(&users->overdosed_month[row]);
}

/* Calls of draws.def, and the lane of a draw among those that are made together; -1 of
 * one that is made alone. */
enum {
#define ALLOSTAT_DRAW_ROW(name, call, lane, about) CALL_##name = (call),
#include "tables/draws.def"
#undef ALLOSTAT_DRAW_ROW
};

/* The calls that are made together, each by one of its draws. */
static const uint32_t calls[ALLOSTAT_RESPONSE_CALLS] = {
    CALL_overdose_area, CALL_overdose_own_kit, CALL_overdose_return,
    CALL_overdose_company};

static const int8_t lane_together[ALLOSTAT_DRAW_COUNT] = {
#define LANE(number, lane) ((number) * (int)ALLOSTAT_DRAW_LANES + (lane))
#define ALLOSTAT_DRAW_ROW(name, call, lane, about)    \
    (call) == CALL_overdose_area      ? LANE(0, lane) \
    : (call) == CALL_overdose_own_kit ? LANE(1, lane) \
    : (call) == CALL_overdose_return  ? LANE(2, lane) \
    : (call) == CALL_overdose_company ? LANE(3, lane) \
                                      : -1,
#include "tables/draws.def"
#undef ALLOSTAT_DRAW_ROW
#undef LANE
};

static void draw_together(allostat_response_shared *self, const allostat_scene *scene,
                          const uint32_t *row, size_t count)
{
    uint32_t number[ALLOSTAT_RESPONSE_TOGETHER];

    for (size_t i = 0; i < count; i++) number[i] = scene->users->number[row[i]];
    for (int32_t c = 0; c < ALLOSTAT_RESPONSE_CALLS; c++) {
        allostat_draws_fill(allostat_draw_key_of_numbers(scene->key), calls[c],
                            scene->day, 0, number, count, ALLOSTAT_RESPONSE_TOGETHER,
                            self->bits[c * ALLOSTAT_DRAW_LANES]);
    }
}

static double uniform(const allostat_scene *scene, int32_t row, allostat_draw draw)
{
    const int32_t lane = lane_together[draw];

    if (scene->shared != NULL && lane >= 0)
        return allostat_double_uniform_from_bits(
            scene->shared->bits[lane][scene->which]);
    return allostat_draw_uniform(scene->key, draw, scene->users->person[row],
                                 scene->day, 0);
}

static bool happens(const allostat_scene *scene, int32_t row, allostat_draw draw,
                    double chance)
{
    return uniform(scene, row, draw) < chance;
}

static double hypoxia_minutes(const allostat_params *p, allostat_hypoxia hypoxia)
{
    switch (hypoxia) {
    case ALLOSTAT_HYPOXIA_alone:
        return p->response_hypoxia_alone;
    case ALLOSTAT_HYPOXIA_witnessed:
        return p->response_hypoxia_witnessed;
    case ALLOSTAT_HYPOXIA_naloxone:
        return p->response_hypoxia_naloxone;
    default:
        return 0.0;
    }
}

static double injury_chance(const allostat_scene *scene, allostat_hypoxia hypoxia)
{
    const allostat_params *p = scene->params;

    return scene->chances != NULL ? scene->chances->injury[hypoxia]
                                  : allostat_injury_chance(hypoxia_minutes(p, hypoxia),
                                                           p->response_injury_minutes);
}

static double call_chance(const allostat_scene *scene, bool in_public, bool kit)
{
    return scene->chances != NULL ? scene->chances->call[in_public][kit]
                                  : allostat_call_chance(scene->params, in_public, kit);
}

void allostat_response_chances_make(allostat_response_chances *self,
                                    const allostat_params *params)
{
    const allostat_scene scene = {.params = params};

    for (int h = 0; h < ALLOSTAT_HYPOXIA_COUNT; h++)
        self->injury[h] = injury_chance(&scene, (allostat_hypoxia)h);
    for (int kind = 0; kind < 4; kind++)
        self->call[kind / 2][kind % 2] = call_chance(&scene, kind / 2, kind % 2);
}

static double public_share(const allostat_params *params, uint8_t housing)
{
    switch (housing) {
    case ALLOSTAT_HOUSING_homeless:
        return params->response_public_share_homeless;
    case ALLOSTAT_HOUSING_unstable:
        return params->response_public_share_unstable;
    default:
        return params->response_public_share_stable;
    }
}

static int32_t draw_area(const allostat_scene *scene, int32_t row)
{
    const int32_t home = allostat_who_area(allostat_scene_who(scene, row));
    const double downtown = allostat_downtown_chance(scene->params, home);

    if (!happens(scene, row, ALLOSTAT_DRAW_overdose_area, downtown)) return home;
    return (int32_t)scene->params->geography_downtown - 1;
}

/* A site takes its share of the use in the area; the rest is at home or in public. */
static allostat_place draw_place(const allostat_scene *scene, int32_t row, int32_t area)
{
    const uint8_t housing = scene->residents->housing[scene->users->person[row]];
    const double doses =
        (double)(scene->sites->share[area] *
                 allostat_site_access(scene->users->injects[row],
                                      (float)scene->params->sites_inhalation_share));
    const double site =
        allostat_site_overdose_share(doses, scene->params->sites_overdose_ratio);
    const double u = uniform(scene, row, ALLOSTAT_DRAW_overdose_place);

    if (u < site) return ALLOSTAT_PLACE_site;
    if (u < site + (1.0 - site) * public_share(scene->params, housing)) {
        return ALLOSTAT_PLACE_public_place;
    }
    return housing == ALLOSTAT_HOUSING_stable ? ALLOSTAT_PLACE_private_home
                                              : ALLOSTAT_PLACE_sro_or_shelter;
}

static bool kit_at_hand(const allostat_scene *scene, int32_t row, int32_t owner,
                        allostat_draw draw)
{
    return owner >= 0 && scene->whereabouts->users->kits[owner] > 0 &&
           happens(scene, row, draw, scene->params->response_kit_at_hand);
}

static double bystander_user_share(const allostat_params *p)
{
    return p->mechanisms_ties ? p->ties_bystander_user_share : 1.0;
}

/* One of the person's ties who use, if there is one; else another user of the area, or
 * somebody who is no user. */
static void find_witness(const allostat_scene *scene, int32_t row,
                         allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;
    const double which = uniform(scene, row, ALLOSTAT_DRAW_overdose_witness);
    const int32_t home = allostat_scene_home(scene, row);
    const int32_t tie =
        allostat_using_tie_pick(scene->residents, scene->whereabouts, home, which);
    double user_share = bystander_user_share(p);

    if (tie >= 0) user_share *= 1.0 - p->ties_witness_share;
    const double u = uniform(scene, row, ALLOSTAT_DRAW_overdose_company);
    overdose->with_tie = tie >= 0 && u < p->ties_witness_share;
    if (overdose->with_tie) {
        overdose->witness_row = tie;
    } else if (1.0 - u < user_share) {
        overdose->witness_row = allostat_witness_pick(
            scene->witnesses, scene->whereabouts, overdose->area, home, which);
    }
}

/* The person's own kit, in another's hands, or the witness's. */
static int32_t find_kit(const allostat_scene *scene, int32_t row, int32_t witness)
{
    const int32_t home = allostat_scene_home(scene, row);

    if (kit_at_hand(scene, row, home, ALLOSTAT_DRAW_overdose_own_kit)) return home;
    if (kit_at_hand(scene, row, witness, ALLOSTAT_DRAW_overdose_witness_kit))
        return witness;
    return -1;
}

static void resolve_at_site(const allostat_scene *scene, int32_t row,
                            allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;

    overdose->fatal =
        happens(scene, row, ALLOSTAT_DRAW_overdose_death, p->response_death_site);
    overdose->attended =
        overdose->fatal ||
        happens(scene, row, ALLOSTAT_DRAW_overdose_call, p->response_site_attended);
}

static double chance_alone(const allostat_params *params, const allostat_users *users,
                           size_t row, int32_t sex, bool in_public)
{
    return allostat_alone_chance(
        params, sex == ALLOSTAT_SEX_male, in_public, (double)users->connection[row],
        (double)users->avoidance[row],
        users->defence_state[row] == ALLOSTAT_DEFENCE_immobilised);
}

double allostat_alone_at_home(const allostat_params *params,
                              const allostat_residents *residents,
                              const allostat_users *users, size_t row)
{
    return chance_alone(params, users, row, residents->sex[users->person[row]], false);
}

/* Is somebody there, or at least on the line, of who would have been alone? */
static void find_company(const allostat_scene *scene, int32_t row,
                         allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;
    const bool in_public = overdose->place == ALLOSTAT_PLACE_public_place;
    const int32_t who = allostat_scene_who(scene, row);

    overdose->alone = happens(
        scene, row, ALLOSTAT_DRAW_overdose_alone,
        chance_alone(p, scene->users, (size_t)row, allostat_who_sex(who), in_public));
    if (!overdose->alone || !scene->users->spotted[row]) return;
    overdose->spotted =
        happens(scene, row, ALLOSTAT_DRAW_overdose_spotted, p->spotting_uptake);
    if (overdose->spotted) {
        overdose->alone = !happens(scene, row, ALLOSTAT_DRAW_overdose_beside,
                                   p->spotting_beside_share);
    }
}

static allostat_hypoxia resolve_on_the_line(const allostat_scene *scene, int32_t row,
                                            allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;

    overdose->attended =
        happens(scene, row, ALLOSTAT_DRAW_overdose_spotter_call, p->spotting_call);
    overdose->fatal = happens(scene, row, ALLOSTAT_DRAW_overdose_death,
                              allostat_spotted_death_chance(p, overdose->attended));
    return ALLOSTAT_HYPOXIA_alone;
}

static allostat_hypoxia resolve_alone(const allostat_scene *scene, int32_t row,
                                      allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;

    overdose->fatal =
        happens(scene, row, ALLOSTAT_DRAW_overdose_death, p->response_death_alone);
    overdose->attended =
        overdose->fatal &&
        happens(scene, row, ALLOSTAT_DRAW_overdose_call, p->response_found_attended);
    return ALLOSTAT_HYPOXIA_alone;
}

/* Naloxone wears off before a long-acting or large dose: without an ambulance the
 * overdose may come back, then with nobody's kit. */
static allostat_hypoxia resolve_witnessed(const allostat_scene *scene, int32_t row,
                                          allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;
    const bool in_public = overdose->place == ALLOSTAT_PLACE_public_place;
    const bool kit = overdose->kit_row >= 0;

    overdose->attended = happens(scene, row, ALLOSTAT_DRAW_overdose_call,
                                 call_chance(scene, in_public, kit));
    double chance = allostat_witnessed_death_chance(p, kit, overdose->attended);
    if (kit && !overdose->attended &&
        happens(scene, row, ALLOSTAT_DRAW_overdose_return,
                p->response_renarcotisation)) {
        chance += (1.0 - chance) * p->response_death_witnessed;
    }
    overdose->fatal = happens(scene, row, ALLOSTAT_DRAW_overdose_death, chance);
    overdose->reversed = kit && !overdose->fatal;
    return kit ? ALLOSTAT_HYPOXIA_naloxone : ALLOSTAT_HYPOXIA_witnessed;
}

static void resolve_survival(const allostat_scene *scene, int32_t row,
                             allostat_hypoxia hypoxia, allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;

    overdose->injured = happens(scene, row, ALLOSTAT_DRAW_overdose_injury,
                                injury_chance(scene, hypoxia));
    overdose->stops =
        happens(scene, row, ALLOSTAT_DRAW_overdose_stop, p->use_stop_after_overdose);
    overdose->asks_for_treatment =
        overdose->attended && happens(scene, row, ALLOSTAT_DRAW_overdose_request,
                                      p->response_treatment_request);
}

allostat_overdose allostat_overdose_begin(const allostat_scene *scene, int32_t row)
{
    allostat_overdose overdose = {.kit_row = -1, .witness_row = -1};

    overdose.area = draw_area(scene, row);
    overdose.place = draw_place(scene, row, overdose.area);
    if (overdose.place != ALLOSTAT_PLACE_site) find_company(scene, row, &overdose);
    return overdose;
}

static bool is_witnessed(const allostat_overdose *overdose)
{
    return overdose->place != ALLOSTAT_PLACE_site && !overdose->alone;
}

static allostat_hypoxia resolve_elsewhere(const allostat_scene *scene, int32_t row,
                                          allostat_overdose *overdose)
{
    if (is_witnessed(overdose)) return resolve_witnessed(scene, row, overdose);
    return overdose->spotted ? resolve_on_the_line(scene, row, overdose)
                             : resolve_alone(scene, row, overdose);
}

/* Of one that has begun and has a kit or none. */
static void resolve(const allostat_scene *scene, int32_t row, allostat_overdose *begun)
{
    allostat_hypoxia hypoxia = ALLOSTAT_HYPOXIA_none;

    if (begun->place == ALLOSTAT_PLACE_site) {
        resolve_at_site(scene, row, begun);
    } else {
        hypoxia = resolve_elsewhere(scene, row, begun);
    }
    if (!begun->fatal) resolve_survival(scene, row, hypoxia, begun);
}

void allostat_overdose_finish(const allostat_scene *scene, int32_t row,
                              allostat_overdose *begun)
{
    if (is_witnessed(begun)) {
        find_witness(scene, row, begun);
        begun->kit_row = find_kit(scene, row, begun->witness_row);
    }
    resolve(scene, row, begun);
}

/* The rows themselves are where they have just lived the day. */
static void fetch_own(const allostat_scene *scene, const uint32_t *row, size_t count)
{
    const allostat_users *users = scene->users;

    for (size_t i = 0; i < count; i++) {
        allostat_fetch(&scene->residents->housing[users->person[row[i]]]);
        allostat_fetch(&users->who[row[i]]);
        allostat_fetch(&users->kits[row[i]]);
        allostat_fetch(&users->using_count[row[i]]);
    }
}

void allostat_overdoses_draw(allostat_scene *scene, allostat_response_shared *shared,
                             const uint32_t *row, size_t count)
{
    fetch_own(scene, row, count);
    draw_together(shared, scene, row, count);
    scene->shared = shared;
}

/* Is the witness a tie if one of them uses today? */
static bool asks_for_tie(const allostat_scene *scene, int32_t row, double company)
{
    return company < scene->params->ties_witness_share &&
           scene->users->using_count[row] > 0;
}

/* Kits are taken on days, never given: who has none now has none later. */
static bool witness_may_help(const allostat_scene *scene, int32_t row, double company)
{
    const double at_hand = scene->params->response_kit_at_hand;

    return happens(scene, row, ALLOSTAT_DRAW_overdose_witness_kit, at_hand) &&
           (asks_for_tie(scene, row, company) ||
            1.0 - company < bystander_user_share(scene->params));
}

allostat_overdose_reach allostat_overdose_resolve_own(const allostat_scene *scene,
                                                      int32_t row,
                                                      allostat_overdose *overdose)
{
    bool tie_open = false;

    *overdose = allostat_overdose_begin(scene, row);
    if (is_witnessed(overdose)) {
        const double company = uniform(scene, row, ALLOSTAT_DRAW_overdose_company);

        if (kit_at_hand(scene, row, row, ALLOSTAT_DRAW_overdose_own_kit))
            overdose->kit_row = row;
        else if (witness_may_help(scene, row, company))
            return ALLOSTAT_OVERDOSE_of_others;
        tie_open = asks_for_tie(scene, row, company);
    }
    resolve(scene, row, overdose);
    if (overdose->fatal) return ALLOSTAT_OVERDOSE_of_others;
    return tie_open ? ALLOSTAT_OVERDOSE_own_tie_open : ALLOSTAT_OVERDOSE_own;
}

bool allostat_overdose_with_tie(const allostat_scene *scene, int32_t home)
{
    return allostat_using_tie_pick(scene->residents, scene->whereabouts, home, 0.0) >=
           0;
}

/* Looks go in rounds, for what one finds tells where the next goes; those of a round do
 * not wait for each other. First what tells how an overdose begins. */
static void fetch_rows(const allostat_scene *scene, const uint32_t *row, size_t count)
{
    const allostat_users *users = scene->users;

    for (size_t i = 0; i < count; i++) {
        allostat_fetch(&scene->residents->housing[users->person[row[i]]]);
        allostat_fetch(&scene->whereabouts->users
                            ->who[allostat_scene_home(scene, (int32_t)row[i])]);
    }
    if (scene->whereabouts->apart != NULL) return; /* these have just lived the day */
    for (size_t i = 0; i < count; i++) fetch_row(users, row[i]);
}

/* The witnessed, by their places among all and their rows in the users' table, and
 * where bystanders who may be the witnesses are listed. */
typedef struct {
    size_t count, entries;
    int32_t home[ALLOSTAT_RESPONSE_TOGETHER];
    const uint32_t *entry[ALLOSTAT_RESPONSE_TOGETHER];
} company;

static void find_witnessed(allostat_scene *scene, const uint32_t *row, size_t count,
                           const allostat_overdose *begun, company *found)
{
    const double share = bystander_user_share(scene->params);

    found->count = found->entries = 0;
    for (size_t i = 0; i < count; i++) {
        const int32_t r = (int32_t)row[i];

        if (!is_witnessed(&begun[i])) continue;
        scene->which = i;
        found->home[found->count++] = allostat_scene_home(scene, r);
        if (1.0 - uniform(scene, r, ALLOSTAT_DRAW_overdose_company) >= share) continue;
        const uint32_t *entry =
            allostat_witness_entry(scene->witnesses, begun[i].area,
                                   uniform(scene, r, ALLOSTAT_DRAW_overdose_witness));
        if (entry != NULL) found->entry[found->entries++] = entry;
    }
}

static void fetch_witnessed(const allostat_users *users, const company *found)
{
    for (size_t i = 0; i < found->entries; i++) allostat_fetch(found->entry[i]);
    for (size_t i = 0; i < found->count; i++) {
        const int32_t home = found->home[i];

        allostat_fetch(&users->kits[home]);
        allostat_fetch(&users->kits_used_month[home]);
        allostat_fetch(&users->using_count[home]);
        allostat_fetch(&users->using_ties[home]);
    }
}

static size_t list_partners(const allostat_users *users, const company *found,
                            uint32_t *partner)
{
    size_t count = 0;

    for (size_t i = 0; i < found->count; i++) {
        const int32_t home = found->home[i];
        const uint32_t *slot = users->using_ties[home].slot;

        for (int32_t s = 0; s < users->using_count[home]; s++)
            partner[count++] = slot[s] - 1;
    }
    return count;
}

/* Is a partner active today, and has a kit? */
static void fetch_partner(const allostat_whereabouts *whereabouts, int32_t row)
{
    const allostat_apart *apart = whereabouts->apart;

    allostat_fetch(&whereabouts->users->kits[row]);
    if (allostat_stands(whereabouts, row)) {
        allostat_fetch(&whereabouts->users->active[row]);
    } else {
        allostat_fetch(&apart->place[row]);
        allostat_fetch(&apart->active_on[row]);
    }
}

/* Is a bystander there today, and has a kit? */
static void fetch_bystander(const allostat_whereabouts *whereabouts, int32_t row)
{
    const allostat_apart *apart = whereabouts->apart;

    allostat_fetch(&whereabouts->users->present[row]);
    allostat_fetch(&whereabouts->users->kits[row]);
    if (allostat_stands(whereabouts, row)) {
        allostat_fetch(&whereabouts->users->institution[row]);
    } else {
        allostat_fetch(&apart->place[row]);
        allostat_fetch(&apart->inside_on[row]);
    }
}

static void fetch_company(const allostat_scene *scene, const company *found)
{
    const allostat_users *users = scene->whereabouts->users;
    uint32_t partner[ALLOSTAT_RESPONSE_TOGETHER * ALLOSTAT_USING_SLOTS];

    fetch_witnessed(users, found);
    const size_t partners = list_partners(users, found, partner);
    for (size_t i = 0; i < partners; i++)
        fetch_partner(scene->whereabouts, scene->residents->user_row[partner[i]]);
    for (size_t i = 0; i < found->entries; i++)
        fetch_bystander(scene->whereabouts, (int32_t)*found->entry[i]);
}

void allostat_overdoses_begin(allostat_scene *scene, allostat_response_shared *shared,
                              const uint32_t *row, size_t count,
                              allostat_overdose *begun)
{
    company found;

    fetch_rows(scene, row, count);
    draw_together(shared, scene, row, count);
    scene->shared = shared;
    for (size_t i = 0; i < count; i++) {
        scene->which = i;
        begun[i] = allostat_overdose_begin(scene, (int32_t)row[i]);
    }
    find_witnessed(scene, row, count, begun, &found);
    fetch_company(scene, &found);
}

void allostat_overdoses_fetch_ties(const allostat_scene *scene, const int32_t *home,
                                   size_t count)
{
    company found = {.count = count};

    memcpy(found.home, home, count * sizeof *home);
    fetch_company(scene, &found);
}
