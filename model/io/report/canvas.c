#include "io/report/canvas.h"

#include "io/report/assets.h"
#include "io/report/numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Characters of the source: as many as a line holds in a wide font. */
enum { LEGEND_LINE = 190, HEAD = 420, STANDALONE_PIXELS = 640, SOURCE_CHARACTERS = 66 };

/* ---- tables --------------------------------------------------------------------- */

static void put_table_head(allostat_canvas *canvas, const char *columns)
{
    allostat_pen_put(&canvas->table, "<tr>");
    for (const char *from = columns; *from != '\0';) {
        const size_t length = strcspn(from, ",");
        char name[ALLOSTAT_TEXT_SIZE];
        snprintf(name, sizeof name, "%.*s", (int)length, from);
        allostat_pen_put(&canvas->table, "<th scope=\"col\">");
        allostat_pen_text(&canvas->table, name);
        allostat_pen_put(&canvas->table, "</th>");
        from += length + (from[length] == ',' ? 1 : 0);
    }
    allostat_pen_put(&canvas->table, "</tr>\n");
}

void allostat_canvas_head(allostat_canvas *canvas, const char *columns)
{
    if (!canvas->page_only) allostat_pen_put(&canvas->csv, "%s\n", columns);
    if (!canvas->csv_only) put_table_head(canvas, columns);
}

/* Begins a cell; says whether the page gets it, too. */
static bool begin_cell(allostat_canvas *canvas)
{
    if (!canvas->page_only && canvas->column > 0) allostat_pen_put(&canvas->csv, ",");
    if (!canvas->csv_only && canvas->column == 0) {
        allostat_pen_put(&canvas->table, "<tr>");
    }
    canvas->column++;
    return !canvas->csv_only;
}

void allostat_canvas_label(allostat_canvas *canvas, const char *text)
{
    if (begin_cell(canvas)) {
        const bool plain = strspn(text, "0123456789-") == strlen(text);
        allostat_pen_put(&canvas->table, "<th>");
        if (plain) {
            allostat_pen_text(&canvas->table, text);
        } else {
            allostat_pen_name(&canvas->table, text);
        }
        allostat_pen_put(&canvas->table, "</th>");
    }
    if (!canvas->page_only) allostat_pen_cell(&canvas->csv, text);
}

void allostat_canvas_number(allostat_canvas *canvas, double value)
{
    char text[ALLOSTAT_NUMBER_SIZE], exact[ALLOSTAT_DOUBLE_TEXT_SIZE];

    if (begin_cell(canvas)) {
        allostat_pen_put(&canvas->table, "<td>%s</td>",
                         allostat_number(text, value, false));
    }
    if (canvas->page_only || isnan(value)) return;
    allostat_double_format(value, exact);
    allostat_pen_put(&canvas->csv, "%s", exact);
}

void allostat_canvas_row(allostat_canvas *canvas)
{
    if (!canvas->page_only) allostat_pen_put(&canvas->csv, "\n");
    if (!canvas->csv_only) allostat_pen_put(&canvas->table, "</tr>\n");
    canvas->column = 0;
}

/* ---- figures -------------------------------------------------------------------- */

void allostat_canvas_begin(allostat_canvas *canvas, const allostat_figure *figure)
{
    allostat_error *const error = canvas->page.error;

    canvas->figure = *figure;
    canvas->figure_count++;
    canvas->picture = (allostat_pen){.error = error};
    canvas->csv = (allostat_pen){.error = error};
    canvas->table = (allostat_pen){.error = error};
    canvas->csv_only = canvas->page_only = false;
    canvas->column = 0;
    allostat_pen_put(&canvas->csv, "# %s\n# unit: %s\n# source: ", figure->title,
                     figure->unit);
    /* a line of its own whatever is in it */
    allostat_pen_cell(&canvas->csv, canvas->source);
    allostat_pen_put(&canvas->csv, "\n");
}

