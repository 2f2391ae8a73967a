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

    self->day = day;
    self->doses_per_day = (float)params->use_doses_per_day;
    self->payment_ratio =
        allostat_is_payment_day(params, day) ? (float)params->use_payment_ratio : 1.0f;
    self->mobilised_ratio = (float)params->stress_mobilised_doses;
    self->replaced = (float)params->safer_supply_replaced_share;
    self->dose_slope = (float)params->use_dose_craving_slope;
    self->log_lapse_base = (float)allostat_log(params->use_lapse_base);
    self->lapse_slope = (float)params->use_lapse_craving_slope;
    self->remission_lapse_ratio = (float)params->use_remission_lapse_ratio;
    self->remission = (float)-allostat_expm1(-params->use_remission_rate / days_a_year);
}

/* What a row brings to its day, and what it makes of it. */
typedef struct {
    float craving, frailty, doses_less, lapse_less;
    int32_t active, in_remission, may_lapse, assistance, defence, safer_supply;
    int32_t lapse_day;
} use_row;

static inline use_row row_of(const allostat_use_terms *terms,
                             const allostat_users *users, size_t row)
{
    return (use_row){
        .craving = users->craving[row],
        .frailty = users->frailty[row],
        .doses_less = users->doses_less[row],
        .lapse_less = users->lapse_less[row],
        .active = users->active[row],
        .in_remission = users->in_remission[row],
        /* A patient who never used on the street cannot return to it, nor can anybody
         * inside; who has been dormant does so on the day that was drawn. */
        .may_lapse = users->present[row] & (users->active[row] ^ 1) &
                     (users->rx_only[row] ^ 1) & (users->institution[row] == 0) &
                     (users->lapse_day[row] <= terms->day),
        .assistance = users->assistance[row],
        .defence = users->defence_state[row],
        .safer_supply = users->safer_supply[row],
        .lapse_day = users->lapse_day[row],
    };
}

/* Hazard of lapse, 1/d, from h0 exp(g K + u). */
static inline float lapse_hazard(const allostat_use_terms *terms, use_row row,
                                 float growth)
{
    return allostat_lapse_hazard_fromf(terms, growth, row.in_remission) *
           (1.0f - row.lapse_less);
}

/* Mean doses of today from exp(b K). */
static inline float mean_doses(const allostat_use_terms *terms, use_row row,
                               float growth)
{
    const float payment =
        allostat_selectf(row.assistance != 0, terms->payment_ratio, 1.0f);
    const float mobilised = allostat_selectf(row.defence == ALLOSTAT_DEFENCE_mobilised,
                                             terms->mobilised_ratio, 1.0f);

    return allostat_mean_doses_fromf(terms, growth,
                                     payment * mobilised * (1.0f - row.doses_less));
}

/* What safer supply replaces of the doses. */
static inline float replaced_share(const allostat_use_terms *terms, use_row row)
{
    return allostat_selectf(row.safer_supply, terms->replaced, 0.0f);
}

static inline float log_lapse_growth(const allostat_use_terms *terms, use_row row)
{
    return terms->log_lapse_base + terms->lapse_slope * row.craving + row.frailty;
}

static inline float log_dose_growth(const allostat_use_terms *terms, use_row row)
{
    return terms->dose_slope * row.craving;
}

