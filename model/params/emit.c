/* A scenario as YAML that reads back to the same bits. */
#include "base/text.h"
#include "params/events.h"
#include "params/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    allostat_text *out;
    allostat_error *error;
    const allostat_params *params;
    const char *indent; /* of the lines below a parameter */
} writer;

static allostat_status put(const writer *self, const char *text)
{
    return allostat_text_append_bytes(self->out, text, strlen(text), self->error);
}

static allostat_status put_character(const writer *self, int32_t character,
                                     const char *bytes, size_t count)
{
    if (character == '"' || character == '\\') {
        return allostat_text_append(self->out, self->error, "\\%c", (char)character);
    }
    if (!allostat_utf8_is_control(character)) {
        return allostat_text_append_bytes(self->out, bytes, count, self->error);
    }
    return allostat_text_append(self->out, self->error,
                                character < 0x100 ? "\\x%02X" : "\\u%04X",
                                (unsigned)character);
}

/* Always in double quotes: no text can then be taken for a number, a date or a comment.
 */
static allostat_status put_quoted(const writer *self, const char *text)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t length = strlen(text);

    ALLOSTAT_TRY(put(self, "\""));
    for (size_t at = 0; at < length;) {
        const size_t from = at;
        const int32_t character = allostat_utf8_next(text, length, &at);
        ALLOSTAT_TRY(put_character(self, character, text + from, at - from));
    }
    ALLOSTAT_TRY(put(self, "\""));
cleanup:
    return status;
}

/* Readers of YAML 1.1 take 1e-06 for a text and 1.0e-06 for a number. */
static allostat_status put_number(const writer *self, double value)
{
    char text[ALLOSTAT_DOUBLE_TEXT_SIZE];

    allostat_double_format(value, text);
    const int mantissa = (int)strcspn(text, "e");
    const bool needs_point = text[mantissa] == 'e' && strchr(text, '.') == NULL;
    return allostat_text_append(self->out, self->error, "%.*s%s%s", mantissa, text,
                                needs_point ? ".0" : "", text + mantissa);
}

static allostat_status put_day(const writer *self, allostat_day day)
{
    char text[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(day, text);
    return put(self, text);
}

static allostat_status put_labels(const writer *self, const allostat_labels *labels)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(put(self, "["));
    for (int32_t i = 0; i < labels->count; i++) {
        ALLOSTAT_TRY(put(self, i > 0 ? ", " : ""));
        ALLOSTAT_TRY(put_quoted(self, labels->label[i]));
    }
    ALLOSTAT_TRY(put(self, "]"));
cleanup:
    return status;
}

static allostat_status put_vector(const writer *self, const allostat_param_info *info,
                                  const double *value)
{
    allostat_status status = ALLOSTAT_OK;

    for (int32_t i = 0; i < allostat_axis_count(self->params, info->axis); i++) {
        ALLOSTAT_TRY(put(self, self->indent));
        ALLOSTAT_TRY(
            put_quoted(self, allostat_axis_label(self->params, info->axis, i)));
        ALLOSTAT_TRY(put(self, ": "));
        ALLOSTAT_TRY(put_number(self, value[i]));
    }
cleanup:
    return status;
}

static bool is_constant(const allostat_series *series)
{
    return series->count == 1 && series->day[0] == ALLOSTAT_SERIES_CONSTANT_DAY;
}

static allostat_status put_series(const writer *self, const allostat_series *series)
{
    allostat_status status = ALLOSTAT_OK;

    if (is_constant(series)) return put_number(self, series->value[0]);
    for (int32_t i = 0; i < series->count; i++) {
        ALLOSTAT_TRY(put(self, self->indent));
        ALLOSTAT_TRY(put_day(self, series->day[i]));
        ALLOSTAT_TRY(put(self, ": "));
        ALLOSTAT_TRY(put_number(self, series->value[i]));
    }
cleanup:
    return status;
}

static allostat_status put_schedule(const writer *self,
                                    const allostat_schedule *schedule)
{
    allostat_status status = ALLOSTAT_OK;

    for (int32_t i = 0; i < schedule->count; i++) {
        const allostat_schedule_row *row = &schedule->row[i];
        ALLOSTAT_TRY(put(self, self->indent));
        ALLOSTAT_TRY(allostat_text_append(
            self->out, self->error, "- [%s, %" PRId32 ", %" PRId32 ", ",
            row->sex == ALLOSTAT_SEX_female ? "female" : "male", row->age_from,
            row->age_to));
        ALLOSTAT_TRY(put_number(self, row->value));
        ALLOSTAT_TRY(put(self, "]"));
    }
cleanup:
    return status;
}

