/* Value: the cost-effectiveness plane, the acceptability curve, the budget. */
#include "io/report/numbers.h"
#include "io/report/sections.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POINTS_DRAWN = 150 };

static const allostat_chart_key payer = {"c2", "public payer", true};
static const allostat_chart_key society = {"c1", "society", true};

static void widen(double *low, double *high, double value)
{
    if (isnan(value)) return;
    if (value < *low) *low = value;
    if (value > *high) *high = value;
}

/* Room about the points, the origin among them. */
static void give_room(double *low, double *high)
{
    const double room = *high > *low ? (*high - *low) / 12.0 : 1.0;

    *low -= room;
    *high += room;
}

/* Costs are drawn in millions or in thousands, so that marks are short. */
static double unit_of(const allostat_value_contrast *value)
{
    const double million = 1e6, thousand = 1e3;
    double low = 0.0, high = 0.0;

    for (int32_t i = 0; i < value->point_count; i++) {
        widen(&low, &high, value->point[i].cost_payer);
        widen(&low, &high, value->point[i].cost_society);
    }
    return high - low >= million ? million : thousand;
}

static void set_plane(const allostat_value_contrast *value, double unit,
                      allostat_chart *chart)
{
    for (int32_t i = 0; i < value->point_count; i++) {
        widen(&chart->x_low, &chart->x_high, value->point[i].qalys);
        widen(&chart->y_low, &chart->y_high, value->point[i].cost_payer / unit);
        widen(&chart->y_low, &chart->y_high, value->point[i].cost_society / unit);
    }
    give_room(&chart->x_low, &chart->x_high);
    give_room(&chart->y_low, &chart->y_high);
}

/* Every n-th point, so that a page of many policies stays small. */
static void draw_points(const allostat_chart *chart,
                        const allostat_value_contrast *value, double unit,
                        bool of_payer)
{
    const int32_t stride = value->point_count / POINTS_DRAWN + 1;
    double x[POINTS_DRAWN + 1], y[POINTS_DRAWN + 1];
    allostat_chart_run run = {0, x, y, NULL, NULL};

    for (int32_t i = 0; i < value->point_count; i += stride) {
        const allostat_value_point *point = &value->point[i];
        x[run.count] = point->qalys;
        y[run.count++] = (of_payer ? point->cost_payer : point->cost_society) / unit;
    }
    allostat_chart_points(chart, of_payer ? payer : society, &run);
}

static void put_plane(const allostat_view *view)
{
    const allostat_value_contrast *value = &view->contrast->value;
    const allostat_chart_key keys[] = {payer, society};
    allostat_canvas *canvas = view->canvas;
    char about[512];
    const bool thinned = value->point_count > POINTS_DRAWN;
    const double unit = unit_of(value), thousand = 1e3;

    snprintf(about, sizeof about,
             "Each point is a draw of replicate and value parameters (%d in all%s), "
             "policy minus base. Right: more healthy life; below: saves money. "
             "Discounted CAD of %d.",
             (int)value->point_count, thinned ? ", some of them drawn" : "",
             (int)value->price_year);
    const allostat_figure figure = {"cost_effectiveness_plane",
                                    "Cost-effectiveness plane",
                                    "QALY and CAD",
                                    about,
                                    2,
                                    keys};
    allostat_canvas_begin(canvas, &figure);
    allostat_chart chart = {.pen = &canvas->picture,
                            .x_unit = "QALYs gained",
                            .y_unit = unit > thousand ? "million CAD, extra cost"
                                                      : "thousand CAD, extra cost",
                            .number = canvas->figure_count};
    set_plane(value, unit, &chart);
    allostat_chart_begin(&chart);
    draw_points(&chart, value, unit, false);
    draw_points(&chart, value, unit, true);
    allostat_chart_end(&chart);
    canvas->csv_only = true;
    allostat_canvas_head(canvas, "QALYs,cost to the public payer,cost to society");
    for (int32_t i = 0; i < value->point_count; i++) {
        allostat_canvas_number(canvas, value->point[i].qalys);
        allostat_canvas_number(canvas, value->point[i].cost_payer);
        allostat_canvas_number(canvas, value->point[i].cost_society);
        allostat_canvas_row(canvas);
    }
    allostat_canvas_end(canvas, ALLOSTAT_CHART_HEIGHT);
}

