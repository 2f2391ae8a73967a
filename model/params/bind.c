#include "params/bind.h"

#include "params/word.h"

#include <string.h>

static bool is_first_of_group(int32_t id)
{
    for (int32_t i = 0; i < id; i++) {
        if (strcmp(allostat_param_table[i].group, allostat_param_table[id].group) ==
            0) {
            return false;
        }
    }
    return true;
}

static void report_group(allostat_report *report, const char *group,
                         allostat_source_place place)
{
    const char *names[ALLOSTAT_PARAM_COUNT + 2] = {"extends", "events"};
    int32_t count = 2;

    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        if (is_first_of_group(i)) names[count++] = allostat_param_table[i].group;
    }
    allostat_report_add(report, place, "unknown group %s%s",
                        allostat_report_quote(report, group),
                        allostat_names_hint(report, group, names, count));
}

/* The one parameter of another group that has this name; NULL when there is none. */
static const char *elsewhere(const char *name)
{
    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        if (strcmp(allostat_param_table[i].name, name) == 0)
            return allostat_param_table[i].path;
    }
    return NULL;
}

/* "places.emdr" of a group that has "places": the part stands in a map. Did it fit? */
static bool report_part(allostat_report *report, const char *group, const char *name,
                        allostat_source_place place)
{
    const char *dot = strchr(name, '.');
    const char *whole =
        dot == NULL ? NULL
                    : allostat_pool_text(report->pool, name, (size_t)(dot - name));

    if (whole == NULL || allostat_param_find(group, whole) < 0) return false;
    allostat_report_add(report, place,
                        "group '%s' has no %s; a part of '%s.%s' is set in a map: "
                        "%s.%s={%s: VALUE}",
                        group, allostat_report_quote(report, name), group, whole, group,
                        whole, dot + 1);
    return true;
}

int32_t allostat_bind_param(allostat_report *report, const char *group,
                            const char *name, allostat_source_place place)
{
    const int32_t id = allostat_param_find(group, name);
    const char *names[ALLOSTAT_PARAM_COUNT];
    int32_t count = 0;

    if (id >= 0) return id;
    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (strcmp(info->group, group) == 0) names[count++] = info->name;
    }
    if (count == 0) {
        report_group(report, group, place);
    } else if (report_part(report, group, name, place)) {
        return -1;
    } else if (elsewhere(name) != NULL) {
        allostat_report_add(report, place, "group '%s' has no %s; did you mean '%s'?",
                            group, allostat_report_quote(report, name),
                            elsewhere(name));
    } else {
        allostat_report_add(report, place, "group '%s' has no %s%s", group,
                            allostat_report_quote(report, name),
                            allostat_names_hint(report, name, names, count));
    }
    return -1;
}

int32_t allostat_bind_path(allostat_report *report, const char *path,
                           allostat_source_place place)
{
    const size_t length = strcspn(path, ".");
    const char *group = allostat_pool_text(report->pool, path, length);

    if (group == NULL) return -1;
    if (path[length] == '\0') {
        allostat_report_add(report, place,
                            "%s is no parameter: write group.name, such as run.seed",
                            allostat_report_quote(report, path));
        return -1;
    }
    return allostat_bind_param(report, group, path + length + 1, place);
}

static void assign(allostat_loader *loader, int32_t id, const allostat_node *node,
                   const allostat_layer *layer)
{
    allostat_assignments *list = &loader->of[id];
    allostat_assignment *added =
        allostat_pool_alloc(loader->binder.report->pool, 1, sizeof *added);

    if (added == NULL) return;
    *added = (allostat_assignment){.node = node, .layer = layer, .before = list->last};
    if (list->last == NULL) {
        list->first = added;
    } else {
        list->last->next = added;
    }
    list->last = added;
}

static void collect_group(allostat_loader *loader, const allostat_node *group,
                          const allostat_layer *layer)
{
    allostat_report *report = loader->binder.report;
    const char *name = group->key->text;

    if (group->kind != ALLOSTAT_NODE_map) {
        if (strchr(name, '.') != NULL) {
            allostat_report_add(
                report, group->key->place,
                "%s: write the group on a line of its own and the name under it",
                allostat_report_quote(report, name));
        } else if (group->kind != ALLOSTAT_NODE_refused) {
            allostat_report_add(
                report, group->place, "group %s must hold lines 'name: value', not %s",
                allostat_report_quote(report, name), allostat_node_show(group, report));
        }
        return;
    }
    for (const allostat_node *at = group->first; at != NULL; at = at->next) {
        if (at->key->kind != ALLOSTAT_NODE_word) continue;
        const int32_t id =
            allostat_bind_param(report, name, at->key->text, at->key->place);
        if (id >= 0) assign(loader, id, at, layer);
    }
}

static bool is_group(const char *name)
{
    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        if (strcmp(allostat_param_table[i].group, name) == 0) return true;
    }
    return false;
}

static void collect_file(allostat_loader *loader, const allostat_layer *layer)
{
    for (const allostat_node *at = layer->root->first; at != NULL; at = at->next) {
        const char *name = at->key->text;
        if (at->key->kind != ALLOSTAT_NODE_word) continue;
        if (strcmp(name, "extends") == 0 || strcmp(name, "events") == 0) continue;
        if (is_group(name) || strchr(name, '.') != NULL) {
            collect_group(loader, at, layer);
        } else {
            report_group(loader->binder.report, name, at->key->place);
        }
    }
}

