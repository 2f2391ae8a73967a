#include "mind/mirror.h"

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

void allostat_mirror_to_residents(const allostat_users *users, size_t first,
                                  allostat_residents *residents)
{
    for (size_t row = first; row < users->row_count; row++) {
        const uint32_t person = users->person[row];

#define COPY(name) residents->name[person] = users->name[row]
        MIRRORED(COPY);
#undef COPY
        residents->defence_state[person] = (uint8_t)users->defence_state[row];
    }
}

static void copy_traits(const allostat_regulation_terms *terms,
                        const allostat_trait_scores *z,
                        const allostat_residents *residents, allostat_users *users,
                        size_t row)
{
    const uint32_t person = users->person[row];
    const float anxiety = residents->attachment_anxiety[person];
    const float avoidance = residents->attachment_avoidance[person];
    const float insecurity = (anxiety + avoidance) * z->insecurity_scale;

    users->insecurity[row] = insecurity;
    users->adversity[row] =
        ((float)residents->ace_score[person] - z->ace_mean) * z->ace_scale;
    users->fearful[row] =
        (float)(allostat_style(anxiety, avoidance) == ALLOSTAT_STYLE_fearful);
    users->unstable[row] =
        (float)(residents->housing[person] != ALLOSTAT_HOUSING_stable);
    users->stress_keep[row] = allostat_stress_keepf(terms, insecurity);
}

void allostat_mirror_to_users(const allostat_params *params,
                              const allostat_residents *residents,
                              allostat_users *users, size_t first)
{
    const double one_day = 1.0;
    const allostat_trait_scores scores = allostat_trait_scores_make(params);
    allostat_regulation_terms terms;

    allostat_regulation_terms_make(&terms, params, one_day);
    for (size_t row = first; row < users->row_count; row++) {
        const uint32_t person = users->person[row];

#define COPY(name) users->name[row] = residents->name[person]
        MIRRORED(COPY);
#undef COPY
        users->defence_state[row] = residents->defence_state[person];
        copy_traits(&terms, &scores, residents, users, row);
    }
}
