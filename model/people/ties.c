#include "people/ties.h"

#include "base/dmath.h"
#include "base/draws.h"
#include "base/hot.h"

#include "base/hint.h"

#include <string.h>

/* What is the same for all rows. */
typedef struct {
    double slope, exponent, mean, filled, size;
    double step[ALLOSTAT_SUPPORT_SLOTS]; /* (k + size) / (k + 1) */
} wanted_terms;

/* Sums below u are as many as the steps of allostat_negative_binomial_quantile. */
ALLOSTAT_HOT
static void want_rows(const wanted_terms *terms, const float *restrict avoidance,
                      const uint32_t *restrict bits, size_t count,
                      uint8_t *restrict wanted)
{
    const wanted_terms t = *terms;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double u = allostat_double_uniform_from_bits(bits[i]);
        const double mean = t.mean *
                            allostat_exp(t.slope * (double)avoidance[i] - t.exponent) /
                            t.filled;
        const double ratio = mean / (t.size + mean);
        double p =
            allostat_exp(t.size * allostat_log_normal(t.size / (t.size + mean), 0));
        double cumulated = p;
        int32_t k = 0;

        for (int32_t j = 0; j < (int32_t)ALLOSTAT_SUPPORT_SLOTS; j++) {
            k += cumulated < u;
            p *= t.step[j] * ratio;
            cumulated += p;
        }
        wanted[i] = (uint8_t)k;
    }
}

void allostat_support_wanted(const allostat_params *params,
                             allostat_residents *residents, size_t first, size_t count,
                             const uint32_t *bits)
{
    const double slope = params->ties_support_avoidance;
    const double size = params->ties_support_size;
    wanted_terms terms = {.slope = -slope,
                          .exponent = 0.5 * slope * slope,
                          .mean = params->ties_support_mean,
                          .filled = allostat_ties_filled_share(
                              params->ties_support_life, params->ties_support_search),
                          .size = size};

    if (!params->mechanisms_ties) {
        memset(residents->support_wanted + first, 0, count);
        return;
    }
    for (int32_t k = 0; k < (int32_t)ALLOSTAT_SUPPORT_SLOTS; k++)
        terms.step[k] = (k + size) / (k + 1.0);
    want_rows(&terms, residents->attachment_avoidance + first, bits, count,
              residents->support_wanted + first);
}

ALLOSTAT_HOT
void allostat_search_steps(allostat_residents *residents, allostat_month month,
                           size_t first, size_t count)
{
    const float *restrict avoidance = residents->attachment_avoidance + first;
    const int16_t *restrict birth = residents->birth_month + first;
    uint8_t *restrict step = residents->search_step + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        step[i] = allostat_search_step(avoidance[i], birth[i], month);
}

int32_t allostat_using_wanted(const allostat_params *params, double u)
{
    const double mean = params->ties_using_mean;
    const double over = params->ties_using_variance - mean;
    const double least = 1e-6; /* no wider than a Poisson when the range is misused */
    const double filled =
        allostat_ties_filled_share(params->ties_using_life, params->ties_using_search);

    if (!params->mechanisms_ties) return 0;
    return allostat_negative_binomial_quantile(
        u, mean / filled, mean * mean / (over > least ? over : least),
        ALLOSTAT_USING_SLOTS);
}

int32_t allostat_tie_slot_count(allostat_tie_kind kind)
{
    return kind == ALLOSTAT_TIE_support ? (int32_t)ALLOSTAT_SUPPORT_SLOTS
                                        : (int32_t)ALLOSTAT_USING_SLOTS;
}

uint32_t *allostat_tie_slots(const allostat_residents *residents,
                             const allostat_users *users, allostat_tie_kind kind,
                             uint32_t person)
{
    const int32_t row = residents->user_row[person];

    if (kind == ALLOSTAT_TIE_support) return residents->support_ties[person].slot;
    return row < 0 ? NULL : users->using_ties[row].slot;
}

static bool wants_more(const allostat_residents *residents, uint32_t person)
{
    return residents->support_count[person] < residents->support_wanted[person];
}

