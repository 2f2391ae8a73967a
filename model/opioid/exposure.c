#include "opioid/exposure.h"

#include "base/hot.h"

#include "base/dmath.h"
#include "opioid/kinetics.h"

static const double HOURS_A_DAY = 24.0;

static double keep_from_halflife_hours(double halflife)
{
    const double log_two = 0.6931471805599453;

    return allostat_exp(-HOURS_A_DAY * log_two / halflife);
}

/* For methadone and buprenorphine, 28 and 32 h, the longer half-life after stopping
 * counts; and for what is left of an earlier drug after naltrexone. */
static void make_agonists(allostat_exposure_terms *self, const allostat_params *params)
{
    const double methadone = params->oat_halflife[ALLOSTAT_TREATMENT_methadone - 1];
    const double bup = params->oat_halflife[ALLOSTAT_TREATMENT_buprenorphine - 1];
    const double longer = methadone > bup ? methadone : bup;

    for (int t = ALLOSTAT_TREATMENT_none; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        self->oat_level[t] = 0.0f;
        self->oat_keep[t] = self->off_keep[t] = (float)keep_from_halflife_hours(longer);
        if (!allostat_is_agonist(t)) continue;
        self->oat_level[t] = (float)params->oat_level[t - 1];
        self->oat_keep[t] = (float)allostat_exp(-1.0 / params->oat_tau_level[t - 1]);
        if (t == ALLOSTAT_TREATMENT_srom || t == ALLOSTAT_TREATMENT_ioat)
            self->off_keep[t] =
                (float)keep_from_halflife_hours(params->oat_halflife[t - 1]);
    }
}

/* A competitive antagonist raises EC50 in proportion to its level (Gaddum): at level 1
 * by exp(blockade). */
static void make_antagonist(allostat_exposure_terms *self,
                            const allostat_params *params)
{
    const int t = ALLOSTAT_TREATMENT_naltrexone - 1;

    self->antagonist_level = (float)params->oat_level[t];
    self->antagonist_keep = (float)allostat_exp(-1.0 / params->oat_tau_level[t]);
    self->antagonist_off_keep =
        (float)keep_from_halflife_hours(params->oat_halflife[t]);
    self->antagonist_gain = (float)allostat_expm1(params->oat_blockade[t]);
}

void allostat_exposure_terms_make(allostat_exposure_terms *self,
                                  const allostat_params *params,
                                  const allostat_supply *supply)
{
    self->plain = false;
    self->ec50_naive = (float)params->opioid_ec50_naive;
    self->ec50_gain = (float)params->opioid_ec50_gain;
    self->dose_multiple = (float)params->opioid_dose_multiple;
    self->day_share_of_dose = (float)(params->opioid_hours_per_dose / HOURS_A_DAY);
    self->street_keep = (float)keep_from_halflife_hours(params->opioid_street_halflife);
    self->rx_keep = (float)allostat_exp(-1.0 / params->prescribing_tau_level);
    self->met_keep = (float)allostat_exp(-1.0 / params->supply_tau_learn);
    make_agonists(self, params);
    make_antagonist(self, params);
    allostat_exposure_terms_sell(self, supply);
}

void allostat_exposure_terms_sell(allostat_exposure_terms *self,
                                  const allostat_supply *supply)
{
    self->sold = supply->mean_potency;
    self->learnable = supply->learnable_potency;
}

/* What a person's treatment makes of the level today, from the tables of the terms. */
typedef struct {
    float level, keep;
} maintenance;

/* Selects instead of a table look-up, so that the loop stays in registers. */
static inline maintenance maintain(const allostat_exposure_terms *t, int32_t treatment,
                                   int32_t last)
{
    const bool on = allostat_is_agonist(treatment);
    const int32_t drug = on ? treatment : last;
    const bool bup = drug == ALLOSTAT_TREATMENT_buprenorphine;
    const bool srom = drug == ALLOSTAT_TREATMENT_srom;
    const bool ioat = drug == ALLOSTAT_TREATMENT_ioat;
#define CHOOSE(table)                                                                 \
    allostat_selectf(                                                                 \
        ioat, t->table[ALLOSTAT_TREATMENT_ioat],                                      \
        allostat_selectf(srom, t->table[ALLOSTAT_TREATMENT_srom],                     \
                         allostat_selectf(bup,                                        \
                                          t->table[ALLOSTAT_TREATMENT_buprenorphine], \
                                          t->table[ALLOSTAT_TREATMENT_methadone])))
    const float level = CHOOSE(oat_level);
    const float keep = CHOOSE(oat_keep);
    const float off = CHOOSE(off_keep);
#undef CHOOSE

    return (maintenance){allostat_selectf(on, level, 0.0f),
                         allostat_selectf(on, keep, off)};
}

