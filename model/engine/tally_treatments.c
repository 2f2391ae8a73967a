/* Treatments: who is in them, starts, stops, days, and deaths soon after. */
#include "engine/tally_parts.h"

#include <string.h>

/* After the end of a treatment that count as lately treated. */
enum { AFTER_TREATMENT_DAYS = 56 };

/* The series of each treatment. */
static const struct {
    allostat_city_series starts, stops, years;
    allostat_counted days;
} of_treatment[ALLOSTAT_TREATMENT_COUNT] = {
    {0, 0, 0, 0}, /* none */
#define OF(name)                                                                  \
    {                                                                             \
        ALLOSTAT_CITY_##name##_starts, ALLOSTAT_CITY_##name##_stops,              \
            ALLOSTAT_CITY_##name##_years_reached, ALLOSTAT_COUNTED_days_in_##name \
    }
    OF(methadone), OF(buprenorphine), OF(srom), OF(ioat), OF(naltrexone),
#undef OF
};

/* Days of every drug and of safer supply stand in one word. */
static void add_days(allostat_tally *self, const allostat_users *users, size_t first,
                     const allostat_sum_rows *rows)
{
    const int32_t bits = ALLOSTAT_PACKED_DAYS_BITS;
    const int32_t *days = users->treatment_days_month + first;
    allostat_bits numbers[ALLOSTAT_TREATMENT_COUNT];

    for (int32_t t = ALLOSTAT_TREATMENT_methadone; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        numbers[t] = (allostat_bits){allostat_tally_cells(self, of_treatment[t].days),
                                     days, bits * (t - 1), bits};
    }
    numbers[0] = (allostat_bits){
        allostat_tally_cells(self, ALLOSTAT_COUNTED_days_in_safer_supply), days,
        ALLOSTAT_PACKED_SAFER_AT, bits};
    allostat_bits_add(rows, numbers, ALLOSTAT_TREATMENT_COUNT);
}

static void add_moves(allostat_tally *self, const allostat_users *users, size_t row)
{
    const int32_t moves = users->treatment_moves_month[row];
    const int32_t year = users->oat_year_month[row];

    for (int32_t t = ALLOSTAT_TREATMENT_methadone; t < ALLOSTAT_TREATMENT_COUNT; t++) {
        self->city[of_treatment[t].starts] +=
            allostat_packed_count(moves, t, ALLOSTAT_PACKED_MOVES_BITS);
        self->city[of_treatment[t].stops] += allostat_packed_count(
            moves >> ALLOSTAT_PACKED_STOPS_AT, t, ALLOSTAT_PACKED_MOVES_BITS);
        self->city[of_treatment[t].years] += year == t;
    }
}

/* Moves are rare, and safer supply is of few. */
static void add_rare(allostat_tally *self, const allostat_users *users, size_t first,
                     const allostat_sum_rows *rows)
{
    const float half = 0.5f;
    int32_t *doses = allostat_tally_cells(self, ALLOSTAT_COUNTED_safer_supply_doses);

    for (size_t i = 0; i < rows->count; i++) {
        const size_t row = first + i;

        if ((users->treatment_moves_month[row] | users->oat_year_month[row]) != 0)
            add_moves(self, users, row);
        if (users->supplied_month[row] > 0.0f)
            doses[rows->cell[i]] += (int32_t)(users->supplied_month[row] + half);
    }
}

void allostat_tally_treatment_flows(allostat_tally *self, allostat_users *users,
                                    size_t first, const allostat_sum_rows *rows)
{
#define CLEAR(column) \
    memset(users->column + first, 0, rows->count * sizeof *users->column)
    add_days(self, users, first, rows);
    add_rare(self, users, first, rows);
    CLEAR(treatment_moves_month);
    CLEAR(treatment_days_month);
    CLEAR(oat_year_month);
    CLEAR(supplied_month);
#undef CLEAR
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
