#include "people/ties.h"

#include "base/hot.h"

/* What each end of a tie adds to a sum by exclusive or, in which both ends vanish: a
 * product, so that ties between other pairs of the same people have another sum; of
 * numbers of 32 bits, which vectors multiply at once. */
static inline uint64_t tie_hash(uint32_t person, uint32_t partner)
{
    const uint32_t far = 0x9e3779b9u;

    return (uint64_t)(person + far) * (uint64_t)(partner + far);
}

/* Ties of one person that can be judged without looking at others; adds them to the
 * sum. No tie is double, so each end is in it once. */
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
        *sum ^= tie_hash(person, partner);
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

/* Support ties of a block of people, slot by slot, so that many people of the block are
 * looked at together. */
enum { ROWS = 512 };

typedef struct {
    uint32_t slot[ALLOSTAT_SUPPORT_SLOTS][ROWS];
    uint8_t wrong[ROWS];
} support_block;

ALLOSTAT_HOT
static void load(support_block *self, const allostat_support_ties *ties, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (int32_t s = 0; s < ALLOSTAT_SUPPORT_SLOTS; s++)
            self->slot[s][i] = ties[i].slot[s];
    }
}

/* As many slots as the person's count are filled, those in front, each by somebody
 * else: the pairs of slots that are alike are those of empty slots. Who is not here has
 * none. One pass, for eight slots of many people fit the registers. */
ALLOSTAT_HOT
static void find_wrong(support_block *restrict self, const uint8_t *restrict status,
                       const uint8_t *restrict known, uint32_t first, size_t count)
{
    enum { SLOTS = ALLOSTAT_SUPPORT_SLOTS };

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const uint32_t own = first + (uint32_t)i + 1;
        int32_t filled = 0, alike = 0, wrong = 0;

        for (int32_t s = 0; s < SLOTS; s++) {
            const uint32_t slot = self->slot[s][i];
            const uint32_t next = self->slot[(s + 1) % SLOTS][i];

            filled += slot != 0;
            wrong += slot == own;
            wrong += (slot == 0) & (next != 0) & (s + 1 < SLOTS);
            /* each with its four followers: those half a round away meet twice */
            alike += 2 * (slot == next);
            alike += 2 * (slot == self->slot[(s + 2) % SLOTS][i]);
            alike += 2 * (slot == self->slot[(s + 3) % SLOTS][i]);
            alike += slot == self->slot[(s + 4) % SLOTS][i];
        }
        wrong += alike != (SLOTS - filled) * (SLOTS - filled - 1);
        wrong += filled != known[i];
        wrong += (known[i] != 0) & (status[i] != ALLOSTAT_RESIDENT_present);
        self->wrong[i] = (uint8_t)wrong;
    }
}

ALLOSTAT_HOT
static uint64_t sum_slot(const uint32_t *restrict slot, uint32_t first, size_t count)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = tie_hash(first + (uint32_t)i, slot[i] - 1);

        sum ^= slot[i] != 0 ? hash : 0;
    }
    return sum;
}

static void check_part(void *context, size_t part, size_t unused_first, size_t unused)
{
    checking *self = context;
    const allostat_residents *residents = self->residents;
    const size_t rows = residents->row_count;
    const size_t end = allostat_share_first_row(rows, part + 1, self->parts);
    support_block block;

    (void)unused_first, (void)unused;
    self->wrong[part] = rows;
    self->sum[part] = 0;
    for (size_t first = allostat_share_first_row(rows, part, self->parts); first < end;
         first += ROWS) {
        const size_t left = end - first, count = left < ROWS ? left : ROWS;
        size_t i = 0;

        load(&block, residents->support_ties + first, count);
        find_wrong(&block, residents->status + first, residents->support_count + first,
                   (uint32_t)first, count);
        for (int32_t s = 0; s < ALLOSTAT_SUPPORT_SLOTS; s++)
            self->sum[part] ^= sum_slot(block.slot[s], (uint32_t)first, count);
        while (i < count && !block.wrong[i]) i++;
        if (i == count) continue;
        self->wrong[part] = first + i;
        return;
    }
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
        sum ^= all.sum[p];
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
            allostat_slots_filled(slot, ALLOSTAT_USING_SLOTS) !=
                users->using_count[row] ||
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
