#include "cli/compare_present.h"

#include "params/difference.h"
#include "study/contrast_words.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MONTH_SIZE = 16, NAME_SIZE = 2 * ALLOSTAT_TEXT_SIZE };

/* Jansson's setters fail when they are handed NULL, and the whole then fails to appear:
 * only the last step needs a look. */
static void set(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* A text that is no UTF-8 cannot stand in JSON. */
static json_t *text(const char *value)
{
    json_t *string = json_string(value);

    return string != NULL ? string : json_null();
}

static json_t *month(allostat_month value)
{
    char written[MONTH_SIZE];

    snprintf(written, sizeof written, "%04d-%02d", (int)(value / 12),
             (int)(value % 12 + 1));
    return json_string(written);
}

static json_t *estimate(const allostat_estimate *value)
{
    json_t *object = json_object();

    set(object, "mean", number(value->mean));
    set(object, "low", number(value->low));
    set(object, "high", number(value->high));
    return object;
}

static json_t *paired(const allostat_paired *value)
{
    json_t *object = json_object();

    set(object, "mean", number(value->mean));
    set(object, "low", number(value->low));
    set(object, "high", number(value->high));
    set(object, "standard_error", number(value->standard_error));
    return object;
}

static json_t *outcomes(const allostat_contrast_cell cell[ALLOSTAT_OUTCOME_COUNT])
{
    json_t *object = json_object();

    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        json_t *one = json_object();
        set(one, "unit", text(allostat_outcomes[o].unit));
        set(one, "base", estimate(&cell[o].base));
        set(one, "policy", estimate(&cell[o].policy));
        set(one, "difference", paired(&cell[o].difference));
        set(one, "relative", number(cell[o].relative));
        set(one, "pairing_gain", number(cell[o].pairing_gain));
        set(one, "replicates_needed", json_integer(cell[o].replicates_needed));
        set(object, allostat_outcomes[o].name, one);
    }
    return object;
}