static bool wants_more_using(const allostat_residents *residents,
                             const allostat_users *users, uint32_t person)
{
    const int32_t row = residents->user_row[person];

    return row >= 0 && users->using_count[row] < users->using_wanted[row];
}

bool allostat_tie_possible(const allostat_residents *residents,
                           const allostat_users *users, allostat_tie_kind kind,
                           uint32_t a, uint32_t b)
{
    if (a == b) return false;
    if (kind == ALLOSTAT_TIE_support)
        return wants_more(residents, a) && wants_more(residents, b) &&
               !allostat_slots_hold(residents->support_ties[a].slot,
                                    ALLOSTAT_SUPPORT_SLOTS, b);
    return wants_more_using(residents, users, a) &&
           wants_more_using(residents, users, b) &&
           !allostat_slots_hold(users->using_ties[residents->user_row[a]].slot,
                                ALLOSTAT_USING_SLOTS, b);
}

static void add_end(allostat_residents *residents, allostat_users *users,
                    allostat_tie_kind kind, uint32_t person, uint32_t partner)
{
    if (kind == ALLOSTAT_TIE_support) {
        allostat_slots_add(residents->support_ties[person].slot,
                           residents->support_count[person]++, partner);
    } else {
        const int32_t row = residents->user_row[person];

        allostat_slots_add(users->using_ties[row].slot, users->using_count[row]++,
                           partner);
    }
}

static void end_using(allostat_users *users, int32_t row, uint32_t partner)
{
    if (row >= 0)
        users->using_count[row] -= allostat_slots_remove(users->using_ties[row].slot,
                                                         ALLOSTAT_USING_SLOTS, partner);
}

void allostat_tie_end_one(allostat_residents *residents, allostat_users *users,
                          allostat_tie_kind kind, uint32_t person, uint32_t partner)
{
    if (kind == ALLOSTAT_TIE_support)
        residents->support_count[person] =
            (uint8_t)(residents->support_count[person] -
                      allostat_slots_remove(residents->support_ties[person].slot,
                                            ALLOSTAT_SUPPORT_SLOTS, partner));
    else
        end_using(users, residents->user_row[person], partner);
}

void allostat_tie_make(allostat_residents *residents, allostat_users *users,
                       allostat_tie_kind kind, uint32_t a, uint32_t b)
{
    add_end(residents, users, kind, a, b);
    add_end(residents, users, kind, b, a);
}

void allostat_tie_end(allostat_residents *residents, allostat_users *users,
                      allostat_tie_kind kind, uint32_t a, uint32_t b)
{
    allostat_tie_end_one(residents, users, kind, a, b);
    allostat_tie_end_one(residents, users, kind, b, a);
}

int32_t allostat_ties_partners(const allostat_residents *residents,
                               const allostat_users *users, uint32_t person,
                               uint32_t *partner)
{
    const uint32_t *support = residents->support_ties[person].slot;
    const uint32_t *using =
        allostat_tie_slots(residents, users, ALLOSTAT_TIE_using, person);
    int32_t count = 0;

    for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS && support[i] != 0; i++)
        partner[count++] = support[i] - 1;
    for (int32_t i = 0; using != NULL && i < ALLOSTAT_USING_SLOTS && using[i] != 0;
         i++) {
        if (!allostat_slots_hold(support, ALLOSTAT_SUPPORT_SLOTS, using[i] - 1))
            partner[count++] = using[i] - 1;
    }
    return count;
}

void allostat_bereavements_clear(allostat_residents *residents)
{
    memset(residents->bereaved_month, 0,
           residents->row_count * sizeof *residents->bereaved_month);
    memset(residents->bereaved_overdose_month, 0,
           residents->row_count * sizeof *residents->bereaved_overdose_month);
}

typedef struct {
    allostat_residents *residents;
    const allostat_users *users;
    const allostat_turn *turn;
} feeling;

