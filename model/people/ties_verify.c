#include "people/ties.h"

/* What a tie adds to the sum of its lower end: a product, so that ties between other
 * pairs of the same people have another sum. */
static uint64_t tie_hash(uint32_t low, uint32_t high)
{
    return (low + 0x9e3779b97f4a7c15u) * (high + 0xd1b54a32d192ed03u);
}

/* Ties of one person that can be judged without looking at others; adds ties with
 * higher partners to the sum and takes those with lower ones away. */
static bool check_person(const uint32_t *slot, int32_t slot_count, uint32_t person,
                         uint64_t *sum)
{
    const int32_t filled = allostat_slots_filled(slot, slot_count);

    for (int32_t i = 0; i < filled; i++) {
        const uint32_t partner = slot[i] - 1;

        if (slot[i] == 0 || partner == person) return false;
        for (int32_t j = 0; j < i; j++) {
            if (slot[j] == slot[i]) return false;
        }
        *sum += partner > person ? tie_hash(person, partner)
                                 : 0u - tie_hash(partner, person);
    }
    return true;
}

static allostat_status complain(const char *what, size_t person, allostat_error *error)
{
    return ALLOSTAT_FAIL(error, INVARIANT, "%s of person %zu", what, person);
}

enum { PARTS_MAX = 64 };

typedef struct {
    const allostat_residents *residents;
    size_t parts, wrong[PARTS_MAX]; /* the first person with wrong ties, if any */
    uint64_t sum[PARTS_MAX];
} checking;

static bool check_support(const allostat_residents *residents, size_t person,
                          uint64_t *sum)
{
    const uint32_t *slot = residents->support_ties[person].slot;
    const int32_t count = residents->support_count[person];

    return count == allostat_slots_filled(slot, ALLOSTAT_SUPPORT_SLOTS) &&
           (count == 0 || residents->status[person] == ALLOSTAT_RESIDENT_present) &&
           check_person(slot, ALLOSTAT_SUPPORT_SLOTS, (uint32_t)person, sum);
}

static void check_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    checking *self = context;
    const size_t rows = self->residents->row_count;
    const size_t end = allostat_share_first_row(rows, part + 1, self->parts);
    size_t person = allostat_share_first_row(rows, part, self->parts);
    uint64_t sum = 0;

    (void)unused_first, (void)unused;
    while (person < end && check_support(self->residents, person, &sum)) person++;
    self->wrong[part] = person < end ? person : rows;
    self->sum[part] = sum;
}

static allostat_status verify_support(const allostat_residents *residents,
                                      allostat_error *error)
{
    const size_t parts = allostat_share_part_count(residents->share);
    checking all = {.residents = residents,
                    .parts = parts < PARTS_MAX ? parts : PARTS_MAX};
    uint64_t sum = 0;

    allostat_share_pieces(residents->share, all.parts, check_part, &all);
    for (size_t p = 0; p < all.parts; p++) {
        if (all.wrong[p] < residents->row_count)
            return complain("wrong support ties", all.wrong[p], error);
        sum += all.sum[p];
    }
    if (sum != 0) return ALLOSTAT_FAIL(error, INVARIANT, "a support tie has one end");
    return ALLOSTAT_OK;
}

static allostat_status verify_using(const allostat_users *users, allostat_error *error)
{
    uint64_t sum = 0;

    for (size_t row = 0; row < users->row_count; row++) {
        const uint32_t *slot = users->using_ties[row].slot;

        if ((slot[0] != 0 && !users->present[row]) ||
            !check_person(slot, ALLOSTAT_USING_SLOTS, users->person[row], &sum)) {
            return complain("wrong using ties", users->person[row], error);
        }
    }
    if (sum != 0) return ALLOSTAT_FAIL(error, INVARIANT, "a using tie has one end");
    return ALLOSTAT_OK;
}

allostat_status allostat_ties_verify(const allostat_residents *residents,
                                     const allostat_users *users, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(verify_support(residents, error));
    ALLOSTAT_TRY(verify_using(users, error));
cleanup:
    return status;
}
