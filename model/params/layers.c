#include "params/layers.h"

#include "base/nearest_file.h"
#include "params/source.h"

#include <errno.h>
#include <string.h>

enum { CHAIN_MAX = 16 };

/* The files that are being read, from the innermost outwards. */
typedef struct chain {
    const allostat_source *source;
    const struct chain *outer;
    int32_t depth;
} chain;

static allostat_layer *add_layer(allostat_layers *layers, const allostat_source *source)
{
    allostat_layer *layer = allostat_pool_alloc(layers->report->pool, 1, sizeof *layer);

    if (layer == NULL) return NULL;
    *layer = (allostat_layer){
        .source = source, .order = layers->last != NULL ? layers->last->order + 1 : 0};
    if (layers->last == NULL) {
        layers->first = layer;
    } else {
        layers->last->next = layer;
    }
    layers->last = layer;
    return layer;
}

static bool same_file(const allostat_source *a, const allostat_source *b)
{
    return a->device == b->device && a->inode == b->inode;
}

static bool is_loaded(const allostat_layers *layers, const allostat_source *source)
{
    for (const allostat_layer *layer = layers->first; layer != NULL;
         layer = layer->next) {
        if (same_file(layer->source, source)) return true;
    }
    return false;
}

/* "a.yaml -> b.yaml -> a.yaml": from the file that comes back to where it does. */
static const char *show_circle(allostat_pool *pool, const chain *inner,
                               const allostat_source *again)
{
    const char *text = again->name;

    for (const chain *at = inner; at != NULL && text != NULL; at = at->outer) {
        text = allostat_pool_format(pool, "%s -> %s", at->source->name, text);
        if (same_file(at->source, again)) break;
    }
    return text != NULL ? text : "";
}

/* True, with a mistake, when `source` is among the files that are being read. */
static bool is_circle(allostat_layers *layers, const chain *inner,
                      const allostat_node *path, const allostat_source *source)
{
    const chain *at = inner;

    while (at != NULL && !same_file(at->source, source)) at = at->outer;
    if (at == NULL) return false;
    allostat_report_add(layers->report, path->place,
                        "extends goes round in a circle: %s; take one of them out",
                        show_circle(layers->report->pool, inner, source));
    return true;
}

static void load(allostat_layers *layers, const chain *inner);

static void extend(allostat_layers *layers, const chain *inner,
                   const allostat_node *path)
{
    allostat_report *report = layers->report;
    const char *shown = allostat_node_show(path, report);

    if (path->kind == ALLOSTAT_NODE_refused) return;
    if (path->kind != ALLOSTAT_NODE_word || path->text[0] == '\0') {
        allostat_report_add(
            report, path->place,
            "'extends' must be the path of a file or a list of paths, not %s", shown);
        return;
    }
    const char *name =
        allostat_source_join(report->pool, inner->source->name, path->text);
    if (name == NULL) return;
    if (!allostat_source_inside(report->pool, layers->root, name)) {
        allostat_report_add(
            report, path->place,
            "%s is outside the configuration's folder: copy the file into it, or "
            "mark a folder around both with an empty file '.allostat'",
            shown);
        return;
    }
    const allostat_source *source = allostat_source_read(report, name, true);
    if (source == NULL) {
        char hint[ALLOSTAT_FILE_HINT_SIZE];

        if (report->pool->failed) return;
        allostat_nearest_file_hint(name, hint);
        allostat_report_add(
            report, path->place,
            "%s cannot be read (%s): paths start from the folder of this file%s", shown,
            strerror(errno), hint);
        return;
    }
    if (is_circle(layers, inner, path, source) || is_loaded(layers, source)) return;
    if (inner->depth == CHAIN_MAX) {
        allostat_report_add(report, path->place,
                            "extends goes through more than %d files", CHAIN_MAX);
        return;
    }
    load(layers, &(chain){source, inner, inner->depth + 1});
}

static void load(allostat_layers *layers, const chain *inner)
{
    const allostat_source *source = inner->source;
    if (!allostat_source_check(source, layers->report)) return;
    const allostat_node *root = allostat_document_read(source, layers->report);

    if (root == NULL) return;
    if (root->kind != ALLOSTAT_NODE_map) {
        allostat_report_add(
            layers->report, root->place,
            "a configuration is a map of groups, such as 'run:', not %s",
            allostat_node_show(root, layers->report));
        return;
    }
    const allostat_node *extends = allostat_node_find(root, "extends");
    if (extends != NULL && extends->kind == ALLOSTAT_NODE_list) {
        for (const allostat_node *at = extends->first; at != NULL; at = at->next) {
            extend(layers, inner, at);
        }
    } else if (extends != NULL) {
        extend(layers, inner, extends);
    }
    allostat_layer *layer = add_layer(layers, source);
    if (layer != NULL) layer->root = root;
}

void allostat_layers_add_file(allostat_layers *layers, const allostat_source *source)
{
    if (!is_loaded(layers, source)) load(layers, &(chain){source, NULL, 1});
}

/* The value with blanks before it, so that its columns are those of the whole --set. */
static const allostat_node *read_value(allostat_layers *layers, allostat_source *source,
                                       size_t path_length)
{
    char *blanked =
        allostat_pool_text(layers->report->pool, source->text, source->length);
    const char *whole = source->text;

    if (blanked == NULL) return NULL;
    memset(blanked, ' ', path_length + 1);
    source->text = blanked;
    const allostat_node *value = allostat_document_read(source, layers->report);
    source->text = whole;
    return value;
}

void allostat_layers_add_set(allostat_layers *layers, const char *set)
{
    allostat_report *report = layers->report;
    const char *name = allostat_pool_format(report->pool, "--set %s",
                                            allostat_report_quote(report, set));
    allostat_source *source =
        name ? allostat_source_from_text(report, name, set) : NULL;
    const size_t length = strcspn(set, "=");

    if (source == NULL) return;
    source->is_set = true;
    if (set[length] == '\0') {
        allostat_report_add(report, (allostat_source_place){source, 1, 1},
                            "write it as path=value, such as run.seed=2");
        return;
    }
    if (!allostat_source_check(source, report)) return;
    allostat_layer *layer = add_layer(layers, source);
    if (layer == NULL) return;
    layer->path = allostat_pool_text(report->pool, set, length);
    layer->value = read_value(layers, source, length);
}
