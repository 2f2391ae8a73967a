/* What goes on over time: lines with bands. */
#include "io/report/numbers.h"
#include "io/report/sections.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const allostat_chart_key allostat_view_keys[3] = {
    {"c1", "base", false}, {"c2", "policy", false}, {"c3", "observed", true}};

int32_t allostat_view_runs(const allostat_view *view)
{
    return view->policy == NULL ? 1 : 2;
}

const allostat_results *allostat_view_run(const allostat_view *view, int32_t i)
{
    return i == 0 ? view->base : view->policy;
}

void allostat_view_bands_text(const allostat_view *view, char *text, size_t size)
{
    const int32_t count = view->base->replicate_count;

    switch (allostat_interval_of(count)) {
    case ALLOSTAT_INTERVAL_none:
        snprintf(text, size,
                 "One replicate: the line is one course of chance, and "
                 "there are no bands.");
        break;
    case ALLOSTAT_INTERVAL_range:
        snprintf(text, size,
                 "Lines: means of %d replicates. Light band: lowest to highest "
                 "replicate (too few for 95 %% of them); dark band: the middle half.",
                 (int)count);
        break;
    case ALLOSTAT_INTERVAL_percentile:
        snprintf(text, size,
                 "Lines: means of %d replicates. Light band: 95 %% of them; dark band: "
                 "the middle half.",
                 (int)count);
        break;
    }
}

double allostat_view_observed(const allostat_view *view, allostat_counted series,
                              allostat_month month)
{
    allostat_series observed[ALLOSTAT_COLUMN_COUNT];
    const allostat_day day = allostat_month_first_day(month);

    allostat_summary_observed(&view->base->scenario->epochs[0].params, observed);
    for (int c = 0; c < ALLOSTAT_COLUMN_COUNT; c++) {
        if (allostat_summary_columns[c].series != series) continue;
        for (int32_t i = 0; i < observed[c].count; i++) {
            if (observed[c].day[i] == day) return view->scale * observed[c].value[i];
        }
    }
    return (double)NAN;
}

/* ---- one trajectory ------------------------------------------------------------- */

typedef struct {
    const allostat_view *view;
    const allostat_trajectory *spec;
    allostat_bands monthly[2], yearly[2];
    double x[ALLOSTAT_BANDS_MAX], observed[ALLOSTAT_BANDS_MAX];
    int32_t count, observed_count;
} trajectory;

static void keep(const allostat_view *view, allostat_status status)
{
    if (*view->status == ALLOSTAT_OK) *view->status = status;
}

static void measure(trajectory *self)
{
    const allostat_view *view = self->view;
    const allostat_month january = (view->first + 11) / 12 * 12;

    for (int32_t i = 0; i < allostat_view_runs(view); i++) {
        const allostat_results *run = allostat_view_run(view, i);
        keep(view, allostat_bands_init(&self->monthly[i], run, self->spec->pick,
                                       view->first, 1, view->error));
        keep(view, allostat_bands_init(&self->yearly[i], run, self->spec->pick, january,
                                       12, view->error));
    }
    self->count = view->last - view->first + 1;
    if (self->count > ALLOSTAT_BANDS_MAX) self->count = ALLOSTAT_BANDS_MAX;
    for (int32_t i = 0; i < self->count; i++) {
        const allostat_month month = view->first + i;
        self->x[i] = month;
        self->observed[i] =
            self->spec->observed
                ? allostat_view_observed(view, (allostat_counted)self->spec->pick.index,
                                         month)
                : (double)NAN;
        self->observed_count += !isnan(self->observed[i]);
    }
}

static void widen(double *low, double *high, double value)
{
    if (isnan(value)) return;
    if (value < *low) *low = value;
    if (value > *high) *high = value;
}

static void set_scale(const trajectory *self, allostat_chart *chart)
{
    double low = self->spec->from_zero ? 0.0 : HUGE_VAL, high = -HUGE_VAL;

    for (int32_t i = 0; i < allostat_view_runs(self->view); i++) {
        for (int32_t j = 0; j < self->monthly[i].count; j++) {
            widen(&low, &high, self->monthly[i].band[j].low);
            widen(&low, &high, self->monthly[i].band[j].high);
        }
    }
    for (int32_t i = 0; i < self->count; i++) widen(&low, &high, self->observed[i]);
    if (!(high >= low)) low = high = 0.0;
    const double room = high > low ? (high - low) / 20.0 : 1.0;
    chart->y_high = high + room;
    chart->y_low = self->spec->from_zero ? 0.0 : low - room;
}