static void put_legend(allostat_canvas *canvas)
{
    const allostat_figure *figure = &canvas->figure;

    const bool bars = strstr(canvas->picture.text.data, "class=\"bar\"") != NULL;

    if (figure->key_count == 0) return;
    allostat_pen_put(&canvas->page, "<div class=\"legend\">");
    for (int32_t i = 0; i < figure->key_count; i++) {
        const allostat_chart_key *key = &figure->key[i];
        allostat_pen_put(&canvas->page,
                         "<button type=\"button\" class=\"key %s%s\" "
                         "aria-pressed=\"true\"><i></i>",
                         key->class,
                         bars          ? " box"
                         : key->points ? " dot"
                                       : "");
        allostat_pen_name(&canvas->page, key->label);
        allostat_pen_put(&canvas->page, "</button>");
    }
    allostat_pen_put(&canvas->page, "</div>\n");
}

static void put_on_page(allostat_canvas *canvas, int32_t height)
{
    const allostat_figure *figure = &canvas->figure;
    allostat_pen *page = &canvas->page;
    const int number = (int)canvas->figure_count;
    const bool months = strstr(canvas->picture.text.data, "data-v=") != NULL;

    allostat_pen_put(page,
                     "<figure id=\"fig%d\"%s><h4>%s</h4>\n"
                     "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
                     "aria-labelledby=\"t%d c%d\"%s><title id=\"t%d\">%s</title>",
                     number, months ? " class=\"time\"" : "", figure->title,
                     (int)ALLOSTAT_CHART_WIDTH, (int)height, number, number,
                     months ? " tabindex=\"0\"" : "", number, figure->title);
    allostat_pen_bytes(page, canvas->picture.text.data, canvas->picture.text.length);
    allostat_pen_put(page, "</svg>\n");
    put_legend(canvas);
    if (months) allostat_pen_put(page, "<output class=\"read\"></output>\n");
    allostat_pen_put(page, "<figcaption id=\"c%d\">", number);
    allostat_pen_text(page, figure->about);
    allostat_pen_put(page, " Unit: %s. Source: ", figure->unit);
    allostat_pen_name(page, canvas->source);
    allostat_pen_put(page, ".</figcaption>\n");
    if (canvas->table.text.length > 0) {
        allostat_pen_put(page, "<details class=\"numbers\"><summary>Numbers</summary>"
                               "<div class=\"scroll\"><table>\n");
        allostat_pen_bytes(page, canvas->table.text.data, canvas->table.text.length);
        allostat_pen_put(page, "</table></div></details>\n");
    }
    allostat_pen_put(page, "</figure>\n");
}

/* ---- files ---------------------------------------------------------------------- */

static allostat_page_file *add_file(allostat_canvas *canvas, const char *ending)
{
    allostat_page_files *files = canvas->files;
    const int32_t wanted = files->count + 1;

    if (wanted > files->capacity) {
        const int32_t capacity = 2 * wanted;
        allostat_page_file *const file =
            realloc(files->file, (size_t)capacity * sizeof *file);
        if (file == NULL) {
            canvas->page.status =
                ALLOSTAT_FAIL(canvas->page.error, NO_MEMORY, "%d figures", (int)wanted);
            return NULL;
        }
        files->file = file;
        files->capacity = capacity;
    }
    allostat_page_file *const file = &files->file[files->count++];
    memset(file, 0, sizeof *file);
    snprintf(file->name, sizeof file->name, "%s%s.%s", canvas->prefix,
             canvas->figure.name, ending);
    return file;
}

static void put_standalone_legend(const allostat_canvas *canvas, allostat_pen *pen,
                                  int32_t top)
{
    for (int32_t i = 0; i < canvas->figure.key_count; i++) {
        const allostat_chart_key *key = &canvas->figure.key[i];
        const int32_t y = top + i * LEGEND_LINE;
        allostat_pen_put(pen,
                         "<g class=\"s %s\"><path class=\"%s\" d=\"M60 %dh%d\"/></g>"
                         "<text x=\"460\" y=\"%d\">",
                         key->class, key->points ? "o" : "l", (int)y,
                         key->points ? 0 : 320, (int)y + 45);
        allostat_pen_cut(pen, key->label, 50);
        allostat_pen_put(pen, "</text>\n");
    }
}

