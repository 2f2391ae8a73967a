#include "care/institutions.h"

#include "base/hot.h"

void allostat_institution_terms_make(allostat_institution_terms *self,
                                     const allostat_params *params, allostat_day day)
{
    self->day = day;
    self->taper_level = (float)params->detox_taper_level;
    self->inverse_taper_days = (float)(1.0 / params->detox_taper_days);
}

/* Stays that begin or end, and what they do to use and treatment. */
ALLOSTAT_HOT
static void move_step(const allostat_institution_terms *terms, allostat_users *users,
                      size_t first, size_t count)
{
    const allostat_institution_terms t = *terms;
    const int32_t *restrict start = users->institution_start + first;
    const int32_t *restrict end = users->institution_end + first;
    const int32_t *restrict with_oat = users->institution_oat + first;
    int32_t *restrict next = users->institution_next + first;
    int32_t *restrict institution = users->institution + first;
    int32_t *restrict active = users->active + first;
    int32_t *restrict in_remission = users->in_remission + first;
    int32_t *restrict treatment = users->treatment + first;
    int32_t *restrict treatment_next = users->treatment_next + first;
    int32_t *restrict stops = users->oat_stops_month + first;
    int32_t *restrict moves = users->treatment_moves_month + first;
    int32_t *restrict treatment_end = users->treatment_end + first;
    int32_t *restrict releases = users->releases_month + first;
    int32_t *restrict since = users->days_since_release + first;
    float *restrict oat_level = users->oat_level + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t due = (next[i] != 0) & (start[i] == t.day);
        const int32_t enters =
            due & ((next[i] == ALLOSTAT_INSTITUTION_custody) | active[i]);
        const int32_t leaves = (institution[i] != 0) & (end[i] == t.day);
        const int32_t stays = leaves ? 0 : institution[i];
        const int32_t now = enters ? next[i] : stays;
        const int32_t at_liberty = now == 0;
        const int32_t without_oat = enters & (with_oat[i] == 0);
        const int32_t day_out = since[i] > 0 ? since[i] + 1 : 0;
        const int32_t lately = day_out <= ALLOSTAT_RELEASE_LATER_DAYS ? day_out : 0;
        const float taper =
            allostat_taper_levelf(t.taper_level, t.inverse_taper_days, end[i] - t.day);
        const float given = now == ALLOSTAT_INSTITUTION_detox ? taper : 0.0f;

        institution[i] = now;
        next[i] = due ? 0 : next[i];
        active[i] &= at_liberty;
        in_remission[i] &= at_liberty;
        stops[i] += without_oat & allostat_is_agonist(treatment[i]);
        moves[i] += without_oat *
                    allostat_packed_one(treatment[i], ALLOSTAT_PACKED_MOVES_BITS) *
                    (1 << ALLOSTAT_PACKED_STOPS_AT);
        treatment_end[i] +=
            (without_oat & (treatment[i] != 0)) * (t.day - treatment_end[i]);
        treatment[i] = without_oat ? 0 : treatment[i];
        treatment_next[i] = (due & (enters ^ 1)) | without_oat ? 0 : treatment_next[i];
        releases[i] += leaves;
        since[i] = leaves ? 1 : (at_liberty ? lately : 0);
        oat_level[i] = oat_level[i] > given ? oat_level[i] : given;
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

void allostat_institutions_step(const allostat_institution_terms *terms,
                                allostat_users *users, size_t first, size_t count)
{
    move_step(terms, users, first, count);
    count_step(users, first, count);
}
