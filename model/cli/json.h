/* Values of JSON, as all commands write them.
 *
 * Jansson's setters fail when they are handed NULL, and the whole then fails to appear:
 * only the last step needs a look. */
#ifndef ALLOSTAT_CLI_JSON_H
#define ALLOSTAT_CLI_JSON_H

#include "base/calendar.h"

#include <jansson.h>

static inline void allostat_json_set(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

/* null when it is no finite number. */
json_t *allostat_json_number(double value);

/* null when it is no UTF-8. */
json_t *allostat_json_text(const char *value);

/* "2016-01". */
json_t *allostat_json_month(allostat_month value);

#endif