static void draw(const trajectory *self, const char *unit)
{
    const allostat_view *view = self->view;
    allostat_chart chart = {.pen = &view->canvas->picture,
                            .x_low = view->first,
                            .x_high =
                                view->last > view->first ? view->last : view->first + 1,
                            .months = true,
                            .y_unit = unit,
                            .number = view->canvas->figure_count};

    set_scale(self, &chart);
    allostat_chart_begin(&chart);
    /* a picture that is kept has to be whole */
    allostat_chart_drawn once = {0};
    allostat_chart_drawn *drawn =
        view->canvas->files != NULL ? &once : &view->canvas->drawn[self->spec->place];
    allostat_chart_bands_again(&chart, allostat_view_keys[0], &self->monthly[0], drawn);
    if (view->policy != NULL) {
        allostat_chart_bands(&chart, allostat_view_keys[1], &self->monthly[1]);
    }
    if (self->observed_count > 0) {
        const allostat_chart_run run = {self->count, self->x, self->observed, NULL,
                                        NULL};
        allostat_chart_points_again(&chart, allostat_view_keys[2], &run, drawn);
    }
    allostat_chart_end(&chart);
}

/* Mean, lowest, highest and the middle half of each run at point i. */
static void put_bands(const trajectory *self, const allostat_bands bands[2], int32_t i,
                      bool half)
{
    allostat_canvas *canvas = self->view->canvas;

    for (int32_t r = 0; r < allostat_view_runs(self->view); r++) {
        const allostat_band *band = &bands[r].band[i];
        allostat_canvas_number(canvas, band->mean);
        allostat_canvas_number(canvas, band->low);
        allostat_canvas_number(canvas, band->high);
        if (!half) continue;
        allostat_canvas_number(canvas, band->low_half);
        allostat_canvas_number(canvas, band->high_half);
    }
}

/* All months go to the file; the page has the years. */
static void put_months(const trajectory *self)
{
    allostat_canvas *canvas = self->view->canvas;
    char date[ALLOSTAT_DATE_TEXT_SIZE];

    canvas->csv_only = true;
    allostat_canvas_head(
        canvas,
        self->view->policy == NULL
            ? "month,base,base low,base high,base low half,base high half,observed"
            : "month,base,base low,base high,base low half,base high "
              "half,policy,policy low,policy high,policy low half,policy high "
              "half,observed");
    for (int32_t i = 0; i < self->count; i++) {
        allostat_day_format(allostat_month_first_day(self->view->first + i), date);
        allostat_canvas_label(canvas, date);
        put_bands(self, self->monthly, i, true);
        allostat_canvas_number(canvas, self->observed[i]);
        allostat_canvas_row(canvas);
    }
    canvas->csv_only = false;
}

/* Of a year that was observed and simulated whole; NaN for others. */
static double observed_year(const trajectory *self, allostat_month january)
{
    double sum = 0.0;

    for (int32_t i = 0; i < 12; i++) {
        const int32_t at = january + i - self->view->first;
        sum += at >= 0 && at < self->count ? self->observed[at] : (double)NAN;
    }
    return allostat_pick_info(self->spec->pick)->kind == ALLOSTAT_SERIES_flow
               ? sum
               : sum / 12.0;
}

static void put_years(const trajectory *self)
{
    allostat_canvas *canvas = self->view->canvas;
    char label[ALLOSTAT_NUMBER_SIZE];

    canvas->page_only = true;
    const bool observed = self->observed_count > 0;
    snprintf(label, sizeof label, "year,base,low,high%s%s",
             self->view->policy == NULL ? "" : ",policy,low,high",
             observed ? ",observed" : "");
    allostat_canvas_head(canvas, label);
    for (int32_t i = 0; i < self->yearly[0].count; i++) {
        const allostat_month january = self->yearly[0].first + 12 * i;
        if (january > self->view->last - 11) break;
        snprintf(label, sizeof label, "%d", (int)(january / 12));
        allostat_canvas_label(canvas, label);
        put_bands(self, self->yearly, i, false);
        if (observed) allostat_canvas_number(canvas, observed_year(self, january));
        allostat_canvas_row(canvas);
    }
    canvas->page_only = false;
}

