#include "care/release.h"

#include "care/institutions.h"
#include "care/oat.h"

static double uniform(const allostat_care_month *care, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(care->key, draw, care->users->person[row],
                                 allostat_month_first_day(care->month), 0);
}

static bool is_released(const allostat_care_month *care, size_t row)
{
    const allostat_users *users = care->users;
    const bool inside = users->institution[row] == ALLOSTAT_INSTITUTION_custody ||
                        users->institution_next[row] == ALLOSTAT_INSTITUTION_custody;

    return inside && users->present[row] &&
           users->institution_end[row] < allostat_month_first_day(care->month + 1);
}

/* Whoever is in treatment, or about to be, goes on or has just been cut off inside: the
 * latter is not taken up again here. Nobody else has a treatment that the mark
 * institution_oat could keep, so it only keeps the one granted from being cancelled by
 * a stay that has not begun. */
static bool link_to_treatment(const allostat_care_month *care, size_t row)
{
    allostat_users *users = care->users;

    if (!users->taken_in_using[row] || users->treatment[row] ||
        users->treatment_next[row] ||
        uniform(care, ALLOSTAT_DRAW_release_oat, row) >=
            care->params->custody_oat_on_release)
        return false;
    allostat_oat_grant(care, row, users->institution_end[row]);
    users->institution_oat[row] = 1;
    return true;
}

int32_t allostat_release_month(const allostat_care_month *care)
{
    const allostat_params *params = care->params;
    int32_t starts = 0;

    if (params->custody_oat_on_release <= 0.0 && params->custody_kits_on_release <= 0.0)
        return 0;
    for (size_t row = 0; row < care->users->row_count; row++) {
        if (!is_released(care, row)) continue;
        starts += link_to_treatment(care, row);
        if (uniform(care, ALLOSTAT_DRAW_release_kit, row) <
            params->custody_kits_on_release)
            care->users->kit_due[row] = 1;
    }
    return starts;
}
