#include "io/report/chart.h"

#include "io/report/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEFT = 520, RIGHT = 3900, TOP = 260, BOTTOM = 2120, TICKS = 5, YEAR_LABELS = 7 };

double allostat_chart_x(const allostat_chart *chart, double x)
{
    return LEFT + (x - chart->x_low) / (chart->x_high - chart->x_low) * (RIGHT - LEFT);
}

double allostat_chart_y(const allostat_chart *chart, double y)
{
    return BOTTOM -
           (y - chart->y_low) / (chart->y_high - chart->y_low) * (BOTTOM - TOP);
}

static long whole_x(const allostat_chart *chart, double x)
{
    return lround(allostat_chart_x(chart, x));
}

/* What lies far outside the frame is drawn at its rim. */
static long whole_y(const allostat_chart *chart, double y)
{
    const double at = allostat_chart_y(chart, y), rim = BOTTOM - TOP;

    return lround(at < TOP - rim ? TOP - rim : at > BOTTOM + rim ? BOTTOM + rim : at);
}

/* ---- paths ---------------------------------------------------------------------- */

/* A path goes by steps from the point before: most of them are one or two digits, and
 * a minus is also a gap. */
typedef struct {
    allostat_pen *pen;
    long x, y;
    int32_t count; /* of points since the pen went down */
} plotter;

static void move_to(plotter *p, long x, long y)
{
    const char *before = p->count == 1 ? "l" : x < p->x ? "" : " ";

    if (p->count == 0) {
        allostat_pen_put(p->pen, "M%ld %ld", x, y);
    } else {
        allostat_pen_put(p->pen, "%s%ld%s%ld", before, x - p->x, y < p->y ? "" : " ",
                         y - p->y);
    }
    p->x = x;
    p->y = y;
    p->count++;
}

static void draw_curve(const allostat_chart *chart, const char *class,
                       const allostat_chart_run *run)
{
    plotter p = {.pen = chart->pen};

    allostat_pen_put(chart->pen, "<path class=\"%s\" d=\"", class);
    for (int32_t i = 0; i < run->count; i++) {
        if (isnan(run->y[i])) {
            p.count = 0;
        } else {
            move_to(&p, whole_x(chart, run->x[i]), whole_y(chart, run->y[i]));
        }
    }
    allostat_pen_put(chart->pen, "\"/>");
}

/* Stretches without a gap, each there along the top and back along the bottom. */
static void draw_band(const allostat_chart *chart, const char *class,
                      const allostat_chart_run *run)
{
    allostat_pen_put(chart->pen, "<path class=\"%s\" d=\"", class);
    for (int32_t from = 0, to = 0; from < run->count; from = to + 1) {
        plotter p = {.pen = chart->pen};
        for (to = from; to < run->count && !isnan(run->high[to]); to++) {
            move_to(&p, whole_x(chart, run->x[to]), whole_y(chart, run->high[to]));
        }
        for (int32_t i = to - 1; i >= from; i--) {
            move_to(&p, whole_x(chart, run->x[i]), whole_y(chart, run->low[i]));
        }
        if (to > from) allostat_pen_put(chart->pen, "z");
    }
    allostat_pen_put(chart->pen, "\"/>");
}

/* ---- frame ---------------------------------------------------------------------- */

static void draw_y_marks(const allostat_chart *chart)
{
    const allostat_ticks ticks = allostat_ticks_of(chart->y_low, chart->y_high, TICKS);
    char text[ALLOSTAT_NUMBER_SIZE];

    for (int32_t i = 0; i < ticks.count; i++) {
        const long y = whole_y(chart, ticks.at[i]);
        allostat_number_fixed(text, ticks.at[i], ticks.decimals, false);
        allostat_pen_put(chart->pen,
                         "<path class=\"grid\" d=\"M%d %ldH%d\"/><text x=\"%d\" "
                         "y=\"%ld\" class=\"e\">%s</text>",
                         (int)LEFT, y, (int)RIGHT, LEFT - 60, y + 45, text);
    }
    allostat_pen_put(chart->pen, "<text x=\"40\" y=\"130\" class=\"u\">");
    allostat_pen_text(chart->pen, chart->y_unit);
    allostat_pen_put(chart->pen, "</text>");
}

/* Years, as many as fit; the page adds those between for a closer look. */
static void draw_years(const allostat_chart *chart)
{
    const int32_t first = ((int32_t)chart->x_low + 11) / 12;
    const int32_t last = (int32_t)chart->x_high / 12;
    int32_t step = 1;

    while ((last - first) / step + 1 > YEAR_LABELS) step++;
    for (int32_t year = first; year <= last; year += step) {
        const long x = whole_x(chart, 12.0 * year);
        if (x >= RIGHT - 100) break;
        allostat_pen_put(chart->pen,
                         "<text class=\"m year\" x=\"%ld\" y=\"%d\">%d</text>", x,
                         BOTTOM + 200, (int)year);
    }
}

