#include "care/institutions.h"

#include "base/hot.h"

void allostat_institution_terms_make(allostat_institution_terms *self,
                                     const allostat_params *params, allostat_day day)
{
    self->day = day;
    self->taper_level = (float)params->detox_taper_level;
    self->inverse_taper_days = (float)(1.0 / params->detox_taper_days);
}

static void stop_treatment(allostat_day day, allostat_users *users, size_t row)
{
    const int32_t drug = users->treatment[row];

    if (drug == ALLOSTAT_TREATMENT_none) return;
    users->oat_stops_month[row] += allostat_is_agonist(drug);
    users->treatment_moves_month[row] +=
        allostat_packed_one(drug, ALLOSTAT_PACKED_MOVES_BITS) *
        (1 << ALLOSTAT_PACKED_STOPS_AT);
    users->treatment_end[row] = day;
    users->treatment[row] = ALLOSTAT_TREATMENT_none;
}

/* A stay that begins, goes on or ends, and what it does to use and treatment. */
static void move(const allostat_institution_terms *t, allostat_users *users, size_t row)
{
    const int32_t next = users->institution_next[row];
    const int32_t end = users->institution_end[row];
    const bool due = next != 0 && users->institution_start[row] == t->day;
    const bool enters =
        due && (next == ALLOSTAT_INSTITUTION_custody || users->active[row]);
    const bool leaves = users->institution[row] != 0 && end == t->day;
    const bool without_oat = enters && users->institution_oat[row] == 0;

    if (leaves) users->institution[row] = 0;
    if (enters) users->institution[row] = next;
    if (due) users->institution_next[row] = 0;
    if (users->institution[row]) {
        users->active[row] = users->in_remission[row] = 0;
        users->days_since_release[row] = 0;
    }
    if (without_oat) stop_treatment(t->day, users, row);
    if (without_oat || (due && !enters)) users->treatment_next[row] = 0;
    if (leaves) {
        users->releases_month[row]++;
        users->days_since_release[row] = 1;
    }
    if (users->institution[row] == ALLOSTAT_INSTITUTION_detox) {
        const float given =
            allostat_taper_levelf(t->taper_level, t->inverse_taper_days, end - t->day);

        if (given > users->oat_level[row]) users->oat_level[row] = given;
    }
}

/* Days since release of everybody. */
ALLOSTAT_HOT
static void wait_step(allostat_users *users, size_t first, size_t count)
{
    int32_t *restrict since = users->days_since_release + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t out = (since[i] > 0) & (since[i] < ALLOSTAT_RELEASE_LATER_DAYS);

        since[i] = (since[i] + 1) * out;
    }
}

/* Those for whom a stay begins or ends, or a taper goes on. */
static void move_step(const allostat_institution_terms *t, allostat_users *users,
                      allostat_some_rows rows)
{
    for (size_t i = 0; i < rows.count; i++) {
        const uint32_t row = rows.row[i];
        const int32_t next = users->institution_next[row];
        const int32_t now = users->institution[row];
        const bool begins = next != 0 && users->institution_start[row] == t->day;
        const bool leaves = now != 0 && users->institution_end[row] == t->day;

        if (begins || leaves || now == ALLOSTAT_INSTITUTION_detox) move(t, users, row);
    }
}

/* Person-days at liberty: early and later after a release, on and off treatment. */
ALLOSTAT_HOT
static void count_step(allostat_users *users, size_t first, size_t count)
{
    const int32_t *restrict present = users->present + first;
    const int32_t *restrict institution = users->institution + first;
    const int32_t *restrict since = users->days_since_release + first;
    const int32_t *restrict treatment = users->treatment + first;
    const int32_t *restrict active = users->active + first;
    const int32_t *restrict in_remission = users->in_remission + first;
    const int32_t *restrict rx_only = users->rx_only + first;
    int32_t *restrict early = users->early_days_month + first;
    int32_t *restrict later = users->later_days_month + first;
    int32_t *restrict on_oat = users->oat_days_month + first;
    const int32_t *restrict safer = users->safer_supply + first;
    int32_t *restrict in_each = users->treatment_days_month + first;
    int32_t *restrict off_oat = users->off_oat_days_month + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t at_liberty = present[i] & (institution[i] == 0);
        const int32_t treated = allostat_is_agonist(treatment[i]);
        const int32_t released = at_liberty & (since[i] > 0);
        const int32_t is_early = since[i] <= ALLOSTAT_RELEASE_EARLY_DAYS;
        const int32_t in_need = (active[i] | (in_remission[i] ^ 1)) & (rx_only[i] ^ 1);

        early[i] += released & is_early;
        later[i] += released & (is_early ^ 1);
        on_oat[i] += at_liberty & treated;
        in_each[i] += allostat_packed_one(treatment[i], ALLOSTAT_PACKED_DAYS_BITS) +
                      (at_liberty & safer[i]) * (1 << ALLOSTAT_PACKED_SAFER_AT);
        off_oat[i] += at_liberty & (treated ^ 1) & in_need;
    }
}

void allostat_count_days_off_oat(allostat_users *users, size_t first, size_t count,
                                 int32_t days)
{
    for (size_t row = first; row < first + count; row++) {
        if (users->dormant[row] && users->present[row] && !users->in_remission[row])
            users->off_oat_days_month[row] += days;
    }
}

void allostat_institutions_step(const allostat_institution_terms *terms,
                                allostat_users *users, size_t first, size_t count,
                                allostat_some_rows concerned)
{
    wait_step(users, first, count);
    move_step(terms, users, concerned);
    count_step(users, first, count);
}
