#include "care/response.h"

#include "mind/ptsd.h"
#include "people/life_course.h"
#include "people/person_days.h"
#include "people/ties.h"

/* The calls that are made together, each by one of its draws. */
static const allostat_draw calls[ALLOSTAT_RESPONSE_CALLS] = {
    ALLOSTAT_DRAW_overdose_area, ALLOSTAT_DRAW_overdose_own_kit,
    ALLOSTAT_DRAW_overdose_return, ALLOSTAT_DRAW_overdose_company};

void allostat_response_draw(allostat_response_draws *self, const allostat_scene *scene,
                            const uint32_t *row, size_t count)
{
    uint32_t number[ALLOSTAT_RESPONSE_TOGETHER];

    for (size_t i = 0; i < count; i++) number[i] = scene->users->number[row[i]];
    for (int32_t c = 0; c < ALLOSTAT_RESPONSE_CALLS; c++) {
        allostat_draws_fill(allostat_draw_key_of_numbers(scene->key),
                            allostat_draw_table[calls[c]].call, scene->day, 0, number,
                            count, ALLOSTAT_RESPONSE_TOGETHER,
                            self->bits[c * ALLOSTAT_DRAW_LANES]);
    }
}

static double uniform(const allostat_scene *scene, int32_t row, allostat_draw draw)
{
    const allostat_draw_info *info = &allostat_draw_table[draw];

    for (uint32_t c = 0; scene->drawn != NULL && c < ALLOSTAT_RESPONSE_CALLS; c++) {
        if (allostat_draw_table[calls[c]].call != info->call) continue;
        const uint32_t *bits = scene->drawn->bits[c * ALLOSTAT_DRAW_LANES + info->lane];
        return allostat_double_uniform_from_bits(bits[scene->which]);
    }
    return allostat_draw_uniform(scene->key, draw, scene->users->person[row],
                                 scene->day, 0);
}

