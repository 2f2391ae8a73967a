/* Where figures go: into the page, and each to a picture and a table of its own. */
#ifndef ALLOSTAT_IO_REPORT_CANVAS_H
#define ALLOSTAT_IO_REPORT_CANVAS_H

#include "io/report/chart.h"
#include "io/report/pen.h"

/* A file to be written: its name within the folder and its text. */
typedef struct {
    char name[ALLOSTAT_TEXT_SIZE];
    allostat_text text;
} allostat_page_file;

typedef struct {
    int32_t count, capacity;
    allostat_page_file *file; /* [count] */
} allostat_page_files;

void allostat_page_files_free(allostat_page_files *files);

/* What stands around a picture. */
typedef struct {
    const char *name;  /* of the files, without prefix and ending */
    const char *title; /* at most 52 letters */
    const char *unit;  /* of the numbers in the table */
    const char *about; /* what it shows, for those who read and for those who listen */
    int32_t key_count;
    const allostat_chart_key *key; /* what the legend lists */
} allostat_figure;

enum { ALLOSTAT_CANVAS_DRAWN_MAX = 16 };

/* Zeroed, then page, source, and files and prefix when pictures are kept. */
typedef struct {
    allostat_pen page;
    const char *source;         /* said below every picture */
    const char *prefix;         /* of the names of files: "" or "policy_1_" */
    allostat_page_files *files; /* NULL when pictures are not kept */
    int32_t figure_count;       /* drawn so far; numbers them */
    allostat_figure figure;     /* the one being drawn */
    allostat_pen picture, csv, table;
    allostat_chart_drawn drawn[ALLOSTAT_CANVAS_DRAWN_MAX]; /* see trajectories */
    int32_t column;           /* of the row being written */
    bool csv_only, page_only; /* where rows go; both when neither is set */
} allostat_canvas;

/* Begin a figure; then draw to canvas->picture, write the table, and end it with the
 * height of the picture. */
void allostat_canvas_begin(allostat_canvas *canvas, const allostat_figure *figure);
void allostat_canvas_end(allostat_canvas *canvas, int32_t height);

/* The table, cell by cell: `columns` are names parted by commas. */
void allostat_canvas_head(allostat_canvas *canvas, const char *columns);
void allostat_canvas_label(allostat_canvas *canvas, const char *text);
void allostat_canvas_number(allostat_canvas *canvas, double value);
void allostat_canvas_row(allostat_canvas *canvas);

void allostat_canvas_free(allostat_canvas *canvas);

#endif
