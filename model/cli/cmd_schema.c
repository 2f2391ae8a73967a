/* JSON Schema (draft 2020-12) of the configuration files. Each parameter is one
 * definition, used in its group and, when an event may change it, in events. */
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] = "usage: allostat schema\n"
                           "\n"
                           "Print the JSON Schema of configuration files, so that an "
                           "editor completes and checks them.\n"
                           "\n"
                           "  --help  show this\n"
                           "\n"
                           "example: allostat schema >allostat.schema.json\n"
                           "and as the first line of a configuration:\n"
                           "  # yaml-language-server: $schema=allostat.schema.json\n";

#define DATE_PATTERN "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"

/* Takes over `value`; out of memory shows in *good. */
static void put(bool *good, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) *good = false;
}

static json_t *number_schema(const allostat_param_info *info)
{
    return json_pack("{s:s,s:f,s:f}", "type", "number", "minimum", info->low, "maximum",
                     info->high);
}

static json_t *count_schema(const allostat_param_info *info)
{
    return json_pack("{s:s,s:I,s:I}", "type", "integer", "minimum",
                     (json_int_t)info->low, "maximum", (json_int_t)info->high);
}

static json_t *csv_schema(void)
{
    return json_pack("{s:s,s:{s:{s:s,s:s}},s:[s],s:b}", "type", "object", "properties",
                     "csv", "type", "string", "description",
                     "path of a CSV file, from the folder of this file", "required",
                     "csv", "additionalProperties", 0);
}

static json_t *vector_schema(const allostat_param_info *info)
{
    if (info->axis == ALLOSTAT_AXIS_area) {
        return json_pack("{s:[o,{s:s,s:o}]}", "anyOf", number_schema(info), "type",
                         "object", "additionalProperties", number_schema(info));
    }
    const allostat_params *no_areas =
        NULL; /* the other axes have labels of their own */
    json_t *parts = json_object();
    bool good = true;

    for (int32_t i = 0; i < allostat_axis_count(no_areas, info->axis); i++) {
        put(&good, parts, allostat_axis_label(no_areas, info->axis, i),
            number_schema(info));
    }
    if (!good) {
        json_decref(parts);
        return NULL;
    }
    return json_pack("{s:[o,{s:s,s:o,s:b}]}", "anyOf", number_schema(info), "type",
                     "object", "properties", parts, "additionalProperties", 0);
}

static json_t *series_schema(const allostat_param_info *info)
{
    return json_pack("{s:[o,o,{s:s,s:{s:o},s:b}]}", "anyOf", number_schema(info),
                     csv_schema(), "type", "object", "patternProperties", DATE_PATTERN,
                     number_schema(info), "additionalProperties", 0);
}

static json_t *schedule_schema(const allostat_param_info *info)
{
    json_t *row = json_pack("{s:s,s:[{s:[s,s]},o,o,o],s:i,s:i}", "type", "array",
                            "prefixItems", "enum", "female", "male",
                            json_pack("{s:s,s:i,s:i}", "type", "integer", "minimum", 0,
                                      "maximum", ALLOSTAT_AGE_COUNT - 1),
                            json_pack("{s:s,s:i,s:i}", "type", "integer", "minimum", 0,
                                      "maximum", ALLOSTAT_AGE_COUNT - 1),
                            number_schema(info), "minItems", 4, "maxItems", 4);

    return json_pack("{s:[o,o,{s:s,s:o,s:i}]}", "anyOf", number_schema(info),
                     csv_schema(), "type", "array", "items", row, "minItems", 1);
}

static json_t *date_schema(void)
{
    return json_pack("{s:[{s:s,s:s},{s:s,s:i,s:i}]}", "anyOf", "type", "string",
                     "pattern", DATE_PATTERN, "type", "integer", "minimum", 1,
                     "maximum", 9999);
}

static json_t *labels_schema(void)
{
    return json_pack("{s:s,s:{s:s,s:i,s:i},s:i,s:i,s:b}", "type", "array", "items",
                     "type", "string", "minLength", 1, "maxLength",
                     ALLOSTAT_TEXT_SIZE - 1, "minItems", 1, "maxItems",
                     ALLOSTAT_AREAS_MAX, "uniqueItems", 1);
}

static json_t *value_schema(const allostat_param_info *info)
{
    switch (info->kind) {
    case ALLOSTAT_KIND_number:
        return number_schema(info);
    case ALLOSTAT_KIND_count:
        return count_schema(info);
    case ALLOSTAT_KIND_switch:
        return json_pack("{s:[b,b,s,s]}", "enum", 1, 0, "on", "off");
    case ALLOSTAT_KIND_date:
        return date_schema();
    case ALLOSTAT_KIND_text:
        return json_pack("{s:s,s:i}", "type", "string", "maxLength",
                         ALLOSTAT_TEXT_SIZE - 1);
    case ALLOSTAT_KIND_labels:
        return labels_schema();
    case ALLOSTAT_KIND_vector:
        return vector_schema(info);
    case ALLOSTAT_KIND_series:
        return series_schema(info);
    case ALLOSTAT_KIND_schedule:
        return schedule_schema(info);
    }
    return NULL;
}

