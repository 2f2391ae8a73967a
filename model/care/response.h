/* What happens to a person who overdoses: place, company, naloxone, ambulance, outcome
 * (model page 5.2), in that order. */
#ifndef ALLOSTAT_CARE_RESPONSE_H
#define ALLOSTAT_CARE_RESPONSE_H

#include "base/dmath.h"
#include "base/draws.h"
#include "care/sites.h"
#include "care/witnesses.h"
#include "params/params.h"
#include "people/apart.h"
#include "people/residents.h"
#include "people/users.h"
#include "tables/places.h"

#include <stdbool.h>

/* How long somebody goes without oxygen. */
typedef enum {
    ALLOSTAT_HYPOXIA_none, /* at a site */
    ALLOSTAT_HYPOXIA_alone,
    ALLOSTAT_HYPOXIA_witnessed,
    ALLOSTAT_HYPOXIA_naloxone,
    ALLOSTAT_HYPOXIA_COUNT
} allostat_hypoxia;

/* Chances that are not a person's own. */
typedef struct {
    double call[2][2]; /* by in_public and kit: allostat_call_chance */
    double injury[ALLOSTAT_HYPOXIA_COUNT];
} allostat_response_chances;

void allostat_response_chances_make(allostat_response_chances *self,
                                    const allostat_params *params);

/* What is drawn together for overdoses of a day: the calls of draws.def that nearly
 * every one needs, each with its lanes. */
enum {
    ALLOSTAT_RESPONSE_TOGETHER = 128,
    ALLOSTAT_RESPONSE_CALLS = 4,
    ALLOSTAT_RESPONSE_LANES = (int)ALLOSTAT_RESPONSE_CALLS * (int)ALLOSTAT_DRAW_LANES
};

typedef struct {
    uint32_t bits[ALLOSTAT_RESPONSE_LANES][ALLOSTAT_RESPONSE_TOGETHER];
} allostat_response_shared;

/* Everything a response looks at; nothing of it is changed by resolving. Who overdoses
 * may live apart, see people/apart.h; kits and ties are in the users' table for all. */
typedef struct {
    const allostat_params *params;
    allostat_draw_key key;
    allostat_day day;
    const allostat_residents *residents;
    const allostat_users *users;             /* rows of those who overdose */
    const allostat_whereabouts *whereabouts; /* of everybody */
    const allostat_sites *sites;
    const allostat_witnesses *witnesses;
    const allostat_response_chances *chances; /* NULL: made when needed */
    const allostat_response_shared *shared;   /* NULL: drawn when needed */
    size_t which;                             /* of those that are drawn for */
} allostat_scene;

typedef struct {
    int32_t area; /* where it happens */
    allostat_place place;
    bool alone, attended, reversed, fatal, injured, stops, asks_for_treatment;
    int32_t kit_row;     /* user whose kit is used, in the users' table; -1 none */
    int32_t witness_row; /* user who is there, too; -1 nobody, or a bystander */
    bool with_tie;       /* the witness is one of the person's ties */
    bool spotted;        /* a spotter is on the line, or beside: then not alone */
} allostat_overdose;

/* Chance that nobody is there, indoors or in public: a logit of sex, connection,
 * avoidance, place, and of shutdown (model page 3.4); lower for the share of people
 * who know that they need not hide. */
static inline double allostat_alone_chance(const allostat_params *p, bool male,
                                           bool in_public, double connection,
                                           double avoidance, bool immobilised)
{
    const double average_connection = p->connection_reference;
    const double aware = p->decriminalisation_awareness;
    const double logit =
        p->response_alone_log_odds + (male ? p->response_alone_male : 0.0) +
        (in_public ? p->response_alone_public : 0.0) +
        p->response_alone_connection * (connection - average_connection) +
        p->response_alone_avoidance * avoidance +
        (immobilised ? p->stress_immobilised_alone : 0.0);

    if (aware == 0.0) return allostat_expit(logit); /* the same, sooner */
    return (1.0 - aware) * allostat_expit(logit) +
           aware * allostat_expit(logit + p->decriminalisation_alone_log_odds);
}

/* Chance that a witness calls and an ambulance comes. Knowing the Good Samaritan Act
 * and having no kit raise it; the Act is known to a share of people. */