static void collect_set(allostat_loader *loader, const allostat_layer *layer)
{
    const allostat_source_place place = {layer->source, 1, 1};
    const int32_t id = allostat_bind_path(loader->binder.report, layer->path, place);

    if (id >= 0 && layer->value != NULL) assign(loader, id, layer->value, layer);
}

static void bind_plain(allostat_loader *loader, int32_t id)
{
    for (const allostat_assignment *at = loader->of[id].first; at != NULL;
         at = at->next) {
        allostat_labels_given given = 0;
        const bool good =
            allostat_value_bind(&loader->binder, id, at->node, loader->params,
                                &loader->origins[id], &given);
        if (good) continue;
        if (id == ALLOSTAT_PARAM_geography_areas) loader->binder.areas_unknown = true;
        if (id == ALLOSTAT_PARAM_run_start || id == ALLOSTAT_PARAM_run_end) {
            loader->run_unknown = true;
        }
    }
}

/* Does it give every label, so that what earlier layers gave does not matter? */
static bool gives_all(const allostat_loader *loader, const allostat_param_info *info,
                      const allostat_node *node)
{
    const allostat_node *wrapped = allostat_node_find(node, "value");
    const allostat_node *value = wrapped != NULL ? wrapped : node;

    if (value->kind != ALLOSTAT_NODE_map) return true;
    for (int32_t i = 0; i < allostat_axis_count(loader->params, info->axis); i++) {
        const char *label = allostat_axis_label(loader->params, info->axis, i);
        if (allostat_node_find(value, label) == NULL) return false;
    }
    return true;
}

static void report_missing(allostat_loader *loader, const allostat_param_info *info,
                           allostat_labels_given given, const allostat_node *node)
{
    for (int32_t i = 0; i < allostat_axis_count(loader->params, info->axis); i++) {
        if ((given >> i & 1) != 0) continue;
        allostat_report_add(loader->binder.report, node->place,
                            "'%s' has no value for '%s'; every name needs one",
                            info->path,
                            allostat_axis_label(loader->params, info->axis, i));
    }
}

static void bind_vector(allostat_loader *loader, int32_t id)
{
    const allostat_param_info *info = &allostat_param_table[id];
    const allostat_assignment *at = loader->of[id].last;
    allostat_labels_given given = 0;
    bool good = true;

    (void)allostat_value_default(loader->binder.keep, id, loader->params);
    if (at == NULL) return;
    while (at->before != NULL && !gives_all(loader, info, at->node)) at = at->before;
    for (; at != NULL; at = at->next) {
        good = allostat_value_bind(&loader->binder, id, at->node, loader->params,
                                   &loader->origins[id], &given) &&
               good;
    }
    if (!good || (info->axis == ALLOSTAT_AXIS_area && loader->binder.areas_unknown))
        return;
    report_missing(loader, info, given, loader->of[id].last->node);
}

void allostat_bind_all(allostat_loader *loader)
{
    for (const allostat_layer *at = loader->layers.first; at != NULL; at = at->next) {
        if (at->root != NULL) {
            collect_file(loader, at);
        } else if (at->path != NULL) {
            collect_set(loader, at);
        }
    }
    /* vectors last: their labels may be the areas */
    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        if (allostat_param_table[i].kind != ALLOSTAT_KIND_vector) bind_plain(loader, i);
    }
    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        if (allostat_param_table[i].kind == ALLOSTAT_KIND_vector)
            bind_vector(loader, i);
    }
}

/* Where a parameter was set; the beginning of the named file when it was not. */
static allostat_source_place place_of(const allostat_loader *loader, int32_t id)
{
    const allostat_assignment *last = loader->of[id].last;
    const allostat_layer *layer = loader->layers.first;

    if (last != NULL) return last->node->place;
    while (layer->next != NULL && layer->next->root != NULL) layer = layer->next;
    return (allostat_source_place){layer->source, 1, 1};
}

static void require(allostat_loader *loader, bool holds, int32_t id, const char *rule)
{
    if (holds) return;
    allostat_report_add(loader->binder.report, place_of(loader, id), "'%s' %s",
                        allostat_param_table[id].path, rule);
}

static bool is_first_of_month(allostat_day day)
{
    return day == allostat_month_first_day(allostat_month_of_day(day));
}

void allostat_bind_check(allostat_loader *loader)
{
    const allostat_params *params = loader->params;
    const allostat_day start = params->run_start, end = params->run_end;
    const allostat_day output = params->run_output_start;

    if (loader->run_unknown || loader->layers.first == NULL) return;
    require(loader, is_first_of_month(start), ALLOSTAT_PARAM_run_start,
            "must be the first day of a month");
    require(loader, is_first_of_month(end + 1), ALLOSTAT_PARAM_run_end,
            "must be the last day of a month");
    require(loader, end > start, ALLOSTAT_PARAM_run_end, "must be after run.start");
    require(loader, is_first_of_month(output), ALLOSTAT_PARAM_run_output_start,
            "must be the first day of a month");
    require(loader, start <= output && output <= end, ALLOSTAT_PARAM_run_output_start,
            "must be within the run, from run.start to run.end");
    require(loader, 12 % params->population_resident_step == 0,
            ALLOSTAT_PARAM_population_resident_step,
            "must be a divisor of 12: 1, 2, 3, 4, 6 or 12");
}
