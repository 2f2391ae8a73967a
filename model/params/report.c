#include "params/report.h"

#include "params/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN_MAX = 200,  /* mistakes written out; the rest is only counted */
    QUOTE_MAX = 60,   /* bytes of the user's text within a message */
    LINE_SHOWN = 120, /* characters of a source line */
    LINE_BEFORE = 60, /* of these before the mistake, when the line is cut */
    MESSAGE_MAX = 2048
};

typedef struct allostat_mistake {
    struct allostat_mistake *next;
    allostat_source_place place;
    int32_t number; /* in the order of discovery */
    const char *message;
} mistake;

void allostat_report_add(allostat_report *report, allostat_source_place place,
                         const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list arguments;

    report->count++;
    if (report->count > 50 * SHOWN_MAX)
        return; /* no memory for a file of nothing but mistakes */
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);

    mistake *added = allostat_pool_alloc(report->pool, 1, sizeof *added);
    if (added == NULL) return;
    *added = (mistake){.place = place,
                       .number = report->count,
                       .message =
                           allostat_pool_text(report->pool, message, strlen(message))};
    if (report->last == NULL) {
        report->first = added;
    } else {
        report->last->next = added;
    }
    report->last = added;
}

const char *allostat_report_quote(allostat_report *report, const char *text)
{
    const size_t length = strlen(text);
    size_t shown = 0;

    while (shown < length && shown < QUOTE_MAX) {
        allostat_utf8_next(text, length, &shown);
    }
    const char *quoted = allostat_pool_format(report->pool, "'%.*s%s'", (int)shown,
                                              text, shown < length ? "..." : "");
    return quoted != NULL ? quoted : "";
}

size_t allostat_line_break(const char *text, size_t length, size_t at)
{
    const unsigned char *byte = (const unsigned char *)text + at;
    const size_t left = length - at;

    if (left >= 2 && byte[0] == '\r' && byte[1] == '\n') return 2;
    if (left >= 1 && (byte[0] == '\r' || byte[0] == '\n')) return 1;
    if (left >= 2 && byte[0] == 0xC2 && byte[1] == 0x85) return 2;
    if (left >= 3 && byte[0] == 0xE2 && byte[1] == 0x80 && (byte[2] & 0xFE) == 0xA8)
        return 3;
    return 0;
}

/* Where a line begins and how many bytes it has. */
static size_t find_line(const allostat_source *source, int line, size_t *line_length)
{
    size_t at = 0, start = 0, end = 0;
    int seen = 1;

    while (at < source->length && seen <= line) {
        const size_t broken = allostat_line_break(source->text, source->length, at);
        if (broken > 0 && seen == line) break;
        at += broken > 0 ? broken : 1;
        if (broken > 0) {
            seen++;
            start = at;
        }
    }
    end = at;
    if (seen < line) start = end;
    if (end - start >= 3 && start == 0 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0)
        start = 3;
    *line_length = end - start;
    return start;
}

const char *allostat_place_text(allostat_source_place place)
{
    size_t line_length = 0;
    const size_t start = find_line(place.source, place.line, &line_length);
    size_t at = 0;

    for (int column = 1; column < place.column && at < line_length; column++) {
        allostat_utf8_next(place.source->text + start, line_length, &at);
    }
    return place.source->text + start + at;
}

allostat_status allostat_report_append_shown(allostat_text *out, const char *text,
                                             size_t length, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    for (size_t at = 0; at < length;) {
        const size_t from = at;
        const int32_t character = allostat_utf8_next(text, length, &at);
        if (character == '\t') {
            ALLOSTAT_TRY(allostat_text_append_bytes(out, " ", 1, error));
        } else if (character < 0) {
            ALLOSTAT_TRY(allostat_text_append_bytes(out, "?", 1, error));
        } else if (allostat_utf8_is_control(character)) {
            ALLOSTAT_TRY(
                allostat_text_append(out, error, "\\x%02X", (unsigned)character));
        } else {
            ALLOSTAT_TRY(
                allostat_text_append_bytes(out, text + from, at - from, error));
        }
    }
cleanup:
    return status;
}

/* The part of a line that is shown: it begins at character *first and has at most
 * LINE_SHOWN. */
static size_t shown_part(const char *line, size_t *length, int column, int *first)
{
    size_t start = 0, at = 0;
    int characters = 0;

    *first = column > LINE_SHOWN - 20 ? column - LINE_BEFORE : 0;
    while (at < *length && characters < *first + LINE_SHOWN) {
        if (characters == *first) start = at;
        allostat_utf8_next(line, *length, &at);
        characters++;
    }
    *length = at - start;
    return start;
}

/* How wide the first `count` characters of a text are once controls are escaped. */
static int width_of(const char *text, size_t length, int count)
{
    int width = 0;
    size_t at = 0;

    for (int i = 0; i < count; i++) {
        const int32_t character =
            at < length ? allostat_utf8_next(text, length, &at) : ' ';
        const bool escaped = character != '\t' && allostat_utf8_is_control(character);
        width += !escaped || character < 0
                     ? 1
                     : snprintf(NULL, 0, "\\x%02X", (unsigned)character);
    }
    return width;
}

