#include "people/projection.h"

#include "base/dmath.h"
#include "people/residents.h"

#include <stdlib.h>
#include <string.h>

double allostat_other_death_hazard(const allostat_params *params, allostat_sex sex,
                                   int32_t age)
{
    const double most = 0.999; /* keeps the logarithm finite where a table ends at 1 */
    const double q =
        allostat_schedule_value(&params->population_death_probability, sex, age);
    const double overdose =
        params->population_overdose_in_life_table *
        allostat_schedule_value(&params->population_overdose_death_rate, sex, age);
    const double hazard = -allostat_log(1.0 - (q < most ? q : most)) - overdose;

    return hazard > 0.0 ? hazard : 0.0;
}

/* Spread a range of ages over its years in proportion to survivors of the life table:
 * even for five years, falling for "65 and over". */
static void spread_row(const allostat_schedule_row *row, const double *survivors,
                       double *population)
{
    double sum = 0.0;

    for (int32_t age = row->age_from; age <= row->age_to; age++) {
        sum += survivors[allostat_cohort(row->sex, age)];
    }
    for (int32_t age = row->age_from; age <= row->age_to; age++) {
        const int32_t cohort = allostat_cohort(row->sex, age);
        population[cohort] = row->value * survivors[cohort] / sum;
    }
}

static void count_survivors(const allostat_params *params, double *survivors)
{
    for (int sex = 0; sex < ALLOSTAT_SEX_COUNT; sex++) {
        double alive = 1.0;
        for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
            survivors[allostat_cohort((allostat_sex)sex, age)] = alive;
            alive *= allostat_exp(
                -allostat_other_death_hazard(params, (allostat_sex)sex, age));
        }
    }
}

/* Shares of the whole population, all ages, by cohort. Returns the share of 15 and
 * over. */
static double age_structure(const allostat_params *params, double *share)
{
    double survivors[ALLOSTAT_COHORT_COUNT], total = 0.0, adults = 0.0;
    const allostat_schedule *schedule = &params->population_age_structure;

    count_survivors(params, survivors);
    memset(share, 0, ALLOSTAT_COHORT_COUNT * sizeof *share);
    for (int32_t r = 0; r < schedule->count; r++) {
        spread_row(&schedule->row[r], survivors, share);
        total += schedule->row[r].value;
    }
    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        share[c] = total > 0.0 ? share[c] / total : 0.0;
        if (c % ALLOSTAT_AGE_COUNT < ALLOSTAT_AGE_OF_ENTRY) share[c] = 0.0;
        adults += share[c];
    }
    return adults;
}

/* Yearly hazards of leaving the city alive or dead, by cohort. */
typedef struct {
    double departure[ALLOSTAT_COHORT_COUNT];
    double death[ALLOSTAT_COHORT_COUNT];
} exit_hazards;

static void exit_hazards_make(exit_hazards *self, const allostat_params *params)
{
    for (int sex = 0; sex < ALLOSTAT_SEX_COUNT; sex++) {
        for (int32_t age = 0; age < ALLOSTAT_AGE_COUNT; age++) {
            const int32_t c = allostat_cohort((allostat_sex)sex, age);
            self->death[c] =
                allostat_other_death_hazard(params, (allostat_sex)sex, age);
            self->departure[c] = allostat_schedule_value(
                &params->population_departure_rate, (allostat_sex)sex, age);
        }
    }
}

/* One month of ageing, death and departure. */
static void step_cohorts(const exit_hazards *hazards, double *people)
{
    const double month = 1.0 / ALLOSTAT_MONTHS_A_YEAR;

    for (int32_t c = ALLOSTAT_COHORT_COUNT - 1; c >= 0; c--) {
        const int32_t age = c % ALLOSTAT_AGE_COUNT;
        const double younger = age > ALLOSTAT_AGE_OF_ENTRY ? people[c - 1] : 0.0;
        const double ageing = age < ALLOSTAT_AGE_COUNT - 1 ? people[c] * month : 0.0;
        const double stay =
            allostat_exp(-(hazards->death[c] + hazards->departure[c]) * month);
        people[c] = (people[c] - ageing + younger * month) * stay;
    }
}

/* Whole people for a month, the fractions kept for the months to come. */
static int32_t round_cohorts(const double *wanted, double *owed, int32_t *whole)
{
    int32_t total = 0;

    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        owed[c] += wanted[c];
        whole[c] = (int32_t)owed[c];
        owed[c] -= (double)whole[c];
        total += whole[c];
    }
    return total;
}

