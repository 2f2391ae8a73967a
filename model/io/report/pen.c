#include "io/report/pen.h"

#include "params/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { STROKE_SIZE = 2048 };

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

void allostat_pen_bytes(allostat_pen *pen, const char *bytes, size_t length)
{
    if (pen->status != ALLOSTAT_OK) return;
    pen->status = allostat_text_append_bytes(&pen->text, bytes, length, pen->error);
}

/* Strokes are short: a longer one is a bug, and is seen in the text, cut. */
void allostat_pen_put(allostat_pen *pen, const char *format, ...)
{
    char stroke[STROKE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    const int written = vsnprintf(stroke, sizeof stroke, format, arguments);
    va_end(arguments);
    if (written <= 0) return;
    allostat_pen_bytes(pen, stroke, strnlen(stroke, sizeof stroke - 1));
}

static const char *entity_of(int32_t character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\n':
    case '\t':
    case '\r':
        return " ";
    default:
        return character < 0 || allostat_utf8_is_control(character) ? replacement
                                                                    : NULL;
    }
}

void allostat_pen_cut(allostat_pen *pen, const char *text, int32_t most)
{
    const size_t length = strlen(text);
    int32_t count = 0;

    for (size_t at = 0; at < length; count++) {
        const size_t from = at;
        const int32_t character = allostat_utf8_next(text, length, &at);
        const char *entity = entity_of(character);

        if (count == most - 1 && at < length) {
            allostat_pen_put(pen, "…");
            return;
        }
        if (entity != NULL) {
            allostat_pen_bytes(pen, entity, strlen(entity));
        } else {
            allostat_pen_bytes(pen, text + from, at - from);
        }
    }
}

void allostat_pen_text(allostat_pen *pen, const char *text)
{
    allostat_pen_cut(pen, text, INT32_MAX);
}

void allostat_pen_name(allostat_pen *pen, const char *text)
{
    allostat_pen_put(pen, "<bdi>");
    allostat_pen_text(pen, text);
    allostat_pen_put(pen, "</bdi>");
}

void allostat_pen_cell(allostat_pen *pen, const char *text)
{
    allostat_pen_put(pen, "\"");
    for (const char *c = text; *c != '\0'; c++) {
        const char letter = *c == '\n' || *c == '\r' ? ' ' : *c;
        if (letter == '"') allostat_pen_put(pen, "\"");
        allostat_pen_bytes(pen, &letter, 1);
    }
    allostat_pen_put(pen, "\"");
}

void allostat_pen_free(allostat_pen *pen)
{
    allostat_text_free(&pen->text);
    pen->status = ALLOSTAT_OK;
}
