#include "params/word.h"

#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HINTED_MAX = 200, LISTED_MAX = 24 };

static bool refuse(const allostat_node *node, allostat_report *report, const char *what,
                   const char *wanted)
{
    if (node->kind != ALLOSTAT_NODE_refused) {
        allostat_report_add(report, node->place, "%s must be %s, not %s", what, wanted,
                            allostat_node_show(node, report));
    }
    return false;
}

static size_t digits(const char *text) { return strspn(text, "0123456789"); }

/* [+-] digits [. digits] [e [+-] digits]: no hexadecimal, no infinity, no underscore.
 */
static bool is_decimal(const char *text)
{
    text += *text == '+' || *text == '-';
    const size_t whole = digits(text);
    text += whole;
    size_t part = 0;
    if (*text == '.') {
        part = digits(text + 1);
        text += part + 1;
    }
    if (whole + part == 0) return false;
    if (*text == 'e' || *text == 'E') {
        text += 1 + (text[1] == '+' || text[1] == '-');
        if (digits(text) == 0) return false;
        text += digits(text);
    }
    return *text == '\0';
}

/* A space and the unit; "" for a pure number. */
static const char *unit_text(allostat_report *report, const char *unit)
{
    if (unit[0] == '\0' || strcmp(unit, "1") == 0) return "";
    const char *text = allostat_pool_format(report->pool, " %s", unit);
    return text != NULL ? text : "";
}

bool allostat_word_number(const allostat_node *node, const char *what,
                          const allostat_param_info *info, allostat_report *report,
                          double *value)
{
    const bool is_word = node->kind == ALLOSTAT_NODE_word;
    if (is_word && !node->is_plain && is_decimal(node->text)) {
        return refuse(node, report, what, "a number without quotes");
    }
    if (!is_word || !is_decimal(node->text)) {
        return refuse(node, report, what, "a plain decimal number such as 0.5 or 2e-3");
    }
    const double number = strtod(node->text, NULL);
    if (!isfinite(number)) return refuse(node, report, what, "a finite number");
    if (number < info->low || number > info->high) {
        char low[ALLOSTAT_DOUBLE_TEXT_SIZE], high[ALLOSTAT_DOUBLE_TEXT_SIZE];
        const char *unit = unit_text(report, info->unit);
        allostat_double_format(info->low, low);
        allostat_double_format(info->high, high);
        allostat_report_add(report, node->place,
                            "%s is %s%s, outside its range from %s to %s%s", what,
                            node->text, unit, low, high, unit);
        return false;
    }
    *value = number;
    return true;
}

bool allostat_word_whole(const allostat_node *node, const char *what,
                         allostat_whole_range range, allostat_report *report,
                         int64_t *value)
{
    const char *text = node->text;
    const size_t sign = text[0] == '+' || text[0] == '-' ? 1 : 0;
    const size_t count = digits(text + sign);

    if (node->kind != ALLOSTAT_NODE_word || !node->is_plain || count == 0 ||
        text[sign + count] != '\0') {
        return refuse(node, report, what, "a whole number such as 12");
    }
    errno = 0;
    const long long number = strtoll(text, NULL, 10);
    if (errno != 0 || number < range.low || number > range.high) {
        const char *unit = unit_text(report, range.unit);
        allostat_report_add(
            report, node->place, "%s is %s%s, outside its range from %lld to %lld%s",
            what, text, unit, (long long)range.low, (long long)range.high, unit);
        return false;
    }
    *value = number;
    return true;
}

bool allostat_word_day(const allostat_node *node, const char *what,
                       allostat_report *report, allostat_day *day)
{
    if (node->kind != ALLOSTAT_NODE_word || !allostat_day_parse(node->text, day)) {
        return refuse(
            node, report, what,
            "a real date such as 2016-04-14 (or 2016-04, or 2016, for its first day)");
    }
    return true;
}

bool allostat_word_switch(const allostat_node *node, const char *what,
                          allostat_report *report, bool *value)
{
    static const char *const words[] = {"off", "on", "false", "true"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (node->kind == ALLOSTAT_NODE_word && node->is_plain &&
            strcmp(node->text, words[i]) == 0) {
            *value = i % 2 == 1;
            return true;
        }
    }
    return refuse(node, report, what, "on or off");
}

bool allostat_word_text(const allostat_node *node, const char *what,
                        allostat_report *report, char text[ALLOSTAT_TEXT_SIZE])
{
    const size_t length = strlen(node->text);

    if (node->kind != ALLOSTAT_NODE_word) return refuse(node, report, what, "a text");
    if (node->is_plain && length == 0)
        return refuse(node, report, what, "a text (\"\" for none)");
    if (length >= ALLOSTAT_TEXT_SIZE) {
        allostat_report_add(report, node->place,
                            "%s has %zu bytes; at most %d are allowed", what, length,
                            ALLOSTAT_TEXT_SIZE - 1);
        return false;
    }
    memset(text, 0, ALLOSTAT_TEXT_SIZE);
    memcpy(text, node->text, length);
    return true;
}

int32_t allostat_param_find(const char *group, const char *name)
{
    for (int32_t i = 0; i < ALLOSTAT_PARAM_COUNT; i++) {
        const allostat_param_info *info = &allostat_param_table[i];
        if (strcmp(info->name, name) == 0 && strcmp(info->group, group) == 0) return i;
    }
    return -1;
}

/* "; known names: a, b, …" */
static const char *list_names(allostat_report *report, const char *const *names,
                              int32_t count)
{
    const char *text = "; known names: ";

    for (int32_t i = 0; i < count && i < LISTED_MAX && text != NULL; i++) {
        text = allostat_pool_format(report->pool, "%s%s%s", text, i > 0 ? ", " : "",
                                    names[i]);
    }
    if (text == NULL || count == 0) return "";
    if (count <= LISTED_MAX) return text;
    text = allostat_pool_format(report->pool, "%s, ...", text);
    return text != NULL ? text : "";
}

const char *allostat_names_hint(allostat_report *report, const char *wrong,
                                const char *const *names, int32_t count)
{
    size_t nearest = strlen(wrong) / 3 + 2; /* further away it is another word */
    const char *name = NULL;

    if (report->count > HINTED_MAX)
        return ""; /* it will not be shown, so save the time */
    for (int32_t i = 0; i < count; i++) {
        const size_t distance = allostat_text_distance(wrong, names[i]);
        if (distance < nearest) {
            nearest = distance;
            name = names[i];
        }
    }
    if (name == NULL) return list_names(report, names, count);
    const char *text = allostat_pool_format(report->pool, "; did you mean '%s'?", name);
    return text != NULL ? text : "";
}