/* Who must come: the cohorts that are short share what the whole city is short of. A
 * cohort that is over its share, as when many leave an age, is left to shrink by
 * itself, and the total follows the statistical office all the same. */
static void find_arrivals(const double *share, double residents, double *people,
                          double *wanted)
{
    double short_of = 0.0, city_short_of = 0.0;

    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        const double missing = share[c] * residents - people[c];
        wanted[c] = missing > 0.0 ? missing : 0.0;
        short_of += wanted[c];
        city_short_of += missing;
    }
    const double served =
        short_of > 0.0 && city_short_of > 0.0 ? city_short_of / short_of : 0.0;
    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        wanted[c] *= served;
        people[c] += wanted[c];
    }
}

/* Rows that are wanted in a month, to which `arrivals` come; chance makes them a few
 * more or less. */
static void count_rows(allostat_projection *self, double present, int32_t arrivals,
                       bool forgets, size_t *rows)
{
    const size_t margin = 64;

    if (forgets) *rows = (size_t)present;
    *rows += (size_t)arrivals;
    const size_t wanted = *rows + *rows / margin;
    if (wanted > self->most_rows) self->most_rows = wanted;
}

static double sum_of(const double *people)
{
    double sum = 0.0;

    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) sum += people[c];
    return sum;
}

static void project(allostat_projection *self, const allostat_scenario *scenario,
                    const double *share)
{
    const allostat_params *first = &scenario->epochs[0].params;
    double people[ALLOSTAT_COHORT_COUNT], wanted[ALLOSTAT_COHORT_COUNT];
    double owed[ALLOSTAT_COHORT_COUNT] = {0};
    double scale = first->population_scale;
    double residents =
        allostat_series_value(&first->population_residents, first->run_start);

    for (int32_t c = 0; c < ALLOSTAT_COHORT_COUNT; c++) {
        people[c] = share[c] * residents * scale;
        owed[c] = 0.5; /* rounds the first people to the nearest, not down */
    }
    self->initial_total = (size_t)round_cohorts(people, owed, self->initial);
    self->total = self->most_rows = self->initial_total;
    size_t rows = self->initial_total;
    const allostat_params *known = NULL;
    exit_hazards hazards;
    for (int32_t m = 0; m < self->month_count; m++) {
        const allostat_day day = allostat_month_first_day(self->first_month + m);
        const allostat_params *params = allostat_scenario_params(scenario, day);
        const double present = sum_of(people);

        if (params != known) exit_hazards_make(&hazards, params);
        known = params;
        step_cohorts(&hazards, people);
        residents = allostat_series_value(&params->population_residents, day);
        find_arrivals(share, residents * scale, people, wanted);
        const int32_t arrivals = round_cohorts(
            wanted, owed, self->arrivals + (size_t)m * ALLOSTAT_COHORT_COUNT);
        self->total += (size_t)arrivals;
        count_rows(self, present, arrivals,
                   (self->first_month + m) % ALLOSTAT_MONTHS_A_YEAR == 0, &rows);
    }
}

allostat_status allostat_projection_init(allostat_projection *self,
                                         const allostat_scenario *scenario,
                                         allostat_error *error)
{
    const allostat_params *params = &scenario->epochs[0].params;
    double share[ALLOSTAT_COHORT_COUNT];

    memset(self, 0, sizeof *self);
    self->first_month = allostat_month_of_day(params->run_start);
    self->month_count = allostat_month_of_day(params->run_end) - self->first_month + 1;
    if (age_structure(params, share) <= 0.0) {
        return ALLOSTAT_FAIL(
            error, DATA, "population.age_structure holds nobody of 15 years or more");
    }
    self->initial = calloc(ALLOSTAT_COHORT_COUNT, sizeof *self->initial);
    self->arrivals = calloc((size_t)self->month_count * ALLOSTAT_COHORT_COUNT,
                            sizeof *self->arrivals);
    if (self->initial == NULL || self->arrivals == NULL) {
        return ALLOSTAT_FAIL(error, NO_MEMORY,
                             "no memory for the projection of %d months",
                             self->month_count);
    }
    project(self, scenario, share);
    return ALLOSTAT_OK;
}

void allostat_projection_free(allostat_projection *self)
{
    free(self->initial);
    free(self->arrivals);
    memset(self, 0, sizeof *self);
}
