#include "params/events.h"

#include "params/word.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    allostat_day day;
    int32_t number; /* in the order of layers and of lines */
    const allostat_layer *layer;
    const allostat_node *node, *set;
    const char *why;
} event;

/* Who has set each parameter last. */
typedef struct {
    const event *by;
    allostat_source_place place;
} setting;

typedef struct {
    allostat_loader *loader;
    allostat_report *report;
    const event *event;
    allostat_params *params; /* that the event changes */
    setting *last;           /* [ALLOSTAT_PARAM_COUNT] */
} change;

static const char *read_why(allostat_report *report, const allostat_node *node)
{
    if (node == NULL || node->kind == ALLOSTAT_NODE_refused) return "";
    if (node->kind != ALLOSTAT_NODE_word) {
        allostat_report_add(report, node->place, "'why' must be a text, not %s",
                            allostat_node_show(node, report));
    }
    return node->text;
}

static void check_keys(allostat_report *report, const allostat_node *map)
{
    static const char *const names[] = {"date", "why", "set"};

    for (const allostat_node *at = map->first; at != NULL; at = at->next) {
        const char *key = at->key->text;
        if (at->key->kind != ALLOSTAT_NODE_word) continue;
        if (strcmp(key, "date") == 0 || strcmp(key, "why") == 0 ||
            strcmp(key, "set") == 0)
            continue;
        allostat_report_add(report, at->key->place, "an event has no %s%s",
                            allostat_report_quote(report, key),
                            allostat_names_hint(report, key, names, 3));
    }
}

/* False when the event cannot be placed in time or changes nothing that could be read.
 */
static bool read_event(allostat_report *report, const allostat_node *node, event *out)
{
    const allostat_node *date = allostat_node_find(node, "date");

    if (node->kind != ALLOSTAT_NODE_map) {
        if (node->kind != ALLOSTAT_NODE_refused) {
            allostat_report_add(report, node->place,
                                "an event must be a map of date, why and set");
        }
        return false;
    }
    check_keys(report, node);
    out->node = node;
    out->set = allostat_node_find(node, "set");
    out->why = read_why(report, allostat_node_find(node, "why"));
    if (date == NULL)
        allostat_report_add(report, node->place, "the event has no 'date'");
    if (out->set == NULL)
        allostat_report_add(report, node->place, "the event has no 'set'");
    if (out->set != NULL && out->set->kind != ALLOSTAT_NODE_map) {
        allostat_report_add(report, out->set->place,
                            "'set' must be a map of parameters, not %s",
                            allostat_node_show(out->set, report));
        return false;
    }
    return date != NULL &&
           allostat_word_day(date, "the date of an event", report, &out->day) &&
           out->set != NULL;
}

static const allostat_node *events_of(const allostat_loader *loader,
                                      const allostat_layer *layer)
{
    const allostat_node *list =
        layer->root != NULL ? allostat_node_find(layer->root, "events") : NULL;

    if (list == NULL || list->kind == ALLOSTAT_NODE_list) return list;
    if (list->kind != ALLOSTAT_NODE_refused) {
        allostat_report_add(loader->binder.report, list->place,
                            "'events' must be a list; begin each event with '- date:'");
    }
    return NULL;
}

/* Read all events of all layers; returns how many are good. */
static int32_t read_events(const allostat_loader *loader,
                           event events[ALLOSTAT_EVENTS_MAX])
{
    allostat_report *report = loader->binder.report;
    int32_t count = 0;

    for (const allostat_layer *layer = loader->layers.first; layer != NULL;
         layer = layer->next) {
        const allostat_node *list = events_of(loader, layer);
        const allostat_node *at = list != NULL ? list->first : NULL;
        for (; at != NULL; at = at->next) {
            if (count == ALLOSTAT_EVENTS_MAX) {
                allostat_report_add(report, at->place, "more than %d events",
                                    ALLOSTAT_EVENTS_MAX);
                return count;
            }
            events[count] = (event){.number = count, .layer = layer};
            count += read_event(report, at, &events[count]);
        }
    }
    return count;
}

