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

    self->plain = false;
    self->day = day;
    self->lived = allostat_days_through(day);
    self->opens_month = allostat_month_first_day(allostat_month_of_day(day)) == day;
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

/* The same without safer supply and therapies. */
static inline use_row plain_row_of(const allostat_use_terms *terms,
                                   const allostat_users *users, size_t i)
{
    use_row row = row_of(terms, users, i);

    row.safer_supply = 0;
    row.doses_less = row.lapse_less = 0.0f;
    return row;
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

static void change_use(const allostat_use_terms *t, allostat_users *users, size_t i,
                       int32_t active, int32_t in_remission)
{
    const bool counts_else = allostat_in_need(active, in_remission) !=
                             allostat_in_need(users->active[i], users->in_remission[i]);
    allostat_counted_days lived = {0};

    if (counts_else) lived = allostat_days_lived(users, i, t->lived);
    users->active[i] = active;
    users->in_remission[i] = in_remission;
    if (counts_else) allostat_days_settle(users, i, t->lived, &lived);
}

/* Everything that a day can bring to one row. What seldom changes is far from the
 * cache, and left alone. */
static void live_row(const allostat_use_terms *t, allostat_users *users, size_t i,
                     uint32_t use, uint32_t stop)
{
    const use_row row = t->plain ? plain_row_of(t, users, i) : row_of(t, users, i);
    const float u = allostat_uniform_from_bits(use);
    const int32_t is_drawn = (row.lapse_day != 0) & (row.lapse_day == t->day);
    const float lapse_chance = allostat_probability_from_hazardf(
        lapse_hazard(t, row, allostat_expf(log_lapse_growth(t, row))));
    const int32_t lapses = row.may_lapse & (is_drawn | (u < lapse_chance));
    const int32_t stops =
        row.active & (allostat_uniform_from_bits(stop) < t->remission);
    const int32_t uses = (row.active | lapses) & (stops ^ 1);
    const int32_t in_remission = (row.in_remission & (lapses ^ 1)) | stops;
    /* A draw below the chance of lapse is uniform below it: one draw serves both. */
    const float rest = lapses && !is_drawn ? u / lapse_chance : u;
    const float mean = mean_doses(t, row, allostat_expf(log_dose_growth(t, row)));
    const float replaced = replaced_share(t, row);
    const int32_t drawn = allostat_poisson_from_uniformf(rest < 1.0f ? rest : 1.0f,
                                                         mean * (1.0f - replaced));
    const int32_t taken = drawn > lapses ? drawn : lapses; /* a lapse is a dose */

    change_use(t, users, i, uses, in_remission);
    if (lapses) {
        users->lapses_month[i]++;
        users->quiet_months[i] = 0;
        users->active_year[i] = 1;
    }
    if (stops) users->cessations_month[i]++;
    users->doses_month[i] += uses * taken;
    users->doses[i] = (float)(uses * taken);
    if (t->plain) return;
    users->supplied[i] = uses ? mean * replaced : 0.0f;
    users->supplied_month[i] += users->supplied[i];
}

enum { USE_ROWS = 256 }; /* at a time */

/* The day of some rows on its way. */
typedef struct {
    const uint32_t *use, *stop; /* random bits */
    float mean[USE_ROWS];       /* doses; 0 for those who do not use */
    uint8_t other[USE_ROWS];    /* 1: live_row is wanted */
} use_day;

typedef struct {
    float mean, supplied;
    int32_t other;
} use_means;

/* What is known of a row before its doses. Others are who may lapse or stops. One
 * exponential serves the lapse of those who do not use and the doses of those who do.
 */
static inline use_means means_of(const allostat_use_terms *t, use_row row, uint32_t use,
                                 uint32_t stop)
{
    const float margin = 1.0f + 0x1p-10f; /* 1 - e^-h is less than h; of rounding */
    const float u = allostat_uniform_from_bits(use);
    const float growth = allostat_expf(allostat_selectf(
        row.active, log_dose_growth(t, row), log_lapse_growth(t, row)));
    const int32_t perhaps =
        row.may_lapse &
        ((u < lapse_hazard(t, row, growth) * margin) | (row.lapse_day == t->day));
    const int32_t stops =
        row.active & (allostat_uniform_from_bits(stop) < t->remission);
    const int32_t other = perhaps | stops;
    const int32_t uses = row.active & (other ^ 1);
    const float mean = allostat_selectf(uses, mean_doses(t, row, growth), 0.0f);
    const float replaced = replaced_share(t, row);

    return (use_means){mean * (1.0f - replaced), mean * replaced, other};
}

ALLOSTAT_HOT
static void find_means(const allostat_use_terms *terms, const allostat_users *users,
                       size_t first, size_t count, use_day *restrict self)
{
    const allostat_use_terms t = *terms;
    const allostat_users rows = *users; /* the stores below cannot change a local */
    const uint32_t *restrict use = self->use;
    const uint32_t *restrict stop = self->stop;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const use_means means =
            means_of(&t, row_of(&t, &rows, first + i), use[i], stop[i]);

        self->mean[i] = means.mean;
        self->other[i] = (uint8_t)means.other;
        rows.supplied[first + i] = means.supplied;
    }
}

