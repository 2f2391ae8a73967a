/* Treatments: who is in them, starts, stops, days, and deaths soon after. */
#include "engine/tally_parts.h"

/* After the end of a treatment that count as lately treated. */
enum { AFTER_TREATMENT_DAYS = 56 };

static void add(allostat_tally *self, allostat_counted series, size_t cell,
                int32_t amount)
{
    self->counted[(size_t)series * (size_t)self->cell_count + cell] += amount;
}

/* The series of each treatment. */
static const struct {
    allostat_city_series starts, stops, years;
    allostat_counted people, days;
} of_treatment[ALLOSTAT_TREATMENT_COUNT] = {
    {0, 0, 0, 0, 0}, /* none */
#define OF(name)                                                                     \
    {                                                                                \
        ALLOSTAT_CITY_##name##_starts, ALLOSTAT_CITY_##name##_stops,                 \
            ALLOSTAT_CITY_##name##_years_reached, ALLOSTAT_COUNTED_people_in_##name, \
            ALLOSTAT_COUNTED_days_in_##name                                          \
    }
    OF(methadone),   OF(buprenorphine), OF(srom), OF(ioat), OF(naltrexone),
#undef OF
};

void allostat_tally_treatments(allostat_tally *self, const allostat_users *users,
                               size_t row, size_t cell)
{
    const int32_t treatment = users->treatment[row];

    if (treatment != ALLOSTAT_TREATMENT_none)
        add(self, of_treatment[treatment].people, cell, 1);
    add(self, ALLOSTAT_COUNTED_people_in_safer_supply, cell, users->safer_supply[row]);
    add(self, ALLOSTAT_COUNTED_ioat_waiting, cell, users->ioat_waiting_since[row] != 0);
    add(self, ALLOSTAT_COUNTED_safer_supply_waiting, cell,
        users->safer_waiting_since[row] != 0);
}

/* Starts, stops, days in and episodes a year long of each treatment, and safer supply.
 */
void allostat_tally_treatment_flows(allostat_tally *self, allostat_users *users,
                                    size_t row, size_t cell)
{
    const int32_t moves = users->treatment_moves_month[row];
    const int32_t days = users->treatment_days_month[row];
    const int32_t year = users->oat_year_month[row];
    const float half = 0.5f;

    if ((moves | days | year) == 0) return;
    for (int32_t t = ALLOSTAT_TREATMENT_methadone; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        self->city[of_treatment[t].starts] +=
            allostat_packed_count(moves, t, ALLOSTAT_PACKED_MOVES_BITS);
        self->city[of_treatment[t].stops] += allostat_packed_count(
            moves >> ALLOSTAT_PACKED_STOPS_AT, t, ALLOSTAT_PACKED_MOVES_BITS);
        self->city[of_treatment[t].years] += year == t;
        add(self, of_treatment[t].days, cell,
            allostat_packed_count(days, t, ALLOSTAT_PACKED_DAYS_BITS));
    }
    add(self, ALLOSTAT_COUNTED_days_in_safer_supply, cell,
        days >> ALLOSTAT_PACKED_SAFER_AT);
    add(self, ALLOSTAT_COUNTED_safer_supply_doses, cell,
        (int32_t)(users->supplied_month[row] + half));
    users->treatment_moves_month[row] = 0;
    users->treatment_days_month[row] = 0;
    users->oat_year_month[row] = 0;
    users->supplied_month[row] = 0.0f;
}

void allostat_tally_after_treatment(allostat_tally *self, const allostat_scene *scene,
                                    int32_t row, int32_t area)
{
    const allostat_users *users = scene->users;
    const int32_t ended = users->treatment_end[row];
    const bool lately = !users->treatment[row] && ended != 0 &&
                        scene->day - ended <= AFTER_TREATMENT_DAYS;

    if (!lately) return;
    allostat_tally_add(self,
                       allostat_is_agonist(users->treatment_last[row])
                           ? ALLOSTAT_COUNTED_overdose_deaths_after_agonist
                           : ALLOSTAT_COUNTED_overdose_deaths_after_naltrexone,
                       scene->residents, users->person[row], area, 1);
}