static void draw_acceptability(const allostat_chart *chart,
                               const allostat_value_contrast *value)
{
    const allostat_chart_key of_payer = {"c2", "public payer", false};
    const allostat_chart_key of_society = {"c1", "society", false};
    double share_payer[ALLOSTAT_CEAC_POINTS], share_society[ALLOSTAT_CEAC_POINTS];
    double willingness[ALLOSTAT_CEAC_POINTS];
    const double hundred = 100.0, thousand = 1000.0;

    for (int i = 0; i < ALLOSTAT_CEAC_POINTS; i++) {
        willingness[i] = value->willingness[i] / thousand;
        share_payer[i] = hundred * value->acceptable_payer[i];
        share_society[i] = hundred * value->acceptable_society[i];
    }
    const allostat_chart_run one = {ALLOSTAT_CEAC_POINTS, willingness, share_payer,
                                    NULL, NULL};
    const allostat_chart_run two = {ALLOSTAT_CEAC_POINTS, willingness, share_society,
                                    NULL, NULL};
    allostat_chart_begin(chart);
    allostat_chart_line(chart, of_payer, &one);
    allostat_chart_line(chart, of_society, &two);
    allostat_chart_end(chart);
}

static void put_acceptability(const allostat_view *view)
{
    const allostat_value_contrast *value = &view->contrast->value;
    const allostat_chart_key keys[] = {{"c2", "public payer", false},
                                       {"c1", "society", false}};
    const allostat_figure figure = {
        "acceptability",
        "Acceptability",
        "% of draws, by CAD a QALY",
        "Share of the draws in which the policy is worth its cost, by what a "
        "quality-adjusted life year is held to be worth.",
        2,
        keys};
    allostat_canvas *canvas = view->canvas;

    allostat_canvas_begin(canvas, &figure);
    const allostat_chart chart = {
        .pen = &canvas->picture,
        .x_low = value->willingness[0] / 1000.0,
        .x_high = value->willingness[ALLOSTAT_CEAC_POINTS - 1] / 1000.0,
        .y_low = 0.0,
        .y_high = 100.0,
        .x_unit = "thousand CAD a QALY",
        .y_unit = "% of draws",
        .number = canvas->figure_count};
    draw_acceptability(&chart, value);
    allostat_canvas_head(canvas, "CAD a QALY,acceptable to the payer,acceptable to "
                                 "society,net benefit to the payer,net benefit to "
                                 "society");
    for (int i = 0; i < ALLOSTAT_CEAC_POINTS; i++) {
        canvas->csv_only = i % 4 != 0;
        allostat_canvas_number(canvas, value->willingness[i]);
        allostat_canvas_number(canvas, value->acceptable_payer[i]);
        allostat_canvas_number(canvas, value->acceptable_society[i]);
        allostat_canvas_number(canvas, value->net_benefit_payer[i]);
        allostat_canvas_number(canvas, value->net_benefit_society[i]);
        allostat_canvas_row(canvas);
    }
    allostat_canvas_end(canvas, ALLOSTAT_CHART_HEIGHT);
}

