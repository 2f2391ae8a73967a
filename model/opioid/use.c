#include "opioid/use.h"

#include "base/hot.h"

#include "base/columns.h"
#include "base/draws.h"

enum { WEDNESDAY = 2, DAYS_A_WEEK = 7 };

static bool is_paid_in(const allostat_params *params, allostat_month month,
                       allostat_day day)
{
    const allostat_day first = allostat_month_first_day(month);
    const int32_t to_wednesday =
        (WEDNESDAY - allostat_weekday(first) + DAYS_A_WEEK) % DAYS_A_WEEK;
    const allostat_day payment =
        first + to_wednesday +
        DAYS_A_WEEK * ((allostat_day)params->use_payment_wednesday - 1);

    return allostat_month_of_day(payment) == month && day >= payment &&
           day < payment + (allostat_day)params->use_payment_days;
}

/* The days after a payment late in a month reach into the next. */
bool allostat_is_payment_day(const allostat_params *params, allostat_day day)
{
    const allostat_month month = allostat_month_of_day(day);

    return is_paid_in(params, month, day) || is_paid_in(params, month - 1, day);
}

void allostat_use_terms_make(allostat_use_terms *self, const allostat_params *params,
                             allostat_day day)
{
    const double days_a_year = 365.25;

    self->doses_per_day = (float)params->use_doses_per_day;
    self->payment_ratio =
        allostat_is_payment_day(params, day) ? (float)params->use_payment_ratio : 1.0f;
    self->mobilised_ratio = (float)params->stress_mobilised_doses;
    self->dose_slope = (float)params->use_dose_craving_slope;
    self->log_lapse_base = (float)allostat_log(params->use_lapse_base);
    self->lapse_slope = (float)params->use_lapse_craving_slope;
    self->remission_lapse_ratio = (float)params->use_remission_lapse_ratio;
    self->remission = (float)-allostat_expm1(-params->use_remission_rate / days_a_year);
}

/* Doses of today's payment and defence state, against those of any day. */
static inline float dose_ratiof(const allostat_use_terms *terms, int32_t assistance,
                                int32_t defence)
{
    const float payment = allostat_selectf(assistance != 0, terms->payment_ratio, 1.0f);
    const float mobilised = allostat_selectf(defence == ALLOSTAT_DEFENCE_mobilised,
                                             terms->mobilised_ratio, 1.0f);

    return payment * mobilised;
}

/* A patient who never used on the street cannot return to it, nor can anybody inside.
 */
static bool may_lapse(const allostat_users *users, size_t row)
{
    return users->present[row] && !users->active[row] && !users->rx_only[row] &&
           !users->institution[row];
}

/* Everything that a day can bring to one row. */
static void live_row(const allostat_use_terms *t, allostat_users *users, size_t row,
                     uint32_t use, uint32_t stop)
{
    const float u = allostat_uniform_from_bits(use);
    const float lapse_chance = allostat_probability_from_hazardf(allostat_lapse_hazardf(
        t, users->craving[row], users->frailty[row], users->in_remission[row]));
    const int32_t active = users->active[row];
    const int32_t lapses = may_lapse(users, row) && u < lapse_chance;
    const int32_t stops = active && allostat_uniform_from_bits(stop) < t->remission;
    const int32_t uses = (active | lapses) & (stops ^ 1);
    /* A draw below the chance of lapse is uniform below it: one draw serves both. */
    const float rest = lapses ? u / lapse_chance : u;
    const int32_t drawn = allostat_poisson_from_uniformf(
        rest < 1.0f ? rest : 1.0f,
        allostat_mean_dosesf(
            t, users->craving[row],
            dose_ratiof(t, users->assistance[row], users->defence_state[row])));
    const int32_t taken = drawn > lapses ? drawn : lapses; /* a lapse is a dose */

    users->active[row] = uses;
    users->in_remission[row] = (users->in_remission[row] & (lapses ^ 1)) | stops;
    users->lapses_month[row] += lapses;
    users->cessations_month[row] += stops;
    users->active_year[row] |= uses;
    users->doses_month[row] += uses * taken;
    users->doses[row] = (float)(uses * taken);
}

