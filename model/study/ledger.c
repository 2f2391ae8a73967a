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

/* What the ledger has to know of a death. */
typedef struct {
    uint32_t person;
    allostat_day day;
    bool overdose;
} entry;

/* The deaths of one run up to the end of the window, by person. */
typedef struct {
    entry *death;
    int64_t count;
} roll;

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS, PERSON_BITS = 32 };

/* In order of one digit of the person's number; equal digits stay as they stood. */
static void sort_by_digit(const entry *from, entry *to, int64_t count, int shift)
{
    int64_t place[DIGITS] = {0}, next = 0;

    for (int64_t i = 0; i < count; i++) place[from[i].person >> shift & (DIGITS - 1)]++;
    for (int d = 0; d < DIGITS; d++) {
        const int64_t first = next;
        next += place[d];
        place[d] = first;
    }
    for (int64_t i = 0; i < count; i++)
        to[place[from[i].person >> shift & (DIGITS - 1)]++] = from[i];
}

/* From the lowest digit to the highest: an even number of times, so that the result is
 * where it began. */
static void sort_by_person(entry *death, entry *other, int64_t count)
{
    for (int shift = 0; shift < PERSON_BITS; shift += 2 * DIGIT_BITS) {
        sort_by_digit(death, other, count, shift);
        sort_by_digit(other, death, count, shift + DIGIT_BITS);
    }
}

static allostat_status roll_init(roll *self, const allostat_records *records,
                                 allostat_day end, allostat_error *error)
{
    const size_t room = (size_t)records->death_count + 1;
    entry *const other = calloc(room, sizeof *other);

    self->death = calloc(room, sizeof *self->death);
    if (self->death == NULL || other == NULL) {
        free(other);
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a ledger of %lld deaths",
                             (long long)records->death_count);
    }
    for (int64_t i = 0; i < records->death_count; i++) {
        const allostat_death *death = &records->death[i];

        if (death->day > end) continue;
        self->death[self->count++] =
            (entry){death->person, death->day, death->overdose != 0};
    }
    sort_by_person(self->death, other, self->count);
    free(other);
    return ALLOSTAT_OK;
}

static bool in_scope(const entry *death, allostat_day start)
{
    return death != NULL && death->overdose && death->day >= start;
}

/* One person who died in at least one run; NULL for a run that the person survived. */
static void enter(int64_t persons[ALLOSTAT_LEDGER_COUNT], const entry *base,
                  const entry *policy, allostat_day start)
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
        const entry *left = b < base->count ? &base->death[b] : NULL;
        const entry *right = p < policy->count ? &policy->death[p] : NULL;

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