static inline double allostat_call_chance(const allostat_params *p, bool in_public,
                                          bool kit)
{
    const double base =
        p->response_call_public * (in_public ? 1.0 : p->response_call_private_ratio);
    const double logit =
        allostat_logit(base) + (kit ? 0.0 : p->response_call_without_kit);
    const double aware = p->response_law_awareness;

    return (1.0 - aware) * allostat_expit(logit) +
           aware * allostat_expit(logit + p->response_call_aware_log_odds);
}

/* Chance of death of a witnessed overdose. Sources: Bird 2015, PROFOUND. */
static inline double allostat_witnessed_death_chance(const allostat_params *p,
                                                     bool naloxone, bool ambulance)
{
    return (naloxone ? p->response_death_naloxone : p->response_death_witnessed) *
           (ambulance ? p->response_death_ambulance_ratio : 1.0);
}

/* Chance of injury after minutes without oxygen: 1 - exp(-minutes / tau). */
static inline double allostat_injury_chance(double minutes, double tau)
{
    return 1.0 - allostat_exp(-minutes / tau);
}

/* Chance of a user's row of being alone at home today. */
double allostat_alone_at_home(const allostat_params *params,
                              const allostat_residents *residents,
                              const allostat_users *users, size_t row);

/* Death with a spotter on a line: nobody is there to breathe for the person, but an
 * ambulance may come. */
static inline double allostat_spotted_death_chance(const allostat_params *p,
                                                   bool ambulance)
{
    return p->response_death_alone *
           (ambulance ? p->response_death_ambulance_ratio : 1.0);
}

/* The row in the users' table of who has this one of scene->users. */
static inline int32_t allostat_scene_home(const allostat_scene *scene, int32_t row)
{
    const allostat_apart *apart = scene->whereabouts->apart;

    return apart != NULL ? (int32_t)apart->home[row] : row;
}

/* Who that is, see allostat_who_of. */
static inline int32_t allostat_scene_who(const allostat_scene *scene, int32_t row)
{
    return scene->whereabouts->users->who[allostat_scene_home(scene, row)];
}

/* Where the overdose of a row of scene->users happens, and whether somebody is there:
 * what no other overdose of the day changes. */
allostat_overdose allostat_overdose_begin(const allostat_scene *scene, int32_t row);

/* The rest of one that has begun: naloxone, ambulance, outcome. */
void allostat_overdose_finish(const allostat_scene *scene, int32_t row,
                              allostat_overdose *begun);

/* Draw for at most ALLOSTAT_RESPONSE_TOGETHER rows, whose overdoses are looked at next:
 * scene->which is then the place of a row among these. */
void allostat_overdoses_draw(allostat_scene *scene, allostat_response_shared *shared,
                             const uint32_t *row, size_t count);

/* Does an overdose change nothing but the person's own row, and is that the same
 * whatever others do on the day? Nobody dies, or needs a witness's kit that may be at
 * hand. Then all is known of it but whether the witness is a tie, which may be open;
 * and where the person's own kit is used (kit_row), others must have left one. */
typedef enum {
    ALLOSTAT_OVERDOSE_of_others,
    ALLOSTAT_OVERDOSE_own,
    ALLOSTAT_OVERDOSE_own_tie_open
} allostat_overdose_reach;
allostat_overdose_reach allostat_overdose_resolve_own(const allostat_scene *scene,
                                                      int32_t row,
                                                      allostat_overdose *overdose);

/* Of one whose tie is open, now that others have lived the day: is the witness a tie?
 * Before, what that looks at is read ahead for some rows of the users' table. */
bool allostat_overdose_with_tie(const allostat_scene *scene, int32_t home);
void allostat_overdoses_fetch_ties(const allostat_scene *scene, const int32_t *home,
                                   size_t count);

/* Begin those of at most ALLOSTAT_RESPONSE_TOGETHER rows, which are drawn for as by
 * allostat_overdoses_draw. What the rest of them looks at, which lies anywhere, is read
 * ahead. */
void allostat_overdoses_begin(allostat_scene *scene, allostat_response_shared *shared,
                              const uint32_t *row, size_t count,
                              allostat_overdose *begun);

#endif