static void draw_x_marks(const allostat_chart *chart)
{
    const allostat_ticks ticks = allostat_ticks_of(chart->x_low, chart->x_high, TICKS);
    char text[ALLOSTAT_NUMBER_SIZE];

    for (int32_t i = 0; i < ticks.count; i++) {
        const long x = whole_x(chart, ticks.at[i]);
        allostat_number_fixed(text, ticks.at[i], ticks.decimals, false);
        allostat_pen_put(chart->pen,
                         "<path class=\"grid\" d=\"M%ld %dV%d\"/><text x=\"%ld\" "
                         "y=\"%d\" class=\"%s\">%s</text>",
                         x, (int)TOP, (int)BOTTOM, x, BOTTOM + 190,
                         x > RIGHT - 250 ? "e" : "m", text);
    }
    allostat_pen_put(chart->pen, "<text x=\"%d\" y=\"%d\" class=\"u e\">", (int)RIGHT,
                     BOTTOM + 350);
    allostat_pen_text(chart->pen, chart->x_unit);
    allostat_pen_put(chart->pen, "</text>");
}

void allostat_chart_begin(const allostat_chart *chart)
{
    draw_y_marks(chart);
    if (chart->months) {
        draw_years(chart);
    } else {
        draw_x_marks(chart);
    }
    allostat_pen_put(chart->pen,
                     "<clipPath id=\"k%d\"><path d=\"M%d %dH%dV%dH%dz\"/></clipPath>"
                     "<g clip-path=\"url(#k%d)\"><g class=\"zoom\">",
                     (int)chart->number, LEFT - 20, TOP - 40, RIGHT + 60, BOTTOM + 20,
                     LEFT - 20, (int)chart->number);
    if (chart->y_low < 0.0 && chart->y_high > 0.0) allostat_chart_level(chart, 0.0);
    if (!chart->months && chart->x_low < 0.0 && chart->x_high > 0.0) {
        allostat_pen_put(chart->pen, "<path class=\"axis\" d=\"M%ld %dV%d\"/>",
                         whole_x(chart, 0.0), (int)TOP, (int)BOTTOM);
    }
}

void allostat_chart_end(const allostat_chart *chart)
{
    allostat_pen_put(chart->pen, "</g></g>");
}

void allostat_chart_level(const allostat_chart *chart, double y)
{
    allostat_pen_put(chart->pen, "<path class=\"axis\" d=\"M%d %ldH%d\"/>", (int)LEFT,
                     whole_y(chart, y), (int)RIGHT);
}

void allostat_chart_slope(const allostat_chart *chart, double slope)
{
    const double low = chart->x_low, high = chart->x_high;

    allostat_pen_put(chart->pen, "<path class=\"axis\" d=\"M%ld %ldL%ld %ld\"/>",
                     whole_x(chart, low), whole_y(chart, slope * low),
                     whole_x(chart, high), whole_y(chart, slope * high));
}

/* ---- series --------------------------------------------------------------------- */

/* Values for the read-out, three digits each; what is not known is left empty. */
static void put_values(const allostat_chart *chart, const char *name,
                       const double *value, int32_t count)
{
    char text[ALLOSTAT_NUMBER_SIZE];

    allostat_pen_put(chart->pen, " data-%s=\"", name);
    for (int32_t i = 0; i < count; i++) {
        const double thousand = 1000.0;
        const bool large = fabs(value[i]) >= thousand;
        snprintf(text, sizeof text, large ? "%.0f" : "%.4g", value[i]);
        const char *digits = strncmp(text, "0.", 2) == 0 ? text + 1 : text;
        allostat_pen_put(chart->pen, "%s%s", i > 0 ? "," : "",
                         isnan(value[i]) ? "" : digits);
    }
    allostat_pen_put(chart->pen, "\"");
}

static void begin_series(const allostat_chart *chart, allostat_chart_key key,
                         const allostat_chart_run *run)
{
    const bool own = strcmp(key.class, "c2") == 0; /* others may be shown again */

    allostat_pen_put(chart->pen, "<g class=\"s %s\"", key.class);
    if (!own && chart->months) {
        allostat_pen_put(chart->pen, " id=\"%s_%d\"", key.class, (int)chart->number);
    }
    if (chart->months) {
        allostat_pen_put(chart->pen, " data-name=\"");
        allostat_pen_text(chart->pen, key.label);
        allostat_pen_put(chart->pen, "\" data-from=\"%.0f\"",
                         run->count > 0 ? run->x[0] : 0.0);
        put_values(chart, "v", run->y, run->count);
        if (run->low != NULL) {
            put_values(chart, "lo", run->low, run->count);
            put_values(chart, "hi", run->high, run->count);
        }
    }
    allostat_pen_put(chart->pen, ">");
}