/* The picture with its own style, title and legend. */
static void keep_picture(allostat_canvas *canvas, int32_t height)
{
    const allostat_figure *figure = &canvas->figure;
    const int32_t legend = figure->key_count * LEGEND_LINE;
    const int32_t whole = HEAD + height + legend + LEGEND_LINE;
    allostat_pen pen = {.error = canvas->page.error};

    allostat_pen_put(&pen,
                     "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                     "width=\"%d\" height=\"%d\" role=\"img\" "
                     "aria-labelledby=\"t d\">\n<title id=\"t\">%s</title>\n<desc "
                     "id=\"d\">",
                     (int)ALLOSTAT_CHART_WIDTH, (int)whole, (int)STANDALONE_PIXELS,
                     (int)(STANDALONE_PIXELS * whole / ALLOSTAT_CHART_WIDTH),
                     figure->title);
    allostat_pen_text(&pen, figure->about);
    allostat_pen_put(&pen, "</desc>\n<style>");
    allostat_pen_bytes(&pen, allostat_report_picture_css,
                       allostat_report_picture_css_size);
    allostat_pen_put(&pen,
                     "</style>\n<path class=\"paper\" d=\"M0 0h%dv%dH0z\"/>\n<text "
                     "x=\"60\" y=\"210\" class=\"h title\">%s</text>\n<g "
                     "transform=\"translate(0 320)\">",
                     (int)ALLOSTAT_CHART_WIDTH, (int)whole, figure->title);
    allostat_pen_bytes(&pen, canvas->picture.text.data, canvas->picture.text.length);
    allostat_pen_put(&pen, "</g>\n");
    put_standalone_legend(canvas, &pen, HEAD + height);
    allostat_pen_put(&pen, "<text x=\"60\" y=\"%d\" class=\"u\">", (int)whole - 70);
    allostat_pen_cut(&pen, canvas->source, SOURCE_CHARACTERS);
    allostat_pen_put(&pen, "</text>\n</svg>\n");
    allostat_page_file *const file =
        pen.status == ALLOSTAT_OK ? add_file(canvas, "svg") : NULL;
    if (file != NULL) {
        file->text = pen.text;
    } else {
        allostat_pen_free(&pen);
    }
}

static void keep_table(allostat_canvas *canvas)
{
    allostat_page_file *const file = add_file(canvas, "csv");

    if (file == NULL) return;
    file->text = canvas->csv.text;
    canvas->csv.text = (allostat_text){0};
}

void allostat_canvas_end(allostat_canvas *canvas, int32_t height)
{
    allostat_pen *const pens[] = {&canvas->picture, &canvas->csv, &canvas->table};

    for (size_t i = 0; i < sizeof pens / sizeof pens[0]; i++) {
        if (canvas->page.status == ALLOSTAT_OK) canvas->page.status = pens[i]->status;
    }
    if (canvas->page.status == ALLOSTAT_OK && canvas->picture.text.length > 0) {
        put_on_page(canvas, height);
        if (canvas->files != NULL) {
            keep_picture(canvas, height);
            keep_table(canvas);
        }
    }
    for (size_t i = 0; i < sizeof pens / sizeof pens[0]; i++) {
        allostat_pen_free(pens[i]);
    }
}

void allostat_canvas_free(allostat_canvas *canvas)
{
    allostat_pen_free(&canvas->page);
    allostat_pen_free(&canvas->picture);
    allostat_pen_free(&canvas->csv);
    allostat_pen_free(&canvas->table);
}

void allostat_page_files_free(allostat_page_files *files)
{
    for (int32_t i = 0; i < files->count; i++) allostat_text_free(&files->file[i].text);
    free(files->file);
    *files = (allostat_page_files){0};
}
