/* Bars that lie, and the map of tiles. */
#include "io/report/chart.h"

#include "io/report/numbers.h"
#include "params/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- bars ----------------------------------------------------------------------- */

enum {
    LEFT = 60,
    RIGHT = 3000, /* values are written to the right of it */
    LABEL = 190,
    BAR = 150,
    GAP = 130,
    TEXT = 45,  /* from the middle of a line of text to its foot */
    ROOM = 2550 /* for the name of a row, in hundredths of its size on a phone */
};

/* The usual width of a letter, in hundredths of its size. */
static int32_t width_of(int32_t letter)
{
    static const char thin[] = "fijlrtI .,:;'|!";
    static const char narrow[] = "abcdeghknopqsuvxyzJ0123456789-+/()[]\"";

    if (letter <= 0 || letter >= 0x80) return 100;
    if (strchr(thin, letter) != NULL) return 42;
    return strchr(narrow, letter) != NULL ? 62 : 85;
}

/* How many letters of a name fit. */
static int32_t letters_that_fit(const char *text)
{
    const size_t length = strlen(text);
    int32_t count = 0, width = 0;

    for (size_t at = 0; at < length; count++) {
        const int32_t letter = allostat_utf8_next(text, length, &at);
        width += width_of(letter);
        if (width > ROOM) break;
    }
    return count < 2 ? 2 : count;
}

typedef struct {
    double low, high;
} extent;

static void widen(extent *e, double value)
{
    if (isnan(value)) return;
    if (value < e->low) e->low = value;
    if (value > e->high) e->high = value;
}

static extent extent_of(const allostat_bars *bars)
{
    extent e = {0.0, 0.0};

    for (int32_t i = 0; i < bars->count; i++) {
        for (int32_t s = 0; s < bars->series_count; s++) {
            widen(&e, bars->bar[i].value[s]);
            widen(&e, bars->bar[i].low[s]);
            widen(&e, bars->bar[i].high[s]);
        }
    }
    if (!(e.high > e.low)) e.high = 1.0;
    return e;
}

static long x_of(const extent *e, double value)
{
    return lround(LEFT + (value - e->low) / (e->high - e->low) * (RIGHT - LEFT));
}

static void draw_whisker(allostat_pen *pen, const extent *e, double low, double high,
                         long middle)
{
    const long from = x_of(e, low), to = x_of(e, high);

    allostat_pen_put(pen,
                     "<path class=\"w\" d=\"M%ld %ldv70M%ld %ldH%ldM%ld %ldv70\"/>",
                     from, middle - 35, from, middle, to, to, middle - 35);
}

static void draw_bar(allostat_pen *pen, const allostat_bars *bars, const extent *e,
                     const allostat_bar *bar, int32_t s, long y)
{
    const double value = bar->value[s];
    const long middle = y + BAR / 2, zero = x_of(e, 0.0);
    const long at = isnan(value) ? zero : x_of(e, value);
    const bool known = !isnan(bar->low[s]) && !isnan(bar->high[s]);
    const long end = known && x_of(e, bar->high[s]) > at ? x_of(e, bar->high[s]) : at;
    char text[ALLOSTAT_NUMBER_SIZE];

    allostat_pen_put(
        pen, "<g class=\"s %s\"><path class=\"bar\" d=\"M%ld %ldH%ldv%dH%ldz\"/>",
        bars->key[s].class, zero, y + 10, at, BAR - 20, zero);
    if (known && bar->high[s] > bar->low[s]) {
        draw_whisker(pen, e, bar->low[s], bar->high[s], middle);
    }
    if (bars->share) {
        allostat_number_share(text, value, bars->sign);
    } else {
        allostat_number(text, value, bars->sign);
    }
    allostat_pen_put(pen, "<text x=\"%ld\" y=\"%ld\">%s</text></g>",
                     (end > zero ? end : zero) + 50, middle + TEXT, text);
}

int32_t allostat_chart_bars(allostat_pen *pen, const allostat_bars *bars)
{
    const extent e = extent_of(bars);
    long y = 30;

    for (int32_t i = 0; i < bars->count; i++) {
        const allostat_bar *bar = &bars->bar[i];
        allostat_pen_put(pen, "<text x=\"%d\" y=\"%ld\">", (int)LEFT, y + 120);
        allostat_pen_cut(pen, bar->label, letters_that_fit(bar->label));
        allostat_pen_put(pen, "</text>");
        y += LABEL - 30;
        const long top = y;
        for (int32_t s = 0; s < bars->series_count; s++) {
            draw_bar(pen, bars, &e, bar, s, y);
            y += BAR;
        }
        allostat_pen_put(pen, "<path class=\"axis\" d=\"M%ld %ldV%ld\"/>",
                         x_of(&e, 0.0), top, y);
        y += GAP;
    }
    return (int32_t)y;
}

