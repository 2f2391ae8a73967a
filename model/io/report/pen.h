/* A pen writes a long text in many small strokes: the page, a picture, a table.
 *
 * A stroke can fail for want of memory only; the pen then remembers the failure and
 * writes no more, and whoever holds it asks once, at the end. */
#ifndef ALLOSTAT_IO_REPORT_PEN_H
#define ALLOSTAT_IO_REPORT_PEN_H

#include "base/text.h"

#include <stdint.h>

/* Start from `allostat_pen pen = {.error = error};`. */
typedef struct {
    allostat_text text;
    allostat_status status;
    allostat_error *error;
} allostat_pen;

/* As printf does. What users have written goes through one of the functions below. */
void allostat_pen_put(allostat_pen *pen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes as they are. */
void allostat_pen_bytes(allostat_pen *pen, const char *bytes, size_t length);

/* A text of anyone as text of HTML or XML, between tags or in an attribute: markup is
 * escaped, what is no character or would steer the reader (controls, directions of
 * writing) becomes U+FFFD. */
void allostat_pen_text(allostat_pen *pen, const char *text);

/* The same, cut with an ellipsis to at most `most` characters. */
void allostat_pen_cut(allostat_pen *pen, const char *text, int32_t most);

/* A name of a user in HTML: escaped, and its direction of writing kept to itself. */
void allostat_pen_name(allostat_pen *pen, const char *text);

/* A cell of CSV: in quotes, quotes doubled, line ends as blanks. */
void allostat_pen_cell(allostat_pen *pen, const char *text);

void allostat_pen_free(allostat_pen *pen);

#endif
