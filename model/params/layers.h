/* A configuration as layers: the files that it extends come first, each file once, then
 * the file itself, then one layer for each --set. A later layer has the last word. */
#ifndef ALLOSTAT_PARAMS_LAYERS_H
#define ALLOSTAT_PARAMS_LAYERS_H

#include "params/document.h"

typedef struct allostat_layer {
    const allostat_source *source;
    const allostat_node *root; /* a map of groups; NULL for a --set */
    const char *path;          /* of a --set: "group.name" */
    const allostat_node *value;
    int32_t order;
    struct allostat_layer *next;
} allostat_layer;

typedef struct {
    allostat_report *report;
    const char *root; /* the configuration's folder */
    allostat_layer *first, *last;
} allostat_layers;

/* Add the layers of a file, with all that it extends. Mistakes go to the report. */
void allostat_layers_add_file(allostat_layers *layers, const allostat_source *source);

/* Add the layer of one --set. */
void allostat_layers_add_set(allostat_layers *layers, const char *set);

#endif
