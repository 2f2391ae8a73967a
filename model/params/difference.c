#include "params/difference.h"

#include "base/text.h"
#include "params/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_SIZE = 2 * ALLOSTAT_PATH_SIZE, NAME_SIZE = 2 * ALLOSTAT_TEXT_SIZE };

static bool is_name(int32_t id)
{
    return id == ALLOSTAT_PARAM_run_name || id == ALLOSTAT_PARAM_run_description;
}

/* How many values are compared one by one: those of a vector, else the whole. */
static int32_t element_count(const allostat_scenario *scenario, int32_t id)
{
    const allostat_param_info *info = &allostat_param_table[id];

    if (info->kind != ALLOSTAT_KIND_vector) return 1;
    return allostat_axis_count(&scenario->epochs[0].params, info->axis);
}

static bool same(int32_t id, int32_t element, const allostat_params *a,
                 const allostat_params *b)
{
    if (allostat_param_table[id].kind != ALLOSTAT_KIND_vector)
        return allostat_value_equal(id, a, b);
    const double *x = allostat_value_member(a, id), *y = allostat_value_member(b, id);
    return memcmp(&x[element], &y[element], sizeof *x) == 0;
}

/* ---- the days on which something may change
 * ------------------------------------------------------ */

typedef struct {
    int32_t count;
    allostat_day *day; /* rising, each once */
} day_list;

static int compare_days(const void *left, const void *right)
{
    const allostat_day a = *(const allostat_day *)left;
    const allostat_day b = *(const allostat_day *)right;

    return (a > b) - (a < b);
}

/* First days of all epochs of `count` scenarios. */
static allostat_status day_list_init(day_list *self,
                                     const allostat_scenario *const *scenario,
                                     int32_t count, allostat_error *error)
{
    size_t total = 0;
    int32_t kept = 0;

    for (int32_t i = 0; i < count; i++) total += (size_t)scenario[i]->epoch_count;
    self->day = calloc(total, sizeof *self->day);
    if (self->day == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "%zu dates", total);
    for (int32_t i = 0; i < count; i++) {
        for (int32_t e = 0; e < scenario[i]->epoch_count; e++)
            self->day[self->count++] = scenario[i]->epochs[e].first_day;
    }
    qsort(self->day, total, sizeof *self->day, compare_days);
    for (int32_t i = 0; i < self->count; i++) {
        if (kept == 0 || self->day[i] != self->day[kept - 1])
            self->day[kept++] = self->day[i];
    }
    self->count = kept;
    return ALLOSTAT_OK;
}

/* ---- words
 * -------------------------------------------------------------------------------------------
 */

static void number_words(char text[ALLOSTAT_VALUE_WORDS_SIZE], double value)
{
    char exact[ALLOSTAT_DOUBLE_TEXT_SIZE];

    allostat_double_format(value, exact);
    snprintf(text, ALLOSTAT_VALUE_WORDS_SIZE, "%s", exact);
}

static void series_words(char text[ALLOSTAT_VALUE_WORDS_SIZE],
                         const allostat_series *series)
{
    if (series->count == 1) {
        number_words(text, series->value[0]);
        return;
    }
    double low = series->value[0], high = series->value[0];
    for (int32_t i = 1; i < series->count; i++) {
        low = series->value[i] < low ? series->value[i] : low;
        high = series->value[i] > high ? series->value[i] : high;
    }
    snprintf(text, ALLOSTAT_VALUE_WORDS_SIZE, "%" PRId32 " dates, %g to %g",
             series->count, low, high);
}

static void labels_words(char text[ALLOSTAT_VALUE_WORDS_SIZE],
                         const allostat_labels *labels)
{
    size_t length = 0;

    text[0] = '\0';
    for (int32_t i = 0; i < labels->count && length < ALLOSTAT_VALUE_WORDS_SIZE; i++) {
        const int added = snprintf(text + length, ALLOSTAT_VALUE_WORDS_SIZE - length,
                                   "%s%s", i > 0 ? ", " : "", labels->label[i]);
        length += added > 0 ? (size_t)added : 0;
    }
}

static void value_words(char text[ALLOSTAT_VALUE_WORDS_SIZE], int32_t id,
                        int32_t element, const allostat_params *params)
{
    const void *member = allostat_value_member(params, id);
    const allostat_schedule *schedule = member;
    const double *number = member;

    switch (allostat_param_table[id].kind) {
    case ALLOSTAT_KIND_number:
        number_words(text, *number);
        break;
    case ALLOSTAT_KIND_vector:
        number_words(text, number[element]);
        break;
    case ALLOSTAT_KIND_count:
        snprintf(text, ALLOSTAT_VALUE_WORDS_SIZE, "%" PRId64, *(const int64_t *)member);
        break;
    case ALLOSTAT_KIND_switch:
        snprintf(text, ALLOSTAT_VALUE_WORDS_SIZE, *(const bool *)member ? "on" : "off");
        break;
    case ALLOSTAT_KIND_date:
        allostat_day_format(*(const allostat_day *)member, text);
        break;
    case ALLOSTAT_KIND_text:
        snprintf(text, ALLOSTAT_VALUE_WORDS_SIZE, "%.*s", ALLOSTAT_VALUE_WORDS_SIZE - 1,
                 (const char *)member);
        break;
    case ALLOSTAT_KIND_labels:
        labels_words(text, member);
        break;
    case ALLOSTAT_KIND_series:
        series_words(text, member);
        break;
    case ALLOSTAT_KIND_schedule:
        snprintf(text, ALLOSTAT_VALUE_WORDS_SIZE, "%" PRId32 " rows by sex and age",
                 schedule->count);
        break;
    }
}

