#include "study/ledger.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const allostat_ledger_info allostat_ledger_rows[ALLOSTAT_LEDGER_COUNT] = {
    {"saved", "saved: die by overdose in the base, alive under the policy"},
    {"delayed", "delayed: die in both, later under the policy"},
    {"hastened", "hastened: die in both, earlier under the policy"},
    {"harmed", "harmed: die by overdose under the policy, alive in the base"},
    {"same", "the same: die on the same day in both"},
    {"spared_overdose", "of those who die in both, by overdose in the base only"},
    {"met_overdose", "of those who die in both, by overdose under the policy only"},
};

/* The deaths of one run up to the end of the window, by person. */
typedef struct {
    allostat_death *death;
    int64_t count;
} roll;

static int compare_persons(const void *left, const void *right)
{
    const allostat_death *a = left, *b = right;

    return (a->person > b->person) - (a->person < b->person);
}

static allostat_status roll_init(roll *self, const allostat_records *records,
                                 allostat_day end, allostat_error *error)
{
    self->death = calloc((size_t)records->death_count + 1, sizeof *self->death);
    if (self->death == NULL) {
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a ledger of %lld deaths",
                             (long long)records->death_count);
    }
    for (int64_t i = 0; i < records->death_count; i++) {
        if (records->death[i].day <= end)
            self->death[self->count++] = records->death[i];
    }
    qsort(self->death, (size_t)self->count, sizeof *self->death, compare_persons);
    return ALLOSTAT_OK;
}

static bool in_scope(const allostat_death *death, allostat_day start)
{
    return death != NULL && death->overdose != 0 && death->day >= start;
}

/* One person who died in at least one run; NULL for a run that the person survived. */
static void enter(int64_t persons[ALLOSTAT_LEDGER_COUNT], const allostat_death *base,
                  const allostat_death *policy, allostat_day start)
{
    const bool base_in = in_scope(base, start), policy_in = in_scope(policy, start);

    if (!base_in && !policy_in) return;
    if (policy == NULL) {
        persons[ALLOSTAT_LEDGER_saved]++;
        return;
    }
    if (base == NULL) {
        persons[ALLOSTAT_LEDGER_harmed]++;
        return;
    }
    if (policy->day > base->day) {
        persons[ALLOSTAT_LEDGER_delayed]++;
    } else if (policy->day < base->day) {
        persons[ALLOSTAT_LEDGER_hastened]++;
    } else {
        persons[ALLOSTAT_LEDGER_same]++;
    }
    persons[ALLOSTAT_LEDGER_spared_overdose] += base_in && !policy_in;
    persons[ALLOSTAT_LEDGER_met_overdose] += policy_in && !base_in;
}

/* Both rolls in step: the next person is the lower of the two. */
static void join(const roll *base, const roll *policy, allostat_day start,
                 int64_t persons[ALLOSTAT_LEDGER_COUNT])
{
    int64_t b = 0, p = 0;

    while (b < base->count || p < policy->count) {
        const allostat_death *left = b < base->count ? &base->death[b] : NULL;
        const allostat_death *right = p < policy->count ? &policy->death[p] : NULL;

        if (left != NULL && right != NULL && left->person != right->person) {
            if (left->person < right->person) {
                right = NULL;
            } else {
                left = NULL;
            }
        }
        enter(persons, left, right, start);
        b += left != NULL;
        p += right != NULL;
    }
}

allostat_status allostat_ledger_count(const allostat_records *base,
                                      const allostat_records *policy,
                                      allostat_month first, allostat_month last,
                                      int64_t persons[ALLOSTAT_LEDGER_COUNT],
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_day end = allostat_month_first_day(last + 1) - 1;
    roll base_roll = {0}, policy_roll = {0};

    memset(persons, 0, ALLOSTAT_LEDGER_COUNT * sizeof *persons);
    ALLOSTAT_TRY(roll_init(&base_roll, base, end, error));
    ALLOSTAT_TRY(roll_init(&policy_roll, policy, end, error));
    join(&base_roll, &policy_roll, allostat_month_first_day(first), persons);
cleanup:
    free(base_roll.death);
    free(policy_roll.death);
    return status;
}
