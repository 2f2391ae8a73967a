#include "care/spotting.h"

#include "base/columns.h"
#include "base/dmath.h"

static double uniform(const allostat_care_month *care, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(care->key, draw, care->users->person[row],
                                 allostat_month_first_day(care->month), 0);
}

/* Nobody is in a programme. */
static bool is_at_rest(const allostat_care_month *care)
{
    const allostat_users *users = care->users;

    if (!allostat_care_rests(care, ALLOSTAT_RESTS_spotted))
        allostat_care_note_rest(
            care, ALLOSTAT_RESTS_spotted,
            allostat_next_word(users->spotted, 0, users->row_count) ==
                users->row_count);
    return allostat_care_rests(care, ALLOSTAT_RESTS_spotted);
}

int32_t allostat_spotting_month(const allostat_care_month *care)
{
    allostat_users *users = care->users;
    const double share = care->params->spotting_share;
    const double stay = allostat_exp(-1.0 / care->params->spotting_life);
    int32_t spotted = 0;

    if (share <= 0.0 && is_at_rest(care)) return 0;
    allostat_care_note_rest(care, ALLOSTAT_RESTS_spotted, false);
    for (size_t i = 0; i < users->row_count; i++) {
        const bool may_join =
            share > 0.0 && users->present[i] && users->kits_handed_month[i] > 0;

        if (users->spotted[i]) {
            users->spotted[i] = uniform(care, ALLOSTAT_DRAW_spotting_stays, i) < stay;
        } else if (may_join) {
            users->spotted[i] = uniform(care, ALLOSTAT_DRAW_spotting_joins, i) < share;
        }
        spotted += users->spotted[i];
    }
    return spotted;
}