static json_t *parts(const allostat_contrast *contrast)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < contrast->part_count; i++) {
        json_t *object = json_object();
        set(object, "dimension", text(contrast->part[i].dimension));
        set(object, "label", text(contrast->part[i].label));
        set(object, "outcomes", outcomes(contrast->part[i].outcome));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *averted(const allostat_contrast *contrast)
{
    json_t *list = json_array();

    for (allostat_month m = contrast->first; m <= contrast->last; m++) {
        json_t *object = paired(&contrast->averted[m - contrast->first]);
        set(object, "month", month(m));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *ledger(const allostat_contrast *contrast)
{
    json_t *object = json_object();

    for (int row = 0; row < ALLOSTAT_LEDGER_COUNT; row++) {
        set(object, allostat_ledger_rows[row].name,
            estimate(
                allostat_ledger_estimate(&contrast->ledger, (allostat_ledger_row)row)));
    }
    return object;
}

static json_t *value(const allostat_contrast *contrast)
{
    const allostat_value_contrast *found = &contrast->value;
    json_t *object = json_object();
    char sentence[ALLOSTAT_SENTENCE_SIZE];

    allostat_value_sentence(sentence, sizeof sentence, contrast);
    set(object, "sentence", text(sentence));
    set(object, "price_year", json_integer(found->price_year));
    set(object, "qalys", estimate(&found->qalys));
    set(object, "cost_payer", estimate(&found->cost_payer));
    set(object, "cost_society", estimate(&found->cost_society));
    set(object, "verdict_payer", text(found->verdict));
    set(object, "verdict_society", text(found->verdict_society));
    set(object, "icer_payer", number(found->icer_payer));
    set(object, "icer_society", number(found->icer_society));
    set(object, "willingness_to_pay", number(found->willingness_to_pay));
    set(object, "net_benefit_payer", estimate(&found->net_payer));
    set(object, "net_benefit_society", estimate(&found->net_society));
    return object;
}

static json_t *changes(const allostat_contrast *contrast)
{
    json_t *list = json_array();
    allostat_differences found;
    char name[NAME_SIZE], origin[2 * ALLOSTAT_PATH_SIZE], day[ALLOSTAT_DATE_TEXT_SIZE];

    if (allostat_differences_init(&found, contrast->base->scenario,
                                  contrast->policy->scenario, NULL) != ALLOSTAT_OK) {
        allostat_differences_free(&found);
        json_decref(list);
        return NULL;
    }
    for (int32_t i = 0; i < found.count; i++) {
        const allostat_difference *item = &found.item[i];
        json_t *object = json_object();
        allostat_difference_name(name, sizeof name, item, contrast->base->scenario);
        allostat_difference_origin(origin, sizeof origin, item,
                                   contrast->policy->scenario);
        allostat_day_format(item->day, day);
        set(object, "parameter", text(name));
        set(object, "base", text(item->base));
        set(object, "policy", text(item->policy));
        set(object, "from", text(day));
        set(object, "origin", text(origin));
        json_array_append_new(list, object);
    }
    allostat_differences_free(&found);
    return list;
}

static json_t *side(const allostat_comparison_runs *runs, int32_t i)
{
    json_t *object = json_object();

    set(object, "name", text(allostat_compare_name(runs, i)));
    set(object, "path", text(runs->side[i].path));
    set(object, "version", text(runs->side[i].version));
    if (runs->side[i].digest[0] != '\0')
        set(object, "sha256", text(runs->side[i].digest));
    return object;
}

static json_t *policy(const allostat_compare_shown *shown, int32_t i)
{
    const allostat_contrast *contrast = &shown->runs->contrast[i];
    json_t *object = side(shown->runs, i);
    char sentence[ALLOSTAT_SENTENCE_SIZE];
    double half_width = 0.0;
    const int32_t needed = allostat_compare_replicates(shown, contrast, &half_width);

    allostat_contrast_sentence(sentence, sizeof sentence, contrast);
    set(object, "sentence", text(sentence));
    set(object, "first_month", month(contrast->first));
    set(object, "last_month", month(contrast->last));
    set(object, "replicates", json_integer(contrast->replicate_count));
    set(object, "outcomes", outcomes(contrast->whole));
    set(object, "parts", parts(contrast));
    set(object, "deaths_averted_by_month", averted(contrast));
    set(object, "ledger", ledger(contrast));
    set(object, "value", value(contrast));
    set(object, "changes", changes(contrast));
    set(object, "half_width_wanted", number(half_width));
    set(object, "replicates_needed", json_integer(needed));
    return object;
}

static json_t *combination(const allostat_comparison_runs *runs)
{
    const allostat_combination *all = &runs->combination;
    json_t *object = json_object();

    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        const allostat_combined *combined = &all->outcome[o];
        json_t *one = json_object(), *list = json_array();
        for (int32_t p = 0; p < all->part_count; p++) {
            json_t *part = json_object();
            set(part, "name", text(allostat_compare_name(runs, 1 << p)));
            set(part, "alone", paired(&combined->alone[p]));
            set(part, "share", paired(&combined->share[p]));
            json_array_append_new(list, part);
        }
        set(one, "parts", list);
        set(one, "together", paired(&combined->together));
        set(one, "interaction", paired(&combined->interaction));
        set(object, allostat_outcomes[o].name, one);
    }
    return object;
}

allostat_status allostat_compare_json(const allostat_compare_shown *shown,
                                      allostat_error *error)
{
    const allostat_comparison_runs *runs = shown->runs;
    const allostat_params *params = &runs->side[0].scenario.epochs[0].params;
    json_t *object = json_object(), *list = json_array();

    for (int32_t i = 1; i < runs->side_count; i++)
        json_array_append_new(list, policy(shown, i));
    set(object, "base", side(runs, 0));
    set(object, "seed", json_integer(params->run_seed));
    set(object, "scale", number(params->population_scale));
    set(object, "policies", list);
    if (runs->wanted.combine) set(object, "combination", combination(runs));
    char *written = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (written == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "the comparison as JSON");
    puts(written);
    free(written);
    return ALLOSTAT_OK;
}
