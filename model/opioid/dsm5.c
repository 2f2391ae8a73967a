#include "opioid/dsm5.h"

#include "base/hot.h"

#include "opioid/kinetics.h"

static int32_t bit(allostat_dsm5_symptom symptom, bool found)
{
    return found ? (int32_t)1 << symptom : 0;
}

/* Symptoms that a patient can have as well as a user of the street. */
static int32_t common_symptoms(const allostat_params *p, const allostat_dsm5_year *year,
                               float loss, bool impaired)
{
    const bool fails = (double)year->lapses > p->dsm5_cutdown_lapses ||
                       (double)loss > p->dsm5_cutdown_loss ||
                       (year->use > 0.0f && year->wants_treatment);

    return bit(ALLOSTAT_DSM5_larger_amounts, (double)loss > p->dsm5_larger_loss) |
           bit(ALLOSTAT_DSM5_failed_cutdown, fails) |
           bit(ALLOSTAT_DSM5_craving, (double)year->craving > p->dsm5_craving) |
           bit(ALLOSTAT_DSM5_social_problems,
               impaired && (double)year->connection < p->dsm5_social_connection) |
           bit(ALLOSTAT_DSM5_activities_given_up,
               impaired && (double)year->tone < p->dsm5_activities_tone);
}

/* Symptoms of unregulated use. */
static int32_t street_symptoms(const allostat_params *p, const allostat_dsm5_year *year)
{
    const double half = 0.5;
    const double roles = p->dsm5_roles_doses * (year->stable_home ? 1.0 : half);
    const bool harm = year->injured || (double)year->stress > p->dsm5_harm_stress ||
                      (double)year->hyperalgesia > p->dsm5_harm_pain;

    return bit(ALLOSTAT_DSM5_time, (double)year->doses > p->dsm5_time_doses) |
           bit(ALLOSTAT_DSM5_roles, (double)year->doses > roles) |
           bit(ALLOSTAT_DSM5_hazard, year->injects || year->stimulants) |
           bit(ALLOSTAT_DSM5_despite_harm, harm) |
           bit(ALLOSTAT_DSM5_tolerance, (double)year->tolerance > p->dsm5_tolerance) |
           bit(ALLOSTAT_DSM5_withdrawal, (double)year->withdrawal > p->dsm5_withdrawal);
}

int32_t allostat_dsm5_flags(const allostat_params *params,
                            const allostat_dsm5_year *year)
{
    const bool uses = (double)year->use >= params->dsm5_use_least;
    const float loss = allostat_dsm5_loss(params, year);
    const bool impaired = uses || (double)loss > params->dsm5_impaired_loss;

    if (!uses && !year->patient) return 0;
    return common_symptoms(params, year, loss, impaired) |
           (uses ? street_symptoms(params, year) : 0);
}

int32_t allostat_dsm5_count(int32_t flags)
{
    int32_t count = 0;

    for (int symptom = 0; symptom < ALLOSTAT_DSM5_SYMPTOM_COUNT; symptom++) {
        count += (flags >> symptom) & 1;
    }
    return count;
}

void allostat_dsm5_terms_make(allostat_dsm5_terms *self, const allostat_params *params)
{
    self->keep = (float)allostat_exp(-1.0 / params->dsm5_tau_year);
}

ALLOSTAT_HOT
void allostat_dsm5_step(const allostat_dsm5_terms *terms, allostat_users *users,
                        size_t first, size_t count)
{
    const float keep = terms->keep;
    const int32_t *restrict active = users->active + first;
    const float *restrict doses = users->doses + first;
    const float *restrict craving = users->craving + first;
    const float *restrict withdrawal = users->withdrawal + first;
    float *restrict use_mean = users->use_mean + first;
    float *restrict dose_mean = users->dose_mean + first;
    float *restrict craving_mean = users->craving_mean + first;
    float *restrict withdrawal_mean = users->withdrawal_mean + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        use_mean[i] = allostat_relaxf(use_mean[i], (float)active[i], keep);
        dose_mean[i] = allostat_relaxf(dose_mean[i], doses[i], keep);
        craving_mean[i] = allostat_relaxf(craving_mean[i], craving[i], keep);
        withdrawal_mean[i] = allostat_relaxf(withdrawal_mean[i], withdrawal[i], keep);
    }
}

