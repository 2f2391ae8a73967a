/* The tree is made from libyaml's events, not from its documents: these resolve aliases
 * silently and forget the places of keys given twice. */
#include "params/document.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

typedef struct {
    allostat_node *container, *last_child;
    const allostat_node *key; /* waits for its value */
} level;

typedef struct {
    allostat_report *report;
    const allostat_source *source;
    level levels[ALLOSTAT_DOCUMENT_DEPTH_MAX];
    int32_t depth, document_count;
    const allostat_node *root;
    bool stopped; /* the rest of the file makes no sense */
} builder;

static allostat_source_place place_of(const builder *self, yaml_mark_t mark)
{
    return (allostat_source_place){self->source, (int)mark.line + 1,
                                   (int)mark.column + 1};
}

static int compare_keys(const void *a, const void *b)
{
    const allostat_node *const *left = a, *const *right = b;
    const int order = strcmp((*left)->key->text, (*right)->key->text);
    const allostat_source_place *l = &(*left)->key->place, *r = &(*right)->key->place;

    if (order != 0) return order;
    if (l->line != r->line) return l->line < r->line ? -1 : 1;
    return (l->column > r->column) - (l->column < r->column);
}

/* Sorted, so that a file of many thousand keys cannot make it slow. */
static void report_repeated_keys(allostat_report *report, const allostat_node *map)
{
    const allostat_node **sorted = allostat_pool_alloc(report->pool, (size_t)map->count,
                                                       sizeof(const allostat_node *));
    size_t count = 0;

    if (sorted == NULL) return;
    for (const allostat_node *child = map->first; child != NULL; child = child->next) {
        if (child->key->kind == ALLOSTAT_NODE_word) sorted[count++] = child;
    }
    qsort(sorted, count, sizeof sorted[0], compare_keys);
    for (size_t i = 1; i < count; i++) {
        const allostat_node *key = sorted[i]->key;
        if (strcmp(key->text, sorted[i - 1]->key->text) != 0) continue;
        allostat_report_add(
            report, key->place, "%s is already set on line %d; keep one of the two",
            allostat_report_quote(report, key->text), sorted[i - 1]->key->place.line);
    }
}

/* Hang a finished word or an opened list or map where it belongs. */
static void attach(builder *self, allostat_node *node)
{
    if (self->depth == 0) {
        self->root = node;
        return;
    }
    level *top = &self->levels[self->depth - 1];
    if (top->container->kind == ALLOSTAT_NODE_map && top->key == NULL) {
        if (node->kind == ALLOSTAT_NODE_list || node->kind == ALLOSTAT_NODE_map) {
            allostat_report_add(self->report, node->place,
                                "a name must be a single word or text");
        }
        top->key = node;
        return;
    }
    node->key = top->key;
    top->key = NULL;
    if (top->last_child == NULL) {
        top->container->first = node;
    } else {
        top->last_child->next = node;
    }
    top->last_child = node;
    top->container->count++;
}

static allostat_node *add_node(builder *self, allostat_node_kind kind, yaml_mark_t mark)
{
    allostat_node *node = allostat_pool_alloc(self->report->pool, 1, sizeof *node);

    if (node == NULL) {
        self->stopped = true;
        return NULL;
    }
    *node = (allostat_node){.kind = kind, .place = place_of(self, mark), .text = ""};
    return node;
}

static void refuse_extras(builder *self, const allostat_node *node,
                          const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL) {
        allostat_report_add(
            self->report, node->place,
            "anchors ('&') are not allowed: write the value out, or use extends");
    }
    if (tag != NULL) {
        allostat_report_add(self->report, node->place,
                            "tags ('!') are not allowed: write the value without one");
    }
}

static void add_word(builder *self, const yaml_event_t *event)
{
    allostat_node *node = add_node(self, ALLOSTAT_NODE_word, event->start_mark);
    const char *text = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;

    if (node == NULL) return;
    refuse_extras(self, node, event->data.scalar.anchor, event->data.scalar.tag);
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = allostat_pool_text(self->report->pool, text, length);
    if (node->text == NULL) {
        self->stopped = true;
        return;
    }
    if (strlen(node->text) != length) {
        node->kind = ALLOSTAT_NODE_refused;
        allostat_report_add(self->report, node->place,
                            "a text cannot hold the character NUL");
    }
    attach(self, node);
}

static void add_alias(builder *self, const yaml_event_t *event)
{
    allostat_node *node = add_node(self, ALLOSTAT_NODE_refused, event->start_mark);

    if (node == NULL) return;
    allostat_report_add(
        self->report, node->place,
        "aliases ('*') are not allowed: write the value out, or use extends");
    attach(self, node);
}

