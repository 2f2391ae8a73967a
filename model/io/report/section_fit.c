/* Can the base be believed: simulated against observed, and what is left over. */
#include "io/report/numbers.h"
#include "io/report/sections.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What was observed and in which series it is simulated. */
typedef struct {
    allostat_counted series;
    const char *scatter, *scatter_title;
    const char *residual, *residual_title;
    const char *unit;
} target;

static const target targets[] = {
    {ALLOSTAT_COUNTED_overdose_deaths, "fit_deaths", "Deaths: simulated, observed",
     "residual_deaths", "Deaths: observed minus simulated", "persons a month"},
    {ALLOSTAT_COUNTED_attended_overdoses, "fit_attended",
     "Attended overdoses: simulated, observed", "residual_attended",
     "Attended overdoses: observed minus simulated", "events a month"},
    {ALLOSTAT_COUNTED_oat_clients, "fit_oat_clients",
     "Treatment clients: simulated, observed", "residual_oat_clients",
     "Treatment clients: observed minus simulated", "persons a month"},
};

/* Month by month; NaN where nothing was observed. */
typedef struct {
    allostat_bands bands;
    int32_t count;          /* of months */
    int32_t observed_count; /* of them that were observed */
    int32_t inside;         /* of those, within the light band */
    double month[ALLOSTAT_BANDS_MAX], observed[ALLOSTAT_BANDS_MAX];
    double simulated[ALLOSTAT_BANDS_MAX], residual[ALLOSTAT_BANDS_MAX];
    double zero[ALLOSTAT_BANDS_MAX];
    double low[ALLOSTAT_BANDS_MAX], high[ALLOSTAT_BANDS_MAX];
} fit;

static void measure_month(fit *self, int32_t i, double value)
{
    const allostat_band *band = &self->bands.band[i];
    const bool known = !isnan(value);
    const double none = (double)NAN;

    self->month[i] = self->bands.first + i;
    self->observed[i] = value;
    self->simulated[i] = band->mean;
    self->residual[i] = value - band->mean;
    self->zero[i] = known ? 0.0 : none;
    self->low[i] = known ? band->low - band->mean : none;
    self->high[i] = known ? band->high - band->mean : none;
    self->observed_count += known;
    self->inside += known && value >= band->low && value <= band->high;
}

static void measure(const allostat_view *view, const target *t, fit *self)
{
    self->count = self->observed_count = self->inside = 0;
    *view->status =
        allostat_bands_init(&self->bands, view->base, allostat_pick_counted(t->series),
                            view->first, 1, view->error);
    if (*view->status != ALLOSTAT_OK) return;
    self->count = self->bands.count;
    if (self->count > ALLOSTAT_BANDS_MAX) self->count = ALLOSTAT_BANDS_MAX;
    for (int32_t i = 0; i < self->count; i++) {
        measure_month(self, i,
                      allostat_view_observed(view, t->series, view->first + i));
    }
}

static void put_scatter(const allostat_view *view, const target *t, const fit *self)
{
    static const allostat_chart_key key = {"c1", "months", true};
    allostat_canvas *canvas = view->canvas;
    char about[512];
    double most = 0.0;

    snprintf(about, sizeof about,
             "A point a month that was observed (%d). On the line the mean of the "
             "replicates is what was observed; %d months lie within the spread of the "
             "replicates.",
             (int)self->observed_count, (int)self->inside);
    const allostat_figure figure = {t->scatter, t->scatter_title, t->unit, about, 0,
                                    NULL};
    for (int32_t i = 0; i < self->count; i++) {
        if (isnan(self->observed[i])) continue;
        if (self->observed[i] > most) most = self->observed[i];
        if (self->simulated[i] > most) most = self->simulated[i];
    }
    const double room = 1.05;
    allostat_canvas_begin(canvas, &figure);
    const allostat_chart chart = {.pen = &canvas->picture,
                                  .x_high = most > 0.0 ? most * room : 1.0,
                                  .y_high = most > 0.0 ? most * room : 1.0,
                                  .x_unit = "observed",
                                  .y_unit = "simulated, mean of replicates",
                                  .number = canvas->figure_count};
    const allostat_chart_run run = {self->count, self->observed, self->simulated, NULL,
                                    NULL};
    allostat_chart_begin(&chart);
    allostat_chart_slope(&chart, 1.0);
    allostat_chart_points(&chart, key, &run);
    allostat_chart_end(&chart);
    canvas->csv_only = true;
    allostat_canvas_head(canvas, "observed,simulated");
    for (int32_t i = 0; i < self->count; i++) {
        if (isnan(self->observed[i])) continue;
        allostat_canvas_number(canvas, self->observed[i]);
        allostat_canvas_number(canvas, self->simulated[i]);
        allostat_canvas_row(canvas);
    }
    allostat_canvas_end(canvas, ALLOSTAT_CHART_HEIGHT);
}