static void write_figure(const trajectory *self)
{
    const allostat_view *view = self->view;
    const allostat_series_info *info = allostat_pick_info(self->spec->pick);
    const bool flow = self->spec->pick.shape != ALLOSTAT_SHAPE_averaged &&
                      info->kind == ALLOSTAT_SERIES_flow;
    char about[1024], bands[512], unit[128];
    allostat_chart_key keys[3];
    int32_t count = 0;

    allostat_view_bands_text(view, bands, sizeof bands);
    snprintf(about, sizeof about, "%c%s, month by month. %s%s", info->about[0] - 32,
             info->about + 1, bands,
             self->observed_count > 0 ? " Points: what was observed." : "");
    if (strcmp(info->unit, "1") == 0) {
        snprintf(unit, sizeof unit, "share or level, 0 to 1");
    } else {
        snprintf(unit, sizeof unit, "%s%s", info->unit, flow ? " a month" : "");
    }
    for (int32_t i = 0; i < allostat_view_runs(view); i++)
        keys[count++] = allostat_view_keys[i];
    if (self->observed_count > 0) keys[count++] = allostat_view_keys[2];
    const allostat_figure figure = {.name = self->spec->name,
                                    .title = self->spec->title,
                                    .unit = unit,
                                    .about = about,
                                    .key_count = count,
                                    .key = keys};
    allostat_canvas_begin(view->canvas, &figure);
    draw(self, unit);
    put_months(self);
    put_years(self);
    allostat_canvas_end(view->canvas, ALLOSTAT_CHART_HEIGHT);
}

void allostat_section_trajectory(const allostat_view *view,
                                 const allostat_trajectory *spec)
{
    trajectory self = {.view = view, .spec = spec};

    measure(&self);
    if (*view->status == ALLOSTAT_OK) write_figure(&self);
    for (int32_t i = 0; i < 2; i++) {
        allostat_bands_free(&self.monthly[i]);
        allostat_bands_free(&self.yearly[i]);
    }
}

/* ---- sections of trajectories --------------------------------------------------- */

static void put_all(const allostat_view *view, const allostat_trajectory *spec,
                    size_t count)
{
    allostat_pen_put(&view->canvas->page, "<div class=\"figures\">\n");
    for (size_t i = 0; i < count; i++) allostat_section_trajectory(view, &spec[i]);
    allostat_pen_put(&view->canvas->page, "</div>\n");
}

void allostat_section_trajectories(const allostat_view *view)
{
    const allostat_trajectory list[] = {
        {0, "deaths_by_month", "Deaths by overdose",
         allostat_pick_counted(ALLOSTAT_COUNTED_overdose_deaths), true, true},
        {1, "attended_by_month", "Overdoses attended by an ambulance",
         allostat_pick_counted(ALLOSTAT_COUNTED_attended_overdoses), true, true},
        {2, "overdoses_by_month", "All overdoses",
         allostat_pick_counted(ALLOSTAT_COUNTED_overdoses), false, true},
        {3, "active_users_by_month", "People who use unregulated opioids",
         allostat_pick_counted(ALLOSTAT_COUNTED_active_users), false, true},
    };

    allostat_pen_put(&view->canvas->page, "<h3>Course</h3>\n");
    put_all(view, list, sizeof list / sizeof list[0]);
}