static allostat_dsm5_year year_of(const allostat_residents *residents,
                                  const allostat_users *users, size_t row)
{
    const uint32_t person = users->person[row];

    return (allostat_dsm5_year){
        .use = users->use_mean[row],
        .patient = users->rx_only[row],
        .doses = users->dose_mean[row],
        .craving = users->craving_mean[row],
        .withdrawal = users->withdrawal_mean[row],
        .lapses = users->lapse_mean[row],
        .frailty = users->frailty[row],
        .dependence = users->dependence[row],
        .tolerance = users->tolerance[row],
        .hyperalgesia = users->hyperalgesia[row],
        .tone = users->endogenous_tone[row],
        .connection = users->connection[row],
        .stress = users->stress[row],
        .wants_treatment = users->treatment[row] != ALLOSTAT_TREATMENT_none ||
                           users->waiting_since[row] != 0,
        .stable_home = residents->housing[person] == ALLOSTAT_HOUSING_stable,
        .injects = users->injects[row],
        .stimulants = users->uses_stimulants[row],
        .injured = users->brain_injury[row] || users->overdoses_year[row] > 0,
    };
}

static bool is_man_on_opioids(const allostat_params *params,
                              const allostat_residents *residents,
                              const allostat_users *users, size_t row)
{
    return residents->sex[users->person[row]] == ALLOSTAT_SEX_male &&
           (double)users->tolerance_slow[row] >
               params->prescribing_hypogonadism_tolerance;
}

/* Suppressed for as long as slow tolerance says that opioids have been there for
 * months; a few rows together, so that draws are made together. */
static void find_hypogonadism(const allostat_params *params, allostat_draw_key key,
                              const allostat_residents *residents,
                              allostat_users *users, size_t first, size_t count)
{
    enum { TOGETHER = 256 };
    uint32_t row[TOGETHER], number[TOGETHER], bits[TOGETHER];
    const size_t end = first + count;
    size_t next = first;

    while (next < end) {
        size_t found = 0;

        for (; next < end && found < TOGETHER; next++) {
            users->hypogonadism[next] = 0;
            if (!is_man_on_opioids(params, residents, users, next)) continue;
            row[found] = (uint32_t)next;
            number[found++] = users->number[next];
        }
        allostat_draws_of(key, ALLOSTAT_DRAW_user_hypogonadism, 0,
                          &(allostat_draw_rows){number, NULL, found, bits, 0});
        for (size_t i = 0; i < found; i++) {
            users->hypogonadism[row[i]] = allostat_double_uniform_from_bits(bits[i]) <
                                          params->prescribing_hypogonadism;
        }
    }
}

void allostat_dsm5_month(const allostat_params *params, allostat_draw_key key,
                         const allostat_residents *residents, allostat_users *users,
                         size_t first, size_t count)
{
    const double days_a_month = 365.25 / ALLOSTAT_MONTHS_A_YEAR;
    const float keep = (float)allostat_exp(-days_a_month / params->dsm5_tau_year);

    for (size_t row = first; row < first + count; row++) {
        const float lapses_a_year =
            (float)(users->lapses_month[row] * ALLOSTAT_MONTHS_A_YEAR);

        users->lapse_mean[row] =
            allostat_relaxf(users->lapse_mean[row], lapses_a_year, keep);
        const allostat_dsm5_year year = year_of(residents, users, row);
        const int32_t flags = allostat_dsm5_flags(params, &year);
        users->dsm5_flags[row] = flags;
        users->oud_severity[row] =
            (int32_t)allostat_dsm5_severity(allostat_dsm5_count(flags));
    }
    find_hypogonadism(params, key, residents, users, first, count);
}