static int compare_events(const void *a, const void *b)
{
    const event *left = a, *right = b;

    if (left->day != right->day) return left->day < right->day ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

/* Of two events of a file on one day neither comes first; a file that extends another
 * may take back what that one says. */
static bool is_set_again(const change *self, int32_t id)
{
    const event *before = self->last[id].by, *now = self->event;

    return before != NULL && before->day == now->day && before->layer == now->layer;
}

static void refuse_again(const change *self, int32_t id, const allostat_node *node)
{
    const setting *before = &self->last[id];
    const char *path = allostat_param_table[id].path;
    char day[ALLOSTAT_DATE_TEXT_SIZE];

    if (before->by == self->event) {
        allostat_report_add(self->report, node->key->place, "the event sets '%s' twice",
                            path);
        return;
    }
    allostat_day_format(self->event->day, day);
    allostat_report_add(self->report, node->key->place,
                        "'%s' is already set on %s, in line %d; keep one of the two",
                        path, day, before->place.line);
}

static void change_one(change *self, int32_t id, const allostat_node *node)
{
    const allostat_param_info *info = &allostat_param_table[id];
    allostat_labels_given given = 0;

    if (info->change == ALLOSTAT_FIXED) {
        allostat_report_add(
            self->report, node->key->place,
            "'%s' is fixed for a run: no event can change it; set it outside events",
            info->path);
    } else if (is_set_again(self, id)) {
        refuse_again(self, id, node);
    } else {
        (void)allostat_value_bind(&self->loader->binder, id, node, self->params, NULL,
                                  &given);
    }
    self->last[id] = (setting){self->event, node->key->place};
}

static void change_group(change *self, const allostat_node *group)
{
    for (const allostat_node *at = group->first; at != NULL; at = at->next) {
        if (at->key->kind != ALLOSTAT_NODE_word) continue;
        const int32_t id = allostat_bind_param(self->report, group->key->text,
                                               at->key->text, at->key->place);
        if (id >= 0) change_one(self, id, at);
    }
}

static void apply(allostat_loader *loader, const event *one, allostat_params *params,
                  setting *last)
{
    change self = {loader, loader->binder.report, one, params, last};

    for (const allostat_node *at = one->set->first; at != NULL; at = at->next) {
        const char *key = at->key->text;
        if (at->key->kind != ALLOSTAT_NODE_word) continue;
        if (strchr(key, '.') == NULL && at->kind == ALLOSTAT_NODE_map) {
            change_group(&self, at);
            continue;
        }
        const int32_t id = allostat_bind_path(self.report, key, at->key->place);
        if (id >= 0) change_one(&self, id, at);
    }
}

/* Has a layer after that of the event set this date of the run? */
static bool run_moved(const allostat_loader *loader, int32_t id, const event *one)
{
    const allostat_assignment *last = loader->of[id].last;
    return last != NULL && last->layer->order > one->layer->order;
}

/* Reports an event outside the run, unless the run was moved. */
static bool is_in_run(const allostat_loader *loader, const event *one)
{
    const allostat_day start = loader->params->run_start, end = loader->params->run_end;
    const bool early = one->day<start, late = one->day> end;
    const int32_t limit = early ? ALLOSTAT_PARAM_run_start : ALLOSTAT_PARAM_run_end;
    char from[ALLOSTAT_DATE_TEXT_SIZE], to[ALLOSTAT_DATE_TEXT_SIZE];

    if (loader->run_unknown) return false;
    if ((early || late) && !run_moved(loader, limit, one)) {
        allostat_day_format(start, from);
        allostat_day_format(end, to);
        allostat_report_add(
            loader->binder.report, allostat_node_find(one->node, "date")->place,
            "the event is outside the run, which is from %s to %s", from, to);
    }
    return !late;
}

/* The epoch that an event changes: the last one, or a new one behind it. NULL out of
 * memory. */
static allostat_params *epoch_for(allostat_loader *loader, allostat_scenario *scenario,
                                  const event *one)
{
    allostat_pool *keep = loader->binder.keep;
    const int32_t last = scenario->epoch_count - 1;
    const char **why = &scenario->store->why[last];

    if (one->day > scenario->epochs[last].first_day) {
        const size_t count = (size_t)scenario->epoch_count + 1;
        allostat_epoch *epochs = realloc(scenario->epochs, count * sizeof *epochs);
        keep->failed = keep->failed || epochs == NULL;
        if (epochs == NULL) return NULL;
        epochs[last + 1] = epochs[last];
        epochs[last + 1].first_day = one->day;
        scenario->epochs = epochs;
        scenario->epoch_count++;
        loader->params = &epochs[0].params;
        why = &scenario->store->why[last + 1];
    }
    const char *join =
        *why == NULL || (*why)[0] == '\0' || one->why[0] == '\0' ? "" : "; ";
    *why =
        allostat_pool_format(keep, "%s%s%s", *why != NULL ? *why : "", join, one->why);
    return &scenario->epochs[scenario->epoch_count - 1].params;
}

static void apply_all(allostat_loader *loader, allostat_scenario *scenario,
                      const event *events, int32_t count)
{
    allostat_params *unused = malloc(sizeof *unused); /* of events that never happen */
    setting *last = allostat_pool_alloc(loader->binder.report->pool,
                                        ALLOSTAT_PARAM_COUNT, sizeof *last);

    loader->binder.keep->failed =
        loader->binder.keep->failed || unused == NULL || last == NULL;
    for (int32_t i = 0; i < count && !loader->binder.keep->failed; i++) {
        *unused = scenario->epochs[0].params;
        allostat_params *params = is_in_run(loader, &events[i])
                                      ? epoch_for(loader, scenario, &events[i])
                                      : unused;
        if (params != NULL) apply(loader, &events[i], params, last);
    }
    free(unused);
}

void allostat_events_apply(allostat_loader *loader, allostat_scenario *scenario)
{
    event *events = allostat_pool_alloc(loader->binder.report->pool,
                                        ALLOSTAT_EVENTS_MAX + 1, sizeof *events);

    scenario->store->why = allostat_pool_alloc(
        loader->binder.keep, ALLOSTAT_EVENTS_MAX + 1, sizeof(const char *));
    if (events == NULL || scenario->store->why == NULL) return;
    const int32_t count = read_events(loader, events);
    qsort(events, (size_t)count, sizeof events[0], compare_events);
    apply_all(loader, scenario, events, count);
}