static void open_container(builder *self, const yaml_event_t *event)
{
    const bool is_map = event->type == YAML_MAPPING_START_EVENT;
    allostat_node *node = add_node(
        self, is_map ? ALLOSTAT_NODE_map : ALLOSTAT_NODE_list, event->start_mark);

    if (node == NULL) return;
    if (is_map) {
        refuse_extras(self, node, event->data.mapping_start.anchor,
                      event->data.mapping_start.tag);
    } else {
        refuse_extras(self, node, event->data.sequence_start.anchor,
                      event->data.sequence_start.tag);
    }
    if (self->depth == ALLOSTAT_DOCUMENT_DEPTH_MAX) {
        allostat_report_add(self->report, node->place,
                            "nested deeper than %d levels: no parameter needs that",
                            ALLOSTAT_DOCUMENT_DEPTH_MAX);
        self->stopped = true;
        return;
    }
    attach(self, node);
    self->levels[self->depth++] = (level){.container = node};
}

static void close_container(builder *self)
{
    const allostat_node *node = self->levels[--self->depth].container;
    if (node->kind == ALLOSTAT_NODE_map) report_repeated_keys(self->report, node);
}

static void start_document(builder *self, const yaml_event_t *event)
{
    if (++self->document_count < 2) return;
    allostat_report_add(self->report, place_of(self, event->start_mark),
                        "a second document begins here: a file holds only one");
    self->stopped = true;
}

static void handle(builder *self, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        start_document(self, event);
        break;
    case YAML_ALIAS_EVENT:
        add_alias(self, event);
        break;
    case YAML_SCALAR_EVENT:
        add_word(self, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        open_container(self, event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_container(self);
        break;
    case YAML_STREAM_END_EVENT:
        self->stopped = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

/* libyaml notices a missing colon or quote lines late; its context is then the better
 * place. */
static void report_syntax(builder *self, const yaml_parser_t *parser)
{
    const char *context = parser->context != NULL ? parser->context : "";
    const bool late = strcmp(context, "while scanning a simple key") == 0 ||
                      strcmp(context, "while scanning a quoted scalar") == 0;
    const yaml_mark_t mark = late ? parser->context_mark : parser->problem_mark;
    const allostat_source_place problem = place_of(self, parser->problem_mark);

    if (parser->error == YAML_MEMORY_ERROR) {
        self->report->pool->failed = true;
    } else if (*allostat_place_text(problem) == '\t') {
        allostat_report_add(self->report, place_of(self, mark),
                            "a tab cannot indent YAML: use spaces");
    } else {
        const char *text = parser->problem != NULL ? parser->problem : "unreadable";
        const bool colon = strstr(text, "mapping values are not allowed") != NULL;
        allostat_report_add(
            self->report, place_of(self, mark), "this is no YAML: %s%s%s%s", text,
            context[0] != '\0' ? " " : "", context,
            colon ? " (a line before without ':', or a text with ': ' in it that "
                    "needs quotes)"
                  : "");
    }
}

const allostat_node *allostat_document_read(const allostat_source *source,
                                            allostat_report *report)
{
    builder self = {.report = report, .source = source};
    yaml_parser_t parser;
    const int32_t mistakes_before = report->count;
    bool broken = false;

    if (!yaml_parser_initialize(&parser)) {
        report->pool->failed = true;
        return NULL;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)source->text,
                                 source->length);
    while (!self.stopped && !broken) {
        yaml_event_t event;
        broken = !yaml_parser_parse(&parser, &event);
        if (broken) {
            report_syntax(&self, &parser);
        } else {
            handle(&self, &event);
            yaml_event_delete(&event);
        }
    }
    yaml_parser_delete(&parser);
    if (report->pool->failed || broken || self.depth > 0) return NULL;
    if (self.root == NULL && report->count == mistakes_before) {
        allostat_report_add(report, (allostat_source_place){source, 1, 1},
                            "nothing is written here");
    }
    return self.root;
}

const allostat_node *allostat_node_find(const allostat_node *map, const char *key)
{
    if (map->kind != ALLOSTAT_NODE_map) return NULL;
    for (const allostat_node *child = map->first; child != NULL; child = child->next) {
        if (child->key != NULL && strcmp(child->key->text, key) == 0) return child;
    }
    return NULL;
}

const char *allostat_node_show(const allostat_node *node, allostat_report *report)
{
    if (node->kind == ALLOSTAT_NODE_list) return "a list";
    if (node->kind == ALLOSTAT_NODE_map) return "a map";
    if (node->is_plain && node->text[0] == '\0') return "nothing";
    return allostat_report_quote(report, node->text);
}
