/* Survival stress, defence state, allostatic load and oxytocin (model page 3.4 to 3.6).
 *
 * One set of pure equations and one step for both clocks: daily for users, monthly for
 * the other residents, who differ in the length of the step only. */
#ifndef ALLOSTAT_MIND_REGULATION_H
#define ALLOSTAT_MIND_REGULATION_H

#include "base/relax.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"

/* States of the defence cascade. */
typedef enum {
    ALLOSTAT_DEFENCE_engaged,
    ALLOSTAT_DEFENCE_mobilised,  /* fight or flight */
    ALLOSTAT_DEFENCE_immobilised /* shutdown */
} allostat_defence;

/* Coefficients for a step of a given length. */
typedef struct {
    int32_t stress_on, load_on, oxytocin_on, defence_on;
    float stress_base, stress_load, stress_ptsd, stress_unstable, stress_withdrawal;
    float stress_pain, stress_insecurity, stress_buffer, stress_neutral;
    float days_per_tau; /* length of the step in time constants of stress */
    float pace;         /* log ratio of that time constant for one SD of insecurity */
    float mobilised_above, mobilised_until, immobilised_above, immobilised_until;
    float shutdown_ptsd, shutdown_fearful;
    float load_above, load_scale; /* gain x tau: load at rest for one unit of stress */
    float load_keep;
    float oxytocin_base, oxytocin_connection, oxytocin_adversity, oxytocin_load;
    float oxytocin_opioid, oxytocin_neutral, oxytocin_keep;
} allostat_regulation_terms;

void allostat_regulation_terms_make(allostat_regulation_terms *self,
                                    const allostat_params *params, double days);

/* What presses on a person and what holds. */
typedef struct {
    float load, ptsd, unstable, withdrawal, pain, insecurity, oxytocin, connection;
} allostat_pressure;

/* Stress settles at expit(s0 + l L + p PTSD + h unstable + w W + n N + i INS - b O C).
 * Source: model page 3.4; support buffers best with oxytocin (Heinrichs 2003). */
static inline float allostat_stress_targetf(const allostat_regulation_terms *t,
                                            allostat_pressure s)
{
    return allostat_expitf(
        t->stress_base + t->stress_load * s.load + t->stress_ptsd * s.ptsd +
        t->stress_unstable * s.unstable + t->stress_withdrawal * s.withdrawal +
        t->stress_pain * s.pain + t->stress_insecurity * s.insecurity -
        t->stress_buffer * s.oxytocin * s.connection);
}

/* Share of stress's distance kept over the step: tau exp(a INS), so the insecure
 * recover more slowly. Source: model page 3.4; less vagal flexibility (Ge 2020). */
static inline float allostat_stress_keepf(const allostat_regulation_terms *t,
                                          float insecurity)
{
    return allostat_expf(-t->days_per_tau * allostat_expf(-t->pace * insecurity));
}

/* Oxytocin settles at expit(o0 + c C - a zACE - l L + d E), E the exposure effect of
 * opioids. Source: model page 3.6; the sign of d is contested (Mobasher 2020). */
static inline float allostat_oxytocin_targetf(const allostat_regulation_terms *t,
                                              float connection, float adversity,
                                              float load, float opioid_effect)
{
    return allostat_expitf(t->oxytocin_base + t->oxytocin_connection * connection -
                           t->oxytocin_adversity * adversity - t->oxytocin_load * load +
                           t->oxytocin_opioid * opioid_effect);
}

/* dL/dt = kappa max(S - s1, 0) - L/tau, solved over the step with S standing still:
 * L relaxes towards kappa tau max(S - s1, 0). Source: model page 3.5. */
static inline float allostat_loadf(const allostat_regulation_terms *t, float load,
                                   float stress)
{
    const float over = stress - t->load_above;
    const float target = t->load_scale * allostat_selectf(over > 0.0f, over, 0.0f);

    return allostat_relaxf(load, target, t->load_keep);
}

/* The next defence state. The way down is below the way up (hysteresis); PTSD and
 * fearful attachment make shutdown come at less stress. Source: model page 3.4. */
static inline int32_t allostat_defence_nextf(const allostat_regulation_terms *t,
                                             int32_t state, float stress, float ptsd,
                                             float fearful)
{
    const float mobilise = allostat_selectf(state >= ALLOSTAT_DEFENCE_mobilised,
                                            t->mobilised_until, t->mobilised_above);
    const float shut_down =
        allostat_selectf(state == ALLOSTAT_DEFENCE_immobilised, t->immobilised_until,
                         t->immobilised_above);
    const float readiness =
        stress + t->shutdown_ptsd * ptsd + t->shutdown_fearful * fearful;
    const int32_t mobilised = stress > mobilise, immobilised = readiness > shut_down;

    return (mobilised | immobilised) + immobilised;
}

/* Cortisol in standard deviations, a read-out that acts on nothing: rises with stress,
 * blunted after early adversity. Source: Bunea 2017 (g = -0.39). */
static inline float allostat_cortisolf(double slope, double stress_from_neutral,
                                       double blunted)
{
    return (float)(slope * stress_from_neutral + blunted);
}

/* A day of users' rows first .. first + count - 1: oxytocin, stress, allostatic_load,
 * defence_state, in that order, from today's withdrawal and exposure. terms: one day.
 */
void allostat_regulate_users(const allostat_regulation_terms *terms,
                             allostat_users *users, size_t first, size_t count);

/* Traits as standard scores: (ACE - ace_mean) ace_scale, (anxiety + avoidance)
 * insecurity_scale. */
typedef struct {
    float ace_mean, ace_scale, insecurity_scale;
} allostat_trait_scores;

allostat_trait_scores allostat_trait_scores_make(const allostat_params *params);

enum { ALLOSTAT_REGULATION_BLOCK = 1024 };

/* A step of residents' rows first .. first + count - 1 (count at most
 * ALLOSTAT_REGULATION_BLOCK): the same columns, for those who are present and have no
 * row as users; those live by the day. */
void allostat_regulate_residents(const allostat_regulation_terms *terms,
                                 const allostat_trait_scores *scores,
                                 allostat_residents *residents, size_t first,
                                 size_t count);

/* The state in which residents' rows first .. first + count - 1 enter: years of the
 * same life behind them. Any count. */
void allostat_regulation_settle(const allostat_params *params,
                                allostat_residents *residents, size_t first,
                                size_t count);

/* Fill users' cortisol from stress and adversity: the read-out of the month's end. */
void allostat_cortisol_read(const allostat_params *params, allostat_users *users);

#endif
