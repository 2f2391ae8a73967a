/* One parameter: from the YAML value to the member of the parameter record, and back to
 * a scalar comparison. */
#ifndef ALLOSTAT_PARAMS_VALUE_H
#define ALLOSTAT_PARAMS_VALUE_H

#include "params/scenario.h"
#include "params/table.h"

/* Which labels of a vector have been given, bit i for label i. */
typedef uint32_t allostat_labels_given;

/* Bind `node`, which may be {value: …, source: …}, to a parameter and note its origin
 * when `origin` is not NULL. A map for a vector changes the labels that it names and
 * adds them to *given. False when a mistake was reported or memory is out; the
 * parameter is then of no use. */
bool allostat_value_bind(allostat_binder *binder, int32_t id, const allostat_node *node,
                         allostat_params *params, allostat_origin *origin,
                         allostat_labels_given *given);

/* Set a parameter to its default; false when memory is out. */
bool allostat_value_default(allostat_pool *keep, int32_t id, allostat_params *params);

/* Does a parameter have the same bits in both? Series and schedules are compared by
 * what they hold. */
bool allostat_value_equal(int32_t id, const allostat_params *a,
                          const allostat_params *b);

/* The member of a record that holds a parameter. */
const void *allostat_value_member(const allostat_params *params, int32_t id);

#endif
