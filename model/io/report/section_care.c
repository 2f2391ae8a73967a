/* Care: who is reached, how long they wait, where the kits go, who is saved. */
#include "io/report/numbers.h"
#include "io/report/sections.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 32 };

/* A row of bars: a series, or the ratio of two, in each run. */
typedef struct {
    const char *label;
    allostat_pick over;
    bool is_ratio;
    allostat_pick under;
    double factor;
} measure;

static double value_in(const allostat_view *view, const allostat_records *records,
                       const measure *row)
{
    const double over = allostat_pick_over(records, row->over, view->first, view->last);

    if (!row->is_ratio) return row->factor * over;
    const double under =
        allostat_pick_over(records, row->under, view->first, view->last);
    return under > 0.0 ? row->factor * over / under : (double)NAN;
}

static void set_bar(const allostat_view *view, allostat_bar *bar, const measure *row,
                    int32_t s)
{
    const allostat_results *run = allostat_view_run(view, s);
    double *const value = calloc((size_t)run->replicate_count, sizeof *value);

    if (value == NULL) {
        *view->status = ALLOSTAT_FAIL(view->error, NO_MEMORY, "replicates");
        return;
    }
    for (int32_t r = 0; r < run->replicate_count; r++) {
        value[r] = value_in(view, &run->replicate[r], row);
    }
    const allostat_estimate estimate =
        allostat_estimate_of(value, run->replicate_count);
    const bool spread = estimate.replicate_count > 1;
    bar->value[s] = estimate.mean;
    bar->low[s] = spread ? estimate.low : (double)NAN;
    bar->high[s] = spread ? estimate.high : (double)NAN;
    free(value);
}

/* What is drawn: the measures of a figure. */
typedef struct {
    const char *name, *title, *unit, *about;
    const measure *row;
    int32_t count;
} figure_of_measures;

/* Something to see: not 0 and not unknown in every run. */
static bool is_there(const allostat_bar *bar, int32_t runs)
{
    for (int32_t s = 0; s < runs; s++) {
        if (bar->value[s] > 0.0) return true;
    }
    return false;
}

static void put_bar(allostat_canvas *canvas, const allostat_bar *bar, int32_t runs)
{
    allostat_canvas_label(canvas, bar->label);
    for (int32_t s = 0; s < runs; s++) {
        allostat_canvas_number(canvas, bar->value[s]);
        allostat_canvas_number(canvas, bar->low[s]);
        allostat_canvas_number(canvas, bar->high[s]);
    }
    allostat_canvas_row(canvas);
}

/* What the city has not, in any run, is left out. */
static void put_measures(const allostat_view *view, const figure_of_measures *spec)
{
    allostat_bar bar[ROWS_MAX];
    const int32_t runs = allostat_view_runs(view);
    allostat_bars bars = {runs, allostat_view_keys, 0, bar, false, false};
    const allostat_figure figure = {spec->name,  spec->title, spec->unit,
                                    spec->about, runs,        allostat_view_keys};
    allostat_canvas *canvas = view->canvas;

    memset(bar, 0, sizeof bar);
    allostat_canvas_begin(canvas, &figure);
    allostat_canvas_head(canvas, runs == 1 ? "measure,base,low,high"
                                           : "measure,base,low,high,policy,low,high");
    for (int32_t i = 0; i < spec->count; i++) {
        allostat_bar *const row = &bar[bars.count];
        snprintf(row->label, sizeof row->label, "%s", spec->row[i].label);
        for (int32_t s = 0; s < runs; s++) set_bar(view, row, &spec->row[i], s);
        if (!is_there(row, runs)) continue;
        put_bar(canvas, row, runs);
        bars.count++;
    }
    const int32_t height =
        bars.count > 0 ? allostat_chart_bars(&canvas->picture, &bars) : 0;
    allostat_canvas_end(canvas, height);
}

