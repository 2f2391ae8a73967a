#include "care/checking.h"

#include <string.h>

static double uniform(const allostat_care_month *care, allostat_draw draw, size_t row,
                      int32_t date)
{
    return allostat_draw_uniform(care->key, draw, care->users->person[row], date, 0);
}

static bool checks(const allostat_care_month *care, size_t row, double regulars)
{
    const double reach = care->params->drug_checking_reach;
    const allostat_day day = allostat_month_first_day(care->month);

    return uniform(care, ALLOSTAT_DRAW_checking_regular, row, 0) < regulars ||
           uniform(care, ALLOSTAT_DRAW_checking_month, row, day) <
               allostat_checking_chance(reach, regulars);
}

int32_t allostat_checking_month(const allostat_care_month *care)
{
    allostat_users *users = care->users;
    const allostat_params *params = care->params;
    const double reach = params->drug_checking_reach;
    const double regulars = reach * params->drug_checking_regular_share;
    const allostat_day day = allostat_month_first_day(care->month);
    int32_t count = 0;

    if (reach <= 0.0 && allostat_care_rests(care, ALLOSTAT_RESTS_strength_known))
        return 0;
    allostat_care_note_rest(care, ALLOSTAT_RESTS_strength_known, reach <= 0.0);
    if (reach <= 0.0) {
        memset(users->strength_known, 0, users->row_count * sizeof(int32_t));
        return 0;
    }
    for (size_t i = 0; i < users->row_count; i++) {
        const bool checked = users->active[i] && checks(care, i, regulars);

        users->strength_known[i] =
            checked && uniform(care, ALLOSTAT_DRAW_checking_acted, i, day) <
                           params->drug_checking_acted_on;
        count += checked;
    }
    return count;
}
