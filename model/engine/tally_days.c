/* Person-days by health state: what quality-adjusted life years are made of. */
#include "engine/tally_parts.h"

#include "base/hot.h"
#include "engine/tally_sums.h"

#include <string.h>

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

/* People of a block, by what their days count as: states and what lies over them. */
typedef enum {
    LIVED_active = STATE_COUNT,
    LIVED_injured,
    LIVED_overdosed,
    LIVED_COUNT
} lived;

typedef struct {
    int32_t state[ALLOSTAT_SUMS_ROWS], group_key[ALLOSTAT_SUMS_ROWS];
    int32_t by_cell[(int)LIVED_COUNT * (int)ALLOSTAT_SUMS_CELLS];
    int32_t by_group[(int)LIVED_COUNT * (int)ALLOSTAT_GROUP_KEYS];
} lived_block;

ALLOSTAT_HOT
static void find_states(const allostat_users *users, size_t first, size_t count,
                        int32_t *restrict state)
{
    const int32_t *restrict institution = users->institution + first;
    const int32_t *restrict treatment = users->treatment + first;
    const int32_t *restrict active = users->active + first;
    const int32_t *restrict injects = users->injects + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        state[i] = state_of(institution[i], treatment[i], active[i], injects[i]);
}

static void find_groups(const allostat_tally *self, const allostat_residents *residents,
                        const allostat_users *users, size_t first, size_t count,
                        int32_t *group_key)
{
    const float *severity = users->ptsd_severity + first;

    for (size_t i = 0; i < count; i++) {
        group_key[i] = allostat_group_key(residents, users->person[first + i],
                                          severity[i] >= self->ptsd_threshold);
    }
}

/* People of a block by state, and by what lies over it, into sums[LIVED_COUNT][width].
 */
static void count_people(const lived_block *block, const allostat_users *users,
                         size_t first, const allostat_sum_rows *rows, int32_t *sums)
{
    const size_t width = (size_t)rows->cell_count;
    allostat_flag flags[LIVED_COUNT];

#define HAS(column)                                    \
    {                                                  \
        sums, users->column + first, 1, UINT32_MAX - 1 \
    }
    for (uint32_t s = 0; s < STATE_COUNT; s++)
        flags[s] = (allostat_flag){sums, block->state, s, 0};
    flags[LIVED_active] = (allostat_flag)HAS(active);
    flags[LIVED_injured] = (allostat_flag)HAS(brain_injury);
    flags[LIVED_overdosed] = (allostat_flag)HAS(overdosed_month);
#undef HAS
    for (size_t i = 0; i < LIVED_COUNT; i++) flags[i].sums = sums + i * width;
    allostat_flags_add(rows, flags, LIVED_COUNT);
}

/* All but the days with PTSD by cell, which come from the stock of residents. */
static void add_by_cell(allostat_tally *self, const lived_block *block, int32_t days)
{
    const size_t width = (size_t)self->cell_count;

#define ADD(series, row, amount)                  \
    for (size_t cell = 0; cell < width; cell++)   \
    allostat_tally_cells(self, (series))[cell] += \
        (amount)*block->by_cell[(row)*width + cell]
    for (size_t s = 0; s < STATE_COUNT; s++) {
        ADD(series_of[s].counted, s, days);
        ADD(ALLOSTAT_COUNTED_days_never_used, s, -days);
    }
    ADD(ALLOSTAT_COUNTED_days_with_brain_injury, LIVED_injured, days);
    ADD(ALLOSTAT_COUNTED_days_in_overdose_month, LIVED_overdosed, days);
#undef ADD
}

static void add_by_group(allostat_tally *self, const lived_block *block, int32_t days)
{
    for (int32_t key = 0; key < ALLOSTAT_GROUP_KEYS; key++) {
        const allostat_person_groups groups = allostat_groups_of_key(key);
        int32_t people = 0;

#define ADD(series, amount) allostat_groups_add(self, (series), &groups, days *(amount))
#define LIVED(row) block->by_group[(row)*ALLOSTAT_GROUP_KEYS + key]
        for (int32_t s = 0; s < STATE_COUNT; s++) {
            ADD(series_of[s].grouped, LIVED(s));
            people += LIVED(s);
        }
        ADD(ALLOSTAT_GROUPED_user_days_by_group, people);
        ADD(ALLOSTAT_GROUPED_active_days_by_group, LIVED(LIVED_active));
        ADD(ALLOSTAT_GROUPED_days_with_brain_injury_by_group, LIVED(LIVED_injured));
        ADD(ALLOSTAT_GROUPED_days_in_overdose_month_by_group, LIVED(LIVED_overdosed));
        if (allostat_key_has_ptsd(key))
            ADD(ALLOSTAT_GROUPED_days_with_ptsd_by_group, people);
#undef LIVED
#undef ADD
    }
}

void allostat_tally_month_days(allostat_tally *self,
                               const allostat_residents *residents,
                               const allostat_users *users, size_t first,
                               const allostat_sum_rows *street)
{
    const int32_t days = allostat_month_day_count(self->month);
    allostat_sum_rows groups = *street;
    lived_block block;

    memset(block.by_cell, 0, sizeof block.by_cell);
    memset(block.by_group, 0, sizeof block.by_group);
    find_states(users, first, street->count, block.state);
    find_groups(self, residents, users, first, street->count, block.group_key);
    groups.cell = block.group_key;
    groups.cell_count = ALLOSTAT_GROUP_KEYS;
    count_people(&block, users, first, street, block.by_cell);
    count_people(&block, users, first, &groups, block.by_group);
    add_by_cell(self, &block, days);
    add_by_group(self, &block, days);
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
