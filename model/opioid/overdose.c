#include "opioid/overdose.h"

#include "base/hot.h"

#include "base/columns.h"
#include "base/draws.h"

#include <math.h> /* sqrt is exact in IEEE arithmetic */

void allostat_overdose_terms_make(allostat_overdose_terms *self,
                                  const allostat_params *params,
                                  const allostat_supply *supply)
{
    self->ec50_naive = (float)params->opioid_ec50_naive;
    self->ec50_gain = (float)params->opioid_ec50_gain;
    self->threshold_log = (float)params->overdose_threshold_log;
    for (int i = 0; i < ALLOSTAT_DRUG_TYPE_COUNT; i++) {
        self->share[i] = supply->share[i];
        self->log_mean[i] = supply->log_mean[i];
        self->inverse_sd[i] = 1.0f / supply->log_sd[i];
    }
    self->benzodiazepine =
        1.0f + supply->benzodiazepine_share *
                   (float)(params->overdose_benzodiazepine_ratio - 1.0);
    self->checked_benzodiazepine =
        1.0f + supply->benzodiazepine_share *
                   (float)((1.0 - params->drug_checking_benzodiazepine_avoided) *
                           (params->overdose_benzodiazepine_ratio - 1.0));
    self->checked_narrowing = (float)(1.0 / sqrt(1.0 - params->drug_checking_revealed));
    self->blockade[ALLOSTAT_TREATMENT_none] = 0.0f;
    for (int t = ALLOSTAT_TREATMENT_methadone; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        self->blockade[t] = (float)params->oat_blockade[t - 1];
    }
    self->antagonist_gain =
        (float)allostat_expm1(params->oat_blockade[ALLOSTAT_TREATMENT_naltrexone - 1]);
}

/* What a row brings to the risk of its doses. */
typedef struct {
    float misjudged; /* EC50 as the person believes it to be over the true one */
    float met, blocked, narrowing;
    float ratio, benzodiazepine; /* of risks, at the same surprise */
    float doses;
} risk_row;

static inline risk_row row_of(const allostat_overdose_terms *t,
                              const allostat_users *users, size_t row)
{
    const int32_t drug = users->treatment[row], known = users->strength_known[row];
    const float injected = allostat_selectf(drug == ALLOSTAT_TREATMENT_ioat,
                                            t->blockade[ALLOSTAT_TREATMENT_ioat],
                                            t->blockade[ALLOSTAT_TREATMENT_methadone]);
    const float morphine =
        allostat_selectf(drug == ALLOSTAT_TREATMENT_srom,
                         t->blockade[ALLOSTAT_TREATMENT_srom], injected);
    const float block =
        allostat_selectf(drug == ALLOSTAT_TREATMENT_buprenorphine,
                         t->blockade[ALLOSTAT_TREATMENT_buprenorphine], morphine);
    const float ec50 =
        allostat_ec50f(users->tolerance[row], t->ec50_naive, t->ec50_gain) *
        (1.0f + t->antagonist_gain * users->antagonist[row]);

    return (risk_row){
        .misjudged = allostat_ec50f(users->believed_tolerance[row], t->ec50_naive,
                                    t->ec50_gain) /
                     ec50,
        .met = users->met_potency[row],
        .blocked = block * users->oat_occupancy[row],
        .narrowing = allostat_selectf(known, t->checked_narrowing, 1.0f),
        .ratio = users->overdose_ratio[row],
        .benzodiazepine =
            allostat_selectf(known, t->checked_benzodiazepine, t->benzodiazepine),
        .doses = users->doses[row],
    };
}

/* Chance that the day's doses of a row are an overdose. */
static float risk_of(const allostat_overdose_terms *t, const allostat_users *users,
                     size_t i)
{
    const risk_row row = row_of(t, users, i);
    const float surprise = allostat_logf(row.misjudged) - row.met - row.blocked;
    const float risk = allostat_narrowed_dose_riskf(t, surprise, row.narrowing) *
                       row.ratio * row.benzodiazepine;

    return allostat_day_riskf(risk, row.doses);
}

/* Flags the rows whose draw is below a bound of risk_of: the logarithm is bounded by
 * its tangent, and both normal distributions by one exponential; what lowers the risk
 * of a few, blockade by their treatment, an antagonist or a check, is left out. A few
 * in a hundred. */
ALLOSTAT_HOT
static void find_candidates(const allostat_overdose_terms *terms,
                            const allostat_users *users, size_t first, size_t count,
                            const uint32_t *restrict bits, uint8_t *restrict candidate)
{
    const allostat_overdose_terms t = *terms;
    const float *restrict tolerance = users->tolerance + first;
    const float *restrict believed = users->believed_tolerance + first;
    const float *restrict met = users->met_potency + first;
    const float *restrict ratio = users->overdose_ratio + first;
    const float *restrict doses = users->doses + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float misjudged = allostat_ec50f(believed[i], 1.0f, t.ec50_gain) /
                                allostat_ec50f(tolerance[i], 1.0f, t.ec50_gain);
        const float surprise = (misjudged - 1.0f) - met[i];
        const float most =
            allostat_dose_risk_boundf(&t, surprise) * ratio[i] * t.benzodiazepine;

        candidate[i] = (uint8_t)(allostat_uniform_from_bits(bits[i]) <
                                 allostat_day_risk_boundf(most, doses[i]));
    }
}

typedef struct {
    const uint16_t *at; /* [count] */
    size_t count;
} candidates;

/* Of the rows first + at[0], ... Few of the candidates do. */
static size_t list_overdosed(const allostat_overdose_terms *terms,
                             const allostat_users *users, size_t first,
                             const uint32_t *bits, candidates some, uint32_t *overdosed)
{
    size_t found = 0;

    for (size_t i = 0; i < some.count; i++) {
        const size_t row = first + some.at[i];

        overdosed[found] = (uint32_t)row;
        found +=
            allostat_uniform_from_bits(bits[some.at[i]]) < risk_of(terms, users, row);
    }
    return found;
}

size_t allostat_overdose_step(const allostat_overdose_terms *terms,
                              const allostat_users *users, size_t first, size_t count,
                              const uint32_t *bits, uint32_t *overdosed)
{
    uint8_t flag[ALLOSTAT_SHARE_ROWS];
    uint16_t at[ALLOSTAT_SHARE_ROWS];
    size_t found = 0;

    for (size_t begin = 0, rows; begin < count; begin += rows) {
        const size_t left = count - begin;

        rows = left < sizeof flag ? left : sizeof flag;
        find_candidates(terms, users, first + begin, rows, bits + begin, flag);
        const candidates some = {at, allostat_list_flags(flag, rows, at)};
        found += list_overdosed(terms, users, first + begin, bits + begin, some,
                                overdosed + found);
    }
    return found;
}
