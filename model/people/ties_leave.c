#include "people/ties_leave.h"

#include "base/columns.h"
#include "base/hint.h"

static uint8_t one_more(uint8_t count)
{
    return count < UINT8_MAX ? (uint8_t)(count + 1) : count;
}

void allostat_ties_expect(const allostat_residents *residents, uint32_t person)
{
    const uint32_t *slot = residents->support_ties[person].slot;

    for (int32_t k = 0; k < ALLOSTAT_SUPPORT_SLOTS && slot[k] != 0; k++) {
        const uint32_t partner = slot[k] - 1;

        allostat_fetch(&residents->status[partner]);
        allostat_fetch(&residents->area[partner]);
        allostat_fetch(&residents->sex[partner]);
        allostat_fetch(&residents->birth_month[partner]);
    }
}

/* Leaves the person without ties; their partners follow, one by one. */
static int32_t list_partings(allostat_residents *residents, allostat_users *users,
                             uint32_t person, allostat_resident_status how,
                             allostat_parting *parting)
{
    uint32_t partner[ALLOSTAT_PARTNERS_MAX];
    const int32_t count = allostat_ties_partners(residents, users, person, partner);
    const int32_t own = residents->user_row[person];

    for (int32_t i = 0; i < count; i++)
        parting[i] = (allostat_parting){person, partner[i], (uint8_t)how, own >= 0};
    residents->support_ties[person] = (allostat_support_ties){{0}};
    residents->support_count[person] = 0;
    if (own < 0) return count;
    users->using_ties[own] = (allostat_using_ties){{0}};
    users->using_count[own] = 0;
    return count;
}

/* Somebody is left behind, or has left before. */
static void part(allostat_residents *residents, allostat_users *users,
                 allostat_parting parting)
{
    const uint32_t left = parting.left, person = parting.person;
    const bool by_overdose = parting.how == ALLOSTAT_RESIDENT_dead_overdose;
    const bool dead = by_overdose || parting.how == ALLOSTAT_RESIDENT_dead_other;
    uint8_t *any = &residents->bereaved_month[left];
    uint8_t *overdose = &residents->bereaved_overdose_month[left];

    allostat_tie_end_one(residents, users, ALLOSTAT_TIE_support, left, person);
    if (parting.has_row && residents->user_row[left] >= 0)
        allostat_tie_end_one(residents, users, ALLOSTAT_TIE_using, left, person);
    if (!dead || allostat_left_before(residents, left, person)) return;
    *any = one_more(*any);
    if (by_overdose) *overdose = one_more(*overdose);
}

void allostat_ties_leave(allostat_residents *residents, allostat_users *users,
                         uint32_t person, allostat_resident_status how)
{
    allostat_parting parting[ALLOSTAT_PARTNERS_MAX];
    const int32_t count = list_partings(residents, users, person, how, parting);

    for (int32_t i = 0; i < count; i++) part(residents, users, parting[i]);
}

allostat_status allostat_partings_reserve(allostat_partings *self, size_t leavers,
                                          allostat_error *error)
{
    const size_t most = ALLOSTAT_PARTNERS_MAX;

    return allostat_column_reserve((void **)&self->parting, &self->capacity,
                                   self->count + leavers * most, sizeof *self->parting,
                                   error);
}

void allostat_partings_add(allostat_partings *self, allostat_residents *residents,
                           allostat_users *users, uint32_t person,
                           allostat_resident_status how)
{
    self->count += (size_t)list_partings(residents, users, person, how,
                                         self->parting + self->count);
}

/* The part of the people with these rows. */
typedef struct {
    size_t first, count;
} row_range;

/* All that will be looked at of somebody who is left. */
static void expect(const allostat_residents *residents, const allostat_parting *parting)
{
    allostat_hint_write(&residents->support_ties[parting->left]);
    allostat_hint_write(&residents->support_count[parting->left]);
    if (parting->how == ALLOSTAT_RESIDENT_moved_out) return;
    allostat_hint_write(&residents->bereaved_month[parting->left]);
}

/* Of some partings from `first` on, those of people in these rows; no branch, for who
 * is left may be anybody. Returns how many. */
static size_t list_left(const allostat_partings *self, size_t first, size_t count,
                        row_range rows, uint32_t *index)
{
    size_t found = 0;

    for (size_t i = first; i < first + count; i++) {
        index[found] = (uint32_t)i;
        found += self->parting[i].left - rows.first < rows.count;
    }
    return found;
}

void allostat_partings_apply(const allostat_partings *self,
                             allostat_residents *residents, allostat_users *users,
                             size_t first, size_t end)
{
    enum { AHEAD = 12, SOME = 1024 };
    const row_range rows = {first, end - first};
    uint32_t index[SOME + 1];

    for (size_t from = 0; from < self->count; from += SOME) {
        const size_t rest = self->count - from, some = rest < SOME ? rest : SOME;
        const size_t found = list_left(self, from, some, rows, index);

        for (size_t i = 0; i < found; i++) {
            expect(residents, &self->parting[index[i + AHEAD < found ? i + AHEAD : i]]);
            part(residents, users, self->parting[index[i]]);
        }
    }
}
