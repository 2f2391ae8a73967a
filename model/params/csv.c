#include "params/csv.h"

#include <csv.h>
#include <string.h>
#include <strings.h>

typedef struct {
    allostat_report *report;
    const allostat_source *source;
    const char *header;
    int32_t column_count;
    allostat_source_place at;    /* of the byte that libcsv sees next */
    allostat_source_place begin; /* of the cell that is being read */
    allostat_node *row, *last_cell, *last_row, *rows;
    bool has_header, is_bad;
} reader;

static allostat_node *add_node(reader *self, allostat_node_kind kind,
                               allostat_source_place place)
{
    allostat_node *node = allostat_pool_alloc(self->report->pool, 1, sizeof *node);

    if (node != NULL) {
        *node =
            (allostat_node){.kind = kind, .is_plain = true, .place = place, .text = ""};
    }
    return node;
}

static void append(allostat_node *list, allostat_node **last, allostat_node *node)
{
    if (*last == NULL) {
        list->first = node;
    } else {
        (*last)->next = node;
    }
    *last = node;
    list->count++;
}

/* libcsv calls it at the end of each cell. */
static void take_cell(void *text, size_t length, void *context)
{
    reader *self = context;

    if (self->row == NULL) {
        self->row = add_node(self, ALLOSTAT_NODE_list, self->begin);
        self->last_cell = NULL;
    }
    allostat_node *cell = add_node(self, ALLOSTAT_NODE_word, self->begin);
    char *copy =
        allostat_pool_text(self->report->pool, text != NULL ? text : "", length);
    if (self->row == NULL || cell == NULL || copy == NULL) return;
    cell->text = copy;
    append(self->row, &self->last_cell, cell);
}

static void check_header(reader *self)
{
    const allostat_node *cell = self->row->first;
    const char *name = self->header;
    bool same = true;

    self->has_header = true;
    for (self->column_count = 0; *name != '\0'; self->column_count++) {
        const size_t length = strcspn(name, ",");
        same = same && cell != NULL && strlen(cell->text) == length &&
               strncmp(cell->text, name, length) == 0;
        cell = cell != NULL ? cell->next : NULL;
        name += length + (name[length] == ',');
    }
    if (same && cell == NULL) return;
    self->is_bad = true;
    allostat_report_add(self->report, self->row->place, "the header must be '%s'",
                        self->header);
}

/* libcsv calls it at the end of each row that is not blank. */
static void take_row(int terminator, void *context)
{
    reader *self = context;
    (void)terminator;

    if (self->row == NULL || self->report->pool->failed) return;
    if (!self->has_header) {
        check_header(self);
    } else if (self->row->count != self->column_count && !self->is_bad) {
        const bool comment = self->row->first->text[0] == '#';
        allostat_report_add(
            self->report, self->row->place,
            comment ? "comment lines come before the header; it has %d cells, %d"
                    : "%d cells in a row where the header has %d",
            self->row->count, self->column_count);
    } else {
        append(self->rows, &self->last_row, self->row);
    }
    self->row = NULL;
}

/* Move self->at behind byte i; returns whether a cell has ended there, outside quotes.
 */
static void advance(reader *self, size_t i)
{
    const char *text = self->source->text;
    const unsigned char byte = (unsigned char)text[i];
    const bool ends_line = byte == '\n' || (byte == '\r' && text[i + 1] != '\n');

    if (ends_line) {
        self->at.line++;
        self->at.column = 1;
    } else if ((byte & 0xC0) != 0x80) {
        self->at.column++; /* bytes that continue a character do not count */
    }
}

/* Byte by byte, because libcsv does not tell where a cell begins. */
static size_t parse_bytes(reader *self, struct csv_parser *parser, size_t from)
{
    const char *text = self->source->text;

    for (size_t i = from; i < self->source->length; i++) {
        const allostat_node *row = self->row, *cell = self->last_cell;
        const int32_t count = row != NULL ? row->count : 0;
        const bool blank = text[i] == ' ' || text[i] == '\t';
        const bool at_begin =
            self->at.line == self->begin.line && self->at.column == self->begin.column;
        if (csv_parse(parser, text + i, 1, take_cell, take_row, self) != 1) return i;
        advance(self, i);
        const bool cell_ended = self->row != row || self->last_cell != cell ||
                                (self->row != NULL && self->row->count != count);
        if (cell_ended || (blank && at_begin)) self->begin = self->at;
        if (self->row == NULL && (text[i] == '\n' || text[i] == '\r'))
            self->begin = self->at;
    }
    return self->source->length;
}

static void report_csv(reader *self, struct csv_parser *parser)
{
    if (csv_error(parser) == CSV_ENOMEM) {
        self->report->pool->failed = true;
        return;
    }
    self->is_bad = true;
    allostat_report_add(
        self->report, self->at,
        "a quote is out of place: quote a whole cell, and double quotes in it");
}

static void parse(reader *self, size_t from)
{
    struct csv_parser parser;

    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
        self->report->pool->failed = true;
        return;
    }
    const bool whole = parse_bytes(self, &parser, from) == self->source->length;
    if (!whole || csv_fini(&parser, take_cell, take_row, self) != 0)
        report_csv(self, &parser);
    csv_free(&parser);
}

/* The text behind "# source:" of a comment of `length` bytes; NULL for another comment.
 */
static const char *source_note(allostat_pool *pool, const char *comment, size_t length)
{
    static const char word[] = "source:";
    size_t at = 1;

    while (at < length && comment[at] == ' ') at++;
    if (length - at < sizeof word - 1) return NULL;
    if (strncasecmp(comment + at, word, sizeof word - 1) != 0) return NULL;
    at += sizeof word - 1;
    while (at < length && comment[at] == ' ') at++;
    while (length > at && (comment[length - 1] == ' ' || comment[length - 1] == '\r'))
        length--;
    return length > at ? allostat_pool_text(pool, comment + at, length - at) : NULL;
}

/* Skip the comment lines; returns where the header begins. */
static size_t skip_comments(reader *self, const char **note)
{
    const char *text = self->source->text;
    size_t at = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    *note = NULL;
    while (text[at] == '#') {
        const size_t length = strcspn(text + at, "\n");
        if (*note == NULL) *note = source_note(self->report->pool, text + at, length);
        at += length + (text[at + length] == '\n');
        self->at.line++;
    }
    self->begin = self->at;
    return at;
}

const allostat_node *allostat_csv_read(const allostat_source *source,
                                       const char *header, allostat_report *report,
                                       const char **note)
{
    const allostat_source_place top = {source, 1, 1};
    reader self = {.report = report, .source = source, .header = header, .at = top};
    const size_t from = skip_comments(&self, note);

    self.rows = add_node(&self, ALLOSTAT_NODE_list, self.at);
    if (self.rows == NULL) return NULL;
    if (*note != NULL && strlen(*note) >= ALLOSTAT_MESSAGE_SIZE) {
        allostat_report_add(report, top,
                            "the source has %zu bytes; at most %d are allowed",
                            strlen(*note), ALLOSTAT_MESSAGE_SIZE - 1);
    }
    if (*note == NULL) {
        allostat_report_add(
            report, top,
            "the file does not say where its numbers are from: begin it with a "
            "line '# source: ...'");
    }
    parse(&self, from);
    if (report->pool->failed || self.is_bad) return NULL;
    if (self.rows->count == 0) {
        allostat_report_add(report, self.rows->place, "there is no row of data");
        return NULL;
    }
    return self.rows;
}