/* ---- tiles ---------------------------------------------------------------------- */

enum { TILE_GAP = 60, TILE_HEIGHT = 860, TILE_COLUMNS = 3 };

typedef struct {
    const char *name;
    int32_t column, row;
} tile_place;

/* As the local health areas of Vancouver lie to each other, north above. */
static const tile_place vancouver[] = {
    {"City Centre", 0, 0}, {"Downtown Eastside", 1, 0}, {"Northeast", 2, 0},
    {"Westside", 0, 1},    {"Midtown", 1, 1},           {"South", 1, 2},
};

static const tile_place *known_place(const char *name)
{
    for (size_t i = 0; i < sizeof vancouver / sizeof vancouver[0]; i++) {
        if (strcmp(vancouver[i].name, name) == 0) return &vancouver[i];
    }
    return NULL;
}

int32_t allostat_tile_places(const allostat_labels *areas, int32_t *column,
                             int32_t *row)
{
    bool known = true;

    for (int32_t i = 0; i < areas->count; i++) {
        known = known && known_place(areas->label[i]) != NULL;
    }
    for (int32_t i = 0; i < areas->count; i++) {
        const tile_place *place = known ? known_place(areas->label[i]) : NULL;
        column[i] = place != NULL ? place->column : i % TILE_COLUMNS;
        row[i] = place != NULL ? place->row : i / TILE_COLUMNS;
    }
    return TILE_COLUMNS;
}

/* A name on one line or two, broken at a blank when it has one. */
static void draw_tile_name(allostat_pen *pen, const char *name, long x, long y)
{
    enum { LETTERS = 16 };
    char first[ALLOSTAT_TEXT_SIZE];
    const char *second = NULL;

    snprintf(first, sizeof first, "%s", name);
    if (strlen(name) > LETTERS) {
        for (size_t i = 0; i < LETTERS; i++) {
            if (name[i] != ' ') continue;
            first[i] = '\0';
            second = name + i + 1;
        }
    }
    allostat_pen_put(pen, "<text x=\"%ld\" y=\"%ld\" class=\"m h\">", x, y);
    allostat_pen_cut(pen, first, LETTERS);
    allostat_pen_put(pen, "</text>");
    if (second == NULL) return;
    allostat_pen_put(pen, "<text x=\"%ld\" y=\"%ld\" class=\"m h\">", x, y + 150);
    allostat_pen_cut(pen, second, LETTERS);
    allostat_pen_put(pen, "</text>");
}

static void draw_tile(allostat_pen *pen, const allostat_tile *tile, long x, long y,
                      long width)
{
    const char *sign = tile->shade < 0 ? "more" : "less";
    const int strength = tile->shade < 0 ? -tile->shade : tile->shade;
    const long middle = x + width / 2;

    allostat_pen_put(pen, "<path class=\"tile %s%d\" d=\"M%ld %ldh%ldv%dh-%ldz\"/>",
                     sign, strength, x, y, width, (int)TILE_HEIGHT, width);
    draw_tile_name(pen, tile->label, middle, y + 190);
    allostat_pen_put(pen, "<text x=\"%ld\" y=\"%ld\" class=\"m big\">", middle,
                     y + 580);
    allostat_pen_cut(pen, tile->value, 14);
    allostat_pen_put(pen, "</text><text x=\"%ld\" y=\"%ld\" class=\"m\">", middle,
                     y + 770);
    allostat_pen_cut(pen, tile->range, 22);
    allostat_pen_put(pen, "</text>");
}

int32_t allostat_chart_tiles(allostat_pen *pen, const allostat_labels *areas,
                             const allostat_tile *tile)
{
    int32_t column[ALLOSTAT_AREAS_MAX], row[ALLOSTAT_AREAS_MAX], rows = 0;
    const int32_t columns = allostat_tile_places(areas, column, row);
    const long width = (ALLOSTAT_CHART_WIDTH - (columns + 1) * TILE_GAP) / columns;

    for (int32_t i = 0; i < areas->count; i++) {
        const long x = TILE_GAP + column[i] * (width + TILE_GAP);
        const long y = TILE_GAP + row[i] * (TILE_HEIGHT + TILE_GAP);
        draw_tile(pen, &tile[i], x, y, width);
        if (row[i] >= rows) rows = row[i] + 1;
    }
    return rows * (TILE_HEIGHT + TILE_GAP) + TILE_GAP;
}