#define STOCK(label, name)                                                     \
    {                                                                          \
        label, allostat_pick_counted(ALLOSTAT_COUNTED_##name), false, {0}, 1.0 \
    }

/* Opioid use disorder is counted in three grades: the cascade shows the severe one. */
static void put_cascade(const allostat_view *view)
{
    const double months = view->last - view->first + 1;
    const measure row[] = {
        STOCK("ever took opioids", users),
        STOCK("take unregulated opioids now", active_users),
        STOCK("have severe opioid use disorder", people_with_oud_severe),
        {"given opioid agonists in a month",
         allostat_pick_counted(ALLOSTAT_COUNTED_oat_clients),
         false,
         {0},
         1.0 / months},
        STOCK("in methadone treatment", people_in_methadone),
        STOCK("in buprenorphine treatment", people_in_buprenorphine),
        STOCK("on slow-release oral morphine", people_in_srom),
        STOCK("in injectable treatment", people_in_ioat),
        STOCK("on naltrexone", people_in_naltrexone),
        STOCK("prescribed safer supply", people_in_safer_supply),
        {"in homes of housing first",
         allostat_pick_city(ALLOSTAT_CITY_people_in_housing_first),
         false,
         {0},
         1.0},
        STOCK("waiting for opioid agonist treatment", oat_waiting),
        STOCK("waiting for injectable treatment", ioat_waiting),
        STOCK("waiting for safer supply", safer_supply_waiting),
        STOCK("waiting for a therapy", therapy_waiting),
        STOCK("waiting for detox", detox_waiting),
    };

    put_measures(
        view, &(figure_of_measures){
                  "cascade_of_care", "Cascade of care", "persons, mean of the months",
                  "How many people are at each step, on an average month. Bars: means "
                  "over replicates; whiskers: their spread.",
                  row, (int32_t)(sizeof row / sizeof row[0])});
}

/* By Little's law: people waiting over people leaving the queue a day. */
static void put_waits(const allostat_view *view)
{
    const double months = view->last - view->first + 1;
    const double days_a_month = 365.25 / 12.0;
    const measure row[] = {
        {"for opioid agonist treatment",
         allostat_pick_counted(ALLOSTAT_COUNTED_oat_waiting), true,
         allostat_pick_counted(ALLOSTAT_COUNTED_oat_starts), months * days_a_month},
        {"for injectable treatment",
         allostat_pick_counted(ALLOSTAT_COUNTED_ioat_waiting), true,
         allostat_pick_city(ALLOSTAT_CITY_ioat_starts), months * days_a_month},
        {"for safer supply",
         allostat_pick_counted(ALLOSTAT_COUNTED_safer_supply_waiting), true,
         allostat_pick_city(ALLOSTAT_CITY_safer_supply_starts), months * days_a_month},
        {"for a therapy, of those who began one",
         allostat_pick_city(ALLOSTAT_CITY_therapy_wait_days), true,
         allostat_pick_counted(ALLOSTAT_COUNTED_therapy_starts), 1.0},
    };

    put_measures(
        view, &(figure_of_measures){
                  "waits", "Waiting", "days",
                  "People waiting for each start a day (Little's law): the mean wait "
                  "when nobody gives up, less when some do. Bars: means over "
                  "replicates; whiskers: their spread.",
                  row, (int32_t)(sizeof row / sizeof row[0])});
}

static void put_retention(const allostat_view *view)
{
    const double hundred = 100.0;
    const measure row[] = {
        {"methadone", allostat_pick_city(ALLOSTAT_CITY_methadone_years_reached), true,
         allostat_pick_city(ALLOSTAT_CITY_methadone_starts), hundred},
        {"buprenorphine", allostat_pick_city(ALLOSTAT_CITY_buprenorphine_years_reached),
         true, allostat_pick_city(ALLOSTAT_CITY_buprenorphine_starts), hundred},
    };

    put_measures(view,
                 &(figure_of_measures){
                     "retention", "A year in treatment", "of 100 starts",
                     "Episodes that reach a year, over those begun in the same window. "
                     "Bars: means over replicates; whiskers: their spread.",
                     row, (int32_t)(sizeof row / sizeof row[0])});
}

static void put_kits(const allostat_view *view)
{
    const measure row[] = {
        {"shipped to the city",
         allostat_pick_city(ALLOSTAT_CITY_kits_shipped),
         false,
         {0},
         1.0},
        STOCK("handed out to people who use", kits_handed_out),
        STOCK("used on an overdose", kits_used),
        STOCK("lost or expired", kits_lost),
        STOCK("left with an owner who died or moved", kits_gone),
    };

    put_measures(view, &(figure_of_measures){
                           "kits", "Naloxone kits", "kits over the window",
                           "What became of the kits. Bars: means over replicates; "
                           "whiskers: their spread.",
                           row, (int32_t)(sizeof row / sizeof row[0])});
}

void allostat_section_care(const allostat_view *view)
{
    allostat_pen_put(&view->canvas->page, "<h3>Care and kits</h3>\n<div "
                                          "class=\"figures bars\">\n");
    put_cascade(view);
    put_waits(view);
    put_retention(view);
    put_kits(view);
    allostat_pen_put(&view->canvas->page, "</div>\n");
}

/* ---- saved, delayed, harmed ------------------------------------------------------ */

void allostat_section_ledger(const allostat_view *view)
{
    static const char *const labels[] = {
        "saved: alive under the policy", "delayed: dies later",
        "hastened: dies earlier", "harmed: dies under the policy only",
        "the same: dies on the same day"};
    static const allostat_chart_key key = {"c2", "persons", false};
    const allostat_ledger *ledger = &view->contrast->ledger;
    enum {
        COUNT = sizeof labels / sizeof labels[0]
    }; /* the rows that part the people */
    allostat_bar bar[COUNT];
    const allostat_bars bars = {1, &key, COUNT, bar, false, false};
    const allostat_figure figure = {
        "ledger",
        "The same people, in both runs",
        "persons a replicate",
        "Everybody who died by overdose in the base or under the policy, and what "
        "became "
        "of the same person in the other run by the end of the window. Bars: means "
        "over replicates; whiskers: their spread.",
        0,
        NULL};
    allostat_canvas *canvas = view->canvas;

    if (ledger->saved.replicate_count == 0)
        return; /* the files have no log of deaths */
    memset(bar, 0, sizeof bar);
    allostat_pen_put(&canvas->page,
                     "<h3>Saved, delayed, harmed</h3>\n<div class=\"figures bars\">\n");
    allostat_canvas_begin(canvas, &figure);
    allostat_canvas_head(canvas, "what,persons,low,high");
    for (int32_t i = 0; i < COUNT; i++) {
        const allostat_estimate *estimate =
            allostat_ledger_estimate(ledger, (allostat_ledger_row)i);
        const bool spread = estimate->replicate_count > 1;
        snprintf(bar[i].label, sizeof bar[i].label, "%s", labels[i]);
        bar[i].value[0] = estimate->mean;
        bar[i].low[0] = spread ? estimate->low : (double)NAN;
        bar[i].high[0] = spread ? estimate->high : (double)NAN;
        allostat_canvas_label(canvas, bar[i].label);
        allostat_canvas_number(canvas, bar[i].value[0]);
        allostat_canvas_number(canvas, bar[i].low[0]);
        allostat_canvas_number(canvas, bar[i].high[0]);
        allostat_canvas_row(canvas);
    }
    allostat_canvas_end(canvas, allostat_chart_bars(&canvas->picture, &bars));
    allostat_pen_put(&canvas->page, "</div>\n");
}
