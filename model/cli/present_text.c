#include "cli/present.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CELL_SIZE = 64, LABEL_WIDTH = 46, FACT_WIDTH = 22, NAME_WIDTH = 28 };

/* Bold only where someone looks at a terminal and has not said no. */
static void print_heading(const char *text)
{
    const char *no_color = getenv("NO_COLOR");
    const bool plain =
        (no_color != NULL && no_color[0] != '\0') || !isatty(STDOUT_FILENO);

    printf(plain ? "%s\n" : "\033[1m%s\033[0m\n", text);
}

/* A number with its interval: "123 [110-131]"; "" when there is none. */
static void format_estimate(const allostat_estimate *estimate,
                            allostat_interval interval, int decimals,
                            char cell[CELL_SIZE])
{
    cell[0] = '\0';
    if (estimate->replicate_count == 0) return;
    if (interval == ALLOSTAT_INTERVAL_none) {
        snprintf(cell, CELL_SIZE, "%.*f", decimals, estimate->mean);
        return;
    }
    snprintf(cell, CELL_SIZE, "%.*f [%.*f-%.*f]", decimals, estimate->mean, decimals,
             estimate->low, decimals, estimate->high);
}

static void print_number(double value, int width)
{
    if (isnan(value)) {
        printf(" %*s", width, "");
    } else {
        printf(" %*.0f", width, value);
    }
}

static void print_estimate(const allostat_estimate *estimate,
                           allostat_interval interval, int width)
{
    char cell[CELL_SIZE];

    format_estimate(estimate, interval, 0, cell);
    printf(" %*s", width, cell);
}

static void print_year(const allostat_year_summary *year, allostat_interval interval)
{
    const allostat_estimate *simulated = year->simulated;

    printf("%d%c", (int)year->year, year->month_count < 12 ? '*' : ' ');
    print_number(year->observed[ALLOSTAT_COLUMN_overdose_deaths], 8);
    print_estimate(&simulated[ALLOSTAT_COLUMN_overdose_deaths], interval, 16);
    print_number(year->observed[ALLOSTAT_COLUMN_attended_overdoses], 9);
    print_estimate(&simulated[ALLOSTAT_COLUMN_attended_overdoses], interval, 18);
    print_number(simulated[ALLOSTAT_COLUMN_users].mean, 7);
    print_number(simulated[ALLOSTAT_COLUMN_active_users].mean, 7);
    print_number(simulated[ALLOSTAT_COLUMN_residents].mean, 9);
    print_number(year->observed[ALLOSTAT_COLUMN_oat_clients], 9);
    print_number(simulated[ALLOSTAT_COLUMN_oat_clients].mean, 9);
    printf("\n");
}

static void print_notes(const allostat_presented *run)
{
    const allostat_summary *summary = run->summary;
    const int replicates = (int)summary->replicate_count;

    if (summary->interval == ALLOSTAT_INTERVAL_range) {
        printf("simulated: mean [lowest-highest] of %d replicates; ", replicates);
    } else if (summary->interval == ALLOSTAT_INTERVAL_percentile) {
        printf("simulated: mean [2.5th-97.5th percentile] of %d replicates; ",
               replicates);
    } else {
        printf("simulated: one replicate, so no interval; ");
    }
    printf("people: means of the months\n");
    for (int32_t i = 0; i < summary->year_count; i++) {
        if (summary->year[i].month_count == 12) continue;
        printf("* not all twelve months\n");
        break;
    }
    if (run->scale < 1.0 || run->scale > 1.0) {
        printf("the simulated city is %g of the real one, and simulated counts are not "
               "scaled "
               "up\n",
               run->scale);
    }
}

static void print_years(const allostat_presented *run)
{
    print_heading("      ---- overdose deaths ---- ---- attended overdoses ----"
                  "          active residents --- OAT clients ---");
    print_heading("year  observed        simulated  observed          simulated"
                  "   users   users       15+  observed simulated");
    for (int32_t i = 0; i < run->summary->year_count; i++) {
        print_year(&run->summary->year[i], run->summary->interval);
    }
    print_notes(run);
}