static void put_residual_table(allostat_canvas *canvas, const fit *self)
{
    char date[ALLOSTAT_DATE_TEXT_SIZE];

    canvas->csv_only = true;
    allostat_canvas_head(canvas, "month,observed,simulated,residual,low,high");
    for (int32_t i = 0; i < self->count; i++) {
        if (isnan(self->observed[i])) continue;
        allostat_day_format(allostat_month_first_day((allostat_month)self->month[i]),
                            date);
        allostat_canvas_label(canvas, date);
        allostat_canvas_number(canvas, self->observed[i]);
        allostat_canvas_number(canvas, self->simulated[i]);
        allostat_canvas_number(canvas, self->residual[i]);
        allostat_canvas_number(canvas, self->low[i]);
        allostat_canvas_number(canvas, self->high[i]);
        allostat_canvas_row(canvas);
    }
}

static void put_residuals(const allostat_view *view, const target *t, const fit *self)
{
    const allostat_chart_key keys[] = {{"c1", "spread of replicates", false},
                                       {"c3", "observed minus simulated", true}};
    const allostat_figure figure = {
        t->residual,
        t->residual_title,
        t->unit,
        "What was observed minus the mean of the replicates; the band is how far "
        "replicates lie from their own mean. Points that stay on one side are a "
        "misfit.",
        2,
        keys};
    allostat_canvas *canvas = view->canvas;
    double low = 0.0, high = 0.0;

    for (int32_t i = 0; i < self->count; i++) {
        low = fmin(low, fmin(self->residual[i], self->low[i]));
        high = fmax(high, fmax(self->residual[i], self->high[i]));
    }
    const double room = high > low ? (high - low) / 20.0 : 1.0;
    allostat_canvas_begin(canvas, &figure);
    const allostat_chart chart = {.pen = &canvas->picture,
                                  .x_low = view->first,
                                  .x_high = view->last > view->first ? view->last
                                                                     : view->first + 1,
                                  .y_low = low - room,
                                  .y_high = high + room,
                                  .months = true,
                                  .y_unit = t->unit,
                                  .number = canvas->figure_count};
    const bool spread = self->bands.replicate_count > 1;
    const allostat_chart_run band = {self->count, self->month, self->zero,
                                     spread ? self->low : NULL, self->high};
    const allostat_chart_run points = {self->count, self->month, self->residual, NULL,
                                       NULL};
    allostat_chart_begin(&chart);
    allostat_chart_line(&chart, keys[0], &band);
    allostat_chart_points(&chart, keys[1], &points);
    allostat_chart_end(&chart);
    put_residual_table(canvas, self);
    allostat_canvas_end(canvas, ALLOSTAT_CHART_HEIGHT);
}

void allostat_section_fit(const allostat_view *view)
{
    allostat_pen *page = &view->canvas->page;
    int32_t shown = 0;

    allostat_pen_put(page, "<p>How well the base follows what was observed. Nothing "
                           "here has been tuned for this page.</p>\n<div "
                           "class=\"figures\">\n");
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        fit self;
        if (*view->status != ALLOSTAT_OK) break;
        self.bands = (allostat_bands){0};
        measure(view, &targets[i], &self);
        if (self.observed_count > 0) {
            put_scatter(view, &targets[i], &self);
            put_residuals(view, &targets[i], &self);
            shown++;
        }
        allostat_bands_free(&self.bands);
    }
    allostat_pen_put(page, "</div>\n");
    if (shown == 0) {
        allostat_pen_put(page, "<p>No month of this run was observed.</p>\n");
    }
}
