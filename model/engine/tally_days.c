/* Person-days by health state: what quality-adjusted life years are made of. */
#include "engine/tally_parts.h"

#include "base/hot.h"
#include "engine/tally_kinds.h"

#include <stdbool.h>

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

static inline int32_t state_of_treatment(int32_t treatment)
{
    int32_t state = STATE_on_other_treatment;

#define STATE(...)
#define TREATED(name)                                                                  \
    state = treatment == (int32_t)ALLOSTAT_TREATMENT_##name ? (int32_t)STATE_on_##name \
                                                            : state;
#include "tables/days.def"
#undef STATE
#undef TREATED
    return state;
}

_Static_assert((int)STATE_COUNT <= (int)ALLOSTAT_LIVED_STATE_MASK, "of the gone");

/* Without a branch: the loop over a block takes it, too. */
static inline int32_t state_of(int32_t institution, int32_t treatment, int32_t active,
                               int32_t injects)
{
    const int32_t use = injects ? STATE_active_injecting : STATE_active_not_injecting;
    const int32_t untreated = active ? use : (int32_t)STATE_abstinent;
    const int32_t free = treatment ? state_of_treatment(treatment) : untreated;

    return institution ? (int32_t)STATE_in_institution : free;
}

static health_state state_of_row(const allostat_users *users, size_t row)
{
    return (health_state)state_of(users->institution[row], users->treatment[row],
                                  users->active[row], users->injects[row]);
}

void allostat_tally_residents_days(allostat_tally *self)
{
    const int32_t days = allostat_month_day_count(self->month);

    for (size_t cell = 0; cell < (size_t)self->cell_count; cell++) {
        allostat_tally_cells(self, ALLOSTAT_COUNTED_days_never_used)[cell] +=
            days * allostat_tally_cells(self, ALLOSTAT_COUNTED_residents)[cell];
        allostat_tally_cells(self, ALLOSTAT_COUNTED_days_with_ptsd)[cell] +=
            days * allostat_tally_cells(self, ALLOSTAT_COUNTED_people_with_ptsd)[cell];
    }
}

ALLOSTAT_HOT
void allostat_find_lived(const allostat_users *users, size_t first, size_t count,
                         int32_t *restrict kind)
{
    const int32_t *restrict institution = users->institution + first;
    const int32_t *restrict treatment = users->treatment + first;
    const int32_t *restrict active = users->active + first;
    const int32_t *restrict injects = users->injects + first;
    const int32_t *restrict injured = users->brain_injury + first;
    const int32_t *restrict overdosed = users->overdosed_month + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        kind[i] = state_of(institution[i], treatment[i], active[i], injects[i])
                      << ALLOSTAT_LIVED_STATE_AT |
                  (active[i] != 0) << ALLOSTAT_LIVED_ACTIVE_AT |
                  (injured[i] != 0) << ALLOSTAT_LIVED_INJURED_AT |
                  (overdosed[i] != 0) << ALLOSTAT_LIVED_OVERDOSED_AT;
    }
}

/* The facts of a kind. */
typedef struct {
    state_series state;
    bool active, injured, overdosed;
} lived;

static lived lived_of(int32_t kind)
{
    const int32_t flag = 1;

    return (lived){
        .state = series_of[allostat_kind_fact(kind, ALLOSTAT_LIVED_STATE_AT,
                                              ALLOSTAT_LIVED_STATE_MASK)],
        .active = allostat_kind_fact(kind, ALLOSTAT_LIVED_ACTIVE_AT, flag),
        .injured = allostat_kind_fact(kind, ALLOSTAT_LIVED_INJURED_AT, flag),
        .overdosed = allostat_kind_fact(kind, ALLOSTAT_LIVED_OVERDOSED_AT, flag),
    };
}