void allostat_difference_name(char *text, size_t size, const allostat_difference *item,
                              const allostat_scenario *scenario)
{
    const allostat_param_info *info = &allostat_param_table[item->id];

    if (item->element < 0) {
        snprintf(text, size, "%s", info->path);
    } else {
        snprintf(text, size, "%s of %s", info->path,
                 allostat_axis_label(&scenario->epochs[0].params, info->axis,
                                     item->element));
    }
}

/* "file:line", "--set" or "default". */
static void place_words(char *text, size_t size, const allostat_origin *origin)
{
    if (origin->file[0] == '\0') {
        snprintf(text, size, "default");
    } else if (origin->line > 0) {
        snprintf(text, size, "%s:%d", origin->file, origin->line);
    } else {
        snprintf(text, size, "%s", origin->file);
    }
}

void allostat_difference_origin(char *text, size_t size,
                                const allostat_difference *item,
                                const allostat_scenario *policy)
{
    if (item->is_dated) {
        const int32_t epoch = allostat_scenario_epoch(policy, item->day);
        snprintf(text, size, "event: %s", allostat_scenario_why(policy, epoch));
    } else {
        place_words(text, size, &policy->origins[item->id]);
    }
}

/* ---- the list
 * -------------------------------------------------------------------------------------
 */

/* A zeroed place for one more; NULL without memory. */
static allostat_difference *add(allostat_differences *list)
{
    enum { FIRST = 16 };

    if (list->count == list->capacity) {
        const int32_t capacity = list->capacity > 0 ? 2 * list->capacity : FIRST;
        allostat_difference *item =
            realloc(list->item, (size_t)capacity * sizeof *item);
        if (item == NULL) return NULL;
        list->item = item;
        list->capacity = capacity;
    }
    return memset(&list->item[list->count++], 0, sizeof *list->item);
}

typedef struct {
    const allostat_scenario *base, *policy;
    const day_list *days;
} pair;

/* One value over all days: a row whenever the two values differ and one of them is not
 * what it was. False without memory. */
static bool list_value(const pair *both, int32_t id, int32_t element,
                       allostat_differences *list)
{
    const allostat_params *base_before = NULL, *policy_before = NULL;

    for (int32_t d = 0; d < both->days->count; d++) {
        const allostat_day day = both->days->day[d];
        const allostat_params *base = allostat_scenario_params(both->base, day);
        const allostat_params *policy = allostat_scenario_params(both->policy, day);
        const bool is_new = d == 0 || !same(id, element, base, base_before) ||
                            !same(id, element, policy, policy_before);

        base_before = base;
        policy_before = policy;
        if (!is_new || same(id, element, base, policy)) continue;
        allostat_difference *item = add(list);
        if (item == NULL) return false;
        item->id = id;
        item->element =
            allostat_param_table[id].kind == ALLOSTAT_KIND_vector ? element : -1;
        item->day = day;
        item->is_dated = !same(id, element, policy, &both->policy->epochs[0].params);
        value_words(item->base, id, element, base);
        value_words(item->policy, id, element, policy);
    }
    return true;
}

allostat_status allostat_differences_init(allostat_differences *list,
                                          const allostat_scenario *base,
                                          const allostat_scenario *policy,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    day_list days = {0};
    const allostat_scenario *const scenarios[] = {base, policy};
    const pair both = {base, policy, &days};

    *list = (allostat_differences){0};
    ALLOSTAT_TRY(day_list_init(&days, scenarios, 2, error));
    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        for (int32_t e = 0; e < element_count(base, id) && !is_name(id); e++) {
            if (list_value(&both, id, e, list)) continue;
            status = ALLOSTAT_FAIL(error, NO_MEMORY, "the list of differences");
            goto cleanup;
        }
    }
cleanup:
    free(days.day);
    return status;
}

void allostat_differences_free(allostat_differences *list)
{
    free(list->item);
    *list = (allostat_differences){0};
}

/* ---- overlays
 * -------------------------------------------------------------------------------------
 */

typedef struct {
    const allostat_scenario *base, *together;
    const allostat_overlay *overlay;
    int32_t overlay_count;
    allostat_text *out;
    int32_t found;
    allostat_error *error;
} overlays;