/* Without safer supply and therapies. */
ALLOSTAT_HOT
static void find_means_plain(const allostat_use_terms *terms,
                             const allostat_users *users, size_t first, size_t count,
                             use_day *restrict self)
{
    const allostat_use_terms t = *terms;
    const allostat_users rows = *users;
    const uint32_t *restrict use = self->use;
    const uint32_t *restrict stop = self->stop;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const use_means means =
            means_of(&t, plain_row_of(&t, &rows, first + i), use[i], stop[i]);

        self->mean[i] = means.mean;
        self->other[i] = (uint8_t)means.other;
    }
}

/* Doses of rows where nothing else changes, which are nearly all of them. Others are
 * also who takes more than the first terms of the sum reach. */
ALLOSTAT_HOT
static void take_doses(allostat_users *users, size_t first, size_t count,
                       use_day *restrict self)
{
    const uint32_t *restrict use = self->use;
    int32_t *restrict doses_month = users->doses_month + first;
    float *restrict doses = users->doses + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const allostat_poisson_start drawn =
            allostat_poisson_startf(allostat_uniform_from_bits(use[i]), self->mean[i]);
        const int32_t taken = drawn.count & (drawn.open - 1);

        self->other[i] |= (uint8_t)drawn.open;
        doses_month[i] += taken;
        doses[i] = (float)taken;
    }
}

/* What the others are supplied with live_row adds. */
ALLOSTAT_HOT
static void add_supplied(allostat_users *users, size_t first, size_t count,
                         const use_day *self)
{
    const uint8_t *restrict other = self->other;
    const float *restrict supplied = users->supplied + first;
    float *restrict month = users->supplied_month + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        month[i] += allostat_selectf(other[i], 0.0f, supplied[i]);
}

/* Who begins during a month is marked on that day. */
ALLOSTAT_HOT
static void mark_active(allostat_users *users, size_t first, size_t count)
{
    const int32_t *restrict active = users->active + first;
    int32_t *restrict active_year = users->active_year + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) active_year[i] |= active[i];
}

static void use_some(const allostat_use_terms *terms, allostat_users *users,
                     size_t first, size_t count, use_day *self)
{
    (terms->plain ? find_means_plain : find_means)(terms, users, first, count, self);
    take_doses(users, first, count, self);
    if (!terms->plain) add_supplied(users, first, count, self);
    for (size_t i = allostat_next_flag(self->other, 0, count); i < count;
         i = allostat_next_flag(self->other, i + 1, count))
        live_row(terms, users, first + i, self->use[i], self->stop[i]);
}

void allostat_use_step(const allostat_use_terms *terms, allostat_users *users,
                       size_t first, size_t count, const uint32_t *use,
                       const uint32_t *stop)
{
    use_day rows;

    for (size_t done = 0; done < count; done += USE_ROWS) {
        const size_t left = count - done;

        rows.use = use + done;
        rows.stop = stop + done;
        use_some(terms, users, first + done, left < USE_ROWS ? left : USE_ROWS, &rows);
    }
    if (terms->opens_month) mark_active(users, first, count);
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