/* Everything that a day can bring to one row. */
static void live_row(const allostat_use_terms *t, allostat_users *users, size_t i,
                     uint32_t use, uint32_t stop)
{
    const use_row row = row_of(t, users, i);
    const float u = allostat_uniform_from_bits(use);
    const int32_t is_drawn = (row.lapse_day != 0) & (row.lapse_day == t->day);
    const float lapse_chance = allostat_probability_from_hazardf(
        lapse_hazard(t, row, allostat_expf(log_lapse_growth(t, row))));
    const int32_t lapses = row.may_lapse & (is_drawn | (u < lapse_chance));
    const int32_t stops =
        row.active & (allostat_uniform_from_bits(stop) < t->remission);
    const int32_t uses = (row.active | lapses) & (stops ^ 1);
    /* A draw below the chance of lapse is uniform below it: one draw serves both. */
    const float rest = lapses && !is_drawn ? u / lapse_chance : u;
    const float mean = mean_doses(t, row, allostat_expf(log_dose_growth(t, row)));
    const float replaced = replaced_share(t, row);
    const int32_t drawn = allostat_poisson_from_uniformf(rest < 1.0f ? rest : 1.0f,
                                                         mean * (1.0f - replaced));
    const int32_t taken = drawn > lapses ? drawn : lapses; /* a lapse is a dose */

    users->active[i] = uses;
    users->in_remission[i] = (row.in_remission & (lapses ^ 1)) | stops;
    users->lapses_month[i] += lapses;
    users->quiet_months[i] *= lapses ^ 1;
    users->cessations_month[i] += stops;
    users->active_year[i] |= uses;
    users->doses_month[i] += uses * taken;
    users->doses[i] = (float)(uses * taken);
    users->supplied[i] = uses ? mean * replaced : 0.0f;
    users->supplied_month[i] += users->supplied[i];
}

enum { USE_ROWS = 256 }; /* at a time */

/* The day's random bits of some rows. */
typedef struct {
    const uint32_t *use, *stop;
} use_bits;

/* Doses of rows where nothing changes, which are nearly all of them, and a flag for the
 * others: who may lapse, stops, or takes more doses than the first terms of the sum
 * reach. The others' columns stay as they are, for live_row. One exponential serves the
 * lapse of those who do not use and the doses of those who do. */
ALLOSTAT_HOT
static void use_rows(const allostat_use_terms *terms, const allostat_users *users,
                     size_t first, size_t count, use_bits bits, uint8_t *restrict other)
{
    const uint32_t *restrict use = bits.use;
    const uint32_t *restrict stop = bits.stop;
    const allostat_use_terms t = *terms;
    const allostat_users rows = *users;   /* the stores below cannot change a local */
    const float margin = 1.0f + 0x1p-10f; /* 1 - e^-h is less than h; of rounding */
    int32_t *restrict active_year = users->active_year + first;
    int32_t *restrict doses_month = users->doses_month + first;
    float *restrict supplied = users->supplied + first;
    float *restrict supplied_month = users->supplied_month + first;
    float *restrict doses = users->doses + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const use_row row = row_of(&t, &rows, first + i);
        const float u = allostat_uniform_from_bits(use[i]);
        const float growth = allostat_expf(allostat_selectf(
            row.active, log_dose_growth(&t, row), log_lapse_growth(&t, row)));
        const int32_t perhaps =
            row.may_lapse &
            ((u < lapse_hazard(&t, row, growth) * margin) | (row.lapse_day == t.day));
        const int32_t stops =
            row.active & (allostat_uniform_from_bits(stop[i]) < t.remission);
        const float mean = mean_doses(&t, row, growth);
        const float replaced = replaced_share(&t, row);
        const allostat_poisson_start drawn =
            allostat_poisson_startf(u, mean * (1.0f - replaced));
        const int32_t differs = perhaps | stops | (row.active & drawn.open);
        const int32_t uses = row.active & (differs ^ 1);
        const int32_t taken = drawn.count & -uses;

        active_year[i] |= uses;
        doses_month[i] += taken;
        doses[i] = (float)taken;
        supplied[i] = allostat_selectf(uses, mean * replaced, 0.0f);
        supplied_month[i] += supplied[i];
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

        use_rows(terms, users, first + done, rows, (use_bits){use + done, stop + done},
                 other);
        for (size_t i = allostat_next_flag(other, 0, rows); i < rows;
             i = allostat_next_flag(other, i + 1, rows))
            live_row(terms, users, first + done + i, use[done + i], stop[done + i]);
    }
}

double allostat_days_to_lapse(const allostat_use_terms *terms,
                              const allostat_users *users, size_t row, float craving,
                              double u, double most)
{
    const double margin = 1.0 + 0x1p-20;
    use_row state = row_of(terms, users, row);

    state.craving = craving;
    const double hazard = (double)lapse_hazard(
        terms, state, allostat_expf(log_lapse_growth(terms, state)));

    /* -ln u is at least 1 - u: nearly everybody is spared the logarithm */
    if (1.0 - u >= hazard * most * margin) return most;
    return -allostat_log(u) / hazard;
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