enum { USE_ROWS = 256 }; /* at a time */

/* Doses of rows where nothing changes, which are nearly all of them, and a flag for the
 * others: who may lapse, stops, or takes more doses than the first terms of the sum
 * reach. The others' columns stay as they are. One exponential serves the lapse of
 * those who do not use and the doses of those who do. */
ALLOSTAT_HOT
static void use_rows(const allostat_use_terms *terms, allostat_users *users,
                     size_t first, size_t count, const uint32_t *restrict use,
                     const uint32_t *restrict stop, uint8_t *restrict other)
{
    const allostat_use_terms t = *terms;
    const float margin = 1.0f + 0x1p-10f; /* 1 - e^-h is less than h; of rounding */
    const int32_t *restrict present = users->present + first;
    const float *restrict craving = users->craving + first;
    const float *restrict frailty = users->frailty + first;
    const int32_t *restrict rx_only = users->rx_only + first;
    const int32_t *restrict institution = users->institution + first;
    const int32_t *restrict assistance = users->assistance + first;
    const int32_t *restrict defence = users->defence_state + first;
    const int32_t *restrict active = users->active + first;
    const int32_t *restrict in_remission = users->in_remission + first;
    int32_t *restrict active_year = users->active_year + first;
    int32_t *restrict doses_month = users->doses_month + first;
    float *restrict doses = users->doses + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float u = allostat_uniform_from_bits(use[i]);
        const int32_t uses = active[i];
        const float growth = allostat_expf(allostat_selectf(
            uses, t.dose_slope * craving[i],
            t.log_lapse_base + t.lapse_slope * craving[i] + frailty[i]));
        const float hazard = allostat_lapse_hazard_fromf(&t, growth, in_remission[i]);
        const int32_t free =
            present[i] & (uses ^ 1) & (rx_only[i] ^ 1) & (institution[i] == 0);
        const int32_t perhaps = free & (u < hazard * margin);
        const int32_t stops =
            uses & (allostat_uniform_from_bits(stop[i]) < t.remission);
        const allostat_poisson_start drawn = allostat_poisson_startf(
            u, allostat_mean_doses_fromf(&t, growth,
                                         dose_ratiof(&t, assistance[i], defence[i])));
        const int32_t differs = perhaps | stops | (uses & drawn.open);
        const int32_t taken = drawn.count & -(uses & (differs ^ 1));

        active_year[i] |= uses & (differs ^ 1);
        doses_month[i] += taken;
        doses[i] = (float)taken;
        other[i] = (uint8_t)differs;
    }
}

void allostat_use_step(const allostat_use_terms *terms, allostat_users *users,
                       size_t first, size_t count, const uint32_t *use,
                       const uint32_t *stop)
{
    uint8_t other[USE_ROWS];

    for (size_t done = 0; done < count; done += USE_ROWS) {
        const size_t rows = count - done < USE_ROWS ? count - done : USE_ROWS;

        use_rows(terms, users, first + done, rows, use + done, stop + done, other);
        for (size_t i = allostat_next_flag(other, 0, rows); i < rows;
             i = allostat_next_flag(other, i + 1, rows))
            live_row(terms, users, first + done + i, use[done + i], stop[done + i]);
    }
}

ALLOSTAT_HOT
void allostat_visit_step(allostat_users *users, size_t first, size_t count,
                         const uint32_t *visit)
{
    const float *restrict doses = users->doses + first;
    const float *restrict share = users->site_share + first;
    int32_t *restrict visits = users->visits_month + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const float wanted = doses[i] * share[i];
        const int32_t whole = (int32_t)(wanted + allostat_uniform_from_bits(visit[i]));

        visits[i] += wanted > 0.0f ? whole : 0;
    }
}
