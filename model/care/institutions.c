#include "care/institutions.h"

#include "care/oat.h"

void allostat_institution_terms_make(allostat_institution_terms *self,
                                     const allostat_params *params, allostat_day day)
{
    self->day = day;
    self->lived = allostat_days_before(day);
    self->taper_level = (float)params->detox_taper_level;
    self->inverse_taper_days = (float)(1.0 / params->detox_taper_days);
}

/* A stay that begins or ends, and what it does to use and treatment. */
static void move(const allostat_institution_terms *t, allostat_users *users, size_t row)
{
    const int32_t next = users->institution_next[row];
    const bool due = next != 0 && users->institution_start[row] == t->day;
    const bool enters =
        due && (next == ALLOSTAT_INSTITUTION_custody || users->active[row]);
    const bool leaves =
        users->institution[row] != 0 && users->institution_end[row] == t->day;
    const allostat_counted_days lived = allostat_days_lived(users, row, t->lived);
    const bool without_oat = enters && users->institution_oat[row] == 0;

    if (leaves) users->institution[row] = 0;
    if (enters) users->institution[row] = next;
    if (due) users->institution_next[row] = 0;
    if (users->institution[row]) {
        users->active[row] = users->in_remission[row] = 0;
        users->released_on[row] = 0;
    }
    if (without_oat && users->treatment[row] != ALLOSTAT_TREATMENT_none)
        allostat_oat_stop(t->day, users, row);
    if (without_oat || (due && !enters)) users->treatment_next[row] = 0;
    if (leaves) {
        users->releases_month[row]++;
        users->released_on[row] = t->day;
    }
    allostat_days_settle(users, row, t->lived, &lived);
}

static void taper(const allostat_institution_terms *t, allostat_users *users,
                  size_t row)
{
    const int32_t days_left = users->institution_end[row] - t->day;
    const float given =
        allostat_taper_levelf(t->taper_level, t->inverse_taper_days, days_left);

    if (given > users->oat_level[row]) users->oat_level[row] = given;
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
                                allostat_users *users, allostat_some_rows concerned)
{
    for (size_t i = 0; i < concerned.count; i++) {
        const uint32_t row = concerned.row[i];
        const int32_t next = users->institution_next[row];
        const int32_t now = users->institution[row];
        const bool begins = next != 0 && users->institution_start[row] == terms->day;
        const bool leaves = now != 0 && users->institution_end[row] == terms->day;

        if (begins || leaves) move(terms, users, row);
        if (users->institution[row] == ALLOSTAT_INSTITUTION_detox)
            taper(terms, users, row);
    }
}