static bool happens(const allostat_scene *scene, int32_t row, allostat_draw draw,
                    double chance)
{
    return uniform(scene, row, draw) < chance;
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
    const int32_t home = scene->residents->area[scene->users->person[row]];
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

/* The row in the users' table of who overdoses. */
static int32_t home_row(const allostat_scene *scene, int32_t row)
{
    return scene->residents->user_row[scene->users->person[row]];
}

static bool kit_at_hand(const allostat_scene *scene, int32_t row, int32_t owner,
                        allostat_draw draw)
{
    return owner >= 0 && scene->whereabouts->users->kits[owner] > 0 &&
           happens(scene, row, draw, scene->params->response_kit_at_hand);
}

/* One of the person's ties who use, if there is one; else another user of the area, or
 * somebody who is no user. */
static void find_witness(const allostat_scene *scene, int32_t row,
                         allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;
    const double which = uniform(scene, row, ALLOSTAT_DRAW_overdose_witness);
    const int32_t home = home_row(scene, row);
    const int32_t tie =
        allostat_using_tie_pick(scene->residents, scene->whereabouts, home, which);
    double user_share = p->mechanisms_ties ? p->ties_bystander_user_share : 1.0;

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
    const int32_t home = home_row(scene, row);

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

static double chance_alone(const allostat_params *params,
                           const allostat_residents *residents,
                           const allostat_users *users, size_t row, bool in_public)
{
    return allostat_alone_chance(
        params, residents->sex[users->person[row]] == ALLOSTAT_SEX_male, in_public,
        (double)users->connection[row], (double)users->avoidance[row],
        users->defence_state[row] == ALLOSTAT_DEFENCE_immobilised);
}

double allostat_alone_at_home(const allostat_params *params,
                              const allostat_residents *residents,
                              const allostat_users *users, size_t row)
{
    return chance_alone(params, residents, users, row, false);
}

/* Is somebody there, or at least on the line, of who would have been alone? */
static void find_company(const allostat_scene *scene, int32_t row,
                         allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;
    const bool in_public = overdose->place == ALLOSTAT_PLACE_public_place;

    overdose->alone = happens(
        scene, row, ALLOSTAT_DRAW_overdose_alone,
        chance_alone(p, scene->residents, scene->users, (size_t)row, in_public));
    if (!overdose->alone || !scene->users->spotted[row]) return;
    overdose->spotted =
        happens(scene, row, ALLOSTAT_DRAW_overdose_spotted, p->spotting_uptake);
    if (overdose->spotted) {
        overdose->alone = !happens(scene, row, ALLOSTAT_DRAW_overdose_beside,
                                   p->spotting_beside_share);
    }
}

static double resolve_on_the_line(const allostat_scene *scene, int32_t row,
                                  allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;

    overdose->attended =
        happens(scene, row, ALLOSTAT_DRAW_overdose_spotter_call, p->spotting_call);
    overdose->fatal = happens(scene, row, ALLOSTAT_DRAW_overdose_death,
                              allostat_spotted_death_chance(p, overdose->attended));
    return p->response_hypoxia_alone;
}

static double resolve_alone(const allostat_scene *scene, int32_t row,
                            allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;

    overdose->fatal =
        happens(scene, row, ALLOSTAT_DRAW_overdose_death, p->response_death_alone);
    overdose->attended =
        overdose->fatal &&
        happens(scene, row, ALLOSTAT_DRAW_overdose_call, p->response_found_attended);
    return p->response_hypoxia_alone;
}

/* Naloxone wears off before a long-acting or large dose: without an ambulance the
 * overdose may come back, then with nobody's kit. */
static double resolve_witnessed(const allostat_scene *scene, int32_t row,
                                allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;
    const bool in_public = overdose->place == ALLOSTAT_PLACE_public_place;

    find_witness(scene, row, overdose);
    overdose->kit_row = find_kit(scene, row, overdose->witness_row);
    const bool kit = overdose->kit_row >= 0;
    overdose->attended = happens(scene, row, ALLOSTAT_DRAW_overdose_call,
                                 allostat_call_chance(p, in_public, kit));
    double chance = allostat_witnessed_death_chance(p, kit, overdose->attended);
    if (kit && !overdose->attended &&
        happens(scene, row, ALLOSTAT_DRAW_overdose_return,
                p->response_renarcotisation)) {
        chance += (1.0 - chance) * p->response_death_witnessed;
    }
    overdose->fatal = happens(scene, row, ALLOSTAT_DRAW_overdose_death, chance);
    overdose->reversed = kit && !overdose->fatal;
    return kit ? p->response_hypoxia_naloxone : p->response_hypoxia_witnessed;
}

static void resolve_survival(const allostat_scene *scene, int32_t row,
                             double hypoxia_minutes, allostat_overdose *overdose)
{
    const allostat_params *p = scene->params;

    overdose->injured =
        happens(scene, row, ALLOSTAT_DRAW_overdose_injury,
                allostat_injury_chance(hypoxia_minutes, p->response_injury_minutes));
    overdose->stops =
        happens(scene, row, ALLOSTAT_DRAW_overdose_stop, p->use_stop_after_overdose);
    overdose->asks_for_treatment =
        overdose->attended && happens(scene, row, ALLOSTAT_DRAW_overdose_request,
                                      p->response_treatment_request);
}

static double resolve_elsewhere(const allostat_scene *scene, int32_t row,
                                allostat_overdose *overdose)
{
    find_company(scene, row, overdose);
    if (!overdose->alone) return resolve_witnessed(scene, row, overdose);
    return overdose->spotted ? resolve_on_the_line(scene, row, overdose)
                             : resolve_alone(scene, row, overdose);
}

allostat_overdose allostat_overdose_resolve(const allostat_scene *scene, int32_t row)
{
    allostat_overdose overdose = {.kit_row = -1, .witness_row = -1};
    double hypoxia_minutes = 0.0;

    overdose.area = draw_area(scene, row);
    overdose.place = draw_place(scene, row, overdose.area);
    if (overdose.place == ALLOSTAT_PLACE_site) {
        resolve_at_site(scene, row, &overdose);
    } else {
        hypoxia_minutes = resolve_elsewhere(scene, row, &overdose);
    }
    if (!overdose.fatal) resolve_survival(scene, row, hypoxia_minutes, &overdose);
    return overdose;
}

static void die(const allostat_overdose *overdose, const allostat_aftermath *after,
                int32_t row)
{
    if (overdose->witness_row >= 0) {
        allostat_trauma_strike(after->params, after->seen, after->seen_row,
                               after->params->ptsd_rise_witnessed_death);
    }
    allostat_life_leave(after->residents, after->users, after->own->person[row],
                        ALLOSTAT_RESIDENT_dead_overdose);
    if (after->own != after->users) allostat_life_leave_row(after->own, row);
}

static void survive(const allostat_overdose *overdose, const allostat_aftermath *after,
                    int32_t row)
{
    allostat_users *own = after->own;

    allostat_trauma_strike(after->params, own, (size_t)row,
                           after->params->ptsd_rise_overdose);
    own->brain_injury[row] |= overdose->injured;
    if (overdose->attended && own->attended_on[row] == 0)
        own->attended_on[row] = after->day;
    own->overdosed_month[row] = 1;
    if (overdose->stops) {
        own->active[row] = 0;
        own->in_remission[row] = 1;
        own->cessations_month[row]++;
    }
    if (overdose->asks_for_treatment && own->active[row] &&
        own->waiting_since[row] == 0 && !own->treatment[row] &&
        !own->treatment_next[row]) {
        own->waiting_since[row] = after->day;
    }
}

void allostat_overdose_apply(const allostat_overdose *overdose,
                             const allostat_aftermath *after, int32_t row)
{
    const allostat_month_days days = allostat_days_through(after->day);
    allostat_users *own = after->own;
    const allostat_counted_days lived = allostat_days_lived(own, (size_t)row, days);

    own->overdoses_year[row]++;
    if (overdose->kit_row >= 0) {
        after->users->kits[overdose->kit_row]--;
        after->users->kits_used_month[overdose->kit_row]++;
        own->precipitated[row] += (float)after->params->opioid_precipitated;
    }
    if (overdose->fatal)
        die(overdose, after, row);
    else
        survive(overdose, after, row);
    if (overdose->fatal || overdose->stops)
        allostat_days_settle(own, (size_t)row, days, &lived);
}