static void format_window(const allostat_window_summary *window, char cell[CELL_SIZE])
{
    snprintf(cell, CELL_SIZE, "%d-%02d to %d-%02d", (int)(window->first / 12),
             (int)(window->first % 12 + 1), (int)(window->last / 12),
             (int)(window->last % 12 + 1));
}

/* One row of the facts; `estimate` picks the number from a window. */
static void print_fact(const allostat_summary *summary, const char *label, int decimals,
                       const allostat_estimate *estimate[ALLOSTAT_WINDOWS_MAX])
{
    char cell[CELL_SIZE];

    printf("%-*s", LABEL_WIDTH, label);
    for (int32_t w = 0; w < summary->window_count; w++) {
        format_estimate(estimate[w], summary->interval, decimals, cell);
        printf(" %*s", FACT_WIDTH, cell[0] == '\0' ? "-" : cell);
    }
    printf("\n");
}

static void print_facts(const allostat_presented *run)
{
    const allostat_summary *summary = run->summary;
    const allostat_estimate *estimate[ALLOSTAT_WINDOWS_MAX] = {NULL};
    char head[ALLOSTAT_WINDOWS_MAX * CELL_SIZE + CELL_SIZE], cell[CELL_SIZE];
    char label[ALLOSTAT_TEXT_SIZE + CELL_SIZE];
    size_t length =
        (size_t)snprintf(head, sizeof head, "%-*s", LABEL_WIDTH, "facts of the city");

    for (int32_t w = 0; w < summary->window_count; w++) {
        format_window(&summary->window[w], cell);
        length += (size_t)snprintf(head + length, sizeof head - length, " %*s",
                                   FACT_WIDTH, cell);
    }
    print_heading(head);
    for (int32_t area = 0; area < run->areas->count; area++) {
        snprintf(label, sizeof label, "share of deaths in %s", run->areas->label[area]);
        for (int32_t w = 0; w < summary->window_count; w++) {
            estimate[w] = &summary->window[w].deaths_in_area[area];
        }
        print_fact(summary, label, 3, estimate);
    }
    for (int f = 0; f < ALLOSTAT_FACT_COUNT; f++) {
        for (int32_t w = 0; w < summary->window_count; w++) {
            estimate[w] = &summary->window[w].fact[f];
        }
        print_fact(summary, allostat_facts[f].label,
                   strcmp(allostat_facts[f].unit, "1") == 0 ? 3 : 1, estimate);
    }
}

static void print_series(const allostat_presented *run)
{
    print_heading("series");
    for (int32_t i = 0; i < run->series_count; i++) {
        const allostat_stored_series *series = &run->series[i];
        printf("%-*s (%s) [%s] %s\n", NAME_WIDTH, series->name, series->dimensions,
               series->unit, series->about);
    }
}

static void print_head(const allostat_presented *run)
{
    char start[ALLOSTAT_DATE_TEXT_SIZE], output[ALLOSTAT_DATE_TEXT_SIZE];
    char end[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(run->start, start);
    allostat_day_format(run->output_start, output);
    allostat_day_format(run->end, end);
    print_heading(run->name);
    if (run->description[0] != '\0') printf("%s\n", run->description);
    printf("run %s to %s, output from %s, %d replicate%s, seed %lld, allostat %s\n\n",
           start, end, output, (int)run->summary->replicate_count,
           run->summary->replicate_count == 1 ? "" : "s", (long long)run->seed,
           run->version);
}

void allostat_present_text(const allostat_presented *run)
{
    print_head(run);
    print_years(run);
    printf("\n");
    print_facts(run);
    printf("\n");
    if (run->series != NULL) {
        print_series(run);
        printf("\n");
    }
    printf("file    %s\nsha256  %s\n", run->path, run->digest);
}