static json_t *description(const allostat_param_info *info)
{
    const bool has_unit = info->unit[0] != '\0' && strcmp(info->unit, "1") != 0;

    return json_sprintf(
        "%s%s%s%s\nDefault: %s\nEvidence: %s%s%s%s", info->about, has_unit ? " [" : "",
        has_unit ? info->unit : "", has_unit ? "]" : "", info->default_text,
        allostat_evidence_name(info->evidence), info->source[0] != '\0' ? ", " : "",
        info->source,
        info->change == ALLOSTAT_DATED ? "\nAn event may change it." : "");
}

/* A value alone, or {value: …, source: …}. */
static json_t *param_schema(const allostat_param_info *info)
{
    json_t *sourced = json_pack(
        "{s:s,s:{s:o,s:{s:s,s:s}},s:[s],s:b}", "type", "object", "properties", "value",
        value_schema(info), "source", "type", "string", "description",
        "where the value is from", "required", "value", "additionalProperties", 0);

    return json_pack("{s:o,s:[o,o]}", "description", description(info), "anyOf",
                     value_schema(info), sourced);
}

static json_t *reference(const allostat_param_info *info)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", info->path));
}

/* The group's own object within `groups`, made when it is not there yet. */
static json_t *group_members(bool *good, json_t *groups, const char *group)
{
    json_t *object = json_object_get(groups, group);

    if (object == NULL) {
        put(good, groups, group,
            json_pack("{s:s,s:b,s:{}}", "type", "object", "additionalProperties", 0,
                      "properties"));
        object = json_object_get(groups, group);
    }
    return json_object_get(object, "properties");
}

static json_t *events_schema(bool *good)
{
    json_t *set = json_object();

    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (info->change != ALLOSTAT_DATED) continue;
        put(good, set, info->path, reference(info));
        put(good, group_members(good, set, info->group), info->name, reference(info));
    }
    return json_pack(
        "{s:s,s:s,s:{s:s,s:[s,s],s:b,s:{s:o,s:{s:s,s:s},s:{s:s,s:b,s:o}}}}",
        "description", "dated changes; those of extended files come first", "type",
        "array", "items", "type", "object", "required", "date", "set",
        "additionalProperties", 0, "properties", "date", date_schema(), "why", "type",
        "string", "description", "the reason of the change", "set", "type", "object",
        "additionalProperties", 0, "properties", set);
}

static json_t *extends_schema(void)
{
    return json_pack(
        "{s:s,s:[{s:s},{s:s,s:{s:s}}]}", "description",
        "configurations that this one builds on, as paths from the folder of this file",
        "anyOf", "type", "string", "type", "array", "items", "type", "string");
}

/* NULL when memory is out. */
static json_t *make_schema(void)
{
    bool good = true;
    json_t *properties = json_object(), *definitions = json_object();

    put(&good, properties, "extends", extends_schema());
    for (int i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        put(&good, definitions, info->path, param_schema(info));
        put(&good, group_members(&good, properties, info->group), info->name,
            reference(info));
    }
    put(&good, properties, "events", events_schema(&good));
    json_t *schema =
        json_pack("{s:s,s:s,s:s,s:b,s:o,s:o}", "$schema",
                  "https://json-schema.org/draft/2020-12/schema", "title",
                  "Allostat configuration", "type", "object", "additionalProperties", 0,
                  "properties", properties, "$defs", definitions);
    if (good) return schema;
    json_decref(schema);
    return NULL;
}

static int print_schema(void)
{
    json_t *schema = make_schema();
    char *text = schema != NULL
                     ? json_dumps(schema, JSON_INDENT(2) | JSON_REAL_PRECISION(15))
                     : NULL;

    json_decref(schema);
    if (text == NULL) {
        fprintf(stderr, "allostat: error: %s\n",
                allostat_status_text(ALLOSTAT_ERROR_NO_MEMORY));
        return allostat_status_exit_code(ALLOSTAT_ERROR_NO_MEMORY);
    }
    puts(text);
    free(text);
    return allostat_cli_finish(0);
}

int allostat_cmd_schema(int argc, char **argv)
{
    static const struct option known[] = {{"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    const int result = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, NULL, NULL, NULL});

    if (result != 0) return allostat_cli_finish(result == -1 ? 0 : result);
    if (optind < argc) {
        return allostat_cli_usage_error(argv[0], "it takes no argument, not '%s'",
                                        argv[optind]);
    }
    return print_schema();
}
