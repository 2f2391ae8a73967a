#include "care/checking.h"

static bool checks(const allostat_care_month *care, size_t row, double regulars)
{
    const allostat_params *params = care->params;
    const uint32_t person = care->users->person[row];

    if (allostat_draw_uniform(care->key, ALLOSTAT_DRAW_checking_regular, person, 0, 0) <
        regulars)
        return true;
    return allostat_draw_uniform(care->key, ALLOSTAT_DRAW_checking_month, person,
                                 allostat_month_first_day(care->month), 0) <
           allostat_checking_chance(params->drug_checking_reach, regulars);
}

int32_t allostat_checking_month(const allostat_care_month *care)
{
    allostat_users *users = care->users;
    const double reach = care->params->drug_checking_reach;
    const double regulars = reach * care->params->drug_checking_regular_share;
    int32_t count = 0;

    for (size_t i = 0; i < users->row_count; i++) {
        users->drugs_checked[i] =
            reach > 0.0 && users->active[i] && checks(care, i, regulars);
        count += users->drugs_checked[i];
    }
    return count;
}
