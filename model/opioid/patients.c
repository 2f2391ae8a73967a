/* Prescriptions in the rows of users: see prescribing.h. */
#include "opioid/prescribing.h"

#include "base/columns.h"
#include "base/dmath.h"
#include "base/hot.h"
#include "people/life_course.h"

#include <string.h>

void allostat_patient_terms_make(allostat_patient_terms *self,
                                 const allostat_params *params, allostat_draw_key key,
                                 allostat_month month)
{
    self->params = params;
    self->key = key;
    self->month = month;
    self->level[ALLOSTAT_RX_none] = 0.0f;
    self->level[ALLOSTAT_RX_low] = (float)params->prescribing_low_level;
    self->level[ALLOSTAT_RX_medium] = (float)params->prescribing_medium_level;
    self->level[ALLOSTAT_RX_high] = (float)params->prescribing_high_level;
    self->deaths[ALLOSTAT_RX_none] = 0.0;
    self->deaths[ALLOSTAT_RX_low] =
        allostat_rx_chance_of_month(params->prescribing_low_deaths);
    self->deaths[ALLOSTAT_RX_medium] =
        allostat_rx_chance_of_month(params->prescribing_medium_deaths);
    self->deaths[ALLOSTAT_RX_high] =
        allostat_rx_chance_of_month(params->prescribing_high_deaths);
    self->deaths_most = 0.0;
    for (int dose = 0; dose < ALLOSTAT_RX_DOSE_COUNT; dose++) {
        if (self->deaths[dose] > self->deaths_most)
            self->deaths_most = self->deaths[dose];
    }
    self->rotation = allostat_rx_chance_of_month(params->prescribing_rotation_rate);
    self->cross_tolerance = (float)params->prescribing_cross_tolerance;
}

void allostat_patient_refresh(const allostat_patient_terms *terms,
                              allostat_residents *residents, allostat_users *users,
                              size_t row)
{
    const uint32_t person = users->person[row];

    users->rx_target[row] = terms->level[residents->rx_dose[person]];
    users->chronic_pain[row] = residents->chronic_pain[person];
    residents->pain[person] = users->pain[row];
}

/* A block of users' rows, and those whose residents have a prescription. */
typedef struct {
    size_t first, count;
    uint8_t dose[ALLOSTAT_LIFE_BLOCK], prescribed[ALLOSTAT_LIFE_BLOCK];
    size_t prescribed_count;
    uint32_t row[ALLOSTAT_LIFE_BLOCK], number[ALLOSTAT_LIFE_BLOCK];
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_LIFE_BLOCK];
    uint8_t happens[ALLOSTAT_LIFE_BLOCK]; /* to the prescribed: something may */
} follow_block;

/* As allostat_patient_refresh, without the level. */
static void read_residents(allostat_residents *residents, allostat_users *users,
                           follow_block *block)
{
    const size_t first = block->first, count = block->count;
    const uint32_t *restrict person = users->person + first;
    const float *restrict pain = users->pain + first;
    const uint8_t *restrict dose = residents->rx_dose;
    const float *restrict resident_chronic = residents->chronic_pain;
    float *restrict chronic = users->chronic_pain + first;
    float *restrict resident_pain = residents->pain;

    for (size_t i = 0; i < count; i++) {
        const uint32_t p = person[i];

        block->dose[i] = dose[p];
        chronic[i] = resident_chronic[p];
        resident_pain[p] = pain[i];
    }
}

ALLOSTAT_HOT
static void find_levels(const allostat_patient_terms *terms, allostat_users *users,
                        follow_block *restrict block)
{
    const size_t count = block->count;
    const float *restrict level = terms->level;
    float *restrict target = users->rx_target + block->first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        target[i] = level[block->dose[i]];
        block->prescribed[i] = block->dose[i] != ALLOSTAT_RX_none;
    }
}