void allostat_section_regulation(const allostat_view *view)
{
    const allostat_trajectory list[] = {
        {4, "stress_by_month", "Stress",
         allostat_pick_averaged(ALLOSTAT_AVERAGED_stress), false, false},
        {5, "load_by_month", "Allostatic load",
         allostat_pick_averaged(ALLOSTAT_AVERAGED_allostatic_load), false, false},
        {6, "oxytocin_by_month", "Oxytocin",
         allostat_pick_averaged(ALLOSTAT_AVERAGED_oxytocin), false, false},
        {7, "connection_by_month", "Social connection",
         allostat_pick_averaged(ALLOSTAT_AVERAGED_connection), false, false},
    };

    allostat_pen_put(&view->canvas->page,
                     "<h3>Regulation</h3>\n<p>How the people who use are doing inside: "
                     "means over active users. The axes do not begin at 0.</p>\n");
    put_all(view, list, sizeof list / sizeof list[0]);
}

/* ---- difference to the base ------------------------------------------------------ */

static void put_averted(const allostat_view *view, const double *x, const double *y,
                        const double *low, const double *high)
{
    allostat_canvas *canvas = view->canvas;
    const int32_t count = view->last - view->first + 1;
    const bool spread = view->contrast->replicate_count > 1;
    const allostat_chart_run run = {count, x, y, spread ? low : NULL, high};
    const allostat_chart_key key = {"c2", "averted", false};
    allostat_chart chart = {.pen = &canvas->picture,
                            .x_low = view->first,
                            .x_high =
                                view->last > view->first ? view->last : view->first + 1,
                            .months = true,
                            .y_unit = "persons, since the first month",
                            .number = canvas->figure_count};
    double least = 0.0, most = 0.0;
    char date[ALLOSTAT_DATE_TEXT_SIZE];

    for (int32_t i = 0; i < count; i++) {
        widen(&least, &most, y[i]);
        widen(&least, &most, low[i]);
        widen(&least, &most, high[i]);
    }
    const double room = most > least ? (most - least) / 20.0 : 1.0;
    chart.y_low = least < 0.0 || !(most > least) ? least - room : 0.0;
    chart.y_high = most + room;
    allostat_chart_begin(&chart);
    allostat_chart_line(&chart, key, &run);
    allostat_chart_end(&chart);
    canvas->csv_only = true;
    allostat_canvas_head(canvas, "month,averted,low,high");
    for (int32_t i = 0; i < count; i++) {
        const allostat_month month = view->first + i;
        canvas->csv_only = month % 12 != 11;
        if (i == 0) {
            canvas->csv_only = false;
            canvas->page_only = true;
            allostat_canvas_head(canvas,
                                 "since the first month up to,averted,low,high");
            canvas->page_only = false;
            canvas->csv_only = month % 12 != 11;
        }
        allostat_day_format(allostat_month_first_day(month), date);
        allostat_canvas_label(canvas, date);
        allostat_canvas_number(canvas, y[i]);
        allostat_canvas_number(canvas, low[i]);
        allostat_canvas_number(canvas, high[i]);
        allostat_canvas_row(canvas);
    }
}

void allostat_section_difference(const allostat_view *view)
{
    static const allostat_chart_key key = {"c2", "averted", false};
    double x[ALLOSTAT_BANDS_MAX], y[ALLOSTAT_BANDS_MAX];
    double low[ALLOSTAT_BANDS_MAX], high[ALLOSTAT_BANDS_MAX];
    const int32_t count = view->last - view->first + 1;
    const allostat_figure figure = {
        .name = "averted_by_month",
        .title = "Deaths by overdose averted so far",
        .unit = "persons",
        .about = view->contrast->replicate_count > 1
                     ? "Deaths in the base minus deaths under the policy, added up "
                       "month by month; below 0 the policy does harm. Line: mean of "
                       "pairs of replicates; band: its 95 % interval (Student's t)."
                     : "Deaths in the base minus deaths under the policy, added up "
                       "month by month; below 0 the policy does harm. One replicate: "
                       "no interval.",
        .key_count = 1,
        .key = &key};

    if (count > ALLOSTAT_BANDS_MAX || view->contrast->averted == NULL) return;
    for (int32_t i = 0; i < count; i++) {
        x[i] = view->first + i;
        y[i] = view->contrast->averted[i].mean;
        low[i] = view->contrast->averted[i].low;
        high[i] = view->contrast->averted[i].high;
    }
    allostat_canvas_begin(view->canvas, &figure);
    put_averted(view, x, y, low, high);
    allostat_canvas_end(view->canvas, ALLOSTAT_CHART_HEIGHT);
}