/* Does overlay i change a value that is another with all of them together? */
static bool is_lost(const overlays *self, int32_t i, const allostat_difference *at)
{
    const int32_t e = at->element;
    const allostat_params *base = allostat_scenario_params(self->base, at->day);
    const allostat_params *alone =
        allostat_scenario_params(self->overlay[i].scenario, at->day);
    const allostat_params *all = allostat_scenario_params(self->together, at->day);

    return !same(at->id, e, alone, base) && !same(at->id, e, alone, all);
}

/* The overlay that has had the last word on a value: the last that is what all are
 * together, else the last of all. */
static int32_t find_last_word(const overlays *self, int32_t loser,
                              const allostat_difference *at)
{
    const allostat_params *all = allostat_scenario_params(self->together, at->day);

    for (int32_t i = self->overlay_count - 1; i >= 0; i--) {
        const allostat_params *alone =
            allostat_scenario_params(self->overlay[i].scenario, at->day);
        if (i != loser && same(at->id, at->element, alone, all)) return i;
    }
    return loser == self->overlay_count - 1 ? loser - 1 : self->overlay_count - 1;
}

/* Value and place of an overlay's value: "0.5 (a.yaml:7)". */
static void overlay_words(const overlays *self, int32_t i,
                          const allostat_difference *at, char value[],
                          char place[PLACE_SIZE])
{
    const allostat_scenario *scenario = self->overlay[i].scenario;
    const allostat_params *alone = allostat_scenario_params(scenario, at->day);

    value_words(value, at->id, at->element, alone);
    if (same(at->id, at->element, alone, &scenario->epochs[0].params)) {
        place_words(place, PLACE_SIZE, &scenario->origins[at->id]);
    } else {
        snprintf(place, PLACE_SIZE, "an event of %s", self->overlay[i].path);
    }
}

static allostat_status report_conflict(overlays *self, int32_t loser,
                                       const allostat_difference *at)
{
    char name[NAME_SIZE], date[ALLOSTAT_DATE_TEXT_SIZE];
    char lost[ALLOSTAT_VALUE_WORDS_SIZE], kept[ALLOSTAT_VALUE_WORDS_SIZE];
    char lost_place[PLACE_SIZE], kept_place[PLACE_SIZE];
    const int32_t winner = find_last_word(self, loser, at);
    allostat_difference named = *at;

    if (allostat_param_table[at->id].kind != ALLOSTAT_KIND_vector) named.element = -1;
    allostat_difference_name(name, sizeof name, &named, self->base);
    allostat_day_format(at->day, date);
    overlay_words(self, loser, at, lost, lost_place);
    overlay_words(self, winner, at, kept, kept_place);
    self->found++;
    return allostat_text_append(
        self->out, self->error,
        "%s: error: '%s' is set to %s here and to %s by %s (from %s on); together one "
        "of them would be lost\n",
        lost_place, name, lost, kept, kept_place, date);
}

/* The first day on which one overlay loses this value, if any. */
static allostat_status check_value(overlays *self, const day_list *days, int32_t id,
                                   int32_t element)
{
    for (int32_t d = 0; d < days->count; d++) {
        const allostat_difference at = {
            .id = id, .element = element, .day = days->day[d]};
        for (int32_t i = 0; i < self->overlay_count; i++) {
            if (is_lost(self, i, &at)) return report_conflict(self, i, &at);
        }
    }
    return ALLOSTAT_OK;
}

static allostat_status check_all(overlays *self, const day_list *days)
{
    allostat_status status = ALLOSTAT_OK;

    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        for (int32_t e = 0; e < element_count(self->base, id) && !is_name(id); e++)
            ALLOSTAT_TRY(check_value(self, days, id, e));
    }
cleanup:
    return status;
}

/* The days of all scenarios that take part; the caller frees days->day. */
static allostat_status collect_days(const overlays *self, day_list *days)
{
    const size_t count = (size_t)self->overlay_count + 2;
    const allostat_scenario **all = calloc(count, sizeof(const allostat_scenario *));
    allostat_status status = ALLOSTAT_OK;

    if (all == NULL) return ALLOSTAT_FAIL(self->error, NO_MEMORY, "overlays");
    all[0] = self->base;
    all[1] = self->together;
    for (size_t i = 2; i < count; i++) all[i] = self->overlay[i - 2].scenario;
    status = day_list_init(days, all, (int32_t)count, self->error);
    free(all);
    return status;
}

allostat_status
allostat_overlays_check(const allostat_scenario *base, const allostat_overlay *overlay,
                        int32_t overlay_count, const allostat_scenario *together,
                        allostat_mistakes *mistakes, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_text out = {0};
    day_list days = {0};
    overlays self = {base, together, overlay, overlay_count, &out, 0, error};

    *mistakes = (allostat_mistakes){0};
    ALLOSTAT_TRY(collect_days(&self, &days));
    ALLOSTAT_TRY(check_all(&self, &days));
    if (self.found == 0) goto cleanup;
    mistakes->count = self.found;
    mistakes->text = allostat_text_steal(&out);
    status = ALLOSTAT_FAIL(error, CONFIGURATION,
                           "%d parameters are set to different values by two parts",
                           (int)self.found);
cleanup:
    allostat_text_free(&out);
    free(days.day);
    return status;
}