static void put_budget(const allostat_view *view)
{
    static const allostat_chart_key key = {"c2", "policy minus base", false};
    const allostat_value_contrast *value = &view->contrast->value;
    allostat_bar bar[ALLOSTAT_BUDGET_YEARS_MAX];
    allostat_bars bars = {1, &key, 0, bar, true, false};
    const allostat_figure figure = {
        "budget",
        "Budget, year by year",
        "thousand CAD a year",
        "Extra cost to the public payer in each calendar year, not discounted; below 0 "
        "it saves. Bars: means over replicates; whiskers: their spread.",
        0,
        NULL};
    allostat_canvas *canvas = view->canvas;
    const double thousand = 1000.0;

    memset(bar, 0, sizeof bar);
    allostat_canvas_begin(canvas, &figure);
    allostat_canvas_head(canvas, "year,thousand CAD,low,high");
    for (int32_t i = 0; i < value->year_count; i++) {
        const allostat_estimate *budget = &value->budget[i];
        allostat_bar *const row = &bar[bars.count++];
        const bool spread = budget->replicate_count > 1;
        snprintf(row->label, sizeof row->label, "%d", (int)value->year[i]);
        row->value[0] = budget->mean / thousand;
        row->low[0] = spread ? budget->low / thousand : (double)NAN;
        row->high[0] = spread ? budget->high / thousand : (double)NAN;
        allostat_canvas_label(canvas, row->label);
        allostat_canvas_number(canvas, row->value[0]);
        allostat_canvas_number(canvas, row->low[0]);
        allostat_canvas_number(canvas, row->high[0]);
        allostat_canvas_row(canvas);
    }
    if (bars.count == 0) {
        allostat_canvas_end(canvas, 0);
        return;
    }
    allostat_canvas_end(canvas, allostat_chart_bars(&canvas->picture, &bars));
}

void allostat_words_value(allostat_pen *pen, double qalys, double cost)
{
    char text[ALLOSTAT_NUMBER_SIZE];
    const double price = fabs(cost / qalys);

    if (isnan(qalys) || isnan(cost)) {
        allostat_pen_put(pen, "–");
    } else if (!(fabs(qalys) > 0.0)) {
        allostat_pen_put(pen, cost > 0.0   ? "costs more, the same health"
                              : cost < 0.0 ? "saves, the same health"
                                           : "no difference");
    } else if (qalys > 0.0 && cost <= 0.0) {
        allostat_pen_put(pen, "more health for less money (dominant)");
    } else if (qalys < 0.0 && cost >= 0.0) {
        allostat_pen_put(pen, "less health for more money (dominated)");
    } else {
        allostat_pen_put(pen,
                         qalys > 0.0 ? "CAD %s for each QALY gained"
                                     : "saves CAD %s for each QALY lost",
                         allostat_number_money(text, price, false));
    }
}

/* The quadrant of the plane in words, for both who pay. */
static void put_verdict(const allostat_view *view)
{
    const allostat_contrast_cell *whole = view->contrast->whole;
    const allostat_value_contrast *value = &view->contrast->value;
    const double qalys = whole[ALLOSTAT_OUTCOME_qalys].difference.mean;
    allostat_pen *page = &view->canvas->page;

    allostat_pen_put(page, "<p>To the public payer: <b>");
    allostat_words_value(page, qalys,
                         whole[ALLOSTAT_OUTCOME_cost_payer].difference.mean);
    allostat_pen_put(page, "</b>. To society: <b>");
    allostat_words_value(page, qalys,
                         whole[ALLOSTAT_OUTCOME_cost_society].difference.mean);
    allostat_pen_put(page,
                     "</b>. Means over replicates at the central weights and prices, "
                     "discounted, in CAD of %d.",
                     (int)value->price_year);
    allostat_pen_put(page, " Over all draws of weights and prices, to the payer: ");
    allostat_words_value(page, value->qalys.mean, value->cost_payer.mean);
    allostat_pen_put(page, ".</p>\n");
}

void allostat_section_value(const allostat_view *view)
{
    allostat_pen *page = &view->canvas->page;

    if (view->contrast->value.point_count == 0) return;
    allostat_pen_put(page, "<h3>Value for money</h3>\n");
    put_verdict(view);
    allostat_pen_put(page, "<div class=\"figures\">\n");
    put_plane(view);
    put_acceptability(view);
    put_budget(view);
    allostat_pen_put(page, "</div>\n");
}
