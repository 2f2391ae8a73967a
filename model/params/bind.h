/* From layers to parameters: who sets what, in which order, and whether it fits
 * together. */
#ifndef ALLOSTAT_PARAMS_BIND_H
#define ALLOSTAT_PARAMS_BIND_H

#include "params/layers.h"
#include "params/value.h"

/* One place that sets a parameter. */
typedef struct allostat_assignment {
    const allostat_node *node;
    const allostat_layer *layer;
    const struct allostat_assignment *before;
    struct allostat_assignment *next;
} allostat_assignment;

typedef struct {
    allostat_assignment *first, *last; /* by rising layer */
} allostat_assignments;

typedef struct {
    allostat_binder binder;
    allostat_layers layers;
    allostat_assignments of[ALLOSTAT_PARAM_COUNT];
    allostat_params *params;
    allostat_origin *origins; /* [ALLOSTAT_PARAM_COUNT] */
    bool run_unknown;         /* run.start or run.end has mistakes */
} allostat_loader;

/* The parameter that a group and a name, or a path "group.name", stand for; -1 with a
 * mistake. */
int32_t allostat_bind_param(allostat_report *report, const char *group,
                            const char *name, allostat_source_place place);
int32_t allostat_bind_path(allostat_report *report, const char *path,
                           allostat_source_place place);

/* Bind everything but events. Defaults must be set. */
void allostat_bind_all(allostat_loader *loader);

/* The rules that hold between parameters. */
void allostat_bind_check(allostat_loader *loader);

#endif
