/* What the ties of a whole city cost a resident and month; prints, asserts nothing. */
#include "engine/city.h"
#include "mind/connection.h"
#include "people/ties_month.h"

#include <stdio.h>
#include <time.h>

enum { MONTHS = 24 };

/* Of this thread of work alone, whatever else the machine does. */
static double seconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void report(const char *name, const allostat_city *city, double seconds)
{
    printf("%-12s %6.2f ns a resident-month\n", name,
           1e9 * seconds / (double)MONTHS / (double)city->residents.row_count);
}

static allostat_status run(allostat_city *city, int32_t turn_months,
                           allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_ties_people people = {city->entry.params,
                                   city->key,
                                   city->projection.first_month,
                                   &city->residents,
                                   &city->users,
                                   {0},
                                   {0}};
    int32_t formed[ALLOSTAT_TIE_KIND_COUNT];
    double start = seconds_now();

    for (int32_t i = 0; i < MONTHS; i++) {
        people.month++;
        people.turn = allostat_turn_make(&city->residents, turn_months, people.month);
        ALLOSTAT_TRY(allostat_ties_month(&city->ties, &people, formed, error));
    }
    report("ties", city, seconds_now() - start);
    start = seconds_now();
    for (int32_t i = 0; i < MONTHS; i++)
        allostat_connection_settle(people.params, &city->residents, &city->users);
    report("connection", city, seconds_now() - start);
    start = seconds_now();
    for (int32_t i = 0; i < MONTHS; i++)
        ALLOSTAT_TRY(allostat_ties_verify(&city->residents, &city->users, error));
    report("verify", city, seconds_now() - start);
cleanup:
    return status;
}

int main(void)
{
    static const char *const sets[] = {"run.end=2012-12-31",
                                       "run.output_start=2012-01-01"};
    allostat_scenario scenario = {0};
    allostat_mistakes mistakes = {0};
    allostat_error error = {0};
    allostat_city city = {0};
    allostat_status status = allostat_scenario_load(&scenario, "configs/vancouver.yaml",
                                                    sets, 2, &mistakes, &error);
    const double start = seconds_now();

    if (status == ALLOSTAT_OK)
        status = allostat_city_init(&city, &scenario, 0, 1, &error);
    if (status == ALLOSTAT_OK) {
        printf("city made    %6.2f s, %zu residents\n", seconds_now() - start,
               city.residents.row_count);
        status = run(&city, 1, &error);
    }
    if (status == ALLOSTAT_OK) {
        printf("support ties end by turns of 6 months\n");
        status = run(&city, 6, &error);
    }
    if (status != ALLOSTAT_OK) printf("%s\n", error.message);
    allostat_city_free(&city);
    allostat_scenario_free(&scenario);
    allostat_mistakes_free(&mistakes);
    return allostat_status_exit_code(status);
}
