/* From a word of a configuration to a number, a date, a switch, a text. Each function
 * reports why a word will not do, naming the parameter or the part of it with `what`,
 * and returns false. */
#ifndef ALLOSTAT_PARAMS_WORD_H
#define ALLOSTAT_PARAMS_WORD_H

#include "params/document.h"
#include "params/params.h"

/* A finite decimal inside the range of the parameter. */
bool allostat_word_number(const allostat_node *node, const char *what,
                          const allostat_param_info *info, allostat_report *report,
                          double *value);

typedef struct {
    int64_t low, high;
    const char *unit;
} allostat_whole_range;

/* A whole number inside a range. */
bool allostat_word_whole(const allostat_node *node, const char *what,
                         allostat_whole_range range, allostat_report *report,
                         int64_t *value);

/* YYYY-MM-DD, or YYYY-MM and YYYY for their first day. */
bool allostat_word_day(const allostat_node *node, const char *what,
                       allostat_report *report, allostat_day *day);

/* on, off, true or false. */
bool allostat_word_switch(const allostat_node *node, const char *what,
                          allostat_report *report, bool *value);

/* At most ALLOSTAT_TEXT_SIZE - 1 bytes; `text` is filled with zeros behind them. */
bool allostat_word_text(const allostat_node *node, const char *what,
                        allostat_report *report, char text[ALLOSTAT_TEXT_SIZE]);

/* The parameter `group.name`; -1 when there is none. */
int32_t allostat_param_find(const char *group, const char *name);

/* "; did you mean 'x'?" for the known name nearest to a wrong one, or a list of all
 * names; "" when there is nothing to say. For messages. */
const char *allostat_names_hint(allostat_report *report, const char *wrong,
                                const char *const *names, int32_t count);

#endif