/* All but the days with PTSD by cell, which come from the stock of residents. */
static void add_by_cell(allostat_tally *self, const allostat_kinds *kinds, int32_t kind,
                        int32_t days)
{
    const lived facts = lived_of(kind);

#define ADD(series, amount) allostat_kind_add(kinds, kind, (amount), self, series)
    ADD(facts.state.counted, days);
    ADD(ALLOSTAT_COUNTED_days_never_used, -days);
    if (facts.injured) ADD(ALLOSTAT_COUNTED_days_with_brain_injury, days);
    if (facts.overdosed) ADD(ALLOSTAT_COUNTED_days_in_overdose_month, days);
#undef ADD
}

/* Days of people of a kind in the groups of a key. */
static void add_by_group(allostat_tally *self, int32_t kind, int32_t key, int32_t days)
{
    const allostat_person_groups groups = allostat_groups_of_key(key);
    const lived facts = lived_of(kind);

#define ADD(series) allostat_groups_add(self, series, &groups, days)
    ADD(facts.state.grouped);
    ADD(ALLOSTAT_GROUPED_user_days_by_group);
    if (facts.active) ADD(ALLOSTAT_GROUPED_active_days_by_group);
    if (facts.injured) ADD(ALLOSTAT_GROUPED_days_with_brain_injury_by_group);
    if (facts.overdosed) ADD(ALLOSTAT_GROUPED_days_in_overdose_month_by_group);
    if (allostat_key_has_ptsd(key)) ADD(ALLOSTAT_GROUPED_days_with_ptsd_by_group);
#undef ADD
}

void allostat_tally_month_days(allostat_tally *self, const allostat_kinds *by_cell,
                               const allostat_kinds *by_group)
{
    const int32_t days = allostat_month_day_count(self->month);

    for (int32_t kind = 0; kind < ALLOSTAT_KIND_GONE; kind++) {
        if (allostat_kind_is_empty(by_group, kind, ALLOSTAT_GROUP_KEYS)) continue;
        add_by_cell(self, by_cell, kind, days);
        for (int32_t key = 0; key < ALLOSTAT_GROUP_KEYS; key++)
            add_by_group(self, kind, key, days * by_group->people[kind][key]);
    }
}

/* The days of a person who dies on the running day. */
static void add_days(allostat_tally *self, const allostat_person_groups *groups,
                     const allostat_users *users, size_t row, size_t cell, int32_t days)
{
    const state_series state = series_of[state_of_row(users, row)];

#define ADD_GROUPED(series, amount) allostat_groups_add(self, series, groups, (amount))
    allostat_tally_cells(self, state.counted)[cell] += days;
    ADD_GROUPED(state.grouped, days);
    ADD_GROUPED(ALLOSTAT_GROUPED_user_days_by_group, days);
    if (users->active[row]) ADD_GROUPED(ALLOSTAT_GROUPED_active_days_by_group, days);
    if (users->brain_injury[row]) {
        allostat_tally_cells(self, ALLOSTAT_COUNTED_days_with_brain_injury)[cell] +=
            days;
        ADD_GROUPED(ALLOSTAT_GROUPED_days_with_brain_injury_by_group, days);
    }
    if (users->overdosed_month[row]) {
        allostat_tally_cells(self, ALLOSTAT_COUNTED_days_in_overdose_month)[cell] +=
            days;
        ADD_GROUPED(ALLOSTAT_GROUPED_days_in_overdose_month_by_group, days);
    }
#undef ADD_GROUPED
}

void allostat_tally_last_days(allostat_tally *self, const allostat_residents *residents,
                              const allostat_users *users, size_t row, size_t cell)
{
    const int32_t days = self->day - allostat_month_first_day(self->month) + 1;
    const bool ptsd = users->ptsd_severity[row] >= self->ptsd_threshold;
    const allostat_person_groups groups =
        allostat_groups_of(residents, users->person[row], ptsd);

    add_days(self, &groups, users, row, cell, days);
    if (!ptsd) return;
    allostat_groups_add(self, ALLOSTAT_GROUPED_days_with_ptsd_by_group, &groups, days);
    allostat_tally_cells(self, ALLOSTAT_COUNTED_days_with_ptsd)[cell] += days;
}
