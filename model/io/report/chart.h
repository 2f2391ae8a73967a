/* Pictures in SVG: axes, lines with bands, points, bars, tiles.
 *
 * Coordinates are whole numbers, 4000 across, so that paths are short. Colour, width
 * and dash come from classes: the page has a style for light and dark, a picture that
 * stands alone carries its own. Every series has its class and also its own dash or
 * shape, so that colour says nothing alone. */
#ifndef ALLOSTAT_IO_REPORT_CHART_H
#define ALLOSTAT_IO_REPORT_CHART_H

#include "io/report/bands.h"
#include "io/report/pen.h"

enum { ALLOSTAT_CHART_WIDTH = 4000, ALLOSTAT_CHART_HEIGHT = 2500 };

/* The classes of series: "c1" base, "c2" policy, "c3" observed, "c4" to "c7" others. */
typedef struct {
    const char *class;
    const char *label; /* ours or a user's */
    bool points;       /* drawn as points, not as a line */
} allostat_chart_key;

typedef struct {
    allostat_pen *pen;
    double x_low, x_high, y_low, y_high;
    bool months;        /* x counts months */
    const char *x_unit; /* NULL for months */
    const char *y_unit;
    int32_t number; /* of the picture in its page: ids come from it */
} allostat_chart;

double allostat_chart_x(const allostat_chart *chart, double x);
double allostat_chart_y(const allostat_chart *chart, double y);

/* Axes, marks and their names; then what is drawn lies inside the frame. */
void allostat_chart_begin(const allostat_chart *chart);
void allostat_chart_end(const allostat_chart *chart);

/* A line at the means with its bands; with one replicate the line alone. */
void allostat_chart_bands(const allostat_chart *chart, allostat_chart_key key,
                          const allostat_bands *bands);

/* A line with its bands that was drawn before, and the chart it was drawn in; the same
 * months can then be shown again by name, which keeps a page of many policies small. */
typedef struct {
    int32_t number; /* of that chart; 0: not drawn yet */
    int32_t first, count;
    double y_low, y_high;
} allostat_chart_drawn;

/* As allostat_chart_bands, for the one series of a page that stands in many charts:
 * drawn whole the first time, shown again afterwards. */
void allostat_chart_bands_again(const allostat_chart *chart, allostat_chart_key key,
                                const allostat_bands *bands,
                                allostat_chart_drawn *drawn);

/* Points of a line and of the band about it; NaN breaks the line, low NULL means no
 * band. x rises. */
typedef struct {
    int32_t count;
    const double *x, *y, *low, *high;
} allostat_chart_run;

/* Points that go with a line that is shown again. */
void allostat_chart_points_again(const allostat_chart *chart, allostat_chart_key key,
                                 const allostat_chart_run *run,
                                 const allostat_chart_drawn *drawn);

void allostat_chart_line(const allostat_chart *chart, allostat_chart_key key,
                         const allostat_chart_run *run);
void allostat_chart_points(const allostat_chart *chart, allostat_chart_key key,
                           const allostat_chart_run *run);

/* A straight line across the frame at y, and one from corner to corner of equal values.
 */
void allostat_chart_level(const allostat_chart *chart, double y);
void allostat_chart_slope(const allostat_chart *chart, double slope);

/* ---- bars ---- */

enum { ALLOSTAT_BAR_SERIES_MAX = 3 };

/* A row of bars that lie: its name above, then a bar a series. */
typedef struct {
    char label[ALLOSTAT_TEXT_SIZE];
    double value[ALLOSTAT_BAR_SERIES_MAX];
    double low[ALLOSTAT_BAR_SERIES_MAX], high[ALLOSTAT_BAR_SERIES_MAX]; /* or NaN */
} allostat_bar;

typedef struct {
    int32_t series_count;
    const allostat_chart_key *key; /* [series_count] */
    int32_t count;
    const allostat_bar *bar; /* [count] */
    bool sign;               /* values are differences: with plus or minus */
    bool share;              /* values are shares of 1, shown in per cent */
} allostat_bars;

/* Draws them and returns the height of the picture. */
int32_t allostat_chart_bars(allostat_pen *pen, const allostat_bars *bars);

/* ---- tiles ---- */

/* A place of the map: its name, what is written below it, and how strong its colour is,
 * -3 (more than before: worse) to 3 (less: better). */
typedef struct {
    char label[ALLOSTAT_TEXT_SIZE];
    char value[ALLOSTAT_TEXT_SIZE];
    char range[ALLOSTAT_TEXT_SIZE];
    int32_t shade;
} allostat_tile;

/* Column and row of each of `count` areas: the local health areas of Vancouver lie as
 * they do in the city, others in rows as they come. Returns the number of columns. */
int32_t allostat_tile_places(const allostat_labels *areas, int32_t *column,
                             int32_t *row);

/* Draws them and returns the height of the picture. */
int32_t allostat_chart_tiles(allostat_pen *pen, const allostat_labels *areas,
                             const allostat_tile *tile);

#endif
