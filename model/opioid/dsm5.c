#include "opioid/dsm5.h"

#include "base/hot.h"

#include "opioid/kinetics.h"

#include <string.h>

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

enum { ROWS = 1024 }; /* of a block, at most */

/* What the residents' table knows of the people of a block. */
typedef struct {
    int32_t stable_home[ROWS], male[ROWS];
} people;

static void look_up(const allostat_residents *residents, const uint32_t *person,
                    size_t count, people *self)
{
    for (size_t i = 0; i < count; i++) {
        self->stable_home[i] = residents->housing[person[i]] == ALLOSTAT_HOUSING_stable;
        self->male[i] = residents->sex[person[i]] == ALLOSTAT_SEX_male;
    }
}

/* The last year of a row whose lapses are known. */
static inline allostat_dsm5_year year_of(const allostat_users *users, size_t row,
                                         float lapses, int32_t stable_home)
{
    return (allostat_dsm5_year){
        .use = users->use_mean[row],
        .patient = users->rx_only[row] != 0,
        .doses = users->dose_mean[row],
        .craving = users->craving_mean[row],
        .withdrawal = users->withdrawal_mean[row],
        .lapses = lapses,
        .frailty = users->frailty[row],
        .dependence = users->dependence[row],
        .tolerance = users->tolerance[row],
        .hyperalgesia = users->hyperalgesia[row],
        .tone = users->endogenous_tone[row],
        .connection = users->connection[row],
        .stress = users->stress[row],
        .wants_treatment = (users->treatment[row] != ALLOSTAT_TREATMENT_none) |
                           (users->waiting_since[row] != 0),
        .stable_home = stable_home,
        .injects = users->injects[row] != 0,
        .stimulants = users->uses_stimulants[row] != 0,
        .injured = (users->brain_injury[row] != 0) | (users->overdoses_year[row] > 0),
    };
}

ALLOSTAT_HOT
static void judge(const allostat_params *params, float keep,
                  const int32_t *restrict stable_home, allostat_users *users,
                  size_t first, size_t count)
{
    const allostat_users table = *users; /* no store changes where columns are */
    float *restrict lapse_mean = users->lapse_mean + first;
    int32_t *restrict dsm5_flags = users->dsm5_flags + first;
    int32_t *restrict oud_severity = users->oud_severity + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float lapses_a_year =
            (float)(table.lapses_month[first + i] * (int32_t)ALLOSTAT_MONTHS_A_YEAR);
        const float lapses = allostat_relaxf(lapse_mean[i], lapses_a_year, keep);
        const allostat_dsm5_year year =
            year_of(&table, first + i, lapses, stable_home[i]);
        const int32_t flags = allostat_dsm5_flags(params, &year);

        lapse_mean[i] = lapses;
        dsm5_flags[i] = flags;
        oud_severity[i] = (int32_t)allostat_dsm5_severity(allostat_dsm5_count(flags));
    }
}

/* Suppressed for as long as slow tolerance says that opioids have been there for
 * months; drawn for all such men of the block together. */
static void find_hypogonadism(const allostat_params *params, allostat_draw_key key,
                              const people *known, allostat_users *users, size_t first,
                              size_t count)
{
    uint32_t row[ROWS], number[ROWS], bits[ROWS];
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const int32_t long_use = (double)users->tolerance_slow[first + i] >
                                 params->prescribing_hypogonadism_tolerance;

        row[found] = (uint32_t)(first + i);
        number[found] = users->number[first + i];
        found += (size_t)(known->male[i] & long_use);
    }
    memset(users->hypogonadism + first, 0, count * sizeof *users->hypogonadism);
    allostat_draws_of(key, ALLOSTAT_DRAW_user_hypogonadism, 0,
                      &(allostat_draw_rows){number, NULL, found, bits, 0});
    for (size_t i = 0; i < found; i++) {
        users->hypogonadism[row[i]] = allostat_double_uniform_from_bits(bits[i]) <
                                      params->prescribing_hypogonadism;
    }
}

void allostat_dsm5_month(const allostat_params *params, allostat_draw_key key,
                         const allostat_residents *residents, allostat_users *users,
                         size_t first, size_t count)
{
    const double days_a_month = 365.25 / ALLOSTAT_MONTHS_A_YEAR;
    const float keep = (float)allostat_exp(-days_a_month / params->dsm5_tau_year);
    const size_t end = first + count;
    people known;

    for (; first < end; first += ROWS) {
        const size_t rows = end - first < ROWS ? end - first : ROWS;

        look_up(residents, users->person + first, rows, &known);
        judge(params, keep, known.stable_home, users, first, rows);
        find_hypogonadism(params, key, &known, users, first, rows);
    }
}
