/* A YAML document as a tree that knows the place of every word. It refuses what a
 * configuration has no use for: anchors, aliases, tags, a second document, keys given
 * twice, deep nesting. */
#ifndef ALLOSTAT_PARAMS_DOCUMENT_H
#define ALLOSTAT_PARAMS_DOCUMENT_H

#include "params/report.h"

typedef enum {
    ALLOSTAT_NODE_word, /* a scalar */
    ALLOSTAT_NODE_list,
    ALLOSTAT_NODE_map,
    ALLOSTAT_NODE_refused /* already reported: whoever meets it says nothing */
} allostat_node_kind;

typedef struct allostat_node {
    allostat_node_kind kind;
    bool is_plain; /* a word without quotes */
    allostat_source_place place;
    const char *text;                /* of a word; "" otherwise */
    const struct allostat_node *key; /* a word; NULL outside a map */
    const struct allostat_node *first, *next;
    int32_t count; /* children */
} allostat_node;

enum { ALLOSTAT_DOCUMENT_DEPTH_MAX = 16 };

/* The root of the one document of `source`; NULL, with a mistake or with the pool
 * failed, when it has none or cannot be read. Lives as long as the report's pool. */
const allostat_node *allostat_document_read(const allostat_source *source,
                                            allostat_report *report);

/* The value under a key of a map; NULL when there is none or `map` is no map. */
const allostat_node *allostat_node_find(const allostat_node *map, const char *key);

/* "a list", "a map" or the word in quotes: for messages. */
const char *allostat_node_show(const allostat_node *node, allostat_report *report);

#endif