static allostat_status put_value(const writer *self, int32_t id)
{
    const allostat_param_info *info = &allostat_param_table[id];
    const void *member = allostat_value_member(self->params, id);

    switch (info->kind) {
    case ALLOSTAT_KIND_number:
        return put_number(self, *(const double *)member);
    case ALLOSTAT_KIND_count:
        return allostat_text_append(self->out, self->error, "%" PRId64,
                                    *(const int64_t *)member);
    case ALLOSTAT_KIND_switch:
        return put(self, *(const bool *)member ? "on" : "off");
    case ALLOSTAT_KIND_date:
        return put_day(self, *(const allostat_day *)member);
    case ALLOSTAT_KIND_text:
        return put_quoted(self, member);
    case ALLOSTAT_KIND_labels:
        return put_labels(self, member);
    case ALLOSTAT_KIND_vector:
        return put_vector(self, info, member);
    case ALLOSTAT_KIND_series:
        return put_series(self, member);
    case ALLOSTAT_KIND_schedule:
        return put_schedule(self, member);
    }
    return ALLOSTAT_OK;
}

/* Between a name and its value: what follows on lines of its own brings its line break
 * along. */
static const char *colon(const writer *self, int32_t id)
{
    const allostat_param_info *info = &allostat_param_table[id];
    const allostat_series *series = allostat_value_member(self->params, id);
    const bool is_block = info->kind == ALLOSTAT_KIND_vector ||
                          info->kind == ALLOSTAT_KIND_schedule ||
                          (info->kind == ALLOSTAT_KIND_series && !is_constant(series));

    return is_block ? ":" : ": ";
}

/* "  name: value", or with its source as a map of value and source. */
static allostat_status put_param(const writer *self, int32_t id, const char *source)
{
    allostat_status status = ALLOSTAT_OK;
    writer inner = *self;

    inner.indent = source[0] != '\0' ? "\n      " : "\n    ";
    ALLOSTAT_TRY(put(self, "  "));
    ALLOSTAT_TRY(put(self, allostat_param_table[id].name));
    if (source[0] != '\0') {
        ALLOSTAT_TRY(put(self, ":\n    source: "));
        ALLOSTAT_TRY(put_quoted(self, source));
        ALLOSTAT_TRY(put(self, "\n    value"));
    }
    ALLOSTAT_TRY(put(self, colon(self, id)));
    ALLOSTAT_TRY(put_value(&inner, id));
    ALLOSTAT_TRY(put(self, "\n"));
cleanup:
    return status;
}

/* Rows of a group need not stand together in the table: each group is written at its
 * first row. */
static allostat_status put_group(const writer *self, int32_t first,
                                 const allostat_origin *origins)
{
    allostat_status status = ALLOSTAT_OK;
    const char *group = allostat_param_table[first].group;

    for (int32_t i = 0; i < first; i++) {
        if (strcmp(allostat_param_table[i].group, group) == 0) return ALLOSTAT_OK;
    }
    ALLOSTAT_TRY(allostat_text_append(self->out, self->error, "%s:\n", group));
    for (int32_t i = first; i < ALLOSTAT_PARAM_COUNT; i++) {
        if (strcmp(allostat_param_table[i].group, group) != 0) continue;
        ALLOSTAT_TRY(put_param(self, i, origins[i].source));
    }
cleanup:
    return status;
}

/* What an epoch changes against the one before it. */
static allostat_status put_changes(const writer *self, const allostat_params *before)
{
    allostat_status status = ALLOSTAT_OK;
    bool changed = false;

    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        if (allostat_value_equal(id, before, self->params)) continue;
        ALLOSTAT_TRY(allostat_text_append(self->out, self->error, "\n      %s%s",
                                          allostat_param_table[id].path,
                                          colon(self, id)));
        ALLOSTAT_TRY(put_value(self, id));
        changed = true;
    }
    ALLOSTAT_TRY(put(self, changed ? "\n" : " {}\n"));
cleanup:
    return status;
}

static allostat_status put_event(const writer *self, const allostat_scenario *scenario,
                                 int32_t i)
{
    allostat_status status = ALLOSTAT_OK;
    const char *const *why = scenario->store->why;
    writer inner = *self;

    inner.params = &scenario->epochs[i].params;
    inner.indent = "\n        ";
    ALLOSTAT_TRY(put(self, "  - date: "));
    ALLOSTAT_TRY(put_day(self, scenario->epochs[i].first_day));
    if (why != NULL && why[i] != NULL && why[i][0] != '\0') {
        ALLOSTAT_TRY(put(self, "\n    why: "));
        ALLOSTAT_TRY(put_quoted(self, why[i]));
    }
    ALLOSTAT_TRY(put(self, "\n    set:"));
    ALLOSTAT_TRY(put_changes(&inner, &scenario->epochs[i - 1].params));
cleanup:
    return status;
}

allostat_status allostat_scenario_to_yaml(const allostat_scenario *scenario,
                                          char **text, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_text out = {0};
    const writer self = {
        .out = &out, .error = error, .params = &scenario->epochs[0].params};

    *text = NULL;
    ALLOSTAT_TRY(put(&self,
                     "# Made by allostat: a whole configuration, with every parameter, "
                     "series and event.\n"));
    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        ALLOSTAT_TRY(put_group(&self, i, scenario->origins));
    }
    if (scenario->epoch_count > 1) ALLOSTAT_TRY(put(&self, "events:\n"));
    for (int32_t i = 1; i < scenario->epoch_count; i++) {
        ALLOSTAT_TRY(put_event(&self, scenario, i));
    }
    *text = allostat_text_steal(&out);
cleanup:
    allostat_text_free(&out);
    return status;
}