/* What the day's dose of the street comes to, by what the person believes of it. */
static inline float street_dose(const allostat_exposure_terms *t,
                                const allostat_users *users, size_t row)
{
    const float ec50_believed =
        allostat_ec50f(users->believed_tolerance[row], t->ec50_naive, t->ec50_gain);

    return users->doses[row] * allostat_dose_levelf(ec50_believed, t->dose_multiple,
                                                    t->sold, users->met_potency[row]);
}

/* A row's levels and effects, with today's EC50. */
static inline void expose(const allostat_exposure_terms *t, const allostat_users *users,
                          size_t row, float taken, float ec50)
{
    const float street = allostat_leftf(users->street_level[row] * t->street_keep +
                                        taken * t->day_share_of_dose);
    const maintenance aim =
        maintain(t, users->treatment[row], users->treatment_last[row]);
    const float oat =
        allostat_leftf(allostat_relaxf(users->oat_level[row], aim.level, aim.keep));
    const float rx = allostat_leftf(
        allostat_relaxf(users->rx_level[row], users->rx_target[row], t->rx_keep));
    const float learning = users->doses[row] > 0.0f ? t->met_keep : 1.0f;

    users->street_level[row] = street;
    users->oat_level[row] = oat;
    users->rx_level[row] = rx;
    users->effect[row] = allostat_effectf(street + oat + rx, ec50);
    users->oat_occupancy[row] = allostat_effectf(oat, ec50);
    users->met_potency[row] =
        allostat_relaxf(users->met_potency[row], t->learnable, learning);
}

ALLOSTAT_HOT
static void expose_all(const allostat_exposure_terms *terms, allostat_users *users,
                       size_t first, size_t count)
{
    const allostat_exposure_terms t = *terms;
    const allostat_users rows = *users; /* the stores below cannot change a local */

#pragma omp simd
    for (size_t i = first; i < first + count; i++) {
        const float known = t.dose_multiple * allostat_ec50f(rows.believed_tolerance[i],
                                                             t.ec50_naive, t.ec50_gain);
        const float taken = street_dose(&t, &rows, i) + rows.supplied[i] * known;
        const bool blocks = rows.treatment[i] == ALLOSTAT_TREATMENT_naltrexone;
        const float blocker = allostat_leftf(allostat_relaxf(
            rows.antagonist[i], allostat_selectf(blocks, t.antagonist_level, 0.0f),
            allostat_selectf(blocks, t.antagonist_keep, t.antagonist_off_keep)));
        const float ec50 =
            allostat_ec50f(rows.tolerance[i], t.ec50_naive, t.ec50_gain) *
            (1.0f + t.antagonist_gain * blocker);

        rows.antagonist[i] = blocker;
        expose(&t, &rows, i, taken, ec50);
    }
}

/* The same without an antagonist and safer supply. */
ALLOSTAT_HOT
static void expose_plain(const allostat_exposure_terms *terms, allostat_users *users,
                         size_t first, size_t count)
{
    const allostat_exposure_terms t = *terms;
    const allostat_users rows = *users;

#pragma omp simd
    for (size_t i = first; i < first + count; i++) {
        expose(&t, &rows, i, street_dose(&t, &rows, i),
               allostat_ec50f(rows.tolerance[i], t.ec50_naive, t.ec50_gain));
    }
}

void allostat_exposure_step(const allostat_exposure_terms *terms, allostat_users *users,
                            size_t first, size_t count)
{
    (terms->plain ? expose_plain : expose_all)(terms, users, first, count);
}
