/* Collects the mistakes of a configuration while it is read, then writes them out in
 * the order of the files. Reading goes on after a mistake, so that all are shown at
 * once. */
#ifndef ALLOSTAT_PARAMS_REPORT_H
#define ALLOSTAT_PARAMS_REPORT_H

#include "base/error.h"
#include "base/text.h"
#include "params/pool.h"
#include "params/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that a user wrote: a file, or one --set. */
typedef struct allostat_source {
    const char *name; /* as the user would type it; "--set 'path=value'" */
    const char *text; /* length bytes and a NUL */
    size_t length;
    int32_t order;          /* mistakes of lower orders are shown first */
    bool is_set;            /* a --set: it has no line to speak of */
    bool is_data;           /* a CSV */
    bool too_large;         /* the text is only its beginning */
    uint64_t device, inode; /* of a file: two names of one file agree in both */
} allostat_source;

/* A place in it; line and column are counted from 1, columns in characters. */
typedef struct {
    const allostat_source *source;
    int line, column;
} allostat_source_place;

struct allostat_mistake;

typedef struct {
    allostat_pool *pool; /* holds all that is needed only while reading */
    struct allostat_mistake *first, *last;
    int32_t count, source_count;
} allostat_report;

/* Record a mistake; out of memory shows in the pool. */
void allostat_report_add(allostat_report *report, allostat_source_place place,
                         const char *format, ...) __attribute__((format(printf, 3, 4)));

/* `text` in quotes, cut when it is long: for messages. Never NULL. */
const char *allostat_report_quote(allostat_report *report, const char *text);

/* Append user's text as a terminal may see it: controls as \xNN, and a tab as one space
 * so that carets line up. Errors: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_report_append_shown(allostat_text *out,
                                                                 const char *text,
                                                                 size_t length,
                                                                 allostat_error *error);

/* How many bytes at text[at] end a line, as YAML sees it; 0 when they do not. */
size_t allostat_line_break(const char *text, size_t length, size_t at);

/* The text that begins at a place; the end of the text when it has no such place. */
const char *allostat_place_text(allostat_source_place place);

/* Write all mistakes to `mistakes` and the first, with their number, to `error`. OK
 * when there are none, else CONFIGURATION, or DATA when the first is in a CSV;
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_report_finish(
    const allostat_report *report, allostat_mistakes *mistakes, allostat_error *error);

#endif