void allostat_chart_line(const allostat_chart *chart, allostat_chart_key key,
                         const allostat_chart_run *run)
{
    begin_series(chart, key, run);
    if (run->low != NULL) draw_band(chart, "b95", run);
    draw_curve(chart, "l", run);
    allostat_pen_put(chart->pen, "</g>");
}

void allostat_chart_points(const allostat_chart *chart, allostat_chart_key key,
                           const allostat_chart_run *run)
{
    begin_series(chart, key, run);
    allostat_pen_put(chart->pen, "<path class=\"o\" d=\"");
    for (int32_t i = 0; i < run->count; i++) {
        if (isnan(run->y[i])) continue;
        allostat_pen_put(chart->pen, "M%ld %ldh0", whole_x(chart, run->x[i]),
                         whole_y(chart, run->y[i]));
    }
    allostat_pen_put(chart->pen, "\"/></g>");
}

void allostat_chart_bands(const allostat_chart *chart, allostat_chart_key key,
                          const allostat_bands *bands)
{
    double x[ALLOSTAT_BANDS_MAX], y[ALLOSTAT_BANDS_MAX];
    double low[ALLOSTAT_BANDS_MAX], high[ALLOSTAT_BANDS_MAX];
    double low_half[ALLOSTAT_BANDS_MAX], high_half[ALLOSTAT_BANDS_MAX];
    const int32_t count =
        bands->count < ALLOSTAT_BANDS_MAX ? bands->count : ALLOSTAT_BANDS_MAX;

    for (int32_t i = 0; i < count; i++) {
        x[i] = bands->first + i * bands->step;
        y[i] = bands->band[i].mean;
        low[i] = bands->band[i].low;
        high[i] = bands->band[i].high;
        low_half[i] = bands->band[i].low_half;
        high_half[i] = bands->band[i].high_half;
    }
    const bool spread = bands->replicate_count > 1;
    const allostat_chart_run all = {count, x, y, spread ? low : NULL, high};
    const allostat_chart_run half = {count, x, y, low_half, high_half};
    begin_series(chart, key, &all);
    if (spread) {
        draw_band(chart, "b95", &all);
        draw_band(chart, "b50", &half);
    }
    draw_curve(chart, "l", &all);
    allostat_pen_put(chart->pen, "</g>");
}

/* y of this chart from y of that one: both are straight in the value. */
static void show_again(const allostat_chart *chart, allostat_chart_key key,
                       const allostat_chart_drawn *drawn)
{
    const double here = chart->y_high - chart->y_low;
    const double scale = (drawn->y_high - drawn->y_low) / here;
    const double shift =
        BOTTOM * (1.0 - scale) - (drawn->y_low - chart->y_low) / here * (BOTTOM - TOP);

    allostat_pen_put(chart->pen,
                     "<g class=\"s %s\" data-as=\"%s_%d\"><use href=\"#%s_%d\" "
                     "transform=\"matrix(1 0 0 %.6g 0 %.6g)\"/></g>",
                     key.class, key.class, (int)drawn->number, key.class,
                     (int)drawn->number, scale, shift);
}

static bool is_drawn(const allostat_chart *chart, const allostat_chart_drawn *drawn,
                     int32_t count)
{
    return drawn->number > 0 && drawn->number != chart->number &&
           drawn->first == (int32_t)lround(chart->x_low) && drawn->count == count;
}

void allostat_chart_bands_again(const allostat_chart *chart, allostat_chart_key key,
                                const allostat_bands *bands,
                                allostat_chart_drawn *drawn)
{
    if (is_drawn(chart, drawn, bands->count)) {
        show_again(chart, key, drawn);
        return;
    }
    allostat_chart_bands(chart, key, bands);
    if (drawn->number > 0) return; /* of other months: the first stays */
    *drawn = (allostat_chart_drawn){chart->number, (int32_t)lround(chart->x_low),
                                    bands->count, chart->y_low, chart->y_high};
}

void allostat_chart_points_again(const allostat_chart *chart, allostat_chart_key key,
                                 const allostat_chart_run *run,
                                 const allostat_chart_drawn *drawn)
{
    if (is_drawn(chart, drawn, run->count)) {
        show_again(chart, key, drawn);
    } else {
        allostat_chart_points(chart, key, run);
    }
}