static void list_prescribed(const allostat_users *users, follow_block *block)
{
    size_t count = 0;

    for (size_t i = 0; i < block->count; i++) { /* without a branch to guess */
        block->row[count] = (uint32_t)(block->first + i);
        block->number[count] = users->number[block->first + i];
        count += block->prescribed[i];
    }
    block->prescribed_count = count;
}

#define LANE(draw) block->bits[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane]

/* Few: the chances are of a month. The margin is for rounding. */
ALLOSTAT_HOT
static void find_happenings(const allostat_patient_terms *terms,
                            follow_block *restrict block)
{
    const float margin = 1.0f + 0x1p-10f;
    const float rotation = (float)terms->rotation * margin;
    const float death = (float)terms->deaths_most * margin;
    const uint32_t *restrict rotates = LANE(rx_rotation);
    const uint32_t *restrict dies = LANE(rx_overdose);
    const size_t count = block->prescribed_count;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int rotates_perhaps = allostat_uniform_from_bits(rotates[i]) < rotation;
        const int dies_perhaps = allostat_uniform_from_bits(dies[i]) < death;

        block->happens[i] = (uint8_t)(rotates_perhaps | dies_perhaps);
    }
}

static void maybe_rotate(const allostat_patient_terms *terms,
                         const allostat_residents *residents, allostat_users *users,
                         size_t row, uint32_t bits)
{
    if (!allostat_rx_is_long(residents, users->person[row]) ||
        allostat_double_uniform_from_bits(bits) >= terms->rotation) {
        return;
    }
    users->tolerance_fast[row] *= terms->cross_tolerance;
    users->tolerance_slow[row] *= terms->cross_tolerance;
}

/* By prescribed opioids alone. */
static bool may_die(const allostat_users *users, size_t row)
{
    return users->rx_only[row] && users->present[row];
}

static void follow(const allostat_patient_terms *terms, allostat_residents *residents,
                   allostat_users *users, follow_block *block, uint8_t *dies)
{
    const allostat_day day = allostat_month_first_day(terms->month);
    const uint32_t call = allostat_draw_table[ALLOSTAT_DRAW_rx_rotation].call;

    read_residents(residents, users, block);
    find_levels(terms, users, block);
    list_prescribed(users, block);
    const size_t count = block->prescribed_count;

    allostat_draws_fill(allostat_draw_key_of_numbers(terms->key), call, day, 0,
                        block->number, count, ALLOSTAT_LIFE_BLOCK, block->bits[0]);
    find_happenings(terms, block);
    memset(dies, 0, block->count);
    for (size_t i = allostat_next_flag(block->happens, 0, count); i < count;
         i = allostat_next_flag(block->happens, i + 1, count)) {
        const size_t row = block->row[i];
        const double chance = terms->deaths[block->dose[row - block->first]];

        maybe_rotate(terms, residents, users, row, LANE(rx_rotation)[i]);
        dies[row - block->first] =
            may_die(users, row) &&
            allostat_double_uniform_from_bits(LANE(rx_overdose)[i]) < chance;
    }
}

void allostat_patients_follow(const allostat_patient_terms *terms,
                              allostat_residents *residents, allostat_users *users,
                              size_t first, size_t count, uint8_t *dies)
{
    const size_t most = ALLOSTAT_LIFE_BLOCK;

    for (size_t i = 0; i < count; i += most) {
        follow_block block;

        block.first = first + i;
        block.count = count - i < most ? count - i : most;
        follow(terms, residents, users, &block, dies + i);
    }
}

void allostat_patients_retire(allostat_users *users,
                              const allostat_residents *residents,
                              const allostat_params *params, allostat_month month,
                              size_t first, size_t count)
{
    for (size_t row = first; row < first + count; row++) {
        const uint32_t person = users->person[row];
        const int32_t ended = residents->rx_ended[person];

        if (users->rx_only[row] && residents->rx_dose[person] == ALLOSTAT_RX_none &&
            month - ended >= params->prescribing_ended_months) {
            users->present[row] = 0;
        }
    }
}