static void feel_rows(void *context, size_t block, size_t first, size_t count)
{
    const feeling *self = context;
    allostat_residents *residents = self->residents;

    (void)block;
    memset(residents->bereaved_month + first, 0,
           count * sizeof *residents->bereaved_month);
    memset(residents->bereaved_overdose_month + first, 0,
           count * sizeof *residents->bereaved_overdose_month);
}

/* Those in front have been among the rows that are due. */
static void feel_users(void *context, size_t block, size_t first, size_t count)
{
    const feeling *self = context;
    allostat_residents *residents = self->residents;

    (void)block;
    for (size_t row = first; row < first + count; row++) {
        const uint32_t person = self->users->person[row];

        if (person < self->turn->near_rows) continue;
        residents->bereaved_month[person] = 0;
        residents->bereaved_overdose_month[person] = 0;
    }
}

void allostat_bereavements_felt(allostat_residents *residents,
                                const allostat_users *users, const allostat_turn *turn)
{
    feeling self = {residents, users, turn};

    allostat_turn_share(turn, residents->share, feel_rows, &self);
    allostat_share_rows(users->share, users->row_count, feel_users, &self);
}

typedef struct {
    allostat_residents *residents;
    const allostat_users *users;
    bool shared; /* other threads do other blocks */
} counting;

/* Rows of users whose partners are listed together; whose ties are wanted soon. */
enum { PEERS_ROWS = ALLOSTAT_SHARE_ROWS, PEERS_AHEAD = 16, COUNTED_AHEAD = 24 };

/* Partners of the active users of some rows: returns how many. No branch, for neither
 * use nor the number of ties can be foretold. */
static size_t list_partners(const counting *self, size_t first, size_t count,
                            uint32_t *partner)
{
    const allostat_support_ties *ties = self->residents->support_ties;
    uint32_t person[PEERS_ROWS + 1];
    size_t active = 0, found = 0;

    for (size_t row = first; row < first + count; row++) {
        person[active] = self->users->person[row];
        active += self->users->active[row] != 0;
    }
    for (size_t i = 0; i < active; i++) {
        if (i + PEERS_AHEAD < active) allostat_hint(&ties[person[i + PEERS_AHEAD]]);
        for (int32_t s = 0; s < ALLOSTAT_SUPPORT_SLOTS; s++) {
            const uint32_t slot = ties[person[i]].slot[s];

            partner[found] = slot - 1;
            found += slot != 0;
        }
    }
    return found;
}

static void count_peers_block(void *context, size_t block, size_t first, size_t count)
{
    const counting *self = context;
    uint32_t partner[PEERS_ROWS * ALLOSTAT_SUPPORT_SLOTS + 1];
    uint8_t *peers = self->residents->peers;
    const size_t found = list_partners(self, first, count, partner);

    (void)block;
    for (size_t i = 0; i < found; i++) {
        if (i + COUNTED_AHEAD < found)
            allostat_hint_write(&peers[partner[i + COUNTED_AHEAD]]);
        if (self->shared)
            allostat_share_add_one(&peers[partner[i]]);
        else
            peers[partner[i]]++;
    }
}

void allostat_peers_count(allostat_residents *residents, const allostat_users *users)
{
    counting all = {residents, users, allostat_is_shared(users->share)};

    memset(residents->peers, 0, residents->row_count * sizeof *residents->peers);
    allostat_share_rows(users->share, users->row_count, count_peers_block, &all);
}

/* Who leaves has no ties any more, so partners are there. */
int32_t allostat_using_tie_pick(const allostat_residents *residents,
                                const allostat_whereabouts *whereabouts, int32_t row,
                                double u)
{
    const allostat_users *users = whereabouts->users;
    const uint32_t *slot = users->using_ties[row].slot;
    const int32_t ties = users->using_count[row];
    int32_t there[ALLOSTAT_USING_SLOTS];
    int32_t count = 0;

    for (int32_t i = 0; i < ties; i++) {
        const int32_t partner = residents->user_row[slot[i] - 1];

        if (allostat_active_now(whereabouts, partner)) there[count++] = partner;
    }
    if (count == 0) return -1;
    const int32_t index = (int32_t)(u * count);
    return there[index < count ? index : count - 1];
}
