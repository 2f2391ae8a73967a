#include "care/aftermath.h"

#include "mind/ptsd.h"
#include "people/life_course.h"
#include "people/person_days.h"

static void die(const allostat_overdose *overdose, const allostat_aftermath *after,
                int32_t row)
{
    if (overdose->witness_row >= 0)
        allostat_trauma_of_witness(after->params, after->users,
                                   (size_t)overdose->witness_row);
    allostat_life_leave(after->residents, after->users, after->own->person[row],
                        ALLOSTAT_RESIDENT_dead_overdose);
    if (after->own != after->users) allostat_life_leave_row(after->own, row);
}

static void survive(const allostat_overdose *overdose, const allostat_aftermath *after,
                    int32_t row)
{
    allostat_users *own = after->own;

    allostat_trauma_of_overdose(after->params, own, (size_t)row);
    own->brain_injury[row] |= overdose->injured;
    if (overdose->attended && own->attended_on[row] == 0)
        own->attended_on[row] = after->day;
    own->overdosed_month[row] = 1;
    if (overdose->stops) {
        own->active[row] = 0;
        own->in_remission[row] = 1;
        own->cessations_month[row]++;
    }
    if (overdose->asks_for_treatment && own->active[row] &&
        own->waiting_since[row] == 0 && !own->treatment[row] &&
        !own->treatment_next[row]) {
        own->waiting_since[row] = after->day;
    }
}

/* The days that follow are not lived as those before. */
static void go_other_ways(const allostat_overdose *overdose,
                          const allostat_aftermath *after, int32_t row)
{
    const allostat_month_days days = allostat_days_through(after->day);
    const allostat_counted_days lived =
        allostat_days_lived(after->own, (size_t)row, days);

    if (overdose->fatal)
        die(overdose, after, row);
    else
        survive(overdose, after, row);
    allostat_days_settle(after->own, (size_t)row, days, &lived);
}

void allostat_overdose_take_kit(const allostat_overdose *overdose,
                                allostat_users *users)
{
    if (overdose->kit_row < 0) return;
    users->kits[overdose->kit_row]--;
    users->kits_used_month[overdose->kit_row]++;
}

void allostat_overdose_apply(const allostat_overdose *overdose,
                             const allostat_aftermath *after, int32_t row)
{
    allostat_overdose_take_kit(overdose, after->users);
    allostat_overdose_live_on(overdose, after, row);
}

void allostat_overdose_live_on(const allostat_overdose *overdose,
                               const allostat_aftermath *after, int32_t row)
{
    allostat_users *own = after->own;

    own->overdoses_year[row]++;
    if (overdose->kit_row >= 0)
        own->precipitated[row] += (float)after->params->opioid_precipitated;
    if (overdose->fatal || overdose->stops)
        go_other_ways(overdose, after, row);
    else
        survive(overdose, after, row);
}
