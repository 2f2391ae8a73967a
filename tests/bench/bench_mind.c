/* What the processes of the mind cost; prints, asserts nothing. */
#include "mind/mirror.h"
#include "mind/ptsd.h"
#include "mind/regulation.h"
#include "params/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RESIDENTS = 262144, USERS = 16384, BLOCK = 1024, TURNS = 20 };

typedef struct {
    allostat_scenario scenario;
    const allostat_params *params;
    allostat_residents residents;
    allostat_users users;
    allostat_regulation_terms day, month;
    allostat_trait_scores scores;
    allostat_ptsd_terms ptsd;
} bench_city;

static double seconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void regulate_users(bench_city *c)
{
    for (size_t first = 0; first < USERS; first += BLOCK)
        allostat_regulate_users(&c->day, &c->users, first, BLOCK);
}

static void regulate_residents(bench_city *c)
{
    for (size_t first = 0; first < RESIDENTS; first += BLOCK) {
        allostat_regulate_residents(&c->month, &c->scores, &c->residents, first, BLOCK);
    }
}

static void suffer(bench_city *c)
{
    for (size_t first = 0; first < RESIDENTS; first += BLOCK)
        (void)allostat_ptsd_month(&c->ptsd, &c->residents, &c->users, first, BLOCK);
}

static void mirror(bench_city *c)
{
    allostat_mirror_month_to_residents(&c->users, 0, USERS, &c->residents);
    allostat_mirror_severity_to_users(&c->residents, &c->users, 0, USERS);
}

static void report(const char *name, bench_city *c, void (*run)(bench_city *),
                   double rows)
{
    double best = 1e9;

    for (int turn = 0; turn < TURNS; turn++) {
        const double start = seconds_now();
        run(c);
        const double elapsed = seconds_now() - start;
        best = elapsed < best ? elapsed : best;
    }
    printf("%-38s %6.2f ns   (stress %g)\n", name, 1e9 * best / rows,
           (double)c->users.stress[0]);
}

static int make_city(bench_city *c)
{
    const double days = 30.0, one_day = 1.0;
    const allostat_turn turn = {24000, 1, RESIDENTS, RESIDENTS};
    allostat_error error = {0};
    size_t row;

    if (allostat_scenario_defaults(&c->scenario, &error) != ALLOSTAT_OK ||
        allostat_residents_init(&c->residents, RESIDENTS, &error) != ALLOSTAT_OK ||
        allostat_users_init(&c->users, USERS, &error) != ALLOSTAT_OK) {
        return 0;
    }
    c->params = &c->scenario.epochs[0].params;
    c->residents.row_count = RESIDENTS;
    for (uint32_t i = 0; i < RESIDENTS; i++) {
        c->residents.status[i] = ALLOSTAT_RESIDENT_present;
        c->residents.user_row[i] = -1;
        c->residents.connection[i] = 0.5f;
        c->residents.ace_score[i] = (uint8_t)(i % 5);
    }
    for (uint32_t i = 0; i < USERS; i++) {
        if (allostat_users_append(&c->users, &c->residents, i * (RESIDENTS / USERS),
                                  &row, &error) != ALLOSTAT_OK) {
            return 0;
        }
    }
    allostat_regulation_terms_make(&c->day, c->params, one_day);
    allostat_regulation_terms_make(&c->month, c->params, days);
    c->scores = allostat_trait_scores_make(c->params);
    allostat_ptsd_terms_make(&c->ptsd, c->params, allostat_draw_key_make(1, 0), &turn,
                             ALLOSTAT_PACE_month);
    allostat_mirror_rows_to_users(c->params, &c->residents, &c->users, 0, USERS);
    allostat_stress_paces(c->params, &c->users, 0, USERS);
    return 1;
}

int main(void)
{
    bench_city *city = calloc(1, sizeof *city);

    if (city == NULL || !make_city(city)) return EXIT_FAILURE;
    report("regulation, a user-day", city, regulate_users, USERS);
    report("regulation, a resident-month", city, regulate_residents, RESIDENTS);
    report("traumas and PTSD, a resident-month", city, suffer, RESIDENTS);
    report("mirrors, a user-month", city, mirror, USERS);
    allostat_users_free(&city->users);
    allostat_residents_free(&city->residents);
    allostat_scenario_free(&city->scenario);
    free(city);
    return EXIT_SUCCESS;
}