static allostat_status append_line(allostat_text *out, allostat_source_place place,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    size_t whole = 0;
    const char *line = place.source->text + find_line(place.source, place.line, &whole);
    size_t length = whole;
    int first = 0;
    const size_t start = shown_part(line, &length, place.column, &first);
    const char *before = first > 0 ? "..." : "";
    const char *after = start + length < whole ? "..." : "";
    const int caret = width_of(line + start, length, place.column - 1 - first);

    ALLOSTAT_TRY(allostat_text_append(out, error, "%s", before));
    ALLOSTAT_TRY(allostat_report_append_shown(out, line + start, length, error));
    ALLOSTAT_TRY(allostat_text_append(out, error, "%s\n%*s^\n", after,
                                      caret + (int)strlen(before), ""));
cleanup:
    return status;
}

static allostat_status append_mistake(allostat_text *out, const mistake *one,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_source *source = one->place.source;

    ALLOSTAT_TRY(
        allostat_report_append_shown(out, source->name, strlen(source->name), error));
    if (!source->is_set) {
        ALLOSTAT_TRY(allostat_text_append(out, error, ":%d:%d", one->place.line,
                                          one->place.column));
    }
    ALLOSTAT_TRY(allostat_text_append(out, error, ": error: "));
    ALLOSTAT_TRY(
        allostat_report_append_shown(out, one->message, strlen(one->message), error));
    ALLOSTAT_TRY(allostat_text_append(out, error, "\n"));
    ALLOSTAT_TRY(append_line(out, one->place, error));
cleanup:
    return status;
}

static int compare_mistakes(const void *a, const void *b)
{
    const mistake *left = *(const mistake *const *)a,
                  *right = *(const mistake *const *)b;
    const int by[][2] = {{left->place.source->order, right->place.source->order},
                         {left->place.line, right->place.line},
                         {left->place.column, right->place.column},
                         {left->number, right->number}};

    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++) {
        if (by[i][0] != by[i][1]) return by[i][0] < by[i][1] ? -1 : 1;
    }
    return 0;
}

/* The mistakes in order, in memory of the pool; NULL when there is none. */
static const mistake **sorted_mistakes(const allostat_report *report, int32_t *count)
{
    const mistake **sorted = allostat_pool_alloc(report->pool, (size_t)report->count,
                                                 sizeof(const mistake *));

    *count = 0;
    if (sorted == NULL) return NULL;
    for (const mistake *one = report->first; one != NULL; one = one->next) {
        sorted[(*count)++] = one;
    }
    qsort(sorted, (size_t)*count, sizeof sorted[0], compare_mistakes);
    return sorted;
}

static allostat_status write_mistakes(const mistake *const *sorted, int32_t kept,
                                      int32_t count, allostat_text *out,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t shown = kept < SHOWN_MAX ? kept : SHOWN_MAX;

    for (int32_t i = 0; i < shown; i++)
        ALLOSTAT_TRY(append_mistake(out, sorted[i], error));
    if (count > shown) {
        ALLOSTAT_TRY(allostat_text_append(out, error, "... and %d mistakes more\n",
                                          count - shown));
    }
cleanup:
    return status;
}

static allostat_status first_mistake(const mistake *one, int32_t count,
                                     allostat_error *error)
{
    const allostat_source_place *place = &one->place;
    const allostat_status status =
        place->source->is_data
            ? ALLOSTAT_FAIL(error, DATA, "%s (mistakes in all: %d)", one->message,
                            count)
            : ALLOSTAT_FAIL(error, CONFIGURATION, "%s (mistakes in all: %d)",
                            one->message, count);

    allostat_error_blame(error, place->source->name,
                         place->source->is_set ? 0 : place->line,
                         place->source->is_set ? 0 : place->column);
    return status;
}

allostat_status allostat_report_finish(const allostat_report *report,
                                       allostat_mistakes *mistakes,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_text out = {0};
    int32_t kept = 0;

    if (report->count == 0 && !report->pool->failed) return ALLOSTAT_OK;
    const mistake **sorted = sorted_mistakes(report, &kept);
    if (report->pool->failed) {
        return ALLOSTAT_FAIL(error, NO_MEMORY, "while reading the configuration");
    }
    ALLOSTAT_TRY(write_mistakes(sorted, kept, report->count, &out, error));
    *mistakes =
        (allostat_mistakes){.count = report->count, .text = allostat_text_steal(&out)};
    status = first_mistake(sorted[0], report->count, error);
cleanup:
    allostat_text_free(&out);
    return status;
}

void allostat_mistakes_free(allostat_mistakes *mistakes)
{
    free(mistakes->text);
    *mistakes = (allostat_mistakes){0};
}
