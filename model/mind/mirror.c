#include "mind/mirror.h"

#include "base/hot.h"
#include "mind/regulation.h"
#include "people/traits.h"

/* The float columns that both tables have. */
#define MIRRORED(copy)     \
    copy(ptsd_severity);   \
    copy(stress);          \
    copy(allostatic_load); \
    copy(oxytocin);        \
    copy(connection);      \
    copy(pain)

/* Column by column: rows of users are in the order of people for the most part, so
 * each column is read almost in order, and reads need not wait for another. */
static void scatter(const float *restrict from, const uint32_t *restrict person,
                    size_t count, float *restrict to)
{
    for (size_t i = 0; i < count; i++) to[person[i]] = from[i];
}

static void gather(const float *restrict from, const uint32_t *restrict person,
                   size_t count, float *restrict to)
{
    for (size_t i = 0; i < count; i++) to[i] = from[person[i]];
}

void allostat_mirror_rows_to_residents(const allostat_users *users, size_t first,
                                       size_t count, allostat_residents *residents)
{
    const uint32_t *restrict person = users->person;

#define COPY(name) scatter(users->name + first, person + first, count, residents->name)
    MIRRORED(COPY);
#undef COPY
    for (size_t row = first; row < first + count; row++)
        residents->defence_state[person[row]] = (uint8_t)users->defence_state[row];
}

void allostat_mirror_month_to_residents(const allostat_users *users, size_t first,
                                        size_t count, allostat_residents *residents)
{
    const uint32_t *restrict person = users->person + first;

    scatter(users->ptsd_severity + first, person, count, residents->ptsd_severity);
    scatter(users->stress + first, person, count, residents->stress);
}

void allostat_mirror_severity_to_users(const allostat_residents *residents,
                                       allostat_users *users, size_t first,
                                       size_t count)
{
    gather(residents->ptsd_severity, users->person + first, count,
           users->ptsd_severity + first);
}

static void copy_attachment(const allostat_trait_scores *z,
                            const allostat_residents *residents, allostat_users *users,
                            size_t first, size_t end)
{
    const uint32_t *restrict person = users->person;
    const float *restrict anxiety = residents->attachment_anxiety;
    const float *restrict avoidance = residents->attachment_avoidance;
    float *restrict insecurity = users->insecurity;
    float *restrict fearful = users->fearful;
    const float scale = z->insecurity_scale;

    for (size_t row = first; row < end; row++) {
        const float a = anxiety[person[row]], b = avoidance[person[row]];

        insecurity[row] = (a + b) * scale;
        fearful[row] = (float)(allostat_style(a, b) == ALLOSTAT_STYLE_fearful);
    }
}

static void copy_life(const allostat_trait_scores *z,
                      const allostat_residents *residents, allostat_users *users,
                      size_t first, size_t end)
{
    const uint32_t *restrict person = users->person;
    const uint8_t *restrict ace = residents->ace_score;
    const uint8_t *restrict housing = residents->housing;
    const uint8_t *restrict defence = residents->defence_state;
    float *restrict adversity = users->adversity;
    float *restrict unstable = users->unstable;
    int32_t *restrict state = users->defence_state;
    const float mean = z->ace_mean, scale = z->ace_scale;

    for (size_t row = first; row < end; row++) {
        adversity[row] = ((float)ace[person[row]] - mean) * scale;
        unstable[row] = (float)(housing[person[row]] != ALLOSTAT_HOUSING_stable);
        state[row] = defence[person[row]];
    }
}

ALLOSTAT_HOT
static void keep_stress(const allostat_regulation_terms *terms, allostat_users *users,
                        size_t first, size_t count)
{
    const allostat_regulation_terms t = *terms;
    const float *restrict insecurity = users->insecurity + first;
    float *restrict keep = users->stress_keep + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        keep[i] = allostat_stress_keepf(&t, insecurity[i]);
}

void allostat_stress_paces(const allostat_params *params, allostat_users *users,
                           size_t first, size_t count)
{
    const double one_day = 1.0;
    allostat_regulation_terms terms;

    allostat_regulation_terms_make(&terms, params, one_day);
    keep_stress(&terms, users, first, count);
}

void allostat_mirror_rows_to_users(const allostat_params *params,
                                   const allostat_residents *residents,
                                   allostat_users *users, size_t first, size_t count)
{
    const allostat_trait_scores scores = allostat_trait_scores_make(params);

#define COPY(name) \
    gather(residents->name, users->person + first, count, users->name + first)
    MIRRORED(COPY);
#undef COPY
    copy_attachment(&scores, residents, users, first, first + count);
    copy_life(&scores, residents, users, first, first + count);
}
