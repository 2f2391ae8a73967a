/* Person-days by health state: what quality-adjusted life years are made of. */
#include "engine/tally_parts.h"

typedef enum {
#define STATE(name) STATE_##name,
#define TREATED(...)
#include "tables/days.def"
#undef STATE
#undef TREATED
    STATE_COUNT
} health_state;

typedef struct {
    allostat_counted counted;
    allostat_grouped grouped;
} state_series;

static const state_series series_of[STATE_COUNT] = {
#define STATE(name) \
    {ALLOSTAT_COUNTED_days_##name, ALLOSTAT_GROUPED_days_##name##_by_group},
#define TREATED(...)
#include "tables/days.def"
#undef STATE
#undef TREATED
};

static health_state state_of_treatment(int32_t treatment)
{
    switch (treatment) {
#define STATE(...)
#define TREATED(name)               \
    case ALLOSTAT_TREATMENT_##name: \
        return STATE_on_##name;
#include "tables/days.def"
#undef STATE
#undef TREATED
    default:
        return STATE_on_other_treatment;
    }
}

static health_state state_of(const allostat_users *users, size_t row)
{
    if (users->institution[row]) return STATE_in_institution;
    if (users->treatment[row]) return state_of_treatment(users->treatment[row]);
    if (!users->active[row]) return STATE_abstinent;
    return users->injects[row] ? STATE_active_injecting : STATE_active_not_injecting;
}

static int32_t *cell_in(allostat_tally *self, allostat_counted series, size_t cell)
{
    return self->counted + (size_t)series * (size_t)self->cell_count + cell;
}

void allostat_tally_residents_days(allostat_tally *self)
{
    const int32_t days = allostat_month_day_count(self->month);

    for (size_t cell = 0; cell < (size_t)self->cell_count; cell++) {
        *cell_in(self, ALLOSTAT_COUNTED_days_never_used, cell) +=
            days * *cell_in(self, ALLOSTAT_COUNTED_residents, cell);
        *cell_in(self, ALLOSTAT_COUNTED_days_with_ptsd, cell) +=
            days * *cell_in(self, ALLOSTAT_COUNTED_people_with_ptsd, cell);
    }
}

/* All but the days with PTSD by cell, which come from the stock of residents. */
static void add_days(allostat_tally *self, const allostat_residents *residents,
                     const allostat_users *users, size_t row, allostat_cell_days spent)
{
    const size_t cell = spent.cell;
    const int32_t days = spent.days;
    const uint32_t person = users->person[row];
    const bool ptsd = users->ptsd_severity[row] >= self->ptsd_threshold;
    const state_series state = series_of[state_of(users, row)];

    const allostat_person_groups groups = allostat_groups_of(residents, person, ptsd);

#define ADD_GROUPED(series, amount) allostat_groups_add(self, series, &groups, (amount))
    *cell_in(self, state.counted, cell) += days;
    ADD_GROUPED(state.grouped, days);
    ADD_GROUPED(ALLOSTAT_GROUPED_user_days_by_group, days);
    if (users->active[row]) ADD_GROUPED(ALLOSTAT_GROUPED_active_days_by_group, days);
    if (ptsd) ADD_GROUPED(ALLOSTAT_GROUPED_days_with_ptsd_by_group, days);
    if (users->brain_injury[row]) {
        *cell_in(self, ALLOSTAT_COUNTED_days_with_brain_injury, cell) += days;
        ADD_GROUPED(ALLOSTAT_GROUPED_days_with_brain_injury_by_group, days);
    }
    if (users->overdosed_month[row]) {
        *cell_in(self, ALLOSTAT_COUNTED_days_in_overdose_month, cell) += days;
        ADD_GROUPED(ALLOSTAT_GROUPED_days_in_overdose_month_by_group, days);
    }
#undef ADD_GROUPED
}

void allostat_tally_month_days(allostat_tally *self,
                               const allostat_residents *residents,
                               const allostat_users *users, size_t row,
                               allostat_cell_days spent)
{
    if (users->rx_only[row]) return;
    *cell_in(self, ALLOSTAT_COUNTED_days_never_used, spent.cell) -= spent.days;
    add_days(self, residents, users, row, spent);
}

void allostat_tally_last_days(allostat_tally *self, const allostat_residents *residents,
                              const allostat_users *users, size_t row, size_t cell)
{
    const int32_t days = self->day - allostat_month_first_day(self->month) + 1;

    add_days(self, residents, users, row, (allostat_cell_days){cell, days});
    if (users->ptsd_severity[row] >= self->ptsd_threshold)
        *cell_in(self, ALLOSTAT_COUNTED_days_with_ptsd, cell) += days;
}
